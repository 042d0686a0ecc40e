//! Finds how many inspections mention the subject, which authorities never do, and of which nothing
//! can be known.
//!
//! An inspection is a report with an eligible paragraph. A mention and a grade are joined only where
//! they are of the same report: what a report of 2014 mentions says nothing about a grade of 2023.
//! Visits, which give no grade, and inspections without an overall grade are counted apart. A
//! judgement on a safeguarding board is not one on the authority, and an area SEND outcome is on a
//! scale of its own.

use super::share::Cluster;
use super::{Share, Span};
use crate::ask::Scope;
use crate::ask::trace::{Door, Trace, narrowed};
use findings_index::engine::all_reports;
use findings_index::records::ledger::{Ledger, Outcome};
use findings_index::records::{Attribute, Body};
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Mention {
    /// Its name.
    pub authority: String,
    /// How many of its reports have an eligible paragraph.
    pub reports: usize,
    /// How many of these have a matching one.
    pub matching_reports: usize,
    /// Eligible paragraphs.
    pub eligible: usize,
    /// Words in them.
    pub words: u64,
    /// Matching paragraphs.
    pub matching: usize,
    /// When it was inspected.
    pub span: Span,
    /// The overall judgement of its latest report here that gives one on the authority.
    pub judged: Option<String>,
    /// Its place on the scale, 1 being the best.
    pub rank: Option<u8>,
    /// Id of the report that gives it.
    pub judged_in: Option<String>,
}

/// What inspections are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// An inspection with an overall judgement of the authority or its area.
    Judged,
    /// An inspection without one, and a review of a safeguarding board.
    NotJudged,
    /// A focused or monitoring visit.
    Visit,
}

/// The inspections with one result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = JudgedInspections))]
pub struct Judged {
    /// Whether they give an overall judgement.
    pub verdict: Verdict,
    /// The overall judgement that their reports give; `None` where they give none.
    pub label: Option<String>,
    /// Its place on the scale, 1 being the best.
    pub rank: Option<u8>,
    /// How many of them mention the subject.
    pub mentioned: Share,
    /// Matching paragraphs, of the eligible ones.
    pub paragraphs: Share,
    /// A search that finds the matching paragraphs of exactly these inspections; `None` where no
    /// conditions do.
    pub find_matching: Option<Trace>,
    /// A search that finds the eligible paragraphs of exactly these inspections.
    pub find_eligible: Option<Trace>,
}

/// The inspections that mention the subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Mentions {
    /// Authorities that mention it at all, of those inspected.
    pub mentioned: Share,
    /// Inspections that mention it, of those of authorities that are known. The interval takes
    /// inspections of one authority for alike; there is none in a census.
    pub inspections: Share,
    /// When they were.
    pub span: Span,
    /// Whether every authority that is expected is held, so that nothing was sampled.
    pub is_census: bool,
    /// The inspections by the overall judgement that the same report gives, the worst first.
    /// Judgements on other scales come after those on the common one, then inspections that give
    /// none, then visits.
    pub judged: Vec<Judged>,
    /// The authorities inspected, by name.
    pub authorities: Vec<Mention>,
    /// A search that finds the matching paragraphs of all these inspections.
    pub find_matching: Option<Trace>,
    /// A search that finds the eligible paragraphs of all these inspections.
    pub find_eligible: Option<Trace>,
}

/// An authority that was inspected and does not mention the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Silent {
    /// Its name.
    pub authority: String,
    /// How many of its reports have an eligible paragraph.
    pub reports: usize,
    /// The words in these.
    pub words: u64,
    /// When it was inspected.
    pub span: Span,
}

/// The authorities that do not mention the subject, and those of which nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Silence {
    /// Authorities that were inspected and never mention it.
    pub never: Vec<String>,
    /// The same, with how many inspections and words the silence is of.
    pub silent: Vec<Silent>,
    /// Authorities with reports in the index, of which the filters leave nothing.
    pub left_out: Vec<String>,
    /// Authorities without a report in the index.
    pub not_held: Vec<String>,
    /// Which authorities were expected, in words.
    pub expected: String,
    /// Files that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// How many reports with eligible paragraphs have no known authority. They are in no group of
    /// authorities, and no number of inspections counts them.
    pub reports_without_authority: usize,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
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
    let of_boards = reports
        .into_iter()
        .filter(|report| report.visit.is_none() && report.overall_body() == Body::Lscb);
    Ok(Held { authorities, boards: of_boards.map(|report| report.id).collect() })
}

