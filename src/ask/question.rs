//! Questions as they were typed.
//!
//! A door fills them in from a command line, a form, a row of a table or JSON. They give no meaning
//! to the strings: `ask::resolve` does so, for all doors.

use super::error::{OtherCondition, Place, Refusal};
use super::sample::Sample;
use findings_index::records::{Attribute, Use};
use findings_index::request::Sort;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the words of a query are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// Whether paragraphs match that have any of the words, not only those that have all of them.
    pub any: bool,
    /// Whether words match only as written: no other forms, no synonyms.
    pub exact: bool,
}

/// Conditions in addition to the query. The values of one condition are alternatives; all
/// conditions must hold. Each value that is excluded is a condition of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// The values, by the attribute that they narrow.
    #[serde(flatten)]
    pub values: BTreeMap<Attribute, Vec<String>>,
    /// The values that are excluded, by their attribute. What has no value stays, unless `none` is
    /// among them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not: BTreeMap<Attribute, Vec<String>>,
    /// Inspected on or after: a year, a month or a day.
    pub from: Option<String>,
    /// Inspected on or before; a year or a month means its last day.
    pub to: Option<String>,
    /// Whether only reports without a date are searched.
    pub undated: bool,
    /// Whether paragraphs are left out that only deny what is looked for: whose sentences say that it
    /// did not exist or occur.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_denials: bool,
    /// First indexed on or after: a year, a month or a day, of which the first moment in UTC counts, or a
    /// moment as in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_since: Option<String>,
    /// Whether only the newest full inspection of each authority is searched; with frameworks among
    /// the values, the newest of these.
    pub latest: bool,
    /// The day as at which inspections are the newest: a year, a month or a day, of which the last
    /// day counts. Implies `latest`.
    pub as_at: Option<String>,
    /// Authorities whose statistical neighbours are searched; they themselves are not.
    pub neighbours_of: Vec<String>,
}

impl Conditions {
    /// The values that narrow an attribute.
    #[must_use]
    pub fn of(&self, attribute: Attribute) -> &[String] {
        self.values.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The values of an attribute that are excluded.
    #[must_use]
    pub fn excluded(&self, attribute: Attribute) -> &[String] {
        self.not.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// Removes the values that narrow an attribute, and returns them.
    pub fn take(&mut self, attribute: Attribute) -> Vec<String> {
        self.values.remove(&attribute).unwrap_or_default()
    }

    /// Whether only the newest inspections are searched.
    #[must_use]
    pub fn takes_latest(&self) -> bool {
        self.latest || self.as_at.is_some()
    }

    /// Refuses to leave out what is only denied where nothing is looked for that could be: neither by the
    /// text of a query nor by a topic.
    ///
    /// # Errors
    /// There is nothing that could be denied.
    pub fn check_denials(&self, text: &str) -> Result<(), Refusal> {
        let is_looked_for = !text.trim().is_empty() || !self.of(Attribute::Topic).is_empty();
        if !self.without_denials || is_looked_for {
            return Ok(());
        }
        let message = "nothing is looked for that could be denied";
        let place = Place::Other(OtherCondition::WithoutDenials);
        Err(Refusal::new("nothing_asked", message).at(place))
    }

    /// Leaves out one of the conditions that [`Conditions::each`] gives.
    #[must_use]
    pub fn without(&self, one: &Self) -> Self {
        let mut left = self.clone();
        for attribute in one.values.keys() {
            left.take(*attribute);
        }
        for (attribute, excluded) in &one.not {
            if let Some(values) = left.not.get_mut(attribute) {
                values.retain(|value| !excluded.contains(value));
            }
        }
        left.not.retain(|_, values| !values.is_empty());
        if !one.neighbours_of.is_empty() {
            left.neighbours_of.clear();
        }
        if one.takes_latest() {
            (left.latest, left.as_at) = (false, None);
        }
        left.from = left.from.filter(|_| one.from.is_none());
        left.to = left.to.filter(|_| one.to.is_none());
        left.undated &= !one.undated;
        left.without_denials &= !one.without_denials;
        left.new_since = left.new_since.filter(|_| one.new_since.is_none());
        left
    }

    /// Whether there are no conditions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.each().is_empty()
    }

    /// Splits the conditions into single ones, in the order in which they are explained.
    /// Authorities and the neighbours of authorities are alternatives, so together they are one
    /// condition.
    #[must_use]
    pub fn each(&self) -> Vec<Self> {
        let mut each = Vec::new();
        for attribute in Attribute::of(Use::Condition) {
            let mut one = Self::default();
            let values = self.of(attribute);
            if !values.is_empty() {
                one.values.insert(attribute, values.to_vec());
            }
            if attribute == Attribute::Authority {
                one.neighbours_of.clone_from(&self.neighbours_of);
            }
            each.push(one);
        }
        for (attribute, values) in &self.not {
            for (at, value) in values.iter().enumerate() {
                // Leaving out a value leaves it out wherever it was typed.
                if !values[..at].contains(value) {
                    let not = [(*attribute, vec![value.clone()])].into();
                    each.push(Self { not, ..Self::default() });
                }
            }
        }
        let (latest, as_at) = (self.latest, self.as_at.clone());
        each.push(Self { latest, as_at, ..Self::default() });
        each.push(Self { from: self.from.clone(), ..Self::default() });
        each.push(Self { to: self.to.clone(), ..Self::default() });
        each.push(Self { undated: self.undated, ..Self::default() });
        each.push(Self { without_denials: self.without_denials, ..Self::default() });
        each.push(Self { new_since: self.new_since.clone(), ..Self::default() });
        each.retain(|one| *one != Self::default());
        each
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The query; if empty, every paragraph that meets the conditions is found.
    pub text: String,
    /// How its words are read.
    pub reading: Reading,
    /// Synonyms and long forms that are not to be searched for, as an answer names them in
    /// [`Expansion::also`](findings_index::request::Expansion::also).
    pub not_also: Vec<String>,
    /// Conditions in addition to the query.
    pub conditions: Conditions,
    /// The order of the results.
    pub sort: Sort,
    /// The attribute by which results are grouped; `limit` and `offset` then count groups.
    pub group: Option<Attribute>,
    /// The greatest number of results that a group shows.
    pub per_group: usize,
    /// The attributes whose values are counted over all results.
    pub facets: Vec<Attribute>,
    /// The random sample to draw of the results, or of each group; `None` for all results.
    pub sample: Option<Sample>,
    /// The greatest number of results.
    pub limit: usize,
    /// Number of results to skip.
    pub offset: usize,
    /// Whether results that say nearly the same are shown one by one.
    pub repeats: bool,
    /// Whether the paragraphs that come closest are added where too few have all the words.
    pub closest: bool,
    /// Whether results are ordered by their words alone, not by closeness in meaning as well.
    pub words_only: bool,
    /// Whether to explain how the query was read, what each part matches, and the ranking.
    pub explain: bool,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            text: String::new(),
            reading: Reading::default(),
            not_also: Vec::new(),
            conditions: Conditions::default(),
            sort: Sort::Relevance,
            group: None,
            per_group: 3,
            facets: Vec::new(),
            sample: None,
            limit: 10,
            offset: 0,
            repeats: false,
            closest: true,
            words_only: false,
            explain: false,
        }
    }
}

