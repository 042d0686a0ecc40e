//! Finds the rectangles in which each paragraph is printed.
//!
//! However `parse` cut and joined the text of blocks, a paragraph holds words that the blocks hold
//! in the same order. So each paragraph is laid along the printed words, from where the one before
//! it ended, and its words' places are put together to as few rectangles as hold no other word.

use crate::extract::{Block, Part, Role};
use findings_index::records::{Boxes, PageBox, ParagraphRecord};
use std::ops::RangeInclusive;

/// How many words have to agree where a paragraph begins or goes on.
const AGREEING: usize = 5;

/// What the text of a row has between its cells.
const BETWEEN_CELLS: &str = "|";

/// How far apart two lines of one rectangle may be, as a share of their height.
const LEADING: f32 = 1.2;

/// Gives each paragraph its boxes.
pub(super) fn find(blocks: &[Block], paragraphs: &mut [ParagraphRecord]) {
    let mut print = Print::of(blocks);
    let mut next = 0;
    let places: Vec<Vec<usize>> = paragraphs
        .iter()
        .map(|paragraph| {
            let places = print.lay(paragraph, next);
            next = places.last().map_or(next, |last| last + 1);
            places
        })
        .collect();
    for (paragraph, places) in paragraphs.iter_mut().zip(places) {
        paragraph.boxes = Some(print.boxes(&places));
    }
}

/// A word of a block, as the text has it.
struct Word<'t> {
    text: &'t str,
    page: u32,
    /// Whether a block begins with it.
    first: bool,
    /// Its pieces: the first, and one past the last.
    pieces: (usize, usize),
    taken: bool,
}

/// A word or a part of one, where it is printed.
#[derive(Clone, Copy)]
struct Piece {
    line: usize,
    left: i32,
    right: i32,
}

/// A line of print, with its pieces.
struct Line {
    page: u32,
    top: i32,
    bottom: i32,
    pieces: (usize, usize),
}

/// The words of all blocks in order, and everything that is printed around them.
struct Print<'t> {
    words: Vec<Word<'t>>,
    pieces: Vec<Piece>,
    lines: Vec<Line>,
    /// The lines of each page.
    pages: Vec<Vec<usize>>,
}

impl<'t> Print<'t> {
    fn of(blocks: &'t [Block]) -> Self {
        let mut print =
            Self { words: Vec::new(), pieces: Vec::new(), lines: Vec::new(), pages: Vec::new() };
        for block in blocks {
            let label = match &block.role {
                Role::ListItem { label, .. } => label.as_deref().unwrap_or_default(),
                _ => "",
            };
            print.part(block, Part::Label, label, true);
            print.part(block, Part::Text, &block.text, label.is_empty());
            print.part(block, Part::Mark, "", false);
        }
        print
    }

    /// Adds the lines of one part of a block, and the words that they show.
    fn part(&mut self, block: &Block, part: Part, text: &'t str, first: bool) {
        let mut words = text.split_whitespace();
        let begins = self.words.len();
        for line in block.printed.iter().filter(|line| line.part == part) {
            let number = self.lines.len();
            let start = self.pieces.len();
            for (place, &[left, right]) in line.words.iter().enumerate() {
                self.pieces.push(Piece { line: number, left, right });
                let end = self.pieces.len();
                if place == 0
                    && line.continues
                    && let Some(word) = self.words.last_mut().filter(|w| w.pieces.1 == start)
                {
                    word.pieces.1 = end;
                } else if let Some(text) = words.next() {
                    self.words.push(Word {
                        text,
                        page: line.page,
                        first: first && self.words.len() == begins,
                        pieces: (end - 1, end),
                        taken: false,
                    });
                }
            }
            let page = line.page as usize;
            if self.pages.len() <= page {
                self.pages.resize_with(page + 1, Vec::new);
            }
            self.pages[page].push(number);
            self.lines.push(Line {
                page: line.page,
                top: line.top,
                bottom: line.bottom,
                pieces: (start, self.pieces.len()),
            });
        }
    }

