//! Joins the runs of one paragraph to its text and measures its typography.
//!
//! A word processor keeps the space at the end of a line and adds no hyphens, so the text of a
//! paragraph is mostly its runs in order; the rules here handle the exceptions.

use super::device::{Area, Mark, Page, Run, WORD_GAP};
use super::mend::BREAK;
use super::print::Print;
use crate::extract::{Block, Part, PrintedLine, Role};
use std::ops::Range;

/// A run and its page, counted from 0.
#[derive(Clone, Copy)]
pub(super) struct Placed<'p> {
    pub(super) page: u32,
    /// Its place in the order in which the page is drawn.
    pub(super) index: usize,
    pub(super) run: &'p Run,
    pub(super) text: &'p str,
    on: &'p Page,
}

impl<'p> Placed<'p> {
    pub(super) fn new(pages: &'p [Page], page: u32, index: usize) -> Self {
        let on = &pages[page as usize];
        let run = &on.runs[index];
        Self { page, index, run, text: on.text(run), on }
    }

    /// The parts of its text that white space separates, and where they are printed.
    fn pieces(&self) -> impl Iterator<Item = (Range<usize>, Area)> {
        self.on.pieces(self.run)
    }
}

/// The runs of a page with a certain kind of mark, in the order in which they are drawn.
pub(super) fn runs_of(
    pages: &[Page],
    page: u32,
    kind: impl Fn(Mark) -> bool,
) -> impl Iterator<Item = Placed<'_>> {
    let runs = pages[page as usize].runs.iter().enumerate();
    runs.filter(move |(_, run)| kind(run.mark))
        .map(move |(index, _)| Placed::new(pages, page, index))
}

