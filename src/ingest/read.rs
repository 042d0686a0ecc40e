//! Reads the files of a plan in parallel and hands their reports to the index one by one.
//!
//! Each thread holds one report at a time, so memory does not grow with the number of files.

use super::IngestError;
use super::ids::Claims;
use super::plan::{self, Job};
use super::progress::{Event, Progress};
use crate::discover::{self, Content};
use crate::extract::worker::{WorkerError, Workers, panic_words};
use crate::knowledge::Knowledge;
use crate::understand::report::{self, Report, Source};
use findings_index::Build;
use findings_index::records::ledger::{LedgerEntry, Outcome};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::panic::{self, AssertUnwindSafe};

/// What reading needs.
pub(super) struct Reading<'a> {
    pub(super) workers: &'a Workers,
    pub(super) knowledge: &'a Knowledge,
    pub(super) writer: &'a dyn Build,
    pub(super) claims: &'a Claims,
    pub(super) progress: &'a dyn Progress,
}

/// Why a file gave no report.
enum Refusal {
    NotAReport(String),
    Unreadable(String),
}

impl Reading<'_> {
    /// Reads all files and writes their reports. Gives the entries of the files and their copies,
    /// and the ids that were written on the way, some of them only for a while.
    pub(super) fn all(&self, jobs: &[Job]) -> Result<(Vec<LedgerEntry>, Vec<String>), IngestError> {
        for (number, job) in jobs.iter().enumerate() {
            if let Some(id) = &job.earlier {
                self.claims.reserve(id, number);
            }
        }
        let mut entries: Vec<LedgerEntry> = jobs
            .par_iter()
            .enumerate()
            // Files differ much in size: a thread that is done takes the next single one.
            .with_max_len(1)
            .map(|(number, job)| self.one(number, job))
            .collect::<Result<_, _>>()?;
        let mut written: Vec<String> =
            entries.iter().filter_map(|entry| entry.report.clone()).collect();
        for renaming in self.claims.settle() {
            let job = &jobs[renaming.job];
            // Reports of the same id are few; reading them twice beats keeping them all in mind.
            let entry = match self.report(job)? {
                Ok(report) => self.write(job, report, &renaming.id)?,
                Err(refusal) => refused(job, refusal),
            };
            written.extend(entry.report.clone());
            entries[renaming.job] = entry;
        }
        let mut all = Vec::with_capacity(entries.len());
        for (job, entry) in jobs.iter().zip(entries) {
            for copy in &job.copies {
                all.push(match (&entry.outcome, &entry.reason) {
                    (Outcome::NotAReport, Some(reason)) => {
                        plan::no_report(copy, Some(&job.sha256), reason, None)
                    }
                    _ => plan::duplicate(copy, &job.sha256, &job.file.name),
                });
            }
            all.push(entry);
        }
        Ok((all, written))
    }

    fn one(&self, number: usize, job: &Job) -> Result<LedgerEntry, IngestError> {
        let entry = match self.report(job)? {
            Ok(report) => {
                let id = self.claims.claim(
                    &report.record.id,
                    report.record.published,
                    &job.sha256,
                    job.earlier.as_deref(),
                    number,
                );
                self.write(job, report, &id)?
            }
            Err(refusal) => refused(job, refusal),
        };
        self.progress.on(Event::Read {
            path: &entry.path,
            outcome: entry.outcome,
            bytes: job.file.bytes,
            pages: entry.pages.unwrap_or(0),
            paragraphs: entry.paragraphs,
        });
        Ok(entry)
    }

    fn report(&self, job: &Job) -> Result<Result<Report, Refusal>, IngestError> {
        let format = match job.file.content() {
            Ok(Content::Readable(format)) => format,
            Ok(Content::Other(what)) => return Ok(Err(Refusal::NotAReport(what.to_owned()))),
            Err(error) => return Ok(Err(Refusal::Unreadable(discover::words(error)))),
        };
        let text = match self.workers.extract(&job.file.path, format) {
            Ok(text) => text,
            Err(error @ WorkerError::Start { .. }) => return Err(IngestError::Worker(error)),
            Err(error) => return Ok(Err(Refusal::Unreadable(error.to_string()))),
        };
        let source = Source { path: &job.file.below, sha256: &job.sha256 };
        let understood = panic::catch_unwind(AssertUnwindSafe(|| {
            report::understand(&text, &source, self.knowledge)
        }));
        Ok(match understood {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(reason)) => Err(Refusal::NotAReport(reason.to_string())),
            Err(payload) => Err(Refusal::Unreadable(format!(
                "its text was read but not understood, which is a fault of the program: {}",
                panic_words(payload.as_ref())
            ))),
        })
    }

    fn write(&self, job: &Job, mut report: Report, id: &str) -> Result<LedgerEntry, IngestError> {
        report.rename(id);
        self.writer.put(&report.record, &report.paragraphs)?;
        Ok(LedgerEntry {
            sha256: Some(job.sha256.clone()),
            report: Some(id.to_owned()),
            pages: report.record.pages,
            paragraphs: count(report.paragraphs.len()),
            warnings: count(report.record.warnings.len()),
            ..plan::entry(&job.file, job.outcome, job.reason.clone())
        })
    }
}

fn refused(job: &Job, refusal: Refusal) -> LedgerEntry {
    match refusal {
        Refusal::NotAReport(reason) => {
            plan::no_report(&job.file, Some(&job.sha256), &reason, job.fallback.as_ref())
        }
        Refusal::Unreadable(reason) => plan::unreadable(&job.file, reason, job.fallback.as_ref()),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
