//! Reads the printed numbers of paragraphs: `12`, `74.`, `3.36`, `1.2.3`.
//!
//! A number is believed only in sequence: "16 and 17", "1.3 million" and a table of figures also
//! begin with digits. Which forms a report uses is found before it is read, from runs of numbers
//! that follow each other; whether one paragraph is numbered is decided in reading order.

use crate::extract::{Block, Role};

/// The least number of paragraphs, numbered one after the other, that make a numbered report.
const FEWEST: usize = 3;

/// The same where no full stop closes the numbers, as in many tables and addresses.
const FEWEST_BARE: usize = 5;

/// The least number of words of a paragraph that counts as numbered prose.
const PROSE: usize = 8;

/// How many numbers may be missing between two that follow each other.
const GAP: u16 = 3;

/// The forms of number that a report prints before its paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Forms {
    /// Whole numbers closed by a stop, `12.`.
    pub(super) whole: bool,
    /// Whole numbers without a stop, `12`.
    pub(super) bare: bool,
    /// Numbers with the chapter's before them, `3.36` or `1.2.3`.
    pub(super) dotted: bool,
}

impl Forms {
    /// Finds the forms by which the paragraphs among `blocks` are numbered.
    pub(super) fn of<'b>(blocks: impl Iterator<Item = &'b Block> + Clone) -> Self {
        let numbered = || {
            let prose = blocks.clone().filter(|b| b.cell.is_none() && may_be_numbered(&b.role));
            prose.filter_map(|b| leading(b).filter(|n| is_prose(n.rest)))
        };
        let dotted = numbered().filter(|n| n.parts.len() > 1).map(|n| n.parts);
        let whole = |stopped: bool| {
            let whole = numbered().filter(move |n| n.parts.len() == 1 && n.stopped == stopped);
            longest_run(whole.map(|n| n.parts))
        };
        Self {
            whole: whole(true) >= FEWEST,
            bare: whole(false) >= FEWEST_BARE,
            dotted: longest_run(dotted) >= FEWEST,
        }
    }

    /// Whether numbers of this form are printed before paragraphs. A label of the source's own
    /// is always one.
    fn hold(self, number: &Leading<'_>) -> bool {
        match (number.parts.len(), number.stopped) {
            (1, _) if number.labelled => true,
            (1, true) => self.whole,
            (1, false) => self.bare,
            _ => self.dotted,
        }
    }
}

/// A number at the beginning of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leading<'b> {
    /// The number from the outermost part to the innermost; one part if it has no points.
    pub(super) parts: Vec<u16>,
    /// Whether a full stop or bracket closes it.
    pub(super) stopped: bool,
    /// Whether the source marks it as the label of a list item.
    pub(super) labelled: bool,
    /// The text after it.
    pub(super) rest: &'b str,
}

impl Leading<'_> {
    /// Whether the text after it is a line on its own, as of a heading or an address, rather than
    /// a paragraph.
    fn is_line(&self) -> bool {
        !self.labelled
            && self.rest.split_whitespace().count() <= 12
            && !self.rest.ends_with(['.', ':', ';', '?', '!', ')', '\'', '"', '’', '”'])
    }
}

/// The numbers so far. A list within a numbered paragraph has numbers of its own, after which those
/// of the paragraphs go on; a part of the report may also begin again at 1.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    /// The last number of each sequence that may go on, outermost first.
    last: Vec<Vec<u16>>,
}

impl Sequence {
    /// Reads the number of a block, if its form is one of the report's and it is in sequence.
    pub(super) fn read<'b>(&self, block: &'b Block, forms: Forms) -> Option<Leading<'b>> {
        let number = leading(block)?;
        let last = *number.parts.last()?;
        let opens = || last == 1 || (self.last.is_empty() && last <= GAP);
        let goes_on = || self.place(&number.parts).is_some() || opens();
        (forms.hold(&number) && !number.is_line() && goes_on()).then_some(number)
    }

    /// Counts a number, and returns the number that was expected in its place if some are missing.
    pub(super) fn count(&mut self, number: &[u16]) -> Option<Vec<u16>> {
        let Some(place) = self.place(number) else {
            self.last.push(number.to_vec());
            return None;
        };
        self.last.truncate(place + 1);
        let last = std::mem::replace(&mut self.last[place], number.to_vec());
        let (one, above) = last.split_last()?;
        let expected: Vec<u16> = above.iter().copied().chain([one + 1]).collect();
        (number.starts_with(above) && number.len() == last.len() && number > expected.as_slice())
            .then_some(expected)
    }

    /// The innermost sequence that the number goes on with.
    fn place(&self, number: &[u16]) -> Option<usize> {
        let after = |gap: u16| self.last.iter().rposition(|last| follows(Some(last), number, gap));
        after(1).or_else(|| after(GAP))
    }
}

/// Reads the number at the beginning of a block, or in its label.
pub(super) fn leading(block: &Block) -> Option<Leading<'_>> {
    if let Role::ListItem { label: Some(label), .. } = &block.role {
        let (parts, stopped, rest) = split(label.trim())?;
        let whole = rest.is_empty();
        return whole.then_some(Leading { parts, stopped, labelled: true, rest: &block.text });
    }
    let (parts, stopped, rest) = split(&block.text)?;
    let spaced = rest.is_empty() || rest.starts_with(' ');
    let rest = rest.trim_start();
    // "3.6 million" and "16 and 17" are no numbers; "6. conclusion" is one.
    let opens = rest.chars().next().is_none_or(|c| !c.is_ascii_digit())
        && (stopped || !rest.starts_with(char::is_lowercase));
    (spaced && opens).then_some(Leading { parts, stopped, labelled: false, rest })
}