/// Makes a block of runs; returns `None` where they show nothing.
///
/// A bullet glyph at the beginning becomes the label of a list item and turns a paragraph into a
/// list item; blocks of other roles lose it.
pub(super) fn compose(role: Role, runs: &[Placed<'_>]) -> Option<Block> {
    let size = dominant_size(runs);
    let mut text = Joined::default();
    let mut notes = Vec::new();
    let mut first: Option<&Placed<'_>> = None;
    let mut previous: Option<&Placed<'_>> = None;
    let (mut hang, mut letters, mut bold) = (None, 0_usize, 0_usize);

    for (place, placed) in runs.iter().enumerate() {
        if text.is_empty() && placed.text.chars().all(|c| is_space(c) || is_ignorable(c)) {
            continue;
        }
        // Some lists draw the bullet in the middle of the item's text. The minus of "2016−17" looks
        // like one, but is printed within its line.
        if matches!(role, Role::ListItem { .. })
            && let Some(bullet) = lone_bullet(placed.text)
            && !text.is_empty()
            && !previous.is_some_and(|before| follows(before, placed))
        {
            text.label.get_or_insert_with(|| printed_bullet(bullet).to_string());
            text.set_apart(Part::Label, placed);
            continue;
        }
        let run = placed.run;
        if let Some(before) = previous {
            text.join(before, placed);
        }
        if size > 0.0 && is_raised(place, runs, size) && is_note_mark(placed.text) {
            notes.push(placed.text.trim().to_owned());
            text.set_apart(Part::Mark, placed);
            previous = Some(placed);
            continue;
        }
        text.push_run(placed);
        let shown = placed.text.chars().filter(|c| c.is_alphanumeric()).count();
        letters += shown;
        bold += if run.bold { shown } else { 0 };
        if !text.is_empty() {
            match first {
                None => first = Some(placed),
                Some(first) if hang.is_none() && is_below(first, placed) => hang = Some(run.x),
                Some(_) => {}
            }
        }
        previous = Some(placed);
    }

    let opening = *first.or_else(|| runs.first())?;
    let last = runs.iter().map(|placed| placed.page).max()?;
    let (mut text, label, mut print) = text.finish();
    let label = label.or_else(|| {
        let dash = matches!(role, Role::Paragraph | Role::ListItem { label: None, .. })
            && split_dash(&mut text);
        dash.then(|| {
            print.make_label(1);
            DASH.to_owned()
        })
    });
    if text.is_empty() {
        return None;
    }
    let role = match (role, label) {
        (Role::ListItem { depth, label: None }, label) => {
            let label = label.or_else(|| {
                // A number and its text may be printed as one word: then both have its place.
                let words = text.split(' ').count();
                let number = split_number(&mut text)?;
                print.make_label(words - text.split(' ').count());
                Some(number)
            });
            Role::ListItem { depth, label }
        }
        (Role::Paragraph, Some(label)) => {
            let depth = if label == DASH { 2 } else { 1 };
            Role::ListItem { depth, label: Some(label) }
        }
        (role, _) => role,
    };
    Some(Block {
        role,
        cell: None,
        text,
        page: Some(opening.page + 1),
        page_end: Some(last + 1),
        size,
        bold: if letters == 0 { 0.0 } else { bold as f32 / letters as f32 },
        left: opening.run.x,
        hang: hang.unwrap_or(opening.run.x),
        top: opening.run.y,
        notes,
        printed: print.finish(),
    })
}

/// Where a label that is not in the text is printed.
pub(super) fn printed_label(runs: &[Placed<'_>]) -> Vec<PrintedLine> {
    let mut print = Print::default();
    for placed in runs {
        for (_, area) in placed.pieces() {
            print.apart(Part::Label, placed.page + 1, area);
        }
    }
    print.finish()
}

/// The bullet of a run that consists of nothing else.
pub(super) fn lone_bullet(text: &str) -> Option<char> {
    let mut letters = text.chars().filter(|&c| !is_space(c));
    let bullet = letters.next().filter(|&c| is_bullet(c))?;
    letters.next().is_none().then_some(bullet)
}

/// The greatest number of sizes counted in one block; no real text has so many.
const MOST_SIZES: usize = 32;

/// The size of most letters, to a tenth of a point.
pub(super) fn dominant_size(runs: &[Placed<'_>]) -> f32 {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for placed in runs {
        let size = (placed.run.size * 10.0).round() / 10.0;
        let letters = placed.text.chars().filter(|c| c.is_alphanumeric()).count();
        let known = sizes.iter().position(|(known, _)| (*known - size).abs() < 0.05);
        match known {
            Some(known) => sizes[known].1 += letters,
            None if sizes.len() < MOST_SIZES => sizes.push((size, letters)),
            None => {}
        }
    }
    sizes.into_iter().max_by_key(|&(_, letters)| letters).map_or(0.0, |(size, _)| size)
}

/// The label of an item of an inner list.
const DASH: &str = "–";

/// Removes a dash that serves as a bullet from the beginning of a text.
fn split_dash(text: &mut String) -> bool {
    let rest = ["– ", "- ", "— "].iter().find_map(|dash| text.strip_prefix(dash));
    let rest = rest.map(str::to_owned);
    let found = rest.is_some();
    if let Some(rest) = rest {
        *text = rest;
    }
    found
}

/// Removes a printed number such as `12.` or `3)` from the beginning of an item's text.
fn split_number(text: &mut String) -> Option<String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = matches!(text.as_bytes().get(digits), Some(b'.' | b')'));
    let rest = text.get(digits + 1..)?;
    // "7.5 per cent" is not a seventh item, and "12." alone is not an item.
    if !(1..=3).contains(&digits) || !ends || rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = rest.trim_start().to_owned();
    if rest.is_empty() {
        return None;
    }
    let number = text[..=digits].to_owned();
    *text = rest;
    Some(number)
}

/// Whether a run is printed directly after another in the same line.
fn follows(before: &Placed<'_>, after: &Placed<'_>) -> bool {
    let gap = after.run.x - before.run.end;
    let size = before.run.size.max(after.run.size);
    before.page == after.page
        && (after.run.y - before.run.y).abs() < 0.5 * size
        && gap > -0.5 * size
        && gap < 0.5 * size
}

fn is_below(upper: &Placed<'_>, lower: &Placed<'_>) -> bool {
    lower.page != upper.page || lower.run.y - upper.run.y > 0.5 * upper.run.size
}

/// How many runs to look through for one that shows where the line is.
const NEIGHBOURS: usize = 8;

/// Whether a small run is raised above the baseline of its full-size neighbours.
fn is_raised(place: usize, runs: &[Placed<'_>], size: f32) -> bool {
    let small = &runs[place];
    if small.run.size >= 0.8 * size {
        return false;
    }
    let full = |other: &&Placed<'_>| other.run.size >= 0.8 * size && other.page == small.page;
    let before = runs[..place].iter().rev().take(NEIGHBOURS).find(full);
    let after = runs[place + 1..].iter().take(NEIGHBOURS).find(full);
    before.into_iter().chain(after).any(|other| {
        let rise = other.run.y - small.run.y;
        rise > 0.1 * size && rise < 0.8 * size
    })
}

/// Whether a raised text is a footnote mark: numbers and signs are, the letters of "1st" are not.
pub(super) fn is_note_mark(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.chars().count() <= 5
        && text.chars().all(|c| {
            c.is_ascii_digit()
                || matches!(c, '*' | '†' | '‡' | '§' | ',' | '¹' | '²' | '³' | '⁴' | '⁵')
        })
        && text != ","
}

/// The text so far, with white space folded and ligatures undone.
#[derive(Default)]
struct Joined {
    text: String,
    label: Option<String>,
    /// A space is due before the next character.
    space: bool,
    /// The line ended in a soft hyphen.
    soft: bool,
    /// The number of words in the text.
    words: usize,
    print: Print,
}

impl Joined {
    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.label.is_none()
    }

    /// Decides whether a space belongs between two runs.
    fn join(&mut self, before: &Placed<'_>, after: &Placed<'_>) {
        let wrapped = before.page != after.page
            || (after.run.y - before.run.y).abs() > 0.5 * before.run.size.max(after.run.size)
            || after.run.x < before.run.end - before.run.size;
        if !wrapped {
            if after.run.x - before.run.end > WORD_GAP * before.run.size.min(after.run.size) {
                self.space = true;
            }
            return;
        }
        if self.soft {
            self.soft = false;
            return;
        }
        // Some lines have an invisible space after their last hyphen.
        let compound = self.text.ends_with('-') && !self.text.ends_with(" -");
        if self.space && !compound {
            return;
        }
        self.space = match self.text.chars().last() {
            Some('-') => self.is_suspended(after.text),
            Some('–' | '/') => false,
            Some(_) => !self.is_in_address(),
            None => false,
        };
    }

    /// Whether the hyphen at the end of the line is followed by a space, as in "16- and 17-year-olds".
    /// Any other may be that of the break, which is decided later.
    fn is_suspended(&mut self, after: &str) -> bool {
        let suspended = begins_with_conjunction(after);
        let within = self.text[..self.text.len() - 1].ends_with(char::is_alphabetic)
            && after.starts_with(char::is_lowercase);
        if within && !suspended {
            self.text.pop();
            self.text.push(BREAK);
        }
        suspended
    }

    /// Whether the text ends in a web address, which may be broken anywhere.
    fn is_in_address(&self) -> bool {
        let word = self.text.rsplit(' ').next().unwrap_or_default();
        (word.contains("://") || word.starts_with("www.")) && !word.ends_with('.')
    }

    fn push_run(&mut self, placed: &Placed<'_>) {
        let mut done = 0;
        for (piece, area) in placed.pieces() {
            self.push_str(&placed.text[done..piece.start]);
            done = piece.end;
            let (length, words) = (self.text.len(), self.words);
            self.push_str(&placed.text[piece]);
            if self.text.len() == length {
                self.print.apart(Part::Label, placed.page + 1, area);
                continue;
            }
            let first = if self.begins_word(length) { words } else { words.saturating_sub(1) };
            for word in first..self.words {
                self.print.add(word, placed.page + 1, area);
            }
        }
        self.push_str(&placed.text[done..]);
    }

    /// Whether a word begins at that place of the text.
    fn begins_word(&self, place: usize) -> bool {
        place == 0 || self.text[place..].starts_with(' ')
    }

    /// Notes the place of a run that is not part of the text.
    fn set_apart(&mut self, part: Part, placed: &Placed<'_>) {
        for (_, area) in placed.pieces() {
            self.print.apart(part, placed.page + 1, area);
        }
    }

    fn push_str(&mut self, text: &str) {
        for letter in text.chars() {
            self.push(letter);
        }
    }

    fn push(&mut self, letter: char) {
        match letter {
            '\u{ad}' => self.soft = true,
            _ if is_ignorable(letter) => {}
            _ if is_space(letter) => self.space = true,
            _ if is_pictogram(letter) || (self.is_empty() && is_bullet(letter)) => {
                if self.text.is_empty() && self.label.is_none() {
                    self.label = Some(printed_bullet(letter).to_string());
                }
                self.space = true;
            }
            'ﬀ' => self.add_str("ff"),
            'ﬁ' => self.add_str("fi"),
            'ﬂ' => self.add_str("fl"),
            'ﬃ' => self.add_str("ffi"),
            'ﬄ' => self.add_str("ffl"),
            'ﬅ' | 'ﬆ' => self.add_str("st"),
            // Typographic hyphens; the second forbids a line break.
            '\u{2010}' | '\u{2011}' => self.add('-'),
            _ => self.add(letter),
        }
    }

    fn add_str(&mut self, text: &str) {
        for letter in text.chars() {
            self.add(letter);
        }
    }

    fn add(&mut self, letter: char) {
        self.soft = false;
        let spaced = std::mem::take(&mut self.space);
        if self.text.is_empty() {
            self.words = 1;
        } else if spaced {
            self.text.push(' ');
            self.words += 1;
        }
        self.text.push(letter);
    }

    /// Returns the text, the bullet before it, and where they are printed.
    fn finish(mut self) -> (String, Option<String>, Print) {
        // The word goes on elsewhere, if at all.
        if self.soft {
            self.text.push('-');
        }
        (self.text, self.label, self.print)
    }
}

/// Whether a hyphen before this text is suspended, as in "16-" and "and 17-year-olds".
fn begins_with_conjunction(text: &str) -> bool {
    let word = text.trim_start().split(' ').next().unwrap_or_default();
    matches!(word, "and" | "or" | "to")
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter.is_ascii_control()
}

/// Characters that are invisible and separate nothing.
fn is_ignorable(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Private-use characters and control codes, which show pictures if anything.
fn is_pictogram(letter: char) -> bool {
    matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}')
}

/// Characters that are printed as bullets and begin no sentence.
pub(super) fn is_bullet(letter: char) -> bool {
    matches!(
        letter,
        '•' | '■'
            | '▪'
            | '◼'
            | '◾'
            | '●'
            | '○'
            | '◦'
            | '□'
            | '▫'
            | '‣'
            | '⁃'
            | '➢'
            | '✓'
            | '✔'
            | '\u{2500}'
            | '\u{2015}'
            | '\u{2212}'
            | '\u{336}'
            | '∙'
            | '·'
    ) || is_pictogram(letter)
}

/// Replaces a bullet by a character that text can show.
pub(super) fn printed_bullet(letter: char) -> char {
    match letter {
        '\u{f06e}' | '\u{25fc}' => '■',
        '\u{f0a7}' => '▪',
        '\u{f0d8}' => '➢',
        '\u{f0fc}' => '✓',
        '\u{f02d}' | '\u{f0be}' | '\u{2500}' | '\u{2015}' | '\u{2212}' | '\u{336}' => '–',
        _ if is_pictogram(letter) => '•',
        _ => letter,
    }
}
