//! Writes the text of a report: headings, paragraphs with their printed numbers, bullets below the
//! paragraph that they belong to, and where pages begin.
//!
//! Markup is short, since a long report has hundreds of paragraphs: only a paragraph that matches, or
//! at which the reader is, has all that can be done with it.

use super::super::result::{self, Shown};
use super::super::{Site, To, grade};
use super::{ReportPage, heading, printed_in, steps};
use crate::answer::as_read::{Line, Section};
use crate::render::{clean, words};
use findings_index::records::{Kind, ParagraphRecord, ReportHead};
use maud::{Markup, html};

/// The most matches that each have all tools: of more, a reader goes to the paragraph first.
const MOST_TOOLS: usize = 60;

/// The most kept paragraphs that the link of every paragraph carries along: more of them would be the
/// greater part of the page.
const MOST_CARRIED: usize = 20;

/// Writes the sections.
pub(super) fn sections(site: &Site<'_>, view: &ReportPage<'_>, own: &ReportHead) -> Markup {
    let mut level = 1;
    html! {
        @for (place, section) in view.read.sections.iter().enumerate() {
            // A level is never skipped, whatever the report does.
            @let depth = section.path.len().clamp(1, 5);
            @let () = level = (depth + 1).min(level + 1);
            (page_break(site, own, section.begins))
            (headed(section, place + 1, level))
            @for run in section.lines.chunk_by(are_together) {
                (page_break(site, own, run.first().and_then(|line| line.begins)))
                @if run.first().is_some_and(is_bullet) {
                    ul.bullets {
                        @for line in run {
                            li.para.here[is_here(view, line)] id=(id_of(line)) {
                                (paragraph(site, view, own, line, false))
                            }
                        }
                    }
                } @else {
                    @for (place, line) in run.iter().enumerate() {
                        div.para.here[is_here(view, line)] id=(id_of(line)) {
                            (paragraph(site, view, own, line, place == 0))
                        }
                    }
                }
            }
        }
    }
}

fn id_of(line: &Line) -> &str {
    words::place_of(&line.paragraph.id)
}

fn is_here(view: &ReportPage<'_>, line: &Line) -> bool {
    view.here.is_some_and(|here| here == line.paragraph.id)
}

fn is_bullet(line: &Line) -> bool {
    line.paragraph.kind == Kind::Bullet || line.paragraph.parent.is_some()
}

/// Whether two paragraphs after one another are of one list, or of one kind, on one page.
fn are_together(one: &Line, next: &Line) -> bool {
    let is_same = is_bullet(one) == is_bullet(next)
        && (is_bullet(one) || one.paragraph.kind == next.paragraph.kind);
    is_same && next.begins.is_none()
}

fn page_break(site: &Site<'_>, own: &ReportHead, page: Option<u32>) -> Markup {
    html! {
        @if let Some(page) = page {
            p.break id={ "page-" (page) } {
                a href=(site.addresses.to(To::Original { report: &own.id, page: Some(page) })) { "page " (page) }
            }
        }
    }
}

fn headed(section: &Section, number: usize, level: usize) -> Markup {
    let Some((_, above)) = section.path.split_last() else { return Markup::default() };
    let (id, said) = (format!("s{number}"), heading(section));
    html! {
        @match level {
            2 => { h2 id=(id) { (said) } }
            3 => { h3 id=(id) { (said) } }
            4 => { h4 id=(id) { (said) } }
            5 => { h5 id=(id) { (said) } }
            _ => { h6 id=(id) { (said) } }
        }
        @if !above.is_empty() || section.grade.is_some() {
            p.place {
                (clean::line(&above.join(" › ")))
                @if let Some(given) = &section.grade {
                    @if !above.is_empty() { " · " }
                    "section judged " (grade(&clean::line(&given.label), given.rank))
                    @if !section.given.is_empty() {
                        ", printed in " (printed_in(&section.given))
                    }
                }
            }
        }
    }
}

/// Writes what is within the element of a paragraph; `is_told` says whether its kind is named.
fn paragraph(
    site: &Site<'_>,
    view: &ReportPage<'_>,
    own: &ReportHead,
    line: &Line,
    is_told: bool,
) -> Markup {
    let paragraph = &line.paragraph;
    let called = match (&paragraph.number, paragraph.page) {
        (Some(number), _) => format!("paragraph {}", clean::line(number)),
        (None, Some(page)) => format!("this paragraph on page {page}"),
        (None, None) => "this paragraph".to_owned(),
    };
    let is_here = is_here(view, line);
    let spans = line.found.as_ref().map_or(&[][..], |found| &found.spans);
    let matches = view.read.matches;
    let has_tools = is_here || (line.found.is_some() && matches <= MOST_TOOLS);
    let marks = view.marks();
    html! {
        @if is_here { span id="here" tabindex="-1" {} }
        @if let Some(found) = &line.found { span id={ "m" (found.number) } {} }
        p.no {
            @if let Some(number) = &paragraph.number { (clean::line(number)) " " }
            a href=(link(site, view, paragraph)) aria-label={ "Link to " (called) } { "Link" }
        }
        @if let Some(kind) = named(paragraph, is_told) { p.kind { (kind) } }
        p class={ "words" (soft(paragraph.kind)) } { (result::text(&paragraph.text, spans)) }
        @if !paragraph.refers.is_empty() {
            p.step {
                "Refers to "
                @for (count, id) in paragraph.refers.iter().enumerate() {
                    @if count > 0 { ", " }
                    a href={ "#" (words::place_of(id)) } { "paragraph " (clean::line(words::place_of(id))) }
                }
            }
        }
        @if let Some(found) = &line.found {
            p.step { "Match " (found.number) " of " (words::number(matches)) (steps(found.number, matches)) }
        }
        @if has_tools {
            (result::tools_at(site, paragraph, own, marks, Shown::InReport))
        }
    }
}

/// The address of a paragraph of the report: its page, or its place on this one.
fn link(site: &Site<'_>, view: &ReportPage<'_>, paragraph: &ParagraphRecord) -> String {
    if site.addresses.kept().len() > MOST_CARRIED {
        return format!("#{}", words::place_of(&paragraph.id));
    }
    site.addresses.to(To::Paragraph { id: &paragraph.id, marks: view.marks() })
}

/// Names the kind of a paragraph, where it is not what a report mostly consists of.
fn named(paragraph: &ParagraphRecord, is_told: bool) -> Option<String> {
    let said = match paragraph.kind {
        Kind::Finding | Kind::Summary | Kind::Bullet => return None,
        Kind::Recommendation => {
            let due = paragraph.timescale.iter().cloned();
            let whom = paragraph.addressee.iter().map(|whom| format!("to {whom}"));
            let more: Vec<String> = due.chain(whom).collect();
            if more.is_empty() && !is_told {
                return None;
            }
            let more =
                if more.is_empty() { String::new() } else { format!(": {}", more.join(", ")) };
            return Some(clean::line(&format!("Recommendation{more}")));
        }
        Kind::Context => "Context",
        Kind::Table => "From a table",
        Kind::Caption => "Caption",
        Kind::Boilerplate => "Standard text, which is not counted",
        Kind::Footnote => "Footnote",
    };
    is_told.then(|| said.to_owned())
}

/// Sets what is no finding back a little.
fn soft(kind: Kind) -> &'static str {
    match kind {
        Kind::Boilerplate | Kind::Footnote | Kind::Caption | Kind::Context => " aside",
        _ => "",
    }
}