/// A number as printed, without its stop.
pub(super) fn printed(parts: &[u16]) -> String {
    parts.iter().map(u16::to_string).collect::<Vec<_>>().join(".")
}

fn may_be_numbered(role: &Role) -> bool {
    matches!(role, Role::Paragraph | Role::ListItem { .. })
}

fn is_prose(text: &str) -> bool {
    text.split_whitespace().count() >= PROSE
}

/// Splits a text into the parts of its number, whether that is closed, and the rest.
fn split(text: &str) -> Option<(Vec<u16>, bool, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let digits = number.strip_suffix('.').unwrap_or(number);
    let bracketed = rest.strip_prefix(')');
    let parts: Option<Vec<u16>> = digits
        .split('.')
        .map(|part| ((1..=3).contains(&part.len())).then(|| part.parse().ok()).flatten())
        .collect();
    let parts = parts.filter(|parts| parts.len() <= 4 && parts.iter().all(|part| *part > 0))?;
    let stopped = digits.len() < number.len() || bracketed.is_some();
    Some((parts, stopped, bracketed.unwrap_or(rest)))
}

/// The length of the longest run of numbers that follow each other.
fn longest_run(numbers: impl Iterator<Item = Vec<u16>>) -> usize {
    let (mut longest, mut run) = (0, 0);
    let mut last: Option<Vec<u16>> = None;
    for number in numbers {
        if follows(last.as_deref(), &number, GAP) {
            run += 1;
        } else if follows(None, &number, GAP) {
            run = 1;
        } else {
            continue;
        }
        longest = longest.max(run);
        last = Some(number);
    }
    longest
}

/// Whether one number can come after another, at most `gap` further on; `None` before the first.
/// The first of a chapter or section begins again at 1.
fn follows(last: Option<&[u16]>, number: &[u16], gap: u16) -> bool {
    let Some(last) = last.filter(|last| !last.is_empty()) else {
        return number.last() == Some(&1);
    };
    let is_next = |one: u16, next: u16| next > one && next - one <= gap;
    let common = last.iter().zip(number).take_while(|(one, next)| one == next).count();
    match (last.get(common), number.get(common)) {
        (Some(&one), Some(&next)) => {
            let opens = number[common + 1..].iter().all(|part| *part == 1);
            is_next(one, next) && opens
        }
        // 1.2 and then 1.2.1.
        (None, Some(_)) => number[common..].iter().all(|part| *part == 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Forms, Sequence, follows, leading};
    use crate::extract::{Block, Role};

    fn paragraph(text: &str) -> Block {
        Block::plain(Role::Paragraph, text)
    }

    #[test]
    fn a_number_is_read_with_or_without_its_stop_and_in_several_parts() {
        for (text, printed, rest) in [
            ("12. The line is answered.", "12", "The line is answered."),
            ("74 The line is answered.", "74", "The line is answered."),
            ("3.36 They should give sight.", "3.36", "They should give sight."),
            ("1.2.3. Nobody came.", "1.2.3", "Nobody came."),
            ("6. conclusion We heard nothing.", "6", "conclusion We heard nothing."),
        ] {
            let block = paragraph(text);
            let number = leading(&block).unwrap();
            assert_eq!((super::printed(&number.parts).as_str(), number.rest), (printed, rest));
        }
        for text in ["16 and 17 year olds", "3.6 million calls", "2019 was a year", "1,200 calls"] {
            assert!(leading(&paragraph(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn numbers_follow_each_other_within_a_chapter_and_into_the_next() {
        let after = |last: &[u16], number: &[u16]| follows(Some(last), number, 3);
        assert!(follows(None, &[3, 1], 1));
        assert!(!follows(None, &[3, 6], 1));
        assert!(after(&[3, 1], &[3, 2]));
        assert!(after(&[3, 1], &[3, 4]));
        assert!(!after(&[3, 1], &[3, 9]));
        assert!(after(&[3, 36], &[4, 1]));
        assert!(!after(&[3, 36], &[4, 7]));
        assert!(after(&[1, 2, 9], &[1, 3, 1]));
        assert!(after(&[1, 2], &[1, 2, 1]));
        assert!(!after(&[3, 36], &[3, 35]));
    }

    #[test]
    fn the_numbers_of_a_list_do_not_end_those_of_the_paragraphs_around_it() {
        let mut sequence = Sequence::default();
        for number in [1, 2, 3, 1, 2] {
            assert_eq!(sequence.count(&[number]), None);
        }
        assert_eq!(sequence.place(&[4]), Some(0));
        sequence.count(&[4]);
        assert_eq!(sequence.count(&[6]), Some(vec![5]));
        assert_eq!(sequence.place(&[12]), None);
    }

    #[test]
    fn a_report_is_numbered_if_numbers_follow_each_other() {
        let prose = "The line is answered by two people in a room above the station.";
        let of = |numbers: &[&str]| {
            let blocks: Vec<Block> =
                numbers.iter().map(|number| paragraph(&format!("{number} {prose}"))).collect();
            Forms::of(blocks.iter())
        };
        assert_eq!(of(&["3.1", "3.2", "3.3"]), Forms { dotted: true, ..Forms::default() });
        assert_eq!(of(&["1.", "2.", "3."]), Forms { whole: true, ..Forms::default() });
        assert_eq!(of(&["1", "2", "3"]), Forms::default());
        assert_eq!(of(&["1.5", "2.7", "3.1"]), Forms::default());
        assert_eq!(of(&["12", "44", "129"]), Forms::default());
    }
}
