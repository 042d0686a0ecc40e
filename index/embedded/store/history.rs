//! Keeps the histories of reports in a file of its own, next to the index of each format.
//!
//! It has a version of its own and outlives the index: another format, damage, and the removal of a
//! report. Only builds open it. Its changes are committed just before those of the index: if a build
//! ends in between, the history knows of something that no reader has seen yet, and the next build
//! gives that the same times, which no commit before has had. If the file is gone, damaged or older than
//! the index, it is made again from the times that the records of the index carry.

use crate::embedded::store::open::Snapshot;
use crate::embedded::store::schema::doc;
use crate::records::history::known::{Fault, Known, after, earlier};
use crate::records::history::{Followed, ReportHistory, follow, plain_id, told};
use crate::records::{Attribute, ParagraphRecord, ReportRecord};
use jiff::Timestamp;
use redb::{
    Database, DatabaseError, Durability, MultimapTableDefinition, ReadTransaction,
    ReadableDatabase, ReadableTable, StorageError, TableDefinition, TableError, WriteTransaction,
};
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The version of the file, in its name. Another version is another file.
const VERSION: u32 = 1;

/// The [`ReportHistory`] of each file, by its SHA-256.
const FILES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("files");
/// The files that gave a report of an id, by the id without a part of their hash.
const IDS: MultimapTableDefinition<'_, &str, &str> = MultimapTableDefinition::new("ids");
/// The files whose reports are held.
const HELD: TableDefinition<'_, &str, ()> = TableDefinition::new("held");
/// The time of the last build, in milliseconds.
const BUILT: TableDefinition<'_, (), i64> = TableDefinition::new("built");

/// Memory for pages of the file, in bytes.
const MEMORY: usize = 16 << 20;

/// The histories, open for one build.
pub(crate) struct History {
    /// The state of the last commit. What this build writes is not seen in it, so that a report that
    /// is put twice is followed from the same state.
    committed: ReadTransaction,
    pending: Mutex<Pending>,
    /// The files whose reports were held after the last build.
    held: HashSet<String>,
    /// The files whose reports stay or come in this build.
    present: HashSet<String>,
    /// Whether the times are those of the records.
    keeps_times: bool,
    /// The time of this build.
    now: Timestamp,
    /// Where a file that could not be read is now.
    set_aside: Option<PathBuf>,
}

struct Pending {
    transaction: WriteTransaction,
    /// The files of which a report was put.
    put: BTreeSet<String>,
}

/// Why the file was not opened.
enum Unopened {
    /// It is damaged.
    Damaged,
    /// The disk failed, or permission was denied.
    Failed(Fault),
}

impl History {
    /// Opens the history of the index in `dir`, or begins one, and brings it up to date with `index`.
    pub(crate) fn open(dir: &Path, index: Option<&Snapshot>) -> Result<Self, Fault> {
        let path = path(dir);
        fs::create_dir_all(dir.join(FOLDER))?;
        let mut set_aside = None;
        let database = match open_file(&path) {
            Ok(database) => database,
            Err(Unopened::Failed(error)) => return Err(error),
            Err(Unopened::Damaged) => {
                let aside = free_name(&path);
                fs::rename(&path, &aside)?;
                set_aside = Some(aside);
                match open_file(&path) {
                    Ok(database) => database,
                    Err(Unopened::Failed(error)) => return Err(error),
                    Err(Unopened::Damaged) => return Err("a new file is damaged at once".into()),
                }
            }
        };
        let known = built(&database.begin_read()?)?;
        let indexed = index.map(|index| index.payload.built);
        if let (Some(index), Some(indexed)) = (index, indexed)
            && known.is_none_or(|known| known < indexed)
        {
            catch_up(&database, index, indexed)?;
        }
        let last = known.max(indexed);
        let pending = Pending { transaction: begin(&database)?, put: BTreeSet::new() };
        let committed = database.begin_read()?;
        Ok(Self {
            held: held(&committed)?,
            committed,
            pending: Mutex::new(pending),
            present: HashSet::new(),
            keeps_times: false,
            now: after(last, Timestamp::now()),
            set_aside,
        })
    }

