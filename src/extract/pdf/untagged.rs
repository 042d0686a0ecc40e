//! Blocks of a file without a usable structure tree: by position, and furniture by repetition.

use super::compose::compose;
use super::device::{Mark, Page};
use super::geometry::{lines, paragraphs};
use super::tagged::{artifacts, runs_of};
use crate::extract::{ExtractedText, Role};

/// Fills in blocks and furniture.
pub(super) fn fill(text: &mut ExtractedText, pages: &[Page]) {
    text.furniture = artifacts(pages);
    for page in 0..pages.len() as u32 {
        let runs: Vec<_> = runs_of(pages, page, |mark| mark != Mark::Artifact).collect();
        for paragraph in paragraphs(&lines(&runs)) {
            text.blocks.extend(compose(Role::Paragraph, &paragraph));
        }
    }
}
