//! Orders what a search finds by meaning as well as by words, and says what the reports call what was
//! asked for.
//!
//! Which paragraphs match, and how many, is decided by words alone. Of the matches, the best
//! [`CANDIDATES`] by words are ordered by words and a little by closeness to the question; after them,
//! where too few hold all that was asked, come those that are closest by words and by meaning together,
//! and the reports' own phrases for what was asked count among the words. Works above any engine.

use super::Session;
use super::error::AskError;
use super::notes::{Note, counted};
use super::question::Question;
use super::reading::Understood;
use crate::knowledge::glossary::{Asked, Met};
use findings_index::SearchError;
use findings_index::language::grammar::{is_conversational, is_function_word};
use findings_index::language::query::{Query, Span};
use findings_index::language::words::Stemmer;
use findings_index::ranking::meaning::{Direction, Meaning, SAME, Vector};
use findings_index::records::Attribute;
use findings_index::request::{Hit, SearchRequest, SearchResponse};
use serde::Serialize;

/// How many of the best by words are ordered by meaning too. With 200 the first ten of every judged topic
/// were the same, and an answer took longer.
pub const CANDIDATES: usize = 60;

/// Weights are parts of this.
const ONE: i64 = 1024;

// Every weight was chosen on judged topics and questions (`findings eval`), by what was best on topics
// that were left out.

/// What the closest of the matches gains, as a share of the best score...
const AMONG_MATCHES: i64 = 450;
/// ...and the closest of those that do not hold all that was asked.
const AFTER_MATCHES: i64 = 512;
/// The weight of synonyms and long forms in the direction of a question, next to its own words.
const SYNONYMS: i64 = 512;
/// The weight of the reports' phrases in the direction of a question...
const PHRASES: i64 = 256;
/// ...and, next to a word of it, among what is searched for where few paragraphs hold all.
const PHRASE: i64 = 1200;
/// How far the first results turn the direction of a question towards themselves.
const FIRST_RESULTS: i64 = ONE;
/// The weight of a word of conversation that is not close to the question at all.
const LIGHTEST: i64 = 500;
/// How many of the reports' phrases are searched for.
const MOST_PHRASES: usize = 6;
/// How many of the first results are looked at.
const FIRST: usize = 10;

/// The name of the vectors that come with the program.
const BUILT_IN: &str = "built-in";

/// What a question means, beyond its words.
pub(super) struct Meant<'m> {
    table: &'m Meaning,
    /// The name of the vectors.
    vectors: &'m str,
    direction: Direction,
    /// The words of the question as alternatives, weighted, with the reports' phrases.
    any: Option<Query>,
    /// What the reports call it, the most telling first.
    called: Vec<String>,
    /// The topics that it is about.
    topics: Vec<String>,
    /// The stems of what was asked for.
    asked: Vec<String>,
}

/// A phrase that the reports have for what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Called {
    /// The query for it.
    pub query: String,
    /// The number of paragraphs that it finds under the same conditions.
    pub total: usize,
}

/// The most phrases that are named.
const MOST_CALLED: usize = 5;

/// The most topics among them.
const MOST_TOPICS: usize = 2;

/// In how many of the first results a phrase recurs.
const RECURRING: usize = 3;

