//! Tests both formats on the same feed.

use super::{Feed, Leads, Places, Source, atom, json};
use crate::ask::notes::Note;
use crate::ask::{Conditions, Question, Reading};
use crate::knowledge::names::Names;
use crate::render::samples;
use findings_index::language::topic::{Taxonomy, Topic};
use findings_index::records::Attribute;
use findings_index::request::{Hit, SearchResponse};
use jiff::Timestamp;
use roxmltree::{Document, Node};
use serde_json::Value;

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// The samples, of which the first came last.
fn response() -> SearchResponse {
    let mut response = samples::response();
    for (hit, second) in response.hits.iter_mut().zip([1_900_000_000, 1_800_000_000]) {
        hit.paragraph.changed = Some(time(second));
    }
    response
}

fn question() -> Question {
    Question { text: "\"return interview\" & <b>".to_owned(), ..Question::default() }
}

fn topics() -> Taxonomy {
    let mut topics = Taxonomy::default();
    topics.put(Topic {
        id: "missing".to_owned(),
        name: "Children who go missing".to_owned(),
        version: 1,
        definition: String::new(),
        phrases: Vec::new(),
        cased: Vec::new(),
        queries: Vec::new(),
        near_misses: Vec::new(),
        note: None,
        measured: None,
    });
    topics
}

fn places() -> Places {
    let at = |path: &str| Some(format!("https://example.org/{path}"));
    Places {
        own: at("search.atom?q=a&page=2"),
        home: at("search?q=a"),
        first: at("search.atom?q=a"),
        previous: at("search.atom?q=a"),
        next: at("search.atom?q=a&page=3"),
        last: at("search.atom?q=a&page=9"),
    }
}

fn feed(response: &SearchResponse, names: &Names, places: Places) -> Feed {
    let paragraph =
        |hit: &Hit| Some(format!("https://example.org/paragraphs/{}", hit.paragraph.id));
    let original = |hit: &Hit| {
        let page = hit.paragraph.page?;
        Some(format!("https://example.org/originals/{}#page={page}", hit.head.id))
    };
    let leads = Leads { paragraph: &paragraph, original: &original };
    let (question, topics) = (question(), topics());
    let notes = [Note { code: "unheld", text: "no paragraph has `neglekt`".to_owned() }];
    let source = Source {
        question: &question,
        response,
        notes: &notes,
        names,
        topics: &topics,
        built: time(7),
        leads,
    };
    Feed::of(&source, places)
}

fn sample() -> Feed {
    feed(&response(), &samples::NAMES, places())
}

