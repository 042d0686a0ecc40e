//! The command line: reads what was typed, runs one command, and reports what went wrong.
//!
//! Each command turns what was typed into a request, asks it, and hands the answer to a renderer.
//! clap's types are used only here. What a user typed wrong is answered by a `Refusal`: what is
//! wrong, and what to do next. Exit codes: 0 found or done, 1 searched and found nothing, 2 an
//! error or some file that could not be read.

mod acronyms;
mod advice;
mod batch;
mod check;
mod compare;
mod completions;
mod conditions;
mod context;
mod copying;
mod corrections;
mod coverage;
mod distinctive;
mod eval;
mod export;
mod fault;
mod file;
mod frameworks;
mod grades;
mod hints;
mod included;
mod index;
mod inspect;
mod keep;
mod kwic;
mod ledger;
mod manual;
mod new;
mod open;
mod output;
mod pager;
mod picture;
mod place;
mod progress;
mod query;
mod reading;
mod recommendations;
mod refusal;
mod reports;
mod said;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod similar;
mod timeline;
mod topics;
mod values;
mod wording;

use crate::ask::Reference;
use crate::extract::worker;
use crate::knowledge::config::{Addresses, Config};
use crate::render::clean;
use crate::render::json::{self, Layout};
pub use wording::CommandLine;

use advice::advice;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use context::{
    Context, Exit, UNWRITTEN, full_needs_text, note, notes, print, program, read, say_written,
};
use fault::Fault;
use pager::Pager;
use place::{Given, Origin};
use refusal::Refusal;
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Search and compare inspection reports
///
/// Turns folders of reports into an index in which every paragraph carries its report, authority,
/// dates, section, grade, number and page; then finds, counts and cites paragraphs.
#[derive(Debug, Parser)]
#[command(
    name = "findings",
    version,
    after_help = "\
Begin with:
  findings index FOLDER
  findings search return-interview --grade inadequate

Ends with 0 if found or done, 1 if nothing was found, 2 after an error or if some file could not \
be read."
)]
struct Cli {
    #[command(flatten)]
    global: Global,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
struct Global {
    /// Folder of the index
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "FINDINGS_INDEX",
        hide_env_values = true,
        default_value = place::FOLDER,
        help_heading = "Everywhere"
    )]
    index: PathBuf,

    /// OpenSearch cluster that holds the index, instead of a folder
    ///
    /// The addresses of its nodes, such as `https://host:9200`, separated by commas. An address may
    /// end in the name of the index there [default: findings]: `https://host:9200/reports`.
    /// FINDINGS_ENGINE_USER and FINDINGS_ENGINE_PASSWORD say who asks, unless an address does
    /// (`https://user:password@host`), which others on this machine may see. FINDINGS_ENGINE_CA
    /// names a PEM file of the certificates to trust, instead of those of the system.
    #[arg(
        long,
        global = true,
        value_name = "URL[,URL...]",
        env = "FINDINGS_ENGINE",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    engine: Option<Addresses>,

    /// Configuration file, instead of `findings.toml` in the current folder
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "FINDINGS_CONFIG",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    config: Option<PathBuf>,

    /// How long an answer may take [default: 10 for a search, 60 for a comparison]
    #[arg(long, global = true, value_name = "SECONDS", help_heading = "Everywhere")]
    time_limit: Option<f64>,

    /// When to use colour; `auto` follows the terminal and NO_COLOR
    ///
    /// Without colour, what matched is **between asterisks**.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t = When::Auto,
        help_heading = "Everywhere"
    )]
    color: When,

    /// Do not show answers longer than the window through a pager
    ///
    /// On a terminal they go through FINDINGS_PAGER, else PAGER, else `less`.
    #[arg(long, global = true, help_heading = "Everywhere")]
    no_pager: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Index(index::Args),
    Search(search::Args),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Kwic(kwic::Args),
    Batch(batch::Args),
    Similar(similar::Args),
    Compare(compare::Args),
    Timeline(timeline::Args),
    Grades(grades::Args),
    Recommendations(recommendations::Args),
    New(new::Args),
    Distinctive(distinctive::Args),
    Show(show::Args),
    Keep(keep::Args),
    Reports(reports::Args),
    Export(export::Args),
    Eval(eval::Args),
    Topics(topics::Args),
    Acronyms(acronyms::Args),
    Ledger(ledger::Args),
    Coverage(coverage::Args),
    Check(check::Args),
    Inspect(inspect::Args),
    Frameworks(frameworks::Args),
    Query(query::Args),
    Completions(completions::Args),
    Manual(manual::Args),
}

