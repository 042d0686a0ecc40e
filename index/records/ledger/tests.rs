use super::{
    Damage, EarlierReport, FileError, FileKind, FileType, Ledger, LedgerEntry, NotAReport, Outcome,
    ProcessEnd, Reason,
};

fn errors() -> Vec<FileError> {
    let message = || "index out of bounds".to_owned();
    vec![
        FileError::PermissionDenied,
        FileError::Vanished,
        FileError::Io { message: "input/output error".to_owned() },
        FileError::Unlisted,
        FileError::FolderUnreadable,
        FileError::DanglingLink,
        FileError::TooLarge { bytes: (1_200 << 20) + 1, limit: 64 << 20 },
        FileError::GrewTooLarge { limit: 64 << 20 },
        FileError::TooManyPages { pages: 12_000, limit: 2_000 },
        FileError::TimedOut { seconds: 1 },
        FileError::TooMuchMemory { limit: 1 << 30 },
        FileError::TooDeep,
        FileError::TooComplex { pages: 3 },
        FileError::NotAPdf { found: FileType::of(FileKind::Html) },
        FileError::Encrypted,
        FileError::Damaged { damage: Damage::NoPageList },
        FileError::NoText,
        FileError::UnknownLetters,
        FileError::ReaderFailed { message: message() },
        FileError::ReaderEnded { end: ProcessEnd::Signal(9) },
        FileError::MalformedReply,
        FileError::NotUnderstood { message: message() },
        FileError::NotTaken { message: message() },
    ]
}

fn reasons() -> Vec<Reason> {
    let path = || "/reports/a.pdf".to_owned();
    let png = FileType { kind: FileKind::Image, media_type: Some("image/png".to_owned()) };
    let mut all = vec![
        Reason::Duplicate { of: path() },
        Reason::Moved { from: path() },
        Reason::MovedAway { to: path() },
        Reason::KeptMissing,
        Reason::ReadAgain,
        Reason::Renamed { from: "leeds-sif-2015-01-20".to_owned() },
    ];
    let not_a_report = [
        NotAReport::Empty,
        NotAReport::Blank,
        NotAReport::SpecialFile,
        NotAReport::OtherType(png),
        NotAReport::ErrorPage { title: "Report not found".to_owned() },
        NotAReport::NoProse { words: 1 },
    ];
    all.extend(not_a_report.into_iter().map(Reason::NotAReport));
    all.extend(errors().into_iter().map(Reason::Unreadable));
    all
}

fn entry(outcome: Outcome, reason: Option<Reason>) -> LedgerEntry {
    LedgerEntry {
        path: "/reports/b.pdf".to_owned(),
        outcome,
        reason,
        earlier: None,
        outdated: false,
        bytes: 1,
        modified: 0,
        sha256: None,
        report: None,
        plain_id: None,
        pages: None,
        paragraphs: 0,
        warnings: 0,
    }
}

