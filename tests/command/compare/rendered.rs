//! Tests the answer as people and spreadsheets see it.

use super::made::{LABELS, compared, grade, index, paragraph, question, report};
use findings::render::csv;
use findings::render::terminal::{self, Look};
use findings_index::Engine;
use findings_index::records::{Attribute, ParagraphRecord, ReportRecord};
use findings_index::request::Filters;
use std::sync::Arc;
use tempfile::TempDir;

/// Two authorities, one of them small, with grades.
fn two_authorities() -> (TempDir, Arc<dyn Engine>) {
    let entry = |number: usize, authority: &str, label: &str, matching: usize, all: usize| {
        let report = ReportRecord {
            authority: Some(authority.to_owned()),
            overall: Some(grade(label)),
            ..report(number)
        };
        let text = |at| if at < matching { "A late visit in May." } else { "All plans are made." };
        let paragraphs = (0..all).map(|at| ParagraphRecord {
            grade: Some(grade(LABELS[at % 2])),
            ..paragraph(&report, at, text(at))
        });
        let paragraphs = paragraphs.collect();
        (report, paragraphs)
    };
    index(&[
        entry(1, "Elmet", "Good", 12, 240),
        entry(2, "Much Longer Name upon the Water", "Requires improvement", 0, 20),
    ])
}

#[test]
fn at_80_columns_a_comparison_reads_from_the_sentence_to_how_to_repeat_it() {
    let (_dir, reader) = two_authorities();
    let by = [Attribute::Authority, Attribute::Grade];
    let mut question = question("\"late visit\"", &by, Filters::default());
    question.again.command = "findings compare '\"late visit\"' --by=authority".to_owned();
    let answer = compared(&reader, &question);
    let mut out = Vec::new();
    let look = Look::plain(Some(80), false);
    terminal::comparison(&answer, &look, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let text = text.replace(&answer.provenance.corpus.fingerprint, "0123456789abcdef");
    insta::assert_snapshot!(text, @r#"
    "late visit": mentioned in 1 of 2 inspections of 2 authorities, 2015 (50%); in 0
    of 1 judged requires improvement and 1 of 1 judged good.
    Looked through: 260 paragraphs of 1,052 words in 2 reports, all that is held but
    for context and boilerplate. 12 of them in 1 report match.

    Authority › Section grade  match   of  per 100  95%      0──────6.9  reports
    Elmet *                       12  240      5.0  too few        ┊●     1 of 1
      Good *                       6  120      5.0  too few        ┊●     1 of 1
      Requires improvem… *         6  120      5.0  too few        ┊●     1 of 1
    Much Longer Name up… *         0   20        0  too few  ●     ┊      0 of 1
      Good *                       0   10        0  too few  ●     ┊      0 of 1
      Requires improvem… *         0   10        0  too few  ●     ┊      0 of 1
    all                           12  260      4.6  too few        ●      1 of 2
    match: paragraphs that mention it; of: eligible paragraphs; ● rate, ─ its 95%
    interval, ┊ rate of all; reports: those that mention it; too few: fewer than 5
    reports, or fewer than 20 paragraphs that mention it or that do not (10 in 100
    reports or more); * small group

    Grades of the sections in which it is
      section grade         matches       eligible
      Good                        6  50%       130  50%
      Requires improvement        6  50%       130  50%
      recommendations: 0 of 0 (– per 100) · all other paragraphs: 12 of 260 (4.6 per
      100)

    Silence
      inspected, never mentioning it: 1 · Much Longer Name upon the Water (1
        inspection, 2015, 80 words)
      no report held, of those asked for: 1 · Rheged
      report could not be read: 0

    Quotes
      Quoted are the paragraphs that match best, one from each report before a
      second from any, and none that says nearly the same as another: 6 in 10 of its
      runs of four words.

      Elmet · 1 of 12 shown
      - A **late visit** in May.
        report-1, paragraph 0 · report-1/0

    What to know
      - What is counted is whether a paragraph mentions it, not what the paragraph
        says about it: a mention may be praise or criticism.
      - A section grade is the judgement on the section in which a paragraph stands,
        never on the paragraph itself.
      - Groups marked as small have fewer than 100 eligible paragraphs or only one
        or two reports: their rates say little.
      - 6 of 6 groups have too few matches or reports for an interval: how much
        their rates owe to chance cannot be said. Too few are fewer than 5 reports,
        or fewer than 20 paragraphs that mention it or that do not (10 in 100
        reports or more).
      - An inspection is a report that was looked through, and mentions it if one of
        its paragraphs matches. It counts with the overall judgement that the same
        report gives on the authority; area SEND outcomes are on a scale of their
        own, and judgements on a safeguarding board do not count.
      - The reports that are held are no random sample: intervals say how sure a
        figure would be if they were.
      - Intervals are 95% intervals with the report as the cluster, and one degree
        of freedom fewer than there are reports (Korn and Graubard 1998); there is
        none of fewer than five reports, and of fewer than 20 matches (10 in 100
        reports or more) there are too few for one to be relied on.

    To repeat this
      findings compare '"late visit"' --by=authority
      understood as "late visit" · corpus 0123456789abcdef · index format 11 ·
      findings 0.1.0 · 2026-02-03
    "#);
}

#[test]
fn csv_has_a_row_for_every_cell_and_one_for_all_with_units_in_its_heads() {
    let (_dir, reader) = two_authorities();
    let by = [Attribute::Authority, Attribute::Grade];
    let question = question("\"late visit\"", &by, Filters::default());
    let answer = compared(&reader, &question);
    let mut out = Vec::new();
    csv::comparison(&answer, false, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 6, "{text}");
    assert!(rows[0].starts_with("by,value,and,and_value,matching_paragraphs,eligible_paragraphs,"));
    assert!(rows[0].contains(",rate_per_100_paragraphs,rate_95_low,rate_95_high,"));
    assert!(rows[1].starts_with("authority,Elmet,grade,Good,6,120,5.0000,,,"), "{text}");
    assert!(rows[5].starts_with("authority,(all),,,12,260,4.6154,"), "{text}");
}
