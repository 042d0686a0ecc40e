//! `findings compare`: how often something is mentioned, and by whom.

use super::conditions::ConditionArgs;
use super::included::Included;
use super::output::{Formats, Output};
use super::reading::ReadingArgs;
use super::wording::CommandLine;
use super::{Context, Exit, Refusal, file, notes, values};
use crate::answer::committee;
use crate::answer::compare::funnel::Method;
use crate::answer::compare::{self, Comparison, Sort, Typed, quotes};
use crate::ask::AskError;
use crate::render::{Committee, csv, html, json, markdown, terminal};
use anyhow::Context as _;
use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};
use findings_index::records::Attribute;
use jiff::Timestamp;
use std::io::Write;
use std::path::PathBuf;

/// Compare how often something is mentioned
///
/// Takes a QUERY, written as for `search`, or `--topic ID`; with both, the paragraphs of the topic
/// that match the query are counted. Counts the paragraphs that match, out of all paragraphs that the
/// conditions leave, except boilerplate and context, and the inspections
/// that mention it at all, with the grades that they give. Rates have 95% intervals where there are
/// enough reports. A mention may be praise or criticism, and the grade of a section is never a verdict
/// on the paragraph.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings compare return-interview --by framework
  findings compare --topic missing_rhi --by authority --html missing.html
  findings compare supervision --by overall --framework ilacs
  findings compare caseloads --by region --and grade --format csv > loads.csv
  findings compare audits --by authority --neighbours-of Norfolk --quotes 3
  findings compare audits --by region --format markdown --title Audits

Ends with 0 if anything matches, 1 if nothing does, 2 after an error.")]
pub(crate) struct Args {
    /// What to look for; --topic ID narrows it or takes its place
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    /// How to group paragraphs
    #[arg(long, value_parser = values::dimension(), ignore_case = true, help_heading = "Groups")]
    by: Attribute,

    /// A second dimension: a table of both
    #[arg(long, value_parser = values::dimension(), ignore_case = true, value_name = "BY",
        help_heading = "Groups")]
    and: Option<Attribute>,

    /// Order of the groups: name (grades by rank), rate or reports
    ///
    /// Rates of small groups vary widely: an order by rate is not a league table.
    #[arg(long, value_parser = sort(), ignore_case = true, default_value = Sort::default().name(),
        hide_possible_values = true, help_heading = "Groups")]
    sort: Sort,

    /// Compare each group with reports of the same frameworks (indirect standardisation)
    ///
    /// What a group has is divided by what reports of the same frameworks have (visits apart, and by
    /// years where these differ), times the rate of all.
    #[arg(long, value_name = "framework", value_parser = standardised(), ignore_case = true,
        hide_possible_values = true, help_heading = "Groups")]
    standardise: Option<Attribute>,

    /// What the limits of the funnel allow for: adjusted or raw
    ///
    /// Adjusted limits allow for different frameworks and for reports that differ. Raw ones take
    /// every paragraph for independent; many more groups lie outside of them.
    #[arg(long, value_name = "LIMITS", value_parser = limits(), ignore_case = true,
        default_value = "adjusted", hide_possible_values = true, help_heading = "Groups")]
    limits: Method,

    #[command(flatten)]
    conditions: ConditionArgs,

    #[command(flatten)]
    included: Included,

    /// How many paragraphs of each group to quote; 0 for none
    ///
    /// By default two, one if there are more than 20 groups, and none if there are more than 100.
    /// Text output omits the default ones of more than 20 groups.
    #[arg(long, value_name = "N", help_heading = "Answer")]
    quotes: Option<usize>,

    /// Also write a self-contained page with charts, ready to print; an existing file is replaced
    ///
    /// It says what may be said from the figures and what may not, and shows the newest full
    /// inspections next to all. With --neighbours-of, the council and its neighbours are marked.
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    html: Option<PathBuf>,

    /// The title of the page, or of the answer in Markdown
    #[arg(long, value_name = "TEXT", help_heading = "Answer")]
    title: Option<String>,

    #[command(flatten)]
    output: Output<Format>,
}

/// How to write the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One value: an object, or a list of them
    Json,
    /// A table for spreadsheets
    Csv,
    /// For a paper: the sentence, the table, what may be said, silence, how it was counted
    Markdown,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

