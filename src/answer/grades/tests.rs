//! Tests the counts on invented reports.

use super::apart::{Reason, divided};
use super::changes::{Changes, Move, changes};
use super::counts::{Row, Table, tables};
use super::judged::Scheme;
use super::{By, Since, Typed, Wanted};
use crate::ask::Conditions;
use crate::knowledge::Knowledge;
use findings_index::records::{Attribute, Body, ReportRecord};
use serde_json::{Value, json};

/// A judgement: area, theme, label, rank, body.
type Printed<'p> = (&'p str, Option<&'p str>, &'p str, Option<u8>, &'p str);

/// A report of an inspection that ended on a day, with judgements. The first is the overall one.
fn report(
    framework: &str,
    authority: Option<&str>,
    ended: &str,
    judgements: &[Printed<'_>],
) -> ReportRecord {
    let id = format!("{}-{framework}-{ended}", authority.unwrap_or("nobody"));
    let overall = judgements.first().filter(|(area, ..)| area.contains("Overall"));
    let overall = overall
        .map(|(area, _, label, rank, _)| json!({ "label": label, "rank": rank, "area": area }));
    let given: Vec<Value> = judgements
        .iter()
        .map(|(area, theme, label, rank, body)| {
            json!({ "area": area, "theme": theme, "label": label, "rank": rank, "body": body,
                    "found_in": ["table"] })
        })
        .collect();
    serde_json::from_value(json!({
        "id": id, "path": id, "sha256": id, "title": null, "framework": framework, "visit": null,
        "authority": authority, "la_code": null, "region": authority.map(|_| "The Vale"),
        "inspection_start": ended, "inspection_end": ended, "published": null,
        "published_from": null, "lead_inspector": null, "overall": overall, "judgements": given,
        "sections": [], "pages": null, "paragraphs": 2, "words": 10, "warnings": [],
        "corrections": [], "acronyms": []
    }))
    .unwrap()
}

/// A report with an overall grade of the authority and nothing else.
fn plain(framework: &str, authority: &str, ended: &str, label: &str, rank: u8) -> ReportRecord {
    let overall = ("Overall effectiveness", None, label, Some(rank), "authority");
    report(framework, Some(authority), ended, &[overall])
}

const LONG: &str = "Requires improvement to be good";
const SHORT: &str = "Requires improvement";

fn counted(reports: &[ReportRecord], wanted: &Wanted, by: &[By], is_newest: bool) -> Vec<Table> {
    let knowledge = Knowledge::embedded().unwrap();
    let reports: Vec<&ReportRecord> = reports.iter().collect();
    tables(&reports, &Scheme::new(&knowledge), wanted, by, is_newest, &|_| {
        [("The Vale".to_owned(), 3), ("The Coast".to_owned(), 2)].into()
    })
}

/// A row in one line: `sif: 2 of 1 (+1): Good 1, Inadequate 1`.
fn line(row: &Row) -> String {
    let cells = row.grades.iter().filter(|cell| cell.count > 0);
    let cells: Vec<String> = cells.map(|cell| format!("{} {}", cell.label, cell.count)).collect();
    let values: Vec<&str> = row.values.iter().map(|own| own.as_deref().unwrap_or("-")).collect();
    format!(
        "{}: {} of {} (+{}): {}",
        values.join(" "),
        row.inspections,
        row.authorities,
        row.without,
        cells.join(", ")
    )
}

fn lines(table: &Table) -> String {
    table.rows.iter().chain(&table.whole).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn both_printings_of_a_grade_are_one_and_each_scale_is_a_table() {
    let reports = [
        plain("slac", "Elmet", "2010-05-01", "Adequate", 3),
        plain("sif", "Elmet", "2014-05-01", SHORT, 3),
        plain("sif", "Rheged", "2015-05-01", LONG, 3),
        plain("ilacs", "Elmet", "2019-05-01", LONG, 3),
        plain("ilacs", "Rheged", "2019-06-01", "Good", 2),
    ];
    let tables = counted(&reports, &Wanted::Overall, &[By::Framework], false);
    let [newer, older] = tables.as_slice() else { panic!("{tables:?}") };
    insta::assert_snapshot!(lines(newer), @"
    sif: 2 of 2 (+0): Requires improvement 2
    ilacs: 2 of 2 (+0): Good 1, Requires improvement 1
    : 4 of 2 (+0): Good 1, Requires improvement 3
    ");
    assert_eq!(newer.whole.as_ref().unwrap().grades[2].percent, Some(75.0));
    assert_eq!((newer.scale.as_str(), older.scale.as_str()), ("requires improvement", "adequate"));
    assert_eq!(line(&older.rows[0]), "slac: 1 of 1 (+0): Adequate 1");
    let labels = |table: &Table| -> Vec<String> {
        table.rows[0].grades.iter().map(|cell| cell.label.clone()).collect()
    };
    // A grade that nobody was given is a column all the same.
    assert_eq!(labels(newer), ["Outstanding", "Good", SHORT, "Inadequate"]);
    assert_eq!(labels(older), ["Outstanding", "Good", "Adequate", "Inadequate"]);
}

#[test]
fn by_nothing_is_by_framework_and_by_year_apart_and_by_two_is_one_within_the_other() {
    let reports = [
        plain("sif", "Elmet", "2014-05-01", "Good", 2),
        plain("sif", "Rheged", "2017-05-01", "Good", 2),
        plain("sif-reinspection", "Elmet", "2017-05-01", "Outstanding", 1),
    ];
    let tables = counted(&reports, &Wanted::Overall, &[], false);
    let by: Vec<&[By]> = tables.iter().map(|table| table.by.as_slice()).collect();
    assert_eq!(by, [&[By::Framework][..], &[By::Year]]);
    let tables = counted(&reports, &Wanted::Overall, &[By::Year, By::Framework], false);
    insta::assert_snapshot!(lines(&tables[0]), @"
    2014 sif: 1 of 1 (+0): Good 1
    2017 sif: 1 of 1 (+0): Good 1
    2017 sif-reinspection: 1 of 1 (+0): Outstanding 1
    : 3 of 2 (+0): Outstanding 1, Good 2
    ");
}

/// A single inspection that judged the board too, a joint area inspection with its own outcome, and
/// one in which a judgement was withheld.
fn of_several_bodies() -> Vec<ReportRecord> {
    let board = ("Local Safeguarding Children Board", Some("partnership"), "Inadequate", Some(4));
    let sif = [
        ("Overall effectiveness", None, "Good", Some(2), "authority"),
        ("Leadership, management and governance", Some("leadership"), SHORT, Some(3), "authority"),
        (board.0, board.1, board.2, board.3, "lscb"),
    ];
    let outcome = "Inconsistent experiences and outcomes";
    let area = ("Overall effectiveness", None, outcome, Some(2), "partnership");
    let withheld = [
        ("Overall effectiveness", None, "Good", Some(2), "authority"),
        (
            "Leadership, management and governance",
            Some("leadership"),
            "Not judged",
            None,
            "authority",
        ),
    ];
    vec![
        report("sif", Some("Elmet"), "2015-05-01", &sif),
        report("sif", Some("Rheged"), "2016-05-01", &withheld),
        report("send", Some("Elmet"), "2023-05-01", &[area]),
        report("jtai", Some("Elmet"), "2022-05-01", &[]),
        report("sif", Some("Lindsey"), "2017-05-01", &[]),
    ]
}

#[test]
fn the_board_and_other_scales_are_never_counted_with_the_authority() {
    let tables = counted(&of_several_bodies(), &Wanted::Overall, &[By::Framework], false);
    let told: Vec<(Body, bool, String)> =
        tables.iter().map(|table| (table.body, table.is_full, lines(table))).collect();
    let of = |text: &str| text.to_owned();
    assert_eq!(
        told,
        [
            (Body::Authority, true, of("sif: 2 of 2 (+1): Good 2\n: 2 of 2 (+1): Good 2")),
            (Body::Lscb, false, of("sif: 1 of 1 (+0): Inadequate 1\n: 1 of 1 (+0): Inadequate 1")),
            (
                Body::Partnership,
                false,
                of("send: 1 of 1 (+0): Inconsistent experiences and outcomes 1\n\
                    : 1 of 1 (+0): Inconsistent experiences and outcomes 1")
            ),
        ]
    );
    // The newest inspection of an authority is not that of its board.
    let newest = counted(&of_several_bodies(), &Wanted::Overall, &[By::Framework], true);
    assert!(newest.iter().all(|table| table.body != Body::Lscb));
}

#[test]
fn judgements_of_a_theme_are_counted_where_they_were_given() {
    let leadership = Wanted::Themes(vec!["leadership".to_owned()]);
    let tables = counted(&of_several_bodies(), &leadership, &[By::Framework], false);
    let [table] = tables.as_slice() else { panic!("{tables:?}") };
    // Two of three inspections give no grade of it: one withheld it, one has no judgements at all.
    assert_eq!(line(&table.rows[0]), "sif: 1 of 1 (+2): Requires improvement 1");
    let tables = counted(&of_several_bodies(), &Wanted::Every, &[By::Theme], false);
    insta::assert_snapshot!(lines(&tables[0]), @"
    overall: 2 of 2 (+1): Good 2
    leadership: 1 of 1 (+2): Requires improvement 1
    ");
    assert_eq!(tables[0].whole, None);
}

/// An inspection that judges two parts, each with an overall judgement; its report has no overall
/// grade where they differ.
fn of_two_parts(ended: &str, labels: [(&str, u8); 2]) -> ReportRecord {
    let [first, second] = labels;
    let slac = [
        ("Safeguarding: Overall effectiveness", None, first.0, Some(first.1), "authority"),
        ("Ambition", Some("leadership"), "Good", Some(2), "authority"),
        ("Management", Some("leadership"), "Adequate", Some(3), "authority"),
        ("Equality", None, "Good", Some(2), "authority"),
        ("Looked after: Overall effectiveness", None, second.0, Some(second.1), "authority"),
    ];
    let mut report = report("slac", Some("Elmet"), ended, &slac);
    report.overall = report.overall.filter(|_| first == second);
    report
}

#[test]
fn several_overall_judgements_are_counted_each_in_a_table_of_its_own() {
    let reports = [
        of_two_parts("2010-05-01", [("Good", 2), ("Adequate", 3)]),
        of_two_parts("2012-05-01", [("Good", 2), ("Good", 2)]),
    ];
    let tables = counted(&reports, &Wanted::Overall, &[By::Framework], false);
    let told: Vec<(&str, String)> =
        tables.iter().map(|own| (own.part.as_deref().unwrap(), line(&own.rows[0]))).collect();
    assert_eq!(
        told,
        [
            ("Safeguarding", "slac: 2 of 1 (+0): Good 2".to_owned()),
            ("Looked after", "slac: 2 of 1 (+0): Good 1, Adequate 1".to_owned()),
        ]
    );
    let knowledge = Knowledge::embedded().unwrap();
    let all: Vec<&ReportRecord> = reports.iter().collect();
    let moved = changes(&all, &Scheme::new(&knowledge), &Wanted::Overall, Since::First, &[]);
    let earlier = moved.moved[0].earlier.as_ref().unwrap();
    assert_eq!((earlier.label.as_deref(), earlier.rank), (Some("Good and Adequate"), None));
    assert_eq!(moves(&moved), [("Elmet", Move::Ungraded, None)]);
}

#[test]
fn an_inspection_may_give_several_judgements_of_a_theme() {
    let reports = [of_two_parts("2010-05-01", [("Good", 2), ("Adequate", 3)])];
    let tables = counted(&reports, &Wanted::Every, &[By::Theme], false);
    let told: Vec<String> = tables.iter().map(lines).collect();
    assert_eq!(
        told,
        [
            "overall: 1 of 1 (+0): Good 1",
            "overall: 1 of 1 (+0): Adequate 1",
            "leadership: 1 of 1 (+0): Good 1, Adequate 1\n-: 1 of 1 (+0): Good 1",
        ]
    );
    assert_eq!(tables[2].rows[0].judgements, 2);
}

#[test]
fn an_inspection_of_nobody_known_is_an_inspection_and_no_authority() {
    let overall = [("Overall effectiveness", None, "Good", Some(2), "authority")];
    let reports = [
        plain("ilacs", "Elmet", "2019-05-01", "Good", 2),
        report("ilacs", None, "2019-06-01", &overall),
    ];
    let tables = counted(&reports, &Wanted::Overall, &[By::Region], false);
    let told: Vec<_> =
        tables[0].rows.iter().map(|row| (line(row), row.unknown, row.known)).collect();
    assert_eq!(
        told,
        [
            // Nobody was inspected there, and two might have been.
            ("The Coast: 0 of 0 (+0): ".to_owned(), 0, Some(2)),
            ("The Vale: 1 of 1 (+0): Good 1".to_owned(), 0, Some(3)),
            ("-: 1 of 0 (+0): Good 1".to_owned(), 1, None),
        ]
    );
    let all: Vec<&ReportRecord> = reports.iter().collect();
    let knowledge = Knowledge::embedded().unwrap();
    let moved = changes(&all, &Scheme::new(&knowledge), &Wanted::Overall, Since::First, &[]);
    assert_eq!((moved.whole.authorities, moved.unknown), (1, 1));
}

fn moved(since: Since) -> Changes {
    let reports = [
        // Inadequate, then Good, then Requires improvement.
        plain("sif", "Elmet", "2014-05-01", "Inadequate", 4),
        plain("sif-reinspection", "Elmet", "2016-05-01", "Good", 2),
        plain("ilacs", "Elmet", "2019-05-01", LONG, 3),
        // The same grade in both printings.
        plain("sif", "Rheged", "2015-05-01", SHORT, 3),
        plain("ilacs", "Rheged", "2020-05-01", LONG, 3),
        // The third grade of one scale is not that of another.
        plain("slac", "Lindsey", "2011-05-01", "Adequate", 3),
        plain("ilacs", "Lindsey", "2020-05-01", LONG, 3),
        plain("ilacs", "Dumnonia", "2020-05-01", "Good", 2),
        plain("sif", "Hwicce", "2015-05-01", "Good", 2),
        report("ilacs", Some("Hwicce"), "2020-05-01", &[]),
    ];
    let reports: Vec<&ReportRecord> = reports.iter().collect();
    let knowledge = Knowledge::embedded().unwrap();
    changes(&reports, &Scheme::new(&knowledge), &Wanted::Overall, since, &[By::Framework])
}

fn moves(changes: &Changes) -> Vec<(&str, Move, Option<u8>)> {
    let moved = changes.moved.iter();
    moved.map(|own| (own.authority.as_str(), own.moved, own.places)).collect()
}

#[test]
fn the_latest_is_compared_with_the_first_or_the_one_before_on_the_same_scale_only() {
    let first = moved(Since::First);
    assert_eq!(
        moves(&first),
        [
            ("Dumnonia", Move::Once, None),
            ("Elmet", Move::Improved, Some(1)),
            ("Hwicce", Move::Ungraded, None),
            ("Lindsey", Move::NotComparable, None),
            ("Rheged", Move::Kept, Some(0)),
        ]
    );
    assert!(first.moved[3].says.as_ref().unwrap().contains("Adequate"));
    assert_eq!(moves(&moved(Since::Previous))[1], ("Elmet", Move::Declined, Some(1)));
    let whole = &first.whole;
    assert_eq!((whole.authorities, whole.compared), (5, 2));
    assert_eq!(first.groups.len(), 1);
    assert_eq!(first.groups[0].moves, *whole);
}

#[test]
fn every_pair_of_grades_of_a_scale_that_was_compared_is_listed() {
    let transitions = moved(Since::First).transitions;
    let (same, other): (Vec<_>, Vec<_>) = transitions.iter().partition(|own| own.is_comparable);
    assert_eq!(same.len(), 16);
    assert_eq!(same.iter().map(|own| own.authorities).sum::<usize>(), 2);
    let [adequate] = other.as_slice() else { panic!("{other:?}") };
    assert_eq!((adequate.from.as_str(), adequate.to.as_str()), ("Adequate", SHORT));
}

#[test]
fn visits_and_what_gives_no_grade_are_counted_apart() {
    let mut reports = of_several_bodies();
    let mut visit = report("ilacs", Some("Elmet"), "2020-05-01", &[]);
    visit.visit = Some(findings_index::records::Visit::Focused);
    reports.push(visit);
    reports.push(report("unknown", None, "2020-06-01", &[]));
    reports.push(plain("ilacs", "Mercia", "2020-05-01", "Good", 2));
    reports.push(plain("ilacs", "Elmet", "2023-05-01", "Good", 2));
    let knowledge = Knowledge::embedded().unwrap();
    let has_ended = |report: &ReportRecord| report.authority.as_deref() == Some("Mercia");
    let is_late = |report: &ReportRecord| report.id.contains("ilacs-2023");
    let (counted, apart) = divided(&reports, &Scheme::new(&knowledge), has_ended, is_late);
    let told: Vec<(Reason, &str, usize)> =
        apart.iter().map(|own| (own.reason, own.framework.as_str(), own.count)).collect();
    assert_eq!(
        told,
        [
            (Reason::Ungraded, "sif", 1),
            (Reason::Visit, "ilacs", 1),
            (Reason::GivesNone, "jtai", 1),
            (Reason::Unrecognised, "unknown", 1),
            (Reason::Ended, "ilacs", 1),
            (Reason::Later, "ilacs", 1),
        ]
    );
    // One without an overall grade is among the inspections as well.
    assert_eq!(counted.len(), 4);
    let all: usize = apart.iter().map(|own| own.count).sum();
    assert_eq!(all + counted.len() - 1, reports.len());
}

#[test]
fn what_no_index_could_answer_is_refused() {
    let with = |attribute: Attribute, values: &[&str]| Conditions {
        values: [(attribute, values.iter().map(|value| (*value).to_owned()).collect())].into(),
        ..Conditions::default()
    };
    let refused = [
        Typed { by: vec![By::Year, By::Year], ..Typed::default() },
        Typed { conditions: with(Attribute::Grade, &["good"]), ..Typed::default() },
        Typed { by: vec![By::Theme], changes: Some(Since::First), ..Typed::default() },
        Typed {
            conditions: with(Attribute::Theme, &["care", "leadership"]),
            changes: Some(Since::First),
            ..Typed::default()
        },
        Typed {
            conditions: with(Attribute::Overall, &["good"]),
            changes: Some(Since::First),
            ..Typed::default()
        },
        Typed {
            conditions: Conditions {
                not: [(Attribute::Theme, vec!["care".to_owned()])].into(),
                ..Conditions::default()
            },
            ..Typed::default()
        },
    ];
    let said: Vec<String> =
        refused.iter().map(|typed| typed.check().unwrap_err().to_string()).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    grades are counted by one or two different things
    `grade` is a condition on paragraphs, and reports are counted
    changes are of one judgement, and not by theme
    changes are of one theme at a time
    changes are between all inspections; `overall` takes some
    reports are counted, and `theme` excludes none of them
    ");
}
