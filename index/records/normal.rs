//! The one form of values that reports print in several.
//!
//! Records keep what is printed. Conditions, facets and groups compare this form, so that they find
//! `Within 3 months:` and `within three months of publication` under one value.

/// The words for the numbers of days, weeks and months that reports write as words or digits.
const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

/// What timescales are counted in.
const UNITS: [&str; 5] = ["hour", "day", "week", "month", "year"];

/// A timescale in lower case with its number in words, without what it counts from: `within three
/// months`.
pub(super) fn timescale(printed: &str) -> String {
    let low = printed.to_lowercase();
    let mut words: Vec<&str> = Vec::new();
    for word in low.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let number = bare.parse().ok().and_then(|number: usize| NUMBERS.get(number));
        words.push(number.copied().unwrap_or(bare));
        let is_unit = UNITS.contains(&bare.strip_suffix('s').unwrap_or(bare));
        if is_unit && words.len() > 1 {
            break;
        }
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// A body without its article, beginning with a capital.
pub(super) fn addressee(printed: &str) -> String {
    let bare = printed.trim().trim_end_matches(['.', ':', ';', ',']);
    let bare = match bare.get(..4) {
        Some(article) if article.eq_ignore_ascii_case("the ") => bare[4..].trim_start(),
        _ => bare,
    };
    let mut letters = bare.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{addressee, timescale};

    #[test]
    fn timescales_that_mean_the_same_have_one_form() {
        for printed in [
            "within three months",
            "Within 3 months:",
            "WITHIN THREE  MONTHS.",
            "Within 3 months of the publication of this report",
        ] {
            assert_eq!(timescale(printed), "within three months", "{printed}");
        }
        assert_eq!(timescale("Immediately:"), "immediately");
        assert_eq!(timescale("within 15 working days"), "within 15 working days");
        assert_eq!(timescale("…"), "");
    }

    #[test]
    fn a_body_is_the_same_with_and_without_its_article() {
        assert_eq!(addressee("The local partnership"), "Local partnership");
        assert_eq!(addressee("local partnership:"), "Local partnership");
        assert_eq!(addressee("NHS Elmet and the council"), "NHS Elmet and the council");
        assert_eq!(addressee("the"), "The");
    }
}
