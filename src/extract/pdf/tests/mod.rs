mod hostile;
mod order;
#[cfg(feature = "as-printed")]
mod picture;
mod printed;
mod tagged;
mod untagged;
mod words;
mod writer;

use super::read;
use crate::extract::{Block, Cell, ExtractedText, Limits, Role};

fn text_of(bytes: &[u8]) -> ExtractedText {
    read(bytes, &Limits::default()).unwrap()
}

/// The role and the text of each block.
fn outline(text: &ExtractedText) -> Vec<(Role, &str)> {
    text.blocks.iter().map(|block| (block.role.clone(), block.text.as_str())).collect()
}

fn cells(text: &ExtractedText) -> Vec<(Option<Cell>, &str)> {
    text.blocks.iter().map(|block| (block.cell, block.text.as_str())).collect()
}

fn furniture(text: &ExtractedText) -> Vec<(u32, &str)> {
    text.furniture.iter().map(|line| (line.page, line.text.as_str())).collect()
}

fn only_block(text: &ExtractedText) -> &Block {
    assert_eq!(text.blocks.len(), 1, "{:?}", text.blocks);
    &text.blocks[0]
}

fn item(depth: u8, label: &str) -> Role {
    Role::ListItem { depth, label: Some(label.to_owned()) }
}
