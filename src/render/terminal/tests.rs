//! Tests what people see on the terminal.

use super::{Look, View, ledger, outline, passage, reports, search};
use crate::ask::{Answer, Conditions, Relaxed};
use crate::render::wording::Neutral;
use crate::render::{Passage, samples};
use findings_index::language::query::NodeKind;
use findings_index::records::{Attribute, Kind};
use findings_index::request::{
    ClauseCount, Expansion, ExplainedPart, Explanation, SearchResponse, Sort,
};
use std::io;

fn look(width: Option<usize>, colour: bool) -> Look<'static> {
    Look { width, colour, names: &samples::NAMES, wording: &Neutral }
}

fn narrow() -> Look<'static> {
    look(Some(80), false)
}

fn wide() -> Look<'static> {
    look(Some(200), false)
}

fn piped() -> Look<'static> {
    look(None, false)
}

fn colour() -> Look<'static> {
    look(Some(80), true)
}

fn written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    assert!(write(&mut out).is_ok());
    String::from_utf8_lossy(&out).replace('\u{1b}', "␛")
}

#[test]
fn hits_at_80_columns() {
    let text =
        written(|out| search(&Answer::of(samples::response()), &View::default(), &narrow(), out));
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    insta::assert_snapshot!(text, @"
    1,248 paragraphs in 33 reports · 1–2 shown, most relevant first

    Section grade           Year           Authority
    Inadequate     1,020    2015  1,100    Wealdshire  1,100
    Good              96    2017    148    Port Ansel    148
    (none)           132

    1. Wealdshire · Single inspection (SIF) · inspected October 2015
       Children who need help and protection › Children who go missing ·
       section grade: Inadequate · paragraph 45 · pages 11–12
       When children come home, a **return interview** is offered in fewer than half
       of the cases, and it is seldom held within three days. What they say is not
       brought together, so that leaders cannot tell where children are at risk.
       wealdshire-sif-2015-10-19/45

    2. Port Ansel · Joint targeted area inspection (JTAI) · published March 2017
       recommendation (within three months)
       offer the **return interview** to every child
       port-ansel-jtai-2017/p3-2

    1,246 paragraphs left: from result 3
    ");
}

#[test]
fn hits_at_200_columns_keep_to_a_readable_measure() {
    let text =
        written(|out| search(&Answer::of(samples::response()), &View::default(), &wide(), out));
    insta::assert_snapshot!(text, @"
    1,248 paragraphs in 33 reports · 1–2 shown, most relevant first

    Section grade           Year           Authority
    Inadequate     1,020    2015  1,100    Wealdshire  1,100
    Good              96    2017    148    Port Ansel    148
    (none)           132

    1. Wealdshire · Single inspection (SIF) · inspected October 2015
       Children who need help and protection › Children who go missing · section grade: Inadequate ·
       paragraph 45 · pages 11–12
       When children come home, a **return interview** is offered in fewer than half of the cases, and
       it is seldom held within three days. What they say is not brought together, so that leaders
       cannot tell where children are at risk.
       wealdshire-sif-2015-10-19/45

    2. Port Ansel · Joint targeted area inspection (JTAI) · published March 2017
       recommendation (within three months)
       offer the **return interview** to every child
       port-ansel-jtai-2017/p3-2

    1,246 paragraphs left: from result 3
    ");
}

#[test]
fn colour_marks_the_phrase_as_one_and_repeats_the_grade() {
    let mut response = samples::response();
    response.facets.clear();
    response.hits.truncate(1);
    response.left = 1_247;
    let text =
        written(|out| search(&Answer::of(response.clone()), &View::default(), &colour(), out));
    insta::assert_snapshot!(text, @"
    ␛[1m1,248 paragraphs␛[0m in ␛[1m33 reports␛[0m␛[2m · ␛[0m␛[2m1 shown, most relevant first␛[0m

    1. ␛[1mWealdshire␛[0m␛[2m · ␛[0mSingle inspection (SIF)␛[2m · ␛[0minspected October 2015
       Children who need help and protection › Children who go missing␛[2m ·␛[0m
       section grade: ␛[31mInadequate␛[0m␛[2m · ␛[0mparagraph 45␛[2m · ␛[0mpages 11–12
       When children come home, a ␛[1m␛[35mreturn interview␛[0m is offered in fewer than half of
       the cases, and it is seldom held within three days. What they say is not
       brought together, so that leaders cannot tell where children are at risk.
       ␛[2mwealdshire-sif-2015-10-19/45␛[0m

    ␛[2m1,247 paragraphs left: from result 2␛[0m
    ");
}

#[test]
fn groups_have_headings_and_totals() {
    let view = View { group: Some(Attribute::Report), offset: 4, ..View::default() };
    let text = written(|out| search(&Answer::of(samples::grouped()), &view, &narrow(), out));
    insta::assert_snapshot!(text, @"
    1,248 paragraphs in 33 reports · 5–6 of 33 reports, most relevant first

    Wealdshire · Single inspection (SIF) · inspected October 2015 ·
      overall: Inadequate · 12 paragraphs, 2 shown
    1. Children who need help and protection › Children who go missing ·
       section grade: Inadequate · paragraph 45 · pages 11–12
       When children come home, a **return interview** is offered in fewer than half
       of the cases, and it is seldom held within three days. What they say is not
       brought together, so that leaders cannot tell where children are at risk.
       wealdshire-sif-2015-10-19/45

    2. Children who need help and protection › Children who go missing ·
       section grade: Inadequate · paragraph 52 · pages 11–12
       A **return interview** is not a return to ask for.
       wealdshire-sif-2015-10-19/52

    Port Ansel · Joint targeted area inspection (JTAI) · published March 2017 ·
      1 paragraph
    2. recommendation (within three months)
       offer the **return interview** to every child
       port-ansel-jtai-2017/p3-2

    27 reports left: from result 7
    ");
    let view = View { group: Some(Attribute::Authority), ..View::default() };
    let newest = SearchResponse { sort: Sort::Date, ..samples::grouped() };
    let text = written(|out| search(&Answer::of(newest), &view, &narrow(), out));
    insta::assert_snapshot!(text, @"
    1,248 paragraphs in 33 reports · 1–2 of 33 authorities, newest first

    Wealdshire · 12 paragraphs, 2 shown
    1. Single inspection (SIF) · inspected October 2015
       Children who need help and protection › Children who go missing ·
       section grade: Inadequate · paragraph 45 · pages 11–12
       When children come home, a **return interview** is offered in fewer than half
       of the cases, and it is seldom held within three days. What they say is not
       brought together, so that leaders cannot tell where children are at risk.
       wealdshire-sif-2015-10-19/45

    2. Single inspection (SIF) · inspected October 2015
       Children who need help and protection › Children who go missing ·
       section grade: Inadequate · paragraph 52 · pages 11–12
       A **return interview** is not a return to ask for.
       wealdshire-sif-2015-10-19/52

    Port Ansel · 1 paragraph
    2. Joint targeted area inspection (JTAI) · published March 2017
       recommendation (within three months)
       offer the **return interview** to every child
       port-ansel-jtai-2017/p3-2

    31 authorities left: from result 3
    ");
}

#[test]
fn nothing_found_says_what_would_help_and_shows_what_comes_close() {
    let mut response = samples::response();
    response.total = 0;
    response.reports = 0;
    response.left = 0;
    response.closest_from = Some(1);
    response.hits.remove(0);
    response.hits[0].rank = 1;
    let inadequate = vec!["inadequate".to_owned()];
    let without =
        Conditions { values: [(Attribute::Grade, inadequate)].into(), ..Conditions::default() };
    let relaxed = vec![Relaxed { without, total: 12 }];
    let view = View::default();
    let answer = Answer { relaxed: relaxed.clone(), ..Answer::of(response.clone()) };
    let text = written(|out| search(&answer, &view, &narrow(), out));
    insta::assert_snapshot!(text, @"
    nothing found in 5,600 paragraphs of 40 reports
      without grade inadequate there would be 12 paragraphs

    close to it, but without some of the words (not counted above):

    1. Port Ansel · Joint targeted area inspection (JTAI) · published March 2017
       recommendation (within three months)
       offer the **return interview** to every child
       port-ansel-jtai-2017/p3-2
    ");
    response.hits.clear();
    response.closest_from = None;
    let answer = Answer { relaxed, ..Answer::of(response) };
    let text = written(|out| search(&answer, &view, &narrow(), out));
    insta::assert_snapshot!(text, @"
    nothing found in 5,600 paragraphs of 40 reports
      without grade inadequate there would be 12 paragraphs
    ");
}

#[test]
fn a_query_says_how_it_was_understood_and_a_hit_why_it_stands_there() {
    let mut response = samples::response();
    response.facets.clear();
    response.hits.truncate(1);
    response.query = "(RHI OR return-home-interview OR return-interview) late".to_owned();
    let expansion = |also: &str, count, alone| Expansion {
        written: "RHI".to_owned(),
        also: also.to_owned(),
        count,
        alone,
    };
    response.expansions = vec![
        expansion("return home interview", 389, 351),
        expansion("return interview", 114, 0),
        expansion("independent return interview", 0, 0),
    ];
    let clause =
        |depth, kind, text: &str, total| ClauseCount { depth, kind, text: text.to_owned(), total };
    response.clauses = vec![
        clause(0, NodeKind::And, "…", 1_248),
        clause(1, NodeKind::Expanded, "…", 1_530),
        clause(2, NodeKind::Word, "RHI", 39),
        clause(2, NodeKind::Word, "return home interview", 773),
        clause(1, NodeKind::Word, "late", 4_100),
    ];
    let part = |text: &str, occurrences, score| ExplainedPart {
        text: text.to_owned(),
        occurrences,
        score,
    };
    response.hits[0].explanation = Some(Explanation {
        parts: vec![part("RHI", 2, 6.25), part("late", 0, 0.0)],
        coverage: 0.9,
        length: 1.0,
        kind: 0.8,
        negation: 0.5,
        opposed: Some("late".to_owned()),
        meaning: 0.0,
    });
    response.hits[0].alike = vec!["wealdshire-sif-2013-02-04/31".to_owned()];
    let passed_over = vec!["the".to_owned()];
    let answer = Answer { passed_over, ..Answer::of(response.clone()) };
    let text = written(|out| search(&answer, &View::default(), &narrow(), out));
    insta::assert_snapshot!(text, @"
    1,248 paragraphs in 33 reports · 1 shown, most relevant first
    also searched for RHI: return home interview (389 paragraphs, 351 found only
      this way), return interview (114 paragraphs); 1 other synonym matched nothing
    skipped as too common: the

    the query, as understood              paragraphs
    all of these                               1,248
      one of these synonyms                    1,530
        RHI (any form)                            39
        return home interview (any form)         773
      late (any form)                          4,100

    1. Wealdshire · Single inspection (SIF) · inspected October 2015
       Children who need help and protection › Children who go missing ·
       section grade: Inadequate · paragraph 45 · pages 11–12
       When children come home, a **return interview** is offered in fewer than half
       of the cases, and it is seldom held within three days. What they say is not
       brought together, so that leaders cannot tell where children are at risk.
       why: RHI twice adds 6.2; without late: times 0.90; not a finding of its own:
       times 0.80; says the opposite of ‘late’: times 0.50; together 7.2
       and 1 more like it: wealdshire-sif-2013-02-04/31
       wealdshire-sif-2015-10-19/45

    1,246 paragraphs left: from result 2
    ");
}

#[test]
fn a_report_cannot_steer_the_terminal() {
    let mut response = samples::response();
    let hit = &mut response.hits[0];
    hit.paragraph.text = "\u{1b}[2Jgone\u{9b}1m\nnext\u{202e}line".to_owned();
    hit.spans = vec![[0, 3]];
    hit.paragraph.section = vec!["Head\u{7}ing".to_owned()];
    hit.head.authority = Some("Weald\u{1b}]0;title\u{7}shire".to_owned());
    response.facets[2].counts[0].value = Some("Weald\u{1b}shire".to_owned());
    let text =
        written(|out| search(&Answer::of(response.clone()), &View::default(), &narrow(), out));
    let raw = |c: char| c == '␛' || (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(raw), "{text}");
}

#[test]
fn the_outline_of_a_report_at_80_columns() {
    let text = written(|out| outline(&samples::report(), &narrow(), out));
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    insta::assert_snapshot!(text, @"
    Wealdshire County Council: inspection of services for children
    Wealdshire · Single inspection (SIF) · inspected 19 October – 12 November 2015 ·
    published 8 January 2016 · overall: Inadequate
    lead inspector Ada Brook · 41 pages · 137 paragraphs · 14,820 words
    wealdshire-sif-2015-10-19 · reports/wealdshire.pdf
    Contains public sector information licensed under the Open Government Licence
    v3.0. © Crown copyright, Ofsted

    Judgements
      Inadequate            Children who need help and protection · table, heading
      Requires improvement  Leadership, management and governance · table
      Not judged            Local Safeguarding Children Board ·
                            of the safeguarding board · sentence

    Sections
      page  paragraphs  grade
         2           4              Executive summary
         9          12  Inadequate  Children who need help and protection
        11           7  Inadequate    Children who go missing, and what is done when
                                        they come home again

    Warnings
      page 12: paragraph 46 is missing
    ");
}

#[test]
fn a_paragraph_stands_among_its_neighbours() {
    let asked = samples::paragraph();
    let mut before = asked.clone();
    before.id = "wealdshire-sif-2015-10-19/44".to_owned();
    before.number = Some("44".to_owned());
    before.text = "The panel meets weekly.".to_owned();
    let mut bullet = asked.clone();
    bullet.id = "wealdshire-sif-2015-10-19/45-1".to_owned();
    bullet.number = None;
    bullet.kind = Kind::Bullet;
    bullet.parent = Some(asked.id.clone());
    bullet.text = "in the north of the county".to_owned();
    let other = samples::bare_hit().paragraph;
    let all = vec![other, before, asked, bullet];
    let shown = Passage::around(samples::report(), all.clone(), 2, 1);
    let text =
        written(|out| passage(shown.as_ref().ok_or(io::ErrorKind::NotFound)?, &narrow(), out));
    insta::assert_snapshot!(text, @"
    Wealdshire · Single inspection (SIF) · inspected 19 October – 12 November 2015 ·
    published 8 January 2016 · overall: Inadequate

    Children who need help and protection › Children who go missing ·
      section grade: Inadequate

      paragraph 44 · pages 11–12 · topics: missing · wealdshire-sif-2015-10-19/44
      The panel meets weekly.

    > paragraph 45 · pages 11–12 · topics: missing · wealdshire-sif-2015-10-19/45
      When children come home, a return interview is offered in fewer than half of
      the cases, and it is seldom held within three days. What they say is not
      brought together, so that leaders cannot tell where children are at risk.

        bullet · pages 11–12 · topics: missing · wealdshire-sif-2015-10-19/45-1
        in the north of the county

    cite as: Wealdshire, Single inspection, 19 October 2015, Children who go
      missing, paragraph 45, pages 11–12
    file: reports/wealdshire.pdf, pages 11–12
    ");
    assert_eq!(Passage::around(samples::report(), all, 4, 1), None);
}

#[test]
fn reports_are_a_table_where_there_is_room() {
    let mut second = samples::report();
    second.id = "port-ansel-ilacs-2019-02-04".to_owned();
    second.authority = Some("Port Ansel".to_owned());
    second.framework = "ilacs".to_owned();
    second.overall = None;
    second.published = None;
    let held = [second, samples::report()];
    let text = written(|out| reports(&held, 40, &piped(), out));
    insta::assert_snapshot!(text, @"
    authority   framework  inspected   published   overall     paragraphs  id
    Port Ansel  ilacs      2015-10-19  –           –                  137  port-ansel-ilacs-2019-02-04
    Wealdshire  sif        2015-10-19  2016-01-08  Inadequate         137  wealdshire-sif-2015-10-19

    2 reports · 274 paragraphs · 40 held in all
    ");
    let text = written(|out| reports(&held, 2, &narrow(), out));
    insta::assert_snapshot!(text, @"
    Port Ansel · ilacs · October 2015
      port-ansel-ilacs-2019-02-04 · 137 paragraphs
    Wealdshire · sif · October 2015 · Inadequate
      wealdshire-sif-2015-10-19 · 137 paragraphs

    2 reports · 274 paragraphs
    ");
    let text = written(|out| reports(&[], 2, &narrow(), out));
    insta::assert_snapshot!(text, @"no report found among the 2 held");
}

#[test]
fn the_ledger_tells_what_is_worth_reading() {
    let text = written(|out| ledger(&samples::ledger(), false, &narrow(), out));
    insta::assert_snapshot!(text, @r#"
    4 files, last indexed 1970-01-01 00:00 UTC
      /reports

      1  read
      1  duplicate
      1  not a report
      1  unreadable
      1  read with warnings

    unreadable
      /reports/d�[2J.pdf
        has 9,000 pages, more than the limit of 2,000

    not a report
      /reports/c.pdf
        is a saved web page that says "not found"

    duplicate
      /reports/b.pdf
        has the same bytes as /reports/a.pdf
    "#);
    let text = written(|out| ledger(&samples::ledger(), true, &narrow(), out));
    assert!(text.contains("wealdshire-sif-2015-10-19"), "{text}");
}
