//! Writes how a query was read, what else was searched for, and how the results were ranked.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look};
use crate::render::words;
use findings_index::language::query::NodeKind;
use findings_index::request::{ClauseCount, Expansion, Explanation};
use std::io;

/// Writes which synonyms were searched for, one line per part of the query, and which words were
/// skipped.
pub(super) fn widened(
    expansions: &[Expansion],
    total: usize,
    passed_over: &[String],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for of_part in expansions.chunk_by(|one, other| one.written == other.written) {
        let mut line = Prose::new();
        line.add(Ink::Plain, &format!("also searched for {}: ", of_part[0].written));
        if total == 0 {
            let all: Vec<&str> = of_part.iter().map(|expansion| expansion.also.as_str()).collect();
            line.add(Ink::Plain, &all.join(", ")).write(out, look, "", "  ")?;
            continue;
        }
        let (held, unheld): (Vec<&Expansion>, Vec<&Expansion>) =
            of_part.iter().partition(|expansion| expansion.count > 0);
        for (place, expansion) in held.iter().enumerate() {
            if place > 0 {
                line.add(Ink::Plain, ", ");
            }
            line.add(Ink::Strong, &expansion.also);
            line.add(Ink::Plain, &format!(" ({})", brought(expansion)));
        }
        if held.is_empty() {
            let all: Vec<&str> = unheld.iter().map(|expansion| expansion.also.as_str()).collect();
            line.add(Ink::Plain, &format!("{} (no matches)", all.join(", ")));
        } else if !unheld.is_empty() {
            let said = words::count(unheld.len(), "other synonym");
            line.add(Ink::Faint, &format!("; {said} matched nothing"));
        }
        line.write(out, look, "", "  ")?;
    }
    if !passed_over.is_empty() {
        let mut line = Prose::new();
        line.add(Ink::Faint, &format!("skipped as too common: {}", passed_over.join(", ")));
        line.write(out, look, "", "  ")?;
    }
    Ok(())
}

/// Says how many paragraphs a synonym found, and how many of them were found only this way.
fn brought(expansion: &Expansion) -> String {
    let paragraphs = words::count(expansion.count, "paragraph");
    match (expansion.alone, expansion.count) {
        (0, _) => paragraphs,
        (alone, count) if alone < count => {
            format!("{paragraphs}, {} found only this way", words::number(alone))
        }
        (_, 1) => format!("{paragraphs}, found only this way"),
        (_, 2) => format!("{paragraphs}, both found only this way"),
        _ => format!("{paragraphs}, all found only this way"),
    }
}

/// Writes the query tree, with how many paragraphs each part finds by itself.
pub(super) fn tree(
    clauses: &[ClauseCount],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut table =
        Table::new(&[("the query, as understood", Side::Left), ("paragraphs", Side::Right)]);
    for clause in clauses {
        let indent = "  ".repeat(clause.depth);
        let said = match clause.kind {
            NodeKind::And => "all of these".to_owned(),
            NodeKind::Or => "any of these".to_owned(),
            NodeKind::Not => "none of this".to_owned(),
            NodeKind::Expanded => "one of these synonyms".to_owned(),
            NodeKind::Word => format!("{} (any form)", clause.text),
            NodeKind::All => "every paragraph".to_owned(),
            NodeKind::Near | NodeKind::OrderedNear | NodeKind::Boost | NodeKind::Affirmed => {
                clause.text.clone()
            }
            NodeKind::Phrase => format!("{} (phrase)", clause.text),
            NodeKind::Wildcard => format!("{} (wildcard)", clause.text),
            NodeKind::Fuzzy => format!("{} (fuzzy)", clause.text),
            NodeKind::Field => format!("{} (field)", clause.text),
        };
        table.row(vec![
            (Ink::Plain, format!("{indent}{said}")),
            (Ink::Plain, words::number(clause.total)),
        ]);
    }
    for line in table.lines(look, 2)? {
        writeln!(out, "{}", line.text)?;
    }
    Ok(())
}

/// Explains the score of a hit.
pub(super) fn why(explanation: &Explanation, near: &[String], score: f32) -> Prose {
    let mut prose = Prose::new();
    prose.add(Ink::Faint, "why: ");
    let mut first = true;
    let mut missing = Vec::new();
    for part in &explanation.parts {
        if part.occurrences == 0 {
            missing.push(part.text.as_str());
            continue;
        }
        let times = match part.occurrences {
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            times => format!("{times} times"),
        };
        let between = if first { "" } else { "; " };
        let said = format!("{between}{} {times} adds {:.1}", part.text, part.score);
        prose.add(Ink::Faint, &said);
        first = false;
    }
    let opposed = explanation.opposed.as_deref().unwrap_or_default();
    let factors = [
        (explanation.coverage, format!("without {}", missing.join(", "))),
        (explanation.length, "short".to_owned()),
        (explanation.kind, "not a finding of its own".to_owned()),
        (explanation.negation, format!("says the opposite of ‘{opposed}’")),
    ];
    for (factor, reason) in factors {
        if factor < 1.0 {
            prose.add(Ink::Faint, &format!("; {reason}: times {factor:.2}"));
        }
    }
    if explanation.meaning > 0.0 {
        let to = if near.is_empty() { String::new() } else { format!(" ({})", near.join(", ")) };
        prose.add(Ink::Faint, &format!("; close in meaning{to} adds {:.1}", explanation.meaning));
    }
    prose.add(Ink::Faint, &format!("; together {score:.1}"));
    prose
}
