//! The commands: each turns what was typed into a request, asks, and hands the answer to a renderer.
//!
//! clap's types stop here. What a user typed wrong is answered by a [`Refusal`]: what, and what
//! next.

pub(crate) mod acronyms;
pub(crate) mod asked;
pub(crate) mod authorities;
pub(crate) mod batch;
pub(crate) mod compare;
pub(crate) mod corrections;
pub(crate) mod coverage;
pub(crate) mod dates;
pub(crate) mod distinctive;
pub(crate) mod eval;
pub(crate) mod export;
pub(crate) mod fault;
pub(crate) mod file;
pub(crate) mod filters;
pub(crate) mod frameworks;
pub(crate) mod index;
pub(crate) mod inspect;
pub(crate) mod known;
pub(crate) mod kwic;
pub(crate) mod ledger;
pub(crate) mod query;
pub(crate) mod reports;
pub(crate) mod said;
pub(crate) mod search;
pub(crate) mod show;
pub(crate) mod similar;
pub(crate) mod timeline;
pub(crate) mod topics;

use anyhow::Context as _;
use findings::config::Config;
use findings::render::clean;
use findings::render::json::Layout;
use findings::render::terminal::Look;
use findings_index::{IndexReader, OpenError};
use std::fmt;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

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
    /// Found if there is anything.
    pub(crate) fn if_any(total: usize) -> Self {
        if total == 0 { Self::Nothing } else { Self::Found }
    }
}

/// What the global options say.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// The folder of the index.
    pub(crate) index: PathBuf,
    /// What the user adds to what the program knows.
    pub(crate) config: Config,
    /// Whether standard output takes colour.
    pub(crate) colour: bool,
}

impl Context {
    /// Opens the index for reading.
    pub(crate) fn open(&self) -> anyhow::Result<IndexReader> {
        IndexReader::open(&self.index).map_err(|error| match error {
            OpenError::Missing { .. } => Refusal::new(error.to_string())
                .hint("an index in another folder is named with `--index DIR`")
                .into(),
            other => other.into(),
        })
    }

    /// Where the answer will be read.
    pub(crate) fn look(&self) -> Look {
        let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        Look { width: terminal.map(|(width, _)| usize::from(width.0)), colour: self.colour }
    }

    /// JSON is indented for people, on one line for programs.
    pub(crate) fn layout(&self) -> Layout {
        if io::stdout().is_terminal() { Layout::Pretty } else { Layout::Compact }
    }
}

/// What is said where standard output takes no more.
const UNWRITTEN: &str = "cannot write the answer";

/// Writes to standard output through one buffer.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush()).context(UNWRITTEN)
}

/// The text of a file.
pub(crate) fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Says on stderr what a file holds now.
pub(crate) fn say_written(file: &Path, what: &str) {
    // A closed stderr is no fault of the file.
    let _ = writeln!(anstream::stderr(), "wrote {what} to {}", file.display());
}

/// Refuses `--bom` where there is no CSV.
pub(crate) fn bom_needs_csv(bom: bool, is_csv: bool) -> Result<(), Refusal> {
    if bom && !is_csv {
        return Err(Refusal::new("--bom belongs to CSV").hint("add --format csv"));
    }
    Ok(())
}

/// Refuses `--full` where paragraphs are always whole.
pub(crate) fn full_needs_text(full: bool, is_text: bool) -> Result<(), Refusal> {
    if full && !is_text {
        return Err(Refusal::new("--full changes nothing here: this format is always complete")
            .hint("leave --full out, or use it with --format text or markdown"));
    }
    Ok(())
}

/// Something typed that cannot be done as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    message: String,
    quoted: Option<Box<Quoted>>,
    hints: Vec<String>,
}

/// What was typed, and what is wrong with which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quoted {
    typed: String,
    span: Range<usize>,
    /// The kind of fault, for programs.
    code: Option<&'static str>,
    /// What was typed with the fault put right.
    suggestion: Option<String>,
}

