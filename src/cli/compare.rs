//! `findings compare`: who says it, and how often.

use super::asked::{Reading, Subject};
use super::conditions::Conditions;
use super::filters;
use super::topics::Format;
use super::{Context, Exit, Refusal, authorities, file, print, values};
use crate::answer::compare::mentions::Scope;
use crate::answer::compare::quotes::{self, Wanted};
use crate::answer::compare::{self, Comparison, Question, Sort};
use crate::ask::trace;
use crate::render::{csv, html, json, terminal};
use anyhow::Context as _;
use clap::builder::{PossibleValue, TypedValueParser};
use findings_index::Engine;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use jiff::Timestamp;
use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;

/// Compare how often something is mentioned
///
/// What is looked for is a QUERY, written as for `search`, or `--topic ID`. Counted are paragraphs
/// that match, out of all paragraphs that the conditions leave, boilerplate left out; and authorities
/// and reports that mention it at all. Every rate has its 95% interval. A mention may be praise or
/// criticism, and the grade of a section is never the paragraph's own.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings compare '\"return interview\"' --by framework
  findings compare --topic missing_rhi --by authority --html missing.html
  findings compare supervision --by overall --framework ilacs
  findings compare caseloads --by region --and grade --format csv > loads.csv
  findings compare audits --by authority --neighbours-of Norfolk --quotes 3

Ends with 0 if anything matches, 1 if nothing does, 2 after an error.")]
pub(crate) struct Args {
    /// What to look for; instead of it, --topic ID
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    reading: Reading,

    /// By what to put paragraphs into groups
    #[arg(long, value_parser = values::dimension(), ignore_case = true, help_heading = "Groups")]
    by: Attribute,

    /// A second dimension: a table of both
    #[arg(long, value_parser = values::dimension(), ignore_case = true, value_name = "BY",
        help_heading = "Groups")]
    and: Option<Attribute>,

    /// Order of the groups: name (grades by their place on the scale), rate or reports
    ///
    /// Rates of small groups scatter widely: an order by rate is no league table.
    #[arg(long, value_parser = sort(), ignore_case = true, default_value = Sort::default().name(),
        hide_possible_values = true, help_heading = "Groups")]
    sort: Sort,

    #[command(flatten)]
    filters: Conditions,

    /// How many paragraphs of each group to quote; 0 for none
    ///
    /// Without it two; one where there are more than 20 groups, and none with more than 100. Text
    /// leaves those of more than 20 groups out.
    #[arg(long, value_name = "N", help_heading = "Answer")]
    quotes: Option<usize>,

    /// Write one self-contained page as well, with charts and for printing; the file is replaced
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    html: Option<PathBuf>,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long, help_heading = "Answer")]
    bom: bool,
}