fn as_atom(feed: &Feed) -> String {
    let mut out = Vec::new();
    atom(feed, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn as_json(feed: &Feed) -> Value {
    let mut out = Vec::new();
    json(feed, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn texts(node: Node<'_, '_>, name: &str) -> Vec<String> {
    let named = node.children().filter(|child| child.has_tag_name((ATOM, name)));
    named.map(|child| child.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn both_formats_hold_what_a_reader_needs() {
    let (atom, json) = (as_atom(&sample()), as_json(&sample()));
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    let atom = atom.replace(&version, "version=\"…\"").replace("><", ">\n<");
    insta::assert_snapshot!("atom", atom);
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn both_formats_say_the_same() {
    let feed = sample();
    let (atom, json) = (as_atom(&feed), as_json(&feed));
    let atom = Document::parse(&atom).unwrap();
    let root = atom.root_element();
    assert_eq!(texts(root, "title"), [json["title"].as_str().unwrap()]);
    assert_eq!(texts(root, "updated"), [json["_findings"]["updated"].as_str().unwrap()]);
    assert_eq!(texts(root, "rights"), [json["_findings"]["rights"].as_str().unwrap()]);
    let entries = root.children().filter(|node| node.has_tag_name((ATOM, "entry")));
    for (entry, item) in entries.zip(json["items"].as_array().unwrap()) {
        let same = [
            ("id", "id"),
            ("title", "title"),
            ("content", "content_text"),
            ("updated", "date_modified"),
            ("published", "date_published"),
        ];
        for (name, field) in same {
            assert_eq!(texts(entry, name), [item[field].as_str().unwrap()], "{name}");
        }
    }
}

#[test]
fn an_element_that_xml_must_close_is_closed_and_what_is_typed_is_escaped() {
    let atom = as_atom(&sample());
    let document = Document::parse(&atom).unwrap();
    let title = texts(document.root_element(), "title");
    assert_eq!(title, ["Findings: \"return interview\" & <b>"]);
    assert!(atom.contains("&lt;b&gt;") && atom.contains("q=a&amp;page=2"), "{atom}");
}

#[test]
fn what_xml_cannot_hold_is_left_out_and_what_steers_is_made_harmless() {
    let mut response = response();
    let text = "a\u{0}b\u{b}c\u{1b}[31m\u{ffff}\u{202e}d ]]> <script>&amp; \u{9b}\n\te \u{1f600}";
    response.hits[0].paragraph.text = text.to_owned();
    response.hits[0].paragraph.section = vec!["Section\n\"one\" & 'two'".to_owned()];
    let feed = feed(&response, &samples::NAMES, Places::default());
    let expected = "abc[31m\u{fffd}d ]]> <script>&amp; \u{fffd}\n\te \u{1f600}";
    assert_eq!(feed.entries[0].text, expected);
    assert!(
        feed.entries[0].title.ends_with(": Section \"one\" & 'two', paragraph 45"),
        "{}",
        feed.entries[0].title
    );
    let atom = as_atom(&feed);
    let document = Document::parse(&atom).unwrap();
    let content = document.descendants().find(|node| node.has_tag_name((ATOM, "content")));
    assert_eq!(content.unwrap().text(), Some(expected));
    assert_eq!(as_json(&feed)["items"][0]["content_text"], expected);
}

#[test]
fn a_date_that_is_not_known_is_left_out() {
    let mut response = response();
    response.hits[0].head.published = None;
    response.hits[1].head.published = None;
    let feed = feed(&response, &samples::NAMES, Places::default());
    let dates: Vec<_> = feed.entries.iter().map(|entry| entry.published).collect();
    assert_eq!(dates, [response.hits[0].head.inspection_end, None]);
    assert_eq!(as_atom(&feed).matches("<published>").count(), 1);
    let json = as_json(&feed);
    assert_eq!(json["items"][0]["date_published"], "2015-11-12T00:00:00Z");
    assert_eq!(json["items"][1].get("date_published"), None);
    assert_eq!(json.get("feed_url"), None);
}

#[test]
fn ids_with_odd_letters_are_urns_and_differ() {
    let of = |id: &str| super::id::of_record(id);
    assert_eq!(of("elmet-sif-2015-10-19/45"), "urn:findings:elmet-sif-2015-10-19/45");
    assert_eq!(of("king's léa/p3 2"), "urn:findings:king%27s%20l%C3%A9a/p3%202");
    assert_eq!(of("a/1.2(b)?#"), "urn:findings:a/1.2%28b%29%3F%23");
}

#[test]
fn a_feed_without_entries_is_as_old_as_the_index_and_has_no_rights() {
    let response = SearchResponse { hits: Vec::new(), ..response() };
    let feed = feed(&response, &samples::NAMES, Places::default());
    assert_eq!((feed.updated, feed.rights.as_str()), (time(7), ""));
    assert!(!as_atom(&feed).contains("rights"));
    assert_eq!(as_json(&feed)["items"], serde_json::json!([]));
    assert_eq!(sample().updated, time(1_900_000_000), "that of the last to change");
}

#[test]
fn where_the_publisher_is_not_known_the_author_is_whom_it_is_about_and_unknown_terms_are_said() {
    let feed = feed(&response(), &Names::NONE, Places::default());
    let authors: Vec<&str> = feed.entries.iter().map(|entry| entry.author.as_str()).collect();
    assert_eq!(authors, ["Wealdshire", "Port Ansel"]);
    assert_eq!(feed.rights, "Licence of the reports not known");
    assert_eq!(sample().entries[0].author, "Ofsted");
}

#[test]
fn a_search_has_the_same_id_whatever_the_order_of_its_parameters_and_no_other_has() {
    let of = super::id::of_search;
    let asked = |authorities: &[&str], text: &str| {
        let authorities = authorities.iter().map(|name| (*name).to_owned()).collect();
        let values = [(Attribute::Authority, authorities)].into();
        let conditions = Conditions { values, ..Conditions::default() };
        Question { text: text.to_owned(), conditions, ..Question::default() }
    };
    let one = asked(&["Elmet", "Rheged"], "neglect");
    assert_eq!(of(&one), of(&asked(&["Rheged", "Elmet", "Elmet"], " neglect ")));
    let page = Question { limit: 7, offset: 3, repeats: true, closest: false, ..one.clone() };
    assert_eq!(of(&one), of(&page), "which part is shown does not matter");
    let any = Question { reading: Reading { any: true, exact: false }, ..one.clone() };
    let out = Conditions {
        values: [].into(),
        not: one.conditions.values.clone(),
        ..Conditions::default()
    };
    let others = [
        any,
        asked(&["Elmet"], "neglect"),
        asked(&["Elmet", "Rheged"], "neglected"),
        Question { conditions: out, ..one.clone() },
        Question::default(),
    ];
    let mut ids: Vec<String> = others.iter().chain([&one]).map(of).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 6);
    // Readers know feeds by these: a program that gives others makes all that they hold new.
    assert_eq!(of(&Question::default()), "urn:findings:search:44136fa355b3678a1146ad16f7e8649e");
}
