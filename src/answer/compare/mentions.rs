//! Finds which authorities mention the subject, which do not, and which cannot be known to.
//!
//! An authority is *inspected* if a report on it has an eligible paragraph. Its judgement is the
//! overall judgement of its latest graded report within the filters. An area SEND outcome judges a
//! partnership on a different scale and counts only for authorities without any other judgement. A
//! judgement on a safeguarding board is not one on the authority.

use super::Share;
use crate::ask::Scope;
use findings_index::engine::all_reports;
use findings_index::records::Body;
use findings_index::records::ledger::{Ledger, Outcome};
use findings_index::request::Deadline;
use findings_index::request::Filters;
use findings_index::request::compare::ReportTally;
use findings_index::{Engine, SearchError};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The beginnings of the grades on the scale that most frameworks share.
const SCALE: [&str; 5] = ["outstanding", "good", "requires improvement", "adequate", "inadequate"];

/// Whether a judgement is on the scale that most frameworks share.
pub(super) fn is_of_common_scale(label: &str) -> bool {
    let label = label.to_lowercase();
    SCALE.iter().any(|word| label.starts_with(word))
}

/// One inspected authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// Its name.
    pub authority: String,
    /// How many of its reports have an eligible paragraph.
    pub reports: usize,
    /// Eligible paragraphs.
    pub eligible: usize,
    /// Matching paragraphs.
    pub matching: usize,
    /// The overall judgement that counts, as printed.
    pub judged: Option<String>,
    /// Its place on the scale, 1 being the best.
    pub rank: Option<u8>,
    /// Id of the report that gives it.
    pub judged_in: Option<String>,
}

/// The authorities with one overall judgement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// The judgement, as printed; `None` for those without one.
    pub label: Option<String>,
    /// Its place on the scale, 1 being the best.
    pub rank: Option<u8>,
    /// How many of them mention it.
    pub mentioned: Share,
}

/// The authorities that mention the subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mentions {
    /// Authorities that mention it at all, of those inspected.
    pub mentioned: Share,
    /// The same by overall judgement, the worst first. Judgements on other scales come after those
    /// on the common one, and authorities without a judgement come last.
    pub judged: Vec<Judged>,
    /// The authorities inspected, by name.
    pub authorities: Vec<Mention>,
}

/// The authorities that do not mention the subject, and those of which nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Silence {
    /// Authorities that were inspected and never mention it.
    pub never: Vec<String>,
    /// Authorities with reports in the index, of which the filters leave nothing.
    pub left_out: Vec<String>,
    /// Authorities without a report in the index.
    pub not_held: Vec<String>,
    /// Which authorities were expected, in words.
    pub expected: String,
    /// Files that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// How many reports with eligible paragraphs have no known authority.
    pub reports_without_authority: usize,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Its path.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// What the index holds, regardless of the conditions.
pub(super) struct Held {
    /// The authorities with any report.
    pub(super) authorities: Vec<String>,
    /// Ids of the reports whose overall judgement is on a safeguarding board.
    pub(super) boards: HashSet<String>,
}

/// Looks up what the index holds.
///
/// # Errors
/// Where the index cannot be read.
pub(super) fn held(engine: &dyn Engine, deadline: &Deadline) -> Result<Held, SearchError> {
    let reports = all_reports(engine, &Filters::default(), deadline)?;
    let mut authorities: Vec<String> =
        reports.iter().filter_map(|report| report.authority.clone()).collect();
    authorities.dedup();
    let of_boards = reports.into_iter().filter(|report| report.overall_body() == Body::Lscb);
    Ok(Held { authorities, boards: of_boards.map(|report| report.id).collect() })
}

impl Mentions {
    /// Groups reports by authority. `boards` has the ids of the reports whose overall judgement is
    /// on a safeguarding board, not on the authority.
    pub(super) fn new(reports: &[ReportTally], boards: &HashSet<String>) -> Self {
        let mut by_authority: BTreeMap<&str, Vec<&ReportTally>> = BTreeMap::new();
        for report in reports {
            if let Some(authority) = &report.authority {
                by_authority.entry(authority).or_default().push(report);
            }
        }
        let authorities: Vec<Mention> = by_authority
            .iter()
            .map(|(name, reports)| Mention::new(name, reports, boards))
            .collect();
        let share = |wanted: &dyn Fn(&Mention) -> bool| {
            let these = authorities.iter().filter(|mention| wanted(mention));
            let (all, some) = these.fold((0, 0), |(all, some), mention| {
                (all + 1, some + usize::from(mention.matching > 0))
            });
            Share::new(some, all)
        };
        let mut grades: Vec<(Option<u8>, Option<String>)> =
            authorities.iter().map(|mention| (mention.rank, mention.judged.clone())).collect();
        grades.sort_by(|a, b| {
            let order = |g: &(Option<u8>, Option<String>)| {
                let label = g.1.clone();
                let is_apart = label.as_deref().is_some_and(|label| !is_of_common_scale(label));
                (label.is_none(), is_apart, g.0.is_none(), g.0.map(|rank| u8::MAX - rank), label)
            };
            order(a).cmp(&order(b))
        });
        grades.dedup();
        let judged = grades
            .into_iter()
            .map(|(rank, label)| {
                let mentioned = share(&|own| (&own.rank, &own.judged) == (&rank, &label));
                Judged { label, rank, mentioned }
            })
            .collect();
        Self { mentioned: share(&|_| true), judged, authorities }
    }
}