impl Session<'_> {
    /// What a question means; `None` if words alone are to count, or it has no words to go by.
    pub(super) fn meaning(
        &self,
        question: &Question,
        understood: &Understood,
    ) -> Result<Option<Meant<'_>>, AskError> {
        let is_by_words = question.reading.exact || question.words_only;
        if is_by_words || !understood.query.has_words() {
            return Ok(None);
        }
        let Some((vectors, table)) = self.vectors()? else { return Ok(None) };
        let mut stemmer = Stemmer::default();
        let clauses = outermost(&understood.query);
        let words: Vec<&Query> = clauses.iter().copied().filter(|c| is_of_words(c)).collect();
        let texts: Vec<String> = words.iter().map(|clause| text_of(clause)).collect();
        let written =
            outermost(&understood.written).into_iter().filter(|clause| is_of_words(clause));
        let written: Vec<String> = written.map(text_of).collect();
        let asked = Asked::of(written.iter().flat_map(|text| text.split(' ')), &mut stemmer);
        // Whoever combines or quotes words means these words: only what is typed plainly may be called
        // something else.
        let is_plainly_asked =
            clauses.iter().all(|clause| is_condition(clause) || is_plain(clause));
        let met = match is_plainly_asked {
            true => self.reference.glossary()?.met(&asked, &mut stemmer),
            false => Vec::new(),
        };

        let mut sum = table.vector(&texts.join(" "), &mut stemmer);
        for clause in &words {
            for also in also_of(clause) {
                sum.add(&table.vector(&also, &mut stemmer), SYNONYMS);
            }
        }
        let called = phrases(&met);
        let mut named = Vector::default();
        for (phrase, weight) in &called {
            if let Some(own) = table.vector(phrase, &mut stemmer).direction() {
                named.add(&own.vector(), *weight);
            }
        }
        let direction = match (sum.direction(), named.direction()) {
            (Some(own), Some(named)) => own.towards(&named, PHRASES),
            (own, named) => own.or(named),
        };
        let Some(direction) = direction else { return Ok(None) };
        let weights: Vec<f32> =
            texts.iter().map(|text| belonging(table, text, &direction, &mut stemmer)).collect();
        let any = any_of(&clauses, &words, &weights, &called);
        // A single word that may mean several things brings nearer, but is no answer to a question.
        let is_telling = |met: &&Met| met.words.len() > 1 || met.phrases.len() == 1;
        let telling: Vec<&String> =
            met.iter().filter(is_telling).flat_map(|m| &m.phrases).collect();
        let called = called.into_iter().map(|(phrase, _)| phrase);
        let called: Vec<String> = called.filter(|phrase| telling.contains(&phrase)).collect();
        let topics = match is_plainly_asked {
            true => self.topics_of(&written.join(" "), &called)?,
            false => Vec::new(),
        };
        let asked = texts.iter().flat_map(|text| stemmer.stems(text));
        let asked = asked.map(|(_, stem)| stem).collect::<Vec<_>>();
        Ok(Some(Meant { table, vectors, direction, any, called, topics, asked }))
    }

    /// The vectors that searches use, with their name: those that were learned from the reports, if
    /// any were; otherwise those that come with the program.
    pub(super) fn vectors(&self) -> Result<Option<(&str, &Meaning)>, SearchError> {
        Ok(match self.engine.learned()? {
            Some(learned) => Some((learned.version.as_str(), &learned.meaning)),
            None => self.reference.meaning().map(|table| (BUILT_IN, table)),
        })
    }

    /// Searches by words, and orders the best by meaning as well.
    pub(super) fn by_meaning(
        &self,
        request: &SearchRequest,
        mut meant: Meant<'_>,
    ) -> Result<(SearchResponse, Vec<Query>), SearchError> {
        let end = request.offset.saturating_add(request.limit);
        if request.limit == 0 {
            return Ok((self.engine.search(request, &self.deadline)?, meant.names(&[])));
        }
        let first = SearchRequest {
            offset: 0,
            limit: end.max(CANDIDATES),
            closest: false,
            ..request.clone()
        };
        let mut response = self.engine.search(&first, &self.deadline)?;
        let mut stemmer = Stemmer::default();
        let mut hits = std::mem::take(&mut response.hits);
        let best = hits.len().min(CANDIDATES);
        let places = directions(meant.table, &hits[..best], &mut stemmer);
        meant.follow(&places);
        ordered(&mut hits[..best], &places, &meant.direction, AMONG_MATCHES);
        if hits.len() < end
            && request.closest
            && let Some(any) = meant.any.take()
        {
            let span = Span::default();
            let not = Query::Not { clause: Box::new(request.query.clone()), span };
            let query = Query::And { clauses: vec![any, not], span };
            let close = SearchRequest {
                query,
                limit: CANDIDATES.max(end - hits.len()),
                facets: Vec::new(),
                ..first
            };
            let mut close = self.engine.search(&close, &self.deadline)?.hits;
            let best = close.len().min(CANDIDATES);
            let places = directions(meant.table, &close[..best], &mut stemmer);
            if hits.is_empty() {
                let first = ranks(&close[..best], &places, &meant.direction, AFTER_MATCHES);
                let first = first.iter().map(|(_, place)| places[*place].clone());
                meant.follow(&first.take(FIRST).collect::<Vec<_>>());
            }
            ordered(&mut close[..best], &places, &meant.direction, AFTER_MATCHES);
            if !close.is_empty() {
                response.closest_from = Some(hits.len() + 1);
            }
            hits.extend(close);
        }
        for (hit, rank) in hits.iter_mut().zip(1..) {
            hit.rank = rank;
        }
        let names = match hits.len() {
            0 => Vec::new(),
            // What recurs may be the opposite of what a question negates.
            _ if request.asked.negates() => meant.names(&[]),
            shown => meant.names(&meant.recurring(&hits[..shown.min(FIRST)], &mut stemmer)),
        };
        let matches = response.closest_from.map_or(hits.len(), |from| from - 1);
        let seen = hits.iter().take(end.min(matches)).map(|hit| 1 + hit.alike.len()).sum();
        response.left = response.total.saturating_sub(seen);
        response.closest_from = response
            .closest_from
            .filter(|from| *from <= end)
            .map(|from| from.max(request.offset + 1));
        response.hits = hits.drain(request.offset.min(hits.len())..end.min(hits.len())).collect();
        for hit in &mut response.hits {
            if request.explain || response.closest_from.is_some_and(|from| from <= hit.rank) {
                let text = &hit.paragraph.text;
                hit.near = meant.table.nearest(text, &meant.direction, &meant.asked, &mut stemmer);
            }
        }
        Ok((response, names))
    }

    /// What the reports call what was asked for, of these queries those that find paragraphs under the
    /// same conditions.
    pub(super) fn names_held(
        &self,
        names: &[Query],
        request: &SearchRequest,
    ) -> Result<Vec<Called>, SearchError> {
        let mut found = Vec::new();
        for query in names {
            if found.len() == MOST_CALLED {
                break;
            }
            let total = self.total(query, &request.filters)?;
            if total > 0 {
                found.push(Called { query: query.to_string(), total });
            }
        }
        Ok(found)
    }

    /// The topics that have a phrase which is among the words of a question, or which is what the
    /// reports call it first of all.
    fn topics_of(&self, question: &str, called: &[String]) -> Result<Vec<String>, AskError> {
        let mut stemmer = Stemmer::default();
        let mut stems = |text: &str| -> Vec<String> {
            stemmer.stems(text).into_iter().map(|(_, stem)| stem).collect()
        };
        let asked = stems(question);
        // The most telling phrase alone: others may be about something beside it.
        let called = called.first().map(|phrase| stems(phrase));
        let mut found = Vec::new();
        for topic in self.engine.topics()?.topics() {
            let phrases: Vec<Vec<String>> = topic.phrases.iter().map(|p| stems(p)).collect();
            // Who asks for a phrase alone knows what the reports call it.
            let is_known = phrases.contains(&asked);
            let is_meant = phrases.iter().any(|phrase| {
                // A single word may be about anything.
                phrase.len() > 1
                    && (called.as_ref() == Some(phrase)
                        || asked.windows(phrase.len()).any(|w| w == phrase))
            });
            if is_meant && !is_known {
                found.push(topic.id.clone());
            }
        }
        Ok(found)
    }
}

