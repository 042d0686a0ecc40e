//! The text between quotation marks: words, gaps, wildcards and alternatives.

use super::pattern::folded;
use super::{QueryError, Span};
use crate::language::words;
use serde::{Deserialize, Serialize};

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// One word as written, except for case and accents.
    Word(String),
    /// One of these, each a sequence of adjacent parts.
    AnyOf(Vec<Vec<Part>>),
    /// Exactly one word, whichever it is.
    Gap,
    /// Any word of this form: `*` is any letters, `?` exactly one.
    Wildcard(String),
}

/// Parentheses that may be open at once within a phrase.
pub(super) const MAX_PHRASE_DEPTH: usize = 8;

/// The message for more than that.
pub(super) const TOO_DEEP: &str = "its parentheses are nested more than 8 deep; ask in parts";

impl Part {
    /// The words of plain text as parts of a phrase.
    #[must_use]
    pub fn of_text(text: &str) -> Vec<Self> {
        words::scan(text).map(|word| Self::Word(folded(word.raw))).collect()
    }
}

/// Reads the text between quotation marks: the characters from `start` to `end`.
pub(super) fn read(chars: &[char], start: usize, end: usize) -> Result<Vec<Part>, QueryError> {
    let mut reader = Reader { chars, groups: vec![None; chars.len()] };
    reader.pair(start, end);
    reader.sequence(start, end, 0)
}

/// A group in parentheses.
#[derive(Clone)]
struct Group {
    close: usize,
    /// Where `|` occurs in it, except inside nested groups.
    bars: Vec<usize>,
}

struct Reader<'a> {
    chars: &'a [char],
    groups: Vec<Option<Group>>,
}

impl Reader<'_> {
    fn pair(&mut self, start: usize, end: usize) {
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        for at in start..end {
            match self.chars[at] {
                '(' => open.push((at, Vec::new())),
                ')' => {
                    if let Some((opened, bars)) = open.pop() {
                        self.groups[opened] = Some(Group { close: at, bars });
                    }
                }
                '|' => {
                    if let Some((_, bars)) = open.last_mut() {
                        bars.push(at);
                    }
                }
                _ => {}
            }
        }
    }

    fn sequence(&self, start: usize, end: usize, depth: usize) -> Result<Vec<Part>, QueryError> {
        if depth > MAX_PHRASE_DEPTH {
            return Err(QueryError::bad_phrase(TOO_DEEP, Span::from(start..end)));
        }
        let mut parts = Vec::new();
        let mut at = start;
        while at < end {
            match self.chars[at] {
                '(' => match self.groups[at].as_ref().filter(|group| group.close < end) {
                    // Without a `|`, parentheses are punctuation.
                    Some(Group { close, bars }) if bars.is_empty() => {
                        parts.extend(self.sequence(at + 1, *close, depth + 1)?);
                        at = close + 1;
                    }
                    Some(Group { close, bars }) => {
                        parts.push(self.any_of(at, bars, *close, depth)?);
                        at = close + 1;
                    }
                    None => at += 1,
                },
                '|' => {
                    return Err(QueryError::bad_phrase(
                        "alternatives in a phrase go in parentheses: \"(return|missing) \
                         interview\"",
                        Span::from(at..at + 1),
                    ));
                }
                ')' => at += 1,
                c if c.is_whitespace() => at += 1,
                _ => {
                    let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|');
                    let behind = (at..end).find(|at| is_end(self.chars[*at])).unwrap_or(end);
                    parts.extend(run(&self.chars[at..behind], at, true)?);
                    at = behind;
                }
            }
        }
        Ok(parts)
    }

    fn any_of(
        &self,
        open: usize,
        bars: &[usize],
        close: usize,
        depth: usize,
    ) -> Result<Part, QueryError> {
        let mut alternatives = Vec::with_capacity(bars.len() + 1);
        let mut from = open + 1;
        for to in bars.iter().copied().chain([close]) {
            let alternative = self.sequence(from, to, depth + 1)?;
            if alternative.is_empty() {
                return Err(QueryError::bad_phrase(
                    "an alternative is empty; write words on both sides of every `|`",
                    Span::from(open..close + 1),
                ));
            }
            alternatives.push(alternative);
            from = to + 1;
        }
        Ok(Part::AnyOf(alternatives))
    }
}

/// Reads a run without spaces, which begins at `start`, as words and wildcards. A `*` alone is a
/// gap where gaps are allowed.
pub(super) fn run(
    chars: &[char],
    start: usize,
    can_have_gaps: bool,
) -> Result<Vec<Part>, QueryError> {
    let belongs =
        |c: &char| words::begins_word(*c) || words::is_ignorable(*c) || matches!(c, '*' | '?');
    let mut parts = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !belongs(&chars[at]) {
            at += 1;
            continue;
        }
        let from = at;
        while chars.get(at).is_some_and(belongs) {
            at += 1;
        }
        let mut to = at;
        while to > from && chars[to - 1] == '?' {
            to -= 1;
        }
        let form = &chars[from..to];
        if !form.iter().any(|c| matches!(c, '*' | '?')) {
            let text: String = form.iter().collect();
            parts.extend(Part::of_text(&text));
        } else if can_have_gaps && form == ['*'] {
            parts.push(Part::Gap);
        } else {
            let pattern = wildcard(form);
            if let Some(fault) = super::pattern::fault_of_wildcard(&pattern) {
                let written: String = form.iter().collect();
                let span = Span::from(start + from..start + to);
                return Err(QueryError::too_broad(written, fault, span));
            }
            parts.push(Part::Wildcard(pattern));
        }
    }
    Ok(parts)
}

/// A wildcard with its letters folded.
fn wildcard(form: &[char]) -> String {
    let is_sign = |c: &char| matches!(c, '*' | '?');
    let mut pattern = String::with_capacity(form.len());
    for piece in form.chunk_by(|one, other| is_sign(one) == is_sign(other)) {
        let text: String = piece.iter().collect();
        pattern.push_str(&if is_sign(&piece[0]) { text } else { folded(&text) });
    }
    pattern
}
