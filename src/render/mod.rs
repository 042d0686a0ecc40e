//! Turns answers into what people and programs read: terminal text, HTML, JSON, CSV, Markdown,
//! feeds.
//!
//! There is one module per format. A renderer computes nothing: what it shows has been counted,
//! looked up and ordered before. It writes to whatever it is given and never touches the terminal
//! itself; its caller sets the width and the use of colour. Text from reports passes through
//! [`clean`] first, so that no report can send a control sequence to the reader's terminal.

pub mod clean;
mod committee;
pub mod csv;
mod digest;
pub mod excerpt;
pub mod feeds;
mod grades;
pub mod guide;
pub mod html;
pub mod json;
mod made;
pub mod markdown;
pub mod passage;
mod recommendations;
#[cfg(test)]
pub(crate) mod samples;
pub mod terminal;
pub mod wording;
pub mod words;

pub use committee::Committee;
pub use made::{Attributed, Made};
pub use passage::Passage;
