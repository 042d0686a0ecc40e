//! The words that tell what a paragraph is about, and the trees that find others with them.

use crate::engine::SearchError;
use crate::language::grammar::is_function_word;
use crate::language::query::{Query, Span};
use crate::language::words::{self, Stemmer};
use crate::ranking::distinctiveness;
use crate::records::{Attribute, ParagraphRecord};
use crate::request::{SearchRequest, SimilarRequest};
use rustc_hash::FxHashMap;

/// The number of words used to describe what a paragraph is about.
const TELLING: usize = 25;

/// The words that distinguish a text from others: frequent in it, rare elsewhere.
///
/// `frequency` gives for each stem the number of paragraphs that contain it, of `paragraphs` in
/// all.
///
/// # Errors
/// That of `frequency`.
pub(crate) fn telling_words(
    text: &str,
    frequency: impl FnOnce(&[String]) -> Result<Vec<u64>, SearchError>,
    paragraphs: u64,
) -> Result<Vec<String>, SearchError> {
    let mut stemmer = Stemmer::default();
    let mut times: FxHashMap<String, (usize, String)> = FxHashMap::default();
    for word in words::scan(text).filter(|word| !word.possessive) {
        let is_number = word.raw.chars().all(|c| c.is_ascii_digit());
        if is_number || is_function_word(word.raw) {
            continue;
        }
        let mut stem = words::fold(word.raw);
        stemmer.stem_in_place(&mut stem);
        times.entry(stem).or_insert_with(|| (0, word.raw.to_lowercase())).0 += 1;
    }
    let (stems, times): (Vec<String>, Vec<(usize, String)>) = times.into_iter().unzip();
    let mut weighed: Vec<(f64, String)> = times
        .into_iter()
        .zip(frequency(&stems)?)
        .map(|((times, word), held)| (distinctiveness(times, held, paragraphs), word))
        .collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    weighed.truncate(TELLING);
    Ok(weighed.into_iter().map(|(_, word)| word).collect())
}

/// The search whose tree ranks and marks the paragraphs that share any of these words.
pub(crate) fn search(request: &SimilarRequest, words: &[String]) -> SearchRequest {
    let span = Span::default();
    let clauses = words.iter().map(|text| Query::Word { text: text.clone(), span }).collect();
    SearchRequest {
        query: Query::Or { clauses, span },
        filters: request.filters.clone(),
        explain: request.explain,
        collapse: true,
        ..SearchRequest::default()
    }
}

/// The same tree without the paragraphs of the authority of a paragraph's report, or of the report
/// if it has none.
pub(crate) fn elsewhere(
    tree: &Query,
    paragraph: &ParagraphRecord,
    authority: Option<String>,
) -> Query {
    let span = Span::default();
    let (field, value) = match authority {
        Some(authority) => (Attribute::Authority, authority),
        None => (Attribute::Report, paragraph.report.clone()),
    };
    let own = Query::Field { field, value, span };
    let not_own = Query::Not { clause: Box::new(own), span };
    Query::And { clauses: vec![tree.clone(), not_own], span }
}
