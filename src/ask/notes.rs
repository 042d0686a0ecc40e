//! Notes on a question that are given with its answer, in words.

use findings_index::language::query::Repair;
use findings_index::records::Attribute;
use findings_index::request::UnheldWord;
use serde::Serialize;

/// The greatest number of words that are named when no paragraph has them.
const NAMED: usize = 8;

/// Something about the question that whoever asked should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Note {
    /// A name for the kind of note, which programs can rely on.
    pub code: &'static str,
    /// The note in words.
    pub text: String,
}

/// A form of a phrase that its count leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Uncounted {
    /// The phrase, as printed.
    pub phrase: String,
    /// The form; if it has a word more than the phrase, in each of its usual inflections.
    pub forms: Vec<String>,
    /// Number of paragraphs that have it and that the whole query does not find, under the same
    /// conditions.
    pub paragraphs: usize,
    /// The query that finds these.
    pub query: String,
}

impl Uncounted {
    /// States the form and its number in words.
    #[must_use]
    pub fn said(&self) -> String {
        let forms: Vec<String> = self.forms.iter().map(|form| format!("“{form}”")).collect();
        let paragraphs = match self.paragraphs {
            1 => "1 more paragraph".to_owned(),
            many => format!("{many} more paragraphs"),
        };
        format!("{} ({paragraphs}: {})", forms.join(" or "), self.query)
    }
}

/// Another reading of the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Otherwise {
    /// The reading in words.
    pub reading: String,
    /// The query that asks for it.
    pub query: String,
    /// Number of paragraphs that it finds under the same conditions.
    pub total: usize,
}

impl Otherwise {
    /// States the reading and its number in words.
    #[must_use]
    pub fn said(&self) -> String {
        format!("{} ({}: {})", self.reading, counted(self.total), self.query)
    }
}

/// Makes notes on what was mended, on words that no paragraph has, on other readings, and on forms
/// not counted.
#[must_use]
pub fn notes(
    repairs: &[Repair],
    unheld: &[UnheldWord],
    otherwise: &[Otherwise],
    uncounted: &[Uncounted],
) -> Vec<Note> {
    let mended = repairs.iter().map(|repair| Note { code: "repaired", text: repair.to_string() });
    let named = unheld.iter().take(NAMED).map(|word| Note { code: "unheld", text: said(word) });
    let more = unheld.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| {
        let words = if more == 1 { "1 more word".to_owned() } else { format!("{more} more words") };
        Note { code: "unheld", text: format!("no paragraph has {words}") }
    });
    let left_out = left_out(uncounted);
    let left_out = left_out.into_iter().map(|text| Note { code: "uncounted", text });
    let other = otherwise.iter().map(|other| Note { code: "otherwise", text: other.said() });
    mended.chain(named).chain(more).chain(other).chain(left_out).collect()
}

/// States which forms each phrase leaves out.
#[must_use]
pub fn left_out(uncounted: &[Uncounted]) -> Vec<String> {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    for form in uncounted {
        match told.iter_mut().find(|(phrase, _)| *phrase == form.phrase) {
            Some((_, forms)) => forms.push(form.said()),
            None => told.push((&form.phrase, vec![form.said()])),
        }
    }
    let said = |(phrase, forms): (&str, Vec<String>)| {
        format!("{phrase} does not count {}", forms.join(", "))
    };
    told.into_iter().map(said).collect()
}

/// The note that a search without words lists what it finds.
#[must_use]
pub(super) fn unranked() -> Note {
    let text = "there are no words to rank by: listed by authority, the newest report first, each \
                report in its own order";
    Note { code: "listed", text: text.to_owned() }
}

pub(super) fn counted(paragraphs: usize) -> String {
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
