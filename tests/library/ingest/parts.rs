//! Builds that several machines share: whatever the parts read, the index is that of one machine.

use super::place::{Place, age};
use crate::invented::report;
use findings::ingest::{self, Finished, IngestError, Part, PartRead, PartsError};
use findings::knowledge::Knowledge;
use findings_index::Location;
use findings_index::records::ledger::Outcome;
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;

/// A place with another index of the same files, which is built in parts.
struct Shared {
    place: Place,
    in_parts: Place,
}

impl Shared {
    fn new() -> Self {
        let place = Place::new();
        let mut in_parts = Place::new();
        in_parts.options.roots = place.options.roots.clone();
        Self { place, in_parts }
    }

    fn part(&self, part: &str) -> PartRead {
        self.try_part(part).unwrap()
    }

    fn try_part(&self, part: &str) -> Result<PartRead, IngestError> {
        let part: Part = part.parse().unwrap();
        ingest::read_part(&self.in_parts.options, part, &Knowledge::embedded().unwrap(), &())
    }

    fn finish(&self) -> Result<ingest::Built, IngestError> {
        let mut options = self.in_parts.options.clone();
        options.finish = true;
        // Whatever would have to be read is an error.
        options.worker = PathBuf::from("/there is no such program");
        ingest::build(&options, &Knowledge::embedded().unwrap(), &())
    }

    /// Everything that the two indexes hold is the same, but for when it came.
    fn assert_same(&self) {
        let (one, other) = (self.place.reader(), self.in_parts.reader());
        assert_eq!(one.ledger().unwrap().entries, other.ledger().unwrap().entries);
        assert_eq!(self.place.records(), self.in_parts.records());
        assert_eq!(one.acronyms().unwrap(), other.acronyms().unwrap());
        assert_eq!(one.corpus().paragraphs, other.corpus().paragraphs);
    }

    fn shelf(&self) -> PathBuf {
        let Location::Folder(index) = &self.in_parts.options.index else { unreachable!() };
        index.join("parts")
    }
}

