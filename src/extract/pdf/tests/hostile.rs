//! Tests with files that are broken or made to break the reader.

use super::writer::{Written, element, line, marked};
use super::{only_block, text_of};
use crate::extract::Limits;
use crate::extract::pdf::read;
use findings_index::records::ledger::FileError;

fn refused(bytes: &[u8]) -> FileError {
    read(bytes, &Limits::default()).unwrap_err()
}

fn sample() -> Written {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(0, &line("F", 12.0, 72.0, 700.0, "Some words here.")));
    pdf.structure(&format!("[{}]", element("P", page, "0")));
    pdf
}

#[test]
fn other_formats_are_named() {
    for (bytes, name) in [
        (&b"<!DOCTYPE html><title>Report not found</title>"[..], "HTML"),
        (&b"PK\x03\x04 word/document.xml"[..], "a ZIP archive or an Office document"),
        (&b"Just a letter."[..], "plain text"),
        (&b""[..], "an empty file"),
    ] {
        let message = refused(bytes).to_string();
        assert!(message.contains(&format!("looks like {name})")), "{message}");
    }
}

#[test]
fn limits_are_named_with_what_was_met() {
    let bytes = sample().bytes();
    let small = Limits { bytes: 100, ..Limits::default() };
    let said = read(&bytes, &small).unwrap_err().to_string();
    assert!(said.ends_with(", more than the limit of 100 bytes"), "{said}");

    let mut pdf = Written::new();
    for _ in 0..1_001 {
        pdf.page("");
    }
    let short = Limits { pages: 1_000, ..Limits::default() };
    assert_eq!(
        read(&pdf.bytes(), &short).unwrap_err().to_string(),
        "has 1,001 pages, more than the limit of 1,000"
    );
}

#[test]
fn time_runs_out_as_an_error() {
    let none = Limits { seconds: 0, ..Limits::default() };
    assert_eq!(read(&sample().bytes(), &none).unwrap_err(), FileError::TimedOut { seconds: 0 });
}

#[test]
fn forms_that_repeat_each_other_burn_the_fuse() {
    let mut pdf = Written::new();
    let text = line("F", 12.0, 72.0, 700.0, "ha ha ha ha");
    let form = |resources: &str, content: &str| {
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<{resources}>>/Length {}>>\
         stream\n{content}\nendstream",
            content.len()
        )
    };
    let mut inner = pdf.object(&form("/Font<</F 3 0 R>>", &text));
    for _ in 0..9 {
        inner = pdf.object(&form(&format!("/XObject<</X {inner} 0 R>>"), &"/X Do ".repeat(10)));
    }
    let stream = pdf.object("<</Length 5>>stream\n/X Do\nendstream");
    let page = pdf.page("");
    assert_eq!(stream + 2, page);
    let bytes = String::from_utf8(pdf.bytes()).unwrap().replace(
        &format!("/Contents {} 0 R/Resources<</Font<</F 3 0 R/B 4 0 R>>>>", page - 1),
        &format!("/Contents {stream} 0 R/Resources<</XObject<</X {inner} 0 R>>>>"),
    );

    assert_eq!(refused(bytes.as_bytes()), FileError::TooComplex { pages: 1 });
}

#[test]
fn a_file_without_words_is_not_taken_for_an_empty_report() {
    let mut pdf = Written::new();
    pdf.page("0 0 100 100 re f");
    assert_eq!(refused(&pdf.bytes()), FileError::NoText);
}

#[test]
fn garbage_after_the_header_is_damage() {
    let bytes = [b"%PDF-1.7\n".as_slice(), &[0xa7; 5_000]].concat();
    assert!(matches!(refused(&bytes), FileError::Damaged { .. }));
}

#[test]
fn truncation_anywhere_gives_text_or_an_error() {
    let bytes = sample().bytes();
    for length in 0..bytes.len() {
        if let Ok(text) = read(&bytes[..length], &Limits::default()) {
            assert_eq!(only_block(&text).text, "Some words here.", "cut at {length}");
        }
    }
}

#[test]
fn a_truncated_file_that_gives_text_says_so() {
    let bytes = sample().bytes();
    let cut = bytes.windows(4).position(|window| window == b"xref").unwrap();
    let text = text_of(&bytes[..cut]);

    assert_eq!(only_block(&text).text, "Some words here.");
    assert!(text.warnings[0].contains("end is missing"), "{:?}", text.warnings);
}

#[test]
fn a_structure_that_contains_itself_is_walked_once() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(0, &line("F", 12.0, 72.0, 700.0, "Round and round.")));
    let next = page + 1;
    let own = pdf.object(&element("P", page, &format!("0 {next} 0 R {next} 0 R")));
    assert_eq!(own, next);
    pdf.structure(&format!("[{own} 0 R {own} 0 R]"));

    assert_eq!(only_block(&text_of(&pdf.bytes())).text, "Round and round.");
}

#[test]
fn roles_that_map_to_each_other_end() {
    let mut pdf = Written::new();
    let page = pdf.page(&marked(0, &line("F", 12.0, 72.0, 700.0, "A is B is A.")));
    pdf.structure(&format!("[{}]", element("A", page, "0")));

    assert_eq!(only_block(&text_of(&pdf.bytes())).text, "A is B is A.");
}

#[test]
fn a_structure_deeper_than_the_limit_loses_no_words() {
    let mut pdf = Written::new();
    let page = pdf.page(
        &[
            marked(0, &line("F", 12.0, 72.0, 700.0, "This is a long paragraph near the top.")),
            marked(1, &line("F", 12.0, 72.0, 600.0, "Deep down.")),
        ]
        .concat(),
    );
    let mut deepest = pdf.object(&element("P", page, "1"));
    for _ in 0..50_000 {
        deepest = pdf.object(&element("Div", page, &format!("{deepest} 0 R")));
    }
    pdf.structure(&format!("[{} {deepest} 0 R]", element("P", page, "0")));
    let text = text_of(&pdf.bytes());

    assert_eq!(text.blocks[1].text, "Deep down.");
    assert!(text.warnings[0].contains("too deep"), "{:?}", text.warnings);
}
