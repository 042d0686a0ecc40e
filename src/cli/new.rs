//! `findings new`: what came since the last time, and the mark of what was read.

use super::wording::{self, CommandLine};
use super::{Context, Exit, Refusal, batch, file, note};
use crate::answer::digest::{self, Digest, DigestError, QUOTES, Question};
use crate::ask::batch::{Entry, LARGEST, searches};
use crate::ask::mark::{self, Mark};
use crate::ask::since::Since;
use crate::ask::trace::Again;
use crate::ask::{OtherCondition, Session};
use crate::knowledge::Knowledge;
use crate::render::feeds::{self, Feed};
use crate::render::{html, json, markdown, terminal, words};
use anyhow::Context as _;
use clap::ValueEnum;
use findings_index::language::topic::Taxonomy;
use jiff::Timestamp;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file of saved searches in the current folder.
const FILE: &str = "searches.toml";

/// Show what is new: reports, judgements up and down, and matches of your saved searches
///
/// New is what first came into the index after the build that you last marked as read with --mark,
/// or since a date. Judgements of a new report are compared with the same authority's full
/// inspection before, as in `timeline`. A report that was held before, and whose file was replaced
/// or is read otherwise now, has changed and is not new.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A file of saved searches, with the conditions of `findings batch`:
  [[search]]
  name = \"interviews\"
  query = \"return interview\"
  framework = [\"sif\", \"ilacs\"]
  note = \"for the board in May\"

Examples:
  findings new --mark
  findings new --since 2025-03
  findings new --searches searches.toml --format markdown --mark > new.md
  findings new --html new.html
  findings search neglect --new-since last

Ends with 0 if a report or a match of a saved search is new, 1 if none is, 2 after an
error.")]
pub(crate) struct Args {
    /// Since when: a year, month or day, a moment, or `last` [default: last]
    ///
    /// As with --new-since. `last` means all that came after the build that was marked as read.
    #[arg(long, value_name = "DATE", help_heading = "Conditions")]
    since: Option<String>,

    /// Saved searches [default: the file that findings.toml names, else searches.toml if it is there]
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    searches: Option<PathBuf>,

    /// How many paragraphs of each saved search to quote [default: 3; all in Atom]
    #[arg(long, value_name = "N", help_heading = "Answer")]
    quotes: Option<usize>,

    /// Mark all that is held as read, once the answer is written whole
    ///
    /// The mark is the build that was read: what is indexed meanwhile is new the next time. Where
    /// nothing is marked yet, and no date is given, the first mark is set and nothing is listed.
    #[arg(long, help_heading = "Answer")]
    mark: bool,

    /// Also write a self-contained page, ready to print; an existing file is replaced
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    html: Option<PathBuf>,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value = "text", help_heading = "Answer")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// Headings, lists and quotations with citations
    Markdown,
    /// A feed: an entry for each new report and each new match
    Atom,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let (file, entries) = match args.file(context) {
        Some(file) => (Some(file.clone()), read(&file)?),
        None => (None, Vec::new()),
    };
    let engine = context.open()?;
    let session = context.patient_session(engine.as_ref());
    let asked = Timestamp::now();
    let mark = Mark::of(engine.as_ref(), asked);
    let is_first = args.mark && args.since.is_none() && mark::read(&context.marks)?.is_none();
    let since = match is_first {
        // With the first mark everything that is held counts as read.
        true => Since { moment: mark.next(), mark: None },
        false => args.since(&session)?,
    };
    let knowledge = Knowledge::load(context.config())?;
    let question = Question {
        again: args.again(&since, file.as_deref()),
        since,
        searches: entries,
        quotes: args.quotes.or((args.format != Format::Atom).then_some(QUOTES)),
        door: &CommandLine::default(),
        asked,
    };
    let digest = digest::ask(&session, &knowledge, question)
        .map_err(|error| failed(file.as_deref(), error))?;
    if let Some(page) = &args.html {
        file::replace(page, |out| {
            html::digest(&digest, out).with_context(|| format!("cannot write {}", page.display()))
        })?;
        // A closed stderr is not a fault of the file.
        let _ = writeln!(anstream::stderr(), "wrote {}", page.display());
    }
    let held = words::count(digest.provenance.corpus.reports, "report");
    let first = format!(
        "marked as read: all that is held now ({held}); from now on `findings new` lists what came \
         since"
    );
    let printed = match args.format {
        Format::Text if is_first => context.print_whole(|out| writeln!(out, "{first}")),
        _ => {
            if is_first {
                note(&first);
            }
            args.print(&digest, engine.topics()?, context)
        }
    };
    if args.mark {
        if !is_whole(&printed) {
            return Err(unread(&printed, is_first));
        }
        mark::write(&context.marks, &mark)?;
    }
    printed?;
    Ok(if digest.has_news() || is_first { Exit::Found } else { Exit::Nothing })
}

