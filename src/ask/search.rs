//! Answers searches.

use super::denials;
use super::error::{AskError, Refusal};
use super::meaning::{Called, called};
use super::notes::{Note, Otherwise, Uncounted, unranked};
use super::question::{Conditions, Question};
use super::sample::Sample;
use super::topics::measured;
use super::{Session, reading::Understood};
use findings_index::SearchError;
use findings_index::language::negation::Asked;
use findings_index::language::query::{Query, Repair};
use findings_index::records::Attribute;
use findings_index::request::{Filters, SearchRequest, SearchResponse, Sort, UnheldWord};
use serde::{Serialize, Serializer};

/// Where fewer than this many paragraphs hold all that was asked for, the reports may call it something
/// else.
const FIRST: usize = 10;

/// What was found, with notes on the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Answer<T> {
    /// What was found.
    #[serde(flatten)]
    pub response: T,
    /// How the question was understood, where its words as such found nothing and another reading
    /// was answered.
    pub read_as: Option<String>,
    /// The vectors by which the hits were ordered: `built-in`, or the name of those that were learned
    /// from the reports; `None` where words alone count.
    pub vectors: Option<String>,
    /// How the hits were drawn, if they are a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// Words that were left out of the search because nearly every paragraph has them.
    pub passed_over: Vec<String>,
    /// What had to be mended before the query could be parsed.
    #[serde(serialize_with = "mended")]
    #[cfg_attr(feature = "serve", schema(value_type = Vec<Mended>))]
    pub repairs: Vec<Repair>,
    /// Words that no paragraph has.
    pub unheld: Vec<UnheldWord>,
    /// Other readings of the query, and what they would find.
    pub otherwise: Vec<Otherwise>,
    /// Forms of the query's phrases that it does not find, the most frequent first.
    pub uncounted: Vec<Uncounted>,
    /// What the reports call what was asked for, where the first results do not hold all of it.
    pub called: Vec<Called>,
    /// The number of matches that only say that what is looked for did not exist or occur; with
    /// `without_denials`, of those that were left out for it. `None` where there is nothing to deny.
    pub denied: Option<usize>,
    /// Where nothing was found: what leaving out each condition would find.
    pub relaxed: Vec<Relaxed>,
    /// Notes for whoever asked, in words.
    pub notes: Vec<Note>,
}

/// The number of paragraphs that leaving out a condition would find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Relaxed {
    /// The condition as typed; empty if all conditions are left out.
    pub without: Conditions,
    /// The number of paragraphs.
    pub total: usize,
}

/// What the engine found, and for which request.
struct Found {
    response: SearchResponse,
    request: SearchRequest,
    /// What the reports may call what was asked.
    called: Vec<Query>,
    /// The name of the vectors by which it was ordered.
    vectors: Option<String>,
}

/// What had to be mended in a query, as programs read it.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct Mended {
    /// What was done, in words.
    message: String,
    /// Where, in characters counted from 1.
    column: usize,
}

fn mended<S: Serializer>(repairs: &[Repair], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        repairs
            .iter()
            .map(|repair| Mended { message: repair.to_string(), column: repair.column() }),
    )
}

