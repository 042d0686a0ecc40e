//! Tests the messages that users read when something is wrong.

use findings::extract::{Format, Limits, read};

#[test]
fn a_file_that_is_not_the_pdf_it_was_taken_for_says_so() {
    let said = |bytes: &[u8]| read(Format::Pdf, bytes, &Limits::default()).unwrap_err().to_string();
    insta::assert_snapshot!(said(b"<html>"), @"is not a PDF (it looks like HTML): rename it, or replace it");
    insta::assert_snapshot!(said(b"\x89PNG\r\n\x1a\n\0"), @"is not a PDF (it looks like a PNG image): rename it, or replace it");
    insta::assert_snapshot!(said(b""), @"is not a PDF (it looks like an empty file): rename it, or replace it");
    insta::assert_snapshot!(said(b"%PDF-1.7 and no more"), @"is damaged (nothing lists its pages): download it again");
}
