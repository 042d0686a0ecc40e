//! The ledger as JSON, with each reason in words as well.

use findings_index::records::ledger::{
    CauseCount, EarlierReport, Ledger, LedgerEntry, Outcome, Reason,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// The ledger as JSON shows it.
#[derive(Debug, Serialize)]
pub struct LedgerView<'a> {
    finished: Timestamp,
    roots: &'a [String],
    reading: &'a str,
    /// How many files yielded no report, by cause.
    causes: Vec<CauseCount>,
    entries: Vec<EntryView<'a>>,
}

#[derive(Debug, Serialize)]
struct EntryView<'a> {
    path: &'a str,
    outcome: Outcome,
    /// The reason, in words.
    reason: Option<String>,
    /// A stable name for the reason.
    code: Option<&'static str>,
    /// The values in the reason: sizes, limits, paths.
    values: Option<Value>,
    earlier: Option<EarlierReport>,
    outdated: bool,
    bytes: u64,
    modified: i128,
    sha256: Option<&'a str>,
    report: Option<&'a str>,
    pages: Option<u32>,
    paragraphs: u32,
    warnings: u32,
}

/// Prepares a ledger to be shown as JSON.
#[must_use]
pub fn view(ledger: &Ledger) -> LedgerView<'_> {
    LedgerView {
        finished: ledger.finished,
        roots: &ledger.roots,
        reading: &ledger.reading,
        causes: ledger.causes(),
        entries: ledger.entries.iter().map(entry).collect(),
    }
}

fn entry(entry: &LedgerEntry) -> EntryView<'_> {
    EntryView {
        path: &entry.path,
        outcome: entry.outcome,
        reason: entry.explanation(),
        code: entry.code(),
        values: entry.reason.as_ref().and_then(values),
        earlier: entry.earlier,
        outdated: entry.outdated,
        bytes: entry.bytes,
        modified: entry.modified,
        sha256: entry.sha256.as_deref(),
        report: entry.report.as_deref(),
        pages: entry.pages,
        paragraphs: entry.paragraphs,
        warnings: entry.warnings,
    }
}

/// Returns the values of a reason: what serde writes below its name, which is its code.
fn values(reason: &Reason) -> Option<Value> {
    let written = match reason {
        Reason::NotAReport(what) => serde_json::to_value(what),
        Reason::Unreadable(error) => serde_json::to_value(error),
        other => serde_json::to_value(other),
    };
    match written.ok()? {
        Value::Object(mut named) => named.remove(reason.code()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::view;
    use crate::render::samples;

    #[test]
    fn a_reason_is_shown_in_words_by_its_code_and_with_its_values() {
        let shown = serde_json::to_value(view(&samples::ledger())).unwrap_or_default();
        let of = |at: usize, key: &str| shown["entries"][at][key].clone();
        assert_eq!(of(0, "reason"), serde_json::Value::Null);
        assert_eq!(of(1, "code"), "duplicate");
        assert_eq!(of(1, "values"), serde_json::json!({ "of": "/reports/a.pdf" }));
        assert_eq!(of(2, "code"), "error_page");
        assert_eq!(of(3, "code"), "too_many_pages");
        assert_eq!(of(3, "reason"), "has 9,000 pages, more than the limit of 2,000");
        assert_eq!(of(3, "values"), serde_json::json!({ "pages": 9_000, "limit": 2_000 }));
        assert_eq!(
            shown["causes"][0],
            serde_json::json!({ "outcome": "unreadable", "code": "too_many_pages", "files": 1 })
        );
    }
}
