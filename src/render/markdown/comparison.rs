//! Writes a comparison: the sentence, the groups, what may be said, silence, quotations, and how it was
//! counted.

use super::recommendations::quotation as recommendation;
use super::{code, escape, inline, quotation};
use crate::answer::committee::Own;
use crate::answer::compare::{Comparison, Group, too_few};
use crate::ask::Near;
use crate::render::terminal::View;
use crate::render::{Committee, committee, words};
use findings_index::records::Attribute;
use std::io;

/// Writes a comparison.
///
/// # Errors
/// Those of `out`.
pub fn comparison(view: &Committee<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let comparison = view.comparison;
    let (subject, title) = (view.subject(), view.title());
    let from = &comparison.provenance;
    writeln!(out, "# {}\n", escape(title.as_ref().unwrap_or(&subject)))?;
    if title.is_some() {
        write!(out, "{}. ", escape(&subject))?;
    }
    let day = words::day(from.asked.to_zoned(jiff::tz::TimeZone::UTC).date());
    writeln!(out, "Counted on {day} in {} held.", words::count(from.corpus.reports, "report"))?;
    writeln!(out, "\n**{}**", escape(&comparison.sentence))?;
    writeln!(out, "\n## The groups\n")?;
    groups(comparison, out)?;
    for (heading, said) in [
        ("It may be said", &comparison.statements.may),
        ("It may not be said", &comparison.statements.may_not),
    ] {
        if !said.is_empty() {
            writeln!(out, "\n## {heading}\n")?;
            said.iter().try_for_each(|said| writeln!(out, "- {}", escape(said)))?;
        }
    }
    view.own.map_or(Ok(()), |own| council(comparison, own, out))?;
    if let Some(newest) = &comparison.newest {
        writeln!(out, "\n## The newest inspections, next to all\n")?;
        writeln!(out, "{}\n", escape(&newest.sentence))?;
        side_by_side(comparison, newest, out)?;
    }
    silence(comparison, out)?;
    counted(comparison, out)?;
    if !comparison.sources.is_empty() {
        writeln!(out, "\n## Sources\n")?;
        let said = words::attributions(&comparison.names, &comparison.sources);
        said.iter().try_for_each(|said| writeln!(out, "- {}", escape(said)))?;
    }
    quotes(comparison, out)
}

/// Writes how the council was judged and what was recommended to it on the subject.
fn council(comparison: &Comparison, own: &Own, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n", escape(&committee::heading(own)))?;
    match &own.newest {
        None => writeln!(out, "{}", committee::NOT_JUDGED)?,
        Some(newest) => {
            writeln!(out, "{}\n", escape(&committee::judged(&comparison.names, newest)))?;
            writeln!(out, "| Area | Judgement | Against the one before |\n|---|---|---|")?;
            for judged in &newest.judgements {
                writeln!(
                    out,
                    "| {} | {} | {} |",
                    inline(&judged.area),
                    inline(&judged.label),
                    inline(&committee::change(judged))
                )?;
            }
        }
    }
    let recommended = &own.recommendations;
    if recommended.total == 0 {
        return writeln!(out, "\n{}", committee::NOTHING_RECOMMENDED);
    }
    let number = words::count(recommended.total, "recommendation");
    writeln!(out, "\n{number}{}", committee::recommended(own))?;
    recommended.recommendations.iter().try_for_each(|own| recommendation(own, out))
}

/// Writes the table of groups, with their cells below them, and all together last.
fn groups(comparison: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    let has_standardised = words::tells_standardised(comparison);
    let heading: Vec<String> = comparison.by.iter().map(|by| words::heading(*by)).collect();
    let (more, rule) =
        if has_standardised { (" Standardised | 95% interval |", "--:|---|") } else { ("", "") };
    writeln!(
        out,
        "| {} | Reports that mention it | Years | Matching paragraphs | Per 100 | 95% interval |{more}",
        heading.join(" and ")
    )?;
    writeln!(out, "|---|--:|---|--:|--:|---|{rule}")?;
    let mut row = |name: String, group: &Group| {
        write!(
            out,
            "| {name} | {} | {} | {} | {} | {} |",
            words::of(group.reports.count, group.reports.out_of),
            words::years(group.span),
            words::of(group.paragraphs.count, group.paragraphs.out_of),
            words::percent(group.paragraphs.percent),
            words::share_doubt(group.paragraphs),
        )?;
        if has_standardised {
            let own = words::standardised(group);
            let crude = group.paragraphs.percent.filter(|_| group.standardised.is_none());
            let percent = own.map_or(crude, |own| own.percent);
            let doubt =
                own.map_or_else(String::new, |own| words::doubt(own.low, own.high, own.too_few));
            write!(out, " {} | {doubt} |", words::percent(percent))?;
        }
        writeln!(out)
    };
    for group in &comparison.groups {
        row(marked(comparison, group), group)?;
        let own = |cell: &&Group| cell.values.first() == group.values.first();
        for cell in comparison.cells.iter().filter(own) {
            row(format!("— {}", name(comparison, cell, 1)), cell)?;
        }
    }
    row("**All**".to_owned(), &comparison.whole)?;
    write!(out, "\nRates are matching paragraphs of every hundred eligible ones.")?;
    let mut all = comparison.groups.iter().chain(&comparison.cells);
    if all.any(|group| group.paragraphs.too_few) {
        write!(out, " Too few: {}.", too_few("paragraphs", "reports"))?;
    }
    writeln!(out)
}

