//! Reads the light emphasis of text files (`**bold**`, `*italic*`, `__bold__`) into typography.
//!
//! In reports saved as text, these marks are the only trace of a grade's boldness. The rest of
//! Markdown is not read here.

/// A text without its marks, and how much of it was bold.
pub(super) struct Emphasised {
    pub(super) text: String,
    /// The share of the letters that are bold, 0 to 1.
    pub(super) bold: f32,
}

/// Removes paired marks from `source`; a mark without its partner stays as printed.
pub(super) fn read(source: &str) -> Emphasised {
    let mut pieces = Vec::new();
    split(source, &mut pieces);
    let mut text = String::with_capacity(source.len());
    let (mut letters, mut bold_letters) = (0usize, 0usize);
    for (piece, bold) in pieces {
        // A grade that follows its heading directly ("management**Grade 2**") is a separate word.
        let joint = text.chars().last().is_some_and(char::is_alphanumeric)
            && piece.chars().next().is_some_and(char::is_alphanumeric);
        if bold && joint {
            text.push(' ');
        }
        let count = piece.chars().filter(|c| c.is_alphabetic()).count();
        letters += count;
        if bold {
            bold_letters += count;
        }
        text.push_str(piece);
    }
    let bold = if letters == 0 { 0.0 } else { bold_letters as f32 / letters as f32 };
    Emphasised { text, bold }
}

fn split<'a>(source: &'a str, pieces: &mut Vec<(&'a str, bool)>) {
    let mut rest = source;
    while let Some((start, mark)) = next_mark(rest) {
        let inner = &rest[start + mark.len()..];
        match inner.find(mark) {
            Some(end) if end > 0 && !inner.starts_with(' ') => {
                pieces.push((&rest[..start], false));
                pieces.push((&inner[..end], mark.len() == 2));
                rest = &inner[end + mark.len()..];
            }
            _ => {
                pieces.push((&rest[..start + mark.len()], false));
                rest = inner;
            }
        }
    }
    pieces.push((rest, false));
}

fn next_mark(text: &str) -> Option<(usize, &'static str)> {
    let start = text.find(['*', '_'])?;
    for mark in ["**", "__", "*"] {
        if text[start..].starts_with(mark) {
            return Some((start, mark));
        }
    }
    // A single underscore belongs to file names and addresses.
    let after = start + 1;
    next_mark(&text[after..]).map(|(at, mark)| (at + after, mark))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_grade_run_in_behind_its_heading_becomes_a_word_of_its_own() {
        let e = read("Leadership and management**Grade 2 (good)**");
        assert_eq!(e.text, "Leadership and management Grade 2 (good)");
        assert!(e.bold > 0.1 && e.bold < 0.5);
    }

    #[test]
    fn a_line_that_is_all_bold_says_so() {
        let e = read("**Grade 2 (good)**");
        assert_eq!((e.text.as_str(), e.bold), ("Grade 2 (good)", 1.0));
    }

    #[test]
    fn a_mark_without_partner_stays() {
        assert_eq!(read("5 * 3 and a_b").text, "5 * 3 and a_b");
        assert_eq!(read("'*Working Together*', 2010").text, "'Working Together', 2010");
    }
}
