//! Compares how often a subject is mentioned: counts of an index -> rates, intervals, a sentence.
//!
//! ```text
//! share           counts by report -> rates with intervals
//! standard        counts by report -> what is expected of a group by the frameworks of its reports
//! groups          tallies -> groups
//! funnel, shuffle how far groups are from that, and how far chance alone would take them
//! mentions        reports -> inspections that mention it, authorities that do not or are not held
//! quotes          the best matches -> the few that are shown
//! fairness        the counts -> what a reader must know before drawing a conclusion
//! conditions      the filters -> words
//! sources         reports -> on what terms they may be reused
//! statements      all of these -> what may be said, and what may not
//! sentence        all of these -> the answer in words
//! ```
//!
//! All counts come from one request to the index (see [`findings_index::request::compare`]).
//! Nothing is judged here: whether a mention is praise is for whoever reads the paragraph, and no
//! score says how good anybody is. Groups are in the order of their names unless another is asked
//! for.

mod conditions;
mod denials;
pub mod fairness;
pub mod funnel;
mod groups;
pub mod mentions;
pub mod quotes;
mod sentence;
mod share;
mod shuffle;
mod sources;
mod span;
mod standard;
mod statements;

pub use groups::{GradeRow, Group};
pub(super) use sentence::left_out;
pub use share::{Cluster, Share, too_few};
pub use sources::Source;
pub(in crate::answer) use sources::sources;
pub use span::Span;
pub(super) use standard::Usual;
pub use standard::{Standardised, Strata};
pub use statements::Statements;

use crate::ask::notes::{self, Otherwise, Uncounted};
use crate::ask::provenance::{LookedFor, Provenance};
use crate::ask::subject::Subject;
use crate::ask::trace::{Again, Door, Looked, Repeat};
use crate::ask::{
    AskError, Conditions, Hint, Near, Neighbourhood, Place, Reading, Refusal, Scope, Session,
    once_each,
};
use crate::knowledge::names::Names;
use denials::Denials;
use fairness::Note;
use findings_index::language::query::Query;
use findings_index::records::ledger::Ledger;
use findings_index::records::{Attribute, Kind};
use findings_index::request::Deadline;
use findings_index::request::compare::{CompareRequest, CompareResponse, GroupTally};
use findings_index::request::{Filters, UnheldWord};
use findings_index::{Engine, SearchError};
use funnel::{Funnel, Method};
use groups::Making;
use jiff::Timestamp;
use mentions::{Held, Mentions, Silence};
use serde::{Deserialize, Serialize};
use standard::Standard;

/// The order of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = ComparisonSort))]
pub enum Sort {
    /// By name; grades by their place on the scale.
    #[default]
    Name,
    /// The highest rate first.
    Rate,
    /// The most reports first.
    Reports,
}

/// A comparison, as typed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// The query; empty where topics among the conditions alone are the subject.
    pub text: String,
    /// How its words are read.
    pub reading: Reading,
    /// The conditions on paragraphs, except that topics are the subject, or a part of it.
    pub conditions: Conditions,
    /// One dimension, or two for a table of both.
    pub by: Vec<Attribute>,
    /// Kinds to count that are otherwise left out: context.
    pub include: Vec<Kind>,
    /// The order of the groups.
    pub sort: Sort,
    /// How many quotes a group shows.
    pub quotes: quotes::Wanted,
    /// What rates are standardised by, if anything: framework.
    pub standardise: Option<Attribute>,
    /// What the limits of the funnel allow for.
    pub limits: Method,
    /// Whether the newest full inspections are compared as well, to be shown next to all.
    pub newest_as_well: bool,
}

impl Typed {
    /// Refuses a request that no index could answer.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Refusal> {
        let boilerplate = Kind::Boilerplate.name();
        let kinds = self.conditions.of(Attribute::Kind);
        if kinds.iter().any(|kind| kind.eq_ignore_ascii_case(boilerplate)) {
            let message = "boilerplate is never compared, since it says nothing about anybody";
            return Err(Refusal::new("nothing_to_compare", message)
                .at(Place::Condition(Attribute::Kind))
                .hint(Hint::SearchBoilerplate));
        }
        let excluded = self.conditions.excluded(Attribute::Kind);
        let is_excluded =
            |kind: &&Kind| excluded.iter().any(|name| name.eq_ignore_ascii_case(kind.name()));
        if let Some(kind) = self.include.iter().find(is_excluded) {
            return Err(both(kind.name(), Attribute::Kind));
        }
        if let Some(other) = self.standardise.filter(|by| *by != Attribute::Framework) {
            let message =
                format!("rates can be standardised by framework, not by {}", other.name());
            return Err(Refusal::new("not_standardised", message));
        }
        if self.standardise.is_some() && self.by.contains(&Attribute::Framework) {
            let message = "rates standardised by framework cannot be compared by framework";
            let advice = "compare by something else, or show rates as they are".to_owned();
            return Err(Refusal::new("not_standardised", message).hint(Hint::Advice(advice)));
        }
        Subject::check(&self.text, self.conditions.of(Attribute::Topic))
    }
}

