//! `findings batch`: named queries from a file, all their hits and a table of counts.

use super::asked::{self, Reading};
use super::conditions::{Conditions, has_commas};
use super::{Context, Exit, Refusal, file, print, say_written, values};
use crate::ask::batch::{self, Counts, Entry, Notation, QueryCount};
use crate::render::{csv, json, terminal, words};
use clap::ValueEnum;
use findings_index::engine::each_hit;
use findings_index::language::query::{Query, Span};
use findings_index::records::Attribute;
use findings_index::request::{Deadline, HitsRequest};
use findings_index::request::{FacetCount, Filters, SearchRequest};
use findings_index::{Engine, SearchError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Run named queries from a file and count what they find
///
/// The file holds a name, a query and, if wanted, conditions for each, named as the options of
/// `search` (neighbours_of for --neighbours-of). All faults of the file are told at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A file of TOML:                    The same in CSV (`;` separates alternatives):
  [[query]]                          name,query,framework,from
  name = \"interviews\"                interviews,return interview,sif; ilacs,2015
  query = 'return interview'
  framework = [\"sif\", \"ilacs\"]
  from = \"2015\"

Examples:
  findings batch queries.toml --by framework
  findings batch queries.csv --hits hits.csv --bom
  findings batch queries.toml --by year --format csv > counts.csv

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// Named queries: a file that ends in .toml or .csv
    file: PathBuf,

    #[command(flatten)]
    reading: Reading,

    /// Write all hits to a CSV file, replaced when all is written
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    hits: Option<PathBuf>,

    /// Count the matches of each query by this as well
    #[arg(long, value_parser = values::facet(), ignore_case = true, value_name = "FACET",
        help_heading = "Answer")]
    by: Option<Attribute>,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long, help_heading = "Answer")]
    bom: bool,
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

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if args.bom && args.format != Format::Csv && args.hits.is_none() {
        let refusal = Refusal::new("--bom belongs to CSV");
        return Err(refusal.hint("add --format csv or --hits FILE").into());
    }
    let entries = read(&args.file)?;
    let engine = context.open()?;
    let queries = resolved(args, entries, engine.as_ref(), context)?;
    let by = args.by;
    let counts = Counts {
        by,
        queries: queries
            .iter()
            .map(|(entry, filters)| {
                counted(engine.as_ref(), &context.deadline(), &args.file, entry, filters, by)
            })
            .collect::<anyhow::Result<_>>()?,
        index_version: engine.version(),
        corpus: engine.corpus().clone(),
    };
    if let Some(file) = &args.hits {
        let total = file::replace(file, |out| {
            csv::named_hits("", &[], true, args.bom, out)?;
            write_hits(engine.as_ref(), &queries, out)
        })?;
        say_written(file, &words::count(total, "hit"));
    }
    let bom = args.bom && args.format == Format::Csv;
    print(|out| match args.format {
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
        "csv" => Notation::Csv,
        _ => {
            return Err(Refusal::new(format!("{} ends in neither .toml nor .csv", file.display()))
                .hint("`findings batch --help` shows how either is written")
                .into());
        }
    };
    let text = super::read(file)?;
    let entries = batch::entries(&text, notation);
    Ok(entries.map_err(|faults| faulty(file, faults.iter().map(ToString::to_string)))?)
}

/// The faults of a file, one a line.
fn faulty(file: &Path, faults: impl ExactSizeIterator<Item = String>) -> Refusal {
    let file = file.display();
    if faults.len() == 1 {
        return Refusal::new(format!("{file}, {}", faults.collect::<String>()));
    }
    let head = format!("{file} has {} faults", faults.len());
    Refusal::new(faults.fold(head, |all, fault| format!("{all}\n  {fault}")))
}

/// Every entry with its conditions, each value of which is known to the index.
fn resolved(
    args: &Args,
    entries: Vec<Entry>,
    engine: &dyn Engine,
    context: &Context,
) -> anyhow::Result<Vec<(Entry, Filters)>> {
    let mut queries = Vec::with_capacity(entries.len());
    let mut faults = Vec::new();
    let file = &args.file;
    for mut entry in entries {
        entry.query = args.reading.widen(&entry.query, engine, context)?.query;
        let place = place(file, &entry);
        for repair in &entry.repairs {
            asked::note(&format!("{place}{repair}"));
        }
        match engine.check(&entry.query) {
            Err(SearchError::Query(error)) => {
                faults.push(batch::query_fault(&entry, &error).to_string());
                continue;
            }
            other => other?,
        }
        let conditions = conditions_of(&entry).map_err(anyhow::Error::from);
        match conditions.and_then(|conditions| conditions.resolve(engine, context)) {
            Ok(filters) => queries.push((entry, filters)),
            Err(error) => {
                let Some(refusal) = error.downcast_ref::<Refusal>() else { return Err(error) };
                let next = refusal.hints().first().map(|hint| format!("; {hint}"));
                let next = next.unwrap_or_default();
                faults.push(format!("line {}: `{}`: {refusal}{next}", entry.line, entry.name));
            }
        }
    }
    if faults.is_empty() { Ok(queries) } else { Err(faulty(file, faults.into_iter()).into()) }
}

