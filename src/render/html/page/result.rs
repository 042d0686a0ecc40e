//! Writes a paragraph that was found: its text with the matches marked, and where it is from.

use super::{Keeping, Piece, Site, To, grade};
use crate::ask::Question;
use crate::render::excerpt::{Fragment, excerpt};
use crate::render::{clean, words};
use findings_index::records::{Kind, ParagraphRecord, ReportHead};
use findings_index::request::Hit;
use maud::{Markup, html};

/// The most paragraphs that are named as saying nearly the same.
const ALIKE_NAMED: usize = 4;

/// Writes a hit as an entry of a list.
pub(super) fn hit(site: &Site<'_>, hit: &Hit, marks: Option<&Question>, level: Level) -> Markup {
    let paragraph = &hit.paragraph;
    let here = site.addresses.to(To::Paragraph { id: &paragraph.id, marks });
    let title = html! { a href=(here) { (name(site, &hit.head)) } };
    html! {
        li.result id={ "p-" (paragraph.id) } {
            @match level {
                Level::Second => { h2 { (title) } }
                Level::Third => { h3 { (title) } }
                Level::Fourth => { h4 { (title) } }
            }
            p.place { (place(paragraph)) }
            blockquote { p { (text(&paragraph.text, &hit.spans)) } }
            @if !hit.near.is_empty() {
                p.soft { "close in meaning: " (clean::line(&hit.near.join(", "))) }
            }
            (tools(site, paragraph, &hit.head, marks))
            @if !hit.alike.is_empty() {
                p.soft {
                    "and " (words::number(hit.alike.len())) " more like it: "
                    @for (place, id) in hit.alike.iter().take(ALIKE_NAMED).enumerate() {
                        @if place > 0 { ", " }
                        a href=(site.addresses.to(To::Paragraph { id, marks })) { (id) }
                    }
                    @if hit.alike.len() > ALIKE_NAMED { ", …" }
                }
            }
        }
    }
}

/// The level of the headings of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Second,
    Third,
    Fourth,
}

/// Names a report: its authority, framework and month.
pub(super) fn name(site: &Site<'_>, head: &ReportHead) -> String {
    words::report(site.names, head)
}

/// Says where in its report a paragraph is.
pub(super) fn place(paragraph: &ParagraphRecord) -> Markup {
    let inner = words::section(paragraph);
    let mut after: Vec<String> = Vec::new();
    if paragraph.kind != Kind::Finding {
        let due = paragraph.timescale.as_ref().map(|timescale| format!(" ({timescale})"));
        after.push(format!("{}{}", paragraph.kind.name(), due.unwrap_or_default()));
    }
    after.extend(paragraph.number.iter().map(|number| format!("paragraph {number}")));
    after.extend(paragraph.page.map(|page| words::pages(page, paragraph.page_end)));
    html! {
        (inner)
        @if let Some(given) = &paragraph.grade {
            @if !inner.is_empty() { " · " }
            "section judged " (grade(&clean::line(&given.label), given.rank))
        }
        @if !after.is_empty() {
            @if !inner.is_empty() || paragraph.grade.is_some() { " · " }
            (clean::line(&after.join(" · ")))
        }
    }
}

/// Writes a text with its matches marked.
pub(super) fn text(text: &str, spans: &[[usize; 2]]) -> Markup {
    html! {
        @for fragment in excerpt(text, spans, None) {
            @match fragment {
                Fragment::Text(text) => (text),
                Fragment::Match(text) => mark { (text) },
                Fragment::Gap => " … ",
            }
        }
    }
}

/// Where a paragraph is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// In a list, as an element whose id is that of the paragraph after `p-`.
    Listed,
    /// In its report, as an element whose id is the place of the paragraph.
    InReport,
}

/// Writes what can be done with a paragraph in a list, each as a link.
pub(super) fn tools(
    site: &Site<'_>,
    paragraph: &ParagraphRecord,
    head: &ReportHead,
    marks: Option<&Question>,
) -> Markup {
    tools_at(site, paragraph, head, marks, Shown::Listed)
}

