//! `findings timeline`: one authority's inspections in order.

use super::asked::{Reading, Subject};
use super::topics::Format;
use super::{Context, Exit, Refusal, authorities, filters, print, values};
use crate::answer::timeline::{self, Question};
use crate::ask::trace;
use crate::knowledge::Knowledge;
use crate::render::terminal::{self, Judgements};
use crate::render::{csv, json};
use clap::builder::{PossibleValue, TypedValueParser};
use findings_index::records::Attribute;
use findings_index::request::Filters;
use jiff::Timestamp;

/// Show an authority's inspections in order of date: judgements, and how often a topic comes up
///
/// Goes across frameworks, and says where a grade of one does not mean what the same word means in
/// another. With a QUERY or --topic ID, a second track shows how often each inspection mentions it,
/// and the paragraph of each that matches best.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings timeline Norfolk
  findings timeline Norfolk '\"return interview\" OR \"return home interview\"'
  findings timeline 'Southend-on-Sea' --topic missing_rhi
  findings timeline Norfolk supervision --format csv > norfolk.csv

Ends with 0 if found, 1 if no paragraph matches, 2 after an error.")]
pub(crate) struct Args {
    /// The authority, by any of its names
    #[arg(value_name = "AUTHORITY")]
    authority: String,

    /// What to look for in its reports; instead of it, --topic ID
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    /// Topic, by its id, such as `neglect`; commas separate alternatives
    ///
    /// `findings topics` lists them.
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Query")]
    topic: Vec<String>,

    #[command(flatten)]
    reading: Reading,

    /// Which judgements the text shows: overall, all, or all of reports that have few (fitting)
    #[arg(long, value_parser = judgements(), ignore_case = true,
        default_value = Judgements::default().name(), hide_possible_values = true,
        help_heading = "Answer")]
    judgements: Judgements,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long, help_heading = "Answer")]
    bom: bool,
}

fn judgements() -> impl TypedValueParser<Value = Judgements> {
    values::one_of(Judgements::ALL, |judgements| PossibleValue::new(judgements.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let engine = context.open()?;
    let held = filters::held(engine.as_ref(), Attribute::Authority)?;
    let authority = authorities::held(&held, &args.authority, context)?;
    let subject = if args.has_subject() {
        let words = args.query.join(" ");
        Some(Subject::read(&words, &args.topic, args.reading, engine.as_ref(), context)?)
    } else {
        None
    };
    let question = Question {
        arguments: args.arguments(&authority, subject.as_ref()),
        authority,
        subject: subject.as_ref().map(|subject| timeline::Subject {
            query: subject.asked.query.clone(),
            name: subject.name.clone(),
            passed_over: subject.asked.passed_over.clone(),
            unheld: subject.asked.unheld.clone(),
        }),
        asked: Timestamp::now(),
    };
    let known = Knowledge::load(&context.config)?;
    let timeline = timeline::timeline(
        engine.as_ref(),
        &context.deadline(),
        known.frameworks(),
        known.themes(),
        &question,
    )
    .map_err(|error| match &subject {
        Some(subject) => subject.asked.failed(error),
        None => error.into(),
    })?;
    print(|out| match args.format {
        Format::Text => terminal::timeline(&timeline, args.judgements, &context.look(), out),
        Format::Json => json::value(&timeline, context.layout(), out),
        Format::Csv => csv::timeline(&timeline, args.bom, out),
    })?;
    Ok(if timeline.has_any() { Exit::Found } else { Exit::Nothing })
}

impl Args {
    fn has_subject(&self) -> bool {
        !self.query.is_empty() || !self.topic.is_empty()
    }

    fn check(&self) -> Result<(), Refusal> {
        self.format.check(self.bom)?;
        if self.judgements != Judgements::default() && self.format != Format::Text {
            return Err(Refusal::new("--judgements belongs to text")
                .hint("JSON and CSV hold all judgements; leave it out"));
        }
        if self.has_subject() {
            return Subject::check(&self.query.join(" "), &self.topic);
        }
        if self.reading != Reading::default() {
            return Err(Refusal::new("--any and --exact belong to a query")
                .hint("give a query behind the authority"));
        }
        Ok(())
    }

    /// What to type to ask the same again, with every name resolved.
    fn arguments(&self, authority: &str, subject: Option<&Subject>) -> Vec<String> {
        let typed = subject.map_or("", |subject| subject.asked.typed.as_str());
        let mut arguments = trace::arguments("timeline", typed, &Filters::default());
        let mut options = vec![authority.to_owned()];
        let topics = subject.map_or(&[][..], |subject| &subject.topics);
        options.extend(topics.iter().map(|id| format!("--topic={id}")));
        options.extend(self.reading.any.then(|| "--any".to_owned()));
        options.extend(self.reading.exact.then(|| "--exact".to_owned()));
        if self.judgements != Judgements::default() {
            options.push(format!("--judgements={}", self.judgements.name()));
        }
        arguments.splice(1..1, options);
        arguments
    }
}
