//! Topics as data: reads taxonomies from TOML and tags paragraphs with their topics.
//!
//! A taxonomy is embedded in the binary; the user's own files add topics or replace those with the
//! same id. A file is checked as a whole before it is used: a fault is an error that names line and
//! reason, and never leads to a topic that silently finds nothing.

use findings_index::language::negation::Rules;
use findings_index::language::topic::{
    Measured, Tagger, TaggerError, Taxonomy, Topic, TopicError, check_phrase, check_query,
};
use serde::Deserialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};
use toml::Spanned;

/// The embedded taxonomy.
const EMBEDDED: &str = include_str!("topics.toml");

/// How well the embedded topics tag, as `tests/topics/score.py` writes it.
const MEASURED: &str = include_str!("topics-measured.toml");

/// The topics of this run, with the tagger that finds them.
#[derive(Debug)]
pub struct Topics {
    taxonomy: Taxonomy,
    tagger: Tagger,
    rules: Rules,
}

/// What is wrong with a file of topics.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopicsError {
    /// It cannot be read.
    #[error("cannot read the topics in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: io::Error,
    },
    /// It does not follow the form.
    #[error("the topics in {file} can't be understood")]
    Form {
        /// The file, or the other source of the topics.
        file: String,
        /// What is wrong, and on which line.
        source: FormError,
    },
    /// The tagger cannot be built from them.
    #[error(transparent)]
    Tagger(#[from] TaggerError),
}

/// The reason why a text is not a list of topics, with its line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// It is not TOML of this form; the message names line and field.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// A value is not valid.
    #[error("line {line}: {reason}")]
    Value {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    topic: Vec<Written>,
}

/// The file that says how well topics tag.
#[derive(Deserialize)]
struct MeasuredFile {
    #[serde(default)]
    topic: Vec<MeasuredTopic>,
}

/// How well a version of a topic tags.
#[derive(Deserialize)]
struct MeasuredTopic {
    id: String,
    version: String,
    #[serde(flatten)]
    measured: Measured,
}

/// A topic as written in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: Spanned<String>,
    name: Spanned<String>,
    version: Spanned<u32>,
    definition: Spanned<String>,
    #[serde(default)]
    phrases: Vec<Spanned<String>>,
    #[serde(default)]
    cased: Vec<Spanned<String>>,
    #[serde(default)]
    queries: Vec<Spanned<String>>,
    #[serde(default)]
    near_misses: Vec<Spanned<String>>,
    note: Option<String>,
}

impl Topics {
    /// Loads the embedded topics.
    ///
    /// # Errors
    /// [`TopicsError`] if they do not follow their form.
    pub fn embedded() -> Result<Self, TopicsError> {
        Self::with(&[])
    }

    /// Loads the embedded topics and those of the files; a topic replaces an earlier one with the
    /// same id.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn with(files: &[PathBuf]) -> Result<Self, TopicsError> {
        let mut taxonomy = Taxonomy::default();
        let mut add = |text: &str, file: String| {
            let topics = parse(text).map_err(|source| TopicsError::Form { file, source })?;
            topics.into_iter().for_each(|topic| taxonomy.put(topic));
            Ok::<_, TopicsError>(())
        };
        add(EMBEDDED, "the program".to_owned())?;
        for path in files {
            add(&read(path)?, path.display().to_string())?;
        }
        let measured: MeasuredFile = toml::from_str(MEASURED).map_err(|source| {
            TopicsError::Form { file: "the program".to_owned(), source: source.into() }
        })?;
        for one in measured.topic {
            taxonomy.measured(&one.id, &one.version, one.measured);
        }
        let tagger = Tagger::new(&taxonomy)?;
        Ok(Self { taxonomy, tagger, rules: Rules::default() })
    }

    /// The taxonomy.
    #[must_use]
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// The ids of the topics that a text is about.
    #[must_use]
    pub fn of(&self, text: &str) -> Vec<String> {
        self.tagger.tag(text).into_iter().map(str::to_owned).collect()
    }

    /// The ids of the topics that a text is about, each with whether the text only denies it.
    #[must_use]
    pub fn with_denials(&self, text: &str) -> Vec<(String, bool)> {
        let tagged = self.tagger.tag_with_denials(text, &self.rules);
        tagged.into_iter().map(|(id, denied)| (id.to_owned(), denied)).collect()
    }
}

fn read(path: &Path) -> Result<String, TopicsError> {
    fs::read_to_string(path).map_err(|source| TopicsError::Read { path: path.to_owned(), source })
}

/// Reads the topics of a file.
///
/// # Errors
/// What is wrong with it, and on which line.
pub fn parse(text: &str) -> Result<Vec<Topic>, FormError> {
    let file: File = toml::from_str(text)?;
    let mut ids = HashSet::new();
    let mut topics = Vec::with_capacity(file.topic.len());
    for written in file.topic {
        check(text, &written)?;
        if !ids.insert(written.id.as_ref().clone()) {
            let reason = format!("a second topic `{}`; give it another id", written.id.as_ref());
            return Err(wrong(text, &written.id, reason));
        }
        let plain =
            |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner).collect();
        topics.push(Topic {
            id: written.id.into_inner(),
            name: written.name.into_inner(),
            version: written.version.into_inner(),
            definition: written.definition.into_inner(),
            phrases: plain(written.phrases),
            cased: plain(written.cased),
            queries: plain(written.queries),
            near_misses: plain(written.near_misses),
            note: written.note,
            measured: None,
        });
    }
    Ok(topics)
}

