//! Shows of answers only what a network may see.

use super::app::Held;
use super::fault::Fault;
use crate::answer::compare::Comparison;
use crate::answer::coverage::Coverage;
use crate::answer::recommendations::Recommendations;
use crate::answer::timeline::Timeline;
use findings_index::request::{Hit, SearchResponse};
use std::path::Path;

/// Shows of an answer only what a network may see: paths below the indexed folder.
pub(super) fn publish(response: &mut SearchResponse, held: &Held) -> Result<(), Fault> {
    shown(&mut response.hits, held)?;
    for group in response.groups.iter_mut().flatten() {
        shown(&mut group.hits, held)?;
    }
    Ok(())
}

/// Does the same for hits.
pub(super) fn shown(hits: &mut [Hit], held: &Held) -> Result<(), Fault> {
    hits.iter_mut().try_for_each(|hit| below(&mut hit.head.path, held))
}

/// Does the same for a survey of what is held.
pub(super) fn surveyed(coverage: &mut Coverage, held: &Held) -> Result<(), Fault> {
    let suspicious = coverage.suspicious.iter_mut().map(|suspicion| &mut suspicion.path);
    let failed = coverage.failed.iter_mut().map(|failure| &mut failure.path);
    suspicious.chain(failed).try_for_each(|path| below(path, held))
}

/// Does the same for a comparison.
pub(super) fn compared(comparison: &mut Comparison, held: &Held) -> Result<(), Fault> {
    let Comparison { whole, groups, columns, cells, silence, .. } = comparison;
    let groups = std::iter::once(whole).chain(groups).chain(columns).chain(cells);
    for group in groups {
        shown(&mut group.quotes, held)?;
    }
    silence.unreadable.iter_mut().try_for_each(|file| below(&mut file.path, held))
}

/// Does the same for a timeline.
pub(super) fn listed(timeline: &mut Timeline, held: &Held) -> Result<(), Fault> {
    let mentioned = timeline.inspections.iter_mut().filter_map(|own| own.mentioned.as_mut());
    let mut quotes = mentioned.filter_map(|mentioned| mentioned.quote.as_mut());
    quotes.try_for_each(|quote| below(&mut quote.head.path, held))
}

/// Does the same for recommendations.
pub(super) fn recommended(answer: &mut Recommendations, held: &Held) -> Result<(), Fault> {
    let chains = answer.repeated.listed.iter_mut();
    let chained = chains.flat_map(|chain| &mut chain.recommendations);
    let mut all = answer.recommendations.iter_mut().chain(chained);
    all.try_for_each(|own| below(&mut own.report.path, held))
}

/// Replaces the path of a file by what a network may see of it.
pub(super) fn below(path: &mut String, held: &Held) -> Result<(), Fault> {
    // Those of records are below the folder already.
    if Path::new(path.as_str()).is_absolute() {
        *path = held.library()?.shown(path);
    }
    Ok(())
}
