//! The configuration: the user's own files that are used in every run.
//!
//! It is read from `findings.toml` in the folder in which the command runs, or from the file named
//! with `--config`. Paths in it are relative to the folder of the configuration, so that it works
//! wherever a command is run. This module does not read the files that the configuration names, nor
//! the addresses of a cluster.

use crate::knowledge::form::{self, Checker, Fault, Form, Key, Severity};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// The file name of a configuration.
pub const FILE: &str = "findings.toml";

const FORM: &[Key] = &[
    Key { name: "frameworks", form: Form::Texts, needed: false },
    Key { name: "authorities", form: Form::Texts, needed: false },
    Key { name: "neighbours_edition", form: Form::Text, needed: false },
    Key { name: "topics", form: Form::Texts, needed: false },
    Key { name: "synonyms", form: Form::Texts, needed: false },
    Key { name: "glossary", form: Form::Texts, needed: false },
    Key { name: "corrections", form: Form::Text, needed: false },
    Key { name: "searches", form: Form::Text, needed: false },
    Key { name: "engine", form: Form::TextOrTexts, needed: false },
];

/// The files with which the user extends the built-in data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Folders of frameworks; of two frameworks with the same code, the later one counts.
    pub frameworks: Vec<PathBuf>,
    /// Tables of authorities; of two authorities with the same name, the later one counts.
    pub authorities: Vec<PathBuf>,
    /// The edition of the statistical neighbours in these tables, in words.
    pub neighbours_edition: Option<String>,
    /// Files of topics; of two topics with the same id, the later one counts.
    pub topics: Vec<PathBuf>,
    /// Files of synonyms, which are added to the built-in ones.
    pub synonyms: Vec<PathBuf>,
    /// Files of the glossary, which are added to the built-in one.
    pub glossary: Vec<PathBuf>,
    /// The file of corrections, instead of the one next to the index.
    pub corrections: Option<PathBuf>,
    /// The file of saved searches, instead of the one in the current folder.
    pub searches: Option<PathBuf>,
    /// The cluster that holds the index, if no folder does.
    pub engine: Option<Addresses>,
}

/// The addresses of a cluster's nodes as written. They may contain a password, so that `Debug` only
/// counts them.
#[derive(Clone, PartialEq, Eq)]
pub struct Addresses(Vec<String>);

impl Addresses {
    /// The texts, each with one address or with several.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.0
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|text| text.trim().is_empty())
    }
}

impl From<String> for Addresses {
    fn from(text: String) -> Self {
        Self(vec![text])
    }
}

impl fmt::Debug for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Addresses({})", self.0.len())
    }
}

/// The reason why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// The file does not follow its form.
    #[error("the configuration {} can't be used: {}", file.display(), said(faults))]
    Form {
        /// The file.
        file: PathBuf,
        /// All that is wrong with it.
        faults: Vec<Fault>,
    },
}

fn said(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")
}

