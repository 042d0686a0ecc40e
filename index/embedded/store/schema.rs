//! How reports, paragraphs and the ledger are stored in the engine's index.
//!
//! All are documents of one index, so that one commit makes all of them visible: paragraphs,
//! reports (the record and the short head that hits show), one document of state (the ledger and
//! the table of reports held), one of what was learned (the taxonomy and the acronyms) and one of
//! the tables of authorities. Every
//! document has every column, which lets the engine keep columns dense; an empty string or 0 means
//! no value. Only the columns of grade ranks have gaps: a 0 in them would be found.

use crate::language::alike;
use crate::language::negation::{Mark, Negations, Rules, Sense};
use crate::language::words::{self, Stemmer, Word};
use crate::records::day::day;
use crate::records::moment::milliseconds;
use crate::records::{
    Attribute, BELOW, Grade, Kind, ParagraphRecord, ReportHead, ReportRecord, Value,
};
use std::borrow::Cow;
#[cfg(feature = "opensearch")]
use std::collections::BTreeSet;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, IndexSettings, TantivyDocument};

/// How many attributes there are.
const ATTRIBUTES: usize = Attribute::ALL.len();

/// Column: the report's date as a number, yyyymmdd; 0 if it has none.
pub(crate) const DATE: &str = "date";
/// Column: the paragraph's place in its report.
pub(crate) const ORDER: &str = "order";
/// Column: the exact number of words in the paragraph's text; the engine's own lengths are rounded.
pub(crate) const WORDS: &str = "words";
/// Column: the place of the section's grade on its scale; no value if there is none.
pub(crate) const GRADE_RANK: &str = "grade_rank";
/// Column: the place of the report's overall judgement on its scale; no value if there is none.
pub(crate) const OVERALL_RANK: &str = "overall_rank";

/// Column: the sketch by which near-identical paragraphs are found, see [`crate::language::alike`].
pub(crate) const SKETCH: &str = "sketch";

/// Column: when the paragraph or report first came, in milliseconds since 1970.
pub(crate) const FIRST_INDEXED: &str = "first_indexed";

/// Column: when the paragraph or report came or last changed, in milliseconds since 1970.
pub(crate) const CHANGED: &str = "changed";

/// Numeric columns in which every document has a value.
pub(crate) const NUMBERS: [&str; 5] = [DATE, ORDER, WORDS, SKETCH, CHANGED];

/// Values of the field `doc`.
pub(crate) mod doc {
    pub(crate) const PARAGRAPH: &str = "paragraph";
    pub(crate) const REPORT: &str = "report";
    pub(crate) const STATE: &str = "state";
    /// What a build used and learned: the taxonomy and the acronyms.
    pub(crate) const LEARNED: &str = "learned";
    /// The vectors that were learned from the paragraphs.
    pub(crate) const VECTORS: &str = "vectors";
    /// The tables of authorities that a build used.
    pub(crate) const TABLES: &str = "tables";
}

/// The engine's handles for the fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// What the document is, see [`doc`].
    pub(crate) doc: Field,
    /// Id of a paragraph.
    pub(crate) id: Field,
    /// Id of a report, on its own document only.
    pub(crate) report_id: Field,
    /// The text as stems, scored.
    pub(crate) stem: Field,
    /// The text word for word, scored.
    pub(crate) exact: Field,
    /// The stems of the words in the scope of a negation, each at its position, in the terms of
    /// [`crate::language::negation::Mark`]; not scored.
    pub(crate) negated: Field,
    /// Ids of the topics that the paragraph only denies.
    pub(crate) denied: Field,
    /// The headings as printed, each as one term.
    pub(crate) heading: Field,
    /// The printed number, folded.
    pub(crate) number: Field,
    /// Every page on which the paragraph is printed.
    pub(crate) page: Field,
    pub(crate) grade_rank: Field,
    pub(crate) overall_rank: Field,
    pub(crate) date: Field,
    pub(crate) order: Field,
    pub(crate) sketch: Field,
    pub(crate) words: Field,
    pub(crate) first_indexed: Field,
    pub(crate) changed: Field,
    /// The string columns, by attribute. A document has one value in each, except in those of which
    /// it may have several.
    values: [Option<Field>; ATTRIBUTES],
    /// The stored record.
    pub(crate) record: Field,
    /// The stored [`ReportHead`] of a report.
    pub(crate) head: Field,
}

