//! Writes reports into the index, all or nothing.
//!
//! A writer collects reports and commits them together with the ledger; until then, and whatever
//! happens meanwhile, readers see the previous state. The index of each format version has its own
//! folder, so that a program of another version never reads half of it correctly.

use crate::answering::held::{Held, INDEX_VERSION, summary};
use crate::embedded::store::history::History;
use crate::embedded::store::lock::{Lock, LockError};
use crate::embedded::store::open::{self, ReadError, Snapshot};
use crate::embedded::store::schema::{self, Fields, doc};
use crate::engine::{Build, BuildOptions, OpenError, WriteError};
use crate::language::acronyms::Acronyms;
use crate::language::topic::Taxonomy;
use crate::language::words;
use crate::ranking::meaning::LearnedTable;
use crate::records::history::Followed;
use crate::records::history::known::Fault;
use crate::records::ledger::Ledger;
use crate::records::{Attribute, Authority, ParagraphRecord, ReportHead, ReportRecord};
use crate::request::Corpus;
use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::schema::Term;
use tantivy::{Index, TantivyDocument};

/// The name of the lock file in the index's folder.
const LOCK: &str = "lock";
/// The engine accepts no less memory per thread.
const LEAST_MEMORY: usize = 15_000_000;
/// The engine accepts no more memory per thread.
const MOST_MEMORY: usize = 3_000_000_000;
/// The engine runs no more threads than this.
const MOST_THREADS: usize = 8;
/// The share of a segment that may be deleted documents before it is merged.
const DEAD_WEIGHT: f32 = 0.3;

/// Writes reports into an index. It is the only writer until it is committed or dropped.
pub struct IndexWriter {
    // Dropped before the lock, since its threads still write while they end.
    engine: tantivy::IndexWriter,
    fields: Fields,
    held: Mutex<BTreeMap<String, Held>>,
    ledger: Option<Ledger>,
    taxonomy: Taxonomy,
    authorities: Vec<Authority>,
    /// The vectors to keep from now on, or none; not set if they remain as they are.
    vectors: Option<Option<LearnedTable>>,
    history: History,
    dir: PathBuf,
    _lock: Lock,
}

impl std::fmt::Debug for IndexWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexWriter").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl IndexWriter {
    /// Opens the index in `dir` for writing, and creates folder and index if there are none.
    ///
    /// # Errors
    /// [`WriteError::Locked`] if another writer is running and does not end in time; the other
    /// errors if the folder cannot be used.
    pub fn open(dir: &Path, options: &BuildOptions) -> Result<Self, WriteError> {
        if dir.exists() && !dir.is_dir() {
            return Err(WriteError::NotAFolder { dir: dir.to_owned() });
        }
        let inner = open::engine_dir(dir, INDEX_VERSION);
        let io_at = |path: &Path| {
            let path = path.to_owned();
            move |source| WriteError::Io { path, source }
        };
        fs::create_dir_all(dir).map_err(io_at(dir))?;
        let lock_path = dir.join(LOCK);
        let lock = Lock::take(&lock_path, options.wait).map_err(|error| match error {
            LockError::Held(holder) => WriteError::Locked { holder },
            LockError::Io(source) => io_at(&lock_path)(source),
        })?;
        fs::create_dir_all(&inner).map_err(io_at(&inner))?;

        let (index, fields) =
            open_or_create(&inner).map_err(|source| unreadable(&inner, source))?;
        let snapshot = match Snapshot::open(dir) {
            Ok(snapshot) => Some(snapshot),
            Err(OpenError::Missing { .. }) => None,
            Err(error) => return Err(unreadable(&inner, error)),
        };
        let (held, ledger, taxonomy, authorities) = match &snapshot {
            Some(snapshot) => {
                let unreadable = |source| unreadable(&inner, source);
                let (ledger, held) = snapshot.state().map_err(unreadable)?;
                let taxonomy = snapshot.taxonomy().map_err(unreadable)?;
                (held, Some(ledger), taxonomy, snapshot.authorities().map_err(unreadable)?)
            }
            None => (BTreeMap::new(), None, Taxonomy::default(), Vec::new()),
        };
        let history =
            History::open(dir, snapshot.as_ref()).map_err(|source| history_error(dir, source))?;
        drop(snapshot);
        let threads = options.threads.min(options.memory / LEAST_MEMORY).clamp(1, MOST_THREADS);
        let per_thread = (options.memory / threads).clamp(LEAST_MEMORY, MOST_MEMORY);
        let engine: tantivy::IndexWriter = index
            .writer_with_options(
                IndexWriterOptions::builder()
                    .num_worker_threads(threads)
                    .memory_budget_per_thread(per_thread)
                    .num_merge_threads(1)
                    .build(),
            )
            .map_err(|source| engine_error(dir, source))?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DEAD_WEIGHT);
        engine.set_merge_policy(Box::new(merging));
        // A build that was killed leaves files that no commit names, and the next build would write
        // some under the same names.
        engine.garbage_collect_files().wait().map_err(|source| engine_error(dir, source))?;
        Ok(Self {
            engine,
            fields,
            held: Mutex::new(held),
            ledger,
            taxonomy,
            authorities,
            vectors: None,
            history,
            dir: dir.to_owned(),
            _lock: lock,
        })
    }

    fn report_term(&self, id: &str) -> Term {
        Term::from_field_text(self.fields.value(Attribute::Report), id)
    }
}

