//! Notes where the words of a block are printed.
//!
//! Words are counted as the text counts them; a word may be printed in pieces, on one line or two.

use super::device::Area;
use crate::extract::{Part, PrintedLine};

/// The lines of a block so far.
#[derive(Debug, Default)]
pub(super) struct Print {
    lines: Vec<PrintedLine>,
    /// How many words of the text have a place.
    words: usize,
    /// Whether the next piece begins a line: something else was printed since the last one.
    parted: bool,
}

impl Print {
    /// Adds a piece of the word with that number, counted from 0. Words come in their order.
    pub(super) fn add(&mut self, word: usize, page: u32, area: Area) {
        // A word that nothing shows, as replaced text may be, is where the word before it is.
        while self.words < word {
            self.place(self.words, page, Area { right: area.left, ..area });
        }
        self.place(word, page, area);
    }

    fn place(&mut self, word: usize, page: u32, area: Area) {
        let begins = word >= self.words;
        self.words = self.words.max(word + 1);
        let parted = std::mem::take(&mut self.parted);
        let [left, top, right, bottom] = tenths(area);
        if let Some(line) = self.lines.last_mut()
            && !parted
            && is_on(line, page, [left, top, right, bottom])
        {
            line.top = line.top.min(top);
            line.bottom = line.bottom.max(bottom);
            match line.words.last_mut() {
                Some(last) if !begins => *last = [last[0].min(left), last[1].max(right)],
                _ => line.words.push([left, right]),
            }
            return;
        }
        let words = vec![[left, right]];
        self.lines.push(PrintedLine {
            part: Part::Text,
            page,
            top,
            bottom,
            words,
            continues: !begins,
        });
    }

    /// Adds something printed that the text does not hold.
    pub(super) fn apart(&mut self, part: Part, page: u32, area: Area) {
        let [left, top, right, bottom] = tenths(area);
        let words = vec![[left, right]];
        self.lines.push(PrintedLine { part, page, top, bottom, words, continues: false });
        self.parted = true;
    }

    /// Makes the first words a label.
    pub(super) fn make_label(&mut self, words: usize) {
        label(&mut self.lines, words);
        self.words = self.words.saturating_sub(words);
    }

    pub(super) fn finish(self) -> Vec<PrintedLine> {
        self.lines
    }
}

/// Takes the first words from the text and makes them its label.
pub(super) fn label(lines: &mut Vec<PrintedLine>, words: usize) {
    let mut left = words;
    for mut line in std::mem::take(lines) {
        let continued = usize::from(line.continues);
        if line.part != Part::Text || left == 0 {
            lines.push(line);
            continue;
        }
        let taken = left.min(line.words.len() - continued);
        left -= taken;
        let rest = line.words.split_off(continued + taken);
        let after = PrintedLine { words: rest, continues: false, ..line.clone() };
        line.part = Part::Label;
        lines.push(line);
        if !after.words.is_empty() {
            lines.push(after);
        }
    }
}

/// Whether an area is on a line and to the right of what is there.
fn is_on(line: &PrintedLine, page: u32, [left, top, right, bottom]: [i32; 4]) -> bool {
    let middle = |top: i32, bottom: i32| i32::midpoint(top, bottom);
    let on = |area: i32, top: i32, bottom: i32| (top..=bottom).contains(&area);
    line.part == Part::Text
        && line.page == page
        && (on(middle(top, bottom), line.top, line.bottom)
            || on(middle(line.top, line.bottom), top, bottom))
        && line.words.last().is_none_or(|last| right > last[0] && left > last[1] - (bottom - top))
}

/// The edges in tenths of a point: left, top, right, bottom.
pub(super) fn tenths(area: Area) -> [i32; 4] {
    // A hostile file may place text anywhere; the limit keeps sums in range.
    let tenths = |points: f32| (points * 10.0).round().clamp(-1e8, 1e8) as i32;
    [tenths(area.left), tenths(area.top), tenths(area.right), tenths(area.bottom)]
}
