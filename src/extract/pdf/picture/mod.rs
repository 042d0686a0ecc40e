//! Draws the piece of a PDF's page that holds a paragraph, with the paragraph and words of it marked.
//!
//! Knows no report: whoever asks says where the paragraph is and what it says. A word is marked only
//! where the letters of the page are found to be its own; a word that is not found is counted. Work
//! is limited while the letters are read, and the size of the picture is; what rasterising may cost a
//! hostile file is not, so draw untrusted files in a separate process (`worker`).

mod align;
mod canvas;
mod caption;
mod frame;

use super::device::{self, Area, Letter};
use super::fuse::Fuse;
use crate::extract::Limits;
use align::Marks;
use canvas::Canvas;
use findings_index::records::ledger::{Damage, FileError};
use findings_index::records::{Boxes, PageBox};
use hayro::RenderCache;
use hayro::hayro_syntax::page::Page as PdfPage;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// The scales that are drawn, in pixels per point; another is taken for the nearest of these.
pub const SCALES: std::ops::RangeInclusive<f32> = 0.5..=4.0;

/// What to draw of which file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawRequest {
    /// The PDF.
    #[serde(skip)]
    pub path: PathBuf,
    /// SHA-256 of the file when its paragraphs were read, 64 hexadecimal digits.
    pub sha256: String,
    /// How much of it to draw.
    pub view: View,
    /// Where the paragraph is printed.
    pub boxes: Boxes,
    /// The text of the paragraph.
    pub text: String,
    /// The words to mark: characters of the text, each from the first to one past the last.
    pub spans: Vec<[usize; 2]>,
    /// Pixels per point, of which an A4 page is 595 wide; see [`SCALES`].
    pub scale: f32,
    /// Texts to print below the piece, such as where it is from.
    pub below: Vec<String>,
}

/// How much to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// What holds the paragraph, from margin to margin.
    Piece,
    /// A whole page, counted from 1, whether or not the paragraph is on it.
    Page(u32),
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The picture as a PNG.
    pub png: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Pixels per point: less than what was asked for where the picture would be too large.
    pub scale: f32,
    /// The parts of pages that it shows, from top to bottom.
    pub pieces: Vec<Shown>,
    /// Where the spans are on the pages shown; several rectangles for one over several lines.
    pub marks: Vec<Marked>,
    /// How many spans could not be found on the pages.
    pub unmarked: usize,
}

/// A part of a page in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The page, counted from 1.
    pub page: u32,
    /// Left, upper, right and lower edge in points from the top left corner of the page.
    pub area: [f32; 4],
    /// Its upper edge in the picture, in pixels.
    pub top: u32,
}

/// A marked span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// The span's place among those asked for.
    pub span: usize,
    /// Its rectangles.
    pub boxes: Boxes,
}

/// The reason why there is no picture. The messages have the file as their subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum Undrawn {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no file at its place.
    #[error("is no longer where it was when it was indexed")]
    Moved,
    /// The file is not the one whose paragraphs were read.
    #[error("has changed since it was indexed")]
    Changed,
    /// The file has no such page.
    #[error("has no page {page}: it has {pages}")]
    NoSuchPage {
        /// The page asked for.
        page: u32,
        /// How many there are.
        pages: u32,
    },
    /// The page is larger than any paper.
    #[error("has a page that is too large to be drawn: {width} by {height} points")]
    PageTooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// It is not known where the paragraph is.
    #[error("is not known to print the paragraph anywhere")]
    Nowhere,
}

impl Undrawn {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::NoSuchPage { .. } => "no_such_page",
            Self::PageTooLarge { .. } => "page_too_large",
            Self::Nowhere => "not_on_a_page",
        }
    }
}

/// A page with what is printed on it.
struct Sheet {
    /// Counted from 1.
    number: u32,
    width: f32,
    height: f32,
    letters: Vec<Letter>,
}

