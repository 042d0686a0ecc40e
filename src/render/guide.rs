//! The page that explains how queries are written, as a door can lay it out.
//!
//! There is one text, `docs/query.md`. The terminal shows it as it stands; a page shows the same
//! without what is about command lines, and can make a link of every example.

use std::sync::LazyLock;

/// The text, as it is in the documentation.
pub const TEXT: &str = include_str!("../../docs/query.md");

/// What the text says of command lines, and what a page says instead.
const ON_A_PAGE: [(&str, &str); 5] = [
    (
        "`--exact` finds words exactly as written, `--any` finds any of them, and `--explain` \
         shows how the query was read.",
        "Words in quotation marks are found exactly as written; `OR` between them finds any of \
         them.",
    ),
    (", or with `--any`, they may be apart.", " they may be apart."),
    ("topic of the paragraph (findings topics)", "topic of the paragraph (see Topics)"),
    (
        "A value means the same as in the option of that name.",
        "A value means the same as the filter of that name.",
    ),
    ("is given up as a whole; `--time-limit` changes that.", "is given up as a whole."),
];

/// A part of the page under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// A name for it in addresses.
    pub anchor: String,
    /// What is below the heading.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, in which what is typed stands apart.
    Prose(Vec<Run>),
    /// Queries, each with what it finds.
    Examples(Vec<Example>),
}

/// A run of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Words of ours.
    Said(String),
    /// What is typed.
    Typed(String),
}

/// A query, and what it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The query.
    pub query: String,
    /// What it finds.
    pub said: String,
}

/// The page: what stands before its first heading has its title as heading.
pub static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| read(TEXT));

/// All examples, in the order of the page.
pub fn examples() -> impl Iterator<Item = &'static Example> {
    SECTIONS.iter().flat_map(|section| &section.blocks).flat_map(|block| match block {
        Block::Examples(examples) => examples.as_slice(),
        Block::Prose(_) => &[],
    })
}

fn read(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        if let Some(heading) = line.strip_prefix("# ").or_else(|| line.strip_prefix("## ")) {
            let (heading, anchor) = (heading.to_owned(), anchor(heading));
            sections.push(Section { heading, anchor, blocks: Vec::new() });
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        if let Some(kind) = line.strip_prefix("```") {
            let within: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match kind {
                "query" => section.blocks.push(Block::Examples(read_examples(&within))),
                // How a shell takes quotation marks; the paragraph before it is about that alone.
                _ => drop(section.blocks.pop()),
            }
            continue;
        }
        let mut said = line.to_owned();
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            said.push(' ');
            said.push_str(line);
        }
        section.blocks.push(Block::Prose(runs(&on_a_page(said))));
    }
    sections
}

fn on_a_page(mut said: String) -> String {
    for (typed, instead) in ON_A_PAGE {
        said = said.replace(typed, instead);
    }
    said
}

/// Reads lines of a query, two spaces or more, and what it finds; an indented line goes on.
fn read_examples(lines: &[&str]) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in lines {
        match (line.split_once("  "), examples.last_mut()) {
            (Some((query, said)), _) if !query.is_empty() => {
                let said = on_a_page(said.trim().to_owned());
                examples.push(Example { query: query.to_owned(), said });
            }
            (_, Some(example)) => {
                example.said.push(' ');
                example.said.push_str(line.trim());
            }
            (_, None) => {}
        }
    }
    examples
}

fn runs(said: &str) -> Vec<Run> {
    let pieces = said.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
    let run = |(place, piece): (usize, &str)| match place % 2 {
        0 => Run::Said(piece.to_owned()),
        _ => Run::Typed(piece.to_owned()),
    };
    pieces.map(run).collect()
}

fn anchor(heading: &str) -> String {
    let words = heading.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::{Block, ON_A_PAGE, Run, SECTIONS, TEXT, examples};

    #[test]
    fn every_example_of_the_text_is_on_the_page() {
        let blocks = TEXT.split("```query\n").skip(1).map(|block| block.split("```").next());
        let lines = blocks.flatten().flat_map(str::lines).filter(|line| !line.starts_with(' '));
        assert_eq!(examples().count(), lines.count());
        let phrase = examples().find(|example| example.query == "\"return interview\"~2").unwrap();
        assert_eq!(
            phrase.said,
            "both as written, in any order, with at most two other words among them"
        );
    }

    #[test]
    fn a_page_says_nothing_of_command_lines() {
        let flat = TEXT.split_whitespace().collect::<Vec<_>>().join(" ");
        for (typed, _) in ON_A_PAGE {
            assert!(flat.contains(typed), "the text does not say: {typed}");
        }
        for section in SECTIONS.iter() {
            assert!(!section.blocks.is_empty(), "{}", section.heading);
            for block in &section.blocks {
                let Block::Prose(runs) = block else { continue };
                for run in runs {
                    let (Run::Said(text) | Run::Typed(text)) = run;
                    assert!(!text.contains("--") && !text.contains("findings "), "{text}");
                    assert!(!text.contains("command line"), "{text}");
                }
            }
        }
        assert!(examples().all(|example| !example.said.contains("findings ")));
    }
}
