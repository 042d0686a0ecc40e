//! `findings distinctive`: the words that set one set of paragraphs apart from another.

use super::conditions::ConditionArgs;
use super::included::Included;
use super::output::Output;
use super::reading::ReadingArgs;
use super::topics::Format;
use super::wording::CommandLine;
use super::{Context, Exit, Refusal, notes, values};
use crate::answer::distinctive::{self, DistinctiveError, Order, Typed, TypedSet};
use crate::ask::AskError;
use crate::render::{csv, json, terminal};
use clap::Parser;
use clap::builder::{PossibleValue, TypedValueParser};
use jiff::Timestamp;

/// Find words and phrases that set one set of paragraphs apart from another
///
/// The first set is what the conditions leave, the second what the conditions in --against leave:
/// one text in double quotation marks, with the same options. Shows the terms that are more
/// frequent in one set than in the other, in many reports, and by more than where reports are
/// shuffled between the sets, or the sections of reports in both sets: at most 2% of the terms are
/// there by chance. Boilerplate, context, names, numbers and grammatical words are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings distinctive --grade inadequate --against \"--grade good\"
  findings distinctive --from 2014 --to 2017 --against \"--from 2021\"
  findings distinctive --query audit --overall 4 --against \"--query audit\"
  findings distinctive --region \"North East\" --against=\"\"

Ends with 0 if any term sets them apart, 1 if none does, 2 after an error.")]
pub(crate) struct Args {
    #[command(flatten)]
    set: SetArgs,

    /// Conditions of the second set, in one pair of quotation marks; `--against=""` is every
    /// paragraph
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

    /// In how many reports of its set a term must occur [default: one in twenty, at least three]
    #[arg(long, value_name = "N", help_heading = "Terms",
        value_parser = clap::value_parser!(u16).range(2..))]
    least_reports: Option<u16>,

    /// How many terms of each set to show
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20, help_heading = "Terms",
        value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,

    /// Order of the terms: how certain the difference is as reports go (log-likelihood), or how large
    /// (log-ratio)
    #[arg(long, value_parser = order(), ignore_case = true,
        default_value = Order::default().name(), hide_possible_values = true,
        help_heading = "Terms")]
    sort: Order,

    #[command(flatten)]
    included: Included,

    #[command(flatten)]
    output: Output<Format>,
}

/// What makes a set.
#[derive(Debug, Clone, clap::Args)]
struct SetArgs {
    /// Only paragraphs that match a query
    #[arg(long, value_name = "QUERY", help_heading = "Query")]
    query: Option<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    conditions: ConditionArgs,
}

/// The second set, on a command line of its own.
#[derive(Debug, Parser)]
#[command(name = "--against", no_binary_name = true, disable_help_flag = true)]
struct Against {
    #[command(flatten)]
    set: SetArgs,
}

fn order() -> impl TypedValueParser<Value = Order> {
    values::one_of(Order::ALL, |order| PossibleValue::new(order.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    let against = against(&args.against)?;
    let engine = context.open()?;
    let typed = Typed {
        sets: [args.set.typed(), against.typed()],
        longest: usize::from(args.longest),
        limit: usize::from(args.limit),
        least_reports: args.least_reports.map(usize::from),
        order: args.sort,
        include: args.included.kinds(),
    };
    let session = context.patient_session(engine.as_ref());
    let distinction = distinctive::ask(&session, &typed, &args.door(), Timestamp::now());
    let distinction = distinction.map_err(refused)?;
    notes("", &distinction.remarks);
    context.print(|out| match args.output.format {
        Format::Text => terminal::distinctive(&distinction, &context.look(), out),
        Format::Json => json::value(&distinction, context.layout(), out),
        Format::Csv => csv::distinctive(&distinction, args.output.bom, out),
    })?;
    Ok(Exit::if_any(distinction.terms.iter().map(Vec::len).sum()))
}

/// Reads the conditions given with `--against`.
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
            r#"write the conditions of the second set as one text: --against "--grade good --from 2018""#,
        )
    })
}

/// Turns an error into a refusal where it is for the user to change what was typed.
fn refused(error: DistinctiveError) -> anyhow::Error {
    let refusal = Refusal::new(error.to_string());
    match error {
        DistinctiveError::Search(error) => error.into(),
        DistinctiveError::Asking(error) => error.into(),
        DistinctiveError::Set { which, source } => match *source {
            AskError::Refused(refused) => Refusal::worded(&refused).within(which.said()).into(),
            other => anyhow::Error::from(other).context(which.said()),
        },
        DistinctiveError::Empty { remarks, .. } => {
            let told = remarks.iter().fold(refusal, |told, remark| told.hint(&remark.text));
            told.hint("leave a condition out; boilerplate is never counted").into()
        }
        DistinctiveError::FewReports { .. } => refusal
            .hint("leave a condition out, or ask for fewer with --least-reports N, from 2 on")
            .into(),
        DistinctiveError::Same { .. } => {
            refusal.hint("give the two sets conditions that differ").into()
        }
    }
}

impl SetArgs {
    fn typed(&self) -> TypedSet {
        TypedSet {
            text: self.query.clone(),
            reading: self.reading.into(),
            conditions: self.conditions.typed(),
        }
    }
}

impl Args {
    /// Returns the command line, with the options that belong to neither set.
    fn door(&self) -> CommandLine {
        let mut options = Vec::new();
        if self.longest != 3 {
            options.push(format!("--longest={}", self.longest));
        }
        options.extend(self.least_reports.map(|least| format!("--least-reports={least}")));
        if self.limit != 20 {
            options.push(format!("--limit={}", self.limit));
        }
        if self.sort != Order::LogLikelihood {
            options.push(format!("--sort={}", self.sort.name()));
        }
        options.extend(self.included.option());
        CommandLine { options }
    }
}

#[cfg(test)]
mod tests {
    use super::against;
    use findings_index::records::Attribute;

    #[test]
    fn the_second_set_takes_the_same_conditions_quoted_as_in_a_shell() {
        let set =
            against(r#"--grade good --authority "King's Lea" --query '"late visits"'"#).unwrap();
        assert_eq!(set.conditions.typed().of(Attribute::Grade), ["good"]);
        assert_eq!(set.conditions.typed().of(Attribute::Authority), ["King's Lea"]);
        assert_eq!(set.query.as_deref(), Some("\"late visits\""));
        assert!(against("").unwrap().conditions.typed().is_empty());
    }

    #[test]
    fn a_fault_in_the_second_set_is_said_to_be_there() {
        let refusal = against("--grad good").unwrap_err();
        insta::assert_snapshot!(refusal, @"--against: unexpected argument '--grad' found");
        insta::assert_snapshot!(refusal.hints().join("\n"), @r#"
        a similar argument exists: '--grade'
        write the conditions of the second set as one text: --against "--grade good --from 2018"
        "#);
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
