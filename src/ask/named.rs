//! What the text of a query names as a whole: an authority, a report, a topic.
//!
//! Names are only offered: what a query finds does not depend on them.

use super::Session;
use super::error::AskError;
use findings_index::records::Attribute;
use findings_index::request::{Filters, SearchRequest};
use serde::Serialize;

/// Something that the text of a query names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// An authority of which reports are held.
    Authority {
        /// Its name.
        name: String,
        /// How many reports of it are held.
        reports: usize,
    },
    /// A report.
    Report {
        /// Its id.
        id: String,
        /// What it is called.
        title: String,
    },
    /// A topic.
    Topic {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
}

/// The most things that are offered.
const OFFERED: usize = 4;

impl Session<'_> {
    /// Lists what a text names as a whole: authorities, then a report, then a topic.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn called(&self, text: &str) -> Result<Vec<Named>, AskError> {
        let text = text.trim().trim_matches(['"', '“', '”']);
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut named = Vec::new();
        if let Some(meant) = self.council(text)?.filter(|meant| meant.is_whole) {
            for council in meant.may_be.into_iter().filter(|council| council.is_held) {
                let reports = self.reports_on(&council.name)?;
                named.push(Named::Authority { name: council.name, reports });
            }
        }
        if let Some(report) = self.engine.report(text)? {
            let title = report.title.clone().unwrap_or_else(|| report.id.clone());
            named.push(Named::Report { id: report.id, title });
        }
        named.extend(
            self.topics_called(text)?
                .into_iter()
                .map(|topic| Named::Topic { id: topic.id.clone(), name: topic.name.clone() }),
        );
        named.truncate(OFFERED);
        Ok(named)
    }

    /// Counts the reports on an authority.
    ///
    /// # Errors
    /// An engine that fails.
    pub fn reports_on(&self, authority: &str) -> Result<usize, AskError> {
        let filters = Filters::of(Attribute::Authority, [authority]);
        let request = SearchRequest { filters, limit: 0, ..SearchRequest::default() };
        Ok(self.engine.search(&request, &self.deadline)?.reports)
    }
}
