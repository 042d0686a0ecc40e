//! Turns a tree and filters into the engine's queries.
//!
//! Words and phrases are scored; every condition on something else scores nothing. A word found in
//! a heading above adds a little to the score but is no match: totals count text.

use crate::filters::ABSENT;
use crate::negate::WorkedOut;
use crate::query::{Field, HeadingWords, Query, kind_named, stems_from_first};
use crate::record::Kind;
use crate::request::{Facet, Filters, GradeFilter};
use crate::schema::{Fields, day, doc};
use crate::values::Values;
use crate::words::{self, Stemmer};
use std::ops::Bound;
use std::sync::Arc;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery,
    Query as EngineQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as EngineField, IndexRecordOption, Term};

/// What a word in a heading is worth beside a word in the text. Chosen low: headings repeat over
/// many paragraphs and say little about any single one.
const HEADING_WEIGHT: f32 = 0.3;

type Boxed = Box<dyn EngineQuery>;

/// Where the planner learns which values the index holds.
pub(crate) trait Vocabulary {
    type Error;

    /// The values of a facet that lies in a column of strings.
    fn names(&self, facet: Facet) -> Result<Arc<Values>, Self::Error>;

    /// All headings, of any level.
    fn headings(&self) -> Result<&[String], Self::Error>;
}

/// Makes queries for one index.
pub(crate) struct Planner<'a, V> {
    pub(crate) fields: Fields,
    pub(crate) vocabulary: &'a V,
    pub(crate) stemmer: Stemmer,
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

