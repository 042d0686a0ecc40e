//! Finds topics by what people call them: name, phrase or acronym.

use super::Session;
use super::error::AskError;
use super::notes::Note;
use findings_index::language::key;
use findings_index::language::nearest::nearest;
use findings_index::language::topic::{Taxonomy, Topic};
use findings_index::language::words::Stemmer;

/// Notes how well topics tag that selected paragraphs, where that was measured.
pub(crate) fn measured<'t>(
    taxonomy: &Taxonomy,
    ids: impl IntoIterator<Item = &'t str>,
) -> Vec<Note> {
    let of = |id: &str| taxonomy.topics().iter().find(|topic| topic.id.eq_ignore_ascii_case(id));
    let topics = ids.into_iter().filter_map(of);
    let said = |topic: &Topic| {
        let quality = &topic.measured.as_ref()?.quality;
        let text = format!("the topic `{}`: {}", topic.id, quality.said());
        Some(Note { code: "measured", text })
    };
    topics.filter_map(said).collect()
}

/// How well a topic fits what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the id or the name.
    Called,
    /// The id or the name contains it.
    Named,
    /// A phrase contains it.
    Phrase,
    /// Its words are somewhere in the name, the definition, the note or the phrases.
    Words,
}

/// Whether a run of words is among others.
fn holds(text: &[String], run: &[String]) -> bool {
    !run.is_empty() && text.windows(run.len()).any(|window| window == run)
}

fn stems(text: &str, stemmer: &mut Stemmer) -> Vec<String> {
    stemmer.stems(&text.replace('_', " ")).into_iter().map(|(_, stem)| stem).collect()
}

/// Compares the id and the name of a topic with what was typed, in any number and inflection.
fn named(topic: &Topic, typed: &str, stemmer: &mut Stemmer) -> Option<Fit> {
    let wanted = stems(typed, stemmer);
    if wanted.is_empty() {
        return None;
    }
    if [&topic.id, &topic.name].into_iter().any(|name| key(&name.replace('_', " ")) == key(typed)) {
        return Some(Fit::Called);
    }
    let names = [&topic.id, &topic.name];
    if names.into_iter().any(|name| holds(&stems(name, stemmer), &wanted)) {
        return Some(Fit::Named);
    }
    None
}

/// Compares a topic with what was typed, in any number and inflection.
fn fit(topic: &Topic, typed: &str, stemmer: &mut Stemmer) -> Option<Fit> {
    if let Some(fit) = named(topic, typed, stemmer) {
        return Some(fit);
    }
    let wanted = stems(typed, stemmer);
    if wanted.is_empty() {
        return None;
    }
    let phrases = || topic.phrases.iter().chain(&topic.cased);
    if phrases().any(|phrase| holds(&stems(phrase, stemmer), &wanted)) {
        return Some(Fit::Phrase);
    }
    let said = [&topic.name, &topic.definition].into_iter().chain(&topic.note);
    let mut all = Vec::new();
    for text in said.chain(phrases()).chain(&topic.queries) {
        all.extend(stems(text, stemmer));
    }
    wanted.iter().all(|word| all.contains(word)).then_some(Fit::Words)
}

impl Session<'_> {
    /// Finds the topics that a text may mean, the likeliest first: by id, name, phrase, by an
    /// acronym that the reports explain, or by words of the definition. Of equal ones the first in
    /// the list of topics comes first.
    ///
    /// # Errors
    /// An engine that fails.
    pub fn topics_like(&self, typed: &str) -> Result<Vec<&Topic>, AskError> {
        let topics = self.engine.topics()?.topics();
        let mut found = self.fitting(typed, fit)?;
        // Words that are scattered over a topic's text help only where nothing better is found.
        let best = found.iter().map(|(fit, _)| *fit).min();
        found.retain(|(fit, _)| *fit < Fit::Words || best == Some(Fit::Words));
        found.sort_by_key(|(fit, _)| *fit);
        if found.is_empty() {
            let near = nearest(topics.iter().map(|topic| topic.name.as_str()), typed);
            let near = topics.iter().filter(|topic| Some(topic.name.as_str()) == near);
            return Ok(near.take(1).collect());
        }
        Ok(found.into_iter().map(|(_, topic)| topic).collect())
    }

    /// Finds the topics whose id or name a text is, or has.
    ///
    /// # Errors
    /// An engine that fails.
    pub(super) fn topics_called(&self, typed: &str) -> Result<Vec<&Topic>, AskError> {
        let mut found = self.fitting(typed, named)?;
        found.sort_by_key(|(fit, _)| *fit);
        Ok(found.into_iter().map(|(_, topic)| topic).collect())
    }

    /// The topics that fit a text, in their own order, as `fit` compares them.
    fn fitting(
        &self,
        typed: &str,
        fit: fn(&Topic, &str, &mut Stemmer) -> Option<Fit>,
    ) -> Result<Vec<(Fit, &Topic)>, AskError> {
        let mut stemmer = Stemmer::default();
        let mut texts = vec![typed.to_owned()];
        if let Some(entry) = self.engine.acronyms()?.get(typed.trim()) {
            texts.extend(entry.expansions.iter().map(|expansion| expansion.words.clone()));
        }
        let mut found: Vec<(Fit, &Topic)> = Vec::new();
        for topic in self.engine.topics()?.topics() {
            let best = texts.iter().filter_map(|text| fit(topic, text, &mut stemmer)).min();
            found.extend(best.map(|fit| (fit, topic)));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, fit};
    use findings_index::language::topic::Topic;
    use findings_index::language::words::Stemmer;
    use serde_json::json;

    fn ponds() -> Topic {
        serde_json::from_value(json!({
            "id": "duck_ponds", "name": "Ponds and ducks", "definition": "Water for animals.",
            "phrases": ["duck pond", "drake"], "cased": ["DP"], "queries": ["\"deep\" AND \"lake\""],
            "near_misses": ["frozen duck pond"], "note": null, "version": 1
        }))
        .unwrap()
    }

    #[test]
    fn a_topic_is_known_by_id_name_phrase_and_the_words_of_its_definition() {
        let fit = |typed: &str| fit(&ponds(), typed, &mut Stemmer::default());
        for typed in ["duck_ponds", "Duck ponds", "ponds and DUCKS"] {
            assert_eq!(fit(typed), Some(Fit::Called), "{typed}");
        }
        assert_eq!(fit("ducks"), Some(Fit::Named));
        for typed in ["drakes", "dp"] {
            assert_eq!(fit(typed), Some(Fit::Phrase), "{typed}");
        }
        assert_eq!(fit("animal lakes"), Some(Fit::Words));
        for typed in ["frozen duck", "swans", "", "…"] {
            assert_eq!(fit(typed), None, "{typed}");
        }
    }
}
