//! Says what to do next about files that yielded no report, in terms of options and commands.

use super::Refusal;
use crate::discover::DiscoverError;
use crate::ingest::{IngestError, PartsError};
use findings_index::records::ledger::{FileError, Ledger, LedgerEntry, Outcome, Reason};

/// Returns how to read a file that exceeded a limit.
pub(super) fn of_limit(error: &FileError) -> Option<&'static str> {
    match error {
        FileError::TooLarge { .. } | FileError::GrewTooLarge { .. } => {
            Some("to read larger files, index with a higher `--max-file-size`")
        }
        FileError::TooManyPages { .. } => {
            Some("to read files of more pages, index with a higher `--max-pages`")
        }
        FileError::TimedOut { .. } => Some(
            "to read for longer, if the files can be trusted, index with a higher `--max-seconds`",
        ),
        FileError::TooMuchMemory { .. } => Some(
            "to read with more memory, if the files can be trusted, index with a higher `--max-memory`",
        ),
        FileError::TooDeep => {
            Some("to leave out what is nested too deeply, index with a lower `--max-depth`")
        }
        FileError::PermissionDenied
        | FileError::Vanished
        | FileError::Io { .. }
        | FileError::Unlisted
        | FileError::FolderUnreadable
        | FileError::DanglingLink
        | FileError::TooComplex { .. }
        | FileError::NotAPdf { .. }
        | FileError::Encrypted
        | FileError::Damaged { .. }
        | FileError::NoText
        | FileError::UnknownLetters
        | FileError::ReaderFailed { .. }
        | FileError::ReaderEnded { .. }
        | FileError::MalformedReply
        | FileError::NotUnderstood { .. }
        | FileError::NotTaken { .. } => None,
    }
}

/// Returns what to do next about the files of a ledger, each hint once.
pub(super) fn of_ledger(ledger: &Ledger) -> Vec<String> {
    let mut hints = of_unread(ledger);
    let is_warned = |entry: &LedgerEntry| entry.outcome != Outcome::Removed && entry.warnings > 0;
    if ledger.entries.iter().any(is_warned) {
        hints.push("`findings show REPORT` lists the warnings of a report".to_owned());
    }
    hints
}

/// Returns how to read the files of a ledger that could not be read, each hint once.
pub(super) fn of_unread(ledger: &Ledger) -> Vec<String> {
    let mut hints: Vec<String> = Vec::new();
    for entry in &ledger.entries {
        if let Some(Reason::Unreadable(error)) = &entry.reason
            && let Some(hint) = of_limit(error)
            && !hints.iter().any(|known| known == hint)
        {
            hints.push(hint.to_owned());
        }
    }
    hints
}

/// Adds what to do next to an error of a build.
pub(super) fn of_build(error: IngestError) -> anyhow::Error {
    let refusal = Refusal::new(error.to_string());
    match error {
        IngestError::Threads { source, .. } => {
            anyhow::Error::new(source).context(refusal.hint("try fewer with `--threads`"))
        }
        IngestError::Discover(DiscoverError::Missing { .. }) => {
            refusal.hint("to drop reports whose files were deleted, index the folder above").into()
        }
        IngestError::Parts(PartsError::None) => refusal
            .hint("read each part with `--part K/N`, or all files at once without `--finish`")
            .into(),
        IngestError::Parts(PartsError::Missing { missing, of }) => {
            let which = missing.first().copied().unwrap_or(1);
            refusal
                .hint(format!(
                    "read it with `--part {which}/{of}`, or all files without `--finish`"
                ))
                .into()
        }
        IngestError::Parts(PartsError::Otherwise { .. }) => refusal
            .hint("give `--finish` the options that the parts had, or read these parts again")
            .into(),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{of_build, of_ledger};
    use crate::discover::DiscoverError;
    use crate::ingest::IngestError;
    use crate::render::samples;
    use findings_index::records::ledger::{FileError, LedgerEntry, Outcome, Reason};
    use std::path::PathBuf;

    #[test]
    fn each_limit_that_was_met_is_hinted_at_once() {
        let mut ledger = samples::ledger();
        ledger.entries.retain(|entry| entry.outcome == Outcome::Unreadable);
        let Some(first) = ledger.entries.first().cloned() else { return };
        for error in [
            FileError::TooLarge { bytes: 2 << 20, limit: 1 << 20 },
            FileError::GrewTooLarge { limit: 1 << 20 },
            FileError::TimedOut { seconds: 20 },
            FileError::TooMuchMemory { limit: 1 << 30 },
            FileError::TooDeep,
            FileError::Encrypted,
        ] {
            let reason = Some(Reason::Unreadable(error));
            ledger.entries.push(LedgerEntry { reason, ..first.clone() });
        }
        insta::assert_snapshot!(of_ledger(&ledger).join("\n"), @"
        to read files of more pages, index with a higher `--max-pages`
        to read larger files, index with a higher `--max-file-size`
        to read for longer, if the files can be trusted, index with a higher `--max-seconds`
        to read with more memory, if the files can be trusted, index with a higher `--max-memory`
        to leave out what is nested too deeply, index with a lower `--max-depth`
        ");
        insta::assert_snapshot!(
            of_ledger(&samples::ledger()).join("\n"),
            @"
        to read files of more pages, index with a higher `--max-pages`
        `findings show REPORT` lists the warnings of a report
        "
        );
    }

    #[test]
    fn a_path_that_is_not_there_says_how_to_drop_its_reports() {
        let missing = DiscoverError::Missing { path: PathBuf::from("reports/2014") };
        let error = of_build(IngestError::Discover(missing));
        let hints = error.downcast_ref::<super::Refusal>().map(|refusal| refusal.hints().concat());
        assert_eq!(error.to_string(), "there is no file or folder `reports/2014`");
        let expected = "to drop reports whose files were deleted, index the folder above";
        assert_eq!(hints.as_deref(), Some(expected));
    }
}
