//! The conditions of a request besides its query, and their meaning without an index.
//!
//! The index answers the same conditions faster. [`Filters::leave`] filters lists of reports, and
//! is the standard against which the index is tested.

use crate::language::query::{ABSENT, GradeFilter, HeadingWords, any_name, is_meant, may_be};
use crate::records::{Attribute, Judgement, Kind, ReportHead, ReportRecord, Use, Value};
use jiff::civil::Date;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::{self, Formatter};

/// Conditions besides the query. The values of one attribute are alternatives; all attributes must
/// hold. [`Filters::ABSENT`] among the names asked of an attribute means that it has none.
///
/// In JSON every attribute that [serves](Use::Condition) as a condition is a list under its name,
/// followed by `from`, `to` and `undated`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    /// Never contains an empty choice, so that equal conditions compare equal.
    choices: BTreeMap<Attribute, Choice>,
    /// First day allowed for [`ReportRecord::date`]. Years outside a range do not appear as facets
    /// either: a range is not a choice among values.
    pub from: Option<Date>,
    /// Last day allowed for [`ReportRecord::date`].
    pub to: Option<Date>,
    /// Only reports without a date.
    pub undated: bool,
}

/// The condition on one attribute: a list of alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Choice {
    /// Conditions on a grade, for attributes that are grades.
    Grades(Vec<GradeFilter>),
    /// Kinds of paragraph, for [`Attribute::Kind`].
    Kinds(Vec<Kind>),
    /// Names as in the records, or [`Filters::ABSENT`]; for sections, words that must all be in one
    /// heading.
    Names(Vec<String>),
}

impl Choice {
    /// The empty choice of an attribute.
    fn none(attribute: Attribute) -> Self {
        match attribute {
            attribute if attribute.is_grade() => Self::Grades(Vec::new()),
            Attribute::Kind => Self::Kinds(Vec::new()),
            _ => Self::Names(Vec::new()),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Grades(grades) => grades.is_empty(),
            Self::Kinds(kinds) => kinds.is_empty(),
            Self::Names(names) => names.is_empty(),
        }
    }

    /// Whether a value is one of the alternatives.
    fn means(&self, attribute: Attribute, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Grades(grades), Value::Grade(grade)) => {
                grades.iter().any(|filter| filter.holds(grade))
            }
            _ => self.written().iter().any(|written| is_meant(attribute, value, written)),
        }
    }

    /// Each alternative as written in a query.
    #[must_use]
    pub fn written(&self) -> Vec<String> {
        match self {
            Self::Grades(grades) => grades.iter().map(ToString::to_string).collect(),
            Self::Kinds(kinds) => kinds.iter().map(|kind| kind.name().to_owned()).collect(),
            Self::Names(names) => names.clone(),
        }
    }
}

/// A value that an attribute cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` is not a value of `{}`", attribute.name())]
pub struct ValueError {
    /// The attribute.
    pub attribute: Attribute,
    /// The value, as written.
    pub written: String,
}

impl From<Vec<GradeFilter>> for Choice {
    fn from(grades: Vec<GradeFilter>) -> Self {
        Self::Grades(grades)
    }
}

impl From<Vec<Kind>> for Choice {
    fn from(kinds: Vec<Kind>) -> Self {
        Self::Kinds(kinds)
    }
}

impl From<Vec<String>> for Choice {
    fn from(names: Vec<String>) -> Self {
        Self::Names(names)
    }
}

impl<const N: usize> From<[&str; N]> for Choice {
    fn from(names: [&str; N]) -> Self {
        Self::Names(names.map(str::to_owned).to_vec())
    }
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

    /// Sets the condition on an attribute and replaces any other; an empty choice removes it.
    pub fn set(&mut self, attribute: Attribute, choice: impl Into<Choice>) {
        let choice = choice.into();
        debug_assert!(attribute.serves(Use::Condition), "{attribute:?} is no condition");
        debug_assert_eq!(
            std::mem::discriminant(&choice),
            std::mem::discriminant(&Choice::none(attribute)),
            "{choice:?} is asked of {attribute:?}"
        );
        if choice.is_empty() {
            self.clear(attribute);
        } else {
            self.choices.insert(attribute, choice);
        }
    }

