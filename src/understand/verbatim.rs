//! Holds the words of each paragraph against the words of its pages, as they are printed.
//!
//! The pages come in the order of their lines and columns, which no tag decides; so what was lost,
//! moved or joined on the way from page to paragraph is found here, whoever is to blame. Mends
//! nothing.

use crate::extract::{Block, ExtractedText, Furniture, PrintedPage, Role};
use findings_index::records::{Kind, ParagraphRecord, Warning, WarningCode};
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// How a paragraph differs from its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Departure {
    /// It has words that its pages lack.
    OtherWords,
    /// Its words are on its pages, but in another order or with others between them.
    OtherOrder,
    /// Words are joined or split, or a hyphen within a line is lost.
    OtherSpaces,
    /// It goes on over text that is neither at the edge of a page nor a footnote.
    OverText,
}

impl Departure {
    /// A stable name.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::OtherWords => "other_words",
            Self::OtherOrder => "other_order",
            Self::OtherSpaces => "other_spaces",
            Self::OverText => "over_text",
        }
    }

    /// What is wrong, in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::OtherWords => "words that the page does not print",
            Self::OtherOrder => "words in another order than on the page, or some left out",
            Self::OtherSpaces => "words joined or split otherwise than on the page",
            Self::OverText => "text that goes on over other text",
        }
    }
}

/// The pages of a file as printed.
pub(crate) struct Pages {
    pages: Vec<PageLetters>,
}

struct PageLetters {
    columns: Letters,
    across: Option<Letters>,
    /// The words of furniture and of footnotes, over which a paragraph may go on.
    quiet: HashSet<String>,
}

impl PageLetters {
    fn orders(&self) -> impl Iterator<Item = &Letters> {
        std::iter::once(&self.columns).chain(&self.across)
    }
}

/// A part of a paragraph on one page.
struct Part<'a> {
    page: &'a PageLetters,
    letters: &'a Letters,
    start: usize,
    length: usize,
}

impl<'a> Part<'a> {
    /// Its letters up to the end of their first line.
    fn first_line(&self) -> &'a str {
        let end = self.start + self.length;
        let next = self.letters.lines.iter().find(|place| **place > self.start);
        &self.letters.text[self.start..next.map_or(end, |place| end.min(*place))]
    }

    /// How many letters are read between two places of its page that are no furniture or footnote.
    fn passed(&self, letters: &Letters, from: usize, to: usize) -> usize {
        let words = letters.words_between(from, to);
        words.filter(|word| !self.page.quiet.contains(*word)).map(str::len).sum()
    }
}

impl Pages {
    /// `None` where the source has no pages.
    pub(crate) fn of(text: &ExtractedText) -> Option<Self> {
        if text.printed.is_empty() {
            return None;
        }
        let page = |printed: &PrintedPage| PageLetters {
            columns: Letters::of(&printed.columns),
            across: printed.across.as_deref().map(Letters::of),
            quiet: HashSet::new(),
        };
        let mut pages: Vec<PageLetters> = text.printed.iter().map(page).collect();
        let mut keep_quiet = |page: u32, words: &str| {
            let place = (page as usize).checked_sub(1);
            if let Some(page) = place.and_then(|place| pages.get_mut(place)) {
                page.quiet.extend(Letters::of(words).in_words().map(str::to_owned));
            }
        };
        for Furniture { text, page } in &text.furniture {
            keep_quiet(*page, text);
        }
        let is_note = |block: &&Block| block.role == Role::Note;
        for block in text.blocks.iter().filter(is_note) {
            if let Some(page) = block.page {
                keep_quiet(page, &block.text);
            }
        }
        Some(Self { pages })
    }

    /// How a paragraph differs from its pages, if it does.
    pub(crate) fn departure(&self, paragraph: &ParagraphRecord) -> Option<Departure> {
        let page = paragraph.page?;
        let pages = page..=paragraph.page_end.unwrap_or(page);
        if matches!(paragraph.kind, Kind::Table | Kind::Boilerplate) {
            // A row is its cells, each of which is whole.
            let cells = paragraph.text.split(" | ").map(|cell| self.of_run(cell, &pages));
            return cells.flatten().min();
        }
        self.of_run(&paragraph.text, &pages)
    }

