//! What the benches ask for: words by how frequent they are, phrases that occur, and the requests made
//! of them.

use crate::corpus::{Corpus, PHRASE, Random};
use findings_index::language::query::{self, GradeFilter};
use findings_index::language::words;
use findings_index::records::Attribute;
use findings_index::request::{Filters, SearchRequest};
use std::error::Error;

/// Hits on a page.
pub(crate) const PAGE: usize = 10;

/// As many words and phrases of each kind as there are to be questions.
pub(crate) struct Drawn<'c> {
    pub(crate) common: Vec<&'c str>,
    pub(crate) frequent: Vec<&'c str>,
    pub(crate) middling: Vec<&'c str>,
    pub(crate) rare: Vec<&'c str>,
    pub(crate) phrases: Vec<String>,
}

impl<'c> Drawn<'c> {
    pub(crate) fn new(corpus: &'c Corpus, number: usize) -> Self {
        let mut random = Random::new(7, 0);
        let mut ranks = |first: usize, behind: usize| -> Vec<&'c str> {
            let mut draw = || corpus.word(first + random.below(behind - first));
            (0..number).map(|_| draw()).collect()
        };
        let (common, frequent) = (ranks(40, 400), ranks(40, 400));
        let (middling, rare) = (ranks(400, 3_000), ranks(5_000, 20_000));
        Self { common, frequent, middling, rare, phrases: phrases(corpus, number) }
    }
}

/// Phrases of two or three words that are adjacent somewhere, and the phrase that was put in.
fn phrases(corpus: &Corpus, number: usize) -> Vec<String> {
    let mut random = Random::new(11, 0);
    let mut phrases = vec![PHRASE.to_owned()];
    for (_, paragraphs) in corpus.reports() {
        let paragraph = &paragraphs[random.below(paragraphs.len())];
        let words = words::exact(&paragraph.text);
        let length = 2 + random.below(2);
        let at = random.below(words.len() - length);
        phrases.push(words[at..at + length].join(" "));
        if phrases.len() >= number {
            break;
        }
    }
    phrases
}

/// The first page of what a query finds.
pub(crate) fn plain(text: &str) -> Result<SearchRequest, Box<dyn Error>> {
    let query = query::parse(text)?.query;
    Ok(SearchRequest { query, limit: PAGE, ..SearchRequest::default() })
}

pub(crate) fn quoted(phrase: &str) -> Result<SearchRequest, Box<dyn Error>> {
    plain(&format!("\"{phrase}\""))
}

/// What a query finds in reports of one framework, in sections of one grade.
pub(crate) fn filtered(text: &str) -> Result<SearchRequest, Box<dyn Error>> {
    let filters = Filters::of(Attribute::Grade, vec!["inadequate".parse::<GradeFilter>()?])
        .with(Attribute::Framework, vec!["ilacs".to_owned()]);
    Ok(SearchRequest { filters, ..plain(text)? })
}