    /// Adds an alternative, written as in a query, to the condition on an attribute.
    ///
    /// # Errors
    /// If the attribute cannot have that value.
    pub fn add(&mut self, attribute: Attribute, written: &str) -> Result<(), ValueError> {
        let alternative: Choice = match Choice::none(attribute) {
            Choice::Grades(_) => {
                written.parse::<GradeFilter>().ok().map(|grade| vec![grade].into())
            }
            Choice::Kinds(_) => Kind::named(written).map(|kind| vec![kind].into()),
            Choice::Names(_) if !may_be(attribute, written) => None,
            Choice::Names(_) => Some(vec![written.to_owned()].into()),
        }
        .ok_or_else(|| ValueError { attribute, written: written.to_owned() })?;
        match (self.choices.get_mut(&attribute), alternative) {
            (Some(Choice::Grades(all)), Choice::Grades(more)) => all.extend(more),
            (Some(Choice::Kinds(all)), Choice::Kinds(more)) => all.extend(more),
            (Some(Choice::Names(all)), Choice::Names(more)) => all.extend(more),
            (_, alternative) => self.set(attribute, alternative),
        }
        Ok(())
    }

    /// Removes the condition on an attribute.
    pub fn clear(&mut self, attribute: Attribute) {
        self.choices.remove(&attribute);
    }

    /// The condition on an attribute, if there is one.
    #[must_use]
    pub fn choice(&self, attribute: Attribute) -> Option<&Choice> {
        self.choices.get(&attribute)
    }

    /// The names asked of an attribute; empty for grades and for the kind.
    #[must_use]
    pub fn values(&self, attribute: Attribute) -> &[String] {
        match self.choice(attribute) {
            Some(Choice::Names(names)) => names,
            _ => &[],
        }
    }

    /// The conditions on a grade attribute; empty for all others.
    #[must_use]
    pub fn grades(&self, attribute: Attribute) -> &[GradeFilter] {
        match self.choice(attribute) {
            Some(Choice::Grades(grades)) => grades,
            _ => &[],
        }
    }

    /// The kinds of paragraph asked for.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        match self.choice(Attribute::Kind) {
            Some(Choice::Kinds(kinds)) => kinds,
            _ => &[],
        }
    }

    /// The condition on an attribute, each alternative as written in a query.
    #[must_use]
    pub fn written(&self, attribute: Attribute) -> Vec<String> {
        self.choice(attribute).map(Choice::written).unwrap_or_default()
    }

    /// The attributes with a condition, in the order in which they are explained.
    pub fn conditions(&self) -> impl Iterator<Item = (Attribute, &Choice)> {
        self.choices.iter().map(|(attribute, choice)| (*attribute, choice))
    }

    /// Whether there is no condition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a report passes the filters. Grade and theme must be those of one of its judgements,
    /// a section one of its headings; kinds of paragraph and topics are ignored.
    #[must_use]
    pub fn leave(&self, report: &ReportRecord) -> bool {
        let (head, date) = (ReportHead::from(report), report.date());
        self.conditions()
            .filter(|(attribute, _)| attribute.is_of_reports())
            .all(|(attribute, choice)| choice.means(attribute, attribute.value(None, &head)))
            && (self.from.is_none() || date >= self.from)
            && (self.to.is_none() || date.is_some_and(|date| Some(date) <= self.to))
            && !(self.undated && date.is_some())
            && self.leave_judgements(&report.judgements)
            && self.leave_sections(report)
    }

    fn leave_judgements(&self, judgements: &[Judgement]) -> bool {
        let (grades, themes) = (self.grades(Attribute::Grade), self.values(Attribute::Theme));
        if grades.is_empty() && themes.is_empty() {
            return true;
        }
        if judgements.is_empty() {
            return any_name(themes, None)
                && (grades.is_empty() || grades.contains(&GradeFilter::None));
        }
        judgements.iter().any(|judgement| {
            any_name(themes, judgement.theme.as_deref())
                && (grades.is_empty()
                    || grades.iter().any(|filter| filter.holds_judgement(judgement)))
        })
    }

    fn leave_sections(&self, report: &ReportRecord) -> bool {
        let sections = self.values(Attribute::Section);
        sections.is_empty()
            || sections.iter().any(|value| {
                let wanted = HeadingWords::new(value);
                let mut headings = report.sections.iter().flat_map(|section| &section.path);
                headings.any(|heading| wanted.stand_in(heading))
            })
    }
}

