//! What Findings knows before it reads a report: frameworks, themes, authorities, topics. Data, not
//! code.
//!
//! All of it is embedded in the binary; a user's own files add to it or replace parts. A user's
//! file is checked when it is loaded, and a fault in it is an error that names file, line and key.
//! Nothing here looks at a report.

pub mod authorities;
pub mod check;
pub mod config;
pub mod corrections;
pub mod dates;
pub(crate) mod fold;
pub mod form;
pub mod framework;
mod gazetteer;
pub mod glossary;
pub mod names;
pub mod pattern;
pub mod synonyms;
pub mod themes;
pub mod topics;
pub mod vectors;

pub use authorities::{Authorities, Authority};
pub use corrections::{Corrections, CorrectionsError};
pub use framework::{Framework, Inherit, Origin, PrintedGrades, SectionRule};
pub use gazetteer::{Gazetteer, Mention, Named, may_be_meant};
pub use themes::Theme;

use authorities::AuthoritiesError;
use config::Config;
use form::{Fault, Severity};
use framework::Metadata;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{fs, io};
pub use topics::{Topics, TopicsError};

/// The embedded frameworks: the name and the text of each file.
const FRAMEWORKS: [(&str, &str); 10] = [
    ("ilacs.toml", include_str!("frameworks/ilacs.toml")),
    ("jar-progress.toml", include_str!("frameworks/jar-progress.toml")),
    ("jtai.toml", include_str!("frameworks/jtai.toml")),
    ("lac-2013.toml", include_str!("frameworks/lac-2013.toml")),
    ("lscb-review.toml", include_str!("frameworks/lscb-review.toml")),
    ("send.toml", include_str!("frameworks/send.toml")),
    ("send-2016.toml", include_str!("frameworks/send-2016.toml")),
    ("sif.toml", include_str!("frameworks/sif.toml")),
    ("sif-reinspection.toml", include_str!("frameworks/sif-reinspection.toml")),
    ("slac.toml", include_str!("frameworks/slac.toml")),
];

/// The patterns for metadata in reports of any framework.
const GENERAL: &str = include_str!("general.toml");

/// Frameworks, themes, authorities, topics and the user's corrections.
#[derive(Debug)]
pub struct Knowledge {
    frameworks: Vec<Framework>,
    general: Metadata,
    themes: Vec<Theme>,
    authorities: Authorities,
    topics: Topics,
    corrections: Corrections,
    version: String,
}