    /// Finds the printed words of a paragraph, and takes them. Words of the text that are not
    /// printed, such as the strokes between cells, are skipped.
    fn lay(&mut self, paragraph: &ParagraphRecord, next: usize) -> Vec<usize> {
        let text: Vec<&str> = paragraph.text.split_whitespace().collect();
        let first_page = paragraph.page.unwrap_or(0);
        let pages = first_page..=paragraph.page_end.unwrap_or(u32::MAX).max(first_page);
        let mut places = Vec::with_capacity(text.len());
        let mut at = next;
        let mut rest = &text[..];
        // Where one word of the text is two in print.
        let mut half: Option<&str> = None;
        while let [word, then @ ..] = rest {
            let wanted = half.take().unwrap_or(word);
            let goes_on = !places.is_empty() && self.words.get(at).is_some_and(|w| !w.first);
            if !goes_on || self.agree(at, wanted).is_none() {
                at = self.seek(at, &pages, wanted, then).unwrap_or(at);
            }
            let left = self.agree(at, wanted).filter(|_| self.is_on(at, &pages));
            if let Some(left) = left {
                self.words[at].taken = true;
                places.push(at);
                at += 1;
                half = left;
            }
            if half.is_none() {
                rest = then;
            }
        }
        places
    }

    /// Finds the place on these pages where the words are printed: best right there, then where a
    /// block begins further on, then anywhere further on, then before. Where the words are nowhere
    /// printed one after another, those of one block are enough.
    fn seek(
        &self,
        at: usize,
        pages: &RangeInclusive<u32>,
        wanted: &str,
        then: &[&str],
    ) -> Option<usize> {
        let anywhere = |whole: bool| {
            let fits = |place: &usize| {
                self.is_on(*place, pages) && self.agrees(*place, wanted, then, whole)
            };
            let opens = |place: &usize| self.words[*place].first && fits(place);
            let mut after = at..self.words.len();
            let found = Some(at).filter(fits).or_else(|| after.clone().find(opens));
            let found = found.or_else(|| after.find(fits));
            found.or_else(|| (0..at.min(self.words.len())).find(fits))
        };
        anywhere(true).or_else(|| anywhere(false))
    }

    fn is_on(&self, place: usize, pages: &RangeInclusive<u32>) -> bool {
        self.words.get(place).is_some_and(|word| pages.contains(&word.page))
    }

