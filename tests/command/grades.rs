//! Tests the counts of grades, as people ask for them.

use crate::built::Built;
use crate::invented;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Standard output without what differs from run to run.
fn told(built: &Built, arguments: &[&str]) -> String {
    let (code, out, err) = built.run(arguments);
    assert_eq!(code, 0, "{err}");
    out.split("\nTo repeat this").next().unwrap().to_owned()
}

#[test]
fn the_overview_counts_overall_grades_by_framework_and_by_year() {
    insta::assert_snapshot!(told(&Built::samples(), &["grades"]), @"
    Overall grades of full inspections · 6 inspections · 4 authorities · 2012–2023
    4 of the 9 authorities known to Findings that existed in 2012–2023 have a full inspection here, and
      5 have none.

    Overall grade of the authority under SIF and ILACS, by framework
                                                                            Requires
      framework  years      inspections  authorities  Outstanding  Good  improvement  Inadequate
      SIF        2014–2016            2            2            0     0            0           2
      ILACS      2019–2023            3            3            1     1            1           0
      all        2014–2023            5            4            1     1            1           2

    Overall grade of the authority under SIF and ILACS, by year
                                                            Requires
      year  inspections  authorities  Outstanding  Good  improvement  Inadequate
      2014            1            1            0     0            0           1
      2016            1            1            0     0            0           1
      2019            1            1            0     1            0           0
      2021            1            1            1     0            0           0
      2023            1            1            0     0            1           0
      all             5            4            1     1            1           2

    Overall grade of the authority for Safeguarding services under SLAC, by year
      year  inspections  Outstanding  Good  Adequate  Inadequate
      2012            1            0     0         1           0
      all             1            0     0         1           0

    Overall grade of the authority for Services for looked after children under SLAC, by year
      year  inspections  Outstanding  Good  Adequate  Inadequate
      2012            1            0     1         0           0
      all             1            0     1         0           0

    Grade of the safeguarding board, by year
                                               Requires
      year  inspections  Outstanding  Good  improvement  Inadequate
      2014            1            0     0            1           0
      2016            1            0     0            1           0
      all             2            0     0            2           0

    Grade of the local area partnership under Area SEND, by year
                           Typically
                            positive  Inconsistent  Widespread
                         experiences   experiences      and/or
                                 and           and    systemic
      year  inspections     outcomes      outcomes    failings
      2023            1            0             0           1
      2024            1            0             1           0
      all             2            0             1           1

      no percentages of fewer than 10

    Counted apart
      - 1 focused visit (ILACS), which gives no grades
      - 1 monitoring visit (ILACS), which gives no grades
      - 2 inspections under JTAI, which gives no grades

    What to know
      - Inspections are counted, not authorities: an authority that was inspected twice is counted
        twice.
      - “Requires improvement” and “Requires improvement to be good” are one grade, and counted as one.
      - Adequate was the third grade before Requires improvement and promised something else: it is a
        grade of its own.
      - Each scale has tables of its own: a grade of one does not mean what the same word means in
        another.
      - Where an inspection gives several overall judgements, each is counted in a table of its own.
      - The year is that in which the inspection began; where that is not known, that in which its
        report was published.
      - Judgements on a safeguarding board or a local area partnership are not on the authority, and are
        in tables of their own.
    ");
}

#[test]
fn of_the_newest_inspections_every_authority_has_one() {
    let built = Built::samples();
    insta::assert_snapshot!(told(&built, &["grades", "--latest", "--by", "framework", "--list"]), @"
    Overall grades at the latest full inspection · 4 inspections · 4 authorities · as at 22 March 2024 ·
      2016–2023
    4 of the 9 authorities known to Findings that existed on 22 March 2024 have a full inspection here,
      and 5 have none.

    Overall grade of the authority, by framework
                                                               Requires
      framework  years      inspections  Outstanding  Good  improvement  Inadequate
      SIF        2016                 1            0     0            0           1
      ILACS      2019–2023            3            1     1            1           0
      all        2016–2023            4            1     1            1           1

      no percentages of fewer than 10

    Authorities
      authority    region  latest          grade
      Fairmere             Apr 2019 ILACS  Good
      Harrowdale           Oct 2016 SIF    Inadequate
      Marchbourne          Oct 2021 ILACS  Outstanding
      Stonewick            Aug 2023 ILACS  Requires improvement

    What to know
      - An inspection counts from its last day, not from the day on which its report was published.
      - “Requires improvement” and “Requires improvement to be good” are one grade, and counted as one.
      - Judgements on safeguarding boards are left out: an authority's latest inspection is not the
        board's.
    ");
    let answer = built.json(&["grades", "--as-at", "2020"]);
    let newest = answer["newest"].as_array().unwrap().iter();
    let newest: Vec<&str> = newest.map(|own| own["report"].as_str().unwrap()).collect();
    assert_eq!(
        newest,
        ["stonewick-sif-2014-09-09", "harrowdale-sif-2016-10-10", "fairmere-ilacs-2019-04-29"]
    );
    assert_eq!(answer["as_at"], "2020-12-31");
}

#[test]
fn changes_are_shown_in_numbers_and_with_their_authorities() {
    let built = Built::samples();
    insta::assert_snapshot!(told(&built, &["grades", "--changes", "--list"]), @"
    Overall grades, first and latest full inspection · 6 inspections · 4 authorities ·
      as at 22 March 2024 · 2012–2023
    4 of the 9 authorities known to Findings that existed on 22 March 2024 have a full inspection here,
      and 5 have none.

    Improved, kept, declined
      Of 4 authorities with a full inspection, 1 had a grade on the same scale at their first: 1
      improved, 0 kept their grade, 0 declined.
      The others: 2 with one inspection only; 1 with grades of different scales, which cannot be
      compared.

    First grade and latest grade, numbers of authorities
      first grade                                 Requires
      ↓ latest →            Outstanding  Good  improvement  Inadequate  all
      Outstanding                     0     0            0           0    0
      Good                            0     0            0           0    0
      Requires improvement            0     0            0           0    0
      Inadequate                      0     0            1           0    1
      all                             0     0            1           0    1

    Authorities
      authority   earlier                         latest                              change
      Fairmere    Jan 2012 SLAC Adequate and Good Apr 2019 ILACS Good                 not comparable
      Harrowdale  –                               Oct 2016 SIF   Inadequate           one inspection
      Marchbourne –                               Oct 2021 ILACS Outstanding          one inspection
      Stonewick   Sep 2014 SIF  Inadequate        Aug 2023 ILACS Requires improvement ▲ improved

    Counted apart
      - 1 focused visit (ILACS), which gives no grades
      - 1 monitoring visit (ILACS), which gives no grades
      - 2 inspections under JTAI, which gives no grades

    What to know
      - An inspection counts from its last day, not from the day on which its report was published.
      - “Requires improvement” and “Requires improvement to be good” are one grade, and counted as one.
      - Improved, kept and declined are said only of two grades of the same scale; what is judged may
        have changed all the same.
      - Whoever counts only inspections of one scale, by their frameworks or from a later first day, can
        compare more authorities.
      - Not comparable, SLAC to ILACS: The third grade was Adequate and is Requires improvement to be
        good: what met the minimum and no more was adequate, and is now less than good. One overall
        judgement holds for everything, and fewer areas are judged.
    ");
    let answer = built.json(&["grades", "--changes"]);
    let moved = answer["changes"]["moved"].as_array().unwrap().iter();
    let moved: Vec<(&str, &str)> = moved
        .map(|own| (own["authority"].as_str().unwrap(), own["moved"].as_str().unwrap()))
        .collect();
    assert_eq!(
        moved,
        [
            ("Fairmere", "not_comparable"),
            ("Harrowdale", "once"),
            ("Marchbourne", "once"),
            ("Stonewick", "improved"),
        ]
    );
    // Not yet inspected again by then.
    let answer = built.json(&["grades", "--changes", "--as-at", "2020"]);
    assert_eq!(answer["changes"]["whole"]["improved"], 0);
    assert!(answer["apart"].as_array().unwrap().iter().any(|own| own["reason"] == "later"));
}

#[test]
fn a_theme_takes_the_place_of_the_overall_judgement() {
    let built = Built::samples();
    let by_theme = built.json(&["grades", "--by", "theme"]);
    let rows = by_theme["tables"][0]["rows"].as_array().unwrap();
    let of = |theme: &str| rows.iter().find(|row| row["values"][0] == theme).unwrap();
    for theme in ["leadership", "help_protection", "care_leavers"] {
        let answer = built.json(&["grades", "--theme", theme, "--by", "framework"]);
        let whole = &answer["tables"][0]["whole"];
        for number in ["inspections", "without", "judgements", "authorities"] {
            assert_eq!(whole[number], of(theme)[number], "{theme} {number}");
        }
        assert_eq!(answer["themes"][0], theme);
    }
    let stonewick =
        built.json(&["grades", "--changes", "--theme", "care", "--authority", "stonewick"]);
    assert_eq!(stonewick["changes"]["moved"][0]["moved"], "kept");
}

/// The samples with their table of authorities, which knows neighbours.
fn with_neighbours() -> Built {
    let built = Built::samples();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    fs::copy(samples.join("authorities.csv"), built.0.path().join("bodies.csv")).unwrap();
    fs::write(built.0.path().join("findings.toml"), "authorities = ['bodies.csv']\n").unwrap();
    assert_eq!(built.run(&["index", samples.join("reports").to_str().unwrap()]).0, 0);
    built
}

#[test]
fn a_council_is_counted_with_its_neighbours_and_marked() {
    let built = with_neighbours();
    let asked = ["grades", "--neighbours-of", "Stonewick", "--latest", "--list"];
    let out = told(&built, &asked);
    assert!(out.contains("  Stonewick (your council)  "), "{out}");
    let said = "Stonewick is counted with its statistical neighbours (edition not known).";
    assert!(out.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{out}");
    let answer = built.json(&["grades", "--neighbours-of", "Stonewick"]);
    assert_eq!(answer["neighbourhood"]["councils"], serde_json::json!(["Stonewick"]));
    let command = "findings grades --neighbours-of=Stonewick";
    assert_eq!(answer["provenance"]["command"], command);
    let (_, csv, _) =
        built.run(&["grades", "--neighbours-of", "Stonewick", "--changes", "--format", "csv"]);
    let own = csv.lines().find(|line| line.starts_with("Stonewick,")).unwrap();
    assert!(own.ends_with(",your council"), "{csv}");
}

#[test]
fn what_no_report_can_deny_is_not_left_out_of_reports() {
    let built = Built::samples();
    let refused = |arguments: &[&str]| {
        let (code, out, err) = built.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        err
    };
    assert!(refused(&["grades", "--without-denials"]).contains("unexpected argument"));
    let said = "error: --without-denials: a recommendation denies nothing, so that none is left out for it";
    assert_eq!(refused(&["recommendations", "--without-denials"]).trim_end(), said);
    for command in ["reports", "coverage", "export"] {
        let said = "error: --without-denials: nothing is looked for that could be denied\n\
                    hint: `findings topics` lists all topics";
        assert_eq!(refused(&[command, "--without-denials"]).trim_end(), said, "{command}");
    }
    assert_eq!(built.run(&["reports", "--without-denials", "--topic", "missing_rhi"]).0, 0);
}

#[test]
fn the_command_that_is_shown_gives_the_same_numbers() {
    let built = Built::samples();
    let asked = [
        &["grades", "--by", "year", "--and", "framework", "--authority", "stonewick"][..],
        &["grades", "--as-at", "2020", "--theme", "leadership", "--framework", "sif,ilacs"],
        &["grades", "--changes=previous", "--from", "2013"],
    ];
    for arguments in asked {
        let answer = built.json(arguments);
        let command = answer["provenance"]["command"].as_str().unwrap();
        let words = shlex::split(command).unwrap();
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let again = built.json(&words);
        for part in ["tables", "changes", "census", "apart", "notes"] {
            assert_eq!(answer[part], again[part], "{command}");
        }
    }
}

#[test]
fn every_grade_of_every_group_is_a_row_and_every_authority_that_may_have_moved() {
    let built = Built::samples();
    let rows = |arguments: &[&str]| -> Vec<std::collections::HashMap<String, String>> {
        let (code, out, _) = built.run(arguments);
        assert_eq!(code, 0);
        csv::Reader::from_reader(out.as_bytes()).deserialize().map(Result::unwrap).collect()
    };
    let counts = rows(&["grades", "--by", "framework", "--format", "csv"]);
    let full = counts.iter().filter(|row| row["full_inspections"] == "true");
    let number = |row: &&std::collections::HashMap<String, String>| {
        row["judgements"].parse::<u64>().unwrap_or(0)
    };
    let (all, single): (Vec<_>, Vec<_>) = full.partition(|row| row["value"] == "(all)");
    assert_eq!(all.iter().map(number).sum::<u64>(), single.iter().map(number).sum::<u64>());
    let moved = rows(&["grades", "--changes", "--format", "csv"]);
    let stonewick = moved.iter().find(|row| row["authority"] == "Stonewick").unwrap();
    assert_eq!((stonewick["change"].as_str(), stonewick["places"].as_str()), ("improved", "1"));
    assert_eq!(stonewick["earlier_grade"], "Inadequate");
    assert_eq!(stonewick["latest_grade"], "Requires improvement");
}

#[test]
fn markdown_has_the_same_tables() {
    let (_, out, _) =
        Built::samples().run(&["grades", "--by", "framework", "--format", "markdown"]);
    let tables = out.split("\n## What to know").next().unwrap();
    insta::assert_snapshot!(tables, @"
    # Overall grades of full inspections

    6 full inspections of 4 authorities, 2012–2023. 4 of the 9 authorities known to Findings that existed in 2012–2023 have a full inspection here, and 5 have none.

    ## Overall grade of the authority under SIF and ILACS, by framework

    | framework | years | inspections | authorities | Outstanding | Good | Requires improvement | Inadequate |
    | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
    | SIF | 2014–2016 | 2 | 2 | 0 | 0 | 0 | 2 |
    | ILACS | 2019–2023 | 3 | 3 | 1 | 1 | 1 | 0 |
    | all | 2014–2023 | 5 | 4 | 1 | 1 | 1 | 2 |

    ## Overall grade of the authority for Safeguarding services under SLAC, by framework

    | framework | years | inspections | Outstanding | Good | Adequate | Inadequate |
    | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | SLAC | 2012 | 1 | 0 | 0 | 1 | 0 |
    | all | 2012 | 1 | 0 | 0 | 1 | 0 |

    ## Overall grade of the authority for Services for looked after children under SLAC, by framework

    | framework | years | inspections | Outstanding | Good | Adequate | Inadequate |
    | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | SLAC | 2012 | 1 | 0 | 1 | 0 | 0 |
    | all | 2012 | 1 | 0 | 1 | 0 | 0 |

    ## Grade of the safeguarding board, by framework

    | framework | years | inspections | Outstanding | Good | Requires improvement | Inadequate |
    | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | SIF | 2014–2016 | 2 | 0 | 0 | 2 | 0 |
    | all | 2014–2016 | 2 | 0 | 0 | 2 | 0 |

    ## Grade of the local area partnership under Area SEND, by framework

    | framework | years | inspections | Typically positive experiences and outcomes | Inconsistent experiences and outcomes | Widespread and/or systemic failings |
    | --- | --- | ---: | ---: | ---: | ---: |
    | Area SEND | 2023–2024 | 2 | 0 | 1 | 1 |
    | all | 2023–2024 | 2 | 0 | 1 | 1 |

    ## Counted apart

    - 1 focused visit (ILACS), which gives no grades
    - 1 monitoring visit (ILACS), which gives no grades
    - 2 inspections under JTAI, which gives no grades
    ");
    let (_, out, _) =
        Built::samples().run(&["grades", "--changes", "--list", "--format", "markdown"]);
    assert!(out.contains("| Stonewick | Sep 2014 SIF | Inadequate |"), "{out}");
}

#[test]
fn an_authority_that_has_ended_is_not_counted_after_its_end_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, authority, began) in
        [("a", "Northamptonshire County Council", 11), ("b", "Essex County Council", 12)]
    {
        let text = invented::report(authority, began, 20, "The council knows its children well.");
        fs::write(folder.path().join(name).with_extension("txt"), text).unwrap();
    }
    let built = Built::of(folder.path());
    let before = built.json(&["grades", "--as-at", "2020"]);
    assert_eq!(before["tables"][0]["whole"]["inspections"], 2);
    let after = built.json(&["grades", "--as-at", "2022", "--by", "region"]);
    assert_eq!(after["tables"][0]["whole"]["inspections"], 1);
    let ended: Vec<&Value> =
        after["apart"].as_array().unwrap().iter().filter(|own| own["reason"] == "ended").collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["authorities"][0], "Northamptonshire");
    // Northamptonshire has two successors, so one more is known after its end.
    let known = |answer: &Value| answer["census"]["known"].as_u64().unwrap();
    assert_eq!(known(&before) + 1, known(&after));
    assert_eq!(after["census"]["held"], 1);
    let named = built.json(&["grades", "--as-at", "2022", "--authority", "Northamptonshire"]);
    assert_eq!(named["tables"][0]["whole"]["inspections"], 1);
}

#[test]
fn nothing_counted_is_exit_code_1_and_what_cannot_be_is_refused() {
    let built = Built::samples();
    let (code, out, _) = built.run(&["grades", "--framework", "jtai"]);
    assert_eq!(code, 1);
    assert!(out.contains("which gives no grades"), "{out}");
    let refused = [
        &["grades", "--list"][..],
        &["grades", "--latest", "--list", "--format", "csv"],
        &["grades", "--by", "year", "--and", "year"],
        &["grades", "--changes", "--by", "theme"],
        &["grades", "--changes", "--overall", "good"],
        &["grades", "--theme", "leadr"],
        &["grades", "--bom"],
    ];
    let said = refused.map(|arguments| {
        let (code, _, err) = built.run(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        format!("{}\n{err}", arguments.join(" "))
    });
    insta::assert_snapshot!(said.join("\n"), @"
    grades --list
    error: --list needs one inspection of each authority
    hint: add --latest, --as-at DATE or --changes, or use `findings reports`

    grades --latest --list --format csv
    error: --list belongs to text and markdown
    hint: leave it out: JSON names the authorities, and so does CSV with --changes

    grades --by year --and year
    error: --and is the same as --by
    hint: leave --and out, or count by something else as well

    grades --changes --by theme
    error: changes are of one judgement, and not by theme

    grades --changes --overall good
    error: changes are between all inspections; `overall` takes some

    grades --theme leadr
    error: --theme: no paragraph has the theme `leadr`
    hint: choose from `care`, `care_leavers`, `education`, `health`, `help_protection`, `leadership`, `partnership`, `permanence`, `send`

    grades --bom
    error: --bom belongs to CSV
    hint: add --format csv
    ");
}
