//! `findings reports`: the reports held.

use super::conditions::ConditionArgs;
use super::output::Output;
use super::search::Format;
use super::{Context, Exit, Refusal, notes};
use crate::answer::held::{self, ReportOrder};
use crate::render::{csv, json, markdown, terminal};
use clap::ValueEnum;
use findings_index::records::Attribute;

/// List the reports held
///
/// --grade and --theme keep reports with a judgement of that grade or theme, --section those with
/// such a heading.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings reports --overall inadequate --sort date
  findings reports --authority Norfolk --format jsonl
  findings reports --framework ilacs --from 2023 --format csv > ilacs.csv

`--kind` is refused: only paragraphs have a kind, reports do not.

Ends with 0 if there are any, 1 if there are none, 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    conditions: ConditionArgs,

    /// Order of the reports
    #[arg(long, value_enum, default_value_t = Sort::Authority, help_heading = "Answer")]
    sort: Sort,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// By name of the authority, then by date
    Authority,
    /// Newest first
    Date,
    /// Best overall judgement first; reports without one last
    Overall,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    if let Some(option) = args.conditions.narrowing(Attribute::Kind) {
        return Err(Refusal::new(format!(
            "{option}: a report is of no kind, only its paragraphs are"
        ))
        .hint(format!("use {option} with `findings search` or `findings export`"))
        .into());
    }
    args.conditions.check_denials()?;
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let order = match args.sort {
        Sort::Authority => ReportOrder::Authority,
        Sort::Date => ReportOrder::Date,
        Sort::Overall => ReportOrder::Overall,
    };
    let (reports, told) = held::reports(&session, &args.conditions.typed(), order)?;
    notes("", &told);
    context.print(|out| match args.output.format {
        Format::Text => terminal::reports(&reports, engine.corpus().reports, &context.look(), out),
        Format::Json => json::value(&reports, context.layout(), out),
        Format::Jsonl => json::lines(&reports, out),
        Format::Csv => csv::reports(&reports, args.output.bom, out),
        Format::Markdown => markdown::reports(&reports, context.reference.names(), out),
    })?;
    Ok(Exit::if_any(reports.len()))
}
