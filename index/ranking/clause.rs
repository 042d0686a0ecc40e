//! Reads from a tree what makes a match relevant: its words and phrases, but not its conditions.

use crate::language::grammar::is_function_word;
use crate::language::lexicon::is_spelling;
use crate::language::query::{Part, Query};
use crate::language::words::{Stemmer, stems_from_first};
use crate::marking::shape::Shaped;

/// How words are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordForm {
    /// By their stems.
    Stem,
    /// As written, folded.
    Exact,
}

/// Adjacent words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRun {
    /// The form of `words`.
    pub form: WordForm,
    /// The words with their distances from the first.
    pub words: Vec<(u32, String)>,
}

/// The words that are counted for one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedWords {
    /// Stems, each counted by itself.
    pub words: Vec<String>,
    /// The spellings of one word, counted instead of `words`.
    pub spelt: Vec<WordRun>,
    /// Variants with the same meaning, which are counted together.
    pub ways: Vec<WordRun>,
    /// The number of the clause in [`expanded`], if it has synonyms.
    pub expansion: Option<usize>,
}

/// How a clause is scored.
#[derive(Debug, Clone, PartialEq)]
pub enum Scoring {
    /// By counts of words.
    Words(CountedWords),
    /// By the number of places at which this shape begins.
    Places(Shaped),
}

/// A part of the query that is scored by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredClause {
    /// The part, as printed.
    pub text: String,
    /// The weight given to it in the query.
    pub weight: f32,
    /// How it is scored.
    pub scoring: Scoring,
}

/// The parts of a tree that are scored, each once, in order of appearance. Function words count
/// only if there is nothing else.
#[must_use]
pub fn scored_clauses(query: &Query, stemmer: &mut Stemmer) -> Vec<ScoredClause> {
    let mut clauses = Clauses { found: Vec::new(), expansions: 0, stemmer };
    clauses.add(query, 1.0);
    let mut found = clauses.found;
    let is_skipped = |clause: &ScoredClause| is_function_word(&clause.text);
    if !found.iter().all(is_skipped) {
        found.retain(|clause| !is_skipped(clause));
    }
    found
}

/// The parts of a tree that have synonyms, with their synonyms, in order of appearance. Negated
/// parts are left out.
#[must_use]
pub fn expanded(query: &Query) -> Vec<(&Query, &[Query])> {
    let mut found = Vec::new();
    let mut open = vec![query];
    while let Some(query) = open.pop() {
        match query {
            Query::Expanded { clause, also, .. } => found.push((&**clause, also.as_slice())),
            Query::Not { .. } => {}
            other => open.extend(other.clauses().rev()),
        }
    }
    found
}

/// Splits synonyms into those that are only other spellings of what was written, and all others.
#[must_use]
pub fn by_spelling<'q>(clause: &Query, also: &'q [Query]) -> (Vec<&'q Query>, Vec<&'q Query>) {
    let written = texts_of(clause).join(" ");
    also.iter().partition(|synonym| word(synonym).is_some_and(|text| is_spelling(&written, text)))
}

struct Clauses<'s> {
    found: Vec<ScoredClause>,
    /// Number of parts with synonyms met so far.
    expansions: usize,
    stemmer: &'s mut Stemmer,
}

impl Clauses<'_> {
    fn add(&mut self, query: &Query, weight: f32) {
        let scoring = match query {
            Query::All | Query::Field { .. } | Query::Not { .. } => return,
            Query::And { clauses, .. } | Query::Or { clauses, .. } => {
                for clause in clauses {
                    self.add(clause, weight);
                }
                return;
            }
            Query::Affirmed { clause, .. } => {
                self.add(clause, weight);
                return;
            }
            Query::Boost { clause, weight: more, .. } => {
                self.add(clause, weight * more);
                return;
            }
            Query::Word { text, .. } => {
                let run = self.stems_of(text);
                match run.words.as_slice() {
                    [] => return,
                    [(_, stem)] => Scoring::of(vec![stem.clone()], Vec::new()),
                    _ => Scoring::of(Vec::new(), vec![run]),
                }
            }
            Query::Phrase { parts, within: None, .. } if parts.iter().all(is_plain) => {
                Scoring::of(Vec::new(), vec![as_written(parts)])
            }
            Query::Expanded { clause, also, .. } => Scoring::Words(self.synonyms(clause, also)),
            Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Near { .. } => match Shaped::of(query, self.stemmer) {
                Some(shaped) => Scoring::Places(shaped),
                None => return,
            },
        };
        let text = match query {
            Query::Expanded { clause, .. } => clause.to_string(),
            query => query.to_string(),
        };
        if !self.found.iter().any(|clause| clause.text == text) {
            self.found.push(ScoredClause { text, weight, scoring });
        }
    }

    /// Determines what is counted for a clause with synonyms.
    fn synonyms(&mut self, clause: &Query, also: &[Query]) -> CountedWords {
        let expansion = Some(self.expansions);
        self.expansions += 1;
        let texts = texts_of(clause);
        let written = texts.join(" ");
        let (spellings, others) = by_spelling(clause, also);
        let (mut words, mut spelt, mut ways) = (Vec::new(), Vec::new(), Vec::new());
        if !spellings.is_empty() {
            spelt = self.runs_of(&written, &spellings);
        }
        if spelt.is_empty() || !others.is_empty() {
            ways = self.runs_of(&written, &[spellings.as_slice(), &others].concat());
        }
        if spelt.is_empty() {
            let is_content = |text: &&str| !is_function_word(text);
            let content: Vec<&str> = texts.iter().copied().filter(is_content).collect();
            for text in if content.is_empty() { &texts } else { &content } {
                words.extend(self.stems_of(text).words.into_iter().map(|(_, stem)| stem));
            }
        }
        CountedWords { words, spelt, ways, expansion }
    }

    /// Turns what was written, and those of its synonyms that are words, into runs of stems.
    fn runs_of(&mut self, written: &str, synonyms: &[&Query]) -> Vec<WordRun> {
        let also = synonyms.iter().filter_map(|synonym| word(synonym));
        let runs = [written].into_iter().chain(also).map(|text| self.stems_of(text));
        runs.filter(|run| !run.words.is_empty()).collect()
    }

    fn stems_of(&mut self, text: &str) -> WordRun {
        let stems = stems_from_first(text, self.stemmer).into_iter();
        let distance = |distance: usize| u32::try_from(distance).unwrap_or(u32::MAX);
        let words = stems.map(|(far, stem)| (distance(far), stem)).collect();
        WordRun { form: WordForm::Stem, words }
    }
}

