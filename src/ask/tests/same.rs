//! Tests that a condition means the same as an option, as a field in the query, in a row of a
//! table and in JSON: the same total, the same notes, the same refusal.

use super::fake::reports;
use crate::ask::batch::{Notation, entries};
use crate::ask::{AskError, Conditions, Question, Reference, Session};
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;
use serde_json::json;
use std::collections::BTreeMap;

/// The parts of an answer that must be the same.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Found { total: usize, notes: Vec<String> },
    Refused { code: &'static str, message: String },
}

fn said(question: &Question) -> Said {
    let (engine, reference) = (reports(), Reference::default());
    match Session::new(&engine, &reference, Deadline::never()).search(question) {
        Ok(answer) => Said::Found {
            total: answer.response.total,
            notes: answer.notes.into_iter().map(|note| note.text).collect(),
        },
        Err(AskError::Refused(refusal)) => {
            Said::Refused { code: refusal.code, message: refusal.message }
        }
        Err(other) => panic!("{question:?}: {other}"),
    }
}

/// An attribute with values that somebody may type: known names in several spellings, and
/// unknown ones.
fn condition() -> impl Strategy<Value = (Attribute, Vec<&'static str>)> {
    let values = |attribute, values: &'static [&'static str]| {
        (Just(attribute), prop::collection::vec(select(values), 1..3))
    };
    prop_oneof![
        values(
            Attribute::Authority,
            &[
                "Elmet",
                "ELMET",
                "Rheged",
                "none",
                "Elmett",
                "Norfolk County Council",
                "Hull",
                "York",
                "Elm",
                "Kingston",
                "881",
                "Herts"
            ]
        ),
        values(
            Attribute::Grade,
            &[
                "good",
                "Good",
                "1..2",
                ">=3",
                "none",
                "=Good",
                "=good",
                "7",
                "goood",
                "RI",
                "good or better",
                "less than good"
            ]
        ),
        values(Attribute::Overall, &["good", "inadequate", "none", "bad"]),
        values(Attribute::Theme, &["help_protection", "Help protection", "none", "weather"]),
        values(Attribute::Topic, &["ferries", "Ferries", "boats"]),
        values(Attribute::Section, &["help", "protection help", "xyzzy"]),
        values(Attribute::Region, &["Northern Isles", "northern isles", "none", "South"]),
        values(Attribute::Framework, &["ilacs", "ILACS", "sif", "ilcs"]),
        values(Attribute::Visit, &["focused", "Focused", "monitoring", "none", "focussed"]),
        values(Attribute::Kind, &["finding", "Finding", "recommendation", "fnding"]),
        values(
            Attribute::Year,
            &["2019", "2019..2021", ">=2020", "<2020", "2018-2019", "none", "19", "2019-05"]
        ),
        values(Attribute::Report, &["elmet-2019", "ELMET-2019", "elmte-2019"]),
    ]
}

/// What is excluded, as fields of a query. What has one of the values is excluded, and so each is a
/// part of its own.
fn excluding(not: &BTreeMap<Attribute, Vec<&str>>) -> String {
    let each = not.iter().flat_map(|(attribute, values)| {
        values.iter().map(|value| format!("NOT {}:\"{value}\"", attribute.name()))
    });
    each.collect::<Vec<_>>().join(" ")
}

