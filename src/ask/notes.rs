//! What an answer says of the question, in words.

use findings_index::language::query::Repair;
use findings_index::records::Attribute;
use findings_index::request::UnheldWord;
use serde::Serialize;

/// How many words that no paragraph has are named.
const NAMED: usize = 8;

/// Something that whoever asked should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A name for the kind of note that programs can rely on.
    pub code: &'static str,
    /// It, in words.
    pub text: String,
}

/// What was mended, and which words no paragraph has.
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

fn counted(paragraphs: usize) -> String {
    if paragraphs == 1 { "1 paragraph".to_owned() } else { format!("{paragraphs} paragraphs") }
}

/// That nobody has a word, and which words may be meant.
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
