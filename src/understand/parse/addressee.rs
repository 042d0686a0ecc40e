//! Finds the body to which a recommendation is addressed, in its first words or the headings above.
//!
//! Nothing is guessed: a recommendation that names nobody, under headings that name nobody, has no
//! addressee.

use crate::knowledge::fold;
use findings_index::language::key;

/// The most characters of a text before the verb that says what the body has to do.
const LONGEST: usize = 120;

/// Words that are bodies, or offices that act for one.
pub(super) const BODIES: &[&str] = &[
    "agencies",
    "authorities",
    "authority",
    "board",
    "clinical",
    "commissioners",
    "constable",
    "constabulary",
    "council",
    "director",
    "icb",
    "lscb",
    "nhs",
    "partners",
    "partnership",
    "police",
    "probation",
    "schools",
    "services",
    "trust",
];

/// Words that occur in the names of bodies, and between them.
const AROUND: &[&str] = &[
    "across",
    "adult",
    "all",
    "and",
    "area",
    "care",
    "chief",
    "children's",
    "college",
    "education",
    "executive",
    "families",
    "force",
    "for",
    "group",
    "groups",
    "health",
    "in",
    "integrated",
    "justice",
    "leaders",
    "local",
    "managers",
    "members",
    "of",
    "offending",
    "officer",
    "officers",
    "other",
    "providers",
    "public",
    "safeguarding",
    "school",
    "senior",
    "service",
    "social",
    "the",
    "their",
    "youth",
];

/// Words without a capital between the names of bodies.
const BETWEEN: &[&str] = &[
    "&", "and", "area", "college", "for", "in", "leaders", "of", "on", "school", "the", "upon",
    "with",
];

/// Verbs after which it is said what the body has to do. After `to` alone, the body has to be
/// written as a name, since `services to children` is no demand.
const DEMANDS: &[&str] = &[" should ", " must ", " needs to ", " need to ", " are to ", " is to "];

/// The words of headings that name a body, and its name.
const HEADINGS: &[(&str, &str)] = &[
    ("local safeguarding children board", "Local Safeguarding Children Board"),
    ("lscb", "Local Safeguarding Children Board"),
    ("local authority", "Local authority"),
];

/// What a text calls the body that the heading above it names in full.
const SHORT: &[&str] = &["the board", "the lscb", "lscb", "the authority", "the local authority"];

/// Finds the body that a recommendation is addressed to: in its first words, or in the headings
/// above it, the innermost first. A short name counts only where no heading has the whole.
pub(super) fn of<'t>(text: &str, titles: impl Iterator<Item = &'t str>) -> Option<String> {
    let named = in_text(text);
    let above = in_headings(titles).map(str::to_owned);
    let is_short = named.as_ref().is_some_and(|who| SHORT.contains(&key(who).as_str()));
    if is_short { above.or(named) } else { named.or(above) }
}

/// Finds the body in the first words of a recommendation.
fn in_text(text: &str) -> Option<String> {
    let folded = fold::punctuation(text);
    let end = |verbs: &[&str]| verbs.iter().filter_map(|verb| folded.find(verb)).min();
    let before = |end: usize| folded.get(..end).filter(|who| who.chars().count() <= LONGEST);
    let demanded = end(DEMANDS).and_then(before).filter(|who| is_body(who));
    let named = || {
        let who = end(&[" to "]).and_then(before)?;
        let is_name = |word: &str| word.starts_with(char::is_uppercase) && is_of(word, BODIES);
        (is_body(who) && who.split_whitespace().any(is_name)).then_some(who)
    };
    let who = demanded.or_else(named)?;
    Some(text.chars().take(who.chars().count()).collect())
}

/// Finds the body in headings, the innermost first.
fn in_headings<'t>(titles: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let mut named = titles.filter_map(|title| {
        let words = format!(" {} ", key(title));
        let found = HEADINGS.iter().find(|(wanted, _)| words.contains(&format!(" {wanted} ")));
        found.map(|(_, body)| *body)
    });
    named.next()
}

