//! `findings batch`: named queries from a file, all their hits and a table of counts.

use super::output::{Formats, Output};
use super::reading::ReadingArgs;
use super::{Context, Exit, Refusal, file, notes, say_written, values};
use crate::answer::batch::{self, BatchError, Named};
use crate::ask::batch::{Entry, Notation, entries};
use crate::ask::{Place, Session};
use crate::render::{csv, json, terminal, words};
use clap::ValueEnum;
use findings_index::engine::each_hit;
use findings_index::records::Attribute;
use findings_index::request::HitsRequest;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Run named queries from a file and count what they find
///
/// The file has a name, a query and, if wanted, conditions for each, named like the options of
/// `search` (neighbours_of for --neighbours-of, not_authority for --not authority:...). All faults
/// of the file are reported at once. Cells of a table are between commas, semicolons or tabs. Paragraphs
/// of every kind are counted, as by `search`; `compare` leaves out context and boilerplate.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A file of TOML:                    The same in CSV (`;` separates alternatives):
  [[query]]                          name,query,framework,from
  name = \"interviews\"                interviews,return interview,sif; ilacs,2015
  query = \"return interview\"
  framework = [\"sif\", \"ilacs\"]
  from = \"2015\"

Examples:
  findings batch queries.toml --by framework
  findings batch queries.csv --hits hits.csv --bom
  findings batch queries.toml --by year --format csv > counts.csv

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// Named queries: a file that ends in .toml, or a table in .csv or .tsv
    file: PathBuf,

    #[command(flatten)]
    reading: ReadingArgs,

    /// Write all hits to a CSV file, which is replaced once everything is written
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    hits: Option<PathBuf>,

    /// Also count the matches of each query by this
    #[arg(long, value_parser = values::facet(), ignore_case = true, value_name = "FACET",
        help_heading = "Answer")]
    by: Option<Attribute>,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// A row for each query and each value
    Csv,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if args.output.bom && args.output.format != Format::Csv && args.hits.is_none() {
        let refusal = Refusal::new("--bom belongs to CSV");
        return Err(refusal.hint("add --format csv or --hits FILE").into());
    }
    let entries = read(&args.file)?;
    let engine = context.open()?;
    let session = context.session(engine.as_ref());
    let failed = |error| failed(&args.file, error);
    let queries = batch::understood(&session, entries, args.reading.into()).map_err(failed)?;
    for named in &queries {
        notes(&place(&args.file, &named.entry), &named.notes());
    }
    let counts = batch::count(&session, &queries, args.by).map_err(failed)?;
    if let Some(file) = &args.hits {
        let session = context.endless_session(engine.as_ref());
        let total = file::replace(file, |out| {
            csv::named_heads(args.output.bom, out)?;
            write_hits(&session, &queries, out)
        })?;
        say_written(file, &words::count(total, "hit"));
    }
    let bom = args.output.bom && args.output.format == Format::Csv;
    context.print(|out| match args.output.format {
        Format::Text => terminal::counts(&counts, &context.look(), out),
        Format::Json => json::value(&counts, context.layout(), out),
        Format::Csv => csv::counts(&counts, bom, out),
    })?;
    Ok(Exit::if_any(counts.queries.iter().map(|query| query.paragraphs).sum()))
}

fn read(file: &Path) -> anyhow::Result<Vec<Entry>> {
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let notation = match ending.as_str() {
        "toml" => Notation::Toml,
        "csv" | "tsv" => Notation::Csv,
        _ => {
            return Err(Refusal::new(format!(
                "{} ends in neither .toml nor .csv nor .tsv",
                file.display()
            ))
            .hint("`findings batch --help` shows how either is written")
            .into());
        }
    };
    let text = super::read(file)?;
    let entries = entries(&text, notation);
    Ok(entries.map_err(|faults| faulty(file, faults.iter().map(ToString::to_string)))?)
}

/// Reports the faults of a file, one per line.
pub(super) fn faulty(file: &Path, faults: impl ExactSizeIterator<Item = String>) -> Refusal {
    let file = file.display();
    if faults.len() == 1 {
        return Refusal::new(format!("{file}, {}", faults.collect::<String>()));
    }
    let head = format!("{file} has {} faults", faults.len());
    Refusal::new(faults.fold(head, |all, fault| format!("{all}\n  {fault}")))
}

/// Reports what is wrong with the queries of a file, all at once.
pub(super) fn failed(file: &Path, error: BatchError) -> anyhow::Error {
    match error {
        BatchError::Faults(faults) => {
            let told = faults.iter().map(|fault| {
                let refusal = Refusal::of_row(&fault.refusal);
                let place = match fault.refusal.place.as_deref() {
                    Some(Place::Text { span, .. }) => {
                        format!(" (character {} of the query)", span[0] + 1)
                    }
                    _ => String::new(),
                };
                let next = refusal.hints().first().map(|hint| format!("; {hint}"));
                let next = next.unwrap_or_default();
                format!("line {}: `{}`: {refusal}{next}{place}", fault.line, fault.name)
            });
            faulty(file, told).into()
        }
        BatchError::Failed { line, name, source } => anyhow::Error::from(*source)
            .context(format!("{}, line {line}: `{name}`", file.display())),
    }
}

/// Writes where an entry is, as a prefix to a note on it.
fn place(file: &Path, entry: &Entry) -> String {
    format!("{}, line {}: `{}`: ", file.display(), entry.line, entry.name)
}

/// Writes the hits of all queries, one query after the other, and returns how many there are.
fn write_hits(
    session: &Session<'_>,
    queries: &[Named],
    out: &mut dyn Write,
) -> anyhow::Result<usize> {
    let mut total = 0;
    let mut reports = BTreeMap::new();
    for named in queries {
        let every = HitsRequest {
            query: named.understood.query.clone(),
            filters: named.filters.clone(),
            ..HitsRequest::default()
        };
        each_hit(session.engine, &every, &session.deadline, |hit| -> anyhow::Result<()> {
            total += 1;
            if !reports.contains_key(&hit.head.id) {
                reports.extend(session.reports_of([&hit])?);
            }
            Ok(csv::named_hit(&named.entry.name, &hit, &reports, out)?)
        })?;
    }
    Ok(total)
}