impl Config {
    /// Reads the configuration in `folder`; returns the default if there is none.
    ///
    /// # Errors
    /// [`ConfigError`] if there is one that cannot be used.
    pub fn in_folder(folder: &Path) -> Result<Self, ConfigError> {
        let file = folder.join(FILE);
        match fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text, &file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::Read { file, source }),
        }
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// [`ConfigError`] if the file is missing or cannot be used.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(file)
            .map_err(|source| ConfigError::Read { file: file.to_owned(), source })?;
        Self::parse(&text, file)
    }

    fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let (checker, root) = Checker::new(text, FORM);
        let faults = checker.finish();
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            return Err(ConfigError::Form { file: file.to_owned(), faults });
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        let paths = |key| {
            form::texts(root.get_ref(), key)
                .into_iter()
                .map(|(path, _)| folder.join(path))
                .collect()
        };
        let path = |key| form::text(root.get_ref(), key).map(|(path, _)| folder.join(path));
        Ok(Self {
            frameworks: paths("frameworks"),
            authorities: paths("authorities"),
            neighbours_edition: form::text(root.get_ref(), "neighbours_edition")
                .map(|(edition, _)| edition.trim().to_owned())
                .filter(|edition| !edition.is_empty()),
            topics: paths("topics"),
            synonyms: paths("synonyms"),
            glossary: paths("glossary"),
            corrections: path("corrections"),
            searches: path("searches"),
            engine: root.get_ref().contains_key("engine").then(|| {
                let texts = form::texts(root.get_ref(), "engine");
                Addresses(texts.into_iter().map(|(text, _)| text.to_owned()).collect())
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Addresses, Config};
    use std::path::{Path, PathBuf};

    #[test]
    fn paths_are_taken_from_the_folder_of_the_configuration() {
        let file = Path::new("team/findings.toml");
        let text = "frameworks = ['ours']\nauthorities = ['/elsewhere/bodies.csv']\ntopics = ['t.toml']\nsynonyms = ['s.toml']\ncorrections = 'c.toml'\nsearches = 's/weekly.toml'\nneighbours_edition = ' 2023 '\n";
        let config = Config::parse(text, file).unwrap();
        assert_eq!(config.frameworks, [PathBuf::from("team/ours")]);
        assert_eq!(config.authorities, [PathBuf::from("/elsewhere/bodies.csv")]);
        assert_eq!(config.neighbours_edition.as_deref(), Some("2023"));
        assert_eq!(config.topics, [PathBuf::from("team/t.toml")]);
        assert_eq!(config.synonyms, [PathBuf::from("team/s.toml")]);
        assert_eq!(config.corrections, Some(PathBuf::from("team/c.toml")));
        assert_eq!(config.searches, Some(PathBuf::from("team/s/weekly.toml")));
    }

    #[test]
    fn a_cluster_is_one_text_or_several_and_is_not_shown() {
        let read = |text| Config::parse(text, Path::new("findings.toml")).unwrap();
        let one = read("engine = 'https://ann:secret@a,https://b'\n");
        let two = read("engine = ['https://ann:secret@a', 'https://b']\n");
        let texts = |config: &Config| config.engine.as_ref().map(|engine| engine.texts().to_vec());
        assert_eq!(texts(&one), Some(vec!["https://ann:secret@a,https://b".to_owned()]));
        assert_eq!(
            texts(&two),
            Some(vec!["https://ann:secret@a".to_owned(), "https://b".to_owned()])
        );
        for config in [one, two] {
            assert!(!format!("{config:?}").contains("secret"), "{config:?}");
        }
        assert_eq!(read("").engine, None);
        for blank in ["engine = ''", "engine = []", "engine = [' ']"] {
            assert!(read(blank).engine.is_some_and(|engine| engine.is_blank()), "{blank}");
        }
        assert!(!Addresses::from("https://a".to_owned()).is_blank());
    }

    #[test]
    fn a_fault_near_a_password_does_not_repeat_it() {
        for text in [
            "engine = https://ann:secret@a\n",
            "engine = 'https://ann:secret@a\n",
            "engine = \"https://ann:secret\\q@a\"\n",
            "engine = 'https://ann:secret@a' https://ann:secret@b\n",
            "engine = ['https://ann:secret@a'\n",
            "engine = ['https://ann:secret@a', 7]\n",
            "engine = { url = 'https://ann:secret@a' }\n",
            "engine: 'https://ann:secret@a'\n",
            "engine = 'https://a'\nengine = 'https://ann:secret@a'\n",
            "engines = 'https://ann:secret@a'\n",
        ] {
            let error = Config::parse(text, Path::new("findings.toml")).expect_err(text);
            assert!(!format!("{error} {error:?}").contains("secret"), "{error} {error:?}");
        }
    }

    #[test]
    fn a_folder_without_a_configuration_adds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Config::in_folder(folder.path()).unwrap(), Config::default());
    }

    #[test]
    fn every_fault_of_a_configuration_is_named_with_its_line() {
        let text = "framework = ['ours']\nauthorities = 'bodies.csv'\n";
        let error = Config::parse(text, Path::new("findings.toml")).unwrap_err();
        insta::assert_snapshot!(error, @"the configuration findings.toml can't be used: line 1: unknown key `framework`; did you mean `frameworks`?; line 2: authorities: this should be a list of texts, such as ['one', 'two']");
    }
}
