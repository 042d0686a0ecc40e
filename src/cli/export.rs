//! `findings export`: every paragraph as a record.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::{Context, Exit, UNWRITTEN, file, notes};
use crate::ask::Session;
use crate::render::json::{self, Layout};
use crate::render::{csv, words};
use anyhow::Context as _;
use clap::ValueEnum;
use findings_index::engine::each_paragraph;
use findings_index::request::Filters;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Write every paragraph as a record
///
/// One report after the other, by authority and date; within a report in its own order.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings export > paragraphs.jsonl
  findings export --kind recommendation --from 2018 --output told.jsonl
  findings export --authority Norfolk --format csv --bom --output norfolk.csv

Ends with 0 if there are any, 1 if there are none, 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    conditions: ConditionArgs,

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
    let typed = args.conditions.typed();
    let filters = session.filters(&typed)?;
    notes("", &session.remarks(&typed, &filters)?);
    let export = Export { written: args.written, session: &session, filters: &filters };
    match args.output.as_deref() {
        Some(file) if file != Path::new("-") => export.to_file(file),
        _ => export.to_stdout(),
    }
}

/// What to write, and how.
struct Export<'a> {
    written: Output<Format>,
    session: &'a Session<'a>,
    filters: &'a Filters,
}

impl Export<'_> {
    fn to_stdout(&self) -> anyhow::Result<Exit> {
        let mut out = BufWriter::new(io::stdout().lock());
        let total = self.write(&mut out).map_err(|error| match error {
            fault if fault.is::<io::Error>() => fault.context(UNWRITTEN),
            fault => fault,
        })?;
        out.flush().context(UNWRITTEN)?;
        Ok(Exit::if_any(total))
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
        if self.written.format == Format::Csv {
            csv::paragraphs(&[], true, self.written.bom, out)?;
        }
        let mut total = 0;
        each_paragraph(
            self.session.engine,
            self.filters,
            &self.session.deadline,
            |paragraph| -> anyhow::Result<()> {
                total += 1;
                match self.written.format {
                    Format::Jsonl => json::value(&paragraph, Layout::Compact, out)?,
                    Format::Csv => {
                        csv::paragraphs(std::slice::from_ref(&paragraph), false, false, out)?
                    }
                }
                Ok(())
            },
        )?;
        Ok(total)
    }
}
