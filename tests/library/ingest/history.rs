//! Builds again and again, and tests that what came earlier stays as old as it was.

use super::place::Place;
use crate::invented::report;
use findings::answer::digest::{self, Digest};
use findings::ask::mark::Mark;
use findings::ask::since::Since;
use findings::ask::trace::Again;
use findings::ask::{Reference, Session, batch};
use findings::cli::CommandLine;
use findings::ingest::{self, Event, Progress};
use findings::knowledge::Knowledge;
use findings::knowledge::config::Config;
use findings_index::engine::{all_reports, each_paragraph};
use findings_index::records::ledger::{Outcome, Reason};
use findings_index::request::{Deadline, Filters};
use findings_index::{BuildOptions, SearchError};
use jiff::Timestamp;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

const A: &str = "borchester-slac-2012-06-11";

fn two_reports() -> Place {
    let place = Place::new();
    place.write("a.txt", a("Felpersham helps with transport."));
    place
        .write("b.txt", report("Barsetshire County Council", 12, 4, "Plumstead keeps good files."));
    place
}

fn a(sentence: &str) -> String {
    report("Borchester Council", 11, 3, sentence)
}

fn folder(place: &Place) -> PathBuf {
    place.options.index.folder().unwrap().to_owned()
}

/// The folder of the index in its format.
fn format(place: &Place) -> PathBuf {
    let version = place.reader().version();
    folder(place).join(format!("v{version}"))
}

/// What is new since a moment: ids of reports, then of paragraphs.
fn new_since(place: &Place, since: Timestamp) -> Vec<String> {
    let mut filters = Filters::default();
    filters.new_since = Some(since);
    let (engine, deadline) = (place.reader(), Deadline::never());
    let reports = all_reports(engine.as_ref(), &filters, &deadline).unwrap();
    let mut new: Vec<String> = reports.into_iter().map(|report| report.id).collect();
    each_paragraph(engine.as_ref(), &filters, &deadline, |one| {
        new.push(one.id);
        Ok::<_, SearchError>(())
    })
    .unwrap();
    new
}

/// Makes the next build read every file again, as a newer program does.
pub(super) fn outdate(place: &Place) {
    let writer = place.options.index.build(&BuildOptions::default()).unwrap();
    let mut ledger = writer.held().unwrap().clone();
    ledger.reading = "0.0.0".to_owned();
    writer.commit(&ledger).unwrap();
}

#[test]
fn builds_without_a_change_and_second_readings_of_the_same_text_change_no_time() {
    let place = two_reports();
    place.build();
    let (times, first) = (place.times(), place.reader().built());
    assert!(times.values().all(|of| *of == [first, first]));
    assert!(!place.build().changed);
    for _ in 0..3 {
        outdate(&place);
        assert_eq!(place.build().count(Outcome::Replaced), 2, "they were read again");
        assert_eq!(place.times(), times);
        assert_eq!(new_since(&place, place.reader().built()), [""; 0]);
    }
}

/// How many builds follow one another: 1,000 take minutes.
fn rebuilds() -> usize {
    env::var("FINDINGS_REBUILDS").ok().map_or(16, |builds| builds.parse().unwrap())
}

#[test]
fn many_builds_with_an_edit_now_and_then_keep_all_other_ids_and_times() {
    let (place, knowledge) = (two_reports(), Knowledge::embedded().unwrap());
    let build_again = || ingest::build(&place.options, &knowledge, &()).unwrap();
    build_again();
    let first = place.times();
    let mut seen = place.reader().built();
    let mut mark = Mark::of(place.reader().as_ref(), seen);
    for build in 1..=rebuilds() {
        let before = place.times();
        let is_edited = build % 4 == 0;
        if is_edited {
            place.write("a.txt", a(&format!("Felpersham was edited {build} times.")));
        } else if build % 4 == 2 {
            outdate(&place);
        }
        build_again();
        let built = place.reader().built();
        let mut expected = before.clone();
        if is_edited {
            for id in [A.to_owned(), edited_paragraph(&place, build)] {
                expected.insert(id.clone(), [before[&id][0], built]);
            }
        }
        assert_eq!(place.times(), expected, "build {build}");
        assert_eq!(new_since(&place, next(seen)), [""; 0], "build {build}");
        let digest = digest_since(&place, &knowledge, &mark);
        assert!(!digest.has_news(), "build {build}: {digest:?}");
        assert_eq!(digest.counts.changed, usize::from(is_edited), "build {build}");
        mark = Mark::of(place.reader().as_ref(), built);
        seen = built;
    }
    let last = place.times();
    assert!(last.iter().all(|(id, [came, _])| first[id][0] == *came));
    assert_eq!(first.len(), last.len());
}

