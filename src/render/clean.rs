//! Makes the text of reports harmless to whatever displays it.
//!
//! Replaces every character by exactly one, so that spans counted in characters still point to the
//! same words afterwards.

/// Whether a character can control a terminal or change the direction of the text around it.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Replaces line breaks and tabs by spaces and other control characters by `U+FFFD`.
#[must_use]
pub fn line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { harmless(c) }).collect()
}

/// Does the same as [`line()`], but keeps line feeds and tabs.
#[must_use]
pub fn lines(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\t') { c } else { harmless(c) }).collect()
}

/// Escapes the characters that JSON permits raw but that control a terminal.
///
/// Such characters occur only within strings, so a whole serialised value may be given.
#[must_use]
pub fn json(serialised: &str) -> String {
    let mut clean = String::with_capacity(serialised.len());
    for c in serialised.chars() {
        if c != '\n' && steers(c) {
            // All of them are in the basic plane, so one escape is enough.
            clean.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            clean.push(c);
        }
    }
    clean
}

fn harmless(c: char) -> char {
    if steers(c) { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::{json, line, lines};

    #[test]
    fn an_escape_sequence_in_a_report_reaches_no_terminal() {
        assert_eq!(line("a\u{1b}[31mred\u{9b}2J\u{202e}b"), "a\u{fffd}[31mred\u{fffd}2J\u{fffd}b");
    }

    #[test]
    fn characters_keep_their_places() {
        let text = "one\r\ntwo\u{7}\tthree";
        assert_eq!(line(text).chars().count(), text.chars().count());
        assert_eq!(lines("a\nb\tc\u{7}"), "a\nb\tc\u{fffd}");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = "a\u{9b}b\u{202e}c";
        let text = json(&serde_json::to_string(value).unwrap_or_default());
        assert_eq!(text, r#""a\u009bb\u202ec""#);
        assert_eq!(serde_json::from_str::<String>(&text).ok().as_deref(), Some(value));
    }
}
