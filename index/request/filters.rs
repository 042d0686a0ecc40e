//! The conditions of a request besides its query, and their meaning without an index.
//!
//! The index answers the same conditions faster. [`Filters::leave`] filters lists of reports, and
//! is the standard against which the index is tested.

use super::choices::{
    Choice, Choices, ValueError, choice, leave_judgements, leave_sections, named, unknown,
};
use crate::language::query::{ABSENT, GradeFilter, Query};
use crate::records::{Attribute, Kind, ReportHead, ReportRecord, Use};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt::{self, Formatter};

/// Conditions besides the query. The values of one attribute are alternatives; all attributes must
/// hold. [`Filters::ABSENT`] among the names asked of an attribute means that it has none.
///
/// In JSON every attribute that [serves](Use::Condition) as a condition is a list under its name,
/// followed by `not`, if anything is excluded, by `from`, `to` and `undated`, and by `without_denials`
/// and `new_since` if they are set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    choices: Choices,
    /// What is excluded: whatever one of these choices alone would leave. Whatever has no value of
    /// an attribute stays, unless [`Filters::ABSENT`] is among those excluded.
    pub not: Choices,
    /// First day allowed for [`ReportRecord::date`]. Years outside a range do not appear as facets
    /// either: a range is not a choice among values.
    pub from: Option<Date>,
    /// Last day allowed for [`ReportRecord::date`].
    pub to: Option<Date>,
    /// Only reports without a date.
    pub undated: bool,
    /// Without paragraphs that only deny what is looked for, in the query or by a topic: whose
    /// sentences say that it did not exist or occur; see [`Query::affirmed`]. Reports are ignored.
    pub without_denials: bool,
    /// Only what first came at this moment or after it: paragraphs where these are looked for, reports
    /// where reports are.
    pub new_since: Option<Timestamp>,
}

impl Filters {
    /// The name that asks for the absence of a value.
    pub const ABSENT: &str = ABSENT;

    /// Filters with this one condition.
    #[must_use]
    pub fn of(attribute: Attribute, choice: impl Into<Choice>) -> Self {
        Self::default().with(attribute, choice)
    }

    /// These filters with a condition added, which replaces the one on the same attribute.
    #[must_use]
    pub fn with(mut self, attribute: Attribute, choice: impl Into<Choice>) -> Self {
        self.set(attribute, choice);
        self
    }

    /// These filters without whatever has one of these values, which replace those that were
    /// excluded of the same attribute.
    #[must_use]
    pub fn without(mut self, attribute: Attribute, choice: impl Into<Choice>) -> Self {
        self.not.set(attribute, choice);
        self
    }

    /// Sets the condition on an attribute and replaces any other; an empty choice removes it.
    pub fn set(&mut self, attribute: Attribute, choice: impl Into<Choice>) {
        self.choices.set(attribute, choice);
    }

    /// Adds an alternative, written as in a query, to the condition on an attribute.
    ///
    /// # Errors
    /// If the attribute cannot have that value.
    pub fn add(&mut self, attribute: Attribute, written: &str) -> Result<(), ValueError> {
        self.choices.add(attribute, written)
    }

    /// Removes the condition on an attribute; what is excluded stays so.
    pub fn clear(&mut self, attribute: Attribute) {
        self.choices.clear(attribute);
    }

    /// The condition on an attribute, if there is one.
    #[must_use]
    pub fn choice(&self, attribute: Attribute) -> Option<&Choice> {
        self.choices.of(attribute)
    }

    /// The names asked of an attribute; empty for grades and for the kind.
    #[must_use]
    pub fn values(&self, attribute: Attribute) -> &[String] {
        self.choices.values(attribute)
    }

    /// The conditions on a grade attribute; empty for all others.
    #[must_use]
    pub fn grades(&self, attribute: Attribute) -> &[GradeFilter] {
        self.choices.grades(attribute)
    }