/// The most characters of what was typed that are quoted beneath a message: more would be wrapped,
/// and the carets would point at nothing.
const QUOTED: usize = 76;

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), quoted: None, hints: Vec::new() }
    }

    /// Quotes what was typed, with carets under a range of its characters.
    pub(crate) fn quote(mut self, typed: &str, span: Range<usize>) -> Self {
        let typed = typed.to_owned();
        self.quoted = Some(Box::new(Quoted { typed, span, code: None, suggestion: None }));
        self
    }

    /// Names the kind of fault in what was quoted for programs.
    pub(crate) fn coded(mut self, code: &'static str) -> Self {
        if let Some(quoted) = &mut self.quoted {
            quoted.code = Some(code);
        }
        self
    }

    /// Says what to write instead of what was quoted.
    pub(crate) fn suggest(mut self, meant: String) -> Self {
        if let Some(quoted) = &mut self.quoted {
            // What stands behind the fault stands behind its mending.
            let behind = quoted.typed.chars().count().saturating_sub(quoted.span.end);
            let end = meant.chars().count().saturating_sub(behind);
            let shown = around(&meant, quoted.span.start..end.max(quoted.span.start)).0;
            self.hints.push(format!("write `{shown}`"));
            quoted.suggestion = Some(meant);
        }
        self
    }

    /// Says what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says where, before everything else.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// The lines beneath the message: the quotation with its carets.
    pub(crate) fn quotation(&self) -> Option<String> {
        let quoted = self.quoted.as_ref()?;
        let (typed, span) = around(&quoted.typed, quoted.span.clone());
        let before: String = typed.chars().take(span.start).collect();
        let under: String = typed.chars().skip(span.start).take(span.len()).collect();
        let carets = "^".repeat(under.width().max(1));
        Some(format!("{typed}\n{:free$}{carets}", "", free = before.width()))
    }

    /// What to do next.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }
}

/// How many of the characters fit into so many columns, and how many columns these take.
fn fitting<'c>(characters: impl Iterator<Item = &'c char>, columns: usize) -> (usize, usize) {
    let (mut count, mut used) = (0, 0);
    for character in characters {
        let width = character.width().unwrap_or(0);
        if used + width > columns {
            break;
        }
        count += 1;
        used += width;
    }
    (count, used)
}

/// As much of what was typed as fits on a line, about a range of its characters, and where the
/// range stands in that.
fn around(typed: &str, span: Range<usize>) -> (String, Range<usize>) {
    let typed: Vec<char> = clean::line(typed).chars().collect();
    if fitting(typed.iter(), QUOTED).0 == typed.len() {
        return (typed.iter().collect(), span);
    }
    // What is left out on either side is said in a column.
    let room = QUOTED - 2;
    let at = span.start.min(typed.len());
    let (before, used) = fitting(typed[..at].iter().rev(), room / 3);
    let (behind, more) = fitting(typed[at..].iter(), room - used);
    // At the end of what was typed there is room for more of what stands before.
    let (further, _) = fitting(typed[..at - before].iter().rev(), room - used - more);
    let (start, end) = (at - before - further, at + behind);
    let mut shown: String = typed[start..end].iter().collect();
    let mut first = start;
    if start > 0 {
        shown.insert(0, '…');
        first -= 1;
    }
    if end < typed.len() {
        shown.push('…');
    }
    (shown, span.start.clamp(start, end) - first..span.end.clamp(start, end) - first)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{QUOTED, Refusal};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn a_long_query_is_quoted_about_its_fault_only() {
        let typed = format!("{} grad:good {}", "neglect ".repeat(60), "abuse ".repeat(60));
        let at = typed.find("grad").unwrap();
        let quotation =
            Refusal::new("unknown field").quote(&typed, at..at + 4).quotation().unwrap();
        let (line, carets) = quotation.split_once('\n').unwrap();
        assert_eq!(line.chars().count(), QUOTED);
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
        assert_eq!(
            carets.find('^').map(|at| line.chars().skip(at).take(4).collect()),
            Some("grad".to_owned())
        );
    }

    #[test]
    fn a_quotation_is_as_wide_as_a_line_whatever_the_width_of_its_letters() {
        for typed in ["日本".repeat(90), "e\u{301}".repeat(90), "a".repeat(180)] {
            for place in [0, 20, 90, 176] {
                let quotation = Refusal::new("x").quote(&typed, place..place + 4).quotation();
                let quotation = quotation.unwrap();
                let (line, carets) = quotation.split_once('\n').unwrap();
                assert!(line.width() <= QUOTED && carets.width() <= QUOTED, "{quotation}");
                assert!(line.width() > QUOTED - 6, "{quotation}");
            }
        }
    }

    #[test]
    fn the_hint_shows_the_part_that_was_put_right() {
        let typed = format!("{}grad:good {}", "neglect ".repeat(60), "abuse ".repeat(60));
        let at = typed.find("grad").unwrap();
        let meant = typed.replace("grad:", "grade:");
        let refusal = Refusal::new("unknown field").quote(&typed, at..at + 4).suggest(meant);
        assert!(refusal.hints()[0].contains("neglect grade:good abuse"), "{refusal:?}");
    }
}
