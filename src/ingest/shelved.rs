//! What is kept on the shelf of an index while several machines read for it: how the build is divided, which
//! parts were read, and what they read.

use super::{IngestError, Options};
use crate::extract::Limits;
use crate::knowledge::Knowledge;
use crate::understand::report::Report;
use findings_index::records::ledger::NotAReport;
use findings_index::records::{ParagraphRecord, ReportRecord};
use findings_index::shelf::Shelf;
use findings_index::{OpenError, SearchError, WriteError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// The most parts into which a build can be divided.
const MOST: u32 = 1_000;

/// The name under which the shelf says how the build is divided.
const DIVISION: &str = "division";

/// One of the parts of a build, such as 2 of 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    number: u32,
    of: u32,
}

impl Part {
    /// The number of this part, from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }

    /// The number of all parts.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether a file belongs to this part. Each file belongs to one, on every machine to the same.
    pub(super) fn holds(self, below: &str) -> bool {
        let hash = Sha256::digest(below);
        let number = hash.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % self.of);
        number + 1 == self.number
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Why something names no part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// It is not two numbers.
    #[error("a part is written as its number and the number of all parts, such as `2/8`")]
    Form,
    /// There are too many parts.
    #[error("a build has at most {MOST} parts")]
    Many,
    /// There is no such part.
    #[error("of {of} parts, there is none with the number {number}: they are numbered from 1")]
    None {
        /// The number given.
        number: u32,
        /// The number of parts.
        of: u32,
    },
}

impl From<ParseIntError> for PartError {
    fn from(_: ParseIntError) -> Self {
        Self::Form
    }
}

impl FromStr for Part {
    type Err = PartError;

    fn from_str(text: &str) -> Result<Self, PartError> {
        let (number, of) = text.split_once('/').ok_or(PartError::Form)?;
        let (number, of) = (number.trim().parse()?, of.trim().parse()?);
        match (number, of) {
            (_, of) if of > MOST => Err(PartError::Many),
            (number, of) if number == 0 || number > of => Err(PartError::None { number, of }),
            (number, of) => Ok(Self { number, of }),
        }
    }
}

/// Why a build cannot be finished from its parts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartsError {
    /// Nobody began to read one.
    #[error("no part of a build was read for this index")]
    None,
    /// Some were not read to their end.
    #[error("{} not read to the end yet", parts(missing, *of))]
    Missing {
        /// Their numbers, in order.
        missing: Vec<u32>,
        /// The number of all parts.
        of: u32,
    },
    /// Some were read otherwise than they would be read here.
    #[error(
        "{} read by another version of this program, or with other frameworks, authorities, topics, \
         corrections or limits than these",
        parts(others, *of)
    )]
    Otherwise {
        /// Their numbers, in order.
        others: Vec<u32>,
        /// The number of all parts.
        of: u32,
    },
}

fn parts(numbers: &[u32], of: u32) -> String {
    let all: Vec<String> = numbers.iter().map(u32::to_string).collect();
    match all.as_slice() {
        [one] => format!("part {one} of {of} was"),
        [first @ .., last] => format!("parts {} and {last} of {of} were", first.join(", ")),
        [] => format!("none of {of} parts was"),
    }
}

/// What a build that was finished took from its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// The number of parts.
    pub parts: u32,
    /// How many files none of them had read, so that they were read now.
    pub read_now: usize,
}

/// A note on the shelf: how the build is divided, and once a part is read also that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Division {
    of: u32,
    /// How files were read; see [`reading`].
    reading: String,
}

/// What was read from one file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Read {
    Report(Box<ReportRecord>, Vec<ParagraphRecord>),
    NotAReport(NotAReport),
}

/// What has been read of a build.
#[derive(Debug)]
pub(super) struct Shelved {
    shelf: Box<dyn Shelf>,
    /// How files are read here.
    reading: String,
    /// The names of what was asked for and is not there.
    absent: Mutex<HashSet<String>>,
}

impl Shelved {
    pub(super) fn new(options: &Options, knowledge: &Knowledge) -> Result<Self, OpenError> {
        let reading = reading(knowledge, &options.limits);
        Ok(Self { shelf: options.index.shelf()?, reading, absent: Mutex::default() })
    }

    /// What all parts of a build have read.
    pub(super) fn complete(
        options: &Options,
        knowledge: &Knowledge,
    ) -> Result<(Self, u32), IngestError> {
        let shelved = Self::new(options, knowledge)?;
        let Some(Division { of, .. }) = shelved.note(DIVISION)? else {
            return Err(PartsError::None.into());
        };
        let (mut missing, mut others) = (Vec::new(), Vec::new());
        for number in 1..=of {
            match shelved.note(&read_name(number))? {
                Some(division) if division.of == of => {
                    if division.reading != shelved.reading {
                        others.push(number);
                    }
                }
                _ => missing.push(number),
            }
        }
        if !missing.is_empty() {
            return Err(PartsError::Missing { missing, of }.into());
        }
        if !others.is_empty() {
            return Err(PartsError::Otherwise { others, of }.into());
        }
        Ok((shelved, of))
    }

    fn note(&self, name: &str) -> Result<Option<Division>, SearchError> {
        let bytes = self.shelf.get(name)?;
        // What another version put there in another form is as good as not there.
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Notes that a build is divided so.
    pub(super) fn begin(&self, part: Part) -> Result<(), WriteError> {
        self.put_note(DIVISION, part.of)
    }

    /// Notes that a part was read to its end.
    pub(super) fn end(&self, part: Part) -> Result<(), WriteError> {
        self.put_note(&read_name(part.number), part.of)
    }

    fn put_note(&self, name: &str, of: u32) -> Result<(), WriteError> {
        let division = Division { of, reading: self.reading.clone() };
        self.shelf.put(name, serde_json::json!(division).to_string().as_bytes())
    }

    /// The name of what is read from a file.
    fn name(&self, below: &str, sha256: &str) -> String {
        let parts = [self.reading.as_str(), below, sha256];
        hex::encode(Sha256::digest(parts.join("\0")))
    }

    /// What was read from a file with this path and hash; `None` if it was not.
    pub(super) fn read(
        &self,
        below: &str,
        sha256: &str,
    ) -> Result<Option<Result<Report, NotAReport>>, SearchError> {
        let name = self.name(below, sha256);
        let bytes = self.shelf.get(&name)?;
        let read = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok());
        if read.is_none() {
            self.absent.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
        }
        Ok(read.map(|read| match read {
            Read::Report(record, paragraphs) => Ok(Report { record: *record, paragraphs }),
            Read::NotAReport(what) => Err(what),
        }))
    }

    /// How many files were asked for that are not there.
    pub(super) fn absent(&self) -> usize {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(super) fn put(&self, below: &str, sha256: &str, read: &Read) -> Result<(), IngestError> {
        let bytes = postcard::to_stdvec(read)
            .map_err(|error| IngestError::Search(SearchError::Index { source: error.into() }))?;
        Ok(self.shelf.put(&self.name(below, sha256), &bytes)?)
    }

    /// Takes away what was read, since the index holds it.
    pub(super) fn clear(&self) -> Result<(), WriteError> {
        self.shelf.clear()
    }
}

/// The name of the note that a part was read to its end.
fn read_name(number: u32) -> String {
    format!("read-{number}")
}

/// How files are read: what was read otherwise is not used.
fn reading(knowledge: &Knowledge, limits: &Limits) -> String {
    let Limits { bytes, pages, seconds, memory, depth } = limits;
    format!("{} {bytes} {pages} {seconds} {memory} {depth}", super::reading(knowledge))
}