/// Whether a text is nothing but the name of a body, or the end of one: no word says what it does.
pub(super) fn is_name(text: &str) -> bool {
    let in_name = |word: &str| {
        word.trim_start_matches('(').starts_with(char::is_uppercase) || is_of(word, BETWEEN)
    };
    !text.trim_end().ends_with([':', ';'])
        && text.split_whitespace().any(|word| is_of(word, BODIES))
        && text.split_whitespace().all(in_name)
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn is_of(word: &str, words: &[&str]) -> bool {
    words.contains(&bare(word).as_str())
}

/// Whether words name a body: it begins with a capital, one of them is a body, and the rest are
/// names or words that occur in names.
fn is_body(words: &str) -> bool {
    words.starts_with(char::is_uppercase)
        && words.split_whitespace().any(|word| is_of(word, BODIES))
        && words.split_whitespace().skip(1).all(|word| {
            word.starts_with(char::is_uppercase) || is_of(word, BODIES) || is_of(word, AROUND)
        })
        && words.split_whitespace().next().is_some_and(|first| {
            is_of(first, BODIES) || is_of(first, AROUND) || is_name_of_a_body(words)
        })
}

/// Whether words that begin with a name of its own name a body: `Elmet County Council`.
fn is_name_of_a_body(words: &str) -> bool {
    let capitals = words.split_whitespace().take_while(|word| word.starts_with(char::is_uppercase));
    capitals.clone().count() > 1 && capitals.clone().any(|word| is_of(word, BODIES))
}

#[cfg(test)]
mod tests {
    use super::{in_headings, in_text, of};

    #[test]
    fn a_body_that_is_told_to_do_something_is_the_addressee() {
        for (text, body) in [
            ("The partnership should increase it.", "The partnership"),
            (
                "The police and the local authority must review it.",
                "The police and the local authority",
            ),
            (
                "NHS Elmet and Elmet County Council to agree how.",
                "NHS Elmet and Elmet County Council",
            ),
            ("Leaders across the partnership should ensure it.", "Leaders across the partnership"),
            (
                "Children’s services and schools need to share it.",
                "Children’s services and schools",
            ),
        ] {
            assert_eq!(in_text(text).as_deref(), Some(body), "{text}");
        }
    }

    #[test]
    fn a_demand_that_names_nobody_has_no_addressee() {
        for text in [
            "Ensure that the police and partners are told what to do.",
            "Leaders must establish it.",
            "The timeliness with which health services respond to children.",
            "Health services to children in the area.",
            "Oversight by the board should improve.",
            "ensure that all schools should know.",
            "",
        ] {
            assert_eq!(in_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_short_name_is_that_of_the_heading_and_another_body_is_not() {
        let titles = ["Recommendations", "The Local Safeguarding Children Board (LSCB)"];
        let of = |text: &str| of(text, titles.into_iter());
        let board = "Local Safeguarding Children Board";
        assert_eq!(of("The board should publish it.").as_deref(), Some(board));
        assert_eq!(of("The LSCB must publish it.").as_deref(), Some(board));
        assert_eq!(of("Publish it.").as_deref(), Some(board));
        assert_eq!(of("Elmet Police should publish it.").as_deref(), Some("Elmet Police"));
    }

    #[test]
    fn the_innermost_heading_that_names_a_body_counts() {
        let board = "The Local Safeguarding Children Board (LSCB)";
        let found = |titles: &[&'static str]| in_headings(titles.iter().copied());
        assert_eq!(found(&["Recommendations", board]), Some("Local Safeguarding Children Board"));
        let authority = "What does the local authority need to improve?";
        assert_eq!(found(&["Areas for improvement", authority]), Some("Local authority"));
        assert_eq!(found(&["What needs to improve?"]), None);
    }
}
