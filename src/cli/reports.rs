//! `findings reports`: the reports held.

use super::conditions::ConditionArgs;
use super::output::Output;
use super::search::Format;
use super::{Context, Exit, Refusal, notes};
use crate::render::{csv, json, markdown, terminal};
use clap::ValueEnum;
use findings_index::engine::all_reports;
use findings_index::records::{Attribute, ReportRecord};
use std::cmp::Reverse;

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
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let conditions = args.conditions.typed();
    let filters = session.filters(&conditions)?;
    notes("", &session.remarks(&conditions, &filters)?);
    let mut reports = all_reports(engine.as_ref(), &filters, &session.deadline)?;
    sort(&mut reports, args.sort);
    context.print(|out| match args.output.format {
        Format::Text => terminal::reports(&reports, engine.corpus().reports, &context.look(), out),
        Format::Json => json::value(&reports, context.layout(), out),
        Format::Jsonl => json::lines(&reports, out),
        Format::Csv => csv::reports(&reports, args.output.bom, out),
        Format::Markdown => markdown::reports(&reports, context.reference.names(), out),
    })?;
    Ok(Exit::if_any(reports.len()))
}

/// Sorts reports. The index returns them by authority, date and id; equal ones keep that order.
fn sort(reports: &mut [ReportRecord], sort: Sort) {
    match sort {
        Sort::Authority => {}
        Sort::Date => reports.sort_by_key(|report| Reverse(report.date())),
        Sort::Overall => reports.sort_by_key(|report| {
            report.overall.as_ref().and_then(|overall| overall.rank).unwrap_or(u8::MAX)
        }),
    }
}
