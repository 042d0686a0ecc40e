//! Builds the same folder again after all the changes that may happen to it.

use super::place::{Place, age};
use crate::invented::report;
use findings::ingest::{self, Event, Progress};
use findings::knowledge::Knowledge;
use findings_index::records::ledger::Outcome::{
    Duplicate, NotAReport, Read, Removed, Replaced, Unchanged, Unreadable,
};
use findings_index::records::ledger::{EarlierReport, FileError, Reason};
use findings_index::{BuildOptions, Location};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

fn named(
    pairs: &[(&str, findings_index::records::ledger::Outcome)],
) -> Vec<(String, findings_index::records::ledger::Outcome)> {
    pairs.iter().map(|(name, outcome)| ((*name).to_owned(), *outcome)).collect()
}

fn two_reports() -> Place {
    let place = Place::new();
    place.write("a.txt", report("Borchester Council", 11, 3, "Felpersham helps with transport."));
    place
        .write("b.txt", report("Barsetshire County Council", 12, 4, "Plumstead keeps good files."));
    place
}

#[test]
fn every_file_is_accounted_for() {
    let place = two_reports();
    place.write("c/empty.pdf", "");
    place.write("c/logo.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    place.write("d.html", "<!DOCTYPE html><html><title>Not found</title><p>There is no such page.");
    let built = place.build();
    assert_eq!(
        place.outcomes(&built),
        named(&[
            ("a.txt", Read),
            ("b.txt", Read),
            ("c/empty.pdf", NotAReport),
            ("c/logo.pdf", NotAReport),
            ("d.html", NotAReport),
        ])
    );
    assert_eq!(place.reason(&built, "c/empty.pdf"), "is empty");
    assert_eq!(place.reason(&built, "c/logo.pdf"), "is a PNG image");
    assert!(built.changed);
    assert_eq!(place.held().len(), 2);
    assert_eq!(place.held()[0].path, "a.txt");
    assert!(place.texts().contains("Felpersham helps with transport."));
    assert_eq!(place.reader().ledger().unwrap(), built.ledger);
}

#[test]
fn a_second_build_opens_nothing_and_changes_nothing() {
    let place = two_reports();
    place.write("page.txt", "Nothing of interest here.");
    place.build();
    let before = place.reader().ledger().unwrap();
    // Other bytes with the same size and time go unnoticed only if the file is not looked at.
    let path = place.path("a.txt");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let mut file = File::options().write(true).open(&path).unwrap();
    file.seek(SeekFrom::End(-3)).unwrap();
    file.write_all(b"!").unwrap();
    file.set_modified(time).unwrap();
    let built = place.build();
    assert_eq!(
        place.outcomes(&built),
        named(&[("a.txt", Unchanged), ("b.txt", Unchanged), ("page.txt", NotAReport)])
    );
    assert!(!built.changed);
    assert_eq!(place.reader().ledger().unwrap(), before);
}

#[test]
fn a_touched_file_is_unchanged_by_its_bytes() {
    let place = two_reports();
    place.build();
    age(&place.path("a.txt"), 5000);
    let built = place.build();
    assert_eq!(place.outcomes(&built), named(&[("a.txt", Unchanged), ("b.txt", Unchanged)]));
    assert!(built.changed, "the new time is noted");
    assert!(!place.build().changed, "so that it need not be looked at again");
}

#[test]
fn a_changed_file_replaces_its_report_and_keeps_its_id() {
    let place = two_reports();
    place.build();
    let ids = place.ids();
    place.write("a.txt", report("Borchester Council", 11, 3, "Felpersham sends no more coaches."));
    let built = place.build();
    assert_eq!(place.outcomes(&built), named(&[("a.txt", Replaced), ("b.txt", Unchanged)]));
    assert_eq!(place.ids(), ids);
    let texts = place.texts();
    assert!(texts.contains("sends no more coaches") && !texts.contains("helps with transport"));
}

#[test]
fn a_file_that_holds_another_report_now_loses_the_earlier_one() {
    let place = two_reports();
    place.build();
    let ids = place.ids();
    place.write("a.txt", report("Borchester Council", 14, 9, "This is another inspection."));
    place.build();
    assert_eq!(place.ids().len(), 2);
    assert_ne!(place.ids()[0], ids[0]);
    assert_eq!(place.ids()[1], ids[1]);
}

#[test]
fn what_is_gone_is_announced_and_removed() {
    let place = two_reports();
    place.build();
    place.remove("a.txt");
    let (announced, built) = place.build_watched();
    assert_eq!(announced.len(), 1);
    assert!(announced[0].ends_with("files/a.txt"));
    assert_eq!(place.outcomes(&built), named(&[("a.txt", Removed), ("b.txt", Unchanged)]));
    assert_eq!(place.held().len(), 1);
    assert!(!place.texts().contains("Felpersham"));
    let again = place.build();
    assert_eq!(place.outcomes(&again), named(&[("b.txt", Unchanged)]));
}

#[test]
fn what_is_gone_stays_where_the_user_wants_it() {
    let mut place = two_reports();
    place.build();
    place.remove("a.txt");
    place.options.keep_missing = true;
    let (announced, built) = place.build_watched();
    assert!(announced.is_empty());
    assert_eq!(place.outcomes(&built), named(&[("a.txt", Unchanged), ("b.txt", Unchanged)]));
    assert_eq!(place.held().len(), 2);
    place.options.keep_missing = false;
    assert_eq!(place.build().count(Removed), 1);
}

#[test]
fn other_folders_stay_as_they_are() {
    let mut place = two_reports();
    place.build();
    place.remove("a.txt");
    let other = tempfile::tempdir().unwrap();
    fs::write(
        other.path().join("c.txt"),
        report("Loamshire Council", 13, 5, "Hayslope has a new centre."),
    )
    .unwrap();
    let first = std::mem::replace(&mut place.options.roots, vec![other.path().to_owned()]);
    let built = place.build();
    assert_eq!((built.count(Read), built.count(Removed), built.elsewhere), (1, 0, 2));
    assert_eq!(place.held().len(), 3);
    place.options.roots = first;
    assert_eq!(place.build().count(Removed), 1);
    assert_eq!(place.held().len(), 2);
}

#[test]
fn another_version_reads_all_again_each_folder_in_its_turn() {
    let mut place = two_reports();
    place.build();
    let other = tempfile::tempdir().unwrap();
    let text = report("Loamshire Council", 13, 5, "Hayslope has a new centre.");
    fs::write(other.path().join("c.txt"), text).unwrap();
    let first = std::mem::replace(&mut place.options.roots, vec![other.path().to_owned()]);
    place.build();
    let ids = place.ids();
    // As if an earlier version had made the index.
    let writer = place.options.index.build(&BuildOptions::default()).unwrap();
    let mut ledger = writer.held().unwrap().clone();
    ledger.reading = "0.0.0".to_owned();
    writer.commit(&ledger).unwrap();

    let built = place.build();
    assert_eq!((built.count(Replaced), built.elsewhere), (1, 2));
    assert_eq!(built.ledger.entries[0].reason, Some(Reason::ReadAgain));
    assert!(!place.build().changed);
    place.options.roots = first;
    assert_eq!(place.build().count(Replaced), 2, "they were not forgotten");
    assert!(!place.build().changed);
    assert_eq!(place.ids(), ids);
}

#[test]
fn of_identical_files_the_first_is_read_and_the_next_takes_over() {
    let place = two_reports();
    let text = fs::read(place.path("a.txt")).unwrap();
    place.write("copy.txt", &text);
    place.write("more/copy.txt", &text);
    let built = place.build();
    assert_eq!(
        place.outcomes(&built),
        named(&[
            ("a.txt", Read),
            ("b.txt", Read),
            ("copy.txt", Duplicate),
            ("more/copy.txt", Duplicate)
        ])
    );
    assert_eq!(place.reason(&built, "copy.txt"), "has the same bytes as a.txt");
    let ids = place.ids();
    place.remove("a.txt");
    let (announced, built) = place.build_watched();
    assert!(announced.is_empty(), "its report stays: {announced:?}");
    assert_eq!(
        place.outcomes(&built),
        named(&[
            ("a.txt", Removed),
            ("b.txt", Unchanged),
            ("copy.txt", Read),
            ("more/copy.txt", Duplicate)
        ])
    );
    assert_eq!(place.reason(&built, "copy.txt"), "its report was read from a.txt before");
    assert_eq!(place.reason(&built, "more/copy.txt"), "has the same bytes as copy.txt");
    let held = place.held();
    assert_eq!((held[1].path.as_str(), &held[1].id), ("copy.txt", &ids[0]));
    assert!(!place.build().changed);
}

#[test]
fn a_copy_that_sorts_earlier_takes_over_as_in_a_build_from_nothing() {
    let place = two_reports();
    place.build();
    let ids = place.ids();
    place.write("A copy.txt", fs::read(place.path("a.txt")).unwrap());
    let built = place.build();
    assert_eq!(
        place.outcomes(&built),
        named(&[("A copy.txt", Read), ("a.txt", Duplicate), ("b.txt", Unchanged)])
    );
    assert_eq!(place.reason(&built, "A copy.txt"), "its report was read from a.txt before");
    assert_eq!(place.ids(), ids);
    assert_eq!(place.held()[0].path, "A copy.txt");
    assert!(!place.build().changed);
}

#[cfg(unix)]
#[test]
fn a_copy_that_cannot_be_read_leaves_the_report_where_it_is() {
    let mut place = two_reports();
    place.build();
    let held = place.held();
    place.write("A copy.txt", fs::read(place.path("a.txt")).unwrap());
    place.options.worker = PathBuf::from("/bin/false");
    for _ in 0..2 {
        let built = place.build();
        assert_eq!(
            place.outcomes(&built),
            named(&[("A copy.txt", Unreadable), ("a.txt", Unchanged), ("b.txt", Unchanged)])
        );
        assert_eq!(place.held(), held);
    }
}

#[test]
fn a_moved_folder_keeps_its_ids() {
    let mut place = two_reports();
    place.build();
    let ids = place.ids();
    let other = tempfile::tempdir().unwrap();
    let moved = other.path().join("moved");
    fs::rename(&place.options.roots[0], &moved).unwrap();
    place.options.roots = vec![moved];
    let built = place.build();
    assert_eq!((built.count(Read), built.count(Duplicate)), (2, 0));
    assert_eq!(place.ids(), ids);
}

/// The text of one of several reports with the same plain id.
fn namesake(number: u8) -> String {
    report("Borchester Council", 11, 20, &format!("This is said in report {number}."))
}

const PLAIN: &str = "borchester-slac-2012-06-11";

/// Whether an id is the plain one with four digits of a hash.
fn has_digits(id: &str) -> bool {
    let digits = id.strip_prefix(PLAIN).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| {
        digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

#[test]
fn reports_that_would_have_the_same_id_all_carry_digits_of_their_hash_whichever_came_first() {
    let together = Place::new();
    together.write("a.txt", namesake(1));
    together.write("b.txt", namesake(2));
    together.build();
    let ids = together.ids();
    assert!(ids.iter().all(|id| has_digits(id)) && ids[0] != ids[1], "{ids:?}");
    for first in ["a.txt", "b.txt"] {
        let place = Place::new();
        let second = if first == "a.txt" { "b.txt" } else { "a.txt" };
        place.write(first, fs::read(together.path(first)).unwrap());
        place.build();
        assert_eq!(place.ids(), [PLAIN]);
        place.write(second, fs::read(together.path(second)).unwrap());
        let built = place.build();
        assert_eq!(place.ids(), ids);
        assert_eq!(place.entry(&built, first).outcome, Unchanged);
        assert_eq!(
            place.entry(&built, first).reason,
            Some(Reason::Renamed { from: PLAIN.to_owned() })
        );
        assert!(place.texts().contains("in report 1.") && place.texts().contains("in report 2."));
        assert!(!place.build().changed);
    }
}

#[test]
fn a_report_that_is_alone_again_has_its_plain_id_again() {
    let place = Place::new();
    place.write("a.txt", namesake(1));
    place.write("b.txt", namesake(2));
    place.build();
    place.remove("a.txt");
    place.build();
    assert_eq!(place.ids(), [PLAIN]);
    assert!(place.texts().contains("in report 2."));
    assert!(!place.build().changed);
}

#[test]
fn a_report_whose_file_is_gone_or_lies_elsewhere_gets_its_new_id_all_the_same() {
    let mut place = Place::new();
    place.write("gone.txt", namesake(1));
    place.build();
    place.remove("gone.txt");
    place.write("new.txt", namesake(2));
    place.options.keep_missing = true;
    let built = place.build();
    assert_eq!(place.entry(&built, "gone.txt").reason, Some(Reason::KeptMissing));
    assert!(place.ids().iter().all(|id| has_digits(id)), "{:?}", place.ids());

    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("far.txt"), namesake(3)).unwrap();
    place.options.roots = vec![other.path().to_owned()];
    place.build();
    assert_eq!(place.ids().len(), 3);
    fs::remove_file(other.path().join("far.txt")).unwrap();
    place.options.keep_missing = false;
    place.build();
    assert_eq!(place.ids().len(), 2);
    assert!(place.texts().contains("in report 1.") && place.texts().contains("in report 2."));
}

/// An observer that deletes a file as soon as it has been read.
struct Deleting<'a>(&'a Path);

impl Progress for Deleting<'_> {
    fn on(&self, event: Event<'_>) {
        if let Event::Read { path, .. } = event
            && Path::new(path).file_name() == self.0.file_name()
        {
            fs::remove_file(self.0).unwrap();
        }
    }
}

