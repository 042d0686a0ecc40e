//! The user's corrections: which file holds them, and whether each found its report.

use super::Context;
use crate::knowledge::{Corrections, Knowledge};
use anyhow::{Context as _, anyhow};
use findings_index::engine::all_reports;
use findings_index::request::Filters;
use findings_index::{Location, OpenError};
use std::path::PathBuf;
use std::{fs, io};

/// The name of the file of corrections in the folder that holds the index.
const FILE: &str = "corrections.toml";

/// Where the corrections stand.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct CorrectionArgs {
    /// Your corrections of what was misread [default: the file named in findings.toml, or
    /// corrections.toml in the folder that holds the index, or in the current one where a cluster
    /// does, if there is one]
    ///
    /// Names a report by the end of its path or its SHA-256, sets its authority, framework, dates,
    /// lead inspector, overall judgement or the grades of its sections, and says why. When the file
    /// changes, the next `findings index` reads every report again.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
}

impl CorrectionArgs {
    /// Adds the corrections to the knowledge.
    pub(crate) fn apply(
        &self,
        knowledge: Knowledge,
        context: &Context,
    ) -> anyhow::Result<Knowledge> {
        let named = self.corrections.as_ref().or(context.config().corrections.as_ref());
        let (file, text) = match named {
            Some(file) => (file.clone(), fs::read_to_string(file)),
            None => {
                let file = beside(&context.location);
                match fs::read_to_string(&file) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(knowledge),
                    read => (file, read),
                }
            }
        };
        let text =
            text.with_context(|| format!("cannot read the corrections {}", file.display()))?;
        knowledge.with_corrections(&text).map_err(|error| anyhow!("{}, {error}", file.display()))
    }
}

/// Returns the path of the file of corrections in the folder that holds the index; the current one
/// where a cluster holds it.
fn beside(index: &Location) -> PathBuf {
    let Some(index) = index.folder() else {
        return PathBuf::from(FILE);
    };
    let folder = index.canonicalize().ok().and_then(|index| Some(index.parent()?.to_owned()));
    let folder = folder.or_else(|| Some(index.parent()?.to_owned())).unwrap_or_default();
    folder.join(FILE)
}

/// Reports which corrections name no report of the index, and which name several.
pub(crate) fn unmatched(
    corrections: &Corrections,
    context: &Context,
) -> anyhow::Result<Vec<String>> {
    if corrections.all().is_empty() {
        return Ok(Vec::new());
    }
    let reports = match context.location.open() {
        Ok(engine) => all_reports(
            engine.as_ref(),
            &Filters::default(),
            &context.patient_session(engine.as_ref()).deadline,
        )?,
        Err(OpenError::Missing { .. } | OpenError::NoCorpus { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let said = corrections.all().iter().filter_map(|correction| {
        let meant = reports.iter().filter(|r| correction.is_of(&r.path, &r.sha256)).count();
        let (line, which) = (correction.line, &correction.which);
        match meant {
            0 => Some(format!(
                "the correction in line {line} names no report that is held: {which}; \
                 `findings reports --format csv` lists the paths"
            )),
            1 => None,
            _ => Some(format!(
                "the correction in line {line} was applied to {meant} reports: {which}; name more \
                 of the path to mean one"
            )),
        }
    });
    Ok(said.collect())
}
