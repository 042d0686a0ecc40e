//! Writes what sets two sets of paragraphs apart, one row per term.

use super::table;
use crate::answer::distinctive::{Distinct, Distinction};
use std::io;

/// Writes one row per term: those of the first set, then those of the second. Rates are per 10,000
/// words.
///
/// # Errors
/// Those of `out`.
pub fn distinctive(
    distinction: &Distinction,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    const HEADS: [&str; 29] = [
        "typical_of",
        "term",
        "log_likelihood",
        "log_likelihood_without_one_report",
        "log_ratio",
        "first_count",
        "first_per_10000_words",
        "first_paragraphs",
        "first_reports",
        "first_most_in_one_report",
        "against_count",
        "against_per_10000_words",
        "against_paragraphs",
        "against_reports",
        "against_most_in_one_report",
        "stands_for",
        "first_find",
        "against_find",
        "first_words",
        "against_words",
        "command",
        "asked",
        "index_version",
        "corpus",
        "log_likelihood_by_report",
        "p_value",
        "q_value",
        "first_dispersion",
        "against_dispersion",
    ];
    let row = |(of, term): (&str, &Distinct)| {
        let own = |set: usize| {
            let standing = &term.sets[set];
            [
                standing.count.to_string(),
                format!("{:.4}", standing.per_10_000_words),
                standing.paragraphs.to_string(),
                standing.reports.to_string(),
                standing.most_in_one_report.to_string(),
            ]
        };
        let mut row = vec![
            of.to_owned(),
            term.text.clone(),
            format!("{:.2}", term.log_likelihood),
            format!("{:.2}", term.log_likelihood_without_one_report),
            format!("{:.3}", term.log_ratio),
        ];
        row.extend(own(0).into_iter().chain(own(1)));
        row.push(term.stands_for.join("; "));
        row.extend(term.sets.iter().map(|standing| standing.find.again.command.clone()));
        row.extend(distinction.sets.iter().map(|set| set.words.to_string()));
        let from = &distinction.provenance;
        row.push(from.command.clone());
        row.push(from.asked.to_string());
        row.push(from.index_version.to_string());
        row.push(from.corpus.fingerprint.clone());
        row.push(format!("{:.2}", term.log_likelihood_by_report));
        row.push(format!("{:.4}", term.p_value));
        row.push(format!("{:.4}", term.q_value));
        let spread = |dispersion: f64| format!("{dispersion:.3}");
        row.extend(term.sets.iter().map(|own| own.dispersion.map(spread).unwrap_or_default()));
        row
    };
    let [first, second] = &distinction.terms;
    let first = first.iter().map(|term| ("first", term));
    let rows = first.chain(second.iter().map(|term| ("against", term))).map(row);
    table(&HEADS, rows, bom, out)
}
