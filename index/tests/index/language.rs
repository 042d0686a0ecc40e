//! Checks every construct of the language: the query, its tree, and what it finds, from
//! `language.txt`.

use crate::fixture::{entry, index, request, search};
use findings_index::Engine;
use findings_index::language::query::{Part, Query, parse};
use findings_index::request::{Deadline, Hit};
use std::sync::Arc;

const TABLE: &str = include_str!("language.txt");

/// Prints the tree with every node named.
fn tree(query: &Query) -> String {
    let inside = |name: &str| {
        let clauses: Vec<String> = query.clauses().map(tree).collect();
        format!("({name} {})", clauses.join(" "))
    };
    match query {
        Query::All => "all".to_owned(),
        Query::Word { text, .. } => text.clone(),
        Query::Phrase { parts, within, .. } => match within {
            Some(others) => format!("(phrase among {others} others: {})", sequence(parts)),
            None => format!("(phrase {})", sequence(parts)),
        },
        Query::Wildcard { pattern, .. } => format!("(wildcard {pattern})"),
        Query::Fuzzy { text, edits, .. } => format!("(fuzzy {edits} {text})"),
        Query::Near { within, ordered: false, .. } => inside(&format!("near {within}")),
        Query::Near { within, .. } => inside(&format!("near in order {within}")),
        Query::Field { field, value, .. } => format!("({} = {value})", field.name()),
        Query::Boost { weight, .. } => inside(&format!("weight {weight}")),
        Query::Affirmed { .. } => inside("affirmed"),
        Query::Expanded { .. } => inside("expanded"),
        Query::And { .. } => inside("all of"),
        Query::Or { .. } => inside("any of"),
        Query::Not { .. } => inside("not"),
    }
}

fn sequence(parts: &[Part]) -> String {
    let shown = parts.iter().map(|part| match part {
        Part::Word(word) => word.clone(),
        Part::Gap => "gap".to_owned(),
        Part::Wildcard(pattern) => format!("(wildcard {pattern})"),
        Part::AnyOf(alternatives) => {
            let shown: Vec<String> = alternatives.iter().map(|one| sequence(one)).collect();
            format!("(any of {})", shown.join(" | "))
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// The number of the hit's paragraph, and the words marked in it.
fn shown(hit: &Hit) -> String {
    let number = hit.paragraph.number.as_deref().unwrap_or_default();
    let characters: Vec<char> = hit.paragraph.text.chars().collect();
    let words = hit.spans.iter().map(|[start, end]| {
        let words: String = characters[*start..*end].iter().collect();
        format!(" [{words}]")
    });
    format!("{number}{}", words.collect::<String>())
}

fn answer(reader: &Arc<dyn Engine>, query: &str) -> String {
    let response = search(reader, &request(query)).unwrap();
    let mut hits: Vec<String> = response.hits.iter().map(shown).collect();
    hits.sort();
    let hits = if hits.is_empty() { "nothing".to_owned() } else { hits.join("  ") };
    let parsed = parse(query).unwrap().query;
    let unheld = reader.unheld(&parsed, &Deadline::never()).unwrap();
    let unheld = unheld.iter().map(|word| {
        let near = word.near.iter().map(|near| format!(", near {} {}", near.word, near.paragraphs));
        format!("\n    not held: {}{}", word.word, near.collect::<String>())
    });
    format!("{query}\n    {}\n    {hits}{}", tree(&parsed), unheld.collect::<String>())
}

#[test]
fn every_construct_means_what_the_table_says() {
    let mut blocks = TABLE.split("\n\n").filter(|block| !block.starts_with('#'));
    let texts = blocks.next().unwrap();
    let texts: Vec<&str> =
        texts.lines().map(|line| line.split_once(' ').unwrap().1.trim()).collect();
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-05-04", &texts)]);
    for block in blocks {
        let query = block.lines().next().unwrap();
        let answer = answer(&reader, query);
        assert_eq!(answer, block.trim_end(), "\n{answer}\n");
    }
}

#[test]
fn printed_queries_of_the_table_mean_the_same() {
    for block in TABLE.split("\n\n").filter(|block| !block.starts_with('#')).skip(1) {
        let query = parse(block.lines().next().unwrap()).unwrap().query;
        let again = parse(&query.to_string()).unwrap().query;
        assert_eq!(again.without_spans(), query.without_spans(), "{block}");
    }
}
