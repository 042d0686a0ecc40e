//! `findings topics`: what paragraphs are tagged with.

use super::output::{Formats, bom_needs_csv};
use super::{Context, Exit, Refusal};
use crate::answer::counts;
use crate::render::{csv, json, terminal};
use clap::ValueEnum;

/// List the topics, or show one
///
/// A topic is a set of phrases by which paragraphs are tagged when they are indexed. Its version
/// changes with them. Use its id with `--topic` of the other commands, or with `topic:` in a query.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings topics
  findings topics show neglect
  findings search --topic neglect --grade inadequate

Ends with 0 if there are any, 1 if the index was built without topics, 2 after an error.")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// How to write the answer
    #[arg(long, short = 'f', global = true, value_enum, default_value_t = Format::Text,
        help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the byte order mark, by which spreadsheets recognise UTF-8
    #[arg(long, global = true, help_heading = "Answer")]
    bom: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show what a topic is about, its phrases, and where it occurs
    #[command(after_help = "\
Examples:
  findings topics show neglect

Ends with 0; 2 if there is no such topic or after an error.")]
    Show {
        /// The topic's id
        id: String,
    },
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One value: an object, or a list of them
    Json,
    /// A table for spreadsheets
    Csv,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    bom_needs_csv(args.bom, args.format == Format::Csv)?;
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let look = context.look();
    if let Some(Command::Show { id }) = &args.command {
        let id = session.topic_id(id)?;
        let Some(topic) = engine.topics()?.get(&id) else {
            return Err(Refusal::new(format!("no topic `{id}`")).into());
        };
        let detail = counts::detail(engine.as_ref(), &session.deadline, topic)?;
        context.print(|out| match args.format {
            Format::Text => terminal::topic(&detail, &look, out),
            Format::Json => json::value(&detail, context.layout(), out),
            Format::Csv => csv::topic(&detail, args.bom, out),
        })?;
        return Ok(Exit::Found);
    }
    let counted = counts::all(engine.as_ref(), &session.deadline)?;
    context.print(|out| match args.format {
        Format::Text => terminal::topics(&counted, &look, out),
        Format::Json => json::value(&counted, context.layout(), out),
        Format::Csv => csv::topics(&counted, args.bom, out),
    })?;
    Ok(Exit::if_any(counted.len()))
}
