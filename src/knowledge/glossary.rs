//! The glossary: what people call the things that the reports call otherwise.
//!
//! It is embedded in the binary, compiled beforehand; the user's own files add to it. A wording of it is
//! met in a question where its words are there in their order. It says nothing of paragraphs: a synonym
//! finds them, an entry of the glossary only tells what may be meant.

use crate::knowledge::config::Config;
use findings_index::language::grammar::is_function_word;
use findings_index::language::words::{self, Stemmer};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};
use toml::Spanned;

/// A line for each wording: the wording and what it stands for, separated by tabs.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/glossary.tsv"));

/// The lists of an entry, by who calls a thing so.
const CALLED: [&str; 6] = ["parents", "press", "workers", "older", "newer", "short"];

/// How many words may stand between those of a wording.
const BETWEEN: usize = 1;

/// The reason why a glossary cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GlossaryError {
    /// A file cannot be read.
    #[error("cannot read the glossary in {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// A file is not TOML of this form; the message names line and field.
    #[error("the glossary in {} can't be understood", file.display())]
    Form {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        #[source]
        source: toml::de::Error,
    },
    /// An entry that cannot be used.
    #[error("the glossary in {} can't be used: line {line}: {reason}", file.display())]
    Value {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Wordings, and what each stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glossary {
    /// Those of the user's files.
    own: BTreeMap<String, Vec<String>>,
}

/// A wording that a question has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// The wording.
    pub wording: String,
    /// The reports' phrases for it.
    pub phrases: Vec<String>,
    /// The places of its words among those of the question.
    pub words: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    term: Vec<Spanned<BTreeMap<String, toml::Value>>>,
}

/// The words of a question, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Those that say what it is about.
    stems: Vec<String>,
    /// All of them, with the place among `stems` of those that are.
    every: Vec<(String, Option<usize>)>,
    /// The first letters of each, by which a wording is passed over without stemming it.
    begins: Vec<[u8; BEGINS]>,
}

/// How many first letters a word and its stem have in common in any case.
const BEGINS: usize = 3;

impl Asked {
    /// Takes the words of texts that are next to each other in a question.
    #[must_use]
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>, stemmer: &mut Stemmer) -> Self {
        let mut asked = Self::default();
        for text in texts {
            let is_told = !is_function_word(text);
            for stem in stems(text, stemmer) {
                asked.every.push((stem.clone(), is_told.then_some(asked.stems.len())));
                if is_told {
                    asked.begins.push(begin(&stem));
                    asked.stems.push(stem);
                }
            }
        }
        asked
    }

    /// Whether every word of a wording may be asked for. Looks at its bytes alone, since nearly all
    /// wordings of a glossary are passed over.
    fn may_have(&self, wording: &str) -> bool {
        let is_asked = |word: &str| self.begins.contains(&begin(word)) || !word.is_ascii();
        fn parts(text: &str) -> impl Iterator<Item = &str> {
            text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 1)
        }
        // A contraction is a word of grammar as a whole, so each word is asked before its parts.
        parts(wording).any(is_asked)
            && wording.split(' ').all(|word| parts(word).all(is_asked) || is_function_word(word))
    }

    /// The places of a run of words of which only one says what it is about: all must be there, with
    /// nothing between. "Out at night" is not "night".
    fn whole(&self, wanted: &[String]) -> Option<Vec<usize>> {
        let runs = self.every.windows(wanted.len().max(1));
        let run = runs.into_iter().find(|run| run.iter().map(|(stem, _)| stem).eq(wanted))?;
        Some(run.iter().filter_map(|(_, place)| *place).collect())
    }

    /// The places of these stems, if they are there in their order with hardly anything between.
    fn places(&self, wanted: &[String]) -> Option<Vec<usize>> {
        let (first, rest) = wanted.split_first()?;
        let starts = (0..self.stems.len()).filter(|&place| self.stems[place] == *first);
        starts.into_iter().find_map(|start| {
            let mut places = vec![start];
            for stem in rest {
                let after = places[places.len() - 1] + 1;
                let within = after..(after + 1 + BETWEEN).min(self.stems.len());
                places.push(within.into_iter().find(|&place| self.stems[place] == *stem)?);
            }
            Some(places)
        })
    }
}

