//! The same folder built again, after all that may happen to it in between.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::place::{Place, age};
use crate::invented::report;
use findings_index::BuildOptions;
use findings_index::records::ledger::Outcome::{
    Duplicate, NotAReport, Read, Removed, Replaced, Unchanged, Unreadable,
};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};

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
    // Other bytes of the same size and time go unnoticed only by those who do not look.
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
    assert_eq!(
        built.ledger.entries[0].reason.as_deref(),
        Some("read again: the program or its knowledge has changed")
    );
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
    assert_eq!(place.reason(&built, "copy.txt"), "the same bytes as a.txt");
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
    assert_eq!(place.reason(&built, "copy.txt"), "stood at a.txt before");
    assert_eq!(place.reason(&built, "more/copy.txt"), "the same bytes as copy.txt");
    let held = place.held();
    assert_eq!((held[1].path.as_str(), &held[1].id), ("copy.txt", &ids[0]));
    assert!(!place.build().changed);
}

#[test]
fn a_copy_that_sorts_earlier_changes_nothing() {
    let place = two_reports();
    place.build();
    place.write("A copy.txt", fs::read(place.path("a.txt")).unwrap());
    let built = place.build();
    assert_eq!(
        place.outcomes(&built),
        named(&[("A copy.txt", Duplicate), ("a.txt", Unchanged), ("b.txt", Unchanged)])
    );
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

#[test]
fn reports_of_the_same_name_are_told_apart_the_same_way_in_every_order() {
    let late = report("Borchester Council", 11, 20, "This one was published later.");
    let early = report("Borchester Council", 11, 3, "This one was published first.");
    let mut seen = Vec::new();
    for names in [["a.txt", "b.txt"], ["b.txt", "a.txt"]] {
        for threads in [1, 2] {
            let mut place = Place::new();
            place.options.threads = threads;
            place.write(names[0], &late);
            place.write(names[1], &early);
            place.build();
            let mut ids: Vec<(String, String)> = place
                .held()
                .iter()
                .map(|report| {
                    let paragraphs = place.paragraphs(&report.id);
                    let text: Vec<String> = paragraphs.into_iter().map(|p| p.text).collect();
                    (report.id.clone(), text.join(" "))
                })
                .collect();
            ids.sort();
            place.texts();
            seen.push(ids);
        }
    }
    let [(plain, first), (suffixed, later)] = &seen[0][..] else { panic!("{:?}", seen[0]) };
    assert!(first.contains("published first") && later.contains("published later"));
    let digits = suffixed.strip_prefix(&format!("{plain}-")).unwrap();
    assert!(digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert!(seen.iter().all(|ids| *ids == seen[0]), "{seen:?}");
}

#[test]
fn another_report_of_the_same_name_leaves_the_id_of_the_first_alone() {
    let place = Place::new();
    place.write("b.txt", report("Borchester Council", 11, 20, "This one was here first."));
    place.build();
    let ids = place.ids();
    place.write("a.txt", report("Borchester Council", 11, 3, "This one was published first."));
    place.build();
    assert_eq!(place.ids()[1], ids[0]);
    assert!(place.ids()[0].starts_with(&format!("{}-", ids[0])));
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
            "is 2 MB large, more than the limit of 1 MB; raise --max-file-size; the report read \
             from it earlier is kept"
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