/// Answers a comparison as typed.
///
/// # Errors
/// A request that cannot be asked, or a failure of the engine.
pub fn ask(
    session: &Session<'_>,
    typed: &Typed,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Comparison, AskError> {
    typed.check()?;
    let neighbourhood = session.neighbourhood(&typed.conditions)?;
    let excluded = session.excluded(&typed.conditions)?;
    let mut conditions = typed.conditions.with_councils(neighbourhood.as_ref(), &excluded);
    let topics = conditions.take(Attribute::Topic);
    let mut subject = session.subject(&typed.text, &topics, typed.reading, &conditions)?;
    let is_excluded = |id: &&String| excluded.values(Attribute::Topic).contains(id);
    if let Some(topic) = subject.topics.iter().find(is_excluded) {
        return Err(both(topic, Attribute::Topic).into());
    }
    let (filters, scope) = session.scope(&conditions)?;
    let latest = session.latest_note(&conditions, &filters)?;
    // Authorities without a report are part of the answer, so repeating it must name them as well.
    let mut named = conditions.repeated(&filters);
    if !named.values(Attribute::Authority).is_empty() {
        let held = named.values(Attribute::Authority).iter().chain(&scope.authorities).cloned();
        named.set(Attribute::Authority, once_each(held.collect()));
    }
    if let Some(own) = &neighbourhood {
        own.leave_to_itself(&mut named);
    }
    let eligible = eligible(&subject.understood.query, &filters, &typed.include);
    let among = subject.within(eligible);
    session.read_otherwise(&mut subject.understood, &among)?;
    session.read_several_or_topics(&mut subject.understood, &among)?;
    let looked =
        Looked { text: &subject.understood.typed, reading: typed.reading, topics: &subject.topics };
    let mut remarks = subject.understood.notes();
    remarks.extend(session.not_held_then(&subject.understood.query, &filters)?);
    let question = Question {
        again: door.again(&Repeat::Compare { subject: looked, filters: &named }),
        query: subject.understood.query.clone(),
        passed_over: subject.understood.passed_over.clone(),
        unheld: subject.understood.unheld.clone(),
        uncounted: subject.understood.uncounted.clone(),
        otherwise: subject.understood.otherwise.clone(),
        remarks: [remarks, latest.into_iter().collect()].concat(),
        is_negated: subject.understood.negates(),
        latest: conditions.takes_latest(),
        name: subject.name,
        filters,
        include: typed.include.clone(),
        by: typed.by.clone(),
        quotes: typed.quotes,
        sort: typed.sort,
        is_standardised: typed.standardise.is_some(),
        limits: typed.limits,
        neighbourhood,
        scope,
        door,
        names: session.reference.names(),
        asked,
    };
    let failed = |error| subject.understood.failed(error);
    let mut comparison = compare(session.engine, &session.deadline, &question).map_err(failed)?;
    if typed.newest_as_well && !conditions.takes_latest() {
        let newest = newest(session, &conditions, &question)?;
        comparison.newest = newest
            .map(|question| compare(session.engine, &session.deadline, &question))
            .transpose()
            .map_err(failed)?
            .map(Box::new);
    }
    Ok(comparison)
}

/// Refuses a value that is looked for or counted, and excluded.
fn both(value: &str, attribute: Attribute) -> Refusal {
    let message = format!("`{value}` is both asked for and excluded");
    Refusal::new("contradiction", message).at(Place::Exclusion(attribute))
}

/// The same question about the newest full inspection of each authority; `None` where the conditions
/// leave none.
fn newest<'q>(
    session: &Session<'_>,
    conditions: &Conditions,
    question: &Question<'q>,
) -> Result<Option<Question<'q>>, AskError> {
    let conditions = Conditions { latest: true, ..conditions.clone() };
    let (filters, scope) = match session.scope(&conditions) {
        // Everything else that could be refused has been resolved before.
        Err(AskError::Refused(_)) => return Ok(None),
        other => other?,
    };
    let remarks = session.latest_note(&conditions, &filters)?.into_iter().collect();
    let quotes = quotes::Wanted::Each(0);
    Ok(Some(Question { filters, scope, remarks, quotes, latest: true, ..question.clone() }))
}