    /// The time of this build, which no other build has.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Where a file that could not be read is now.
    pub(crate) fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    /// Names the files whose reports stay or come in this build: no other takes their place.
    pub(crate) fn present(&mut self, files: HashSet<String>) {
        self.present = files;
    }

    /// Takes times from the records from now on, where these have them.
    pub(crate) fn keep_times(&mut self) {
        self.keeps_times = true;
    }

    /// Says when a report and its paragraphs came and changed, and notes it.
    pub(crate) fn follow(
        &self,
        report: &ReportRecord,
        paragraphs: &[ParagraphRecord],
    ) -> Result<Followed, Fault> {
        let known = if self.keeps_times { self.of(&report.sha256)? } else { None };
        let told = self.keeps_times.then(|| told(report, paragraphs, known.as_ref())).flatten();
        let followed = match told {
            Some(followed) => followed,
            None => {
                let earlier = earlier(self, report, &self.present)?;
                follow(&earlier, report, paragraphs, self.now)
            }
        };
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        insert(&pending.transaction, plain_id(report), &followed.history)?;
        pending.put.insert(report.sha256.clone());
        Ok(followed)
    }

    /// Commits what was noted of the reports that are `held`; of others that were put, nothing came.
    pub(crate) fn commit<'h>(self, held: impl Iterator<Item = &'h str>) -> Result<(), Fault> {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let held: HashSet<&str> = held.collect();
        let dropped: Vec<&String> =
            pending.put.iter().filter(|put| !held.contains(put.as_str())).collect();
        if !dropped.is_empty() {
            let mut files = pending.transaction.open_table(FILES)?;
            for sha256 in dropped {
                match self.of(sha256)? {
                    Some(before) => {
                        let before = postcard::to_allocvec(&before)?;
                        files.insert(sha256.as_str(), before.as_slice())?;
                    }
                    None => drop(files.remove(sha256.as_str())?),
                }
            }
        }
        drop(pending);
        let pending = self.pending.into_inner().unwrap_or_else(PoisonError::into_inner);
        finish(pending.transaction, &self.held, &held, self.now)
    }
}

impl Known for History {
    fn of(&self, sha256: &str) -> Result<Option<ReportHistory>, Fault> {
        let files = match self.committed.open_table(FILES) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            files => files?,
        };
        let kept = files.get(sha256)?;
        Ok(kept.map(|kept| postcard::from_bytes(kept.value())).transpose()?)
    }

    fn of_id(&self, plain_id: &str) -> Result<Vec<String>, Fault> {
        let ids = match self.committed.open_multimap_table(IDS) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            ids => ids?,
        };
        let files = ids.get(plain_id)?.map(|file| file.map(|sha256| sha256.value().to_owned()));
        Ok(files.collect::<Result<_, _>>()?)
    }

    fn was_held(&self, sha256: &str) -> bool {
        self.held.contains(sha256)
    }
}

/// The folder of the file, in that of the index.
const FOLDER: &str = "history";

fn path(dir: &Path) -> PathBuf {
    dir.join(FOLDER).join(format!("v{VERSION}.redb"))
}

/// Opens the file, every page of which is checked, and creates it if there is none.
fn open_file(path: &Path) -> Result<Database, Unopened> {
    let open = || {
        Database::builder().set_cache_size(MEMORY).set_check_integrity_on_open(true).create(path)
    };
    // The checks are meant to find all damage; some of it may still be met by an assertion first.
    let Ok(opened) = panic::catch_unwind(AssertUnwindSafe(open)) else {
        return Err(Unopened::Damaged);
    };
    opened.map_err(|error| match error {
        DatabaseError::Storage(StorageError::Io(error))
            if !matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) =>
        {
            Unopened::Failed(error.into())
        }
        DatabaseError::Storage(StorageError::Corrupted(_) | StorageError::Io(_))
        | DatabaseError::UpgradeRequired(_)
        | DatabaseError::RepairAborted => Unopened::Damaged,
        error => Unopened::Failed(error.into()),
    })
}

