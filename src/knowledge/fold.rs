//! Folds printed text so that patterns can be matched on it: straight quotation marks, plain
//! hyphens, plain spaces. Each character stays one character, so positions in characters are kept.

use std::borrow::Cow;

/// Straightens quotation marks, dashes and special spaces; line breaks stay.
#[must_use]
pub(crate) fn punctuation(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                '‘' | '’' | '‛' | '′' => '\'',
                '“' | '”' | '„' | '″' => '"',
                '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '━' => '-',
                '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
                c => c,
            })
            .collect(),
    )
}
