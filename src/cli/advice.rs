//! Says what to do next after an error that is not about what was typed.
//!
//! Errors state what is wrong; only the command line says what to type next.

use crate::ask::AskError;
use crate::ask::basket::BasketError;
use findings_index::{OpenError, SearchError, WriteError};

/// Returns what to do next.
pub(crate) fn advice(error: &anyhow::Error) -> Vec<String> {
    let said = error.chain().find_map(|cause| {
        let searched = cause.downcast_ref::<SearchError>().or_else(|| {
            match cause.downcast_ref::<AskError>() {
                Some(AskError::Engine(error)) => Some(error),
                _ => None,
            }
        });
        let searched = searched.and_then(|error| match error {
            SearchError::TimedOut { .. } => Some(
                "ask for less at once: fewer wildcards, alternatives and words near one another; \
                 or allow more with --time-limit SECONDS",
            ),
            SearchError::Index { .. } => Some("run `findings index` again"),
            _ => None,
        });
        let opened = cause.downcast_ref::<OpenError>().and_then(|error| match error {
            OpenError::Missing { .. } => Some(
                "make one with `findings index PATH`; one in another folder is named with \
                 `--index DIR`",
            ),
            OpenError::Incompatible { .. } | OpenError::Damaged { .. } => {
                Some("run `findings index` again")
            }
            _ => None,
        });
        let written = cause.downcast_ref::<WriteError>().and_then(|error| match error {
            WriteError::Locked { .. } => Some("`--wait` waits for the other build to finish"),
            WriteError::Unreadable { .. } => {
                Some("delete the folder of the index, then run `findings index` again")
            }
            _ => None,
        });
        let kept = cause.downcast_ref::<BasketError>().and_then(|error| match error {
            BasketError::Missing { .. } => {
                Some("`findings keep ID` begins a basket; `--basket FILE` names another one")
            }
            _ => None,
        });
        searched.or(opened).or(written).or(kept)
    });
    said.into_iter().map(str::to_owned).collect()
}
