//! Baskets: files in which people collect paragraphs over several searches, with notes.
//!
//! A basket is text, one kept paragraph a line, so that it can be read, sorted and shared without
//! this program. [`Basket`] is such a text as a value; a line that cannot be read stays in it as it
//! is. A file is read, changed and replaced as a whole, one writer after the other. What is kept is
//! an id: the words of a paragraph are always those that are held now.

mod disk;
mod held;

pub use disk::{BasketError, change, read};
pub use held::{Collected, Filled, Noted};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The name of a basket where none is given.
pub const FILE: &str = "findings-basket.jsonl";

/// A kept paragraph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The paragraph's id.
    pub id: String,
    /// What the reader wrote about it.
    #[serde(default)]
    pub note: Option<String>,
    /// The query that found it.
    #[serde(default)]
    pub query: Option<String>,
    /// When it was first kept (RFC 3339); `None` in a basket that was written by hand.
    #[serde(default)]
    pub kept: Option<String>,
    /// What else the line says, which is kept as it is.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Kept {
    /// A paragraph kept now, without a note.
    #[must_use]
    pub fn new(id: &str, now: &str) -> Self {
        let kept = Some(now.to_owned());
        Self { id: id.to_owned(), note: None, query: None, kept, more: Map::new() }
    }
}

/// What became of a paragraph that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is new in the basket.
    Added,
    /// It was there already, and has another note or query now.
    Updated,
    /// It was there already, as it was to be kept.
    Unchanged,
}

/// A basket: kept paragraphs in the order in which they were kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basket {
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
enum Line {
    /// A paragraph, with the bytes of its line unless it was changed.
    Kept(Box<Kept>, Option<Vec<u8>>),
    Blank(Vec<u8>),
    /// A line that is no kept paragraph.
    Damaged(Vec<u8>),
}

impl Basket {
    /// Reads a basket. Every line of it is kept, damaged ones as well.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        if bytes.is_empty() {
            return Self::default();
        }
        let line = |line: &[u8]| {
            let said = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
            if said.trim_ascii().is_empty() {
                return Line::Blank(line.to_vec());
            }
            match serde_json::from_slice::<Kept>(said) {
                Ok(kept) => Line::Kept(Box::new(kept), Some(line.to_vec())),
                Err(_) => Line::Damaged(line.to_vec()),
            }
        };
        Self { lines: bytes.split(|byte| *byte == b'\n').map(line).collect() }
    }

    /// Returns the text of the basket.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for line in &self.lines {
            match line {
                Line::Kept(_, Some(bytes)) | Line::Blank(bytes) | Line::Damaged(bytes) => {
                    text.extend_from_slice(bytes);
                }
                // Texts, and what was read from JSON, can always be written as JSON.
                Line::Kept(kept, None) => {
                    text.extend(serde_json::to_vec(kept).unwrap_or_default());
                }
            }
            text.push(b'\n');
        }
        text
    }

    /// The kept paragraphs, in order.
    pub fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.lines.iter().filter_map(|line| match line {
            Line::Kept(kept, _) => Some(&**kept),
            Line::Blank(_) | Line::Damaged(_) => None,
        })
    }

    /// The numbers of the lines that are no kept paragraphs, from 1.
    pub fn damaged(&self) -> impl Iterator<Item = usize> {
        let numbered = self.lines.iter().zip(1..);
        numbered.filter(|(line, _)| matches!(line, Line::Damaged(_))).map(|(_, number)| number)
    }

    /// Keeps a paragraph. One that is there already stays in its place and takes the note and the
    /// query, if there are any; an empty one takes away what was there.
    pub fn keep(&mut self, new: Kept) -> Keeping {
        for line in &mut self.lines {
            let Line::Kept(held, bytes) = line else { continue };
            if held.id != new.id {
                continue;
            }
            let note = new.note.map_or_else(|| held.note.clone(), said);
            let query = new.query.map_or_else(|| held.query.clone(), said);
            if (&note, &query) == (&held.note, &held.query) {
                return Keeping::Unchanged;
            }
            (held.note, held.query) = (note, query);
            *bytes = None;
            return Keeping::Updated;
        }
        let new = Kept { note: new.note.and_then(said), query: new.query.and_then(said), ..new };
        self.lines.push(Line::Kept(Box::new(new), None));
        Keeping::Added
    }

    /// Removes a paragraph, and says whether it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.lines.len();
        self.lines.retain(|line| !matches!(line, Line::Kept(kept, _) if kept.id == id));
        self.lines.len() < before
    }
}

