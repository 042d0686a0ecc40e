//! Classifies a run of characters as a word, wildcard, fuzzy word or operator.

use super::limits::{WEIGHTS, check_distance, is_weight};
use super::pattern::{fault_of_fuzzy, folded, usual_edits};
use super::token::What;
use super::{MAX_WEIGHT, Part, QueryError, Span, phrase};
use crate::language::words;
use crate::records::{Attribute, Use};

/// Reads a run of characters that begins at `start`; `written` is the run with its punctuation.
pub(super) fn word_or_operator(
    text: &str,
    written: &str,
    start: usize,
    span: Span,
) -> Result<What, QueryError> {
    let without_digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if let Some(word) = without_digits.strip_suffix('~') {
        return fuzzy(word, &text[without_digits.len()..], span);
    }
    let is_wildcard = text.contains('*') || has_inner_mark(text);
    if is_wildcard {
        let chars: Vec<char> = text.chars().collect();
        let mut parts = phrase::run(&chars, start, false)?;
        return Ok(match (parts.pop(), parts.is_empty()) {
            (Some(Part::Wildcard(pattern)), true) => What::Wildcard(pattern),
            (last, _) => {
                parts.extend(last);
                What::Phrase(parts, None)
            }
        });
    }
    let behind = words::scan(text).last().map_or(0, |word| word.end);
    let text = &text[..behind];
    // A remainder of several signs would read as one of them when printed.
    if let Some((_, tail)) = text.rsplit_once(['^', '~'])
        && is_number(tail)
    {
        let sign = &text[text.len() - tail.len() - 1..];
        return Err(QueryError::bad_weight(sign.to_owned(), WEIGHTS, None, span));
    }
    if let Some((name, value)) = text.split_once('=')
        && Attribute::named(name).is_some_and(|field| field.serves(Use::Field))
        && !value.is_empty()
    {
        return Err(QueryError::equals_for_colon(text.to_owned(), span));
    }
    if let Some(near) = near(text, written, span)? {
        return Ok(near);
    }
    Ok(match (text, written) {
        ("AND", "AND") => What::And,
        ("OR", "OR") => What::Or,
        ("NOT", "NOT") => What::Not,
        // With a comma after it, it is a word; printed in capitals it would read as an operator.
        ("AND" | "OR" | "NOT" | "NEAR" | "ONEAR", _) => What::Word(text.to_lowercase()),
        _ => What::Word(text.to_owned()),
    })
}

/// Whether it is written like a weight.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Reads `^n`, which begins at `start`. Anything else after a `^` is an error and not read as
/// prose, where the `^` would be silently ignored.
pub(super) fn read_weight(written: &str, start: usize) -> Result<f32, QueryError> {
    let text = written.trim_start_matches('^');
    let weight = Some(text).filter(|text| is_number(text)).and_then(|text| text.parse().ok());
    match weight {
        Some(weight) if is_weight(weight) && written.len() == text.len() + 1 => Ok(weight),
        _ => {
            let meant = match text.replace(',', ".").parse::<f32>() {
                Ok(weight) if is_weight(weight) => format!("^{weight}"),
                Ok(weight) if weight > MAX_WEIGHT => format!("^{MAX_WEIGHT}"),
                Ok(weight) if weight <= 0.0 => "^0.5".to_owned(),
                _ => "^2".to_owned(),
            };
            let span = Span::from(start..start + written.chars().count());
            Err(QueryError::bad_weight(written.to_owned(), WEIGHTS, Some(meant), span))
        }
    }
}

/// Whether a question mark occurs between letters; at the end of a word it ends a question.
fn has_inner_mark(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        let before = text[..at].trim_end_matches('?');
        let behind = text[at + c.len_utf8()..].trim_start_matches('?');
        c == '?'
            && before.ends_with(|c| words::begins_word(c) || words::is_ignorable(c))
            && behind.starts_with(words::begins_word)
    })
}

fn fuzzy(word: &str, digits: &str, span: Span) -> Result<What, QueryError> {
    let edits = if digits.is_empty() { usual_edits(word) } else { digits.parse().unwrap_or(0) };
    match fault_of_fuzzy(word, edits) {
        Some(fault) => Err(QueryError::bad_fuzzy(format!("{word}~{digits}"), fault, span)),
        None => Ok(What::Fuzzy(folded(word), edits)),
    }
}

/// Reads `NEAR/n`; text that only looks like it is an error and not read as prose.
fn near(text: &str, written: &str, span: Span) -> Result<Option<What>, QueryError> {
    let (name, distance) = text.split_once('/').unwrap_or((text, ""));
    let upper = name.to_ascii_uppercase();
    if !matches!(upper.as_str(), "NEAR" | "ONEAR") {
        return Ok(None);
    }
    let refuse = |reason: &str, distance: &str| {
        let meant = Some(format!("{upper}/{distance}"));
        Err(QueryError::bad_distance(written.to_owned(), reason, meant, span))
    };
    let is_distance = !distance.is_empty() && distance.bytes().all(|b| b.is_ascii_digit());
    match (is_distance, name == upper) {
        (true, true) => {
            let within = check_distance(distance, &format!("{upper}/"), span)?;
            Ok(Some(What::Near { within, ordered: upper == "ONEAR" }))
        }
        (true, false) => refuse("operators are written in capitals", distance),
        // With a comma after it, it is a word, as AND is.
        (false, true) if written == text || text.len() > name.len() || written.contains('/') => {
            let reason =
                "write how many words further on the next may be, or `near` for the word itself";
            refuse(reason, "5")
        }
        (false, _) => Ok(None),
    }
}
