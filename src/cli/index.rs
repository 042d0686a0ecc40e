//! `findings index`: brings the index up to date.

use super::corrections::{self, CorrectionArgs};
use super::frameworks::Added;
use super::progress::Bar;
use super::{Context, Exit, copying, hints, program, said};
use crate::extract::Limits;
use crate::ingest::{self, Built, Finished, Learn, Options, Part, PartRead};
use crate::knowledge::Knowledge;
use crate::render::{clean, terminal, words};
use findings_index::records::ledger::{LedgerEntry, Outcome};
#[cfg(feature = "serve")]
use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use std::{panic, thread};

/// Read reports below the given paths into the index
///
/// Recognises files by their contents, not by their names: PDF, HTML, Markdown and plain text. The
/// same command again reads only what is new or changed, and removes what is gone. Nothing is
/// visible until everything is done; a build that is stopped leaves the index as it was.
///
/// Several machines can read one large folder: each runs `--part` with another number, at the same time
/// or not, and then one of them runs `--finish`. The result is that of one machine that reads all.
///
/// With `--from-index` nothing is read: the index in another folder is copied to where this one is,
/// such as a cluster that `--engine` names.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings index reports
  findings index reports \"one more report.pdf\" --keep-missing
  findings index reports --topics topics.toml --max-seconds 60
  findings --engine https://host:9200 index --from-index .findings
  findings --engine https://host:9200 index --part 2/8 /shared/reports

Reports outside the given paths stay as they are. A file that can no longer be read keeps the \
report read from it earlier. Of identical files, one is read.

Ends with 0 if all is well, 1 if there was no report, 2 if some file could not be read or after an \
error.")]
pub(crate) struct Args {
    /// Folders and files
    #[arg(required_unless_present = "from_index", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Copy the index in this folder instead of reading files [default: the folder of --index]
    ///
    /// The copy has the same ids, times, topics, learned words and ledger, and answers the same. What
    /// the place held before and the folder does not is removed; nobody sees anything before all is
    /// there. DIR may also be the address of a cluster.
    #[arg(long, value_name = "DIR", num_args = 0..=1, conflicts_with_all = [
        "paths", "part", "finish", "keep_missing", "learn", "frameworks", "authorities", "topics", "corrections",
        "threads", "max_file_size", "max_pages", "max_seconds", "max_memory", "max_depth",
    ])]
    from_index: Option<Option<PathBuf>>,

    /// Read only this part of the files, such as `2/8`, for a build that `--finish` ends
    ///
    /// Which files belong to a part depends on their paths below PATH, and is the same on every machine.
    /// What they say is kept beside the index, where nobody sees it: in the cluster, or in a folder of
    /// the index that all machines then must share. A part that was stopped goes on where it was.
    #[arg(long, value_name = "K/N", conflicts_with_all = ["finish", "keep_missing", "learn", "wait"])]
    part: Option<Part>,

    /// Build the index from what the parts have read
    ///
    /// Takes the same paths and options as the parts. Ends with an error if one of them is missing. A file
    /// that has come or changed since is read now.
    #[arg(long)]
    finish: bool,

    /// Keep reports whose files are gone
    #[arg(long)]
    keep_missing: bool,

    /// Learn from these reports which words mean nearly the same, for the order of results
    ///
    /// Takes some seconds for every ten thousand paragraphs. What was learned replaces the vectors
    /// that come with the program, and is kept until this is asked for again;
    /// `--learn=built-in` goes back to those of the program. What matches stays the same.
    #[arg(long, value_name = "VECTORS", num_args = 0..=1, require_equals = true,
        default_missing_value = "own")]
    learn: Option<Vectors>,

    #[command(flatten)]
    added: Added,

    #[command(flatten)]
    corrections: CorrectionArgs,

    /// Wait for another build to finish: up to SECONDS, or without limit
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = FOREVER)]
    wait: Option<u64>,

    /// How many files to read at a time [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    /// Largest file to read, in MB
    #[arg(long, value_name = "MB", help_heading = "Limits for a single file",
        default_value_t = Limits::default().bytes >> 20,
        value_parser = clap::value_parser!(u64).range(1..=4096))]
    max_file_size: u64,

    /// Most pages a file may have
    #[arg(long, value_name = "N", help_heading = "Limits for a single file",
        default_value_t = Limits::default().pages, value_parser = clap::value_parser!(u32).range(1..))]
    max_pages: u32,

    /// Longest time to read a file, in seconds
    #[arg(long, value_name = "SECONDS", help_heading = "Limits for a single file",
        default_value_t = Limits::default().seconds,
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    max_seconds: u32,

    /// Most address space for a process that reads files, in MB (Linux and other Unix systems)
    #[arg(long, value_name = "MB", help_heading = "Limits for a single file",
        default_value_t = Limits::default().memory >> 20,
        value_parser = clap::value_parser!(u64).range(256..=1_048_576))]
    max_memory: u64,

    /// Deepest nesting of a document's structure
    #[arg(long, value_name = "N", help_heading = "Limits for a single file",
        default_value_t = Limits::default().depth, value_parser = clap::value_parser!(u32).range(1..=512))]
    max_depth: u32,
}

/// Which vectors of words searches use.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Vectors {
    /// Those that are learned from these reports
    Own,
    /// Those that come with the program
    BuiltIn,
}