    /// Whether the printed word there is the wanted one or begins it: then with the rest that is
    /// still wanted.
    fn agree<'w>(&self, place: usize, wanted: &'w str) -> Option<Option<&'w str>> {
        let word = self.words.get(place).filter(|word| !word.taken)?;
        if word.text == wanted {
            return Some(None);
        }
        let rest = wanted
            .strip_prefix(word.text)
            .or_else(|| wanted.strip_prefix(word.text.strip_suffix('-')?))?;
        // Only a word that was broken or parted from its label is two in print.
        let next = self.words.get(place + 1)?;
        let broken = word.text.ends_with('-') || rest.starts_with('-') || next.text == rest;
        (broken && !rest.is_empty()).then_some(Some(rest))
    }

    /// Whether the words from there on are the wanted ones, as far as they are looked at: the
    /// `whole` of that, or up to the end of the block.
    fn agrees(&self, place: usize, wanted: &str, then: &[&str], whole: bool) -> bool {
        match self.agree(place, wanted) {
            None => false,
            Some(Some(_)) => true,
            Some(None) => {
                let printed = then.iter().filter(|word| **word != BETWEEN_CELLS);
                let near = printed.take(AGREEING - 1).zip(place + 1..);
                let same_block = |place: usize| self.words.get(place).is_some_and(|w| !w.first);
                near.take_while(|&(_, place)| whole || same_block(place))
                    .all(|(wanted, place)| self.agree(place, wanted).is_some())
            }
        }
    }

    /// The rectangles of words in reading order.
    fn boxes(&self, places: &[usize]) -> Boxes {
        let mut own: Vec<usize> = Vec::with_capacity(places.len());
        for word in places.iter().map(|&place| &self.words[place]) {
            own.extend(word.pieces.0..word.pieces.1);
        }
        let mut sorted = own.clone();
        sorted.sort_unstable();
        let mut lines: Vec<PageBox> = Vec::new();
        let mut last: Option<usize> = None;
        for &piece in &own {
            let Piece { line, left, right } = self.pieces[piece];
            let Line { page, top, bottom, .. } = self.lines[line];
            let area = PageBox { page, left, top, right, bottom };
            let next = last.is_some_and(|last| last + 1 == piece && self.pieces[last].line == line);
            match lines.last_mut().filter(|_| next) {
                Some(before) => *before = union(before, &area),
                None => lines.push(area),
            }
            last = Some(piece);
        }
        Boxes(merged(lines, |joined| !self.holds_others(joined, &sorted)))
    }

    /// Whether the middle of a word that is not one of these is in the rectangle.
    fn holds_others(&self, area: &PageBox, own: &[usize]) -> bool {
        let lines = self.pages[area.page as usize].iter().map(|&line| &self.lines[line]);
        let across = lines.filter(|line| {
            (area.top..=area.bottom).contains(&i32::midpoint(line.top, line.bottom))
        });
        across.flat_map(|line| line.pieces.0..line.pieces.1).any(|piece| {
            let Piece { left, right, .. } = self.pieces[piece];
            (area.left..=area.right).contains(&i32::midpoint(left, right))
                && own.binary_search(&piece).is_err()
        })
    }
}

/// Puts lines together that are printed one below the other.
fn merged(lines: Vec<PageBox>, alone: impl Fn(&PageBox) -> bool) -> Vec<PageBox> {
    let mut boxes: Vec<PageBox> = Vec::with_capacity(lines.len());
    let mut height = 0;
    for line in lines {
        let joined = boxes.last().and_then(|before| {
            let gap = line.top - before.bottom;
            let near = gap > -height.min(line.bottom - line.top) / 2
                && (gap as f32) < LEADING * height as f32;
            let joined = union(before, &line);
            (before.page == line.page && near && alone(&joined)).then_some(joined)
        });
        height = line.bottom - line.top;
        match (joined, boxes.last_mut()) {
            (Some(joined), Some(before)) => *before = joined,
            _ => boxes.push(line),
        }
    }
    boxes
}