/// Writes what can be done with a paragraph, each as a link.
pub(super) fn tools_at(
    site: &Site<'_>,
    paragraph: &ParagraphRecord,
    head: &ReportHead,
    marks: Option<&Question>,
    shown: Shown,
) -> Markup {
    let to = |target| site.addresses.to(target);
    let id = &paragraph.id;
    // The page that a link to keep leads to is the same one, at the same paragraph.
    let (link, at) = match shown {
        Shown::Listed => ("In the report", format!("#p-{id}")),
        Shown::InReport => ("Link to this paragraph", format!("#{}", words::place_of(id))),
    };
    let is_kept = site.addresses.kept().contains(id);
    let keeping = if is_kept { Keeping::Drop } else { Keeping::Keep };
    let draws = site.draws && paragraph.page.is_some();
    html! {
        ul.tools aria-label={ "For this paragraph: " (clean::line(&paragraph.citation)) } {
            li { a href=(to(To::Paragraph { id, marks })) { (link) } }
            li {
                a href=(to(To::Original { report: &head.id, page: paragraph.page })) {
                    @match paragraph.page {
                        Some(page) => { "PDF, page " (page) }
                        None => "Original",
                    }
                }
            }
            li { a href=(to(To::Similar(id))) { "Similar" } }
            li {
                details.cite {
                    summary { "Cite" }
                    p data-copy="The citation is copied." {
                        (cited(site, &paragraph.citation, id, &head.id, paragraph.page))
                    }
                }
            }
            li {
                a.keep href={ (to(To::Keep(id, keeping))) (at) } data-keep=(id) rel="nofollow" {
                    (if is_kept { "Kept – remove" } else { "Keep" })
                }
            }
            @if draws {
                li { (printed(site, paragraph, marks, &at)) }
            }
        }
    }
}

/// A citation with the addresses of the paragraph here and of the page of the original.
pub(super) fn cited(
    site: &Site<'_>,
    citation: &str,
    id: &str,
    report: &str,
    page: Option<u32>,
) -> String {
    let here = site.addresses.whole(To::Paragraph { id, marks: None });
    let original = site.addresses.whole(To::Original { report, page });
    let what = if page.is_some() { "PDF" } else { "original" };
    clean::line(&format!("{citation}, {here} ({what}: {original})"))
}

/// Writes the part of the page that holds a paragraph, folded. It is loaded when it is unfolded: by a
/// script from the template, and without one by a link to the same page with the picture on it.
/// `at` is where on the page the paragraph is.
fn printed(
    site: &Site<'_>,
    paragraph: &ParagraphRecord,
    marks: Option<&Question>,
    at: &str,
) -> Markup {
    let to = |target| site.addresses.to(target);
    let id = paragraph.id.as_str();
    let picture = |piece| to(To::Printed { paragraph: id, marks, piece });
    // A picture for an article shows what is printed, and not what somebody looked for.
    let cited = to(To::Printed { paragraph: id, marks: None, piece: Piece::Cited });
    let whole = to(To::Sheet { paragraph: id, marks, page: paragraph.page.unwrap_or(1) });
    let shown = html! {
        div.printed {
            a href=(whole) aria-label="The whole page as printed" {
                img src=(picture(Piece::Paragraph)) alt=(clean::line(&paragraph.text));
            }
            p {
                a href=(whole) { "The whole page" } " · "
                a href=(cited) download="" { "Picture with its citation" }
            }
        }
    };
    html! {
        @if site.addresses.unfolded() == Some(id) {
            a href={ (to(To::Unfold(None))) (at) } rel="nofollow" { "Fold what is printed" }
            (shown)
        } @else {
            a.unfold href={ (to(To::Unfold(Some(id)))) (at) } rel="nofollow" { "As printed" }
            template { (shown) }
        }
    }
}
