//! Writes what is kept in a basket.

use super::prose::Prose;
use super::{Ink, Look, paint};
use crate::ask::basket::{Collected, Filled};
use crate::render::words;
use std::io;

/// Writes a basket: each paragraph with its citation and its note, in the order of the basket.
///
/// # Errors
/// Those of `out`.
pub fn basket(filled: &Filled, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &words::count(filled.kept.len(), "paragraph")).add(Ink::Plain, " kept");
    let gone = filled.gone().count();
    if gone > 0 {
        line.item(Ink::Fault, &format!("{} no longer held", words::number(gone)));
    }
    line.write(out, look, "", "")?;
    let digits = filled.kept.len().to_string().len();
    for (collected, rank) in filled.kept.iter().zip(1..) {
        writeln!(out)?;
        let lead = format!("{rank:>digits$}. ");
        entry(collected, &lead, &" ".repeat(digits + 2), look, out)?;
    }
    Ok(())
}

fn entry(
    collected: &Collected,
    lead: &str,
    margin: &str,
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut top = Prose::new();
    match &collected.paragraph {
        Some(paragraph) => top.add(Ink::Strong, &paragraph.citation),
        None => top.add(Ink::Fault, "no longer held"),
    };
    top.write(out, look, lead, margin)?;
    if let Some(note) = &collected.note {
        let mut line = Prose::new();
        line.add(Ink::Strong, "note: ").add(Ink::Plain, note);
        line.write(out, look, margin, margin)?;
    }
    if let Some(paragraph) = &collected.paragraph {
        let mut text = Prose::new();
        text.add(Ink::Plain, &paragraph.text).write(out, look, margin, margin)?;
    }
    if let Some(query) = &collected.query {
        let mut line = Prose::new();
        line.add(Ink::Faint, &format!("found by: {query}")).write(out, look, margin, margin)?;
    }
    out.write_all(margin.as_bytes())?;
    paint(out, look, Ink::Faint, &crate::render::clean::line(&collected.id))?;
    writeln!(out)
}