    fn of_run(&self, text: &str, pages: &RangeInclusive<u32>) -> Option<Departure> {
        let own = Letters::of(text);
        let first = (*pages.start() as usize).checked_sub(1)?;
        let last = (*pages.end() as usize).min(self.pages.len()).max(first + 1);
        let pages = self.pages.get(first..last)?;
        if own.text.is_empty() {
            return None;
        }
        let Some(parts) = locate(pages, &own.text) else {
            let printed: HashSet<&str> =
                pages.iter().flat_map(PageLetters::orders).flat_map(Letters::in_words).collect();
            let is_there = own.in_words().all(|word| printed.contains(word));
            return Some(if is_there { Departure::OtherOrder } else { Departure::OtherWords });
        };
        if parts.windows(2).any(|pair| is_over_text(&pair[0], &pair[1])) {
            return Some(Departure::OverText);
        }
        let mut place = 0;
        let is_spaced = parts.iter().all(|part| {
            let same = own.is_spaced_like(place, part);
            place += part.length;
            same
        });
        (!is_spaced).then_some(Departure::OtherSpaces)
    }
}

/// The greatest number of paragraphs that are named.
const NAMED: usize = 10;

/// Marks the paragraphs that are not what their pages print, and warns of them.
pub(crate) fn hold(
    text: &ExtractedText,
    paragraphs: &mut [ParagraphRecord],
    warnings: &mut Vec<Warning>,
) {
    let Some(pages) = Pages::of(text) else {
        return;
    };
    let mut told = 0;
    for paragraph in paragraphs.iter_mut().filter(|paragraph| paragraph.page.is_some()) {
        let departure = pages.departure(paragraph);
        paragraph.verbatim = Some(departure.is_none());
        let Some(departure) = departure else {
            continue;
        };
        paragraph.citation.push_str(", text not as printed");
        told += 1;
        if told <= NAMED {
            let place = paragraph.id.rsplit('/').next().unwrap_or(&paragraph.id);
            warnings.push(Warning {
                page: paragraph.page,
                code: WarningCode::NotVerbatim,
                message: format!("paragraph {place} is not as printed: {}", departure.words()),
            });
        }
    }
    if told > NAMED {
        warnings.push(Warning {
            page: None,
            code: WarningCode::NotVerbatim,
            message: format!("{} more paragraphs are not as printed", told - NAMED),
        });
    }
}

/// How far the end of a page's part may be overrun by a chance likeness of letters.
const MOST_BACK: usize = 40;

/// The letters with which the search for the beginning of a paragraph starts.
const OPENING: usize = 6;

/// Finds letters on the first of some pages, or over several of them.
fn locate<'a>(pages: &'a [PageLetters], wanted: &str) -> Option<Vec<Part<'a>>> {
    let (page, more) = pages.split_first()?;
    for letters in page.orders() {
        if let Some(start) = letters.text.find(wanted) {
            return Some(vec![Part { page, letters, start, length: wanted.len() }]);
        }
    }
    if more.is_empty() {
        return None;
    }
    let opening: usize = wanted.chars().take(OPENING).map(char::len_utf8).sum();
    for letters in page.orders() {
        let likeness = |start: usize| {
            let pairs = letters.text[start..].chars().zip(wanted.chars());
            pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>()
        };
        let starts = letters.text.match_indices(&wanted[..opening]).map(|(start, _)| start);
        let Some((length, start)) = starts.map(|start| (likeness(start), start)).max() else {
            continue;
        };
        let ends = (1..=length).rev().filter(|end| wanted.is_char_boundary(*end)).take(MOST_BACK);
        for end in ends {
            if let Some(mut parts) = locate(more, &wanted[end..]) {
                parts.insert(0, Part { page, letters, start, length: end });
                return Some(parts);
            }
        }
    }
    locate(more, wanted)
}

/// The greatest number of letters of furniture that may have been read otherwise.
const STRAY: usize = 60;

/// Whether there is text between the parts of a paragraph on two pages. A cell at the top of a page
/// may go on after those to the left of it: they are before it only if the page is read in columns.
fn is_over_text(before: &Part<'_>, after: &Part<'_>) -> bool {
    let above = |letters: &Letters| {
        let start = match std::ptr::eq(letters, after.letters) {
            true => after.start,
            false => letters.text.find(after.first_line())?,
        };
        Some(after.passed(letters, 0, start))
    };
    let end = before.start + before.length;
    before.passed(before.letters, end, before.letters.text.len()) > STRAY
        || after.page.orders().filter_map(above).all(|passed| passed > STRAY)
}