    /// The kinds of paragraph asked for.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        self.choices.kinds()
    }

    /// The condition on an attribute, each alternative as written in a query.
    #[must_use]
    pub fn written(&self, attribute: Attribute) -> Vec<String> {
        self.choices.written(attribute)
    }

    /// The alternatives of the condition on an attribute, each as written in a query, without those
    /// that are excluded as well.
    #[must_use]
    pub fn left(&self, attribute: Attribute) -> Vec<String> {
        let excluded = self.not.written(attribute);
        let mut left = self.written(attribute);
        left.retain(|written| !excluded.contains(written));
        left
    }

    /// Whether one printing of a grade is asked for or excluded, so that the two printings of it
    /// are not the same.
    #[must_use]
    pub fn tell_printings(&self, attribute: Attribute) -> bool {
        let is_printing = |grade: &GradeFilter| matches!(grade, GradeFilter::Exactly(_));
        self.grades(attribute).iter().chain(self.not.grades(attribute)).any(is_printing)
    }

    /// The attributes with a condition, in the order in which they are explained.
    pub fn conditions(&self) -> impl Iterator<Item = (Attribute, &Choice)> {
        self.choices.iter()
    }

    /// The tree by which paragraphs are looked for.
    #[must_use]
    pub fn looked_for<'q>(&self, query: &'q Query) -> Cow<'q, Query> {
        match self.without_denials {
            true => Cow::Owned(query.affirmed()),
            false => Cow::Borrowed(query),
        }
    }

    /// Whether there is no condition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a report passes the filters. Grade and theme must be those of one of its judgements,
    /// a section one of its headings; kinds of paragraph, topics and what recommendations say are
    /// ignored. A report is excluded if it would pass the choice alone: if any of its judgements has
    /// the grade, whatever its theme.
    #[must_use]
    pub fn leave(&self, report: &ReportRecord) -> bool {
        let (head, date) = (ReportHead::from(report), report.date());
        self.conditions()
            .filter(|(attribute, _)| attribute.is_of_reports())
            .all(|(attribute, choice)| choice.means(attribute, attribute.value(None, &head)))
            && (self.from.is_none() || date >= self.from)
            && (self.to.is_none() || date.is_some_and(|date| Some(date) <= self.to))
            && !(self.undated && date.is_some())
            && self.new_since.is_none_or(|since| report.first_indexed >= Some(since))
            && leave_judgements(
                self.grades(Attribute::Grade),
                self.values(Attribute::Theme),
                &report.judgements,
            )
            && leave_sections(self.values(Attribute::Section), report)
            && !self.not.iter().any(|(attribute, choice)| choice.is_of(attribute, report, &head))
    }
}

/// The names of the conditions that are not a choice of an attribute, as in JSON.
const NOT: &str = "not";
const FROM: &str = "from";
const TO: &str = "to";
const UNDATED: &str = "undated";
const WITHOUT_DENIALS: &str = "without_denials";
const NEW_SINCE: &str = "new_since";

impl Serialize for Filters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let conditions = Attribute::of(Use::Condition);
        let set = [!self.not.is_empty(), self.without_denials, self.new_since.is_some()];
        let others = 3 + set.into_iter().filter(|is_set| *is_set).count();
        let all = conditions.clone().count() + others;
        let mut fields = serializer.serialize_struct("Filters", all)?;
        for attribute in conditions {
            match self.choice(attribute) {
                Some(choice) => fields.serialize_field(attribute.name(), choice)?,
                None => fields.serialize_field(attribute.name(), &Choice::none(attribute))?,
            }
        }
        if self.not.is_empty() {
            fields.skip_field(NOT)?;
        } else {
            fields.serialize_field(NOT, &self.not)?;
        }
        fields.serialize_field(FROM, &self.from)?;
        fields.serialize_field(TO, &self.to)?;
        fields.serialize_field(UNDATED, &self.undated)?;
        if self.without_denials {
            fields.serialize_field(WITHOUT_DENIALS, &true)?;
        } else {
            fields.skip_field(WITHOUT_DENIALS)?;
        }
        match self.new_since {
            Some(since) => fields.serialize_field(NEW_SINCE, &since)?,
            None => fields.skip_field(NEW_SINCE)?,
        }
        fields.end()
    }
}