impl Scoring {
    /// Scores by words, or by variants, that have no synonyms.
    fn of(words: Vec<String>, ways: Vec<WordRun>) -> Self {
        Self::Words(CountedWords { words, spelt: Vec::new(), ways, expansion: None })
    }
}

/// The words of a clause with synonyms, as written.
fn texts_of(clause: &Query) -> Vec<&str> {
    match clause {
        Query::And { clauses, .. } => clauses.iter().filter_map(word).collect(),
        other => word(other).into_iter().collect(),
    }
}

fn word(query: &Query) -> Option<&str> {
    match query {
        Query::Word { text, .. } => Some(text),
        _ => None,
    }
}

fn is_plain(part: &Part) -> bool {
    matches!(part, Part::Word(_))
}

fn as_written(parts: &[Part]) -> WordRun {
    let words = parts.iter().filter_map(|part| match part {
        Part::Word(word) => Some(word.clone()),
        _ => None,
    });
    WordRun { form: WordForm::Exact, words: (0..).zip(words).collect() }
}

#[cfg(test)]
mod tests {
    use super::{Scoring, WordForm, scored_clauses};
    use crate::language::query::parse;
    use crate::language::words::Stemmer;

    /// The clauses that are scored, each with its weight.
    fn scored(text: &str) -> Vec<(String, f32)> {
        let query = parse(text).unwrap().query;
        let clauses = scored_clauses(&query, &mut Stemmer::default()).into_iter();
        clauses.map(|clause| (clause.text, clause.weight)).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        scored(text).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn words_and_phrases_are_scored_once_and_conditions_never() {
        let query = "visits (late OR \"care plan\" OR visits) kind:finding -summer";
        assert_eq!(texts(query), ["visits", "late", "\"care plan\""]);
        assert_eq!(texts("grade:good"), [""; 0]);
    }

    #[test]
    fn function_words_are_scored_only_where_there_is_nothing_else() {
        assert_eq!(texts("the visits"), ["visits"]);
        assert_eq!(texts("the of"), ["the", "of"]);
    }

    #[test]
    fn weights_of_a_group_and_of_what_is_in_it_multiply() {
        assert_eq!(
            scored("late (visits^3 OR call)^2"),
            [("late".to_owned(), 1.0), ("visits".to_owned(), 6.0), ("call".to_owned(), 2.0)]
        );
    }

    #[test]
    fn prose_is_counted_by_stems_and_quotations_as_written() {
        let query = parse("visits multi-agency \"care plans\" car*").unwrap().query;
        let clauses = scored_clauses(&query, &mut Stemmer::default());
        let mut counted = clauses.iter().map(|clause| match &clause.scoring {
            Scoring::Words(words) => Some(words),
            Scoring::Places(_) => None,
        });
        let mut next = || counted.next().unwrap();
        assert_eq!(next().unwrap().words, ["visit"]);
        let run = &next().unwrap().ways[0];
        let words = |words: &[&str]| (0..).zip(words.iter().map(|w| (*w).to_owned())).collect();
        let both: Vec<(u32, String)> = words(&["multi", "agenc"]);
        assert_eq!((run.form, &run.words), (WordForm::Stem, &both));
        let run = &next().unwrap().ways[0];
        let both: Vec<(u32, String)> = words(&["care", "plans"]);
        assert_eq!((run.form, &run.words), (WordForm::Exact, &both));
        assert_eq!(next(), None, "wildcards are counted by their places");
    }
}
