//! Whether two indexes hold the same and answer the same.
//!
//! Questions are drawn at random, so that what agrees is likely to agree, never certain to. Changes nothing.

use findings_index::agreement::{Difference, Outcome, Questions, ask};
use findings_index::engine::all_reports;
use findings_index::records::ReportRecord;
use findings_index::request::{Corpus, Deadline, Filters};
use findings_index::{Engine, SearchError};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How far two indexes agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The index that is compared.
    pub here: Side,
    /// The index that it is compared with.
    pub there: Side,
    /// What they hold that differs.
    pub held: Held,
    /// What the questions were drawn with: the same number and corpus give the same questions.
    pub seed: u64,
    /// How many questions were asked.
    pub questions: usize,
    /// How many of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Those that were answered differently.
    pub differing: Vec<Differing>,
    /// Those that one of the two did not answer, so that nothing is known of them.
    pub unanswered: Vec<Unanswered>,
}

/// One of the two indexes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Where it is.
    pub place: String,
    /// How much it holds.
    pub corpus: Corpus,
}

/// The reports that two indexes do not both hold, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Whether both hold the same reports, with as many paragraphs.
    pub same: bool,
    /// Held in the first alone.
    pub only_here: Vec<String>,
    /// Held in the second alone.
    pub only_there: Vec<String>,
    /// Held in both, from different files or with another number of paragraphs.
    pub unlike: Vec<String>,
}

/// A question that was answered differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Differing {
    /// Its place among the questions, from 1.
    pub number: usize,
    /// What was asked, in words.
    pub asked: String,
    /// Where in the answer, as a JSON pointer; empty where only one of the two can be asked this.
    pub at: String,
    /// What the first answers there.
    pub here: Value,
    /// What the second answers there.
    pub there: Value,
}

/// A question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// Its place among the questions, from 1.
    pub number: usize,
    /// What was asked, in words.
    pub asked: String,
    /// Why the first did not answer; `None` if it did.
    pub here: Option<String>,
    /// Why the second did not answer; `None` if it did.
    pub there: Option<String>,
}

impl Agreement {
    /// Whether both hold the same and every question was answered the same.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.held.same && self.differing.is_empty() && self.unanswered.is_empty()
    }
}

/// Why two indexes cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgreementError {
    /// The first cannot be read.
    #[error(transparent)]
    Here(SearchError),
    /// The second cannot be read.
    #[error(transparent)]
    There(SearchError),
}

/// What to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// How many questions.
    pub questions: usize,
    /// What they are drawn with.
    pub seed: u64,
}

/// An index and where it is.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// The index.
    pub engine: &'a dyn Engine,
    /// Where it is, in words.
    pub place: &'a str,
}

impl Placed<'_> {
    fn side(&self) -> Side {
        Side { place: self.place.to_owned(), corpus: self.engine.corpus().clone() }
    }
}

/// Compares what two indexes hold and asks both the same questions, about what the first holds;
/// `deadline` is that of one answer. Tells `progress` of each question that was answered.
///
/// # Errors
/// If what one of them holds cannot be read. A question that is not answered is listed.
pub fn check_agreement(
    here: Placed<'_>,
    there: Placed<'_>,
    drawn: Drawn,
    deadline: &dyn Fn() -> Deadline,
    progress: &dyn Fn(),
) -> Result<Agreement, AgreementError> {
    let held = held(here.engine, there.engine)?;
    let questions = Questions::about(here.engine, drawn.seed).map_err(AgreementError::Here)?;
    let mut agreement = Agreement {
        here: here.side(),
        there: there.side(),
        held,
        seed: drawn.seed,
        questions: 0,
        kinds: BTreeMap::new(),
        differing: Vec::new(),
        unanswered: Vec::new(),
    };
    for (place, question) in questions.take(drawn.questions).enumerate() {
        let number = place + 1;
        agreement.questions = number;
        *agreement.kinds.entry(question.kind()).or_default() += 1;
        match ask(&question, here.engine, there.engine, deadline) {
            Outcome::Same => {}
            Outcome::Differs(difference) => {
                let Difference { question, place, one, other } = *difference;
                let asked = question.text();
                let differing = Differing { number, asked, at: place, here: one, there: other };
                agreement.differing.push(differing);
            }
            Outcome::Unanswered { one, other } => {
                let asked = question.text();
                let unanswered = Unanswered { number, asked, here: one, there: other };
                agreement.unanswered.push(unanswered);
            }
        }
        progress();
    }
    Ok(agreement)
}

/// Compares what two indexes hold.
fn held(here: &dyn Engine, there: &dyn Engine) -> Result<Held, AgreementError> {
    if here.corpus() == there.corpus() {
        return Ok(Held { same: true, ..Held::default() });
    }
    let here = reports(here).map_err(AgreementError::Here)?;
    let there = reports(there).map_err(AgreementError::There)?;
    let mut held = Held::default();
    let ids: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    for id in ids {
        match (here.get(id), there.get(id)) {
            (Some(one), Some(other)) if is_alike(one, other) => {}
            (Some(_), Some(_)) => held.unlike.push(id.clone()),
            (Some(_), None) => held.only_here.push(id.clone()),
            (None, _) => held.only_there.push(id.clone()),
        }
    }
    Ok(held)
}

/// Whether two records are of the same file, read alike: what the fingerprint of a corpus tells.
fn is_alike(one: &ReportRecord, other: &ReportRecord) -> bool {
    one.sha256 == other.sha256 && one.paragraphs == other.paragraphs
}

fn reports(engine: &dyn Engine) -> Result<BTreeMap<String, ReportRecord>, SearchError> {
    let reports = all_reports(engine, &Filters::default(), &Deadline::never())?;
    Ok(reports.into_iter().map(|report| (report.id.clone(), report)).collect())
}