/// The schema: conditions on attributes are fields by their names.
#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Filters {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::ToSchema;
        use utoipa::openapi::Ref;
        use utoipa::openapi::schema::{
            ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
        };
        let values = |attribute: Attribute| match attribute.is_grade() {
            true => ArrayBuilder::new().items(Ref::from_schema_name(GradeFilter::name())),
            false => ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)),
        };
        let choices = || {
            let conditions = Attribute::of(Use::Condition);
            conditions.fold(ObjectBuilder::new(), |choices, attribute| {
                choices.property(attribute.name(), values(attribute))
            })
        };
        let day = || {
            ObjectBuilder::new()
                .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
        };
        let flag = || ObjectBuilder::new().schema_type(Type::Boolean);
        let moment = || {
            let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
            ObjectBuilder::new().schema_type(Type::String).format(Some(format))
        };
        choices()
            .description(Some("Conditions, with every name as the records have it."))
            .property(NOT, choices())
            .property(FROM, day())
            .property(TO, day())
            .property(UNDATED, flag())
            .property(WITHOUT_DENIALS, flag())
            .property(NEW_SINCE, moment())
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Filters {
    fn schemas(
        schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
    ) {
        use utoipa::PartialSchema;
        schemas.push((GradeFilter::name().into_owned(), GradeFilter::schema()));
    }
}

impl<'de> Deserialize<'de> for Filters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

/// Reads the fields of [`Filters`]: each may be missing, none may be unknown.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Filters;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("struct Filters")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Filters, A::Error> {
        let mut filters = Filters::default();
        let mut met = Vec::new();
        while let Some(field) = map.next_key::<String>()? {
            if met.contains(&field) {
                return Err(A::Error::custom(format!("duplicate field `{field}`")));
            }
            match (named(&field), field.as_str()) {
                (Some(attribute), _) => {
                    filters.set(attribute, choice(attribute, &mut map)?);
                }
                (None, NOT) => filters.not = map.next_value()?,
                (None, FROM) => filters.from = map.next_value()?,
                (None, TO) => filters.to = map.next_value()?,
                (None, UNDATED) => filters.undated = map.next_value()?,
                (None, WITHOUT_DENIALS) => filters.without_denials = map.next_value()?,
                (None, NEW_SINCE) => filters.new_since = map.next_value()?,
                (None, _) => {
                    let others = [NOT, FROM, TO, UNDATED, WITHOUT_DENIALS, NEW_SINCE];
                    return Err(unknown(&field, &others));
                }
            }
            met.push(field);
        }
        Ok(filters)
    }
}

#[cfg(test)]
mod tests {
    use super::Filters;
    use crate::language::query::GradeFilter;
    use crate::records::{Attribute, Kind};
    use jiff::civil::date;

