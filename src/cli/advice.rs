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
            SearchError::Unavailable { .. } => Some(
                "try again soon; `GET /_cluster/health` of the cluster says whether it is well",
            ),
            SearchError::Refused { status, kind, reason } => of_refusal(*status, kind, reason),
            SearchError::ChangedIndex { .. } => Some(CHANGED),
            SearchError::Index { .. } => Some("run `findings index` again"),
            _ => None,
        });
        let opened = cause.downcast_ref::<OpenError>().or_else(|| {
            match cause.downcast_ref::<IngestError>() {
                Some(IngestError::Open(error)) => Some(error),
                _ => None,
            }
        });
        let opened = opened.and_then(|error| match error {
            OpenError::Missing { .. } => Some(
                "make one with `findings index PATH`; one in another folder is named with \
                 `--index DIR`",
            ),
            OpenError::NoCorpus { .. } => Some(
                "make one with `findings index PATH`; one of another name is named at the end of the \
                 address, as in `--engine https://host:9200/reports`",
            ),
            error => of_opening(error),
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
            WriteError::Unreachable { .. } => Some(UNREACHABLE),
            WriteError::Untrusted { .. } => Some(UNTRUSTED),
            WriteError::Refused { status, kind, reason, .. } => of_refusal(*status, kind, reason),
            WriteError::ChangedIndex { .. } => Some(CHANGED),
            WriteError::Unwritten { .. } => Some(FAILED),
            WriteError::ForeignIndex { .. } | WriteError::UnreadableCorpus { .. } => Some(RENAME),
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

/// What to do where no node of a cluster answers.
const UNREACHABLE: &str = "see that the cluster runs and that the address and its port are right; of a cluster \
    with several nodes name more than one: `--engine URL,URL`";

/// What to do where a certificate is not trusted.
const UNTRUSTED: &str = "name a PEM file of certificates to trust in the variable FINDINGS_ENGINE_CA, and address \
    the cluster by a name that is in its certificate";

/// What to do where the name of a corpus is taken.
const RENAME: &str =
    "choose another name, at the end of the address: `--engine https://host:9200/reports`";

/// What to do where somebody changed the indexes of a corpus.
const CHANGED: &str = "delete the indexes of the corpus whose names go on with `.paragraphs-` and `.state-`, and \
    build it again with `findings index PATH` or `--from-index`; `.history-` knows when everything came";

/// What to do where a cluster fails.
const FAILED: &str =
    "see the logs of the cluster, and whether its disks are full; then run the same command again";

/// Returns what to do where a cluster refuses: by the HTTP status, and by its name for the reason and its words.
fn of_refusal(status: u16, kind: &str, reason: &str) -> Option<&'static str> {
    let says = |part: &str| reason.contains(part);
    let is_blocked = kind == "cluster_block_exception";
    match status {
        _ if says("flood-stage") || says("No space left") => Some(
            "a disk of the cluster is full: make room there or add a node, and run the same command again",
        ),
        403 if is_blocked => Some(
            "the cluster or its index is read-only: set `cluster.blocks.read_only` in its settings, or \
             `index.blocks` in those of the index, to false where that is wanted",
        ),
        401 | 403 => Some(
            "say who asks in the variables FINDINGS_ENGINE_USER and FINDINGS_ENGINE_PASSWORD, and see \
             that they may use the index",
        ),
        429 => Some("the cluster has too much to do: try again later, or add a node"),
        502..=504 => Some(
            "see with `GET /_cluster/health` whether the cluster is well and the nodes reach one another; \
             name more than one with `--engine URL,URL`",
        ),
        500.. => Some(FAILED),
        _ => None,
    }
}

/// Returns what to do where an index cannot be opened, whoever opens it.
fn of_opening(error: &OpenError) -> Option<&'static str> {
    match error {
        OpenError::Incompatible { .. }
        | OpenError::Damaged { .. }
        | OpenError::OtherFormat { .. }
        | OpenError::DamagedCorpus { .. } => Some("run `findings index` again"),
        OpenError::Unreachable { .. } => Some(UNREACHABLE),
        OpenError::Untrusted { .. } => Some(UNTRUSTED),
        OpenError::Refused { status, kind, reason, .. } => of_refusal(*status, kind, reason),
        OpenError::ChangedIndex { .. } => Some(CHANGED),
        OpenError::ForeignIndex { .. } => Some(RENAME),
        _ => None,
    }
}

