//! `findings check`: whether what is held is what the files say, and what another index says.

use super::ledger::Written;
use super::place::{is_same, named};
use super::{Context, Exit, Refusal, program};
use crate::answer::agreement::{Agreement, AgreementError, Drawn, Placed, check_agreement};
use crate::answer::pages::check_pages;
use crate::extract::Limits;
use crate::extract::worker::Workers;
use crate::render::{json, terminal};
use findings_index::{Location, OpenError};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::env;
use std::path::{Path, PathBuf};

/// Check that paragraphs are quoted as they are printed, or that two indexes answer the same
///
/// With `--pages` the file of every report is read again, and the words of each paragraph are held
/// against the words of its pages, line by line and column by column, whatever the PDF's tags say. A
/// paragraph differs if words are missing, added, moved, joined or split. Footnote marks may be
/// missing, and hyphens at the ends of lines.
///
/// With `--against` the index is compared with another one, such as a copy of it in a cluster: what
/// both hold, then what both answer to questions drawn at random from the words of the reports.
/// Totals, order, scores, facets, groups, matches and comparisons must be equal.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings check --pages
  findings check --pages --all
  findings check --pages --format json > checked.json
  findings check --against https://host:9200
  findings --engine https://host:9200 check --against .findings --seed 7

Ends with 0 if all paragraphs are as printed, or all answers the same; 1 if some are not; 2 if some \
file could not be read, some question was not answered, or after an error.")]
pub(crate) struct Args {
    /// Hold paragraphs against the pages of their files
    #[arg(long, conflicts_with = "against")]
    pages: bool,

    /// Compare with the index in this cluster (addresses as for --engine) or in this folder
    ///
    /// An answer may take a minute, or as long as --time-limit says; one that is not finished by then
    /// counts as not answered.
    #[arg(long, value_name = "URL[,URL...]|DIR")]
    against: Option<PathBuf>,

    /// How many questions both are asked
    #[arg(long, value_name = "N", requires = "against", conflicts_with = "pages", default_value_t = 200,
        value_parser = clap::value_parser!(u32).range(1..))]
    questions: u32,

    /// Draw other questions: each number gives its own, and the same again
    #[arg(
        long,
        value_name = "N",
        requires = "against",
        conflicts_with = "pages",
        default_value_t = 1
    )]
    seed: u64,

    /// List everything that differs: every paragraph, report and question
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.written.needs_text("--all", args.all)?;
    match &args.against {
        Some(place) => against(place, args, context),
        None if args.pages => pages(args, context),
        None => Err(Refusal::new("nothing to check is named")
            .hint("add --pages, or --against and another index")
            .into()),
    }
}

fn pages(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let engine = context.open()?;
    let session = context.endless_session(engine.as_ref());
    let workers = Workers::new(program()?, Limits::default());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let checked = check_pages(engine.as_ref(), &workers, &session.deadline, &|| bar.inc(1));
    bar.finish_and_clear();
    let checked = checked?;
    context.print(|out| match args.written.is_json() {
        true => json::value(&checked, context.layout(), out),
        false => terminal::pages_checked(&checked, args.all, &context.look(), out),
    })?;
    Ok(if !checked.unread.is_empty() {
        Exit::Incomplete
    } else if checked.differing.is_empty() {
        Exit::Found
    } else {
        Exit::Nothing
    })
}

fn against(place: &Path, args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let there = named(place, OPTION, |name| env::var_os(name))?;
    if is_same(&context.location, &there) {
        return Err(Refusal::new(format!("{OPTION}: {there} is the index itself"))
            .hint("name another one: the address of a cluster, or another folder")
            .into());
    }
    let here = context.open()?;
    if here.corpus().paragraphs == 0 {
        return Err(
            Refusal::new("the index holds no paragraph, so that nothing can be asked").into()
        );
    }
    let other = there.open().map_err(|error| unopened(error, &there))?;
    let [here_at, there_at] = [context.location.to_string(), there.to_string()];
    let bar = asking(args.questions);
    let checked = check_agreement(
        Placed { engine: here.as_ref(), place: &here_at },
        Placed { engine: other.as_ref(), place: &there_at },
        Drawn { questions: usize::try_from(args.questions)?, seed: args.seed },
        &|| context.patience(),
        &|| bar.inc(1),
    );
    bar.finish_and_clear();
    let checked = checked.map_err(|error| match error {
        AgreementError::Here(error) => {
            anyhow::Error::new(error).context(format!("cannot read what {here_at} holds"))
        }
        AgreementError::There(error) => {
            anyhow::Error::new(error).context(format!("cannot read what {there_at} holds"))
        }
    })?;
    context.print(|out| match args.written.is_json() {
        true => json::value(&checked, context.layout(), out),
        false => terminal::agreement(&checked, args.all, &context.look(), out),
    })?;
    Ok(exit(&checked))
}

/// The option that names another index.
const OPTION: &str = "--against";

fn exit(checked: &Agreement) -> Exit {
    if !checked.unanswered.is_empty() {
        Exit::Incomplete
    } else if checked.is_whole() {
        Exit::Found
    } else {
        Exit::Nothing
    }
}

/// The error where the other index cannot be opened.
fn unopened(error: OpenError, there: &Location) -> anyhow::Error {
    let refusal = Refusal::new(error.to_string()).within(OPTION);
    match error {
        OpenError::Missing { .. } => {
            refusal.hint("name the folder of an index, or the address of a cluster").into()
        }
        OpenError::NoCorpus { .. } => refusal
            .hint("copy the index there with `--engine URL index --from-index DIR`")
            .hint("the name of a corpus is at the end of the address: `https://host:9200/reports`")
            .into(),
        error => anyhow::Error::new(error).context(format!("cannot compare with {there}")),
    }
}

/// The progress bar on stderr, which shows nothing where stderr is not a terminal.
fn asking(questions: u32) -> ProgressBar {
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(u64::from(questions)), target);
    // The template is a constant; a wrong one would show as the default bar.
    if let Ok(style) = ProgressStyle::with_template("asking [{bar:24}] {pos} of {len}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
