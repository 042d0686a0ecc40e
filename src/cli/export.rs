//! `findings export`: every paragraph as a record.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::{Context, Exit, Refusal, UNWRITTEN, file, keep, notes, pager};
use crate::ask::basket::{FILE, Filled};
use crate::ask::{Conditions, Session};
use crate::render::json::{self, Layout};
use crate::render::{csv, words};
use clap::ValueEnum;
use findings_index::engine::each_paragraph;
use findings_index::records::ReportRecord;
use findings_index::request::Filters;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Write every paragraph as a record
///
/// One report after the other, by authority and date; within a report in its own order. Those of a
/// basket come in its order, with the notes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings export > paragraphs.jsonl
  findings export --kind recommendation --from 2018 --output told.jsonl
  findings export --authority Norfolk --format csv --bom --output norfolk.csv
  findings export --basket --output kept.jsonl

Ends with 0 if there are any, 1 if there are none, 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    conditions: ConditionArgs,

    /// Write what `findings keep` has collected, with the notes
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = FILE,
        help_heading = "Answer")]
    basket: Option<PathBuf>,

    /// Write to a file, which is replaced once everything is written
    #[arg(long, short = 'o', value_name = "FILE", help_heading = "Answer")]
    output: Option<PathBuf>,

    #[command(flatten)]
    written: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One record a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
    const DEFAULT: &str = "jsonl";
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.written.check()?;
    let engine = context.open()?;
    let session = context.endless_session(engine.as_ref());
    let conditions = args.conditions.typed();
    if args.basket.is_some() && conditions != Conditions::default() {
        return Err(Refusal::new("--basket: a basket is written as it is, without conditions")
            .hint("leave the conditions out, or --basket")
            .into());
    }
    args.conditions.check_denials()?;
    let filters = session.filters(&conditions)?;
    notes("", &session.remarks(&conditions, &filters)?);
    let basket = args.basket.as_deref().map(|file| keep::fill(file, &session)).transpose()?;
    let export = Export { written: args.written, session: &session, filters: &filters, basket };
    match args.output.as_deref() {
        Some(file) if file != Path::new("-") => export.to_file(file),
        _ => export.to_stdout(context),
    }
}

/// What to write, and how.
struct Export<'a> {
    written: Output<Format>,
    session: &'a Session<'a>,
    filters: &'a Filters,
    /// What to write instead of all that the filters leave.
    basket: Option<Filled>,
}

impl Export<'_> {
    fn to_stdout(&self, context: &Context) -> anyhow::Result<Exit> {
        let total = pager::show(context.pager.as_ref(), |out| self.write(out));
        let total = total.map_err(|error| match error {
            fault if fault.is::<io::Error>() => fault.context(UNWRITTEN),
            fault => fault,
        })?;
        // Whoever closed the pager had something to read.
        Ok(total.map_or(Exit::Found, Exit::if_any))
    }

    fn to_file(&self, file: &Path) -> anyhow::Result<Exit> {
        let total = file::replace(file, |out| self.write(out))?;
        let said = words::count(total, "paragraph");
        // A closed stderr is not a fault of the file.
        let _ = writeln!(anstream::stderr(), "wrote {said} to {}", file.display());
        Ok(Exit::if_any(total))
    }

    /// Writes the paragraphs one by one and returns how many there are.
    fn write(&self, out: &mut dyn Write) -> anyhow::Result<usize> {
        if let Some(basket) = &self.basket {
            match self.written.format {
                Format::Jsonl => json::lines(&basket.noted(), out)?,
                Format::Csv => csv::basket(basket.held(), None, self.written.bom, out)?,
            }
            return Ok(basket.held().count());
        }
        if self.written.format == Format::Csv {
            csv::paragraphs(&[], None, true, self.written.bom, out)?;
        }
        let mut total = 0;
        let mut report: Option<ReportRecord> = None;
        each_paragraph(
            self.session.engine,
            self.filters,
            &self.session.deadline,
            |paragraph| -> anyhow::Result<()> {
                total += 1;
                match self.written.format {
                    Format::Jsonl => json::value(&paragraph, Layout::Compact, out)?,
                    Format::Csv => {
                        if report.as_ref().is_none_or(|report| report.id != paragraph.report) {
                            report = self.session.engine.report(&paragraph.report)?;
                        }
                        let rows = std::slice::from_ref(&paragraph);
                        csv::paragraphs(rows, report.as_ref(), false, false, out)?;
                    }
                }
                Ok(())
            },
        )?;
        Ok(total)
    }
}
