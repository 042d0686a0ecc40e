//! The reference data with which questions are read: authorities, synonyms, names.
//!
//! Each table is read once, when it is first needed: a search without words reads no synonyms.

use crate::ask::error::AskError;
use crate::knowledge::Authorities;
use crate::knowledge::config::Config;
use crate::knowledge::glossary::Glossary;
use crate::knowledge::names::Names;
use crate::knowledge::synonyms::{self, Vocabulary};
use crate::knowledge::vectors;
use findings_index::ranking::meaning::Meaning;
use std::sync::OnceLock;

/// The built-in tables, with what the files of the user's configuration add.
#[derive(Debug, Default)]
pub struct Reference {
    config: Config,
    authorities: OnceLock<Authorities>,
    vocabulary: OnceLock<Vocabulary>,
    glossary: OnceLock<Glossary>,
    meaning: OnceLock<Option<Meaning>>,
    names: OnceLock<Names>,
}

impl Reference {
    /// Sets up the tables for a configuration; reads none of them yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// The user's configuration.
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

    /// The synonyms and the compounds.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn vocabulary(&self) -> Result<&Vocabulary, AskError> {
        if let Some(held) = self.vocabulary.get() {
            return Ok(held);
        }
        let read = synonyms::of(&self.config)?;
        Ok(self.vocabulary.get_or_init(|| read))
    }

    /// The glossary.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn glossary(&self) -> Result<&Glossary, AskError> {
        if let Some(held) = self.glossary.get() {
            return Ok(held);
        }
        let read = Glossary::of(&self.config)?;
        Ok(self.glossary.get_or_init(|| read))
    }

    /// The vectors of the trade's terms; `None` if the program was built without them.
    #[must_use]
    pub fn meaning(&self) -> Option<&Meaning> {
        self.meaning.get_or_init(vectors::table).as_ref()
    }

    /// The names of the frameworks.
    #[must_use]
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::load(&self.config.frameworks))
    }
}