fn sort() -> impl TypedValueParser<Value = Sort> {
    values::one_of(Sort::ALL, |sort| PossibleValue::new(sort.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let engine = context.open()?;
    let words = args.query.join(" ");
    let subject = Subject::read(
        &words,
        args.filters.of(Attribute::Topic),
        args.reading,
        engine.as_ref(),
        context,
    )?;
    let (filters, scope) = args.resolve(engine.as_ref(), context)?;
    let question = Question {
        arguments: args.arguments(&subject, &filters, &scope),
        query: subject.asked.query.clone(),
        passed_over: subject.asked.passed_over.clone(),
        unheld: subject.asked.unheld.clone(),
        name: subject.name,
        filters,
        by: args.by(),
        quotes: args.quotes.map_or(Wanted::Usual, Wanted::Each),
        sort: args.sort,
        scope,
        asked: Timestamp::now(),
    };
    let mut comparison = compare::compare(engine.as_ref(), &context.deadline(), &question)
        .map_err(|error| subject.asked.failed(error))?;
    if let Some(page) = &args.html {
        file::replace(page, |out| {
            html::comparison(&comparison, out)
                .with_context(|| format!("cannot write {}", page.display()))
        })?;
        // A closed stderr is no fault of the file.
        let _ = writeln!(anstream::stderr(), "wrote {}", page.display());
    }
    if args.leaves_quotes_out(&comparison) {
        comparison.leave_quotes_to("--html FILE and --format json");
    }
    print(|out| match args.format {
        Format::Text => terminal::comparison(&comparison, &context.look(), out),
        Format::Json => json::value(&comparison, context.layout(), out),
        Format::Csv => csv::comparison(&comparison, args.bom, out),
    })?;
    Ok(Exit::if_any(comparison.whole.matching.paragraphs))
}

impl Args {
    /// Whether quotes of so many groups that nobody asked for would bury the table they follow.
    fn leaves_quotes_out(&self, comparison: &Comparison) -> bool {
        let is_quoted = comparison.groups.iter().any(|group| !group.quotes.is_empty());
        let is_long = comparison.groups.len() > quotes::MANY && is_quoted;
        self.format == Format::Text && self.quotes.is_none() && is_long
    }

    fn by(&self) -> Vec<Attribute> {
        std::iter::once(self.by).chain(self.and).collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        self.format.check(self.bom)?;
        if self.and == Some(self.by) {
            return Err(Refusal::new("--and is the same as --by")
                .hint("leave --and out, or name a second dimension"));
        }
        if filters::asks_for_boilerplate(&self.filters) {
            return Err(Refusal::new(
                "--kind: boilerplate is never compared, since it says nothing about anybody",
            )
            .hint("`findings search --kind boilerplate` finds it"));
        }
        Subject::check(&self.query.join(" "), self.filters.of(Attribute::Topic))?;
        Ok(())
    }

    /// The filters, and whose reports they make one expect. Authorities of which nothing is held
    /// are no error here: that nothing is held is part of the answer.
    fn resolve(&self, engine: &dyn Engine, context: &Context) -> anyhow::Result<(Filters, Scope)> {
        let mut typed = self.filters.clone();
        typed.set(Attribute::Topic, Vec::new());
        if typed.of(Attribute::Authority).is_empty() && typed.neighbours_of.is_empty() {
            let filters = typed.resolve(engine, context)?;
            let said = match filters.values(Attribute::Region) {
                [] => "authorities known to Findings".to_owned(),
                regions => format!("authorities known to Findings in {}", regions.join(", ")),
            };
            let authorities = authorities::all(filters.values(Attribute::Region), context)?;
            return Ok((filters, Scope { authorities, said }));
        }
        let held = filters::held(engine, Attribute::Authority)?;
        let named = authorities::named(&held, typed.of(Attribute::Authority), context)?;
        let mut expected = named.authorities;
        for name in &typed.neighbours_of {
            expected.extend(authorities::all_neighbours(name, context)?);
        }
        // With none left to search for, the search says what is wrong.
        if !named.searched.is_empty() || !typed.neighbours_of.is_empty() {
            typed.set(Attribute::Authority, named.searched);
        }
        let mut filters = typed.resolve(engine, context)?;
        let once = once_each(filters.values(Attribute::Authority).to_vec());
        filters.set(Attribute::Authority, once);
        let said = "authorities that were named".to_owned();
        Ok((filters, Scope { authorities: expected, said }))
    }

    /// What to type to ask the same again, with every name resolved.
    fn arguments(&self, subject: &Subject, filters: &Filters, scope: &Scope) -> Vec<String> {
        let mut filters = filters.clone();
        let mut authorities = filters.values(Attribute::Authority).to_vec();
        if !authorities.is_empty() {
            // Those of which nothing is held are part of the answer, so of the question as well.
            authorities.extend(scope.authorities.iter().cloned());
            filters.set(Attribute::Authority, once_each(authorities));
        }
        let mut arguments = trace::arguments("compare", &subject.asked.typed, &filters);
        let mut options: Vec<String> = Vec::new();
        options.extend(subject.topics.iter().map(|id| format!("--topic={id}")));
        options.extend(self.reading.any.then(|| "--any".to_owned()));
        options.extend(self.reading.exact.then(|| "--exact".to_owned()));
        options.push(format!("--by={}", self.by.name()));
        options.extend(self.and.map(|by| format!("--and={}", by.name())));
        if self.sort != Sort::default() {
            options.push(format!("--sort={}", self.sort.name()));
        }
        options.extend(self.quotes.map(|quotes| format!("--quotes={quotes}")));
        arguments.splice(1..1, options);
        arguments
    }
}

/// The names in their order, each of them once.
fn once_each(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}
