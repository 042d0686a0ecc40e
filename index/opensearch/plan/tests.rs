//! Tests what trees are in the cluster's language, and which of them are exact.

use super::{Found, MOST, Queries};
use crate::language::query::{Query, QueryError, Span, parse};
use crate::planning::{Field, Planner, Vocabulary};
use crate::records::Attribute;

/// All that is held.
const WORDS: [&str; 3] = ["care", "carer", "home"];

struct Held;

impl Vocabulary for Held {
    type Error = QueryError;

    fn names(
        &self,
        _: Attribute,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, QueryError> {
        Ok(["elmet"].into_iter().filter(|name| accepts(name)).map(str::to_owned).collect())
    }

    fn headings(&self) -> Result<&[String], QueryError> {
        Ok(&[])
    }

    fn terms(
        &self,
        _: Field,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        _: usize,
    ) -> Result<Vec<String>, QueryError> {
        let held = WORDS.into_iter().filter(|word| word.starts_with(prefix) && accepts(word));
        Ok(held.map(str::to_owned).collect())
    }
}

fn planned(query: &Query) -> Found {
    Planner::new(Queries, &Held).search(query, Vec::new()).unwrap()
}

fn found(query: &str) -> Found {
    planned(&parse(query).unwrap().query)
}

fn shown(Found { query, is_exact, .. }: Found) -> String {
    format!("{} {query}", if is_exact { "exact" } else { "more" })
}

fn said(query: &str) -> String {
    shown(found(query))
}

#[test]
fn words_and_phrases_are_exact() {
    insta::assert_snapshot!(said("homes"), @r#"exact {"term":{"stem":{"value":"home"}}}"#);
    insta::assert_snapshot!(said("children's homes"), @r#"exact {"bool":{"filter":[{"term":{"stem":{"value":"children"}}},{"term":{"stem":{"value":"home"}}}],"must_not":[]}}"#);
    insta::assert_snapshot!(said("\"care home\""), @r#"exact {"match_phrase":{"exact":{"query":"care home","slop":0}}}"#);
    insta::assert_snapshot!(said("\"care * home\""), @r#"exact {"match_phrase":{"exact":{"query":"care * home","slop":0}}}"#);
    insta::assert_snapshot!(said("\"(care|foster) home\""), @r#"exact {"bool":{"should":[{"match_phrase":{"exact":{"query":"care home","slop":0}}},{"match_phrase":{"exact":{"query":"foster home","slop":0}}}]}}"#);
    insta::assert_snapshot!(said("care* late"), @r#"exact {"bool":{"filter":[{"terms":{"exact":["care","carer"]}},{"term":{"stem":{"value":"late"}}}],"must_not":[]}}"#);
}

#[test]
fn two_words_near_one_another_are_exact_and_a_chain_of_three_is_not() {
    insta::assert_snapshot!(said("care NEAR/3 home"), @r#"exact {"intervals":{"exact":{"all_of":{"intervals":[{"match":{"query":"care","use_field":"stem"}},{"match":{"query":"home","use_field":"stem"}}],"max_gaps":2,"ordered":false}}}}"#);
    insta::assert_snapshot!(said("care ONEAR/3 home"), @r#"exact {"intervals":{"exact":{"all_of":{"intervals":[{"match":{"query":"care","use_field":"stem"}},{"match":{"query":"home","use_field":"stem"}}],"max_gaps":2,"ordered":true}}}}"#);
    insta::assert_snapshot!(said("care NEAR/3 home NEAR/3 late"), @r#"more {"intervals":{"exact":{"all_of":{"intervals":[{"match":{"query":"care","use_field":"stem"}},{"match":{"query":"home","use_field":"stem"}},{"match":{"query":"late","use_field":"stem"}}],"max_gaps":7,"ordered":false}}}}"#);
    insta::assert_snapshot!(said("\"care home late\"~2"), @r#"exact {"intervals":{"exact":{"all_of":{"intervals":[{"match":{"query":"care"}},{"match":{"query":"home"}},{"match":{"query":"late"}}],"max_gaps":2,"ordered":false}}}}"#);
    // One word may be both.
    insta::assert_snapshot!(said("care NEAR/3 car*"), @r#"more {"intervals":{"exact":{"all_of":{"intervals":[{"match":{"query":"care","use_field":"stem"}},{"any_of":{"intervals":[{"match":{"query":"care"}},{"match":{"query":"carer"}}]}}],"max_gaps":4,"ordered":false}}}}"#);
}

#[test]
fn an_affirmed_word_is_exact() {
    let affirmed = |query: &str| shown(planned(&parse(query).unwrap().query.affirmed()));
    insta::assert_snapshot!(affirmed("home"), @r#"exact {"intervals":{"exact":{"all_of":{"filter":{"not_overlapping":{"match":{"query":"!","use_field":"denial"}}},"intervals":[{"match":{"query":"home","use_field":"stem"}}]}}}}"#);
    insta::assert_snapshot!(affirmed("home NEAR/2 late"), @r#"more {"intervals":{"exact":{"all_of":{"intervals":[{"match":{"query":"home","use_field":"stem"}},{"match":{"query":"late","use_field":"stem"}}],"max_gaps":1,"ordered":false}}}}"#);
}

#[test]
fn what_finds_too_much_is_never_left_out() {
    insta::assert_snapshot!(said("late NOT home"), @r#"exact {"bool":{"filter":[{"term":{"stem":{"value":"late"}}}],"must_not":[{"term":{"stem":{"value":"home"}}}]}}"#);
    insta::assert_snapshot!(said("late NOT (care NEAR/3 home NEAR/3 visit)"), @r#"more {"bool":{"filter":[{"term":{"stem":{"value":"late"}}}],"must_not":[]}}"#);
    insta::assert_snapshot!(said("NOT (care NEAR/3 home NEAR/3 visit)"), @r#"more {"bool":{"filter":[{"term":{"doc":{"value":"paragraph"}}}],"must_not":[]}}"#);
}

#[test]
fn alternatives_are_counted_as_often_as_the_cluster_says_them() {
    let clauses = |query: &str| found(query).clauses;
    assert_eq!(clauses("home late"), 2);
    assert_eq!(clauses("car*"), 1, "a list is one clause");
    assert_eq!(clauses("car* NEAR/3 home"), 3, "but each word of an interval is one");
    // Each of two phrases with each of two: four times four words.
    let pairs = "(\"a b\" OR \"c d\") NEAR/3 (\"e f\" OR \"g h\")";
    assert_eq!(clauses(pairs), 16);
    // Single words are chosen among within an interval.
    assert_eq!(clauses("(a OR b OR \"c d\") NEAR/3 (e OR f)"), 2 + 2 + 2 + 2);
}

#[test]
fn what_is_too_large_for_an_interval_is_looked_for_as_words() {
    let phrases = |letter: char| {
        let phrases: Vec<String> = (0..5).map(|n| format!("\"{letter}{n} {letter}\"")).collect();
        format!("({})", phrases.join(" OR "))
    };
    let large = format!("{} NEAR/3 {} NEAR/3 {}", phrases('x'), phrases('y'), phrases('z'));
    let found = found(&large);
    assert!(!found.is_exact && found.clauses <= MOST);
    let words = found.query.pointer("/bool/filter").unwrap().as_array().unwrap();
    assert_eq!(words.len(), 3);
    insta::assert_snapshot!(words[2].pointer("/bool/should/4").unwrap(), @r#"{"bool":{"filter":[{"term":{"exact":{"value":"z4"}}},{"term":{"exact":{"value":"z"}}}],"must_not":[]}}"#);
}

#[test]
fn more_than_a_cluster_takes_is_never_said() {
    let span = Span::default();
    let words = |of: usize| (0..of).map(|n| Query::Word { text: format!("w{n}"), span });
    let either = planned(&Query::Or { clauses: words(1_000).collect(), span });
    assert_eq!((either.is_exact, either.clauses), (true, 1), "one list");
    let every = planned(&Query::And { clauses: words(1_000).collect(), span });
    assert_eq!((every.is_exact, every.clauses), (false, MOST));
    let pair = |word: Query| Query::And { clauses: vec![word.clone(), word], span };
    let pairs = planned(&Query::Or { clauses: words(500).map(pair).collect(), span });
    insta::assert_snapshot!(shown(pairs), @r#"more {"term":{"doc":{"value":"paragraph"}}}"#);
    let not = |word: Query| Query::Not { clause: Box::new(word), span };
    let none = planned(&Query::And { clauses: words(1_000).map(not).collect(), span });
    assert_eq!((none.is_exact, none.clauses), (false, MOST));
}

#[test]
fn conditions_are_lists_and_ranges() {
    insta::assert_snapshot!(said("authority:elmet"), @r#"exact {"bool":{"filter":[{"term":{"authority":{"value":"elmet"}}},{"term":{"doc":{"value":"paragraph"}}}],"must_not":[]}}"#);
    insta::assert_snapshot!(said("page:4.."), @r#"exact {"bool":{"filter":[{"range":{"page":{"gte":4}}},{"term":{"doc":{"value":"paragraph"}}}],"must_not":[]}}"#);
    insta::assert_snapshot!(said("grade:good..outstanding"), @r#"exact {"bool":{"filter":[{"bool":{"should":[{"match_none":{}},{"terms":{"grade_rank":[1,2]}}]}},{"term":{"doc":{"value":"paragraph"}}}],"must_not":[]}}"#);
}
