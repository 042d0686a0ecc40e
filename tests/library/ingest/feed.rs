//! Reads a feed after each of many builds, as a program does that looks in now and then.

use super::place::Place;
use crate::invented::report;
use findings::ask::{Question, Reference, Session};
use findings::ingest;
use findings::knowledge::Knowledge;
use findings::render::feeds::{self, Feed, Leads, Places, Source};
use findings_index::records::ParagraphRecord;
use findings_index::request::{Deadline, Sort};
use roxmltree::Document;
use std::collections::{BTreeMap, BTreeSet};

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// What a program that reads feeds knows of one: when each entry was last updated.
#[derive(Debug, Default)]
struct Reader {
    known: BTreeMap<String, String>,
}

/// What a reader is told of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    new: BTreeSet<String>,
    changed: BTreeSet<String>,
}

impl Reader {
    /// Reads a feed: an entry whose id is not known is new, one with another time has changed.
    fn poll(&mut self, feed: &str) -> Told {
        let document = Document::parse(feed).unwrap();
        let entries = document.descendants().filter(|node| node.has_tag_name((ATOM, "entry")));
        let mut told = Told::default();
        for entry in entries {
            let said = |name| {
                let node = entry.children().find(|node| node.has_tag_name((ATOM, name)));
                node.unwrap().text().unwrap().to_owned()
            };
            let (id, updated) = (said("id"), said("updated"));
            let is_once = match self.known.insert(id.clone(), updated.clone()) {
                None => told.new.insert(id),
                Some(before) if before != updated => told.changed.insert(id),
                Some(_) => true,
            };
            assert!(is_once, "an entry is in the feed twice");
        }
        told
    }
}

/// The feed of a question in what the index holds now.
fn feed(place: &Place, question: &Question, reference: &Reference) -> String {
    let engine = place.reader();
    let session = Session::new(engine.as_ref(), reference, Deadline::never());
    let answer = session.search(question).unwrap();
    let nowhere = |_: &_| None;
    let source = Source {
        question,
        response: &answer.response,
        notes: &answer.notes,
        names: reference.names(),
        topics: engine.topics().unwrap(),
        built: engine.built(),
        leads: Leads { paragraph: &nowhere, original: &nowhere },
    };
    let mut out = Vec::new();
    feeds::atom(&Feed::of(&source, Places::default()), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The texts of the paragraphs that match, by their ids.
fn matches(place: &Place) -> BTreeMap<String, String> {
    let is_match = |one: &ParagraphRecord| one.text.contains("aardvark");
    let all = place.held().into_iter().flat_map(|report| place.paragraphs(&report.id));
    let found = all.filter(is_match).map(|one| (format!("urn:findings:{}", one.id), one.text));
    found.collect()
}

/// What happens to the folder before a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happens {
    Added,
    Edited,
    Removed,
    ReadAgain,
    Nothing,
}

#[test]
fn a_reader_over_fifty_builds_is_told_of_each_new_and_each_changed_match_once() {
    use Happens::{Added, Edited, Nothing, ReadAgain, Removed};
    const BUILDS: usize = 50;
    let (place, reference) = (Place::new(), Reference::default());
    let knowledge = Knowledge::embedded().unwrap();
    let councils = ["Barsetshire County Council", "Borchester Council", "Felpersham Council"];
    let question = Question {
        text: "aardvark".to_owned(),
        sort: Sort::Changed,
        limit: 200,
        repeats: true,
        closest: false,
        ..Question::default()
    };
    let mut random = fastrand::Rng::with_seed(7);
    let mut reader = Reader::default();
    // The reports that there are, by the council and the day on which they begin.
    let mut there: Vec<(usize, u8)> = Vec::new();
    let mut never: Vec<(usize, u8)> =
        (0..councils.len()).flat_map(|council| (1..=20).map(move |day| (council, day))).collect();
    random.shuffle(&mut never);
    let mut ever: BTreeSet<String> = BTreeSet::new();
    let mut before: BTreeMap<String, String> = BTreeMap::new();
    let mut did: BTreeMap<String, usize> = BTreeMap::new();
    for build in 0..BUILDS {
        let happens = match random.usize(..9) {
            0..3 => Added,
            3..5 if !there.is_empty() => Edited,
            5 if !there.is_empty() => Removed,
            6 if build > 0 => ReadAgain,
            _ => Nothing,
        };
        // Not all that is written matches: what is edited may come into the feed, or leave it.
        let animal = ["aardvark", "aardvark", "badger"][random.usize(..3)];
        let write = |(council, day): (usize, u8)| {
            let sentence = format!("In build {build} the {animal} keeps good files.");
            let text = report(councils[council], day, 3, &sentence);
            place.write(&format!("{council}-{day}.txt"), text);
        };
        match happens {
            Added => {
                there.push(never.pop().unwrap());
                write(there[there.len() - 1]);
            }
            Edited => write(there[random.usize(..there.len())]),
            Removed => {
                let (council, day) = there.swap_remove(random.usize(..there.len()));
                place.remove(&format!("{council}-{day}.txt"));
            }
            ReadAgain => super::history::outdate(&place),
            Nothing => {}
        }
        *did.entry(format!("{happens:?}")).or_default() += 1;
        ingest::build(&place.options, &knowledge, &()).unwrap();
        let now = matches(&place);
        let expected = Told {
            new: now.keys().filter(|id| !ever.contains(*id)).cloned().collect(),
            changed: now
                .iter()
                .filter(|(id, text)| ever.contains(*id) && before.get(*id) != Some(*text))
                .map(|(id, _)| id.clone())
                .collect(),
        };
        if matches!(happens, Removed | ReadAgain | Nothing) {
            assert_eq!(expected, Told::default());
        }
        let read = feed(&place, &question, &reference);
        assert_eq!(reader.poll(&read), expected, "build {build}: {happens:?}");
        assert_eq!(reader.poll(&feed(&place, &question, &reference)), Told::default(), "again");
        ever.extend(now.keys().cloned());
        before = now;
    }
    assert_eq!(did.len(), 5, "each of these happened: {did:?}");
    assert!(ever.len() > 10, "{}", ever.len());
}
