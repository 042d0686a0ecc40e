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
const CARRIED: usize = 500;

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
                        li { "Take away as" }
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

#[cfg(test)]
mod tests {
    use super::{CARRIED, basket};
    use crate::ask::basket::{Collected, Filled};
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::samples;

    fn collected(id: &str) -> Collected {
        let (paragraph, report) = (samples::paragraph(), samples::report());
        let is_held = paragraph.id == id;
        Collected {
            id: id.to_owned(),
            note: None,
            query: None,
            kept: None,
            paragraph: is_held.then_some(paragraph),
            report: is_held.then_some(report),
        }
    }

    fn shown(ids: &[&str]) -> Read {
        let addresses = Fake { kept: ids.iter().map(|id| (*id).to_owned()).collect() };
        let kept = ids.iter().map(|id| collected(id)).collect();
        let filled = Filled { kept, damaged: Vec::new() };
        let page = Read::new(&basket(&site(&addresses, &corpus()), &filled));
        page.is_sound();
        page
    }

    #[test]
    fn what_is_kept_can_be_read_removed_and_taken_away() {
        let page = shown(&["wealdshire-sif-2015-10-19/45", "gone<script>/1"]);
        assert_eq!(page.texts("#results"), ["1 paragraph kept"]);
        assert_eq!(page.values("[data-kept]", "data-kept"), ["wealdshire-sif-2015-10-19/45"]);
        assert_eq!(page.texts("a.keep"), ["Kept – remove"]);
        assert_eq!(page.texts(".problem code"), ["gone<script>/1"]);
        assert_eq!(page.values(".problem a", "href"), ["/Drop/gone<script>/1"]);
        assert_eq!(page.texts(".found .tools a"), ["Markdown", "CSV", "Basket file"]);
        assert!(
            page.values("a[download]", "download").contains(&"findings-basket.jsonl".to_owned())
        );
    }

    #[test]
    fn an_empty_basket_says_how_to_keep() {
        let page = shown(&[]);
        assert_eq!(page.texts("#results"), ["Nothing is kept yet"]);
        assert!(page.texts(".found .tools").is_empty());
        assert!(page.texts(".prose")[0].contains("this server stores nothing of it"));
    }

    #[test]
    fn more_than_an_address_carries_is_said() {
        let ids: Vec<String> = (0..=CARRIED).map(|place| format!("gone/{place}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(shown(&ids).texts(".problem")[0].contains("500 paragraphs"));
        assert!(!shown(&ids[1..]).texts(".problem")[0].contains("500 paragraphs"));
    }
}
