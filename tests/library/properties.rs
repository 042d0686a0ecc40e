//! Tests properties of every input: nothing panics, and no word is lost or put out of order.

use findings::extract::{Block, Cell, ExtractedText, Format, Limits, Role, read};
use findings::knowledge::Knowledge;
use findings::understand::report::{Source, understand};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Words in lines of every length, with the punctuation of prose.
fn prose() -> impl Strategy<Value = String> {
    let line = vec("[a-z]{1,9}[,.;-]?", 1..20).prop_map(|words| words.join(" "));
    vec(line, 1..30).prop_map(|lines| lines.join("\n"))
}

fn block() -> impl Strategy<Value = Block> {
    let role = prop_oneof![
        Just(Role::Paragraph),
        (1u8..7).prop_map(Role::Heading),
        (1u8..4, prop::option::of("[0-9]{1,3}\\.|■|–|word"))
            .prop_map(|(depth, label)| { Role::ListItem { depth, label } }),
        Just(Role::Note),
        Just(Role::Contents),
    ];
    let text = prop_oneof![
        "[A-Za-z0-9 ,.:;'’-]{0,80}",
        Just(
            "The impact of leaders on social work practice with children and families: good".into()
        ),
        Just("Requires improvement to be good".into()),
        Just("Overall effectiveness".into()),
        Just("Inspection dates: 4 to 15 March 2019".into()),
        Just("What needs to improve?".into()),
        ".{0,40}",
    ];
    let cell = prop::option::of((0u32..3, 0u32..4, 0u32..3));
    (role, text, cell, 1u32..5, 0f32..30.0, 0f32..1.0, 0f32..300.0).prop_map(
        |(role, text, cell, page, size, bold, left)| Block {
            cell: cell.map(|(table, row, column)| Cell { table, row, column }),
            page: Some(page),
            page_end: Some(page),
            size,
            bold,
            left,
            hang: left,
            ..Block::plain(role, text)
        },
    )
}

fn extracted(blocks: Vec<Block>) -> ExtractedText {
    ExtractedText {
        format: Format::Pdf,
        pages: Some(5),
        tagged: Some(true),
        printed: Vec::new(),
        blocks,
        furniture: Vec::new(),
        warnings: Vec::new(),
        created: None,
    }
}

proptest! {
    #[test]
    fn words_survive_reflowing_in_their_order(text in prose()) {
        let blocks = read(Format::Text, text.as_bytes(), &Limits::default()).unwrap().blocks;
        let read: Vec<String> = blocks
            .iter()
            .flat_map(|block| match &block.role {
                Role::ListItem { label: Some(label), .. } => words(&format!("{label} {}", block.text)),
                _ => words(&block.text),
            })
            .collect();
        prop_assert_eq!(read, words(&text));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..400), text in ".{0,400}") {
        for format in [Format::Pdf, Format::Html, Format::Markdown, Format::Text] {
            let _ = read(format, &bytes, &Limits::default());
            let _ = read(format, text.as_bytes(), &Limits::default());
            let _ = read(format, format!("%PDF-1.7\n{text}").as_bytes(), &Limits::default());
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic_and_every_paragraph_has_an_id_of_its_own(
        blocks in vec(block(), 0..60),
    ) {
        let prose = "Inspectors found that children who go missing are offered an interview, and \
                     that what they say is used well by everyone who needs to know it.";
        let mut blocks = blocks;
        blocks.push(Block::plain(Role::Paragraph, prose));
        let source = Source { path: "a/report.pdf", sha256: &"0".repeat(64) };
        let report = understand(&extracted(blocks), &source, &KNOWLEDGE).unwrap();
        let ids: HashSet<&str> = report.paragraphs.iter().map(|p| p.id.as_str()).collect();
        prop_assert_eq!(ids.len(), report.paragraphs.len());
        prop_assert!(report.paragraphs.iter().any(|p| p.text.contains("children who go missing")));
    }
}