#[test]
fn a_file_that_goes_before_its_report_has_its_id_leaves_what_was_held_of_it() {
    for was_held in [false, true] {
        let mut place = Place::new();
        place.options.threads = 1;
        if was_held {
            place.write("a.txt", namesake(1));
            place.build();
        }
        // The larger is read first.
        place.write("a.txt", namesake(2) + "\nAnd there is more of it.\n");
        place.write("b.txt", namesake(3));
        let knowledge = Knowledge::embedded().unwrap();
        let path = place.path("a.txt");
        let built = ingest::build(&place.options, &knowledge, &Deleting(&path)).unwrap();
        let entry = place.entry(&built, "a.txt");
        assert_eq!(entry.reason, Some(Reason::Unreadable(FileError::Vanished)));
        assert_eq!(entry.earlier, was_held.then_some(EarlierReport::Kept));
        let (ids, texts) = (place.ids(), place.texts());
        assert!(texts.contains("in report 3.") && !texts.contains("in report 2."), "{texts}");
        assert_eq!(texts.contains("in report 1."), was_held, "{texts}");
        match was_held {
            true => assert!(ids.len() == 2 && ids.iter().all(|id| has_digits(id)), "{ids:?}"),
            false => assert_eq!(ids, [PLAIN]),
        }
    }
}

