//! Writes a comparison, one row per group.

use super::{code, or_empty, table};
use crate::answer::compare::funnel::Point;
use crate::answer::compare::{Comparison, Group, Share};
use crate::render::words;
use std::io;

/// Writes a comparison: one row per group, or per cell in a table of two dimensions, and a last one
/// for all together. Rates are per 100, as are the ends of their 95% intervals.
///
/// # Errors
/// Those of `out`.
pub fn comparison(comparison: &Comparison, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 44] = [
        "by",
        "value",
        "and",
        "and_value",
        "matching_paragraphs",
        "eligible_paragraphs",
        "rate_per_100_paragraphs",
        "rate_95_low",
        "rate_95_high",
        "rate_per_10000_words",
        "eligible_words",
        "matching_reports",
        "eligible_reports",
        "reports_percent",
        "reports_percent_95_low",
        "reports_percent_95_high",
        "matching_recommendations",
        "eligible_recommendations",
        "matching_other_paragraphs",
        "eligible_other_paragraphs",
        "section_grades_of_matching",
        "section_grades_of_eligible",
        "small_group",
        "find_matching",
        "find_eligible",
        "query",
        "asked",
        "index_version",
        "corpus",
        "effective_paragraphs",
        "too_few_for_interval",
        "expected_paragraphs",
        "standardised_rate_per_100_paragraphs",
        "standardised_95_low",
        "standardised_95_high",
        "funnel_place",
        "first_date",
        "last_date",
        "sentence",
        "neighbourhood",
        "attribution",
        "denied_paragraphs",
        "reports_too_few_for_interval",
        "standardised_too_few_for_interval",
    ];
    let named =
        |at: usize| comparison.by.get(at).map_or_else(String::new, |by| by.name().to_owned());
    let place = |group: &Group| {
        let points = comparison.funnel.iter().flat_map(|funnel| &funnel.points);
        let is_own = |point: &&Point| group.values.first() == Some(&point.value);
        let own = points.filter(|_| group.values.len() == 1).find(is_own);
        own.map_or_else(String::new, |point| code(point.place))
    };
    let attribution = words::attributions(&comparison.names, &comparison.sources).join(" ");
    let row = |group: &Group| {
        let value = |at: usize| match group.values.get(at) {
            None if at == 0 => "(all)".to_owned(),
            None => String::new(),
            Some(None) => words::ABSENT.to_owned(),
            Some(Some(value)) => value.clone(),
        };
        let and = if group.values.len() > 1 { named(1) } else { String::new() };
        let rate = group.paragraphs;
        let from = &comparison.provenance;
        [
            named(0),
            value(0),
            and,
            value(1),
            rate.count.to_string(),
            rate.out_of.to_string(),
            number(rate.percent),
            number(rate.low),
            number(rate.high),
            number(group.per_10_000_words),
            group.eligible.words.to_string(),
            group.reports.count.to_string(),
            group.reports.out_of.to_string(),
            number(group.reports.percent),
            number(group.reports.low),
            number(group.reports.high),
            group.recommendations.count.to_string(),
            group.recommendations.out_of.to_string(),
            group.findings.count.to_string(),
            group.findings.out_of.to_string(),
            grades(group, |row| row.matching),
            grades(group, |row| row.eligible),
            group.is_small.to_string(),
            group.find_matching.again.command.clone(),
            group.find_eligible.again.command.clone(),
            comparison.looked_for.query.clone(),
            from.asked.to_string(),
            from.index_version.to_string(),
            from.corpus.fingerprint.clone(),
            number(rate.effective),
            rate.too_few.to_string(),
            number(group.standardised.map(|own| own.expected)),
            number(group.standardised.and_then(|own| own.percent)),
            number(group.standardised.and_then(|own| own.low)),
            number(group.standardised.and_then(|own| own.high)),
            place(group),
            or_empty(group.span.first.as_ref()),
            or_empty(group.span.last.as_ref()),
            comparison.sentence.clone(),
            comparison.near(group).map_or_else(String::new, |near| words::near(near).to_owned()),
            attribution.clone(),
            group.denied.to_string(),
            group.reports.too_few.to_string(),
            or_empty(group.standardised.map(|own| own.too_few).as_ref()),
        ]
    };
    let groups = if comparison.cells.is_empty() { &comparison.groups } else { &comparison.cells };
    table(&HEADS, groups.iter().chain([&comparison.whole]).map(row), bom, out)
}

/// Writes four decimal places: more than any rate here deserves.
fn number(number: Option<f64>) -> String {
    or_empty(number.map(|number| format!("{number:.4}")).as_ref())
}

fn grades(group: &Group, count: impl Fn(&crate::answer::compare::GradeRow) -> Share) -> String {
    let counts = group.grades.iter().map(|row| {
        let label = row.label.as_deref().unwrap_or(words::ABSENT);
        format!("{label}: {}", count(row).count)
    });
    counts.collect::<Vec<_>>().join("; ")
}