/// What is new since a mark, with searches that find every paragraph.
fn digest_since(place: &Place, knowledge: &Knowledge, mark: &Mark) -> Digest {
    let (engine, reference) = (place.reader(), Reference::default());
    let session = Session::new(engine.as_ref(), &reference, Deadline::never());
    let searches = "[[search]]\nname = 'all'\nquery = '*'\n\n\
                    [[search]]\nname = 'those of slac'\nframework = 'slac'\n";
    let question = digest::Question {
        since: Since { moment: mark.next(), mark: Some(mark.clone()) },
        searches: batch::searches(searches).unwrap(),
        quotes: None,
        again: Again::default(),
        door: &CommandLine::default(),
        asked: mark.when,
    };
    let digest = digest::ask(&session, knowledge, question).unwrap();
    assert!(digest.searches.iter().all(|search| search.total > 0));
    digest
}

fn edited_paragraph(place: &Place, build: usize) -> String {
    let sentence = format!("was edited {build} times");
    let all = place.paragraphs(A);
    all.into_iter().find(|one| one.text.contains(&sentence)).unwrap().id
}

fn next(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond() + 1).unwrap()
}

#[test]
fn a_line_that_a_newer_program_reads_otherwise_is_changed_and_announces_nothing() {
    let place = two_reports();
    place.build();
    let read_now = place.records();
    let ledger = place.reader().ledger().unwrap();
    fs::remove_dir_all(folder(&place)).unwrap();
    // As an earlier program may have read them: a line of the first report was misread, and the last two
    // paragraphs of it were one.
    let writer = place.options.index.build(&BuildOptions::default()).unwrap();
    for record in &read_now.0 {
        let own = read_now.1.iter().filter(|one| one.report == record.id);
        let mut own: Vec<_> = own.cloned().collect();
        if record.id == A {
            let last = own.pop().unwrap();
            let joined = own.last_mut().unwrap();
            joined.text = format!("{} {}", joined.text, last.text);
            own[0].text.push_str(" Mis read.");
        }
        writer.put(record, &own).unwrap();
    }
    let mut earlier = ledger;
    earlier.reading = "0.0.0".to_owned();
    writer.commit(&earlier).unwrap();
    let first = place.reader().built();

    let built = place.build();
    let second = place.reader().built();
    assert_eq!(built.ledger.entries[0].reason, Some(Reason::ReadAgain));
    assert_eq!(place.records(), read_now);
    assert_eq!(new_since(&place, next(first)), [""; 0]);
    let own: Vec<String> = place.paragraphs(A).into_iter().map(|one| one.id).collect();
    let others = own.len() - 2;
    for (id, of) in place.times() {
        let is_changed = id == A || id == own[0] || own[others..].contains(&id);
        assert_eq!(of, [first, if is_changed { second } else { first }], "{id}");
    }
}

#[test]
fn new_topics_and_synonyms_make_nothing_new_and_change_nothing() {
    let place = two_reports();
    place.build();
    let times = place.times();
    let topics = place.path("../topics.toml");
    let topic = "[[topic]]\nid = \"transport\"\nname = \"Transport\"\nversion = 1\n\
                 definition = \"Help with transport.\"\nphrases = [\"helps with transport\"]\n";
    fs::write(&topics, topic).unwrap();
    let synonyms = place.path("../synonyms.toml");
    fs::write(&synonyms, "same = [[\"coach\", \"bus\"]]\n").unwrap();
    let config = Config { topics: vec![topics], synonyms: vec![synonyms], ..Config::default() };
    let knowledge = Knowledge::load(&config).unwrap();
    let built = ingest::build(&place.options, &knowledge, &()).unwrap();
    assert_eq!(built.count(Outcome::Replaced), 2, "all was read again");
    let tagged = |one: &findings_index::records::ParagraphRecord| {
        one.topics.contains(&"transport".to_owned())
    };
    assert!(place.paragraphs(A).iter().any(tagged));
    assert_eq!(place.times(), times);
    assert_eq!(new_since(&place, place.reader().built()), [""; 0]);
}

