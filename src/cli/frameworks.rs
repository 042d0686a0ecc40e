//! `findings frameworks`: which frameworks there are, and whether a user's own file is sound.

use super::{Context, Exit, Refusal, program};
use crate::discover::{self, Content, SourceFile};
use crate::extract::worker::Workers;
use crate::extract::{ExtractedText, Limits};
use crate::knowledge::config::Config;
use crate::knowledge::form::{Fault, Severity};
use crate::knowledge::{Framework, Knowledge, Origin, check};
use crate::render::terminal::frameworks::Trial;
use crate::render::{json, terminal};
use crate::understand::{recognise, report, trial};
use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use findings_index::language::nearest::nearest;
use std::fs;
use std::path::{Path, PathBuf};

/// List the frameworks by which reports are recognised, or check one of your own
///
/// A framework is a TOML file: how its reports are recognised, and which headings and grades they
/// have. `docs/frameworks.md` explains how to write one. Name your own files with `--frameworks` or
/// in `findings.toml`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  findings frameworks
  findings frameworks show ilacs > mine.toml
  findings frameworks check mine.toml --try \"a report.pdf\"
  findings index FOLDER --frameworks DIR

Ends with 0; 2 after an error."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
    Check(Check),
}

#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    added: Added,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,
}

/// Print the file of a framework
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings frameworks show ilacs > mine.toml

Ends with 0; 2 if there is no such framework or after an error.")]
struct Show {
    /// Code of the framework
    code: String,

    #[command(flatten)]
    added: Added,
}

/// Check the file of a framework and report everything that is wrong with it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings frameworks check mine.toml
  findings frameworks check mine.toml --try \"a report.pdf\"

Ends with 0 if it can be used, 1 if the report belongs to another framework, 2 if it cannot be \
used or after an error.")]
struct Check {
    /// The file
    file: PathBuf,

    /// Read this report by it, and show the result
    #[arg(long = "try", value_name = "REPORT")]
    report: Option<PathBuf>,

    #[command(flatten)]
    added: Added,
}

/// Files of the user's own, beside those that the configuration names.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Added {
    /// Folder of your own frameworks, in addition to those in findings.toml; may be repeated
    ///
    /// One with the code of another replaces it.
    #[arg(long, value_name = "DIR", help_heading = "What reports are read by")]
    frameworks: Vec<PathBuf>,

    /// Your own table of authorities or other bodies; may be repeated
    ///
    /// CSV with a column `name`, and `la_code`, `region`, `other_names` and `neighbours` if known.
    #[arg(long, value_name = "FILE", help_heading = "What reports are read by")]
    authorities: Vec<PathBuf>,

    /// Your own topics, with which paragraphs are also tagged; may be repeated
    ///
    /// One with the id of another replaces it. Reports are read again when the topics change.
    #[arg(long, value_name = "FILE", help_heading = "What reports are read by")]
    topics: Vec<PathBuf>,
}

