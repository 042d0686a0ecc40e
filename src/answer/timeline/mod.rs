//! Lists one authority's inspections in order of date, across frameworks.
//!
//! ```text
//! scales   frameworks, judgements -> what changed, and what cannot be compared across scales
//! trend    mentions of one report after the other -> whether they change by more than chance
//! ```
//!
//! Judgements are one track, and how often something is mentioned is another (counted as in
//! [`crate::answer::compare`]); neither is inferred from the other. A grade is compared with an
//! earlier one only where both are on the same scale and judge the same theme or area of the same
//! body.

pub(crate) mod scales;
mod trend;

pub use scales::{Break, Change, Direction};
pub use trend::Trend;

use crate::answer::compare::fairness::About;
use crate::answer::compare::funnel::Method;
use crate::answer::compare::quotes::Wanted;
use crate::answer::compare::{self, Comparison, Group, Share, Sort, Usual};
use crate::ask::notes::Note;
use crate::ask::provenance::{LookedFor, Provenance};
use crate::ask::subject::Subject;
use crate::ask::trace::{Again, Door, Looked, Repeat, Trace};
use crate::ask::{AskError, Conditions, Hint, Reading, Refusal, Scope, Session};
use crate::knowledge::names::Names;
use crate::knowledge::{Framework, Knowledge};
use findings_index::engine::all_reports;
use findings_index::records::{Attribute, Body, Kind, ReportRecord, Visit};
use findings_index::request::Deadline;
use findings_index::request::compare::{CompareRequest, ReportTally};
use findings_index::request::{Filters, Hit};
use findings_index::{Engine, SearchError};
use jiff::Timestamp;
use jiff::civil::Date;
use scales::Scales;
use serde::{Deserialize, Serialize};

/// A timeline, as typed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// The authority, by any of its names.
    pub authority: String,
    /// The query to look for in its reports, if any; topics narrow it or take its place.
    pub text: String,
    /// How its words are read.
    pub reading: Reading,
    /// The topics to look for.
    pub topics: Vec<String>,
    /// Whether only the newest full inspection is shown.
    pub latest: bool,
    /// The day as at which it is the newest; implies `latest`.
    pub as_at: Option<String>,
    /// Kinds to count that are otherwise left out: context.
    pub include: Vec<Kind>,
}

impl Typed {
    /// Whether anything is looked for.
    #[must_use]
    pub fn has_subject(&self) -> bool {
        !self.text.trim().is_empty() || !self.topics.is_empty()
    }

    /// Refuses a request that no index could answer.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.has_subject() {
            return Subject::check(&self.text, &self.topics);
        }
        if self.reading != Reading::default() {
            let message = "how words are read belongs to a query";
            return Err(Refusal::new("nothing_asked", message).hint(Hint::AddQuery));
        }
        Ok(())
    }
}

/// Answers a timeline as typed.
///
/// # Errors
/// A request that cannot be asked, or a failure of the engine.
pub fn ask(
    session: &Session<'_>,
    knowledge: &Knowledge,
    typed: &Typed,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Timeline, AskError> {
    typed.check()?;
    let authority = session.held_authority(&typed.authority)?;
    let conditions = Conditions {
        values: [(Attribute::Authority, vec![authority.clone()])].into(),
        latest: typed.latest,
        as_at: typed.as_at.clone(),
        ..Conditions::default()
    };
    let filters = session.filters(&conditions)?;
    let remark = session.latest_note(&conditions, &filters)?;
    let subject = if typed.has_subject() {
        let none = Conditions::default();
        let mut subject = session.subject(&typed.text, &typed.topics, typed.reading, &none)?;
        let eligible = compare::eligible(&subject.understood.query, &filters, &typed.include);
        let among = subject.within(eligible);
        session.read_otherwise(&mut subject.understood, &among)?;
        session.read_several_or_topics(&mut subject.understood, &among)?;
        Some(subject)
    } else {
        None
    };
    let looked = subject.as_ref().map(|subject| Looked {
        text: &subject.understood.typed,
        reading: typed.reading,
        topics: &subject.topics,
    });
    let question = Question {
        again: door.again(&Repeat::Timeline { authority: &authority, subject: looked }),
        authority,
        filters,
        include: &typed.include,
        is_latest: conditions.takes_latest(),
        remark,
        subject: subject.as_ref(),
        door,
        names: session.reference.names(),
        asked,
    };
    let (frameworks, themes) = (knowledge.frameworks(), knowledge.themes());
    timeline(session.engine, &session.deadline, frameworks, themes, &question).map_err(|error| {
        match &subject {
            Some(subject) => subject.understood.failed(error),
            None => error.into(),
        }
    })
}

/// A timeline, as understood.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The authority, by its name in the records.
    pub authority: String,
    /// The paragraphs that are looked through.
    pub filters: Filters,
    /// Kinds to count that are otherwise left out.
    pub include: &'a [Kind],
    /// Whether the filters leave only the newest inspection.
    pub is_latest: bool,
    /// A remark on that condition.
    pub remark: Option<Note>,
    /// What is looked for, if anything.
    pub subject: Option<&'a Subject>,
    /// How to ask the same again.
    pub again: Again,
    /// Writes the searches that find what was counted.
    pub door: &'a dyn Door,
    /// The names of frameworks.
    pub names: &'a Names,
    /// The time of asking.
    pub asked: Timestamp,
}

