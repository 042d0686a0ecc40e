//! Recommendations: what was asked of whom and by when, and what the next inspection asked again.
//!
//! ```text
//! groups      recommendations -> counts by theme, timescale, addressee ...
//! series      reports -> the inspections of each authority in order
//! about       what was asked -> which recommendations are about it
//! alike       two recommendations -> whether they ask for the same
//! repeated    inspections in order -> which recommendations were made again
//! chains      what was made again -> chains, numbered and listed
//! notes       what a reader must know
//! ```
//!
//! Works above any engine. Never says whether a recommendation was followed: that one is not made
//! again may mean that it was, or that nobody looked.

mod about;
mod alike;
mod chains;
mod groups;
mod notes;
mod repeated;
mod series;

pub use groups::{Group, Groups};
pub use notes::how_found;

use crate::answer::compare::{Source, sources};
use crate::ask::error::OtherCondition;
use crate::ask::notes::Note;
use crate::ask::provenance::{LookedFor, Provenance};
use crate::ask::reading::Understood;
use crate::ask::trace::{Door, Looked, Repeat};
use crate::ask::{AskError, Conditions, Hint, Place, Reading, Refusal, Session};
use crate::knowledge::names::Names;
use about::About;
use chains::Chains;
use findings_index::SearchError;
use findings_index::engine::{each_hit, paragraphs_of};
use findings_index::records::{Attribute, Kind, ParagraphRecord, ReportHead};
use findings_index::request::{Filters, Hit, HitsRequest, SearchRequest, Sort};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What recommendations can be counted by, in the order in which it is listed.
pub const BY: [Attribute; 9] = [
    Attribute::Theme,
    Attribute::Topic,
    Attribute::Timescale,
    Attribute::Addressee,
    Attribute::Authority,
    Attribute::Region,
    Attribute::Framework,
    Attribute::Overall,
    Attribute::Year,
];

/// What they are counted by where nothing else is asked for, unless chains are.
const USUAL: [Attribute; 4] =
    [Attribute::Theme, Attribute::Topic, Attribute::Timescale, Attribute::Addressee];

/// A question about recommendations, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// What they are about; if empty, all that the conditions leave.
    pub text: String,
    /// How its words are read.
    pub reading: Reading,
    /// Conditions on recommendations and their reports.
    pub conditions: Conditions,
    /// By what they are counted; `None` for what they say themselves: theme, topic, timescale and
    /// addressee, or, of chains, for no counts.
    pub by: Option<Attribute>,
    /// The order of the list.
    pub sort: Sort,
    /// Whether chains are listed in place of single recommendations; `limit` and `offset` then count
    /// chains.
    pub repeated: bool,
    /// The greatest number of recommendations or chains that are listed.
    pub limit: usize,
    /// How many are skipped.
    pub offset: usize,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            text: String::new(),
            reading: Reading::default(),
            conditions: Conditions::default(),
            by: None,
            sort: Sort::Relevance,
            repeated: false,
            limit: 10,
            offset: 0,
        }
    }
}

impl Typed {
    /// Refuses a question that no index could answer.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Refusal> {
        let message = "recommendations are one kind of paragraph, so `kind` cannot narrow them";
        let advice = "leave the condition out, or search for paragraphs of another kind";
        let refusal = |place| {
            let refusal = Refusal::new("contradiction", message).at(place);
            Err(refusal.hint(Hint::Advice(advice.to_owned())))
        };
        if !self.conditions.of(Attribute::Kind).is_empty() {
            return refusal(Place::Condition(Attribute::Kind));
        }
        if !self.conditions.excluded(Attribute::Kind).is_empty() {
            return refusal(Place::Exclusion(Attribute::Kind));
        }
        if self.conditions.without_denials {
            let message = "a recommendation denies nothing, so that none is left out for it";
            return Err(Refusal::new("contradiction", message)
                .at(Place::Other(OtherCondition::WithoutDenials)));
        }
        match self.by {
            Some(by) if !BY.contains(&by) => {
                let message = format!("recommendations are not counted by `{}`", by.name());
                Err(Refusal::new("bad_value", message))
            }
            _ => Ok(()),
        }
    }
}

