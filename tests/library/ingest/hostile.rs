//! Builds from damaged, hostile and misnamed files: each ends as it must, and none ends the build.

use super::place::Place;
use findings_index::records::ledger::Outcome;
use std::fs;
use std::path::Path;

#[test]
fn hostile_files_are_all_accounted_for_and_sound_ones_among_them_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut place = Place::new();
    place.options.roots = vec![folder.join("files")];
    place.options.limits.seconds = 5;
    let built = place.build();
    let expected = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut wrong = Vec::new();
    for line in expected.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(file), Some(wanted)) = (columns.next(), columns.next()) else { panic!("{line}") };
        let entries = &built.ledger.entries;
        let Some(entry) = entries.iter().find(|entry| Path::new(&entry.path).ends_with(file))
        else {
            wrong.push(format!("{file} is not in the ledger"));
            continue;
        };
        let right = match wanted {
            "report" => matches!(entry.outcome, Outcome::Read | Outcome::Duplicate),
            // An empty file is recognised without reading it.
            "unreadable" => entry.outcome == Outcome::Unreadable || entry.code() == Some("empty"),
            _ => true,
        };
        if !right {
            wrong.push(format!("{file}: {:?} {:?}", entry.outcome, entry.explanation()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(place.held().len(), built.count(Outcome::Read));
}
