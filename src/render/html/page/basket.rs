//! The page of the basket: the paragraphs that are kept, and how to take them away.
//!
//! Without a script, what is kept is in the address alone. With it, the browser keeps it, with notes
//! that never leave it; the page then only shows the paragraphs.

use super::result;
use super::{BasketFormat, Head, Keeping, Part, Site, Skip, To, page};
use crate::ask::Question;
use crate::ask::basket::{Collected, FILE, Filled};
use crate::render::{clean, words};
use findings_index::records::{ParagraphRecord, ReportHead};
use maud::{Markup, html};

/// The most paragraphs that an address carries well.
pub const CARRIED: usize = 500;

/// Writes the page of what is kept.
#[must_use]
pub fn basket(site: &Site<'_>, filled: &Filled) -> String {
    let held = filled.held().count();
    let gone: Vec<&str> = filled.gone().collect();
    let found = match held {
        0 => "Nothing is kept yet".to_owned(),
        _ => format!("{} kept", words::count(held, "paragraph")),
    };
    let head = Head { title: format!("Basket: {}", found.to_lowercase()), ..Head::default() };
    let file = |format| site.addresses.to(To::BasketFile(format));
    let main = html! {
        h1 { "Basket" }
        // The script shows here what it can do with the file of a basket.
        div data-shelf="" {}
        section aria-labelledby="results" {
            div.found {
                h2 id="results" tabindex="-1" { (found) }
                @if held > 0 {
                    ul.tools {
                        li { a href=(file(BasketFormat::Markdown)) download="findings-basket.md" { "Markdown" } }
                        li { a href=(file(BasketFormat::Csv)) download="findings-basket.csv" { "CSV" } }
                        li { a href=(file(BasketFormat::Basket)) download=(FILE) data-take="" { "Basket file" } }
                    }
                }
            }
            @if filled.kept.len() > CARRIED {
                p.problem {
                    "An address carries about " (words::number(CARRIED)) " paragraphs well. Take this basket away as "
                    "a file, and begin another."
                }
            }
            @if held == 0 { (empty(site)) }
            @if !gone.is_empty() { (no_longer(site, &gone)) }
            ol.hits {
                @for collected in &filled.kept {
                    @if let Collected { paragraph: Some(paragraph), report: Some(report), .. } = collected {
                        (kept(site, paragraph, &ReportHead::from(report)))
                    }
                }
            }
        }
    };
    let skips = [Skip { to: "results", label: "Skip to what is kept" }];
    page(site, Part::Basket, &head, &skips, &main)
}

fn empty(site: &Site<'_>) -> Markup {
    html! {
        p.prose {
            "“Keep”, below every paragraph that a search finds, puts it here. What is kept stays in your browser, or "
            "in the address of the page; this server stores nothing of it."
        }
        p { a href=(site.addresses.to(To::Search(&Question::default(), 1))) { "Search" } }
    }
}

/// Names what is kept and not held.
fn no_longer(site: &Site<'_>, gone: &[&str]) -> Markup {
    html! {
        div.problem {
            p { "Not held here, or no longer: " }
            ul {
                @for id in gone {
                    li {
                        code { (clean::line(id)) } " "
                        a href=(site.addresses.to(To::Keep(id, Keeping::Drop))) data-keep=(id) rel="nofollow"
                            aria-label={ "Remove " (clean::line(id)) } { "Remove" }
                    }
                }
            }
        }
    }
}

fn kept(site: &Site<'_>, paragraph: &ParagraphRecord, own: &ReportHead) -> Markup {
    let id = &paragraph.id;
    html! {
        li.result id={ "p-" (id) } data-kept=(id) {
            h3 { a href=(site.addresses.to(To::Paragraph { id, marks: None })) { (result::name(site, own)) } }
            p.place { (result::place(paragraph)) }
            blockquote { p { (result::text(&paragraph.text, &[])) } }
            (result::tools(site, paragraph, own, None))
        }
    }
}
