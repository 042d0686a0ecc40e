//! `findings inspect`, `findings coverage` and the user's corrections, on invented reports.

use crate::suggested;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A folder in which commands run, with reports in `files` and the index next to them.
struct Place(TempDir);

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("files")).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn findings(&self, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.current_dir(self.0.path()).env_remove("FINDINGS_INDEX").args(arguments);
        command.env("COLUMNS", "100");
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        let output = suggested::output(&mut command);
        let root = self.0.path().canonicalize().unwrap();
        let words = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap().replace(root.to_str().unwrap(), "HERE")
        };
        Answer {
            code: output.status.code().unwrap(),
            out: words(output.stdout),
            err: words(output.stderr),
        }
    }

    fn index(&self) -> Answer {
        self.findings(&["index", "files"])
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.findings(arguments);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""));
        serde_json::from_str(&answer.out).unwrap()
    }
}

/// A report of the SLAC framework with these numbered paragraphs.
fn slac(authority: &str, numbers: &[u32]) -> String {
    let paragraphs: Vec<String> = numbers
        .iter()
        .map(|number| {
            format!(
                "{number}. Managers know where each child is and what is being done to help.\n\n"
            )
        })
        .collect();
    format!(
        "Inspection of safeguarding and looked after children services\n\n{authority}\n\n\
         Inspection dates: 11-22 June 2012\n\nReporting inspector: Ada Example HMI\n\n\
         Published: 27 July 2012\n\nSafeguarding services\n\n\
         Overall effectiveness Grade 3 (adequate)\n\n{}",
        paragraphs.concat()
    )
}

