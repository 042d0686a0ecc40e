//! What users read when something is wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use findings::extract::{ExtractError, Format, Limits, read};
use findings::understand::report::NotAReport;

#[test]
fn a_file_that_gave_no_text_says_why_and_what_next() {
    let said = |error: ExtractError| error.to_string();
    insta::assert_snapshot!(said(ExtractError::TooLarge { bytes: 70_000_000, limit: 67_108_864 }), @"has 70,000,000 bytes, more than the limit of 67,108,864; raise it with --max-file-size");
    insta::assert_snapshot!(said(ExtractError::TooManyPages { pages: 12_000, limit: 2_000 }), @"has 12,000 pages, more than the limit of 2,000; raise it with --max-pages");
    insta::assert_snapshot!(said(ExtractError::TimedOut { seconds: 20 }), @"was not read within 20 s; raise the limit with --max-seconds if the file can be trusted");
    insta::assert_snapshot!(said(ExtractError::TooComplex { pages: 3 }), @"draws more than a document of 3 pages can need; it may be damaged or hostile");
    insta::assert_snapshot!(said(ExtractError::Encrypted), @"is protected by a password; save a copy without it");
    insta::assert_snapshot!(said(ExtractError::NoText), @"holds no text: it may be scanned; run text recognition on it first");
    insta::assert_snapshot!(said(read(Format::Pdf, b"<html>", &Limits::default()).unwrap_err()), @"is no PDF but looks like HTML; give it the ending that fits, or replace it");
    insta::assert_snapshot!(said(read(Format::Pdf, b"%PDF-1.7 and no more", &Limits::default()).unwrap_err()), @"is damaged: it lists no pages; fetch it again from its source");
}

#[test]
fn a_file_that_is_no_report_says_what_it_is() {
    let page = NotAReport::ErrorPage { title: "Report not found".to_owned() };
    insta::assert_snapshot!(page, @r#"is a saved web page that says "Report not found""#);
    insta::assert_snapshot!(NotAReport::NoProse { words: 4 }, @"has 4 words in sentences, too few for a report");
}
