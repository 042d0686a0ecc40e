//! Synonyms, as data.
//!
//! They are embedded in the binary; the user's own files add to them. They are read for each query,
//! so that a change of a file takes effect at once: the index does not store them.
//! [`findings_index::language::lexicon`] decides which of them apply to a query.

use crate::knowledge::config::Config;
use findings_index::language::lexicon::Synonyms;
use findings_index::language::words;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};
use toml::Spanned;

const EMBEDDED: &str = include_str!("synonyms.toml");
const COMPOUNDS: &str = include_str!("compounds.toml");

/// The reason why synonyms cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynonymsError {
    /// A file cannot be read.
    #[error("cannot read the synonyms in {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// A file is not TOML of this form; the message names line and field.
    #[error("the synonyms in {file} can't be understood")]
    Form {
        /// The file, or the other source of the synonyms.
        file: String,
        /// What is wrong.
        #[source]
        source: toml::de::Error,
    },
    /// A value that cannot be a synonym.
    #[error("the synonyms in {file} can't be used: line {line}: {reason}")]
    Value {
        /// The file, or the other source of the synonyms.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// The words that a query is read with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    /// The synonyms.
    pub synonyms: Synonyms,
    /// Words that are one thing when they stand together.
    pub compounds: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    compounds: Vec<Spanned<String>>,
    #[serde(default)]
    same: Vec<Spanned<Vec<String>>>,
    #[serde(default)]
    also: BTreeMap<String, Spanned<Vec<String>>>,
}

/// Loads the embedded synonyms and compounds, and those of the user's files.
///
/// # Errors
/// A file that cannot be read or does not follow the form.
pub fn of(config: &Config) -> Result<Vocabulary, SynonymsError> {
    let mut words = Vocabulary::default();
    parse(EMBEDDED, "the program", &mut words)?;
    parse(COMPOUNDS, "the program", &mut words)?;
    for file in &config.synonyms {
        parse(&read(file)?, &file.display().to_string(), &mut words)?;
    }
    Ok(words)
}

fn read(file: &Path) -> Result<String, SynonymsError> {
    fs::read_to_string(file).map_err(|source| SynonymsError::Read { file: file.to_owned(), source })
}

fn parse(text: &str, file: &str, into: &mut Vocabulary) -> Result<(), SynonymsError> {
    let read: File = toml::from_str(text)
        .map_err(|source| SynonymsError::Form { file: file.to_owned(), source })?;
    let wrong = |at: usize, reason: String| SynonymsError::Value {
        file: file.to_owned(),
        line: text.get(..at).unwrap_or(text).matches('\n').count() + 1,
        reason,
    };
    let says_something = |words: &str| words.contains(|c: char| c.is_alphanumeric());
    for group in read.same {
        let at = group.span().start;
        let group = group.into_inner();
        if group.len() < 2 {
            return Err(wrong(at, "a group of equals needs two members or more".to_owned()));
        }
        if let Some(empty) = group.iter().find(|words| !says_something(words)) {
            return Err(wrong(at, format!("`{empty}` holds no letters or digits")));
        }
        into.synonyms.same.push(group);
    }
    for (word, others) in read.also {
        let at = others.span().start;
        let others = others.into_inner();
        if let Some(empty) = others.iter().chain([&word]).find(|words| !says_something(words)) {
            return Err(wrong(at, format!("`{empty}` holds no letters or digits")));
        }
        if others.is_empty() {
            return Err(wrong(at, format!("`{word}` has no synonym")));
        }
        into.synonyms.also.push((word, others));
    }
    for compound in read.compounds {
        let at = compound.span().start;
        let compound = compound.into_inner();
        if words::scan(&compound).filter(|word| !word.possessive).count() < 2 {
            return Err(wrong(at, format!("`{compound}` is not several words")));
        }
        into.compounds.push(compound);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Vocabulary, of, parse};
    use crate::knowledge::config::Config;
    use findings_index::language::words::Stemmer;
    use std::collections::HashSet;
    use std::io::Write;

    fn fault(text: &str) -> String {
        parse(text, "ours.toml", &mut Vocabulary::default()).unwrap_err().to_string()
    }

    #[test]
    fn embedded_synonyms_follow_their_form() {
        let synonyms = of(&Config::default()).unwrap().synonyms;
        assert!(synonyms.same.iter().any(|group| group.contains(&"return interview".to_owned())));
        assert!(synonyms.also.iter().any(|(word, _)| word == "teenager"));
    }

    #[test]
    fn the_users_file_adds_to_them() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "same = [[\"duck pond\", \"mere\"]]\n[also]\nfen = [\"marsh\"]\n").unwrap();
        let config = Config { synonyms: vec![file.path().to_owned()], ..Config::default() };
        let synonyms = of(&config).unwrap().synonyms;
        assert_eq!(synonyms.same.last().unwrap(), &["duck pond", "mere"]);
        assert!(synonyms.also.contains(&("fen".to_owned(), vec!["marsh".to_owned()])));
        assert!(synonyms.same.len() > 50);
    }

    #[test]
    fn embedded_compounds_are_each_there_once() {
        let compounds = of(&Config::default()).unwrap().compounds;
        assert!((30..=60).contains(&compounds.len()), "{}", compounds.len());
        let mut stemmer = Stemmer::default();
        let mut met = HashSet::new();
        for compound in &compounds {
            let stems: Vec<_> = stemmer.stems(compound).into_iter().map(|(_, stem)| stem).collect();
            assert!(met.insert(stems), "{compound}");
        }
    }

    #[test]
    fn the_users_file_adds_compounds() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "compounds = [\"duck pond\"]").unwrap();
        let config = Config { synonyms: vec![file.path().to_owned()], ..Config::default() };
        let compounds = of(&config).unwrap().compounds;
        assert_eq!(compounds.last().unwrap(), "duck pond");
        assert!(compounds.iter().any(|compound| compound == "children's home"));
    }

    #[test]
    fn every_fault_names_its_line() {
        insta::assert_snapshot!(
            [
                fault("same = [\n  [\"alone\"],\n]"),
                fault("same = [[\"one\", \"…\"]]"),
                fault("[also]\npond = []"),
                fault("compounds = [\n  \"duck pond\",\n  \"duck's\",\n]"),
            ]
            .join("\n"),
            @r"
        the synonyms in ours.toml can't be used: line 2: a group of equals needs two members or more
        the synonyms in ours.toml can't be used: line 1: `…` holds no letters or digits
        the synonyms in ours.toml can't be used: line 2: `pond` has no synonym
        the synonyms in ours.toml can't be used: line 3: `duck's` is not several words
        "
        );
        assert_eq!(fault("equal = []"), "the synonyms in ours.toml can't be understood");
    }
}
