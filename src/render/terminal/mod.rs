//! Writes answers for people: wrapped to the width, in colour where wanted, complete without
//! colour.
//!
//! A grade is always a word; its colour only repeats it. Running text is never wider than
//! [`MEASURE`] columns, however wide the window, because longer lines are hard to read; tables use
//! the whole width.

mod agreement;
mod bar;
mod basket;
mod comparison;
mod concordance;
mod counts;
mod coverage;
mod digest;
mod distinctive;
mod evaluation;
mod explain;
pub mod frameworks;
mod grades;
mod inspect;
mod learned;
mod ledger;
mod outline;
mod pages;
mod passage;
mod prose;
mod provenance;
mod recommendations;
mod reports;
mod search;
mod table;
mod timeline;

#[cfg(test)]
mod tests;

pub use agreement::agreement;
pub use basket::basket;
pub use comparison::comparison;
pub use concordance::concordance;
pub use counts::counts;
pub use coverage::coverage;
pub use digest::digest;
pub use distinctive::distinctive;
pub use evaluation::evaluation;
pub use grades::grades;
pub use inspect::{Parts, inspection};
pub use learned::{acronyms, topic, topics};
pub use ledger::{built, hints, ledger, names_all};
pub use outline::outline;
pub use pages::pages_checked;
pub use passage::passage;
pub use recommendations::recommendations;
pub use reports::reports;
pub use search::{View, search, similar};
pub use timeline::{Judgements, timeline};

use crate::knowledge::names::Names;
use crate::render::wording::{Neutral, Wording};
use anstyle::{AnsiColor, Style};
use findings_index::records::Grade;
use std::io;

/// The widest line of running text, in columns.
pub const MEASURE: usize = 100;

/// What is written before and after a match where there is no colour. Square brackets would look
/// like an addition by whoever quotes.
const MARK: &str = "**";

/// Where and how the text will be read.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Columns of the window; `None` where the text goes to a file or another program.
    pub width: Option<usize>,
    /// Whether to write colours.
    pub colour: bool,
    /// The names of frameworks.
    pub names: &'a Names,
    /// What can be done next, in the words of the door.
    pub wording: &'a dyn Wording,
}

impl Look<'static> {
    /// Returns a look that names no command and calls frameworks by their codes.
    #[must_use]
    pub fn plain(width: Option<usize>, colour: bool) -> Self {
        static NONE: Names = Names::NONE;
        Self { width, colour, names: &NONE, wording: &Neutral }
    }
}

impl Look<'_> {
    /// Returns what is written before and after a match: nothing where its colour shows it.
    fn mark(&self) -> &'static str {
        if self.colour { "" } else { MARK }
    }

    /// Returns the columns for running text.
    fn measure(&self) -> usize {
        self.width.unwrap_or(MEASURE).clamp(20, MEASURE)
    }
}

/// The role of a piece of text, which determines its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Plain,
    Strong,
    Faint,
    Match,
    Rank(u8),
    Fault,
}

impl Ink {
    fn of(grade: Option<&Grade>) -> Self {
        grade.and_then(|grade| grade.rank).map_or(Self::Plain, Self::Rank)
    }

    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain | Self::Rank(0 | 5..) => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Match => colour(AnsiColor::Magenta).bold(),
            Self::Rank(1) => colour(AnsiColor::Cyan),
            Self::Rank(2) => colour(AnsiColor::Green),
            Self::Rank(3) => colour(AnsiColor::Yellow),
            Self::Rank(4) => colour(AnsiColor::Red),
            Self::Fault => colour(AnsiColor::Red).bold(),
        }
    }
}

/// Writes text in its ink. The text must contain no control characters.
fn paint(out: &mut dyn io::Write, look: &Look, ink: Ink, text: &str) -> io::Result<()> {
    let style = ink.style();
    if look.colour && style != Style::new() && !text.is_empty() {
        write!(out, "{style}{text}{style:#}")
    } else {
        out.write_all(text.as_bytes())
    }
}