/// A change to one of a few files.
#[derive(Debug, Clone, Copy)]
enum Change {
    Write { file: usize, content: usize },
    Remove { file: usize },
}

const FILES: [&str; 4] = ["a.txt", "b/a.txt", "b.txt", "c.txt"];

/// Three reports with the same plain id, another report, and two texts that are not reports.
fn content(number: usize) -> String {
    match number {
        0..=2 => namesake(u8::try_from(number).unwrap()),
        3 => report("Loamshire Council", 13, 5, "Hayslope has a new centre."),
        4 => "milk\n\nbread\n".to_owned(),
        _ => String::new(),
    }
}

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let change = prop_oneof![
        3 => (0..FILES.len(), 0_usize..6)
            .prop_map(|(file, content)| Change::Write { file, content }),
        1 => (0..FILES.len()).prop_map(|file| Change::Remove { file }),
    ];
    vec(vec(change, 1..4), 2..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn an_incremental_build_equals_a_build_from_nothing(rounds in changes()) {
        let mut place = Place::new();
        for round in rounds {
            for change in round {
                match change {
                    Change::Write { file, content: number } => {
                        place.write(FILES[file], content(number));
                    }
                    Change::Remove { file } if place.path(FILES[file]).exists() => {
                        place.remove(FILES[file]);
                    }
                    Change::Remove { .. } => {}
                }
            }
            place.build();
            let incremental = place.records();
            let fresh = tempfile::tempdir().unwrap();
            let other = Location::Folder(fresh.path().join("index"));
            let index = std::mem::replace(&mut place.options.index, other);
            place.build();
            let full = place.records();
            place.options.index = index;
            prop_assert_eq!(incremental, full);
            prop_assert!(!place.build().changed, "and nothing is left to do");
        }
    }
}

