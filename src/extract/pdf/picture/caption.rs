//! Prints lines of text below a picture: composed as a page in memory and drawn like any other.

use super::super::device;
use super::super::fuse::Fuse;
use super::Undrawn;
use super::canvas::Canvas;
use crate::extract::Limits;
use crate::extract::pdf::device::Area;
use findings_index::language::words;
use findings_index::records::ledger::{Damage, FileError};
use hayro::RenderCache;
use hayro::hayro_syntax::Pdf;
use std::fmt::Write as _;

/// The height of the letters and of a line, and the space above and beside the text, in points.
const SIZE: f32 = 8.5;
const LINE: f32 = 11.5;
const ABOVE: f32 = 10.0;
const SPACE: f32 = 16.0;

/// The space between two texts, in points.
const BETWEEN: f32 = 3.0;

/// The narrowest picture with text, in points.
const NARROWEST: f32 = 260.0;

/// The most words of a text that are printed.
const WORDS: usize = 400;

/// Adds texts to a picture, each wrapped to its width.
pub(super) fn write(
    canvas: &mut Canvas,
    texts: &[String],
    limits: &Limits,
    fuse: &Fuse,
) -> Result<(), Undrawn> {
    let texts: Vec<Vec<Vec<u8>>> = texts.iter().map(|text| encoded(text)).collect();
    if texts.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let width = canvas.points().max(NARROWEST);
    let mut content = String::from("0.25 g\n");
    let mut from_top = ABOVE;
    for text in texts.iter().filter(|text| !text.is_empty()) {
        for line in wrapped(text, width - 2.0 * SPACE, fuse)? {
            // A page is measured from its bottom, which is known only at the end.
            let _ = writeln!(
                content,
                "BT /F {SIZE} Tf 1 0 0 1 {SPACE} {} Tm <{line}> Tj ET",
                -(from_top + SIZE)
            );
            from_top += LINE;
        }
        from_top += BETWEEN;
    }
    let height = from_top - BETWEEN + ABOVE - (LINE - SIZE);
    let content = format!("1 0 0 1 0 {height} cm\n{content}");
    let bytes = page(width, height, &content);
    let pdf = super::super::open(&bytes, limits)?;
    let cache = RenderCache::new();
    if let Some(page) = pdf.pages().first() {
        let area = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        canvas.render(page, &cache, area, area);
    }
    Ok(())
}

/// The words of a text, each in the font's encoding.
fn encoded(text: &str) -> Vec<Vec<u8>> {
    let words = text.split_whitespace().take(WORDS);
    words.map(|word| word.chars().flat_map(windows_1252).collect()).collect()
}

/// The bytes of a character: of one that the font does not have, those of its letters without
/// accents, or a question mark.
fn windows_1252(letter: char) -> Vec<u8> {
    let encode = |text: &str| {
        let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
        (!lost).then(|| bytes.into_owned())
    };
    let mut buffer = [0; 4];
    let letter: &str = letter.encode_utf8(&mut buffer);
    let printable = |bytes: &Vec<u8>| bytes.iter().all(|byte| *byte >= 0x20);
    encode(letter)
        .or_else(|| encode(&words::fold(letter)))
        .filter(printable)
        .unwrap_or_else(|| vec![b'?'])
}

/// Puts words on lines no wider than that, as hexadecimal digits. A longer word has its own line.
fn wrapped(words: &[Vec<u8>], width: f32, fuse: &Fuse) -> Result<Vec<String>, Undrawn> {
    let ends = ends(words, fuse)?;
    let mut lines: Vec<String> = Vec::new();
    let mut start = f32::NEG_INFINITY;
    for (word, (left, right)) in words.iter().zip(ends) {
        match lines.last_mut() {
            Some(line) if right - start <= width => line.push_str("20"),
            _ => {
                start = left;
                lines.push(String::new());
            }
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&hex::encode(word));
        }
    }
    Ok(lines)
}

/// Where each word begins and ends when all are printed on one line. The font says so best itself.
fn ends(words: &[Vec<u8>], fuse: &Fuse) -> Result<Vec<(f32, f32)>, Undrawn> {
    let line = words.join(&b' ');
    let content = format!("BT /F {SIZE} Tf 1 0 0 1 0 5 Tm <{}> Tj ET", hex::encode(line));
    let broken = FileError::Damaged { damage: Damage::NoPages };
    let pdf = Pdf::new(page(100_000.0, 20.0, &content)).map_err(|_| broken.clone())?;
    let page = pdf.pages().first().ok_or(broken)?;
    let mut letters = device::record_letters(&pdf, page, fuse).letters.into_iter();
    let ends = words.iter().map(|word| {
        // Every byte of the encoding is one letter.
        let own: Vec<Area> = letters.by_ref().take(word.len()).map(|letter| letter.area).collect();
        let area = own.into_iter().reduce(Area::with);
        area.map_or((0.0, 0.0), |area| (area.left, area.right))
    });
    Ok(ends.collect())
}

/// A PDF of one page with a font `F`.
fn page(width: f32, height: f32, content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[4 0 R]>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 5 0 R\
             /Resources<</Font<</F 3 0 R>>>>>>"
        ),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
    ];
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("0 6\n0000000000 65535 f \n");
    for (number, body) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{body}\nendobj\n");
    }
    let start = file.len();
    let _ =
        write!(file, "xref\n{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}
