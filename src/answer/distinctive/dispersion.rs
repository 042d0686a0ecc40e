//! Measures how evenly a term is spread over the reports of a set.

/// How often a term occurs in a report, and how many words the report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Occurrences.
    pub count: u64,
    /// Words.
    pub words: u64,
}

/// The deviation of proportions, DP, of Gries 2008, "Dispersions and adjusted frequencies in
/// corpora", *International Journal of Corpus Linguistics* 13: 403-437. 0 is spread over the reports
/// as their words are; the nearer to 1, the fewer words have all of it.
///
/// Takes the reports that have the term, and the words of all reports of the set. `None` if no
/// report has it.
#[must_use]
pub fn deviation_of_proportions(parts: &[Part], words: u64) -> Option<f64> {
    let count: u64 = parts.iter().map(|part| part.count).sum();
    if count == 0 || words == 0 {
        return None;
    }
    let share = |part: &Part| part.words as f64 / words as f64;
    let off: f64 =
        parts.iter().map(|part| (part.count as f64 / count as f64 - share(part)).abs()).sum();
    // A report without the term differs by its share of the words.
    let having: u64 = parts.iter().map(|part| part.words).sum();
    let without = words.saturating_sub(having) as f64 / words as f64;
    Some((off + without) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::{Part, deviation_of_proportions};

    fn near(parts: &[(u64, u64)], words: u64, published: f64) -> bool {
        let parts: Vec<Part> =
            parts.iter().map(|(count, words)| Part { count: *count, words: *words }).collect();
        deviation_of_proportions(&parts, words).is_some_and(|own| (own - published).abs() < 0.005)
    }

    #[test]
    fn it_agrees_with_the_example_that_gries_published() {
        // Gries 2008, section 2: `a` in five parts of 9, 10, 10, 10 and 11 words.
        assert!(near(&[(1, 9), (2, 10), (3, 10), (4, 10), (5, 11)], 50, 0.18));
    }

    #[test]
    fn reports_without_the_term_count_as_well() {
        // All in one part of a fifth of the words: 1 less this fifth.
        assert!(near(&[(7, 10)], 50, 0.8));
        assert!(near(&[(7, 10), (0, 40)], 50, 0.8));
        assert!(near(&[(1, 10), (4, 40)], 50, 0.0));
        assert_eq!(deviation_of_proportions(&[], 50), None);
    }
}
