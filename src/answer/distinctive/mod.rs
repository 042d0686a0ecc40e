//! Finds the words and phrases that set one set of paragraphs apart from another.
//!
//! ```text
//! keyness    counts -> how much more often, and how sure
//! deal       reports and their sections -> the same, dealt anew to the two sets
//! weigh      counts of a term by section -> what is dealt, and how much it varies
//! chance     deals -> which terms differ by more than chance
//! dispersion counts of a term by report -> how evenly it is spread
//! overlap    terms -> those that remain when several say the same
//! notes      sets -> what a reader must know
//! ```
//!
//! Both sets are counted by one request (see [`findings_index::request::terms`]). A term is shown
//! only if reports dealt by chance do not differ as much, and if it would still differ as surely
//! without the report that has it most, so that no single report accounts for it. What a term says
//! about anybody is for whoever reads its paragraphs.

pub mod chance;
mod deal;
pub mod dispersion;
pub mod keyness;
mod notes;
mod overlap;
mod weigh;

use crate::answer::compare::eligible;
use crate::ask::notes::Note;
use crate::ask::provenance::Provenance;
use crate::ask::trace::{self, Again, Door, Repeat, Trace};
use crate::ask::{AskError, Conditions, Hint, Place, Reading, Refusal, Session};
use chance::{Chance, Chances, Shuffles};
use dispersion::{Part, deviation_of_proportions};
use findings_index::language::query::Query;
use findings_index::records::{Attribute, Kind};
use findings_index::request::Deadline;
use findings_index::request::terms::{
    LONGEST, ReportSize, SectionSize, Term, TermSet, TermsRequest, TermsResponse,
};
use findings_index::request::{Filters, SearchRequest, UnheldWord};
use findings_index::{Engine, SearchError};
use jiff::Timestamp;
use keyness::{SURE, Table};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The fewest reports of a set that a term must be in, unless asked for otherwise.
pub const FEWEST: usize = 3;

/// A term must be in one in this many reports of a set, unless asked for otherwise.
const ONE_IN: usize = 20;

/// The most forms of one word that the search for a term lists.
const FORMS: usize = 12;

/// The order of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = TermOrder))]
pub enum Order {
    /// The surest first, by the log-likelihood that allows for how the reports differ.
    #[default]
    LogLikelihood,
    /// The greatest difference first, by the log ratio.
    LogRatio,
}

impl Order {
    /// All orders, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::LogLikelihood, Self::LogRatio];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LogLikelihood => "log-likelihood",
            Self::LogRatio => "log-ratio",
        }
    }
}

/// A set of paragraphs, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypedSet {
    /// The query that its paragraphs match, if any.
    pub text: Option<String>,
    /// How its words are read.
    pub reading: Reading,
    /// The conditions on its paragraphs.
    pub conditions: Conditions,
}

/// A request to tell two sets apart, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// The two sets.
    pub sets: [TypedSet; 2],
    /// The longest phrase, in words.
    pub longest: usize,
    /// The most terms to show for each set.
    pub limit: usize,
    /// How many reports of its set a term must be in; `None` for one in twenty, but at least
    /// three.
    pub least_reports: Option<usize>,
    /// The order of the terms.
    pub order: Order,
    /// Kinds to count that are otherwise left out: context.
    pub include: Vec<Kind>,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            sets: Default::default(),
            longest: LONGEST,
            limit: 20,
            least_reports: None,
            order: Order::default(),
            include: Vec::new(),
        }
    }
}

/// Which of the two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The first.
    First,
    /// The second.
    Second,
}

impl Which {
    /// Its name in a sentence.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::First => "the first set",
            Self::Second => "the second set",
        }
    }
}

