//! Writes what is new as headings, lists and quotations, for a mail or a paper.

use super::{code, escape, inline, quotation};
use crate::answer::digest::{Digest, Matched, NewReport};
use crate::answer::timeline::Judged;
use crate::render::digest as worded;
use crate::render::terminal::View;
use crate::render::words;
use findings_index::records::ReportHead;
use std::io;

/// Writes a digest.
///
/// # Errors
/// Those of `out`.
pub fn digest(digest: &Digest, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# {}", inline(&worded::head(digest).join(", ")))?;
    writeln!(out, "\n{}", escape(&worded::span(digest)))?;
    if let Some(went) = worded::went(digest) {
        writeln!(out, "\n{}", escape(&went))?;
    }
    let (full, others) = worded::parted(digest);
    if !full.is_empty() {
        writeln!(out, "\n## New reports of full inspections")?;
    }
    for own in full {
        report(digest, own, out)?;
    }
    if !others.is_empty() {
        writeln!(out, "\n## Other new reports\n")?;
    }
    for own in others {
        writeln!(out, "- {}", title(digest, &own.report))?;
    }
    changed(digest, out)?;
    searches(digest, out)?;
    if !digest.notes.is_empty() {
        writeln!(out, "\n## What to know\n")?;
    }
    for note in &digest.notes {
        writeln!(out, "- {}", escape(note))?;
    }
    for said in words::attributions(&digest.names, &digest.sources) {
        writeln!(out, "\n{}", escape(&said))?;
    }
    let from = &digest.provenance;
    writeln!(
        out,
        "\nAsked on {} with {}, of corpus {}.",
        from.asked.strftime("%Y-%m-%d"),
        code(&from.command),
        from.corpus.fingerprint
    )
}

fn title(digest: &Digest, report: &ReportHead) -> String {
    let items = worded::inspection(&digest.names, report);
    let overall = report.overall.as_ref().map(|overall| format!("overall: {}", overall.label));
    let items: Vec<String> = items.into_iter().chain(overall).map(|item| inline(&item)).collect();
    format!("**{}**, {} {}", inline(worded::name(report)), items.join(", "), code(&report.id))
}

fn report(digest: &Digest, own: &NewReport, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n{}\n", title(digest, &own.report))?;
    let said = [worded::later(own), Some(worded::against(own))];
    for said in said.into_iter().flatten() {
        writeln!(out, "- {}", escape(&words::capital(&said)))?;
    }
    own.judgements.iter().try_for_each(|judged| judgement(own, judged, out))?;
    if own.judgements.is_empty() {
        writeln!(out, "- No judgement was found in the report")?;
    }
    Ok(())
}

fn judgement(own: &NewReport, judged: &Judged, out: &mut dyn io::Write) -> io::Result<()> {
    let (_, word) = worded::direction(own, judged);
    let change = judged.change.as_ref().filter(|_| matches!(word, "better" | "worse"));
    let from = change.map(|change| format!("{} → ", inline(&change.from))).unwrap_or_default();
    let before = worded::other_area(judged).map(|area| format!(" (before: {})", inline(area)));
    let word = match word {
        "" => String::new(),
        "better" | "worse" => format!(" — **{word}**"),
        other => format!(" — {other}"),
    };
    writeln!(
        out,
        "- {}: {from}{}{}{word}",
        escape(&worded::area(judged)),
        inline(&judged.label),
        before.unwrap_or_default()
    )
}

fn changed(digest: &Digest, out: &mut dyn io::Write) -> io::Result<()> {
    if digest.changed.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Changed reports, which were held before\n")?;
    for own in digest.changed.iter().take(worded::CHANGED) {
        writeln!(out, "- {}: {}", title(digest, &own.report), worded::changed(own))?;
    }
    let left = digest.changed.len().saturating_sub(worded::CHANGED);
    if left > 0 {
        writeln!(out, "- {} more", words::number(left))?;
    }
    Ok(())
}

fn searches(digest: &Digest, out: &mut dyn io::Write) -> io::Result<()> {
    let (with, without) = worded::matched(digest);
    if !digest.searches.is_empty() {
        writeln!(out, "\n## Saved searches")?;
    }
    with.into_iter().try_for_each(|search| write_search(search, out))?;
    if !without.is_empty() {
        let names: Vec<String> = without.into_iter().map(inline).collect();
        writeln!(out, "\nNothing new: {}", names.join(", "))?;
    }
    let silent = digest.searches.iter().filter(|search| search.new == 0);
    let told = silent.flat_map(|search| search.notes.iter().map(move |note| (search, note)));
    for (at, (search, note)) in told.enumerate() {
        if at == 0 {
            writeln!(out)?;
        }
        writeln!(out, "- {}: {}", escape(&search.name), inline(&note.text))?;
    }
    Ok(())
}

fn write_search(search: &Matched, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n### {}: {}", inline(&search.name), worded::found(search))?;
    if let Some(note) = &search.note {
        writeln!(out, "\n{}", escape(note))?;
    }
    writeln!(out, "\n- {}", escape(&words::capital(&worded::understood(search))))?;
    for note in &search.notes {
        writeln!(out, "- {}", escape(&note.text))?;
    }
    for hit in &search.quotes {
        writeln!(out)?;
        quotation(hit, &View::default(), out)?;
    }
    let Some(more) = worded::more(search) else { return Ok(()) };
    let how = worded::all(search).map(|command| format!(": {}", code(command)));
    writeln!(out, "\n{more}{}", how.unwrap_or_default())
}
