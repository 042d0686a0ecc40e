//! Recognises what belongs to a figure or table, and not to the text around it: its title, the line
//! that names its source; and the heading of end notes.
//!
//! A caption is told by the source's marking or by its words ("Figure 3.1: Calls to the line"): it
//! may be set like a heading, like the text or smaller.

use crate::extract::{Block, Role};
use crate::knowledge::fold;

/// The greatest number of words of a caption.
const LONGEST: usize = 45;

/// The words with which captions begin, before their number.
const NAMES: [&str; 14] = [
    "Figure",
    "Fig",
    "Table",
    "Chart",
    "Graph",
    "Map",
    "Box",
    "Diagram",
    "Image",
    "Photo",
    "Photograph",
    "Plate",
    "Exhibit",
    "Illustration",
];

/// Whether the source marks a block as a caption. Some tag whole paragraphs so.
pub(super) fn is_tagged(block: &Block) -> bool {
    block.role == Role::Caption && block.text.split_whitespace().count() <= LONGEST
}

/// Whether a text is the caption of a figure, table or box: after the number it goes on like a title
/// and not like the verb of a sentence ("Figure 3.1 shows").
pub(super) fn is_caption(text: &str) -> bool {
    let name = text.split_whitespace().next().unwrap_or_default().trim_end_matches('.');
    if !NAMES.iter().any(|known| *known == name || known.to_uppercase() == name) {
        return false;
    }
    let folded = fold::punctuation(text);
    let mut words = folded.split_whitespace().skip(1);
    // "Figure 3.1:Calls" lacks a space.
    let number = words.next().unwrap_or_default();
    let (number, attached) = number.split_once(':').map_or((number, None), |(n, a)| (n, Some(a)));
    let bare = number.trim_end_matches(['.', '-']);
    let title: Vec<&str> = attached.filter(|a| !a.is_empty()).into_iter().chain(words).collect();
    let dash = title.first().is_some_and(|first| matches!(*first, "-" | ":"));
    let marked = attached.is_some() || dash || bare.len() < number.len();
    let title = &title[usize::from(dash)..];
    let opens = title.first().is_none_or(|first| !first.starts_with(char::is_lowercase));
    let reads_on = title.len() > 12 && title.last().is_some_and(|last| last.ends_with('.'));
    (is_number(bare) || (marked && is_letter(bare)))
        && (marked || (opens && !reads_on))
        && title.len() <= LONGEST
}

/// Whether a word is a number such as `3`, `3.1`, `A2-1` or `4b`.
fn is_number(word: &str) -> bool {
    const MOST_LETTERS: usize = 2;
    let digits = |part: &str| (1..=3).contains(&part.bytes().filter(u8::is_ascii_digit).count());
    let letters = word.chars().filter(|c| c.is_ascii_alphabetic()).count();
    letters <= MOST_LETTERS
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        && word.split(['.', '-']).all(digits)
}

/// Whether a word is a letter or a Roman numeral.
fn is_letter(word: &str) -> bool {
    let roman = |c: char| matches!(c, 'I' | 'V' | 'X');
    !word.is_empty()
        && word.chars().all(|c| c.is_ascii_uppercase())
        && (word.len() == 1 || word.chars().all(roman))
}

/// Whether a text names the source of the figure or table before it, or explains its figures.
pub(super) fn is_source(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    let Some((label, _)) = text.split_once(':') else { return false };
    let label = label.trim_end();
    let label = label.strip_prefix("data ").unwrap_or(label);
    matches!(label, "source" | "sources" | "note" | "notes" | "base")
        || ["note to ", "notes to "].iter().any(|to| label.starts_with(to) && label.len() < 24)
}

/// Whether the words of a heading announce end notes.
pub(super) fn announces_notes(heading: &str) -> bool {
    let heading = super::headings::bare(heading).to_lowercase();
    let of = [" to ", " for "].iter().find_map(|joint| heading.split_once(joint));
    let (name, whose) = of.map_or((heading.as_str(), None), |(name, whose)| (name, Some(whose)));
    let parts = ["chapter", "part", "section", "report"];
    let of_part =
        |whose: &str| parts.iter().any(|part| whose.trim_start_matches("the ").starts_with(part));
    let names =
        ["notes", "endnotes", "end notes", "footnotes", "references", "notes and references"];
    names.contains(&name) && whose.is_none_or(of_part)
}

#[cfg(test)]
mod tests {
    use super::{announces_notes, is_caption, is_source};

    #[test]
    fn a_caption_is_told_from_a_sentence_about_the_figure() {
        for caption in [
            "Figure 3.1: Calls to the line in each month",
            "Table 3.1 What became of 400 calls",
            "Fig. 2 – Hours until a note was read",
            "FIGURE 4. WHO CALLS",
            "Figure 7",
            "Chart A: calls by month",
            "Box 2.1: The night of 2 February",
        ] {
            assert!(is_caption(caption), "{caption}");
        }
        for text in [
            "Figure 3.1 shows that calls rise",
            "Table 2 and figure 3 give the number of calls.",
            "Figures for the year are late",
            "Map the services that there are",
            "Table tennis is popular",
            "Image rights belong to the child",
        ] {
            assert!(!is_caption(text), "{text}");
        }
    }

    #[test]
    fn sources_and_end_notes_are_told_by_their_first_words() {
        assert!(is_source("Source: the line’s own log"));
        assert!(is_source("Notes: figures are rounded"));
        assert!(!is_source("Sources of help are few"));
        for heading in ["Notes", "ENDNOTES", "7 References", "Notes to chapter 3"] {
            assert!(announces_notes(heading), "{heading}");
        }
        assert!(!announces_notes("Notes of the night"));
        assert!(!announces_notes("Notes for carers"));
        assert!(!announces_notes("Case notes"));
    }
}