/// The reason why the data cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KnowledgeError {
    /// An embedded file does not follow its form.
    #[error("the file {file} within this program is at fault")]
    Embedded {
        /// The file's name.
        file: &'static str,
        /// The fault, with its line.
        #[source]
        source: toml::de::Error,
    },
    /// A framework names a model that does not exist.
    #[error("framework `{code}` is to be like `{like}`, which is not a framework of its own")]
    NoModel {
        /// The framework.
        code: String,
        /// The code of the model that it names.
        like: String,
    },
    /// A folder or file of frameworks cannot be read.
    #[error("cannot read the frameworks in {}", path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// A folder of frameworks contains none.
    #[error("{} holds no framework: no file whose name ends in .toml", folder.display())]
    Empty {
        /// The folder.
        folder: PathBuf,
    },
    /// A user's framework does not follow the form.
    #[error("the framework in {} can't be used: {}", file.display(), errors(faults))]
    Faults {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
    /// Two files of one folder have the same code.
    #[error("{} and {} both describe `{code}`; give one of them another code", first.display(), second.display())]
    Twice {
        /// The code.
        code: String,
        /// The first file.
        first: PathBuf,
        /// The second file.
        second: PathBuf,
    },
    /// A table of authorities cannot be used.
    #[error(transparent)]
    Authorities(#[from] AuthoritiesError),
    /// A list of topics cannot be used.
    #[error(transparent)]
    Topics(#[from] TopicsError),
}

fn errors(faults: &[Fault]) -> String {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error);
    errors.map(Fault::to_string).collect::<Vec<_>>().join("; ")
}

impl Knowledge {
    /// Loads the embedded data.
    ///
    /// # Errors
    /// [`KnowledgeError`] if the data does not follow its form.
    pub fn embedded() -> Result<Self, KnowledgeError> {
        Self::load(&Config::default())
    }

    /// Loads the embedded data and the user's additions.
    ///
    /// # Errors
    /// [`KnowledgeError`] if a file cannot be read or does not follow its form.
    pub fn load(config: &Config) -> Result<Self, KnowledgeError> {
        let mut hash = Sha256::new();
        let embedded = |file| move |source| KnowledgeError::Embedded { file, source };
        let mut themes = themes::embedded().map_err(embedded("themes.toml"))?;
        let general = toml::from_str(GENERAL).map_err(embedded("general.toml"))?;
        for text in [themes::EMBEDDED, GENERAL] {
            hash.update(text);
        }
        let mut frameworks = Vec::with_capacity(FRAMEWORKS.len());
        for (file, text) in FRAMEWORKS {
            hash.update(text);
            frameworks.push(Framework::parse(text).map_err(embedded(file))?);
        }
        for index in 0..frameworks.len() {
            let model = model(&frameworks[index], &frameworks)?.cloned();
            if let Some(model) = model {
                frameworks[index].extend_like(&model);
            }
        }
        for folder in &config.frameworks {
            let files = files(folder)?;
            for (_, text) in &files {
                hash.update(text);
            }
            let added = checked(files, &frameworks, &themes)?;
            for framework in &added {
                themes::add(&mut themes, &framework.themes);
            }
            frameworks = overridden(frameworks, added);
        }
        frameworks.sort_by_key(|f| f.order);
        let authorities = Authorities::load(&config.authorities)?;
        hash.update(authorities.version());
        let topics = Topics::with(&config.topics)?;
        hash.update(topics.taxonomy().version());
        let version = hex::encode(&hash.finalize()[..6]);
        let corrections = Corrections::default();
        Ok(Self { frameworks, general, themes, authorities, topics, corrections, version })
    }

    /// Adds a framework, or replaces the one with the same code.
    ///
    /// # Errors
    /// [`KnowledgeError::NoModel`] if the framework's model does not exist.
    pub fn with(mut self, mut framework: Framework) -> Result<Self, KnowledgeError> {
        themes::add(&mut self.themes, &framework.themes);
        if let Some(model) = model(&framework, &self.frameworks)? {
            framework.extend_like(model);
        }
        self.frameworks = overridden(self.frameworks, vec![framework]);
        self.frameworks.sort_by_key(|f| f.order);
        Ok(self)
    }

    /// The topics that paragraphs are tagged with.
    #[must_use]
    pub fn topics(&self) -> &Topics {
        &self.topics
    }

    /// The frameworks in the order in which they are tried on a report.
    #[must_use]
    pub fn frameworks(&self) -> &[Framework] {
        &self.frameworks
    }

    /// The framework with this code.
    #[must_use]
    pub fn framework(&self, code: &str) -> Option<&Framework> {
        self.frameworks.iter().find(|f| f.code == code)
    }

    /// The patterns for metadata that a framework does not give itself.
    #[must_use]
    pub fn general(&self) -> &Metadata {
        &self.general
    }

    /// The themes.
    #[must_use]
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// The authorities.
    #[must_use]
    pub fn authorities(&self) -> &Authorities {
        &self.authorities
    }

    /// Sets the user's corrections, written as TOML. They are part of the [version](Self::version),
    /// so every report is read again when they change.
    ///
    /// # Errors
    /// The first fault in them, with its line.
    pub fn with_corrections(mut self, text: &str) -> Result<Self, CorrectionsError> {
        self.corrections = Corrections::parse(text, &self.frameworks, &self.authorities)?;
        if !self.corrections.all().is_empty() {
            let digits = hex::encode(&Sha256::digest(text)[..6]);
            self.version = format!("{}+{digits}", self.version);
        }
        Ok(self)
    }

    /// The user's corrections.
    #[must_use]
    pub fn corrections(&self) -> &Corrections {
        &self.corrections
    }

    /// A hash of the data: with another version, the same report may be read differently.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}

/// Reads the files of a folder whose names end in `.toml`, by name; or the file itself.
fn files(path: &Path) -> Result<Vec<(PathBuf, String)>, KnowledgeError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        |source| KnowledgeError::Read { path, source }
    };
    let mut paths = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(unreadable(path))? {
            paths.push(entry.map_err(unreadable(path))?.path());
        }
        // The configuration may be in the same folder as the frameworks that it names.
        paths.retain(|path| {
            path.extension().is_some_and(|ending| ending == "toml")
                && !path.ends_with(crate::knowledge::config::FILE)
        });
        paths.sort();
        if paths.is_empty() {
            return Err(KnowledgeError::Empty { folder: path.to_owned() });
        }
    } else {
        paths.push(path.to_owned());
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
        Ok((path, text))
    };
    paths.into_iter().map(read).collect()
}

