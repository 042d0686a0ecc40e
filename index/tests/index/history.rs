//! Tests that what is held keeps when it came, whatever happens to the index or to its history.

use crate::fixture::{Entry, counts, entry, ids, ledger, options, search, write};
use crate::place::Place;
use findings_index::embedded::INDEX_VERSION;
use findings_index::engine::{all_reports, each_paragraph};
use findings_index::records::Attribute;
use findings_index::request::compare::CompareRequest;
use findings_index::request::{Deadline, Filters, SearchRequest};
use findings_index::{Engine, SearchError, WriteError};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// When the reports and paragraphs that are held came and changed, by their ids.
fn times(place: &Place) -> BTreeMap<String, [Timestamp; 2]> {
    let (reader, filters) = (place.open().unwrap(), Filters::default());
    let deadline = Deadline::never();
    let mut all = BTreeMap::new();
    for report in all_reports(reader.as_ref(), &filters, &deadline).unwrap() {
        all.insert(report.id, [report.first_indexed.unwrap(), report.changed.unwrap()]);
    }
    each_paragraph(reader.as_ref(), &filters, &deadline, |one| {
        all.insert(one.id, [one.first_indexed.unwrap(), one.changed.unwrap()]);
        Ok::<_, SearchError>(())
    })
    .unwrap();
    all
}

fn built(place: &Place) -> Timestamp {
    place.open().unwrap().built()
}

fn history(dir: &Path) -> PathBuf {
    dir.join("history/v1.redb")
}

fn format(dir: &Path) -> PathBuf {
    dir.join(format!("v{INDEX_VERSION}"))
}

/// A report whose file has other bytes than that of the fixture.
fn edited(id: &str, authority: &str, texts: &[&str]) -> Entry {
    let (mut report, mut paragraphs) = entry(id, authority, "2019-01-01", texts);
    report.sha256 = format!("{:0>64}", format!("{}{}", id, texts.concat().replace(' ', "")));
    paragraphs.iter_mut().for_each(|one| one.sha256.clone_from(&report.sha256));
    (report, paragraphs)
}

fn remove(place: &Place, ids: &[&str]) {
    let writer = place.build(&options()).unwrap();
    ids.iter().for_each(|id| writer.remove(id).unwrap());
    writer.commit(&ledger()).unwrap();
}

