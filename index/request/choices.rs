//! Choices among the values of attributes, and their meaning for a report without an index.
//!
//! A choice says which values; whether they are asked for or excluded is said by whoever holds it.

use crate::language::query::{GradeFilter, HeadingWords, any_name, is_meant, may_be};
use crate::records::{Attribute, Judgement, Kind, ReportHead, ReportRecord, Use, Value};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Formatter};

/// The condition on one attribute: a list of alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Choice {
    /// Conditions on a grade, for attributes that are grades.
    Grades(Vec<GradeFilter>),
    /// Kinds of paragraph, for [`Attribute::Kind`].
    Kinds(Vec<Kind>),
    /// Names as in the records, or [`Filters::ABSENT`](super::Filters::ABSENT); for sections, words
    /// that must all be in one heading; for [`Attribute::Year`], years or ranges of them.
    Names(Vec<String>),
}

impl Choice {
    /// The empty choice of an attribute.
    pub(super) fn none(attribute: Attribute) -> Self {
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

    /// Reads one alternative, written as in a query.
    ///
    /// # Errors
    /// If the attribute cannot have that value.
    pub fn read(attribute: Attribute, written: &str) -> Result<Self, ValueError> {
        match Self::none(attribute) {
            Self::Grades(_) => written.parse::<GradeFilter>().ok().map(|grade| vec![grade].into()),
            Self::Kinds(_) => Kind::named(written).map(|kind| vec![kind].into()),
            Self::Names(_) if !may_be(attribute, written) => None,
            Self::Names(_) => Some(vec![written.to_owned()].into()),
        }
        .ok_or_else(|| ValueError { attribute, written: written.to_owned() })
    }

    /// Whether a report has one of the alternatives; `false` for what only paragraphs have.
    pub(super) fn is_of(
        &self,
        attribute: Attribute,
        report: &ReportRecord,
        head: &ReportHead,
    ) -> bool {
        match (attribute, self) {
            (Attribute::Grade, Self::Grades(grades)) => {
                leave_judgements(grades, &[], &report.judgements)
            }
            (Attribute::Theme, Self::Names(themes)) => {
                leave_judgements(&[], themes, &report.judgements)
            }
            (Attribute::Section, Self::Names(sections)) => leave_sections(sections, report),
            _ => attribute.is_of_reports() && self.means(attribute, attribute.value(None, head)),
        }
    }

    /// Whether a value is one of the alternatives.
    pub(super) fn means(&self, attribute: Attribute, value: Value<'_>) -> bool {
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

/// Choices by the attribute that they are about.
///
/// In JSON, an object of lists; attributes without a choice are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Choices {
    /// Never contains an empty choice, so that equal ones compare equal.
    by_attribute: BTreeMap<Attribute, Choice>,
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

impl Choices {
    /// Sets the choice of an attribute and replaces any other; an empty choice removes it.
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
            self.by_attribute.insert(attribute, choice);
        }
    }

    /// Adds an alternative, written as in a query, to the choice of an attribute.
    ///
    /// # Errors
    /// If the attribute cannot have that value.
    pub fn add(&mut self, attribute: Attribute, written: &str) -> Result<(), ValueError> {
        let alternative = Choice::read(attribute, written)?;
        match (self.by_attribute.get_mut(&attribute), alternative) {
            (Some(Choice::Grades(all)), Choice::Grades(more)) => all.extend(more),
            (Some(Choice::Kinds(all)), Choice::Kinds(more)) => all.extend(more),
            (Some(Choice::Names(all)), Choice::Names(more)) => all.extend(more),
            (_, alternative) => self.set(attribute, alternative),
        }
        Ok(())
    }

    /// Removes the choice of an attribute.
    pub fn clear(&mut self, attribute: Attribute) {
        self.by_attribute.remove(&attribute);
    }

    /// The choice of an attribute, if there is one.
    #[must_use]
    pub fn of(&self, attribute: Attribute) -> Option<&Choice> {
        self.by_attribute.get(&attribute)
    }

    /// The names chosen of an attribute; empty for grades and for the kind.
    #[must_use]
    pub fn values(&self, attribute: Attribute) -> &[String] {
        match self.of(attribute) {
            Some(Choice::Names(names)) => names,
            _ => &[],
        }
    }

    /// The grades chosen of an attribute; empty for all that are no grades.
    #[must_use]
    pub fn grades(&self, attribute: Attribute) -> &[GradeFilter] {
        match self.of(attribute) {
            Some(Choice::Grades(grades)) => grades,
            _ => &[],
        }
    }

    /// The kinds of paragraph chosen.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        match self.of(Attribute::Kind) {
            Some(Choice::Kinds(kinds)) => kinds,
            _ => &[],
        }
    }

    /// The choice of an attribute, each alternative as written in a query.
    #[must_use]
    pub fn written(&self, attribute: Attribute) -> Vec<String> {
        self.of(attribute).map(Choice::written).unwrap_or_default()
    }

    /// The choices, in the order in which their attributes are explained.
    pub fn iter(&self) -> impl Iterator<Item = (Attribute, &Choice)> {
        self.by_attribute.iter().map(|(attribute, choice)| (*attribute, choice))
    }

    /// Whether there is no choice at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_attribute.is_empty()
    }
}

