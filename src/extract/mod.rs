//! Turns the bytes of one file into blocks of text with the little typography that structure needs.
//!
//! Each format has its own reader, and all readers return [`ExtractedText`]. They know nothing of
//! inspections: `parse` decides what is a heading or a grade. They refuse a file that they cannot
//! read with a [`FileError`], and report smaller faults as warnings with the text.

mod decode;
mod emphasis;
pub mod html;
pub(crate) mod kind;
pub mod markdown;
pub mod pdf;
pub mod text;
pub mod worker;

#[cfg(feature = "as-printed")]
pub use pdf::picture;

use findings_index::records::ledger::FileError;
use serde::{Deserialize, Serialize};

/// The format of a source file, recognised by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
}

/// The kind of a block, as marked by the source: the PDF's tags, HTML elements, Markdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Role {
    /// A heading of level 1-6, 1 the outermost.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list.
    ListItem {
        /// 1 for an item of an outermost list.
        depth: u8,
        /// The bullet or number printed before it, such as `■`, `–`, `12.`.
        label: Option<String>,
    },
    /// A footnote.
    Note,
    /// The caption of a figure or table.
    Caption,
    /// An entry of a table of contents.
    Contents,
}

/// A place in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Number of the table within the file, counted from 0.
    pub table: u32,
    /// Row, counted from 0.
    pub row: u32,
    /// Column, counted from 0.
    pub column: u32,
}

/// A stretch of text that belongs together: a paragraph, heading or list item.
///
/// White space is folded to single spaces, soft hyphens are removed, words broken at line ends are
/// joined, and raised footnote marks are taken out of the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The kind of the block, as marked by the source.
    pub role: Role,
    /// The cell that contains it, if any. A cell may hold several blocks.
    pub cell: Option<Cell>,
    /// The text.
    pub text: String,
    /// Page on which it begins, counted from 1; `None` where the source has no pages.
    pub page: Option<u32>,
    /// Page on which it ends.
    pub page_end: Option<u32>,
    /// The size of most of its letters in points; 0 where unknown.
    pub size: f32,
    /// Share of its letters that are bold, 0 to 1.
    pub bold: f32,
    /// Left edge of its first line in points; 0 where unknown.
    pub left: f32,
    /// Left edge of its second line, or `left` where there is only one line.
    pub hang: f32,
    /// Distance of its first line (its baseline) from the top of the page in points; 0 where
    /// unknown.
    pub top: f32,
    /// Footnote marks taken out of the text.
    pub notes: Vec<String>,
    /// Where its words are printed, line by line; empty where the source has no pages.
    pub printed: Vec<PrintedLine>,
}

/// What of a block is printed on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The label of a list item or note.
    Label,
    /// Words of its text.
    Text,
    /// A footnote mark, taken out of the text.
    Mark,
}

/// A line of print, or a part of one, with the places of its words. Distances are in tenths of a
/// point from the top left corner of the page as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedLine {
    /// What it holds. Together, the lines of a part hold the words of that part in their order.
    pub part: Part,
    /// The page, counted from 1.
    pub page: u32,
    /// Upper edge.
    pub top: i32,
    /// Lower edge.
    pub bottom: i32,
    /// Left and right edge of each word.
    pub words: Vec<[i32; 2]>,
    /// Whether its first word began on the line before.
    pub continues: bool,
}

impl Block {
    /// A block of which only role and text are known.
    #[must_use]
    pub fn plain(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            cell: None,
            text: text.into(),
            page: None,
            page_end: None,
            size: 0.0,
            bold: 0.0,
            left: 0.0,
            hang: 0.0,
            top: 0.0,
            notes: Vec::new(),
            printed: Vec::new(),
        }
    }
}

/// Text that was left out because it belongs to the page, not to the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Furniture {
    /// The text.
    pub text: String,
    /// The page on which it is printed, counted from 1.
    pub page: u32,
}

/// The words of a page as they are printed, a line of text for each line of the page; decided by
/// their places alone. Footnote marks are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedPage {
    /// Column by column.
    pub columns: String,
    /// Line by line over the whole width of the page, where that differs.
    pub across: Option<String>,
}

/// The text of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtractedText {
    /// The source's format.
    pub format: Format,
    /// Number of pages; `None` where the source has none.
    pub pages: Option<u32>,
    /// The blocks in reading order.
    pub blocks: Vec<Block>,
    /// Headers, footers and page numbers that were dropped.
    pub furniture: Vec<Furniture>,
    /// Faults that did not stop the reading, in words.
    pub warnings: Vec<String>,
    /// Whether a PDF was read by its tags rather than by the positions of its letters; `None` for
    /// other formats.
    pub tagged: Option<bool>,
    /// The pages of a PDF as they are printed, against which paragraphs are held; empty for other
    /// formats.
    pub printed: Vec<PrintedPage>,
    /// The date on which the document was made (ISO), if its metadata give one.
    pub created: Option<String>,
}

/// The limits at which the reading of a file is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Number of pages.
    pub pages: u32,
    /// Time for the reading in seconds.
    pub seconds: u32,
    /// Memory of the process that reads, in bytes. Readers cannot measure it themselves: the caller
    /// that starts the process enforces it.
    pub memory: u64,
    /// Nesting of the document's structure; anything deeper is left out with a warning.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, pages: 2_000, seconds: 20, memory: 1 << 30, depth: 64 }
    }
}

/// Reads the bytes of one file of a known format.
///
/// # Errors
/// The [`FileError`] states what the file is not, lacks or exceeds.
pub fn read(format: Format, bytes: &[u8], limits: &Limits) -> Result<ExtractedText, FileError> {
    let size = bytes.len() as u64;
    if size > limits.bytes {
        return Err(FileError::TooLarge { bytes: size, limit: limits.bytes });
    }
    if format == Format::Pdf {
        return pdf::read(bytes, limits);
    }
    let (source, faulty) = decode::decode(bytes);
    let mut text = match format {
        Format::Html => html::read(&source),
        Format::Markdown => markdown::read(&source),
        Format::Text | Format::Pdf => text::read(&source),
    };
    if text.blocks.is_empty() {
        return Err(FileError::NoText);
    }
    if faulty {
        text.warnings.push("some bytes are no character in the file's encoding".to_owned());
    }
    Ok(text)
}