impl Fields {
    /// The field of an attribute that is a string column; for other attributes, the date.
    pub(crate) fn value(&self, attribute: Attribute) -> Field {
        self.values[attribute as usize].unwrap_or(self.date)
    }

    /// The field with the ranks of a grade attribute.
    pub(crate) fn rank(&self, attribute: Attribute) -> Field {
        match attribute {
            Attribute::Overall => self.overall_rank,
            _ => self.grade_rank,
        }
    }
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let scored = |tokenizer: &str, option| {
        // Field norms stay on: without them the engine's pruning silently drops the best hits.
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(option)
                .set_fieldnorms(true),
        )
    };
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let mut builder = Schema::builder();
    let fields = Fields {
        doc: builder.add_text_field("doc", STRING),
        id: builder.add_text_field("id", STRING),
        report_id: builder.add_text_field("report_id", STRING),
        stem: builder.add_text_field("stem", scored("stem", positions)),
        exact: builder.add_text_field("exact", scored("exact", positions)),
        negated: builder.add_text_field(
            "negated",
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer("negated")
                    .set_index_option(positions)
                    .set_fieldnorms(false),
            ),
        ),
        denied: builder.add_text_field("denied", STRING),
        heading: builder.add_text_field("heading", STRING),
        number: builder.add_text_field("number", STRING),
        page: builder.add_u64_field("page", INDEXED),
        grade_rank: builder.add_u64_field(GRADE_RANK, INDEXED | FAST),
        overall_rank: builder.add_u64_field(OVERALL_RANK, INDEXED | FAST),
        date: builder.add_u64_field(DATE, NumericOptions::default().set_fast()),
        order: builder.add_u64_field(ORDER, NumericOptions::default().set_fast()),
        sketch: builder.add_u64_field(SKETCH, NumericOptions::default().set_fast()),
        words: builder.add_u64_field(WORDS, NumericOptions::default().set_fast()),
        first_indexed: builder.add_u64_field(FIRST_INDEXED, NumericOptions::default().set_fast()),
        changed: builder.add_u64_field(CHANGED, NumericOptions::default().set_fast()),
        values: Attribute::ALL.map(|attribute| {
            let column = attribute.is_column().then(|| attribute.name());
            column.map(|column| builder.add_text_field(column, STRING | FAST))
        }),
        record: builder.add_bytes_field("record", BytesOptions::from(STORED)),
        head: builder.add_bytes_field("head", BytesOptions::from(STORED)),
    };
    (builder.build(), fields)
}

/// The layout of stored records: small blocks, since a search fetches single paragraphs.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings { docstore_blocksize: 4_096, ..IndexSettings::default() }
}

/// Registers the tokenizers that the schema names.
pub(crate) fn register_tokenizers(index: &mut Index) {
    index.set_tokenizers(tokenizers());
}

/// The tokenizers that the schema names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register("stem", TextAnalyzer::from(StemTokenizer::default()));
    tokenizers.register("exact", TextAnalyzer::from(ExactTokenizer::default()));
    tokenizers.register("negated", TextAnalyzer::from(NegatedTokenizer::default()));
    tokenizers
}

/// The numbers in the columns of one document.
#[derive(Default)]
struct Row {
    date: u64,
    order: u64,
    sketch: u64,
    words: u64,
    first_indexed: u64,
    changed: u64,
}

impl Row {
    /// Gives the document a value in every column.
    fn write<'a>(
        &self,
        fields: &Fields,
        document: &mut TantivyDocument,
        value: impl Fn(Attribute) -> Value<'a>,
    ) {
        for attribute in Attribute::ALL.into_iter().filter(|attribute| attribute.is_column()) {
            let field = fields.value(attribute);
            match value(attribute) {
                Value::Names(names) if !names.is_empty() => {
                    names.iter().for_each(|name| document.add_text(field, name));
                }
                Value::Headings(headings) => document.add_text(field, headings.join(BELOW)),
                Value::Grade(Some(grade)) => document.add_text(field, &grade.label),
                Value::Name(Some(name)) => document.add_text(field, attribute.normal(name)),
                Value::Id(id) => document.add_text(field, id),
                _ => document.add_text(field, ""),
            }
        }
        document.add_u64(fields.date, self.date);
        document.add_u64(fields.order, self.order);
        document.add_u64(fields.sketch, self.sketch);
        document.add_u64(fields.words, self.words);
        document.add_u64(fields.first_indexed, self.first_indexed);
        document.add_u64(fields.changed, self.changed);
    }
}