/// Makes a note on what the reports call what was asked for.
pub(super) fn called(phrases: &[Called]) -> Option<Note> {
    let said =
        phrases.iter().map(|called| format!("`{}` ({})", called.query, counted(called.total)));
    let said = said.collect::<Vec<_>>().join(", ");
    let text = format!("in these reports this is called {said}");
    (!phrases.is_empty()).then_some(Note { code: "called", text })
}

impl Meant<'_> {
    /// The name of the vectors.
    pub(super) fn vectors(&self) -> &str {
        self.vectors
    }

    /// What may be named as what the reports call what was asked: their phrases for it, the topics that
    /// it is about, and phrases that recur in what was found.
    fn names(&self, recurring: &[String]) -> Vec<Query> {
        let span = Span::default();
        let topic = |id: &String| Query::Field { field: Attribute::Topic, value: id.clone(), span };
        let phrases = self.called.iter().chain(recurring).take(MOST_CALLED);
        let mut names: Vec<Query> = phrases.map(|phrase| Query::phrase_of(phrase, span)).collect();
        // The first phrase tells most; a topic holds more than any other.
        let at = names.len().min(1);
        names.splice(at..at, self.topics.iter().take(MOST_TOPICS).map(topic));
        names
    }

    /// The phrases nearest to the question that recur in several of the first results, the most frequent
    /// first; none that has a word of it.
    fn recurring(&self, hits: &[Hit], stemmer: &mut Stemmer) -> Vec<String> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for hit in hits {
            let text = &hit.paragraph.text;
            let near = self.table.nearest(text, &self.direction, &self.asked, stemmer);
            for phrase in near.iter().map(|phrase| phrase.to_lowercase()) {
                match counts.iter_mut().find(|(known, _)| *known == phrase) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((phrase, 1)),
                }
            }
        }
        let mut has_asked = |phrase: &str| {
            let stems = stemmer.stems(phrase);
            stems.len() < 2 || stems.iter().any(|(_, stem)| self.asked.contains(stem))
        };
        counts.retain(|(phrase, count)| *count >= RECURRING && !has_asked(phrase));
        counts.sort_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
        counts.into_iter().map(|(phrase, _)| phrase).collect()
    }

    /// Turns the direction towards the first of these.
    fn follow(&mut self, places: &[Option<Direction>]) {
        let mut mean = Vector::default();
        for own in places.iter().take(FIRST).flatten() {
            mean.add(&own.vector(), ONE);
        }
        let turned = mean.direction().and_then(|mean| self.direction.towards(&mean, FIRST_RESULTS));
        if let Some(turned) = turned {
            self.direction = turned;
        }
    }
}

