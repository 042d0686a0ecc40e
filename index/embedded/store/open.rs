//! Opens the state of one commit, or reports why it cannot.

use crate::answering::held::{Held, INDEX_VERSION, Payload};
use crate::embedded::store::schema::{self, Fields, doc};
use crate::engine::OpenError;
use crate::language::acronyms::Acronyms;
use crate::language::topic::Taxonomy;
use crate::ranking::meaning::LearnedTable;
use crate::records::Authority;
use crate::records::ledger::Ledger;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::query::{EnableScoring, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Term, Value};
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument, TantivyError};

/// Number of unpacked blocks of stored records kept per segment: as many as one page of hits needs.
const BLOCKS: usize = 64;
/// How often opening is tried while a writer commits in between.
const TRIES: usize = 10;

/// Why something could not be read from an open index.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Engine(#[from] TantivyError),
    #[error("a record is not what it should be")]
    Record(#[source] postcard::Error),
    #[error("the index holds no {0}")]
    Absent(&'static str),
}

/// The folder of the index in one format version.
pub(crate) fn engine_dir(dir: &Path, version: u32) -> PathBuf {
    dir.join(format!("v{version}"))
}

/// The format versions for which the folder holds an index.
pub(crate) fn versions(dir: &Path) -> Vec<u32> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut versions: Vec<u32> = entries
        .filter(|entry| entry.path().join("meta.json").is_file())
        .filter_map(|entry| entry.file_name().to_str()?.strip_prefix('v')?.parse().ok())
        .collect();
    versions.sort_unstable();
    versions
}

/// The part of the engine's own description that Findings writes.
#[derive(Deserialize)]
struct Meta {
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// One commit, open.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    pub(crate) payload: Payload,
    /// The name of the commit.
    pub(crate) generation: String,
}

impl Snapshot {
    /// Opens the last commit.
    pub(crate) fn open(dir: &Path) -> Result<Self, OpenError> {
        let inner = engine_dir(dir, INDEX_VERSION);
        let damaged = |source| OpenError::Damaged { dir: dir.to_owned(), source };
        let mut tries = 0;
        loop {
            tries += 1;
            let (before, payload) = committed(dir, &inner)?;
            let opened = open_engine(&inner);
            let (after, _) = committed(dir, &inner)?;
            match opened {
                Ok((searcher, fields)) if before == after => {
                    let generation = name(&after);
                    return Ok(Self { searcher, fields, payload, generation });
                }
                // A commit came in between: the description may be older than what was opened.
                _ if before != after && tries < TRIES => {}
                Err(error) => return Err(damaged(Box::new(error))),
                Ok(_) => {
                    return Err(damaged("it is written faster than it can be opened".into()));
                }
            }
        }
    }

    /// The stored record of a document.
    pub(crate) fn stored<T: serde::de::DeserializeOwned>(
        &self,
        address: DocAddress,
        field: Field,
    ) -> Result<T, ReadError> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let bytes = document
            .get_first(field)
            .and_then(|value| value.as_bytes())
            .ok_or(ReadError::Absent("record for a paragraph or report"))?;
        postcard::from_bytes(bytes).map_err(ReadError::Record)
    }

    /// The ledger and the table of reports held.
    pub(crate) fn state(&self) -> Result<(Ledger, BTreeMap<String, Held>), ReadError> {
        let address = self.only(doc::STATE)?.ok_or(ReadError::Absent("ledger"))?;
        Ok((self.stored(address, self.fields.record)?, self.stored(address, self.fields.head)?))
    }

    /// The taxonomy with which paragraphs were tagged.
    pub(crate) fn taxonomy(&self) -> Result<Taxonomy, ReadError> {
        let address = self.only(doc::LEARNED)?.ok_or(ReadError::Absent("topics"))?;
        self.stored(address, self.fields.record)
    }

    /// The authorities of the tables with which reports were read.
    pub(crate) fn authorities(&self) -> Result<Vec<Authority>, ReadError> {
        let address = self.only(doc::TABLES)?.ok_or(ReadError::Absent("tables of authorities"))?;
        self.stored(address, self.fields.record)
    }

    /// The vectors that were learned from the paragraphs.
    pub(crate) fn vectors(&self) -> Result<Option<LearnedTable>, ReadError> {
        let Some(address) = self.only(doc::VECTORS)? else { return Ok(None) };
        let document: TantivyDocument = self.searcher.doc(address)?;
        let bytes = document.get_first(self.fields.head).and_then(|value| value.as_bytes());
        let bytes = bytes.ok_or(ReadError::Absent("table of vectors"))?.to_vec();
        Ok(Some(LearnedTable { version: self.stored(address, self.fields.record)?, bytes }))
    }

    /// The acronyms that reports explain.
    pub(crate) fn acronyms(&self) -> Result<Acronyms, ReadError> {
        let address = self.only(doc::LEARNED)?.ok_or(ReadError::Absent("acronyms"))?;
        self.stored(address, self.fields.head)
    }

    /// The document of a sort that has only one.
    fn only(&self, sort: &str) -> Result<Option<DocAddress>, ReadError> {
        Ok(self.with_term(self.fields.doc, sort)?.into_iter().next())
    }

    /// The documents with this value in a field.
    pub(crate) fn with_term(
        &self,
        field: Field,
        value: &str,
    ) -> Result<Vec<DocAddress>, ReadError> {
        let query = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut found = Vec::new();
        for (at, segment) in (0..).zip(self.searcher.segment_readers()) {
            weight.for_each_no_score(segment, &mut |docs| {
                let alive = docs.iter().filter(|doc| !segment.is_deleted(**doc));
                found.extend(alive.map(|doc| DocAddress::new(at, *doc)));
            })?;
        }
        Ok(found)
    }
}

