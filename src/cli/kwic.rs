//! `findings kwic`: every match in its context, one below the other.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::reading::ReadingArgs;
use super::{Context, Exit, notes, values};
use crate::answer::concordance::{self, Order, Typed};
use crate::ask::Sample;
use crate::render::{csv, json, terminal};
use clap::ValueEnum;
use std::num::NonZeroUsize;

/// Lines that are shown by default.
const LINES: usize = 50;

/// Characters of context for programs.
const CONTEXT: usize = 60;

/// Show every match in its context, one below the other
///
/// A line is a match, not a paragraph: the text before it, the match, the text after it, and the id
/// of the paragraph, for `findings show`. Context ends with the paragraph. The query is written as
/// for `search`; its words make matches, its conditions do not. With --topic ID and no query, the
/// phrases of the topic make them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings kwic return-interview --sort left
  findings kwic \"caseload*\" --sort right --framework ilacs --limit 200
  findings kwic --topic private_fostering --sort left
  findings kwic neglect --sample 50 --seed 7 --format csv --bom > to-judge.csv

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// What to look for; --topic ID narrows it or takes its place
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    conditions: ConditionArgs,

    /// Most characters on either side of a match; words are not cut [default: what fits the window,
    /// else 60]
    #[arg(long, value_name = "N", help_heading = "Answer")]
    context: Option<usize>,

    /// Order of the lines
    #[arg(long, value_parser = values::order(), ignore_case = true,
        default_value = Order::Relevance.name(), help_heading = "Answer")]
    sort: Order,

    /// Draw this many of the matches at random
    ///
    /// The same seed draws the same sample on every machine. A larger sample contains the smaller
    /// one, and when reports are added, the sample stays except for new matches that displace some.
    #[arg(long, value_name = "N", help_heading = "Answer")]
    sample: Option<NonZeroUsize>,

    /// Another number draws another sample
    #[arg(
        long,
        value_name = "S",
        default_value_t = 0,
        requires = "sample",
        help_heading = "Answer"
    )]
    seed: u64,

    /// How many lines to show; 0 shows only the counts [default: 50, or the whole sample]
    #[arg(long, short = 'n', value_name = "N", help_heading = "Answer")]
    limit: Option<usize>,

    /// Number of lines to skip
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Answer")]
    offset: usize,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: aligned on the matches
    Text,
    /// One object
    Json,
    /// One match a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    let engine = context.open()?;
    let sample = args.sample.map(NonZeroUsize::get);
    let look = context.look();
    let room = match args.output.format {
        Format::Text => look.width,
        Format::Json | Format::Jsonl | Format::Csv => None,
    };
    let typed = Typed {
        text: args.query.join(" "),
        reading: args.reading.into(),
        conditions: args.conditions.typed(),
        sort: args.sort,
        sample: sample.map(|size| Sample { size, seed: args.seed }),
        limit: args.limit.or(sample).unwrap_or(LINES),
        offset: args.offset,
        context: args.context.or(room).unwrap_or(CONTEXT),
    };
    let answer = concordance::ask(&context.patient_session(engine.as_ref()), &typed)?;
    notes("", &answer.notes);
    context.print(|out| match args.output.format {
        Format::Text => terminal::concordance(&answer, &look, out),
        Format::Json => json::value(&answer, context.layout(), out),
        Format::Jsonl => json::lines(&answer.response.lines, out),
        Format::Csv => csv::concordance(&answer.response, args.output.bom, out),
    })?;
    Ok(Exit::if_any(answer.response.total))
}