/// Prints an error of the command line, or the help that was asked for.
fn unread(error: &clap::Error) -> ExitCode {
    // Where stderr is closed, only the exit code can report the error.
    let _ = error.print();
    let mut typed = std::env::args().skip(1).take_while(|argument| argument != "--");
    let excluded = typed.find_map(|argument| {
        let word = argument.strip_prefix('-')?;
        let is_word = word.chars().count() > 2 && word.chars().all(char::is_alphabetic);
        is_word.then(|| word.to_owned())
    });
    if let (Some(word), clap::error::ErrorKind::UnknownArgument) = (excluded, error.kind()) {
        let hint = format!(
            "hint: to leave a word out write NOT {word}, or put the whole query in quotation marks"
        );
        let _ = writeln!(anstream::stderr(), "{hint}");
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Runs what the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    // Comes before the command line is read, since workers are not started by a user.
    if let Some(code) = worker::serve_if_asked() {
        return code;
    }
    let typed = match Cli::command().try_get_matches() {
        Ok(typed) => typed,
        Err(error) => return unread(&error),
    };
    let cli = Cli::from_arg_matches(&typed).unwrap_or_else(|error| error.exit());
    match cli.global.color {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    }
    .write_global();
    match context(cli.global, &typed).and_then(|context| dispatch(&cli.command, context)) {
        Ok(exit) => exit.into(),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where stderr is closed as well, only the exit code can report the error.
            let _ = explain(&error, said::window(), &mut anstream::stderr());
            if fault::wants_json(&typed) {
                let _ = print(|out| json::value(&Fault::of(&error), Layout::Compact, out));
            }
            ExitCode::from(2)
        }
    }
}

fn context(global: Global, typed: &ArgMatches) -> anyhow::Result<Context> {
    let config = match &global.config {
        Some(file) => Config::read(file)?,
        None => Config::in_folder(Path::new(""))?,
    };
    let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    let time_limit = match global.time_limit {
        None => None,
        Some(seconds) => Some(Duration::try_from_secs_f64(seconds).map_err(|_| {
            Refusal::new(format!("--time-limit: {seconds} is not a number of seconds"))
        })?),
    };
    let folder = global.index.clone();
    let place = place::choose(&Given {
        index: (global.index, Origin::of(typed, "index")),
        engine: global.engine.map(|engine| (engine, Origin::of(typed, "engine"))),
        configured: config.engine.clone(),
    })?;
    let location = place.location(|name| env::var_os(name))?;
    let reference = Reference::new(config);
    let pager = (!global.no_pager).then(|| Pager::of_terminal(|name| env::var_os(name))).flatten();
    let marks = place::marks(&location);
    Ok(Context { location, folder, marks, reference, time_limit, colour, pager })
}

fn dispatch(command: &Command, context: Context) -> anyhow::Result<Exit> {
    match command {
        Command::Index(args) => index::run(args, &context),
        Command::Search(args) => search::run(args, &context),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, context),
        Command::Kwic(args) => kwic::run(args, &context),
        Command::Batch(args) => batch::run(args, &context),
        Command::Similar(args) => similar::run(args, &context),
        Command::Compare(args) => compare::run(args, &context),
        Command::Timeline(args) => timeline::run(args, &context),
        Command::Grades(args) => grades::run(args, &context),
        Command::Recommendations(args) => recommendations::run(args, &context),
        Command::New(args) => new::run(args, &context),
        Command::Distinctive(args) => distinctive::run(args, &context),
        Command::Show(args) => show::run(args, &context),
        Command::Keep(args) => keep::run(args, &context),
        Command::Reports(args) => reports::run(args, &context),
        Command::Export(args) => export::run(args, &context),
        Command::Eval(args) => eval::run(args, &context),
        Command::Topics(args) => topics::run(args, &context),
        Command::Acronyms(args) => acronyms::run(args, &context),
        Command::Ledger(args) => ledger::run(args, &context),
        Command::Coverage(args) => coverage::run(args, &context),
        Command::Check(args) => check::run(args, &context),
        Command::Inspect(args) => inspect::run(args, &context),
        Command::Frameworks(args) => frameworks::run(args, &context),
        Command::Query(args) => query::run(args, &context),
        Command::Completions(args) => completions::run(args, &context),
        Command::Manual(args) => manual::run(args, &context),
    }
}