/// Leaves out of the filters what is not counted: boilerplate, and context unless it is asked for.
pub(super) fn eligible(query: &Query, filters: &Filters, include: &[Kind]) -> Filters {
    let request = CompareRequest {
        query: query.clone(),
        filters: filters.clone(),
        include: include.to_vec(),
        ..CompareRequest::default()
    };
    request.eligible()
}

/// A comparison, as understood.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The query.
    pub query: Query,
    /// Words that were typed but not looked for, because they occur almost everywhere.
    pub passed_over: Vec<String>,
    /// Words of the query that no paragraph holds.
    pub unheld: Vec<UnheldWord>,
    /// Forms of the query's phrases that it does not find.
    pub uncounted: Vec<Uncounted>,
    /// Other readings of the query.
    pub otherwise: Vec<Otherwise>,
    /// Remarks on the question, for whoever asks.
    pub remarks: Vec<notes::Note>,
    /// The subject's name in the sentence: the text as typed, and the name of the topic.
    pub name: String,
    /// The conditions on paragraphs.
    pub filters: Filters,
    /// Kinds to count that are otherwise left out.
    pub include: Vec<Kind>,
    /// Whether the query negates what it looks for, so that to deny it is what was asked for.
    pub is_negated: bool,
    /// Whether the filters leave only the newest inspection of each authority.
    pub latest: bool,
    /// The attributes to compare by, one or two.
    pub by: Vec<Attribute>,
    /// How many quotes a group shows.
    pub quotes: quotes::Wanted,
    /// The order of the groups.
    pub sort: Sort,
    /// Whether rates are shown standardised by framework.
    pub is_standardised: bool,
    /// What the limits of the funnel allow for.
    pub limits: Method,
    /// The council whose neighbours are compared, if any, and these.
    pub neighbourhood: Option<Neighbourhood>,
    /// The authorities whose reports are expected.
    pub scope: Scope,
    /// How to ask the same again.
    pub again: Again,
    /// Writes the searches that find what was counted.
    pub door: &'a dyn Door,
    /// The names of frameworks.
    pub names: &'a Names,
    /// The time of asking.
    pub asked: Timestamp,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// The subject, in words.
    pub name: String,
    /// The answer in one sentence.
    pub sentence: String,
    /// What was counted.
    pub counted: Vec<String>,
    /// How it was counted, and how sure the figures are.
    pub method: Vec<String>,
    /// The attributes compared by, one or two.
    pub by: Vec<Attribute>,
    /// The order of the groups.
    pub sort: Sort,
    /// Whether rates are to be read standardised by framework.
    pub is_standardised: bool,
    /// All groups together.
    pub whole: Group,
    /// The groups of the first dimension.
    pub groups: Vec<Group>,
    /// The groups of the second dimension, where there are two.
    pub columns: Vec<Group>,
    /// Every combination that occurs, row by row, where there are two dimensions.
    pub cells: Vec<Group>,
    /// The inspections that mention the subject, by their judgements.
    pub mentions: Mentions,
    /// The authorities that do not, separated by three reasons.
    pub silence: Silence,
    /// The groups around the overall rate, where there are enough of them.
    pub funnel: Option<Funnel>,
    /// What may be said from these figures, and what may not.
    pub statements: Statements,
    /// The council whose neighbours are compared, if any, and these.
    pub neighbourhood: Option<Neighbourhood>,
    /// What a reader must know.
    pub notes: Vec<Note>,
    /// The rule by which quotes are chosen, or why there are none; `None` where none are wanted.
    pub quotes_rule: Option<String>,
    /// What was looked for, as understood.
    #[serde(flatten)]
    pub looked_for: LookedFor,
    /// The conditions on eligible paragraphs.
    pub filters: Filters,
    /// The frameworks of the reports that were looked through, and on what terms these may be reused.
    pub sources: Vec<Source>,
    /// What is needed to repeat the answer.
    pub provenance: Provenance,
    /// The same of the newest full inspection of each authority, where that was asked for as well.
    #[serde(skip)]
    pub newest: Option<Box<Comparison>>,
    /// The names of frameworks, for readers.
    #[serde(skip)]
    pub names: Names,
    /// Remarks on the question, for whoever asked; they are among the notes as well.
    #[serde(skip)]
    pub remarks: Vec<notes::Note>,
}