impl Held {
    /// The result of an inspection, with its judgement.
    fn verdict<'r>(&self, report: &'r ReportTally) -> (Verdict, Option<&'r str>, Option<u8>) {
        let judged = report.overall.as_deref().filter(|_| !self.boards.contains(&report.report));
        match judged {
            _ if report.visit.is_some() => (Verdict::Visit, None, None),
            Some(label) => (Verdict::Judged, Some(label), report.overall_rank),
            None => (Verdict::NotJudged, None, None),
        }
    }
}

impl Mentions {
    /// Counts inspections. Those whose authority is not known are left out.
    pub(super) fn new(reports: &[ReportTally], held: &Held) -> Self {
        let mut by_authority: BTreeMap<&str, Vec<&ReportTally>> = BTreeMap::new();
        for report in reports {
            if let Some(authority) = &report.authority {
                by_authority.entry(authority).or_default().push(report);
            }
        }
        let authorities: Vec<Mention> =
            by_authority.iter().map(|(name, reports)| Mention::new(name, reports, held)).collect();
        let known: Vec<&ReportTally> = by_authority.into_values().flatten().collect();
        let mut results: BTreeMap<_, Vec<&ReportTally>> = BTreeMap::new();
        for report in &known {
            let (verdict, label, rank) = held.verdict(report);
            let is_apart = label.is_some_and(|label| !is_of_common_scale(label));
            let order = (is_apart, rank.is_none(), rank.map(|rank| u8::MAX - rank), label);
            let place = if verdict == Verdict::Judged { 0 } else { verdict as u8 };
            let key = (place, order, verdict, rank);
            results.entry(key).or_default().push(report);
        }
        let judged = results.into_iter().map(|((_, (.., label), verdict, rank), reports)| Judged {
            verdict,
            label: label.map(str::to_owned),
            rank,
            mentioned: mentioned(&reports),
            paragraphs: paragraphs(&reports),
            find_matching: None,
            find_eligible: None,
        });
        let mentioning = authorities.iter().filter(|mention| mention.matching > 0).count();
        Self {
            mentioned: Share::whole(mentioning, authorities.len()),
            inspections: mentioned(&known),
            span: Span::of(known.iter().map(|report| report.date)),
            is_census: false,
            judged: judged.collect(),
            authorities,
            find_matching: None,
            find_eligible: None,
        }
    }

    /// Adds the searches that find what was counted; `whole` are those of all reports.
    pub(super) fn trace(
        &mut self,
        [matching, eligible]: [&Trace; 2],
        reports: &[ReportTally],
        held: &Held,
        door: &dyn Door,
    ) {
        let among = |filters: &Filters| {
            let is_unknown = |report: &ReportTally| report.authority.is_none();
            match reports.iter().any(is_unknown) {
                true => excluding(filters, Attribute::Authority, Filters::ABSENT),
                false => Some(filters.clone()),
            }
        };
        let within = |trace: &Trace, of: &dyn Fn(Filters) -> Option<Filters>| {
            let filters = among(&trace.filters).and_then(of)?;
            Some(Trace::new(&trace.query, &filters, door))
        };
        self.find_matching = within(matching, &Some);
        self.find_eligible = within(eligible, &Some);
        // What a report on a board says overall is not what it says of the authority. Such reports are
        // told apart by their frameworks, where nothing else is of these.
        let is_of_board = |report: &&ReportTally| held.boards.contains(&report.report);
        let boards: BTreeSet<&str> =
            reports.iter().filter(is_of_board).map(|report| report.framework.as_str()).collect();
        let is_apart = |report: &ReportTally| {
            is_of_board(&report)
                || report.visit.is_some()
                || !boards.contains(report.framework.as_str())
        };
        let are_apart = reports.iter().all(is_apart);
        let labels: Vec<Option<String>> =
            self.judged.iter().map(|judged| judged.label.clone()).collect();
        for judged in &mut self.judged {
            // Two scales may have the same word.
            let same = |label: &&Option<String>| **label == judged.label;
            let is_one = judged.label.is_none() || labels.iter().filter(same).count() == 1;
            let of = |filters: Filters| match judged.verdict {
                Verdict::Visit if filters.choice(Attribute::Visit).is_some() => Some(filters),
                Verdict::Visit => excluding(&filters, Attribute::Visit, Filters::ABSENT),
                // Reviews of boards give an overall judgement, and others give none.
                Verdict::NotJudged if !boards.is_empty() => None,
                Verdict::Judged | Verdict::NotJudged if is_one && are_apart => {
                    let full = narrowed(&filters, Attribute::Visit, None);
                    let judged = narrowed(&full, Attribute::Overall, judged.label.as_deref());
                    let mut boards = boards.iter();
                    boards.try_fold(judged, |filters, framework| {
                        excluding(&filters, Attribute::Framework, framework)
                    })
                }
                Verdict::Judged | Verdict::NotJudged => None,
            };
            let found = [matching, eligible].map(|trace| within(trace, &of));
            [judged.find_matching, judged.find_eligible] = found;
        }
    }

