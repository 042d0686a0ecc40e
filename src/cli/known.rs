//! Holds what was typed against what there is: an unknown value is an error, never an empty answer.

use super::Refusal;

/// How many values a hint lists at the most.
const LISTED: usize = 12;

/// How like a suggestion must be to what was typed, 1 the same: one letter in three may differ.
const LIKE: f64 = 0.66;

/// The value of `held` that is meant by `typed`: the same but for case, or but for spaces and
/// hyphens in place of underscores.
pub(crate) fn find<'a>(held: &'a [String], typed: &str) -> Option<&'a String> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    held.iter()
        .find(|value| value.as_str() == typed)
        .or_else(|| held.iter().find(|value| plain(value) == plain(typed)))
}

/// As [`find`], or an error with the nearest value and the list of what there is. `said` is the
/// message: what is not there.
pub(crate) fn choose(held: &[String], typed: &str, said: String) -> Result<String, Refusal> {
    find(held, typed).cloned().ok_or_else(|| suggest(Refusal::new(said), held, typed))
}

/// Adds the nearest of `held` to `typed`, if one is near, and the list of what there is.
pub(crate) fn suggest(refusal: Refusal, held: &[String], typed: &str) -> Refusal {
    let refusal = match nearest(held, typed) {
        Some(value) => refusal.hint(format!("did you mean `{value}`?")),
        None => refusal,
    };
    list(refusal, held)
}

/// Adds the list of what there is.
pub(crate) fn list(refusal: Refusal, held: &[String]) -> Refusal {
    if held.is_empty() {
        return refusal.hint("the index holds none at all");
    }
    let listed: Vec<String> = held.iter().take(LISTED).map(|value| format!("`{value}`")).collect();
    let left = held.len() - listed.len();
    let more = if left > 0 { format!(" and {left} more") } else { String::new() };
    refusal.hint(format!("choose from {}{more}", listed.join(", ")))
}

/// The value most like `typed`, if any is like it at all.
pub(crate) fn nearest<'a>(held: &'a [String], typed: &str) -> Option<&'a String> {
    let typed = typed.to_lowercase();
    held.iter()
        .map(|value| {
            let low = value.to_lowercase();
            let likeness = strsim::normalized_damerau_levenshtein(&low, &typed);
            // A part of a longer name is near as well: `Bournemouth`.
            let part = typed.chars().count() >= 4 && low.contains(&typed);
            (if part { likeness.max(0.8) } else { likeness }, value)
        })
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::{choose, find};

    fn held() -> Vec<String> {
        ["Norfolk", "Suffolk", "Bournemouth, Christchurch and Poole", "help_protection"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn case_and_spaces_do_not_matter() {
        assert_eq!(find(&held(), "norfolk").map(String::as_str), Some("Norfolk"));
        assert_eq!(find(&held(), "Help protection").map(String::as_str), Some("help_protection"));
        assert_eq!(find(&held(), "Nor"), None);
    }

    #[test]
    fn an_unknown_value_is_answered_by_the_nearest_and_the_list() {
        let refusal = choose(&held(), "Nofolk", "no such authority".to_owned());
        let hints = refusal.map_err(|refusal| refusal.hints().join("\n"));
        insta::assert_snapshot!(hints.unwrap_err(), @"
        did you mean `Norfolk`?
        choose from `Norfolk`, `Suffolk`, `Bournemouth, Christchurch and Poole`, `help_protection`
        ");
        let hints = choose(&held(), "Bournemouth", String::new()).map_err(|r| r.hints().to_vec());
        assert_eq!(
            hints.unwrap_err().first().map(String::as_str),
            Some("did you mean `Bournemouth, Christchurch and Poole`?")
        );
    }

    #[test]
    fn nothing_far_off_is_suggested() {
        let refusal = choose(&held(), "Zanzibar", String::new());
        assert!(refusal.is_err_and(|refusal| refusal.hints().len() == 1));
    }
}
