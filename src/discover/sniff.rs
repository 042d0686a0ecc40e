//! Recognises the format of a file by its first bytes.
//!
//! The name of the file is ignored, except that `.md` decides between Markdown and plain text where
//! the text itself leaves it open. This module does not judge the content: later stages decide
//! whether a text is a report.

use crate::extract::Format;
use crate::extract::kind::by_magic_number;
use findings_index::records::ledger::{FileKind, FileType, NotAReport};
use std::path::Path;

/// The number of bytes at the beginning of a file that are examined.
pub const HEAD: usize = 16 * 1024;

/// How many bytes into a file the PDF header may begin: readers allow for junk before it.
const PDF_WITHIN: usize = 1024;

/// The kind of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A format that can be read.
    Readable(Format),
    /// Something that can never be a report.
    Other(NotAReport),
}

/// Recognises a file by its first [`HEAD`] bytes. `whole` states that they are the whole file.
#[must_use]
pub fn sniff(head: &[u8], whole: bool, name: &Path) -> Content {
    if head.is_empty() {
        return Content::Other(NotAReport::Empty);
    }
    let text = decode(head, whole);
    let known = by_magic_number(head);
    if let Some(known) = &known
        && is_beyond_doubt(known.kind, text.is_some())
    {
        return Content::Other(NotAReport::OtherType(known.clone()));
    }
    if contains(&head[..head.len().min(PDF_WITHIN)], b"%PDF-") {
        return Content::Readable(Format::Pdf);
    }
    let Some(text) = text else {
        let known = known.unwrap_or_else(|| FileType::of(FileKind::Unknown));
        return Content::Other(NotAReport::OtherType(known));
    };
    if text.trim().is_empty() {
        return match whole {
            true => Content::Other(NotAReport::Blank),
            false => Content::Readable(Format::Text),
        };
    }
    if is_html(&text) {
        Content::Readable(Format::Html)
    } else if text.trim_start().starts_with("<?xml") || text.trim_start().starts_with("<svg") {
        Content::Other(NotAReport::OtherType(FileType::of(FileKind::Xml)))
    } else if is_markdown(&text, name) {
        Content::Readable(Format::Markdown)
    } else {
        Content::Readable(Format::Text)
    }
}

/// Whether a magic number overrides the PDF header. An archive that stores a PDF has that header
/// near its start as well. Most other magic numbers are so short that a text, or the junk before a
/// PDF, may begin with them by chance.
fn is_beyond_doubt(kind: FileKind, is_text: bool) -> bool {
    match kind {
        FileKind::RichText | FileKind::PostScript => true,
        FileKind::Archive | FileKind::Office | FileKind::Book => !is_text,
        _ => false,
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Decodes the bytes if they are text: in UTF-8, in UTF-16 with a byte order mark, or in an 8-bit
/// encoding of a language written in Latin letters.
fn decode(head: &[u8], whole: bool) -> Option<String> {
    let text = if let Some(rest) = head.strip_prefix(b"\xff\xfe") {
        encoding_rs::UTF_16LE.decode_without_bom_handling(even(rest)).0.into_owned()
    } else if let Some(rest) = head.strip_prefix(b"\xfe\xff") {
        encoding_rs::UTF_16BE.decode_without_bom_handling(even(rest)).0.into_owned()
    } else {
        match std::str::from_utf8(head) {
            Ok(text) => text.to_owned(),
            // A character cut in two by the end of the head is not a fault.
            Err(cut) if !whole && cut.error_len().is_none() => {
                String::from_utf8_lossy(&head[..cut.valid_up_to()]).into_owned()
            }
            Err(_) => {
                // Text has few quotation marks, pound signs and accents; compressed data has many
                // high bytes.
                let high = head.iter().filter(|byte| **byte >= 0x80).count();
                if high * 5 > head.len() {
                    return None;
                }
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(head).0.into_owned()
            }
        }
    };
    let (mut controls, mut replaced, mut all) = (0_usize, 0_usize, 0_usize);
    for character in text.chars() {
        all += 1;
        match character {
            '\0' => return None,
            '\t' | '\n' | '\r' | '\u{c}' => {}
            '\u{fffd}' => replaced += 1,
            _ if character.is_control() => controls += 1,
            _ => {}
        }
    }
    // Stray control characters occur in text copied from other programs: one in 200 is accepted.
    (controls * 200 <= all && replaced * 20 <= all)
        .then(|| text.trim_start_matches('\u{feff}').to_owned())
}

fn even(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len() & !1]
}

fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(4096).collect::<String>().to_lowercase();
    let opens = |tags: &[&str]| tags.iter().any(|tag| start.contains(tag));
    if start.starts_with('<') {
        opens(&[
            "<!doctype html",
            "<html",
            "<head>",
            "<body",
            "<title>",
            "<meta ",
            "<div",
            "<p>",
            "<p ",
            "<table",
            "<h1",
            "<h2",
            "<ul",
            "<ol",
            "<span",
            "<section",
            "<article",
            "<main",
        ])
    } else {
        let first: String = start.chars().take(1024).collect();
        first.contains("<!doctype html") || first.contains("<html")
    }
}

