//! Determines which topics a text is about, in one pass over it.
//!
//! All phrases of all topics are searched for at once in the text's folded words, so that a hyphen is
//! as good as a space.

use super::trie::{Match, Phrases};
use super::{Condition, Standing, Taxonomy, TopicError};
use crate::language::negation::Rules;
use crate::language::words::{self, Word};
use std::ops::Range;

/// Tags texts with the topics of one taxonomy.
#[derive(Debug)]
pub struct Tagger {
    phrases: Phrases,
    /// What topics use each phrase for.
    uses: Vec<Vec<Use>>,
    /// The topics that each phrase tags by itself.
    tags: Vec<Vec<usize>>,
    /// What each phrase does for queries: the number of the query, and the bits that it sets.
    helps: Vec<Vec<(usize, u64)>>,
    /// For each query of all topics its topic, and the bits that are set where it may hold.
    queries: Vec<(usize, u64)>,
    /// The topics, in the taxonomy's order.
    topics: Vec<Sought>,
}

/// A topic that is looked for.
#[derive(Debug)]
struct Sought {
    id: String,
    queries: Vec<Condition>,
    /// The number of the query of each phrase of the queries.
    of_phrases: Vec<usize>,
}

/// One phrase of one topic.
#[derive(Debug, Clone, PartialEq)]
struct Use {
    topic: usize,
    role: Role,
}

#[derive(Debug, Clone, PartialEq)]
enum Role {
    Phrase,
    /// The words, which must be written like this.
    Cased(Vec<String>),
    /// A phrase of the topic's queries, by its number.
    Part(usize),
    NearMiss,
}

/// A phrase in a text: the numbers of its first and last word.
struct Occurrence<'a> {
    r#use: &'a Use,
    first: usize,
    last: usize,
}

/// Why a tagger cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaggerError {
    /// A topic has a phrase or query that cannot be used.
    #[error("topic `{id}`: {fault}")]
    Topic {
        /// The topic.
        id: String,
        /// What is wrong.
        fault: TopicError,
    },
}

/// Phrases and what they are used for, while they are collected.
#[derive(Default)]
struct Uses {
    phrases: Phrases,
    uses: Vec<Vec<Use>>,
}

