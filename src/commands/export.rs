//! `findings export`: every paragraph as a record.

use super::filters::FilterArgs;
use super::{Context, Exit, Refusal, print};
use anyhow::Context as _;
use clap::ValueEnum;
use findings::render::{csv, json};
use findings_index::query::Query;
use findings_index::reader::IndexReader;
use findings_index::record::{ParagraphRecord, ReportRecord};
use findings_index::request::{Filters, SearchRequest, Sort};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Write every paragraph as a record
///
/// One report after the other, by authority and date; within a report in its own order.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings export > paragraphs.jsonl
  findings export --kind recommendation --from 2018 --output recommendations.jsonl
  findings export --authority Norfolk --format csv --bom --output norfolk.csv

Ends with 0 if there are any, 1 if there are none, 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    filters: FilterArgs,

    /// Write to a file, which is replaced when all is written and not before
    #[arg(long, short = 'o', value_name = "FILE", help_heading = "Answer")]
    output: Option<PathBuf>,

    /// How to write the records
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Jsonl, help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long, help_heading = "Answer")]
    bom: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One record a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if args.bom && args.format != Format::Csv {
        return Err(Refusal::new("--bom belongs to CSV")
            .hint("add --format csv")
            .into());
    }
    let reader = context.open()?;
    let filters = args.filters.resolve(&reader)?;
    let export = Export {
        format: args.format,
        bom: args.bom,
        reader: &reader,
        filters: &filters,
    };
    match args.output.as_deref() {
        Some(file) if file != Path::new("-") => export.to_file(file),
        _ => export.to_stdout(),
    }
}

/// What to write, and how.
struct Export<'a> {
    format: Format,
    bom: bool,
    reader: &'a IndexReader,
    filters: &'a Filters,
}

impl Export<'_> {
    fn to_stdout(&self) -> anyhow::Result<Exit> {
        let mut total = 0;
        for batch in self.batches()? {
            let paragraphs = batch?;
            print(|out| self.write(&paragraphs, total == 0, out))?;
            total += paragraphs.len();
        }
        Ok(Exit::if_any(total))
    }

    /// Writes beside the file, then takes its place.
    fn to_file(&self, file: &Path) -> anyhow::Result<Exit> {
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".findings-export-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the user's umask leaves of these.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let fails = || format!("cannot write `{}`", file.display());
        let beside = builder.tempfile_in(folder).with_context(fails)?;
        let mut out = BufWriter::new(beside);
        let mut total = 0;
        for batch in self.batches()? {
            let paragraphs = batch?;
            self.write(&paragraphs, total == 0, &mut out)
                .with_context(fails)?;
            total += paragraphs.len();
        }
        let beside = out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .with_context(fails)?;
        beside.as_file().sync_all().with_context(fails)?;
        beside
            .persist(file)
            .map_err(|error| error.error)
            .with_context(fails)?;
        let said = findings::render::words::count(total, "paragraph");
        // A closed stderr is no fault of the file.
        let _ = writeln!(anstream::stderr(), "wrote {said} to {}", file.display());
        Ok(Exit::if_any(total))
    }

    fn write(
        &self,
        paragraphs: &[ParagraphRecord],
        first: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self.format {
            Format::Jsonl => json::lines(paragraphs, out),
            Format::Csv => csv::paragraphs(paragraphs, first, self.bom && first, out),
        }
    }

    /// The paragraphs that meet the conditions, one report at a time, so that memory does not
    /// depend on how many there are. Reports without any are left out.
    fn batches(
        &self,
    ) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Vec<ParagraphRecord>>>> {
        let of_reports = Filters {
            grade: Vec::new(),
            theme: Vec::new(),
            section: Vec::new(),
            kind: Vec::new(),
            ..self.filters.clone()
        };
        let whole = of_reports == *self.filters;
        let reports = self.reader.reports(&of_reports)?;
        Ok(reports
            .into_iter()
            .map(move |report| {
                if whole {
                    self.all(&report)
                } else {
                    self.some(&report)
                }
            })
            .filter(|batch| batch.as_ref().map_or(true, |batch| !batch.is_empty())))
    }

    fn all(&self, report: &ReportRecord) -> anyhow::Result<Vec<ParagraphRecord>> {
        Ok(self.reader.paragraphs(&report.id)?)
    }

    fn some(&self, report: &ReportRecord) -> anyhow::Result<Vec<ParagraphRecord>> {
        let request = SearchRequest {
            query: Query::All,
            filters: Filters {
                report: vec![report.id.clone()],
                ..self.filters.clone()
            },
            sort: Sort::Date,
            limit: report.paragraphs as usize,
            ..SearchRequest::default()
        };
        let hits = self.reader.search(&request)?.hits;
        Ok(hits.into_iter().map(|hit| hit.paragraph).collect())
    }
}
