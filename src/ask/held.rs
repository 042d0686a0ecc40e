//! Which of the values held is meant by what was typed.

use findings_index::language::key;

/// Finds the value of `held` that `typed` means, ignoring case, spaces and hyphens.
pub(crate) fn same<'h>(held: &'h [String], typed: &str) -> Option<&'h String> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    held.iter()
        .find(|value| value.as_str() == typed)
        .or_else(|| held.iter().find(|value| plain(value) == plain(typed)))
        .or_else(|| held.iter().find(|value| key(value) == key(typed)))
}
