//! Finds the title of a report if no pattern finds it.

use crate::extract::{Block, ExtractedText, Role};

/// The number of blocks from the beginning that may hold the title.
const FIRST: usize = 30;

/// The greatest length of a title, in characters.
const LONGEST: usize = 200;

/// The most prominent words of the first page: set largest, else marked highest, else the first
/// line.
pub(super) fn by_type(text: &ExtractedText) -> Option<String> {
    let first: Vec<&Block> = text
        .blocks
        .iter()
        .take_while(|b| b.page.is_none_or(|page| page <= 1))
        .take(FIRST)
        .filter(|b| !matches!(b.role, Role::Contents | Role::Note | Role::ListItem { .. }))
        .filter(|b| b.text.chars().count() <= LONGEST && b.text.chars().any(char::is_alphabetic))
        .collect();
    largest(&first).or_else(|| highest(&first)).or_else(|| first_line(&first))
}

/// The first lines in the largest type, if sizes differ.
fn largest(blocks: &[&Block]) -> Option<String> {
    let sizes = || blocks.iter().map(|b| b.size).filter(|size| *size > 0.0);
    let most = sizes().fold(0.0, f32::max);
    let least = sizes().fold(f32::INFINITY, f32::min);
    if most < least + 0.6 {
        return None;
    }
    let large = |b: &&&Block| (b.size - most).abs() < 0.6;
    let lines = blocks.iter().skip_while(|b| !large(b)).take_while(large);
    let lines: Vec<&str> = lines.map(|b| b.text.trim()).collect();
    let title = lines.join(" ");
    (title.chars().count() <= LONGEST && !title.is_empty()).then_some(title)
}

fn highest(blocks: &[&Block]) -> Option<String> {
    let level = |b: &&Block| match b.role {
        Role::Heading(level) => Some(level),
        _ => None,
    };
    let headings = blocks.iter().filter_map(|b| Some((level(b)?, b)));
    headings.min_by_key(|(level, _)| *level).map(|(_, b)| b.text.trim().to_owned())
}

/// The first line, if it is not a sentence.
fn first_line(blocks: &[&Block]) -> Option<String> {
    let line = blocks.first()?.text.trim();
    (!line.ends_with(['.', ';', ','])).then(|| line.to_owned())
}