/// Whether the reader of the answer closed the pipe, as `head` does when it has seen enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes what went wrong, why, and what to do next.
fn explain(error: &anyhow::Error, window: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let fault = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let strong = Style::new().bold();
    // Messages quote what was typed and what reports say, so they are made harmless.
    let fitted = |label: &str, text: &str| said::wrapped(&clean::lines(text), label.len(), window);
    let refusal = Refusal::of(error);
    let message = refusal.as_ref().map_or_else(|| error.to_string(), ToString::to_string);
    writeln!(out, "{fault}error:{fault:#} {}", fitted("error: ", &message))?;
    for cause in error.chain().skip(1) {
        writeln!(out, "  because {}", fitted("  because ", &cause.to_string()))?;
    }
    let quotation = refusal.as_ref().and_then(Refusal::quotation);
    for line in quotation.iter().flat_map(|quotation| quotation.lines()) {
        writeln!(out, "  {line}")?;
    }
    let hints = refusal.as_ref().map_or(&[][..], Refusal::hints);
    for hint in hints.iter().chain(&advice(error)) {
        writeln!(out, "{strong}hint:{strong:#} {}", fitted("hint: ", hint))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Cli, Refusal, explain};
    use clap::CommandFactory;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    /// Lists every command that does something, with the words by which it is called.
    fn commands() -> Vec<(String, clap::Command)> {
        let mut all = Vec::new();
        let mut pending = vec![(String::new(), Cli::command())];
        while let Some((called, command)) = pending.pop() {
            let below = command.get_subcommands().filter(|below| below.get_name() != "help");
            for below in below.cloned() {
                pending.push((format!("{called} {}", below.get_name()), below));
            }
            // `query` is a page, and the program itself a list of commands.
            if !matches!(called.as_str(), "" | " query") {
                all.push((called, command));
            }
        }
        all
    }

    #[test]
    fn the_help_of_every_command_shows_examples_and_says_how_it_ends() {
        for (called, command) in commands() {
            let end = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(end.contains("Examples:\n  findings"), "{called}");
            assert!(end.lines().any(|line| line.starts_with("Ends with 0")), "{called}");
            let examples = end.lines().filter(|line| line.starts_with("  "));
            for example in examples {
                assert!(example.chars().count() <= 80, "{called} breaks {example}");
            }
        }
    }

    #[test]
    fn an_option_is_explained_in_the_same_words_wherever_it_means_the_same() {
        let same = ["format", "bom", "any", "exact", "json", "full", "topics", "corrections"];
        for option in same {
            let mut said = std::collections::BTreeSet::new();
            for (_, command) in commands() {
                let arguments = command.get_arguments();
                said.extend(arguments.filter(|argument| argument.get_long() == Some(option)).map(
                    |argument| (argument.get_short(), argument.get_help().map(ToString::to_string)),
                ));
            }
            assert_eq!(said.len(), 1, "{option}: {said:?}");
        }
    }

    #[test]
    fn an_error_shows_the_place_and_what_next() -> std::io::Result<()> {
        let refusal = Refusal::new("unknown field `grad`")
            .quote("cafés grad:good", 6..10)
            .hint("did you mean `grade`?");
        let mut out = Vec::new();
        explain(&refusal.into(), Some(80), &mut anstream::StripStream::new(&mut out))?;
        insta::assert_snapshot!(String::from_utf8_lossy(&out), @"
        error: unknown field `grad`
          cafés grad:good
                ^^^^
        hint: did you mean `grade`?
        ");
        Ok(())
    }
}
