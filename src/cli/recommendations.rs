//! `findings recommendations`: what was asked of whom and by when, and what was asked again.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::reading::ReadingArgs;
use super::wording::CommandLine;
use super::{Context, Exit, Refusal, file, notes, values};
use crate::answer::recommendations::{self, BY, Typed};
use crate::ask::AskError;
use crate::render::{csv, html, json, markdown, terminal};
use anyhow::Context as _;
use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};
use findings_index::records::Attribute;
use findings_index::request::Sort;
use jiff::Timestamp;
use std::io::Write;
use std::path::PathBuf;

/// Recommendations that are listed for reading.
const LISTED: usize = 10;

/// Show what was recommended to whom and by when, and what was recommended again
///
/// Counts the recommendations of all reports by theme, topic, timescale and addressee, or as --by
/// says, and lists them. With a QUERY, written as for `search`, only those that match. --repeated
/// lists those that an authority's next inspection makes again, together.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings recommendations
  findings recommendations supervision --authority Norfolk
  findings recommendations --by topic --framework ilacs
  findings recommendations --repeated --latest
  findings recommendations caseloads --repeated --html again.html
  findings recommendations --from 2022 --format csv --bom > asked.csv

Ends with 0 if there are any, 1 if there are none, 2 after an error.")]
pub(crate) struct Args {
    /// What they are about; without it, all that the conditions leave
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    /// By what to count [default: theme, topic, timescale and addressee; nothing with --repeated]
    ///
    /// Only the counts are shown then, unless --limit says how many recommendations to list.
    #[arg(long, value_parser = by(), ignore_case = true, help_heading = "Groups")]
    by: Option<Attribute>,

    /// Show together what an authority's next inspection of the same series recommends again
    ///
    /// A chain is shown if one of its recommendations meets the conditions, and then whole. Full
    /// inspections are one series; visits and inspections of other kinds are each their own. Two ask
    /// for the same if they are close in meaning and share words: read them before you say so.
    #[arg(long, help_heading = "Groups")]
    repeated: bool,

    #[command(flatten)]
    conditions: ConditionArgs,

    /// Order of the list: relevance, date (newest first), authority or changed
    /// (what last came or changed first)
    ///
    /// Without words there is no relevance: the list is then by authority, the newest report first,
    /// each in its own order. Chains over most inspections come first, then those made last.
    #[arg(long, value_parser = sort(), ignore_case = true, hide_possible_values = true,
        conflicts_with = "repeated", help_heading = "Answer")]
    sort: Option<Sort>,

    /// How many to list; 0 shows only the counts [default: 10; all in CSV, JSON lines and the page]
    #[arg(long, short = 'n', value_name = "N", help_heading = "Answer")]
    limit: Option<usize>,

    /// Number of recommendations, or chains, to skip
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Answer")]
    offset: usize,

    /// Also write a self-contained page, ready to print; an existing file is replaced
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    html: Option<PathBuf>,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One recommendation a line, or one chain
    Jsonl,
    /// A row for each recommendation; with --by, for each group
    Csv,
    /// Tables and quotations with citations
    Markdown,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

fn by() -> impl TypedValueParser<Value = Attribute> {
    values::one_of(BY, |by| PossibleValue::new(by.name()))
}

fn sort() -> impl TypedValueParser<Value = Sort> {
    values::one_of(Sort::ALL, |sort| PossibleValue::new(sort.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let typed = args.typed();
    typed.check().map_err(AskError::from)?;
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let mut answer = recommendations::ask(&session, &typed, &args.door(), Timestamp::now())?;
    notes("", &answer.remarks);
    if let Some(page) = &args.html {
        file::replace(page, |out| {
            html::recommendations(&answer, html::Sheet::Embedded, html::Numbers::Plain, out)
                .with_context(|| format!("cannot write {}", page.display()))
        })?;
        // A closed stderr is not a fault of the file.
        let _ = writeln!(anstream::stderr(), "wrote {}", page.display());
    }
    answer.keep_first(args.listed());
    context.print(|out| match args.output.format {
        Format::Text => terminal::recommendations(&answer, &context.look(), out),
        Format::Json => json::value(&answer, context.layout(), out),
        Format::Jsonl if args.repeated => json::lines(&answer.repeated.listed, out),
        Format::Jsonl => json::lines(&answer.recommendations, out),
        Format::Csv if args.by.is_some() => {
            csv::recommendation_groups(&answer, args.output.bom, out)
        }
        Format::Csv => csv::recommendations(&answer, args.output.bom, out),
        Format::Markdown => markdown::recommendations(&answer, out),
    })?;
    Ok(if answer.has_any() { Exit::Found } else { Exit::Nothing })
}

impl Args {
    /// Refuses options that the chosen format could only ignore.
    fn check(&self) -> Result<(), Refusal> {
        self.output.check()?;
        if self.by.is_none() {
            return Ok(());
        }
        match self.output.format {
            Format::Jsonl => {
                Err(Refusal::new("--by has no place among recommendations line by line")
                    .hint("use --format text, json, csv or markdown"))
            }
            Format::Csv if self.repeated || self.limit.is_some() => {
                let message = "with --by, CSV has the groups and no recommendations";
                Err(Refusal::new(message)
                    .hint("ask for both by two commands, or use --format json"))
            }
            _ => Ok(()),
        }
    }

    /// Returns how many recommendations, or chains, are listed in the format asked for.
    fn listed(&self) -> usize {
        let is_table = matches!(self.output.format, Format::Csv | Format::Jsonl);
        match self.limit {
            Some(limit) => limit,
            None if is_table => usize::MAX,
            None if self.by.is_some() && !self.repeated => 0,
            None => LISTED,
        }
    }

    fn typed(&self) -> Typed {
        Typed {
            text: self.query.join(" "),
            reading: self.reading.into(),
            conditions: self.conditions.typed(),
            by: self.by,
            sort: self.sort.unwrap_or_default(),
            repeated: self.repeated,
            // A page lists all, unless a limit is given.
            limit: self.limit.unwrap_or(if self.html.is_some() {
                usize::MAX
            } else {
                self.listed()
            }),
            offset: self.offset,
        }
    }

    /// Returns the command line, with the options that are not conditions.
    fn door(&self) -> CommandLine {
        let mut options = Vec::new();
        options.extend(self.by.map(|by| format!("--by={}", by.name())));
        options.extend(self.repeated.then(|| "--repeated".to_owned()));
        options.extend(self.sort.map(|sort| format!("--sort={}", sort.name())));
        options.extend(self.conditions.latest());
        CommandLine { options }
    }
}
