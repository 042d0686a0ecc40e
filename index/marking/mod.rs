//! Matches a query tree against one text: whether it holds, and which words matched where.
//!
//! This is the standard for every engine: what matches here, an engine has to find.

mod matcher;
pub mod shape;
pub mod spans;

pub use matcher::{Matcher, Subject};