/// Two builds: a report, then another, and a paragraph more and one changed in the first.
fn two_builds(place: Place) -> (Place, [Timestamp; 2]) {
    write(&place, &[edited("a", "Elmet", &["one", "two"])]);
    let first = built(&place);
    write(
        &place,
        &[edited("a", "Elmet", &["one", "2", "three"]), edited("b", "Rheged", &["four"])],
    );
    let second = built(&place);
    assert!(first < second);
    (place, [first, second])
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap().path();
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

#[test]
fn what_came_in_a_build_has_its_time_and_what_was_there_keeps_its_own() {
    let (place, [first, second]) = two_builds(Place::new());
    let expected = [
        ("a", [first, second]),
        ("a/1", [first, first]),
        ("a/2", [first, second]),
        ("a/3", [second, second]),
        ("b", [second, second]),
        ("b/1", [second, second]),
    ];
    assert_eq!(times(&place), expected.map(|(id, times)| (id.to_owned(), times)).into());
}

#[test]
fn a_build_is_later_than_the_one_before_whatever_the_clock_says() {
    let place = Place::new();
    let mut last = Timestamp::UNIX_EPOCH;
    for _ in 0..20 {
        write(&place, &[]);
        let built = built(&place);
        assert!(last < built, "{last} {built}");
        assert_eq!(built.subsec_nanosecond() % 1_000_000, 0, "whole milliseconds");
        last = built;
    }
}

#[test]
fn a_report_that_goes_and_comes_back_is_as_old_as_it_was() {
    let (place, _) = two_builds(Place::new());
    let before = times(&place);
    remove(&place, &["a", "b"]);
    assert!(times(&place).is_empty());
    write(
        &place,
        &[edited("b", "Rheged", &["four"]), edited("a", "Elmet", &["one", "2", "three"])],
    );
    assert_eq!(times(&place), before);
}

#[test]
fn a_report_gets_another_id_and_keeps_its_times() {
    let (place, _) = two_builds(Place::new());
    let before = times(&place);
    let (mut report, mut paragraphs) = edited("a", "Elmet", &["one", "2", "three"]);
    report.id = "other".to_owned();
    for (paragraph, number) in paragraphs.iter_mut().zip(1..) {
        paragraph.id = format!("other/{number}");
        paragraph.report.clone_from(&report.id);
    }
    let writer = place.build(&options()).unwrap();
    writer.put(&report, &paragraphs).unwrap();
    writer.remove("a").unwrap();
    writer.commit(&ledger()).unwrap();
    let after = times(&place);
    for id in ["", "/1", "/2", "/3"] {
        assert_eq!(after[&format!("other{id}")], before[&format!("a{id}")]);
    }
}

#[test]
fn two_files_of_one_id_that_are_both_present_are_followed_apart() {
    let place = Place::new();
    write(&place, &[edited("a", "Elmet", &["one", "two"])]);
    let first = built(&place);
    let (mut other, paragraphs) = edited("a", "Elmet", &["one", "other"]);
    other.sha256.replace_range(..4, "beef");
    other.id = "a-beef".to_owned();
    let mut writer = place.build(&options()).unwrap();
    let own = edited("a", "Elmet", &["one", "two"]).0.sha256;
    writer.present([own, other.sha256.clone()].into());
    writer.put(&other, &paragraphs).unwrap();
    writer.commit(&ledger()).unwrap();
    let reader = place.open().unwrap();
    let of = |id: &str| reader.report(id).unwrap().unwrap().first_indexed.unwrap();
    assert_eq!((of("a"), of("a-beef")), (first, reader.built()));
}

#[test]
fn what_was_put_and_not_kept_has_not_come() {
    let place = Place::new();
    write(&place, &[]);
    let writer = place.build(&options()).unwrap();
    let (report, paragraphs) = edited("a", "Elmet", &["one"]);
    writer.put(&report, &paragraphs).unwrap();
    writer.remove("a").unwrap();
    writer.commit(&ledger()).unwrap();
    let writer = place.build(&options()).unwrap();
    writer.put(&report, &paragraphs).unwrap();
    drop(writer);
    write(&place, &[(report, paragraphs)]);
    let built = built(&place);
    assert_eq!(times(&place)["a/1"], [built, built]);
}

#[test]
fn another_format_or_a_lost_index_changes_no_time() {
    let (place, _) = two_builds(Place::in_folder());
    let before = times(&place);
    let all = [edited("a", "Elmet", &["one", "2", "three"]), edited("b", "Rheged", &["four"])];
    fs::rename(format(place.path()), place.path().join("v1")).unwrap();
    write(&place, &all);
    assert_eq!(times(&place), before);
    fs::remove_dir_all(format(place.path())).unwrap();
    write(&place, &all);
    assert_eq!(times(&place), before);
    fs::write(format(place.path()).join("meta.json"), "{").unwrap();
    let error = place.build(&options()).unwrap_err();
    assert!(
        matches!(&error, WriteError::Unreadable { dir: named, .. } if *named == format(place.path()))
    );
    fs::remove_dir_all(format(place.path())).unwrap();
    write(&place, &all);
    assert_eq!(times(&place), before);
}

#[test]
fn a_history_that_is_gone_or_older_than_the_index_is_made_again_from_it() {
    let (place, _) = two_builds(Place::in_folder());
    let (before, older) = (times(&place), place.path().join("older"));
    let all = [edited("a", "Elmet", &["one", "2", "three"]), edited("b", "Rheged", &["four"])];
    copy(&place.path().join("history"), &older);
    write(&place, &[edited("c", "Dyfed", &["five"])]);
    let mut with_c = times(&place);
    fs::copy(older.join("v1.redb"), history(place.path())).unwrap();
    write(&place, &all);
    assert_eq!(times(&place), with_c, "a build on an older history");
    fs::remove_dir_all(place.path().join("history")).unwrap();
    write(&place, &all);
    assert_eq!(times(&place), with_c, "a build without a history");
    // It was made again for good: the index is not needed for it any more.
    fs::remove_dir_all(format(place.path())).unwrap();
    write(&place, &all);
    with_c.retain(|id, _| !id.starts_with('c'));
    assert_eq!(times(&place), with_c);
    assert_eq!(with_c, before);
}

#[test]
fn a_history_ahead_of_the_index_is_used_as_it_is() {
    let (place, _) = two_builds(Place::in_folder());
    let older = place.path().join("older");
    copy(&format(place.path()), &older);
    let last = built(&place);
    write(&place, &[edited("c", "Dyfed", &["five"])]);
    let ahead = times(&place);
    // As if the build had been killed after it committed the history.
    fs::remove_dir_all(format(place.path())).unwrap();
    fs::rename(&older, format(place.path())).unwrap();
    assert_eq!(built(&place), last);
    write(&place, &[edited("c", "Dyfed", &["five"])]);
    assert_eq!(times(&place), ahead);
    assert!(ahead["c/1"][0] > last, "a reader of the commit before it is told of it");
    assert!(built(&place) > ahead["c/1"][0]);
}

#[test]
fn a_damaged_history_is_set_aside_and_made_again() {
    let (place, _) = two_builds(Place::in_folder());
    let before = times(&place);
    let whole = fs::read(history(place.path())).unwrap();
    let all = [edited("a", "Elmet", &["one", "2", "three"]), edited("b", "Rheged", &["four"])];
    let garbled = |from: usize, to: usize| {
        let mut bytes = whole.clone();
        bytes[from..to].iter_mut().for_each(|byte| *byte ^= 0x5a);
        bytes
    };
    let page_of_a_text = whole.windows(2).rposition(|two| two == b"/3").unwrap();
    let cases = [
        b"no database".to_vec(),
        garbled(0, whole.len()),
        garbled(0, 64),
        garbled(page_of_a_text, page_of_a_text + 40),
        whole[..whole.len() / 2].to_vec(),
    ];
    for (number, bytes) in cases.into_iter().enumerate() {
        fs::write(history(place.path()), &bytes).unwrap();
        let writer = place.build(&options()).unwrap();
        let aside = writer.set_aside().unwrap_or_else(|| panic!("case {number} is not noticed"));
        assert_eq!(fs::read(aside).unwrap(), bytes, "case {number}");
        for (report, paragraphs) in &all {
            writer.put(report, paragraphs).unwrap();
        }
        writer.commit(&ledger()).unwrap();
        assert_eq!(times(&place), before, "case {number}");
        assert_eq!(place.build(&options()).unwrap().set_aside(), None);
    }
    let mut names: Vec<String> = fs::read_dir(place.path().join("history"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 6);
    assert_eq!(names[0], "v1.damaged-2.redb");
}

#[test]
fn a_history_that_cannot_be_written_is_named() {
    let place = Place::in_folder();
    fs::create_dir_all(history(place.path())).unwrap();
    let error = place.build(&options()).unwrap_err();
    let shown = error.to_string().replace(place.path().to_str().unwrap(), "DIR");
    insta::assert_snapshot!(shown, @"cannot keep the history in DIR; the index is as it was before");
}

fn new_since(since: Timestamp) -> Filters {
    let mut filters = Filters::default();
    filters.new_since = Some(since);
    filters
}

fn found_since(reader: &Arc<dyn Engine>, since: Timestamp) -> Vec<String> {
    let filters = new_since(since);
    let request = SearchRequest { filters, limit: 1_000, ..SearchRequest::default() };
    ids(&search(reader, &request).unwrap()).into_iter().map(str::to_owned).collect()
}

#[test]
fn what_is_new_since_a_moment_is_what_came_then_or_later() {
    let (place, [first, second]) = two_builds(Place::new());
    let reader = place.open().unwrap();
    let later = |moment: Timestamp, nanoseconds| {
        moment.checked_add(SignedDuration::from_nanos(nanoseconds)).unwrap()
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(found_since(&reader, first).len(), 4);
    assert_eq!(found_since(&reader, Timestamp::MIN).len(), 4);
    assert_eq!(sorted(found_since(&reader, later(first, 1))), ["a/3", "b/1"]);
    assert_eq!(sorted(found_since(&reader, second)), ["a/3", "b/1"]);
    assert_eq!(found_since(&reader, later(second, 1)), [""; 0]);
    assert_eq!(found_since(&reader, Timestamp::MAX), [""; 0]);

    let filters = new_since(second);
    let deadline = Deadline::never();
    let reports = all_reports(reader.as_ref(), &filters, &deadline).unwrap();
    assert_eq!(reports.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["b"]);
    let mut paragraphs = Vec::new();
    each_paragraph(reader.as_ref(), &filters, &deadline, |one| {
        paragraphs.push(one.id);
        Ok::<_, SearchError>(())
    })
    .unwrap();
    assert_eq!(paragraphs, ["a/3", "b/1"]);
    let facets = vec![Attribute::Authority];
    let request = SearchRequest { filters: filters.clone(), facets, ..SearchRequest::default() };
    let response = search(&reader, &request).unwrap();
    let expected = [(Some("Elmet"), 1), (Some("Rheged"), 1)];
    assert_eq!(counts(&response, Attribute::Authority), expected);
    let request =
        CompareRequest { filters, by: vec![Attribute::Authority], ..CompareRequest::default() };
    let compared = reader.compare(&request, &deadline).unwrap();
    assert_eq!(compared.whole.eligible.paragraphs, 2);
}

#[test]
fn a_reader_that_asks_after_each_of_fifty_commits_sees_each_new_paragraph_once() {
    let place = Place::new();
    let mut seen: Vec<String> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut last = Timestamp::MIN;
    for commit in 0..50 {
        // In turn: a paragraph more in a file, another report, the same again, a file that goes and one
        // that is edited.
        texts.push(format!("text {commit}"));
        let first = edited("a", "Elmet", &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let text = format!("word {commit}");
        let more = edited(&format!("r{commit}"), "Rheged", &[text.as_str()]);
        match commit % 5 {
            0 => write(&place, &[first]),
            1 => write(&place, &[more]),
            2 => write(&place, &[]),
            3 => remove(&place, &[&format!("r{}", commit - 2)]),
            _ => write(&place, &[edited("b", "Dyfed", &["a", &format!("edited {commit}")])]),
        }
        let reader = place.open().unwrap();
        seen.extend(found_since(&reader, last));
        last = reader.built().checked_add(SignedDuration::from_millis(1)).unwrap();
    }
    let mut unique = seen.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), seen.len(), "none is seen twice");
    let held = times(&place).into_keys().filter(|id| id.contains('/'));
    assert!(held.into_iter().all(|held| unique.contains(&held)), "each is seen");
    // 46 paragraphs of the first report, one of each of ten, two of the edited one.
    assert_eq!(seen.len(), 46 + 10 + 2);
}
