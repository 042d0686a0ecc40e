//! Tests frameworks as users meet them: the worked example of the guide, letters about visits,
//! reports that fit no framework.

use crate::suggested;
use findings::extract::{self, Format, Limits};
use findings::knowledge::Knowledge;
use findings::knowledge::config::Config;
use findings::understand::report::{self, Report, Source};
use findings_index::records::{Kind, Visit};
use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a report with the built-in data and the additions of a configuration.
fn read(file: &str, config: &Config) -> Report {
    let format = match file.rsplit_once('.') {
        Some((_, "html")) => Format::Html,
        Some((_, "md")) => Format::Markdown,
        _ => Format::Text,
    };
    let bytes = std::fs::read(root().join(file)).unwrap();
    let text = extract::read(format, &bytes, &Limits::default()).unwrap();
    let source = Source { path: file, sha256: "0123456789abcdef" };
    report::understand(&text, &source, &Knowledge::load(config).unwrap()).unwrap()
}

fn letter(name: &str) -> Report {
    read(&format!("tests/letters/{name}"), &Config::default())
}

/// The header of a report, one fact per line.
fn header(report: &Report) -> String {
    let record = &report.record;
    let date = |date: Option<jiff::civil::Date>| date.map_or("-".to_owned(), |d| d.to_string());
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let visit = match record.visit {
        None => "",
        Some(Visit::Focused) => ", focused visit",
        Some(Visit::Monitoring) => ", monitoring visit",
    };
    let judgements = record.judgements.iter().map(|judgement| {
        let place = judgement.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
        format!("\n{}: {} ({place})", judgement.area, judgement.label)
    });
    format!(
        "{}{visit}\n{}\n{}\n{} to {}, published {}\nled by {}{}",
        record.framework,
        text(&record.title),
        record.name().unwrap_or("-"),
        date(record.inspection_start),
        date(record.inspection_end),
        date(record.published),
        text(&record.lead_inspector),
        judgements.collect::<String>(),
    )
}

