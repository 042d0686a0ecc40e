//! Tests the command line as users meet it: standard output, standard error, exit codes.

use crate::held::{self, Held};
use std::io::Read as _;
use std::process::Stdio;

#[test]
fn a_phrase_is_found_ranked_and_cited() {
    let held = Held::new();
    let answer = held.findings(&["search", r#""return interview""#, "--facets", "grade,authority"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    insta::assert_snapshot!(answer.out, @"
    3 paragraphs in 3 reports · most relevant first

    Section grade       Authority
    Good           1    Harrowmere                      1
    Inadequate     1    Port Ansel, Combe and St. Ives  1
    (none)         1    Wealdshire                      1

    1. Wealdshire · Single inspection (SIF) · inspected October 2015
       Children who need help and protection › Children who go missing · section grade: Inadequate ·
       paragraph 45 · page 11
       When children come home, a **return interview** is offered in fewer than half of the cases, and
       it is seldom held within three days:
       wealdshire-sif-2015-10-19/45

    2. Port Ansel, Combe and St. Ives · Children's social care services (ILACS) ·
       inspected February 2019
       Children who need help and protection · section grade: Good · paragraph 7 · page 11
       Return interviews are prompt. What children say in a **return interview** changes what is done
       for them.
       port-ansel-ilacs-2019-02-04/7

    3. Harrowmere · Joint targeted area inspection (JTAI) · inspected March 2017
       Key strengths · page 11
       Police share what a **return interview** tells them on the same day.
       harrowmere-jtai-2017-03-02/1
    ");
}

#[test]
fn several_words_need_no_quotation_marks() {
    let held = Held::new();
    let one = held.findings(&["search", "return interview", "--format", "json"]);
    let two = held.findings(&["search", "return", "interview", "--format", "json"]);
    assert_eq!(one.out, two.out);
    assert_eq!(one.code, 0);
}

#[test]
fn nothing_found_is_exit_code_1_and_says_which_condition_took_it_all() {
    let held = Held::new();
    let answer = held.findings(&["search", "interview", "--grade", "outstanding"]);
    assert_eq!(answer.code, 1);
    insta::assert_snapshot!(answer.out, @"
    nothing found in 6 paragraphs of 3 reports
      without --grade outstanding there would be 3 paragraphs
    ");
    let answer = held.findings(&["search", "zebra", "--format", "jsonl"]);
    assert_eq!((answer.code, answer.out.as_str()), (1, ""));
    assert_eq!(answer.err, "note: no paragraph has `zebra`\n");
}

#[test]
fn a_word_that_no_paragraph_holds_is_named_with_what_was_perhaps_meant() {
    let held = Held::new();
    let answer = held.findings(&["search", "intervew section:hlep"]);
    assert_eq!(answer.code, 1);
    insta::assert_snapshot!(answer.err, @"
    note: no paragraph has `intervew`; did you mean `interview` (3 paragraphs)?
    note: no heading has `hlep`; did you mean `help` (4 paragraphs)?
    ");
    assert!(answer.out.starts_with("nothing found in 6 paragraphs"), "{}", answer.out);
    let answer = held.findings(&["search", "interview OR \"childen\"", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    insta::assert_snapshot!(read["unheld"], @r#"[{"field":null,"near":[{"paragraphs":2,"word":"children"}],"span":[13,22],"word":"childen"}]"#);
    let kwic = held.findings(&["kwic", "intervew", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&kwic.out).unwrap();
    assert_eq!((kwic.code, &read["unheld"][0]["near"][0]["word"]), (1, &"interview".into()));
    let compare = held.findings(&["compare", "intervew", "--by", "grade"]);
    assert!(compare.err.contains("no paragraph has `intervew`"), "{}", compare.err);
    let many = (0..12).map(|n| format!("zebra{n}")).collect::<Vec<_>>().join(" ");
    let answer = held.findings(&["search", &many]);
    assert!(answer.err.ends_with("note: no paragraph has 4 more words\n"), "{}", answer.err);
}

#[test]
fn a_fault_in_the_query_is_pointed_at() {
    let held = Held::new();
    let answer = held.findings(&["search", "interview grad:good"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    insta::assert_snapshot!(answer.err, @"
    error: unknown field `grad`; did you mean `grade`?
      interview grad:good
                ^^^^
    hint: write `interview grade:good`
    ");
}

#[test]
fn a_mended_query_is_answered_with_a_note() {
    let held = Held::new();
    let answer = held.findings(&["search", r#""return interview"#, "--limit", "0"]);
    assert_eq!(answer.code, 0);
    insta::assert_snapshot!(answer.err, @"note: closed the quotation mark opened at column 1");
    insta::assert_snapshot!(answer.out, @"3 paragraphs in 3 reports");
}

#[test]
fn programs_are_told_of_errors_and_repairs_in_json() {
    let held = Held::new();
    let answer = held.findings(&["search", "cafés grad:good", "--format", "json"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.starts_with("error: unknown field `grad`"), "{}", answer.err);
    insta::assert_snapshot!(answer.out, @r#"{"error":{"message":"unknown field `grad`; did you mean `grade`?","because":[],"code":"unknown_field","column":7,"span":[6,10],"typed":"cafés grad:good","suggestion":"cafés grade:good","hints":["write `cafés grade:good`"]}}"#);
    let lines = held.findings(&["search", "grad:good", "--format", "jsonl"]);
    assert_eq!((lines.code, lines.out.as_str()), (2, ""));
    let answer = held.findings(&["search", "the \"return interview", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(read["total"], 3);
    assert_eq!(read["passed_over"], serde_json::json!(["the"]));
    assert_eq!(read["repairs"][0]["column"], 5);
}

#[test]
fn groups_that_are_only_counted_have_no_range() {
    let held = Held::new();
    let counted = |by| held.findings(&["search", "interview", "--group", by, "--limit", "0"]).out;
    assert_eq!(counted("authority"), "3 paragraphs in 3 reports · in 3 authorities\n");
    // The number of reports is not repeated.
    assert_eq!(counted("report"), "3 paragraphs in 3 reports\n");
}

#[test]
fn an_unknown_value_is_an_error_with_the_nearest_one() {
    let held = Held::new();
    for (option, value) in [
        ("--authority", "Waeldshire"),
        ("--authority", "Hull"),
        ("--neighbours-of", "Nofolk"),
        ("--neighbours-of", "Norfolk"),
        ("--theme", "leaderschip"),
        ("--framework", "slac"),
        ("--region", "South Eats"),
        ("--grade", "inadequat"),
        ("--grade", ">4"),
        ("--report", "wealdshire-sif-2015-10-20"),
        ("--from", "31/02/2016"),
    ] {
        let answer = held.findings(&["search", "interview", option, value]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{option} {value}");
        assert!(answer.err.starts_with("error: "), "{}", answer.err);
        assert!(answer.err.contains("hint: ") || answer.err.contains("write"), "{}", answer.err);
    }
    let answer = held.findings(&["search", "interview", "--authority", "Waeldshire"]);
    insta::assert_snapshot!(answer.err, @"
    error: --authority: no report of an authority `Waeldshire` is held
    hint: did you mean `Wealdshire`?
    hint: choose from `Harrowmere`, `Port Ansel, Combe and St. Ives`, `Wealdshire`
    ");
    let answer = held.findings(&["reports", "--framework", "slac"]);
    insta::assert_snapshot!(answer.err, @"
    error: --framework: no report is of the framework `slac`
    hint: choose from `ilacs`, `jtai`, `sif`
    ");
    let answer = held.findings(&["export", "--grade", "inadequat"]);
    insta::assert_snapshot!(answer.err, @"
    error: --grade: unknown grade `inadequat`
    hint: did you mean `Inadequate`?
    hint: choose from `Good`, `Inadequate`, `outstanding`, `requires improvement`, `adequate`
    hint: or a range such as `good..outstanding`, a place such as `>=3`, or `none`
    ");
}

#[test]
fn values_of_one_condition_are_alternatives_and_conditions_all_hold() {
    let held = Held::new();
    let ids = |arguments: &[&str]| {
        let mut all = vec!["search", "--format", "jsonl", "--limit", "100"];
        all.extend(arguments);
        let mut ids: Vec<String> = held.findings(&all).records().iter().map(held::id).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&["interview", "--grade", "good,none"]).len(), 2);
    assert_eq!(ids(&["interview", "--grade", "good", "--grade", "none"]).len(), 2);
    assert_eq!(ids(&["interview", "--grade", ">=3"]), ["wealdshire-sif-2015-10-19/45"]);
    assert_eq!(
        ids(&["interview", "--authority", "port ansel, combe and st. ives"]),
        ["port-ansel-ilacs-2019-02-04/7"]
    );
    assert_eq!(ids(&["interview", "--from", "2018", "--to", "2019"]).len(), 1);
    assert_eq!(ids(&["--kind", "recommendation"]), ["harrowmere-jtai-2017-03-02/r1"]);
    assert_eq!(ids(&["--kind", "Recommendation"]), ["harrowmere-jtai-2017-03-02/r1"]);
    let of_visit = ["harrowmere-jtai-2017-03-02/1"];
    assert_eq!(ids(&["interview", "--visit", "focused"]), of_visit);
    assert_eq!(ids(&["interview", "--visit", "Monitoring,FOCUSED"]), of_visit);
    assert_eq!(ids(&["interview visit:focused"]), of_visit);
    assert_eq!(ids(&["interview", "--visit", "none"]).len(), 2);
}

#[test]
fn visits_are_facets_groups_and_dimensions() {
    let held = Held::new();
    let answer = held.findings(&["search", "interview", "--limit", "0", "--facets", "visit"]);
    insta::assert_snapshot!(answer.out, @"
    3 paragraphs in 3 reports

    Visit type
    (none)      2
    focused     1
    ");
    let answer = held.findings(&["search", "interview", "--limit", "0", "--group", "visit"]);
    assert_eq!(answer.out, "3 paragraphs in 3 reports · in 2 visit types\n");
    let answer = held.findings(&["compare", "interview", "--by", "visit", "--format", "csv"]);
    let groups: Vec<String> = (answer.out.lines().skip(1))
        .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(groups, ["visit,focused", "visit,(none)", "visit,(all)"], "{}", answer.out);
    let answer = held.findings(&["search", "interview", "--visit", "focussed"]);
    assert_eq!(answer.code, 2);
    insta::assert_snapshot!(answer.err, @"
    error: --visit: `focussed` is not a visit; choose from focused, monitoring, none
    hint: did you mean `focused`?
    ");
}

#[test]
fn options_that_would_change_nothing_are_refused() {
    let held = Held::new();
    for arguments in [
        &["search", "interview", "--bom"][..],
        &["search", "interview", "--full", "--format", "csv"],
        &["search", "interview", "--facets", "grade", "--format", "jsonl"],
        &["search", "interview", "--per-group", "2"],
        &["reports", "--kind", "finding"],
        &["show", "wealdshire-sif-2015-10-19", "--context", "1"],
        &["export", "--bom"],
        &["ledger", "--all", "--json"],
        &["ledger", "--all", "--format", "json"],
        &["inspect", "nothing.txt", "--paragraphs", "--json"],
        &["search", "interview", "--from", "2018", "--to", "2017"],
    ] {
        let answer = held.findings(arguments);
        assert_eq!(answer.code, 2, "{arguments:?}");
        // With JSON output, the error is JSON as well.
        assert!(answer.out.is_empty() || answer.out.starts_with("{\"error\":"), "{}", answer.out);
        assert!(answer.err.starts_with("error: "), "{}", answer.err);
    }
}

#[test]
fn formats_hold_the_same_hits() {
    let held = Held::new();
    let of = |format: &str| held.findings(&["search", "interview", "--format", format]);
    let json: serde_json::Value = serde_json::from_str(&of("json").out).unwrap();
    assert_eq!(json["total"], 3);
    assert_eq!(json["hits"].as_array().unwrap().len(), 3);
    assert_eq!(of("json").out.lines().count(), 1);
    assert_eq!(of("jsonl").records().as_slice(), json["hits"].as_array().unwrap());
    assert_eq!(of("csv").out.lines().count(), 4);
    assert_eq!(of("markdown").out.matches("\n> — ").count(), 3);
}

#[test]
fn groups_count_what_they_hold() {
    let held = Held::new();
    let answer =
        held.findings(&["search", "interview", "--group", "authority", "--per-group", "1"]);
    assert!(answer.out.contains("3 authorities"), "{}", answer.out);
    let answer = held.findings(&["search", "interview", "--group", "report", "--format", "csv"]);
    assert_eq!(answer.out.lines().count(), 4);
}

#[test]
fn a_paragraph_is_shown_by_its_id_in_any_case() {
    let held = Held::new();
    let answer = held.findings(&["show", "Wealdshire-SIF-2015-10-19/45", "--context", "1"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    insta::assert_snapshot!(answer.out, @"
    Wealdshire · Single inspection (SIF) · inspected 19 October – 12 November 2015 · overall: Inadequate

    Children who need help and protection › Children who go missing · section grade: Inadequate

      paragraph 44 · page 11 · wealdshire-sif-2015-10-19/44
      The panel meets weekly and knows each child.

    > paragraph 45 · page 11 · wealdshire-sif-2015-10-19/45
      When children come home, a return interview is offered in fewer than half of the cases, and it is
      seldom held within three days:

        bullet · page 11 · wealdshire-sif-2015-10-19/45-1
        in the north of the county, where nobody has been asked

    cite as: Wealdshire, page 11
    ");
    let answer = held.findings(&["show", "wealdshire-sif-2015-10-19/45-1", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(shown["around"][0]["because"], "parent");
    assert_eq!(shown["paragraph"]["id"], "wealdshire-sif-2015-10-19/45-1");
}

#[test]
fn a_report_is_shown_as_its_outline() {
    let held = Held::new();
    let answer = held.findings(&["show", "wealdshire-sif-2015-10-19"]);
    assert_eq!(answer.code, 0);
    for words in ["Judgements", "Sections", "Inadequate", "inspected 19 October"] {
        assert!(answer.out.contains(words), "{}", answer.out);
    }
}

#[test]
fn an_unknown_id_is_answered_by_the_nearest() {
    let held = Held::new();
    let answer = held.findings(&["show", "wealdshire-sif-2015-10-19/46"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    insta::assert_snapshot!(answer.err, @"
    error: no paragraph `wealdshire-sif-2015-10-19/46` is held
    hint: did you mean `wealdshire-sif-2015-10-19/45`?
    hint: the paragraphs of this report go from `wealdshire-sif-2015-10-19/44` to `wealdshire-sif-2015-10-19/45-1`
    ");
    let answer = held.findings(&["show", "wealdshire-sif-2015-01-19"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    insta::assert_snapshot!(answer.err, @"
    error: no report `wealdshire-sif-2015-01-19` is held
    hint: did you mean `wealdshire-sif-2015-10-19`?
    hint: `findings reports` lists the reports
    ");
}

#[test]
fn reports_are_listed_and_filtered() {
    let held = Held::new();
    let output = held.command(&["reports"]).env("COLUMNS", "140").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"
    authority                       framework            inspected   published  overall     paragraphs  id
    Harrowmere                      jtai, focused visit  2017-03-02  –          –                    3  harrowmere-jtai-2017-03-02
    Port Ansel, Combe and St. Ives  ilacs                2019-02-04  –          Good                 3  port-ansel-ilacs-2019-02-04
    Wealdshire                      sif                  2015-10-19  –          Inadequate           3  wealdshire-sif-2015-10-19

    3 reports · 9 paragraphs
    ");
    let ids = |arguments: &[&str]| {
        let mut all = vec!["reports", "--format", "jsonl"];
        all.extend(arguments);
        held.findings(&all).records().iter().map(held::id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--overall", "inadequate"]), ["wealdshire-sif-2015-10-19"]);
    assert_eq!(ids(&["--visit", "focused"]), ["harrowmere-jtai-2017-03-02"]);
    assert_eq!(
        ids(&["--sort", "date"]),
        ["port-ansel-ilacs-2019-02-04", "harrowmere-jtai-2017-03-02", "wealdshire-sif-2015-10-19"]
    );
    assert_eq!(ids(&["--sort", "overall"])[0], "port-ansel-ilacs-2019-02-04");
    assert_eq!(held.findings(&["reports", "--to", "2012"]).code, 1);
}

#[test]
fn an_export_holds_every_paragraph_in_order() {
    let held = Held::new();
    let answer = held.findings(&["export"]);
    let ids: Vec<String> = answer.records().iter().map(held::id).collect();
    assert_eq!(answer.code, 0);
    assert_eq!(
        ids,
        [
            "harrowmere-jtai-2017-03-02/1",
            "harrowmere-jtai-2017-03-02/r1",
            "port-ansel-ilacs-2019-02-04/7",
            "wealdshire-sif-2015-10-19/44",
            "wealdshire-sif-2015-10-19/45",
            "wealdshire-sif-2015-10-19/45-1",
        ]
    );
    assert_eq!(held.findings(&["export", "--grade", "good"]).out.lines().count(), 1);
    let csv = held.findings(&["export", "--format", "csv", "--bom"]).out;
    assert!(csv.starts_with("\u{feff}id,report,"), "{csv}");
    assert_eq!(csv.lines().count(), 7);
}

#[test]
fn an_exported_file_appears_whole_or_not_at_all() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paragraphs.jsonl");
    std::fs::write(&file, "before").unwrap();
    let name = file.to_str().unwrap();
    let refused = held.findings(&["export", "--theme", "nothing", "--output", name]);
    assert_eq!(refused.code, 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
    let answer = held.findings(&["export", "--output", name]);
    assert_eq!((answer.code, answer.out.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), held.findings(&["export"]).out);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = folder.path().join("no/such/folder.jsonl");
    let answer = held.findings(&["export", "--output", nowhere.to_str().unwrap()]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("because"), "{}", answer.err);
}

#[test]
fn the_ledger_can_be_read_again() {
    let held = Held::new();
    let answer = held.findings(&["ledger"]);
    assert_eq!(answer.code, 0);
    assert!(answer.out.contains("is damaged (it has no pages)"), "{}", answer.out);
    let ledger: serde_json::Value =
        serde_json::from_str(&held.findings(&["ledger", "--json"]).out).unwrap();
    assert_eq!(ledger["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn without_an_index_the_error_says_how_to_make_one() {
    let held = Held::new();
    let empty = tempfile::tempdir().unwrap();
    let name = empty.path().join("none");
    let answer = held.findings(&["search", "x", "--index", name.to_str().unwrap()]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("findings index"), "{}", answer.err);
    assert!(answer.err.contains("--index DIR"), "{}", answer.err);
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let held = Held::new();
    let plain = held.findings(&["search", "interview"]).out;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let coloured = held.findings(&["search", "interview", "--color", "always"]).out;
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    // Matches are marked where there is no colour, so a report without matches is compared.
    let outline = |colour| held.findings(&["show", "wealdshire-sif-2015-10-19", "--color", colour]);
    assert_ne!(outline("always").out, outline("never").out);
    assert_eq!(held::without_colour(&outline("always").out), outline("never").out);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let held = Held::new();
    let mut child = held
        .command(&["export", "--color", "never"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}
