//! `findings query`, `findings help query`: the page that explains how queries are written.

use super::{Context, Exit};
use crate::render::guide;

/// Explain how queries are written
#[derive(Debug, clap::Args)]
#[command(override_help = page())]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, context: &Context) -> anyhow::Result<Exit> {
    context.print(|out| writeln!(out, "{}", page().trim_end()))?;
    Ok(Exit::Found)
}

/// Lays out the page for a terminal: headings without their marks, examples indented.
fn page() -> String {
    let mut is_example = false;
    let lines = guide::TEXT.lines().filter_map(|line| {
        if line.starts_with("```") {
            is_example = !is_example;
            return None;
        }
        Some(match (is_example, line.split_once("# ")) {
            (true, _) => format!("  {line}\n"),
            (false, Some((marks, heading))) if marks.chars().all(|c| c == '#') => {
                format!("{}\n", heading.to_uppercase())
            }
            (false, _) => format!("{line}\n"),
        })
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::render::guide;
    use findings_index::language::query::parse;

    #[test]
    fn page_fits_a_terminal() {
        for line in page().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn every_example_is_understood_as_it_stands() {
        let mut examples = 0;
        for block in guide::TEXT.split("```query\n").skip(1) {
            let lines = block.split("```").next().unwrap().lines();
            // An indented line continues the explanation of the line above.
            for line in lines.filter(|line| !line.starts_with(' ')) {
                let (query, _) = line.split_once("  ").unwrap();
                let parsed = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
                assert!(parsed.repairs.is_empty(), "{query}: {:?}", parsed.repairs);
                examples += 1;
            }
        }
        assert!(examples > 50, "{examples} examples");
    }
}