/// Tells two sets apart, as typed.
///
/// # Errors
/// A request that cannot be asked, and in which set; sets that cannot be told apart.
pub fn ask(
    session: &Session<'_>,
    typed: &Typed,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Distinction, DistinctiveError> {
    let [first, second] = &typed.sets;
    let first = understood(session, Which::First, first, door)?;
    let second = understood(session, Which::Second, second, door)?;
    let [one, other] = [(&typed.sets[0], &first), (&typed.sets[1], &second)].map(repeated);
    let question = Question {
        again: door.again(&Repeat::Distinctive { sets: [one, other] }),
        longest: typed.longest,
        limit: typed.limit,
        least_reports: typed.least_reports,
        order: typed.order,
        include: typed.include.clone(),
        names: names(session)?,
        door,
        asked,
        sets: [first, second],
    };
    distinctive(session.engine, &session.deadline, &question)
}

fn repeated<'a>((typed, asked): (&'a TypedSet, &'a Asked)) -> trace::Set<'a> {
    let newest = typed.conditions.newest();
    trace::Set {
        text: typed.text.as_deref(),
        reading: typed.reading,
        filters: &asked.named,
        newest,
    }
}

fn understood(
    session: &Session<'_>,
    which: Which,
    typed: &TypedSet,
    door: &dyn Door,
) -> Result<Asked, DistinctiveError> {
    let refused = |error: AskError| DistinctiveError::Set { which, source: Box::new(error) };
    let kinds = typed.conditions.of(Attribute::Kind);
    if kinds.iter().any(|kind| kind.eq_ignore_ascii_case(Kind::Boilerplate.name())) {
        let message = "boilerplate is never counted, since it says nothing about anybody";
        let refusal = Refusal::new("nothing_to_compare", message);
        return Err(refused(refusal.at(Place::Condition(Attribute::Kind)).into()));
    }
    let text = typed.text.as_deref().unwrap_or_default();
    if typed.text.is_some() && text.trim().is_empty() {
        let refusal = Refusal::new("nothing_asked", "the query has nothing to look for");
        return Err(refused(refusal.hint(Hint::NoQuery).into()));
    }
    if typed.text.is_none() && typed.reading != Reading::default() {
        let refusal = Refusal::new("nothing_asked", "how words are read belongs to a query");
        return Err(refused(refusal.hint(Hint::AddQuery).into()));
    }
    let deniable = typed.conditions.check_denials(text);
    deniable.map_err(|refusal| refused(refusal.hint(Hint::QueryOrTopic).into()))?;
    let read = session.read(text, typed.reading, &typed.conditions).map_err(refused)?;
    let filters = session.filters(&typed.conditions).map_err(refused)?;
    let latest = session.latest_note(&typed.conditions, &filters).map_err(refused)?;
    let named = typed.conditions.repeated(&filters);
    let mut asked = Asked {
        remarks: read.notes().into_iter().chain(latest).collect(),
        said: which.said().to_owned(),
        conditions: String::new(),
        query: read.query,
        passed_over: read.passed_over,
        unheld: read.unheld,
        filters,
        named,
    };
    asked.conditions = door.conditions(&repeated((typed, &asked)));
    Ok(asked)
}

/// Collects the names of authorities and regions, which are never terms.
fn names(session: &Session<'_>) -> Result<Vec<String>, DistinctiveError> {
    let table = session.authorities().map_err(DistinctiveError::Asking)?;
    let mut names = session.engine.values(Attribute::Authority)?;
    names.extend(session.engine.values(Attribute::Region)?);
    for authority in table.all() {
        names.extend([&authority.name, &authority.region].map(String::clone));
        names.extend(authority.other_names.iter().cloned());
    }
    Ok(names)
}

/// One of the two sets, as asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What it is called.
    pub said: String,
    /// Its conditions, as typed.
    pub conditions: String,
    /// The query that its paragraphs match.
    pub query: Query,
    /// Words of the query that were not looked for, because they occur almost everywhere.
    pub passed_over: Vec<String>,
    /// Words of the query that no paragraph holds.
    pub unheld: Vec<UnheldWord>,
    /// Remarks on the query, for whoever asks.
    pub remarks: Vec<Note>,
    /// The filters on its paragraphs.
    pub filters: Filters,
    /// The filters that were typed, without the reports that were chosen as the newest.
    pub named: Filters,
}