/// Loads the frameworks of a user's files, each checked against all others.
fn checked(
    files: Vec<(PathBuf, String)>,
    known: &[Framework],
    themes: &[Theme],
) -> Result<Vec<Framework>, KnowledgeError> {
    // A file may name another of the same folder as its model, and use its themes, in any order.
    let drafts: Vec<Framework> =
        files.iter().filter_map(|(_, text)| Framework::parse(text).ok()).collect();
    let mut themes = themes.to_vec();
    for draft in &drafts {
        themes::add(&mut themes, &draft.themes);
    }
    // A framework that replaces another may have that one as its model; for all others, the model
    // is the replacement.
    let others: Vec<Framework> = known.iter().chain(&drafts).cloned().collect();
    let latest: Vec<Framework> = drafts.iter().chain(known).cloned().collect();
    let mut added: Vec<Framework> = Vec::with_capacity(files.len());
    for (file, text) in files {
        let checked = check::check(&text, &others, &themes);
        let Some(mut framework) = checked.framework else {
            return Err(KnowledgeError::Faults { file, faults: checked.faults });
        };
        let path_of = |framework: &Framework| match &framework.origin {
            Origin::File { path, .. } => path.clone(),
            Origin::Embedded => PathBuf::new(),
        };
        if let Some(first) = added.iter().find(|other| other.code == framework.code) {
            let first = path_of(first);
            return Err(KnowledgeError::Twice { code: framework.code, first, second: file });
        }
        let own = framework.like.as_ref() == Some(&framework.code);
        if let Some(model) = model(&framework, if own { known } else { &latest })? {
            framework.extend_like(model);
        }
        framework.origin = Origin::File { path: file, overrides: false };
        added.push(framework);
    }
    Ok(added)
}

/// Puts `added` before the known frameworks and removes those with the same codes.
fn overridden(mut known: Vec<Framework>, mut added: Vec<Framework>) -> Vec<Framework> {
    for framework in &mut added {
        let Some(place) = known.iter().position(|other| other.code == framework.code) else {
            continue;
        };
        let old = known.remove(place);
        if let Origin::File { overrides, .. } = &mut framework.origin {
            *overrides = true;
        }
        if framework.order == 0 {
            framework.order = old.order;
        }
    }
    added.extend(known);
    added
}

/// Finds the model of a framework: one without a model itself, or the one that it replaces.
fn model<'k>(
    framework: &Framework,
    known: &'k [Framework],
) -> Result<Option<&'k Framework>, KnowledgeError> {
    let Some(like) = &framework.like else {
        return Ok(None);
    };
    let fits = |f: &&Framework| f.code == *like && (f.like.is_none() || *like == framework.code);
    known
        .iter()
        .find(fits)
        .map(Some)
        .ok_or_else(|| KnowledgeError::NoModel { code: framework.code.clone(), like: like.clone() })
}

#[cfg(test)]
mod tests;