/// Recognises Markdown by headings with `#`, emphasis, links and fences. Lists alone are not
/// enough: plain text has them in the same form.
fn is_markdown(text: &str, name: &Path) -> bool {
    let named = name
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("md") || end.eq_ignore_ascii_case("markdown"));
    let (mut headings, mut marks, mut lists, mut lines) = (0_usize, 0_usize, 0_usize, 0_usize);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        lines += 1;
        let line = line.trim_start();
        let hashes = line.len() - line.trim_start_matches('#').len();
        if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
            headings += 1;
        } else if line.starts_with("```") || line.starts_with("> ") || line.starts_with("| ") {
            marks += 1;
        } else if line.starts_with("- ") || line.starts_with("* ") {
            lists += 1;
        }
        if line.matches("**").count() >= 2 || line.contains("](") {
            marks += 1;
        }
    }
    if named {
        return headings + marks + lists > 0;
    }
    // A shell script or a table of numbers has many lines that begin with `#` and few others.
    headings >= 1 && headings * 2 < lines && (headings >= 2 || marks >= 1) || marks * 10 > lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use Content::{Other, Readable};

    fn kind(bytes: &[u8]) -> Content {
        sniff(bytes, true, Path::new("report.pdf"))
    }

    #[test]
    fn a_pdf_is_told_by_its_mark_within_the_first_kilobyte() {
        assert_eq!(kind(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), Readable(Format::Pdf));
        let mut late = vec![b' '; 1000];
        late.extend_from_slice(b"%PDF-1.4");
        assert_eq!(kind(&late), Readable(Format::Pdf));
        let mut later = vec![b'x'; 1020];
        later.extend_from_slice(b"%PDF-1.4");
        assert_eq!(kind(&later), Readable(Format::Text));
    }

    #[test]
    fn html_is_told_by_its_tags_whatever_its_name() {
        assert_eq!(kind(b"<!DOCTYPE html>\n<html><p>x"), Readable(Format::Html));
        assert_eq!(kind(b"\xef\xbb\xbf  <HTML lang='en'>"), Readable(Format::Html));
        assert_eq!(kind(b"<?xml version='1.0'?>\n<html xmlns='x'>"), Readable(Format::Html));
        assert_eq!(kind(b"<!-- saved -->\n<html>"), Readable(Format::Html));
        assert_eq!(kind(b"<p>An inspection</p>"), Readable(Format::Html));
        let mut utf16 = b"\xff\xfe".to_vec();
        utf16.extend("<html><p>x".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(kind(&utf16), Readable(Format::Html));
    }

    #[test]
    fn text_is_told_in_any_of_its_encodings() {
        assert_eq!(kind(b"Inspection of services"), Readable(Format::Text));
        assert_eq!(kind("The council\u{2019}s caf\u{e9}".as_bytes()), Readable(Format::Text));
        assert_eq!(kind(b"The council\x92s budget is \xa3200"), Readable(Format::Text));
        for (mark, little) in [(b"\xff\xfe", true), (b"\xfe\xff", false)] {
            let mut utf16 = mark.to_vec();
            utf16.extend("Inspection dates".encode_utf16().flat_map(|unit| match little {
                true => unit.to_le_bytes(),
                false => unit.to_be_bytes(),
            }));
            assert_eq!(kind(&utf16), Readable(Format::Text));
        }
        assert_eq!(kind(b"page one\x0cpage two"), Readable(Format::Text));
        assert_eq!(kind(b"MZungu is a word that begins like a program"), Readable(Format::Text));
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_head_is_no_fault() {
        let text = "\u{2013}".repeat(30);
        assert_eq!(
            sniff(&text.as_bytes()[..70], false, Path::new("x")),
            Readable(Format::Text),
            "cut within the last dash"
        );
    }

    #[test]
    fn markdown_is_told_by_its_marks_and_the_name_only_breaks_the_tie() {
        let marked = b"# Inspection\n\nSome text.\n\n## Findings\n\nMore text.\n\nAnd more.";
        assert_eq!(kind(marked), Readable(Format::Markdown));
        assert_eq!(kind(b"Title\n\nThe judgement is **good** here."), Readable(Format::Markdown));
        let open = b"Recommendations\n\n- do this\n- do that\n";
        assert_eq!(sniff(open, true, Path::new("a.txt")), Readable(Format::Text));
        assert_eq!(sniff(open, true, Path::new("a.md")), Readable(Format::Markdown));
        assert_eq!(sniff(b"No marks at all.", true, Path::new("a.md")), Readable(Format::Text));
        assert_eq!(kind(b"#!/bin/sh\n# one\n# two\necho\n"), Readable(Format::Text));
    }

    fn named(bytes: &[u8]) -> String {
        match kind(bytes) {
            Other(what) => what.to_string(),
            Readable(format) => format!("{format:?}"),
        }
    }

    #[test]
    fn what_can_never_be_a_report_is_named() {
        // Longer than the shortest file of the kind, as real ones are.
        let begun = |mark: &[u8]| [mark, &[0; 300]].concat();
        let tar = [b"report.txt".as_slice(), &[0; 247], b"ustar\0", &[0; 300]].concat();
        for (bytes, what) in [
            (b"".to_vec(), "is empty"),
            (b" \r\n\t ".to_vec(), "contains only white space"),
            (begun(b"\x89PNG\r\n\x1a\n"), "is a PNG image"),
            (begun(b"\xff\xd8\xff\xe0"), "is a JPEG image"),
            (begun(b"GIF89a"), "is a GIF image"),
            (begun(b"II*\0"), "is a TIFF image"),
            (begun(b"MM\0*"), "is a TIFF image"),
            (begun(b"BM"), "is a BMP image"),
            (begun(b"RIFF\x24\0\0\0WEBP"), "is a WebP image"),
            (begun(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "is an image (image/heif)"),
            (
                begun(b"PK\x03\x04\x14\0\0\0stored.pdf%PDF-1.4"),
                "is a ZIP archive or an Office document",
            ),
            (begun(b"PK\x05\x06"), "is a ZIP archive or an Office document"),
            (
                [b"PK\x03\x04".as_slice(), &[0; 26], b"word/document.xml", &[0; 300]].concat(),
                "is a Word document",
            ),
            (
                begun(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
                "is an old Office document or an Outlook message",
            ),
            (b"{\\rtf1\\ansi Report}".to_vec(), "is a rich text document (RTF)"),
            (b"%!PS-Adobe-3.0\n".to_vec(), "is a PostScript file"),
            (begun(b"\x1f\x8b\x08"), "is a gzip archive"),
            (begun(b"BZh91AY"), "is a bzip2 archive"),
            (begun(b"\xfd7zXZ\0"), "is an xz archive"),
            (begun(b"\x28\xb5\x2f\xfd"), "is a Zstandard archive"),
            (begun(b"7z\xbc\xaf\x27\x1c"), "is a 7-Zip archive"),
            (begun(b"Rar!\x1a\x07\0"), "is a RAR archive"),
            (tar, "is a tar archive"),
            (begun(b"\x7fELF\x02\x01"), "is a program"),
            (begun(b"MZ\x90\0\x03\0"), "is a program"),
            (begun(b"\xcf\xfa\xed\xfe"), "is a program"),
            (begun(b"\xca\xfe\xba\xbe\0\0\0\x34"), "is a program"),
            (begun(b"\0asm\x01\0\0\0"), "is a program"),
            (begun(b"SQLite format 3\0"), "is a SQLite database"),
            (begun(b"ID3\x04\0"), "is a sound recording"),
            (begun(b"OggS\0"), "is a sound recording"),
            (begun(b"\0\0\0\x20ftypisom\0\0"), "is a video"),
            (begun(b"\x1aE\xdf\xa3\x9fB\x82\x88matroska"), "is a video"),
            (b"<?xml version='1.0'?><feed/>".to_vec(), "is an XML file"),
            ([0; 64].to_vec(), "is binary data of an unknown kind"),
            (b"\x01\x02\x03\x04\x05\x06text".to_vec(), "is binary data of an unknown kind"),
        ] {
            assert_eq!(
                named(&bytes),
                what,
                "{:?}",
                String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
            );
        }
    }

    #[test]
    fn a_text_may_begin_like_a_file_of_another_kind() {
        for begin in ["MZ", "BM", "BC", "ID3", "BZh", "070707", "OggS", "ustar", "GIF89a", "fLaC"] {
            let text = format!("{begin} are letters with which an inspection report may begin.");
            assert_eq!(kind(text.as_bytes()), Readable(Format::Text), "{begin}");
        }
    }

    #[test]
    fn what_stands_before_a_pdf_does_not_make_it_another_kind() {
        for begin in [&b"MZ"[..], b"BM", b"\x30\x82\x01\x0a", b"\xff\xfb\x90\0"] {
            let bytes = [begin, &[0; 20], b"%PDF-1.4\n\xe2\xe3\xcf\xd3"].concat();
            assert_eq!(kind(&bytes), Readable(Format::Pdf), "{begin:?}");
        }
    }

    #[test]
    fn compressed_bytes_are_no_text() {
        // A linear congruence gives bytes of every value equally often, as in a compressed stream.
        let mut state = 7_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .filter(|byte| *byte != 0)
        .take(4000)
        .collect();
        assert_eq!(named(&noise), "is binary data of an unknown kind");
    }
}