/// How alike two recommendations are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Likeness {
    /// Closeness in meaning, in hundredths; `None` if the program has no vectors.
    pub closeness: Option<i64>,
    /// How many of the telling words of the shorter one the other has as well, of a hundred.
    pub wording: i64,
    /// Whether both say nearly the same in nearly the same words.
    pub is_near_identical: bool,
}

/// Two recommendations that ask for the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Link {
    /// Id of that of the earlier inspection.
    pub earlier: String,
    /// Id of that of the next one.
    pub later: String,
    /// How alike they are.
    #[serde(flatten)]
    pub likeness: Likeness,
}

/// What was asked of whom, and by when.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Recommendation {
    /// Its place among those that meet the question, counted from 1; `None` for one that does not, and
    /// is there as part of a chain.
    pub rank: Option<usize>,
    /// Its id.
    pub id: String,
    /// The report that makes it.
    pub report: ReportHead,
    /// SHA-256 of the report's file.
    pub sha256: String,
    /// The headings above it, outermost first.
    pub section: Vec<String>,
    /// The theme of its section; lists of recommendations on everything have none.
    pub theme: Option<String>,
    /// Ids of the topics that it is about.
    pub topics: Vec<String>,
    /// The number as printed.
    pub number: Option<String>,
    /// The PDF's page on which it begins, counted from 1.
    pub page: Option<u32>,
    /// The page on which it ends.
    pub page_end: Option<u32>,
    /// The deadline as printed.
    pub timescale: Option<String>,
    /// The body that it is addressed to, as printed.
    pub addressee: Option<String>,
    /// Id of the paragraph that introduces it.
    pub parent: Option<String>,
    /// The words that introduce it, where it is one of a list.
    pub lead: Option<String>,
    /// What is asked for.
    pub text: String,
    /// The points of which it consists, where it ends in a list.
    pub parts: Vec<String>,
    /// How to cite it.
    pub citation: String,
    /// The number of the chain that it is in, counted from 1.
    pub chain: Option<usize>,
    /// Those of the inspection before that ask for the same.
    pub repeats: Vec<Link>,
    /// Those of the next inspection that ask for the same.
    pub repeated_by: Vec<Link>,
}

/// Recommendations of successive inspections of one authority that ask for the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Chain {
    /// Its number, counted from 1: those over most inspections first, then those made last.
    pub number: usize,
    /// The authority.
    pub authority: Option<String>,
    /// Ids of the topics that at least two of them are about.
    pub topics: Vec<String>,
    /// Number of inspections.
    pub inspections: usize,
    /// Those that make it up, in the order of the inspections.
    pub recommendations: Vec<Recommendation>,
}

/// The recommendations that were made again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Repeated {
    /// Number of chains with a recommendation that meets the question.
    pub chains: usize,
    /// Number of recommendations that meet the question and are in a chain.
    pub recommendations: usize,
    /// Number of recommendations that meet the question and could be in one: those of an inspection
    /// that has one before or after it with recommendations to the same body.
    pub compared: usize,
    /// Number of pairs of successive inspections that were compared.
    pub inspections: usize,
    /// The chains that are listed.
    pub listed: Vec<Chain>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Recommendations {
    /// Number of recommendations.
    pub total: usize,
    /// Number of reports that make them.
    pub reports: usize,
    /// Number of known authorities to which they are made.
    pub authorities: usize,
    /// The first day on which one of the inspections began.
    pub first: Option<Date>,
    /// The last day on which one of them began.
    pub last: Option<Date>,
    /// How many have a theme.
    pub with_theme: usize,
    /// How many have a topic.
    pub with_topic: usize,
    /// How many say by when.
    pub with_timescale: usize,
    /// How many say whom they are addressed to.
    pub with_addressee: usize,
    /// The counts.
    pub groups: Vec<Groups>,
    /// The order of the list.
    pub sort: Sort,
    /// How many recommendations, or chains, were skipped.
    pub offset: usize,
    /// Those that are listed; none where chains are.
    pub recommendations: Vec<Recommendation>,
    /// Those that were made again.
    pub repeated: Repeated,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// What was looked for, as understood.
    #[serde(flatten)]
    pub looked_for: LookedFor,
    /// The frameworks of the reports, and on what terms these may be reused.
    pub sources: Vec<Source>,
    /// The conditions.
    pub filters: Filters,
    /// What is needed to repeat the answer.
    pub provenance: Provenance,
    /// Remarks on the question, for whoever asked.
    #[serde(skip)]
    pub remarks: Vec<Note>,
    /// Whether chains were asked for.
    #[serde(skip)]
    pub of_chains: bool,
    /// The names of frameworks and themes, for readers.
    #[serde(skip)]
    pub names: Names,
}

