//! Tests which questions are refused, at which place, and with which suggestion.

use super::fake::reports;
use crate::ask::mark::{self, Mark};
use crate::ask::notes::Note;
use crate::ask::{AskError, Conditions, Hint, Question, Reference, Session};
use findings_index::Engine;
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use jiff::Timestamp;

/// The refusal of a question: message, code, place and suggestion.
fn refused(question: &Question) -> String {
    let (engine, reference) = (reports(), Reference::default());
    match Session::new(&engine, &reference, Deadline::never()).search(question) {
        Err(AskError::Refused(refusal)) => {
            let place = match refusal.place.as_deref() {
                Some(crate::ask::Place::Text { span, .. }) => format!("{}..{}", span[0], span[1]),
                Some(crate::ask::Place::Condition(attribute)) => attribute.name().to_owned(),
                Some(crate::ask::Place::Exclusion(attribute)) => {
                    format!("not {}", attribute.name())
                }
                Some(crate::ask::Place::Other(other)) => other.name().to_owned(),
                None => String::new(),
            };
            let suggestion = refusal.suggestion.iter().map(|meant| format!(" -> {meant}"));
            let suggestion: String = suggestion.collect();
            format!("{} [{} {place}]{suggestion}", refusal.message, refusal.code)
        }
        other => panic!("{question:?}: {other:?}"),
    }
}

fn of_text(text: &str) -> String {
    refused(&Question { text: text.to_owned(), ..Question::default() })
}

fn of_condition(attribute: Attribute, value: &str) -> String {
    let values = [(attribute, vec![value.to_owned()])].into();
    let conditions = Conditions { values, ..Conditions::default() };
    refused(&Question { conditions, ..Question::default() })
}

