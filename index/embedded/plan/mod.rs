//! Turns a tree and filters into the engine's queries.
//!
//! These determine which documents match. Their order is determined in [`crate::embedded::rank`].

mod negate;
mod positions;

use crate::embedded::store::schema::{Fields, doc};
use crate::embedded::store::values::Values;
use crate::language::negation::Mark;
use crate::language::query::{
    Form, GradeFilter, HeadingWords, MAX_EXPANSIONS, Part, Query, QueryError, Range, Span,
};
use crate::language::words::{self, Stemmer, stems_from_first};
use crate::marking::shape::{Leaf, Shaped};
use crate::records::day::day;
use crate::records::moment::milliseconds;
use crate::records::{Attribute, Kind, ValueForm};
use crate::request::{Choice, Deadline, Filters};
use negate::BitSetQuery;
pub(crate) use positions::{PositionsQuery, PositionsScorer};
use std::ops::Bound;
use std::sync::Arc;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as EngineQuery,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as EngineField, IndexRecordOption, Term};

/// The most words that all wildcards and fuzzy words of one query together may match.
const MAX_EXPANSIONS_TOGETHER: usize = 10 * MAX_EXPANSIONS;

type Boxed = Box<dyn EngineQuery>;

/// How a filter narrows the values of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrowing {
    /// It asks for some of them.
    Chosen(Attribute),
    /// It excludes some of them.
    Excluded(Attribute),
}

/// The source of the values and words that the index holds.
pub(crate) trait Vocabulary {
    type Error: From<QueryError>;

    /// The values of an attribute that is a string column.
    fn names(&self, attribute: Attribute) -> Result<Arc<Values>, Self::Error>;

    /// All headings, of any level.
    fn headings(&self) -> Result<&[String], Self::Error>;

    /// The terms of a field that have a prefix and pass a test, at most one more than `most`.
    fn terms(
        &self,
        field: EngineField,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<String>, Self::Error>;
}

/// Makes the engine's queries for one index.
pub(crate) struct Planner<'a, V> {
    pub(crate) fields: Fields,
    pub(crate) vocabulary: &'a V,
    pub(crate) stemmer: Stemmer,
    pub(crate) deadline: Deadline,
    /// Number of words matched by wildcards and fuzzy words so far.
    pub(crate) expanded: usize,
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

/// Combines queries so that at least one must match.
pub(crate) fn either(mut queries: Vec<Boxed>) -> Boxed {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

/// Combines queries so that all must match; there must be at least one.
pub(crate) fn every(mut queries: Vec<Boxed>) -> Boxed {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::intersection(queries)),
    }
}

/// Whether only paragraphs can match: other documents have no text, but they do have values.
fn finds_only_paragraphs(query: &Query) -> bool {
    match query {
        Query::All
        | Query::Word { .. }
        | Query::Phrase { .. }
        | Query::Wildcard { .. }
        | Query::Fuzzy { .. }
        | Query::Near { .. }
        | Query::Not { .. } => true,
        Query::Field { .. } => false,
        Query::And { clauses, .. } => {
            // An exclusion next to something else only takes away from what that finds.
            let is_excluded = |clause: &&Query| matches!(clause, Query::Not { .. });
            let mut wanted = clauses.iter().filter(|clause| !is_excluded(clause)).peekable();
            wanted.peek().is_none() || wanted.any(finds_only_paragraphs)
        }
        Query::Or { .. }
        | Query::Boost { .. }
        | Query::Affirmed { .. }
        | Query::Expanded { .. } => query.clauses().all(finds_only_paragraphs),
    }
}

/// The documents of one sort, see [`doc`].
pub(crate) fn documents(fields: &Fields, sort: &str) -> Boxed {
    any_of(vec![Term::from_field_text(fields.doc, sort)])
}