fn sort() -> impl TypedValueParser<Value = Sort> {
    values::one_of(Sort::ALL, |sort| PossibleValue::new(sort.name()))
}

fn standardised() -> impl TypedValueParser<Value = Attribute> {
    values::one_of([Attribute::Framework], |by| PossibleValue::new(by.name()))
}

fn limits() -> impl TypedValueParser<Value = Method> {
    values::one_of([Method::Adjusted, Method::Raw], |limits| PossibleValue::new(limits.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let typed = args.typed();
    typed.check().map_err(AskError::from)?;
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let mut comparison = compare::ask(&session, &typed, &args.door(), Timestamp::now())?;
    notes("", &comparison.remarks);
    let own = match args.is_for_readers() {
        true => committee::ask(&session, &typed, &comparison, &args.door(), Timestamp::now())?,
        false => None,
    };
    let title = args.title.as_deref();
    if let Some(page) = &args.html {
        let view = Committee { comparison: &comparison, own: own.as_ref(), title };
        file::replace(page, |out| {
            html::comparison(&view, html::Sheet::Embedded, html::Numbers::Plain, out)
                .with_context(|| format!("cannot write {}", page.display()))
        })?;
        // A closed stderr is not a fault of the file.
        let _ = writeln!(anstream::stderr(), "wrote {}", page.display());
    }
    if args.leaves_quotes_out(&comparison) {
        comparison.leave_quotes_out();
    }
    context.print(|out| match args.output.format {
        Format::Text => terminal::comparison(&comparison, &context.look(), out),
        Format::Json => json::value(&comparison, context.layout(), out),
        Format::Csv => csv::comparison(&comparison, args.output.bom, out),
        Format::Markdown => {
            let view = Committee { comparison: &comparison, own: own.as_ref(), title };
            markdown::comparison(&view, out)
        }
    })?;
    Ok(Exit::if_any(comparison.whole.matching.paragraphs))
}

impl Args {
    /// Whether quotes that nobody asked for would bury the table, as there are many groups.
    fn leaves_quotes_out(&self, comparison: &Comparison) -> bool {
        let is_quoted = comparison.groups.iter().any(|group| !group.quotes.is_empty());
        let is_for_people = matches!(self.output.format, Format::Text | Format::Markdown);
        let is_long = comparison.groups.len() > quotes::MANY && is_quoted;
        is_for_people && self.quotes.is_none() && is_long
    }

    fn check(&self) -> Result<(), Refusal> {
        self.output.check()?;
        if self.and == Some(self.by) {
            return Err(Refusal::new("--and is the same as --by")
                .hint("leave --and out, or name a second dimension"));
        }
        if self.title.is_some() && !self.is_for_readers() {
            return Err(Refusal::new("--title belongs to a page or to Markdown")
                .hint("add --html FILE or --format markdown"));
        }
        Ok(())
    }

    /// Whether the answer is written for those who were not there when it was asked for.
    fn is_for_readers(&self) -> bool {
        self.html.is_some() || self.output.format == Format::Markdown
    }

    fn typed(&self) -> Typed {
        Typed {
            text: self.query.join(" "),
            reading: self.reading.into(),
            conditions: self.conditions.typed(),
            by: std::iter::once(self.by).chain(self.and).collect(),
            include: self.included.kinds(),
            sort: self.sort,
            quotes: self.quotes.into(),
            standardise: self.standardise,
            limits: self.limits,
            newest_as_well: self.is_for_readers(),
        }
    }

    /// Returns the command line, with the options that are not conditions.
    fn door(&self) -> CommandLine {
        let mut options = vec![format!("--by={}", self.by.name())];
        options.extend(self.and.map(|and| format!("--and={}", and.name())));
        if self.sort != Sort::Name {
            options.push(format!("--sort={}", self.sort.name()));
        }
        options.extend(self.standardise.map(|by| format!("--standardise={}", by.name())));
        if self.limits != Method::default() {
            options.push(format!("--limits={}", self.limits.name()));
        }
        options.extend(self.quotes.map(|quotes| format!("--quotes={quotes}")));
        options.extend(self.included.option());
        options.extend(self.conditions.neighbours());
        options.extend(self.conditions.latest());
        CommandLine { options }
    }
}
