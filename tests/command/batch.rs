//! `findings batch`.

use crate::held::Held;
use std::fs;

const QUERIES: &str = "
[[query]]
name = 'interviews'
query = 'interview'

[[query]]
name = 'in SIF'
query = 'interview'
framework = 'sif'

[[query]]
name = 'zebras'
query = 'zebra'
";

#[test]
fn every_query_is_counted_and_all_hits_stand_in_one_file() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.toml");
    fs::write(&file, QUERIES).unwrap();
    let hits = folder.path().join("hits.csv");
    let (file, hits_name) = (file.to_str().unwrap(), hits.to_str().unwrap());
    let answer = held.findings(&["batch", file, "--by", "framework", "--hits", hits_name]);
    assert_eq!((answer.code, answer.err.contains("wrote 4 hits")), (0, true), "{}", answer.err);
    // The condition of the second query excludes the other frameworks.
    insta::assert_snapshot!(answer.out, @"
    name        paragraphs  reports  ilacs  jtai  sif
    interviews           3        3      1     1    1
    in SIF               1        1      0     0    1
    zebras               0        0      0     0    0
    Counted as in a search: paragraphs of every kind; a comparison leaves out context and boilerplate
    ");
    let hits = fs::read_to_string(&hits).unwrap();
    let names: Vec<&str> = hits.lines().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(names, ["name", "interviews", "interviews", "interviews", "in SIF"]);
    assert!(hits.starts_with("name,rank,score,authority,"), "{hits}");
}

#[test]
fn every_condition_of_a_search_is_a_column() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.csv");
    let csv = "name,query,visit\na,interview,Focused\nb,interview,none; monitoring\n";
    fs::write(&file, csv).unwrap();
    let answer = held.findings(&["batch", file.to_str().unwrap(), "--by", "visit"]);
    insta::assert_snapshot!(answer.out, @"
    name  paragraphs  reports  focused  (none)
    a              1        1        1       0
    b              2        2        0       2
    Counted as in a search: paragraphs of every kind; a comparison leaves out context and boilerplate
    ");
    fs::write(&file, "name,query,visit\na,interview,focussed\n").unwrap();
    let answer = held.findings(&["batch", file.to_str().unwrap()]);
    let fault = answer.err.split("queries.csv, ").nth(1).unwrap();
    insta::assert_snapshot!(fault, @"line 2: `a`: visit: `focussed` is not a visit; choose from focused, monitoring, none; did you mean `focused`?");
}

#[test]
fn counts_are_rows_for_programs() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.csv");
    fs::write(&file, "name,query,framework\na,interview,sif; jtai\nb,zebra,\n").unwrap();
    let file = file.to_str().unwrap();
    let answer = held.findings(&["batch", file, "--by", "year", "--format", "csv"]);
    insta::assert_snapshot!(answer.out, @"
    name,query,by,value,paragraphs,reports,notes
    a,interview,,,2,2,
    a,interview,year,2015,1,,
    a,interview,year,2017,1,,
    b,zebra,,,0,0,no paragraph has `zebra`
    ");
    let answer = held.findings(&["batch", file, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(json["queries"][0]["paragraphs"], 2);
    assert_eq!(json["queries"][1]["paragraphs"], 0);
    assert_eq!(json["queries"][1]["unheld"][0]["word"], "zebra");
    assert!(answer.err.ends_with(", line 3: `b`: no paragraph has `zebra`\n"), "{}", answer.err);
}

#[test]
fn all_faults_of_a_file_are_named_with_line_and_query() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queries.csv");
    let file = path.to_str().unwrap();
    let told = |text: &str| {
        fs::write(&path, text).unwrap();
        let answer = held.findings(&["batch", file]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""));
        answer.err.replace(file, "FILE")
    };
    insta::assert_snapshot!(told("name,query\na,grad:good\na,\n"), @"
    error: FILE has 3 faults
      line 2: `a`: unknown field `grad`; did you mean `grade`? (character 1 of the query)
      line 3: `a`: the name is already in line 2; name each differently
      line 3: `a`: the query is empty; `*` finds every paragraph
    ");
    insta::assert_snapshot!(
        told("name,query,kind,grade,from\na,x,findin,,\nb,x,,inadequat,\nc,x,,,May\n"),
        @"
    error: FILE has 3 faults
      line 2: `a`: kind: `findin` is not a kind of paragraph; choose from finding, summary, bullet, recommendation, context, table, caption, boilerplate, footnote; did you mean `finding`?
      line 3: `b`: grade: unknown grade `inadequat`; did you mean `Inadequate`?
      line 4: `c`: from: `May` is not a date; write a year, a month or a day: 2016, 2016-05 or 2016-05-12
    "
    );
    insta::assert_snapshot!(told("name,query\na,visit authority:Waeldshire\nb,report:x\n"), @"
    error: FILE has 2 faults
      line 2: `a`: no report of an authority `Waeldshire` is held; write `visit authority:Wealdshire` (character 7 of the query)
      line 3: `b`: no report `x` is held; `findings reports` lists the reports (character 1 of the query)
    ");
    let other = folder.path().join("queries.txt");
    fs::write(&other, "x").unwrap();
    let answer = held.findings(&["batch", other.to_str().unwrap()]);
    assert!(answer.err.contains("neither .toml nor .csv"), "{}", answer.err);
}
