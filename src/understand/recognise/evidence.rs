//! Records where each value of a header was found: page, words, pattern.
//!
//! This helps to find out why a report was understood wrongly. Decides nothing.

use super::{beside, one_line};
use crate::extract::{Block, ExtractedText, Role};
use crate::knowledge::fold;
use crate::knowledge::pattern::Pattern;
use serde::Serialize;

/// A value of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The framework.
    Framework,
    /// The kind of visit, if the report is of one.
    Visit,
    /// The title.
    Title,
    /// The authority.
    Authority,
    /// First and last day of the inspection.
    Inspected,
    /// The date of publication.
    Published,
    /// The lead inspector.
    LeadInspector,
    /// What a joint inspection was about.
    Theme,
}

impl Field {
    /// All fields, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Framework,
        Self::Visit,
        Self::Title,
        Self::Authority,
        Self::Inspected,
        Self::Published,
        Self::LeadInspector,
        Self::Theme,
    ];

    /// The name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Framework => "framework",
            Self::Visit => "visit",
            Self::Title => "title",
            Self::Authority => "authority",
            Self::Inspected => "inspected",
            Self::Published => "published",
            Self::LeadInspector => "lead inspector",
            Self::Theme => "theme",
        }
    }
}

/// The place where a value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The text of the report.
    Text,
    /// The name of the file.
    Filename,
    /// The metadata of the file.
    Metadata,
    /// The user's corrections.
    Correction,
}

/// The evidence for the value of a field of the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The field.
    pub field: Field,
    /// Where it was found.
    pub place: Place,
    /// The page on which it is printed, counted from 1.
    pub page: Option<u32>,
    /// The words that were read, folded as patterns see them.
    pub printed: String,
    /// The pattern that matched, if one did.
    pub pattern: Option<String>,
}

/// Blocks as folded lines, one per block, with their pages.
pub(super) struct Lines {
    pub(super) text: String,
    /// Where each block begins in the text, in bytes, and its page.
    starts: Vec<(usize, Option<u32>)>,
}

/// A match of a pattern.
pub(super) struct Match<'t> {
    /// The words of the group `value`, or the whole match.
    pub(super) value: &'t str,
    /// The whole match.
    whole: &'t str,
    /// Where the value begins, in bytes.
    at: usize,
    pattern: &'t Pattern,
}

impl Lines {
    /// Collects the wanted blocks, without tables of contents, until `most` bytes are reached.
    pub(super) fn of(text: &ExtractedText, wanted: impl Fn(&Block) -> bool, most: usize) -> Self {
        let mut lines = Self { text: String::new(), starts: Vec::new() };
        let wanted = |b: &&Block| b.role != Role::Contents && wanted(b);
        let mut before: Option<&Block> = None;
        for block in text.blocks.iter().filter(wanted) {
            // A label and its value are often in two cells of one row.
            if before.is_some_and(|before| beside(before, block)) {
                lines.text.pop();
                lines.text.push(' ');
            }
            lines.starts.push((lines.text.len(), block.page));
            lines.text.push_str(&fold::punctuation(&block.text));
            lines.text.push('\n');
            before = Some(block);
            if lines.text.len() >= most {
                break;
            }
        }
        lines
    }

    /// The matches of all patterns that have a `value`, at most eight per pattern, in the order of
    /// the patterns.
    pub(super) fn values<'t>(
        &'t self,
        patterns: &'t [Pattern],
    ) -> impl Iterator<Item = Match<'t>> + 't {
        patterns.iter().flat_map(|pattern| {
            pattern.regex().captures_iter(&self.text).take(8).filter_map(move |captures| {
                let (whole, value) = (captures.get(0)?, captures.name("value")?);
                Some(Match {
                    value: value.as_str(),
                    whole: whole.as_str(),
                    at: value.start(),
                    pattern,
                })
            })
        })
    }

    /// The match of the first pattern that matches at all.
    pub(super) fn first<'t>(&'t self, patterns: &'t [Pattern]) -> Option<Match<'t>> {
        patterns.iter().find_map(|pattern| {
            let found = pattern.regex().find(&self.text)?;
            let words = found.as_str();
            Some(Match { value: words, whole: words, at: found.start(), pattern })
        })
    }

    /// The text from the value of a match on, as far as `most` bytes, in one line: what is wanted
    /// may go on in the next line.
    pub(super) fn onwards(&self, found: &Match<'_>, most: usize) -> String {
        let rest = self.text.get(found.at..).unwrap_or_default();
        let end = (most.min(rest.len())..=rest.len()).find(|end| rest.is_char_boundary(*end));
        one_line(&rest[..end.unwrap_or(rest.len())])
    }

    /// The value of a match with the line after it.
    pub(super) fn with_next_line<'t>(&'t self, found: &Match<'t>) -> &'t str {
        let rest = self.text.get(found.at..).unwrap_or_default();
        let end = rest[found.value.len()..].match_indices('\n').map(|(at, _)| at).nth(1);
        rest.get(..end.map_or(rest.len(), |end| found.value.len() + end)).unwrap_or(rest)
    }

    /// The same lines as one: a label may be in one line and its value in the next.
    pub(super) fn joined(&self) -> Self {
        Self { text: self.text.replace('\n', " "), starts: self.starts.clone() }
    }

    /// Makes a match evidence for a field.
    pub(super) fn evidence(&self, field: Field, found: &Match<'_>) -> Evidence {
        Evidence {
            pattern: Some(found.pattern.source().to_owned()),
            ..self.seen(field, found.at, found.whole)
        }
    }

    /// Makes words at a place, in bytes, evidence for a field.
    pub(super) fn seen(&self, field: Field, at: usize, words: &str) -> Evidence {
        let block = self.starts.partition_point(|(start, _)| *start <= at);
        Evidence {
            field,
            place: Place::Text,
            page: block.checked_sub(1).and_then(|block| self.starts[block].1),
            printed: one_line(words),
            pattern: None,
        }
    }

    /// Lines without pages, for tests.
    #[cfg(test)]
    pub(super) fn of_text(text: &str) -> Self {
        Self { text: text.to_owned(), starts: vec![(0, None)] }
    }
}
