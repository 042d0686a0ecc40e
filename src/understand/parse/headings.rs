//! Recognises headings: by the framework's list, by the source's marking, by typography.

use super::grade::{PrintedGrade, Scale};
use crate::extract::{Block, Role};
use crate::knowledge::{Framework, Inherit, SectionRule, fold};
use std::collections::HashMap;

/// The greatest length of a heading in bytes, however it is marked: some reports tag whole
/// paragraphs as headings.
pub(crate) const LONGEST: usize = 200;

/// The size in points from which a short bold line is a heading.
const LARGE: f32 = 13.4;

/// By how many points a line is larger than the text, so that it is set apart.
const LARGER: f32 = 0.4;

/// The share of bold letters from which a line is set in bold.
const BOLD: f32 = 0.9;

/// The share of bold letters from which a whole line is in bold.
const WHOLLY: f32 = 0.95;

/// A heading as found in the text.
#[derive(Debug, Clone)]
pub(super) struct Heading<'k> {
    /// The words to show.
    pub(super) title: String,
    /// The whole line as printed.
    pub(super) printed: String,
    /// The framework's rule for it.
    pub(super) rule: Option<&'k SectionRule>,
    /// The grade at its end, if there is one.
    pub(super) grade: Option<PrintedGrade>,
    /// The level of the source's marking, 1-6; 0 if it has none.
    pub(super) level: u8,
    /// The size in points; 0 where unknown.
    pub(super) size: f32,
    /// Whether it is set in bold.
    pub(super) bold: bool,
    /// Whether marking or typography set it apart from the text; `true` if the source has neither.
    pub(super) apart: bool,
    /// Whether it is a heading only because it is printed like one that the framework lists.
    pub(super) learnt: bool,
    /// The page on which it is printed, counted from 1.
    pub(super) page: Option<u32>,
    /// Distance from the top of the page in points; 0 where unknown.
    pub(super) top: f32,
}

/// The headings of one framework.
pub(super) struct Headings<'k> {
    framework: Option<&'k Framework>,
    scale: Scale<'k>,
    /// The size of most of the text in points; 0 where the source does not give it.
    body_size: f32,
    /// Whether the source has marking or typography.
    styled: bool,
    /// The sizes in which this report sets headings that its framework lists in bold: other bold
    /// lines of such a size are headings as well.
    bold_sizes: Vec<f32>,
    /// Whether headings can be recognised only because they are separate lines: the source has no
    /// marking and no typography, and no framework lists its headings.
    plain: bool,
}

impl<'k> Headings<'k> {
    pub(super) fn new(
        framework: Option<&'k Framework>,
        scale: Scale<'k>,
        blocks: &[Block],
    ) -> Self {
        let body_size = body_size(blocks);
        let marked = blocks.iter().any(|b| matches!(b.role, Role::Heading(_)) || b.bold > 0.0);
        let styled = body_size > 0.0 || marked;
        let plain = framework.is_none() && !styled;
        let mut headings =
            Self { framework, scale, body_size, styled, bold_sizes: Vec::new(), plain };
        headings.bold_sizes = headings.sizes_in_bold(blocks);
        headings
    }

    fn sizes_in_bold(&self, blocks: &[Block]) -> Vec<f32> {
        let prescribed = |block: &&Block| {
            block.bold >= WHOLLY
                && block.size > 0.0
                && block.text.len() <= LONGEST
                && self.split(&block.text).1.is_some()
        };
        let mut sizes: Vec<f32> = blocks.iter().filter(prescribed).map(|b| b.size).collect();
        sizes.sort_by(f32::total_cmp);
        sizes.dedup();
        sizes
    }

    /// The rules that match the words of a heading, whatever section it is in.
    pub(super) fn rules(&self, words: &str) -> impl Iterator<Item = &'k SectionRule> + use<'k> {
        self.framework.map(|framework| framework.rules_of(bare(words))).into_iter().flatten()
    }

    /// Whether the words name an area that is judged.
    pub(super) fn is_graded(&self, words: &str) -> bool {
        self.rules(words).any(|r| r.grade == Inherit::Own)
    }

    /// Whether no framework lists the headings.
    pub(super) fn is_unlisted(&self) -> bool {
        self.framework.is_none()
    }

