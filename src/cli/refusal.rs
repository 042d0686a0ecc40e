//! What was typed wrong: what, where, and what next.

use crate::render::clean;
use std::fmt;
use std::ops::Range;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Something typed that cannot be done as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    message: String,
    pub(super) quoted: Option<Box<Quoted>>,
    hints: Vec<String>,
}

/// What was typed, and what is wrong with which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) typed: String,
    pub(super) span: Range<usize>,
    /// The kind of fault, for programs.
    pub(super) code: Option<&'static str>,
    /// What was typed with the fault put right.
    pub(super) suggestion: Option<String>,
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
