//! Tells a text that demands something of somebody from one that only observes.
//!
//! A demand says who has to act and what to do: `The partnership needs to review its plans.` That
//! something "needs to improve" tells nobody what to do, and that a plan "should have been" agreed
//! is an observation.

use super::addressee::BODIES;
use crate::knowledge::fold;

/// The most words of a subject.
const LONGEST: usize = 16;

/// Words for people and teams that can be told to do something, in addition to bodies.
const PEOPLE: &[&str] = &[
    "advisers",
    "ccg",
    "ccgs",
    "chair",
    "chairs",
    "camhs",
    "commissioner",
    "crc",
    "force",
    "gps",
    "hospital",
    "hospitals",
    "leaders",
    "managers",
    "mash",
    "members",
    "nps",
    "nurses",
    "officers",
    "partner",
    "practitioners",
    "professionals",
    "providers",
    "service",
    "staff",
    "team",
    "teams",
    "visitors",
    "workers",
    "yos",
    "yot",
    "yots",
];

/// Words after which the verb belongs to a clause within the sentence.
const WITHIN: &[&str] = &[
    "accept",
    "acknowledge",
    "agree",
    "although",
    "as",
    "because",
    "before",
    "how",
    "if",
    "know",
    "recognise",
    "recognises",
    "since",
    "so",
    "that",
    "think",
    "unless",
    "until",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
];

/// Words after which `need` is a noun.
const BEFORE_A_NOUN: &[&str] = &["a", "any", "in", "no", "of", "the", "their", "this"];

/// Words that end the head of a subject: `leaders across the partnership`.
const AFTER_HEAD: &[&str] = &[
    "about", "across", "at", "between", "by", "for", "from", "in", "into", "of", "on", "to",
    "with", "within",
];

/// Verbs of what has to be done.
const VERBS: &[&str] = &["should", "must", "need to", "needs to", "are to", "is to"];

/// Words that begin a demand that names nobody.
const IMPERATIVES: &[&str] = &[
    "address",
    "agree",
    "build",
    "clarify",
    "complete",
    "consider",
    "continue",
    "develop",
    "embed",
    "ensure",
    "establish",
    "evaluate",
    "expedite",
    "implement",
    "improve",
    "increase",
    "make",
    "monitor",
    "provide",
    "reduce",
    "review",
    "secure",
    "strengthen",
    "take",
    "urgently",
];

/// Whether any sentence of a text demands something of somebody.
pub(super) fn demands(text: &str) -> bool {
    let text = fold::punctuation(text);
    is_imperative(&text) || sentences(&text).any(is_demand)
}

/// Whether a text begins by demanding something of somebody.
pub(super) fn begins_with_demand(text: &str) -> bool {
    let text = fold::punctuation(text);
    is_imperative(&text) || sentences(&text).next().is_some_and(is_demand)
}

/// Whether a text says that nothing is demanded, as lists of priority actions may.
pub(super) fn says_none(text: &str) -> bool {
    let text = fold::punctuation(text).to_lowercase();
    let begins =
        ["there are no ", "there were no ", "no areas ", "the inspection did not find any "];
    let is_list = text.contains("action") || text.contains("areas");
    begins.iter().any(|words| text.starts_with(words)) && is_list
}

/// Splits a text after full stops, semicolons and colons that a space follows.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', ';', ':']).map(str::trim)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty())
}

fn is_imperative(text: &str) -> bool {
    words(text).next().is_some_and(|first| IMPERATIVES.contains(&first.as_str()))
}

fn is_actor(word: &str) -> bool {
    BODIES.contains(&word) || PEOPLE.contains(&word)
}

fn is_demand(sentence: &str) -> bool {
    let lower = format!(" {} ", sentence.to_lowercase());
    let places = VERBS.iter().filter_map(|verb| {
        let wanted = format!(" {verb} ");
        lower.find(&wanted).map(|at| (at, at + wanted.len()))
    });
    let Some((before, after)) = places.min() else {
        return false;
    };
    let (Some(subject), Some(rest)) = (lower.get(..before), lower.get(after..)) else {
        return false;
    };
    // What comes before a comma introduces the sentence.
    let subject = subject.rsplit(", ").next().unwrap_or(subject);
    let subject: Vec<String> = words(subject).collect();
    let rest: Vec<String> = words(rest).collect();
    let is_within = subject.iter().any(|word| WITHIN.contains(&word.as_str()));
    let is_noun = lower[before..].starts_with(" need to ")
        && subject.last().is_some_and(|word| BEFORE_A_NOUN.contains(&word.as_str()));
    if subject.len() > LONGEST || is_within || is_noun {
        return false;
    }
    // "Should have been told" is an observation.
    let observes = rest.first().is_some_and(|word| word == "have")
        && rest.get(1).is_some_and(|word| word == "been" || word.ends_with("ed"));
    if observes || rest.is_empty() {
        return false;
    }
    let by_somebody = || {
        rest.iter()
            .position(|word| word == "by")
            .is_some_and(|at| rest[at..].iter().skip(1).take(4).any(|word| is_actor(word)))
    };
    let is_passive = rest.first().is_some_and(|word| word == "be");
    let mut head = subject.iter().take_while(|word| !AFTER_HEAD.contains(&word.as_str()));
    head.any(|word| is_actor(word)) || (is_passive && by_somebody())
}

#[cfg(test)]
mod tests {
    use super::{demands, says_none};

    #[test]
    fn who_has_to_act_and_what_to_do_make_a_demand() {
        for text in [
            "The partnership needs to review its plans.",
            "Plans are out of date. Partners must agree new ones.",
            "In Elmet, the police and the council should share what they know.",
            "Ensure that visits are recorded.",
            "This must be settled by the board.",
        ] {
            assert!(demands(text), "{text}");
        }
    }

    #[test]
    fn that_there_is_nothing_to_do_is_no_demand() {
        assert!(says_none("There are no areas for priority action."));
        assert!(!says_none("There are no plans for children in care."));
    }

    #[test]
    fn what_only_observes_is_no_demand() {
        for text in [
            "Visits are late, and records are thin.",
            "The police did not share what they should have shared.",
            "Children who need to be seen wait too long.",
            "Oversight needs to improve.",
            "Partners should have been told.",
            "Staff do not know when they should refer.",
            "The police recognise the need to write more down.",
            "Partners know the plans need to be agreed.",
        ] {
            assert!(!demands(text), "{text}");
        }
    }
}