fn union(a: &PageBox, b: &PageBox) -> PageBox {
    PageBox {
        page: a.page,
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Block, ExtractedText, Format, Part, PrintedLine, Role};
    use crate::knowledge::Knowledge;
    use crate::understand::report::{Source, understand};
    use findings_index::records::ParagraphRecord;

    /// A block printed in lines of five words, each 20 points wide and 10 high, from a place on its
    /// page.
    fn block(role: Role, text: &str, (page, left, top): (u32, i32, i32)) -> Block {
        let words: Vec<&str> = text.split(' ').collect();
        let lines = words.chunks(5).zip(0..).map(|(words, line)| PrintedLine {
            part: Part::Text,
            page,
            top: 10 * (top + 12 * line),
            bottom: 10 * (top + 12 * line + 10),
            words: (0..)
                .zip(words)
                .map(|(at, _)| [10 * (left + 20 * at), 10 * (left + 20 * at) + 180])
                .collect(),
            continues: false,
        });
        Block {
            page: Some(page),
            page_end: Some(page),
            printed: lines.collect(),
            ..Block::plain(role, text)
        }
    }

    /// The paragraphs of a report with these blocks.
    fn paragraphs(blocks: Vec<Block>) -> Vec<ParagraphRecord> {
        let text = ExtractedText {
            format: Format::Pdf,
            printed: Vec::new(),
            pages: Some(3),
            tagged: Some(true),
            blocks,
            furniture: Vec::new(),
            warnings: Vec::new(),
            created: None,
        };
        let knowledge = Knowledge::embedded().unwrap();
        understand(&text, &Source { path: "a.pdf", sha256: "00" }, &knowledge).unwrap().paragraphs
    }

    fn boxes(paragraph: &ParagraphRecord) -> String {
        serde_json::to_string(&paragraph.boxes).unwrap()
    }

    const LONG: &str = "Leaders know the area well and they act on what they know of it every day.";

    #[test]
    fn lines_one_below_the_other_are_one_rectangle() {
        let paragraphs = paragraphs(vec![
            block(Role::Heading(1), "Leadership", (1, 72, 60)),
            block(Role::Paragraph, LONG, (1, 72, 100)),
        ]);
        assert_eq!(boxes(&paragraphs[0]), "[[1,72.0,100.0,170.0,146.0]]");
    }

    #[test]
    fn a_paragraph_over_two_pages_has_a_rectangle_on_each() {
        let start = "Leaders know the area well and they act on what they know and on";
        let paragraphs = paragraphs(vec![
            block(Role::Paragraph, start, (1, 72, 700)),
            block(Role::Note, "Of the law.", (1, 72, 780)),
            block(Role::Paragraph, "what they are told.", (2, 72, 80)),
            block(Role::Paragraph, LONG, (2, 72, 120)),
        ]);
        assert_eq!(paragraphs[0].text, format!("{start} what they are told."));
        assert_eq!(boxes(&paragraphs[0]), "[[1,72.0,700.0,170.0,734.0],[2,72.0,80.0,150.0,90.0]]");
    }

    #[test]
    fn a_printed_number_and_a_mark_are_in_no_rectangle() {
        let item = Role::ListItem { depth: 1, label: Some("1.".to_owned()) };
        let mut numbered = block(item, LONG, (1, 72, 100));
        let at = |part, left: i32| PrintedLine {
            part,
            page: 1,
            top: 1_000,
            bottom: 1_100,
            words: vec![[10 * left, 10 * left + 20]],
            continues: false,
        };
        numbered.printed.insert(0, at(Part::Label, 60));
        // After the second word.
        let rest = numbered.printed[1].words.split_off(2);
        let second = PrintedLine { words: rest, ..numbered.printed[1].clone() };
        numbered.printed.splice(2..2, [at(Part::Mark, 110), second]);
        let paragraphs = paragraphs(vec![numbered]);

        assert_eq!((paragraphs[0].number.as_deref(), &*paragraphs[0].text), (Some("1"), LONG));
        assert_eq!(
            boxes(&paragraphs[0]),
            "[[1,72.0,100.0,110.0,110.0],[1,112.0,100.0,170.0,110.0],[1,72.0,112.0,170.0,146.0]]"
        );
    }

    #[test]
    fn the_same_words_twice_are_each_in_their_place() {
        let paragraphs = paragraphs(vec![
            block(Role::Paragraph, LONG, (1, 72, 100)),
            block(Role::Heading(1), "Leaders know", (1, 72, 180)),
            block(Role::Paragraph, LONG, (1, 72, 200)),
        ]);
        assert_eq!(boxes(&paragraphs[0]), "[[1,72.0,100.0,170.0,146.0]]");
        assert_eq!(boxes(&paragraphs[1]), "[[1,72.0,200.0,170.0,246.0]]");
    }

    #[test]
    fn a_source_without_pages_has_none() {
        let mut text = crate::extract::markdown::read(&format!("# A report\n\n{LONG}\n"));
        text.pages = None;
        let knowledge = Knowledge::embedded().unwrap();
        let report = understand(&text, &Source { path: "a.md", sha256: "00" }, &knowledge).unwrap();
        assert!(report.paragraphs.iter().all(|paragraph| paragraph.boxes.is_none()));
    }
}