    /// Whether the words name a judged area inside another.
    pub(super) fn is_within(&self, part: &str, whole: &str) -> bool {
        let level = |words: &str| {
            let mut rules = self.rules(words);
            rules.find(|r| r.grade == Inherit::Own).map(|r| r.level)
        };
        level(part).zip(level(whole)).is_some_and(|(part, whole)| part > whole)
    }

    /// Whether a block is the heading of a box that interrupts the text.
    pub(super) fn heads_box(&self, block: &Block) -> bool {
        block.text.len() <= LONGEST && self.rules(&block.text).any(|rule| rule.boxed)
    }

    /// Whether a block is a heading of the body that the framework prescribes.
    pub(super) fn starts_body(&self, block: &Block) -> bool {
        !matches!(block.role, Role::Contents | Role::Note | Role::ListItem { .. })
            && block.text.len() <= LONGEST
            && self.split(&block.text).1.is_some_and(|rule| rule.area != "Contents")
    }

    /// Reads a block as a heading, if it is one. `next` is the block after it, which may hold the
    /// rest of a heading set on two lines: the second value states whether it was used. Before the
    /// body has `begun`, bold lines in the size of the text are names and dates.
    pub(super) fn read(
        &self,
        block: &Block,
        next: Option<&Block>,
        begun: bool,
    ) -> Option<(Heading<'k>, bool)> {
        if block.text.len() > LONGEST || matches!(block.role, Role::Contents | Role::Note) {
            return None;
        }
        let bulleted = match &block.role {
            Role::ListItem { label: Some(label), .. } => {
                !label.starts_with(|c: char| c.is_ascii_digit())
            }
            // Word turns headings that follow a list into list items.
            Role::ListItem { label: None, .. } => block.bold < BOLD,
            _ => false,
        };
        if bulleted {
            return None;
        }
        let (words, rule, grade) = self.split(&block.text);
        if rule.is_some() {
            return Some((self.heading(block, words, rule, grade), false));
        }
        let marked = self.is_marked(block, begun) || (self.plain && stands_alone(block, next));
        if let Some(next) = next.filter(|n| marked && self.continues(block, n)) {
            let joined = format!("{} {}", block.text, next.text);
            let (words, rule, grade) = self.split(&joined);
            if rule.is_some() {
                let heading = self.heading(block, words, rule, grade);
                return Some((Heading { printed: joined, ..heading }, true));
            }
        }
        marked.then(|| {
            let learnt = !self.plain && !self.is_marked(block, false);
            // An unknown heading that ends in a grade word is not a judgement.
            let heading = self.heading(block, block.text.trim().to_owned(), None, None);
            (Heading { learnt, ..heading }, false)
        })
    }

    /// Whether a block is a sentence that gives a judgement, as covers print it.
    pub(super) fn is_sentence(&self, text: &str) -> bool {
        let folded = fold::punctuation(text);
        let rules = self.framework.map_or(&[][..], |f| &f.sentences);
        rules.iter().any(|r| r.pattern.regex().is_match(&folded))
    }

    /// Whether a line or row gives a judgement of an earlier inspection.
    pub(super) fn is_earlier(&self, text: &str) -> bool {
        let patterns = self.framework.map_or(&[][..], |f| &f.earlier);
        !patterns.is_empty() && {
            let folded = fold::punctuation(text);
            patterns.iter().any(|p| p.regex().is_match(&folded))
        }
    }

    /// Splits a line into heading and grade if it has both, and finds the rule for the heading.
    fn split(&self, text: &str) -> (String, Option<&'k SectionRule>, Option<PrintedGrade>) {
        let readings = [self.scale.run_in(text), self.scale.amid(text)];
        for (words, grade) in readings.into_iter().flatten() {
            if let Some(rule) = self.rules(&words).next() {
                return (words, Some(rule), Some(grade));
            }
        }
        (text.trim().to_owned(), self.rules(text).next(), None)
    }