#[test]
fn a_file_that_goes_and_comes_back_is_as_old_as_it_was() {
    let place = two_reports();
    place.build();
    let times = place.times();
    let text = fs::read(place.path("a.txt")).unwrap();
    place.remove("a.txt");
    place.build();
    assert!(!place.times().contains_key(A));
    place.write("elsewhere/a.txt", text);
    place.build();
    assert_eq!(place.times(), times);
}

#[test]
fn a_corrected_file_follows_the_one_whose_place_it_takes_whatever_its_name() {
    for (name, pause) in [("a.txt", false), ("corrected.txt", false), ("corrected.txt", true)] {
        let place = two_reports();
        place.build();
        let before = place.times();
        place.remove("a.txt");
        if pause {
            place.build();
        }
        place.write(name, a("Felpersham helps with coaches."));
        place.build();
        let built = place.reader().built();
        let after = place.times();
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        let changed: Vec<&String> = after.keys().filter(|id| after[*id][1] == built).collect();
        assert_eq!(changed.len(), 2, "the report and the sentence: {changed:?}");
        assert!(after.iter().all(|(id, of)| of[0] == before[id][0]), "nothing is new");
    }
}

#[test]
fn a_second_report_of_the_same_id_is_new_and_the_first_is_not() {
    let place = two_reports();
    place.build();
    let (before, first) = (place.times(), place.reader().built());
    place.write("c.txt", report("Borchester Council", 11, 20, "This is said in another report."));
    place.build();
    let second = place.reader().built();
    let held = place.held();
    assert!(held[0].id != A && held[2].id != A && held[0].id.starts_with(A), "both carry digits");
    let came = |at: usize| (held[at].first_indexed.unwrap(), held[at].changed.unwrap());
    assert_eq!((came(0), came(2)), ((first, first), (second, second)));
    let new = new_since(&place, second);
    assert!(!new.is_empty() && new.iter().all(|id| id.starts_with(&held[2].id)), "{new:?}");
    // Alone again, it has its plain id again, and is as old as before.
    place.remove("c.txt");
    place.build();
    assert_eq!(place.times(), before);
}

#[test]
fn another_format_and_a_damaged_index_leave_all_as_old_as_it_was() {
    let place = two_reports();
    place.build();
    place.write("a.txt", a("Felpersham helps with coaches."));
    place.build();
    let times = place.times();
    let format = format(&place);
    fs::rename(&format, folder(&place).join("v1")).unwrap();
    place.build();
    assert_eq!(place.times(), times, "another format");
    fs::write(format.join("meta.json"), "{").unwrap();
    let refused = place.try_build().unwrap_err().to_string();
    assert!(refused.contains("delete the folder"), "{refused}");
    fs::remove_dir_all(&format).unwrap();
    place.build();
    assert_eq!(place.times(), times, "a damaged index");
}

#[test]
fn a_history_that_is_lost_or_of_an_earlier_build_is_made_again() {
    let place = two_reports();
    place.build();
    let (history, older) = (folder(&place).join("history"), folder(&place).join("older"));
    let file = history.join("v1.redb");
    fs::copy(&file, &older).unwrap();
    place.write("a.txt", a("Felpersham helps with coaches."));
    place.build();
    let times = place.times();
    for is_lost in [false, true] {
        if is_lost {
            fs::remove_dir_all(&history).unwrap();
        } else {
            fs::copy(&older, &file).unwrap();
        }
        // What is read again is followed from what the index knew.
        outdate(&place);
        place.build();
        assert_eq!(place.times(), times);
        // And nothing needs the index any more.
        fs::remove_dir_all(format(&place)).unwrap();
        place.build();
        assert_eq!(place.times(), times);
    }
}

/// Notes where a damaged history is now.
#[derive(Default)]
struct Aside(Mutex<Option<PathBuf>>);

impl Progress for Aside {
    fn on(&self, event: Event<'_>) {
        if let Event::HistorySetAside { now_at } = event {
            *self.0.lock().unwrap() = Some(now_at.to_owned());
        }
    }
}

#[test]
fn a_damaged_history_is_named_kept_aside_and_made_again() {
    let place = two_reports();
    place.build();
    let times = place.times();
    let file = folder(&place).join("history/v1.redb");
    fs::write(&file, "no history").unwrap();
    let aside = Aside::default();
    ingest::build(&place.options, &Knowledge::embedded().unwrap(), &aside).unwrap();
    let now_at = aside.0.into_inner().unwrap().unwrap();
    assert_eq!(fs::read_to_string(now_at).unwrap(), "no history");
    outdate(&place);
    place.build();
    assert_eq!(place.times(), times);
}
