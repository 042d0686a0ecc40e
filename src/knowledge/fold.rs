//! Folds printed text so that patterns can be matched on it: straight quotation marks, plain
//! hyphens, single spaces. Every character stays one character, so places are kept.

use std::borrow::Cow;

/// Straightens quotation marks and dashes; line breaks stay.
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
