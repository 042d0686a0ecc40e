//! Says in tantivy's queries what [`crate::planning`] plans.

mod negate;
mod positions;

use crate::embedded::store::schema::{Fields, doc};
use crate::language::query::Range;
use crate::planning::{Field, Language, Places};
use crate::request::Deadline;
use negate::BitSetQuery;
pub(crate) use positions::{PositionsQuery, PositionsScorer};
use std::ops::Bound;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as EngineQuery,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as EngineField, IndexRecordOption, Term};

type Boxed = Box<dyn EngineQuery>;

/// Makes the queries of this engine.
pub(crate) struct Queries {
    pub(crate) fields: Fields,
    /// When checking positions is given up.
    pub(crate) deadline: Deadline,
}

fn unscored(query: impl EngineQuery) -> Boxed {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

/// Documents with any of these terms.
fn any_of(terms: Vec<Term>) -> Boxed {
    match <[Term; 1]>::try_from(terms) {
        Ok([term]) => unscored(TermQuery::new(term, IndexRecordOption::Basic)),
        Err(terms) if terms.is_empty() => Box::new(EmptyQuery),
        Err(terms) => unscored(TermSetQuery::new(terms)),
    }
}

/// Combines queries so that all must match; there must be at least one.
pub(crate) fn every(mut queries: Vec<Boxed>) -> Boxed {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::intersection(queries)),
    }
}

/// The documents of one sort, see [`doc`].
pub(crate) fn documents(fields: &Fields, sort: &str) -> Boxed {
    any_of(vec![Term::from_field_text(fields.doc, sort)])
}

/// The field in which what is planned is looked for.
pub(crate) fn field_of(fields: &Fields, planned: Field) -> EngineField {
    match planned {
        Field::Stem => fields.stem,
        Field::Exact => fields.exact,
        Field::Negated => fields.negated,
        Field::Denied => fields.denied,
        Field::Heading => fields.heading,
        Field::Number => fields.number,
        Field::Page => fields.page,
        Field::Date => fields.date,
        Field::FirstIndexed => fields.first_indexed,
        Field::Rank(attribute) => fields.rank(attribute),
        Field::Value(attribute) => fields.value(attribute),
    }
}

impl Queries {
    fn field(&self, field: Field) -> EngineField {
        field_of(&self.fields, field)
    }

    /// The query for a shape of words.
    pub(crate) fn positions(&self, places: Places) -> PositionsQuery {
        let lists = places.lists.into_iter().map(|(field, words)| {
            let field = self.field(field);
            words.iter().map(|word| Term::from_field_text(field, word)).collect()
        });
        PositionsQuery {
            shape: places.shape,
            lists: lists.collect(),
            deadline: self.deadline.clone(),
        }
    }
}

impl Language for Queries {
    type Query = Boxed;

    fn paragraphs(&self) -> Boxed {
        documents(&self.fields, doc::PARAGRAPH)
    }

    fn any_term(&self, field: Field, terms: Vec<String>) -> Boxed {
        let field = self.field(field);
        any_of(terms.iter().map(|term| Term::from_field_text(field, term)).collect())
    }

    fn any_number(&self, field: Field, numbers: Vec<u64>) -> Boxed {
        let field = self.field(field);
        any_of(numbers.into_iter().map(|number| Term::from_field_u64(field, number)).collect())
    }

    fn range(&self, field: Field, Range { first, last }: Range) -> Boxed {
        let field = self.field(field);
        let end = |number| Bound::Included(Term::from_field_u64(field, number));
        unscored(RangeQuery::new(end(first), end(last)))
    }

    fn side_by_side(&self, field: Field, words: Vec<(usize, String)>) -> Boxed {
        let field = self.field(field);
        let terms: Vec<(usize, Term)> = words
            .into_iter()
            .map(|(distance, text)| (distance, Term::from_field_text(field, &text)))
            .collect();
        match terms.as_slice() {
            [] => Box::new(EmptyQuery),
            [(_, term)] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new_with_offset(terms)),
        }
    }

    fn in_places(&self, places: Places) -> Boxed {
        Box::new(self.positions(places))
    }

    fn either(&self, mut queries: Vec<Boxed>) -> Boxed {
        match queries.len() {
            0 => Box::new(EmptyQuery),
            1 => queries.remove(0),
            _ => Box::new(BooleanQuery::union(queries)),
        }
    }

    fn every(&self, queries: Vec<Boxed>) -> Boxed {
        every(queries)
    }

    fn without(&self, wanted: Vec<Boxed>, left_out: Vec<Boxed>) -> Boxed {
        let wanted = wanted.into_iter().map(|query| (Occur::Must, query));
        let left_out = left_out.into_iter().map(|query| {
            let documents: Boxed = Box::new(BitSetQuery::new(query));
            (Occur::MustNot, documents)
        });
        Box::new(BooleanQuery::new(wanted.chain(left_out).collect()))
    }
}
