//! A query tree against one text: whether it holds, and which of its words matched where.
//!
//! The measure of every engine: what it says matches, the engine has to find.

pub(crate) mod matcher;
pub(crate) mod shape;
pub(crate) mod spans;

pub use matcher::{Matcher, Subject};
