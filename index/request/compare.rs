//! What a comparison asks of an index, and the counts in the answer, free of any engine's types.
//!
//! Holds counts only: the caller turns them into rates, intervals and sentences. Every count is of
//! *eligible* paragraphs (those that pass the filters, without boilerplate, and without context
//! unless it is asked for) or of the eligible paragraphs that *match* the query.

use crate::language::query::Query;
use crate::records::{Attribute, Kind, TopicUsed, Visit};
use crate::request::{Corpus, Expansion, Filters, Hit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A comparison.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompareRequest {
    /// What to search for.
    pub query: Query,
    /// Which paragraphs to search; boilerplate is always left out.
    pub filters: Filters,
    /// Kinds to count in addition to those that the filters ask for; where they ask for none, in
    /// addition to all but context.
    pub include: Vec<Kind>,
    /// What to compare by: one [dimension](crate::records::Use::Dimension), or two for a table of
    /// both.
    pub by: Vec<Attribute>,
    /// How many of its best matches to return for each group of the first dimension.
    pub candidates: usize,
}

impl CompareRequest {
    /// The filters for eligible paragraphs: those of the request, without boilerplate, and without
    /// context unless that is asked for, in the query or beside it. Kinds that are excluded are not
    /// among those asked for.
    #[must_use]
    pub fn eligible(&self) -> Filters {
        let mut filters = self.filters.clone();
        let asked = filters.kinds();
        let is_included = |kind: Kind| {
            self.include.contains(&kind) || self.query.asks_for(Attribute::Kind, kind.name())
        };
        let is_asked = |kind: Kind| match asked {
            [] => kind != Kind::Context || is_included(kind),
            kinds => kinds.contains(&kind) || self.include.contains(&kind),
        };
        let excluded = filters.not.kinds();
        let is_eligible =
            |kind: &Kind| *kind != Kind::Boilerplate && !excluded.contains(kind) && is_asked(*kind);
        let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(is_eligible).collect();
        filters.set(Attribute::Kind, kinds);
        filters
    }
}

/// The number of paragraphs in sections of one grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GradeCount {
    /// The grade of the section, both [printings](crate::records::shared_label) of one as one unless
    /// a filter asks for one of them; `None` counts paragraphs without a grade in force.
    pub label: Option<String>,
    /// Its place on the scale, 1 the best.
    pub rank: Option<u8>,
    /// Number of paragraphs.
    pub paragraphs: usize,
}

/// Counts of some paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Count {
    /// Number of reports they belong to.
    pub reports: usize,
    /// Number of paragraphs.
    pub paragraphs: usize,
    /// Number of words in them: runs of characters between white space.
    pub words: u64,
    /// Number of paragraphs of each kind; kinds without any are left out.
    pub kinds: BTreeMap<Kind, usize>,
    /// Number of paragraphs for each grade: by place on the scale, then by label, those without one
    /// last.
    pub grades: Vec<GradeCount>,
}

impl Count {
    /// The number of paragraphs of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> usize {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }
}

/// A count of matches, and the count they are out of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// The eligible paragraphs.
    pub eligible: Count,
    /// Those of them that match.
    pub matching: Count,
}

/// What of one report is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPart {
    /// The place of the report in [`CompareResponse::reports`], from 0.
    pub report: usize,
    /// Number of its eligible paragraphs in the group, at least 1.
    pub eligible: usize,
    /// Number of its matching paragraphs in the group.
    pub matching: usize,
}

/// One group, or one cell of a table of two dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupTally {
    /// The values that all its paragraphs have, in the order of the dimensions; `None` where they
    /// have none.
    pub values: Vec<Option<String>>,
    /// The place on the scale of each value that is a grade.
    pub ranks: Vec<Option<u8>>,
    /// The counts.
    pub tally: Tally,
    /// The same for each of its reports, by their place.
    pub reports: Vec<ReportPart>,
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
    /// The kind of visit; `None` for an inspection.
    pub visit: Option<Visit>,
    /// Its date, which shows the latest report.
    pub date: Option<Date>,
    /// Its overall judgement, in the shorter of its printings unless a filter asks for one of them.
    pub overall: Option<String>,
    /// The place of its overall judgement on the scale, 1 the best.
    pub overall_rank: Option<u8>,
    /// Number of eligible paragraphs.
    pub eligible: usize,
    /// Number of words in them.
    pub words: u64,
    /// Number of matching paragraphs.
    pub matching: usize,
}

/// The answer to a [`CompareRequest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareResponse {
    /// The query as understood, printed from its tree.
    pub query: String,
    /// The dimensions of the comparison.
    pub by: Vec<Attribute>,
    /// All groups together.
    pub whole: Tally,
    /// The groups of the first dimension, by value: grades by their place on the scale, the group
    /// without a value last.
    pub groups: Vec<GroupTally>,
    /// With two dimensions: the groups of the second.
    pub columns: Vec<GroupTally>,
    /// With two dimensions: every combination that occurs.
    pub cells: Vec<GroupTally>,
    /// The reports, by id.
    pub reports: Vec<ReportTally>,
    /// What was searched in addition to what was written.
    pub expansions: Vec<Expansion>,
    /// The topics that selected paragraphs, in the versions with which these were tagged.
    pub topics_used: Vec<TopicUsed>,
    /// The version of the index's format.
    pub index_version: u32,
    /// What was searched.
    pub corpus: Corpus,
}
