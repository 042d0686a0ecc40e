//! Whether a paragraph says the opposite of what was asked.
//!
//! A question that negates something ("do not know their rights") is opposed by a paragraph that affirms
//! it, and one that states something ("know their rights") by a paragraph that negates it. What counts
//! is the place that answers the question best: where most of its words are near one another. A name of
//! something is not stated: who asks for "return interviews" wants those that were not offered as well.
//! So a word of a question that negates nothing decides only if these reports often negate it itself, as
//! they do verbs and adjectives ("do not know", "is not regular"), and if the question is a statement.
//! Who names something is answered by whatever is said of it, but for a denial; who asks whether it is
//! so, by both.
//!
//! Computed from positions alone, so that every engine decides alike.

use crate::language::negation::{Asked, Form, Mark, Said};

/// The factor for a paragraph that says the opposite.
pub(super) const OPPOSED: f32 = 0.5;

/// How far apart words may be that belong to one statement.
const STATEMENT: u32 = 12;

/// How far after a word a negation may be that is about it ("visits were not made"), in words...
const NEXT: u32 = 4;
/// ...and how far from one that is wanting, of which much may be said: "without police" is also what "does
/// not include the police" says.
const NEARBY: u32 = 8;

/// A word decides if in at least one of so many paragraphs that have it, it is itself negated.
const OFTEN: u64 = 50;

/// Where a word of the question occurs in one paragraph: positions in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// All of them.
    pub all: Vec<u32>,
    /// Those where it is negated.
    pub negated: Vec<u32>,
    /// Those where it is denied.
    pub denied: Vec<u32>,
}

/// What decides whether a paragraph says the opposite of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opposition {
    /// The number of the question's words.
    words: usize,
    by: By,
}

/// By which words of the question it is decided, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum By {
    /// The question negates these: a paragraph that affirms them is opposed. `wanting` if it says that
    /// all are.
    Negated { words: Vec<usize>, wanting: bool },
    /// The question states all: a paragraph that negates one of `stated`, or denies the rarest, is
    /// opposed.
    Stated { stated: Vec<usize>, rarest: Option<usize> },
}

impl Opposition {
    /// Prepares for a question; `None` if nothing in it decides. `frequency` returns the number of
    /// paragraphs that have a stem, or have it marked so.
    ///
    /// # Errors
    /// Those of `frequency`.
    pub fn new<E>(
        asked: &Asked,
        mut frequency: impl FnMut(Option<Mark>, &str) -> Result<u64, E>,
    ) -> Result<Option<Self>, E> {
        let words = asked.words.len();
        let numbered = || asked.words.iter().enumerate();
        let negated: Vec<usize> =
            numbered().filter(|(_, word)| word.said.negates()).map(|(at, _)| at).collect();
        if !negated.is_empty() {
            let wanting = negated.iter().all(|at| asked.words[*at].said == Said::Wanting);
            return Ok(Some(Self { words, by: By::Negated { words: negated, wanting } }));
        }
        // One word alone is a subject, whatever is said of it.
        if words < 2 || asked.form == Form::Question {
            return Ok(None);
        }
        let mut stated = Vec::new();
        let mut rarest = None;
        for (at, word) in numbered().filter(|(_, word)| word.said != Said::Either) {
            let all = frequency(None, &word.stem)?;
            if rarest.is_none_or(|(fewest, _)| all < fewest) {
                rarest = Some((all, at));
            }
            if asked.form == Form::Statement && word.said == Said::Stated {
                let itself = frequency(Some(Mark::Itself), &word.stem)?;
                if itself > 0 && itself * OFTEN >= all {
                    stated.push(at);
                }
            }
        }
        let rarest = rarest.map(|(_, at)| at);
        Ok(Some(Self { words, by: By::Stated { stated, rarest } }))
    }

    /// Whether a paragraph may say the opposite, given whether a word is marked so anywhere in it:
    /// if not, its positions need not be read.
    pub fn is_possible(&self, mut is_marked: impl FnMut(Mark, usize) -> bool) -> bool {
        match &self.by {
            By::Negated { .. } => true,
            By::Stated { stated, rarest } => {
                stated.iter().any(|at| is_marked(Mark::Within, *at))
                    || rarest.is_some_and(|at| is_marked(Mark::Denied, at))
            }
        }
    }