impl Mention {
    fn new(name: &str, reports: &[&ReportTally], boards: &HashSet<String>) -> Self {
        let is_of_scale =
            |report: &ReportTally| report.overall.as_deref().is_some_and(is_of_common_scale);
        let is_own = |report: &&&ReportTally| !boards.contains(&report.report);
        let graded = reports.iter().filter(|report| report.overall.is_some()).filter(is_own);
        let latest = graded.max_by_key(|report| (is_of_scale(report), report.date, &report.report));
        Self {
            authority: name.to_owned(),
            reports: reports.len(),
            eligible: reports.iter().map(|report| report.eligible).sum(),
            matching: reports.iter().map(|report| report.matching).sum(),
            judged: latest.and_then(|report| report.overall.clone()),
            rank: latest.and_then(|report| report.overall_rank),
            judged_in: latest.map(|report| report.report.clone()),
        }
    }
}

impl Silence {
    pub(super) fn new(
        scope: &Scope,
        mentions: &Mentions,
        held: &[String],
        reports: &[ReportTally],
        ledger: &Ledger,
    ) -> Self {
        let inspected: BTreeSet<&str> =
            mentions.authorities.iter().map(|mention| mention.authority.as_str()).collect();
        let held: BTreeSet<&str> = held.iter().map(String::as_str).collect();
        let expected: BTreeSet<&str> = scope.authorities.iter().map(String::as_str).collect();
        let names = |names: &mut dyn Iterator<Item = &&str>| -> Vec<String> {
            names.map(|name| (*name).to_owned()).collect()
        };
        let silent = mentions.authorities.iter().filter(|mention| mention.matching == 0);
        let failed = ledger.entries.iter().filter(|entry| entry.outcome == Outcome::Unreadable);
        Self {
            never: silent.map(|mention| mention.authority.clone()).collect(),
            left_out: names(&mut expected.intersection(&held).filter(|n| !inspected.contains(**n))),
            not_held: names(&mut expected.difference(&held)),
            expected: scope.said.clone(),
            unreadable: failed
                .map(|entry| Unreadable {
                    path: entry.path.clone(),
                    reason: entry.explanation().unwrap_or_default(),
                })
                .collect(),
            reports_without_authority: reports
                .iter()
                .filter(|report| report.authority.is_none())
                .count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mentions;
    use findings_index::request::compare::ReportTally;

    fn report(id: &str, date: &str, overall: Option<(&str, u8)>, matching: usize) -> ReportTally {
        ReportTally {
            report: id.to_owned(),
            authority: Some(id.split('-').next().unwrap().to_owned()),
            region: None,
            framework: "sif".to_owned(),
            date: Some(date.parse().unwrap()),
            overall: overall.map(|(label, _)| label.to_owned()),
            overall_rank: overall.map(|(_, rank)| rank),
            eligible: 10,
            words: 100,
            matching,
        }
    }

    #[test]
    fn an_authority_is_judged_by_its_latest_graded_report_on_the_common_scale() {
        let reports = [
            report("elmet-1", "2014-01-01", Some(("Inadequate", 4)), 2),
            report("elmet-2", "2019-01-01", Some(("Good", 2)), 0),
            report("elmet-3", "2020-01-01", None, 0),
            report("elmet-4", "2023-01-01", Some(("Inconsistent experiences", 2)), 0),
            report("rheged-1", "2023-01-01", Some(("Inconsistent experiences", 2)), 0),
            report("yarrow-1", "2015-01-01", Some(("Inadequate", 4)), 0),
            report("wessex-1", "2015-01-01", None, 1),
            // A review of the safeguarding board judges the board.
            report("yarrow-2", "2016-01-01", Some(("Good", 2)), 0),
        ];
        let mentions = Mentions::new(&reports, &["yarrow-2".to_owned()].into());
        let judged: Vec<_> = mentions
            .authorities
            .iter()
            .map(|mention| (mention.authority.as_str(), mention.judged_in.as_deref()))
            .collect();
        assert_eq!(
            judged,
            [
                ("elmet", Some("elmet-2")),
                ("rheged", Some("rheged-1")),
                ("wessex", None),
                ("yarrow", Some("yarrow-1")),
            ]
        );
        assert_eq!((mentions.mentioned.count, mentions.mentioned.out_of), (2, 4));
        let by_grade: Vec<_> = mentions
            .judged
            .iter()
            .map(|judged| {
                (judged.label.as_deref(), judged.mentioned.count, judged.mentioned.out_of)
            })
            .collect();
        assert_eq!(
            by_grade,
            [
                (Some("Inadequate"), 0, 1),
                (Some("Good"), 1, 1),
                (Some("Inconsistent experiences"), 0, 1),
                (None, 1, 1),
            ]
        );
    }
}