/// The value for a document that is not a paragraph.
const NOTHING: Value<'_> = Value::Name(None);

/// The document of a paragraph.
pub(crate) fn paragraph_document(
    fields: &Fields,
    report: &ReportHead,
    paragraph: &ParagraphRecord,
    order: u64,
) -> Result<TantivyDocument, postcard::Error> {
    let mut document = TantivyDocument::new();
    document.add_text(fields.doc, doc::PARAGRAPH);
    document.add_text(fields.id, &paragraph.id);
    document.add_text(fields.stem, &paragraph.text);
    document.add_text(fields.exact, &paragraph.text);
    document.add_text(fields.negated, negated_text(&paragraph.text, paragraph.kind));
    for topic in &paragraph.topics_denied {
        document.add_text(fields.denied, topic);
    }
    for heading in &paragraph.section {
        document.add_text(fields.heading, heading);
    }
    if let Some(number) = &paragraph.number {
        document.add_text(fields.number, words::key(number));
    }
    for page in pages(paragraph) {
        document.add_u64(fields.page, u64::from(page));
    }
    let value = |attribute: Attribute| attribute.value(Some(paragraph), report);
    for attribute in Attribute::ALL {
        if let Value::Grade(Some(Grade { rank: Some(rank), .. })) = value(attribute) {
            document.add_u64(fields.rank(attribute), u64::from(*rank));
        }
    }
    Row {
        date: day(report.date()),
        order,
        sketch: alike::sketch(&paragraph.text),
        words: paragraph.text.split_whitespace().count() as u64,
        first_indexed: paragraph.first_indexed.map_or(0, milliseconds),
        changed: paragraph.changed.map_or(0, milliseconds),
    }
    .write(fields, &mut document, value);
    document.add_bytes(fields.record, &postcard::to_allocvec(paragraph)?);
    Ok(document)
}

/// Every page on which a paragraph is printed. They are limited, so that a misread number cannot fill the
/// index.
pub(crate) fn pages(paragraph: &ParagraphRecord) -> Vec<u32> {
    let Some(first) = paragraph.page else { return Vec::new() };
    let last = paragraph.page_end.unwrap_or(first).min(first.saturating_add(1_000));
    (first..=last).collect()
}

/// What is said of the words of a text, for an engine that keeps it elsewhere: by the tokenizers above.
#[cfg(feature = "opensearch")]
#[derive(Default)]
pub(crate) struct Marks {
    stem: StemTokenizer,
    negated: NegatedTokenizer,
}

/// The negations of a text.
#[cfg(feature = "opensearch")]
pub(crate) struct Negated {
    /// The terms of its marks, each once, in order.
    pub(crate) terms: BTreeSet<String>,
    /// The positions of the words that are denied, in order.
    pub(crate) denials: Vec<usize>,
}

#[cfg(feature = "opensearch")]
impl Marks {
    /// The stems of a text, each with its position.
    pub(crate) fn stems(&mut self, text: &str) -> Vec<(usize, String)> {
        let mut stream = self.stem.token_stream(text);
        let mut stems = Vec::new();
        while stream.advance() {
            stems.push((stream.token().position, stream.token().text.clone()));
        }
        stems
    }

    /// The negations of the text of a paragraph of this kind.
    pub(crate) fn of(&mut self, text: &str, kind: Kind) -> Negated {
        let text = negated_text(text, kind);
        let mut stream = self.negated.token_stream(&text);
        let mut marked = Negated { terms: BTreeSet::new(), denials: Vec::new() };
        while stream.advance() {
            let Token { text, position, .. } = stream.token();
            if text == Mark::DENIAL {
                marked.denials.push(*position);
            }
            marked.terms.insert(text.clone());
        }
        marked.denials.dedup();
        marked
    }
}

