//! `findings acronyms`: what the reports' acronyms stand for.

use super::output::Output;
use super::topics::Format;
use super::{Context, Exit, Refusal};
use crate::render::{csv, json, terminal};
use findings_index::language::acronyms::AcronymEntry;
use findings_index::language::nearest::nearest;

/// List what the reports' acronyms mean
///
/// Learned from the reports themselves, where they explain one: "initial health assessment (IHA)".
/// The meaning that most reports give comes first; an acronym with several is ambiguous.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings acronyms
  findings acronyms PA
  findings acronyms --format csv > acronyms.csv

Ends with 0 if there are any, 1 if no report explains any, 2 if none explains the one named or \
after an error.")]
pub(crate) struct Args {
    /// One acronym, in any case, singular or plural; without it, all
    acronym: Option<String>,

    #[command(flatten)]
    output: Output<Format>,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    let engine = context.open()?;
    let acronyms = engine.acronyms()?;
    let entries: Vec<&AcronymEntry> = match &args.acronym {
        Some(typed) => vec![acronyms.get(typed).ok_or_else(|| unknown(acronyms.entries(), typed))?],
        None => acronyms.entries().iter().collect(),
    };
    context.print(|out| match args.output.format {
        Format::Text => terminal::acronyms(&entries, &context.look(), out),
        Format::Json => json::value(&entries, context.layout(), out),
        Format::Csv => csv::acronyms(&entries, args.output.bom, out),
    })?;
    Ok(Exit::if_any(entries.len()))
}

fn unknown(entries: &[AcronymEntry], typed: &str) -> Refusal {
    let held = entries.iter().map(|entry| entry.acronym.as_str());
    let refusal = Refusal::new(format!("no report explains `{typed}`"));
    let refusal = match nearest(held, typed) {
        Some(near) => refusal.hint(format!("did you mean `{near}`?")),
        None => refusal,
    };
    refusal.hint("`findings acronyms` lists all that are explained")
}