/// Answers a comparison as understood.
///
/// # Errors
/// Those of [`Engine::compare`].
pub fn compare(
    engine: &dyn Engine,
    deadline: &Deadline,
    question: &Question<'_>,
) -> Result<Comparison, SearchError> {
    let request = CompareRequest {
        query: question.query.clone(),
        filters: question.filters.clone(),
        include: question.include.clone(),
        by: question.by.clone(),
        candidates: question.quotes.candidates(),
    };
    let response = engine.compare(&request, deadline)?;
    let ledger = engine.ledger()?;
    let held = mentions::held(engine, deadline)?;
    let provenance = Provenance::new(engine, &question.again, question.asked)?;
    let denials = match question.is_negated {
        true => Denials::default(),
        false => Denials::count(engine, deadline, &request, &response)?,
    };
    let measured = fairness::measured(engine.topics()?, &response.topics_used);
    let standard = Standard::new(&response.reports, &response.groups, &response.by);
    let funnel = Funnel::around(&standard, &response, question.limits, deadline)?;
    let counted = Counted { response, denials, standard, funnel };
    let mut comparison = Comparison::new(question, &request, counted, &ledger, &held, provenance);
    comparison.notes.extend(measured);
    Ok(comparison)
}

/// What was counted, and what follows from the counts alone.
struct Counted {
    response: CompareResponse,
    denials: Denials,
    standard: Standard,
    funnel: Option<Funnel>,
}

impl Comparison {
    fn new(
        question: &Question<'_>,
        request: &CompareRequest,
        counted: Counted,
        ledger: &Ledger,
        held: &Held,
        provenance: Provenance,
    ) -> Self {
        let Counted { response, denials, standard, funnel } = counted;
        let filters = request.eligible();
        let quotes = question.quotes.of(response.groups.len());
        let door = question.door;
        let making =
            Making { response: &response, filters: &filters, quotes, door, denials: &denials };
        let whole = making.whole();
        let [first, second] = [0, 1].map(|at| response.by.get(at).copied());
        let list = |dimension: Option<Attribute>| dimension.into_iter().collect::<Vec<_>>();
        let mut groups = making.groups(&response.groups, &list(first), &standard);
        // Places on different scales mean different things, so the common scale comes first.
        let is_apart = |group: &Group| {
            let other = |value: &Option<String>| {
                value.as_deref().is_some_and(|label| !mentions::is_of_common_scale(label))
            };
            response.by.first() == Some(&Attribute::Overall) && group.values.iter().any(other)
        };
        groups.sort_by_key(|group| (group.is_absent(), is_apart(group)));
        question.sort.apply(&mut groups, question.is_standardised);
        let of = |tallies: &[GroupTally], by: &[Attribute]| {
            let own = Standard::new(&response.reports, tallies, &response.by);
            making.groups(tallies, by, &own)
        };
        let columns = of(&response.columns, &list(second));
        let mut cells = of(&response.cells, &response.by);
        let row = |cell: &Group| {
            groups.iter().position(|group| group.values.first() == cell.values.first())
        };
        cells.sort_by_key(row);
        let mut mentions = Mentions::new(&response.reports, held);
        let silence =
            Silence::new(&question.scope, &mentions, &held.authorities, &response.reports, ledger);
        mentions.take_census(&silence, &question.scope);
        mentions.trace([&whole.find_matching, &whole.find_eligible], &response.reports, held, door);
        let conditions = question.conditions();
        let mut told: Vec<Note> = fairness::several(&question.remarks).into_iter().collect();
        told.extend(fairness::notes(
            &response,
            &groups,
            &cells,
            funnel.as_ref(),
            question.is_standardised,
        ));
        told.extend(fairness::denied(whole.denied, filters.without_denials));
        told.extend(fairness::repaired(&question.remarks));
        told.extend(fairness::passed_over(&question.passed_over));
        told.extend(fairness::unheld(&question.unheld));
        told.extend(fairness::uncounted(&question.uncounted));
        let statements = Statements::new(&statements::Figures {
            name: &question.name,
            by: &response.by,
            names: question.names,
            whole: &whole,
            groups: &groups,
            cells: &cells,
            funnel: funnel.as_ref(),
            mentions: &mentions,
            silence: &silence,
            neighbourhood: question.neighbourhood.as_ref(),
        });
        let mut counted = sentence::counted(&conditions, &filters, &response.expansions, &whole);
        counted.extend(question.neighbourhood.as_ref().map(sentence::neighbours));
        Self {
            name: question.name.clone(),
            sentence: sentence::sentence(&question.name, &conditions, &whole, &mentions, &silence),
            counted,
            method: sentence::method(&mentions),
            by: response.by.clone(),
            sort: question.sort,
            is_standardised: question.is_standardised,
            whole,
            groups,
            columns,
            cells,
            mentions,
            silence,
            funnel,
            statements,
            neighbourhood: question.neighbourhood.clone(),
            notes: told,
            quotes_rule: question.quotes.rule(response.groups.len()),
            looked_for: LookedFor {
                query: response.query.clone(),
                expansions: response.expansions.clone(),
                topics_used: response.topics_used.clone(),
                unheld: question.unheld.clone(),
                uncounted: question.uncounted.clone(),
                otherwise: question.otherwise.clone(),
            },
            filters,
            sources: sources(
                response.reports.iter().map(|report| report.framework.as_str()),
                question.names,
            ),
            provenance,
            newest: None,
            names: question.names.clone(),
            remarks: question.remarks.clone(),
        }
    }
}

