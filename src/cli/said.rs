//! Wraps what is written on standard error to the window, where there is one.
//!
//! Text between backticks is there to be copied and is never broken. Adds no colour and knows no
//! errors: callers choose the ink.

use std::io::{self, IsTerminal};
use unicode_width::UnicodeWidthStr;

/// Returns the columns of the window in which standard error is read, if it is read in one.
pub(crate) fn window() -> Option<usize> {
    let stderr = io::stderr();
    let size = stderr.is_terminal().then(|| terminal_size::terminal_size_of(&stderr)).flatten();
    size.map(|(columns, _)| usize::from(columns.0))
}

/// Wraps a text that follows `before` columns, and indents its further lines by two.
pub(crate) fn wrapped(text: &str, before: usize, window: Option<usize>) -> String {
    let Some(window) = window else {
        return text.to_owned();
    };
    let lines = text.lines().enumerate().map(|(place, line)| {
        let mut out = String::new();
        let mut used = if place == 0 { before } else { 0 };
        for piece in pieces(line) {
            let columns = piece.width();
            if out.is_empty() {
                used += columns;
            } else if used + 1 + columns > window {
                out.push_str("\n  ");
                used = 2 + columns;
            } else {
                out.push(' ');
                used += 1 + columns;
            }
            out.push_str(piece);
        }
        out
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Splits a line into words; text between two backticks is one word, with whatever touches it.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    line.split(move |c: char| {
        is_quoted ^= c == '`';
        c == ' ' && !is_quoted
    })
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_are_whole_and_so_is_what_stands_between_backticks() {
        let said =
            "no report is of the framework `ilac`; see `findings reports --sort date` for all";
        assert_eq!(
            wrapped(said, 7, Some(40)),
            "no report is of the framework\n  `ilac`; see\n  `findings reports --sort date` for all"
        );
        assert_eq!(wrapped(said, 7, Some(90)), said);
    }

    #[test]
    fn what_is_no_window_gets_the_text_as_it_is() {
        let said = "a  text with `an odd backtick and  gaps ".repeat(9);
        assert_eq!(wrapped(&said, 7, None), said);
    }

    #[test]
    fn lines_that_are_written_apart_stay_apart() {
        assert_eq!(wrapped("one two\nthree four", 0, Some(9)), "one two\nthree\n  four");
    }
}