/// A judgement on the authority or its partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = TimelineJudgement))]
pub struct Judged {
    /// The area, as printed.
    pub area: String,
    /// The theme.
    pub theme: Option<String>,
    /// The theme's name, for readers.
    pub theme_name: Option<String>,
    /// Whether it is the overall judgement of the report.
    pub is_overall: bool,
    /// The body that is judged.
    pub body: Body,
    /// The grade, as printed.
    pub label: String,
    /// Its place on the scale of its framework, 1 being the best.
    pub rank: Option<u8>,
    /// How many places that scale has.
    pub out_of: Option<u8>,
    /// The page on which the section with this judgement begins, where it is known.
    pub page: Option<u32>,
    /// The change since the comparable inspection before it, where there is one.
    pub change: Option<Change>,
}

/// How often the report of an inspection mentions the subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Mentioned {
    /// Matching paragraphs, of the eligible ones. One report was read whole, so there is no interval.
    pub paragraphs: Share,
    /// Matching paragraphs per 100 in all reports held of its framework; visits and full inspections
    /// apart.
    pub usual: Option<f64>,
    /// The number of matching paragraphs that only say that it did not exist or occur; where these are
    /// left out, their number.
    pub denied: usize,
    /// Matching paragraphs per 10,000 eligible words.
    pub per_10_000_words: Option<f64>,
    /// Whether the report is too short to say much.
    pub is_small: bool,
    /// The paragraph that matches best.
    pub quote: Option<Hit>,
    /// A search that finds exactly the matching paragraphs.
    pub find_matching: Trace,
    /// A search that finds exactly the eligible paragraphs.
    pub find_eligible: Trace,
}

/// One inspection or visit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Inspection {
    /// Id of its report.
    pub report: String,
    /// The framework's code.
    pub framework: String,
    /// Its usual short form.
    pub framework_short: String,
    /// The kind of visit; `None` for a full inspection.
    pub visit: Option<Visit>,
    /// What a joint inspection was about, as printed.
    pub inspection_theme: Option<String>,
    /// The date by which it is sorted; `None` where no date is known.
    pub date: Option<Date>,
    /// First day.
    pub inspection_start: Option<Date>,
    /// Last day.
    pub inspection_end: Option<Date>,
    /// Date of publication.
    pub published: Option<Date>,
    /// Whether inspections of its kind give judgements.
    pub is_judged: bool,
    /// The judgements: the overall one first, then in the report's order.
    pub judgements: Vec<Judged>,
    /// The break that separates its judgements from earlier ones.
    pub scale_break: Option<Break>,
    /// How often it mentions the subject; `None` where nothing was looked for, or the report has no
    /// eligible paragraph.
    pub mentioned: Option<Mentioned>,
}