fn side_by_side(
    comparison: &Comparison,
    newest: &Comparison,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let heading = comparison.by.first().map_or_else(String::new, |by| words::heading(*by));
    writeln!(
        out,
        "| {heading} | All: reports | Years | Per 100 | 95% interval | Newest: reports | Years | Per 100 | 95% interval |\n\
         |---|--:|---|--:|---|--:|---|--:|---|"
    )?;
    let side = |group: Option<&Group>| match group {
        Some(group) => format!(
            "{} | {} | {} | {}",
            words::of(group.reports.count, group.reports.out_of),
            words::years(group.span),
            words::percent(group.paragraphs.percent),
            words::share_doubt(group.paragraphs)
        ),
        None => format!("{} | | |", words::NOTHING),
    };
    for group in &comparison.groups {
        let own = newest.groups.iter().find(|own| own.values == group.values);
        let name = marked(comparison, group);
        writeln!(out, "| {name} | {} | {} |", side(Some(group)), side(own))?;
    }
    let (all, newest) = (side(Some(&comparison.whole)), side(Some(&newest.whole)));
    writeln!(out, "| **All** | {all} | {newest} |")
}

fn silence(comparison: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    let silence = &comparison.silence;
    writeln!(out, "\n## Silence\n")?;
    let mut list = |what: &str, names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| escape(name)).collect();
        let colon = if names.is_empty() { "" } else { ": " };
        writeln!(out, "- {}: {}{colon}{}", escape(what), names.len(), names.join("; "))
    };
    let silent: Vec<String> = silence.silent.iter().map(words::silent).collect();
    list("Inspected, and never mentioning it", &silent)?;
    if !silence.left_out.is_empty() {
        list("Reports are held, but the conditions leave nothing of them", &silence.left_out)?;
    }
    list(&format!("No report is held, of {}", silence.expected), &silence.not_held)?;
    let files: Vec<String> =
        silence.unreadable.iter().map(|file| format!("{}: {}", file.path, file.reason)).collect();
    list("Reports that could not be read", &files)?;
    if silence.reports_without_authority > 0 {
        let reports = words::count(silence.reports_without_authority, "report");
        writeln!(out, "- The authority is not known: {reports}")?;
    }
    Ok(())
}

/// Writes what was counted, what to know, and how to repeat it.
fn counted(comparison: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n## How it was counted\n")?;
    let notes = comparison.notes.iter().map(|note| &note.text);
    for said in comparison.counted.iter().chain(notes).chain(&comparison.method) {
        writeln!(out, "- {}", escape(said))?;
    }
    if let Some(funnel) = &comparison.funnel {
        writeln!(
            out,
            "- {} of {} lie outside the 95% limits, where {} would by chance alone, and {} outside \
             the 99.8% limits.{}",
            funnel.outside_95,
            funnel.points.len(),
            funnel.expected(),
            funnel.outside_998,
            words::limits(funnel)
        )?;
    }
    let from = &comparison.provenance;
    writeln!(out, "\nTo repeat it: {}", code(&from.command))?;
    let (query, corpus) = (code(&comparison.looked_for.query), code(&from.corpus.fingerprint));
    writeln!(
        out,
        "\nUnderstood as {query}; corpus {corpus}; index format {}; findings {}.",
        from.index_version, from.program_version
    )
}

fn quotes(comparison: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(rule) = &comparison.quotes_rule else { return Ok(()) };
    if comparison.whole.paragraphs.count == 0 {
        return Ok(());
    }
    writeln!(out, "\n## Annex: in their words\n\n{}", escape(rule))?;
    for group in comparison.groups.iter().filter(|group| !group.quotes.is_empty()) {
        writeln!(out, "\n### {}", name(comparison, group, 0))?;
        for hit in &group.quotes {
            writeln!(out)?;
            quotation(hit, &View::default(), out)?;
        }
    }
    Ok(())
}

fn name(comparison: &Comparison, group: &Group, at: usize) -> String {
    let value = group.values.get(at).and_then(Option::as_deref);
    let dimension = comparison.by.get(at).copied().unwrap_or(Attribute::Report);
    escape(&words::value(&comparison.names, dimension, value))
}

/// Writes the name of a group, and whether it is the user's council, a neighbour, or small.
fn marked(comparison: &Comparison, group: &Group) -> String {
    let near = comparison.near(group);
    let name = name(comparison, group, 0);
    let name = if near == Some(Near::Own) { format!("**{name}**") } else { name };
    let marks: Vec<&str> =
        near.map(words::near).into_iter().chain(group.is_small.then_some("small")).collect();
    if marks.is_empty() { name } else { format!("{name} ({})", marks.join(", ")) }
}