impl Recommendations {
    /// Whether there is any of what was asked for.
    #[must_use]
    pub fn has_any(&self) -> bool {
        if self.of_chains { self.repeated.chains > 0 } else { self.total > 0 }
    }

    /// Keeps the first of what is listed.
    pub fn keep_first(&mut self, limit: usize) {
        self.recommendations.truncate(limit);
        self.repeated.listed.truncate(limit);
    }

    /// Number of what can be listed: recommendations, or chains.
    #[must_use]
    pub fn available(&self) -> usize {
        if self.of_chains { self.repeated.chains } else { self.total }
    }

    /// Number of what is listed.
    #[must_use]
    pub fn shown(&self) -> usize {
        if self.of_chains { self.repeated.listed.len() } else { self.recommendations.len() }
    }
}

/// Answers a question about recommendations as typed.
///
/// # Errors
/// A question that cannot be asked, or a failure of the engine.
pub fn ask(
    session: &Session<'_>,
    typed: &Typed,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Recommendations, AskError> {
    typed.check()?;
    let mut understood = session.read(&typed.text, typed.reading, &typed.conditions)?;
    let filters = session.filters(&typed.conditions)?;
    let filters = filters.with(Attribute::Kind, vec![Kind::Recommendation]);
    session.read_otherwise(&mut understood, &filters)?;
    let found = found(session, &understood, &filters, typed.sort)?;
    let remarks = remarks(session, &understood, &typed.conditions, &filters, found.hits.len())?;
    let about = About::of(&understood.query, &filters);
    let chains = Chains::among(session, &found.hits, about.as_ref())?;

    let mut asked_for = typed.conditions.repeated(&filters);
    asked_for.clear(Attribute::Kind);
    let looked = Looked { text: &understood.typed, reading: typed.reading, topics: &[] };
    let again = door.again(&Repeat::Recommendations { subject: looked, filters: &asked_for });
    let finding = groups::Finding {
        query: &understood.query,
        filters: &filters,
        door,
        topics: session.engine.topics()?,
    };
    let by: &[Attribute] = match &typed.by {
        Some(by) => std::slice::from_ref(by),
        // Whoever asks for chains wants to see them first.
        None if typed.repeated => &[],
        None => &USUAL,
    };
    let is_repeated = |id: &str, topic: Option<&str>| match topic {
        Some(topic) => chains.has_on(id, topic),
        None => chains.has(id),
    };
    let groups = by.iter().map(|by| {
        let mut groups = finding.groups(*by, &found.hits, is_repeated);
        if typed.repeated {
            groups.most_repeated_first();
        }
        groups
    });
    let groups = groups.collect();

    let hits = &found.hits;
    let count =
        |has: fn(&ParagraphRecord) -> bool| hits.iter().filter(|hit| has(&hit.paragraph)).count();
    let authorities: BTreeSet<&str> =
        hits.iter().filter_map(|hit| hit.head.authority.as_deref()).collect();
    let reports: BTreeMap<&str, &str> =
        hits.iter().map(|hit| (hit.head.id.as_str(), hit.head.framework.as_str())).collect();
    let days = || hits.iter().filter_map(|hit| hit.head.date());
    let listed = hits.iter().skip(typed.offset).take(typed.limit);
    let mut recommendations = match typed.repeated {
        true => Vec::new(),
        false => {
            listed.map(|hit| chains.recommendation(&hit.paragraph, &hit.head)).collect::<Vec<_>>()
        }
    };
    let skipped = if typed.repeated { (typed.offset, typed.limit) } else { (0, 0) };
    let mut repeated = chains.answer(hits, skipped);
    let chained = repeated.listed.iter_mut().flat_map(|chain| &mut chain.recommendations);
    complete(session, recommendations.iter_mut().chain(chained))?;
    let mut answer = Recommendations {
        total: hits.len(),
        reports: reports.len(),
        authorities: authorities.len(),
        first: days().min(),
        last: days().max(),
        with_theme: count(|own| own.theme.is_some()),
        with_topic: count(|own| !own.topics.is_empty()),
        with_timescale: count(|own| own.timescale.is_some()),
        with_addressee: count(|own| own.addressee.is_some()),
        groups,
        sort: found.sort,
        offset: typed.offset,
        recommendations,
        repeated,
        notes: Vec::new(),
        looked_for: found.looked_for,
        sources: sources(reports.values().copied(), session.reference.names()),
        filters: filters.clone(),
        provenance: Provenance::new(session.engine, &again, asked)?,
        remarks,
        of_chains: typed.repeated,
        names: session.reference.names().clone(),
    };
    answer.notes = notes::notes(&answer, session.reference.meaning().is_some(), about.is_some());
    Ok(answer)
}

/// What the engine found.
struct Found {
    hits: Vec<Hit>,
    sort: Sort,
    looked_for: LookedFor,
}

/// Finds all recommendations that meet the question, in order.
fn found(
    session: &Session<'_>,
    understood: &Understood,
    filters: &Filters,
    sort: Sort,
) -> Result<Found, AskError> {
    let (engine, deadline) = (session.engine, &session.deadline);
    let sort = match sort {
        // Without words all are equally relevant, so they are listed.
        Sort::Relevance if !understood.query.looks_into_text() => Sort::Authority,
        sort => sort,
    };
    let counted = SearchRequest {
        query: understood.query.clone(),
        filters: filters.clone(),
        limit: 0,
        ..SearchRequest::default()
    };
    let counted = engine.search(&counted, deadline).map_err(|error| understood.failed(error))?;
    let every = HitsRequest {
        query: understood.query.clone(),
        filters: filters.clone(),
        sort,
        ..HitsRequest::default()
    };
    let mut hits = Vec::new();
    each_hit(engine, &every, deadline, |hit| {
        hits.push(hit);
        Ok::<_, SearchError>(())
    })?;
    let looked_for = LookedFor {
        query: counted.query,
        expansions: counted.expansions,
        topics_used: counted.topics_used,
        unheld: understood.unheld.clone(),
        uncounted: understood.uncounted.clone(),
        otherwise: understood.otherwise.clone(),
    };
    Ok(Found { hits, sort, looked_for })
}

/// The remarks on the question.
fn remarks(
    session: &Session<'_>,
    understood: &Understood,
    conditions: &Conditions,
    filters: &Filters,
    total: usize,
) -> Result<Vec<Note>, AskError> {
    let mut remarks = understood.notes();
    if total == 0 {
        remarks.extend(session.not_held_then(&understood.query, filters)?);
    }
    remarks.extend(session.unmet_timescales(conditions)?);
    remarks.extend(session.latest_note(conditions, filters)?);
    Ok(remarks)
}

/// Adds to what is listed the words that introduce it, and the points of which it consists.
fn complete<'r>(
    session: &Session<'_>,
    listed: impl Iterator<Item = &'r mut Recommendation>,
) -> Result<(), AskError> {
    let mut of_reports: HashMap<String, Vec<ParagraphRecord>> = HashMap::new();
    for own in listed {
        if own.parent.is_none() && !own.text.trim_end().ends_with(':') {
            continue;
        }
        let paragraphs = match of_reports.get(&own.report.id) {
            Some(held) => held,
            None => {
                let held = paragraphs_of(session.engine, &own.report.id, &session.deadline)?;
                of_reports.entry(own.report.id.clone()).or_insert(held)
            }
        };
        let parent = paragraphs.iter().find(|one| Some(&one.id) == own.parent.as_ref());
        own.lead = parent.filter(|one| repeated::introduces(one)).map(|one| one.text.clone());
        let is_part = |one: &&ParagraphRecord| one.parent.as_ref() == Some(&own.id);
        own.parts = paragraphs.iter().filter(is_part).map(|one| one.text.clone()).collect();
    }
    Ok(())
}
