//! Reads where the words of a question are negated, for the rules of [`crate::ranking::Opposition`].

use super::cursor::Postings;
use crate::embedded::store::schema::Fields;
use crate::language::negation::{Asked, Mark};
use crate::ranking::{Opposition, Places};
use std::sync::Arc;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Term;
use tantivy::{DocId, SegmentReader};

/// The words of a question as terms, and what they decide.
pub(super) struct Opposed {
    opposition: Opposition,
    words: Vec<Terms>,
    trigger: Term,
    texts: Arc<[String]>,
}

/// The terms of one word.
struct Terms {
    all: Term,
    within: Term,
    denied: Term,
}

/// The postings of one word in one segment.
struct Read {
    all: Postings,
    within: Postings,
    denied: Postings,
}

/// The words of a question in one segment.
pub(super) struct SegmentOpposed {
    opposition: Opposition,
    words: Vec<Read>,
    trigger: Postings,
    places: Vec<Places>,
    triggers: Vec<u32>,
    texts: Arc<[String]>,
}

fn marked(fields: &Fields, mark: Mark, stem: &str) -> Term {
    let mut term = String::new();
    mark.term_into(stem, &mut term);
    Term::from_field_text(fields.negated, &term)
}

impl Opposed {
    /// Prepares for a question; `None` if nothing can say the opposite of it.
    pub(super) fn new<S: Bm25StatisticsProvider>(
        asked: &Asked,
        fields: &Fields,
        statistics: &S,
    ) -> tantivy::Result<Option<Self>> {
        let word = |stem: &str| Term::from_field_text(fields.stem, stem);
        let opposition = Opposition::new(asked, |mark, stem| {
            statistics.doc_freq(&mark.map_or_else(|| word(stem), |mark| marked(fields, mark, stem)))
        })?;
        let Some(opposition) = opposition else { return Ok(None) };
        let words = asked.words.iter().map(|asked| Terms {
            all: word(&asked.stem),
            within: marked(fields, Mark::Within, &asked.stem),
            denied: marked(fields, Mark::Denied, &asked.stem),
        });
        let texts = asked.words.iter().map(|asked| asked.text.clone()).collect();
        let trigger = Term::from_field_text(fields.negated, Mark::TRIGGER);
        Ok(Some(Self { opposition, words: words.collect(), trigger, texts }))
    }

    pub(super) fn for_segment(&self, reader: &SegmentReader) -> tantivy::Result<SegmentOpposed> {
        let read = |term: &Term| Postings::read(reader, term, true);
        let words = self.words.iter().map(|word| {
            let (all, within, denied) =
                (read(&word.all)?, read(&word.within)?, read(&word.denied)?);
            Ok(Read { all, within, denied })
        });
        Ok(SegmentOpposed {
            opposition: self.opposition.clone(),
            words: words.collect::<tantivy::Result<Vec<_>>>()?,
            trigger: read(&self.trigger)?,
            places: vec![Places::default(); self.words.len()],
            triggers: Vec::new(),
            texts: Arc::clone(&self.texts),
        })
    }
}

impl SegmentOpposed {
    /// The word by which a paragraph says the opposite of what was asked. Documents must come in
    /// order.
    pub(super) fn word(&mut self, doc: DocId) -> Option<&str> {
        let words = &mut self.words;
        let is_possible = self.opposition.is_possible(|mark, at| match mark {
            Mark::Denied => words[at].denied.times(doc) > 0,
            Mark::Within | Mark::Itself => words[at].within.times(doc) > 0,
        });
        if !is_possible {
            return None;
        }
        for (word, places) in words.iter_mut().zip(&mut self.places) {
            word.all.positions(doc, &mut places.all);
            word.within.positions(doc, &mut places.negated);
            word.denied.positions(doc, &mut places.denied);
        }
        self.trigger.positions(doc, &mut self.triggers);
        self.opposition.opposed(&self.places, &self.triggers).map(|at| self.texts[at].as_str())
    }
}
