//! Tests the command: refusals, exit codes, files.

use super::made::{compared, index, page, paragraph, question, report};
use crate::built::Built;
use crate::counted::Entry;
use findings::answer::compare::quotes::Wanted;
use findings::render::terminal::{self, Look};
use findings_index::records::{Attribute, ReportRecord};
use findings_index::request::Filters;
use serde_json::{Value, json};

#[test]
fn what_cannot_be_compared_is_refused_with_what_to_do() {
    let built = Built::samples();
    let refused = |arguments: &[&str]| {
        let (code, _, said) = built.run(arguments);
        assert_eq!(code, 2, "{said}");
        said
    };
    insta::assert_snapshot!(refused(&["compare", "--topic", "missing_rih", "--by", "year"]).lines().take(2).collect::<Vec<_>>().join("\n"), @"
    error: no topic `missing_rih`
    hint: did you mean `missing_rhi`?
    ");
    insta::assert_snapshot!(refused(&["compare", "topic:missing_rih", "--by", "year"]).lines().take(4).collect::<Vec<_>>().join("\n"), @"
    error: no topic `missing_rih`
      topic:missing_rih
      ^^^^^^^^^^^^^^^^^
    hint: write `topic:missing_rhi`
    ");
    insta::assert_snapshot!(refused(&["compare", "visits", "--by", "year", "--and", "year"]), @"
    error: --and is the same as --by
    hint: leave --and out, or name a second dimension
    ");
    insta::assert_snapshot!(refused(&["compare", "--by", "year"]), @"
    error: nothing to look for
    hint: give a query, or a topic with --topic ID; `findings topics` lists them
    ");
    insta::assert_snapshot!(refused(&["compare", "visits", "--by", "year", "--kind", "boilerplate"]), @"
    error: --kind: boilerplate is never compared, since it says nothing about anybody
    hint: `findings search --kind boilerplate` finds it
    ");
    insta::assert_snapshot!(refused(&["compare", "visits", "--by", "framework", "--standardise", "framework"]), @"
    error: rates standardised by framework cannot be compared by framework
    hint: compare by something else, or show rates as they are
    ");
    let said = refused(&["compare", "visits", "--by", "year", "--html", "nowhere/page.html"]);
    assert!(said.starts_with("error: cannot write nowhere/page.html\n  because "), "{said}");
}

#[test]
fn nothing_found_is_exit_code_1_and_still_says_out_of_how_much() {
    let built = Built::samples();
    let output =
        built.output(&["compare", "zeppelins", "--by", "framework", "--html", "page.html"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with(
            "‘zeppelins’: mentioned in 0 of 12 inspections of 9 authorities, 2012–2024 "
        ),
        "{text}"
    );
    assert!(built.0.path().join("page.html").is_file());
}

#[test]
fn nobody_is_told_to_be_silent_about_a_misspelt_word_without_a_word_on_it() {
    let built = Built::samples();
    let answer = built.json(&["compare", "supervison", "--by", "authority"]);
    assert_eq!(answer["unheld"][0]["word"], "supervison");
    assert_eq!(answer["unheld"][0]["near"][0]["word"], "supervision");
    let said = "No paragraph has `supervison`; did you mean `supervision` (15 paragraphs)?";
    let of_words = |note: &&Value| note["about"] == "unheld";
    let note = answer["notes"].as_array().unwrap().iter().find(of_words).unwrap();
    assert_eq!(note["text"], said);
    built.output(&["compare", "supervison", "--by", "authority", "--html", "page.html"]);
    let page = std::fs::read_to_string(built.0.path().join("page.html")).unwrap();
    assert!(page.contains(said));
    let answer = built.json(&["compare", "supervision", "--by", "authority"]);
    assert_eq!(answer["unheld"], json!([]));
}

#[test]
fn words_within_a_topic_are_counted_as_the_query_that_asks_for_both() {
    let built = Built::samples();
    let both = built.json(&["compare", "visits", "--topic", "missing_rhi", "--by", "framework"]);
    let query = ["compare", "(visits) topic:missing_rhi", "--by", "framework"];
    let as_query = built.json(&query);
    let words = built.json(&["compare", "visits", "--by", "framework"]);
    let topic = built.json(&["compare", "--topic", "missing_rhi", "--by", "framework"]);
    let matching = |answer: &Value| answer["whole"]["paragraphs"]["count"].as_u64().unwrap();
    assert_eq!(both["whole"]["paragraphs"], as_query["whole"]["paragraphs"]);
    assert_eq!(both["query"], as_query["query"]);
    assert!(0 < matching(&both), "{both}");
    assert!(matching(&both) < matching(&words) && matching(&both) < matching(&topic));
    let name = topic["name"].as_str().unwrap();
    assert_eq!(both["name"], format!("‘visits’ in paragraphs on {name}"));
    assert_eq!(
        both["provenance"]["command"],
        "findings compare --topic=missing_rhi --by=framework visits"
    );
    let found = both["whole"]["find_matching"]["command"].as_str().unwrap();
    let arguments = shlex::split(found).unwrap();
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    assert_eq!(built.json(&arguments)["total"], matching(&both));
}

#[test]
fn conditions_that_leave_nothing_are_not_told_as_silence() {
    let built = Built::samples();
    let output = built.output(&["compare", "visits", "--by", "year", "--from", "2090"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let sentence = text.lines().take(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(sentence, @"
    ‘visits’, only inspected from 1 January 2090: nothing to look through, as there is no such
    paragraph.
    ");
}

#[test]
fn authorities_of_which_nothing_is_held_are_asked_for_again() {
    let built = Built::samples();
    let asked = ["compare", "visits", "--by=authority"];
    let named = ["--authority=Bristol", "--authority=Northolme", "--authority=northolme"];
    let first = built.json(&[&asked[..], &named].concat());
    assert_eq!(first["silence"]["not_held"], json!(["Bristol, City of"]));
    assert_eq!(
        first["provenance"]["command"],
        "findings compare --by=authority visits --authority=Northolme '--authority=Bristol, City of'"
    );
    let again = ["--authority=Northolme", "--authority=Bristol, City of"];
    let again = built.json(&[&asked[..], &again].concat());
    assert_eq!(again["silence"], first["silence"]);
    assert_eq!(again["groups"], first["groups"]);
}

#[test]
fn of_many_groups_one_paragraph_is_quoted_each_and_in_text_none_unless_asked_for() {
    let entries: Vec<Entry> = (0..22)
        .map(|number| {
            let report =
                ReportRecord { authority: Some(format!("Elmet {number}")), ..report(number) };
            let texts = ["A late visit in May.", "The next late visit was made by two of them."];
            let paragraphs = texts.iter().enumerate();
            let paragraphs = paragraphs.map(|(at, text)| paragraph(&report, at, text)).collect();
            (report, paragraphs)
        })
        .collect();
    let (_dir, reader) = index(&entries);
    let mut question = question("\"late visit\"", &[Attribute::Authority], Filters::default());
    let mut answer = compared(&reader, &question);
    assert!(answer.groups.iter().all(|group| group.quotes.len() == 1));
    let with_quotes = page(&answer);
    let place = |words: &str| with_quotes.find(words).unwrap();
    assert!(place("ask for two to have more.") < place("<blockquote"));
    assert!(place("<h2 id=\"cautions\"") < place("<blockquote"));
    answer.leave_quotes_out();
    let mut text = Vec::new();
    terminal::comparison(&answer, &Look::plain(Some(80), false), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("The next late visit"), "{text}");
    assert!(text.contains("Left out here, as there are 22 groups"), "{text}");
    question.quotes = Wanted::Each(2);
    let answer = compared(&reader, &question);
    assert!(answer.groups.iter().all(|group| group.quotes.len() == 2));
}

#[test]
fn reports_of_one_authority_are_told_apart_where_their_names_are_cut() {
    let entries: Vec<Entry> = ["2015-03-01", "2018-06-04"]
        .iter()
        .map(|date| {
            let mut report = report(1);
            report.id = format!("elmet-and-the-long-valley-beyond-it-sif-{date}");
            let paragraphs = vec![paragraph(&report, 1, "A late visit.")];
            (report, paragraphs)
        })
        .collect();
    let (_dir, reader) = index(&entries);
    let question = question("\"late visit\"", &[Attribute::Report], Filters::default());
    let answer = compared(&reader, &question);
    let mut text = Vec::new();
    terminal::comparison(&answer, &Look::plain(Some(80), false), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("…sif-2015-03-01 *") && text.contains("…sif-2018-06-04 *"), "{text}");
}

#[test]
fn page_takes_the_place_of_an_older_one_and_leaves_nothing_beside_it() {
    let built = Built::samples();
    let folder = built.0.path().join("pages");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("page.html");
    std::fs::write(&file, "older").unwrap();
    let output = built.output(&["compare", "visits", "--by", "year", "--html", "pages/page.html"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn context_is_included_by_an_option_that_every_answer_repeats() {
    let built = Built::samples();
    let json = |arguments: &[&str]| -> serde_json::Value {
        let output = built.output(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let kinds = |answer: &serde_json::Value| -> Vec<String> {
        let groups = answer["groups"].as_array().unwrap().iter();
        groups.map(|group| group["values"][0].as_str().unwrap().to_owned()).collect()
    };
    let asked = ["compare", "children", "--by", "kind"];
    assert!(!kinds(&json(&asked)).contains(&"context".to_owned()));
    let included = json(&[&asked[..], &["--include", "context"]].concat());
    assert!(kinds(&included).contains(&"context".to_owned()));
    let again = included["provenance"]["command"].as_str().unwrap();
    assert!(again.contains("--include=context"), "{again}");
    assert!(kinds(&json(&[&asked[..], &["--kind", "context"]].concat())) == ["context"]);
    for command in [
        &["timeline", "Harrowdale", "children", "--include", "context"][..],
        &["distinctive", "--grade", "good", "--against", "", "--include", "context"],
    ] {
        let again = json(command)["provenance"]["command"].as_str().unwrap().to_owned();
        assert!(again.contains("--include=context"), "{again}");
    }
    let refused = built.output(&[&asked[..], &["--include", "boilerplate"]].concat());
    assert_eq!(refused.status.code(), Some(2));
}