/// The paragraphs that are not boilerplate: section, grade, number, kind, first words.
fn paragraphs(report: &Report) -> String {
    let wanted = report.paragraphs.iter().filter(|p| p.kind != Kind::Boilerplate);
    let lines = wanted.map(|p| {
        let grade = p.grade.as_ref().map_or("-", |grade| &grade.label);
        let number = p.number.as_deref().unwrap_or("-");
        let words: Vec<&str> = p.text.split(' ').take(4).collect();
        let due = p.timescale.as_ref().map_or_else(String::new, |due| format!(" [{due}]"));
        let kind = format!("{:?}", p.kind).to_lowercase();
        format!(
            "{} | {grade} | {number} | {kind}{due} | {}",
            p.section.join(" > "),
            words.join(" ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_progress_inspection_of_2009_has_days_findings_and_a_result() {
    let report = letter("progress-2009.txt");
    insta::assert_snapshot!(header(&report), @"
    jar-progress
    Inspection of progress made in the provision of safeguarding services in the London Borough of Eastmarsh
    Eastmarsh
    2009-06-08 to 2009-06-19, published 2009-07-10
    led by -
    Overall effectiveness: Limited progress (-)
    ");
    assert_eq!(
        report.record.overall.as_ref().map(|overall| &*overall.label),
        Some("Limited progress")
    );
    insta::assert_snapshot!(paragraphs(&report), @"
    Introduction | - | 1 | finding | In November 2008 the
    Introduction | - | 2 | finding | This inspection took place
    Overall progress | - | 3 | finding | Good progress has been
    Main findings | - | 4 | finding | Senior managers know which
    Main findings | - | 5 | finding | Assessments are late in
    Priorities for further improvement | - | 6 | finding | The council and its
    Priorities for further improvement | - | - | recommendation | make sure that every
    Priorities for further improvement | - | - | recommendation | train all first-line managers
    ");
}

#[test]
fn a_name_that_no_table_has_is_printed_and_never_an_authority() {
    let report = letter("progress-2009.txt");
    assert_eq!(report.record.authority, None);
    assert_eq!(report.record.authority_printed.as_deref(), Some("Eastmarsh"));
    assert_eq!(report.record.id, "eastmarsh-jar-progress-2009-06-08");
    let cited = report.paragraphs.iter().all(|p| p.citation.starts_with("Eastmarsh, JAR progress"));
    assert!(cited, "{}", report.paragraphs[0].citation);
    let own =
        Config { authorities: vec![root().join("samples/authorities.csv")], ..Config::default() };
    let report = read("tests/letters/progress-2009.txt", &own).record;
    assert_eq!((report.authority.as_deref(), report.authority_printed), (Some("Eastmarsh"), None));
}

#[test]
fn a_framework_with_open_names_counts_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schools.toml");
    let framework = "code = 'school'\nname = 'School inspection'\nshort = 'School'\n\
                     period = '2019–'\nnames = 'open'\n[recognise]\nall = ['school report']\n\
                     [metadata]\nauthority = ['inspection of (?P<value>[^\\n]+)']\n";
    std::fs::write(&file, framework).unwrap();
    let text = "School report\n\nInspection of Kent Lane Primary School\n\nThe pupils read aloud \
                every morning, and they like to talk about what they have read at home.\n";
    let text = extract::read(Format::Text, text.as_bytes(), &Limits::default()).unwrap();
    let source = Source { path: "school.txt", sha256: "0123456789abcdef" };
    let config = Config { frameworks: vec![folder.path().to_owned()], ..Config::default() };
    let knowledge = Knowledge::load(&config).unwrap();
    let record = report::understand(&text, &source, &knowledge).unwrap().record;
    assert_eq!(record.authority.as_deref(), Some("Kent Lane Primary School"));
    assert_eq!(record.authority_printed, None);
}

#[test]
fn a_letter_after_a_visit_may_mention_a_joint_inspection() {
    let text = "30 January 2023\n\nDear Ms Hale\n\n\
                Focused visit to Plymouth City Council children's services\n\n\
                This letter summarises the findings of the focused visit to Plymouth children's \
                services on 13 and\n14 December. His Majesty's Inspectors for this visit were \
                Ada Example and Ben Sample.\n\nHeadline findings\n\nA joint targeted area \
                inspection was carried out in 2019, which looked at how children are heard.\n";
    let text = extract::read(Format::Text, text.as_bytes(), &Limits::default()).unwrap();
    let source = Source { path: "letter.txt", sha256: "0123456789abcdef" };
    let knowledge = Knowledge::embedded().unwrap();
    let report = report::understand(&text, &source, &knowledge).unwrap();
    insta::assert_snapshot!(header(&report), @"
    ilacs, focused visit
    Focused visit to Plymouth City Council children's services
    Plymouth
    2022-12-13 to 2022-12-14, published 2023-01-30
    led by Ada Example
    ");
}

#[test]
fn a_joint_inspection_keeps_its_theme_apart_from_the_name_of_the_area() {
    let text = "3 October 2017\n\nDear local partnership\n\nJoint targeted area inspection of the \
                multi-agency response to abuse and neglect in Stockton-on-Tees\n\nBetween 4 and 8 \
                September 2017, Ofsted and others undertook a joint inspection of the multi-agency \
                response to abuse and neglect in Stockton-on-Tees. This inspection included a ‘deep \
                dive’ focus on the response to children living with domestic abuse. Police officers \
                from Essex gave advice.\n\nKey strengths\n\nPartners know each other, and they \
                meet every week to talk about the children who go missing most often.\n";
    let text = extract::read(Format::Text, text.as_bytes(), &Limits::default()).unwrap();
    let source = Source { path: "letter.txt", sha256: "0123456789abcdef" };
    let knowledge = Knowledge::embedded().unwrap();
    let report = report::understand(&text, &source, &knowledge).unwrap();
    let record = &report.record;
    assert_eq!(record.authority.as_deref(), Some("Stockton-on-Tees"));
    assert_eq!(record.inspection_theme.as_deref(), Some("children living with domestic abuse"));
    let cited = "Stockton-on-Tees, JTAI (children living with domestic abuse), inspected 4–8 \
                 September 2017, ";
    assert!(report.paragraphs[0].citation.starts_with(cited), "{}", report.paragraphs[0].citation);
}

const EXAMPLE: &str = "samples/other/fire";

/// Runs the program in the folder of the example.
fn findings(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
    command.args(arguments).current_dir(root().join(EXAMPLE));
    command.env_remove("FINDINGS_CONFIG").env("NO_COLOR", "1").env("COLUMNS", "100");
    suggested::output(&mut command)
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_example_of_the_guide_is_a_framework_without_fault() {
    let answer = findings(&["frameworks", "check", "frameworks/fire-standards.toml"]);
    assert_eq!(answer.status.code(), Some(0));
    insta::assert_snapshot!(out(&answer), @"frameworks/fire-standards.toml can be used: Fire brigade inspection, code `fire-standards`");
}

#[test]
fn the_report_of_the_example_is_read_as_its_framework_says() {
    let config = Config::read(&root().join(EXAMPLE).join("findings.toml")).unwrap();
    let report = read("samples/other/fire/reports/tarn-valley.md", &config);
    insta::assert_snapshot!(header(&report), @"
    fire-standards
    Inspection of Tarn Valley Fire Brigade
    Tarn Valley Fire Brigade
    2023-03-06 to 2023-03-10, published 2023-05-19
    led by Odile Farrant
    Preventing fires: Strong (1)
    Answering calls: Secure (2)
    Looking after its people: Fragile (3)
    The control room: Fragile (3)
    Overall effectiveness: Secure (2)
    ");
    insta::assert_snapshot!(paragraphs(&report), @"
    Summary | - | - | summary | Overall, this brigade is
    How well does the brigade prevent fires? | Strong | 1 | finding | Crews visit the homes
    How well does the brigade prevent fires? | Strong | 2 | finding | The brigade works with
    How well does the brigade answer calls? | Secure | 3 | finding | The first engine arrives
    How well does the brigade answer calls? > The control room | Fragile | 4 | finding | Calls are answered in
    How well does the brigade look after its people? | Fragile | 5 | finding | Too few firefighters have
    How well does the brigade look after its people? | Fragile | - | bullet | at Tarnhead, 11 of
    How well does the brigade look after its people? | Fragile | - | bullet | at Low Mill, nobody
    How well does the brigade look after its people? | Fragile | 6 | finding | Sickness is high and
    What the brigade has to do | - | 7 | finding | To put right what
    What the brigade has to do | - | - | recommendation [At once] | give every desk of
    What the brigade has to do | - | - | recommendation [By 1 September 2023] | train every firefighter who
    What the brigade has to do | - | - | recommendation [By 1 September 2023] | find out why sickness
    ");
    assert_eq!(report.record.region.as_deref(), Some("Upper Tarn"));
    assert_eq!(report.record.warnings, []);
    let themes: Vec<_> = report.record.sections.iter().map(|s| s.theme.as_deref()).collect();
    let own = [Some("prevention"), Some("response"), Some("response")];
    assert_eq!(themes[2..5], own);
}

/// The report of one of the examples of the guide, read by its framework.
fn example(folder: &str, report: &str) -> Report {
    let folder = format!("samples/other/{folder}");
    let config = Config::read(&root().join(&folder).join("findings.toml")).unwrap();
    read(&format!("{folder}/reports/{report}"), &config)
}

#[test]
fn every_example_of_the_guide_is_a_framework_without_fault() {
    for name in ["school", "police", "inquiry", "committee"] {
        let folder = root().join("samples/other").join(name);
        let answer = Command::new(env!("CARGO_BIN_EXE_findings"))
            .args(["frameworks", "check", &format!("frameworks/{name}.toml")])
            .current_dir(folder)
            .output()
            .unwrap();
        let said = out(&answer);
        assert!(said.starts_with(&format!("frameworks/{name}.toml can be used")), "{said}");
    }
}

#[test]
fn a_school_report_has_no_judgement_of_the_inspection_before() {
    let report = example("school", "quayside.md");
    insta::assert_snapshot!(header(&report), @"
    school
    Quayside Primary School
    Quayside Primary School
    2017-03-14 to 2017-03-15, published -
    led by Imogen Sallow
    Overall effectiveness: Requires improvement (3)
    Effectiveness of leadership and management: Good (2)
    Quality of teaching, learning and assessment: Requires improvement (3)
    Personal development, behaviour and welfare: Good (2)
    Outcomes for pupils: Requires improvement (3)
    ");
    insta::assert_snapshot!(paragraphs(&report), @"
    Summary of key findings for parents and pupils > This is a school that requires improvement | - | - | bullet | Lessons in the middle
    Summary of key findings for parents and pupils > This is a school that requires improvement | - | - | bullet | Handwriting is practised and
    Summary of key findings for parents and pupils > The school has the following strengths | - | - | bullet | The headteacher has filled
    Summary of key findings for parents and pupils > The school has the following strengths | - | - | bullet | At the time of
    Full report > What does the school need to do to improve further? | - | - | recommendation | Give pupils who read
    Full report > What does the school need to do to improve further? | - | - | recommendation | Improve writing by:
    Full report > What does the school need to do to improve further? | - | - | bullet | asking for a page
    Full report > What does the school need to do to improve further? | - | - | bullet | letting pupils see what
    Inspection judgements > Effectiveness of leadership and management | Good | - | bullet | The headteacher visits every
    Inspection judgements > Effectiveness of leadership and management > Governance of the school | Good | - | bullet | Governors know what the
    Inspection judgements > Effectiveness of leadership and management > Safeguarding | Good | - | bullet | The arrangements for safeguarding
    Inspection judgements > Quality of teaching, learning and assessment | Requires improvement | - | bullet | Teaching in the youngest
    Inspection judgements > Personal development, behaviour and welfare | Good | - | bullet | Pupils hold doors for
    Inspection judgements > Outcomes for pupils | Requires improvement | - | bullet | Six pupils in ten
    School details | - | - | table | Type of school |
    School details | - | - | table | Pupils on the roll
    School details | - | - | table | Date of the previous
    School details > Information about this school | - | - | bullet | The school is smaller
    ");
    let earlier = report.paragraphs.iter().find(|p| p.text.contains("previous inspection |"));
    assert!(earlier.is_some(), "the row on the inspection before is kept");
}

#[test]
fn a_police_report_is_judged_by_a_table_whose_columns_are_headed_by_grades() {
    let report = example("police", "marlsea.md");
    insta::assert_snapshot!(header(&report), @"
    police
    An inspection of Marlsea Constabulary
    Marlsea Constabulary
    2022-09-05 to 2022-09-23, published 2023-02-09
    led by -
    Preventing crime: Good (2)
    Treatment of the public: Adequate (3)
    Leadership and force management: Requires improvement (4)
    Investigating crime: Inadequate (5)
    ");
    insta::assert_snapshot!(paragraphs(&report), @"
    Overall summary | - | - | summary | We inspected four areas
    Overall summary > Reviewing performance | - | - | summary | I am content with
    Preventing crime and antisocial behaviour > Main findings | Good | - | finding | Officers know the families
    Preventing crime and antisocial behaviour > Main findings | Good | - | finding | The force reads what
    Investigating crime > Cause of concern | - | - | finding | The force does not
    Investigating crime > Cause of concern > Recommendations | - | - | recommendation | Within three months the
    Investigating crime > Cause of concern > Recommendations | - | - | recommendation | list every telephone that
    Investigating crime > Cause of concern > Recommendations | - | - | recommendation | say for each who
    Investigating crime > Main findings | Inadequate | - | finding | Of 60 investigations that
    Treating the public fairly > Area for improvement | - | - | recommendation | The force should make
    Treating the public fairly > Main findings | Adequate | - | finding | Stops are filmed more
    Treating the public fairly > Main findings | Adequate | - | caption | Figure 1: Stops that
    Treating the public fairly > Main findings | Adequate | - | table | Quarter | Share filmed
    Treating the public fairly > Main findings | Adequate | - | table | First | 61%
    Treating the public fairly > Main findings | Adequate | - | table | Second | 74%
    Treating the public fairly > Main findings | Adequate | - | caption | Source: the force's own
    Leadership and force management > Main findings | Requires improvement | - | finding | Sergeants are appointed for
    ");
}

#[test]
fn the_paragraphs_of_an_inquiry_keep_the_numbers_of_their_chapters() {
    let report = example("inquiry", "ferry.md");
    insta::assert_snapshot!(paragraphs(&report), @"
    Executive summary | - | - | summary | The ferry sank within
    Chapter 1: The crossing > The boat | - | 1.1.1 | finding | The boat was built
    Chapter 1: The crossing > The boat | - | 1.1.2 | finding | It had been surveyed
    Chapter 1: The crossing > The boat | - | 1.1.3 | finding | On the morning of
    Chapter 1: The crossing > The morning | - | 1.2.1 | finding | The fog came down
    Chapter 1: The crossing > The morning | - | - | caption | Figure 1.1: The crossing
    Chapter 1: The crossing > The morning | - | - | caption | Source: the inquiry's own
    Chapter 1: The crossing > The morning | - | 1.2.2 | finding | As figure 1.1 shows,
    Chapter 1: The crossing > The morning | - | - | bullet | in 2014, in a
    Chapter 1: The crossing > The morning | - | - | bullet | in 2020, in a
    Chapter 1: The crossing > The morning | - | 1.2.3 | recommendation | I recommend that a
    Chapter 1: The crossing > The morning | - | - | footnote | The letter of 2020
    Chapter 2: What was known | - | 2.1 | finding | The county had counted
    Chapter 2: What was known | - | 2.2 | finding | The harbour office was
    Chapter 2: What was known > Conclusions | - | 2.3 | finding | Each of those who
    Recommendations | - | 2.4 | recommendation | The county should count
    Recommendations | - | 2.5 | recommendation | The harbour office should
    Notes | - | - | footnote | Evidence of the harbour
    Notes | - | - | footnote | The county's count was
    ");
    assert_eq!(report.record.warnings, []);
}

#[test]
fn the_conclusions_of_a_committee_are_numbered_again_and_told_from_what_it_recommends() {
    let report = example("committee", "lamps.md");
    assert_eq!(report.record.title.as_deref(), Some("Lamps on the moor road"));
    insta::assert_snapshot!(paragraphs(&report), @"
    (front page) | - | - | summary | The report was published
    Summary | - | - | summary | The moor road has
    1 The road and its lamps > Our inquiry | - | 1 | finding | We began this inquiry
    1 The road and its lamps > Our inquiry | - | 2 | finding | The lamps were taken
    1 The road and its lamps > Our inquiry | - | 3 | finding | Conclusion The lamps were
    1 The road and its lamps > Our inquiry | - | 4 | recommendation | Recommendation The ministry should
    1 The road and its lamps > Who pays | - | 5 | finding | The county pays for
    1 The road and its lamps > Who pays | - | - | recommendation | Recommendation The two of
    1 The road and its lamps > Who pays | - | 6 | finding | Conclusion The division of
    1 The road and its lamps > Who pays | - | - | footnote | Oral evidence, question 14.
    Conclusions and recommendations > The road and its lamps | - | 1 | summary | The lamps were meant
    Conclusions and recommendations > The road and its lamps | - | 2 | recommendation | The ministry should say
    Conclusions and recommendations > The road and its lamps | - | 3 | summary | The division of costs
    ");
    assert_eq!(report.record.warnings, []);
    // What the list at the end repeats, and not the item of the list with that number.
    let refers: Vec<_> = report.paragraphs.iter().filter(|p| !p.refers.is_empty()).collect();
    let refers =
        refers.iter().map(|p| (ending(&p.id), p.refers.iter().map(|id| ending(id)).collect()));
    let expected = [("1b", vec!["3"]), ("2b", vec!["4"]), ("3b", vec!["6"])];
    assert_eq!(refers.collect::<Vec<(&str, Vec<&str>)>>(), expected);
}

fn ending(id: &str) -> &str {
    id.rsplit('/').next().unwrap()
}

#[test]
fn numbers_captions_and_end_notes_are_told_without_a_framework() {
    let report = letter("night.md");
    insta::assert_snapshot!(paragraphs(&report), @"
    The line at night | - | - | finding | Third report of the
    The line at night > 3 What happens after five o’clock > The two services | - | 3.1 | finding | The two councils have
    The line at night > 3 What happens after five o’clock > The two services | - | 3.2 | finding | The line was set
    The line at night > 3 What happens after five o’clock > The two services | - | - | bullet | on a Friday, more
    The line at night > 3 What happens after five o’clock > The two services | - | - | bullet | on a Sunday, fewer.
    The line at night > 3 What happens after five o’clock > The two services | - | - | caption | Figure 3.1: Calls to
    The line at night > 3 What happens after five o’clock > The two services | - | - | caption | Source: the line’s own
    The line at night > 3 What happens after five o’clock > The two services | - | 3.3 | finding | As figure 3.1 shows,
    The line at night > 3 What happens after five o’clock > Who calls | - | 3.4 | finding | The police make nearly
    The line at night > 3 What happens after five o’clock > Who calls | - | - | caption | Table 3.1 What became
    The line at night > 3 What happens after five o’clock > Who calls | - | - | table | What became of it
    The line at night > 3 What happens after five o’clock > Who calls | - | - | table | Advice given | 212
    The line at night > 3 What happens after five o’clock > Who calls | - | - | table | Visit on the same
    The line at night > 3 What happens after five o’clock > Who calls | - | 3.6 | finding | In March a brother
    The line at night > Notes | - | - | footnote | Agreement between the two
    The line at night > Notes | - | - | footnote | Count by the review,
    ");
    let told: Vec<&str> = report.record.warnings.iter().map(|w| w.message.as_str()).collect();
    assert!(told.contains(&"paragraph 3.5 was not found"), "{told:?}");
}

#[test]
fn a_search_of_the_example_names_its_framework_in_words() {
    let index = tempfile::tempdir().unwrap();
    let index = index.path().to_str().unwrap();
    assert_eq!(findings(&["--index", index, "index", "reports"]).status.code(), Some(0));
    let answer = findings(&["--index", index, "search", "moor"]);
    assert!(out(&answer).contains("Fire brigade inspection (FRSO)"), "{}", out(&answer));
    let again = findings(&["--index", index, "index", "reports"]);
    assert!(out(&again).contains("nothing has changed"), "{}", out(&again));
}

#[test]
fn another_framework_means_that_reports_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let index = index.to_str().unwrap();
    let empty = folder.path().join("none.toml");
    std::fs::write(&empty, "").unwrap();
    let without = ["--config", empty.to_str().unwrap(), "--index", index, "index", "reports"];
    findings(&without);
    let known = || out(&findings(&["--index", index, "reports", "--format", "jsonl"]));
    assert!(known().contains(r#""framework":"unknown""#), "{}", known());
    findings(&["--index", index, "index", "reports"]);
    assert!(known().contains(r#""framework":"fire-standards""#), "{}", known());
    findings(&without);
    assert!(known().contains(r#""framework":"unknown""#), "{}", known());
}

#[test]
fn a_framework_is_tried_on_a_report_before_it_is_used() {
    let file = "frameworks/fire-standards.toml";
    let answer = findings(&["frameworks", "check", file, "--try", "reports/tarn-valley.md"]);
    assert_eq!(answer.status.code(), Some(0));
    insta::assert_snapshot!(out(&answer), @"
    frameworks/fire-standards.toml can be used: Fire brigade inspection, code `fire-standards`

    Inspection of Tarn Valley Fire Brigade
    Tarn Valley Fire Brigade · Fire brigade inspection (FRSO) · inspected 6–10 March 2023 ·
    published 19 May 2023 · overall: Secure
    lead inspector Odile Farrant · 21 paragraphs · 256 words
    tarn-valley-fire-brigade-fire-standards-2023-03-06 · tarn-valley.md

    Judgements
      Strong   Preventing fires · own line, table
      Secure   Answering calls · heading, table
      Fragile  Looking after its people · own line, table
      Fragile  The control room · heading
      Secure   Overall effectiveness · sentence

    Sections
      page  paragraphs  grade
                     7           (front page)
                     1           Summary
                     2  Strong   How well does the brigade prevent fires?
                     1  Secure   How well does the brigade answer calls?
                     1  Fragile    The control room
                     4  Fragile  How well does the brigade look after its people?
                     5           What the brigade has to do
    ");
}

#[test]
fn a_report_that_a_framework_does_not_recognise_is_told_with_the_patterns_that_were_missed() {
    let letter = root().join("tests/letters/harbour.md");
    let file = "frameworks/fire-standards.toml";
    let answer = findings(&["frameworks", "check", file, "--try", letter.to_str().unwrap()]);
    assert_eq!(answer.status.code(), Some(1));
    let told: Vec<String> = out(&answer).lines().take(8).map(str::to_owned).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    frameworks/fire-standards.toml can be used: Fire brigade inspection, code `fire-standards`

    the report is not recognised by this framework · nor by any other
      all: not found on the first pages: fire and rescue standards office
        no line comes near
      all: not found on the first pages: inspection of [^\n]+ fire brigade
        no line comes near
      none: not found on the first pages: thematic review
    ");
}

#[test]
fn the_list_says_which_frameworks_are_the_users_own() {
    let answer = out(&findings(&["frameworks"]));
    let first: Vec<&str> = answer.lines().take(3).collect();
    insta::assert_snapshot!(first.join("\n"), @"
    fire-standards  Fire brigade inspection (FRSO) · 2021–
      1 Strong · 2 Secure · 3 Fragile · 4 Failing
      from frameworks/fire-standards.toml
    ");
    let json = out(&findings(&["frameworks", "--format", "json"]));
    let all: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(all[0]["code"], "fire-standards");
    assert_eq!(all[0]["grades"][2]["label"], "Fragile");
    assert!(all[0]["file"].as_str().unwrap().ends_with("fire-standards.toml"));
    assert!(all[1]["file"].is_null());
}

#[test]
fn the_file_of_a_framework_is_printed_as_it_is_and_an_unknown_code_is_answered_by_the_nearest() {
    let shown = out(&findings(&["frameworks", "show", "fire-standards"]));
    let file = root().join(EXAMPLE).join("frameworks/fire-standards.toml");
    assert_eq!(shown, std::fs::read_to_string(file).unwrap());
    let answer = findings(&["frameworks", "show", "fire-standard"]);
    assert_eq!(answer.status.code(), Some(2));
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.contains("did you mean `fire-standards`?"), "{said}");
}

#[test]
fn a_file_at_fault_ends_with_2_and_a_line_for_each_fault() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "code = 'mine'\nname = 'Mine'\nshrt = 'M'\n[recognise]\nany = ['(']\n")
        .unwrap();
    let answer = findings(&["frameworks", "check", file.to_str().unwrap()]);
    assert_eq!(answer.status.code(), Some(2));
    let place = folder.path().display().to_string();
    insta::assert_snapshot!(out(&answer).replace(&place, "FOLDER"), @"
    FOLDER/mine.toml:1: error: `short` is missing
    FOLDER/mine.toml:1: error: `period` is missing
    FOLDER/mine.toml:1: warning: section: there is no [[section]]: headings are told by their type alone, and no paragraph has a theme
    FOLDER/mine.toml:3: error: unknown key `shrt`; did you mean `short`?
    FOLDER/mine.toml:5: error: recognise, any: bad pattern: unclosed group, at character 1 (`(`)
    ");
    let said = String::from_utf8(answer.stderr).unwrap();
    insta::assert_snapshot!(said.replace(&place, "FOLDER"), @"error: FOLDER/mine.toml can't be used: 4 errors");
}

#[test]
fn a_configuration_that_is_not_there_is_an_error() {
    let answer = findings(&["--config", "nowhere.toml", "frameworks"]);
    assert_eq!(answer.status.code(), Some(2));
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.starts_with("error: cannot read the configuration nowhere.toml"), "{said}");
}

#[test]
fn a_letter_on_a_focused_visit_is_a_visit_whose_address_is_no_paragraph() {
    let report = letter("focused-2019.txt");
    insta::assert_snapshot!(header(&report), @"
    ilacs, focused visit
    Focused visit to Harrowdale Metropolitan Borough Council children's services
    Harrowdale
    2019-02-12 to 2019-02-13, published 2019-03-14
    led by Rosalind Ekwueme
    ");
    insta::assert_snapshot!(paragraphs(&report), @"
    (front page) | - | - | context | This letter summarises the
    Overview | - | - | summary | Contacts are dealt with
    What needs to improve in this area of social work practice | - | - | recommendation | The time in which
    What needs to improve in this area of social work practice | - | - | recommendation | What managers write down
    Areas for priority action | - | - | recommendation | Children who are seen
    Findings | - | - | bullet | Thresholds are well understood
    Findings | - | - | bullet | Assessments are thin and
    ");
}

#[test]
fn a_monitoring_visit_before_2018_belongs_to_the_single_inspection() {
    let report = letter("monitoring-2016.txt");
    insta::assert_snapshot!(header(&report), @"
    sif, monitoring visit
    Monitoring visit of Harrowdale Metropolitan Borough Council children's services
    Harrowdale
    2016-11-08 to 2016-11-09, published 2016-12-09
    led by Rosalind Ekwueme
    ");
    insta::assert_snapshot!(paragraphs(&report), @"
    (front page) | - | - | context | This letter summarises the
    (front page) | - | - | finding | The local authority is
    Areas covered by the visit | - | - | context | During the course of
    Overview | - | - | summary | The quality of practice
    Findings and evaluation of progress | - | - | finding | Caseloads have fallen from
    ");
}

#[test]
fn lines_above_the_figures_of_an_area_are_headings_and_no_findings() {
    let report = letter("single-2016.txt");
    insta::assert_snapshot!(paragraphs(&report), @"
    The local authority > Information about this local authority area > Children living in this area | - | - | context | Some 40,000 children and
    The local authority > Information about this local authority area > Child protection in this area | - | - | context | At 31 March 2016,
    The local authority > Information about this local authority area > Children looked after in this area | - | - | context | At 31 March 2016,
    The local authority > Recommendations | - | 1 | recommendation | Ensure that every child
    ");
}

#[test]
fn a_local_area_send_letter_has_an_outcome_of_its_own_scale() {
    let report = letter("send-2017.txt");
    insta::assert_snapshot!(header(&report), @"
    send-2016
    Joint local area SEND inspection in Eastmarsh
    Eastmarsh
    2017-05-08 to 2017-05-12, published 2017-07-20
    led by Rosalind Ekwueme
    Written statement of action: Written statement of action required (-)
    ");
    insta::assert_snapshot!(paragraphs(&report), @"
    (opening of the letter) | - | - | context | Between 8 and 12
    (opening of the letter) | - | - | context | The inspection was led
    (opening of the letter) | - | - | summary | As a result of
    Main findings | - | - | bullet | Leaders know what is
    The effectiveness of the local area in identifying children and young people's special educational needs and/or disabilities > Strengths | - | - | bullet | Health visitors see nearly
    The effectiveness of the local area in identifying children and young people's special educational needs and/or disabilities > Areas for development | - | - | bullet | Older pupils are identified
    The effectiveness of the local area in improving outcomes for children and young people with special educational needs and/or disabilities > Strengths | - | - | bullet | Most young people go
    The local area is required to produce and submit a written statement of action to Ofsted that explains how it will tackle the following areas of significant weakness | - | - | recommendation | the quality of education,
    The local area is required to produce and submit a written statement of action to Ofsted that explains how it will tackle the following areas of significant weakness | - | - | recommendation | the wait for speech
    ");
    assert_eq!(report.record.overall, None);
}

#[test]
fn what_only_observes_below_areas_for_improvement_of_a_joint_inspection_is_no_recommendation() {
    insta::assert_snapshot!(paragraphs(&letter("joint-2017.txt")), @"
    (front page) | - | - | context | Between 8 and 12
    (front page) | - | - | summary | Partners know each other
    Key strengths | - | - | bullet | Health visitors see every
    Areas for improvement | - | - | bullet | Minutes of meetings do
    Areas for improvement | - | - | recommendation | Plans go out of
    Areas for improvement | - | - | bullet | When officers should have
    Areas for improvement | - | - | recommendation | Referrals are thin and
    Areas for improvement | - | - | bullet | Oversight needs to improve.
    ");
}

#[test]
fn that_there_is_nothing_to_do_is_no_recommendation_and_when_and_by_whom_is_context() {
    insta::assert_snapshot!(paragraphs(&letter("joint-2023.txt")), @"
    (front page) | - | - | context | This letter sets out
    (front page) | - | - | context | This inspection took place
    Headline findings | - | - | summary | Children are seen quickly
    Areas for priority action | - | - | bullet | There are no areas
    What needs to improve? | - | - | recommendation | The minutes of meetings
    Strengths | - | - | bullet | Visits are on time,
    ");
}

#[test]
fn the_column_next_to_priority_actions_names_their_addressees_on_every_page() {
    let report = letter("send-2024.md");
    let asked = report.paragraphs.iter().filter(|p| p.kind == Kind::Recommendation);
    let lines: Vec<String> = asked
        .map(|p| {
            let words: Vec<&str> = p.text.split(' ').take(4).collect();
            format!("{} | {}", p.addressee.as_deref().unwrap_or("-"), words.join(" "))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Saltmere City Council | Leaders must find out
    NHS Estuary Integrated Care Board | Leaders must shorten the
    Saltmere City Council and NHS Estuary Integrated Care Board | Leaders must write down
    - | Leaders should ask young
    ");
}

#[test]
fn a_revisit_says_whether_progress_is_sufficient() {
    insta::assert_snapshot!(header(&letter("send-revisit-2019.txt")), @"
    send-2016, monitoring visit
    Joint area SEND revisit in Eastmarsh
    Eastmarsh
    2019-09-02 to 2019-09-04, published 2019-10-03
    led by Rosalind Ekwueme
    Progress against the written statement of action: Sufficient progress not made in every area of weakness (-)
    ");
}

#[test]
fn a_report_of_no_known_framework_is_read_by_its_marking_and_the_usual_labels() {
    let html = letter("harbour.html");
    insta::assert_snapshot!(header(&html), @"
    unknown
    Review of the harbour at Port Ansel
    -
    2019-06-03 to 2019-06-05, published 2019-07-12
    led by Ada Brightwater
    ");
    insta::assert_snapshot!(paragraphs(&html), @"
    Review of the harbour at Port Ansel | - | - | finding | Inspection dates: 3 to
    Review of the harbour at Port Ansel | - | - | finding | Published: 12 July 2019
    Review of the harbour at Port Ansel | - | - | finding | Lead inspector: Ada Brightwater
    Review of the harbour at Port Ansel > What we found | - | - | finding | The harbour is well
    Review of the harbour at Port Ansel > What we found > Moorings | - | - | finding | Half of the moorings
    Review of the harbour at Port Ansel > What we found > Moorings | - | - | bullet | The north quay has
    Review of the harbour at Port Ansel > What should be done | - | - | finding | The harbour master should
    ");
    assert!(html.record.warnings.iter().any(|w| w.message.contains("no known framework")));
    let markdown = letter("harbour.md");
    insta::assert_snapshot!(header(&markdown), @"
    unknown
    Harbour review: Port Ansel
    -
    2019-06-03 to 2019-06-05, published 2019-07-12
    led by -
    ");
}

#[test]
fn plain_text_of_no_known_framework_has_sections_too() {
    let text = letter("harbour.txt");
    insta::assert_snapshot!(header(&text), @"
    unknown
    REVIEW OF THE HARBOUR AT PORT ANSEL
    -
    2019-06-03 to 2019-06-03, published -
    led by -
    ");
    insta::assert_snapshot!(paragraphs(&text), @"
    Reviewer's summary | - | - | finding | The harbour is well
    What should be done | - | - | finding | The harbour master should
    ");
}
