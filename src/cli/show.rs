//! `findings show`: a paragraph among its neighbours, the outline of a report, or a basket.

use super::output::{Formats, Output};
use super::{Context, Exit, Refusal, keep};
use crate::ask::basket::{FILE, Filled};
use crate::ask::ids::Held;
use crate::render::json::{self, Layout};
use crate::render::{Passage, csv, markdown, terminal};
use clap::ValueEnum;
use std::path::PathBuf;

/// Show a paragraph, or the outline of a report
///
/// Shows a paragraph with its bullets and, if it is a bullet itself, with the paragraph it belongs
/// to. Shows a report as its judgements and sections.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings show norfolk-slac-2012-06-11/34 --context 2
  findings show norfolk-slac-2012-06-11
  findings show --basket --format markdown > quotations.md

Ids are printed below every paragraph that `findings search` finds, and by `findings reports`.

Ends with 0 if it is held, 2 if not or after an error.")]
pub(crate) struct Args {
    /// Id of a paragraph or of a report
    #[arg(required_unless_present = "basket", conflicts_with = "basket")]
    id: Option<String>,

    /// Show what `findings keep` has collected, with the notes
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = FILE,
        conflicts_with = "context")]
    basket: Option<PathBuf>,

    /// How many paragraphs to show before and after
    #[arg(long, short = 'C', value_name = "N", help_heading = "Answer")]
    context: Option<usize>,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One record a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// A quotation with its citation, or an outline
    Markdown,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    let engine = context.open()?;
    let session = context.endless_session(engine.as_ref());
    if let Some(basket) = &args.basket {
        return collected(&keep::fill(basket, &session)?, args.output, context);
    }
    let look = context.look();
    let Output { format, bom } = args.output;
    match session.by_id(args.id.as_deref().unwrap_or_default())? {
        Held::Report(report) => {
            if args.context.is_some() {
                return Err(Refusal::new(format!("--context: `{}` is a report", report.id))
                    .hint("--context goes with the id of a paragraph")
                    .into());
            }
            context.print(|out| match format {
                Format::Text => terminal::outline(&report, &look, out),
                Format::Json => json::value(&*report, context.layout(), out),
                Format::Jsonl => json::value(&*report, Layout::Compact, out),
                Format::Csv => csv::reports(std::slice::from_ref(&*report), bom, out),
                Format::Markdown => markdown::outline(&report, context.reference.names(), out),
            })?;
        }
        Held::Paragraph { report, paragraphs, place } => {
            let around = args.context.unwrap_or(0);
            // The place was found among these paragraphs, so there is always a passage.
            let Some(passage) = Passage::around(*report, paragraphs, place, around) else {
                return Ok(Exit::Nothing);
            };
            context.print(|out| match format {
                Format::Text => terminal::passage(&passage, &look, out),
                Format::Json => json::value(&passage, context.layout(), out),
                Format::Jsonl => json::value(&passage.paragraph, Layout::Compact, out),
                Format::Csv => {
                    csv::paragraphs(std::slice::from_ref(&passage.paragraph), true, bom, out)
                }
                Format::Markdown => markdown::passage(&passage, out),
            })?;
        }
    }
    Ok(Exit::Found)
}

/// Shows what is in a basket.
fn collected(filled: &Filled, output: Output<Format>, context: &Context) -> anyhow::Result<Exit> {
    context.print(|out| match output.format {
        Format::Text => terminal::basket(filled, &context.look(), out),
        Format::Json => json::value(filled, context.layout(), out),
        Format::Jsonl => json::lines(&filled.kept, out),
        Format::Csv => csv::basket(&filled.kept, output.bom, out),
        Format::Markdown => markdown::basket(filled, out),
    })?;
    Ok(Exit::if_any(filled.kept.len()))
}