fn codes(coverage: &Value) -> Vec<String> {
    let all = coverage["suspicious"].as_array().unwrap();
    all.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_sound_report_is_inspected_with_the_place_of_every_value() {
    let place = Place::new();
    place.write("files/fairmere.txt", &slac("Fairmere Council", &[1, 2, 3]));
    let answer = place.findings(&["inspect", "files/fairmere.txt"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    insta::assert_snapshot!(answer.out, @r"
    HERE/files/fairmere.txt
    plain text
    sha256 26a04af67a83e549b5529b238c061aa5e004c75bbf6ffe139230a6f70f892083

    Header
      id              fairmere-slac-2012-06-11
      framework       slac: Safeguarding and looked after children services
                      text: ‘Inspection of safeguarding and looked after children services’
                      matched inspection of safeguarding and looked after children services
      title           Inspection of safeguarding and looked after children services
                      text: ‘Inspection of safeguarding and looked after children services’
                      matched (?P<value>inspection of safeguarding and looked after children services)
      authority       Fairmere (not in the table of authorities)
                      text: ‘Inspection of safeguarding and looked after children services Fairmere
                        Council’
                      matched inspection of safeguarding and looked after children
                        services\n(?P<value>[^\n]+)
      inspected       11–22 June 2012
                      text: ‘Inspection dates: 11-22 June 2012’
                      matched inspection dates?: ?(?P<value>.{6,80})
      published       27 July 2012
                      text: ‘Published: 27 July 2012’
                      matched published: ?(?P<value>.{6,40})
      lead inspector  Ada Example
                      text: ‘Reporting inspector: Ada Example HMI’
                      matched reporting inspector:? ?(?P<value>[^\n]+?)(,? HMI)?\n

    Judgements
      Adequate  Overall effectiveness · heading

    Outline
      page  paragraphs  grade
                     5            (front page)
                     0            Safeguarding services
                     3  Adequate    Overall effectiveness · heading

    Paragraphs
      3 finding · 5 boilerplate
      printed numbers 1–3

    Left out as page furniture
      nothing

    Warnings
      the authority `Fairmere` is not one of the table's
    ");
}

#[test]
fn paragraphs_and_furniture_are_listed_where_wanted() {
    let place = Place::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports/stonewick");
    let file = fs::read_dir(&sample).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        file.filter(|path| path.extension().is_some_and(|e| e == "pdf")).collect();
    files.sort();
    let file = files[0].to_str().unwrap();
    let plain = place.findings(&["inspect", file]).out;
    assert!(plain.contains("--furniture lists them"), "{plain}");
    let full = place.findings(&["inspect", file, "--furniture", "--paragraphs"]).out;
    assert!(full.contains("(page numbers) · pages ") || full.contains(" · pages "), "{full}");
    assert!(full.len() > 2 * plain.len(), "{full}");
    assert!(full.lines().all(|line| line.chars().count() <= 200), "{full}");
}

#[test]
fn a_report_of_the_index_is_inspected_by_its_id() {
    let place = Place::new();
    place.write("files/fairmere.txt", &slac("Fairmere Council", &[1, 2, 3]));
    place.index();
    let by_id = place.findings(&["inspect", "fairmere-slac-2012-06-11", "--json"]);
    let by_file = place.findings(&["inspect", "files/fairmere.txt", "--json"]);
    assert_eq!(by_id.code, 0);
    assert_eq!(by_id.out, by_file.out);
    fs::remove_file(place.0.path().join("files/fairmere.txt")).unwrap();
    insta::assert_snapshot!(place.findings(&["inspect", "fairmere-slac-2012-06-11"]).err, @"
    error: the file of `fairmere-slac-2012-06-11` is gone
    hint: it was read from HERE/files/fairmere.txt
    ");
    insta::assert_snapshot!(place.findings(&["inspect", "farmere-slac-2012-06-11"]).err, @"
    error: no report `farmere-slac-2012-06-11` is held
    hint: did you mean `fairmere-slac-2012-06-11`?
    hint: `findings reports` lists the reports
    ");
    insta::assert_snapshot!(place.findings(&["inspect", "files/none.pdf"]).err, @"
    error: there is no file `files/none.pdf`
    hint: name a file, or the id of a report of the index
    ");
    insta::assert_snapshot!(place.findings(&["inspect", "files"]).err, @"
    error: cannot read files
      because it is a folder; name one file in it
    ");
}

#[test]
fn a_file_that_is_no_report_is_told_as_such() {
    let place = Place::new();
    place.write("list.txt", "milk\n\nbread\n");
    place.write("broken.pdf", "%PDF-1.7\nnothing");
    let answer = place.findings(&["inspect", "list.txt"]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("not a report: it has 0 words in sentences"), "{}", answer.out);
    let answer = place.findings(&["inspect", "broken.pdf"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    insta::assert_snapshot!(answer.err, @"
    error: `HERE/broken.pdf` is damaged (nothing lists its pages): download it again
    ");
}

#[test]
fn a_missing_number_is_suspicious_and_says_how_to_look() {
    let place = Place::new();
    place.write("files/fairmere.txt", &slac("Fairmere Council", &[1, 2, 3]));
    place.write("files/stonewick.txt", &slac("Norfolk County Council", &[1, 2, 4]));
    place.index();
    let answer = place.findings(&["coverage"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    insta::assert_snapshot!(answer.out, @"
    2 reports · 1 authority · 1 framework

      framework  reports  median of paragraphs
      slac             2                     8

    Held, by year of inspection
      authority              slac
      Norfolk                2012
      (authority not known)  2012

    Suspicious
      norfolk-slac-2012-06-11
        paragraph 3 was not found
        findings inspect norfolk-slac-2012-06-11
      fairmere-slac-2012-06-11
        the authority `Fairmere` is not one of the table's
        findings inspect fairmere-slac-2012-06-11

    2 suspicions · in 2 reports
    ");
    let one = place.json(&["coverage", "--authority", "Norfolk", "--format", "json"]);
    assert_eq!(one["reports"], 1);
    assert_eq!(codes(&one), ["number_gap"]);
    assert_eq!(one["suspicious"][0]["look"], "findings inspect norfolk-slac-2012-06-11");
    let csv = place.findings(&["coverage", "--format", "csv"]).out;
    assert!(csv.contains("suspicious,Norfolk,,slac,,norfolk-slac-2012-06-11,"), "{csv}");
}

#[test]
fn what_a_framework_prescribes_and_a_report_lacks_is_suspicious() {
    let place = Place::new();
    let sound = slac("Norfolk County Council", &[1, 2, 3]);
    let without_grade = sound.replace(" Grade 3 (adequate)", "");
    place.write("files/a.txt", &without_grade);
    let without_dates = sound.replace("Inspection dates: 11-22 June 2012\n\n", "");
    place.write("files/b.txt", &without_dates.replace("Norfolk County", "Fairmere"));
    let unread = "\u{fffd}".repeat(5);
    place.write(
        "files/c.txt",
        &sound.replace("Norfolk County", "Suffolk County").replace("help.", &format!("{unread}.")),
    );
    let again = sound.replace("3. Managers", "1. Managers");
    place.write("files/d.txt", &again.replace("Norfolk County", "Essex County"));
    place.index();
    let of = |authority: &str| {
        codes(&place.json(&["coverage", "--authority", authority, "--format", "json"]))
    };
    assert_eq!(of("Norfolk"), ["no_judgement"]);
    assert_eq!(of("none"), ["authority_unknown", "inspection_undated"]);
    assert_eq!(of("Suffolk"), ["unreadable_characters"]);
    assert_eq!(of("Essex"), ["numbers_restart"]);
}

#[test]
fn very_few_paragraphs_are_told_by_the_median_of_the_framework() {
    let place = Place::new();
    let long: Vec<u32> = (1..=40).collect();
    for authority in ["Norfolk", "Suffolk", "Essex", "Kent"] {
        place.write(
            &format!("files/{authority}.txt"),
            &slac(&format!("{authority} County Council"), &long),
        );
    }
    let short = slac("Surrey County Council", &[1, 2]);
    place.write("files/short.txt", &short);
    place.index();
    let coverage = place.json(&["coverage", "--authority", "Surrey", "--format", "json"]);
    assert_eq!(codes(&coverage), ["few_paragraphs"]);
    insta::assert_snapshot!(coverage["suspicious"][0]["reason"].as_str().unwrap(), @"7 paragraphs, fewer than a third of the 45 that are the median of the 5 reports of its framework");
}

#[test]
fn only_authorities_that_existed_in_the_years_asked_for_are_expected() {
    let place = Place::new();
    place.write("files/norfolk.txt", &slac("Norfolk County Council", &[1, 2, 3]));
    place.index();
    let missing = |dates: &[&str]| {
        let asked = [&["coverage", "--missing"], dates].concat();
        place.findings(&asked).out
    };
    let before = missing(&["--to", "2019-12-31"]);
    assert!(before.contains("Cumbria (until 31 March 2023)"), "{before}");
    assert!(!before.contains("Cumberland"), "{before}");
    let after = missing(&["--from", "2024-01-01"]);
    assert!(after.contains("Cumberland (since 1 April 2023)"), "{after}");
    assert!(!after.contains("Cumbria"), "{after}");
    // Without dates, those of the year of the report held.
    let then = missing(&[]);
    assert!(then.contains("Cumbria") && !then.contains("Cumberland"), "{then}");
    let answer = place.findings(&["search", "child", "--authority", "Poole"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains(
            "it ended on 31 March 2019; Bournemouth, Christchurch and Poole has its area now"
        ),
        "{}",
        answer.err
    );
}

#[test]
fn an_authority_that_ended_is_read_as_its_successor_if_that_is_held() {
    let place = Place::new();
    place.write("files/bcp.txt", &slac("Bournemouth, Christchurch and Poole Council", &[1, 2, 3]));
    place.index();
    let answer = place.findings(&["search", "child", "--authority", "Poole"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let said = "`Poole` is read as the authority `Bournemouth, Christchurch and Poole`";
    assert!(answer.err.contains(said), "{}", answer.err);
}

#[test]
fn the_index_keeps_the_tables_that_it_was_built_with() {
    let place = Place::new();
    place.write("bodies.csv", "name,region,short_forms\nFairmere,The Vale,FMR\nElmet,The Vale,\n");
    place.write("tables.toml", "authorities = ['bodies.csv']\n");
    place.write("files/fairmere.txt", &slac("Fairmere Council", &[1, 2, 3]));
    assert_eq!(place.findings(&["--config", "tables.toml", "index", "files"]).code, 0);
    // No table is named now.
    let answer = place.findings(&["search", "child", "--authority", "FMR"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let coverage = place.json(&["coverage", "--missing", "--format", "json"]);
    let missing: Vec<&str> = coverage["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["authority"].as_str().unwrap())
        .collect();
    assert_eq!(missing, ["Elmet"]);
}

#[test]
fn what_failed_and_what_is_missing_is_listed() {
    let place = Place::new();
    place.write("files/norfolk.txt", &slac("Norfolk County Council", &[1, 2, 3]));
    place.write("files/broken.pdf", "%PDF-1.7\nnothing");
    place.index();
    let coverage =
        place.json(&["coverage", "--missing", "--region", "East of England", "--format", "json"]);
    assert_eq!(coverage["failed"][0]["outcome"], "unreadable");
    let missing: Vec<&str> = coverage["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["authority"].as_str().unwrap())
        .collect();
    assert!(missing.contains(&"Suffolk") && !missing.contains(&"Norfolk"), "{missing:?}");
    assert!(!missing.contains(&"Kent"), "{missing:?}");
    assert_eq!(place.json(&["coverage", "--format", "json"])["missing"], Value::Null);
}

#[test]
fn corrections_are_applied_and_shown_as_such() {
    let place = Place::new();
    place.write("files/misread.txt", &slac("Fairmere Council", &[1, 2, 3]));
    place.index();
    place.write(
        "corrections.toml",
        "[[report]]\nfile = 'files/misread.txt'\nwhy = 'the cover names the old district'\n\
         authority = 'Norfolk County Council'\npublished = 2012-07-30\noverall = 'Good'\n\n\
         [[report]]\nfile = 'misread.txt'\nwhy = 'the heading is cut off'\n\
         [[report.section]]\nheading = 'Safeguarding services'\ngrade = 'Outstanding'\n",
    );
    // Relative to the folder that is indexed, the path is the file's name alone.
    let answer = place.index();
    assert!(answer.err.contains("the correction in line 1 names no report"), "{}", answer.err);
    let text = fs::read_to_string(place.0.path().join("corrections.toml")).unwrap();
    place.write("corrections.toml", &text.replace("files/misread", "misread"));
    let answer = place.index();
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let report = &place.findings(&["reports", "--format", "jsonl"]).out;
    let report: Value = serde_json::from_str(report.trim()).unwrap();
    assert_eq!(report["id"], "norfolk-slac-2012-06-11");
    assert_eq!(report["la_code"], "926");
    assert_eq!(report["published_from"], "correction");
    assert_eq!(report["overall"]["label"], "Good");
    assert_eq!(report["corrections"][0]["from"], "Fairmere");
    assert_eq!(report["judgements"][0]["found_in"][0], "correction");
    insta::assert_snapshot!(place.findings(&["show", "norfolk-slac-2012-06-11"]).out, @"
    Inspection of safeguarding and looked after children services
    Norfolk · Safeguarding and looked after children (SLAC) · inspected 11–22 June 2012 ·
    published 30 July 2012 · overall: Good
    lead inspector Ada Example · 8 paragraphs · 63 words
    norfolk-slac-2012-06-11 · misread.txt
    Contains public sector information licensed under the Open Government Licence v3.0. © Crown
    copyright, Ofsted

    Judgements
      Good         Overall effectiveness · correction
      Outstanding  Safeguarding services · correction

    Sections
      page  paragraphs  grade
                     5               (front page)
                     0  Outstanding  Safeguarding services
                     3  Good           Overall effectiveness

    Corrected by you
      authority: Norfolk · read as Fairmere · the cover names the old district
      published: 2012-07-30 · read as 2012-07-27 · the cover names the old district
      grade of `Safeguarding services`: Outstanding · nothing was read · the heading is cut off
      overall: Good · read as Adequate · the cover names the old district
    ");
    let coverage = place.findings(&["coverage"]).out;
    assert!(coverage.contains("the cover names the old district"), "{coverage}");
    let inspected = place.findings(&["inspect", "files/misread.txt"]).out;
    assert!(inspected.contains("your correction: ‘Norfolk’"), "{inspected}");
    fs::remove_file(place.0.path().join("corrections.toml")).unwrap();
    place.index();
    let report = place.findings(&["reports", "--format", "jsonl"]).out;
    assert!(report.contains("fairmere-slac-2012-06-11"), "{report}");
}

#[test]
fn a_fault_in_the_corrections_stops_the_build_before_it_begins() {
    let place = Place::new();
    place.write("files/a.txt", &slac("Norfolk County Council", &[1, 2, 3]));
    place.write("mine.toml", "[[report]]\nfile = 'a.txt'\noverall = 'Good'\n");
    let answer = place.findings(&["index", "files", "--corrections", "mine.toml"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    insta::assert_snapshot!(answer.err, @"error: mine.toml, line 1: `why` is missing; say why this is put right");
    assert!(!place.0.path().join(".findings").exists());
    let answer = place.findings(&["index", "files", "--corrections", "none.toml"]);
    insta::assert_snapshot!(answer.err, @"
    error: cannot read the corrections none.toml
      because No such file or directory (os error 2)
    ");
}

#[test]
fn corrections_may_be_named_in_the_configuration() {
    let place = Place::new();
    place.write("files/a.txt", &slac("Fairmere Council", &[1, 2, 3]));
    place.write("findings.toml", "corrections = 'put-right.toml'\n");
    let answer = place.findings(&["index", "files"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("cannot read the corrections put-right.toml"), "{}", answer.err);
    let right =
        "[[report]]\nfile = 'a.txt'\nwhy = 'the cover'\nauthority = 'Norfolk County Council'\n";
    place.write("put-right.toml", right);
    // The file next to the index is not read then.
    place.write("corrections.toml", "this is no TOML");
    place.index();
    let report = place.findings(&["reports", "--format", "jsonl"]).out;
    assert!(report.contains("norfolk-slac-2012-06-11"), "{report}");
    let option = place.findings(&["index", "files", "--corrections", "none.toml"]);
    assert!(option.err.contains("cannot read the corrections none.toml"), "{}", option.err);
}

#[test]
fn a_correction_that_fits_no_section_is_told_on_the_report() {
    let place = Place::new();
    place.write("files/a.txt", &slac("Norfolk County Council", &[1, 2, 3]));
    place.write(
        "corrections.toml",
        "[[report]]\nfile = 'a.txt'\nwhy = 'misread'\n\
         [[report.section]]\nheading = 'Being heatlhy'\ngrade = 'Good'\n\
         [[report.section]]\nheading = 'Overall effectiveness'\ngrade = 'Requires improvement'\n",
    );
    place.index();
    let coverage = place.json(&["coverage", "--format", "json"]);
    let reasons: Vec<&str> = coverage["suspicious"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].as_str().unwrap())
        .collect();
    insta::assert_snapshot!(reasons.join("\n"), @"
    the correction of `Being heatlhy` was not applied: no section or judgement is called so
    the correction of `Overall effectiveness` was not applied: the framework `slac` has no grade `Requires improvement`
    ");
}
