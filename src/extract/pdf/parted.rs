//! Joins paragraphs that tags part within a sentence, though the print goes on.
//!
//! A program may write the end of a line as the end of a paragraph. What follows belongs to it if it is
//! printed like it, one line below, at the same edge; a gap, another edge or a short line part them.
//! Where it begins in lower case its words alone say that it goes on, which is left to whoever parses
//! them.

use crate::extract::{Block, Part, PrintedLine, Role};

/// The greatest difference of edges and steps that are alike, in tenths of a point.
const ALIKE: i32 = 12;

/// The usual distance from line to line, in tenths of a point for each point of the letters' size.
const LINE: f32 = 12.0;

/// The fewest words that are a sentence rather than a line of an address, a name or a title.
const SENTENCE: usize = 7;

/// Joins every paragraph to the one before, if their print is one paragraph.
pub(super) fn join(blocks: &mut Vec<Block>) {
    let mut place = 1;
    while place < blocks.len() {
        if goes_on(&blocks[place - 1], &blocks[place]) && becomes_a_sentence(&blocks[place..]) {
            let rest = blocks.remove(place);
            let block = &mut blocks[place - 1];
            if text_lines(block).len() == 1 {
                block.hang = rest.left;
            }
            block.text.push(' ');
            block.text.push_str(&rest.text);
            block.page_end = rest.page_end.or(block.page_end);
            block.notes.extend(rest.notes);
            block.printed.extend(rest.printed);
        } else {
            place += 1;
        }
    }
}

fn goes_on(block: &Block, next: &Block) -> bool {
    let is_prose = |block: &Block| block.role == Role::Paragraph && block.bold < 0.5;
    if !is_prose(block) || !is_prose(next) || block.cell != next.cell {
        return false;
    }
    if (block.size - next.size).abs() > 0.2 || block.text.split(' ').count() < SENTENCE {
        return false;
    }
    if !block.text.ends_with(|last: char| last.is_alphanumeric() || last == ',')
        || next.text.starts_with(char::is_lowercase)
    {
        return false;
    }
    let (above, below) = (text_lines(block), text_lines(next));
    let (Some(last), Some(first)) = (above.last(), below.first()) else { return false };
    let usual = || (block.size * LINE) as i32;
    let step = step(&above).or_else(|| step(&below)).unwrap_or_else(usual);
    if last.page != first.page || (first.top - last.top - step).abs() > ALIKE {
        return false;
    }
    let (Some((left, right)), Some((next_left, next_right))) = (edges(&above), edges(&below))
    else {
        return false;
    };
    let end = last.words.last().map_or(left, |word| word[1]);
    // Lines that end early are lines of their own: of an address, a signature, a list without marks.
    let width = right.max(next_right) - left;
    (left - next_left).abs() <= ALIKE && (end - left) * 4 >= width * 3
}

/// Whether the first block, with what goes on from it in lower case, comes to a full stop. Names and
/// addresses go on line by line as well, but never to one.
fn becomes_a_sentence(blocks: &[Block]) -> bool {
    let is_last = |pair: &&[Block]| !pair[1].text.starts_with(char::is_lowercase);
    let last = blocks.windows(2).find(is_last).map(|pair| &pair[0]).or(blocks.last());
    last.is_some_and(|last| last.text.ends_with(['.', ':', ';']))
}

fn text_lines(block: &Block) -> Vec<&PrintedLine> {
    block.printed.iter().filter(|line| line.part == Part::Text).collect()
}

/// The distance from line to line within a paragraph.
fn step(lines: &[&PrintedLine]) -> Option<i32> {
    let pairs = lines.windows(2).filter(|pair| pair[0].page == pair[1].page);
    pairs.map(|pair| pair[1].top - pair[0].top).filter(|step| *step > ALIKE).min()
}

/// The left and the right edge of lines.
fn edges(lines: &[&PrintedLine]) -> Option<(i32, i32)> {
    let left = lines.iter().filter_map(|line| Some(line.words.first()?[0])).min()?;
    let right = lines.iter().filter_map(|line| Some(line.words.last()?[1])).max()?;
    Some((left, right))
}

#[cfg(test)]
mod tests {
    use super::join;
    use crate::extract::{Block, Part, PrintedLine, Role};

    /// A line of print as a paragraph, `top` points down the page and `right` points wide.
    fn line(text: &str, top: i32, right: i32) -> Block {
        let words = text.split(' ').map(|_| [570, right * 10]).collect();
        let (top, bottom) = (top * 10, top * 10 + 120);
        let printed =
            vec![PrintedLine { part: Part::Text, page: 1, top, bottom, words, continues: false }];
        Block {
            page: Some(1),
            page_end: Some(1),
            size: 12.0,
            printed,
            ..Block::plain(Role::Paragraph, text)
        }
    }

    fn joined(lines: &[(&str, i32, i32)]) -> Vec<String> {
        let mut blocks = lines.iter().map(|(text, top, right)| line(text, *top, *right)).collect();
        join(&mut blocks);
        blocks.into_iter().map(|block| block.text).collect()
    }

    const FIRST: &str = "The council, the health service and the Elmet Integrated Care";

    #[test]
    fn a_sentence_that_goes_on_in_the_next_line_is_one() {
        let whole = joined(&[(FIRST, 100, 510), ("Board (ICB) plan the services.", 114, 300)]);
        assert_eq!(whole, [format!("{FIRST} Board (ICB) plan the services.")]);
        let parts =
            joined(&[(FIRST, 100, 510), ("Board (ICB) plan,", 114, 500), ("with us.", 128, 90)]);
        assert_eq!(parts, [format!("{FIRST} Board (ICB) plan,"), "with us.".to_owned()]);
    }

    #[test]
    fn what_print_parts_stays_apart() {
        let plan = "Board (ICB) plan the services.";
        let names = "Marian Sallow, Chair of the Board";
        for (right, next, top) in [(510, plan, 130), (300, plan, 114), (510, names, 114)] {
            assert_eq!(joined(&[(FIRST, 100, right), (next, top, 510)]).len(), 2, "{next} {top}");
        }
    }
}