    /// Takes what is held for all there is, if it is.
    pub(super) fn take_census(&mut self, silence: &Silence, scope: &Scope) {
        let missing = silence.not_held.len() + silence.left_out.len();
        let unread = silence.unreadable.len() + silence.reports_without_authority;
        if scope.authorities.is_empty() || missing + unread > 0 {
            return;
        }
        self.is_census = true;
        let whole = |share: &mut Share| *share = Share::whole(share.count, share.out_of);
        whole(&mut self.inspections);
        self.judged.iter_mut().for_each(|judged| whole(&mut judged.mentioned));
    }
}

/// Filters that exclude a value as well.
fn excluding(filters: &Filters, attribute: Attribute, value: &str) -> Option<Filters> {
    let mut filters = filters.clone();
    if !filters.not.written(attribute).iter().any(|written| written == value) {
        filters.not.add(attribute, value).ok()?;
    }
    Some(filters)
}

/// The share of reports that mention the subject.
fn mentioned(reports: &[&ReportTally]) -> Share {
    Share::of_reports(reports.iter().map(|own| (own.authority.as_deref(), own.matching > 0)))
}

/// The share of paragraphs that match; a report is a cluster.
fn paragraphs(reports: &[&ReportTally]) -> Share {
    Share::clustered(
        reports.iter().map(|own| Cluster { count: own.matching, out_of: own.eligible }),
    )
}