impl<T> Answer<T> {
    /// An answer without notes.
    #[must_use]
    pub fn of(response: T) -> Self {
        Self {
            response,
            read_as: None,
            vectors: None,
            sample: None,
            passed_over: Vec::new(),
            repairs: Vec::new(),
            unheld: Vec::new(),
            otherwise: Vec::new(),
            uncounted: Vec::new(),
            called: Vec::new(),
            denied: None,
            relaxed: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// An answer with the notes on the query.
    #[must_use]
    pub fn new(understood: Understood, response: T) -> Self {
        let notes = understood.notes();
        let Understood { passed_over, repairs, unheld, otherwise, uncounted, .. } = understood;
        Self {
            response,
            read_as: None,
            vectors: None,
            sample: None,
            passed_over,
            repairs,
            unheld,
            otherwise,
            uncounted,
            called: Vec::new(),
            denied: None,
            relaxed: Vec::new(),
            notes,
        }
    }
}

impl Session<'_> {
    /// Answers a search.
    ///
    /// # Errors
    /// A question that is refused, or an engine that fails.
    pub fn search(&self, question: &Question) -> Result<Answer<SearchResponse>, AskError> {
        if question.sample.is_some() && question.explain {
            let message = "a sample is drawn, not ranked, so there is no rank to explain";
            return Err(Refusal::new("contradiction", message).into());
        }
        let mut understood = self.read(&question.text, question.reading, &question.conditions)?;
        understood.leave_out(&question.not_also);
        let mut found = self.found(question, &understood)?;
        let other = self.otherwise(&understood, &found.request.filters, found.response.total)?;
        understood.leave_named(&other.names);
        let mut read_as = None;
        if let Some((reading, instead)) = other.instead {
            found = self.found(question, &instead)?;
            read_as = Some(format!("{reading}, which is the query `{}`", instead.typed));
            understood = instead;
        } else {
            understood.otherwise.extend(other.found);
        }
        let Found { response, request, called: names, vectors } = found;
        self.count_others(&mut understood, &request.filters, response.total)?;
        let relaxed = if response.total == 0 {
            self.relaxed(&request, &question.conditions)?
        } else {
            Vec::new()
        };
        let not_held = match response.total {
            0 => self.not_held_then(&request.query, &request.filters)?,
            _ => None,
        };
        let latest = self.latest_note(&question.conditions, &request.filters)?;
        let unmet = self.unmet_timescales(&question.conditions)?;
        let called_so = match response.total {
            0..FIRST if question.closest => self.names_held(&names, &request)?,
            _ => Vec::new(),
        };
        let total = response.total;
        let denied = self.denied(&understood, &request, total)?;
        let is_listed = question.sort != response.sort && total.min(question.limit) > 1;
        let mut answer = Answer { relaxed, ..Answer::new(understood, response) };
        answer.notes.extend(called(&called_so));
        answer.called = called_so;
        answer.denied = denied;
        let are_left_out = request.filters.without_denials;
        let chosen = request.filters.values(Attribute::Topic).iter().map(String::as_str);
        let topics = request.query.topics().into_iter().map(|(id, _)| id).chain(chosen);
        answer.notes.extend(measured(self.engine.topics()?, topics));
        answer.notes.extend(denied.and_then(|count| denials::denied(count, are_left_out)));
        answer.notes.extend(not_held);
        answer.notes.extend(unmet);
        answer.notes.extend(latest);
        answer.notes.extend(is_listed.then(unranked));
        if read_as.is_none() {
            answer.notes.extend(other.notes);
        }
        answer.read_as = read_as;
        answer.vectors = vectors;
        if let Some(sample) = question.sample.filter(|_| total > 0) {
            answer.sample = Some(sample);
            answer.notes.push(sample.note(total, question.group));
        }
        Ok(answer)
    }

    /// Counts the paragraphs that a query finds under some filters.
    pub(super) fn total(&self, query: &Query, filters: &Filters) -> Result<usize, SearchError> {
        let request = SearchRequest {
            query: query.clone(),
            filters: filters.clone(),
            limit: 0,
            ..SearchRequest::default()
        };
        Ok(self.engine.search(&request, &self.deadline)?.total)
    }

    /// Asks the engine for what was understood.
    fn found(&self, question: &Question, understood: &Understood) -> Result<Found, AskError> {
        let request = self.request(question, understood)?;
        let (mut called, mut vectors) = (Vec::new(), None);
        let found = match question.sample {
            Some(sample) => self.sampled(&request, sample),
            None if !is_ranked(question, request.sort) => {
                self.engine.search(&request, &self.deadline)
            }
            None => match self.meaning(question, understood)? {
                Some(meant) => {
                    vectors = Some(meant.vectors().to_owned());
                    self.by_meaning(&request, meant).map(|(response, names)| {
                        called = names;
                        response
                    })
                }
                None => self.engine.search(&request, &self.deadline),
            },
        };
        let response = found.map_err(|error| understood.failed(error))?;
        Ok(Found { response, request, called, vectors })
    }

    /// Builds the request to the engine.
    ///
    /// # Errors
    /// A condition that is refused, or an engine that fails.
    pub fn request(
        &self,
        question: &Question,
        understood: &Understood,
    ) -> Result<SearchRequest, AskError> {
        // Without words all paragraphs are equally relevant, so they are listed instead.
        let sort = match question.sort {
            Sort::Relevance if !understood.query.looks_into_text() => Sort::Authority,
            sort => sort,
        };
        let is_ranked = is_ranked(question, sort);
        Ok(SearchRequest {
            query: understood.query.clone(),
            asked: match sort {
                Sort::Relevance => understood.asked(),
                Sort::Date | Sort::Authority | Sort::Changed => Asked::default(),
            },
            filters: self.filters(&question.conditions)?,
            sort,
            group: question.group,
            per_group: question.per_group,
            facets: question.facets.clone(),
            fixed: unnamed(&question.conditions),
            limit: question.limit,
            offset: question.offset,
            collapse: is_ranked && !question.repeats,
            closest: is_ranked && question.closest,
            explain: question.explain,
        })
    }
}

/// Whether hits come in the order of their relevance, one by one, if they are sorted so.
fn is_ranked(question: &Question, sort: Sort) -> bool {
    sort == Sort::Relevance && question.group.is_none() && question.sample.is_none()
}

/// The attributes of which conditions leave only some values without naming them: the neighbours of
/// an authority, the newest reports. None of these was chosen, so none could be chosen instead.
fn unnamed(conditions: &Conditions) -> Vec<Attribute> {
    let neighbours = (!conditions.neighbours_of.is_empty()).then_some(Attribute::Authority);
    let newest = conditions.takes_latest().then_some(Attribute::Report);
    neighbours.into_iter().chain(newest).collect()
}
