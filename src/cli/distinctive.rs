//! `findings distinctive`: what words set one set of paragraphs apart from another.

use super::asked::Reading;
use super::filters::{self, FilterArgs, KindName};
use super::topics::Format;
use super::{Context, Exit, Refusal, print};
use crate::answer::distinctive::{self, Asked, DistinctiveError, Order, Question};
use crate::ask::trace;
use crate::knowledge::Authorities;
use crate::render::{csv, json, terminal};
use clap::{Parser, ValueEnum};
use findings_index::Engine;
use findings_index::request::Facet;
use jiff::Timestamp;

/// Find words and phrases that set one set of paragraphs apart from another
///
/// The first set is what the conditions leave, the second what those behind --against leave: a text
/// of its own, in quotation marks, with the same options. Told are the terms that stand more often
/// in the one than in the other, by more than chance and in many reports; boilerplate, names,
/// numbers and words of grammar are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings distinctive --grade inadequate --against '--grade good'
  findings distinctive --from 2014 --to 2017 --against '--from 2021'
  findings distinctive --query audit --overall 4 --against '--query audit'
  findings distinctive --region 'North East' --against ''

Ends with 0 if any term sets them apart, 1 if none does, 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    set: SetArgs,

    /// Conditions of the second set, all in one pair of quotation marks; '' is every paragraph
    #[arg(
        long,
        value_name = "CONDITIONS",
        allow_hyphen_values = true,
        help_heading = "Second set"
    )]
    against: String,

    /// The longest phrase, in words, from 1 to 3
    #[arg(long, value_name = "WORDS", default_value_t = 3, help_heading = "Terms",
        value_parser = clap::value_parser!(u8).range(1..=3))]
    longest: u8,

    /// In how many reports of its set a term stands; by default one in twenty, but at least three
    #[arg(long, value_name = "N", help_heading = "Terms",
        value_parser = clap::value_parser!(u16).range(2..))]
    least_reports: Option<u16>,

    /// How many terms of each set
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20, help_heading = "Terms",
        value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,

    /// Order of the terms: how sure the difference is (log-likelihood), or how great (log-ratio)
    #[arg(long, value_enum, default_value_t = SortName::LogLikelihood,
        hide_possible_values = true, help_heading = "Terms")]
    sort: SortName,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long, help_heading = "Answer")]
    bom: bool,
}

/// What makes a set.
#[derive(Debug, Clone, clap::Args)]
struct SetArgs {
    /// Only paragraphs that match a query
    #[arg(long, value_name = "QUERY", help_heading = "Query")]
    query: Option<String>,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    filters: FilterArgs,
}

