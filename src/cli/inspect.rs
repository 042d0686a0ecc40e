//! `findings inspect`: how a file was understood.

use super::corrections::CorrectionArgs;
use super::frameworks::Added;
use super::ledger::Written;
use super::{Context, Exit, Refusal, hints, program};
use crate::extract::Limits;
use crate::extract::worker::Workers;
use crate::knowledge::Knowledge;
use crate::render::json;
use crate::render::terminal::{self, Parts};
use crate::understand::inspect::{self, InspectError, Understood};
use anyhow::Context as _;
use findings_index::records::ledger::NoReport;
use std::path::{Path, PathBuf};

/// Show how a report was read, and why
///
/// Reads the file again, as `findings index` would, and shows where each value was found, which
/// pattern matched, the order of the sections, what was left out and what is odd.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings inspect reports/norfolk.pdf
  findings inspect norfolk-slac-2012-06-11 --paragraphs
  findings inspect reports/norfolk.pdf --format json

A file needs no index.

Ends with 0 for a report, 1 for a file that is not one, 2 if it cannot be read or after an error.")]
pub(crate) struct Args {
    /// A file, or the id of a report in the index
    #[arg(value_name = "FILE|ID")]
    what: PathBuf,

    /// Show the first words of every paragraph
    #[arg(long)]
    paragraphs: bool,

    /// List the headers, footers and page numbers that were left out, with their pages
    #[arg(long)]
    furniture: bool,

    #[command(flatten)]
    corrections: CorrectionArgs,

    #[command(flatten)]
    added: Added,

    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.written.needs_text("--paragraphs", args.paragraphs)?;
    args.written.needs_text("--furniture", args.furniture)?;
    let path = file(&args.what, context)?;
    let file = inspect::file(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let knowledge = Knowledge::load(&args.added.to(context.config()))?;
    let knowledge = args.corrections.apply(knowledge, context)?;
    let workers = Workers::new(program()?, Limits::default());
    let inspection = inspect::inspect(&file, &workers, &knowledge).map_err(explained)?;
    let parts = Parts { paragraphs: args.paragraphs, furniture: args.furniture };
    context.print(|out| match args.written.is_json() {
        true => json::value(&inspection, context.layout(), out),
        false => terminal::inspection(&inspection, parts, &context.look(), out),
    })?;
    Ok(match inspection.result {
        Understood::Report(_) => Exit::Found,
        Understood::NotAReport { .. } => Exit::Nothing,
    })
}

fn explained(error: InspectError) -> anyhow::Error {
    let hint = match &error {
        InspectError::NoText { why: NoReport::Unreadable(error), .. } => hints::of_limit(error),
        _ => None,
    };
    match hint {
        Some(hint) => Refusal::new(error.to_string()).hint(hint).into(),
        None => error.into(),
    }
}

/// Returns the file that is named, or the one from which the named report was read.
fn file(what: &Path, context: &Context) -> anyhow::Result<PathBuf> {
    if what.exists() {
        return Ok(what.to_owned());
    }
    let typed = what.to_string_lossy();
    let looks_like_path = typed.contains(['/', '\\']) || what.extension().is_some();
    let is_nowhere = context.location.folder().is_some_and(|index| !index.exists());
    if looks_like_path || is_nowhere {
        let refusal = Refusal::new(format!("there is no file `{typed}`"));
        let hint = "name a file, or the id of a report of the index";
        return Err(refusal.hint(hint).into());
    }
    let engine = context.open()?;
    let report = context.session(engine.as_ref()).report(&typed)?;
    let ledger = engine.ledger()?;
    let entry = ledger.entries.iter().find(|e| e.report.as_deref() == Some(report.id.as_str()));
    match entry {
        Some(entry) if Path::new(&entry.path).exists() => Ok(PathBuf::from(&entry.path)),
        Some(entry) => Err(Refusal::new(format!("the file of `{}` is gone", report.id))
            .hint(format!("it was read from {}", entry.path))
            .into()),
        None => Err(Refusal::new(format!("the ledger names no file of `{}`", report.id))
            .hint("build the index again with `findings index`")
            .into()),
    }
}