/// The names of the conditions that are not on an attribute, as in JSON.
const FROM: &str = "from";
const TO: &str = "to";
const UNDATED: &str = "undated";

impl Serialize for Filters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let conditions = Attribute::of(Use::Condition);
        let mut fields = serializer.serialize_struct("Filters", conditions.clone().count() + 3)?;
        for attribute in conditions {
            match self.choice(attribute) {
                Some(choice) => fields.serialize_field(attribute.name(), choice)?,
                None => fields.serialize_field(attribute.name(), &Choice::none(attribute))?,
            }
        }
        fields.serialize_field(FROM, &self.from)?;
        fields.serialize_field(TO, &self.to)?;
        fields.serialize_field(UNDATED, &self.undated)?;
        fields.end()
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
            let attribute = Attribute::of(Use::Condition).find(|known| known.name() == field);
            match (attribute, field.as_str()) {
                (Some(attribute), _) => {
                    let choice = match Choice::none(attribute) {
                        Choice::Grades(_) => Choice::Grades(map.next_value()?),
                        Choice::Kinds(_) => Choice::Kinds(map.next_value()?),
                        Choice::Names(_) => Choice::Names(map.next_value()?),
                    };
                    let written = choice.written();
                    if let Some(other) = written.into_iter().find(|one| !may_be(attribute, one)) {
                        return Err(A::Error::custom(ValueError { attribute, written: other }));
                    }
                    filters.set(attribute, choice);
                }
                (None, FROM) => filters.from = map.next_value()?,
                (None, TO) => filters.to = map.next_value()?,
                (None, UNDATED) => filters.undated = map.next_value()?,
                (None, _) => {
                    let names = Attribute::of(Use::Condition).map(Attribute::name);
                    let known: Vec<String> =
                        names.chain([FROM, TO, UNDATED]).map(|name| format!("`{name}`")).collect();
                    return Err(A::Error::custom(format!(
                        "unknown field `{field}`, expected one of {}",
                        known.join(", ")
                    )));
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
        insta::assert_snapshot!(json, @r#"{"grade":[{"ranks":{"best":3,"worst":4}}],"overall":[],"theme":[],"topic":[],"section":[],"authority":["Elmet","none"],"region":[],"framework":[],"visit":[],"kind":["finding"],"timescale":[],"addressee":[],"report":[],"from":"2016-05-01","to":null,"undated":false}"#);
        assert_eq!(serde_json::from_str::<Filters>(&json).unwrap(), filters);
        assert_eq!(serde_json::from_str::<Filters>("{}").unwrap(), Filters::default());
    }

    #[test]
    fn json_of_an_unknown_condition_or_of_one_twice_is_refused() {
        let fault = |json: &str| serde_json::from_str::<Filters>(json).unwrap_err().to_string();
        insta::assert_snapshot!(fault(r#"{"grad": []}"#), @"unknown field `grad`, expected one of `grade`, `overall`, `theme`, `topic`, `section`, `authority`, `region`, `framework`, `visit`, `kind`, `timescale`, `addressee`, `report`, `from`, `to`, `undated` at line 1 column 7");
        insta::assert_snapshot!(fault(r#"{"year": ["2019"]}"#), @"unknown field `year`, expected one of `grade`, `overall`, `theme`, `topic`, `section`, `authority`, `region`, `framework`, `visit`, `kind`, `timescale`, `addressee`, `report`, `from`, `to`, `undated` at line 1 column 7");
        insta::assert_snapshot!(fault(r#"{"theme": ["a"], "theme": []}"#), @"duplicate field `theme` at line 1 column 24");
        insta::assert_snapshot!(fault(r#"{"visit": ["focussed"]}"#), @"`focussed` is not a value of `visit` at line 1 column 23");
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
