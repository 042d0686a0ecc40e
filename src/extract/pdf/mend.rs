//! Mends words that were broken at the end of a line or page.
//!
//! A hyphen at the end of a line may belong to the word ("multi-agency") or to the break. It is the
//! break's where the report has the whole word elsewhere, or else where the whole word is a general
//! English one; in doubt it stays. A tagged file says by soft hyphens where words are broken, so its
//! other hyphens are all real, unless one of them leaves a part that is no word.

use super::words::is_known;
use crate::extract::{Block, ExtractedText, Part, Role};
use std::collections::HashMap;

/// Stands for a hyphen at the end of a line until it is known whose it is. Soft hyphens that are
/// printed do not get into a text, so it is no other.
pub(super) const BREAK: char = '\u{ad}';

/// First parts that are commonly written with a hyphen, even where the dictionary has one word.
const PREFIXED: &[&str] = &["anti", "co", "multi", "non", "self", "semi"];

/// Second parts that are commonly written with a hyphen, as in "follow-up".
const PARTICLES: &[&str] = &["by", "in", "off", "on", "out", "up"];

/// First parts that make other words with those.
const ADVERBS: &[&str] = &["here", "there", "where", "with"];

/// Decides about all hyphens at the end of lines, and joins paragraphs that a page breaks within a
/// word.
pub(super) fn mend(text: &mut ExtractedText) {
    let is_broken = |block: &Block| block.text.contains(BREAK) || block.text.ends_with('-');
    if !text.blocks.iter().any(is_broken)
        && !text.furniture.iter().any(|line| line.text.contains(BREAK))
    {
        return;
    }
    let mut seen = Seen::of(&text.blocks);
    seen.hyphenates = text.tagged != Some(true) || seen.has_broken(&text.blocks);
    for block in &mut text.blocks {
        if block.text.contains(BREAK) {
            block.text = seen.mended(&block.text);
        }
    }
    for line in &mut text.furniture {
        if line.text.contains(BREAK) {
            line.text = seen.mended(&line.text);
        }
    }
    join_over_pages(&mut text.blocks, &seen);
}

/// How often the report has each word and each pair of words with a hyphen between, away from the
/// ends of lines.
struct Seen {
    words: HashMap<String, u32>,
    /// Whether the file breaks words at the end of lines with hyphens like any other.
    hyphenates: bool,
}

impl Seen {
    fn of(blocks: &[Block]) -> Self {
        let mut words: HashMap<String, u32> = HashMap::new();
        for word in blocks.iter().flat_map(|block| block.text.split(' ')) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != BREAK);
            let parts: Vec<&str> = word.split('-').collect();
            for part in parts.iter().filter(|part| !part.contains(BREAK)) {
                *words.entry(letters(part).to_lowercase()).or_default() += 1;
            }
            for pair in parts.windows(2).filter(|pair| !pair.iter().any(|p| p.contains(BREAK))) {
                let pair = format!("{}-{}", letters(pair[0]), letters(pair[1]));
                *words.entry(pair.to_lowercase()).or_default() += 1;
            }
        }
        Self { words, hyphenates: true }
    }

    /// Whether a word is broken so that its second part is no word, which no compound is.
    fn has_broken(&self, blocks: &[Block]) -> bool {
        let breaks = blocks.iter().flat_map(|block| {
            let text = block.text.as_str();
            text.match_indices(BREAK).map(|(at, _)| (&text[..at], &text[at + BREAK.len_utf8()..]))
        });
        breaks.filter_map(|(before, after)| Broken::of(before, after)).any(|it| it.is_certain(self))
    }

    fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// The text with each broken word whole.
    fn mended(&self, text: &str) -> String {
        let mut mended = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(BREAK) {
            mended.push_str(before);
            if !self.is_one(&mended, after) {
                mended.push('-');
            }
            rest = after;
        }
        mended.push_str(rest);
        mended
    }

    /// Whether the last letters of one text and the first of another are one word, without hyphen.
    fn is_one(&self, before: &str, after: &str) -> bool {
        let Some(broken) = Broken::of(before, after).filter(|_| self.hyphenates) else {
            return false;
        };
        if broken.in_compound {
            return broken.is_certain(self);
        }
        let Broken { first, rest, whole, .. } = &broken;
        let (one, two) = (self.count(whole), self.count(&format!("{first}-{rest}")));
        if one > 0 || two > 0 {
            return one > two;
        }
        let kept = (PREFIXED.contains(&first.as_str()) && self.is_word(rest))
            || (PARTICLES.contains(&rest.as_str())
                && self.is_word(first)
                && !ADVERBS.contains(&first.as_str()))
            || (first == "co" && rest.starts_with('o'))
            || first.chars().count() < 2;
        is_known(whole) && !kept
    }

    /// Whether a part is a word; one of a few letters may always be one.
    fn is_word(&self, part: &str) -> bool {
        part.chars().count() < 4 || self.count(part) > 0 || is_known(part)
    }
}

/// Two parts of what may be one word.
struct Broken {
    first: String,
    rest: String,
    whole: String,
    /// Whether another hyphen is next to one of the parts, as in "day-to-day".
    in_compound: bool,
}

