//! Surveys all reports of an index: what it holds, what failed and what looks suspicious.
//!
//! Doubts about a report taken by itself are among its warnings since it was indexed. This module
//! adds the doubts that only a comparison with other reports can show. Reads no file.

use crate::ask::{AskError, Session, is_expected};
use crate::knowledge::Authority;
use findings_index::engine::all_reports;
use findings_index::records::ledger::{CauseCount, Ledger, LedgerEntry, Outcome};
use findings_index::records::{Attribute, Correction, ReportRecord, Visit, WarningCode};
use findings_index::request::Filters;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A report is suspicious if it has fewer paragraphs than its framework's median divided by this.
const FEW: u32 = 3;

/// The fewest reports whose median says anything.
const COMPARABLE: usize = 5;

/// What an index holds, and how far it can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// Number of reports.
    pub reports: usize,
    /// The frameworks held, by code, with visits counted separately.
    pub frameworks: Vec<FrameworkCount>,
    /// The authorities held, by name; reports without one come last.
    pub authorities: Vec<AuthorityRow>,
    /// What looks suspicious.
    pub suspicious: Vec<Suspicion>,
    /// Reports that the user has corrected.
    pub corrected: Vec<Corrected>,
    /// Files that could not be read, and files that are not reports.
    pub failed: Vec<Failure>,
    /// How many of these there are for each cause.
    pub causes: Vec<CauseCount>,
    /// Authorities in the table without any report; `None` where not asked for.
    pub missing: Option<Vec<Missing>>,
}

/// The reports of one framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct FrameworkCount {
    /// The framework's code, with ` (focused)` or ` (monitoring)` for visits.
    pub framework: String,
    /// How many are held.
    pub reports: usize,
    /// The median of their numbers of paragraphs.
    pub median_paragraphs: u32,
}

/// What is held of one authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct AuthorityRow {
    /// The authority.
    pub authority: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// The years of inspection by framework, as in [`FrameworkCount::framework`]; an unknown year
    /// is `null`.
    pub held: BTreeMap<String, Vec<Option<i16>>>,
}

/// Something that looks wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Suspicion {
    /// Id of the report.
    pub report: String,
    /// The file.
    pub path: String,
    /// The authority.
    pub authority: Option<String>,
    /// The framework's code.
    pub framework: String,
    /// What is wrong, for programs.
    pub code: String,
    /// The page.
    pub page: Option<u32>,
    /// What is wrong, in words.
    pub reason: String,
    /// How to inspect what was understood of the report, in the caller's terms: a command, say.
    pub look: String,
}

/// A report that the user has corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Corrected {
    /// Id of the report.
    pub report: String,
    /// What was corrected.
    pub corrections: Vec<Correction>,
}

/// A file that yielded no report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Failure {
    /// The file.
    pub path: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in words.
    pub reason: Option<String>,
    /// A stable name for the reason.
    pub code: Option<&'static str>,
}

/// An authority without any report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Missing {
    /// The authority.
    pub authority: String,
    /// Its code.
    pub la_code: String,
    /// Its region.
    pub region: String,
    /// Its first day; `None` if it is older than the reports.
    pub from: Option<Date>,
    /// Its last day; `None` if it has not ended.
    pub until: Option<Date>,
}

/// What a line of the user's corrections can put right about a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Whom it is about.
    Authority,
    /// What it was inspected by.
    Framework,
    /// When the inspection began and ended.
    Inspection,
    /// When it was published.
    Published,
    /// Its overall judgement.
    Overall,
    /// The grade of a section.
    SectionGrade,
}

impl Suspicion {
    /// What a correction could put right, if this is something that one can.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        let remedies = [
            (WarningCode::AuthorityUnknown, Remedy::Authority),
            (WarningCode::FrameworkUnknown, Remedy::Framework),
            (WarningCode::InspectionUndated, Remedy::Inspection),
            (WarningCode::PublicationUndated, Remedy::Published),
            (WarningCode::NoJudgement, Remedy::Overall),
            (WarningCode::SectionUngraded, Remedy::SectionGrade),
            (WarningCode::AreaInTwoPlaces, Remedy::SectionGrade),
            (WarningCode::GradesConflict, Remedy::SectionGrade),
        ];
        remedies.into_iter().find(|(code, _)| code.name() == self.code).map(|(_, remedy)| remedy)
    }
}

impl FrameworkCount {
    /// The framework's code alone, and the visit that is counted separately.
    #[must_use]
    pub fn parts(&self) -> (&str, Option<Visit>) {
        let visit = |visit: &Visit| {
            Some((self.framework.strip_suffix(&format!(" ({})", visit.name()))?, *visit))
        };
        let marked = Visit::ALL.iter().find_map(visit);
        marked.map_or((&self.framework, None), |(code, visit)| (code, Some(visit)))
    }
}

impl Coverage {
    /// Surveys the reports that filters leave. `look` is that of [`Coverage::of`].
    ///
    /// # Errors
    /// An engine that fails.
    pub fn survey(
        session: &Session<'_>,
        filters: &Filters,
        look: impl Fn(&str) -> String,
    ) -> Result<Self, AskError> {
        let engine = session.engine;
        let all = all_reports(engine, &Filters::default(), &session.deadline)?;
        let reports = all_reports(engine, filters, &session.deadline)?;
        Ok(Self::of(&reports, &all, &engine.ledger()?, look))
    }

    /// Adds the authorities of which none of the reports that filters leave is held, out of those
    /// that the filters ask for and that existed in the years of the reports.
    ///
    /// # Errors
    /// Tables of authorities that cannot be read, or an engine that fails.
    pub fn and_missing(self, session: &Session<'_>, filters: &Filters) -> Result<Self, AskError> {
        let (from, to) = session.span(filters)?;
        let wanted =
            |authority: &&Authority| is_expected(authority, filters) && authority.existed(from, to);
        let held = session.engine.values(Attribute::Authority)?;
        Ok(self.with_missing(session.authorities()?.known(&held).filter(wanted)))
    }