/// Whether the answer was written to its end.
fn is_whole(printed: &anyhow::Result<bool>) -> bool {
    matches!(printed, Ok(true))
}

/// The error where an answer that was to be marked as read was not read to its end.
fn unread(printed: &anyhow::Result<bool>, is_first: bool) -> anyhow::Error {
    let why = match printed {
        Err(error) => error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "),
        Ok(_) => "the pager was closed before its end".to_owned(),
    };
    let left = if is_first { "nothing is marked" } else { "the mark is as it was" };
    Refusal::new(format!("the answer was not written whole, so {left}: {why}"))
        .hint("write it to a file first: `findings new --mark > FILE`")
        .into()
}

impl Args {
    /// Finds the file of saved searches; `None` where there is none.
    fn file(&self, context: &Context) -> Option<PathBuf> {
        let named = self.searches.clone().or_else(|| context.config().searches.clone());
        named.or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.exists()))
    }

    fn since(&self, session: &Session<'_>) -> anyhow::Result<Since> {
        Ok(match &self.since {
            Some(typed) => session.since(OtherCondition::Since, typed)?,
            None => session.since_mark(None)?,
        })
    }

    /// Writes the command that gives the same answer again, whatever is marked meanwhile.
    fn again(&self, since: &Since, file: Option<&Path>) -> Again {
        let mut arguments = vec!["new".to_owned(), format!("--since={}", since.moment)];
        arguments.extend(file.map(|file| format!("--searches={}", file.display())));
        arguments.extend(self.quotes.map(|quotes| format!("--quotes={quotes}")));
        Again { command: format!("findings {}", wording::words(&arguments)), arguments }
    }

    /// Writes the answer, and returns whether it was written to its end.
    fn print(&self, digest: &Digest, topics: &Taxonomy, context: &Context) -> anyhow::Result<bool> {
        context.print_whole(|out| match self.format {
            Format::Text => terminal::digest(digest, &context.look(), out),
            Format::Json => json::value(digest, context.layout(), out),
            Format::Markdown => markdown::digest(digest, out),
            Format::Atom => feeds::atom(&Feed::of_digest(digest, topics), out),
        })
    }
}

/// Reads saved searches, of which a file that goes on for ever has too many.
fn read(file: &Path) -> anyhow::Result<Vec<Entry>> {
    let failed = || format!("cannot read {}", file.display());
    let mut bytes = Vec::new();
    let open = File::open(file).with_context(failed)?;
    open.take(LARGEST + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("{} is larger than 1 MB", file.display());
        return Err(Refusal::new(message)
            .hint("name a file of saved searches; `findings new --help` shows one")
            .into());
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
        .with_context(failed)?;
    searches(&text).map_err(|faults| {
        batch::faulty(file, faults.iter().map(ToString::to_string))
            .hint("`findings new --help` shows how a search is saved")
            .into()
    })
}

fn failed(file: Option<&Path>, error: DigestError) -> anyhow::Error {
    match (error, file) {
        (DigestError::Searches(error), Some(file)) => batch::failed(file, error),
        (DigestError::Asking(error), _) => error.into(),
        (error, _) => error.into(),
    }
}