/// Returns what to do where a server cannot run.
#[cfg(feature = "serve")]
fn of_serving(error: &ServeError) -> Option<&'static str> {
    match error {
        ServeError::Index(OpenError::Missing { .. }) => Some(
            "name the reports to be read first, as in `findings serve reports/`; an index in another \
             folder is named with `--index DIR`",
        ),
        ServeError::Index(OpenError::NoCorpus { .. }) => Some(
            "name the reports to be read first, as in `findings serve reports/`; an index of another \
             name is named at the end of the address, as in `--engine https://host:9200/reports`",
        ),
        ServeError::Index(error) => of_opening(error),
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

#[cfg(test)]
mod tests {
    use super::advice;
    use findings_index::{OpenError, SearchError, WriteError};

    fn said(error: impl Into<anyhow::Error>) -> String {
        advice(&error.into()).join("; ")
    }

    #[test]
    fn errors_of_a_cluster_say_what_to_do() {
        let cluster = || "https://a:9200".to_owned();
        let name = || "reports".to_owned();
        let refused = |status| OpenError::Refused {
            cluster: cluster(),
            status,
            kind: String::new(),
            reason: name(),
        };
        insta::assert_snapshot!(said(OpenError::NoCorpus { cluster: cluster(), name: name() }), @"make one with `findings index PATH`; one of another name is named at the end of the address, as in `--engine https://host:9200/reports`");
        insta::assert_snapshot!(said(OpenError::Untrusted { cluster: cluster(), source: name().into() }), @"name a PEM file of certificates to trust in the variable FINDINGS_ENGINE_CA, and address the cluster by a name that is in its certificate");
        insta::assert_snapshot!(said(refused(401)), @"say who asks in the variables FINDINGS_ENGINE_USER and FINDINGS_ENGINE_PASSWORD, and see that they may use the index");
        insta::assert_snapshot!(said(refused(400)), @"");
        insta::assert_snapshot!(said(refused(429)), @"the cluster has too much to do: try again later, or add a node");
        insta::assert_snapshot!(said(refused(500)), @"see the logs of the cluster, and whether its disks are full; then run the same command again");
        insta::assert_snapshot!(said(refused(503)), @"see with `GET /_cluster/health` whether the cluster is well and the nodes reach one another; name more than one with `--engine URL,URL`");
        insta::assert_snapshot!(said(OpenError::ForeignIndex { cluster: cluster(), index: name() }), @"choose another name, at the end of the address: `--engine https://host:9200/reports`");
        insta::assert_snapshot!(said(OpenError::OtherFormat { cluster: cluster(), name: name(), found: 1, expected: 2 }), @"run `findings index` again");
        let blocked = |status, reason: &str| WriteError::Refused {
            cluster: cluster(),
            status,
            kind: "cluster_block_exception".to_owned(),
            reason: reason.to_owned(),
        };
        insta::assert_snapshot!(said(blocked(403, "blocked by: [FORBIDDEN/6/cluster read-only (api)]")), @"the cluster or its index is read-only: set `cluster.blocks.read_only` in its settings, or `index.blocks` in those of the index, to false where that is wanted");
        insta::assert_snapshot!(said(blocked(429, "disk usage exceeded flood-stage watermark")), @"a disk of the cluster is full: make room there or add a node, and run the same command again");
        let changed = SearchError::ChangedIndex { index: name(), what: "it is gone".to_owned() };
        insta::assert_snapshot!(said(changed), @"delete the indexes of the corpus whose names go on with `.paragraphs-` and `.state-`, and build it again with `findings index PATH` or `--from-index`; `.history-` knows when everything came");
        insta::assert_snapshot!(said(SearchError::Unavailable { source: name().into() }), @"try again soon; `GET /_cluster/health` of the cluster says whether it is well");
        let refused = WriteError::Refused {
            cluster: cluster(),
            status: 403,
            kind: "security_exception".to_owned(),
            reason: name(),
        };
        insta::assert_snapshot!(said(refused), @"say who asks in the variables FINDINGS_ENGINE_USER and FINDINGS_ENGINE_PASSWORD, and see that they may use the index");
        let unreadable = WriteError::UnreadableCorpus {
            cluster: cluster(),
            name: name(),
            source: name().into(),
        };
        insta::assert_snapshot!(said(unreadable), @"choose another name, at the end of the address: `--engine https://host:9200/reports`");
    }
}
