//! The same index written to tantivy directly, without any code of ours around it: what one would
//! write to build this one index once, without replacing, ledger or lock.

use crate::schema::{self, Fields, doc};
use findings_index::records::{Attribute, Grade, ParagraphRecord, ReportHead, ReportRecord};

use std::error::Error;
use std::path::Path;
use tantivy::indexer::IndexWriterOptions;
use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{Index, IndexWriter, TantivyDocument};

/// The analyzers that split text into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Analyzers {
    /// Our own, so that the terms are the same.
    Ours,
    /// Those that come with tantivy, whose terms are nearly the same.
    Stock,
}

pub(crate) struct Raw {
    writer: IndexWriter,
    fields: Fields,
    analyzers: Analyzers,
}

impl Raw {
    pub(crate) fn create(
        dir: &Path,
        analyzers: Analyzers,
        threads: usize,
        memory: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let (schema, fields) = schema::schema();
        let mut index =
            Index::builder().schema(schema).settings(schema::settings()).create_in_dir(dir)?;
        match analyzers {
            Analyzers::Ours => schema::register_tokenizers(&mut index),
            Analyzers::Stock => {
                let words = || {
                    TextAnalyzer::builder(SimpleTokenizer::default())
                        .filter(RemoveLongFilter::limit(255))
                        .filter(LowerCaser)
                };
                let stems = words().filter(Stemmer::new(Language::English)).build();
                index.tokenizers().register("stem", stems);
                index.tokenizers().register("exact", words().build());
                // Which words are negated has no counterpart: the field stays empty.
                index.tokenizers().register("negated", words().build());
            }
        }
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(memory / threads)
            .num_merge_threads(1)
            .build();
        let writer = index.writer_with_options(options)?;
        Ok(Self { writer, fields, analyzers })
    }

    pub(crate) fn put(
        &self,
        report: &ReportRecord,
        paragraphs: &[ParagraphRecord],
    ) -> Result<(), Box<dyn Error>> {
        for (order, paragraph) in (0..).zip(paragraphs) {
            let document = self.paragraph(report, paragraph, order)?;
            self.writer.add_document(document)?;
        }
        self.writer.add_document(self.report(report)?)?;
        Ok(())
    }

    pub(crate) fn commit(mut self) -> Result<(), Box<dyn Error>> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        Ok(())
    }

    fn paragraph(
        &self,
        report: &ReportRecord,
        paragraph: &ParagraphRecord,
        order: u64,
    ) -> Result<TantivyDocument, Box<dyn Error>> {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.doc, doc::PARAGRAPH);
        document.add_text(fields.id, &paragraph.id);
        document.add_text(fields.stem, &paragraph.text);
        document.add_text(fields.exact, &paragraph.text);
        if self.analyzers == Analyzers::Ours {
            document.add_text(fields.negated, &paragraph.text);
        }
        for heading in &paragraph.section {
            document.add_text(fields.heading, heading);
        }
        if let Some(number) = &paragraph.number {
            document.add_text(fields.number, number);
        }
        if let (Some(first), Some(last)) = (paragraph.page, paragraph.page_end) {
            for page in first..=last {
                document.add_u64(fields.page, page.into());
            }
        }
        let (grade, overall) = (paragraph.grade.as_ref(), report.overall.as_ref());
        if let Some(rank) = rank(grade) {
            document.add_u64(fields.grade_rank, rank);
        }
        if let Some(rank) = rank(overall) {
            document.add_u64(fields.overall_rank, rank);
        }
        let theme = paragraph.theme.as_deref();
        document.add_text(fields.value(Attribute::Grade), label(grade));
        document.add_text(fields.value(Attribute::Overall), label(overall));
        document.add_text(fields.value(Attribute::Theme), theme.unwrap_or(""));
        document.add_text(fields.value(Attribute::Topic), "");
        document.add_text(fields.value(Attribute::Section), paragraph.section.join(" › "));
        self.report_values(report, &mut document);
        document.add_text(fields.value(Attribute::Kind), paragraph.kind.name());
        document.add_u64(fields.order, order);
        document.add_bytes(fields.record, &postcard::to_allocvec(paragraph)?);
        Ok(document)
    }

    fn report(&self, report: &ReportRecord) -> Result<TantivyDocument, Box<dyn Error>> {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.doc, doc::REPORT);
        document.add_text(fields.report_id, &report.id);
        self.report_values(report, &mut document);
        document.add_bytes(fields.record, &postcard::to_allocvec(report)?);
        let head = postcard::to_allocvec(&ReportHead::from(report))?;
        document.add_bytes(fields.head, &head);
        Ok(document)
    }

    fn report_values(&self, report: &ReportRecord, document: &mut TantivyDocument) {
        let fields = &self.fields;
        let or_empty = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        document.add_text(fields.value(Attribute::Authority), or_empty(&report.authority));
        document.add_text(fields.value(Attribute::Region), or_empty(&report.region));
        document.add_text(fields.value(Attribute::Framework), &report.framework);
        document.add_text(fields.value(Attribute::Report), &report.id);
        document.add_u64(fields.date, findings_index::records::day::day(report.date()));
    }
}

fn label(grade: Option<&Grade>) -> &str {
    grade.map_or("", |grade| &grade.label)
}

fn rank(grade: Option<&Grade>) -> Option<u64> {
    grade.and_then(|grade| grade.rank).map(u64::from)
}
