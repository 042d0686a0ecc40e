//! Writes what sets two sets of paragraphs apart: the terms of each, and the rules.

use super::outline::part;
use super::prose::Prose;
use super::provenance::repeat;
use super::table::{Side, Table};
use super::{Ink, Look, MEASURE, paint};
use crate::answer::distinctive::{Distinct, Distinction};
use crate::render::{clean, words};
use std::io;

/// From this width on there are more columns.
const WIDE: usize = 120;

/// The most names that are shown of those left out.
const NAMED: usize = 8;

/// Writes the terms of both sets.
///
/// # Errors
/// Those of `out`.
pub fn distinctive(
    distinction: &Distinction,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for (name, set) in ["first", "second"].iter().zip(&distinction.sets) {
        let mut line = Prose::new();
        line.add(Ink::Strong, name);
        let every = "every paragraph".to_owned();
        let said = if set.conditions.is_empty() { &every } else { &set.conditions };
        line.add(Ink::Plain, &format!(": {said}"));
        line.item(Ink::Faint, &words::count(set.paragraphs, "paragraph"));
        line.item(Ink::Faint, &words::count(set.reports, "report"));
        let own = usize::try_from(set.words).unwrap_or(usize::MAX);
        line.item(Ink::Faint, &words::count(own, "word"));
        line.write(out, look, "", "  ")?;
    }
    let names = ["the first set", "the second set"];
    for (set, terms) in distinction.terms.iter().enumerate() {
        part(&format!("More often in {}", names[set]), look, out)?;
        if terms.is_empty() {
            let mut line = Prose::new();
            line.add(Ink::Plain, "no term").write(out, look, "  ", "  ")?;
            continue;
        }
        table(distinction, set, terms, look, out)?;
        if let Some(best) = terms.first() {
            let mut line = Prose::new();
            line.add(Ink::Faint, &format!("the paragraphs of ‘{}’:", best.text));
            line.write(out, look, "  ", "  ")?;
            // Not wrapped, so that it can be copied.
            let command = clean::line(&best.sets[set].find.again.command);
            paint(out, look, Ink::Plain, &format!("  {command}"))?;
            writeln!(out)?;
        }
    }
    left_out(distinction, look, out)?;
    part("What to know", look, out)?;
    for note in distinction.rules.iter().chain(&distinction.notes) {
        let mut line = Prose::new();
        line.add(Ink::Plain, note).write(out, look, "  - ", "    ")?;
    }
    repeat(None, &distinction.provenance, look, out)
}

fn table(
    distinction: &Distinction,
    set: usize,
    terms: &[Distinct],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let is_wide = look.width.unwrap_or(MEASURE) >= WIDE;
    let mut heads = vec![
        ("term", Side::Left),
        ("per 10,000", Side::Right),
        ("against", Side::Right),
        ("log ratio", Side::Right),
        ("G²", Side::Right),
        ("q", Side::Right),
        ("reports", Side::Right),
        ("against", Side::Right),
        ("DP", Side::Right),
    ];
    if is_wide {
        heads.push(("times", Side::Right));
        heads.push(("against", Side::Right));
        heads.push(("stands for", Side::Left));
    }
    let mut table = Table::new(&heads);
    for term in terms {
        let [first, second] = &term.sets;
        let rate = |rate: f64| match rate {
            0.0 => "0".to_owned(),
            rate if rate < 0.095 => format!("{rate:.2}"),
            rate => format!("{rate:.1}"),
        };
        let of =
            |set: usize| format!("{}/{}", term.sets[set].reports, distinction.sets[set].reports);
        let mut cells = vec![
            (Ink::Strong, term.text.clone()),
            (Ink::Plain, rate(first.per_10_000_words)),
            (Ink::Plain, rate(second.per_10_000_words)),
            (Ink::Plain, format!("{:+.1}", term.log_ratio)),
            (Ink::Plain, format!("{:.0}", term.log_likelihood_by_report)),
            (Ink::Plain, doubt(term.q_value)),
            (Ink::Plain, of(0)),
            (Ink::Plain, of(1)),
            (Ink::Plain, spread(term.sets[set].dispersion)),
        ];
        if is_wide {
            cells.push((Ink::Plain, first.count.to_string()));
            cells.push((Ink::Plain, second.count.to_string()));
            cells.push((Ink::Faint, short(&term.stands_for)));
        }
        table.row(cells);
    }
    table.write(out, look, "  ", if is_wide { 3 } else { 1 })
}

/// The share of terms that are there by chance, in per cent.
fn doubt(q_value: f64) -> String {
    if q_value < 0.001 { "<0.1%".to_owned() } else { format!("{:.1}%", 100.0 * q_value) }
}

/// How unevenly a term is spread, to two places.
fn spread(dispersion: Option<f64>) -> String {
    dispersion.map(|own| format!("{own:.2}")).unwrap_or_default()
}

/// Lists the first few, and how many more there are.
fn short(texts: &[String]) -> String {
    let shown = texts.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
    if texts.len() > 3 { format!("{shown}; and {} more", texts.len() - 3) } else { shown }
}

fn left_out(distinction: &Distinction, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let left = &distinction.left_out;
    part("Left out", look, out)?;
    let mut line = Prose::new();
    line.item(Ink::Plain, &format!("carried by one report: {}", left.carried_by_one_report));
    let by_chance = words::number(left.by_chance);
    line.item(Ink::Plain, &format!("no more than chance among reports: {by_chance}"));
    let more = "further, or the same in other words";
    line.item(Ink::Plain, &format!("{more}: {}", words::number(left.further)));
    let mut names = format!("mostly written with a capital: {}", left.names.len());
    if !left.names.is_empty() {
        let shown: Vec<&str> = left.names.iter().take(NAMED).map(String::as_str).collect();
        names.push_str(&format!(" ({}", shown.join(", ")));
        names.push_str(if left.names.len() > NAMED { " …)" } else { ")" });
    }
    line.item(Ink::Plain, &names);
    line.write(out, look, "  ", "  ")
}
