//! `findings eval`: how good the ranking is, by paragraphs that people have graded.

use super::output::{Formats, Output};
use super::reading::ReadingArgs;
use super::{Context, Exit, Refusal, file, notes, say_written};
use crate::answer::evaluate::{self, DEPTH, Evaluation, LineError, Run, RunHit, Topic};
use crate::ask::{AskError, Question, Session};
use crate::render::{csv, json, terminal, words};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Measure the ranking by paragraphs that people have graded
///
/// Searches the query of every topic and reports nDCG@10, precision@10 and recall@100, for every
/// topic and on average, also for the topics whose ids begin with the same letters. A paragraph of
/// grade 1 or more is relevant. Hits that nobody has judged count as not relevant; their number
/// among the first ten is shown.
///
/// A hit counts as the judged paragraph of the same file with which it shares most sequences of
/// four words, if one of the two contains at least 60% of the other's; each judged paragraph counts
/// once.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Files:
  TOPICS      on each line: id, a tab, the query (and a tab and anything else)
  JUDGEMENTS  on each line:
    {\"topic\": \"t01\", \"grade\": 0-3, \"sha256\": FILE'S, \"text\": PARAGRAPH}
  a run       on each line:
    {\"topic\": \"t01\", \"rank\": 1, \"sha256\": FILE'S, \"text\": PARAGRAPH}

Examples:
  findings eval topics.tsv judgements.jsonl --run before.jsonl
  findings eval topics.tsv judgements.jsonl --against before.jsonl

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// Topics and their queries
    topics: PathBuf,

    /// Graded paragraphs
    judgements: PathBuf,

    #[command(flatten)]
    reading: ReadingArgs,

    /// Rank by words alone, not by closeness in meaning as well
    #[arg(long, help_heading = "Query")]
    words_only: bool,

    /// Write up to a hundred hits a topic to a file, which is replaced once everything is written
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    run: Option<PathBuf>,

    /// Compare with another run, topic by topic, the largest loss first
    ///
    /// `p` is how often a mean difference as large would occur if the sign of every topic's
    /// difference were random (Fisher's randomisation test).
    #[arg(long, value_name = "RUN", help_heading = "Answer")]
    against: Option<PathBuf>,

    #[command(flatten)]
    output: Output<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// A row for each topic, for each group and for all
    Csv,
}

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.output.check()?;
    let topics = parsed(&args.topics, evaluate::topics)?;
    if topics.is_empty() {
        return Err(Refusal::new(format!("no topic in {}", args.topics.display()))
            .hint("write an id, a tab and a query on each line")
            .into());
    }
    let judgements = parsed(&args.judgements, evaluate::judgements)?;
    if judgements.is_empty() {
        return Err(without("no judgement", &args.judgements));
    }
    // Read before --run is written, since both may name the same file.
    let other = args.against.as_deref().map(|file| parsed(file, evaluate::run)).transpose()?;
    if let (Some(file), true) = (&args.against, other.as_ref().is_some_and(Run::is_empty)) {
        return Err(without("no hit", file));
    }
    let engine = context.open()?;
    let mut hits = Vec::new();
    for topic in &topics {
        hits.extend(searched(args, &context.session(engine.as_ref()), topic)?);
    }
    if let Some(file) = &args.run {
        file::replace(file, |out| Ok(json::lines(&hits, out)?))?;
        say_written(file, &words::count(hits.len(), "hit"));
    }
    let found = hits.len();
    let score = |run: &Run| evaluate::evaluate(&topics, &judgements, run);
    let mut evaluation: Evaluation = score(&hits.into_iter().collect());
    if let Some(other) = &other {
        evaluation = evaluation.against(&score(other));
    }
    let name = args.against.as_ref().map(|file| file.display().to_string());
    context.print(|out| match args.output.format {
        Format::Text => terminal::evaluation(&evaluation, name.as_deref(), &context.look(), out),
        Format::Json => json::value(&evaluation, context.layout(), out),
        Format::Csv => csv::evaluation(&evaluation, args.output.bom, out),
    })?;
    Ok(Exit::if_any(found))
}

/// Refuses a file that is empty, since all measures would be zero.
fn without(what: &str, file: &Path) -> anyhow::Error {
    let refusal = Refusal::new(format!("{what} in {}", file.display()));
    refusal.hint("`findings eval --help` shows a line of each file").into()
}

fn parsed<T>(file: &Path, parse: fn(&str) -> Result<T, LineError>) -> anyhow::Result<T> {
    let text = super::read(file)?;
    Ok(parse(&text).map_err(|error| Refusal::new(format!("{}, {error}", file.display())))?)
}

/// Returns the first hundred hits of a topic's query, as `search` finds them.
fn searched(args: &Args, session: &Session<'_>, topic: &Topic) -> anyhow::Result<Vec<RunHit>> {
    let place = || format!("{}, line {}, topic {}", args.topics.display(), topic.line, topic.id);
    let question = Question {
        text: topic.query.clone(),
        reading: args.reading.into(),
        limit: DEPTH,
        words_only: args.words_only,
        ..Question::default()
    };
    let answer = session.search(&question).map_err(|error| match error {
        AskError::Refused(refused) => Refusal::worded(&refused).within(&place()).into(),
        other => anyhow::Error::from(other).context(place()),
    })?;
    notes(&format!("{}: ", place()), &answer.notes);
    let hits = (1..).zip(answer.response.hits).map(|(rank, hit)| RunHit {
        topic: topic.id.clone(),
        rank,
        sha256: hit.paragraph.sha256,
        text: hit.paragraph.text,
    });
    Ok(hits.collect())
}
