//! Says what to do next after an error that is not about what was typed.
//!
//! Errors state what is wrong; only the command line says what to type next.

use crate::ask::AskError;
use crate::ask::basket::BasketError;
use crate::ask::mark::MarkError;
use crate::ingest::IngestError;
#[cfg(feature = "serve")]
use crate::serve::ServeError;
use findings_index::{OpenError, SearchError, WriteError};
#[cfg(feature = "serve")]
use std::io::ErrorKind;

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
        let written = cause.downcast_ref::<WriteError>().or_else(|| {
            match cause.downcast_ref::<IngestError>() {
                Some(IngestError::Write(error)) => Some(error),
                _ => None,
            }
        });
        let written = written.and_then(|error| match error {
            WriteError::Locked { .. } => Some("`--wait` waits for the other build to finish"),
            WriteError::Unreadable { .. } => Some(
                "delete that folder alone: `history` next to it knows when everything came; then run \
                 `findings index` again",
            ),
            WriteError::History { .. } => Some(
                "see that there is room on the disk and that you may write there; if the file itself is \
                 at fault, move `history` away: it is made again from the index",
            ),
            _ => None,
        });
        let kept = cause.downcast_ref::<BasketError>().and_then(|error| match error {
            BasketError::Missing { .. } => {
                Some("`findings keep ID` begins a basket; `--basket FILE` names another one")
            }
            _ => None,
        });
        let marked = cause.downcast_ref::<MarkError>().or_else(|| {
            match cause.downcast_ref::<AskError>() {
                Some(AskError::Mark(error)) => Some(error),
                _ => None,
            }
        });
        let marked = marked.and_then(|error| match error {
            MarkError::Damaged { .. } => {
                Some("say since when, and mark anew: `findings new --since 2025-03 --mark`")
            }
            _ => None,
        });
        let said = searched.or(opened).or(written).or(kept).or(marked);
        #[cfg(feature = "serve")]
        let said = said.or_else(|| cause.downcast_ref().and_then(of_serving));
        said
    });
    said.into_iter().map(str::to_owned).collect()
}

/// Returns what to do where a server cannot run.
#[cfg(feature = "serve")]
fn of_serving(error: &ServeError) -> Option<&'static str> {
    match error {
        ServeError::Index(OpenError::Missing { .. }) => Some(
            "name the reports to be read first, as in `findings serve reports/`; an index in another \
             folder is named with `--index DIR`",
        ),
        ServeError::Index(OpenError::Incompatible { .. } | OpenError::Damaged { .. }) => {
            Some("run `findings index` again")
        }
        ServeError::Listen { source, .. } => match source.kind() {
            ErrorKind::AddrInUse => Some(
                "perhaps Findings runs there already; choose another port with `--listen \
                 127.0.0.1:7701`, or any that is free with `--listen 127.0.0.1:0`",
            ),
            ErrorKind::PermissionDenied => Some(
                "ports below 1024 belong to the system: choose a higher one with `--listen`; a \
                 socket needs a folder in which you may write",
            ),
            ErrorKind::AddrNotAvailable => Some(
                "this machine has no such address; 127.0.0.1 is this machine for itself, and \
                 0.0.0.0 all of its addresses",
            ),
            ErrorKind::NotFound => Some("make the folder of the socket first"),
            _ => None,
        },
        _ => None,
    }
}
