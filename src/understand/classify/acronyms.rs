//! Finds acronyms that a text explains: `initial health assessment (IHA)`.
//!
//! Uses the algorithm of Schwartz and Hearst, "A simple algorithm for identifying abbreviation
//! definitions in biomedical text" (Pacific Symposium on Biocomputing 2003): the letters of the
//! acronym are matched from right to left in the words before it, and its first letter must begin a
//! word. There are two differences. An acronym needs at least two capitals, because reports put
//! much else in brackets. And if the letters are the initials of words, these words are taken: the
//! shortest match would explain EET as "employment and training".

/// The longest acronym, in characters.
const LONGEST: usize = 10;

/// Words that may come before an acronym inside its brackets: `(known as the MASH)`.
const LEAD_IN: [&str; 7] = ["the", "a", "an", "or", "known", "as", "also"];

/// Words whose initials an acronym may leave out, and that do not begin a name.
const SMALL: [&str; 11] = ["a", "an", "and", "at", "for", "in", "of", "on", "or", "the", "to"];

/// Finds the acronyms that a text explains, in the singular, with their long forms.
pub(crate) fn find(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('(') {
        let Some(length) = text[open + 1..].find([')', '(']) else { continue };
        let inside = text[open + 1..open + 1 + length].trim();
        let before = text[..open].trim_end();
        if let Some(short) = short_form(inside) {
            let words = last_words(before, most_words(&short));
            if let Some(long) = long_form(&short, words) {
                found.push((short, long.to_owned()));
            }
        } else if let Some(short) = before.rsplit(char::is_whitespace).next().and_then(short_form) {
            let count = inside.split_whitespace().count();
            let is_whole = |long: &str| long.len() == inside.len();
            if (2..=most_words(&short)).contains(&count)
                && let Some(long) = long_form(&short, inside).filter(|long| is_whole(long))
            {
                found.push((short, long.to_owned()));
            }
        }
    }
    found
}

/// The greatest number of words that may belong to an acronym of this length.
fn most_words(short: &str) -> usize {
    let letters = short.chars().filter(|c| c.is_alphanumeric()).count();
    (letters + 5).min(letters * 2)
}

/// Reads the acronym inside brackets, if there is one, without the `s` of its plural.
fn short_form(inside: &str) -> Option<String> {
    let first = inside.split([',', ';', ':']).next().unwrap_or(inside);
    let mut words = first.split_whitespace().peekable();
    let mut word = words.next()?;
    while LEAD_IN.contains(&word.to_lowercase().as_str()) && words.peek().is_some() {
        word = words.next()?;
    }
    let bare =
        |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).replace(['’', '\''], "'");
    let word = bare(word);
    if words.next().is_some() {
        return None;
    }
    let word = word.strip_suffix("'s").unwrap_or(&word);
    let singular = word.strip_suffix('s').filter(|rest| rest.ends_with(char::is_uppercase));
    let word = singular.unwrap_or(word);
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '&' | '-' | '‑' | '/' | '.');
    let is_acronym = capitals >= 2
        && word.chars().count() <= LONGEST
        && word.chars().all(allowed)
        // A capitalised name (`Barnardo-Smith`) has more small letters than capitals.
        && word.chars().filter(|c| c.is_lowercase()).count() <= capitals;
    is_acronym.then(|| word.replace('‑', "-"))
}

/// The last words of a text, at most `most`, from one sentence and outside other brackets.
fn last_words(text: &str, most: usize) -> &str {
    let bound = text.rfind([')', '(', ';', ':', '•']).map_or(0, |place| place + 1);
    let bound = text[bound..]
        .rmatch_indices(". ")
        .next()
        .map_or(bound, |(place, stop)| bound + place + stop.len());
    let text = text.get(bound..).unwrap_or("").trim_start();
    let mut starts = text
        .char_indices()
        .filter(|(place, c)| {
            !c.is_whitespace() && text[..*place].chars().next_back().is_none_or(char::is_whitespace)
        })
        .map(|(place, _)| place)
        .rev();
    let start = starts.nth(most.saturating_sub(1)).unwrap_or(0);
    &text[start..]
}

/// Finds the long form of an acronym at the end of `words`: the words of which it has the initials,
/// or else the shortest that contain its letters in order, the first at the beginning of a word.
fn long_form<'a>(short: &str, words: &'a str) -> Option<&'a str> {
    let words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = by_initials(short, words).or_else(|| by_letters(short, words))?;
    let long = words[start..].trim_start_matches(|c: char| !c.is_alphanumeric());
    if is_small(long.split_whitespace().next().unwrap_or(long)) {
        return None;
    }
    let word_count = long.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    let holds_short = long.split(|c: char| !c.is_alphanumeric()).any(|word| word == short);
    (word_count >= 2 && long.len() > short.len() && !holds_short).then_some(long)
}

fn is_small(word: &str) -> bool {
    SMALL.contains(&word.to_lowercase().as_str())
}

/// Finds where the words begin whose initials are the letters; small words may be left out.
fn by_initials(short: &str, words: &str) -> Option<usize> {
    let letters: Vec<char> =
        short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut parts: Vec<(usize, &str)> = Vec::new();
    let mut place = 0;
    for part in words.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            parts.push((place, word));
        }
        place += part.len();
    }
    initials(&letters, &parts)
}