impl Mention {
    fn new(name: &str, reports: &[&ReportTally], held: &Held) -> Self {
        let graded = reports.iter().filter_map(|report| match held.verdict(report) {
            (Verdict::Judged, Some(label), rank) => Some((*report, label, rank)),
            _ => None,
        });
        let latest = graded.max_by_key(|(report, label, _)| {
            (is_of_common_scale(label), report.date, &report.report)
        });
        Self {
            authority: name.to_owned(),
            reports: reports.len(),
            matching_reports: reports.iter().filter(|report| report.matching > 0).count(),
            eligible: reports.iter().map(|report| report.eligible).sum(),
            words: reports.iter().map(|report| report.words).sum(),
            matching: reports.iter().map(|report| report.matching).sum(),
            span: Span::of(reports.iter().map(|report| report.date)),
            judged: latest.map(|(_, label, _)| label.to_owned()),
            rank: latest.and_then(|(.., rank)| rank),
            judged_in: latest.map(|(report, ..)| report.report.clone()),
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
        let silent: Vec<Silent> = mentions
            .authorities
            .iter()
            .filter(|mention| mention.matching == 0)
            .map(|mention| Silent {
                authority: mention.authority.clone(),
                reports: mention.reports,
                words: mention.words,
                span: mention.span,
            })
            .collect();
        let failed = ledger.entries.iter().filter(|entry| entry.outcome == Outcome::Unreadable);
        Self {
            never: silent.iter().map(|own| own.authority.clone()).collect(),
            silent,
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
    use super::{Held, Mentions, Share, Silence, Verdict};
    use crate::ask::Scope;
    use findings_index::records::Visit;
    use findings_index::records::ledger::Ledger;
    use findings_index::request::compare::ReportTally;

    fn report(id: &str, date: &str, overall: Option<(&str, u8)>, matching: usize) -> ReportTally {
        ReportTally {
            report: id.to_owned(),
            authority: Some(id.split('-').next().unwrap().to_owned()),
            region: None,
            framework: "sif".to_owned(),
            visit: None,
            date: Some(date.parse().unwrap()),
            overall: overall.map(|(label, _)| label.to_owned()),
            overall_rank: overall.map(|(_, rank)| rank),
            eligible: 10,
            words: 100,
            matching,
        }
    }

    fn held() -> Held {
        Held {
            authorities: ["elmet", "rheged", "wessex", "yarrow"].map(str::to_owned).to_vec(),
            boards: ["yarrow-2".to_owned()].into(),
        }
    }

    #[test]
    fn a_mention_counts_with_the_grade_of_its_own_report() {
        let reports = [
            // It mentions it where it was inadequate, and no longer where it was good.
            report("elmet-1", "2014-01-01", Some(("Inadequate", 4)), 2),
            report("elmet-2", "2019-01-01", Some(("Good", 2)), 0),
            ReportTally { visit: Some(Visit::Focused), ..report("elmet-3", "2020-01-01", None, 0) },
            report("elmet-4", "2023-01-01", Some(("Inconsistent experiences", 2)), 0),
            report("rheged-1", "2023-01-01", Some(("Inconsistent experiences", 2)), 0),
            report("yarrow-1", "2015-01-01", Some(("Inadequate", 4)), 0),
            report("wessex-1", "2015-01-01", None, 1),
            // A review of the safeguarding board judges the board.
            report("yarrow-2", "2016-01-01", Some(("Good", 2)), 0),
        ];
        let mentions = Mentions::new(&reports, &held());
        let by_grade: Vec<_> = mentions
            .judged
            .iter()
            .map(|judged| {
                let Share { count, out_of, .. } = judged.mentioned;
                (judged.verdict, judged.label.as_deref(), count, out_of)
            })
            .collect();
        assert_eq!(
            by_grade,
            [
                (Verdict::Judged, Some("Inadequate"), 1, 2),
                (Verdict::Judged, Some("Good"), 0, 1),
                (Verdict::Judged, Some("Inconsistent experiences"), 0, 2),
                (Verdict::NotJudged, None, 1, 2),
                (Verdict::Visit, None, 0, 1),
            ]
        );
        assert_eq!((mentions.mentioned.count, mentions.mentioned.out_of), (2, 4));
        assert_eq!((mentions.inspections.count, mentions.inspections.out_of), (2, 8));
        let latest: Vec<_> = mentions
            .authorities
            .iter()
            .map(|mention| (mention.authority.as_str(), mention.judged_in.as_deref()))
            .collect();
        assert_eq!(
            latest,
            [
                ("elmet", Some("elmet-2")),
                ("rheged", Some("rheged-1")),
                ("wessex", None),
                ("yarrow", Some("yarrow-1")),
            ]
        );
    }

    #[test]
    fn a_report_of_an_unknown_authority_is_no_inspection_and_no_census() {
        let mut reports = vec![report("elmet-1", "2014-01-01", None, 2)];
        let scope = Scope { authorities: vec!["elmet".to_owned()], said: String::new() };
        let census = |reports: &[ReportTally]| {
            let mut mentions = Mentions::new(reports, &held());
            let ledger: Ledger = serde_json::from_value(serde_json::json!({
                "finished": "2026-01-01T00:00:00Z", "roots": [], "reading": "", "entries": []
            }))
            .unwrap();
            let silence = Silence::new(&scope, &mentions, &held().authorities, reports, &ledger);
            mentions.take_census(&silence, &scope);
            (mentions.inspections.out_of, mentions.is_census)
        };
        assert_eq!(census(&reports), (1, true));
        reports.push(ReportTally { authority: None, ..report("other-1", "2014-01-01", None, 2) });
        assert_eq!(census(&reports), (1, false));
    }
}
