//! The page that explains how queries are written, as a door can lay it out.
//!
//! There is one text, `docs/query.md`. The terminal shows it as it stands; a page shows the same
//! without what is about command lines, and can make a link of every example.

/// The text, as it is in the documentation.
pub const TEXT: &str = include_str!("../../docs/query.md");

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

/// Reads the sections of the page; what stands before the first heading has its title as heading.
#[must_use]
pub fn sections() -> Vec<Section> {
    read(TEXT)
}

/// All examples, in the order of the page.
pub fn examples(sections: &[Section]) -> impl Iterator<Item = &Example> {
    sections.iter().flat_map(|section| &section.blocks).flat_map(|block| match block {
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
        section.blocks.push(Block::Prose(runs(&on_a_page(&said))));
    }
    sections
}

/// Leaves out the sentences that are about options.
fn on_a_page(said: &str) -> String {
    let is_of_options = |sentence: &&str| sentence.contains("`--") || sentence.contains("option");
    let kept: Vec<&str> = said.split_inclusive(". ").filter(|said| !is_of_options(said)).collect();
    kept.concat().trim_end().to_owned()
}

/// Reads lines of a query, two spaces or more, and what it finds; an indented line goes on.
fn read_examples(lines: &[&str]) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in lines {
        match (line.split_once("  "), examples.last_mut()) {
            (Some((query, said)), _) if !query.is_empty() => {
                // The command that lists values is no place for readers of a page.
                let said = said.split(" (findings").next().unwrap_or_default().trim().to_owned();
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
    use super::{Block, Run, TEXT, examples, sections};

    #[test]
    fn every_example_of_the_text_is_on_the_page() {
        let blocks = TEXT.split("```query\n").skip(1).map(|block| block.split("```").next());
        let lines = blocks.flatten().flat_map(str::lines).filter(|line| !line.starts_with(' '));
        let sections = sections();
        assert_eq!(examples(&sections).count(), lines.count());
        let mut examples = examples(&sections);
        let within = examples.find(|example| example.query == "\"return interview\"~2").unwrap();
        assert_eq!(
            within.said,
            "both as written, in any order, with at most two other words among them"
        );
        let topic = examples.find(|example| example.query == "topic:missing_rhi").unwrap();
        assert_eq!(topic.said, "topic of the paragraph");
    }

    #[test]
    fn a_page_says_nothing_of_command_lines_and_all_the_rest() {
        let mut said = String::new();
        for section in sections() {
            assert!(!section.blocks.is_empty(), "{}", section.heading);
            for block in &section.blocks {
                let Block::Prose(runs) = block else { continue };
                for run in runs {
                    let (Run::Said(text) | Run::Typed(text)) = run;
                    said.push_str(text);
                }
                said.push('\n');
            }
        }
        for word in ["--", "findings ", "command line", "option", "shell"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
        let prose = TEXT.split("```").step_by(2).flat_map(|piece| piece.split("\n\n"));
        let paragraphs = prose.filter(|paragraph| !paragraph.trim().starts_with('#'));
        let flat = paragraphs.map(|lines| lines.trim().replace('\n', " ").replace('`', ""));
        let left_out: Vec<String> = flat
            .flat_map(|text| text.split_inclusive(". ").map(str::to_owned).collect::<Vec<_>>())
            .filter(|sentence| !said.contains(sentence.trim_end()))
            .collect();
        insta::assert_snapshot!(left_out.iter().map(|said| said.trim()).collect::<Vec<_>>().join("\n"), @r#"
        On a command line, put a query that is more than words between double quotation marks: findings search "care* NOT adoption".
        A query that begins with a minus follows --: findings search -- -adoption.
        For words side by side, write a hyphen (drift-and-delay); with --exact, that is an exact phrase.
        The quotation marks of a phrase have to reach the program, and shells differ:
        --exact finds words exactly as written, --any finds any of them, and --explain shows how the query was read.
        --explain names the word of which a paragraph says the opposite.
        findings index --learn learns others from your own reports, which then count instead; --explain says which.
        --explain names the nearest words of a paragraph and what they add to its score.
        --words-only ranks by words alone, and so does --exact.
        They are --sort date, --sort authority and --sort changed.
        With AND between the words, or with --any, they may be apart.
        A value means the same as in the option of that name.
        The option --not region:London means the same.
        A search that takes longer than ten seconds is given up as a whole; --time-limit changes that.
        "#);
    }
}