    /// The number of the word by which a paragraph says the opposite; `None` if it does not.
    #[must_use]
    pub fn opposed(&self, places: &[Places], triggers: &[u32]) -> Option<usize> {
        let places = &places[..self.words.min(places.len())];
        match &self.by {
            By::Negated { words, wanting } => {
                let best = answers(places, words);
                // "Health was not asked" negates health as well, which stands before it.
                let is_about = |trigger: u32, at: u32| match wanting {
                    true => trigger.abs_diff(at) <= NEARBY,
                    false => (at + 1..=at + NEXT).contains(&trigger),
                };
                let is_negated = |(word, at): &(usize, u32)| {
                    places[*word].negated.contains(at)
                        || triggers.iter().any(|trigger| is_about(*trigger, *at))
                };
                let first = best.first()?;
                (!best.iter().any(is_negated)).then_some(first.0)
            }
            By::Stated { stated, rarest } => {
                let all_are = |word: usize, marked: &[u32]| {
                    let best = answers(places, &[word]);
                    !best.is_empty() && best.iter().all(|(_, at)| marked.contains(at))
                };
                let negated = stated.iter().find(|at| all_are(**at, &places[**at].negated));
                let denied = || rarest.filter(|at| all_are(*at, &places[*at].denied));
                negated.copied().or_else(denied)
            }
        }
    }
}

/// Where some words answer the question best: with most of all its words near.
fn answers(places: &[Places], words: &[usize]) -> Vec<(usize, u32)> {
    let mut best = Vec::new();
    let mut most = 0;
    for &word in words {
        for &at in &places[word].all {
            let is_near = |other: &&Places| {
                let from = other.all.partition_point(|place| place + STATEMENT < at);
                other.all.get(from).is_some_and(|place| *place <= at + STATEMENT)
            };
            let near = places.iter().filter(is_near).count();
            if near > most {
                most = near;
                best.clear();
            }
            if near == most {
                best.push((word, at));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{Opposition, Places};
    use crate::language::negation::{Asked, Mark, Rules, Sense};
    use crate::language::words::Stemmer;
    use std::convert::Infallible;

    fn places(asked: &Asked, text: &str) -> Vec<Places> {
        let stems = Stemmer::default().stems(text);
        let negated = Rules::default().negations(text).words;
        let each = asked.words.iter().map(|word| {
            let mut places = Places::default();
            for (position, _) in stems.iter().filter(|(_, stem)| *stem == word.stem) {
                let at = *position as u32;
                places.all.push(at);
                if let Some(found) = negated.iter().find(|word| word.position == *position) {
                    places.negated.push(at);
                    if found.sense == Sense::Denied {
                        places.denied.push(at);
                    }
                }
            }
            places
        });
        each.collect()
    }

    /// The word by which a text says the opposite of a question, where reports often negate these
    /// words themselves.
    fn opposed(question: &str, often: &[&str], text: &str) -> Option<String> {
        let mut stemmer = Stemmer::default();
        let asked = Asked::read(question, &mut stemmer);
        let often: Vec<String> =
            often.iter().flat_map(|word| stemmer.stems(word)).map(|(_, stem)| stem).collect();
        let frequency = |mark: Option<Mark>, stem: &str| {
            Ok::<_, Infallible>(match mark {
                None => 200,
                Some(_) if often.iter().any(|often| often == stem) => 20,
                Some(_) => 1,
            })
        };
        let Ok(opposition) = Opposition::new(&asked, frequency);
        let triggers = Rules::default().negations(text).triggers.into_iter();
        let triggers: Vec<u32> = triggers.map(|(at, _)| at as u32).collect();
        let found = opposition?.opposed(&places(&asked, text), &triggers)?;
        Some(asked.words[found].text.clone())
    }

    #[test]
    fn what_states_and_what_negates_are_told_apart() {
        let rights = "children know their rights";
        let negates = "Most children are well. Many children do not know about their rights.";
        assert_eq!(opposed(rights, &["know"], negates).as_deref(), Some("know"));
        let affirms = "Children who do not attend are seen by workers, who help them and their \
                       families. In this area children know their rights well.";
        assert_eq!(opposed(rights, &["know"], affirms), None);
        assert_eq!(opposed("children do not know their rights", &[], negates), None);
        let known = opposed("children do not know their rights", &[], affirms);
        assert_eq!(known.as_deref(), Some("know"));
    }

    #[test]
    fn the_place_that_answers_best_decides() {
        let text = "Workers know children well and see them often, at home and at school, as they \
                    should and as is right. Children do not know their rights.";
        assert_eq!(opposed("children know their rights", &["know"], text).as_deref(), Some("know"));
    }

    #[test]
    fn a_subject_is_not_opposed_by_a_shortfall_but_by_a_denial() {
        let query = "return interviews";
        assert_eq!(opposed(query, &["offered"], "Return interviews are not offered."), None);
        assert_eq!(opposed(query, &["offered"], "Workers do not offer return interviews."), None);
        let none = "There were no return interviews.";
        assert_eq!(opposed(query, &["offered"], none).as_deref(), Some("return"));
        assert_eq!(opposed("no return interviews", &[], none), None);
        assert_eq!(opposed("interviews", &[], "There were no interviews."), None);
    }

    #[test]
    fn what_a_paragraph_does_not_have_decides_nothing() {
        assert_eq!(opposed("children not heard", &[], "Children are seen."), None);
        assert_eq!(opposed("children not heard", &[], ""), None);
        assert_eq!(opposed("", &[], "Children are not heard."), None);
    }
}
