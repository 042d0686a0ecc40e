//! A whole page of a report as printed, with the pages before and after it.

use super::{Head, Part, Piece, Site, Skip, To, page, paging, result};
use crate::ask::Question;
use crate::render::clean;
use findings_index::records::{ParagraphRecord, ReportHead, ReportRecord};
use maud::html;

/// A page of a report as printed.
#[derive(Debug, Clone, Copy)]
pub struct SheetPage<'a> {
    /// The report.
    pub report: &'a ReportRecord,
    /// The paragraph that is marked where it is on the page.
    pub paragraph: &'a ParagraphRecord,
    /// The page, counted from 1.
    pub page: u32,
    /// The question whose matches are marked.
    pub marks: &'a Question,
}

/// Writes the page.
#[must_use]
pub fn sheet(site: &Site<'_>, view: &SheetPage<'_>) -> String {
    let SheetPage { report, paragraph, page: number, marks } = *view;
    let marks = (!marks.text.trim().is_empty()).then_some(marks);
    let id = paragraph.id.as_str();
    let name = result::name(site, &ReportHead::from(report));
    let to = |page| site.addresses.to(To::Sheet { paragraph: id, marks, page });
    let picture =
        site.addresses.to(To::Printed { paragraph: id, marks, piece: Piece::Page(number) });
    let pages = report.pages.unwrap_or(number);
    let (first, last) = (paragraph.page.unwrap_or(0), paragraph.page_end.or(paragraph.page));
    let is_on = first <= number && last.is_some_and(|last| number <= last);
    let said = if is_on {
        format!("Page {number} of {name}; it prints: {}", paragraph.text)
    } else {
        format!("Page {number} of {name}")
    };
    let head = Head { title: format!("Page {number} of {pages} – {name}"), ..Head::default() };
    let (before, after) =
        ((number > 1).then(|| to(number - 1)), (number < pages).then(|| to(number + 1)));
    let here = html! { "Page " (number) " of " (pages) };
    let main = html! {
        h1 { (name) }
        p {
            a href=(site.addresses.to(To::Paragraph { id, marks })) { "Back to the paragraph" }
            " · "
            a href=(site.addresses.to(To::Original { report: &report.id, page: Some(number) })) {
                "The original, page " (number)
            }
        }
        (paging("Pages of the report", before, &here, after))
        div.sheet { img src=(picture) alt=(clean::line(&said)); }
    };
    page(site, Part::Reports, &head, &[Skip::MAIN], &main)
}
