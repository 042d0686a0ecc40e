//! What is known beforehand and needed when a question is asked: authorities, synonyms, names.
//!
//! Each is read when it is first needed, and once: a search without words reads no synonyms.

use crate::ask::error::AskError;
use crate::knowledge::Authorities;
use crate::knowledge::config::Config;
use crate::knowledge::names::Names;
use crate::knowledge::synonyms;
use findings_index::language::lexicon::Synonyms;
use std::sync::OnceLock;

/// Data that the user may add to, as the configuration says.
#[derive(Debug, Default)]
pub struct Reference {
    config: Config,
    authorities: OnceLock<Authorities>,
    synonyms: OnceLock<Synonyms>,
    names: OnceLock<Names>,
}

impl Reference {
    /// What the program knows, and what the files of the configuration add.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// What the user adds.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The tables of authorities.
    ///
    /// # Errors
    /// A table that cannot be read or does not follow the form.
    pub fn authorities(&self) -> Result<&Authorities, AskError> {
        if let Some(held) = self.authorities.get() {
            return Ok(held);
        }
        let read = Authorities::load(&self.config.authorities)?;
        Ok(self.authorities.get_or_init(|| read))
    }

    /// The synonyms.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn synonyms(&self) -> Result<&Synonyms, AskError> {
        if let Some(held) = self.synonyms.get() {
            return Ok(held);
        }
        let read = synonyms::of(&self.config)?;
        Ok(self.synonyms.get_or_init(|| read))
    }

    /// How frameworks are called.
    #[must_use]
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::load(&self.config.frameworks))
    }
}
