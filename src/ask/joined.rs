//! Values of several words that were typed after a field's colon without quotation marks.

use super::Session;
use super::error::AskError;
use findings_index::language::query::{Repair, check_value};
use findings_index::records::{Attribute, Use};

/// The most words that one value has.
const LONGEST: usize = 7;

/// Words that are operators, and so are never part of a value.
const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];

/// A condition without quotation marks, and the words that follow it.
struct Bare {
    attribute: Attribute,
    /// Where the name of the field begins, in characters.
    start: usize,
    /// The words after the colon, each with the position after its end.
    words: Vec<(String, usize)>,
}

impl Session<'_> {
    /// Puts values of several words into quotation marks: the longest value that is held counts.
    ///
    /// # Errors
    /// An engine that fails, or a table that cannot be used.
    pub(super) fn joined(&self, typed: &str) -> Result<(String, Vec<Repair>), AskError> {
        let chars: Vec<char> = typed.chars().collect();
        let mut text = String::new();
        let mut repairs = Vec::new();
        let mut at = 0;
        for bare in bare(&chars) {
            for count in (2..=bare.words.len()).rev() {
                let words: Vec<&str> =
                    bare.words[..count].iter().map(|(word, _)| &**word).collect();
                let value = words.join(" ");
                let value = value.trim_end_matches([',', ';', '.', '?']);
                let is_value = check_value(bare.attribute, value).is_ok()
                    && self.is_meant(bare.attribute, value)?;
                if is_value {
                    let written = format!("{}:\"{value}\"", bare.attribute.name());
                    text.extend(&chars[at..bare.start]);
                    text.push_str(&written);
                    at = bare.words[count - 1].1;
                    repairs.push(Repair::JoinedValue { written, column: bare.start + 1 });
                    break;
                }
            }
        }
        text.extend(&chars[at..]);
        Ok((text, repairs))
    }
}

/// Finds the conditions outside quotation marks and parentheses that words follow.
fn bare(chars: &[char]) -> Vec<Bare> {
    let is_quote = |c: char| matches!(c, '"' | '\u{201c}'..='\u{201f}');
    let mut found: Vec<Bare> = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        quoted ^= is_quote(c);
        let begins = at == 0
            || matches!(chars[at - 1], c if c.is_whitespace() || matches!(c, '(' | '-' | '+'));
        if quoted || !begins || !c.is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let colon =
            (at..chars.len()).find(|at| !(chars[*at].is_ascii_alphabetic() || chars[*at] == '_'));
        let name: String = chars[at..colon.unwrap_or(at)].iter().collect();
        let attribute = Attribute::named(&name).filter(|attribute| attribute.serves(Use::Field));
        let (Some(attribute), Some(colon)) =
            (attribute, colon.filter(|colon| chars[*colon] == ':'))
        else {
            at += 1;
            continue;
        };
        let words = following(chars, colon + 1);
        if words.len() > 1 && has_words(attribute) {
            found.push(Bare { attribute, start: at, words });
        }
        at = colon + 1;
    }
    found
}

/// Whether values of an attribute may be of several words and are known beforehand.
fn has_words(attribute: Attribute) -> bool {
    !matches!(
        attribute,
        Attribute::Section | Attribute::Report | Attribute::Number | Attribute::Page
    )
}

/// The words from here on, up to the first that cannot be part of a value.
fn following(chars: &[char], from: usize) -> Vec<(String, usize)> {
    let mut words = Vec::new();
    let mut at = from;
    while at < chars.len() && words.len() < LONGEST {
        let end = (at..chars.len()).find(|at| chars[*at].is_whitespace()).unwrap_or(chars.len());
        let word: String = chars[at..end].iter().collect();
        let is_plain = word.starts_with(|c: char| c.is_alphanumeric() || c == '&')
            && !word.contains([':', '"', '\u{201c}', '\u{201d}', '(', ')', '|', '*'])
            && !OPERATORS.contains(&word.as_str())
            && !word.starts_with("NEAR/");
        if !is_plain {
            break;
        }
        words.push((word, end));
        at = (end..chars.len()).find(|at| !chars[*at].is_whitespace()).unwrap_or(chars.len());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn words_after_a_condition_may_belong_to_it() {
        let found = |typed: &str| -> Vec<String> {
            let chars: Vec<char> = typed.chars().collect();
            let words = |bare: super::Bare| bare.words.into_iter().map(|(word, _)| word).collect();
            bare(&chars).into_iter().map(words).map(|words: Vec<String>| words.join(" ")).collect()
        };
        assert_eq!(found("neglect grade:Requires improvement"), ["Requires improvement"]);
        assert_eq!(found("region:North West neglect AND police"), ["North West neglect"]);
        assert_eq!(found("authority:\"Essex County\" x"), Vec::<String>::new());
        assert_eq!(found("\"grade:good or bad\" x"), Vec::<String>::new());
        assert_eq!(found("grade:good section:a b"), Vec::<String>::new());
    }
}