fn stems(text: &str, stemmer: &mut Stemmer) -> Vec<String> {
    stemmer.stems(text).into_iter().map(|(_, stem)| stem).collect()
}

fn begin(word: &str) -> [u8; BEGINS] {
    let mut begin = [0; BEGINS];
    for (own, byte) in begin.iter_mut().zip(word.bytes()) {
        *own = byte;
    }
    begin
}

impl Glossary {
    /// The embedded glossary, with the user's files.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn of(config: &Config) -> Result<Self, GlossaryError> {
        let mut glossary = Self::default();
        for file in &config.glossary {
            let text = fs::read_to_string(file)
                .map_err(|source| GlossaryError::Read { file: file.clone(), source })?;
            glossary.add(&text, file)?;
        }
        Ok(glossary)
    }

    fn add(&mut self, text: &str, file: &Path) -> Result<(), GlossaryError> {
        let read: File = toml::from_str(text)
            .map_err(|source| GlossaryError::Form { file: file.to_owned(), source })?;
        for term in read.term {
            let at = term.span().start;
            let wrong = |reason: String| GlossaryError::Value {
                file: file.to_owned(),
                line: text.get(..at).unwrap_or(text).matches('\n').count() + 1,
                reason,
            };
            let mut fields = term.into_inner();
            let Some(phrase) = fields.remove("phrase").as_ref().and_then(said) else {
                return Err(wrong("a term needs `phrase`, what the reports say".to_owned()));
            };
            fields.remove("source");
            for (name, wordings) in fields {
                if !CALLED.contains(&name.as_str()) {
                    return Err(wrong(format!(
                        "unknown field `{name}`; fields are phrase, {}, source",
                        CALLED.join(", ")
                    )));
                }
                let Some(wordings) = wordings.as_array() else {
                    return Err(wrong(format!("`{name}` is a list of wordings")));
                };
                for wording in wordings {
                    let Some(wording) = said(wording) else {
                        return Err(wrong(format!("`{name}` lists what has no letters or digits")));
                    };
                    if words::key(&wording) == words::key(&phrase) {
                        return Err(wrong(format!("`{wording}` stands for itself")));
                    }
                    let phrases = self.own.entry(wording).or_default();
                    if !phrases.contains(&phrase) {
                        phrases.push(phrase.clone());
                    }
                }
            }
        }
        Ok(())
    }

    /// The wordings that a question has, those of most words first.
    #[must_use]
    pub fn met(&self, asked: &Asked, stemmer: &mut Stemmer) -> Vec<Met> {
        let mut met = Vec::new();
        let embedded = EMBEDDED.lines().filter_map(|line| line.split_once('\t'));
        let mut meet = |wording: &str, phrases: Vec<String>| {
            let parts: Vec<&str> = wording.split(' ').collect();
            let content = parts.iter().filter(|word| !is_function_word(word));
            let wanted: Vec<String> = content.flat_map(|word| stems(word, stemmer)).collect();
            let found = if wanted.len() == 1 && parts.len() > 1 {
                asked.whole(&stems(wording, stemmer))
            } else {
                asked.places(&wanted)
            };
            if let Some(words) = found {
                met.push(Met { wording: wording.to_owned(), phrases, words });
            }
        };
        for (wording, phrases) in embedded {
            if asked.may_have(wording) {
                meet(wording, phrases.split('\t').map(str::to_owned).collect());
            }
        }
        for (wording, phrases) in &self.own {
            if asked.may_have(&wording.to_lowercase()) {
                meet(wording, phrases.clone());
            }
        }
        // Within a longer wording that is met, a shorter one means less.
        met.sort_by(|one, other| {
            other.words.len().cmp(&one.words.len()).then_with(|| one.wording.cmp(&other.wording))
        });
        let mut kept: Vec<Met> = Vec::new();
        for one in met {
            let within = |other: &Met| {
                other.words.len() > one.words.len()
                    && one.words.iter().all(|place| other.words.contains(place))
            };
            if !kept.iter().any(within) {
                kept.push(one);
            }
        }
        kept
    }
}

