//! Turns matches into totals, facets, groups, comparisons, terms and the best hits.

pub(crate) mod collect;
pub(crate) mod grams;
pub(crate) mod tally;
