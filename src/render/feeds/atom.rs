//! Atom (RFC 4287), with links between the pages of a feed (RFC 5005).

use super::{Entry, Feed, LANGUAGE, day, moment};
use maud::{Markup, html};
use std::io;

/// Writes a feed as Atom.
///
/// # Errors
/// If it cannot be written to `out`.
pub fn atom(feed: &Feed, out: &mut dyn io::Write) -> io::Result<()> {
    let places = &feed.places;
    let links = [
        ("self", &places.own),
        ("alternate", &places.home),
        ("first", &places.first),
        ("previous", &places.previous),
        ("next", &places.next),
        ("last", &places.last),
    ];
    // Every element has both its tags, as those of XML must; whatever is put in is escaped.
    let whole = html! {
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(LANGUAGE) {
            id { (feed.id) }
            title { (feed.title) }
            subtitle { (feed.subtitle) }
            updated { (moment(feed.updated)) }
            generator version=(env!("CARGO_PKG_VERSION")) { "Findings" }
            @if !feed.rights.is_empty() { rights { (feed.rights) } }
            @for (rel, address) in links {
                @if let Some(address) = address {
                    link rel=(rel) type=[media(rel)] href=(address) {}
                }
            }
            @for one in &feed.entries { (entry(one)) }
        }
    };
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", whole.into_string())
}

/// The media type of what a link of the feed leads to.
fn media(rel: &str) -> Option<&'static str> {
    match rel {
        "alternate" => Some("text/html"),
        _ => Some("application/atom+xml"),
    }
}

fn entry(entry: &Entry) -> Markup {
    html! {
        entry {
            id { (entry.id) }
            title { (entry.title) }
            updated { (moment(entry.updated)) }
            @if let Some(published) = entry.published { published { (day(published)) } }
            author { name { (entry.author) } }
            @if let Some(link) = &entry.link {
                link rel="alternate" type="text/html" href=(link) {}
            }
            @if let Some(original) = &entry.original { link rel="related" href=(original) {} }
            @for category in &entry.categories {
                category scheme=(category.scheme) term=(category.term) label=(category.label) {}
            }
            content type="text" { (entry.text) }
        }
    }
}