fn initials(letters: &[char], words: &[(usize, &str)]) -> Option<usize> {
    let ((last, rest), ((start, word), words)) = (letters.split_last()?, words.split_last()?);
    let small = is_small(word);
    let begins = word.chars().next().is_some_and(|c| c.to_lowercase().eq([*last]));
    let taken = match rest {
        [] => (begins && !small).then_some(*start),
        rest => begins.then(|| initials(rest, words)).flatten(),
    };
    taken.or_else(|| small.then(|| initials(letters, words)).flatten())
}

/// Finds where the shortest words begin that contain the letters in order, the first letter at the
/// beginning of a word.
fn by_letters(short: &str, words: &str) -> Option<usize> {
    let mut letters =
        short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).rev().peekable();
    let mut before = words;
    while let Some(letter) = letters.next() {
        let is_first = letters.peek().is_none();
        let (place, _) = before.char_indices().rev().find(|(place, c)| {
            let begins = before[..*place].chars().next_back().is_none_or(|b| !b.is_alphanumeric());
            c.to_lowercase().eq([letter]) && (!is_first || begins)
        })?;
        before = &before[..place];
    }
    Some(
        before
            .rfind(char::is_whitespace)
            .map_or(0, |place| place + before[place..].chars().next().map_or(0, char::len_utf8)),
    )
}

#[cfg(test)]
mod tests {
    use super::find;
    use proptest::prelude::{any, proptest};

    fn found(text: &str) -> Vec<(String, String)> {
        find(text)
    }

    fn explains(text: &str, short: &str, long: &str) {
        assert_eq!(found(text), [(short.to_owned(), long.to_owned())], "{text}");
    }

    #[test]
    fn acronym_stands_in_brackets_behind_its_words() {
        explains(
            "The Wealdshire Local Safeguarding Children Board (LSCB) meets monthly.",
            "LSCB",
            "Local Safeguarding Children Board",
        );
        explains(
            "A multi-agency risk assessment conference (the ‘MARAC’) is held.",
            "MARAC",
            "multi-agency risk assessment conference",
        );
        explains(
            "young people not in education, employment or training (NEET) are few",
            "NEET",
            "not in education, employment or training",
        );
        explains("the Department for Letters (DfL)", "DfL", "Department for Letters");
    }

    #[test]
    fn plural_is_learned_in_the_singular() {
        explains(
            "Most personal education plans (PEPs) are dull.",
            "PEP",
            "personal education plans",
        );
        explains("The reviewing officer’s notes (RON’s)", "RON", "reviewing officer’s notes");
    }

    #[test]
    fn ampersands_and_hyphens_belong_to_an_acronym() {
        explains("seen in accident and emergency (A&E)", "A&E", "accident and emergency");
        explains(
            "the child protection information sharing (CP-IS) system",
            "CP-IS",
            "child protection information sharing",
        );
    }

    #[test]
    fn words_may_stand_in_brackets_behind_the_acronym() {
        explains("A PLO (public law outline) letter", "PLO", "public law outline");
        assert_eq!(found("A PLO (which is a letter of law) came"), []);
    }

    #[test]
    fn nothing_else_in_brackets_is_an_acronym() {
        for text in [
            "Visits are late (see paragraph 4).",
            "most children (75%) and some (12 of 20)",
            "in the year (2014)",
            "the agency (Barnardo)",
            "the law (Children Act 1989) asks",
            "The chair left (XYZ).",
            "Leaders know this (sic) well (AND act).",
            "(LSCB) stands first",
            "an unclosed bracket (LSCB",
            "LSCB (LSCB)",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn initials_come_before_the_shortest_words_with_the_letters() {
        explains(
            "in education, employment and training (EET)",
            "EET",
            "education, employment and training",
        );
        explains(
            "on their assessed and supported year in employment (ASYE)",
            "ASYE",
            "assessed and supported year in employment",
        );
        assert_eq!(found("plans are there and children missing team (ACMX)"), []);
        assert_eq!(found("visits and exits of children (AEC)"), []);
    }

    #[test]
    fn words_of_another_sentence_or_bracket_do_not_belong() {
        assert_eq!(found("Plans are personal. Education (PE) is good."), []);
        let both = found("independent visitors (IVs) and personal advisers (PAs)");
        let pair = |short: &str, long: &str| (short.to_owned(), long.to_owned());
        assert_eq!(both, [pair("IV", "independent visitors"), pair("PA", "personal advisers")]);
    }

    proptest! {
        #[test]
        fn every_text_can_be_searched(text in any::<String>()) {
            let _ = find(&text);
        }

        #[test]
        fn initials_of_any_words_are_their_acronym(
            words in proptest::collection::vec("[b-df-hj-np-tv-z][aeiou]{2,6}", 2..6),
        ) {
            let long = words.join(" ");
            let short: String =
                words.iter().filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect();
            assert_eq!(find(&format!("{long} ({short})")), [(short, long)]);
        }
    }
}
