//! What was typed -> a checked request -> an answer.
//!
//! Whoever asks, by command line, page, API or assistant, asks here and gets the same answer. What
//! was typed comes in as plain strings; what goes out are values. No message names an option, a
//! command or an address: the door that is asked puts them in its own words.
//!
//! ```text
//! question    what was typed
//! resolve     what a condition means, wherever it was typed
//! reading     the text of a query -> a tree, widened, with notes
//! search      a question -> an answer
//! relax       where nothing was found: what would be without one of the conditions
//! subject     what is looked for, where a query or topics say it
//! ids         the id of a report or paragraph, as typed -> what is held
//! scope       whose reports a comparison makes one expect
//! batch       a file of named queries -> questions
//! error       why a question cannot be answered, as values
//! trace       a number -> the search that finds its paragraphs
//! provenance  an answer -> what it can be repeated by
//! reference   what is known beforehand and needed when a question is asked
//! ```

pub mod batch;
mod dates;
pub mod error;
pub mod ids;
pub mod notes;
pub mod provenance;
pub mod question;
pub mod reading;
pub mod reference;
mod relax;
mod resolve;
mod scope;
pub mod search;
pub mod subject;
#[cfg(test)]
mod tests;
pub mod trace;

pub use error::{AskError, Hint, OtherCondition, Place, Refusal};
pub use question::{Conditions, Question, Reading};
pub use reference::Reference;
pub use scope::{Scope, once_each};
pub use search::{Answer, Relaxed};

use findings_index::Engine;
use findings_index::request::Deadline;

/// What an answer is made from: an engine, what is known beforehand, and how long it may take.
#[derive(Debug, Clone)]
pub struct Session<'a> {
    /// The engine.
    pub engine: &'a dyn Engine,
    /// What is known beforehand.
    pub reference: &'a Reference,
    /// When the answer is given up.
    pub deadline: Deadline,
}

impl<'a> Session<'a> {
    /// A session that ends at a deadline.
    #[must_use]
    pub fn new(engine: &'a dyn Engine, reference: &'a Reference, deadline: Deadline) -> Self {
        Self { engine, reference, deadline }
    }

    /// The same with as much time again, for the next of several answers.
    #[must_use]
    pub fn renewed(&self) -> Self {
        Self { deadline: self.deadline.renewed(), ..*self }
    }
}