/// Files of every sort: reports, three of which would have one id, copies, and what is no report.
fn files() -> Shared {
    let shared = Shared::new();
    let place = &shared.place;
    for (at, sentence) in
        ["helps with transport.", "keeps good files.", "listens."].iter().enumerate()
    {
        let text = report("Borchester Council", 11, 3, &format!("Felpersham {sentence}"));
        place.write(&format!("same {at}.txt"), text);
    }
    for day in 1..=6 {
        let text = report("Barsetshire County Council", day, 4, "Plumstead keeps good files.");
        place.write(&format!("below/{day}.txt"), &text);
        if day % 2 == 0 {
            place.write(&format!("copy of {day}.txt"), &text);
        }
    }
    place.write("empty.pdf", "");
    place.write("page.txt", "Nothing of interest here.");
    place.write("logo.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    shared
}

#[test]
fn an_index_made_in_parts_is_that_of_one_machine() {
    let shared = files();
    shared.place.build();
    let mut read = 0;
    for part in ["3/3", "1/3", "2/3"] {
        let part = shared.part(part);
        assert_eq!(part.on_shelf, 0);
        read += part.ledger.entries.len();
        assert!(shared.in_parts.options.index.open().is_err(), "nothing is seen of a part");
    }
    assert_eq!(read, 15, "each file belongs to one part");
    let built = shared.finish().unwrap();
    assert_eq!(built.finished, Some(Finished { parts: 3, read_now: 0 }));
    shared.assert_same();
    assert!(!shared.shelf().exists(), "what the parts read is not kept twice");
    let again = shared.finish().unwrap_err().to_string();
    assert_eq!(again, "no part of a build was read for this index");
}

#[test]
fn changes_are_read_in_parts_as_they_are_by_one_machine() {
    let shared = files();
    shared.place.build();
    shared.in_parts.build();
    let place = &shared.place;
    place.write("same 1.txt", report("Borchester Council", 11, 3, "Felpersham is new."));
    age(&place.path("same 1.txt"), 5);
    place.remove("below/3.txt");
    fs::rename(place.path("below/5.txt"), place.path("moved.txt")).unwrap();
    place.write("more.txt", report("Loxley County Council", 2, 9, "It is calm."));
    place.write("copy of more.txt", report("Loxley County Council", 2, 9, "It is calm."));
    let before = shared.in_parts.records();
    let parts = ["1/2", "2/2"].map(|part| shared.part(part));
    assert_eq!(shared.in_parts.records(), before, "readers see the index as it was");
    let read = parts.iter().flat_map(|part| &part.ledger.entries);
    let read = read.filter(|entry| matches!(entry.outcome, Outcome::Read | Outcome::Replaced));
    // The changed one, the moved one, and the new one, once or twice as its copy is in one part or not.
    let read = read.count();
    assert!((3..=4).contains(&read), "{read}");
    place.build();
    shared.finish().unwrap();
    shared.assert_same();
    // Without any change, parts have nothing to read and the index stays as it is.
    let before = shared.in_parts.reader().generation().to_owned();
    for part in ["1/2", "2/2"] {
        let part = shared.part(part);
        assert!(part.ledger.entries.iter().all(|entry| entry.outcome != Outcome::Read));
    }
    assert!(!shared.finish().unwrap().changed);
    assert_eq!(shared.in_parts.reader().generation(), before);
    assert!(!shared.shelf().exists());
}

#[test]
fn a_build_of_which_a_part_is_missing_is_not_finished() {
    let shared = files();
    let missing = || shared.finish().unwrap_err().to_string();
    assert_eq!(missing(), "no part of a build was read for this index");
    shared.part("2/4");
    assert_eq!(missing(), "parts 1, 3 and 4 of 4 were not read to the end yet");
    shared.part("1/4");
    shared.part("4/4");
    assert_eq!(missing(), "part 3 of 4 was not read to the end yet");
    assert!(shared.in_parts.options.index.open().is_err(), "nothing was built");
    shared.part("3/4");
    shared.finish().unwrap();
    shared.place.build();
    shared.assert_same();
}

#[test]
fn parts_of_another_division_do_not_count() {
    let shared = files();
    shared.part("1/2");
    shared.part("2/2");
    let last = shared.part("1/3");
    let reports = last.ledger.entries.iter().filter(|entry| entry.report.is_some());
    assert!(last.on_shelf >= reports.count(), "what was read is not read again");
    let error = shared.finish().unwrap_err().to_string();
    assert_eq!(error, "parts 2 and 3 of 3 were not read to the end yet");
}

#[test]
fn what_was_read_with_other_limits_is_not_taken() {
    let mut shared = files();
    shared.part("1/2");
    shared.part("2/2");
    shared.in_parts.options.limits.pages = 7;
    match shared.finish().unwrap_err() {
        IngestError::Parts(PartsError::Otherwise { others, of }) => {
            assert_eq!((others, of), (vec![1, 2], 2));
        }
        other => panic!("{other}"),
    }
    shared.part("1/2");
    let error = shared.finish().unwrap_err().to_string();
    assert!(
        error.starts_with("part 2 of 2 was read by another version of this program, or"),
        "{error}"
    );
}

#[test]
fn a_part_that_was_stopped_goes_on_where_it_was() {
    let shared = files();
    let first = shared.part("1/1");
    let again = shared.part("1/1");
    // All but copies and what its first bytes show to be no report.
    assert_eq!((first.on_shelf, again.on_shelf), (0, 10));
    assert_eq!(first.ledger.entries, again.ledger.entries);
}

#[test]
fn what_came_after_the_parts_were_read_is_read_by_who_finishes() {
    let shared = files();
    shared.part("1/2");
    shared.part("2/2");
    shared.place.write("late.txt", report("Loxley County Council", 2, 9, "It is late."));
    shared.place.write("below/2.txt", report("Loxley County Council", 3, 9, "It has changed."));
    let mut options = shared.in_parts.options.clone();
    options.finish = true;
    let built = ingest::build(&options, &Knowledge::embedded().unwrap(), &()).unwrap();
    assert_eq!(
        built.finished.unwrap().read_now,
        3,
        "late.txt, below/2.txt, and the copy of what it was"
    );
    shared.place.build();
    shared.assert_same();
}

#[test]
fn a_damaged_shelf_costs_time_and_nothing_else() {
    let shared = files();
    shared.part("1/1");
    for file in fs::read_dir(shared.shelf()).unwrap() {
        let path = file.unwrap().path();
        if !path.ends_with("division") && !path.ends_with("read-1") {
            fs::write(path, "damaged").unwrap();
        }
    }
    let mut options = shared.in_parts.options.clone();
    options.finish = true;
    let built = ingest::build(&options, &Knowledge::embedded().unwrap(), &()).unwrap();
    assert_eq!(built.finished.unwrap().read_now, 10);
    shared.place.build();
    shared.assert_same();
}

#[test]
fn a_part_is_two_numbers() {
    let said = |text: &str| match text.parse::<Part>() {
        Ok(part) => part.to_string(),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(
        ["2/8", "8/8", " 1 / 1", "0/8", "9/8", "8", "a/b", "1/1001", "-1/8", ""].map(said).join("\n"),
        @"
    2/8
    8/8
    1/1
    of 8 parts, there is none with the number 0: they are numbered from 1
    of 8 parts, there is none with the number 9: they are numbered from 1
    a part is written as its number and the number of all parts, such as `2/8`
    a part is written as its number and the number of all parts, such as `2/8`
    a build has at most 1000 parts
    a part is written as its number and the number of all parts, such as `2/8`
    a part is written as its number and the number of all parts, such as `2/8`
    "
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn however_files_are_divided_the_index_is_the_same(
        of in 1_u32..6,
        days in prop::collection::vec((0_usize..3, 1_u8..5, 0_usize..3), 1..9),
    ) {
        let shared = Shared::new();
        for (at, (council, day, sentence)) in days.iter().enumerate() {
            let council = ["Borchester Council", "Loxley County Council", "Ambridge Council"][*council];
            let sentence = ["It is calm.", "It is late.", "Felpersham listens."][*sentence];
            shared.place.write(&format!("{at}.txt"), report(council, *day, 4, sentence));
        }
        shared.place.build();
        for number in (1..=of).rev() {
            shared.part(&format!("{number}/{of}"));
        }
        shared.finish().unwrap();
        shared.assert_same();
    }
}