    #[test]
    fn json_has_every_condition_in_order_and_reads_as_itself() {
        let mut filters = Filters::of(Attribute::Kind, vec![Kind::Finding])
            .with(Attribute::Grade, vec![GradeFilter::Ranks { best: 3, worst: 4 }])
            .with(Attribute::Authority, ["Elmet", Filters::ABSENT]);
        filters.from = Some(date(2016, 5, 1));
        let json = serde_json::to_string(&filters).unwrap();
        insta::assert_snapshot!(json, @r#"{"grade":[{"ranks":{"best":3,"worst":4}}],"overall":[],"theme":[],"topic":[],"section":[],"authority":["Elmet","none"],"region":[],"framework":[],"visit":[],"kind":["finding"],"timescale":[],"addressee":[],"report":[],"year":[],"from":"2016-05-01","to":null,"undated":false}"#);
        assert_eq!(serde_json::from_str::<Filters>(&json).unwrap(), filters);
        assert_eq!(serde_json::from_str::<Filters>("{}").unwrap(), Filters::default());
    }

    #[test]
    fn json_says_since_when_only_if_that_is_asked_for() {
        let since = Some("2025-03-03T10:00:00.25Z".parse().unwrap());
        let filters = Filters { new_since: since, ..Filters::default() };
        let json = serde_json::to_string(&filters).unwrap();
        assert!(
            json.ends_with(r#""undated":false,"new_since":"2025-03-03T10:00:00.25Z"}"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Filters>(&json).unwrap(), filters);
    }

    #[test]
    fn json_has_what_is_excluded_only_if_anything_is() {
        let filters = Filters::of(Attribute::Region, ["North"])
            .without(Attribute::Grade, vec![GradeFilter::None])
            .without(Attribute::Kind, vec![Kind::Table])
            .without(Attribute::Authority, ["Elmet", "Rheged"])
            .without(Attribute::Year, ["2016..2018"]);
        let json = serde_json::to_string(&filters).unwrap();
        assert!(json.contains(
            r#","report":[],"year":[],"not":{"grade":["none"],"authority":["Elmet","Rheged"],"kind":["table"],"year":["2016..2018"]},"from":null,"#
        ));
        assert_eq!(serde_json::from_str::<Filters>(&json).unwrap(), filters);
        let empty = r#"{"not": {"authority": []}}"#;
        assert_eq!(serde_json::from_str::<Filters>(empty).unwrap(), Filters::default());
        let fault = |json: &str| serde_json::from_str::<Filters>(json).unwrap_err().to_string();
        assert!(fault(r#"{"not": {"grad": []}}"#).starts_with("unknown field `grad`, expected"));
        assert!(fault(r#"{"not": {"date": ["2019"]}}"#).starts_with("unknown field `date`"));
        let twice = fault(r#"{"not": {"theme": [], "theme": []}}"#);
        assert!(twice.starts_with("duplicate field `theme`"), "{twice}");
        let wrong = fault(r#"{"not": {"visit": ["focussed"]}}"#);
        assert!(wrong.starts_with("`focussed` is not a value of `visit`"), "{wrong}");
    }

    #[test]
    fn json_of_an_unknown_condition_or_of_one_twice_is_refused() {
        let fault = |json: &str| serde_json::from_str::<Filters>(json).unwrap_err().to_string();
        insta::assert_snapshot!(fault(r#"{"grad": []}"#), @"unknown field `grad`, expected one of `grade`, `overall`, `theme`, `topic`, `section`, `authority`, `region`, `framework`, `visit`, `kind`, `timescale`, `addressee`, `report`, `year`, `not`, `from`, `to`, `undated`, `without_denials`, `new_since` at line 1 column 7");
        insta::assert_snapshot!(fault(r#"{"date": ["2019"]}"#), @"unknown field `date`, expected one of `grade`, `overall`, `theme`, `topic`, `section`, `authority`, `region`, `framework`, `visit`, `kind`, `timescale`, `addressee`, `report`, `year`, `not`, `from`, `to`, `undated`, `without_denials`, `new_since` at line 1 column 7");
        insta::assert_snapshot!(fault(r#"{"theme": ["a"], "theme": []}"#), @"duplicate field `theme` at line 1 column 24");
        insta::assert_snapshot!(fault(r#"{"visit": ["focussed"]}"#), @"`focussed` is not a value of `visit` at line 1 column 23");
        insta::assert_snapshot!(fault(r#"{"year": ["2019-05"]}"#), @"`2019-05` is not a value of `year` at line 1 column 21");
        insta::assert_snapshot!(fault(r#"{"kind": ["Finding"]}"#), @"unknown variant `Finding`, expected one of `finding`, `summary`, `bullet`, `recommendation`, `context`, `table`, `caption`, `boilerplate`, `footnote` at line 1 column 19");
    }

    #[test]
    fn alternative_is_added_as_it_is_written() {
        let mut filters = Filters::default();
        filters.add(Attribute::Overall, ">=3").unwrap();
        filters.add(Attribute::Overall, "none").unwrap();
        filters.add(Attribute::Kind, "Finding").unwrap();
        filters.add(Attribute::Region, "London").unwrap();
        let ranks = GradeFilter::Ranks { best: 3, worst: u8::MAX };
        assert_eq!(filters.grades(Attribute::Overall), [ranks, GradeFilter::None]);
        assert_eq!(filters.kinds(), [Kind::Finding]);
        assert_eq!(filters.values(Attribute::Region), ["London"]);
        filters.add(Attribute::Year, "2016..2018").unwrap();
        assert_eq!(filters.values(Attribute::Year), ["2016..2018"]);
        assert!(filters.add(Attribute::Year, "none").is_err());
        let before = filters.clone();
        let refused = filters.add(Attribute::Kind, "fnding").unwrap_err().to_string();
        assert_eq!(refused, "`fnding` is not a value of `kind`");
        assert_eq!(filters, before);
    }

    #[test]
    fn condition_without_alternatives_is_none() {
        let filters = Filters::of(Attribute::Theme, ["leadership"])
            .with(Attribute::Theme, Vec::<String>::new());
        assert!(filters.is_empty());
        assert_eq!(filters.values(Attribute::Theme), [""; 0]);
    }
}
