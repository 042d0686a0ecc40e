//! Reads the files of a plan in parallel and hands their reports to the index one by one.
//!
//! Each thread holds one report at a time, so memory does not grow with the number of files.

use super::IngestError;
use super::ids::{Nameless, Provisional};
use super::plan::{self, Job};
use super::progress::{Event, Progress};
use crate::discover::Content;
use crate::extract::worker::{WorkerError, Workers, panic_words};
use crate::knowledge::Knowledge;
use crate::understand::report::{self, Report, Source};
use findings_index::Build;
use findings_index::records::ledger::{FileError, LedgerEntry, NoReport, Reason};
use findings_index::records::{ParagraphRecord, ReportRecord};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

/// The parts that are needed to read the files of a build.
pub(super) struct Reader<'a> {
    pub(super) workers: &'a Workers,
    pub(super) knowledge: &'a Knowledge,
    pub(super) writer: &'a dyn Build,
    pub(super) provisional: &'a Provisional,
    pub(super) progress: &'a dyn Progress,
    /// Every id under which a report was written, finally or provisionally.
    pub(super) written: Mutex<HashSet<String>>,
}

/// The outcome of a job.
#[derive(Debug)]
pub(super) struct Done {
    /// The entry of its file.
    pub(super) entry: LedgerEntry,
    /// The entry of the copy that still holds the report, if the file cannot be read.
    pub(super) holder: Option<LedgerEntry>,
}

impl Done {
    /// The outcome of a job whose file gives no report.
    pub(super) fn without_report(job: &Job, why: NoReport) -> Self {
        match why {
            NoReport::NotAReport(what) => {
                let sha256 = Some(job.sha256.as_str());
                let entry = plan::no_report(&job.file, sha256, what, job.fallback.as_ref());
                Self { entry, holder: None }
            }
            NoReport::Unreadable(error) => {
                let entry = plan::unreadable(&job.file, error, job.fallback.as_ref());
                Self { entry, holder: job.holder.clone() }
            }
        }
    }

    /// The entries of the job's file and of its copies.
    pub(super) fn entries(self, job: &Job) -> Vec<LedgerEntry> {
        let Self { entry, holder } = self;
        let held_at = holder.as_ref().map_or(&job.file.name, |holder| &holder.path);
        let mut entries = Vec::with_capacity(job.copies.len() + 1);
        for copy in job.copies.iter().filter(|copy| copy.name != *held_at) {
            entries.push(match &entry.reason {
                Some(Reason::NotAReport(what)) => {
                    let earlier = job.holder.as_ref().filter(|holder| holder.path == copy.name);
                    plan::no_report(copy, Some(&job.sha256), what.clone(), earlier)
                }
                _ => plan::duplicate(copy, &job.sha256, held_at),
            });
        }
        entries.extend(holder);
        entries.push(entry);
        entries
    }
}

impl Reader<'_> {
    /// Reads the files of all jobs and writes their reports under ids that may be provisional.
    pub(super) fn all(&self, jobs: &[Job]) -> Result<Vec<Done>, IngestError> {
        jobs.par_iter()
            .enumerate()
            // Files differ greatly in size, so a thread takes one file at a time.
            .with_max_len(1)
            .map(|(number, job)| self.one(number, job))
            .collect()
    }

    fn one(&self, number: usize, job: &Job) -> Result<Done, IngestError> {
        let done = match self.report(job)? {
            Ok(report) => {
                let nameless = Nameless { plain: &report.record.id, sha256: &job.sha256 };
                let id = self.provisional.claim(nameless, number);
                Done { entry: self.write_read(job, report, &id)?, holder: None }
            }
            Err(why) => Done::without_report(job, why),
        };
        self.progress.on(Event::Read {
            path: &done.entry.path,
            outcome: done.entry.outcome,
            bytes: job.file.bytes,
            pages: done.entry.pages.unwrap_or(0),
            paragraphs: done.entry.paragraphs,
        });
        Ok(done)
    }

    /// Reads the file of a job again and writes its report under another id.
    ///
    /// Few reports share a plain id, so it is better to read them twice than to keep all in memory.
    pub(super) fn again(
        &self,
        job: &Job,
        id: &str,
    ) -> Result<Result<LedgerEntry, NoReport>, IngestError> {
        Ok(match self.report(job)? {
            Ok(report) => Ok(self.write_read(job, report, id)?),
            Err(why) => Err(why),
        })
    }

    fn report(&self, job: &Job) -> Result<Result<Report, NoReport>, IngestError> {
        let content = match job.format {
            Some(format) => Ok(Content::Readable(format)),
            None => job.file.content(),
        };
        let format = match content {
            Ok(Content::Readable(format)) => format,
            Ok(Content::Other(what)) => return Ok(Err(what.into())),
            Err(error) => return Ok(Err(FileError::from(error).into())),
        };
        let text = match self.workers.extract(&job.file.path, format) {
            Ok(text) => text,
            Err(error @ WorkerError::Start { .. }) => return Err(IngestError::Worker(error)),
            Err(WorkerError::File(error)) => return Ok(Err(error.into())),
        };
        let source = Source { path: &job.file.below, sha256: &job.sha256 };
        let understood = panic::catch_unwind(AssertUnwindSafe(|| {
            report::understand(&text, &source, self.knowledge)
        }));
        Ok(match understood {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(what)) => Err(what.into()),
            Err(payload) => {
                let message = panic_words(payload.as_ref());
                Err(FileError::NotUnderstood { message }.into())
            }
        })
    }

    fn write_read(
        &self,
        job: &Job,
        mut report: Report,
        id: &str,
    ) -> Result<LedgerEntry, IngestError> {
        let plain_id = report.record.id.clone();
        report.rename(id);
        self.write(&report.record, &report.paragraphs)?;
        Ok(LedgerEntry {
            sha256: Some(job.sha256.clone()),
            report: Some(id.to_owned()),
            plain_id: Some(plain_id),
            pages: report.record.pages,
            paragraphs: count(report.paragraphs.len()),
            // What describes the report itself is no doubt about how it was read.
            warnings: count(
                report.record.warnings.iter().filter(|warning| warning.code.is_doubt()).count(),
            ),
            ..plan::entry(&job.file, job.outcome, job.reason.clone())
        })
    }

    /// Writes a report under its current id.
    pub(super) fn write(
        &self,
        record: &ReportRecord,
        paragraphs: &[ParagraphRecord],
    ) -> Result<(), IngestError> {
        self.writer.put(record, paragraphs)?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(record.id.clone());
        Ok(())
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
