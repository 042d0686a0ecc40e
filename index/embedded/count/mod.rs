//! Matches to totals, facets, groups, comparisons and the best, in one pass over the matches.

pub(crate) mod best;
pub(crate) mod collect;
pub(crate) mod grams;
pub(crate) mod tally;