/// The conditions as fields of a query.
fn fields(conditions: &BTreeMap<Attribute, Vec<&str>>) -> String {
    let one = |(attribute, values): (&Attribute, &Vec<&str>)| {
        let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        match quoted.as_slice() {
            [one] => format!("{}:{one}", attribute.name()),
            several => format!("{}:({})", attribute.name(), several.join(" OR ")),
        }
    };
    conditions.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The conditions as a row of a table.
fn row(
    conditions: &BTreeMap<Attribute, Vec<&str>>,
    not: &BTreeMap<Attribute, Vec<&str>>,
) -> Question {
    let heads = conditions.keys().map(|attribute| attribute.name().to_owned());
    let excluding = not.keys().map(|attribute| format!("not_{}", attribute.name()));
    let first = ["name", "query"].map(str::to_owned).into_iter();
    let heads: Vec<String> = first.chain(heads).chain(excluding).collect();
    let cells = conditions.values().chain(not.values()).map(|values| values.join("; "));
    let cells: Vec<String> =
        ["a".to_owned(), "visit".to_owned()].into_iter().chain(cells).collect();
    let table = format!("{}\n{}\n", heads.join(","), cells.join(","));
    let mut entries = entries(&table, Notation::Csv).unwrap();
    let entry = entries.remove(0);
    Question { text: entry.written, conditions: entry.conditions, ..Question::default() }
}

proptest! {
    // Each case asks four questions, with all that is said of them, of an engine that tries every
    // paragraph.
    #![proptest_config(Config { cases: Config::default().cases / 5, ..Config::default() })]

    #[test]
    fn a_condition_means_the_same_wherever_it_was_typed(
        conditions in prop::collection::vec(condition(), 0..3),
        not in prop::collection::vec(condition(), 0..3),
    ) {
        let conditions: BTreeMap<Attribute, Vec<&str>> = conditions.into_iter().collect();
        let not: BTreeMap<Attribute, Vec<&str>> = not.into_iter().collect();
        let typed = |conditions: &BTreeMap<Attribute, Vec<&str>>| {
            let values = conditions.iter().map(|(attribute, values)| {
                (*attribute, values.iter().map(|value| (*value).to_owned()).collect())
            });
            values.collect()
        };
        let options = Question {
            text: "visit".to_owned(),
            conditions: Conditions {
                values: typed(&conditions),
                not: typed(&not),
                ..Conditions::default()
            },
            ..Question::default()
        };
        let of_options = said(&options);
        let text = format!("visit {} {}", fields(&conditions), excluding(&not));
        let of_fields = said(&Question { text, ..Question::default() });
        let of_row = said(&row(&conditions, &not));
        let mut all = serde_json::to_value(&conditions).unwrap();
        all["not"] = serde_json::to_value(&not).unwrap();
        let of_json = said(&serde_json::from_value(json!({ "text": "visit", "conditions": all })).unwrap());
        prop_assert_eq!(&of_options, &of_row);
        prop_assert_eq!(&of_options, &of_json);
        // A query that asks for a value and excludes it finds what else it asks for; conditions say
        // that they contradict one another.
        if matches!(of_options, Said::Refused { code: "contradiction", .. }) {
            prop_assert!(matches!(of_fields, Said::Found { .. }), "{of_fields:?}");
        } else {
            prop_assert_eq!(&of_options, &of_fields);
        }
    }
}

#[test]
fn days_mean_the_same_as_conditions_and_as_a_field() {
    for (from, to) in [
        ("2019", "2019"),
        ("2018-05", "2020"),
        ("2020", "2021-03-04"),
        ("1 March 2019", "04/03/2019"),
    ] {
        let conditions = Conditions {
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            ..Conditions::default()
        };
        let of_conditions =
            said(&Question { text: "visit".to_owned(), conditions, ..Question::default() });
        let text = format!("visit date:\"{from}..{to}\"");
        assert_eq!(of_conditions, said(&Question { text, ..Question::default() }));
    }
}

#[test]
fn a_question_reads_as_itself_from_json() {
    let question = Question {
        text: "visit".to_owned(),
        conditions: Conditions {
            values: [(Attribute::Grade, vec!["good".to_owned()])].into(),
            from: Some("2018".to_owned()),
            ..Conditions::default()
        },
        group: Some(Attribute::Authority),
        facets: vec![Attribute::Year],
        ..Question::default()
    };
    let json = serde_json::to_string(&question).unwrap();
    assert_eq!(serde_json::from_str::<Question>(&json).unwrap(), question);
    let unknown = json!({ "text": "visit", "conditions": { "colour": ["red"] } });
    assert!(serde_json::from_value::<Question>(unknown).is_err());
}