/// Returns the name of the last commit of the index in `dir`.
///
/// # Errors
/// If there is no index of this format, or it cannot be read.
pub fn generation(dir: &Path) -> Result<String, OpenError> {
    let (description, _) = committed(dir, &engine_dir(dir, INDEX_VERSION))?;
    Ok(name(&description))
}

/// Names a commit by its description, in which the engine names new files for each.
fn name(description: &str) -> String {
    let mut name = hex::encode(Sha256::digest(description));
    name.truncate(NAME);
    name
}

/// The number of hexadecimal digits in the name of a commit.
const NAME: usize = 16;

/// The description of the last commit, and the part of it that Findings writes.
fn committed(dir: &Path, inner: &Path) -> Result<(String, Payload), OpenError> {
    let path = inner.join("meta.json");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            let other = versions(dir).into_iter().next_back();
            return Err(match other {
                Some(found) => incompatible(dir, found),
                None => OpenError::Missing { dir: dir.to_owned() },
            });
        }
        Err(source) => return Err(OpenError::Io { path, source }),
    };
    let damaged = |source: serde_json::Error| OpenError::Damaged {
        dir: dir.to_owned(),
        source: Box::new(source),
    };
    let meta: Meta = serde_json::from_str(&text).map_err(damaged)?;
    // Created but never committed: a first build ended early.
    let Some(payload) = meta.payload else {
        return Err(OpenError::Missing { dir: dir.to_owned() });
    };
    let Version { version } = serde_json::from_str(&payload).map_err(damaged)?;
    if version != INDEX_VERSION {
        return Err(incompatible(dir, version));
    }
    let payload = serde_json::from_str(&payload).map_err(damaged)?;
    Ok((text, payload))
}

fn incompatible(dir: &Path, found: u32) -> OpenError {
    OpenError::Incompatible { dir: dir.to_owned(), found, expected: INDEX_VERSION }
}

fn open_engine(inner: &Path) -> Result<(Searcher, Fields), TantivyError> {
    let (expected, fields) = schema::schema();
    let index = Index::open(ReadDirectory(MmapDirectory::open(inner)?))?;
    if index.schema() != expected {
        return Err(TantivyError::SchemaError("its fields are not those of its format".to_owned()));
    }
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .doc_store_cache_num_blocks(BLOCKS)
        .try_into()?;
    Ok((reader.searcher(), fields))
}

/// A folder that is only read. The engine locks it while opening, which needs a file that can be
/// written; if the folder is not writable, no writer of ours can be at work in it either.
#[derive(Debug, Clone)]
struct ReadDirectory(MmapDirectory);

impl Directory for ReadDirectory {
    fn get_file_handle(
        &self,
        path: &Path,
    ) -> Result<std::sync::Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.0.acquire_lock(lock) {
            Err(LockError::IoError(error))
                if matches!(
                    error.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                Ok(DirectoryLock::from(Box::new(())))
            }
            taken => taken,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}
