//! Lists the frameworks of the reports that were looked through, and on what terms these may be reused.

use crate::knowledge::names::{Names, Terms};
use serde::Serialize;
use std::collections::BTreeMap;

/// Reports of one framework that were looked through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Source {
    /// The code of the framework.
    pub framework: String,
    /// How many reports.
    pub reports: usize,
    /// On what terms they may be reused.
    #[serde(flatten)]
    pub terms: Terms,
}

/// Lists the frameworks of reports by their codes; of each report its framework is given.
pub(in crate::answer) fn sources<'r>(
    of_reports: impl Iterator<Item = &'r str>,
    names: &Names,
) -> Vec<Source> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for framework in of_reports {
        *counts.entry(framework).or_default() += 1;
    }
    let source = |(framework, reports): (&str, usize)| Source {
        framework: framework.to_owned(),
        reports,
        terms: names.terms(framework),
    };
    counts.into_iter().map(source).collect()
}