/// The command by itself, as another command runs it.
#[cfg(feature = "serve")]
#[derive(Debug, clap::Parser)]
struct Alone {
    #[command(flatten)]
    args: Args,
}

/// Indexes files with the usual options.
#[cfg(feature = "serve")]
pub(super) fn usual(paths: &[PathBuf], context: &Context) -> anyhow::Result<Exit> {
    use clap::Parser;
    let typed = ["index", "--"].map(OsString::from);
    let typed = typed.into_iter().chain(paths.iter().map(|path| path.clone().into_os_string()));
    run(&Alone::try_parse_from(typed)?.args, context)
}

/// A hundred years, in seconds.
const FOREVER: &str = "3155760000";

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let wait = Duration::from_secs(args.wait.unwrap_or(0));
    if let Some(from) = &args.from_index {
        return copying::copy(from.as_deref(), wait, context);
    }
    let options = Options {
        roots: args.paths.clone(),
        index: context.location.clone(),
        limits: Limits {
            bytes: args.max_file_size << 20,
            pages: args.max_pages,
            seconds: args.max_seconds,
            memory: args.max_memory << 20,
            depth: args.max_depth,
        },
        threads: args.threads.map_or(0, usize::from),
        wait,
        keep_missing: args.keep_missing,
        finish: args.finish,
        learn: args.learn.map(|vectors| match vectors {
            Vectors::Own => Learn::Own,
            Vectors::BuiltIn => Learn::BuiltIn,
        }),
        worker: program()?,
    };
    let knowledge = Knowledge::load(&args.added.to(context.config()))?;
    let knowledge = args.corrections.apply(knowledge, context)?;
    keep_caught_panics_quiet();
    if let Some(part) = args.part {
        return read_part(part, &options, &knowledge, context);
    }
    let bar = Bar::new();
    let built = ingest::build(&options, &knowledge, &bar);
    bar.line.finish_and_clear();
    let built = built.map_err(hints::of_build)?;
    let mut hints = hints::of_ledger(&built.ledger);
    if !terminal::names_all(&built.ledger) {
        hints.push("`findings ledger` names every file".to_owned());
    }
    context.print(|out| {
        if let Some(Finished { parts, read_now }) = built.finished {
            let now = match read_now {
                0 => String::new(),
                1 => "; 1 file was read now".to_owned(),
                files => format!("; {} files were read now", words::number(files)),
            };
            writeln!(out, "finished from {}{now}", words::count(parts as usize, "part"))?;
        }
        terminal::built(&built.ledger, &context.look(), out)?;
        terminal::hints(&hints, &context.look(), out)?;
        if !built.changed {
            writeln!(out, "nothing has changed; the index is as it was")?;
        }
        if let Some(learned) = &built.learned {
            let paragraphs = words::count(learned.paragraphs, "paragraph");
            writeln!(out, "results are ordered by what was learned from {paragraphs}")?;
        } else if args.learn.is_some() {
            writeln!(out, "results are ordered by the vectors that come with the program")?;
        }
        Ok(())
    })?;
    for warning in corrections::unmatched(knowledge.corrections(), context)? {
        // A closed stderr is not a fault of the build.
        let said = said::wrapped(&clean::line(&warning), "warning: ".len(), said::window());
        let _ = writeln!(anstream::stderr(), "warning: {said}");
    }
    Ok(exit(&built))
}

/// Reads a part of a build.
fn read_part(
    part: Part,
    options: &Options,
    knowledge: &Knowledge,
    context: &Context,
) -> anyhow::Result<Exit> {
    let bar = Bar::new();
    let read = ingest::read_part(options, part, knowledge, &bar);
    bar.line.finish_and_clear();
    let PartRead { ledger, on_shelf } = read.map_err(hints::of_build)?;
    let unreadable =
        ledger.entries.iter().filter(|entry| entry.outcome == Outcome::Unreadable).count();
    context.print(|out| {
        let files = words::count(ledger.entries.len(), "file");
        let before = match on_shelf {
            0 => String::new(),
            files => format!(", {} of them read for this build before", words::number(files)),
        };
        writeln!(out, "part {} of {}: {files}{before}", part.number(), part.of())?;
        if !ledger.entries.is_empty() {
            terminal::built(&ledger, &context.look(), out)?;
        }
        let mut hints = hints::of_unread(&ledger);
        hints.push(
            "when every part is read, build the index with `--finish` in place of `--part`"
                .to_owned(),
        );
        terminal::hints(&hints, &context.look(), out)
    })?;
    Ok(if unreadable > 0 { Exit::Incomplete } else { Exit::Found })
}

fn exit(built: &Built) -> Exit {
    let is_report =
        |entry: &LedgerEntry| !matches!(entry.outcome, Outcome::NotAReport | Outcome::Unreadable);
    if built.count(Outcome::Unreadable) > 0 {
        Exit::Incomplete
    } else {
        Exit::if_any(built.ledger.entries.iter().filter(|entry| is_report(entry)).count())
    }
}

/// Silences the panics that a build catches. It reports the panic of a single report in the ledger,
/// and the panic's own message would only break the progress bar.
fn keep_caught_panics_quiet() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !thread::current().name().is_some_and(|name| name.starts_with(ingest::THREAD)) {
            loud(panic);
        }
    }));
}
