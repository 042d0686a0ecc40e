//! Reads the text of a PDF.
//!
//! The structure tree of a tagged file marks headings, list items, cells and page furniture;
//! without one, position and repetition decide. Only text is read, that in form fields as well:
//! figures, their descriptions, and comments that no page shows are left out. What the text means
//! is not decided here.

mod compose;
mod device;
mod forms;
mod fragments;
mod fuse;
mod geometry;
mod layout;
mod mend;
mod order;
mod parted;
#[cfg(feature = "as-printed")]
pub mod picture;
mod print;
mod structure;
mod tagged;
mod tidy;
mod untagged;
mod words;

use super::kind::by_magic_number;
use super::{ExtractedText, Format, Limits};
use device::Page;
use findings_index::records::ledger::{Damage, FileError, FileKind, FileType};
use fuse::{Blown, Fuse};
use hayro_interpret::hayro_syntax::object::DateTime;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// How many bytes into the file the header may begin.
const HEADER_WITHIN: usize = 1024;

/// Reads a PDF.
///
/// Small faults become warnings. Time and work are limited, except inside the decoding of a single
/// stream and the parsing of a hostile cross-reference table, so read untrusted files in a separate
/// process. A panic inside the interpreter is caught here and becomes [`FileError::Damaged`], but
/// the panic hook runs first: silence the hook around the call if its message should not appear.
///
/// # Errors
/// What the file is not, lacks or exceeds; see [`FileError`].
pub fn read(bytes: &[u8], limits: &Limits) -> Result<ExtractedText, FileError> {
    check(bytes, limits)?;
    // Nothing that the closure touches is used after it unwinds.
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, limits)))
        .unwrap_or(Err(FileError::Damaged { damage: Damage::ReaderFailed }))
}

/// Refuses what is too large or obviously not a PDF.
fn check(bytes: &[u8], limits: &Limits) -> Result<(), FileError> {
    let size = bytes.len() as u64;
    if size > limits.bytes {
        return Err(FileError::TooLarge { bytes: size, limit: limits.bytes });
    }
    let head = &bytes[..bytes.len().min(HEADER_WITHIN)];
    if !head.windows(5).any(|window| window == b"%PDF-") {
        return Err(FileError::NotAPdf { found: looks_like(head) });
    }
    Ok(())
}

/// Opens a PDF that is not protected and has neither no pages nor too many.
fn open(bytes: &[u8], limits: &Limits) -> Result<Pdf, FileError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => FileError::Encrypted,
        LoadPdfError::Invalid => FileError::Damaged { damage: Damage::NoPageList },
    })?;
    let page_count = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
    if page_count > limits.pages {
        return Err(FileError::TooManyPages { pages: page_count, limit: limits.pages });
    }
    if page_count == 0 {
        return Err(FileError::Damaged { damage: Damage::NoPages });
    }
    Ok(pdf)
}

/// Turns the unwinding of a blown fuse into its error; any other goes on.
fn fused<T>(
    limits: &Limits,
    pdf: &Pdf,
    work: impl FnOnce() -> Result<T, FileError>,
) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        match payload.downcast_ref::<Blown>() {
            Some(Blown::Time) => Err(FileError::TimedOut { seconds: limits.seconds }),
            Some(Blown::Work) => Err(FileError::TooComplex { pages: pdf.pages().len() as u32 }),
            None => resume_unwind(payload),
        }
    })
}

fn read_checked(bytes: &[u8], limits: &Limits) -> Result<ExtractedText, FileError> {
    let pdf = open(bytes, limits)?;
    let fuse = Fuse::new(limits.seconds, pdf.pages().len());
    let mut text = fused(limits, &pdf, || understand(&pdf, &fuse, limits))?;

    let head = &bytes[..bytes.len().min(HEADER_WITHIN)];
    let tail = &bytes[bytes.len().saturating_sub(2 * HEADER_WITHIN)..];
    if !head.starts_with(b"%PDF-") {
        text.warnings.push("other bytes come before the PDF's beginning".to_owned());
    }
    if !tail.windows(5).any(|window| window == b"%%EOF") {
        text.warnings.push("the PDF's end is missing: text may be missing too".to_owned());
    }
    text.created = pdf.metadata().creation_date.and_then(iso_date);
    Ok(text)
}

fn understand(pdf: &Pdf, fuse: &Fuse, limits: &Limits) -> Result<ExtractedText, FileError> {
    let mut pages = device::record(pdf, fuse);
    pages.iter_mut().for_each(tidy::tidy);
    let comments = forms::read(pdf, &mut pages, fuse);
    let letters = count(&pages, char::is_alphanumeric);
    let unknown = count(&pages, is_unknown);
    if letters == 0 {
        return Err(if unknown == 0 { FileError::NoText } else { FileError::UnknownLetters });
    }
    let mut text = ExtractedText {
        format: Format::Pdf,
        pages: Some(pages.len() as u32),
        blocks: Vec::new(),
        furniture: Vec::new(),
        warnings: Vec::new(),
        tagged: None,
        printed: Vec::new(),
        created: None,
    };
    let is_read_by_tags = structure::leaves(pdf, limits.depth)
        .is_some_and(|leaves| tagged::fill(&mut text, &pages, &leaves, fuse));
    text.tagged = Some(is_read_by_tags);
    if is_read_by_tags {
        parted::join(&mut text.blocks);
    } else {
        untagged::fill(&mut text, &pages, fuse);
    }
    if text.blocks.is_empty() {
        return Err(FileError::NoText);
    }
    mend::mend(&mut text);
    text.printed = layout::printed(&pages, fuse);

    let blank: Vec<String> = pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.runs.is_empty())
        .map(|(number, _)| (number + 1).to_string())
        .collect();
    if !blank.is_empty() && blank.len() * 10 > pages.len() {
        text.warnings.push(format!("no text on page {}: scanned or damaged", blank.join(", ")));
    }
    if unknown * 50 > letters {
        text.warnings.push(format!(
            "{unknown} of {} characters cannot be read: their fonts do not say what they are",
            letters + unknown
        ));
    }
    if comments > 0 {
        let comments = findings_index::records::numerals::count(comments as u64, "comment");
        text.warnings.push(format!("{comments} on the pages left out"));
    }
    Ok(text)
}

/// Whether a character stands for a letter that its font does not name.
fn is_unknown(letter: char) -> bool {
    letter == char::REPLACEMENT_CHARACTER
}

fn count(pages: &[Page], kind: impl Fn(char) -> bool) -> usize {
    let runs = pages.iter().flat_map(|page| page.runs.iter().map(|run| page.text(run)));
    runs.flat_map(str::chars).filter(|letter| kind(*letter)).count()
}

/// Recognises a file that is not a PDF.
fn looks_like(head: &[u8]) -> FileType {
    if let Some(known) = by_magic_number(head) {
        return known;
    }
    let text = String::from_utf8_lossy(head).trim_start().to_lowercase();
    FileType::of(match head {
        [] => FileKind::Empty,
        _ if text.starts_with("<!doctype html") || text.contains("<html") => FileKind::Html,
        _ if text.starts_with("<?xml") => FileKind::Xml,
        _ if std::str::from_utf8(head).is_ok_and(|text| !text.contains('\0')) => FileKind::Text,
        _ => FileKind::Unknown,
    })
}

/// Formats a date; `None` if the calendar has no such date.
fn iso_date(date: DateTime) -> Option<String> {
    let (year, month, day) = (
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    );
    Some(jiff::civil::Date::new(year, month, day).ok()?.to_string())
}

#[cfg(test)]
mod tests;
