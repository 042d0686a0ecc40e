//! The queries that are timed, each as a request and as tantivy's own query and collectors.

use crate::corpus::Corpus;
use crate::requests::{self, Drawn, PAGE, plain, quoted};
use crate::schema::{self, Fields, doc};
use findings_index::language::words::{self, Stemmer};
use findings_index::records::Attribute;
use findings_index::request::{SearchRequest, Sort};
use std::error::Error;
use std::fs;
use std::path::Path;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector, AggregationLimitsGuard};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocAddress, Index, Order, Searcher, TantivyDocument};

/// Queries in a class.
const QUERIES: usize = 40;

/// One query for both sides.
pub(crate) struct Pair {
    pub(crate) request: SearchRequest,
    query: Box<dyn Query>,
    answer: Answer,
}

/// Queries of one kind, with its name.
pub(crate) type Class = (&'static str, Vec<Pair>);

/// What tantivy collects.
#[derive(Clone)]
enum Answer {
    Best,
    Newest,
    Counts(Aggregations),
}

/// tantivy on the index that our writer made.
pub(crate) struct Tantivy {
    searcher: Searcher,
    fields: Fields,
}

impl Tantivy {
    pub(crate) fn open(dir: &Path) -> Result<Self, Box<dyn Error>> {
        // The engine's files are in a separate folder next to the lock.
        let inner = fs::read_dir(dir)?
            .filter_map(|entry| entry.map(|entry| entry.path()).ok())
            .find(|path| path.join("meta.json").is_file())
            .ok_or("our writer left no index of tantivy")?;
        let (_, fields) = schema::schema();
        let searcher = Index::open_in_dir(inner)?.reader()?.searcher();
        Ok(Self { searcher, fields })
    }

    pub(crate) fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    /// Fetches the best hits and returns the count of all matches.
    pub(crate) fn search(&self, pair: &Pair) -> Result<usize, Box<dyn Error>> {
        let best = || TopDocs::with_limit(PAGE).order_by_score();
        match &pair.answer {
            Answer::Best => {
                let (found, count) = self.searcher.search(&pair.query, &(best(), Count))?;
                self.fetch(found.into_iter().map(|(_, address)| address))?;
                Ok(count)
            }
            Answer::Newest => {
                let newest =
                    TopDocs::with_limit(PAGE).order_by_fast_field::<u64>(schema::DATE, Order::Desc);
                let (found, count) = self.searcher.search(&pair.query, &(newest, Count))?;
                self.fetch(found.into_iter().map(|(_, address)| address))?;
                Ok(count)
            }
            Answer::Counts(counts) => {
                let context = AggContextParams::new(
                    AggregationLimitsGuard::default(),
                    self.searcher.index().tokenizers().clone(),
                );
                let counts = AggregationCollector::from_aggs(counts.clone(), context);
                let all = (best(), Count, counts);
                let (found, count, _) = self.searcher.search(&pair.query, &all)?;
                self.fetch(found.into_iter().map(|(_, address)| address))?;
                Ok(count)
            }
        }
    }

    fn fetch(&self, found: impl Iterator<Item = DocAddress>) -> Result<(), Box<dyn Error>> {
        for address in found {
            std::hint::black_box(self.searcher.doc::<TantivyDocument>(address)?);
        }
        Ok(())
    }

    fn word(&self, word: &str) -> Box<dyn Query> {
        let mut stem = words::fold(word);
        Stemmer::default().stem_in_place(&mut stem);
        let term = Term::from_field_text(self.fields.stem, &stem);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    }

    fn phrase(&self, phrase: &str) -> Box<dyn Query> {
        let words = words::exact(phrase);
        let terms = words.iter().map(|word| Term::from_field_text(self.fields.exact, word));
        Box::new(PhraseQuery::new(terms.collect()))
    }

    fn value(&self, facet: Attribute, value: &str) -> Box<dyn Query> {
        let term = Term::from_field_text(self.fields.value(facet), value);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
    }
}

fn counts_of(facets: &[Attribute]) -> Result<Aggregations, serde_json::Error> {
    let terms = |facet: &Attribute| {
        let column = facet.name();
        let terms = serde_json::json!({"terms": {"field": column, "size": 1000}});
        (column.to_owned(), terms)
    };
    serde_json::from_value(facets.iter().map(terms).collect())
}

fn both(left: Box<dyn Query>, right: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(vec![left, right]))
}