impl Uses {
    /// Adds a phrase and its plurals.
    fn add(&mut self, phrase: &str, topic: usize, role: Role) -> Result<(), TopicError> {
        super::check_phrase(phrase)?;
        for form in forms(&words::key(phrase)) {
            let number = self.phrases.add(&form, self.uses.len());
            if number == self.uses.len() {
                self.uses.push(Vec::new());
            }
            let r#use = Use { topic, role: role.clone() };
            if !self.uses[number].contains(&r#use) {
                self.uses[number].push(r#use);
            }
        }
        Ok(())
    }
}

/// A folded phrase and its plurals: `s`, `es`, and `ies` for `y`.
fn forms(phrase: &str) -> Vec<String> {
    let mut forms = vec![phrase.to_owned(), format!("{phrase}s"), format!("{phrase}es")];
    forms.extend(phrase.strip_suffix('y').map(|stem| format!("{stem}ies")));
    forms
}

impl Tagger {
    /// Prepares the topics of a taxonomy.
    ///
    /// # Errors
    /// If a phrase or query cannot be used.
    pub fn new(taxonomy: &Taxonomy) -> Result<Self, TaggerError> {
        let mut all = Uses::default();
        let mut topics = Vec::with_capacity(taxonomy.topics().len());
        let mut queries: Vec<(usize, u64)> = Vec::new();
        let mut of_parts: Vec<Vec<(usize, u64)>> = Vec::new();
        for (number, topic) in taxonomy.topics().iter().enumerate() {
            let wrong = |fault| TaggerError::Topic { id: topic.id.clone(), fault };
            for phrase in &topic.phrases {
                all.add(phrase, number, Role::Phrase).map_err(wrong)?;
            }
            for phrase in &topic.cased {
                let written = words::scan(phrase).map(|word| word.raw.to_owned()).collect();
                all.add(phrase, number, Role::Cased(written)).map_err(wrong)?;
            }
            let (mut parts, mut helps) = (Vec::new(), Vec::new());
            let (mut conditions, mut of_phrases) = (Vec::new(), Vec::new());
            for query in &topic.queries {
                let first = parts.len();
                let condition = Condition::read(query, &mut parts).map_err(wrong)?;
                let mut needed = condition.needed();
                needed.truncate(u64::BITS as usize);
                if needed.is_empty() {
                    needed.push(first..parts.len());
                }
                // A bit for each run of alternatives, of which a phrase sets those that have it.
                let bits = |has: &dyn Fn(&Range<usize>) -> bool| {
                    let runs = needed.iter().enumerate().filter(|(_, run)| has(run));
                    runs.fold(0, |bits, (bit, _)| bits | 1 << bit)
                };
                let of_part = |part| (queries.len(), bits(&|run| run.contains(&part)));
                helps.extend((first..parts.len()).map(of_part));
                queries.push((number, bits(&|_| true)));
                of_phrases.resize(parts.len(), conditions.len());
                conditions.push(condition);
            }
            for (part, phrase) in parts.iter().enumerate() {
                all.add(phrase, number, Role::Part(part)).map_err(wrong)?;
            }
            for phrase in &topic.near_misses {
                all.add(phrase, number, Role::NearMiss).map_err(wrong)?;
            }
            topics.push(Sought { id: topic.id.clone(), queries: conditions, of_phrases });
            of_parts.push(helps);
        }
        let helps = all.uses.iter().map(|uses| {
            let of_use = uses.iter().filter_map(|r#use| match r#use.role {
                Role::Part(part) => Some(of_parts[r#use.topic][part]),
                Role::Phrase | Role::Cased(_) | Role::NearMiss => None,
            });
            of_use.filter(|(_, bits)| *bits != 0).collect()
        });
        let helps = helps.collect();
        let tags = all.uses.iter().map(|uses| {
            let tagging = |r#use: &&Use| matches!(r#use.role, Role::Phrase | Role::Cased(_));
            uses.iter().filter(tagging).map(|r#use| r#use.topic).collect()
        });
        let tags = tags.collect();
        Ok(Self { phrases: all.phrases, uses: all.uses, tags, helps, queries, topics })
    }

    /// Ids of the topics that the text is about, in the taxonomy's order.
    #[must_use]
    pub fn tag(&self, text: &str) -> Vec<&str> {
        let occurrences = self.occurrences(&words::scan(text).collect::<Vec<_>>());
        let of_topics = occurrences.chunk_by(|one, other| one.r#use.topic == other.r#use.topic);
        of_topics.filter_map(|of_topic| Some(self.holds(of_topic, |_| true)?.0)).collect()
    }

    /// Ids of the topics that the text is about, each with whether it only denies what it says of it:
    /// whether the topic would not hold without the phrases whose first words are denied.
    #[must_use]
    pub fn tag_with_denials(&self, text: &str, rules: &Rules) -> Vec<(&str, bool)> {
        let words: Vec<Word<'_>> = words::scan(text).collect();
        let occurrences = self.occurrences(&words);
        let of_topics = occurrences.chunk_by(|one, other| one.r#use.topic == other.r#use.topic);
        let held: Vec<_> = of_topics
            .filter_map(|of_topic| Some((of_topic, self.holds(of_topic, |_| true)?)))
            .collect();
        if held.is_empty() {
            return Vec::new();
        }
        let negations = rules.negations_in(text, words);
        let denied: Vec<usize> = negations.denied().collect();
        let stands = |phrase: &Occurrence<'_>| denied.binary_search(&phrase.first).is_err();
        let names_negation = |&[first, last]: &[usize; 2]| {
            negations.triggers.iter().any(|(at, _)| (first..=last).contains(at))
        };
        let with_denial = held.into_iter().map(|(of_topic, (id, counting))| {
            // A topic that asks for what negates ("no" near "moves") is about what is denied.
            let is_denied = !denied.is_empty()
                && !counting.iter().any(names_negation)
                && self.holds(of_topic, stands).is_none();
            (id, is_denied)
        });
        with_denial.collect()
    }

    /// The phrases for which the text is tagged, as `[start, end)` in characters, in order and
    /// without overlap.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<[usize; 2]> {
        let words: Vec<Word<'_>> = words::scan(text).collect();
        let occurrences = self.occurrences(&words);
        let of_topics = occurrences.chunk_by(|one, other| one.r#use.topic == other.r#use.topic);
        let bytes = of_topics
            .filter_map(|of_topic| self.holds(of_topic, |_| true))
            .flat_map(|(_, counting)| counting)
            .map(|[first, last]| (words[first].start, words[last].end));
        words::spans(text, bytes.collect())
    }

    /// The phrases in the words of a text of every topic that may hold, by topic, those of queries in
    /// their order.
    fn occurrences(&self, words: &[Word<'_>]) -> Vec<Occurrence<'_>> {
        let matches = self.phrases.find(words);
        let may_hold = self.may_hold(&matches);
        let mut occurrences: Vec<Occurrence<'_>> = Vec::new();
        for Match { phrase, first, last } in matches {
            let counting = self.uses[phrase].iter().filter(|r#use| {
                may_hold[r#use.topic]
                    && match &r#use.role {
                        Role::Cased(written) => is_written(written, &words[first..=last]),
                        Role::Phrase | Role::Part(_) | Role::NearMiss => true,
                    }
            });
            occurrences.extend(counting.map(|r#use| Occurrence { r#use, first, last }));
        }
        occurrences.sort_unstable_by_key(|Occurrence { r#use, .. }| match r#use.role {
            Role::Part(part) => (r#use.topic, part),
            Role::Phrase | Role::Cased(_) | Role::NearMiss => (r#use.topic, usize::MAX),
        });
        occurrences
    }

    /// For each topic whether it may hold of a text with these phrases. Most queries have a word or
    /// two in most texts and do not hold, and are told by their bits alone.
    fn may_hold(&self, matches: &[Match]) -> Vec<bool> {
        let mut may_hold = vec![false; self.topics.len()];
        let mut met = vec![0; self.queries.len()];
        for found in matches {
            for (query, bits) in &self.helps[found.phrase] {
                met[*query] |= bits;
            }
            for topic in &self.tags[found.phrase] {
                may_hold[*topic] = true;
            }
        }
        for ((topic, needed), met) in self.queries.iter().zip(met) {
            may_hold[*topic] |= met == *needed;
        }
        may_hold
    }

    /// The topic's id and the first and last words of the phrases that count, if the text is about it
    /// given that these of its phrases occur, and that only those that pass a test count.
    fn holds(
        &self,
        occurrences: &[Occurrence<'_>],
        counts: impl Fn(&Occurrence<'_>) -> bool,
    ) -> Option<(&str, Vec<[usize; 2]>)> {
        let Sought { id, queries, of_phrases } = &self.topics[occurrences.first()?.r#use.topic];
        let near_misses: Vec<_> =
            occurrences.iter().filter(|near| near.r#use.role == Role::NearMiss).collect();
        let (mut tagging, mut parts) = (Vec::new(), Vec::new());
        for phrase in occurrences.iter().filter(|phrase| counts(phrase)) {
            let words = [phrase.first, phrase.last];
            match phrase.r#use.role {
                Role::NearMiss => {}
                _ if near_misses.iter().any(|near| near.spoils(phrase)) => {}
                Role::Phrase | Role::Cased(_) => tagging.push(words),
                Role::Part(part) => parts.push(Standing { phrase: part, words }),
            }
        }
        let query_of = |standing: &Standing| of_phrases[standing.phrase];
        for of_query in parts.chunk_by(|one, other| query_of(one) == query_of(other)) {
            let found = queries[query_of(&of_query[0])].found(of_query).into_iter().flatten();
            tagging.extend(found.map(|standing| standing.words));
        }
        (!tagging.is_empty()).then_some((id.as_str(), tagging))
    }
}

impl Occurrence<'_> {
    /// Whether a near miss keeps a phrase from counting: it shares a word with the phrase and is
    /// not just a part of it (`return home interview` counts although `return home` does not).
    fn spoils(&self, phrase: &Self) -> bool {
        let shares = self.first <= phrase.last && phrase.first <= self.last;
        let inside = phrase.first <= self.first && self.last <= phrase.last;
        let longer = phrase.last - phrase.first > self.last - self.first;
        let is_part = inside && longer;
        shares && !is_part
    }
}

/// Whether the words occur as written, except for an `s` after the last.
fn is_written(written: &[String], words: &[Word<'_>]) -> bool {
    let before_last = written.len() - 1;
    written.len() == words.len()
        && written[..before_last].iter().zip(words).all(|(one, other)| one == other.raw)
        && (words[before_last].raw)
            .strip_prefix(written[before_last].as_str())
            .is_some_and(|rest| rest.is_empty() || rest == "s")
}

#[cfg(test)]
mod tests {
    use super::Tagger;
    use crate::language::negation::Rules;
    use crate::language::topic::{Taxonomy, Topic, check_query};
    use crate::language::words;
    use proptest::prelude::{Strategy, any, prop, proptest};

    fn topic(id: &str) -> Topic {
        Topic {
            id: id.to_owned(),
            name: id.to_owned(),
            version: 1,
            definition: String::new(),
            phrases: Vec::new(),
            cased: Vec::new(),
            queries: Vec::new(),
            near_misses: Vec::new(),
            note: None,
            measured: None,
        }
    }

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    fn is_tagged(topic: &Topic, text: &str) -> bool {
        let mut taxonomy = Taxonomy::default();
        taxonomy.put(topic.clone());
        !Tagger::new(&taxonomy).unwrap().tag(text).is_empty()
    }

    #[test]
    fn phrase_is_found_whatever_its_case_hyphens_quotes_and_number() {
        let mut records = topic("records");
        records.phrases = list(&["life-story work", "chronology", "children's record"]);
        for text in [
            "Life story work is late.",
            "late life‑story work",
            "(Chronologies)",
            "the chronology’s gaps",
            "Children’s records",
        ] {
            assert!(is_tagged(&records, text), "{text}");
        }
        for text in ["story work", "a life story", "chronological", "work of a life story"] {
            assert!(!is_tagged(&records, text), "{text}");
        }
    }

    #[test]
    fn cased_phrase_is_found_as_written_only() {
        let mut send = topic("send");
        send.cased = list(&["SEND", "PA"]);
        assert!(is_tagged(&send, "children with SEND"));
        assert!(is_tagged(&send, "their PAs are kind"));
        assert!(!is_tagged(&send, "they send letters and sends more"));
        assert!(!is_tagged(&send, "two pounds pa"));
        assert!(!is_tagged(&send, "SENDS"));
    }

    #[test]
    fn phrase_within_a_near_miss_does_not_count_and_another_one_does() {
        let mut supervision = topic("supervision");
        supervision.phrases = list(&["supervision", "supervision order review"]);
        supervision.near_misses = list(&["supervision order"]);
        assert!(!is_tagged(&supervision, "Supervision orders are few."));
        assert!(is_tagged(&supervision, "Supervision orders are few and supervision is rare."));
        assert!(is_tagged(&supervision, "A supervision order review was held."));
    }

    #[test]
    fn marks_are_the_phrases_that_count_and_none_where_the_text_is_not_tagged() {
        let mut missing = topic("missing");
        missing.phrases = list(&["go missing", "missing children"]);
        missing.queries = list(&[r#""lost" AND "found""#]);
        missing.near_misses = list(&["missing education"]);
        let mut taxonomy = Taxonomy::default();
        taxonomy.put(missing);
        let tagger = Tagger::new(&taxonomy).unwrap();
        let marked = |text: &str| -> Vec<String> {
            let cut =
                |[start, end]: [usize; 2]| text.chars().skip(start).take(end - start).collect();
            tagger.marks(text).into_iter().map(cut).collect()
        };
        assert_eq!(marked("Zoë’s: children go missing children."), ["go missing children"]);
        assert_eq!(marked("Go missing; lost, not so. Go-missing"), ["Go missing", "Go-missing"]);
        assert_eq!(marked("What is lost is found."), ["lost", "found"]);
        assert_eq!(marked("They go missing education; lost."), [""; 0]);
    }

    #[test]
    fn near_miss_that_only_touches_a_phrase_spoils_it() {
        let mut missing = topic("missing");
        missing.phrases = list(&["children missing"]);
        missing.near_misses = list(&["missing education"]);
        assert!(is_tagged(&missing, "children missing overnight"));
        assert!(!is_tagged(&missing, "children missing education"));
    }

    #[test]
    fn query_of_phrases_holds_over_the_whole_paragraph() {
        let mut capacity = topic("caseloads");
        capacity.queries = list(&[r#""capacity" AND ("team" OR "staff") NOT "mental""#]);
        capacity.near_misses = list(&["capacity to change"]);
        assert!(is_tagged(&capacity, "Teams lack capacity."));
        assert!(!is_tagged(&capacity, "Capacity is short."));
        assert!(!is_tagged(&capacity, "Mental capacity of staff"));
        assert!(!is_tagged(&capacity, "staff judge the capacity to change"));
    }

    #[test]
    fn phrases_of_a_query_may_have_to_be_near_each_other() {
        let mut home = topic("reunification");
        home.queries = list(&[
            r#"("return" OR "going") ONEAR/3 ("home" OR "parent")"#,
            r#""stable" NEAR/2 "workforce" AND "council""#,
        ]);
        for text in ["They return safely to home.", "going home", "Return to a parent"] {
            assert!(is_tagged(&home, text), "{text}");
        }
        for text in ["return to their own home", "at home they return", "return", "returning home"]
        {
            assert!(!is_tagged(&home, text), "{text}");
        }
        assert!(is_tagged(&home, "In the council the workforce is stable."));
        assert!(!is_tagged(&home, "The workforce is very stable in the council."));
        assert!(!is_tagged(&home, "The workforce is stable."));
    }

    #[test]
    fn marks_of_a_distance_are_the_phrases_that_are_near() {
        let mut home = topic("reunification");
        home.queries = list(&[r#""return" ONEAR/2 "home""#]);
        let mut taxonomy = Taxonomy::default();
        taxonomy.put(home);
        let tagger = Tagger::new(&taxonomy).unwrap();
        assert_eq!(tagger.marks("At home. They return to home."), [[14, 28]]);
    }

    #[test]
    fn topic_is_denied_where_nothing_that_stands_would_tag() {
        let mut homes = topic("unregistered");
        homes.phrases = list(&["unregistered home"]);
        homes.queries = list(&[r#""unregulated" NEAR/3 "home""#]);
        let mut taxonomy = Taxonomy::default();
        taxonomy.put(homes);
        let tagger = Tagger::new(&taxonomy).unwrap();
        let rules = Rules::default();
        let tagged = |text: &str| tagger.tag_with_denials(text, &rules).pop();
        for (text, denied) in [
            ("There are no children in unregistered homes.", true),
            ("There are no unregulated homes.", true),
            (
                "There are no children in unregistered homes. One unregistered home was closed.",
                false,
            ),
            ("Leaders did not close the unregistered homes.", false),
            ("Children live in unregulated homes.", false),
        ] {
            assert_eq!(tagged(text), Some(("unregistered", denied)), "{text}");
        }
        assert_eq!(tagged("There are no homes."), None);
    }

    #[test]
    fn query_of_anything_but_phrases_is_refused() {
        for (query, fault) in [
            ("capacity", "`capacity` has no place"),
            (r#"theme:care "x""#, "`theme:care` has no place"),
            (r#"NOT "x""#, "would tag paragraphs that hold none"),
            (r#""x" AND"#, "is not understood at column"),
            (r#""x" NEAR/2 "y" NEAR/2 "z""#, "NEAR stands between two"),
            (r#""x" NEAR/2 ("y" OR ("z" NEAR/2 "a"))"#, "NEAR stands between two"),
            (r#""x" NEAR/2 z"#, "`z` has no place"),
            (r#"grad:x "y""#, "unknown field"),
        ] {
            let error = check_query(query).unwrap_err().to_string();
            assert!(error.contains(fault), "{query}: {error}");
        }
    }

    /// A simple reference for the tagger: looks at the words of the text one after the other.
    fn naive(topic: &Topic, text: &str) -> bool {
        let words = words::exact(text);
        let spans = |phrases: &[String]| {
            let mut spans = Vec::new();
            for phrase in phrases {
                let phrase = words::exact(phrase);
                for first in 0..words.len() {
                    let last = first + phrase.len() - 1;
                    let Some(there) = words.get(first..=last) else { continue };
                    let (end, start) = phrase.split_last().unwrap();
                    let (there_end, there_start) = there.split_last().unwrap();
                    let stem = end.strip_suffix('y').map(|stem| format!("{stem}ies"));
                    let same_end = there_end == end
                        || *there_end == format!("{end}s")
                        || *there_end == format!("{end}es")
                        || Some(there_end) == stem.as_ref();
                    if start == there_start && same_end {
                        spans.push((first, last));
                    }
                }
            }
            spans
        };
        let near = spans(&topic.near_misses);
        spans(&topic.phrases).iter().any(|phrase| {
            !near.iter().any(|near| {
                let shares = (near.0..=near.1).any(|word| phrase.0 <= word && word <= phrase.1);
                let is_part = phrase.0 <= near.0 && near.1 <= phrase.1 && near != phrase;
                shares && !is_part
            })
        })
    }

    fn words_of(most: usize) -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "care",
            "Cares",
            "home",
            "homes",
            "party",
            "parties",
            "a",
            "b",
            "Zoë",
            "s",
            "process",
            "processes",
        ]);
        let gap = prop::sample::select(vec![" ", "-", ", ", "’", "\n"]);
        prop::collection::vec((word, gap), 1..=most)
            .prop_map(|parts| parts.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
    }

    proptest! {
        #[test]
        fn tagger_finds_what_a_naive_matcher_finds(
            phrases in prop::collection::vec(words_of(3), 1..4),
            near_misses in prop::collection::vec(words_of(3), 0..3),
            text in words_of(12),
        ) {
            let mut one = topic("one");
            (one.phrases, one.near_misses) = (phrases, near_misses);
            assert_eq!(is_tagged(&one, &text), naive(&one, &text));
        }

        #[test]
        fn tagger_takes_any_text(text in any::<String>()) {
            let mut one = topic("one");
            one.phrases = list(&["a", "e"]);
            one.cased = list(&["É"]);
            let _ = is_tagged(&one, &text);
        }
    }
}