/// The union of some queries.
pub(crate) fn either(mut queries: Vec<Boxed>) -> Boxed {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

/// Whether only paragraphs can match: other documents have no text but do have values.
fn finds_only_paragraphs(query: &Query) -> bool {
    match query {
        Query::All | Query::Word { .. } | Query::Phrase { .. } | Query::Not { .. } => true,
        Query::Field { .. } => false,
        Query::And { clauses, .. } => {
            clauses.is_empty() || clauses.iter().any(finds_only_paragraphs)
        }
        Query::Or { clauses, .. } => clauses.iter().all(finds_only_paragraphs),
    }
}

/// Documents of one sort, see [`doc`].
pub(crate) fn documents(fields: &Fields, sort: &str) -> Boxed {
    any_of(vec![Term::from_field_text(fields.doc, sort)])
}

impl<V: Vocabulary> Planner<'_, V> {
    /// The whole search: the tree, and filters that all must hold.
    pub(crate) fn search(&mut self, query: &Query, filters: Vec<Boxed>) -> Result<Boxed, V::Error> {
        let mut clauses = vec![(Occur::Must, self.tree(query)?)];
        if !finds_only_paragraphs(query) {
            clauses.push((Occur::Must, documents(&self.fields, doc::PARAGRAPH)));
        }
        clauses.extend(filters.into_iter().map(|filter| (Occur::Must, filter)));
        let mut stems = Vec::new();
        self.wanted_stems(query, &mut stems);
        stems.sort_unstable();
        stems.dedup();
        for stem in stems {
            let term = Term::from_field_text(self.fields.headings, &stem);
            let in_heading = TermQuery::new(term, IndexRecordOption::WithFreqs);
            let weighed = BoostQuery::new(Box::new(in_heading), HEADING_WEIGHT);
            clauses.push((Occur::Should, Box::new(weighed)));
        }
        if clauses.len() == 1 {
            return Ok(clauses.remove(0).1);
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// The stems that a match is about: those of words that are not negated.
    fn wanted_stems(&mut self, query: &Query, stems: &mut Vec<String>) {
        match query {
            Query::Word { text, .. } => {
                let own = self.stemmer.stems(text);
                stems.extend(own.into_iter().map(|(_, stem)| stem));
            }
            Query::And { clauses, .. } | Query::Or { clauses, .. } => {
                for clause in clauses {
                    self.wanted_stems(clause, stems);
                }
            }
            Query::All | Query::Phrase { .. } | Query::Field { .. } | Query::Not { .. } => {}
        }
    }

    fn tree(&mut self, query: &Query) -> Result<Boxed, V::Error> {
        Ok(match query {
            Query::All => documents(&self.fields, doc::PARAGRAPH),
            Query::Word { text, .. } => {
                let stems = stems_from_first(text, &mut self.stemmer);
                side_by_side(self.fields.stem, stems)
            }
            Query::Phrase { text, .. } => {
                let words = words::exact(text).into_iter().enumerate().collect();
                side_by_side(self.fields.exact, words)
            }
            Query::Field { field, value, .. } => self.field(*field, value)?,
            Query::And { clauses, .. } => {
                let mut parts = Vec::with_capacity(clauses.len() + 1);
                for clause in clauses {
                    parts.push(match clause {
                        Query::Not { clause, .. } => (Occur::MustNot, self.left_out(clause)?),
                        clause => (Occur::Must, self.tree(clause)?),
                    });
                }
                if !parts.iter().any(|(occur, _)| *occur == Occur::Must) {
                    parts.push((Occur::Must, documents(&self.fields, doc::PARAGRAPH)));
                }
                Box::new(BooleanQuery::new(parts))
            }
            Query::Or { clauses, .. } => {
                let parts: Result<Vec<_>, _> = clauses.iter().map(|c| self.tree(c)).collect();
                either(parts?)
            }
            Query::Not { clause, .. } => Box::new(BooleanQuery::new(vec![
                (Occur::Must, documents(&self.fields, doc::PARAGRAPH)),
                (Occur::MustNot, self.left_out(clause)?),
            ])),
        })
    }

    fn left_out(&mut self, query: &Query) -> Result<Boxed, V::Error> {
        Ok(Box::new(WorkedOut::new(self.tree(query)?)))
    }

    fn field(&self, field: Field, value: &str) -> Result<Boxed, V::Error> {
        let one = [value.to_owned()];
        match field {
            Field::Grade | Field::Overall => {
                let facet = if field == Field::Grade { Facet::Grade } else { Facet::Overall };
                match value.parse() {
                    Ok(filter) => self.grades(facet, &[filter]),
                    Err(_) => Ok(Box::new(EmptyQuery)),
                }
            }
            Field::Theme => self.named(Facet::Theme, &one),
            Field::Topic => self.named(Facet::Topic, &one),
            Field::Section => self.sections(&one),
            Field::Authority => self.named(Facet::Authority, &one),
            Field::Region => self.named(Facet::Region, &one),
            Field::Framework => self.named(Facet::Framework, &one),
            Field::Kind => Ok(self.kinds(kind_named(value).as_slice())),
            Field::Report => self.reports(&one),
            Field::Number => {
                Ok(any_of(vec![Term::from_field_text(self.fields.number, &words::key(value))]))
            }
            Field::Page => Ok(value.parse::<u32>().map_or_else(
                |_| Box::new(EmptyQuery) as Boxed,
                |page| any_of(vec![Term::from_field_u64(self.fields.page, u64::from(page))]),
            )),
        }
    }

    /// The conditions of some filters, each with the facet whose choices it narrows.
    pub(crate) fn filters(
        &self,
        filters: &Filters,
    ) -> Result<Vec<(Option<Facet>, Boxed)>, V::Error> {
        let mut conditions = Vec::new();
        let mut add = |facet: Facet, is_asked: bool, make: &dyn Fn() -> Result<Boxed, V::Error>| {
            if is_asked {
                conditions.push((Some(facet), make()?));
            }
            Ok(())
        };
        let Filters {
            grade,
            overall,
            theme,
            topic,
            section,
            authority,
            region,
            framework,
            kind,
            report,
            from,
            to,
            undated,
        } = filters;
        add(Facet::Grade, !grade.is_empty(), &|| self.grades(Facet::Grade, grade))?;
        add(Facet::Overall, !overall.is_empty(), &|| self.grades(Facet::Overall, overall))?;
        add(Facet::Theme, !theme.is_empty(), &|| self.named(Facet::Theme, theme))?;
        add(Facet::Topic, !topic.is_empty(), &|| self.named(Facet::Topic, topic))?;
        add(Facet::Section, !section.is_empty(), &|| self.sections(section))?;
        add(Facet::Authority, !authority.is_empty(), &|| self.named(Facet::Authority, authority))?;
        add(Facet::Region, !region.is_empty(), &|| self.named(Facet::Region, region))?;
        add(Facet::Framework, !framework.is_empty(), &|| self.named(Facet::Framework, framework))?;
        add(Facet::Kind, !kind.is_empty(), &|| Ok(self.kinds(kind)))?;
        add(Facet::Report, !report.is_empty(), &|| self.reports(report))?;
        if from.is_some() || to.is_some() {
            let date = |day| Term::from_field_u64(self.fields.date, day);
            // A report without a date lies at 0 and is in no range.
            let first = from.map_or(1, |from| day(Some(from)));
            let last = to.map_or(Bound::Unbounded, |to| Bound::Included(date(day(Some(to)))));
            let range = RangeQuery::new(Bound::Included(date(first)), last);
            conditions.push((None, unscored(range)));
        }
        if *undated {
            let none = || Bound::Included(Term::from_field_u64(self.fields.date, 0));
            conditions.push((None, unscored(RangeQuery::new(none(), none()))));
        }
        Ok(conditions)
    }

    /// Terms of a facet's values that a test accepts; never the term of an absent value.
    fn values(&self, facet: Facet, accepts: impl Fn(&str) -> bool) -> Result<Vec<Term>, V::Error> {
        let field = self.fields.value(facet);
        let names = self.vocabulary.names(facet)?;
        Ok(names
            .names
            .iter()
            .filter(|name| !name.is_empty() && accepts(name))
            .map(|name| Term::from_field_text(field, name))
            .collect())
    }

    fn named(&self, facet: Facet, wanted: &[String]) -> Result<Boxed, V::Error> {
        let wanted: Vec<String> = wanted.iter().map(|name| words::key(name)).collect();
        let mut terms = self.values(facet, |name| wanted.contains(&words::key(name)))?;
        if wanted.iter().any(|name| name == ABSENT) {
            terms.push(Term::from_field_text(self.fields.value(facet), ""));
        }
        Ok(any_of(terms))
    }

    fn reports(&self, wanted: &[String]) -> Result<Boxed, V::Error> {
        let terms = self.values(Facet::Report, |id| {
            wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(id))
        })?;
        Ok(any_of(terms))
    }

    fn kinds(&self, kinds: &[Kind]) -> Boxed {
        let field = self.fields.value(Facet::Kind);
        let term = |kind: &Kind| Term::from_field_text(field, kind.name());
        any_of(kinds.iter().map(term).collect())
    }

    fn sections(&self, wanted: &[String]) -> Result<Boxed, V::Error> {
        let wanted: Vec<HeadingWords> =
            wanted.iter().map(|value| HeadingWords::new(value)).collect();
        let headings = self.vocabulary.headings()?;
        let terms = headings
            .iter()
            .filter(|heading| wanted.iter().any(|wanted| wanted.stand_in(heading)))
            .map(|heading| Term::from_field_text(self.fields.heading, heading));
        Ok(any_of(terms.collect()))
    }

    fn grades(&self, facet: Facet, filters: &[GradeFilter]) -> Result<Boxed, V::Error> {
        let label = self.fields.value(facet);
        let rank = match facet {
            Facet::Overall => self.fields.overall_rank,
            _ => self.fields.grade_rank,
        };
        let mut labels = self.values(facet, |name| filters.iter().any(|f| f.names(name)))?;
        let mut ranks = Vec::new();
        for filter in filters {
            match filter {
                GradeFilter::Label(_) | GradeFilter::Exactly(_) => {}
                GradeFilter::Ranks { best, worst } => {
                    let places = (*best..=*worst).map(u64::from);
                    ranks.extend(places.map(|place| Term::from_field_u64(rank, place)));
                }
                GradeFilter::None => labels.push(Term::from_field_text(label, "")),
            }
        }
        let parts = [labels, ranks].into_iter().filter(|terms| !terms.is_empty());
        Ok(either(parts.map(any_of).collect()))
    }
}

/// Terms at their distances from the first.
fn side_by_side(field: EngineField, terms: Vec<(usize, String)>) -> Boxed {
    let terms: Vec<(usize, Term)> = terms
        .into_iter()
        .map(|(distance, text)| (distance, Term::from_field_text(field, &text)))
        .collect();
    match terms.as_slice() {
        [] => Box::new(EmptyQuery),
        [(_, term)] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new_with_offset(terms)),
    }
}
