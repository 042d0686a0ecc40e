//! The reference data with which questions are read: authorities, synonyms, names.
//!
//! Each table is read once, when it is first needed: a search without words reads no synonyms.

use crate::ask::error::AskError;
use crate::knowledge::config::Config;
use crate::knowledge::glossary::Glossary;
use crate::knowledge::names::Names;
use crate::knowledge::synonyms::{self, Vocabulary};
use crate::knowledge::vectors;
use crate::knowledge::{Authorities, Knowledge};
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
    knowledge: OnceLock<Knowledge>,
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
        once(&self.authorities, || Authorities::load(&self.config.authorities))
    }

    /// The synonyms and the compounds.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn vocabulary(&self) -> Result<&Vocabulary, AskError> {
        once(&self.vocabulary, || synonyms::of(&self.config))
    }

    /// The glossary.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn glossary(&self) -> Result<&Glossary, AskError> {
        once(&self.glossary, || Glossary::of(&self.config))
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

    /// The frameworks and themes by which reports are read, which say what grades mean.
    ///
    /// # Errors
    /// A file that cannot be read or does not follow the form.
    pub fn knowledge(&self) -> Result<&Knowledge, AskError> {
        once(&self.knowledge, || Knowledge::load(&self.config))
    }
}

/// What was read, which is done when it is first asked for.
fn once<T, E>(held: &OnceLock<T>, read: impl FnOnce() -> Result<T, E>) -> Result<&T, AskError>
where
    AskError: From<E>,
{
    if let Some(held) = held.get() {
        return Ok(held);
    }
    let read = read()?;
    Ok(held.get_or_init(|| read))
}
