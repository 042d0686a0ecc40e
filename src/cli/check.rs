//! `findings check`: whether what is held is what the files say.

use super::ledger::Written;
use super::{Context, Exit, Refusal, program};
use crate::answer::pages::check_pages;
use crate::extract::Limits;
use crate::extract::worker::Workers;
use crate::render::{json, terminal};
use indicatif::{ProgressBar, ProgressDrawTarget};

/// Check that paragraphs are quoted as they are printed
///
/// With `--pages` the file of every report is read again, and the words of each paragraph are held
/// against the words of its pages, line by line and column by column, whatever the PDF's tags say. A
/// paragraph differs if words are missing, added, moved, joined or split. Footnote marks may be
/// missing, and hyphens at the ends of lines.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings check --pages
  findings check --pages --all
  findings check --pages --format json > checked.json

Ends with 0 if all paragraphs are as printed, 1 if some are not, 2 if some file could not be read or \
after an error.")]
pub(crate) struct Args {
    /// Hold paragraphs against the pages of their files
    #[arg(long)]
    pages: bool,

    /// List every paragraph that differs
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.written.needs_text("--all", args.all)?;
    if !args.pages {
        return Err(Refusal::new("nothing to check is named").hint("add --pages").into());
    }
    let engine = context.open()?;
    let session = context.endless_session(engine.as_ref());
    let workers = Workers::new(program()?, Limits::default());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let checked = check_pages(engine.as_ref(), &workers, &session.deadline, &|| bar.inc(1));
    bar.finish_and_clear();
    let checked = checked?;
    context.print(|out| match args.written.is_json() {
        true => json::value(&checked, context.layout(), out),
        false => terminal::pages_checked(&checked, args.all, &context.look(), out),
    })?;
    Ok(if !checked.unread.is_empty() {
        Exit::Incomplete
    } else if checked.differing.is_empty() {
        Exit::Found
    } else {
        Exit::Nothing
    })
}