/// A name for a damaged file that no other has.
fn free_name(path: &Path) -> PathBuf {
    let name = |number: u32| match number {
        1 => path.with_extension("damaged.redb"),
        _ => path.with_extension(format!("damaged-{number}.redb")),
    };
    (1..u32::MAX).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(1))
}

fn begin(database: &Database) -> Result<WriteTransaction, Fault> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    // A build that is killed costs the next one no repair of the whole file.
    transaction.set_quick_repair(true);
    Ok(transaction)
}

/// The time of the last build that a history knows of.
fn built(transaction: &ReadTransaction) -> Result<Option<Timestamp>, Fault> {
    let table = match transaction.open_table(BUILT) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(None),
        table => table?,
    };
    let built = table.get(())?.map(|built| Timestamp::from_millisecond(built.value()));
    Ok(built.transpose()?)
}

fn insert(
    transaction: &WriteTransaction,
    plain_id: &str,
    history: &ReportHistory,
) -> Result<(), Fault> {
    let written = postcard::to_allocvec(history)?;
    transaction.open_table(FILES)?.insert(history.sha256.as_str(), written.as_slice())?;
    transaction.open_multimap_table(IDS)?.insert(plain_id, history.sha256.as_str())?;
    Ok(())
}

/// The files whose reports are held.
fn held(transaction: &ReadTransaction) -> Result<HashSet<String>, Fault> {
    let table = match transaction.open_table(HELD) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(HashSet::new()),
        table => table?,
    };
    let files = table.iter()?.map(|entry| entry.map(|(sha256, _)| sha256.value().to_owned()));
    Ok(files.collect::<Result<_, _>>()?)
}

/// Commits a build after which other files are held than before.
fn finish(
    transaction: WriteTransaction,
    before: &HashSet<String>,
    held: &HashSet<&str>,
    built: Timestamp,
) -> Result<(), Fault> {
    {
        let mut table = transaction.open_table(HELD)?;
        for gone in before.iter().filter(|sha256| !held.contains(sha256.as_str())) {
            table.remove(gone.as_str())?;
        }
        for new in held.iter().filter(|sha256| !before.contains(**sha256)) {
            table.insert(*new, ())?;
        }
    }
    transaction.open_table(BUILT)?.insert((), built.as_millisecond())?;
    transaction.commit()?;
    Ok(())
}

/// Makes the history of all reports that the index holds from the times that their records carry, in one
/// pass. What the history knows besides is kept.
fn catch_up(database: &Database, index: &Snapshot, built: Timestamp) -> Result<(), Fault> {
    let before = held(&database.begin_read()?)?;
    let transaction = begin(database)?;
    let mut files = Vec::new();
    for own in index.with_term(index.fields.doc, doc::REPORT)? {
        let report: ReportRecord = index.stored(own, index.fields.record)?;
        let mut all = index.with_term(index.fields.value(Attribute::Report), &report.id)?;
        all.retain(|address| *address != own);
        let paragraphs: Vec<ParagraphRecord> = all
            .into_iter()
            .map(|address| index.stored(address, index.fields.record))
            .collect::<Result<_, _>>()?;
        let known = {
            let table = transaction.open_table(FILES)?;
            let known = table.get(report.sha256.as_str())?;
            known.map(|known| postcard::from_bytes(known.value())).transpose()?
        };
        if let Some(history) = ReportHistory::of(&report, &paragraphs, known.as_ref()) {
            insert(&transaction, plain_id(&report), &history)?;
        }
        files.push(report.sha256);
    }
    finish(transaction, &before, &files.iter().map(String::as_str).collect(), built)
}