impl Added {
    /// Returns the configuration with these files added after its own.
    pub(crate) fn to(&self, config: &Config) -> Config {
        let mut config = config.clone();
        config.frameworks.extend(self.frameworks.iter().cloned());
        config.authorities.extend(self.authorities.iter().cloned());
        config.topics.extend(self.topics.iter().cloned());
        config
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One list of objects
    Json,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    match &args.command {
        None => list(&args.list, context),
        Some(Command::Show(args)) => show(args, context),
        Some(Command::Check(args)) => check(args, context),
    }
}

fn list(args: &List, context: &Context) -> anyhow::Result<Exit> {
    let knowledge = Knowledge::load(&args.added.to(context.config()))?;
    context.print(|out| match args.format {
        Format::Text => terminal::frameworks::list(knowledge.frameworks(), &context.look(), out),
        Format::Json => {
            let all: Vec<json::frameworks::Framework<'_>> =
                knowledge.frameworks().iter().map(json::frameworks::Framework::of).collect();
            json::value(&all, context.layout(), out)
        }
    })?;
    Ok(Exit::Found)
}

fn show(args: &Show, context: &Context) -> anyhow::Result<Exit> {
    let knowledge = Knowledge::load(&args.added.to(context.config()))?;
    let Some(framework) = knowledge.framework(&args.code) else {
        let codes = knowledge.frameworks().iter().map(|framework| framework.code.as_str());
        let refusal = Refusal::new(format!("there is no framework `{}`", args.code));
        let refusal = match nearest(codes.clone(), &args.code) {
            Some(near) => refusal.hint(format!("did you mean `{near}`?")),
            None => refusal,
        };
        let all: Vec<String> = codes.map(|code| format!("`{code}`")).collect();
        return Err(refusal.hint(format!("choose from {}", all.join(", "))).into());
    };
    context.print(|out| out.write_all(framework.toml.as_bytes()))?;
    Ok(Exit::Found)
}

fn check(args: &Check, context: &Context) -> anyhow::Result<Exit> {
    // The file may be in the very folder that the configuration names, and be at fault there.
    let config = args.added.to(context.config());
    let knowledge = Knowledge::load(&config).or_else(|error| {
        let authorities = config.authorities.clone();
        Knowledge::load(&Config { authorities, ..Config::default() }).map_err(|_| error)
    })?;
    let text = fs::read_to_string(&args.file)
        .with_context(|| format!("cannot read the framework {}", args.file.display()))?;
    let checked = check::check(&text, knowledge.frameworks(), knowledge.themes());
    let Some(mut framework) = checked.framework else {
        context.print(|out| {
            terminal::frameworks::faults(&args.file, &checked.faults, &context.look(), out)
        })?;
        return Err(refused(args, &checked.faults).into());
    };
    framework.origin = Origin::File { path: args.file.clone(), overrides: false };
    let (name, code) = (framework.name.clone(), framework.code.clone());
    let trial = match &args.report {
        Some(file) => Some(attempt(file, framework, knowledge)?),
        None => None,
    };
    context.print(|out| {
        let look = context.look();
        terminal::frameworks::faults(&args.file, &checked.faults, &look, out)?;
        terminal::frameworks::sound(&args.file, &name, &code, &look, out)?;
        trial.iter().try_for_each(|trial| terminal::frameworks::trial(trial, &look, out))
    })?;
    Ok(match trial {
        Some(trial) if trial.report.framework != code => Exit::Nothing,
        _ => Exit::Found,
    })
}

fn refused(args: &Check, faults: &[Fault]) -> Refusal {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
    let errors = crate::render::words::count(errors, "error");
    let refusal = Refusal::new(format!("{} can't be used: {errors}", args.file.display()));
    match &args.report {
        Some(report) => {
            refusal.hint(format!("{} is read by it once there is no error left", report.display()))
        }
        None => refusal,
    }
}

/// Reads a report with the framework added to all others.
fn attempt(file: &Path, framework: Framework, knowledge: Knowledge) -> anyhow::Result<Trial> {
    let code = framework.code.clone();
    let knowledge = knowledge.with(framework)?;
    let found = source(file)?;
    let text = extracted(&found)?;
    let source = report::Source { path: &found.below, sha256: "" };
    report::refuse(&text).map_err(|reason| Refusal::new(format!("{} {reason}", file.display())))?;
    let studied = report::study(&text, &source, &knowledge);
    let (fits, misses) = match knowledge.framework(&code) {
        Some(own) => (
            recognise::fits_of(own, &text),
            trial::misses(own, &text, &studied.header, &studied.outline),
        ),
        None => (Vec::new(), Vec::new()),
    };
    Ok(Trial { code, fits, misses, report: studied.report.record })
}

fn source(file: &Path) -> anyhow::Result<SourceFile> {
    let roots = discover::roots(&[file.to_owned()])?;
    let found = discover::find(&roots, None);
    found.files.into_iter().next().ok_or_else(|| {
        Refusal::new(format!("{} is not a file that can be read", file.display())).into()
    })
}

fn extracted(file: &SourceFile) -> anyhow::Result<ExtractedText> {
    let format = match file.content()? {
        Content::Readable(format) => format,
        Content::Other(what) => return Err(Refusal::new(format!("{} {what}", file.name)).into()),
    };
    Workers::new(program()?, Limits::default())
        .extract(&file.path, format)
        .with_context(|| format!("cannot read {}", file.name))
}