fn check(text: &str, topic: &Written) -> Result<(), FormError> {
    let id = topic.id.as_ref();
    let in_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(in_id) {
        let reason = format!(
            "`{id}` is no id; begin with a small letter and go on with small letters, digits and \
             underscores"
        );
        return Err(wrong(text, &topic.id, reason));
    }
    for (field, value) in [("name", &topic.name), ("definition", &topic.definition)] {
        if value.as_ref().trim().is_empty() {
            return Err(wrong(text, value, format!("the {field} of `{id}` is empty")));
        }
    }
    if *topic.version.as_ref() == 0 {
        return Err(wrong(text, &topic.version, "versions are counted from 1".to_owned()));
    }
    if topic.phrases.is_empty() && topic.cased.is_empty() && topic.queries.is_empty() {
        let reason = format!("topic `{id}` would tag nothing; give it phrases, cased or queries");
        return Err(wrong(text, &topic.id, reason));
    }
    let phrases = topic.phrases.iter().chain(&topic.cased).chain(&topic.near_misses);
    let phrases = phrases.map(|phrase| (phrase, check_phrase(phrase.as_ref())));
    let queries = topic.queries.iter().map(|query| (query, check_query(query.as_ref())));
    let fault = |(value, checked): (&Spanned<String>, Result<(), TopicError>)| {
        checked.map_err(|error| wrong(text, value, error.to_string()))
    };
    phrases.chain(queries).try_for_each(fault)
}

fn wrong<T>(text: &str, value: &Spanned<T>, reason: String) -> FormError {
    let before = text.get(..value.span().start).unwrap_or(text);
    FormError::Value { line: before.matches('\n').count() + 1, reason }
}

#[cfg(test)]
mod tests {
    use super::{Topics, parse};
    use std::io::Write;

    const PONDS: &str = r#"
[[topic]]
id = "ponds"
name = "Ponds"
version = 3
definition = "Water that stands."
phrases = ["duck pond"]
queries = ['"water" AND "still"']
"#;

    fn fault(change: impl Fn(&str) -> String) -> String {
        parse(&change(PONDS)).unwrap_err().to_string()
    }

    #[test]
    fn every_embedded_topic_was_measured_with_the_rules_that_it_has() {
        let topics = Topics::embedded().unwrap();
        let unmeasured = topics.taxonomy().topics().iter().filter(|topic| topic.measured.is_none());
        let unmeasured: Vec<String> =
            unmeasured.map(|topic| format!("{} {}", topic.id, topic.version())).collect();
        assert!(unmeasured.is_empty(), "tests/topics/README.md says what to do: {unmeasured:?}");
    }

    #[test]
    fn embedded_topics_follow_their_form_and_tag() {
        let topics = Topics::embedded().unwrap();
        assert!(topics.taxonomy().topics().len() > 50);
        let of = topics.of("Return home interviews are late; some children with SEND wait.");
        assert_eq!(of, ["missing_rhi", "send"]);
        assert!(topics.of("They send letters.").is_empty());
    }

    #[test]
    fn file_of_the_user_adds_topics_and_overrides_those_of_the_same_id() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "{PONDS}{}", PONDS.replace("ponds", "neglect")).unwrap();
        let embedded = Topics::embedded().unwrap();
        let topics = Topics::with(&[file.path().to_owned()]).unwrap();
        assert_eq!(topics.of("Still water."), ["neglect", "ponds"]);
        assert!(topics.of("long-term neglect").is_empty(), "the embedded topic is replaced");
        assert!(topics.taxonomy().get("ponds").unwrap().version().starts_with("3+"));
        assert_ne!(topics.taxonomy().version(), embedded.taxonomy().version());
    }

    #[test]
    fn version_follows_the_phrases_even_where_nobody_counted_up() {
        let version = |text: &str| parse(text).unwrap()[0].version();
        assert_ne!(version(PONDS), version(&PONDS.replace("duck pond", "fish pond")));
        assert_eq!(version(PONDS), version(&PONDS.replace("Water that stands", "Still water")));
    }

    #[test]
    fn every_fault_names_its_line_and_its_reason() {
        insta::assert_snapshot!(
            [
                fault(|text| text.replace("\"ponds\"", "\"Duck ponds\"")),
                fault(|text| text.replace("version = 3", "version = 0")),
                fault(|text| text.replace("duck pond", "…")),
                fault(|text| text.replace("\"water\" AND", "water AND")),
                fault(|text| text.replace("AND \"still\"", "AND")),
                fault(|text| text.replace("phrases = [\"duck pond\"]\nqueries = ['\"water\" AND \"still\"']", "")),
                fault(|text| text.replace("Water that stands.", " ")),
                fault(|text| format!("{text}{text}")),
            ]
            .join("\n"),
            @r#"
        line 3: `Duck ponds` is no id; begin with a small letter and go on with small letters, digits and underscores
        line 5: versions are counted from 1
        line 7: the phrase `…` holds no letters or digits
        line 8: `water` has no place in the query of a topic; write "phrases" in quotation marks with AND, OR, NOT and NEAR
        line 8: the query `"water" AND` is not understood at column 9: `AND` has nothing behind it; write what it joins, or `and` for the word itself
        line 3: topic `ponds` would tag nothing; give it phrases, cased or queries
        line 6: the definition of `ponds` is empty
        line 11: a second topic `ponds`; give it another id
        "#
        );
        let form = fault(|text| text.replace("phrases", "phrase"));
        assert!(form.contains("line 7") && form.contains("unknown field `phrase`"), "{form}");
    }
}
