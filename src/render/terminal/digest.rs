//! Writes what is new: reports with their judgements, changed reports, matches of saved searches.

use super::comparison::quote;
use super::outline::part;
use super::prose::Prose;
use super::provenance::repeat;
use super::{Ink, Look, paint};
use crate::answer::digest::{Digest, Matched, NewReport};
use crate::answer::timeline::Judged;
use crate::render::digest as worded;
use crate::render::{clean, words};
use findings_index::records::ReportHead;
use std::io;

/// Writes a digest.
///
/// # Errors
/// Those of `out`.
pub fn digest(digest: &Digest, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    for (at, item) in worded::head(digest).iter().enumerate() {
        line.item(if at == 0 { Ink::Strong } else { Ink::Plain }, item);
    }
    line.write(out, look, "", "  ")?;
    for said in std::iter::once(worded::span(digest)).chain(worded::went(digest)) {
        Prose::new().add(Ink::Plain, &said).write(out, look, "", "  ")?;
    }
    reports(digest, look, out)?;
    changed(digest, look, out)?;
    searches(digest, look, out)?;
    if !digest.notes.is_empty() {
        part("What to know", look, out)?;
    }
    for note in &digest.notes {
        Prose::new().add(Ink::Plain, note).write(out, look, "  - ", "    ")?;
    }
    repeat(None, &digest.provenance, look, out)
}

fn title(report: &ReportHead, look: &Look<'_>) -> Prose {
    let mut line = Prose::new();
    line.add(Ink::Strong, worded::name(report));
    for item in worded::inspection(look.names, report) {
        line.item(Ink::Plain, &item);
    }
    if let Some(overall) = &report.overall {
        line.graded("overall", overall);
    }
    line.item(Ink::Faint, &report.id);
    line
}

fn reports(digest: &Digest, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let (full, others) = worded::parted(digest);
    if !full.is_empty() {
        part("New reports of full inspections", look, out)?;
    }
    for (at, own) in full.into_iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        title(&own.report, look).write(out, look, "  ", "    ")?;
        if let Some(later) = worded::later(own) {
            Prose::new().add(Ink::Plain, &later).write(out, look, "    ", "    ")?;
        }
        Prose::new().add(Ink::Faint, &worded::against(own)).write(out, look, "    ", "    ")?;
        for judged in &own.judgements {
            judgement(own, judged).write(out, look, "    ", "      ")?;
        }
        if own.judgements.is_empty() {
            let said = "no judgement was found in the report";
            Prose::new().add(Ink::Faint, said).write(out, look, "    ", "    ")?;
        }
    }
    if !others.is_empty() {
        part("Other new reports", look, out)?;
    }
    for own in others {
        title(&own.report, look).write(out, look, "  ", "    ")?;
    }
    Ok(())
}

fn judgement(own: &NewReport, judged: &Judged) -> Prose {
    let (mark, word) = worded::direction(own, judged);
    let is_moved = matches!(word, "better" | "worse");
    let mut line = Prose::new();
    let ink = if is_moved { Ink::Strong } else { Ink::Faint };
    match word {
        "" => line.add(ink, mark).add(Ink::Plain, &format!(" {}", worded::area(judged))),
        word => line.add(ink, &format!("{mark} {word}")).item(Ink::Plain, &worded::area(judged)),
    };
    line.add(Ink::Plain, ": ");
    if let Some(change) = judged.change.as_ref().filter(|_| is_moved) {
        line.add(Ink::Plain, &format!("{} → ", change.from));
    }
    let ink = judged.rank.map_or(Ink::Plain, Ink::Rank);
    line.add(ink, &judged.label);
    if let Some(before) = worded::other_area(judged) {
        line.add(Ink::Faint, &format!(" (before: {before})"));
    }
    line
}

fn changed(digest: &Digest, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    if digest.changed.is_empty() {
        return Ok(());
    }
    part("Changed reports, which were held before", look, out)?;
    for own in digest.changed.iter().take(worded::CHANGED) {
        let mut line = title(&own.report, look);
        line.item(Ink::Plain, &worded::changed(own));
        line.write(out, look, "  ", "    ")?;
    }
    let left = digest.changed.len().saturating_sub(worded::CHANGED);
    if left > 0 {
        paint(out, look, Ink::Faint, &format!("  {} more", words::number(left)))?;
        writeln!(out)?;
    }
    Ok(())
}

fn searches(digest: &Digest, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    if digest.searches.is_empty() {
        return Ok(());
    }
    part("Saved searches", look, out)?;
    let (with, without) = worded::matched(digest);
    let has_any = !with.is_empty();
    for (at, search) in with.into_iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_search(search, look, out)?;
    }
    if !without.is_empty() {
        if has_any {
            writeln!(out)?;
        }
        let mut line = Prose::new();
        line.add(Ink::Plain, "Nothing new: ");
        line.add(Ink::Plain, &without.join(", ")).write(out, look, "  ", "    ")?;
    }
    for search in digest.searches.iter().filter(|search| search.new == 0) {
        for note in &search.notes {
            let said = format!("{}: {}", search.name, note.text);
            Prose::new().add(Ink::Faint, &said).write(out, look, "  - ", "    ")?;
        }
    }
    Ok(())
}

fn write_search(search: &Matched, look: &Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &search.name).item(Ink::Plain, &worded::found(search));
    line.write(out, look, "  ", "    ")?;
    if let Some(note) = &search.note {
        Prose::new().add(Ink::Plain, note).write(out, look, "    ", "    ")?;
    }
    Prose::new().add(Ink::Faint, &worded::understood(search)).write(out, look, "    ", "    ")?;
    for note in &search.notes {
        Prose::new().add(Ink::Faint, &note.text).write(out, look, "    - ", "      ")?;
    }
    for hit in &search.quotes {
        quote(hit, look).write(out, look, "  - ", "    ")?;
        let mut line = Prose::new();
        line.add(Ink::Faint, &hit.paragraph.citation);
        line.item(Ink::Faint, &hit.paragraph.id).write(out, look, "    ", "    ")?;
    }
    let Some(more) = worded::more(search) else { return Ok(()) };
    let how = worded::all(search).map(|command| format!(": {}", clean::line(command)));
    paint(out, look, Ink::Faint, &format!("    {more}{}", how.unwrap_or_default()))?;
    writeln!(out)
}
