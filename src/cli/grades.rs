//! `findings grades`: how often which grade was given, and how grades changed.

use super::conditions::JudgementArgs;
use super::output::{Formats, Output};
use super::wording::CommandLine;
use super::{Context, Exit, Refusal, notes, values};
use crate::answer::grades::{self, By, Since, Typed};
use crate::ask::AskError;
use crate::knowledge::Knowledge;
use crate::render::{csv, json, markdown, terminal};
use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};
use jiff::Timestamp;

/// Count grades, and how they changed from inspection to inspection
///
/// Counts the overall grades of full inspections by framework and by year, or as --by says; with
/// --theme, the judgements of a theme instead. Visits, inspections without an overall grade, and
/// judgements on other bodies or scales are counted apart. With --latest or --as-at every authority
/// counts once. --changes compares each authority's latest full inspection with its first.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings grades
  findings grades --by region --as-at 2019-03-31
  findings grades --by year --and framework --theme leadership
  findings grades --changes --from 2013-11 --list
  findings grades --changes=previous --framework ilacs --format csv > moved.csv

Ends with 0 if there are any, 1 if there are none, 2 after an error.")]
pub(crate) struct Args {
    /// By what to count [default: by framework and by year]
    #[arg(long, value_parser = by(), ignore_case = true, help_heading = "Groups")]
    by: Option<By>,

    /// A second thing to count by, within the first
    #[arg(long, value_parser = by(), ignore_case = true, value_name = "BY", requires = "by",
        help_heading = "Groups")]
    and: Option<By>,

    /// Compare each authority's latest full inspection with an earlier one
    ///
    /// `--changes` compares it with the first that meets the conditions, `--changes=previous` with
    /// the one before. Only grades of the same scale are compared. Groups are those of the latest.
    #[arg(long, value_parser = since(), ignore_case = true, value_name = "SINCE",
        num_args = 0..=1, require_equals = true, default_missing_value = Since::First.name(),
        help_heading = "Groups")]
    changes: Option<Since>,

    #[command(flatten)]
    conditions: JudgementArgs,

    /// Also list the authorities with their grades; for --changes, --latest and --as-at
    #[arg(long, help_heading = "Answer")]
    list: bool,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object, with the authorities
    Json,
    /// A row for each grade of each group; for --changes, for each authority
    Csv,
    /// Tables to paste into a paper
    Markdown,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

fn by() -> impl TypedValueParser<Value = By> {
    values::one_of(By::ALL, |by| PossibleValue::new(by.name()))
}

fn since() -> impl TypedValueParser<Value = Since> {
    values::one_of(Since::ALL, |since| PossibleValue::new(since.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let typed = args.typed();
    typed.check().map_err(AskError::from)?;
    let engine = context.open()?;
    let knowledge = Knowledge::load(context.config())?;
    let session = context.patient_session(engine.as_ref());
    let grades = grades::ask(&session, &knowledge, &typed, &args.door(), Timestamp::now())?;
    notes("", &grades.remarks);
    context.print(|out| match args.output.format {
        Format::Text => terminal::grades(&grades, args.list, &context.look(), out),
        Format::Json => json::value(&grades, context.layout(), out),
        Format::Csv => csv::grades(&grades, args.output.bom, out),
        Format::Markdown => markdown::grades(&grades, args.list, out),
    })?;
    Ok(if grades.has_any() { Exit::Found } else { Exit::Nothing })
}

impl Args {
    fn check(&self) -> Result<(), Refusal> {
        self.output.check()?;
        if self.and.is_some() && self.and == self.by {
            return Err(Refusal::new("--and is the same as --by")
                .hint("leave --and out, or count by something else as well"));
        }
        if !self.list {
            return Ok(());
        }
        if matches!(self.output.format, Format::Json | Format::Csv) {
            return Err(Refusal::new("--list belongs to text and markdown")
                .hint("leave it out: JSON names the authorities, and so does CSV with --changes"));
        }
        if self.changes.is_none() && !self.conditions.takes_latest() {
            return Err(Refusal::new("--list needs one inspection of each authority")
                .hint("add --latest, --as-at DATE or --changes, or use `findings reports`"));
        }
        Ok(())
    }

    fn typed(&self) -> Typed {
        Typed {
            by: self.by.into_iter().chain(self.and).collect(),
            conditions: self.conditions.typed(),
            changes: self.changes,
        }
    }

    /// Returns the command line, with the options that are not conditions.
    fn door(&self) -> CommandLine {
        let by = self.by.map(|by| format!("--by={}", by.name()));
        let and = self.and.map(|and| format!("--and={}", and.name()));
        let changes = self.changes.map(|since| match since {
            Since::First => "--changes".to_owned(),
            Since::Previous => format!("--changes={}", since.name()),
        });
        let list = self.list.then(|| "--list".to_owned());
        let latest = self.conditions.latest();
        let shown = [by, and, changes, list].into_iter().flatten();
        let options = shown.chain(self.conditions.neighbours()).chain(latest).collect();
        CommandLine { options }
    }
}