/// The letters, figures and stops of a text, and where its words, lines and hyphens are.
struct Letters {
    text: String,
    /// The places in `text` before which a word begins.
    words: Vec<usize>,
    /// The places in `text` before which a line begins.
    lines: Vec<usize>,
    /// The places in `text` before which a hyphen is printed.
    hyphens: Vec<usize>,
}

impl Letters {
    fn of(printed: &str) -> Self {
        let mut letters = Self {
            text: String::with_capacity(printed.len()),
            words: vec![0],
            lines: vec![0],
            hyphens: Vec::new(),
        };
        for letter in printed.chars() {
            let place = letters.text.len();
            match letter {
                '\n' => {
                    note(&mut letters.lines, place);
                    note(&mut letters.words, place);
                }
                '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' => note(&mut letters.hyphens, place),
                'ﬀ' => letters.text.push_str("ff"),
                'ﬁ' => letters.text.push_str("fi"),
                'ﬂ' => letters.text.push_str("fl"),
                'ﬃ' => letters.text.push_str("ffi"),
                'ﬄ' => letters.text.push_str("ffl"),
                'ﬅ' | 'ﬆ' => letters.text.push_str("st"),
                _ if letter.is_whitespace() || letter.is_ascii_control() => {
                    note(&mut letters.words, place);
                }
                _ if is_unread(letter) => {}
                _ => letters.text.push(letter),
            }
        }
        letters
    }

    fn in_words(&self) -> impl Iterator<Item = &str> {
        self.words_between(0, self.text.len())
    }

    /// The words that begin in a part of the text.
    fn words_between(&self, from: usize, to: usize) -> impl Iterator<Item = &str> {
        let first = self.words.partition_point(|start| *start < from);
        let last = self.words.partition_point(|start| *start < to);
        let ends = self.words[first..].iter().skip(1).copied().chain([self.text.len()]);
        self.words[first..last].iter().zip(ends).map(|(start, end)| &self.text[*start..end])
    }

    /// Whether the words and hyphens of a part of this, from `place`, are where they are printed. At
    /// the end of a printed line a hyphen may stay or go.
    fn is_spaced_like(&self, place: usize, part: &Part<'_>) -> bool {
        let within = |places: &[usize], start: usize| {
            let from = places.partition_point(|at| *at <= start);
            let to = places.partition_point(|at| *at < start + part.length);
            places[from..to].iter().map(move |at| at - start).collect::<Vec<_>>()
        };
        let (own, printed) = (within(&self.words, place), within(&part.letters.words, part.start));
        let own_hyphens = within(&self.hyphens, place);
        let hyphens = within(&part.letters.hyphens, part.start);
        if own == printed && own_hyphens == hyphens {
            return true;
        }
        let lines = within(&part.letters.lines, part.start);
        let has = |places: &[usize], at: usize| places.binary_search(&at).is_ok();
        let mut all: Vec<usize> =
            [&own, &printed, &own_hyphens, &hyphens].into_iter().flatten().copied().collect();
        all.sort_unstable();
        all.into_iter().all(|at| {
            let ends_line = has(&lines, at);
            let same_hyphen = has(&own_hyphens, at) == has(&hyphens, at);
            let same_word = has(&own, at) == has(&printed, at);
            let may_be_joined = has(&hyphens, at) || (ends_line && self.may_be_joined(place + at));
            (same_hyphen || ends_line) && (same_word || may_be_joined)
        })
    }

    /// Whether a word may go on over the end of a line without a hyphen: after a dash or stroke, and
    /// in an address.
    fn may_be_joined(&self, place: usize) -> bool {
        let from = self.words.partition_point(|at| *at < place).saturating_sub(1);
        let start = self.words.get(from).copied().unwrap_or(0);
        let word = &self.text[start..place];
        word.ends_with(['–', '—', '/'])
            || ["www.", "://", "@"].iter().any(|part| word.contains(part))
    }
}

fn note(places: &mut Vec<usize>, place: usize) {
    if places.last() != Some(&place) {
        places.push(place);
    }
}

