//! Several words that need not be side by side: where a paragraph may have them, and how many have
//! them as a phrase or are on a topic that is called so.
//!
//! A count of such a query reads as if it were of the phrase. Whoever shows one says these.

use super::super::Session;
use super::super::error::AskError;
use super::super::notes::{Note, Otherwise};
use super::super::reading::Understood;
use super::{Draft, Typed, under, words};
use findings_index::language::query::Query;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use std::ops::Range;

/// A phrase of more words is a sentence, which hardly a paragraph repeats.
const PHRASE: usize = 6;

/// The most topics that are named.
const TOPICS: usize = 2;

/// More parts than this are not named one by one in a title.
const LISTED: usize = 4;

impl Understood {
    /// What a paragraph must have, or may have any of, as typed: words, phrases and what else is
    /// looked for in the text; the words of a compound together, without those that are skipped.
    fn parts(&self) -> Vec<String> {
        let clauses = match &self.written {
            Query::And { clauses, .. } => clauses.as_slice(),
            one => std::slice::from_ref(one),
        };
        let chars: Vec<char> = self.typed.chars().collect();
        let text = |place: &Range<usize>| -> String {
            chars.get(place.clone()).unwrap_or_default().iter().collect()
        };
        let mut places: Vec<Range<usize>> = Vec::new();
        for clause in clauses {
            let is_skipped =
                matches!(clause, Query::Word { text, .. } if self.passed_over.contains(text));
            let Some(span) = clause.span().filter(|_| !is_skipped && clause.looks_into_text())
            else {
                continue;
            };
            let place: Range<usize> = span.into();
            let is_of = |words: &Range<usize>| words.start <= place.start && place.end <= words.end;
            let mut compounds = self.compounds.iter().filter_map(|compound| {
                Some(compound.words.first()?.start..compound.words.last()?.end)
            });
            let place = compounds.find(is_of).unwrap_or(place);
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '"' | '“' | '”' | '*');
        places.iter().map(|place| text(place).trim_matches(is_edge).to_owned()).collect()
    }

    /// Whether a match is of one of several parts of the query.
    #[must_use]
    pub fn has_several(&self) -> bool {
        self.parts().len() > 1
    }

    /// Whether nothing but words and phrases was typed.
    fn is_plain(&self) -> bool {
        let is_plain = |query: &Query| {
            matches!(query, Query::Word { .. } | Query::Phrase { within: None, .. })
        };
        match &self.written {
            Query::And { clauses, .. } => clauses.iter().all(is_plain),
            one => is_plain(one),
        }
    }

    /// The query as the subject of a sentence. Words that need not be side by side are not named as
    /// if they were a phrase.
    pub(in crate::ask) fn called(&self) -> String {
        let parts = self.parts();
        match parts.len() {
            2..=LISTED if self.is_plain() => self.joined(&parts),
            _ if self.typed.contains(['"', '“']) => self.typed.clone(),
            _ => format!("‘{}’", self.typed),
        }
    }

    /// Joins parts as they are looked for.
    fn joined(&self, parts: &[String]) -> String {
        let quoted = |part: &String| match part.contains(['"', '“']) {
            true => part.clone(),
            false => format!("‘{part}’"),
        };
        let joined = if self.reading.any { "or" } else { "and" };
        let quoted: Vec<String> = parts.iter().map(quoted).collect();
        match quoted.as_slice() {
            [most @ .., last] if !most.is_empty() => {
                format!("{} {joined} {last}", most.join(", "))
            }
            few => few.concat(),
        }
    }

    /// The query with its words as one phrase; `None` where something is between them or they are
    /// too many.
    fn as_phrase(&self) -> Option<String> {
        let words: Vec<Typed> = words(&self.typed, &self.written);
        let is_together = words.windows(2).all(|pair| pair[0].clause + 1 == pair[1].clause);
        if !(2..=PHRASE).contains(&words.len()) || !is_together {
            return None;
        }
        let chars: Vec<char> = self.typed.chars().collect();
        let before: String = chars[..words.first()?.span.start].iter().collect();
        let after: String = chars.get(words.last()?.span.end..)?.iter().collect();
        let phrase: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        Some(format!("{before}\"{}\"{after}", phrase.join(" ")))
    }
}

impl Session<'_> {
    /// Says of a query of several words that a paragraph may have them anywhere, and counts the
    /// paragraphs under the same filters that have them as a phrase.
    ///
    /// # Errors
    /// An engine that fails, or a table that cannot be used.
    pub fn read_several(
        &self,
        understood: &mut Understood,
        filters: &Filters,
    ) -> Result<(), AskError> {
        let parts = understood.parts();
        if parts.len() < 2 {
            return Ok(());
        }
        let parts = understood.joined(&parts);
        let text = match understood.reading.any {
            true => format!("a paragraph matches if it has {parts}"),
            false => format!("a paragraph matches if it has {parts}, anywhere in it"),
        };
        understood.several = Some(Note { code: "several", text });
        if let Some(query) = understood.as_phrase() {
            let draft = Draft::named("the words as a phrase".to_owned(), query);
            let found = self.counted_as(draft, understood, filters)?;
            understood.otherwise.splice(0..0, found);
        }
        Ok(())
    }

    /// The same, and counts the paragraphs on the topics that are called so.
    ///
    /// # Errors
    /// An engine that fails, or a table that cannot be used.
    pub fn read_several_or_topics(
        &self,
        understood: &mut Understood,
        filters: &Filters,
    ) -> Result<(), AskError> {
        self.read_several(understood, filters)?;
        if understood.several.is_none() {
            return Ok(());
        }
        for topic in self.topics_called(&understood.typed)?.into_iter().take(TOPICS) {
            let query = under("", Attribute::Topic, &topic.id);
            let draft = Draft::named(format!("the topic {}", topic.name), query);
            let found = self.counted_as(draft, understood, filters)?;
            understood.otherwise.extend(found);
        }
        Ok(())
    }

    /// A reading that finds something.
    fn counted_as(
        &self,
        draft: Draft,
        understood: &Understood,
        filters: &Filters,
    ) -> Result<Option<Otherwise>, AskError> {
        let tried = self.tried(&draft, understood.reading, filters)?;
        let found = tried.map(|(_, total)| total).filter(|total| *total > 0);
        let Draft { reading, query, .. } = draft;
        Ok(found.map(|total| Otherwise { reading, query, total }))
    }
}
