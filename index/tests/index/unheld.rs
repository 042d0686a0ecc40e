//! Tests the words of a query that occur in no paragraph, and the suggestions for them.

use crate::fixture::{entry, index};
use crate::place::Place;
use findings_index::Engine;
use findings_index::engine::widen;
use findings_index::language::lexicon::Synonyms;
use findings_index::language::query::{Query, parse};
use findings_index::request::Deadline;
use std::sync::Arc;
use std::time::Duration;

const TEXTS: [&str; 6] = [
    "Chronologies are kept up to date, and each chronology is read.",
    "A chronology of events stands on file.",
    "Supervision is weak; supervisors are new. Supervisin is a slip.",
    "Supervision of staff is regular, and a supervisor is named.",
    "Neglect was seen late in 2019 by the MASH, and Supervision was poor.",
    "Siân’s carers are kind.",
];

fn reports() -> (Place, Arc<dyn Engine>) {
    index(&[entry("a", "Elmet", "2019-05-04", &TEXTS)])
}

fn unheld(reader: &Arc<dyn Engine>, query: &str) -> String {
    let query = parse(query).unwrap().query;
    said(reader, &query)
}

fn said(reader: &Arc<dyn Engine>, query: &Query) -> String {
    let unheld = reader.unheld(query, &Deadline::after(Duration::from_secs(10))).unwrap();
    let unheld = unheld.iter().map(|word| {
        let near = word.near.iter().map(|near| format!(" {} {}", near.word, near.paragraphs));
        let field = word.field.map(|field| format!("{}:", field.name())).unwrap_or_default();
        let [start, end] = word.span;
        format!("{field}{} {start}..{end}{}", word.word, near.collect::<String>())
    });
    unheld.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_word_that_no_paragraph_holds_is_named_with_the_nearest_that_is_held() {
    let (_place, reader) = reports();
    // The most common form represents all forms, as any of them finds all.
    assert_eq!(unheld(&reader, "chronolgy"), "chronolgy 0..9 chronology 2");
    assert_eq!(unheld(&reader, "weak Chronolgies"), "Chronolgies 5..16 chronologies 2");
    assert_eq!(unheld(&reader, "sain"), "sain 0..4 sian 1");
    assert_eq!(
        unheld(&reader, "ngelect^2 OR nothing-ness"),
        "ngelect 0..7 neglect 1; nothing 13..25; ness 13..25"
    );
}

#[test]
fn of_the_nearest_words_the_most_frequent_comes_first() {
    let (_place, reader) = reports();
    // Both are one letter away: the word, and the typing error in one of the reports.
    assert_eq!(unheld(&reader, "supervision"), "");
    assert_eq!(unheld(&reader, "supervisio"), "supervisio 0..10 supervision 3 supervisin 1");
}

#[test]
fn a_word_in_quotation_marks_is_held_as_written_only() {
    let (_place, reader) = reports();
    assert_eq!(unheld(&reader, "chronologys"), "");
    assert_eq!(unheld(&reader, "\"chronologys\""), "chronologys 0..13 chronology 2");
    assert_eq!(
        unheld(&reader, "\"(late|erly) nglect\" NEAR/3 weeak"),
        "erly 0..20; nglect 0..20 neglect 1; weeak 28..33 weak 1"
    );
}

#[test]
fn a_condition_on_sections_is_held_against_headings() {
    let (_place, reader) = reports();
    assert_eq!(unheld(&reader, "section:\"hepl and protections\""), "section:hepl 0..30 help 6");
}

#[test]
fn what_may_be_missing_is_not_named() {
    let (_place, reader) = reports();
    for query in [
        "neglect NOT zebra",
        "-zebra",
        "zebr* OR neglect",
        "zebra~",
        "\"zebr* late\"",
        "*",
        "grade:good number:77",
    ] {
        assert_eq!(unheld(&reader, query), "", "{query}");
    }
    let synonyms =
        Synonyms { same: Vec::new(), also: vec![("tots".to_owned(), vec!["carers".to_owned()])] };
    let widened = widen(reader.as_ref(), &parse("tots").unwrap().query, &synonyms).unwrap();
    assert_eq!(said(&reader, &widened.query), "");
}

#[test]
fn nothing_is_proposed_for_numbers_and_short_words() {
    let (_place, reader) = reports();
    assert_eq!(unheld(&reader, "2018 wek mas1h"), "2018 0..4; wek 5..8; mas1h 9..14");
}

#[test]
fn a_word_is_named_once_and_of_many_only_the_first_are_sought() {
    let (_place, reader) = reports();
    assert_eq!(unheld(&reader, "wek (Wek OR \"wek late\")"), "wek 0..3");
    let slip = |n: u8| format!("chronol{}{}", char::from(b'a' + n / 20), char::from(b'a' + n % 20));
    let slips: Vec<String> = (0..200).map(slip).collect();
    let query = parse(&slips.join(" ")).unwrap().query;
    let unheld = reader.unheld(&query, &Deadline::never()).unwrap();
    assert_eq!(unheld.len(), 200);
    assert!(unheld.iter().filter(|word| !word.near.is_empty()).count() <= 8);
}

#[test]
fn when_the_time_is_up_words_are_named_and_none_proposed() {
    let (_place, reader) = reports();
    let query = parse("chronolgy").unwrap().query;
    let unheld = reader.unheld(&query, &Deadline::after(Duration::ZERO)).unwrap();
    assert_eq!(unheld.len(), 1);
    assert!(unheld[0].near.is_empty());
}
