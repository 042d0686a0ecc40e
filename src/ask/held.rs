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

/// Finds the only value of `held` of which `typed` is some of the words: `yorkshire`.
pub(crate) fn part<'h>(held: &'h [String], typed: &str) -> Option<&'h String> {
    let wanted = format!(" {} ", key(typed));
    let has = |value: &&String| format!(" {} ", key(value)).contains(&wanted);
    let mut found = held.iter().filter(has);
    found.next().filter(|_| !wanted.trim().is_empty() && found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_part_means_the_only_value_that_has_it() {
        let held = ["North West", "North East", "Yorkshire and the Humber"].map(str::to_owned);
        assert_eq!(part(&held, "yorkshire").unwrap(), "Yorkshire and the Humber");
        assert_eq!(part(&held, "north"), None);
        assert_eq!(part(&held, "york"), None);
        assert_eq!(part(&held, ""), None);
    }
}
