//! The words that the index holds, for finding those of a query that it does not.

use super::IndexReader;
use crate::answering::unheld::{Holdings, Place};
use crate::engine::SearchError;
use crate::language::query::{Query, Span};
use crate::planning::Vocabulary;
use crate::records::Attribute;
use crate::request::{Deadline, Filters};
use tantivy::TantivyError;
use tantivy::query::{Query as EngineQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};

impl Holdings for IndexReader {
    fn headings(&self) -> Result<&[String], SearchError> {
        Vocabulary::headings(self)
    }

    fn holding(&self, word: &str, place: Place) -> Result<usize, SearchError> {
        let field = match place {
            Place::AnyForm => self.fields().stem,
            Place::AsWritten => self.fields().exact,
            Place::Heading => {
                let (field, value) = (Attribute::Section, word.to_owned());
                let condition = Query::Field { field, value, span: Span::default() };
                return Ok(self
                    .in_order(&condition, &Filters::default(), &Deadline::never())?
                    .len());
            }
        };
        let term = Term::from_field_text(field, word);
        Ok(TermQuery::new(term, IndexRecordOption::Basic).count(&self.snapshot.searcher)?)
    }

    fn each_word(&self, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), SearchError> {
        for segment in self.snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields().exact)?;
            let mut stream = index.terms().stream().map_err(TantivyError::from)?;
            while stream.advance() {
                if let Ok(word) = std::str::from_utf8(stream.key())
                    && !visit(word)
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