/// Characters that are not compared: invisible ones, and pictures such as bullets.
fn is_unread(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}'
            | '\u{80}'..='\u{9f}' | '•' | '■' | '▪' | '◼' | '◾' | '●' | '○' | '◦' | '□' | '▫' | '‣'
            | '⁃' | '➢' | '✓' | '✔' | '\u{2500}' | '\u{2015}' | '\u{2212}' | '\u{336}' | '∙' | '·'
    )
}

#[cfg(test)]
mod tests {
    use super::{Departure, Pages};
    use crate::extract::{Block, ExtractedText, Format, Furniture, PrintedPage, Role};

    fn text(pages: &[&str]) -> ExtractedText {
        let printed = pages
            .iter()
            .map(|columns| PrintedPage { columns: (*columns).to_owned(), across: None });
        ExtractedText {
            format: Format::Pdf,
            pages: Some(pages.len() as u32),
            blocks: Vec::new(),
            furniture: Vec::new(),
            warnings: Vec::new(),
            tagged: None,
            printed: printed.collect(),
            created: None,
        }
    }

    /// How a paragraph on the first to the last of these pages differs from them.
    fn departure(text: &ExtractedText, said: &str) -> Option<Departure> {
        let pages = Pages::of(text).unwrap();
        pages.of_run(said, &(1..=text.pages.unwrap()))
    }

    #[test]
    fn lines_hyphens_and_bullets_make_no_difference() {
        let page = text(&[
            "▪ Good multi-\nagency work helps relation-\nships in ﬁve homes – all\nof them.\n",
        ]);
        let said = "Good multi-agency work helps relationships in five homes – all of them.";
        assert_eq!(departure(&page, said), None);
        assert_eq!(departure(&page, "Good multi-agency work helps relation-ships in five"), None);
    }

    #[test]
    fn what_is_lost_moved_joined_or_added_is_told_apart() {
        let page =
            text(&["Parents’ views are heard much\nmore strongly than the views of\nchildren.\n"]);
        let differs = |said| departure(&page, said);
        assert_eq!(differs("Parents’ views are heard much more strongly than the views"), None);
        assert_eq!(differs("views are heard much than the views"), Some(Departure::OtherOrder));
        assert_eq!(differs("the views of children. more strongly"), Some(Departure::OtherOrder));
        assert_eq!(differs("views are heard muchmore strongly"), Some(Departure::OtherSpaces));
        assert_eq!(differs("views are he ard much"), Some(Departure::OtherSpaces));
        assert_eq!(differs("views are hardly heard"), Some(Departure::OtherWords));
    }

    #[test]
    fn a_hyphen_within_a_line_stays() {
        let page = text(&["Well-being is an 18-month plan.\n"]);
        assert_eq!(departure(&page, "Well-being is an 18-month plan."), None);
        assert_eq!(departure(&page, "Wellbeing is"), Some(Departure::OtherSpaces));
    }

    #[test]
    fn a_paragraph_goes_on_over_furniture_and_footnotes_but_not_over_text() {
        let foot = "Inspection of Stonewick children’s services, 6 to 17 May 2024, page 4";
        let note = "A panel under that name has met in Stonewick every month since spring 2019, and publishes minutes.";
        let mut pages = text(&[
            &format!("1. Leaders know\n{note}\n{foot}\n"),
            "the area well.\n2. Visits are regular.\n",
        ]);
        let said = "Leaders know the area well.";
        assert_eq!(departure(&pages, said), Some(Departure::OverText));
        pages.furniture.push(Furniture { text: foot.to_owned(), page: 1 });
        assert_eq!(departure(&pages, said), Some(Departure::OverText));
        let footnote = Block { page: Some(1), ..Block::plain(Role::Note, note) };
        pages.blocks.push(footnote);
        assert_eq!(departure(&pages, said), None);
    }

    #[test]
    fn a_cell_goes_on_over_the_end_of_a_page_without_passing_over_the_next_column() {
        let mut pages = text(&[
            "The harbour board of\nStonewick should say who is\n",
            "Marchbourne council, the\nharbour board and all of\ntheir many partners there\nto answer the letters.\n",
        ]);
        let said = "should say who is to answer the letters.";
        assert_eq!(departure(&pages, said), Some(Departure::OverText));
        let across = "Marchbourne council, the to answer the letters.\nharbour board and all of\ntheir many partners there\n";
        pages.printed[1].across = Some(across.to_owned());
        assert_eq!(departure(&pages, said), None);
    }
}
