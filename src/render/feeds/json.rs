//! JSON Feed 1.1.

use super::{Entry, Feed, LANGUAGE, day, moment};
use crate::render::clean;
use serde::Serialize;
use std::io;

/// The version that is written.
const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
struct Whole<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<&'a str>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    language: &'static str,
    /// What Atom has and JSON Feed has no name for.
    _findings: Own<'a>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Own<'a> {
    id: &'a str,
    updated: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    rights: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    content_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    date_modified: String,
    authors: [Author<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

impl<'a> From<&'a Entry> for Item<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            id: &entry.id,
            url: entry.link.as_deref(),
            external_url: entry.original.as_deref(),
            title: &entry.title,
            content_text: &entry.text,
            date_published: entry.published.map(day),
            date_modified: moment(entry.updated),
            authors: [Author { name: &entry.author }],
            tags: entry.categories.iter().map(|category| category.label.as_str()).collect(),
        }
    }
}

/// Writes a feed as JSON Feed.
///
/// # Errors
/// If it cannot be written to `out`.
pub fn json(feed: &Feed, out: &mut dyn io::Write) -> io::Result<()> {
    let places = &feed.places;
    let whole = Whole {
        version: VERSION,
        title: &feed.title,
        home_page_url: places.home.as_deref(),
        feed_url: places.own.as_deref(),
        description: &feed.subtitle,
        next_url: places.next.as_deref(),
        language: LANGUAGE,
        _findings: Own {
            id: &feed.id,
            updated: moment(feed.updated),
            rights: &feed.rights,
            first_url: places.first.as_deref(),
            previous_url: places.previous.as_deref(),
            last_url: places.last.as_deref(),
        },
        items: feed.entries.iter().map(Item::from).collect(),
    };
    let written = serde_json::to_string_pretty(&whole).map_err(io::Error::other)?;
    writeln!(out, "{}", clean::json(&written))
}
