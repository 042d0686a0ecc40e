//! Turns a tree and filters into an engine's queries.
//!
//! What a tree and filters mean is decided here, once for all engines; an engine supplies its
//! [`Language`], in which that is said, and its [`Vocabulary`]. These determine which paragraphs
//! match. Their order is determined in [`crate::ranking`].

use crate::language::negation::Mark;
use crate::language::query::{
    Form, GradeFilter, HeadingWords, MAX_EXPANSIONS, Part, Query, QueryError, Range, Span,
};
use crate::language::words::{self, Stemmer, stems_from_first};
use crate::marking::shape::{Leaf, Shape, Shaped};
use crate::records::day::day;
use crate::records::moment::milliseconds;
use crate::records::{Attribute, Kind, ValueForm};
use crate::request::{Choice, Filters};

/// The most words that all wildcards and fuzzy words of one query together may match.
const MAX_EXPANSIONS_TOGETHER: usize = 10 * MAX_EXPANSIONS;

/// The conditions of filters, each with how it narrows an attribute, if it does.
pub(crate) type Conditions<Q> = Vec<(Option<Narrowing>, Q)>;

/// How a filter narrows the values of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrowing {
    /// It asks for some of them.
    Chosen(Attribute),
    /// It excludes some of them.
    Excluded(Attribute),
}

/// What every engine keeps of a paragraph, besides its record, to find it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    /// The text as stems.
    Stem,
    /// The text word for word, folded.
    Exact,
    /// The stems of negated words, in the terms of [`Mark`].
    Negated,
    /// Ids of the topics that the paragraph only denies.
    Denied,
    /// The headings as printed.
    Heading,
    /// The printed number, folded.
    Number,
    /// Every page on which the paragraph is printed.
    Page,
    /// The report's date as a number, yyyymmdd; 0 if it has none.
    Date,
    /// When the paragraph first came, in milliseconds since 1970.
    FirstIndexed,
    /// The place of a grade on its scale.
    Rank(Attribute),
    /// The values of an attribute; the empty string if there are none.
    Value(Attribute),
}

/// A shape of words, with the terms of each of its lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Places {
    pub(crate) shape: Shape,
    /// All are of fields with the same positions and lengths.
    pub(crate) lists: Vec<(Field, Vec<String>)>,
}

/// How an engine says what is to be found.
pub(crate) trait Language {
    type Query;

    /// Every paragraph.
    fn paragraphs(&self) -> Self::Query;

    /// What has any of these terms in a field; nothing if there are none.
    fn any_term(&self, field: Field, terms: Vec<String>) -> Self::Query;

    /// What has any of these numbers in a field; nothing if there are none.
    fn any_number(&self, field: Field, numbers: Vec<u64>) -> Self::Query;

    /// What has a number in the range, which is not empty.
    fn range(&self, field: Field, range: Range) -> Self::Query;

    /// What has these words of a text field at these distances from the first; nothing if there are
    /// none.
    fn side_by_side(&self, field: Field, words: Vec<(usize, String)>) -> Self::Query;

    /// What has a shape of words.
    fn in_places(&self, places: Places) -> Self::Query;

    /// What any of these finds; nothing if there are none.
    fn either(&self, queries: Vec<Self::Query>) -> Self::Query;

    /// What all of these find; there must be at least one.
    fn every(&self, queries: Vec<Self::Query>) -> Self::Query;

    /// What all of `wanted` find and none of `left_out`; there must be at least one wanted.
    fn without(&self, wanted: Vec<Self::Query>, left_out: Vec<Self::Query>) -> Self::Query;
}

/// The source of the values and words that an index holds.
pub(crate) trait Vocabulary {
    type Error: From<QueryError>;