/// A request to tell two sets apart, as understood.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The sets.
    pub sets: [Asked; 2],
    /// The longest phrase, in words.
    pub longest: usize,
    /// The most terms to show for each set.
    pub limit: usize,
    /// How many reports of its set a term must be in; `None` for one in twenty, but at least three.
    pub least_reports: Option<usize>,
    /// The order of the terms.
    pub order: Order,
    /// Kinds to count that are otherwise left out.
    pub include: Vec<Kind>,
    /// Names, which are never terms.
    pub names: Vec<String>,
    /// How to ask the same again.
    pub again: Again,
    /// Writes the searches that find what was counted.
    pub door: &'a dyn Door,
    /// The time of asking.
    pub asked: Timestamp,
}

/// A set, as found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = DistinctiveSet))]
pub struct Set {
    /// Its conditions, as typed; empty where there are none.
    pub conditions: String,
    /// How many paragraphs it has.
    pub paragraphs: usize,
    /// How many reports they are in.
    pub reports: usize,
    /// How many words they have.
    pub words: u64,
    /// The codes of its frameworks, each with its number of paragraphs.
    pub frameworks: Vec<(String, usize)>,
    /// How many of its reports a term must be in.
    pub least_reports: usize,
    /// A search that finds its paragraphs.
    pub find: Trace,
}

/// A term in one set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = TermInSet))]
pub struct Standing {
    /// How often it occurs.
    pub count: u64,
    /// Occurrences per 10,000 words.
    pub per_10_000_words: f64,
    /// How many paragraphs it is in.
    pub paragraphs: usize,
    /// How many reports it is in.
    pub reports: usize,
    /// How often it occurs in the report that has it most.
    pub most_in_one_report: u64,
    /// How unevenly it is spread over the reports of the set, from 0 to 1: the deviation of
    /// proportions (see [`dispersion`]). `None` if the set does not have it.
    pub dispersion: Option<f64>,
    /// A search that finds these paragraphs. It also finds a phrase across punctuation, where it is
    /// not counted.
    pub find: Trace,
}

/// A term that sets the sets apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = DistinctiveTerm))]
pub struct Distinct {
    /// Its commonest form.
    pub text: String,
    /// How sure the difference is.
    pub log_likelihood: f64,
    /// How sure it is without the report that has the term most.
    pub log_likelihood_without_one_report: f64,
    /// How sure it is as reports go, which differ among themselves (see [`chance`]).
    pub log_likelihood_by_report: f64,
    /// The share of shuffles in which any term differs as much.
    pub p_value: f64,
    /// The share of terms that are there by chance, among those that differ as much as this one.
    pub q_value: f64,
    /// How great it is: 1 is twice as often in the first set, -1 twice as often in the second.
    pub log_ratio: f64,
    /// The term in each set.
    pub sets: [Standing; 2],
    /// Terms that it represents as well.
    pub stands_for: Vec<String>,
}

/// How many terms were left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = TermsLeftOut))]
pub struct LeftOut {
    /// Names that differ as surely, but are not terms.
    pub names: Vec<String>,
    /// How many would not be sure without one report.
    pub carried_by_one_report: usize,
    /// How many would be sure if words were strewn singly, but not as the reports differ.
    pub by_chance: usize,
    /// How many say the same as another, or come after the last one shown.
    pub further: usize,
}