#[test]
fn every_reason_has_its_code_and_words_that_name_no_option_or_command() {
    let said: Vec<String> =
        reasons().iter().map(|reason| format!("{:18} {reason}", reason.code())).collect();
    assert!(!said.iter().any(|words| words.contains("--") || words.contains("findings ")));
    insta::assert_snapshot!(said.join("\n"), @r#"
    duplicate          has the same bytes as /reports/a.pdf
    moved              its report was read from /reports/a.pdf before
    moved_away         its report is now read from /reports/a.pdf
    kept_missing       is gone from disk; its report is kept as asked
    read_again         read again: the program or its knowledge has changed
    renamed            had the id leeds-sif-2015-01-20 until another report that would have the same was added or removed
    empty              is empty
    blank              contains only white space
    special_file       is a device, a pipe or a socket
    other_type         is a PNG image
    error_page         is a saved web page that says "Report not found"
    no_prose           has 1 word in sentences, too few for a report
    permission_denied  cannot be opened: permission denied
    vanished           disappeared while it was being read
    io                 cannot be read: input/output error
    unlisted           cannot be listed
    folder_unreadable  is in a folder that cannot be read
    dangling_link      is a symbolic link that leads nowhere
    too_large          is 1,201 MB in size, more than the limit of 64 MB
    grew_too_large     grew beyond the limit of 64 MB while it was being read
    too_many_pages     has 12,000 pages, more than the limit of 2,000
    timed_out          took longer than the limit of 1 second
    too_much_memory    needed more memory than the limit of 1,024 MB
    too_deep           is nested too deeply to be read
    too_complex        draws more than a document of 3 pages can need: it may be damaged or hostile
    not_a_pdf          is not a PDF (it looks like HTML): rename it, or replace it
    encrypted          is protected by a password: save a copy without it
    damaged            is damaged (nothing lists its pages): download it again
    no_text            has no text: if it is scanned, run text recognition (OCR) on it first
    unknown_letters    has text that cannot be read: its fonts do not say which letters they show; run text recognition (OCR) on it, or look for another copy
    reader_failed      made its reader fail: index out of bounds
    reader_ended       ended its reader process (signal 9: the system may have been short of memory)
    malformed_reply    made the reader process send a malformed reply
    not_understood     was read but not understood, which is a fault of this program: index out of bounds
    not_taken          was read, but the index did not take it: index out of bounds
    "#);
}

/// JSON shows the values of a reason under its code, so the two must not drift apart.
#[test]
fn a_code_is_the_name_under_which_serde_writes_the_variant() {
    for reason in reasons() {
        let written = match &reason {
            Reason::NotAReport(what) => serde_json::to_value(what),
            Reason::Unreadable(error) => serde_json::to_value(error),
            other => serde_json::to_value(other),
        };
        let name = match written {
            Ok(serde_json::Value::String(name)) => name,
            Ok(serde_json::Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
            other => format!("{other:?}"),
        };
        assert_eq!(name, reason.code());
    }
}

#[test]
fn a_reason_is_stored_and_read_back() {
    for reason in reasons() {
        let stored = postcard::to_allocvec(&reason).unwrap_or_default();
        assert_eq!(postcard::from_bytes::<Reason>(&stored).as_ref(), Ok(&reason));
    }
}

#[test]
fn an_explanation_says_what_became_of_the_earlier_report_and_who_read_it() {
    let mut entry = entry(Outcome::Unreadable, Some(Reason::Unreadable(FileError::Encrypted)));
    entry.earlier = Some(EarlierReport::Kept);
    assert_eq!(
        entry.explanation().as_deref(),
        Some(
            "is protected by a password: save a copy without it; the report read from it earlier \
             is kept"
        )
    );
    entry.outdated = true;
    (entry.reason, entry.earlier) = (None, None);
    assert_eq!(entry.explanation().as_deref(), Some("read by an earlier version of the program"));
    entry.outdated = false;
    assert_eq!(entry.explanation(), None);
}

#[test]
fn files_without_a_report_are_counted_by_cause_the_unreadable_first() {
    let unreadable = |error| entry(Outcome::Unreadable, Some(Reason::Unreadable(error)));
    let empty = || entry(Outcome::NotAReport, Some(Reason::NotAReport(NotAReport::Empty)));
    let ledger = Ledger {
        finished: jiff::Timestamp::UNIX_EPOCH,
        roots: Vec::new(),
        reading: String::new(),
        entries: vec![
            empty(),
            empty(),
            empty(),
            unreadable(FileError::Encrypted),
            unreadable(FileError::TimedOut { seconds: 20 }),
            unreadable(FileError::TimedOut { seconds: 60 }),
            entry(Outcome::Duplicate, Some(Reason::Duplicate { of: "a".to_owned() })),
        ],
    };
    let counts: Vec<_> =
        ledger.causes().into_iter().map(|one| (one.outcome, one.code, one.files)).collect();
    assert_eq!(
        counts,
        [
            (Outcome::Unreadable, "timed_out", 2),
            (Outcome::Unreadable, "encrypted", 1),
            (Outcome::NotAReport, "empty", 3),
        ]
    );
}
