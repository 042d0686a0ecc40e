//! Reads the blocks of a file by its structure tree.

use super::compose::{Placed, compose, is_bullet, printed_bullet, printed_label, runs_of};
use super::device::{Mark, Page};
use super::fragments::{Piece, reseat};
use super::fuse::Fuse;
use super::geometry::{lines, paragraphs};
use super::order::arrange;
use super::structure::{Content, Leaves};
use crate::extract::{Block, ExtractedText, Furniture, Role};
use std::collections::HashMap;

/// The number of loose words from which a warning is given.
const MANY_LOOSE_WORDS: usize = 20;

/// Fills in blocks and furniture. Returns `false`, with nothing filled in, if the tree covers less
/// than half of the letters that are not furniture.
pub(super) fn fill(text: &mut ExtractedText, pages: &[Page], leaves: &Leaves, fuse: &Fuse) -> bool {
    let mut marked = Marked::of(pages);
    let mut pieces = Vec::with_capacity(leaves.leaves.len());
    let mut covered = 0;
    for leaf in &leaves.leaves {
        fuse.check_time();
        let label = marked.take(pages, &leaf.label);
        let body = marked.take(pages, &leaf.body);
        covered += letters(&label) + letters(&body);
        pieces.push(Piece { role: leaf.role.clone(), cell: leaf.cell, label, body });
    }
    let loose = marked.rest(pages);
    if covered < letters(&loose) {
        return false;
    }
    let woven = reseat(&mut pieces, pages, fuse);
    let mut blocks = Vec::with_capacity(pieces.len());
    let mut furniture = Vec::new();
    for piece in arrange(pieces) {
        fuse.check_time();
        match &piece.role {
            Some(role) => {
                let block = block(role, piece.label, piece.body);
                blocks.extend(block.map(|b| Block { cell: piece.cell, ..b }));
            }
            None => furniture.extend(furniture_lines(&piece.body)),
        }
    }
    furniture.extend(artifacts(pages));
    furniture.sort_by_key(|line| line.page);

    let words: usize = loose.iter().map(|placed| placed.text.split_whitespace().count()).sum();
    if words >= MANY_LOOSE_WORDS {
        text.warnings.push(format!(
            "{words} words are outside the document's structure: placed by their position"
        ));
    }
    if leaves.cut {
        text.warnings.push(
            "the document's structure is too deep or too large: the rest was placed by position"
                .to_owned(),
        );
    }
    if !woven.is_empty() {
        let woven: Vec<String> = woven.iter().map(|page| (page + 1).to_string()).collect();
        text.warnings.push(format!(
            "paragraphs are woven into each other on page {}: their order is the tags’",
            woven.join(", ")
        ));
    }
    let loose = paragraphs(&lines(&loose))
        .iter()
        .filter_map(|paragraph| compose(Role::Paragraph, paragraph))
        .collect();
    text.blocks = merge(blocks, loose, fuse);
    text.furniture = furniture;
    true
}

/// The furniture that the pages themselves mark as such.
pub(super) fn artifacts(pages: &[Page]) -> Vec<Furniture> {
    let mut furniture = Vec::new();
    for page in 0..pages.len() as u32 {
        let runs: Vec<_> = runs_of(pages, page, |mark| mark == Mark::Artifact).collect();
        furniture.extend(furniture_lines(&runs));
    }
    furniture
}