/// Where each of some paragraphs points.
pub(super) fn directions(
    table: &Meaning,
    hits: &[Hit],
    stemmer: &mut Stemmer,
) -> Vec<Option<Direction>> {
    let texts = hits.iter().map(|hit| hit.paragraph.text.as_str());
    texts.map(|text| table.vector(text, stemmer).direction()).collect()
}

/// The places of hits in the order of their scores and their closeness to a direction, each with both
/// together: the closest gains `weight`, as a share of the best score, which is [`SAME`].
fn ranks(
    hits: &[Hit],
    places: &[Option<Direction>],
    to: &Direction,
    weight: i64,
) -> Vec<(i64, usize)> {
    let best = best_score(hits);
    let mut keyed: Vec<(i64, usize)> = Vec::with_capacity(hits.len());
    for (place, (hit, own)) in hits.iter().zip(places).enumerate() {
        let closeness = own.as_ref().map_or(0, |own| own.closeness(to)).max(0);
        let words = steps(hit.score) * SAME / best;
        keyed.push((words + closeness * weight / ONE, place));
    }
    keyed.sort_by_key(|(key, place)| (std::cmp::Reverse(*key), *place));
    keyed
}

/// Orders hits by their scores and their closeness, as [`ranks`] does.
pub(super) fn ordered(hits: &mut [Hit], places: &[Option<Direction>], to: &Direction, weight: i64) {
    let best = best_score(hits);
    let ordered = ranks(hits, places, to, weight).into_iter().map(|(key, place)| {
        let mut hit = hits[place].clone();
        let score = (key as f32) * (best as f32) / (SAME as f32) / STEPS;
        if let Some(explanation) = &mut hit.explanation {
            explanation.meaning += score - hit.score;
        }
        hit.score = score;
        hit
    });
    let mut ordered: Vec<Hit> = ordered.collect();
    hits.swap_with_slice(&mut ordered);
}

/// Scores are compared in steps of one part of this.
const STEPS: f32 = 1024.0;

fn steps(score: f32) -> i64 {
    (score * STEPS).round() as i64
}

fn best_score(hits: &[Hit]) -> i64 {
    hits.iter().map(|hit| steps(hit.score)).max().unwrap_or(0).max(1)
}

/// The parts of a query of which all are asked for.
fn outermost(query: &Query) -> Vec<&Query> {
    match query {
        Query::And { clauses, .. } => clauses.iter().collect(),
        one => vec![one],
    }
}

fn is_of_words(query: &Query) -> bool {
    match query {
        Query::Word { .. } | Query::Phrase { .. } => true,
        Query::Expanded { clause, .. } | Query::Boost { clause, .. } => is_of_words(clause),
        Query::And { clauses, .. } | Query::Or { clauses, .. } => clauses.iter().all(is_of_words),
        _ => false,
    }
}

