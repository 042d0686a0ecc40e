//! Which paragraphs of a group are quoted.
//!
//! The best by rank, one from each report before a second from any, and none that says nearly the
//! same as one before it. Nothing is chosen by what it says about anybody.

use findings_index::request::Hit;
use std::collections::HashSet;

/// The rule, for readers.
pub const RULE: &str = "Quoted are the paragraphs that match best, one from each report before a \
     second from any, and none that says nearly the same as another: 6 in 10 of its runs of \
     four words.";

/// Words in a run.
const RUN: usize = 4;

/// Of the runs of the shorter text, the share from which two texts say nearly the same.
const NEARLY: f64 = 0.6;

/// How many candidates are needed to find so many quotes among them.
#[must_use]
pub fn candidates(quotes: usize) -> usize {
    if quotes == 0 { 0 } else { quotes * 2 + 2 }
}

/// The best of the candidates by the rule, `wanted` at the most.
#[must_use]
pub fn choose(candidates: &[Hit], wanted: usize) -> Vec<Hit> {
    let mut left: Vec<(&Hit, HashSet<Vec<String>>)> =
        candidates.iter().map(|hit| (hit, runs(&hit.paragraph.text))).collect();
    let mut chosen: Vec<Hit> = Vec::new();
    while chosen.len() < wanted && !left.is_empty() {
        let is_new = |hit: &Hit| chosen.iter().all(|other| other.head.id != hit.head.id);
        let next = left.iter().position(|(hit, _)| is_new(hit)).unwrap_or(0);
        let (hit, own) = left.remove(next);
        left.retain(|(_, other)| !repeats(&own, other));
        chosen.push(Hit { rank: chosen.len() + 1, ..hit.clone() });
    }
    chosen
}

fn runs(text: &str) -> HashSet<Vec<String>> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(RUN.min(words.len()).max(1)).map(<[String]>::to_vec).collect()
}

fn repeats(one: &HashSet<Vec<String>>, other: &HashSet<Vec<String>>) -> bool {
    let shorter = one.len().min(other.len());
    shorter > 0 && one.intersection(other).count() as f64 >= NEARLY * shorter as f64
}

#[cfg(test)]
mod tests {
    use super::{repeats, runs};

    #[test]
    fn a_summary_repeats_the_finding_it_is_taken_from() {
        let finding = "Return interviews are offered to every child who goes missing, and what \
                       children say is used to keep others safe in the same streets.";
        let summary = "Return interviews are offered to every child who goes missing.";
        let other = "Return interviews are late, and what children say is lost.";
        assert!(repeats(&runs(finding), &runs(summary)));
        assert!(!repeats(&runs(finding), &runs(other)));
    }

    #[test]
    fn texts_shorter_than_a_run_are_compared_whole() {
        assert!(repeats(&runs("Visits, late"), &runs("visits late")));
        assert!(!repeats(&runs("visits late"), &runs("visits early")));
        assert!(!repeats(&runs(""), &runs("")));
    }
}