impl<V: Vocabulary> Planner<'_, V> {
    /// Plans the whole search: the tree, and filters that must all hold.
    pub(crate) fn search(&mut self, query: &Query, filters: Vec<Boxed>) -> Result<Boxed, V::Error> {
        let mut conditions = vec![self.tree(query)?];
        if !finds_only_paragraphs(query) {
            conditions.push(documents(&self.fields, doc::PARAGRAPH));
        }
        conditions.extend(filters);
        Ok(every(conditions))
    }

    /// Plans a tree; its documents may be of any sort.
    pub(crate) fn tree(&mut self, query: &Query) -> Result<Boxed, V::Error> {
        Ok(match query {
            Query::All => documents(&self.fields, doc::PARAGRAPH),
            Query::Word { text, .. } => {
                let stems = stems_from_first(text, &mut self.stemmer);
                side_by_side(self.fields.stem, stems)
            }
            Query::Phrase { parts, within: None, .. }
                if parts.iter().all(|part| matches!(part, Part::Word(_))) =>
            {
                let words = parts.iter().filter_map(|part| match part {
                    Part::Word(word) => Some(words::fold(word)),
                    Part::AnyOf(_) | Part::Gap | Part::Wildcard(_) => None,
                });
                side_by_side(self.fields.exact, words.enumerate().collect())
            }
            Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Near { .. } => self.in_places(query)?,
            Query::Field { field, value, .. } => self.field(*field, value)?,
            Query::Boost { clause, .. } => self.tree(clause)?,
            Query::Affirmed { clause, .. } => match &**clause {
                Query::Field { field: Attribute::Topic, value, .. } => {
                    self.topic_affirmed(value)?
                }
                clause if clause.has_place() => self.in_places(query)?,
                // It is of parts that may be denied, or cannot be denied.
                clause => self.tree(&clause.affirmed())?,
            },
            Query::Expanded { .. } => {
                let parts: Result<Vec<_>, _> = query.clauses().map(|c| self.tree(c)).collect();
                either(parts?)
            }
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

    /// Plans a topic that a paragraph does not only deny; [`Filters::ABSENT`] for none at all.
    fn topic_affirmed(&self, topic: &str) -> Result<Boxed, V::Error> {
        let tagged = self.any_value(Attribute::Topic, &[topic.to_owned()])?;
        let wanted = words::key(topic);
        let topics = self.values(Attribute::Topic, |id| words::key(id) == wanted)?;
        let denied = topics.iter().filter_map(|topic| topic.value().as_str().map(str::to_owned));
        let denied = denied.map(|id| Term::from_field_text(self.fields.denied, &id)).collect();
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, tagged),
            (Occur::MustNot, Box::new(BitSetQuery::new(any_of(denied)))),
        ])))
    }

    /// Plans a shape of words by their positions; finds nothing for a tree without one.
    fn in_places(&mut self, query: &Query) -> Result<Boxed, V::Error> {
        Ok(match Shaped::of(query, &mut self.stemmer) {
            Some(shaped) => Box::new(self.places(&shaped)?),
            None => Box::new(EmptyQuery),
        })
    }

    /// Plans a shape of words by their positions.
    pub(crate) fn places(&mut self, shaped: &Shaped) -> Result<PositionsQuery, V::Error> {
        let Fields { stem, exact, negated, .. } = self.fields;
        let mut lists = Vec::with_capacity(shaped.leaves.len());
        for leaf in &shaped.leaves {
            lists.push(match leaf {
                Leaf::Stem(word) => vec![Term::from_field_text(stem, word)],
                Leaf::Exact(word) => vec![Term::from_field_text(exact, word)],
                Leaf::Denied => vec![Term::from_field_text(negated, Mark::DENIAL)],
                Leaf::Form(form, span) => {
                    let words = self.words_of(form, *span)?;
                    words.iter().map(|word| Term::from_field_text(exact, word)).collect()
                }
            });
        }
        let deadline = self.deadline.clone();
        Ok(PositionsQuery { shape: shaped.shape.clone(), lists, deadline })
    }

    /// The words that have this form.
    fn words_of(&mut self, form: &Form, span: Span) -> Result<Vec<String>, V::Error> {
        let fits = |word: &str| form.fits(word);
        let words =
            self.vocabulary.terms(self.fields.exact, &form.prefix(), &fits, MAX_EXPANSIONS)?;
        if words.len() > MAX_EXPANSIONS {
            let reason = format!(
                "it stands for more than {MAX_EXPANSIONS} words of these reports; \
                 write more of the word"
            );
            return Err(QueryError::too_broad(form.to_string(), reason, span).into());
        }
        self.expanded += words.len();
        if self.expanded > MAX_EXPANSIONS_TOGETHER {
            let reason = format!(
                "with the others of the query it stands for more than {MAX_EXPANSIONS_TOGETHER} \
                 words; ask in parts"
            );
            return Err(QueryError::too_broad(form.to_string(), reason, span).into());
        }
        Ok(words)
    }

    fn left_out(&mut self, query: &Query) -> Result<Boxed, V::Error> {
        Ok(Box::new(BitSetQuery::new(self.tree(query)?)))
    }

    fn field(&self, field: Attribute, value: &str) -> Result<Boxed, V::Error> {
        match field.form() {
            ValueForm::Grade => match value.parse() {
                Ok(filter) => self.grades(field, &[filter]),
                Err(_) => Ok(Box::new(EmptyQuery)),
            },
            ValueForm::Name
            | ValueForm::OneOf
            | ValueForm::Names
            | ValueForm::Id
            | ValueForm::Headings
            | ValueForm::Day => self.any_value(field, &[value.to_owned()]),
            ValueForm::Number if Range::is_written(value) => {
                let number = self.fields.number;
                let range = Range::known(field, value);
                let holds = |number: &str| {
                    number.parse().is_ok_and(|number| range.is_some_and(|r| r.holds(number)))
                };
                let numbers = self.vocabulary.terms(number, "", &holds, usize::MAX - 1)?;
                let terms = numbers.iter().map(|text| Term::from_field_text(number, text));
                Ok(any_of(terms.collect()))
            }
            ValueForm::Number => {
                Ok(any_of(vec![Term::from_field_text(self.fields.number, &words::key(value))]))
            }
            ValueForm::Pages => Ok(range(self.fields.page, Range::known(field, value))),
        }
    }

    /// Plans a condition for any of some values, which are not grades.
    fn any_value(&self, attribute: Attribute, wanted: &[String]) -> Result<Boxed, V::Error> {
        match attribute.form() {
            ValueForm::Headings => self.sections(wanted),
            ValueForm::Id => self.ids(attribute, wanted),
            ValueForm::Day => {
                let days = |value: &String| range(self.fields.date, Range::known(attribute, value));
                Ok(either(wanted.iter().map(days).collect()))
            }
            _ => {
                let normal = |name: &String| attribute.normal(name).into_owned();
                self.named(attribute, &wanted.iter().map(normal).collect::<Vec<_>>())
            }
        }
    }

    /// Plans the conditions of filters, each with how it narrows an attribute.
    pub(crate) fn filters(
        &self,
        filters: &Filters,
    ) -> Result<Vec<(Option<Narrowing>, Boxed)>, V::Error> {
        let mut conditions = Vec::new();
        for (attribute, choice) in filters.conditions() {
            let chosen = match (attribute, choice) {
                (Attribute::Topic, Choice::Names(topics)) if filters.without_denials => {
                    let topics = topics.iter().map(|topic| self.topic_affirmed(topic));
                    either(topics.collect::<Result<_, _>>()?)
                }
                _ => self.choice(attribute, choice)?,
            };
            conditions.push((Some(Narrowing::Chosen(attribute)), chosen));
        }
        for (attribute, choice) in filters.not.iter() {
            let left = BooleanQuery::new(vec![
                (Occur::Must, documents(&self.fields, doc::PARAGRAPH)),
                (Occur::MustNot, Box::new(BitSetQuery::new(self.choice(attribute, choice)?))),
            ]);
            conditions.push((Some(Narrowing::Excluded(attribute)), Box::new(left)));
        }
        let Filters { from, to, undated, new_since, .. } = filters;
        if from.is_some() || to.is_some() {
            // A report without a date has the date 0, which is outside every range.
            let first = from.map_or(1, |from| day(Some(from)));
            let last = to.map_or(u64::MAX, |to| day(Some(to)));
            conditions.push((None, range(self.fields.date, Some(Range { first, last }))));
        }
        if *undated {
            let none = || Bound::Included(Term::from_field_u64(self.fields.date, 0));
            conditions.push((None, unscored(RangeQuery::new(none(), none()))));
        }
        if let Some(since) = new_since {
            let first = milliseconds(*since);
            let newer = Range { first, last: u64::MAX };
            conditions.push((None, range(self.fields.first_indexed, Some(newer))));
        }
        Ok(conditions)
    }

    /// Plans a choice among the values of an attribute.
    fn choice(&self, attribute: Attribute, choice: &Choice) -> Result<Boxed, V::Error> {
        match choice {
            Choice::Grades(grades) => self.grades(attribute, grades),
            Choice::Kinds(kinds) => Ok(self.kinds(kinds)),
            Choice::Names(names) => self.any_value(attribute, names),
        }
    }

    /// The terms of an attribute's values that pass a test; never the term of an absent value.
    fn values(
        &self,
        attribute: Attribute,
        accepts: impl Fn(&str) -> bool,
    ) -> Result<Vec<Term>, V::Error> {
        let field = self.fields.value(attribute);
        let names = self.vocabulary.names(attribute)?;
        Ok(names
            .names
            .iter()
            .filter(|name| !name.is_empty() && accepts(name))
            .map(|name| Term::from_field_text(field, name))
            .collect())
    }

    fn named(&self, attribute: Attribute, wanted: &[String]) -> Result<Boxed, V::Error> {
        let wanted: Vec<String> = wanted.iter().map(|name| words::key(name)).collect();
        let mut terms = self.values(attribute, |name| wanted.contains(&words::key(name)))?;
        if wanted.iter().any(|name| name == Filters::ABSENT) {
            terms.push(Term::from_field_text(self.fields.value(attribute), ""));
        }
        Ok(any_of(terms))
    }

    fn ids(&self, attribute: Attribute, wanted: &[String]) -> Result<Boxed, V::Error> {
        let terms = self
            .values(attribute, |id| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(id)))?;
        Ok(any_of(terms))
    }

    fn kinds(&self, kinds: &[Kind]) -> Boxed {
        let field = self.fields.value(Attribute::Kind);
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

    fn grades(&self, attribute: Attribute, filters: &[GradeFilter]) -> Result<Boxed, V::Error> {
        let label = self.fields.value(attribute);
        let rank = self.fields.rank(attribute);
        let mut labels = self.values(attribute, |name| filters.iter().any(|f| f.names(name)))?;
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

/// Documents with a number in the range.
fn range(field: EngineField, range: Option<Range>) -> Boxed {
    let Some(Range { first, last }) = range.filter(|range| range.first <= range.last) else {
        return Box::new(EmptyQuery);
    };
    let end = |number| Bound::Included(Term::from_field_u64(field, number));
    unscored(RangeQuery::new(end(first), end(last)))
}

/// Documents with terms at these distances from the first.
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