impl Inspection {
    /// Whether it is a full inspection with a date, which others can be set against in order.
    pub(super) fn is_full(&self, names: &Names) -> bool {
        self.date.is_some() && names.is_full_inspection(&self.framework, self.visit)
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// The authority.
    pub authority: String,
    /// Its region.
    pub region: Option<String>,
    /// The subject, in words.
    pub name: Option<String>,
    /// The inspections, the earliest first; those without a date last.
    pub inspections: Vec<Inspection>,
    /// The share of matching paragraphs in all inspections together.
    pub mentioned: Option<Share>,
    /// Whether later reports mention it more, or less.
    pub trend: Option<Trend>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// What was looked for, as understood.
    #[serde(flatten)]
    pub looked_for: Option<LookedFor>,
    /// What is needed to repeat the answer.
    pub provenance: Provenance,
    /// Remarks on the question, for whoever asked. Those on words that no paragraph holds are among
    /// the notes as well; those on what was repaired are not.
    #[serde(skip)]
    pub remarks: Vec<Note>,
}

impl Timeline {
    /// Whether anything was found: an inspection, and a mention where one was looked for.
    #[must_use]
    pub fn has_any(&self) -> bool {
        !self.inspections.is_empty() && self.mentioned.is_none_or(|share| share.count > 0)
    }
}

/// Puts an authority's inspections in order.
///
/// # Errors
/// Those of [`Engine::compare`].
pub fn timeline(
    engine: &dyn Engine,
    deadline: &Deadline,
    frameworks: &[Framework],
    themes: &[crate::knowledge::Theme],
    question: &Question<'_>,
) -> Result<Timeline, SearchError> {
    let filters = question.filters.clone();
    let mut reports = all_reports(engine, &filters, deadline)?;
    reports.sort_by_key(|report| (report.date().is_none(), report.date()));
    let comparison = question.subject.as_ref().map(|subject| {
        let asked = compare::Question {
            query: subject.understood.query.clone(),
            name: subject.name.clone(),
            passed_over: subject.understood.passed_over.clone(),
            unheld: subject.understood.unheld.clone(),
            uncounted: subject.understood.uncounted.clone(),
            otherwise: subject.understood.otherwise.clone(),
            remarks: subject.understood.notes(),
            filters,
            include: question.include.to_vec(),
            is_negated: subject.understood.negates(),
            latest: question.is_latest,
            by: vec![Attribute::Report],
            quotes: Wanted::Each(1),
            sort: Sort::Name,
            is_standardised: false,
            limits: Method::default(),
            scope: Scope::default(),
            again: question.again.clone(),
            door: question.door,
            neighbourhood: None,
            names: question.names,
            asked: question.asked,
        };
        compare::compare(engine, deadline, &asked)
    });
    let comparison = comparison.transpose()?;
    let tallies = question.subject.map(|subject| all_tallies(engine, deadline, question, subject));
    let tallies = tallies.transpose()?;
    let tallies = tallies.as_deref().unwrap_or_default();
    let usual = Usual::new(tallies);
    let tally = |id: &str| tallies.iter().find(|tally| tally.report == id);
    let scales = Scales::new(frameworks, themes);
    let mut inspections: Vec<Inspection> = Vec::with_capacity(reports.len());
    for (at, report) in reports.iter().enumerate() {
        let group = comparison.as_ref().and_then(|comparison| of_report(comparison, &report.id));
        let before = scales.before(report, &reports[..at]);
        inspections.push(Inspection {
            report: report.id.clone(),
            framework: report.framework.clone(),
            framework_short: scales.short(&report.framework),
            visit: report.visit,
            inspection_theme: report.inspection_theme.clone(),
            date: report.date(),
            inspection_start: report.inspection_start,
            inspection_end: report.inspection_end,
            published: report.published,
            is_judged: report.visit.is_none() && scales.judges(&report.framework),
            judgements: scales.judged(report, before),
            scale_break: before.and_then(|before| scales.broken(before, report)),
            mentioned: group.map(|group| {
                mentioned(group, tally(&report.id).and_then(|own| usual.percent(own)))
            }),
        });
    }
    let trend = question.subject.map(|_| {
        let dated = inspections.iter().filter(|own| own.date.is_some() && own.mentioned.is_some());
        let off = dated.filter_map(|own| Some(usual.off(tally(&own.report)?)));
        Trend::new(&off.collect::<Vec<f64>>())
    });
    Ok(Timeline {
        authority: question.authority.clone(),
        region: reports.iter().find_map(|report| report.region.clone()),
        name: question.subject.as_ref().map(|subject| subject.name.clone()),
        mentioned: comparison.as_ref().map(|comparison| comparison.whole.paragraphs),
        notes: notes(&reports, &inspections, comparison.as_ref(), trend.as_ref()),
        trend,
        remarks: question
            .subject
            .map(|subject| subject.understood.notes())
            .into_iter()
            .flatten()
            .chain(question.remark.clone())
            .collect(),
        looked_for: comparison.map(|comparison| comparison.looked_for),
        provenance: Provenance::new(engine, &question.again, question.asked)?,
        inspections,
    })
}

fn of_report<'c>(comparison: &'c Comparison, id: &str) -> Option<&'c Group> {
    comparison
        .groups
        .iter()
        .find(|group| group.values.first().is_some_and(|v| v.as_deref() == Some(id)))
}

