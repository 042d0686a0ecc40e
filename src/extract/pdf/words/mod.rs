//! A list of general English words, by which a word broken at the end of a line is recognised.

/// One word a line, in alphabetical order, without those that are another one and an `s`.
const ENGLISH: &str = include_str!("english.txt");

/// Whether a word in lower case is a general English one of four letters or more.
pub(super) fn is_known(word: &str) -> bool {
    holds(word) || word.strip_suffix('s').is_some_and(holds)
}

/// Looks a word up by halving the list.
fn holds(word: &str) -> bool {
    let (mut low, mut high) = (0, ENGLISH.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let start = ENGLISH[..middle].rfind('\n').map_or(0, |end| end + 1);
        let end = ENGLISH[middle..].find('\n').map_or(ENGLISH.len(), |length| middle + length);
        match ENGLISH[start..end].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, is_known};

    #[test]
    fn every_word_of_the_list_is_found_and_no_other() {
        for word in ENGLISH.lines() {
            assert!(is_known(word), "{word}");
            assert!(!is_known(&format!("{word}zz")), "{word}zz");
        }
        assert!(is_known("relationships"));
        for unknown in ["", "s", "aaaa", "zzzz", "multiagency", "caf", "é"] {
            assert!(!is_known(unknown), "{unknown}");
        }
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(ENGLISH.lines().is_sorted());
    }
}