/// Whether one of the judgements has one of the grades and one of the themes; no grades or no themes
/// mean any.
pub(super) fn leave_judgements(
    grades: &[GradeFilter],
    themes: &[String],
    judgements: &[Judgement],
) -> bool {
    if grades.is_empty() && themes.is_empty() {
        return true;
    }
    if judgements.is_empty() {
        return any_name(themes, None)
            && (grades.is_empty() || grades.contains(&GradeFilter::None));
    }
    judgements.iter().any(|judgement| {
        any_name(themes, judgement.theme.as_deref())
            && (grades.is_empty() || grades.iter().any(|filter| filter.holds_judgement(judgement)))
    })
}

/// Whether one of the headings has the words of one of the sections; no sections mean any.
pub(super) fn leave_sections(sections: &[String], report: &ReportRecord) -> bool {
    sections.is_empty()
        || sections.iter().any(|value| {
            let wanted = HeadingWords::new(value);
            let mut headings = report.sections.iter().flat_map(|section| &section.path);
            headings.any(|heading| wanted.stand_in(heading))
        })
}

impl<'de> Deserialize<'de> for Choices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByName)
    }
}

/// Reads choices by the names of their attributes: each may be missing, none may be unknown.
struct ByName;

impl<'de> Visitor<'de> for ByName {
    type Value = Choices;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("values by attribute")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Choices, A::Error> {
        let mut choices = Choices::default();
        let mut met = Vec::new();
        while let Some(field) = map.next_key::<String>()? {
            let Some(attribute) = named(&field) else { return Err(unknown(&field, &[])) };
            if met.contains(&attribute) {
                return Err(A::Error::custom(format!("duplicate field `{field}`")));
            }
            choices.set(attribute, choice(attribute, &mut map)?);
            met.push(attribute);
        }
        Ok(choices)
    }
}

/// The attribute with that name in JSON, if it can be a condition.
pub(super) fn named(field: &str) -> Option<Attribute> {
    Attribute::of(Use::Condition).find(|known| known.name() == field)
}

/// Reads the choice of an attribute.
pub(super) fn choice<'de, A: MapAccess<'de>>(
    attribute: Attribute,
    map: &mut A,
) -> Result<Choice, A::Error> {
    let choice = match Choice::none(attribute) {
        Choice::Grades(_) => Choice::Grades(map.next_value()?),
        Choice::Kinds(_) => Choice::Kinds(map.next_value()?),
        Choice::Names(_) => Choice::Names(map.next_value()?),
    };
    match choice.written().into_iter().find(|one| !may_be(attribute, one)) {
        Some(written) => Err(A::Error::custom(ValueError { attribute, written })),
        None => Ok(choice),
    }
}

/// The error for a field that is neither an attribute that can be a condition nor one of the others.
pub(super) fn unknown<E: serde::de::Error>(field: &str, others: &[&'static str]) -> E {
    let names = Attribute::of(Use::Condition).map(Attribute::name).chain(others.iter().copied());
    let known: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    E::custom(format!("unknown field `{field}`, expected one of {}", known.join(", ")))
}