/// How often each report that is held mentions the subject.
fn all_tallies(
    engine: &dyn Engine,
    deadline: &Deadline,
    question: &Question<'_>,
    subject: &Subject,
) -> Result<Vec<ReportTally>, SearchError> {
    let request = CompareRequest {
        query: subject.understood.query.clone(),
        include: question.include.to_vec(),
        by: vec![Attribute::Framework],
        ..CompareRequest::default()
    };
    Ok(engine.compare(&request, deadline)?.reports)
}

fn mentioned(group: &Group, usual: Option<f64>) -> Mentioned {
    Mentioned {
        paragraphs: group.paragraphs,
        usual,
        denied: group.denied,
        per_10_000_words: group.per_10_000_words,
        is_small: group.is_small,
        quote: group.quotes.first().cloned(),
        find_matching: group.find_matching.clone(),
        find_eligible: group.find_eligible.clone(),
    }
}

fn notes(
    reports: &[ReportRecord],
    inspections: &[Inspection],
    comparison: Option<&Comparison>,
    trend: Option<&Trend>,
) -> Vec<String> {
    let mut notes = Vec::new();
    let has_change = inspections.iter().flat_map(|own| &own.judgements).any(|j| j.change.is_some());
    if has_change {
        notes.push(
            "Better and worse are shown only between judgements of one theme and body on the same \
             scale, against the inspection before it that can be compared."
                .to_owned(),
        );
    }
    if inspections.iter().any(|own| own.scale_break.as_ref().is_some_and(|b| !b.is_comparable)) {
        notes.push(
            "Across a break in the scale no change is shown, whatever the words are.".to_owned(),
        );
    }
    if inspections.iter().any(|own| own.visit.is_some()) {
        notes.push("Focused and monitoring visits give no grades and change none.".to_owned());
    }
    if inspections.iter().flat_map(|own| &own.judgements).any(|j| j.body != Body::Authority) {
        notes.push(
            "Some judgements are on another body (the safeguarding board, the local area \
             partnership) and not on the authority."
                .to_owned(),
        );
    }
    let Some(comparison) = comparison else { return notes };
    notes.push(format!(
        "What is counted is whether a paragraph mentions it, not what it says about it. Rates are of \
         100 eligible paragraphs (all but {}). Next to each is the rate of all reports held of the same \
         framework, visits apart.",
        compare::left_out(&comparison.filters)
    ));
    notes.extend(trend.map(Trend::said));
    let of_words = |about| {
        matches!(
            about,
            About::Words | About::Repaired | About::PassedOver | About::Unheld | About::Uncounted
        )
    };
    let of_words = comparison.notes.iter().filter(|note| of_words(note.about));
    notes.extend(of_words.map(|note| note.text.clone()));
    let mut codes: Vec<&str> = reports.iter().map(|report| report.framework.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.len() > 1 {
        notes.push(
            "Frameworks ask different things, and their reports differ in length: a rate that \
             changes with the framework need not mean that practice has changed."
                .to_owned(),
        );
    }
    if comparison.whole.matching.paragraphs > 0 {
        notes.push(
            "Quoted is the paragraph of each inspection that matches best, not the one that is \
             most telling. The grade of its section is not its own."
                .to_owned(),
        );
    }
    notes
}
