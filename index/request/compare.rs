//! What a comparison asks of an index, and the counts it answers, free of any engine's types.
//!
//! Counts only: rates, intervals and sentences are made of them by whoever asks. Every count is of
//! *eligible* paragraphs (what the filters leave, without boilerplate) or of those of them that
//! *match* the query.

use crate::language::query::Query;
use crate::records::{Attribute, Kind, TopicUsed};
use crate::request::{Corpus, Expansion, Filters, Hit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A comparison.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompareRequest {
    /// What is looked for.
    pub query: Query,
    /// What is looked through; boilerplate never is.
    pub filters: Filters,
    /// By what is compared: one [dimension](crate::records::Use::Dimension), or two for a table of
    /// both.
    pub by: Vec<Attribute>,
    /// How many of its best matches each group of the first dimension brings along.
    pub candidates: usize,
}

impl CompareRequest {
    /// What is looked through: what the filters leave, without boilerplate.
    #[must_use]
    pub fn eligible(&self) -> Filters {
        let mut filters = self.filters.clone();
        let asked = match filters.kinds() {
            [] => &Kind::ALL,
            kinds => kinds,
        };
        let kinds: Vec<Kind> =
            asked.iter().copied().filter(|kind| *kind != Kind::Boilerplate).collect();
        filters.set(Attribute::Kind, kinds);
        filters
    }
}

/// How many paragraphs stand in sections of one grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeCount {
    /// The grade of the section, as printed; `None` counts paragraphs without a grade in force.
    pub label: Option<String>,
    /// Its place on the scale, 1 the best.
    pub rank: Option<u8>,
    /// How many paragraphs.
    pub paragraphs: usize,
}

/// What is counted of some paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// How many reports they stand in.
    pub reports: usize,
    /// How many there are.
    pub paragraphs: usize,
    /// How many words they have: runs of characters between white space.
    pub words: u64,
    /// How many there are of each kind; kinds of which there are none are left out.
    pub kinds: BTreeMap<Kind, usize>,
    /// How many stand under each grade: by place on the scale, then by label, those without last.
    pub grades: Vec<GradeCount>,
}

impl Count {
    /// How many are of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> usize {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }
}

/// What is counted, and out of what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// What the filters leave, without boilerplate.
    pub eligible: Count,
    /// What of it matches.
    pub matching: Count,
}

/// One group, or one cell of a table of two dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupTally {
    /// The values that all its paragraphs have, in the order of the dimensions; `None` for those
    /// without one.
    pub values: Vec<Option<String>>,
    /// The place on the scale of each value that is a grade.
    pub ranks: Vec<Option<u8>>,
    /// The counts.
    pub tally: Tally,
    /// Its best matches: first the best of each report, then the second best of each.
    pub candidates: Vec<Hit>,
}

/// One report with eligible paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTally {
    /// Its id.
    pub report: String,
    /// Its authority.
    pub authority: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Its framework.
    pub framework: String,
    /// Its date, by which the latest is told.
    pub date: Option<Date>,
    /// Its overall judgement, as printed.
    pub overall: Option<String>,
    /// The place of that on the scale, 1 the best.
    pub overall_rank: Option<u8>,
    /// Eligible paragraphs.
    pub eligible: usize,
    /// Words in them.
    pub words: u64,
    /// Matching paragraphs.
    pub matching: usize,
}

/// The answer to a [`CompareRequest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareResponse {
    /// The query as understood, printed from its tree.
    pub query: String,
    /// By what was compared.
    pub by: Vec<Attribute>,
    /// All groups together.
    pub whole: Tally,
    /// The groups of the first dimension, by value: grades by their place on the scale, those
    /// without a value last.
    pub groups: Vec<GroupTally>,
    /// Where there are two: the groups of the second.
    pub columns: Vec<GroupTally>,
    /// Where there are two: every combination that occurs.
    pub cells: Vec<GroupTally>,
    /// The reports, by id.
    pub reports: Vec<ReportTally>,
    /// What was searched beside what was written.
    pub expansions: Vec<Expansion>,
    /// The topics by which paragraphs were chosen, in the versions by which they were tagged.
    pub topics_used: Vec<TopicUsed>,
    /// The version of the index's format.
    pub index_version: u32,
    /// What was looked through.
    pub corpus: Corpus,
}