impl Broken {
    fn of(before: &str, after: &str) -> Option<Self> {
        let start = before.rfind(|c: char| !c.is_alphabetic());
        let start =
            start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let (first, rest) = (before[start..].to_lowercase(), letters(after));
        let in_compound = before[..start].ends_with(['-', BREAK])
            || after[rest.len()..].starts_with(['-', BREAK]);
        if first.is_empty() || !rest.starts_with(char::is_lowercase) {
            return None;
        }
        let rest = rest.to_lowercase();
        let whole = format!("{first}{rest}");
        Some(Self { first, rest, whole, in_compound })
    }

    /// Whether the whole is a word, and what is left of it on the next line is none. The first part
    /// says less: a prefix is no word either.
    fn is_certain(&self, seen: &Seen) -> bool {
        let prefixed = PREFIXED.contains(&self.first.as_str());
        seen.is_word(&self.whole) && !seen.is_word(&self.rest) && !prefixed
    }
}

/// The letters with which a text begins.
fn letters(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    &text[..end]
}

/// Joins the last paragraph of a page to the first of the next, if one word is broken between them.
fn join_over_pages(blocks: &mut Vec<Block>, seen: &Seen) {
    let mut place = 0;
    while place < blocks.len() {
        if let Some(next) = continuation(blocks, place)
            && let Some(before) = blocks[place].text.strip_suffix('-')
            && seen.is_one(before, &blocks[next].text)
        {
            let rest = blocks.remove(next);
            let block = &mut blocks[place];
            block.text.pop();
            block.text.push_str(&rest.text);
            block.page_end = rest.page_end.or(block.page_end);
            block.notes.extend(rest.notes);
            let begins = block.printed.len();
            block.printed.extend(rest.printed);
            let first = block.printed[begins..].iter_mut().find(|line| line.part == Part::Text);
            if let Some(line) = first {
                line.continues = true;
            }
        } else {
            place += 1;
        }
    }
}

/// The first paragraph of the next page, if this block ends its page within a word.
fn continuation(blocks: &[Block], place: usize) -> Option<usize> {
    let block = &blocks[place];
    let runs_on = |role: &Role| matches!(role, Role::Paragraph | Role::ListItem { .. });
    if !block.text.ends_with('-') || !runs_on(&block.role) {
        return None;
    }
    let below = |other: &Block| other.role == Role::Note && other.page == block.page_end;
    let next = (place + 1..blocks.len()).find(|&next| !below(&blocks[next]))?;
    let follows = &blocks[next];
    let unlabelled = matches!(follows.role, Role::Paragraph | Role::ListItem { label: None, .. });
    (unlabelled && follows.page == block.page_end.map(|page| page + 1)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::{BREAK, Seen, mend};
    use crate::extract::{Block, ExtractedText, Format, Role};

    /// What becomes of a word broken at `|` in a report with these words.
    fn mended(broken: &str, report: &str) -> String {
        let block = Block::plain(Role::Paragraph, report);
        Seen::of(&[block]).mended(&broken.replace('|', &BREAK.to_string()))
    }

    #[test]
    fn a_word_that_is_known_is_whole() {
        for (broken, whole) in [
            ("good relation|ships with", "good relationships with"),
            ("the pre|vention of", "the prevention of"),
            ("better super|vision", "better supervision"),
            ("with|in", "within"),
            ("Safe|guarding.", "Safeguarding."),
        ] {
            assert_eq!(mended(broken, ""), whole);
        }
    }

    #[test]
    fn a_real_hyphen_stays() {
        for (broken, whole) in [
            ("multi|agency work", "multi-agency work"),
            ("a short|term plan", "a short-term plan"),
            ("anti|social behaviour", "anti-social behaviour"),
            ("co|operate and co|ordinate", "co-operate and co-ordinate"),
            ("a follow|up visit", "a follow-up visit"),
            ("from day-to|day", "from day-to-day"),
            ("the Ashby|de|la|Zouch road", "the Ashby-de-la-Zouch road"),
            ("e|mail", "e-mail"),
        ] {
            assert_eq!(mended(broken, ""), whole);
        }
    }

    #[test]
    fn in_a_tagged_file_a_hyphen_is_real_unless_what_follows_it_is_no_word() {
        let mended = |tagged, lines: &str| {
            let block = Block::plain(Role::Paragraph, lines.replace('|', &BREAK.to_string()));
            let mut text = ExtractedText {
                format: Format::Pdf,
                printed: Vec::new(),
                pages: Some(1),
                blocks: vec![block],
                furniture: Vec::new(),
                warnings: Vec::new(),
                tagged: Some(tagged),
                created: None,
            };
            mend(&mut text);
            text.blocks.remove(0).text
        };
        let compounds = "the co|ordination of re|design and well|being: wellbeing";
        assert_eq!(mended(true, compounds), compounds.replace('|', "-"));
        assert_eq!(
            mended(false, compounds),
            "the co-ordination of redesign and wellbeing: wellbeing"
        );
        assert_eq!(
            mended(true, "good relation|ships for the pre|vention of harm"),
            "good relationships for the prevention of harm"
        );
    }

    #[test]
    fn the_report_itself_knows_best() {
        assert_eq!(mended("a well-estab|lished team", ""), "a well-established team");
        assert_eq!(mended("zebra|word", "A zebraword is one."), "zebraword");
        assert_eq!(mended("on|going", "The on-going work."), "on-going");
        assert_eq!(mended("co|ordinate", "They coordinate."), "coordinate");
        assert_eq!(mended("re|view", "A re-view, a review, Reviews: a review."), "review");
    }
}
