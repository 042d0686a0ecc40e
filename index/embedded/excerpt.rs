//! A few paragraphs of a larger index, in memory, matched and scored as they would be in the whole.
//!
//! For engines that keep paragraphs elsewhere: which of these a tree finds, and how relevant each is,
//! is decided here by the same code and to the last bit, given how often words occur in the whole.

use crate::embedded::plan::{self, Queries};
use crate::embedded::rank::Ranking;
use crate::embedded::store::open::ReadError;
use crate::embedded::store::schema::{self, Fields};
pub(crate) use crate::embedded::store::schema::{Marks, pages};
use crate::embedded::store::values::Values;
use crate::engine::SearchError;
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::planning::{Field, Planner, Vocabulary};
use crate::ranking::ExpansionFrequency;
use crate::records::{Attribute, ParagraphRecord, ReportHead};
use crate::request::{Deadline, Explanation};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::directory::RamDirectory;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query as _};
use tantivy::schema::Term;
use tantivy::{DocId, Index, ReloadPolicy, Searcher, SegmentReader, TantivyError};

/// Memory for making the index, in bytes: it is given back at once.
const MEMORY: usize = 64 << 20;

/// How often each term of a text field occurs in the whole: in how many paragraphs.
pub(crate) type Frequencies = FxHashMap<(Field, String), u64>;

/// What must be known of the whole.
pub(crate) struct Whole<'w> {
    /// Number of paragraphs.
    pub(crate) paragraphs: u64,
    /// Number of words in them.
    pub(crate) words: u64,
    /// All words, as written and folded, in order.
    pub(crate) vocabulary: &'w [String],
}

/// The paragraphs.
pub(crate) struct Excerpt<'w> {
    whole: &'w Whole<'w>,
    fields: Fields,
    searcher: Searcher,
    headings: OnceCell<Vec<String>>,
}

/// The scores of the paragraphs of an excerpt for one tree.
pub(crate) struct Scores<'e> {
    ranking: Ranking,
    reader: &'e SegmentReader,
}

/// The words of `all`, which is in order, that have a prefix and pass a test, at most one more than
/// `most`.
pub(crate) fn words_with(
    all: &[String],
    prefix: &str,
    accepts: &dyn Fn(&str) -> bool,
    most: usize,
) -> Vec<String> {
    let first = all.partition_point(|word| word.as_str() < prefix);
    let held = all[first..].iter().take_while(|word| word.starts_with(prefix));
    held.filter(|word| accepts(word)).take(most.saturating_add(1)).cloned().collect()
}

/// Frequencies that are noted rather than known.
struct Noted {
    fields: Fields,
    wanted: Mutex<BTreeSet<Term>>,
}

/// Frequencies in the whole.
struct Known<'k> {
    fields: Fields,
    paragraphs: u64,
    words: u64,
    frequencies: &'k Frequencies,
}

/// The text field of a term.
fn field_of(fields: &Fields, term: &Term) -> Field {
    match term.field() {
        field if field == fields.stem => Field::Stem,
        field if field == fields.exact => Field::Exact,
        _ => Field::Negated,
    }
}

fn text_of(term: &Term) -> String {
    term.value().as_str().unwrap_or_default().to_owned()
}

impl Bm25StatisticsProvider for Noted {
    fn total_num_tokens(&self, _: tantivy::schema::Field) -> tantivy::Result<u64> {
        Ok(1)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(1)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(term.clone());
        // What is possible in all of them is looked at in full.
        Ok(1)
    }
}

impl Bm25StatisticsProvider for Known<'_> {
    fn total_num_tokens(&self, _: tantivy::schema::Field) -> tantivy::Result<u64> {
        Ok(self.words.max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.paragraphs.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let known = (field_of(&self.fields, term), text_of(term));
        let frequency = self.frequencies.get(&known).copied();
        let missing = || TantivyError::InternalError(format!("frequency of {known:?} is unknown"));
        Ok(frequency.ok_or_else(missing)?.min(self.total_num_docs()?))
    }
}

