//! Questions drawn at random, about words and values that a corpus has.

use super::Question;
use crate::engine::{Engine, SearchError, all_reports, paragraphs_of};
use crate::language::query::{Query, Span, parse};
use crate::language::words;
use crate::records::{Attribute, Kind, ReportRecord, Use};
use crate::request::compare::CompareRequest;
use crate::request::terms::{TermSet, TermsRequest};
use crate::request::{Deadline, Filters, HitsRequest, SearchRequest, SimilarRequest, Sort};

/// How many reports words are drawn from.
const REPORTS: usize = 40;

/// Draws questions. The same seed and corpus give the same ones.
#[derive(Debug)]
pub struct Questions {
    random: Random,
    /// The words of some paragraphs, in their order, with their ids.
    texts: Vec<(String, Vec<String>)>,
    values: Vec<(Attribute, Vec<String>)>,
    reports: Vec<ReportRecord>,
}

/// A small generator of numbers (Marsaglia 2003, "Xorshift RNGs").
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 11) % end).unwrap_or(0)
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn of<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        items.get(self.below(items.len()))
    }
}

impl Questions {
    /// Prepares to draw questions about a corpus.
    ///
    /// # Errors
    /// Those of [`Engine::reports`].
    pub fn about(engine: &dyn Engine, seed: u64) -> Result<Self, SearchError> {
        let never = Deadline::never();
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..20 {
            random.below(2);
        }
        let reports = all_reports(engine, &Filters::default(), &never)?;
        let mut texts = Vec::new();
        for _ in 0..REPORTS.min(reports.len()) {
            let Some(report) = random.of(&reports) else { break };
            for paragraph in paragraphs_of(engine, &report.id, &never)? {
                let words = words::scan(&paragraph.text).map(|word| word.raw.to_owned());
                texts.push((paragraph.id, words.collect()));
            }
        }
        let mut values = Vec::new();
        for attribute in Attribute::of(Use::Facet) {
            values.push((attribute, engine.values(attribute)?));
        }
        Ok(Self { random, texts, values, reports })
    }

    /// The words of a random place, at most so many.
    fn words(&mut self, most: usize) -> Vec<String> {
        for _ in 0..50 {
            let Some((_, words)) = self.random.of(&self.texts) else { break };
            if words.len() < most {
                continue;
            }
            let from = self.random.below(words.len() - most + 1);
            return words[from..from + most].to_vec();
        }
        vec!["the".to_owned(); most]
    }

    fn word(&mut self) -> String {
        let mut word = self.words(1).pop().unwrap_or_default();
        // Most questions are about words that say something.
        for _ in 0..3 {
            if word.chars().count() > 3 {
                break;
            }
            word = self.words(1).pop().unwrap_or_default();
        }
        match word.to_lowercase().as_str() {
            "and" | "or" | "not" | "near" => "children".to_owned(),
            _ => word,
        }
    }

    fn phrase(&mut self) -> String {
        let length = 2 + self.random.below(3);
        let words = self.words(length);
        match self.random.below(6) {
            0 if length > 2 => format!("\"{} * {}\"", words[0], words[2..].join(" ")),
            1 => {
                let other = self.word();
                let rest = words[1..].join(" ");
                format!("\"({}|{other}) {rest}\"", words[0])
            }
            2 => {
                let others = self.random.below(6);
                let mut words = words;
                words.swap(0, length - 1);
                format!("\"{}\"~{others}", words.join(" "))
            }
            3 => {
                let cut: String = words[0].chars().take(4).collect();
                format!("\"{cut}* {}\"", words[1..].join(" "))
            }
            _ => format!("\"{}\"", words.join(" ")),
        }
    }

    fn near(&mut self) -> String {
        let operator = if self.random.one_in(3) { "ONEAR" } else { "NEAR" };
        let within = 1 + self.random.below(12);
        let operands = 2 + usize::from(self.random.one_in(2)) + usize::from(self.random.one_in(6));
        let words = self.words(operands * 3);
        let operands = (0..operands).map(|at| match self.random.below(6) {
            0 => format!("\"{} {}\"", words[at * 3], words[at * 3 + 1]),
            1 => format!("({} OR {})", words[at * 3], words[at * 3 + 1]),
            _ => words[at * 3].clone(),
        });
        let operands: Vec<String> = operands.collect();
        operands.join(&format!(" {operator}/{within} "))
    }