/// The second set, on a command line of its own.
#[derive(Debug, Parser)]
#[command(name = "--against", no_binary_name = true, disable_help_flag = true)]
struct Against {
    #[command(flatten)]
    set: SetArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SortName {
    LogLikelihood,
    LogRatio,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.format.check(args.bom)?;
    let against = against(&args.against)?;
    let engine = context.open()?;
    let first = args.set.asked("the first set", engine.as_ref(), context)?;
    let second = against.asked("the set behind --against", engine.as_ref(), context)?;
    let question = Question {
        arguments: args.arguments(&first, &second),
        sets: [first, second],
        longest: usize::from(args.longest),
        limit: usize::from(args.limit),
        least_reports: args.least_reports.map(usize::from),
        order: match args.sort {
            SortName::LogLikelihood => Order::LogLikelihood,
            SortName::LogRatio => Order::LogRatio,
        },
        names: names(engine.as_ref(), context)?,
        asked: Timestamp::now(),
    };
    let distinction = distinctive::distinctive(engine.as_ref(), &context.deadline(), &question)
        .map_err(refused)?;
    print(|out| match args.format {
        Format::Text => terminal::distinctive(&distinction, &context.look(), out),
        Format::Json => json::value(&distinction, context.layout(), out),
        Format::Csv => csv::distinctive(&distinction, args.bom, out),
    })?;
    Ok(Exit::if_any(distinction.terms.iter().map(Vec::len).sum()))
}

/// Reads the conditions behind `--against`.
fn against(typed: &str) -> Result<SetArgs, Refusal> {
    let words = shlex::split(typed).ok_or_else(|| {
        Refusal::new(format!("--against: a quotation mark in `{typed}` is not closed"))
    })?;
    Against::try_parse_from(words).map(|against| against.set).map_err(|error| {
        let said = error.to_string();
        let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines.next().unwrap_or_default();
        let refusal = Refusal::new(message.strip_prefix("error: ").unwrap_or(message));
        let tip = lines.find_map(|line| line.strip_prefix("tip: "));
        let refusal = tip.into_iter().fold(refusal, Refusal::hint);
        refusal.within("--against").hint(
            "write the conditions of the second set as one text: --against '--grade good --from 2018'",
        )
    })
}

/// What cannot be told apart is for the user to change.
fn refused(error: DistinctiveError) -> anyhow::Error {
    let refusal = Refusal::new(error.to_string());
    match error {
        DistinctiveError::Search(error) => error.into(),
        DistinctiveError::Empty { .. } => {
            refusal.hint("take a condition away; boilerplate is never counted").into()
        }
        DistinctiveError::FewReports { .. } => refusal
            .hint("take a condition away, or ask for fewer with --least-reports N, from 2 on")
            .into(),
        DistinctiveError::Same { .. } => {
            refusal.hint("give the two sets conditions that differ").into()
        }
    }
}

/// Names of authorities and regions.
fn names(engine: &dyn Engine, context: &Context) -> anyhow::Result<Vec<String>> {
    let table = Authorities::load(&context.config.authorities)?;
    let mut names = filters::held(engine, Facet::Authority)?;
    names.extend(filters::held(engine, Facet::Region)?);
    for authority in table.all() {
        names.extend([&authority.name, &authority.region].map(String::clone));
        names.extend(authority.other_names.iter().cloned());
    }
    Ok(names)
}

impl SetArgs {
    fn asked(&self, said: &str, engine: &dyn Engine, context: &Context) -> anyhow::Result<Asked> {
        if self.filters.kind.contains(&KindName::Boilerplate) {
            return Err(Refusal::new(format!(
                "{said}, --kind: boilerplate is never counted, since it says nothing about anybody"
            ))
            .into());
        }
        let typed = self.query.as_deref().unwrap_or("");
        if self.query.is_some() && typed.trim().is_empty() {
            return Err(Refusal::new(format!("{said}, --query: nothing to look for"))
                .hint("leave --query out for every paragraph")
                .into());
        }
        if self.query.is_none() && self.reading != Reading::default() {
            return Err(Refusal::new(format!("{said}: --any and --exact belong to a query"))
                .hint("add --query QUERY")
                .into());
        }
        let read = self.reading.read(typed, engine, context)?;
        let filters = self.filters.resolve(engine, context).map_err(|error| {
            match error.downcast::<Refusal>() {
                Ok(refusal) => refusal.within(said).into(),
                Err(other) => other,
            }
        })?;
        let mut asked = Asked {
            said: said.to_owned(),
            conditions: String::new(),
            query: read.query,
            passed_over: read.passed_over,
            unheld: read.unheld,
            filters,
        };
        asked.conditions = trace::words(&self.options(&asked));
        Ok(asked)
    }

    /// Its conditions, as options, with every name resolved.
    fn options(&self, asked: &Asked) -> Vec<String> {
        let mut options = Vec::new();
        options.extend(self.query.iter().map(|query| format!("--query={query}")));
        options.extend(self.reading.any.then(|| "--any".to_owned()));
        options.extend(self.reading.exact.then(|| "--exact".to_owned()));
        options.extend(trace::arguments("", "", &asked.filters).into_iter().skip(1));
        options
    }
}

impl Args {
    /// What to type to ask the same again.
    fn arguments(&self, first: &Asked, second: &Asked) -> Vec<String> {
        let mut arguments = vec!["distinctive".to_owned()];
        arguments.extend(self.set.options(first));
        arguments.push(format!("--against={}", second.conditions));
        if self.longest != 3 {
            arguments.push(format!("--longest={}", self.longest));
        }
        arguments.extend(self.least_reports.map(|least| format!("--least-reports={least}")));
        if self.limit != 20 {
            arguments.push(format!("--limit={}", self.limit));
        }
        if self.sort == SortName::LogRatio {
            arguments.push("--sort=log-ratio".to_owned());
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::against;

    #[test]
    fn the_second_set_takes_the_same_conditions_quoted_as_in_a_shell() {
        let set =
            against(r#"--grade good --authority "King's Lea" --query '"late visits"'"#).unwrap();
        assert_eq!(set.filters.grade, ["good"]);
        assert_eq!(set.filters.authority, ["King's Lea"]);
        assert_eq!(set.query.as_deref(), Some("\"late visits\""));
        assert!(against("").unwrap().filters.grade.is_empty());
    }

    #[test]
    fn a_fault_in_the_second_set_is_said_to_be_there() {
        let refusal = against("--grad good").unwrap_err();
        insta::assert_snapshot!(refusal, @"--against: unexpected argument '--grad' found");
        insta::assert_snapshot!(refusal.hints().join("\n"), @"
        a similar argument exists: '--grade'
        write the conditions of the second set as one text: --against '--grade good --from 2018'
        ");
        insta::assert_snapshot!(
            against("--grade 'good").unwrap_err(),
            @"--against: a quotation mark in `--grade 'good` is not closed"
        );
        insta::assert_snapshot!(
            against("good").unwrap_err(),
            @"--against: unexpected argument 'good' found"
        );
    }
}
