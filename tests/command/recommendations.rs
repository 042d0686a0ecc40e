//! Tests the recommendations, as people ask for them.

use crate::built::Built;
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
#[cfg(feature = "meaning")]
use std::path::Path;

/// The list of an answer.
#[cfg(feature = "meaning")]
fn listed(built: &Built, arguments: &[&str]) -> String {
    let (code, out, err) = built.run(arguments);
    assert_eq!(code, 0, "{err}");
    let from = out.find("\nRepeated,").or_else(|| out.find("\nRecommendations,")).unwrap();
    out[from..].split("\nWhat to know").next().unwrap().to_owned()
}

fn rows(built: &Built, arguments: &[&str]) -> Vec<HashMap<String, String>> {
    let (code, out, err) = built.run(&[arguments, &["--format", "csv"]].concat());
    assert_eq!(code, 0, "{err}");
    csv::Reader::from_reader(out.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[cfg(feature = "meaning")]
#[test]
fn what_was_asked_of_whom_by_when_is_counted_and_listed() {
    let built = Built::samples();
    let (_, out, _) = built.run(&["recommendations", "--limit", "2"]);
    insta::assert_snapshot!(out.split("\nWhat to know").next().unwrap(), @"
    37 recommendations · 10 reports · 8 authorities · 2012–2024
    12 with a theme, 34 with a topic, 7 with a timescale, 16 with an addressee.
    4 of the 18 that have an inspection before or after them with recommendations to the same body are
      repeated, in 2 chains (2 pairs of successive inspections compared).

    By theme
                                                  number  reports  authorities  repeated
      Partnership                                      6        3            3         0
      Special educational needs and disabilities       6        2            2         0
      no theme                                        25        7            5         4

    By topic
                                                                 number  reports  authorities  repeated
      Missing children and return home interviews (missing_rhi)      12        9            7         4
      Leadership, governance and political support (leadership)       6        3            3         0
      Chronologies, case recording and genograms (recording)          4        4            4         0
      SEND, EHC plans and the local area partnership (send)           3        2            2         0
      Strategy discussions, section 47 and … (strategy_s47)           3        2            2         0
      Quality of assessment and analysis (assessment)                 2        1            1         0
      Caseloads and workload (caseloads)                              2        2            2         0
      Health of children in care: health … (health_cic)               2        1            1         0
      no topic                                                        3        3            3         0
      13 more: --by topic

    By timescale
                           number  reports  authorities  repeated
      within three months       4        1            1         0
      immediately               2        1            1         1
      within six months         1        1            1         0
      no timescale             30        9            8         3

    By addressee
                                                                  number  reports  authorities  repeated
      Local authority                                                  8        2            2         1
      Local Safeguarding Children Board                                2        2            2         0
      Kelderby County Council                                          1        1            1         0
      Kelderby County Council and NHS Kelderby Integrated Care …       1        1            1         0
      Leaders across the partnership                                   1        1            1         0
      NHS Fairmere and Fairmere County Council                         1        1            1         0
      Partnership                                                      1        1            1         0
      Police and the local authority                                   1        1            1         0
      no addressee named                                              21        8            7         3

    Recommendations, 1–2 of 37, by authority
     1. Brackenford · Joint targeted area inspection (JTAI) · inspected February 2023 · for The police
        and the local authority
        The police and the local authority must review the 412 notifications that have not been
        assessed, and agree how such a backlog will be prevented: notifications about children under
        five should be reviewed first; the partnership should be told each week how many remain
        brackenford-jtai-2023-02-06/n5 · assessment

     2. Brackenford · Joint targeted area inspection (JTAI) · inspected February 2023
        The attendance of general practitioners, or the provision of reports by them, at child
        protection conferences.
        brackenford-jtai-2023-02-06/n6 · strategy_s47

    35 recommendations left: add --offset 2
    ");
}

#[test]
fn every_count_is_that_of_the_search_that_it_names() {
    let built = Built::samples();
    let all = [
        "theme",
        "topic",
        "timescale",
        "addressee",
        "authority",
        "region",
        "framework",
        "overall",
        "year",
    ];
    for by in all {
        for query in [
            &["recommendations", "--by", by][..],
            &["recommendations", "children OR plans", "--by", by, "--not", "framework:jtai"],
        ] {
            let answer = built.json(query);
            let groups = answer["groups"][0]["values"].as_array().unwrap();
            assert!(!groups.is_empty());
            for group in groups {
                let Some(find) = group["find"]["arguments"].as_array() else {
                    assert_eq!((by, group["value"].is_null()), ("topic", true));
                    continue;
                };
                let find: Vec<&str> = find.iter().map(|word| word.as_str().unwrap()).collect();
                let found = built.json(&[&find[..], &["--limit", "0"]].concat());
                assert_eq!(found["total"], group["recommendations"], "{find:?}");
                assert_eq!(found["reports"], group["reports"], "{find:?}");
            }
        }
    }
}

#[test]
fn a_list_that_introduces_or_ends_in_points_is_read_as_one() {
    let answer =
        Built::samples().json(&["recommendations", "caseloads", "--authority", "stonewick"]);
    let own = &answer["recommendations"][0];
    assert_eq!(own["id"], "stonewick-sif-2014-09-09/4");
    assert!(own["text"].as_str().unwrap().ends_with("so that:"));
    assert_eq!(own["parts"].as_array().unwrap().len(), 2);
    assert_eq!(own["addressee"], "Local authority");
}

#[cfg(feature = "meaning")]
#[test]
fn what_the_next_inspection_asks_again_is_shown_together() {
    let built = Built::samples();
    insta::assert_snapshot!(listed(&built, &["recommendations", "--repeated"]), @"
    Repeated, those over most inspections first, then those made last
     1. Stonewick · 2 inspections · missing_rhi · closeness from 0.73, shared words from 33%
        - Single inspection (SIF) · inspected September 2014 · for Local authority · paragraph 2 ·
          page 3
          Ensure that the police and children’s services share information each day about children who
          are missing, and that a return interview is offered to every child within 72 hours of being
          found.
          stonewick-sif-2014-09-09/2
        - Children's social care services (ILACS) · inspected August 2023 · page 1
          The recording of why a return home interview has not taken place.
          stonewick-ilacs-2023-08-14/p1.6

     2. Fairmere · 2 inspections · missing_rhi · closeness from 0.86, shared words from 44%
        - Safeguarding and looked after children (SLAC) · inspected January 2012 · Immediately
          offer every child who has been missing from home or care a return interview within three
          working days, and record when it is declined
          fairmere-slac-2012-01-16/9.1
        - Children's social care services (ILACS) · inspected April 2019 · page 1
          The use made of return home interviews to plan for children who go missing more than once.
          fairmere-ilacs-2019-04-29/p1.6
    ");
    let answer = built.json(&["recommendations", "--repeated", "--latest"]);
    let repeated = &answer["repeated"];
    assert_eq!((&repeated["chains"], &repeated["recommendations"]), (&2.into(), &2.into()));
    // The earlier inspection is there to compare, and does not meet the conditions.
    let chain = &repeated["listed"][0]["recommendations"];
    assert!(chain[0]["rank"].is_null() && chain[1]["rank"].is_number());
}

/// Three inspections of one council, each with these things to improve.
#[cfg(feature = "meaning")]
fn three(asked: [&str; 3]) -> Built {
    let folder = tempfile::tempdir().unwrap();
    let sample = "samples/reports/marchbourne/children's services inspection - 03 december 2021.md";
    let sample = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(sample)).unwrap();
    let old = "- The quality of return home interviews for children placed in Marchbourne by\n  other local authorities.";
    assert!(sample.contains(old));
    for (year, asked) in ["2018", "2021", "2024"].into_iter().zip(asked) {
        let text = sample.replace("October 2021", &format!("October {year}")).replace(old, asked);
        fs::write(folder.path().join(format!("{year}.md")), text).unwrap();
    }
    Built::of(folder.path())
}

#[cfg(feature = "meaning")]
#[test]
fn three_inspections_are_one_chain_and_the_first_is_not_compared_with_the_last() {
    let supervision =
        "- How often social workers of Marchbourne have supervision, and how reflective it is.";
    let all = three([
        supervision,
        "- Reflective supervision for every social worker in Marchbourne, each month.\n- Foster homes near the river.",
        "- Supervision of the social workers of Marchbourne, which is seldom reflective.",
    ]);
    let chains = all.json(&["recommendations", "--repeated"])["repeated"].clone();
    assert_eq!(chains["listed"].as_array().unwrap().len(), 1, "{chains:#}");
    assert_eq!(chains["listed"][0]["inspections"], 3);
    let made = chains["listed"][0]["recommendations"].as_array().unwrap().iter();
    let repeats = made.map(|own| own["repeats"].as_array().unwrap().len());
    assert_eq!(repeats.collect::<Vec<_>>(), [0, 1, 1]);
    let between = three([supervision, "- Foster homes near the river.", supervision]);
    let (code, answer) = between.answer(&["recommendations", "--repeated"]);
    assert_eq!((code, &answer["repeated"]["chains"]), (1, &0.into()));
}

#[cfg(feature = "meaning")]
#[test]
fn a_chain_is_of_what_was_asked_for_only_if_both_recommendations_are() {
    let built = Built::samples();
    let chains = |more: &[&str]| {
        let (_, answer) = built.answer(&[&["recommendations", "--repeated"][..], more].concat());
        let listed = answer["repeated"]["listed"].as_array().unwrap().clone();
        let ids = |chain: &Value| -> Vec<String> {
            let made = chain["recommendations"].as_array().unwrap();
            made.iter().map(|own| own["id"].as_str().unwrap().to_owned()).collect()
        };
        (answer["repeated"]["recommendations"].clone(), listed.iter().map(ids).collect::<Vec<_>>())
    };
    let pair = ["stonewick-sif-2014-09-09/2", "stonewick-ilacs-2023-08-14/p1.6"];
    // Both are about return interviews; the earlier one alone asks for the police.
    assert_eq!(chains(&["--topic", "missing_rhi", "--authority", "Stonewick"]).1, [pair]);
    assert_eq!(chains(&["police", "--authority", "Stonewick"]), (Value::from(0), vec![]));
    // What says which report is meant, is met by one of them.
    assert_eq!(chains(&["--topic", "missing_rhi", "--framework", "sif"]).1, [pair]);
    assert_eq!(chains(&["topic:missing_rhi framework:sif"]).1, [pair]);
}

#[cfg(feature = "meaning")]
#[test]
fn counts_of_what_was_made_again_begin_with_most_of_it_and_say_so() {
    let built = Built::samples();
    let asked = ["recommendations", "--repeated", "--by", "authority"];
    let counts = |answer: &Value| -> Vec<u64> {
        let groups = answer["groups"][0]["values"].as_array().unwrap();
        groups.iter().map(|group| group["repeated"].as_u64().unwrap()).collect()
    };
    let counts = counts(&built.json(&asked));
    assert!(counts.is_sorted_by(|one, next| one >= next), "{counts:?}");
    assert_eq!(counts[..3], [2, 2, 0]);
    let (_, out, _) = built.run(&asked);
    assert!(out.contains("By authority, those most often repeated first"), "{out}");
}

#[test]
fn every_format_has_the_same_recommendations() {
    let built = Built::samples();
    let asked = ["recommendations", "interview OR plans"];
    let answer = built.json(&[&asked[..], &["--limit", "99"]].concat());
    let of = |list: &[Value]| -> Vec<String> {
        list.iter().map(|own| own["id"].as_str().unwrap().to_owned()).collect()
    };
    let ids = of(answer["recommendations"].as_array().unwrap());
    assert_eq!(ids.len() as u64, answer["total"].as_u64().unwrap());
    let lines: Vec<Value> = built.lines(&[&asked[..], &["--format", "jsonl"]].concat());
    assert_eq!(of(&lines), ids);
    let table: Vec<String> = rows(&built, &asked).iter().map(|row| row["id"].clone()).collect();
    assert_eq!(table, ids);
    let page = built.0.path().join("page.html");
    let arguments = [&asked[..], &["--format", "markdown", "--html", "page.html"]].concat();
    let (_, markdown, _) = built.run(&[&arguments[..], &["--limit", "99"]].concat());
    let page = fs::read_to_string(page).unwrap();
    for id in &ids {
        assert!(markdown.contains(&format!("`{id}`")), "{id}");
        assert!(page.contains(&format!("<code>{id}</code>")), "{id}");
    }
    assert!(!scraper::Html::parse_document(&page).html().contains("<script"));
}

#[cfg(feature = "meaning")]
#[test]
fn rows_of_a_chain_say_what_they_repeat() {
    let built = Built::samples();
    let rows = rows(&built, &["recommendations", "--repeated", "--authority", "fairmere"]);
    let [first, second] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(first["repeated_by"], second["id"]);
    assert_eq!(second["repeats"], first["id"]);
    assert_eq!((first["timescale"].as_str(), first["chain"].as_str()), ("immediately", "1"));
}

#[test]
fn nothing_found_is_exit_code_1_and_what_cannot_be_is_refused() {
    let built = Built::samples();
    let (code, out, _) = built.run(&["recommendations", "zebra"]);
    assert_eq!((code, out.as_str()), (1, "no recommendation found in 12 reports\n"));
    let refused = [
        &["recommendations", "--kind", "finding"][..],
        &["recommendations", "--not", "kind:table"],
        &["recommendations", "grad:good"],
        &["recommendations", "--by", "topic", "--format", "jsonl"],
        &["recommendations", "--by", "topic", "--repeated", "--format", "csv"],
        &["recommendations", "--bom"],
        &["recommendations", "--time-limit", "0"],
    ];
    let said = refused.map(|arguments| {
        let (code, _, err) = built.run(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        format!("{}\n{err}", arguments.join(" "))
    });
    insta::assert_snapshot!(said.join("\n"), @"
    recommendations --kind finding
    error: --kind: recommendations are one kind of paragraph, so `kind` cannot narrow them
    hint: leave the condition out, or search for paragraphs of another kind

    recommendations --not kind:table
    error: --not kind: recommendations are one kind of paragraph, so `kind` cannot narrow them
    hint: leave the condition out, or search for paragraphs of another kind

    recommendations grad:good
    error: unknown field `grad`; did you mean `grade`?
      grad:good
      ^^^^
    hint: write `grade:good`

    recommendations --by topic --format jsonl
    error: --by has no place among recommendations line by line
    hint: use --format text, json, csv or markdown

    recommendations --by topic --repeated --format csv
    error: with --by, CSV has the groups and no recommendations
    hint: ask for both by two commands, or use --format json

    recommendations --bom
    error: --bom belongs to CSV
    hint: add --format csv

    recommendations --time-limit 0
    error: the answer took longer than 0 s and was given up
    hint: ask for less at once: fewer wildcards, alternatives and words near one another; or allow more with --time-limit SECONDS
    ");
}