impl Build for IndexWriter {
    fn held(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    fn tagged_by(&mut self, taxonomy: Taxonomy) {
        self.taxonomy = taxonomy;
    }

    fn named_by(&mut self, authorities: Vec<Authority>) {
        self.authorities = authorities;
    }

    fn learned_by(&mut self, learned: Option<LearnedTable>) {
        self.vectors = Some(learned);
    }

    fn present(&mut self, files: HashSet<String>) {
        self.history.present(files);
    }

    fn keep_times(&mut self) {
        self.history.keep_times();
    }

    fn set_aside(&self) -> Option<&Path> {
        self.history.set_aside()
    }

    fn put(&self, report: &ReportRecord, paragraphs: &[ParagraphRecord]) -> Result<(), WriteError> {
        let failed = |source| engine_error(&self.dir, source);
        let Followed { report: stamp, paragraphs: stamps, .. } = self
            .history
            .follow(report, paragraphs)
            .map_err(|source| history_error(&self.dir, source))?;
        let mut operations = Vec::with_capacity(paragraphs.len() + 2);
        operations.push(UserOperation::Delete(self.report_term(&report.id)));
        let mut held = Held {
            sha256: report.sha256.clone(),
            paragraphs: paragraphs.len(),
            words: 0,
            acronyms: report.acronyms.clone(),
        };
        let head = ReportHead::from(report);
        for (order, (paragraph, stamp)) in (0..).zip(paragraphs.iter().zip(stamps)) {
            held.words += words::estimate(&paragraph.text);
            let stamped = ParagraphRecord {
                first_indexed: Some(stamp.first_indexed),
                changed: Some(stamp.changed),
                ..paragraph.clone()
            };
            let document = schema::paragraph_document(&self.fields, &head, &stamped, order)
                .map_err(|source| encoding_error(&self.dir, source))?;
            operations.push(UserOperation::Add(document));
        }
        let stamped = ReportRecord {
            first_indexed: Some(stamp.first_indexed),
            changed: Some(stamp.changed),
            ..report.clone()
        };
        let document = schema::report_document(&self.fields, &stamped, &head)
            .map_err(|source| encoding_error(&self.dir, source))?;
        operations.push(UserOperation::Add(document));

        // Locked while the documents are handed over, so that two reports with the same id cannot
        // mix.
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if all.insert(report.id.clone(), held).is_none() {
            operations.remove(0);
        }
        self.engine.run(operations).map_err(failed)?;
        Ok(())
    }

    fn remove(&self, report_id: &str) -> Result<(), WriteError> {
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if all.remove(report_id).is_some() {
            let operation = UserOperation::Delete(self.report_term(report_id));
            self.engine.run([operation]).map_err(|source| engine_error(&self.dir, source))?;
        }
        Ok(())
    }

    fn commit(self: Box<Self>, ledger: &Ledger) -> Result<Corpus, WriteError> {
        let Self { mut engine, fields, held, taxonomy, authorities, vectors, history, dir, .. } =
            *self;
        let failed = |source| engine_error(&dir, source);
        let held = held.into_inner().unwrap_or_else(PoisonError::into_inner);
        let payload = summary(&held, history.now());
        let encoded = |bytes: Result<Vec<u8>, postcard::Error>| {
            bytes.map_err(|source| encoding_error(&dir, source))
        };
        let acronyms = Acronyms::learn(held.values().map(|report| report.acronyms.as_slice()));
        let state =
            [encoded(postcard::to_allocvec(ledger))?, encoded(postcard::to_allocvec(&held))?];
        let learned = [
            encoded(postcard::to_allocvec(&taxonomy))?,
            encoded(postcard::to_allocvec(&acronyms))?,
        ];
        let tables = [encoded(postcard::to_allocvec(&authorities))?, Vec::new()];
        let single = [(doc::STATE, state), (doc::LEARNED, learned), (doc::TABLES, tables)];
        for (sort, [record, head]) in single {
            let document: TantivyDocument = schema::pair_document(&fields, sort, (&record, &head));
            let old = Term::from_field_text(fields.doc, sort);
            engine
                .run([UserOperation::Delete(old), UserOperation::Add(document)])
                .map_err(failed)?;
        }
        if let Some(vectors) = vectors {
            let old = Term::from_field_text(fields.doc, doc::VECTORS);
            engine.run([UserOperation::Delete(old)]).map_err(failed)?;
            if let Some(vectors) = vectors {
                let version = encoded(postcard::to_allocvec(&vectors.version))?;
                let pair = (version.as_slice(), vectors.bytes.as_slice());
                let document = schema::pair_document(&fields, doc::VECTORS, pair);
                engine.run([UserOperation::Add(document)]).map_err(failed)?;
            }
        }
        let mut prepared = engine.prepare_commit().map_err(failed)?;
        let json = serde_json::to_string(&payload)
            .map_err(|source| WriteError::Engine { dir: dir.clone(), source: Box::new(source) })?;
        prepared.set_payload(&json);
        history
            .commit(held.values().map(|report| report.sha256.as_str()))
            .map_err(|source| history_error(&dir, source))?;
        prepared.commit().map_err(failed)?;
        // The commit is done. The rest only tidies up, and an error there is not an error of the
        // build.
        let _ = engine.wait_merging_threads();
        remove_other_versions(&dir);
        Ok(payload.into_corpus())
    }
}

fn open_or_create(inner: &Path) -> tantivy::Result<(Index, Fields)> {
    let (schema, fields) = schema::schema();
    let mut index = Index::builder()
        .schema(schema)
        .settings(schema::settings())
        .open_or_create(MmapDirectory::open(inner)?)?;
    schema::register_tokenizers(&mut index);
    Ok((index, fields))
}

fn unreadable(dir: &Path, source: impl Into<Box<dyn Error + Send + Sync>>) -> WriteError {
    WriteError::Unreadable { dir: dir.to_owned(), source: source.into() }
}

fn engine_error(dir: &Path, source: tantivy::TantivyError) -> WriteError {
    WriteError::Engine { dir: dir.to_owned(), source: Box::new(source) }
}

fn encoding_error(dir: &Path, source: postcard::Error) -> WriteError {
    WriteError::Engine { dir: dir.to_owned(), source: Box::new(ReadError::Record(source)) }
}

fn history_error(dir: &Path, source: Fault) -> WriteError {
    WriteError::History { dir: dir.to_owned(), source }
}

/// Deletes the indexes of older format versions, which nothing can update any more.
fn remove_other_versions(dir: &Path) {
    for version in open::versions(dir) {
        if version < INDEX_VERSION {
            let _ = fs::remove_dir_all(open::engine_dir(dir, version));
        }
    }
}
