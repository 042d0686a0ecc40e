//! Turns what was typed into a checked request, and the request into an answer.
//!
//! The command line, the pages, the API and the assistant all ask here and get the same answer.
//! They hand in plain strings and get back values. No message names an option, a command or an
//! address: each door puts the values into its own words.
//!
//! ```text
//! question    what was typed
//! resolve     what a condition means, wherever it was typed
//! joined      values of several words without quotation marks
//! latest      the newest full inspection of each authority
//! reading     the text of a query -> a tree, widened, with notes
//! search      a question -> an answer
//! similar     a paragraph -> those like it, by words and by meaning
//! otherwise   other readings of a query: names, years and operators typed as words
//! typed       what the values of conditions were read as, where that may not be what is meant
//! sample      what a random sample is
//! draw        a search -> a sample of what it finds
//! denials     how many of the matches only deny what is looked for
//! named       what the text of a query names: an authority, a report, a topic
//! relax       where nothing was found: what leaving out each condition would find
//! held        what was typed -> the value that records have, if only the spelling differs
//! councils    what an authority is called -> which it is, and whether reports of it are held
//! uncounted   the forms nearest to a phrase that its count leaves out
//! subject     what is looked for, given as a query or as topics
//! topics      what people call a topic -> topics
//! ids         the id of a report or paragraph, as typed -> its record
//! scope       the authorities whose reports a comparison is expected to have
//! basket      a file of paragraphs that somebody keeps, and what is held of them
//! batch       a file of named queries or saved searches -> questions
//! mark        what somebody has read of an index: all up to one build
//! since       since when something is new, as typed
//! whole       a file, replaced as a whole
//! composed    the fields of a form -> a query
//! error       why a question cannot be answered, as values
//! trace       a number -> the search that finds its paragraphs
//! provenance  what is needed to repeat an answer
//! reference   the tables that questions are read with: authorities, synonyms, names
//! ```

pub mod basket;
pub mod batch;
mod composed;
pub mod councils;
pub mod denials;
mod draw;
pub mod error;
mod held;
pub mod ids;
mod joined;
mod latest;
pub mod mark;
pub mod meaning;
mod named;
mod neighbours;
pub mod notes;
mod otherwise;
pub mod provenance;
pub mod question;
pub mod reading;
pub mod reference;
mod relax;
mod resolve;
pub mod sample;
mod scope;
pub mod search;
mod similar;
pub mod since;
pub mod subject;
#[cfg(test)]
mod tests;
pub(crate) mod topics;
pub mod trace;
mod typed;
pub mod uncounted;
mod whole;

pub use composed::Composed;
pub use error::{AskError, Hint, OtherCondition, Place, Refusal};
pub use named::Named;
pub use neighbours::{Near, Neighbourhood};
pub use question::{Conditions, Question, Reading};
pub use reference::Reference;
pub use sample::Sample;
pub use scope::{Scope, is_expected, once_each};
pub use search::{Answer, Relaxed};

use councils::Known;
use findings_index::Engine;
use findings_index::request::Deadline;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// An engine, the reference data and a deadline, with which questions are answered.
#[derive(Debug, Clone)]
pub struct Session<'a> {
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The reference data.
    pub reference: &'a Reference,
    /// When the search for an answer is given up.
    pub deadline: Deadline,
    /// The folder of the mark of what was read; `None` where many people ask, each of whom has read
    /// something else.
    marks: Option<&'a Path>,
    /// The authorities, once they are needed.
    known: Arc<OnceLock<Known>>,
}

/// What sessions on one snapshot work out once and can share.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    known: Arc<OnceLock<Known>>,
}

impl<'a> Session<'a> {
    /// A session that ends at a deadline.
    #[must_use]
    pub fn new(engine: &'a dyn Engine, reference: &'a Reference, deadline: Deadline) -> Self {
        Self { engine, reference, deadline, marks: None, known: Arc::default() }
    }

    /// The same session for one person, whose [mark] is in the folder.
    #[must_use]
    pub fn with_mark_in(self, folder: &'a Path) -> Self {
        Self { marks: Some(folder), ..self }
    }

    /// The same session, sharing what others on the same engine and reference data work out.
    #[must_use]
    pub fn remembering(self, remembered: &Remembered) -> Self {
        Self { known: Arc::clone(&remembered.known), ..self }
    }

    /// Returns the same session with its full time again, for the next of several answers.
    #[must_use]
    pub fn renewed(&self) -> Self {
        Self { deadline: self.deadline.renewed(), ..self.clone() }
    }
}
