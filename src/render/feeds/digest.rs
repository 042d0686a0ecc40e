//! A feed of what is new: an entry for each new report, and for each new match of a saved search.
//!
//! Ids are those of reports and paragraphs, so that a reader who is told of one twice knows it again.

use super::id::of_record;
use super::{Category, Entry, Feed, Leads, Places, line, lines};
use crate::answer::digest::{Digest, NewReport};
use crate::render::{digest as worded, words};
use findings_index::language::topic::Taxonomy;

/// The id of the feed.
const ID: &str = "urn:findings:new";

impl Feed {
    /// Makes a feed of what is new; of its matches, those that are quoted.
    #[must_use]
    pub fn of_digest(digest: &Digest, topics: &Taxonomy) -> Self {
        // A file leads nowhere.
        let leads = Leads { paragraph: &|_| None, original: &|_| None };
        let mut entries: Vec<Entry> =
            digest.reports.iter().map(|own| of_report(digest, own)).collect();
        let reports = entries.len();
        for search in &digest.searches {
            for hit in &search.quotes {
                let entry = Entry::of(&digest.names, topics, digest.until, leads, hit);
                let found = Category {
                    scheme: "urn:findings:search",
                    term: line(&search.name),
                    label: line(&search.name),
                };
                // What several searches find is one entry, which names them all.
                match entries.iter_mut().skip(reports).find(|held| held.id == entry.id) {
                    Some(held) => held.categories.push(found),
                    None => {
                        let mut entry = entry;
                        entry.categories.push(found);
                        entries.push(entry);
                    }
                }
            }
        }
        Self {
            id: ID.to_owned(),
            title: "Findings: what is new".to_owned(),
            subtitle: line(&worded::span(digest)),
            updated: digest.until,
            places: Places::default(),
            rights: line(&words::attributions(&digest.names, &digest.sources).join(" ")),
            entries,
        }
    }
}

fn of_report(digest: &Digest, own: &NewReport) -> Entry {
    let head = &own.report;
    let terms = digest.names.terms(&head.framework);
    let author = terms.publisher().or(head.name()).unwrap_or("Author not known");
    Entry {
        id: of_record(&head.id),
        title: line(&format!("New report: {}", words::report(&digest.names, head))),
        text: lines(&worded::report(&digest.names, own).join("\n")),
        link: None,
        original: None,
        published: head.published.or(head.inspection_end),
        updated: own.first_indexed.unwrap_or(digest.until),
        categories: vec![Category {
            scheme: "urn:findings:framework",
            term: line(&head.framework),
            label: line(words::framework(&digest.names, &head.framework)),
        }],
        author: line(author),
    }
}
