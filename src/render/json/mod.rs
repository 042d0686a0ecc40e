//! JSON: the records as they are, one object or one a line.

pub mod frameworks;
pub mod ledger;

use super::clean;
use findings_index::language::query::Repair;
use findings_index::request::UnheldWord;
use serde::Serialize;
use std::io;

/// Whether people or programs read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Indented.
    Pretty,
    /// On one line.
    Compact,
}

/// An answer, with what became of the query before it was searched.
#[derive(Debug, Serialize)]
pub struct Answer<'a, T> {
    /// What was found.
    #[serde(flatten)]
    pub answer: &'a T,
    /// Words that stand almost everywhere and were not asked for.
    pub passed_over: &'a [String],
    /// What had to be mended to understand the query.
    pub repairs: Vec<Mended>,
    /// Words that no paragraph holds.
    pub unheld: &'a [UnheldWord],
}

/// Puts an answer and what became of the query together.
pub fn of_query<'a, T: Serialize>(
    answer: &'a T,
    passed_over: &'a [String],
    repairs: &[Repair],
    unheld: &'a [UnheldWord],
) -> Answer<'a, T> {
    Answer { answer, passed_over, repairs: repairs.iter().map(Mended::from).collect(), unheld }
}

/// Something that was mended in a query.
#[derive(Debug, Serialize)]
pub struct Mended {
    message: String,
    /// In characters from 1.
    column: usize,
}

impl From<&Repair> for Mended {
    fn from(repair: &Repair) -> Self {
        Self { message: repair.to_string(), column: repair.column() }
    }
}

/// Writes one value and a line feed.
///
/// # Errors
/// Those of `out`, and those of serialising the value.
pub fn value<T: Serialize + ?Sized>(
    value: &T,
    layout: Layout,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let text = match layout {
        Layout::Pretty => serde_json::to_string_pretty(value)?,
        Layout::Compact => serde_json::to_string(value)?,
    };
    out.write_all(clean::json(&text).as_bytes())?;
    out.write_all(b"\n")
}

/// Writes each record on a line of its own.
///
/// # Errors
/// Those of `out`, and those of serialising a record.
pub fn lines<'a, T: Serialize + 'a>(
    records: impl IntoIterator<Item = &'a T>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    records.into_iter().try_for_each(|record| value(record, Layout::Compact, out))
}
