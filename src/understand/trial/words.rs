//! The words that a pattern spells out, and how like them a line is.

/// The greatest number of readings of one pattern: alternatives multiply.
const MOST: usize = 32;

/// How like two words have to be to count as the same, so that a word misspelt in a pattern is
/// found.
const LIKE: f64 = 0.75;

/// The least likeness of a line that comes near.
const NEAR: f64 = 0.5;

/// A place in a pattern where anything may be.
const GAP: char = '\u{0}';

/// The words of a pattern, in each reading of its alternatives.
pub(super) struct Words {
    readings: Vec<Vec<String>>,
    /// Whether the pattern is about whole lines.
    whole: bool,
}

impl Words {
    /// Reads a regular expression as far as words go.
    pub(super) fn of(pattern: &str) -> Self {
        let mut letters = pattern.chars().peekable();
        let mut readings = Vec::new();
        while letters.peek().is_some() {
            readings.extend(alternatives(&mut letters));
            // A bracket too many.
            letters.next();
        }
        let words = |reading: String| -> Vec<String> {
            let words = reading.to_lowercase();
            let words = words.split(|c: char| !(c.is_alphanumeric() || c == '\''));
            words.filter(|word| word.chars().count() > 1).map(str::to_owned).collect()
        };
        let mut readings: Vec<Vec<String>> = readings.into_iter().map(words).collect();
        readings.retain(|reading| !reading.is_empty());
        Self { readings, whole: pattern.starts_with('^') && pattern.ends_with('$') }
    }

    /// How like the line is to the nearest reading; `None` if it is not near.
    pub(super) fn likeness(&self, line: &str) -> Option<f64> {
        let line = line.to_lowercase();
        let words: Vec<&str> = line
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .filter(|w| !w.is_empty())
            .collect();
        let like = |reading: &Vec<String>| {
            let shared = in_order(reading, &words) as f64;
            let (wanted, given) = (reading.len() as f64, words.len() as f64);
            let share = shared / wanted;
            // Among lines with as many of the words, the shortest is the nearest.
            let spare = (given - shared) / (given + wanted);
            if self.whole { share * (1.0 - spare) } else { share - 0.01 * spare }
        };
        let best = self.readings.iter().map(like).max_by(f64::total_cmp)?;
        (best >= NEAR).then_some(best)
    }
}

/// How many of the wanted words the line has in their order.
fn in_order(wanted: &[String], line: &[&str]) -> usize {
    let mut row = vec![0; line.len() + 1];
    for word in wanted {
        let mut diagonal = 0;
        for (place, other) in line.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] =
                if is_like(word, other) { diagonal + 1 } else { above.max(row[place]) };
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn is_like(word: &str, other: &str) -> bool {
    word == other || (word.len() > 3 && strsim::normalized_damerau_levenshtein(word, other) >= LIKE)
}

type Letters<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// Reads alternatives up to a closing bracket, which is left.
fn alternatives(letters: &mut Letters<'_>) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        all.extend(sequence(letters));
        if letters.next_if_eq(&'|').is_none() {
            all.truncate(MOST);
            return all;
        }
    }
}

fn sequence(letters: &mut Letters<'_>) -> Vec<String> {
    let mut readings = vec![String::new()];
    while let Some(&letter) = letters.peek() {
        if matches!(letter, '|' | ')') {
            break;
        }
        letters.next();
        let atom = match letter {
            '(' => group(letters),
            '[' => class(letters),
            '.' => vec![GAP.to_string()],
            '^' | '$' => vec![String::new()],
            '\\' => vec![escape(letters)],
            other => vec![other.to_string()],
        };
        let optional = quantifier(letters);
        let without = optional.then(String::new);
        let choices: Vec<&String> = atom.iter().chain(without.iter()).collect();
        readings = readings
            .iter()
            .flat_map(|reading| choices.iter().map(move |choice| format!("{reading}{choice}")))
            .take(MOST)
            .collect();
    }
    readings
}

/// Reads a group behind its opening bracket.
fn group(letters: &mut Letters<'_>) -> Vec<String> {
    if letters.next_if_eq(&'?').is_some() {
        // A name or flags.
        while let Some(letter) = letters.next_if(|c| *c != ')') {
            if matches!(letter, ':' | '>') {
                break;
            }
        }
    }
    let inner = alternatives(letters);
    letters.next();
    inner
}

/// Reads a class of characters behind its opening bracket.
fn class(letters: &mut Letters<'_>) -> Vec<String> {
    let mut first = true;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            ']' if !first => break,
            _ => {}
        }
        first = first && letter == '^';
    }
    vec![GAP.to_string()]
}

fn escape(letters: &mut Letters<'_>) -> String {
    match letters.next() {
        Some('b' | 'B') | None => String::new(),
        Some('n' | 's' | 't') => " ".to_owned(),
        Some(letter) if letter.is_alphanumeric() => GAP.to_string(),
        Some(letter) => letter.to_string(),
    }
}

/// Reads a quantifier, and says whether what is before it may be missing.
fn quantifier(letters: &mut Letters<'_>) -> bool {
    let optional = match letters.peek() {
        Some('?' | '*') => {
            letters.next();
            true
        }
        Some('+') => {
            letters.next();
            false
        }
        Some('{') => {
            let inner: String = std::iter::from_fn(|| letters.next_if(|c| *c != '}')).collect();
            letters.next();
            inner.starts_with("{0")
        }
        _ => return false,
    };
    letters.next_if(|c| matches!(c, '?' | '+'));
    optional
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn the_line_with_most_words_of_the_pattern_in_their_order_is_the_nearest() {
        let words = Words::of(r"inspection of (?P<value>[^\n]+) fire brigade");
        let like = |line: &str| words.likeness(line).unwrap_or_default();
        assert!(like("Inspection of Tarn Valley Fire Service") > like("The fire brigade"));
        assert!(like("Inspecton of Tarn Valley fire brigade") > 0.9);
        assert_eq!(words.likeness("Report published: 19 May 2023"), None);
    }

    #[test]
    fn alternatives_and_what_may_be_missing_are_read_both_ways() {
        let words = Words::of(r"^(areas? for (further )?improvement|what (next|now)\?)$");
        for line in ["Areas for improvement", "Area for further improvement", "What now?"] {
            assert!(words.likeness(line).is_some_and(|like| like > 0.99), "{line}");
        }
        let long = "What inspectors found when they looked at the areas of the brigade";
        assert_eq!(words.likeness(long), None);
    }

    #[test]
    fn a_pattern_without_words_is_near_to_nothing() {
        for pattern in [r"^\d{1,2} \w+ 20\d\d$", "", ".*", "[a-z(]+", "(", "a)", "x{"] {
            assert_eq!(Words::of(pattern).likeness("12 May 2023"), None, "{pattern}");
        }
    }
}