impl Question<'_> {
    /// The conditions in words.
    fn conditions(&self) -> String {
        let mut others = self.filters.clone();
        let mut said = Vec::new();
        let held = self.filters.left(Attribute::Authority);
        let near = self
            .neighbourhood
            .as_ref()
            .filter(|near| held.iter().all(|name| near.near(name).is_some()));
        if let Some(near) = near {
            others.clear(Attribute::Authority);
            let neighbours = held.iter().filter(|name| near.near(name) == Some(Near::Neighbour));
            let of = neighbours.count();
            let councils = near.councils.join(" and ");
            let is_held = near.councils.iter().all(|name| held.contains(name));
            said.push(match (is_held, near.councils.len()) {
                (true, 1) => format!("of {councils} and {of} of its statistical neighbours"),
                (true, _) => format!("of {councils} and {of} of their statistical neighbours"),
                (false, _) => format!("of {of} of the statistical neighbours of {councils}"),
            });
        }
        if self.latest {
            others.clear(Attribute::Report);
        }
        said.extend(
            Some(conditions::in_words(&others, self.names)).filter(|said| !said.is_empty()),
        );
        said.extend(self.latest.then(|| "in the newest inspection of each authority".to_owned()));
        said.join(", ")
    }
}

impl Comparison {
    /// What the authority of a group is to whoever asks; `None` for groups by other attributes.
    #[must_use]
    pub fn near(&self, group: &Group) -> Option<Near> {
        let at = self.by.iter().position(|by| *by == Attribute::Authority)?;
        self.neighbourhood.as_ref()?.near(group.values.get(at)?.as_deref()?)
    }

    /// Whether the share of sections judged below good says anything about the groups. It does not
    /// for groups by section grade: each is wholly below good or not at all.
    #[must_use]
    pub fn tells_below_good(&self) -> bool {
        self.whole.below_good[1].out_of > 0 && !self.by.contains(&Attribute::Grade)
    }

    /// Removes the quotes of all groups, and says so.
    pub fn leave_quotes_out(&mut self) {
        let groups = self.groups.len();
        for group in &mut self.groups {
            group.quotes.clear();
        }
        self.quotes_rule = Some(format!(
            "Left out here, as there are {groups} groups; ask for one a group to have them."
        ));
    }
}

impl Sort {
    /// All orders, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Name, Self::Rate, Self::Reports];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Rate => "rate",
            Self::Reports => "reports",
        }
    }

    /// Puts groups in this order; equal ones keep theirs.
    fn apply(self, groups: &mut [Group], is_standardised: bool) {
        match self {
            Self::Name => {}
            Self::Rate => groups.sort_by(|a, b| {
                let rate = |group: &Group| group.rate(is_standardised).unwrap_or(-1.0);
                rate(b).total_cmp(&rate(a))
            }),
            Self::Reports => {
                groups.sort_by_key(|group| std::cmp::Reverse(group.reports.out_of));
            }
        }
    }
}
