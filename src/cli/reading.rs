//! The options that say how the words of a query are read.

use crate::ask::Reading;

/// How a query is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::Args)]
pub(crate) struct ReadingArgs {
    /// Find paragraphs about any of the words, not only those about all of them
    #[arg(long, help_heading = "Query")]
    any: bool,

    /// Find words exactly as written: no other forms, no synonyms
    #[arg(long, help_heading = "Query")]
    exact: bool,
}

impl From<ReadingArgs> for Reading {
    fn from(typed: ReadingArgs) -> Self {
        Self { any: typed.any, exact: typed.exact }
    }
}
