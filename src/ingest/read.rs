//! Reads the files of a plan in parallel and hands their reports to the index one by one.
//!
//! Each thread holds one report at a time, so memory does not grow with the number of files.

use super::IngestError;
use super::ids::{Nameless, Provisional};
use super::plan::{self, Job};
use super::progress::{Event, Progress};
use super::shelved::Shelved;
use crate::discover::Content;
use crate::extract::worker::{WorkerError, Workers, panic_words};
use crate::knowledge::Knowledge;
use crate::understand::report::{self, Report, Source};
use findings_index::records::ledger::{FileError, LedgerEntry, NoReport, Reason};
use findings_index::records::{ParagraphRecord, ReportRecord};
use findings_index::{Build, WriteError};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

/// Where the reports of files come from.
pub(super) struct Reports<'a> {
    pub(super) workers: &'a Workers,
    pub(super) knowledge: &'a Knowledge,
    /// What was read already, if this build is one that was read in parts.
    pub(super) shelved: Option<&'a Shelved>,
}

/// The parts that are needed to read the files of a build.
pub(super) struct Reader<'a> {
    pub(super) reports: Reports<'a>,
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

impl Reports<'_> {
    /// The report of a job's file.
    pub(super) fn report(&self, job: &Job) -> Result<Result<Report, NoReport>, IngestError> {
        if let Some(shelved) = self.shelved
            && let Some(read) = shelved.read(&job.file.below, &job.sha256)?
        {
            return Ok(read.map_err(NoReport::NotAReport));
        }
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
        let written = match self.reports.report(job)? {
            Ok(report) => {
                let nameless = Nameless { plain: &report.record.id, sha256: &job.sha256 };
                let id = self.provisional.claim(nameless, number);
                self.write_read(job, report, &id)?
            }
            Err(why) => Err(why),
        };
        let done = match written {
            Ok(entry) => Done { entry, holder: None },
            Err(why) => Done::without_report(job, why),
        };
        self.progress.on(event_of(&done.entry, job));
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
        match self.reports.report(job)? {
            Ok(report) => self.write_read(job, report, id),
            Err(why) => Ok(Err(why)),
        }
    }

    fn write_read(
        &self,
        job: &Job,
        mut report: Report,
        id: &str,
    ) -> Result<Result<LedgerEntry, NoReport>, IngestError> {
        let entry = entry_of(job, &report, id);
        report.rename(id);
        match self.write(&report.record, &report.paragraphs) {
            Ok(()) => Ok(Ok(entry)),
            // One report that is not taken is no reason to do without the others.
            Err(IngestError::Write(WriteError::NotTaken { reason, .. })) => {
                Ok(Err(FileError::NotTaken { message: reason }.into()))
            }
            Err(error) => Err(error),
        }
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

/// The entry of a job whose file gave this report, which gets this id.
pub(super) fn entry_of(job: &Job, report: &Report, id: &str) -> LedgerEntry {
    // What describes the report itself is no doubt about how it was read.
    let warnings = report.record.warnings.iter().filter(|warning| warning.code.is_doubt());
    LedgerEntry {
        sha256: Some(job.sha256.clone()),
        report: Some(id.to_owned()),
        plain_id: Some(report.record.id.clone()),
        pages: report.record.pages,
        paragraphs: count(report.paragraphs.len()),
        warnings: count(warnings.count()),
        ..plan::entry(&job.file, job.outcome, job.reason.clone())
    }
}

/// The event that the file of a job was read.
pub(super) fn event_of<'e>(entry: &'e LedgerEntry, job: &Job) -> Event<'e> {
    Event::Read {
        path: &entry.path,
        outcome: entry.outcome,
        bytes: job.file.bytes,
        pages: entry.pages.unwrap_or(0),
        paragraphs: entry.paragraphs,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Reader, Reports};
    use crate::discover::SourceFile;
    use crate::extract::markdown;
    use crate::extract::worker::Workers;
    use crate::ingest::ids::Provisional;
    use crate::ingest::plan::Job;
    use crate::knowledge::Knowledge;
    use crate::understand::report::{Source, understand};
    use findings_index::language::topic::Taxonomy;
    use findings_index::ranking::meaning::LearnedTable;
    use findings_index::records::ledger::{Ledger, NoReport, Outcome};
    use findings_index::records::{Authority, ParagraphRecord, ReportRecord};
    use findings_index::request::Corpus;
    use findings_index::{Build, WriteError};
    use std::collections::HashSet;
    use std::path::{Path, PathBuf};
    use std::sync::Mutex;

    /// An index that does not take the report of this id, and fails at others.
    #[derive(Debug)]
    struct Refusing(&'static str);

    impl Build for Refusing {
        fn held(&self) -> Option<&Ledger> {
            None
        }
        fn tagged_by(&mut self, _: Taxonomy) {}
        fn named_by(&mut self, _: Vec<Authority>) {}
        fn learned_by(&mut self, _: Option<LearnedTable>) {}
        fn present(&mut self, _: HashSet<String>) {}
        fn keep_times(&mut self) {}
        fn set_aside(&self) -> Option<&Path> {
            None
        }
        fn put(&self, report: &ReportRecord, _: &[ParagraphRecord]) -> Result<(), WriteError> {
            if report.id == self.0 {
                let reason = "a word is too long".to_owned();
                return Err(WriteError::NotTaken { report: report.id.clone(), reason });
            }
            Err(WriteError::Locked { holder: "another".to_owned() })
        }
        fn remove(&self, _: &str) -> Result<(), WriteError> {
            Ok(())
        }
        fn commit(self: Box<Self>, _: &Ledger) -> Result<Corpus, WriteError> {
            Err(WriteError::Locked { holder: "another".to_owned() })
        }
    }

    #[test]
    fn a_report_that_is_not_taken_is_told_in_the_ledger_and_a_failed_engine_ends_the_build() {
        let knowledge = Knowledge::embedded().unwrap();
        let text = markdown::read(
            "# A report\n\nChildren are helped early and well, since workers visit them often and listen.\n",
        );
        let report = understand(&text, &Source { path: "a.md", sha256: "00" }, &knowledge).unwrap();
        let file = SourceFile {
            path: PathBuf::from("/a.md"),
            name: "/a.md".to_owned(),
            below: "a.md".to_owned(),
            bytes: 9,
            modified: 0,
        };
        let job = Job {
            file,
            sha256: "00".to_owned(),
            format: None,
            outcome: Outcome::Read,
            reason: None,
            fallback: None,
            holder: None,
            copies: Vec::new(),
        };
        let workers = Workers::new(PathBuf::from("none"), crate::extract::Limits::default());
        let provisional = Provisional::default();
        let refusing = Refusing("given");
        let reader = Reader {
            reports: Reports { workers: &workers, knowledge: &knowledge, shelved: None },
            writer: &refusing,
            provisional: &provisional,
            progress: &(),
            written: Mutex::default(),
        };
        match reader.write_read(&job, report.clone(), "given").unwrap().unwrap_err() {
            NoReport::Unreadable(error) => insta::assert_snapshot!(
                error,
                @"was read, but the index did not take it: a word is too long"
            ),
            other @ NoReport::NotAReport(_) => panic!("{other:?}"),
        }
        assert!(reader.written.lock().unwrap().is_empty());
        let error = reader.write_read(&job, report, "other").unwrap_err().to_string();
        assert!(error.starts_with("the index is being written by another"), "{error}");
    }
}
