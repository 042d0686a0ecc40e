//! Turns matches into totals, facets, groups, comparisons and the best hits.

pub(crate) mod collect;
pub(crate) mod tally;
