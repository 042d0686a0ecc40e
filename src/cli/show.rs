//! `findings show`: a paragraph among its neighbours, the outline of a report, or a basket.

use super::context::note;
use super::open::Source;
use super::output::{Formats, Output};
use super::{Context, Exit, Refusal, keep, picture};
use crate::ask::basket::{FILE, Filled};
use crate::ask::ids::Held;
use crate::render::json::{self, Layout};
use crate::render::{Passage, clean, csv, markdown, terminal};
use clap::ValueEnum;
use std::io::Write as _;
use std::path::PathBuf;

/// Show a paragraph, or the outline of a report
///
/// Shows a paragraph with its bullets and, if it is a bullet itself, with the paragraph it belongs
/// to, and says which page of which file it is on. Shows a report as its judgements and sections.
/// With --open, also opens the file there.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings show norfolk-slac-2012-06-11/34 --context 2
  findings show norfolk-slac-2012-06-11
  findings show norfolk-slac-2012-06-11/34 --open
  findings show norfolk-slac-2012-06-11/34 --as-printed slide.png
  findings show --basket --format markdown > quotations.md

Ids are printed below every paragraph that `findings search` finds, and by `findings reports`.

Ends with 0 if it is held, 2 if not or after an error.")]
pub(crate) struct Args {
    /// Id of a paragraph or of a report
    #[arg(required_unless_present = "basket", conflicts_with = "basket")]
    id: Option<String>,

    /// Show what `findings keep` has collected, with the notes
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = FILE,
        conflicts_with = "context")]
    basket: Option<PathBuf>,

    /// How many paragraphs to show before and after
    #[arg(long, short = 'C', value_name = "N", help_heading = "Answer")]
    context: Option<usize>,

    /// Also open the file, at the page of the paragraph
    ///
    /// Takes the viewer that the system prefers, or the command in FINDINGS_OPEN, in which `{file}`,
    /// `{page}` and `{url}` can be written. Not every viewer goes to the page.
    #[arg(long, conflicts_with = "basket", help_heading = "Answer")]
    open: bool,

    /// Also draw the piece of the page that holds the paragraph; an existing file is replaced
    ///
    /// The picture (PNG) has a bar at the left of the paragraph, and below it the citation and the
    /// terms on which the report may be reused. The file of the report must be as it was indexed.
    #[arg(long, value_name = "FILE", conflicts_with = "basket", help_heading = "Answer")]
    as_printed: Option<PathBuf>,

    /// Mark in that picture what matches a query
    #[arg(long, value_name = "QUERY", requires = "as_printed", help_heading = "Answer")]
    marked: Option<String>,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One record a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// A quotation with its citation, or an outline
    Markdown,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    if let Some(file) = &args.as_printed {
        picture::check(file)?;
    }
    let engine = context.open()?;
    let session = context.endless_session(engine.as_ref());
    if let Some(basket) = &args.basket {
        return collected(&keep::fill(basket, &session)?, args.output, context);
    }
    let look = context.look();
    let Output { format, bom } = args.output;
    let held = session.by_id(args.id.as_deref().unwrap_or_default())?;
    let (report, page) = match &held {
        Held::Report(report) => (&report.id, None),
        Held::Paragraph { report, paragraphs, place } => {
            (&report.id, paragraphs.get(*place).and_then(|paragraph| paragraph.page))
        }
    };
    let source = Source::of(engine.as_ref(), report, page)?;
    if args.open && source.is_none() {
        return Err(Refusal::new(format!("--open: nobody knows where the file of `{report}` is"))
            .hint("index its folder again: `findings index FOLDER`")
            .into());
    }
    match held {
        Held::Report(report) => {
            if args.context.is_some() {
                return Err(Refusal::new(format!("--context: `{}` is a report", report.id))
                    .hint("--context goes with the id of a paragraph")
                    .into());
            }
            if args.as_printed.is_some() {
                return Err(Refusal::new(format!("--as-printed: `{}` is a report", report.id))
                    .hint("--as-printed goes with the id of a paragraph")
                    .into());
            }
            context.print(|out| match format {
                Format::Text => terminal::outline(&report, &look, out),
                Format::Json => json::value(&*report, context.layout(), out),
                Format::Jsonl => json::value(&*report, Layout::Compact, out),
                Format::Csv => csv::reports(std::slice::from_ref(&*report), bom, out),
                Format::Markdown => markdown::outline(&report, context.reference.names(), out),
            })?;
        }
        Held::Paragraph { report, paragraphs, place } => {
            let around = args.context.unwrap_or(0);
            if let (Some(file), Some(paragraph)) = (&args.as_printed, paragraphs.get(place)) {
                picture::write(
                    file,
                    args.marked.as_deref(),
                    &report,
                    paragraph,
                    &session,
                    context,
                )?;
            }
            // The place was found among these paragraphs, so there is always a passage.
            let Some(passage) = Passage::around(*report, paragraphs, place, around) else {
                return Ok(Exit::Nothing);
            };
            context.print(|out| match format {
                Format::Text => terminal::passage(&passage, &look, out),
                Format::Json => json::value(&passage, context.layout(), out),
                Format::Jsonl => json::value(&passage.paragraph, Layout::Compact, out),
                Format::Csv => {
                    let own = std::slice::from_ref(&passage.paragraph);
                    csv::paragraphs(own, Some(&passage.report), true, bom, out)
                }
                Format::Markdown => markdown::passage(&passage, out),
            })?;
        }
    }
    if args.open {
        let opened = source.map(|source| source.open()).transpose()?;
        opened.iter().for_each(|said| say(said));
    } else if let Some((message, hint)) = source.and_then(|source| source.gone()) {
        note(&format!("{message}; {hint}"));
    }
    Ok(Exit::Found)
}

/// Shows what is in a basket.
fn collected(filled: &Filled, output: Output<Format>, context: &Context) -> anyhow::Result<Exit> {
    context.print(|out| match output.format {
        Format::Text => terminal::basket(filled, &context.look(), out),
        Format::Json => json::value(filled, context.layout(), out),
        Format::Jsonl => json::lines(&filled.kept, out),
        Format::Csv => csv::basket(&filled.kept, None, output.bom, out),
        Format::Markdown => markdown::basket(filled, None, out),
    })?;
    Ok(Exit::if_any(filled.kept.len()))
}

/// Says on standard error what was done.
fn say(text: &str) {
    // A closed stderr does not undo it.
    let _ = writeln!(anstream::stderr(), "{}", clean::line(text));
}