#[test]
fn a_file_that_became_no_report_loses_it_and_the_ledger_says_so_once() {
    let place = two_reports();
    place.build();
    place.write("a.txt", "");
    let built = place.build();
    assert_eq!(
        place.reason(&built, "a.txt"),
        "is empty; the report read from it earlier is removed"
    );
    assert_eq!(place.held().len(), 1);
    assert_eq!(place.reason(&place.build(), "a.txt"), "is empty");
}

#[test]
fn a_file_that_cannot_be_read_any_more_keeps_its_report() {
    let mut place = two_reports();
    place.build();
    place.write("a.txt", report("Borchester Council", 11, 3, &"Words and words. ".repeat(90_000)));
    place.options.limits.bytes = 1 << 20;
    for _ in 0..2 {
        let built = place.build();
        assert_eq!(place.outcomes(&built), named(&[("a.txt", Unreadable), ("b.txt", Unchanged)]));
        assert_eq!(
            place.reason(&built, "a.txt"),
            "is 2 MB in size, more than the limit of 1 MB; the report read from it earlier is kept"
        );
        assert!(place.texts().contains("Felpersham helps with transport."));
    }
    place.options.limits.bytes = 8 << 20;
    assert_eq!(place.build().count(Replaced), 1, "a raised limit is noticed");
}

#[cfg(unix)]
#[test]
fn reports_of_a_folder_that_cannot_be_listed_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let place = two_reports();
    place.write("locked/c.txt", report("Loamshire Council", 13, 5, "Hayslope has a new centre."));
    place.build();
    let folder = place.path("locked");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&folder).is_ok() {
        // Nothing is locked for the superuser.
        return;
    }
    let built = place.build();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(built.count(Unreadable), 2);
    assert_eq!(built.count(Removed), 0);
    assert_eq!(place.held().len(), 3);
}
