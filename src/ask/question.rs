//! What was typed, as it was typed.
//!
//! A door fills these in from a command line, a form, a row of a table or JSON; what they mean is
//! worked out in one place, `ask::resolve`.

use findings_index::records::{Attribute, Use};
use findings_index::request::Sort;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the words of a query are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// Paragraphs about any of the words, not only those about all of them.
    pub any: bool,
    /// Words just as written: no other forms, no synonyms.
    pub exact: bool,
}

/// Conditions as well as the query. The values of one condition are alternatives; all conditions
/// hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// Values by the attribute that they narrow.
    #[serde(flatten)]
    pub values: BTreeMap<Attribute, Vec<String>>,
    /// Inspected on or after: a year, a month or a day.
    pub from: Option<String>,
    /// Inspected on or before; a year or a month means its last day.
    pub to: Option<String>,
    /// Reports without a date only.
    pub undated: bool,
    /// Authorities whose statistical neighbours are meant, themselves left out.
    pub neighbours_of: Vec<String>,
}

impl Conditions {
    /// The values that narrow an attribute.
    #[must_use]
    pub fn of(&self, attribute: Attribute) -> &[String] {
        self.values.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// Takes the values that narrow an attribute away.
    pub fn take(&mut self, attribute: Attribute) -> Vec<String> {
        self.values.remove(&attribute).unwrap_or_default()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.each().is_empty()
    }

    /// Each condition by itself, in the order in which they are explained. Authorities and the
    /// neighbours of authorities are alternatives, and so one condition.
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
        each.push(Self { from: self.from.clone(), ..Self::default() });
        each.push(Self { to: self.to.clone(), ..Self::default() });
        each.push(Self { undated: self.undated, ..Self::default() });
        each.retain(|one| *one != Self::default());
        each
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The query; without words, every paragraph that the conditions leave.
    pub text: String,
    /// How its words are read.
    pub reading: Reading,
    /// Conditions as well.
    pub conditions: Conditions,
    /// The order of the results.
    pub sort: Sort,
    /// The attribute by which results are grouped; `limit` and `offset` then count groups.
    pub group: Option<Attribute>,
    /// How many results a group shows.
    pub per_group: usize,
    /// Facets to count over all results.
    pub facets: Vec<Attribute>,
    /// How many results at the most.
    pub limit: usize,
    /// Number of results to skip.
    pub offset: usize,
    /// Every result by itself, even where several say nearly the same.
    pub repeats: bool,
    /// Where fewer paragraphs than asked for hold all the words, add those that come closest.
    pub closest: bool,
    /// Explain how the query was read, what each part matches, and how the results were ranked.
    pub explain: bool,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            text: String::new(),
            reading: Reading::default(),
            conditions: Conditions::default(),
            sort: Sort::Relevance,
            group: None,
            per_group: 3,
            facets: Vec::new(),
            limit: 10,
            offset: 0,
            repeats: false,
            closest: true,
            explain: false,
        }
    }
}

/// Whether values of an attribute may have commas in them, so that no comma separates them.
#[must_use]
pub fn holds_commas(attribute: Attribute) -> bool {
    matches!(attribute, Attribute::Section | Attribute::Authority)
}
