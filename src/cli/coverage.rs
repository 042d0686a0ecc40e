//! `findings coverage`: what is held, what failed, what looks suspicious.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::{Context, Exit, Refusal, notes};
use crate::answer::held;
use crate::render::{csv, json, terminal};
use clap::ValueEnum;
use findings_index::records::Attribute;

/// Show what is held, what failed and what looks suspicious
///
/// Every suspicion has its reason and the command that shows how the report was read. A report has
/// very few paragraphs if it has fewer than a third of the median of its framework, of which at
/// least five reports must be held. Authorities are expected if their table has one of which a report
/// is held. Files that failed are listed whatever the conditions, since
/// nobody knows what they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings coverage
  findings coverage --framework ilacs --missing
  findings coverage --region \"South East\" --format csv > south-east.csv

`--kind` is refused: only paragraphs have a kind, reports do not.

Ends with 0, whatever it shows; 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    conditions: ConditionArgs,

    /// Also list the authorities of which no such report is held
    #[arg(long, help_heading = "Answer")]
    missing: bool,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// A row for each item; the first column says what it is
    Csv,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    if let Some(option) = args.conditions.narrowing(Attribute::Kind) {
        return Err(Refusal::new(format!(
            "{option}: a report is of no kind, only its paragraphs are"
        ))
        .hint(format!("leave {option} out"))
        .into());
    }
    args.conditions.check_denials()?;
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let conditions = args.conditions.typed();
    let look = |id: &str| format!("findings inspect {id}");
    let (coverage, told) = held::survey(&session, &conditions, args.missing, look)?;
    notes("", &told);
    context.print(|out| match args.output.format {
        Format::Text => terminal::coverage(&coverage, &context.look(), out),
        Format::Json => json::value(&coverage, context.layout(), out),
        Format::Csv => csv::coverage(&coverage, args.output.bom, out),
    })?;
    Ok(Exit::Found)
}
