//! Tests the inspections of an authority in order: what is compared, what is not, and what is
//! counted.

use crate::built::Built;
use serde_json::Value;
use std::path::Path;

/// The theme (or `overall`), the grade and the change of each judgement of an inspection.
fn judged(inspection: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let own = inspection["judgements"].as_array().unwrap().iter();
    own.map(|judged| {
        let of = if judged["is_overall"] == true {
            "overall".to_owned()
        } else {
            text(&judged["theme"])
        };
        [of, text(&judged["label"]), text(&judged["change"]["direction"])]
    })
    .collect()
}

#[test]
fn grades_of_one_scale_are_held_against_each_other_theme_by_theme() {
    let answer = Built::samples().json(&["timeline", "stonewick"]);
    let inspections = answer["inspections"].as_array().unwrap();
    let reports: Vec<&Value> = inspections.iter().map(|own| &own["report"]).collect();
    assert_eq!(reports, ["stonewick-sif-2014-09-09", "stonewick-ilacs-2023-08-14"]);
    assert!(judged(&inspections[0]).iter().all(|[_, _, change]| change == "-"));
    let later = judged(&inspections[1]);
    let expected = [
        ["overall", "Requires improvement to be good", "better"],
        ["leadership", "Good", "better"],
        ["help_protection", "Requires improvement to be good", "better"],
        ["care", "Requires improvement to be good", "same"],
        ["care_leavers", "Outstanding", "better"],
    ];
    assert_eq!(later, expected.map(|three| three.map(str::to_owned)).to_vec());
    assert_eq!(inspections[1]["scale_break"]["is_comparable"], true);
    assert_eq!(inspections[1]["judgements"][4]["change"]["places"], 2);
}

#[test]
fn no_change_is_told_where_the_scale_breaks() {
    let answer = Built::samples().json(&["timeline", "Fairmere"]);
    let later = &answer["inspections"][1];
    assert_eq!(later["scale_break"]["from"], "SLAC");
    assert_eq!(later["scale_break"]["is_comparable"], false);
    assert!(later["scale_break"]["says"].as_str().unwrap().contains("Adequate"));
    assert!(judged(later).iter().all(|[_, _, change]| change == "-"));
}

#[test]
fn a_visit_gives_no_grades_and_changes_none() {
    let (code, out, _) = Built::samples().run(&["timeline", "Harrowdale"]);
    assert_eq!(code, 0);
    let visit = out.split("monitoring visit").nth(1).unwrap();
    assert!(visit.contains("gives no grades"), "{out}");
    assert!(!out.contains("better") && !out.contains("worse"), "{out}");
}

#[test]
fn what_is_counted_of_each_inspection_is_what_a_search_of_its_report_finds() {
    let built = Built::samples();
    let query = "\"return interview\" OR \"return home interview\"";
    let answer = built.json(&["timeline", "Stonewick", query]);
    let inspections = answer["inspections"].as_array().unwrap();
    assert_eq!(inspections.len(), 2);
    for inspection in inspections {
        let share = &inspection["mentioned"]["paragraphs"];
        for (count, find) in [("count", "find_matching"), ("out_of", "find_eligible")] {
            let arguments = inspection["mentioned"][find]["arguments"].as_array().unwrap();
            let arguments: Vec<&str> = arguments.iter().map(|one| one.as_str().unwrap()).collect();
            assert_eq!(built.json(&arguments)["total"], share[count], "{arguments:?}");
        }
        let report = inspection["report"].as_str().unwrap();
        let quote = &inspection["mentioned"]["quote"];
        if share["count"].as_u64().unwrap() > 0 {
            assert!(quote["id"].as_str().unwrap().starts_with(report));
            let best = built.json(&["search", query, "--report", report, "--limit", "1"]);
            assert_eq!(best["hits"][0]["id"], quote["id"]);
        }
    }
}

#[test]
fn a_repaired_query_is_noted_in_json_as_in_text() {
    let answer = Built::samples().json(&["timeline", "Fairmere", "\"return interview"]);
    let notes: Vec<&str> =
        answer["notes"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    assert!(notes.iter().any(|note| note.contains("quotation mark")), "{notes:?}");
}

#[test]
fn paragraphs_stand_one_below_the_other_where_the_answer_goes_to_a_file() {
    let (code, out, _) = Built::samples().run(&["timeline", "Fairmere", "\"return interview\""]);
    assert_eq!(code, 0);
    assert!(out.lines().all(|line| line.chars().count() <= 110 || line.contains("findings ")));
    assert!(out.contains("the scale breaks, SLAC to ILACS"), "{out}");
    assert!(out.contains("fairmere-slac-2012-01-16/24"), "{out}");
}

#[test]
fn every_point_of_both_tracks_is_a_row() {
    let built = Built::samples();
    let (_, out, _) = built.run(&["timeline", "Harrowdale", "interview", "--format", "csv"]);
    let mut rows = csv::Reader::from_reader(out.as_bytes());
    let track = rows.headers().unwrap().iter().position(|head| head == "track").unwrap();
    let tracks: Vec<String> = rows.records().map(|row| row.unwrap()[track].to_owned()).collect();
    // One inspection has seven judgements and mentions, the other has mentions only.
    assert_eq!(tracks.iter().filter(|track| *track == "judgement").count(), 7);
    assert_eq!(tracks.iter().filter(|track| *track == "mentioned").count(), 2);
}

#[test]
fn nothing_found_is_exit_code_1_and_unknown_names_are_refused() {
    let built = Built::samples();
    let (code, out, _) = built.run(&["timeline", "Stonewick", "zebra"]);
    assert_eq!(code, 1);
    assert!(out.contains("none of these reports mentions it"), "{out}");
    let refused = |arguments: &[&str]| {
        let (code, out, err) = built.run(&[&["timeline"], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err
    };
    assert!(refused(&["Stonewik"]).contains("did you mean `Stonewick`?"));
    insta::assert_snapshot!(refused(&["Stonewick", "--exact"]), @"
    error: how words are read belongs to a query
    hint: add a query
    ");
    insta::assert_snapshot!(refused(&["Stonewick", "--judgements", "all", "--format", "csv"]), @"
    error: --judgements belongs to text
    hint: JSON and CSV hold all judgements; leave it out
    ");
    insta::assert_snapshot!(refused(&["Stonewick", "grad:good"]), @"
    error: unknown field `grad`; did you mean `grade`?
      grad:good
      ^^^^
    hint: write `grade:good`
    ");
}

#[test]
fn words_within_a_topic_are_looked_for_together() {
    let built = Built::samples();
    let mentioned = |what: &[&str]| {
        let asked = [&["timeline", "Stonewick", "--format", "json"], what].concat();
        let (_, out, err) = built.run(&asked);
        let answer: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
        answer["mentioned"].clone()
    };
    let both = mentioned(&["interview", "--topic", "missing_rhi"]);
    assert_eq!(both, mentioned(&["(interview) topic:missing_rhi"]));
    assert!(both["count"].as_u64() > Some(0), "{both}");
}

#[test]
fn areas_that_share_a_theme_keep_their_names() {
    let letter = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters/looked-after-2013.md");
    let (code, out, err) = Built::of(&letter).run(&["timeline", "Stonewick"]);
    assert_eq!(code, 0, "{err}");
    for area in [
        "Capacity to improve",
        "Outcomes for looked after chi…",
        "Quality of provision",
        "Leadership and management",
    ] {
        assert_eq!(out.matches(area).count(), 1, "{area}: {out}");
    }
}
