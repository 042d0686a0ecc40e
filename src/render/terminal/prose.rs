//! Running text in several inks, wrapped to the measure.

use super::{Ink, Look, paint};
use crate::render::clean;
use findings_index::records::Grade;
use std::io;
use textwrap::{Options, WordSplitter};

/// A no-break space: keeps the dot between two items at the end of a line, never at the beginning
/// of the next. It is written as an ordinary space.
const BOUND: char = '\u{a0}';

/// Items up to this many characters are not broken.
const UNBROKEN: usize = 30;

/// A word joiner: forbids a break on either side and is never written.
const JOINER: char = '\u{2060}';

/// Keeps a text from being broken at its spaces and dashes.
fn bound(text: &str) -> String {
    text.replace(' ', "\u{a0}").replace('–', "\u{2060}–\u{2060}")
}

/// Text with the ink of each of its pieces.
#[derive(Debug, Default)]
pub(super) struct Prose {
    text: String,
    /// Where each piece ends, in bytes, and its ink.
    pieces: Vec<(usize, Ink)>,
}

impl Prose {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds text, made harmless but otherwise as it is.
    pub(super) fn add(&mut self, ink: Ink, text: &str) -> &mut Self {
        self.text.push_str(&clean::line(text));
        self.pieces.push((self.text.len(), ink));
        self
    }

    /// Adds words that matched, between marks where there is no colour to show them by.
    pub(super) fn mark(&mut self, look: &Look<'_>, text: &str) -> &mut Self {
        let mark = look.mark();
        self.add(Ink::Match, &format!("{mark}{text}{mark}"))
    }

    /// Adds an item, after a dot unless it is the first. A short one is not broken.
    pub(super) fn item(&mut self, ink: Ink, text: &str) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push(BOUND);
            self.text.push_str("· ");
            self.pieces.push((self.text.len(), Ink::Faint));
        }
        if text.chars().count() <= UNBROKEN {
            self.add(ink, &bound(text))
        } else {
            self.add(ink, text)
        }
    }

    /// Adds a grade as an item, after the word for what is graded; both stay on one line.
    pub(super) fn graded(&mut self, what: &str, grade: &Grade) -> &mut Self {
        self.item(Ink::Plain, &format!("{what}:{BOUND}"))
            .add(Ink::of(Some(grade)), &bound(&grade.label))
    }

    /// Writes the text, wrapped, with `first` before the first line and `indent` before the others.
    /// Both count towards the width.
    pub(super) fn write(
        &self,
        out: &mut dyn io::Write,
        look: &Look,
        first: &str,
        indent: &str,
    ) -> io::Result<()> {
        self.write_within(out, look, look.measure(), first, indent)
    }

    /// Writes the text as [`Prose::write`] does, but to a given width.
    pub(super) fn write_within(
        &self,
        out: &mut dyn io::Write,
        look: &Look,
        width: usize,
        first: &str,
        indent: &str,
    ) -> io::Result<()> {
        let options = Options::new(width)
            .initial_indent(first)
            .subsequent_indent(indent)
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        let mut cursor = 0;
        for (number, line) in textwrap::wrap(&self.text, options).iter().enumerate() {
            let lead = if number == 0 { first } else { indent };
            let said = line.strip_prefix(lead).unwrap_or("");
            // The lines are the text in order, without the spaces at the breaks.
            let start = self.text[cursor..].find(said).map_or(cursor, |at| cursor + at);
            out.write_all(if said.is_empty() { lead.trim_end() } else { lead }.as_bytes())?;
            self.stretch(out, look, start, start + said.len())?;
            writeln!(out)?;
            cursor = start + said.len();
        }
        Ok(())
    }

    fn stretch(
        &self,
        out: &mut dyn io::Write,
        look: &Look,
        start: usize,
        end: usize,
    ) -> io::Result<()> {
        let mut from = start;
        for &(piece_end, ink) in &self.pieces {
            let to = piece_end.min(end);
            if to > from {
                let said = self.text[from..to].replace(BOUND, " ").replace(JOINER, "");
                paint(out, look, ink, &said)?;
                from = to;
            }
        }
        Ok(())
    }
}