/// How two sets differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Distinction {
    /// The sets.
    pub sets: [Set; 2],
    /// How many paragraphs are in both.
    pub shared: usize,
    /// The terms of the first set, and those of the second.
    pub terms: [Vec<Distinct>; 2],
    /// What was left out.
    pub left_out: LeftOut,
    /// How the reports were shuffled.
    pub shuffles: Shuffles,
    /// The order of the terms.
    pub order: Order,
    /// The rules by which terms are chosen.
    pub rules: Vec<String>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// What is needed to repeat the answer.
    pub provenance: Provenance,
    /// Remarks on the question, for whoever asked; they are among the notes as well.
    #[serde(skip)]
    pub remarks: Vec<Note>,
}

/// Why two sets cannot be told apart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DistinctiveError {
    /// A set has no paragraphs.
    #[error("{said} leaves no paragraph")]
    Empty {
        /// The set.
        said: String,
        /// Remarks on its query, for whoever asked.
        remarks: Vec<Note>,
    },
    /// A set has too few reports for a term to be spread over.
    #[error(
        "{said} leaves paragraphs of {reports} report{}, and a term has to be in {least} of them",
        if *reports == 1 { "" } else { "s" }
    )]
    FewReports {
        /// The set.
        said: String,
        /// How many reports it has.
        reports: usize,
        /// How many a term needs.
        least: usize,
    },
    /// Both sets are the same.
    #[error("both sets are the same {paragraphs} paragraphs")]
    Same {
        /// How many.
        paragraphs: usize,
    },
    /// A set cannot be asked for as typed.
    #[error("{}: {source}", which.said())]
    Set {
        /// Which set.
        which: Which,
        /// What is wrong with it.
        source: Box<AskError>,
    },
    /// The table of authorities cannot be read.
    #[error(transparent)]
    Asking(AskError),
    /// The sets cannot be counted.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// A term that may be shown.
#[derive(Debug, Clone)]
struct Candidate {
    term: Term,
    table: Table,
    /// In each set, the occurrences in the report that has it most, and that report's words.
    most: [Part; 2],
    /// How evenly it is spread over each set.
    dispersion: [Option<f64>; 2],
    chance: Chance,
}

impl Candidate {
    fn new(term: Term, table: Table, chance: Chance, counted: &Counted) -> Self {
        let mut by_report: BTreeMap<u32, [u64; 2]> = BTreeMap::new();
        for own in &term.sections {
            let report = counted.sections[own.section as usize].report;
            let counts = by_report.entry(report).or_default();
            *counts = [0, 1].map(|set| counts[set] + u64::from(own.counts[set]));
        }
        let parts = [0, 1].map(|set| -> Vec<Part> {
            let part = |(report, counts): (&u32, &[u64; 2])| Part {
                count: counts[set],
                words: counted.reports[*report as usize].words[set],
            };
            by_report.iter().map(part).filter(|part| part.count > 0).collect()
        });
        let most = |parts: &Vec<Part>| {
            let most = parts.iter().copied().max_by_key(|part| (part.count, Reverse(part.words)));
            most.unwrap_or(Part { count: 0, words: 0 })
        };
        let most = parts.each_ref().map(most);
        let dispersion = [0, 1].map(|set| deviation_of_proportions(&parts[set], table.words[set]));
        Self { term, table, most, dispersion, chance }
    }

    /// The log-likelihood without the report that has it most; 0 where the term is then more
    /// frequent in the other set.
    fn without(&self) -> f64 {
        let own = self.table.set();
        let mut rest = self.table;
        rest.counts[own] -= self.most[own].count;
        rest.words[own] -= self.most[own].words;
        if rest.set() == own { rest.log_likelihood() } else { 0.0 }
    }

    /// How often it occurs in the set that it is typical of.
    fn own_count(&self) -> u64 {
        self.table.counts[self.table.set()]
    }
}

/// What was counted, but for the terms.
struct Counted {
    reports: Vec<ReportSize>,
    sections: Vec<SectionSize>,
}