/// The text of a paragraph as its negations are looked for.
fn negated_text(text: &str, kind: Kind) -> Cow<'_, str> {
    match kind {
        Kind::Recommendation => Cow::Owned(format!("{ASKED}{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// The document of a report.
pub(crate) fn report_document(
    fields: &Fields,
    report: &ReportRecord,
    head: &ReportHead,
) -> Result<TantivyDocument, postcard::Error> {
    let mut document = TantivyDocument::new();
    document.add_text(fields.doc, doc::REPORT);
    document.add_text(fields.report_id, &report.id);
    // So that it is found together with its paragraphs when all of them are removed.
    let first_indexed = report.first_indexed.map_or(0, milliseconds);
    let changed = report.changed.map_or(0, milliseconds);
    let row = Row { first_indexed, changed, ..Row::default() };
    row.write(fields, &mut document, |attribute| match attribute {
        Attribute::Report => Value::Id(&report.id),
        _ => NOTHING,
    });
    document.add_bytes(fields.record, &postcard::to_allocvec(report)?);
    document.add_bytes(fields.head, &postcard::to_allocvec(head)?);
    Ok(document)
}

/// A document of a separate sort that stores a pair: the ledger and the table of reports held, or
/// the taxonomy and the acronyms.
pub(crate) fn pair_document(
    fields: &Fields,
    sort: &str,
    (record, head): (&[u8], &[u8]),
) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_text(fields.doc, sort);
    Row::default().write(fields, &mut document, |_| NOTHING);
    document.add_bytes(fields.record, record);
    document.add_bytes(fields.head, head);
    document
}

/// Yields every word, folded.
#[derive(Clone, Default)]
struct ExactTokenizer {
    token: Token,
}

/// Yields the stem of every word.
#[derive(Clone, Default)]
struct StemTokenizer {
    token: Token,
    stemmer: Stemmer,
}

/// Tells the tokenizer, which is given the text alone, that the text asks for something.
const ASKED: char = '\u{1}';

/// Yields the stem of every negated word, once for each of its marks, and what negates.
#[derive(Clone, Default)]
struct NegatedTokenizer {
    rules: Rules,
    token: Token,
    stemmer: Stemmer,
}

/// What is kept of a word.
#[derive(Clone, Copy)]
enum Marked {
    /// It negates.
    Trigger,
    /// It is denied, whatever it is.
    Denial,
    /// It is negated, by its stem.
    Stem(Mark),
}

struct NegatedStream<'a> {
    negated: std::vec::IntoIter<(usize, Word<'a>, Marked)>,
    token: &'a mut Token,
    stemmer: &'a mut Stemmer,
    stem: String,
}

struct WordStream<'a> {
    scan: words::Scan<'a>,
    next: usize,
    token: &'a mut Token,
    stemmer: Option<&'a mut Stemmer>,
}

impl Tokenizer for ExactTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream { scan: words::scan(text), next: 0, token: &mut self.token, stemmer: None }
    }
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream {
            scan: words::scan(text),
            next: 0,
            token: &mut self.token,
            stemmer: Some(&mut self.stemmer),
        }
    }
}

impl Tokenizer for NegatedTokenizer {
    type TokenStream<'a> = NegatedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> NegatedStream<'a> {
        let Negations { words, triggers } = match text.strip_prefix(ASKED) {
            Some(text) => self.rules.negations(text).asked_for(),
            None => self.rules.negations(text),
        };
        let mut all: Vec<_> =
            triggers.into_iter().map(|(at, word)| (at, word, Marked::Trigger)).collect();
        for word in words {
            let denial = (word.sense == Sense::Denied).then_some(Marked::Denial);
            let stems = word.marks().filter(|_| !word.word.possessive).map(Marked::Stem);
            let marks = denial.into_iter().chain(stems);
            all.extend(marks.map(|mark| (word.position, word.word, mark)));
        }
        all.sort_by_key(|(at, ..)| *at);
        NegatedStream {
            negated: all.into_iter(),
            token: &mut self.token,
            stemmer: &mut self.stemmer,
            stem: String::new(),
        }
    }
}

impl TokenStream for NegatedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((position, word, mark)) = self.negated.next() else { return false };
        match mark {
            Marked::Stem(mark) => {
                words::fold_into(word.raw, &mut self.stem);
                self.stemmer.stem_in_place(&mut self.stem);
                mark.term_into(&self.stem, &mut self.token.text);
            }
            Marked::Trigger => Mark::TRIGGER.clone_into(&mut self.token.text),
            Marked::Denial => Mark::DENIAL.clone_into(&mut self.token.text),
        }
        self.token.position = position;
        self.token.offset_from = word.start;
        self.token.offset_to = word.end;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        for word in self.scan.by_ref() {
            let position = self.next;
            self.next += 1;
            if word.possessive && self.stemmer.is_some() {
                continue;
            }
            words::fold_into(word.raw, &mut self.token.text);
            if let Some(stemmer) = &mut self.stemmer {
                stemmer.stem_in_place(&mut self.token.text);
            }
            self.token.position = position;
            self.token.offset_from = word.start;
            self.token.offset_to = word.end;
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
