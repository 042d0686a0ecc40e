//! Writes how a file was understood: what was read where, and why.

use super::outline::{self, Branch, part};
use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::render::wording::Next;
use crate::render::{clean, words};
use crate::understand::inspect::{Anatomy, Dropped, Inspection, OutlineEntry, Understood};
use crate::understand::recognise::{Evidence, Field, Place};
use std::io;
use unicode_width::UnicodeWidthChar;

/// The columns for the names of fields.
const NAMES: usize = 16;

/// Which of the longer parts to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The first words of every paragraph.
    pub paragraphs: bool,
    /// Every text that was dropped as page furniture.
    pub furniture: bool,
}

/// Writes how a file was understood.
///
/// # Errors
/// Those of `out`.
pub fn inspection(
    inspection: &Inspection,
    parts: Parts,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    // A path is not wrapped, so that it can be copied.
    paint(out, look, Ink::Strong, &clean::line(&inspection.path))?;
    writeln!(out)?;
    let mut line = Prose::new();
    line.item(Ink::Plain, words::format(inspection.format));
    match inspection.tagged {
        Some(true) => line.item(Ink::Plain, "read by its tags"),
        Some(false) => {
            line.item(Ink::Plain, "has no usable tags, read by the places of its letters")
        }
        None => &mut line,
    };
    if let Some(pages) = inspection.pages {
        line.item(Ink::Plain, &words::count(pages as usize, "page"));
    }
    line.write(out, look, "", "")?;
    paint(out, look, Ink::Faint, &format!("sha256 {}", inspection.sha256))?;
    writeln!(out)?;
    match &inspection.result {
        Understood::Report(report) => anatomy(report, parts, look, out)?,
        Understood::NotAReport { reason, begins, .. } => {
            writeln!(out)?;
            let mut line = Prose::new();
            line.add(Ink::Fault, "not a report").add(Ink::Plain, &format!(": it {reason}"));
            line.write(out, look, "", "")?;
            part("Its text begins", look, out)?;
            for text in begins {
                let mut line = Prose::new();
                line.add(Ink::Plain, text);
                line.write(out, look, "  ", "    ")?;
            }
        }
    }
    furniture(&inspection.furniture, parts.furniture, look, out)?;
    match &inspection.result {
        Understood::Report(report) => {
            outline::corrections(&report.record.corrections, look, out)?;
            outline::warnings(&report.record.warnings, look, out)
        }
        Understood::NotAReport { .. } => Ok(()),
    }
}

fn anatomy(report: &Anatomy, parts: Parts, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    part("Header", look, out)?;
    row("id", &report.record.id, look, out)?;
    for field in Field::ALL {
        let value = value(report, field);
        if value.is_none() && matches!(field, Field::Visit | Field::Theme) {
            continue;
        }
        row(field.name(), value.as_deref().unwrap_or("not found"), look, out)?;
        for evidence in report.evidence.iter().filter(|evidence| evidence.field == field) {
            reason(evidence, look, out)?;
        }
    }
    part("Judgements", look, out)?;
    if report.record.judgements.is_empty() {
        writeln!(out, "  none found")?;
    } else {
        outline::judgements(&report.record.judgements, look, out)?;
    }
    part("Outline", look, out)?;
    let branches: Vec<Branch<'_>> =
        report.outline.iter().map(|entry| branch(entry, look)).collect();
    outline::tree(&branches, look, out)?;
    part("Paragraphs", look, out)?;
    let mut line = Prose::new();
    for count in &report.kinds {
        line.item(
            Ink::Plain,
            &format!("{} {}", words::number(count.paragraphs), count.kind.name()),
        );
    }
    line.write(out, look, "  ", "  ")?;
    let mut line = Prose::new();
    let runs = report.numbers.iter().map(|(first, last)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    });
    let runs = runs.collect::<Vec<_>>().join(", ");
    line.add(
        Ink::Plain,
        &if runs.is_empty() {
            "no printed numbers".to_owned()
        } else {
            format!("printed numbers {runs}")
        },
    );
    line.write(out, look, "  ", "  ")?;
    if parts.paragraphs { paragraphs(report, look, out) } else { Ok(()) }
}

/// Returns the record's value of a field.
fn value(report: &Anatomy, field: Field) -> Option<String> {
    let record = &report.record;
    match field {
        Field::Framework => {
            report.framework_name.as_ref().map(|name| format!("{}: {name}", record.framework))
        }
        Field::Visit => record.visit.map(|visit| words::visit(visit).to_owned()),
        Field::Title => record.title.clone(),
        Field::Authority => match (&record.authority, &record.authority_printed) {
            (Some(authority), _) => Some(match &record.la_code {
                Some(code) => format!("{authority} ({code})"),
                None => authority.clone(),
            }),
            (None, Some(printed)) => Some(format!("{printed} (not in the table of authorities)")),
            (None, None) => None,
        },
        Field::Inspected => {
            record.inspection_start.map(|start| words::days(start, record.inspection_end))
        }
        Field::Published => record.published.map(words::day),
        Field::LeadInspector => record.lead_inspector.clone(),
        Field::Theme => record.inspection_theme.clone(),
    }
}

fn row(name: &str, value: &str, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Faint, name)
        .add(Ink::Plain, &"\u{a0}".repeat(NAMES.saturating_sub(name.len())))
        .add(Ink::Strong, value);
    line.write(out, look, "  ", &" ".repeat(NAMES + 2))
}

