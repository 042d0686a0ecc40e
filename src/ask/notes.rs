//! Notes on a question that are given with its answer, in words.

use findings_index::language::query::Repair;
use findings_index::records::Attribute;
use findings_index::request::UnheldWord;
use serde::Serialize;

/// The greatest number of words that are named when no paragraph has them.
const NAMED: usize = 8;

/// Something about the question that whoever asked should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A name for the kind of note, which programs can rely on.
    pub code: &'static str,
    /// The note in words.
    pub text: String,
}

/// Makes notes on what was mended and on words that no paragraph has.
#[must_use]
pub fn notes(repairs: &[Repair], unheld: &[UnheldWord]) -> Vec<Note> {
    let mended = repairs.iter().map(|repair| Note { code: "repaired", text: repair.to_string() });
    let named = unheld.iter().take(NAMED).map(|word| Note { code: "unheld", text: said(word) });
    let more = unheld.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| {
        let words = if more == 1 { "1 more word".to_owned() } else { format!("{more} more words") };
        Note { code: "unheld", text: format!("no paragraph has {words}") }
    });
    mended.chain(named).chain(more).collect()
}

/// The note that a search without words lists what it finds.
#[must_use]
pub(super) fn unranked() -> Note {
    let text = "there are no words to rank by: listed by authority, the newest report first, each \
                report in its own order";
    Note { code: "listed", text: text.to_owned() }
}

fn counted(paragraphs: usize) -> String {
    if paragraphs == 1 { "1 paragraph".to_owned() } else { format!("{paragraphs} paragraphs") }
}

/// States that no paragraph or heading has a word, and suggests words that may be meant.
#[must_use]
pub fn said(unheld: &UnheldWord) -> String {
    let holder = if unheld.field == Some(Attribute::Section) { "heading" } else { "paragraph" };
    let said = format!("no {holder} has `{}`", unheld.word);
    let near = unheld.near.iter();
    let near: Vec<String> =
        near.map(|near| format!("`{}` ({})", near.word, counted(near.paragraphs))).collect();
    match near.as_slice() {
        [] => said,
        near => format!("{said}; did you mean {}?", near.join(" or ")),
    }
}
