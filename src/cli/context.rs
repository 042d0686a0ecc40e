//! What all commands share: how they end, the global options, and where answers are written.

use super::pager::{self, Pager};
use super::wording::CommandLine;
use super::{Refusal, said};
use crate::ask::notes::Note;
use crate::ask::{Reference, Session};
use crate::knowledge::config::Config;
use crate::render::clean;
use crate::render::json::Layout;
use crate::render::terminal::Look;
use anyhow::Context as _;
use findings_index::request::Deadline;
use findings_index::{Engine, Location};
use std::env;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Found, or done.
    Found,
    /// Searched, and found nothing.
    Nothing,
    /// Done, but some file could not be read.
    Incomplete,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Found => Self::SUCCESS,
            Exit::Nothing => Self::from(1),
            Exit::Incomplete => Self::from(2),
        }
    }
}

impl Exit {
    /// Returns [`Exit::Found`] if there is anything.
    pub(crate) fn if_any(total: usize) -> Self {
        if total == 0 { Self::Nothing } else { Self::Found }
    }
}

/// The command line, which words what can be done next.
static WORDING: CommandLine = CommandLine { options: Vec::new() };

/// The columns where nothing says how many there are.
const COLUMNS: usize = 80;

/// How long a search may take by default.
const SEARCH: Duration = Duration::from_secs(10);

/// How long a comparison, which looks at every paragraph, may take by default.
const COMPARISON: Duration = Duration::from_secs(60);

/// The global options.
#[derive(Debug)]
pub(crate) struct Context {
    /// Where the index is kept.
    pub(crate) location: Location,
    /// The folder of the index where no cluster holds it.
    pub(crate) folder: PathBuf,
    /// The folder of the mark of what was read.
    pub(crate) marks: PathBuf,
    /// What is known beforehand and needed to ask a question.
    pub(crate) reference: Reference,
    /// How long an answer may take; `None` for the default.
    pub(crate) time_limit: Option<Duration>,
    /// Whether standard output takes colour.
    pub(crate) colour: bool,
    /// Who shows answers that are longer than the window; `None` where nobody does.
    pub(crate) pager: Option<Pager>,
}

impl Context {
    /// Returns the configuration: what the user adds to what the program knows.
    pub(crate) fn config(&self) -> &Config {
        self.reference.config()
    }

    /// Starts a session for searches.
    pub(crate) fn session<'a>(&'a self, engine: &'a dyn Engine) -> Session<'a> {
        self.session_until(engine, Deadline::after(self.time_limit.unwrap_or(SEARCH)))
    }

    /// Starts a session for answers that look at every paragraph.
    pub(crate) fn patient_session<'a>(&'a self, engine: &'a dyn Engine) -> Session<'a> {
        self.session_until(engine, self.patience())
    }

    /// Returns the deadline, from now on, of an answer that looks at every paragraph.
    pub(crate) fn patience(&self) -> Deadline {
        Deadline::after(self.time_limit.unwrap_or(COMPARISON))
    }

    /// Starts a session for everything that is held, without a time limit unless one is given.
    pub(crate) fn endless_session<'a>(&'a self, engine: &'a dyn Engine) -> Session<'a> {
        let deadline = self.time_limit.map_or_else(Deadline::never, Deadline::after);
        self.session_until(engine, deadline)
    }

    /// Starts a session for whoever types the commands, who marks what was read next to the index.
    fn session_until<'a>(&'a self, engine: &'a dyn Engine, deadline: Deadline) -> Session<'a> {
        Session::new(engine, &self.reference, deadline).with_mark_in(&self.marks)
    }

    /// Opens the index for reading.
    pub(crate) fn open(&self) -> anyhow::Result<Arc<dyn Engine>> {
        Ok(self.location.open()?)
    }

    /// Describes where the answer will be read.
    pub(crate) fn look(&self) -> Look<'_> {
        let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let window = terminal.map(|(width, _)| usize::from(width.0));
        let said = env::var("COLUMNS").ok();
        Look {
            width: Some(columns(window, said.as_deref())),
            colour: self.colour,
            names: self.reference.names(),
            wording: &WORDING,
        }
    }

    /// Writes an answer to standard output, through the pager where there is one and it is needed.
    pub(crate) fn print(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        self.print_whole(write).map(|_| ())
    }

    /// Writes an answer as [`Context::print`] does, and returns whether it was written to its end:
    /// whoever closes the pager has read enough.
    pub(crate) fn print_whole(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<bool> {
        let shown = pager::show(self.pager.as_ref(), |out| write(out).context(UNWRITTEN))?;
        Ok(shown.is_some())
    }

    /// Returns the layout of JSON: indented for people, on one line for programs.
    pub(crate) fn layout(&self) -> Layout {
        if io::stdout().is_terminal() { Layout::Pretty } else { Layout::Compact }
    }
}

/// Returns the columns for an answer: those of the window or, where there is none, those that
/// COLUMNS says.
fn columns(window: Option<usize>, said: Option<&str>) -> usize {
    let said = || said.and_then(|said| said.trim().parse().ok());
    window.or_else(said).filter(|columns| *columns > 0).unwrap_or(COLUMNS)
}

/// The error where standard output accepts no more.
pub(crate) const UNWRITTEN: &str = "cannot write the answer";

/// Writes to standard output through one buffer.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush()).context(UNWRITTEN)
}

/// Reads the text of a file.
pub(crate) fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Returns the path of this program, which is started again in separate processes to read files.
pub(crate) fn program() -> anyhow::Result<PathBuf> {
    env::current_exe().context("cannot find out which program to start for reading files")
}

/// Reports on stderr what was written to a file.
pub(crate) fn say_written(file: &Path, what: &str) {
    // A closed stderr is not a fault of the file.
    let _ = writeln!(anstream::stderr(), "wrote {what} to {}", file.display());
}

/// Refuses `--full` where paragraphs are always whole.
pub(crate) fn full_needs_text(full: bool, is_text: bool) -> Result<(), Refusal> {
    if full && !is_text {
        return Err(Refusal::new("--full changes nothing here: this format is always complete")
            .hint("leave --full out, or use it with --format text or markdown"));
    }
    Ok(())
}

/// Prints a note on stderr, in addition to the answer.
pub(crate) fn note(text: &str) {
    // A closed stderr is no reason to answer less.
    let text = said::wrapped(&clean::lines(text), "note: ".len(), said::window());
    let _ = writeln!(anstream::stderr(), "note: {text}");
}

/// Prints notes for whoever asked; `place` is where the question is, if not on the command line.
pub(crate) fn notes(place: &str, notes: &[Note]) {
    for told in notes {
        note(&format!("{place}{}", told.text));
    }
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn an_answer_takes_the_window_then_what_is_said_then_eighty_columns() {
        assert_eq!(columns(Some(132), Some("60")), 132);
        assert_eq!(columns(None, Some("60")), 60);
        for said in [None, Some(""), Some("wide"), Some("0"), Some("-5")] {
            assert_eq!(columns(None, said), 80, "{said:?}");
        }
    }
}