/// Draws what a request asks for, from the bytes of its file.
///
/// # Errors
/// What the file is not, lacks or exceeds; see [`Undrawn`].
pub fn draw(bytes: &[u8], request: &DrawRequest, limits: &Limits) -> Result<Drawn, Undrawn> {
    if hex::encode(Sha256::digest(bytes)) != request.sha256 {
        return Err(Undrawn::Changed);
    }
    super::check(bytes, limits)?;
    // Nothing that the closure touches is used after it unwinds.
    catch_unwind(AssertUnwindSafe(|| draw_checked(bytes, request, limits)))
        .unwrap_or(Err(FileError::Damaged { damage: Damage::ReaderFailed }.into()))
}

fn draw_checked(bytes: &[u8], request: &DrawRequest, limits: &Limits) -> Result<Drawn, Undrawn> {
    let pdf = super::open(bytes, limits)?;
    let count = pdf.pages().len() as u32;
    let mut pages: BTreeMap<u32, &PdfPage<'_>> = BTreeMap::new();
    let wanted = match request.view {
        View::Piece => None,
        View::Page(page) => Some(page),
    };
    for page in request.boxes.0.iter().map(|area| area.page).chain(wanted) {
        let held = (page as usize).checked_sub(1).and_then(|place| pdf.pages().get(place));
        pages.insert(page, held.ok_or(Undrawn::NoSuchPage { page, pages: count })?);
    }
    if pages.is_empty() {
        return Err(Undrawn::Nowhere);
    }
    let fuse = Fuse::new(limits.seconds, pages.len());
    let sheets = super::fused(limits, &pdf, || {
        let sheets = pages.iter().map(|(&number, page)| {
            let (width, height) = page.render_dimensions();
            let letters = device::record_letters(&pdf, page, &fuse).letters;
            Sheet { number, width, height, letters }
        });
        Ok(sheets.collect::<Vec<_>>())
    })?;

    let Marks { own, found } = align::marks(&sheets, request);
    let regions = frame::regions(&sheets, &request.boxes, &own);
    let pieces = match wanted {
        None => frame::strips(&sheets, &regions),
        Some(page) => frame::whole(&sheets, page, &regions),
    };
    let scale = frame::fitting(request.scale.clamp(*SCALES.start(), *SCALES.end()), &pieces)
        .ok_or_else(|| too_large(&sheets))?;

    let cache = RenderCache::new();
    let mut canvas = Canvas::new(scale);
    let mut shown = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let sheet = &sheets[piece.sheet];
        let Some(page) = pages.get(&sheet.number) else { continue };
        let top = canvas.next_top();
        let area = canvas.render(page, &cache, piece.area, piece.whole);
        for places in &piece.bars {
            canvas.bar(places, area, top);
        }
        let marks = found.iter().flatten().flatten().filter(|mark| mark.page == sheet.number);
        for mark in marks {
            canvas.mark(points(mark), area, top);
        }
        let area = [area.left, area.top, area.right, area.bottom];
        shown.push(Shown { page: sheet.number, area, top });
    }
    caption::write(&mut canvas, &request.below, limits, &fuse)?;
    let is_shown = |page: u32| shown.iter().any(|piece| piece.page == page);
    let unmarked = found.iter().filter(|boxes| boxes.is_none()).count();
    let marks = found.into_iter().enumerate().filter_map(|(span, boxes)| {
        let boxes: Vec<_> = boxes?.into_iter().filter(|mark| is_shown(mark.page)).collect();
        (!boxes.is_empty()).then_some(Marked { span, boxes: Boxes(boxes) })
    });
    let marks = marks.collect();
    let (width, height) = (canvas.width(), canvas.height());
    let png = canvas.png().map_err(|error| {
        // Memory is all that writing to memory needs.
        FileError::ReaderFailed { message: error.to_string() }
    })?;
    Ok(Drawn { png, width, height, scale, pieces: shown, marks, unmarked })
}

/// The rectangle in points.
fn points(area: &PageBox) -> Area {
    let points = |tenths: i32| tenths as f32 / 10.0;
    Area {
        left: points(area.left),
        top: points(area.top),
        right: points(area.right),
        bottom: points(area.bottom),
    }
}

fn too_large(sheets: &[Sheet]) -> Undrawn {
    let largest = |side: fn(&Sheet) -> f32| sheets.iter().map(side).fold(0.0, f32::max) as u32;
    Undrawn::PageTooLarge {
        width: largest(|sheet| sheet.width),
        height: largest(|sheet| sheet.height),
    }
}
