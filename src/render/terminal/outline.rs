//! Writes the outline of a report: what it is, its judgements, its sections.

use super::passage::titles;
use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::render::words;
use findings_index::records::{
    Body, Correction, FoundIn, Grade, Judgement, ReportRecord, SectionRecord, Warning,
};
use std::io;
use unicode_width::UnicodeWidthStr;

/// Writes the outline of a report.
///
/// # Errors
/// Those of `out`.
pub fn outline(report: &ReportRecord, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(title) = &report.title {
        let mut line = Prose::new();
        line.add(Ink::Strong, title);
        line.write(out, look, "", "")?;
    }
    titles(report, look).write(out, look, "", "")?;
    let mut facts = Prose::new();
    if let Some(inspector) = &report.lead_inspector {
        facts.item(Ink::Plain, &format!("lead inspector {inspector}"));
    }
    if let Some(pages) = report.pages {
        facts.item(Ink::Plain, &words::count(pages as usize, "page"));
    }
    facts
        .item(Ink::Plain, &words::count(report.paragraphs as usize, "paragraph"))
        .item(Ink::Plain, &words::count(report.words as usize, "word"));
    facts.write(out, look, "", "")?;
    let mut source = Prose::new();
    source.item(Ink::Faint, &report.id).item(Ink::Faint, &report.path);
    source.write(out, look, "", "")?;
    if let Some(attribution) = look.names.terms(&report.framework).attribution {
        let mut line = Prose::new();
        line.add(Ink::Faint, &attribution).write(out, look, "", "")?;
    }

    part("Judgements", look, out)?;
    if report.judgements.is_empty() {
        writeln!(out, "  none given")?;
    } else {
        judgements(&report.judgements, look, out)?;
    }
    if !report.sections.is_empty() {
        part("Sections", look, out)?;
        sections(&report.sections, look, out)?;
    }
    corrections(&report.corrections, look, out)?;
    warnings(&report.warnings, look, out)
}

pub(super) fn corrections(
    corrections: &[Correction],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if corrections.is_empty() {
        return Ok(());
    }
    part("Corrected by you", look, out)?;
    corrections
        .iter()
        .try_for_each(|correction| corrected(correction).write(out, look, "  ", "    "))
}

/// Says what was corrected, from what, and why.
pub(super) fn corrected(correction: &Correction) -> Prose {
    let mut line = Prose::new();
    line.add(Ink::Strong, &correction.field)
        .add(Ink::Plain, &format!(": {}", correction.to))
        .item(
            Ink::Faint,
            &match &correction.from {
                Some(from) => format!("read as {from}"),
                None => "nothing was read".to_owned(),
            },
        )
        .item(Ink::Plain, &correction.why);
    line
}

pub(super) fn warnings(
    warnings: &[Warning],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if !warnings.is_empty() {
        part("Warnings", look, out)?;
    }
    for warning in warnings {
        let mut line = Prose::new();
        if let Some(page) = warning.page {
            line.add(Ink::Plain, &format!("page {page}: "));
        }
        line.add(Ink::Plain, &warning.message);
        line.write(out, look, "  ", "    ")?;
    }
    Ok(())
}

pub(super) fn part(name: &str, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out)?;
    paint(out, look, Ink::Strong, name)?;
    writeln!(out)
}

pub(super) fn judgements(
    judgements: &[Judgement],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let grades = judgements.iter().map(|judgement| judgement.label.width()).max().unwrap_or(0);
    for judgement in judgements {
        let mut line = Prose::new();
        let ink = judgement.rank.map_or(Ink::Plain, Ink::Rank);
        line.add(ink, &judgement.label)
            .add(Ink::Plain, &"\u{a0}".repeat(grades - judgement.label.width() + 2))
            .add(Ink::Plain, &judgement.area);
        match judgement.body {
            Body::Authority => {}
            Body::Lscb => {
                line.item(Ink::Faint, "of the safeguarding board");
            }
            Body::Partnership => {
                line.item(Ink::Faint, "of the partnership");
            }
        }
        let places: Vec<&str> = judgement.found_in.iter().copied().map(found_in).collect();
        if !places.is_empty() {
            line.item(Ink::Faint, &places.join(", "));
        }
        line.write(out, look, "  ", &" ".repeat(grades + 4))?;
    }
    Ok(())
}

pub(super) fn found_in(place: FoundIn) -> &'static str {
    match place {
        FoundIn::Table => "table",
        FoundIn::Heading => "heading",
        FoundIn::OwnLine => "own line",
        FoundIn::Sentence => "sentence",
        FoundIn::Correction => "correction",
    }
}

fn sections(sections: &[SectionRecord], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let branches = sections.iter().map(|section| {
        let depth = section.path.len().saturating_sub(1);
        let mut heading = Prose::new();
        let ink = if depth == 0 { Ink::Strong } else { Ink::Plain };
        heading.add(ink, section.path.last().map_or(words::NOTHING, String::as_str));
        Branch {
            page: section.page,
            paragraphs: section.paragraphs as usize,
            grade: section.grade.as_ref(),
            depth,
            heading,
        }
    });
    tree(&branches.collect::<Vec<_>>(), look, out)
}

/// A section as a line of the outline.
pub(super) struct Branch<'a> {
    pub(super) page: Option<u32>,
    pub(super) paragraphs: usize,
    pub(super) grade: Option<&'a Grade>,
    /// How far its heading is indented.
    pub(super) depth: usize,
    pub(super) heading: Prose,
}

/// Writes sections with their headings indented.
pub(super) fn tree(
    branches: &[Branch<'_>],
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let graded = branches.iter().any(|branch| branch.grade.is_some());
    let mut table = Table::new(&[
        ("page", Side::Right),
        ("paragraphs", Side::Right),
        (if graded { "grade" } else { "" }, Side::Left),
        ("", Side::Left),
    ]);
    for branch in branches {
        table.row(vec![
            (Ink::Faint, branch.page.map(|page| page.to_string()).unwrap_or_default()),
            (Ink::Plain, branch.paragraphs.to_string()),
            (
                Ink::of(branch.grade),
                branch.grade.map(|grade| grade.label.clone()).unwrap_or_default(),
            ),
            (Ink::Plain, String::new()),
        ]);
    }
    let margin = 2 + table.width(2);
    let lines = table.lines(look, 2)?;
    let mut lines = lines.into_iter();
    if let Some(heads) = lines.next() {
        writeln!(out, "  {}", heads.text)?;
    }
    for (line, branch) in lines.zip(branches) {
        let lead = format!("  {}{:free$}", line.text, "", free = margin - 2 - line.width);
        let indent = " ".repeat(margin + 2 * branch.depth);
        let mut block = Vec::new();
        branch.heading.write(&mut block, look, &indent, &format!("{indent}  "))?;
        // The heading was wrapped after blanks as wide as the columns, which now take their place.
        let block = String::from_utf8_lossy(&block);
        writeln!(out, "{lead}{}", block.get(margin..).unwrap_or_default().trim_end())?;
    }
    Ok(())
}