/// Returns a text unless it is empty.
fn said(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{Basket, Keeping, Kept};
    use serde_json::Map;

    fn kept(id: &str, note: Option<&str>) -> Kept {
        let kept = Some("2026-01-02T03:04:05Z".to_owned());
        Kept {
            id: id.to_owned(),
            note: note.map(str::to_owned),
            query: None,
            kept,
            more: Map::new(),
        }
    }

    fn text(basket: &Basket) -> String {
        String::from_utf8_lossy(&basket.text()).into_owned()
    }

    #[test]
    fn a_paragraph_is_a_line_of_json() {
        let mut basket = Basket::default();
        assert_eq!(basket.keep(kept("a/1", Some("“first”"))), Keeping::Added);
        let written = text(&basket);
        assert_eq!(
            written,
            "{\"id\":\"a/1\",\"note\":\"“first”\",\"query\":null,\"kept\":\"2026-01-02T03:04:05Z\"}\n"
        );
        assert_eq!(text(&Basket::parse(written.as_bytes())), written);
    }

    #[test]
    fn a_paragraph_that_is_there_takes_a_new_note_and_keeps_its_place() {
        let mut basket = Basket::default();
        basket.keep(kept("a/1", Some("old")));
        basket.keep(kept("a/2", None));
        assert_eq!(basket.keep(kept("a/1", None)), Keeping::Unchanged);
        assert_eq!(basket.keep(kept("a/1", Some("new"))), Keeping::Updated);
        let notes: Vec<_> = basket.kept().map(|kept| (&*kept.id, kept.note.as_deref())).collect();
        assert_eq!(notes, [("a/1", Some("new")), ("a/2", None)]);
        assert_eq!(basket.keep(kept("a/1", Some(""))), Keeping::Updated);
        assert_eq!(basket.kept().next().and_then(|kept| kept.note.as_deref()), None);
    }

    #[test]
    fn a_damaged_line_has_its_number_and_is_never_lost() {
        let bytes = b"{\"id\":\"a/1\", \"colour\":\"red\"}\n\n{\"id\":\n\xff\xfe\n[]\n{\"note\":\"no id\"}\n";
        let mut basket = Basket::parse(bytes);
        assert_eq!(basket.damaged().collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert_eq!(basket.text(), bytes);
        basket.keep(kept("a/1", Some("mine")));
        basket.keep(kept("a/2", None));
        let text = basket.text();
        let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        assert_eq!(lines[1..6], bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>()[1..6]);
        let first = String::from_utf8_lossy(lines[0]).into_owned();
        assert!(first.contains("mine") && first.contains("\"colour\":\"red\""), "{first}");
    }

    #[test]
    fn a_last_line_without_its_end_is_a_line() {
        let mut basket = Basket::parse(b"{\"id\":\"a/1\"}\r\n{\"id\":\"a/2\"");
        assert_eq!(basket.kept().count(), 1);
        basket.keep(kept("a/3", None));
        assert_eq!(basket.damaged().collect::<Vec<_>>(), [2]);
        assert_eq!(Basket::parse(&basket.text()).kept().count(), 2);
    }

    #[test]
    fn a_removed_paragraph_leaves_the_others() {
        let mut basket = Basket::parse(b"{\"id\":\"a/1\"}\nnoise\n{\"id\":\"a/2\"}\n");
        assert!(basket.remove("a/1"));
        assert!(!basket.remove("a/1"));
        assert_eq!(text(&basket), "noise\n{\"id\":\"a/2\"}\n");
    }
}