    /// The values of an attribute that is a string column and that pass a test; never the absent one.
    fn names(
        &self,
        attribute: Attribute,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, Self::Error>;

    /// All headings, of any level.
    fn headings(&self) -> Result<&[String], Self::Error>;

    /// The words ([`Field::Exact`]) or printed numbers ([`Field::Number`]) that have a prefix and pass
    /// a test, at most one more than `most`.
    fn terms(
        &self,
        field: Field,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<String>, Self::Error>;
}

/// Makes an engine's queries for one index.
pub(crate) struct Planner<'a, L, V> {
    pub(crate) language: L,
    pub(crate) vocabulary: &'a V,
    pub(crate) stemmer: Stemmer,
    /// Number of words matched by wildcards and fuzzy words so far.
    expanded: usize,
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

impl<'a, L: Language, V: Vocabulary> Planner<'a, L, V> {
    /// Prepares to plan for an index with this vocabulary.
    pub(crate) fn new(language: L, vocabulary: &'a V) -> Self {
        Self { language, vocabulary, stemmer: Stemmer::default(), expanded: 0 }
    }

    /// Plans the whole search: the tree, and filters that must all hold.
    pub(crate) fn search(
        &mut self,
        query: &Query,
        filters: Vec<L::Query>,
    ) -> Result<L::Query, V::Error> {
        let mut conditions = vec![self.tree(query)?];
        if !finds_only_paragraphs(query) {
            conditions.push(self.language.paragraphs());
        }
        conditions.extend(filters);
        Ok(self.language.every(conditions))
    }

    /// Plans a tree; its documents may be of any sort.
    pub(crate) fn tree(&mut self, query: &Query) -> Result<L::Query, V::Error> {
        Ok(match query {
            Query::All => self.language.paragraphs(),
            Query::Word { text, .. } => {
                let stems = stems_from_first(text, &mut self.stemmer);
                self.language.side_by_side(Field::Stem, stems)
            }
            Query::Phrase { parts, within: None, .. }
                if parts.iter().all(|part| matches!(part, Part::Word(_))) =>
            {
                let words = parts.iter().filter_map(|part| match part {
                    Part::Word(word) => Some(words::fold(word)),
                    Part::AnyOf(_) | Part::Gap | Part::Wildcard(_) => None,
                });
                self.language.side_by_side(Field::Exact, words.enumerate().collect())
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
                self.language.either(parts?)
            }
            Query::And { clauses, .. } => {
                let (mut wanted, mut left_out) = (Vec::new(), Vec::new());
                for clause in clauses {
                    match clause {
                        Query::Not { clause, .. } => left_out.push(self.tree(clause)?),
                        clause => wanted.push(self.tree(clause)?),
                    }
                }
                if wanted.is_empty() {
                    wanted.push(self.language.paragraphs());
                }
                self.language.without(wanted, left_out)
            }
            Query::Or { clauses, .. } => {
                let parts: Result<Vec<_>, _> = clauses.iter().map(|c| self.tree(c)).collect();
                self.language.either(parts?)
            }
            Query::Not { clause, .. } => {
                let left_out = self.tree(clause)?;
                self.language.without(vec![self.language.paragraphs()], vec![left_out])
            }
        })
    }

    /// Plans a topic that a paragraph does not only deny; [`Filters::ABSENT`] for none at all.
    fn topic_affirmed(&self, topic: &str) -> Result<L::Query, V::Error> {
        let tagged = self.any_value(Attribute::Topic, &[topic.to_owned()])?;
        let wanted = words::key(topic);
        let denied = self.vocabulary.names(Attribute::Topic, &|id| words::key(id) == wanted)?;
        let denied = self.language.any_term(Field::Denied, denied);
        Ok(self.language.without(vec![tagged], vec![denied]))
    }

    /// Plans a shape of words by their positions; finds nothing for a tree without one.
    fn in_places(&mut self, query: &Query) -> Result<L::Query, V::Error> {
        Ok(match Shaped::of(query, &mut self.stemmer) {
            Some(shaped) => {
                let places = self.places(&shaped)?;
                self.language.in_places(places)
            }
            None => self.language.either(Vec::new()),
        })
    }

    /// Finds the terms of a shape of words.
    pub(crate) fn places(&mut self, shaped: &Shaped) -> Result<Places, V::Error> {
        let mut lists = Vec::with_capacity(shaped.leaves.len());
        for leaf in &shaped.leaves {
            lists.push(match leaf {
                Leaf::Stem(word) => (Field::Stem, vec![word.clone()]),
                Leaf::Exact(word) => (Field::Exact, vec![word.clone()]),
                Leaf::Denied => (Field::Negated, vec![Mark::DENIAL.to_owned()]),
                Leaf::Form(form, span) => (Field::Exact, self.words_of(form, *span)?),
            });
        }
        Ok(Places { shape: shaped.shape.clone(), lists })
    }

    /// The words that have this form.
    fn words_of(&mut self, form: &Form, span: Span) -> Result<Vec<String>, V::Error> {
        let fits = |word: &str| form.fits(word);
        let words = self.vocabulary.terms(Field::Exact, &form.prefix(), &fits, MAX_EXPANSIONS)?;
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

    fn field(&self, field: Attribute, value: &str) -> Result<L::Query, V::Error> {
        match field.form() {
            ValueForm::Grade => match value.parse() {
                Ok(filter) => self.grades(field, &[filter]),
                Err(_) => Ok(self.language.either(Vec::new())),
            },
            ValueForm::Name
            | ValueForm::OneOf
            | ValueForm::Names
            | ValueForm::Id
            | ValueForm::Headings
            | ValueForm::Day => self.any_value(field, &[value.to_owned()]),
            ValueForm::Number if Range::is_written(value) => {
                let range = Range::known(field, value);
                let holds = |number: &str| {
                    number.parse().is_ok_and(|number| range.is_some_and(|r| r.holds(number)))
                };
                let numbers = self.vocabulary.terms(Field::Number, "", &holds, usize::MAX - 1)?;
                Ok(self.language.any_term(Field::Number, numbers))
            }
            ValueForm::Number => Ok(self.language.any_term(Field::Number, vec![words::key(value)])),
            ValueForm::Pages => Ok(self.range(Field::Page, Range::known(field, value))),
        }
    }

    /// Plans a condition for any of some values, which are not grades.
    fn any_value(&self, attribute: Attribute, wanted: &[String]) -> Result<L::Query, V::Error> {
        match attribute.form() {
            ValueForm::Headings => self.sections(wanted),
            ValueForm::Id => {
                let is_wanted =
                    |id: &str| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(id));
                let ids = self.vocabulary.names(attribute, &is_wanted)?;
                Ok(self.language.any_term(Field::Value(attribute), ids))
            }
            ValueForm::Day => {
                let days = |value: &String| self.range(Field::Date, Range::known(attribute, value));
                Ok(self.language.either(wanted.iter().map(days).collect()))
            }
            _ => {
                let normal = |name: &String| attribute.normal(name).into_owned();
                self.named(attribute, &wanted.iter().map(normal).collect::<Vec<_>>())
            }
        }
    }

    /// Plans the conditions of filters, each with how it narrows an attribute.
    pub(crate) fn filters(&self, filters: &Filters) -> Result<Conditions<L::Query>, V::Error> {
        let mut conditions = Vec::new();
        for (attribute, choice) in filters.conditions() {
            let chosen = match (attribute, choice) {
                (Attribute::Topic, Choice::Names(topics)) if filters.without_denials => {
                    let topics = topics.iter().map(|topic| self.topic_affirmed(topic));
                    self.language.either(topics.collect::<Result<_, _>>()?)
                }
                _ => self.choice(attribute, choice)?,
            };
            conditions.push((Some(Narrowing::Chosen(attribute)), chosen));
        }
        for (attribute, choice) in filters.not.iter() {
            let left_out = self.choice(attribute, choice)?;
            let left = self.language.without(vec![self.language.paragraphs()], vec![left_out]);
            conditions.push((Some(Narrowing::Excluded(attribute)), left));
        }
        let Filters { from, to, undated, new_since, .. } = filters;
        if from.is_some() || to.is_some() {
            // A report without a date has the date 0, which is outside every range.
            let first = from.map_or(1, |from| day(Some(from)));
            let last = to.map_or(u64::MAX, |to| day(Some(to)));
            conditions.push((None, self.range(Field::Date, Some(Range { first, last }))));
        }
        if *undated {
            let none = Range { first: 0, last: 0 };
            conditions.push((None, self.language.range(Field::Date, none)));
        }
        if let Some(since) = new_since {
            let newer = Range { first: milliseconds(*since), last: u64::MAX };
            conditions.push((None, self.range(Field::FirstIndexed, Some(newer))));
        }
        Ok(conditions)
    }

    /// Plans a choice among the values of an attribute.
    fn choice(&self, attribute: Attribute, choice: &Choice) -> Result<L::Query, V::Error> {
        match choice {
            Choice::Grades(grades) => self.grades(attribute, grades),
            Choice::Kinds(kinds) => Ok(self.kinds(kinds)),
            Choice::Names(names) => self.any_value(attribute, names),
        }
    }

    fn named(&self, attribute: Attribute, wanted: &[String]) -> Result<L::Query, V::Error> {
        let wanted: Vec<String> = wanted.iter().map(|name| words::key(name)).collect();
        let is_wanted = |name: &str| wanted.contains(&words::key(name));
        let mut names = self.vocabulary.names(attribute, &is_wanted)?;
        if wanted.iter().any(|name| name == Filters::ABSENT) {
            names.push(String::new());
        }
        Ok(self.language.any_term(Field::Value(attribute), names))
    }

    fn kinds(&self, kinds: &[Kind]) -> L::Query {
        let names = kinds.iter().map(|kind| kind.name().to_owned()).collect();
        self.language.any_term(Field::Value(Attribute::Kind), names)
    }

    fn sections(&self, wanted: &[String]) -> Result<L::Query, V::Error> {
        let wanted: Vec<HeadingWords> =
            wanted.iter().map(|value| HeadingWords::new(value)).collect();
        let headings = self.vocabulary.headings()?.iter();
        let meant = headings.filter(|heading| wanted.iter().any(|one| one.stand_in(heading)));
        Ok(self.language.any_term(Field::Heading, meant.cloned().collect()))
    }

    fn grades(&self, attribute: Attribute, filters: &[GradeFilter]) -> Result<L::Query, V::Error> {
        let is_named = |name: &str| filters.iter().any(|filter| filter.names(name));
        let mut labels = self.vocabulary.names(attribute, &is_named)?;
        let mut ranks = Vec::new();
        for filter in filters {
            match filter {
                GradeFilter::Label(_) | GradeFilter::Exactly(_) => {}
                GradeFilter::Ranks { best, worst } => {
                    ranks.extend((*best..=*worst).map(u64::from));
                }
                GradeFilter::None => labels.push(String::new()),
            }
        }
        let labels = self.language.any_term(Field::Value(attribute), labels);
        if ranks.is_empty() {
            return Ok(labels);
        }
        let ranks = self.language.any_number(Field::Rank(attribute), ranks);
        Ok(self.language.either(vec![labels, ranks]))
    }

    fn range(&self, field: Field, range: Option<Range>) -> L::Query {
        match range.filter(|range| range.first <= range.last) {
            Some(range) => self.language.range(field, range),
            None => self.language.either(Vec::new()),
        }
    }
}
