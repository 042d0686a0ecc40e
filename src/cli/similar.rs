//! `findings similar`: paragraphs like a given one.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::{Context, Exit, Refusal, full_needs_text, notes};
use crate::ask::ids::Held;
use crate::render::terminal::{self, View};
use crate::render::{csv, json, markdown};
use clap::ValueEnum;
use findings_index::request::SimilarRequest;
use std::collections::BTreeMap;

/// Find paragraphs like a given one
///
/// Takes the words that distinguish the paragraph most from others, and ranks all paragraphs by
/// them; the best are ordered by closeness in meaning as well. Paragraphs that say nearly the same are
/// shown once.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings similar norfolk-slac-2012-06-11/34
  findings similar norfolk-slac-2012-06-11/34 --elsewhere --from 2018

Ids are printed below every paragraph that `findings search` finds.

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// Id of a paragraph
    id: String,

    /// Only paragraphs from other authorities
    #[arg(long)]
    elsewhere: bool,

    #[command(flatten)]
    conditions: ConditionArgs,

    /// How many results to show
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10, help_heading = "Answer")]
    limit: usize,

    /// Number of results to skip
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Answer")]
    offset: usize,

    /// Explain how each result was ranked
    #[arg(long, help_heading = "Answer")]
    explain: bool,

    /// Show long paragraphs in full, not just the sentences around the matches
    #[arg(long, help_heading = "Answer")]
    full: bool,

    #[command(flatten)]
    output: Output<Format>,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object: the paragraph, the words that were searched for, those like it
    Json,
    /// One paragraph a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// Quotations with citations
    Markdown,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    full_needs_text(args.full, matches!(args.output.format, Format::Text | Format::Markdown))?;
    args.conditions.check_denials()?;
    let engine = context.open()?;
    let session = context.session(engine.as_ref());
    let id = match session.by_id(&args.id)? {
        Held::Paragraph { paragraphs, place, .. } => paragraphs[place].id.clone(),
        Held::Report(report) => {
            return Err(Refusal::new(format!("`{}` is a report", report.id))
                .hint("give the id of a paragraph, such as those beneath the results of a search")
                .into());
        }
    };
    let conditions = args.conditions.typed();
    let filters = session.filters(&conditions)?;
    notes("", &session.remarks(&conditions, &filters)?);
    let request = SimilarRequest {
        id,
        elsewhere: args.elsewhere,
        filters,
        limit: args.limit,
        offset: args.offset,
        explain: args.explain,
    };
    let Some(similar) = session.similar(&request)? else {
        return Ok(Exit::Nothing);
    };
    // Only a table has every column of the report; a hit carries its header.
    let reports = match args.output.format {
        Format::Csv => session.reports_of(&similar.hits)?,
        _ => BTreeMap::new(),
    };
    let view = View { full: args.full, offset: args.offset, ..View::default() };
    context.print(|out| match args.output.format {
        Format::Text => terminal::similar(&similar, &view, &context.look(), out),
        Format::Json => json::value(&similar, context.layout(), out),
        Format::Jsonl => json::lines(&similar.hits, out),
        Format::Csv => csv::hits(similar.hits.iter(), &reports, args.output.bom, out),
        Format::Markdown => markdown::similar(&similar, &view, out),
    })?;
    Ok(Exit::if_any(similar.hits.len()))
}