impl<'w> Excerpt<'w> {
    /// Makes an excerpt of these paragraphs.
    pub(crate) fn new<'p>(
        whole: &'w Whole<'w>,
        paragraphs: impl Iterator<Item = (&'p ParagraphRecord, &'p ReportHead)>,
    ) -> Result<Self, SearchError> {
        let (schema, fields) = schema::schema();
        let mut writer = Index::builder()
            .schema(schema)
            .settings(schema::settings())
            .tokenizers(schema::tokenizers())
            .single_segment_index_writer(RamDirectory::create(), MEMORY)?;
        for (paragraph, head) in paragraphs {
            let document = schema::paragraph_document(&fields, head, paragraph, 0);
            writer.add_document(document.map_err(ReadError::Record)?)?;
        }
        let index: Index = writer.finalize()?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { whole, fields, searcher: reader.searcher(), headings: OnceCell::new() })
    }

    fn planner(&self, deadline: &Deadline) -> Planner<'_, Queries, Self> {
        Planner::new(Queries { fields: self.fields, deadline: deadline.clone() }, self)
    }

    /// The only segment; none if there are no paragraphs, since sets of documents do not work on an
    /// empty one.
    fn segment(&self) -> Option<&SegmentReader> {
        self.searcher.segment_readers().first().filter(|segment| segment.max_doc() > 0)
    }

    /// Which of the paragraphs a tree finds, by their numbers, in order.
    pub(crate) fn matches(
        &self,
        query: &Query,
        deadline: &Deadline,
    ) -> Result<Vec<usize>, SearchError> {
        let Some(segment) = self.segment() else { return Ok(Vec::new()) };
        let planned = self.planner(deadline).search(query, Vec::new())?;
        let weight = planned.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut found = Vec::new();
        weight.for_each_no_score(segment, &mut |docs| {
            found.extend(docs.iter().map(|doc| *doc as usize));
        })?;
        SearchError::in_time(deadline)?;
        Ok(found)
    }

    /// Prepares the scores for a tree. `expansions` has one item for each of
    /// [`expanded`](crate::ranking::expanded); `frequencies` has all of [`wanted`].
    pub(crate) fn scores(
        &self,
        query: &Query,
        asked: &Asked,
        expansions: &[ExpansionFrequency],
        frequencies: &Frequencies,
        deadline: &Deadline,
    ) -> Result<Option<Scores<'_>>, SearchError> {
        let Some(reader) = self.segment() else { return Ok(None) };
        let Whole { paragraphs, words, .. } = *self.whole;
        let known = Known { fields: self.fields, paragraphs, words, frequencies };
        let kinds = Arc::new(Values::read(&self.searcher, Attribute::Kind)?);
        let mut planner = self.planner(deadline);
        let ranking = Ranking::new(query, asked, &mut planner, expansions, kinds, &known)?;
        Ok(Some(Scores { ranking, reader }))
    }
}

impl Scores<'_> {
    /// The score of each of these paragraphs, which are in order, before it is settled.
    pub(crate) fn of(&self, paragraphs: &[usize]) -> Result<Vec<f32>, SearchError> {
        let mut ranking = self.ranking.for_segment(0, self.reader)?;
        Ok(docs(paragraphs).map(|doc| ranking.score(doc)).collect())
    }

    /// Why each of these paragraphs, which are in order, has its score.
    pub(crate) fn explain(&self, paragraphs: &[usize]) -> Result<Vec<Explanation>, SearchError> {
        let docs: Vec<DocId> = docs(paragraphs).collect();
        Ok(self.ranking.explain(0, self.reader, &docs)?)
    }
}

fn docs(paragraphs: &[usize]) -> impl Iterator<Item = DocId> {
    paragraphs.iter().map(|number| DocId::try_from(*number).unwrap_or(DocId::MAX))
}

/// The terms whose frequencies in the whole decide the scores for a tree.
pub(crate) fn wanted(
    whole: &Whole<'_>,
    query: &Query,
    asked: &Asked,
    expansions: usize,
) -> Result<Vec<(Field, String)>, SearchError> {
    let nothing = Excerpt::new(whole, std::iter::empty())?;
    let deadline = Deadline::never();
    let noted = Noted { fields: nothing.fields, wanted: Mutex::default() };
    let expansions = vec![ExpansionFrequency { any: 1, spelt: 1 }; expansions];
    let kinds = Arc::new(Values::read(&nothing.searcher, Attribute::Kind)?);
    Ranking::new(query, asked, &mut nothing.planner(&deadline), &expansions, kinds, &noted)?;
    let wanted = noted.wanted.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(wanted.iter().map(|term| (field_of(&noted.fields, term), text_of(term))).collect())
}

impl Vocabulary for Excerpt<'_> {
    type Error = SearchError;

    fn names(
        &self,
        attribute: Attribute,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, SearchError> {
        let column = Values::read(&self.searcher, attribute)?;
        let names = column.names.into_iter().filter(|name| !name.is_empty() && accepts(name));
        Ok(names.collect())
    }

    fn headings(&self) -> Result<&[String], SearchError> {
        if let Some(held) = self.headings.get() {
            return Ok(held);
        }
        let read = self.local_terms(Field::Heading)?;
        Ok(self.headings.get_or_init(|| read))
    }

    fn terms(
        &self,
        field: Field,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<String>, SearchError> {
        Ok(match field {
            // A wildcard is weighed by all words that it stands for.
            Field::Exact => words_with(self.whole.vocabulary, prefix, accepts, most),
            field => words_with(&self.local_terms(field)?, prefix, accepts, most),
        })
    }
}

impl Excerpt<'_> {
    /// The terms of a field in these paragraphs, in order.
    fn local_terms(&self, field: Field) -> Result<Vec<String>, SearchError> {
        let Some(segment) = self.segment() else { return Ok(Vec::new()) };
        let index = segment.inverted_index(plan::field_of(&self.fields, field))?;
        let mut stream = index.terms().stream().map_err(TantivyError::from)?;
        let mut terms = Vec::new();
        while stream.advance() {
            terms.push(String::from_utf8_lossy(stream.key()).into_owned());
        }
        Ok(terms)
    }
}