    fn heading(
        &self,
        block: &Block,
        words: String,
        rule: Option<&'k SectionRule>,
        grade: Option<PrintedGrade>,
    ) -> Heading<'k> {
        let level = match block.role {
            Role::Heading(level) => level,
            _ => 0,
        };
        Heading {
            title: title(&words),
            printed: block.text.trim().to_owned(),
            rule,
            grade,
            level,
            size: block.size,
            bold: block.bold >= BOLD,
            apart: self.is_apart(block),
            learnt: false,
            page: block.page,
            top: block.top,
        }
    }

    /// Whether marking or typography set a block apart from the text. Where the source has neither,
    /// nothing can.
    fn is_apart(&self, block: &Block) -> bool {
        let larger = self.body_size > 0.0 && block.size >= self.body_size + LARGER;
        !self.styled || matches!(block.role, Role::Heading(_)) || block.bold >= BOLD || larger
    }

    /// Whether marking or typography make a block a heading.
    pub(super) fn is_marked(&self, block: &Block, begun: bool) -> bool {
        let text = block.text.trim();
        let count = text.split_whitespace().count();
        let starts = text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        let leads_in = text.ends_with(':') && count > 10;
        let sentence = text.ends_with(['.', ';', ',']) || leads_in;
        match block.role {
            // Some reports tag the sentences of a list as headings.
            Role::Heading(_) => {
                let reads_on = text.ends_with('.') && count > 9;
                let dashed = text.starts_with(['–', '-', '•']);
                let lettered = text.chars().any(char::is_alphabetic);
                count <= 25 && !leads_in && !reads_on && !dashed && lettered
            }
            Role::Paragraph if self.body_size > 0.0 => {
                let large = block.bold >= BOLD && block.size >= LARGE;
                let learnt = || {
                    let alike = |size: &f32| (size - block.size).abs() < 0.3;
                    begun && self.bold_sizes.iter().any(alike)
                };
                let listed = self.framework.is_none_or(|f| f.bold_headings);
                let bold = block.bold >= WHOLLY && (listed || learnt());
                let larger = block.size >= self.body_size + LARGER;
                let short = (bold || larger) && count <= 14;
                starts && !sentence && ((large && count <= 20) || short)
            }
            Role::Paragraph if block.bold >= BOLD => starts && !sentence && count <= 14,
            _ => false,
        }
    }

    /// Whether the program was not made for the report: no framework of its own fits it. Then
    /// nothing is left out as known from elsewhere, and rows of facts are looked for everywhere.
    pub(super) fn is_foreign(&self) -> bool {
        self.framework.is_none_or(|f| !f.is_embedded())
    }

    /// Whether a block is set smaller than most of the text.
    pub(super) fn is_small(&self, block: &Block) -> bool {
        block.size > 0.0 && block.size < self.body_size - 0.4
    }

    fn continues(&self, block: &Block, next: &Block) -> bool {
        next.text.len() <= LONGEST
            && next.page == block.page
            && (next.size - block.size).abs() < 1.0
            && (self.is_marked(next, true) || (self.body_size > 0.0 && next.bold >= BOLD))
    }
}

/// Whether a line without any marking is a heading: short, not a sentence, not a label with its
/// value, and followed by prose.
fn stands_alone(block: &Block, next: Option<&Block>) -> bool {
    let text = block.text.trim();
    let words = |text: &str| text.split_whitespace().count();
    block.role == Role::Paragraph
        && block.cell.is_none()
        && words(text) <= 12
        && text.starts_with(char::is_uppercase)
        && !text.contains(':')
        && !text.ends_with(['.', ';', ','])
        && next.is_some_and(|next| words(&next.text) >= 12 && next.text.trim_end().ends_with('.'))
}

/// The size of most words, to a tenth of a point.
fn body_size(blocks: &[Block]) -> f32 {
    let mut words: HashMap<i32, usize> = HashMap::new();
    for block in blocks.iter().filter(|b| b.size > 0.0) {
        *words.entry((block.size * 10.0).round() as i32).or_default() +=
            block.text.split_whitespace().count();
    }
    let most = words.into_iter().max_by_key(|&(size, words)| (words, size));
    most.map_or(0.0, |(size, _)| size as f32 / 10.0)
}

/// The words of a heading as patterns see them: folded, without number or final stop.
pub(crate) fn bare(words: &str) -> String {
    let folded = fold::punctuation(words.trim());
    let text = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches(['.', ':', ' ']);
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(0);
    match text[digits..].strip_prefix(' ') {
        Some(rest) if digits > 0 => rest.trim_start().to_owned(),
        _ => text.to_owned(),
    }
}

/// The words of a heading as shown, without a final colon or stop.
fn title(words: &str) -> String {
    words.trim().trim_end_matches([':', '.', ' ']).to_owned()
}