/// Tells two sets apart.
///
/// # Errors
/// [`DistinctiveError`] where a set is empty or too small, or where both are the same.
pub fn distinctive(
    engine: &dyn Engine,
    deadline: &Deadline,
    question: &Question<'_>,
) -> Result<Distinction, DistinctiveError> {
    let filters = [0, 1].map(|set| {
        let Asked { query, filters, .. } = &question.sets[set];
        eligible(query, filters, &question.include)
    });
    let mut sets = Vec::with_capacity(2);
    for (asked, filters) in question.sets.iter().zip(&filters) {
        sets.push(set(engine, deadline, asked, filters, question)?);
    }
    let [first, second]: [Set; 2] = match <[Set; 2]>::try_from(sets) {
        Ok(sets) => sets,
        Err(_) => return Err(DistinctiveError::Empty { said: String::new(), remarks: Vec::new() }),
    };
    let least_reports = [first.least_reports, second.least_reports];
    let asked = |at: usize| TermSet {
        query: question.sets[at].query.clone(),
        filters: filters[at].clone(),
    };
    let request = TermsRequest {
        sets: [asked(0), asked(1)],
        longest: question.longest.clamp(1, LONGEST),
        names: question.names.clone(),
        least_reports: least_reports[0].min(least_reports[1]),
    };
    let response = engine.terms(&request, deadline)?;
    let mut sets = [first, second];
    for (set, size) in sets.iter_mut().zip(&response.sizes) {
        (set.paragraphs, set.reports, set.words) = (size.paragraphs, size.reports, size.words);
    }
    let is_same = response.sizes.iter().all(|size| size.paragraphs == response.shared);
    if is_same {
        return Err(DistinctiveError::Same { paragraphs: response.shared });
    }
    let chances = Chances::of(&response, least_reports, deadline)?;
    let mut left_out = LeftOut::default();
    let (sizes, shared, shuffles) = (response.sizes, response.shared, chances.shuffles);
    let candidates = candidates(response, chances, least_reports, question.order, &mut left_out);
    let found: usize = candidates.iter().map(Vec::len).sum();
    let terms = candidates.map(|candidates| {
        let kept = overlap::reduce(&candidates, question.limit);
        let told = |(at, stands_for): (usize, Vec<String>)| {
            told(&candidates[at], stands_for, question, &filters)
        };
        kept.into_iter().map(told).collect::<Vec<_>>()
    });
    left_out.further = found - terms.iter().map(Vec::len).sum::<usize>();
    let few = notes::too_few(&shuffles);
    let remarks = question.sets.iter().flat_map(|set| &set.remarks).chain(&few);
    Ok(Distinction {
        remarks: remarks.cloned().collect(),
        rules: notes::rules(question, &sets, &shuffles),
        notes: few
            .iter()
            .map(|few| few.text.clone())
            .chain(notes::notes(question, &sets, shared, &sizes))
            .collect(),
        shuffles,
        sets,
        shared,
        terms,
        left_out,
        order: question.order,
        provenance: Provenance::new(engine, &question.again, question.asked)?,
    })
}

/// Looks up a set. The engine counts its words later, with the terms.
fn set(
    engine: &dyn Engine,
    deadline: &Deadline,
    asked: &Asked,
    filters: &Filters,
    question: &Question<'_>,
) -> Result<Set, DistinctiveError> {
    let (least_reports, door) = (question.least_reports, question.door);
    let said = asked.said.clone();
    let request = SearchRequest {
        query: asked.query.clone(),
        filters: filters.clone(),
        facets: vec![Attribute::Framework],
        limit: 0,
        ..SearchRequest::default()
    };
    let answer = engine.search(&request, deadline)?;
    if filters.kinds().is_empty() || answer.total == 0 {
        let remarks = asked.remarks.clone();
        return Err(DistinctiveError::Empty { said, remarks });
    }
    let least = least_reports.unwrap_or_else(|| answer.reports.div_ceil(ONE_IN).max(FEWEST));
    if answer.reports < least {
        return Err(DistinctiveError::FewReports { said, reports: answer.reports, least });
    }
    let counts = answer.facets.into_iter().flat_map(|facet| facet.counts);
    let find = Trace::new(&asked.query.unwidened().to_string(), filters, door);
    Ok(Set {
        conditions: asked.conditions.clone(),
        paragraphs: answer.total,
        reports: answer.reports,
        words: 0,
        frameworks: counts.filter_map(|count| Some((count.value?, count.count))).collect(),
        least_reports: least,
        find,
    })
}

