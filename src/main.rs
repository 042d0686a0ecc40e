//! The command line.
//!
//! Reads what was typed, runs one command, says what went wrong. Exit codes: 0 found or done, 1
//! searched and found nothing, 2 an error or some file that could not be read.

mod commands;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use commands::fault::{self, Fault};
use commands::{Context, Exit, Refusal, said};
use findings::config::Config;
use findings::extract::worker;
use findings::knowledge::names;
use findings::render::clean;
use findings::render::json::{self, Layout};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Search and compare inspection reports
///
/// Turns folders of reports into an index in which every paragraph knows its report, authority,
/// dates, section, grade, number and page; then finds, counts and cites paragraphs.
#[derive(Debug, Parser)]
#[command(
    name = "findings",
    version,
    after_help = "\
Begin with:
  findings index FOLDER
  findings search '\"return interview\"' --grade inadequate

Ends with 0 if found or done, 1 if nothing was found, 2 after an error or if some file could not be \
read."
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
        default_value = ".findings",
        help_heading = "Everywhere"
    )]
    index: PathBuf,

    /// Configuration, instead of `findings.toml` beside where the command runs
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "FINDINGS_CONFIG",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    config: Option<PathBuf>,

    /// When to use colour; `auto` obeys the terminal and NO_COLOR
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t = When::Auto,
        help_heading = "Everywhere"
    )]
    color: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Index(commands::index::Args),
    Search(commands::search::Args),
    Kwic(commands::kwic::Args),
    Batch(commands::batch::Args),
    Similar(commands::similar::Args),
    Compare(commands::compare::Args),
    Timeline(commands::timeline::Args),
    Distinctive(commands::distinctive::Args),
    Show(commands::show::Args),
    Reports(commands::reports::Args),
    Export(commands::export::Args),
    Eval(commands::eval::Args),
    Topics(commands::topics::Args),
    Acronyms(commands::acronyms::Args),
    Ledger(commands::ledger::Args),
    Coverage(commands::coverage::Args),
    Inspect(commands::inspect::Args),
    Frameworks(commands::frameworks::Args),
    Query(commands::query::Args),
}

fn main() -> ExitCode {
    // Before the command line is read: what starts workers is no user.
    if let Some(code) = worker::serve_if_asked() {
        return code;
    }
    let typed = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&typed).unwrap_or_else(|error| error.exit());
    match cli.global.color {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    }
    .write_global();
    match context(cli.global).and_then(|context| run(&cli.command, &context)) {
        Ok(exit) => exit.into(),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where stderr is closed as well, the exit code has to say it alone.
            let _ = explain(&error, said::window(), &mut anstream::stderr());
            if fault::wants_json(&typed) {
                let _ =
                    commands::print(|out| json::value(&Fault::of(&error), Layout::Compact, out));
            }
            ExitCode::from(2)
        }
    }
}

fn context(global: Global) -> anyhow::Result<Context> {
    let config = match &global.config {
        Some(file) => Config::read(file)?,
        None => Config::in_folder(Path::new(""))?,
    };
    names::look_in(&config.frameworks);
    let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    Ok(Context { index: global.index, config, colour })
}

fn run(command: &Command, context: &Context) -> anyhow::Result<Exit> {
    match command {
        Command::Index(args) => commands::index::run(args, context),
        Command::Search(args) => commands::search::run(args, context),
        Command::Kwic(args) => commands::kwic::run(args, context),
        Command::Batch(args) => commands::batch::run(args, context),
        Command::Similar(args) => commands::similar::run(args, context),
        Command::Compare(args) => commands::compare::run(args, context),
        Command::Timeline(args) => commands::timeline::run(args, context),
        Command::Distinctive(args) => commands::distinctive::run(args, context),
        Command::Show(args) => commands::show::run(args, context),
        Command::Reports(args) => commands::reports::run(args, context),
        Command::Export(args) => commands::export::run(args, context),
        Command::Eval(args) => commands::eval::run(args, context),
        Command::Topics(args) => commands::topics::run(args, context),
        Command::Acronyms(args) => commands::acronyms::run(args, context),
        Command::Ledger(args) => commands::ledger::run(args, context),
        Command::Coverage(args) => commands::coverage::run(args, context),
        Command::Inspect(args) => commands::inspect::run(args, context),
        Command::Frameworks(args) => commands::frameworks::run(args, context),
        Command::Query(args) => commands::query::run(args, context),
    }
}

/// Whether the reader of the answer went away, as `head` does when it has seen enough.
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
    // Messages quote what was typed and what reports say.
    let fitted = |label: &str, text: &str| said::wrapped(&clean::lines(text), label.len(), window);
    writeln!(out, "{fault}error:{fault:#} {}", fitted("error: ", &error.to_string()))?;
    for cause in error.chain().skip(1) {
        writeln!(out, "  because {}", fitted("  because ", &cause.to_string()))?;
    }
    let Some(refusal) = error.downcast_ref::<Refusal>() else {
        return Ok(());
    };
    for line in refusal.quotation().iter().flat_map(|quotation| quotation.lines()) {
        writeln!(out, "  {line}")?;
    }
    for hint in refusal.hints() {
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

    /// Every command that does something, with the words by which it is called.
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
