//! Chooses the paragraphs of a group that are quoted.
//!
//! Takes the best by rank, one from each report before a second from any, and none that says nearly
//! the same as one already chosen. Never chooses by what a paragraph says about anybody.

use findings_index::request::Hit;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The rule, for readers.
pub const RULE: &str = "Quoted are the paragraphs that match best, one from each report before a \
     second from any, and none that says nearly the same as another: 6 in 10 of its runs of \
     four words.";

/// Words in a run.
const RUN: usize = 4;

/// The share of the shorter text's runs at which two texts say nearly the same.
const NEARLY: f64 = 0.6;

/// With more groups, one paragraph of each is quoted instead of two, unless asked for otherwise.
pub const MANY: usize = 20;

/// With more groups, none is quoted unless asked for.
const TOO_MANY: usize = 100;

/// How many paragraphs of a group are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Option<usize>", into = "Option<usize>")]
pub enum Wanted {
    /// Two; one of many groups and none of very many, so that a page stays readable.
    #[default]
    Usual,
    /// This many, however many groups there are.
    Each(usize),
}

impl From<Option<usize>> for Wanted {
    fn from(quotes: Option<usize>) -> Self {
        quotes.map_or(Self::Usual, Self::Each)
    }
}

impl From<Wanted> for Option<usize> {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Usual => None,
            Wanted::Each(quotes) => Some(quotes),
        }
    }
}

impl Wanted {
    /// Returns how many to quote of each group, given the number of groups.
    #[must_use]
    pub fn of(self, groups: usize) -> usize {
        match self {
            Self::Each(quotes) => quotes,
            Self::Usual if groups > TOO_MANY => 0,
            Self::Usual if groups > MANY => 1,
            Self::Usual => 2,
        }
    }

    /// Returns how many candidates of each group to fetch before the number of groups is known.
    #[must_use]
    pub fn candidates(self) -> usize {
        match self.of(0) {
            0 => 0,
            quotes => quotes * 2 + 2,
        }
    }

    /// Returns the rule by which quotes are chosen given the number of groups, for readers; `None`
    /// where none are wanted.
    #[must_use]
    pub fn rule(self, groups: usize) -> Option<String> {
        match (self, self.of(groups)) {
            (Self::Each(0), _) => None,
            (Self::Usual, 0) => Some(format!(
                "Left out, as there are {groups} groups; ask for one a group to have them."
            )),
            (Self::Usual, 1) => Some(format!(
                "{RULE} One of each group, as there are {groups} of them; ask for two to have more."
            )),
            (Self::Usual | Self::Each(_), _) => Some(RULE.to_owned()),
        }
    }
}

/// Chooses the best of the candidates by the rule, at most `wanted`.
#[must_use]
pub fn choose(candidates: &[Hit], wanted: usize) -> Vec<Hit> {
    let mut left: Vec<&Hit> = candidates.iter().collect();
    let mut chosen: Vec<Hit> = Vec::new();
    while chosen.len() < wanted && !left.is_empty() {
        let is_new = |hit: &Hit| chosen.iter().all(|other| other.head.id != hit.head.id);
        let next = left.iter().position(|hit| is_new(hit)).unwrap_or(0);
        let hit = left.remove(next);
        chosen.push(Hit { rank: chosen.len() + 1, ..hit.clone() });
        // Cutting texts into runs takes longer than all the counting, so one quote alone does
        // without.
        if chosen.len() < wanted {
            let own = runs(&hit.paragraph.text);
            left.retain(|other| !repeats(&own, &runs(&other.paragraph.text)));
        }
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
    use super::{MANY, RULE, TOO_MANY, Wanted, repeats, runs};

    #[test]
    fn the_more_groups_the_fewer_quotes_unless_asked_for_and_that_is_said() {
        let quoted = [1, MANY, MANY + 1, TOO_MANY, TOO_MANY + 1].map(|n| Wanted::Usual.of(n));
        assert_eq!(quoted, [2, 2, 1, 1, 0]);
        assert_eq!(Wanted::Each(3).of(TOO_MANY + 1), 3);
        assert_eq!(Wanted::Usual.rule(MANY).as_deref(), Some(RULE));
        assert_eq!(Wanted::Each(1).rule(TOO_MANY + 1).as_deref(), Some(RULE));
        assert_eq!(Wanted::Each(0).rule(1), None);
        assert!(Wanted::Usual.rule(85).is_some_and(|rule| {
            rule.ends_with("One of each group, as there are 85 of them; ask for two to have more.")
        }));
        insta::assert_snapshot!(
            Wanted::Usual.rule(301).unwrap_or_default(),
            @"Left out, as there are 301 groups; ask for one a group to have them."
        );
    }

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
