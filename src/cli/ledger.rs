//! `findings ledger`: what became of every file.

use super::{Context, Exit, Refusal, hints};
use crate::render::{json, terminal};
use clap::ValueEnum;

/// Show what happened to every file of the last `findings index`
///
/// The counts, then the files without a report of their own, each with its reason.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings ledger
  findings ledger --all
  findings ledger --format json

Ends with 0, whatever it shows; 2 after an error.")]
pub(crate) struct Args {
    /// List every file, including those that were read without a fault
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    written: Written,
}

/// How all that is known is written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Answer")]
pub(crate) struct Written {
    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Written {
    /// Whether everything is to be written as one JSON object.
    pub(crate) fn is_json(&self) -> bool {
        self.json || self.format == Format::Json
    }

    /// Refuses an option that changes only text where JSON is written.
    pub(crate) fn needs_text(&self, option: &str, is_given: bool) -> Result<(), Refusal> {
        if is_given && self.is_json() {
            return Err(Refusal::new(format!("{option} changes nothing here: JSON has it all"))
                .hint(format!("leave {option} out")));
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object with everything
    Json,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.written.needs_text("--all", args.all)?;
    let ledger = context.open()?.ledger()?;
    context.print(|out| {
        if args.written.is_json() {
            json::value(&json::ledger::view(&ledger), context.layout(), out)
        } else {
            terminal::ledger(&ledger, args.all, &context.look(), out)?;
            terminal::hints(&hints::of_ledger(&ledger), &context.look(), out)
        }
    })?;
    Ok(Exit::Found)
}