/// Picks the terms of each set that may be shown, in order.
fn candidates(
    response: TermsResponse,
    chances: Chances,
    least_reports: [usize; 2],
    order: Order,
    left_out: &mut LeftOut,
) -> [Vec<Candidate>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    let mut names: Vec<(f64, String)> = Vec::new();
    let words = response.sizes.map(|size| size.words);
    let counted = Counted { reports: response.reports, sections: response.sections };
    for (term, chance) in response.terms.into_iter().zip(chances.terms) {
        let table = Table { counts: term.counts.map(|count| count.count), words };
        let (own, sure) = (table.set(), table.log_likelihood());
        let is_spread = term.counts[own].reports >= least_reports[own];
        if sure < SURE || !is_spread {
            continue;
        }
        let candidate = Candidate::new(term, table, chance, &counted);
        let is_more_than_chance = candidate.chance.favours(own);
        if candidate.without() < SURE {
            left_out.carried_by_one_report += 1;
        } else if candidate.term.is_name {
            if is_more_than_chance {
                names.push((sure, candidate.term.text));
            }
        } else if is_more_than_chance {
            found[own].push(candidate);
        } else if !chances.shuffles.too_few {
            left_out.by_chance += 1;
        }
    }
    names.sort_by(|a, b| b.0.total_cmp(&a.0));
    left_out.names = names.into_iter().map(|(_, name)| name).collect();
    let weight = |candidate: &Candidate| match order {
        Order::LogLikelihood => candidate.chance.log_likelihood,
        Order::LogRatio => candidate.table.log_ratio().abs(),
    };
    for candidates in &mut found {
        candidates.sort_by(|a, b| {
            weight(b).total_cmp(&weight(a)).then_with(|| a.term.stems.cmp(&b.term.stems))
        });
    }
    found
}

fn told(
    candidate: &Candidate,
    stands_for: Vec<String>,
    question: &Question<'_>,
    filters: &[Filters; 2],
) -> Distinct {
    let Candidate { table, chance, .. } = candidate;
    let phrase = phrase(&candidate.term);
    let rates = table.rates();
    let sets = [0, 1].map(|set| {
        let count = &candidate.term.counts[set];
        let query = match &question.sets[set].query {
            Query::All => phrase.clone(),
            own => format!("{phrase} ({})", own.unwidened()),
        };
        Standing {
            count: count.count,
            per_10_000_words: rates[set],
            paragraphs: count.paragraphs,
            reports: count.reports,
            most_in_one_report: candidate.most[set].count,
            dispersion: candidate.dispersion[set],
            find: Trace::new(&query, &filters[set], question.door),
        }
    });
    Distinct {
        text: candidate.term.text.clone(),
        log_likelihood: table.log_likelihood(),
        log_likelihood_without_one_report: candidate.without(),
        log_likelihood_by_report: chance.log_likelihood,
        p_value: chance.p_value,
        q_value: chance.q_value,
        log_ratio: table.log_ratio(),
        sets,
        stands_for,
    }
}

/// Writes the query for a term: its words next to each other, each in any form that occurs.
fn phrase(term: &Term) -> String {
    let words = term.forms.iter().map(|forms| match forms.as_slice() {
        [only] => only.clone(),
        forms => format!("({})", forms[..forms.len().min(FORMS)].join("|")),
    });
    format!("\"{}\"", words.collect::<Vec<_>>().join(" "))
}