/// Writes where a value was found and what matched.
fn reason(evidence: &Evidence, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let place = match (evidence.place, evidence.page) {
        (Place::Text, Some(page)) => format!("page {page}: "),
        (Place::Text, None) => "text: ".to_owned(),
        (Place::Filename, _) => "file name: ".to_owned(),
        (Place::Metadata, _) => "metadata of the file: ".to_owned(),
        (Place::Correction, _) => "your correction: ".to_owned(),
    };
    let indent = " ".repeat(NAMES + 2);
    let mut line = Prose::new();
    line.add(Ink::Faint, &place)
        .add(Ink::Plain, &format!("‘{}’", shortened(&evidence.printed, 160)));
    line.write(out, look, &indent, &format!("{indent}  "))?;
    if let Some(pattern) = &evidence.pattern {
        let mut line = Prose::new();
        line.add(Ink::Faint, &format!("matched {pattern}"));
        line.write(out, look, &indent, &format!("{indent}  "))?;
    }
    Ok(())
}

/// Builds a line of the outline. In a narrow window the grade follows its heading, which needs the
/// room of the grade's column.
fn branch<'a>(entry: &'a OutlineEntry, look: &Look) -> Branch<'a> {
    let narrow = look.measure() < super::MEASURE;
    let depth = entry.path.len().saturating_sub(1);
    let mut heading = Prose::new();
    let ink = if depth == 0 { Ink::Strong } else { Ink::Plain };
    heading.add(ink, entry.path.last().map_or(words::NOTHING, String::as_str));
    if let Some(grade) = entry.grade.as_ref() {
        if narrow {
            heading.item(Ink::of(Some(grade)), &grade.label);
        }
        let places: Vec<&str> = entry.found_in.iter().copied().map(outline::found_in).collect();
        let places = places.join(", ");
        let said =
            if entry.inherited { format!("grade of the section around, {places}") } else { places };
        heading.item(Ink::Faint, &said);
    }
    if entry.area.is_none() {
        let mut set = Vec::new();
        if entry.set.level > 0 {
            set.push(format!("marked as level {}", entry.set.level));
        }
        if entry.set.size > 0.0 {
            set.push(format!("{:.0} pt", entry.set.size));
        }
        let how = if set.is_empty() { String::new() } else { format!(" ({})", set.join(", ")) };
        heading.item(Ink::Faint, &format!("not the framework's{how}"));
    }
    Branch {
        page: entry.page,
        paragraphs: entry.paragraphs,
        grade: entry.grade.as_ref().filter(|_| !narrow),
        depth,
        heading,
    }
}

/// Writes one line per paragraph, below the headings of its section.
fn paragraphs(report: &Anatomy, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let width = look.width.unwrap_or(super::MEASURE).max(40);
    let same = |a: &&_, b: &&_| same_section(a, b);
    let all: Vec<_> = report.paragraphs.iter().collect();
    for section in all.chunk_by(|a, b| same(a, b)) {
        let Some(first) = section.first() else {
            continue;
        };
        writeln!(out)?;
        let mut line = Prose::new();
        line.add(Ink::Strong, &first.section.join(" › "));
        line.write(out, look, "  ", "    ")?;
        let mut table =
            Table::new(&[("", Side::Right), ("", Side::Left), ("", Side::Left), ("", Side::Left)]);
        for paragraph in section {
            let page = paragraph.page.map(|page| format!("p. {page}")).unwrap_or_default();
            let place = paragraph.id.rsplit('/').next().unwrap_or_default().to_owned();
            table.row(vec![
                (Ink::Faint, page),
                (Ink::Plain, place),
                (Ink::Faint, paragraph.kind.name().to_owned()),
                (Ink::Plain, String::new()),
            ]);
        }
        let margin = 4 + table.width(2);
        for (line, paragraph) in table.lines(look, 2)?.into_iter().zip(section) {
            let words = shortened(&paragraph.text, width.saturating_sub(margin).max(20));
            let free = margin - 4 - line.width;
            writeln!(out, "    {}{:free$}{words}", line.text, "")?;
        }
    }
    Ok(())
}

fn same_section(
    a: &findings_index::records::ParagraphRecord,
    b: &findings_index::records::ParagraphRecord,
) -> bool {
    a.section == b.section
}

fn furniture(
    dropped: &[Dropped],
    all: bool,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    part("Left out as page furniture", look, out)?;
    if dropped.is_empty() {
        return writeln!(out, "  nothing");
    }
    if !all {
        let lines: usize = dropped.iter().map(|one| one.pages.len()).sum();
        return writeln!(
            out,
            "  {} in all, {} different ({})",
            words::count(lines, "line"),
            words::number(dropped.len()),
            look.wording.next(&Next::Furniture)
        );
    }
    for one in dropped {
        let mut line = Prose::new();
        let mut pages = one.pages.clone();
        pages.dedup();
        let noun = if pages.len() == 1 { "page" } else { "pages" };
        line.add(Ink::Plain, &shortened(&one.text, 160))
            .item(Ink::Faint, &format!("{noun} {}", words::ranges(&pages)));
        line.write(out, look, "  ", "    ")?;
    }
    Ok(())
}

/// Returns as much of the beginning of a text as fits into the columns.
fn shortened(text: &str, columns: usize) -> String {
    let text = clean::line(text);
    let mut taken = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width >= columns {
            taken.truncate(taken.trim_end().len());
            taken.push('…');
            return taken;
        }
        taken.push(c);
    }
    taken
}
