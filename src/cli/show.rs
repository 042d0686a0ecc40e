//! `findings show`: a paragraph among its neighbours, or the outline of a report.

use super::{Context, Exit, Refusal};
use crate::ask::ids::Held;
use crate::render::{Passage, json, markdown, terminal};
use clap::ValueEnum;

/// Show a paragraph, or the outline of a report
///
/// Shows a paragraph with its bullets and, if it is a bullet itself, with the paragraph it belongs
/// to. Shows a report as its judgements and sections.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings show norfolk-slac-2012-06-11/34 --context 2
  findings show norfolk-slac-2012-06-11

Ids are printed below every paragraph that `findings search` finds, and by `findings reports`.

Ends with 0 if it is held, 2 if not or after an error.")]
pub(crate) struct Args {
    /// Id of a paragraph or of a report
    id: String,

    /// How many paragraphs to show before and after
    #[arg(long, short = 'C', value_name = "N", help_heading = "Answer")]
    context: Option<usize>,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// A quotation with its citation, or an outline
    Markdown,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let engine = context.open()?;
    let look = context.look();
    match context.endless_session(engine.as_ref()).by_id(&args.id)? {
        Held::Report(report) => {
            if args.context.is_some() {
                return Err(Refusal::new(format!("--context: `{}` is a report", report.id))
                    .hint("--context goes with the id of a paragraph")
                    .into());
            }
            context.print(|out| match args.format {
                Format::Text => terminal::outline(&report, &look, out),
                Format::Json => json::value(&*report, context.layout(), out),
                Format::Markdown => markdown::outline(&report, context.reference.names(), out),
            })?;
        }
        Held::Paragraph { report, paragraphs, place } => {
            let around = args.context.unwrap_or(0);
            // The place was found among these paragraphs, so there is always a passage.
            let Some(passage) = Passage::around(*report, paragraphs, place, around) else {
                return Ok(Exit::Nothing);
            };
            context.print(|out| match args.format {
                Format::Text => terminal::passage(&passage, &look, out),
                Format::Json => json::value(&passage, context.layout(), out),
                Format::Markdown => markdown::passage(&passage, out),
            })?;
        }
    }
    Ok(Exit::Found)
}
