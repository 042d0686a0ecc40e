//! The page of paragraphs like one.

use super::chosen::removals;
use super::result::{self, Level};
use super::{Head, Last, Likeness, Part, Site, Skip, To, after, page, paging};
use crate::ask::Conditions;
use crate::ask::notes::Note;
use crate::render::{clean, words};
use findings_index::records::ReportHead;
use findings_index::request::{Filters, Similar};
use maud::{Markup, html};

/// Paragraphs like one, as they are shown.
#[derive(Debug, Clone, Copy)]
pub struct SimilarPage<'a> {
    /// What was asked for.
    pub likeness: &'a Likeness,
    /// The report of the paragraph.
    pub own: &'a ReportHead,
    /// The paragraph and those like it that are on this page.
    pub similar: &'a Similar,
    /// How many come before those on this page.
    pub offset: usize,
    /// Whether there are more after this page.
    pub is_more: bool,
    /// The last page, where this one is after it.
    pub last: Option<Last>,
    /// What the conditions were read as, where that may not be what was meant.
    pub notes: &'a [Note],
}

/// Writes the page.
#[must_use]
pub fn similar(site: &Site<'_>, view: &SimilarPage<'_>) -> String {
    let SimilarPage { likeness, own, similar, .. } = *view;
    let found = heading(view);
    let cited = clean::line(&similar.paragraph.citation);
    let head = Head {
        title: format!("{found}, like {cited}"),
        json: Some(site.addresses.to(To::SimilarJson(likeness))),
        csv: None,
        ..Head::default()
    };
    let paragraph = &similar.paragraph;
    let main = html! {
        h1 { "Similar paragraphs" }
        section.like aria-labelledby="one" {
            h2 id="one" {
                a href=(site.addresses.to(To::Paragraph { id: &paragraph.id, marks: None })) {
                    (result::name(site, own))
                }
            }
            p.place { (result::place(paragraph)) }
            blockquote { p { (result::text(&paragraph.text, &[])) } }
            @if !similar.words.is_empty() {
                p.also { "Searched for the words that distinguish it most: " (clean::line(&similar.words.join(", "))) "." }
            }
        }
        section aria-labelledby="results" {
            div.found {
                h2 id="results" tabindex="-1" { (found) }
                @if !similar.hits.is_empty() { p.soft { "most alike first" } }
            }
            (scope(site, view))
            (chosen(site, view))
            @if !view.notes.is_empty() {
                ul.understood { @for note in view.notes { li { (words::told(&note.text)) } } }
            }
            @if let Some(last) = view.last {
                (after(likeness.page, last, |page| {
                    let there = Likeness { page, ..view.likeness.clone() };
                    format!("{}#results", site.addresses.to(To::SimilarPage(&there)))
                }))
            }
            ol.hits start=(view.offset + 1) {
                @for hit in &similar.hits { (result::hit(site, hit, None, Level::Third)) }
            }
            (leaves(site, view))
        }
    };
    let skips = [Skip { to: "results", label: "Skip to the results" }];
    page(site, Part::Other, &head, &skips, &main)
}

/// Whether those of its own authority, or its report where that is not known, are left out.
fn heading(view: &SimilarPage<'_>) -> String {
    let from = if view.likeness.everywhere { "all reports" } else { "other authorities" };
    let shown = view.similar.hits.len();
    let (first, last) = (view.offset + 1, view.offset + shown);
    match shown {
        _ if view.last.is_some() => format!("Paragraphs from {from}"),
        0 => format!("Nothing like it from {from}"),
        1 if !view.is_more && view.offset == 0 => format!("1 paragraph from {from}"),
        _ if !view.is_more && view.offset == 0 => {
            format!("{} from {from}", words::count(shown, "paragraph"))
        }
        _ => format!("Paragraphs {} to {} from {from}", words::number(first), words::number(last)),
    }
}

/// Offers the other scope.
fn scope(site: &Site<'_>, view: &SimilarPage<'_>) -> Markup {
    let everywhere = !view.likeness.everywhere;
    let other = Likeness { everywhere, page: 1, ..view.likeness.clone() };
    let name = view.own.authority.as_deref().map_or("the same report".to_owned(), clean::line);
    html! {
        p.also {
            a href={ (site.addresses.to(To::SimilarPage(&other))) "#results" } {
                @if everywhere { "Show those from " (name) " as well" }
                @else { "Leave out those from " (name) }
            }
        }
    }
}