/// A text of letters or digits.
fn said(value: &toml::Value) -> Option<String> {
    let text = value.as_str()?.trim();
    text.contains(|c: char| c.is_alphanumeric()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Asked, EMBEDDED, Glossary, GlossaryError};
    use findings_index::language::words::{self, Stemmer};
    use std::path::Path;

    fn met(glossary: &Glossary, question: &str) -> Vec<(String, Vec<String>)> {
        let mut stemmer = Stemmer::default();
        let asked = Asked::of(question.split(' '), &mut stemmer);
        let met = glossary.met(&asked, &mut stemmer).into_iter();
        met.map(|met| (met.wording, met.phrases)).collect()
    }

    fn own(text: &str) -> Result<Glossary, GlossaryError> {
        let mut glossary = Glossary::default();
        glossary.add(text, Path::new("mine.toml")).map(|()| glossary)
    }

    #[test]
    fn a_wording_is_met_in_any_form_and_the_longer_takes_the_shorter_in() {
        let glossary =
            own("[[term]]\nphrase = 'lamplighting'\nparents = ['zorbed lamps', 'zorbs out']\n")
                .unwrap();
        let of = |question| met(&glossary, question).into_iter().map(|(wording, _)| wording);
        assert_eq!(of("who zorbed the lamp").collect::<Vec<_>>(), ["zorbed lamps"]);
        assert_eq!(of("zorbing and a lamp").collect::<Vec<_>>(), ["zorbed lamps"]);
        assert_eq!(of("zorbs a good lamp").collect::<Vec<_>>(), ["zorbed lamps"]);
        assert_eq!(of("zorbs a good green lamp").count(), 0, "the words are apart");
        assert_eq!(of("up with zorbs").count(), 0, "of `lit up`, `up` is not enough");
    }

    #[test]
    fn the_contractions_of_a_wording_need_not_be_asked_for() {
        let glossary =
            own("[[term]]\nphrase = 'lamplighting'\nparents = [\"doesn't zorb lamps\"]\n");
        let glossary = glossary.unwrap();
        for question in ["who don't zorb lamps", "zorbing lamps", "isn’t zorbing any lamps"] {
            assert_eq!(met(&glossary, question).len(), 1, "{question}");
        }
        assert_eq!(met(&glossary, "doesn't zorb").len(), 0, "a word of it is missing");
    }

    #[test]
    fn a_file_that_is_wrong_says_where() {
        for (text, said) in [
            ("[[term]]\nparents = ['x']\n", "line 1: a term needs `phrase`"),
            ("\n[[term]]\nphrase = 'a'\ncousins = ['b']\n", "line 2: unknown field `cousins`"),
            ("[[term]]\nphrase = 'a b'\npress = ['A b']\n", "`A b` stands for itself"),
            ("[[term]]\nphrase = 'a'\npress = ['!']\n", "no letters or digits"),
            ("[[term]]\nphrase = 'a'\npress = 'b'\n", "`press` is a list of wordings"),
        ] {
            let error = own(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn no_wording_of_the_embedded_glossary_contradicts_another() {
        assert!(EMBEDDED.lines().count() > 5_000);
        for line in EMBEDDED.lines() {
            let mut texts = line.split('\t');
            let wording = texts.next().unwrap();
            let phrases: Vec<&str> = texts.collect();
            assert!((1..=4).contains(&phrases.len()), "{line}");
            assert!(!phrases.iter().any(|p| words::key(p) == words::key(wording)), "{line}");
            assert!(wording.len() > 2 && wording.split(' ').count() <= 6, "{line}");
        }
    }
}