    /// A condition on an attribute, as it is written in a query.
    fn condition(&mut self) -> Option<String> {
        let (attribute, values) = self.random.of(&self.values)?.clone();
        let value = self.random.of(&values)?.clone();
        let value = match attribute {
            Attribute::Section => value.rsplit(" › ").next().unwrap_or_default().to_owned(),
            _ => value,
        };
        Some(format!("{}:\"{}\"", attribute.name(), value.replace(['"', '\\'], " ")))
    }

    fn clause(&mut self, depth: usize) -> String {
        match self.random.below(if depth == 0 { 12 } else { 17 }) {
            0..=3 => self.word(),
            4 | 5 => self.phrase(),
            6 => {
                let cut: String = self.word().chars().take(5).collect();
                format!("{cut}*")
            }
            7 => format!("{}~", self.word()),
            8 => self.near(),
            9 => format!("{}^{}", self.word(), 1 + self.random.below(4)),
            10 => {
                let word = self.word();
                self.condition().unwrap_or(word)
            }
            11 => self.words(2).join(" "),
            12 | 13 => {
                format!("({} OR {})", self.clause(depth - 1), self.clause(depth - 1))
            }
            14 => format!("({} {})", self.clause(depth - 1), self.clause(depth - 1)),
            15 => format!("({} NOT {})", self.clause(depth - 1), self.clause(depth - 1)),
            _ => format!("({} NOT ({}))", self.clause(depth - 1), self.near()),
        }
    }

    fn query(&mut self) -> Query {
        for _ in 0..50 {
            let depth = self.random.below(3);
            let mut text = self.clause(depth);
            if self.random.one_in(3) {
                text = format!("{text} {}", self.clause(0));
            }
            let Ok(parsed) = parse(&text) else { continue };
            if parsed.query.check_limits().is_err() {
                continue;
            }
            let query = parsed.query;
            return if self.random.one_in(6) { self.widened(query) } else { query };
        }
        Query::All
    }

    /// The query with synonyms for one more word.
    fn widened(&mut self, query: Query) -> Query {
        let span = Span::default();
        let word = |text: String| Query::Word { text, span };
        let clause = Box::new(word(self.word()));
        let also =
            (0..1 + self.random.below(3)).map(|_| self.words(2).join(" ")).map(word).collect();
        let expanded = Query::Expanded { clause, also, span };
        let clauses = vec![query, expanded];
        match self.random.one_in(2) {
            true => Query::And { clauses, span },
            false => Query::Or { clauses, span },
        }
    }

    fn filters(&mut self) -> Filters {
        let mut filters = Filters::default();
        for _ in 0..self.random.below(3) {
            let Some((attribute, values)) = self.random.of(&self.values).cloned() else { break };
            let mut add = |choose: &mut Self, is_excluded: bool| {
                let Some(value) = choose.random.of(&values).cloned() else { return };
                let value = match attribute {
                    Attribute::Section => value.rsplit(" › ").next().unwrap_or_default().to_owned(),
                    _ => value,
                };
                let added = match is_excluded {
                    true => filters.not.add(attribute, &value),
                    false => filters.add(attribute, &value),
                };
                // Not every value can be asked for; the others are.
                let _ = added;
            };
            let is_excluded = self.random.one_in(3);
            add(self, is_excluded);
            if self.random.one_in(2) {
                add(self, is_excluded);
            }
        }
        if self.random.one_in(6)
            && let Some(report) = self.random.of(&self.reports)
        {
            filters.from = report.date();
        }
        filters.without_denials = self.random.one_in(5);
        filters
    }

    fn facets(&mut self, most: usize) -> Vec<Attribute> {
        let all: Vec<Attribute> = Attribute::of(Use::Facet).collect();
        let mut facets = Vec::new();
        for _ in 0..self.random.below(most + 1) {
            let Some(facet) = self.random.of(&all) else { break };
            if !facets.contains(facet) {
                facets.push(*facet);
            }
        }
        facets
    }

