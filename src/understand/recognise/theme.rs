//! Finds what a joint inspection was about: "serious youth violence", without the area's name.

use super::one_line;
use crate::knowledge::authorities::printed_words;

/// The most characters of a theme.
const LONGEST: usize = 220;

/// Titles between "in" and a name.
const TITLES: [&str; 9] = [
    "the ",
    "The ",
    "London Borough of ",
    "Royal Borough of ",
    "City of ",
    "County of ",
    "Borough of ",
    "area of ",
    "local area of ",
];

/// Titles after a name.
const AFTER: [&str; 8] = [
    " Metropolitan District Council",
    " Metropolitan Borough Council",
    " Metropolitan Borough",
    " Borough Council",
    " County Council",
    " City Council",
    " Council",
    " local authority",
];

/// The theme in printed words that go on to the area with this name, and perhaps beyond it.
pub(super) fn of(printed: &str, authority: Option<&str>) -> Option<String> {
    let text = one_line(printed);
    let (before, after) = authority
        .and_then(|authority| around(&text, authority))
        .or_else(|| place(&text))
        .unwrap_or((&text, ""));
    // What follows the name within the sentence belongs to the theme: "families in Leeds who need
    // help"; a new line does not.
    let after = after.split(['.', ';']).next().unwrap_or_default();
    let goes_on = after.trim_start().starts_with(char::is_lowercase);
    let after = if goes_on { after } else { "" };
    let theme = one_line(&format!("{} {after}", before.trim_end_matches([',', ' '])));
    let theme = ["the response to ", "responses to "]
        .iter()
        .fold(theme.as_str(), |theme, start| theme.strip_prefix(start).unwrap_or(theme));
    // "identification of need (often called the 'front door')"
    let remark = theme.ends_with(')').then(|| theme.rfind(" (")).flatten();
    let theme = remark.map_or(theme, |at| &theme[..at]);
    let theme = theme.trim_end_matches(['.', ',', ' ']);
    let is_theme = (4..=LONGEST).contains(&theme.chars().count());
    (is_theme && printed_words(theme).count() > 0).then(|| theme.to_owned())
}

/// What is printed before and after "in" and a name.
fn around<'t>(text: &'t str, authority: &str) -> Option<(&'t str, &'t str)> {
    let first = printed_words(authority).find(|word| !word.is_title())?;
    let starts = text.match_indices(" in ").map(|(at, word)| (at, at + word.len()));
    starts.into_iter().find_map(|(at, end)| {
        let mut name = &text[end..];
        for title in TITLES {
            name = name.strip_prefix(title).unwrap_or(name);
        }
        let begins = printed_words(name).next().is_some_and(|word| word.key == first.key);
        begins.then(|| (&text[..at], beyond(name)))
    })
}

/// What is printed before and after "in" and any name.
fn place(text: &str) -> Option<(&str, &str)> {
    let (at, end) =
        text.match_indices(" in ").map(|(at, word)| (at, at + word.len())).find(|(_, end)| {
            let mut name = &text[*end..];
            name = name.strip_prefix("the ").unwrap_or(name);
            name.starts_with(char::is_uppercase)
        })?;
    Some((&text[..at], beyond(text[end..].strip_prefix("the ").unwrap_or(&text[end..]))))
}

/// The text after the capitalised words of a name and its title.
fn beyond(name: &str) -> &str {
    let mut rest = name;
    let mut last = name;
    while let Some(word) = rest.split_whitespace().next() {
        let is_small = matches!(word, "and" | "of" | "upon" | "on" | "with" | "&");
        let is_name = word.starts_with(char::is_uppercase);
        if !is_name && !is_small {
            break;
        }
        rest = rest[word.len()..].trim_start();
        if is_name {
            last = rest;
        }
        if word.ends_with(['.', ';']) && word != "St." {
            return "";
        }
    }
    AFTER.iter().fold(last, |last, title| last.strip_prefix(title.trim_start()).unwrap_or(last))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_theme_is_what_is_printed_without_the_name_of_the_area() {
        for (printed, authority, theme) in [
            ("serious youth violence in Saltmere.", Some("Saltmere"), "serious youth violence"),
            (
                "sexual\nabuse in the family in Saltmere\nBetween 4 and 8 March",
                Some("Saltmere"),
                "sexual abuse in the family",
            ),
            (
                "children and families in Saltmere who need help. This",
                Some("Saltmere"),
                "children and families who need help",
            ),
            (
                "neglect in the Royal Borough of Windsor and Maidenhead. It",
                Some("Windsor and Maidenhead"),
                "neglect",
            ),
            ("neglect in Saltmere Borough Council\nBetween 2", Some("Saltmere"), "neglect"),
            (
                "neglect of older children in Hull",
                Some("Kingston Upon Hull, City of"),
                "neglect of older children",
            ),
            (
                "the response to children living with domestic abuse",
                None,
                "children living with domestic abuse",
            ),
        ] {
            assert_eq!(of(printed, authority).as_deref(), Some(theme), "{printed}");
        }
    }
}
