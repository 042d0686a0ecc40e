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
        FileError::ReaderFailed { message: message() },
        FileError::ReaderEnded { end: ProcessEnd::Signal(9) },
        FileError::MalformedReply,
        FileError::NotUnderstood { message: message() },
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
    insta::assert_snapshot!(said.join("\n"), @"");
}

/// JSON shows the values of a reason under its code: the two must not drift apart.
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