    fn search(&mut self) -> SearchRequest {
        let query = if self.random.one_in(20) { Query::All } else { self.query() };
        let filters = self.filters();
        let mut facets = self.facets(5);
        // What is chosen is what is looked at.
        for (attribute, _) in filters.conditions().chain(filters.not.iter()) {
            if attribute.serves(Use::Facet) && !facets.contains(&attribute) {
                facets.push(attribute);
            }
        }
        let groups: Vec<Attribute> = Attribute::of(Use::Group).collect();
        let group = if self.random.one_in(5) { self.random.of(&groups).copied() } else { None };
        let sort = match self.random.below(8) {
            0 => Sort::Date,
            1 => Sort::Authority,
            2 => Sort::Changed,
            _ => Sort::Relevance,
        };
        SearchRequest {
            query,
            filters,
            facets,
            group,
            sort,
            limit: [0, 5, 10, 50][self.random.below(4)],
            offset: [0, 0, 0, 7, 100][self.random.below(5)],
            collapse: self.random.one_in(2),
            closest: self.random.one_in(3),
            explain: self.random.one_in(6),
            ..SearchRequest::default()
        }
    }

    fn compare(&mut self) -> CompareRequest {
        let dimensions: Vec<Attribute> = Attribute::of(Use::Dimension).collect();
        let first = self.random.of(&dimensions).copied().unwrap_or(Attribute::Authority);
        let second = self.random.of(&dimensions).copied().filter(|second| *second != first);
        let second = second.filter(|_| self.random.one_in(3));
        let mut filters = self.filters();
        filters.clear(Attribute::Kind);
        CompareRequest {
            query: self.query(),
            filters,
            include: if self.random.one_in(4) { vec![Kind::Context] } else { Vec::new() },
            by: [first].into_iter().chain(second).collect(),
            candidates: [0, 0, 3, 8][self.random.below(4)],
        }
    }
}

impl Iterator for Questions {
    type Item = Question;

    /// Draws the next question; there is always one more.
    fn next(&mut self) -> Option<Question> {
        Some(match self.random.below(40) {
            0..=24 => Question::Search(Box::new(self.search())),
            25..=30 => Question::Compare(Box::new(self.compare())),
            31..=33 => {
                let sort = *self.random.of(&Sort::ALL)?;
                let (query, filters) = (self.query(), self.filters());
                let limit = 50 + self.random.below(400);
                Question::Hits(Box::new(HitsRequest { query, filters, sort, limit, after: None }))
            }
            34 | 35 => {
                let id = self.random.of(&self.texts)?.0.clone();
                let (filters, elsewhere) = (self.filters(), self.random.one_in(2));
                Question::Similar(Box::new(SimilarRequest {
                    id,
                    filters,
                    elsewhere,
                    ..SimilarRequest::default()
                }))
            }
            36 => {
                let mut set = || TermSet { query: self.query(), filters: self.filters() };
                let sets = [set(), set()];
                Question::Terms(Box::new(TermsRequest { sets, ..TermsRequest::default() }))
            }
            37 => {
                let report = self.random.of(&self.reports)?.id.clone();
                let mut filters = Filters::of(Attribute::Report, vec![report]);
                filters.without_denials = false;
                Question::Paragraphs(Box::new(filters))
            }
            38 => {
                let mut filters = self.filters();
                filters.clear(Attribute::Kind);
                filters.not.clear(Attribute::Kind);
                Question::Reports(Box::new(filters))
            }
            _ if self.random.one_in(3) => {
                let facets: Vec<Attribute> = Attribute::of(Use::Facet).collect();
                Question::Values(*self.random.of(&facets)?)
            }
            _ => {
                let word = self.word();
                let mistyped: String = word.chars().rev().skip(1).chain(['q']).collect();
                let text = format!("{word} {mistyped} {}x", self.word());
                let query = parse(&text).map_or(Query::All, |parsed| parsed.query);
                Question::Unheld(Box::new(query))
            }
        })
    }
}
