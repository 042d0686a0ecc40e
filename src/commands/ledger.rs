//! `findings ledger`: what became of every file.

use super::{Context, Exit, print};
use findings::render::{json, terminal};

/// Show what became of every file of the last `findings index`
///
/// The counts, then the files that gave no report of their own, each with its reason.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// List every file, those that were read without fault as well
    #[arg(long)]
    all: bool,

    /// Write the whole ledger as one JSON object
    #[arg(long, conflicts_with = "all")]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let ledger = context.open()?.ledger()?;
    print(|out| {
        if args.json {
            json::value(&ledger, context.layout(), out)
        } else {
            terminal::ledger(&ledger, args.all, &context.look(), out)
        }
    })?;
    Ok(Exit::Found)
}
