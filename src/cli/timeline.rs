//! `findings timeline`: one authority's inspections in order.

use super::included::Included;
use super::output::Output;
use super::reading::ReadingArgs;
use super::topics::Format;
use super::wording::CommandLine;
use super::{Context, Exit, Refusal, notes, values};
use crate::answer::timeline::{self, Typed};
use crate::ask::AskError;
use crate::knowledge::Knowledge;
use crate::render::terminal::Judgements;
use crate::render::{csv, json, terminal};
use clap::builder::{PossibleValue, TypedValueParser};
use jiff::Timestamp;

/// Show an authority's inspections in order of date: judgements, and how often a topic occurs
///
/// Covers all frameworks, and says where a grade of one does not mean what the same word means in
/// another. With a QUERY, --topic ID or both, it also shows how often each inspection mentions it, and
/// the paragraph of each that matches best.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings timeline Norfolk
  findings timeline Norfolk return-interview
  findings timeline Southend-on-Sea --topic missing_rhi
  findings timeline Norfolk supervision --format csv > norfolk.csv

Ends with 0 if found, 1 if no paragraph matches, 2 after an error.")]
pub(crate) struct Args {
    /// The authority, by any of its names
    #[arg(value_name = "AUTHORITY")]
    authority: String,

    /// What to look for in its reports; --topic ID narrows it or takes its place
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    /// Topic, by its id, such as `neglect`; commas separate alternatives
    ///
    /// `findings topics` lists them.
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Query")]
    topic: Vec<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    /// Only the newest full inspection
    #[arg(long, help_heading = "Conditions")]
    latest: bool,

    /// The newest full inspection that had ended by then: a year, month or day; implies --latest
    #[arg(long, value_name = "DATE", help_heading = "Conditions")]
    as_at: Option<String>,

    #[command(flatten)]
    included: Included,

    /// Which judgements to show in text: overall, all, or all of reports that have few (fitting)
    #[arg(long, value_parser = judgements(), ignore_case = true,
        default_value = Judgements::default().name(), hide_possible_values = true,
        help_heading = "Answer")]
    judgements: Judgements,

    #[command(flatten)]
    output: Output<Format>,
}

fn judgements() -> impl TypedValueParser<Value = Judgements> {
    values::one_of(Judgements::ALL, |judgements| PossibleValue::new(judgements.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let typed = Typed {
        authority: args.authority.clone(),
        text: args.query.join(" "),
        reading: args.reading.into(),
        topics: args.topic.clone(),
        latest: args.latest,
        as_at: args.as_at.clone(),
        include: args.included.kinds(),
    };
    typed.check().map_err(AskError::from)?;
    let engine = context.open()?;
    let knowledge = Knowledge::load(context.config())?;
    let session = context.patient_session(engine.as_ref());
    let timeline = timeline::ask(&session, &knowledge, &typed, &args.door(), Timestamp::now())?;
    notes("", &timeline.remarks);
    context.print(|out| match args.output.format {
        Format::Text => terminal::timeline(&timeline, args.judgements, &context.look(), out),
        Format::Json => json::value(&timeline, context.layout(), out),
        Format::Csv => csv::timeline(&timeline, args.output.bom, out),
    })?;
    Ok(if timeline.has_any() { Exit::Found } else { Exit::Nothing })
}

impl Args {
    fn check(&self) -> Result<(), Refusal> {
        self.output.check()?;
        if self.judgements != Judgements::Fitting && self.output.format != Format::Text {
            return Err(Refusal::new("--judgements belongs to text")
                .hint("JSON and CSV hold all judgements; leave it out"));
        }
        Ok(())
    }

    /// Returns the command line, with the option that is not part of the question.
    fn door(&self) -> CommandLine {
        let judgements = (self.judgements != Judgements::Fitting)
            .then(|| format!("--judgements={}", self.judgements.name()));
        let latest = self.latest.then(|| "--latest".to_owned());
        let as_at = self.as_at.iter().map(|day| format!("--as-at={day}"));
        let shown = judgements.into_iter().chain(self.included.option());
        CommandLine { options: shown.chain(latest).chain(as_at).collect() }
    }
}