/// Whether a part narrows what is found, and is not looked for.
fn is_condition(query: &Query) -> bool {
    matches!(query, Query::Field { .. } | Query::Not { .. })
}

/// Whether a part is words as they come, neither quoted nor combined.
fn is_plain(query: &Query) -> bool {
    match query {
        Query::Word { .. } => true,
        Query::Expanded { clause, .. } | Query::Boost { clause, .. } => is_plain(clause),
        Query::And { clauses, .. } => clauses.iter().all(is_plain),
        _ => false,
    }
}

/// The words of a part as they were written.
fn text_of(query: &Query) -> String {
    match query {
        Query::Word { text, .. } => text.clone(),
        Query::Expanded { clause, .. } | Query::Boost { clause, .. } => text_of(clause),
        Query::And { clauses, .. } | Query::Or { clauses, .. } => {
            clauses.iter().map(text_of).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string().replace('"', ""),
    }
}

/// What else is searched for a part.
fn also_of(query: &Query) -> Vec<String> {
    match query {
        Query::Expanded { also, .. } => also.iter().take(3).map(text_of).collect(),
        Query::Boost { clause, .. } => also_of(clause),
        _ => Vec::new(),
    }
}

/// The phrases for the wordings that were met, with their weights: a wording of more words tells more,
/// and one that may mean several things less.
fn phrases(met: &[Met]) -> Vec<(String, i64)> {
    let mut phrases: Vec<(String, i64)> = Vec::new();
    for met in met {
        let words = met.words.len() as i64;
        let telling = ONE * words / (words + 1);
        let weight = telling * 2 / (1 + met.phrases.len() as i64);
        for phrase in &met.phrases {
            match phrases.iter_mut().find(|(own, _)| own == phrase) {
                Some((_, own)) => *own += weight,
                None => phrases.push((phrase.clone(), weight)),
            }
        }
    }
    phrases.sort_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
    phrases
}

/// How much a part of a question belongs to what the question is about: 1, but for words of
/// conversation less, the farther they are from the rest.
fn belonging(table: &Meaning, text: &str, question: &Direction, stemmer: &mut Stemmer) -> f32 {
    if !is_conversational(text) {
        return 1.0;
    }
    let own = table.vector(text, stemmer).direction();
    let closeness = own.map_or(0, |own| own.closeness(question)).max(0) * ONE / SAME;
    (LIGHTEST + closeness).min(ONE) as f32 / ONE as f32
}

/// The parts of a question as alternatives, by their weights, with phrases that the reports have;
/// conditions and exclusions still hold. `None` if there is but one part and no phrase.
fn any_of(
    clauses: &[&Query],
    words: &[&Query],
    weights: &[f32],
    called: &[(String, i64)],
) -> Option<Query> {
    let span = Span::default();
    let boosted =
        |clause: Query, weight: f32| Query::Boost { clause: Box::new(clause), weight, span };
    let (conditions, wanted): (Vec<&&Query>, Vec<&&Query>) =
        clauses.iter().partition(|clause| is_condition(clause));
    let mut any = Vec::new();
    for clause in wanted {
        let at = words.iter().position(|word| std::ptr::eq(*word, *clause));
        any.push(match at {
            Some(at) if words.len() > 2 => boosted((*clause).clone(), weights[at]),
            _ => (*clause).clone(),
        });
    }
    for (phrase, weight) in called.iter().take(MOST_PHRASES) {
        let words: Vec<Query> = phrase
            .split(' ')
            .filter(|word| !is_function_word(word))
            .map(|word| Query::Word { text: word.to_owned(), span })
            .collect();
        let clause = match <[Query; 1]>::try_from(words) {
            Ok([only]) => only,
            Err(words) if words.is_empty() => continue,
            Err(_) => Query::phrase_of(phrase, span),
        };
        any.push(boosted(clause, (weight * PHRASE / ONE) as f32 / ONE as f32));
    }
    if any.len() < 2 {
        return None;
    }
    let any = Query::Or { clauses: any, span };
    if conditions.is_empty() {
        return Some(any);
    }
    let conditions = conditions.into_iter().map(|clause| (*clause).clone());
    Some(Query::And { clauses: std::iter::once(any).chain(conditions).collect(), span })
}