/// All classes of queries.
pub(crate) fn classes(corpus: &Corpus, engine: &Tantivy) -> Result<Vec<Class>, Box<dyn Error>> {
    let Drawn { common, frequent, middling, rare, phrases } = Drawn::new(corpus, QUERIES);
    let facets = [Attribute::Grade, Attribute::Authority];
    let counts = counts_of(&facets)?;
    let authorities = counts_of(&[Attribute::Authority])?;

    let pair = |request, query, answer| Pair { request, query, answer };
    let word = |word: &&str| Ok(pair(plain(word)?, engine.word(word), Answer::Best));
    let term = |words: &[&str]| words.iter().map(word).collect::<Result<Vec<_>, Box<dyn Error>>>();

    let phrase = phrases
        .iter()
        .map(|phrase| Ok(pair(quoted(phrase)?, engine.phrase(phrase), Answer::Best)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let boolean = (0..QUERIES)
        .map(|at| {
            let (a, b, c, d) = (common[at], frequent[at], middling[at], rare[at]);
            let clauses: Vec<(Occur, Box<dyn Query>)> = vec![
                (Occur::Must, engine.word(a)),
                (Occur::Must, Box::new(BooleanQuery::union(vec![engine.word(b), engine.word(c)]))),
                (Occur::MustNot, engine.word(d)),
            ];
            let request = plain(&format!("{a} ({b} OR {c}) NOT {d}"))?;
            Ok(pair(request, Box::new(BooleanQuery::new(clauses)), Answer::Best))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let any = (0..QUERIES)
        .map(|at| {
            let (a, b) = (common[at], middling[at]);
            let union = BooleanQuery::union(vec![engine.word(a), engine.word(b)]);
            let request = plain(&format!("{a} OR {b}"))?;
            Ok(pair(request, Box::new(union), Answer::Best))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let phrase_and_facets = phrases
        .iter()
        .map(|phrase| {
            let request = SearchRequest { facets: facets.to_vec(), ..quoted(phrase)? };
            let counts = Answer::Counts(counts.clone());
            Ok(pair(request, engine.phrase(phrase), counts))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let filtered = common
        .iter()
        .map(|word| {
            let request = requests::filtered(word)?;
            let grade = engine.value(Attribute::Grade, "Inadequate");
            let framework = engine.value(Attribute::Framework, "ilacs");
            let query = both(both(engine.word(word), grade), framework);
            Ok(pair(request, query, Answer::Best))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let newest = common
        .iter()
        .map(|word| {
            let request = SearchRequest { sort: Sort::Date, ..plain(word)? };
            Ok(pair(request, engine.word(word), Answer::Newest))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let grouped = common
        .iter()
        .map(|word| {
            let request = SearchRequest { group: Some(Attribute::Authority), ..plain(word)? };
            let authorities = Answer::Counts(authorities.clone());
            Ok(pair(request, engine.word(word), authorities))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    let everything = vec![pair(
        SearchRequest { facets: facets.to_vec(), ..plain("*")? },
        {
            let term = Term::from_field_text(engine.fields.doc, doc::PARAGRAPH);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        },
        Answer::Counts(counts.clone()),
    )];
    Ok(vec![
        ("common term", term(&common)?),
        ("rare term", term(&rare)?),
        ("any of two terms", any),
        ("a AND (b OR c) NOT d", boolean),
        ("phrase", phrase),
        ("phrase, two facets", phrase_and_facets),
        ("common term, two filters", filtered),
        ("common term by date", newest),
        ("common term by authority", grouped),
        ("everything, two facets", everything),
    ])
}