/// Makes one piece of furniture of each line.
fn furniture_lines(runs: &[Placed<'_>]) -> Vec<Furniture> {
    let lines = lines(runs);
    let blocks = lines.iter().filter_map(|line| {
        let block = compose(Role::Paragraph, &line.runs)?;
        Some(Furniture { text: block.text, page: block.page? })
    });
    blocks.collect()
}

fn letters(runs: &[Placed<'_>]) -> usize {
    let letters = runs.iter().flat_map(|placed| placed.text.chars());
    letters.filter(|letter| letter.is_alphanumeric()).count()
}

/// Makes the block of a leaf.
fn block(role: &Role, label: Vec<Placed<'_>>, body: Vec<Placed<'_>>) -> Option<Block> {
    if label.is_empty() {
        return compose(role.clone(), &body);
    }
    let printed = label_text(&label);
    match role {
        Role::ListItem { depth, .. } if printed.as_deref().is_some_and(is_label) => {
            let role = Role::ListItem { depth: *depth, label: printed };
            let mut block = compose(role, &body)?;
            let beside = label.iter().filter(|placed| Some(placed.page + 1) == block.page);
            block.left = beside.map(|placed| placed.run.x).fold(block.left, f32::min);
            block.printed.splice(0..0, printed_label(&label));
            Some(block)
        }
        Role::Note => {
            let mut block = compose(Role::Note, &body)?;
            block.notes.splice(0..0, printed);
            block.printed.splice(0..0, printed_label(&label));
            Some(block)
        }
        // Otherwise a label is part of the text: some files tag words of an item as its label.
        _ => {
            let mut runs: Vec<_> = label.into_iter().chain(body).collect();
            runs.sort_by_key(|placed| (placed.page, placed.index));
            compose(role.clone(), &runs)
        }
    }
}

/// Whether this is a bullet, a number or a letter such as `12.`, `(iv)` or `b)`.
fn is_label(text: &str) -> bool {
    const LONGEST: usize = 7;
    let mut letters = text.chars();
    let is_picture = match (letters.next(), letters.next()) {
        // Word prints the bullets of inner lists with the letter o.
        (Some(only), None) => is_bullet(only) || matches!(only, 'o' | '–' | '—' | '*' | '♦'),
        _ => false,
    };
    let is_number = text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '(' | ')'));
    let is_closed = text.ends_with(['.', ')']) && text.chars().any(char::is_alphanumeric);
    is_picture || (text.chars().count() <= LONGEST && (is_number || is_closed))
}

fn label_text(runs: &[Placed<'_>]) -> Option<String> {
    let text: String = runs.iter().flat_map(|placed| placed.text.chars()).collect();
    let text: Vec<&str> = text.split_whitespace().collect();
    let text: String = text.join(" ").chars().map(printed_bullet).collect();
    (!text.is_empty()).then_some(text)
}

/// Puts each loose block at its place on the page: before the first block that begins below it.
fn merge(blocks: Vec<Block>, loose: Vec<Block>, fuse: &Fuse) -> Vec<Block> {
    let mut placed: Vec<(usize, Block)> = Vec::with_capacity(loose.len());
    for block in loose {
        fuse.check_time();
        let is_after = |other: &Block| {
            other.page > block.page || (other.page == block.page && other.top > block.top)
        };
        let place = blocks.iter().position(is_after).unwrap_or(blocks.len());
        placed.push((place, block));
    }
    placed.sort_by_key(|(place, _)| *place);

    let mut merged = Vec::with_capacity(blocks.len() + placed.len());
    let mut placed = placed.into_iter().peekable();
    for (place, block) in blocks.into_iter().enumerate() {
        while let Some((_, loose)) = placed.next_if(|(before, _)| *before <= place) {
            merged.push(loose);
        }
        merged.push(block);
    }
    merged.extend(placed.map(|(_, loose)| loose));
    merged
}

/// The runs of all pages, by the marked content to which they belong.
struct Marked {
    runs: HashMap<Content, Vec<usize>>,
}

impl Marked {
    fn of(pages: &[Page]) -> Self {
        let mut runs: HashMap<Content, Vec<usize>> = HashMap::new();
        for (number, page) in pages.iter().enumerate() {
            for (index, run) in page.runs.iter().enumerate() {
                if let Mark::Content(id) = run.mark {
                    runs.entry((number as u32, id)).or_default().push(index);
                }
            }
        }
        Self { runs }
    }

    /// Takes out runs in the order of pages and drawing, because some lists name the text of an
    /// item before its label.
    fn take<'p>(&mut self, pages: &'p [Page], contents: &[Content]) -> Vec<Placed<'p>> {
        let mut taken: Vec<(u32, usize)> = Vec::new();
        for content in contents {
            for index in self.runs.remove(content).unwrap_or_default() {
                taken.push((content.0, index));
            }
        }
        taken.sort_unstable();
        taken.into_iter().map(|(page, index)| Placed::new(pages, page, index)).collect()
    }

    /// The runs that were not taken and are not furniture, in the order of pages and drawing.
    fn rest<'p>(&self, pages: &'p [Page]) -> Vec<Placed<'p>> {
        let mut rest = Vec::new();
        for page in 0..pages.len() as u32 {
            rest.extend(runs_of(pages, page, |mark| match mark {
                Mark::None => true,
                Mark::Artifact => false,
                Mark::Content(id) => self.runs.contains_key(&(page, id)),
            }));
        }
        rest
    }
}