/// Writes the conditions, each as a link that removes it.
fn chosen(site: &Site<'_>, view: &SimilarPage<'_>) -> Markup {
    let without = |conditions: Conditions| {
        let other = Likeness { conditions, page: 1, ..view.likeness.clone() };
        format!("{}#results", site.addresses.to(To::SimilarPage(&other)))
    };
    removals(&each(site, &view.likeness.conditions), without)
}

/// The conditions, each with its name and those that are left without it.
pub(super) fn each(site: &Site<'_>, conditions: &Conditions) -> Vec<(String, Conditions)> {
    let each = conditions.each();
    each.iter().map(|one| (named(site, one), conditions.without(one))).collect()
}

/// Names a condition in words, where it is one on an attribute alone.
fn named(site: &Site<'_>, one: &Conditions) -> String {
    let mut rest = one.clone();
    match one.values.first_key_value() {
        Some((attribute, values)) if !rest.take(*attribute).is_empty() && rest.is_empty() => {
            let value = |value: &String| {
                let value = (value != Filters::ABSENT).then_some(value.as_str());
                words::value(site.names, *attribute, value)
            };
            let values: Vec<String> = values.iter().map(value).collect();
            format!("{} {}", words::noun(*attribute), values.join(" or "))
        }
        _ => words::conditions(one),
    }
}

fn leaves(site: &Site<'_>, view: &SimilarPage<'_>) -> Markup {
    if view.last.is_some() {
        return Markup::default();
    }
    let page = view.likeness.page;
    let to = |page| {
        let other = Likeness { page, ..view.likeness.clone() };
        format!("{}#results", site.addresses.to(To::SimilarPage(&other)))
    };
    let (before, after) = ((page > 1).then(|| to(page - 1)), view.is_more.then(|| to(page + 1)));
    paging("Pages of results", before, &html! { "Page " (page) }, after)
}

#[cfg(test)]
mod tests {
    use super::{SimilarPage, similar};
    use crate::render::html::page::Likeness;
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::samples;
    use findings_index::records::ReportHead;
    use findings_index::request::{Hit, Similar};

    fn shown(everywhere: bool, is_more: bool, hits: Vec<Hit>) -> Read {
        let paragraph = samples::paragraph();
        let likeness =
            Likeness { id: paragraph.id.clone(), everywhere, page: 1, ..Likeness::default() };
        let words = vec!["return".to_owned(), "<b>".to_owned()];
        let view = SimilarPage {
            likeness: &likeness,
            own: &ReportHead::from(&samples::report()),
            similar: &Similar {
                paragraph,
                words,
                total: hits.len(),
                left: 0,
                hits,
                index_version: 0,
                generation: "0".to_owned(),
                corpus: corpus(),
            },
            offset: 0,
            is_more,
            last: None,
            notes: &[],
        };
        let page = Read::new(&similar(&site(&Fake::default(), &corpus()), &view));
        page.is_sound();
        page
    }

    #[test]
    fn the_paragraph_comes_first_then_those_like_it() {
        let page = shown(false, false, vec![samples::bare_hit()]);
        assert_eq!(page.texts(".like h2"), ["Wealdshire, Single inspection (SIF), October 2015"]);
        assert!(page.texts(".like .also")[0].ends_with("return, <b>."), "words are text");
        assert_eq!(page.texts("#results"), ["1 paragraph from other authorities"]);
        assert_eq!(page.texts(".result mark"), ["return interview"]);
        assert!(page.texts(".paging").is_empty());
        let other = page.texts(".like + section > .also");
        assert_eq!(other, ["Show those from Wealdshire as well"]);
    }

    #[test]
    fn more_of_them_are_on_another_page() {
        let page = shown(true, true, vec![samples::bare_hit(), samples::hit()]);
        assert_eq!(page.texts("#results"), ["Paragraphs 1 to 2 from all reports"]);
        assert_eq!(page.texts(".paging a"), ["Next page"]);
        assert_eq!(page.texts(".like + section > .also"), ["Leave out those from Wealdshire"]);
        let none = shown(false, false, Vec::new());
        assert_eq!(none.texts("#results"), ["Nothing like it from other authorities"]);
    }
}