#[test]
fn a_value_that_no_report_has_is_refused_in_its_place_with_the_one_that_was_meant() {
    let texts = [
        "visit authority:Elmett",
        "visit NOT (framework:ilcs)",
        "region:\"Nothern Isles\"",
        "theme:weather",
        "grade:goood",
        "overall:7",
        "authority:Norfolk",
        "report:elmte-2019",
        "authority:(Elmet OR Elmett)",
        "topic:ferrys",
        "kind:findings",
    ];
    insta::assert_snapshot!(texts.map(of_text).join("\n"), @r#"
    no report of an authority `Elmett` is held [unknown_value 6..22] -> visit authority:Elmet
    no report is of the framework `ilcs` [unknown_value 11..25] -> visit NOT (framework:ilacs)
    no report is of the region `Nothern Isles` [unknown_value 0..22] -> region:"Northern Isles"
    no paragraph has the theme `weather` [unknown_value 0..13]
    unknown grade `goood` [unknown_value 0..11] -> grade:Good
    no place on the scale is `7` [unknown_value 0..9]
    no report of `Norfolk` is held [unknown_value 0..17]
    no report `elmte-2019` is held [unknown_value 0..17] -> report:elmet-2019
    no report of an authority `Elmett` is held [unknown_value 20..26] -> authority:(Elmet OR Elmet)
    no topic `ferrys` [unknown_topic 0..12] -> topic:ferries
    `findings` is not a kind of paragraph; choose from finding, summary, bullet, recommendation, context, table, caption, boilerplate, footnote [bad_value 0..13] -> kind:finding
    "#);
}

#[test]
fn a_condition_is_refused_in_the_words_of_the_field() {
    let said = [
        of_condition(Attribute::Authority, "Elmett"),
        of_condition(Attribute::Framework, "ilcs"),
        of_condition(Attribute::Theme, "weather"),
        of_condition(Attribute::Overall, "7"),
        of_condition(Attribute::Kind, "findings"),
        of_condition(Attribute::Section, "…"),
        of_condition(Attribute::Page, "12"),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    no report of an authority `Elmett` is held [unknown_value authority] -> Elmet
    no report is of the framework `ilcs` [unknown_value framework] -> ilacs
    no paragraph has the theme `weather` [unknown_value theme]
    no place on the scale is `7` [unknown_value overall]
    `findings` is not a kind of paragraph; choose from finding, summary, bullet, recommendation, context, table, caption, boilerplate, footnote [bad_value kind] -> finding
    `…` has no letters or digits; put a value with spaces in quotation marks [bad_value section]
    `page` is not a condition [unknown_condition ]
    ");
}

#[test]
fn what_is_excluded_is_refused_in_the_words_of_the_condition() {
    let without = |attribute: Attribute, value: &str| {
        let conditions = Conditions {
            not: [(attribute, vec![value.to_owned()])].into(),
            ..Conditions::default()
        };
        refused(&Question { conditions, ..Question::default() })
    };
    let said = [
        without(Attribute::Authority, "Elmett"),
        without(Attribute::Authority, "Norfolk"),
        without(Attribute::Theme, "weather"),
        without(Attribute::Kind, "findings"),
        without(Attribute::Year, "none"),
        without(Attribute::Page, "12"),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    no report of an authority `Elmett` is held [unknown_value not authority] -> Elmet
    no report of `Norfolk` is held [unknown_value not authority]
    no paragraph has the theme `weather` [unknown_value not theme]
    `findings` is not a kind of paragraph; choose from finding, summary, bullet, recommendation, context, table, caption, boilerplate, footnote [bad_value not kind] -> finding
    `none` is not a year: write a year (2019) or a range of years (2018..2020, >=2019) [bad_value not year]
    `page` is not a condition [unknown_condition ]
    ");
}

#[test]
fn a_value_that_is_asked_for_and_excluded_is_a_contradiction_however_it_is_written() {
    let both = |attribute: Attribute, chosen: &[&str], excluded: &[&str]| {
        let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let conditions = Conditions {
            values: [(attribute, list(chosen))].into(),
            not: [(attribute, list(excluded))].into(),
            ..Conditions::default()
        };
        refused(&Question { conditions, ..Question::default() })
    };
    let said = [
        both(Attribute::Authority, &["Rheged", "Elmet"], &["ELMET"]),
        both(Attribute::Grade, &["Good"], &["good"]),
        both(Attribute::Grade, &["good or better"], &["<=2"]),
        both(Attribute::Report, &["elmet-2019"], &["ELMET-2019"]),
        both(Attribute::Theme, &["none"], &["None"]),
        both(Attribute::Year, &["2018", "2019"], &["2019"]),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    `Elmet` is both asked for and excluded [contradiction not authority]
    `good` is both asked for and excluded [contradiction not grade]
    `<=2` is both asked for and excluded [contradiction not grade]
    `elmet-2019` is both asked for and excluded [contradiction not report]
    `none` is both asked for and excluded [contradiction not theme]
    `2019` is both asked for and excluded [contradiction not year]
    ");
}

#[test]
fn years_that_overlap_are_no_contradiction_and_undated_reports_are_of_none() {
    let years = |excluded: &str, undated: bool| Question {
        conditions: Conditions {
            values: [(Attribute::Year, vec![">=2019".to_owned()])].into(),
            not: [(Attribute::Year, vec![excluded.to_owned()])].into(),
            undated,
            ..Conditions::default()
        },
        ..Question::default()
    };
    let (engine, reference) = (reports(), Reference::default());
    let session = Session::new(&engine, &reference, Deadline::never());
    assert_eq!(session.search(&years("2019", false)).unwrap().response.total, 1);
    insta::assert_snapshot!(refused(&years("2018", true)), @"reports without a date are of no year [contradiction ]");
}

#[test]
fn what_leaving_out_one_excluded_value_would_find_is_said_for_each() {
    let (engine, reference) = (reports(), Reference::default());
    let session = Session::new(&engine, &reference, Deadline::never());
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let conditions = Conditions {
        not: [(Attribute::Authority, list(&["Elmet", "Rheged"]))].into(),
        ..Conditions::default()
    };
    assert_eq!(conditions.each().len(), 2);
    let question = Question { text: "visit".to_owned(), conditions, ..Question::default() };
    let answer = session.search(&question).unwrap();
    assert_eq!(answer.response.total, 0);
    let relaxed: Vec<_> = answer.relaxed.iter().map(|one| (&one.without.not, one.total)).collect();
    let one = |name: &str| [(Attribute::Authority, list(&[name]))].into();
    assert_eq!(relaxed, [(&one("Elmet"), 2), (&one("Rheged"), 1)]);
}

#[test]
fn days_that_contradict_each_other_are_refused() {
    let conditions = Conditions {
        from: Some("2018".to_owned()),
        to: Some("2016-05".to_owned()),
        ..Conditions::default()
    };
    insta::assert_snapshot!(refused(&Question { conditions, ..Question::default() }), @"the first day, 2018-01-01, is after the last, 2016-05-31 [contradiction from]");
    let conditions = Conditions { to: Some("May".to_owned()), ..Conditions::default() };
    insta::assert_snapshot!(refused(&Question { conditions, ..Question::default() }), @"`May` is not a date [bad_value to]");
}

#[test]
fn what_is_new_since_a_moment_is_asked_for_by_a_date_or_as_records_have_it() {
    let (engine, reference) = (reports(), Reference::default());
    let session = Session::new(&engine, &reference, Deadline::never());
    let conditions =
        |typed: &str| Conditions { new_since: Some(typed.to_owned()), ..Conditions::default() };
    let read =
        |typed: &str| session.filters(&conditions(typed)).unwrap().new_since.unwrap().to_string();
    assert_eq!(read("2025"), "2025-01-01T00:00:00Z");
    assert_eq!(read("March 2025"), "2025-03-01T00:00:00Z");
    assert_eq!(read("03/04/2025"), "2025-04-03T00:00:00Z");
    assert_eq!(read("2025-03-03T10:00:00.25Z"), "2025-03-03T10:00:00.25Z");
    assert_eq!(read(" 2025-03-03T10:00:00+01:00 "), "2025-03-03T09:00:00Z");
    let wrong =
        |typed: &str| refused(&Question { conditions: conditions(typed), ..Question::default() });
    insta::assert_snapshot!(wrong("yesterday"), @"`yesterday` is not a date [bad_value new_since]");
    insta::assert_snapshot!(wrong("2025-03-03T10:00"), @"`2025-03-03T10:00` is not a date [bad_value new_since]");
    insta::assert_snapshot!(wrong("2025-02-30"), @"`2025-02-30` is not a date: February 2025 has 28 days [bad_value new_since]");
    let error = session.filters(&conditions("yesterday")).unwrap_err();
    let AskError::Refused(refusal) = error else { panic!("{error}") };
    assert_eq!(
        refusal.hints,
        [Hint::Advice(
            "write a year, a month, a day or a moment: 2025, 2025-03, 2025-03-12 or \
             2025-03-12T10:00:00Z"
                .to_owned()
        )]
    );
}

#[test]
fn what_came_since_the_last_time_is_asked_for_by_whoever_marked_it() {
    let (engine, reference) = (reports(), Reference::default());
    let conditions = Conditions { new_since: Some(" Last ".to_owned()), ..Conditions::default() };
    let said = |session: &Session<'_>| match session.filters(&conditions) {
        Ok(filters) => filters.new_since.unwrap().to_string(),
        Err(AskError::Refused(refusal)) => {
            format!("{refusal} [{}] {:?}", refusal.code, refusal.hints)
        }
        Err(error) => error.to_string(),
    };
    let shared = Session::new(&engine, &reference, Deadline::never());
    insta::assert_snapshot!(said(&shared), @"`last` is what one reader has marked, and others ask here as well; dates only [bad_value] [Mark]");
    let folder = tempfile::tempdir().unwrap();
    let own = shared.clone().with_mark_in(folder.path());
    insta::assert_snapshot!(said(&own), @"nothing has been marked as read yet [nothing_marked] [Mark]");
    let mark = Mark::of(&engine, Timestamp::UNIX_EPOCH);
    mark::write(folder.path(), &mark).unwrap();
    assert_eq!(said(&own), mark.next().to_string());
    assert!(mark.next() > engine.built());
    let question = Question { conditions: conditions.clone(), ..Question::default() };
    let notes = own.search(&question).unwrap().notes;
    let text = format!("`last` is read as {} or later", mark.next());
    assert!(notes.contains(&Note { code: "read_as", text }), "{notes:?}");
    let later = Mark { marked: mark.next(), ..mark };
    mark::write(folder.path(), &later).unwrap();
    assert!(said(&own).contains("[mark_of_another_index]"), "{}", said(&own));
}

#[test]
fn that_it_must_be_new_is_a_condition_like_others() {
    let conditions =
        Conditions { undated: true, new_since: Some("2025".to_owned()), ..Conditions::default() };
    let each = conditions.each();
    assert_eq!(each.len(), 2);
    let new = Conditions { new_since: Some("2025".to_owned()), ..Conditions::default() };
    assert_eq!(each[1], new);
    assert_eq!(conditions.without(&new), Conditions { undated: true, ..Conditions::default() });
    assert_eq!(conditions.without(&each[0]), new);
}

#[test]
fn what_leaving_out_a_condition_would_find_is_said_as_values() {
    let (engine, reference) = (reports(), Reference::default());
    let session = Session::new(&engine, &reference, Deadline::never());
    let values = [
        (Attribute::Grade, vec!["outstanding".to_owned()]),
        (Attribute::Authority, vec!["Elmet".to_owned()]),
    ];
    let conditions = Conditions { values: values.into(), ..Conditions::default() };
    let question = Question { text: "visit".to_owned(), conditions, ..Question::default() };
    let answer = session.search(&question).unwrap();
    assert_eq!(answer.response.total, 0);
    let relaxed: Vec<_> =
        answer.relaxed.iter().map(|one| (&one.without.values, one.total)).collect();
    let grade = [(Attribute::Grade, vec!["outstanding".to_owned()])].into();
    assert_eq!(relaxed, [(&grade, 2)]);
}
