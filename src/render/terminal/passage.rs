//! Writes a paragraph among its neighbours.

use super::prose::Prose;
use super::{Ink, Look, paint};
use crate::render::passage::{Because, Passage};
use crate::render::words;
use findings_index::records::{Kind, ParagraphRecord, ReportRecord};
use std::io;

/// Writes a paragraph and those asked for around it.
///
/// # Errors
/// Those of `out`.
pub fn passage(passage: &Passage, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    titles(&passage.report, look).write(out, look, "", "")?;
    let mut section: &[String] = &[];
    let mut before = None;
    for neighbour in &passage.around {
        let here = &neighbour.paragraph;
        writeln!(out)?;
        if before.is_some_and(|before| before + 1 < neighbour.place) {
            paint(out, look, Ink::Faint, "  …")?;
            writeln!(out, "\n")?;
        }
        if here.section != section || before.is_none() {
            headings(here).write(out, look, "", "  ")?;
            writeln!(out)?;
            section = &here.section;
        }
        before = Some(neighbour.place);
        let asked = neighbour.because == Because::Asked;
        let bullet = if here.kind == Kind::Bullet || here.parent.is_some() { "  " } else { "" };
        let lead = format!("{} {bullet}", if asked { ">" } else { " " });
        let indent = format!("  {bullet}");
        let mut place = Prose::new();
        if let Some(number) = &here.number {
            place
                .item(if asked { Ink::Strong } else { Ink::Plain }, &format!("paragraph {number}"));
        }
        if here.kind != Kind::Finding {
            place.item(Ink::Plain, here.kind.name());
        }
        if let Some(timescale) = &here.timescale {
            place.item(Ink::Plain, timescale);
        }
        if let Some(addressee) = &here.addressee {
            place.item(Ink::Plain, &format!("for {addressee}"));
        }
        if !here.refers.is_empty() {
            place.item(Ink::Plain, &words::refers(&here.refers));
        }
        if let Some(page) = here.page {
            place.item(Ink::Plain, &words::pages(page, here.page_end));
        }
        if here.verbatim == Some(false) {
            place.item(Ink::Strong, "not as printed");
        }
        if !here.topics.is_empty() {
            place.item(Ink::Plain, &format!("topics: {}", here.topics.join(", ")));
        }
        place.item(Ink::Faint, &here.id);
        place.write(out, look, &lead, &indent)?;
        let mut text = Prose::new();
        text.add(Ink::Plain, &here.text);
        text.write(out, look, &indent, &indent)?;
    }
    writeln!(out)?;
    let mut citation = Prose::new();
    citation.add(Ink::Faint, "cite as: ").add(Ink::Plain, &passage.paragraph.citation);
    citation.write(out, look, "", "  ")?;
    let mut file = Prose::new();
    file.add(Ink::Faint, "file: ").add(Ink::Plain, &passage.report.path);
    if let Some(page) = passage.paragraph.page {
        let pages = words::pages(page, passage.paragraph.page_end);
        file.add(Ink::Plain, &format!(", {pages}"));
    }
    file.write(out, look, "", "  ")
}

/// Lists a report's authority, framework, dates and overall judgement.
pub(super) fn titles(report: &ReportRecord, look: &Look<'_>) -> Prose {
    let mut line = Prose::new();
    let name = report.name().or(report.title.as_deref()).unwrap_or(&report.id);
    line.add(Ink::Strong, name);
    line.item(Ink::Plain, words::framework(look.names, &report.framework));
    if let Some(visit) = report.visit {
        line.item(Ink::Plain, words::visit(visit));
    }
    if let Some(theme) = &report.inspection_theme {
        line.item(Ink::Plain, theme);
    }
    if let Some(start) = report.inspection_start {
        let days = words::days(start, report.inspection_end);
        line.item(Ink::Plain, &format!("inspected {days}"));
    }
    if let Some(published) = report.published {
        line.item(Ink::Plain, &format!("published {}", words::day(published)));
    }
    if let Some(overall) = &report.overall {
        line.graded("overall", overall);
    }
    line
}

/// Lists the headings above a paragraph, outermost first, and the section's grade.
fn headings(paragraph: &ParagraphRecord) -> Prose {
    let mut line = Prose::new();
    line.add(Ink::Strong, &paragraph.section.join(" › "));
    if let Some(grade) = &paragraph.grade {
        line.graded("section grade", grade);
        // An area is named with its group where its heading occurs twice.
        let named = |heading: &String| grade.area.ends_with(heading.as_str());
        if !paragraph.section.iter().any(named) {
            line.add(Ink::Faint, &format!(" (from {})", grade.area));
        }
    }
    line
}
