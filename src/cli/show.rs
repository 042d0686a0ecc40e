//! `findings show`: a paragraph among its neighbours, or the outline of a report.

use super::{Context, Exit, Refusal, known, print};
use crate::render::{Passage, json, markdown, terminal};
use clap::ValueEnum;
use findings_index::Engine;
use findings_index::engine::paragraphs_of;
use findings_index::language::nearest::ids_like;
use findings_index::records::{Attribute, ParagraphRecord, ReportRecord};
use findings_index::request::Deadline;

/// Show a paragraph, or the outline of a report
///
/// A paragraph is shown with its bullets and, if it is a bullet itself, with the paragraph it
/// belongs to. A report is shown as its judgements and sections.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings show norfolk-slac-2012-06-11/34 --context 2
  findings show norfolk-slac-2012-06-11

Ids are printed beneath every paragraph that `findings search` finds, and by `findings reports`.

Ends with 0 if it is held, 2 if not or after an error.")]
pub(crate) struct Args {
    /// Id of a paragraph or of a report
    id: String,

    /// How many paragraphs to show before and after
    #[arg(long, short = 'C', value_name = "N", help_heading = "Answer")]
    context: Option<usize>,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// A quotation with its citation, or an outline
    Markdown,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let engine = context.open()?;
    let look = context.look();
    match find(engine.as_ref(), &args.id)? {
        Found::Report(report) => {
            if args.context.is_some() {
                return Err(Refusal::new(format!("--context: `{}` is a report", report.id))
                    .hint("--context goes with the id of a paragraph")
                    .into());
            }
            print(|out| match args.format {
                Format::Text => terminal::outline(&report, &look, out),
                Format::Json => json::value(&*report, context.layout(), out),
                Format::Markdown => markdown::outline(&report, out),
            })?;
        }
        Found::Paragraph { report, paragraphs, place } => {
            let around = args.context.unwrap_or(0);
            // The place was found among these very paragraphs.
            let Some(passage) = Passage::around(*report, paragraphs, place, around) else {
                return Ok(Exit::Nothing);
            };
            print(|out| match args.format {
                Format::Text => terminal::passage(&passage, &look, out),
                Format::Json => json::value(&passage, context.layout(), out),
                Format::Markdown => markdown::passage(&passage, out),
            })?;
        }
    }
    Ok(Exit::Found)
}

pub(super) enum Found {
    Report(Box<ReportRecord>),
    Paragraph { report: Box<ReportRecord>, paragraphs: Vec<ParagraphRecord>, place: usize },
}

pub(super) fn find(engine: &dyn Engine, id: &str) -> anyhow::Result<Found> {
    let Some((of, _)) = id.split_once('/') else {
        return Ok(Found::Report(Box::new(report(engine, id)?)));
    };
    let report = report(engine, of)?;
    let paragraphs = paragraphs_of(engine, &report.id, &Deadline::never())?;
    let ids: Vec<String> = paragraphs.iter().map(|paragraph| paragraph.id.clone()).collect();
    let place = ids
        .iter()
        .position(|held| held == id)
        .or_else(|| ids.iter().position(|held| held.eq_ignore_ascii_case(id)));
    match place {
        Some(place) => Ok(Found::Paragraph { report: Box::new(report), paragraphs, place }),
        None => Err(no_paragraph(id, &report, &ids).into()),
    }
}

fn no_paragraph(id: &str, report: &ReportRecord, ids: &[String]) -> Refusal {
    let refusal = Refusal::new(format!("no paragraph `{id}` is held"));
    let refusal = match known::nearest(ids, id) {
        Some(near) => refusal.hint(format!("did you mean `{near}`?")),
        None => refusal,
    };
    match (ids.first(), ids.last()) {
        (Some(first), Some(last)) => {
            refusal.hint(format!("the paragraphs of this report go from `{first}` to `{last}`"))
        }
        _ => refusal.hint(format!("the report `{}` has no paragraphs", report.id)),
    }
}

/// The report of an id, which may be written in any case.
pub(super) fn report(engine: &dyn Engine, id: &str) -> anyhow::Result<ReportRecord> {
    if let Some(report) = engine.report(id)? {
        return Ok(report);
    }
    let like = ids_like(&engine.values(Attribute::Report)?, id);
    if let Some(same) = like.iter().find(|held| held.eq_ignore_ascii_case(id))
        && let Some(report) = engine.report(same)?
    {
        return Ok(report);
    }
    let refusal = Refusal::new(format!("no report `{id}` is held"));
    let refusal = match like.first() {
        Some(near) => refusal.hint(format!("did you mean `{near}`?")),
        None => refusal,
    };
    Err(refusal.hint("`findings reports` lists the reports").into())
}

/// The id of a report as the index has it.
pub(crate) fn report_id(engine: &dyn Engine, typed: &str) -> anyhow::Result<String> {
    report(engine, typed).map(|report| report.id)
}
