//! A query tree against one text: whether it holds, and which of its words matched where.
//!
//! The measure of every engine: what it says matches, the engine has to find.

mod matcher;
pub mod shape;
pub mod spans;

pub use matcher::{Matcher, Subject};
