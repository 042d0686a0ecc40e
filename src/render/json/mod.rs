//! Writes the records as JSON, one object or one per line.

pub mod frameworks;
pub mod ledger;

use super::clean;
use serde::Serialize;
use std::io;

/// The layout: for people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Indented.
    Pretty,
    /// On one line.
    Compact,
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

/// Writes records, one per line.
///
/// # Errors
/// Those of `out`, and those of serialising a record.
pub fn lines<'a, T: Serialize + 'a>(
    records: impl IntoIterator<Item = &'a T>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    records.into_iter().try_for_each(|record| value(record, Layout::Compact, out))
}