/// What comes before the name of an attribute where its values are excluded.
pub const NOT: &str = "not_";

/// The name of the column, field or parameter that excludes values of an attribute.
#[must_use]
pub fn excluding(attribute: Attribute) -> String {
    format!("{NOT}{}", attribute.name())
}

/// Whether values of an attribute may contain commas, so that a comma does not separate values.
#[must_use]
pub fn holds_commas(attribute: Attribute) -> bool {
    matches!(attribute, Attribute::Section | Attribute::Authority | Attribute::Addressee)
}

/// The values of an attribute that one text gives: commas separate them, except where values may
/// contain commas.
#[must_use]
pub fn values_in(attribute: Attribute, typed: &str) -> Vec<String> {
    if holds_commas(attribute) {
        return vec![typed.trim().to_owned()];
    }
    typed.split(',').map(|value| value.trim().to_owned()).collect()
}

/// The schema: conditions on attributes are fields by their names.
#[cfg(feature = "serve")]
impl utoipa::PartialSchema for Conditions {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let texts = || ArrayBuilder::new().items(text());
        let flag = || ObjectBuilder::new().schema_type(Type::Boolean);
        let perhaps = || text().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
        let mut conditions = ObjectBuilder::new()
            .description(Some("Conditions, as they were typed."))
            .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(
                true,
            )));
        for attribute in Attribute::of(Use::Condition) {
            conditions = conditions.property(attribute.name(), texts());
        }
        let excluded = Attribute::of(Use::Condition);
        let excluded = excluded.fold(ObjectBuilder::new(), |excluded, attribute| {
            excluded.property(attribute.name(), texts())
        });
        conditions = conditions.property("not", excluded);
        for day in ["from", "to", "as_at", "new_since"] {
            conditions = conditions.property(day, perhaps());
        }
        for set in ["undated", "latest"] {
            conditions = conditions.property(set, flag());
        }
        conditions.property("neighbours_of", texts()).into()
    }
}

#[cfg(feature = "serve")]
impl utoipa::ToSchema for Conditions {}
