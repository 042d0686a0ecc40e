//! What Findings knows before it reads a report: frameworks, authorities, topics. Data, not code.
//!
//! Both are embedded in the binary and checked when they are loaded; a fault in them is an error
//! that names file and field. Nothing here looks at a report.

pub mod authorities;
pub mod framework;

pub use authorities::{Authorities, Authority};
pub use framework::{Framework, Inherit, SectionRule};

use crate::classify::{Topics, TopicsError};
use sha2::{Digest, Sha256};

/// The embedded frameworks, each in a file of its own.
const FRAMEWORKS: [(&str, &str); 9] = [
    ("ilacs.toml", include_str!("frameworks/ilacs.toml")),
    ("jar-progress.toml", include_str!("frameworks/jar-progress.toml")),
    ("jtai.toml", include_str!("frameworks/jtai.toml")),
    ("lac-2013.toml", include_str!("frameworks/lac-2013.toml")),
    ("lscb-review.toml", include_str!("frameworks/lscb-review.toml")),
    ("send.toml", include_str!("frameworks/send.toml")),
    ("sif.toml", include_str!("frameworks/sif.toml")),
    ("sif-reinspection.toml", include_str!("frameworks/sif-reinspection.toml")),
    ("slac.toml", include_str!("frameworks/slac.toml")),
];

/// The themes shared by frameworks: id and the words shown to readers.
pub const THEMES: [(&str, &str); 9] = [
    ("help_protection", "Help and protection"),
    ("care", "Children in care"),
    ("care_leavers", "Care leavers"),
    ("permanence", "Adoption and permanence"),
    ("leadership", "Leadership and management"),
    ("partnership", "Partnership"),
    ("health", "Health"),
    ("education", "Education"),
    ("send", "Special educational needs and disabilities"),
];

/// Frameworks, authorities and topics.
#[derive(Debug)]
pub struct Knowledge {
    frameworks: Vec<Framework>,
    authorities: Authorities,
    topics: Topics,
    /// A hash of frameworks and authorities.
    hash: String,
    version: String,
}

/// What is wrong with the data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KnowledgeError {
    /// A framework's file does not follow the form.
    #[error("the framework in {file} can't be understood")]
    Framework {
        /// The file's name.
        file: String,
        /// The fault, with its line.
        #[source]
        source: framework::FrameworkError,
    },
    /// A framework is to be like one that is not there.
    #[error("framework `{code}` is to be like `{like}`, which is no framework of its own")]
    NoModel {
        /// The framework.
        code: String,
        /// What it names.
        like: String,
    },
    /// The table of authorities does not follow the form.
    #[error("the table of authorities can't be read")]
    Authorities(#[source] csv::Error),
    /// The topics do not follow their form.
    #[error(transparent)]
    Topics(#[from] TopicsError),
}

impl Knowledge {
    /// Loads what is embedded in the binary.
    ///
    /// # Errors
    /// [`KnowledgeError`] if the data does not follow its form.
    pub fn embedded() -> Result<Self, KnowledgeError> {
        let table = include_str!("authorities.csv");
        let mut hash = Sha256::new();
        hash.update(table);
        let mut frameworks = Vec::with_capacity(FRAMEWORKS.len());
        for (file, text) in FRAMEWORKS {
            hash.update(text);
            frameworks.push(
                Framework::parse(text).map_err(|source| KnowledgeError::Framework {
                    file: file.to_owned(),
                    source,
                })?,
            );
        }
        for index in 0..frameworks.len() {
            if let Some(like) = frameworks[index].like.clone() {
                let model =
                    frameworks.iter().find(|f| f.code == like && f.like.is_none()).cloned().ok_or(
                        KnowledgeError::NoModel { code: frameworks[index].code.clone(), like },
                    )?;
                frameworks[index].extend_like(&model);
            }
        }
        frameworks.sort_by_key(|f| f.order);
        let authorities = Authorities::parse(table).map_err(KnowledgeError::Authorities)?;
        let hash: String = hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect();
        let topics = Topics::embedded()?;
        let version = version(&hash, &topics);
        Ok(Self { frameworks, authorities, topics, hash, version })
    }

    /// The same with other topics.
    #[must_use]
    pub fn with_topics(self, topics: Topics) -> Self {
        let version = version(&self.hash, &topics);
        Self { topics, version, ..self }
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

    /// The authorities.
    #[must_use]
    pub fn authorities(&self) -> &Authorities {
        &self.authorities
    }

    /// A hash of the data: another version may understand the same report otherwise.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}

fn version(hash: &str, topics: &Topics) -> String {
    format!("{hash} {}", topics.taxonomy().version())
}

/// The words for a theme's id; the id itself where it is not one of [`THEMES`].
#[must_use]
pub fn theme_name(id: &str) -> &str {
    THEMES.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{Knowledge, THEMES};

    #[test]
    fn the_embedded_data_loads_and_every_theme_it_names_is_known() {
        let knowledge = Knowledge::embedded().unwrap();
        for framework in knowledge.frameworks() {
            for section in &framework.sections {
                if let Some(theme) = &section.theme {
                    assert!(
                        THEMES.iter().any(|(id, _)| id == theme),
                        "{}: {theme}",
                        framework.code
                    );
                }
            }
        }
    }
}