    /// Surveys `reports`, a part of `all`, in the order in which they are to be listed. Medians are
    /// taken over `all`. `look` returns how to inspect what was understood of the report with an
    /// id.
    #[must_use]
    pub fn of(
        reports: &[ReportRecord],
        all: &[ReportRecord],
        ledger: &Ledger,
        look: impl Fn(&str) -> String,
    ) -> Self {
        let usual = usual(all);
        let mut frameworks: BTreeMap<String, usize> = BTreeMap::new();
        for report in reports {
            *frameworks.entry(code(report)).or_default() += 1;
        }
        let median = |code: &str| usual.get(code).map_or(0, |usual| usual.median);
        Self {
            reports: reports.len(),
            frameworks: frameworks
                .into_iter()
                .map(|(framework, reports)| FrameworkCount {
                    median_paragraphs: median(&framework),
                    framework,
                    reports,
                })
                .collect(),
            authorities: authorities(reports),
            suspicious: reports
                .iter()
                .flat_map(|report| suspicions(report, &usual, look(&report.id)))
                .collect(),
            corrected: reports
                .iter()
                .filter(|report| !report.corrections.is_empty())
                .map(|report| Corrected {
                    report: report.id.clone(),
                    corrections: report.corrections.clone(),
                })
                .collect(),
            failed: failed(ledger),
            causes: ledger.causes(),
            missing: None,
        }
    }

    /// Adds the authorities of `table` that have none of the reports.
    #[must_use]
    pub fn with_missing<'a>(mut self, table: impl IntoIterator<Item = &'a Authority>) -> Self {
        let held =
            |name: &str| self.authorities.iter().any(|r| r.authority.as_deref() == Some(name));
        let missing = table.into_iter().filter(|authority| !held(&authority.name));
        self.missing = Some(
            missing
                .map(|authority| Missing {
                    authority: authority.name.clone(),
                    la_code: authority.la_code.clone(),
                    region: authority.region.clone(),
                    from: authority.from,
                    until: authority.until,
                })
                .collect(),
        );
        self
    }
}

/// Returns the framework's code, with a visit marked.
fn code(report: &ReportRecord) -> String {
    match report.visit {
        None => report.framework.clone(),
        Some(Visit::Focused) => format!("{} (focused)", report.framework),
        Some(Visit::Monitoring) => format!("{} (monitoring)", report.framework),
    }
}

/// What is usual for a framework.
struct Usual {
    reports: usize,
    median: u32,
}

fn usual(all: &[ReportRecord]) -> BTreeMap<String, Usual> {
    let mut counts: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for report in all {
        counts.entry(code(report)).or_default().push(report.paragraphs);
    }
    counts
        .into_iter()
        .map(|(code, mut counts)| {
            counts.sort_unstable();
            let median = counts[counts.len() / 2];
            (code, Usual { reports: counts.len(), median })
        })
        .collect()
}

fn authorities(reports: &[ReportRecord]) -> Vec<AuthorityRow> {
    let mut rows: Vec<AuthorityRow> = Vec::new();
    for report in reports {
        let place = rows.iter().position(|row| row.authority == report.authority);
        let place = place.unwrap_or_else(|| {
            rows.push(AuthorityRow {
                authority: report.authority.clone(),
                region: report.region.clone(),
                held: BTreeMap::new(),
            });
            rows.len() - 1
        });
        let year = report.date().map(jiff::civil::Date::year);
        rows[place].held.entry(code(report)).or_default().push(year);
    }
    for row in &mut rows {
        row.held.values_mut().for_each(|years| years.sort_unstable());
    }
    rows.sort_by(|a, b| {
        (a.authority.is_none(), &a.authority).cmp(&(b.authority.is_none(), &b.authority))
    });
    rows
}

fn suspicions(
    report: &ReportRecord,
    usual: &BTreeMap<String, Usual>,
    look: String,
) -> Vec<Suspicion> {
    let suspicion = |code: &str, page, reason: String| Suspicion {
        report: report.id.clone(),
        path: report.path.clone(),
        authority: report.authority.clone(),
        framework: report.framework.clone(),
        code: code.to_owned(),
        page,
        reason,
        look: look.clone(),
    };
    let mut all: Vec<Suspicion> = report
        .warnings
        .iter()
        .filter(|warning| warning.code.is_doubt())
        .map(|warning| suspicion(warning.code.name(), warning.page, warning.message.clone()))
        .collect();
    if let Some(usual) = usual.get(&code(report))
        && usual.reports >= COMPARABLE
        && report.paragraphs.saturating_mul(FEW) < usual.median
    {
        all.push(suspicion(
            "few_paragraphs",
            None,
            format!(
                "{} paragraphs, fewer than a third of the {} that are the median of the {} \
                 reports of its framework",
                report.paragraphs, usual.median, usual.reports
            ),
        ));
    }
    all
}

fn failed(ledger: &Ledger) -> Vec<Failure> {
    let failed =
        |entry: &&LedgerEntry| matches!(entry.outcome, Outcome::Unreadable | Outcome::NotAReport);
    let mut all: Vec<Failure> = ledger
        .entries
        .iter()
        .filter(failed)
        .map(|entry| Failure {
            path: entry.path.clone(),
            outcome: entry.outcome,
            reason: entry.explanation(),
            code: entry.code(),
        })
        .collect();
    // Files that could not be read matter more than files that are not reports.
    all.sort_by_key(|failure| failure.outcome != Outcome::Unreadable);
    all
}
