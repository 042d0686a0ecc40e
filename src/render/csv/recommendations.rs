//! Writes recommendations, one row each; or counts of them, one row for each value.

use super::{date, label, normal, or_empty, table};
use crate::answer::recommendations::{Recommendation, Recommendations};
use crate::render::words;
use findings_index::records::Attribute;
use std::io;

/// Writes the recommendations that are listed, or those of the chains, each with the number of its
/// chain.
///
/// # Errors
/// Those of `out`.
pub fn recommendations(
    answer: &Recommendations,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    const HEADS: [&str; 29] = [
        "rank",
        "chain",
        "authority",
        "region",
        "framework",
        "visit",
        "inspection_start",
        "inspection_end",
        "published",
        "overall",
        "addressee",
        "timescale",
        "theme",
        "topics",
        "section",
        "number",
        "page",
        "lead",
        "text",
        "parts",
        "citation",
        "id",
        "report",
        "repeats",
        "repeated_by",
        "closeness",
        "shared_words",
        "command",
        "corpus",
    ];
    let chained = answer.repeated.listed.iter().flat_map(|chain| &chain.recommendations);
    let rows = answer.recommendations.iter().chain(chained).map(|own| row(answer, own));
    table(&HEADS, rows, bom, out)
}

fn row(answer: &Recommendations, own: &Recommendation) -> Vec<String> {
    let report = &own.report;
    // How alike the most alike is of those that it repeats.
    let likeness = own.repeats.iter().map(|link| link.likeness);
    let best = likeness.max_by_key(|own| (own.closeness, own.wording));
    let earlier = own.repeats.iter().map(|link| link.earlier.as_str());
    let later = own.repeated_by.iter().map(|link| link.later.as_str());
    let hundredths = |number: i64| format!("{}.{:02}", number / 100, number % 100);
    vec![
        or_empty(own.rank.as_ref()),
        or_empty(own.chain.as_ref()),
        report.name().unwrap_or_default().to_owned(),
        or_empty(report.region.as_ref()),
        report.framework.clone(),
        report.visit.map(words::visit).unwrap_or_default().to_owned(),
        date(report.inspection_start),
        date(report.inspection_end),
        date(report.published),
        label(report.overall.as_ref()),
        normal(Attribute::Addressee, own.addressee.as_deref()),
        normal(Attribute::Timescale, own.timescale.as_deref()),
        or_empty(own.theme.as_ref()),
        own.topics.join("; "),
        own.section.join(" > "),
        or_empty(own.number.as_ref()),
        or_empty(own.page.as_ref()),
        or_empty(own.lead.as_ref()),
        own.text.clone(),
        own.parts.join("; "),
        own.citation.clone(),
        own.id.clone(),
        report.id.clone(),
        earlier.collect::<Vec<_>>().join("; "),
        later.collect::<Vec<_>>().join("; "),
        or_empty(best.and_then(|own| own.closeness).map(hundredths).as_ref()),
        or_empty(best.map(|own| hundredths(own.wording)).as_ref()),
        answer.provenance.command.clone(),
        answer.provenance.corpus.fingerprint.clone(),
    ]
}

/// Writes the counts, one row for each value.
///
/// # Errors
/// Those of `out`.
pub fn recommendation_groups(
    answer: &Recommendations,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    const HEADS: [&str; 11] = [
        "by",
        "value",
        "name",
        "recommendations",
        "of_recommendations",
        "reports",
        "authorities",
        "repeated",
        "find",
        "command",
        "corpus",
    ];
    let rows = answer.groups.iter().flat_map(|groups| {
        groups.values.iter().map(|group| {
            [
                groups.by.name().to_owned(),
                group.value.clone().unwrap_or_else(|| words::ABSENT.to_owned()),
                crate::render::recommendations::value(&answer.names, groups.by, group),
                group.recommendations.to_string(),
                answer.total.to_string(),
                group.reports.to_string(),
                group.authorities.to_string(),
                group.repeated.to_string(),
                or_empty(group.find.as_ref().map(|find| &find.again.command)),
                answer.provenance.command.clone(),
                answer.provenance.corpus.fingerprint.clone(),
            ]
        })
    });
    table(&HEADS, rows, bom, out)
}