/// Where an entry stands, before what is said of it.
fn place(file: &Path, entry: &Entry) -> String {
    format!("{}, line {}: `{}`: ", file.display(), entry.line, entry.name)
}

/// The conditions as if they had been typed.
fn conditions_of(entry: &Entry) -> Result<Conditions, Refusal> {
    let mut conditions = Conditions::default();
    for (name, values) in &entry.conditions {
        match (*name, Attribute::named(name)) {
            ("from", _) => conditions.from = Some(one(name, values)?),
            ("to", _) => conditions.to = Some(one(name, values)?),
            ("neighbours_of", _) => conditions.neighbours_of.clone_from(values),
            // As the options take commas where values hold none.
            (_, Some(attribute)) if has_commas(attribute) => {
                let parts = values.iter().flat_map(|value| value.split(','));
                conditions.set(attribute, parts.map(|value| value.trim().to_owned()).collect());
            }
            (_, Some(attribute)) => conditions.set(attribute, values.clone()),
            (name, None) => return Err(Refusal::new(format!("unknown condition `{name}`"))),
        }
    }
    Ok(conditions)
}

fn one(name: &str, values: &[String]) -> Result<String, Refusal> {
    match values {
        [value] => Ok(value.clone()),
        _ => Err(Refusal::new(format!("`{name}` takes one date"))),
    }
}

fn counted(
    engine: &dyn Engine,
    deadline: &Deadline,
    file: &Path,
    entry: &Entry,
    filters: &Filters,
    by: Option<Attribute>,
) -> anyhow::Result<QueryCount> {
    let request = SearchRequest {
        query: entry.query.clone(),
        filters: filters.clone(),
        limit: 0,
        ..SearchRequest::default()
    };
    let response = engine.search(&request, deadline).map_err(|error| match error {
        SearchError::Query(error) => {
            Refusal::new(format!("{}, {}", file.display(), batch::query_fault(entry, &error)))
                .into()
        }
        other => {
            anyhow::Error::from(other).context(place(file, entry).trim_end_matches(": ").to_owned())
        }
    })?;
    let unheld = engine.unheld(&entry.query, deadline)?;
    asked::note_unheld(&place(file, entry), &unheld);
    let by = by.map(|facet| by_value(engine, deadline, request, facet)).transpose()?;
    Ok(QueryCount {
        name: entry.name.clone(),
        query: entry.written.clone(),
        paragraphs: response.total,
        reports: response.reports,
        by,
        unheld,
    })
}

/// The matches by the values of a facet. Where the entry itself narrows that facet, values that it
/// leaves out are none of its matches: the condition goes into the query, since a search counts
/// what else could be chosen.
fn by_value(
    engine: &dyn Engine,
    deadline: &Deadline,
    mut request: SearchRequest,
    facet: Attribute,
) -> anyhow::Result<Vec<FacetCount>> {
    // Of no years: a range of days is no choice among them.
    let values = request.filters.written(facet);
    if !values.is_empty() {
        request.filters.clear(facet);
        let (field, span) = (facet, Span::default());
        let clauses = values.into_iter().map(|value| Query::Field { field, value, span });
        let own = Query::Or { clauses: clauses.collect(), span };
        request.query = Query::And { clauses: vec![request.query, own], span };
    }
    request.facets = vec![facet];
    let counts = engine.search(&request, deadline)?.facets.into_iter().next();
    Ok(counts.map(|counts| counts.counts).unwrap_or_default())
}

/// Writes the hits of all queries, one query after the other, and says how many.
fn write_hits(
    engine: &dyn Engine,
    queries: &[(Entry, Filters)],
    out: &mut dyn Write,
) -> anyhow::Result<usize> {
    let mut total = 0;
    for (entry, filters) in queries {
        let every = HitsRequest {
            query: entry.query.clone(),
            filters: filters.clone(),
            ..HitsRequest::default()
        };
        each_hit(engine, &every, &Deadline::never(), |hit| -> anyhow::Result<()> {
            total += 1;
            Ok(csv::named_hits(&entry.name, std::slice::from_ref(&hit), false, false, out)?)
        })?;
    }
    Ok(total)
}
