//! The length of a paragraph, and its effect on the score.
//!
//! Lengths are rounded down to one of 256 values, as search engines keep them in one byte: exact up
//! to forty words, within an eighth above. An engine that knows exact lengths rounds them as well,
//! since it would rank differently otherwise.

use super::{B, K1, SUBSTANTIAL};

/// Ids below this are the length itself.
const EXACT: u8 = 24;

/// The number of words of a rounded length, by its id.
#[must_use]
pub fn words_of_length(id: u8) -> u32 {
    let Some(rest) = id.checked_sub(EXACT) else { return u32::from(id) };
    // A small floating-point number: three bits after the leading one, and an exponent.
    let (exponent, digits) = (rest >> 3, u32::from(rest & 7));
    let more = match exponent.checked_sub(1) {
        Some(shift) => (digits | 8) << shift,
        None => digits,
    };
    u32::from(EXACT) + more
}

/// The id of the greatest rounded length that is not above this number of words.
#[must_use]
pub fn length_id(words: u32) -> u8 {
    (0..=u8::MAX).rev().find(|id| words_of_length(*id) <= words).unwrap_or(0)
}

/// The effect of a length on the score of a paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    /// How much it reduces the effect of each occurrence, see `K1` and `B`.
    pub(super) damping: f32,
    /// The factor by which the score is multiplied.
    pub(super) factor: f32,
}

/// The effect of each rounded length.
#[derive(Debug, Clone)]
pub(super) struct Lengths(Box<[Length; 256]>);

impl Lengths {
    /// Computes the effects, given the average number of words of a paragraph.
    pub(super) fn new(average: f32) -> Self {
        Self(Box::new(std::array::from_fn(|id| {
            let words = words_of_length(u8::try_from(id).unwrap_or(u8::MAX)) as f32;
            Length {
                damping: K1 * (1.0 - B + B * words / average),
                factor: (words / SUBSTANTIAL).min(1.0),
            }
        })))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Length> {
        self.0.iter().copied()
    }

    pub(super) fn of(&self, id: u8) -> Length {
        self.0[usize::from(id)]
    }
}

#[cfg(test)]
mod tests {
    use super::{length_id, words_of_length};

    #[test]
    fn lengths_are_exact_up_to_forty_words_and_within_an_eighth_above() {
        for words in 0..=40 {
            assert_eq!(words_of_length(length_id(words)), words);
        }
        for words in 41..20_000 {
            let rounded = words_of_length(length_id(words));
            assert!(rounded <= words && words - rounded < words / 8, "{words}: {rounded}");
        }
    }
}
