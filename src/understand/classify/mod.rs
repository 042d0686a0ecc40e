//! Finds what paragraphs are about (their topics) and what reports abbreviate (their acronyms).
//!
//! Topics are data; see [`crate::knowledge::topics`]. Only the words decide: this module does not
//! know where in a report a paragraph is. Boilerplate gets no topics, and recommendations deny none.

pub(crate) mod acronyms;

use crate::knowledge::topics::Topics;
use findings_index::records::{Acronym, Kind, ParagraphRecord};

/// Tags the paragraphs of a report with their topics.
pub(crate) fn tag(paragraphs: &mut [ParagraphRecord], topics: &Topics) {
    for paragraph in paragraphs.iter_mut().filter(|p| p.kind != Kind::Boilerplate) {
        for (id, is_denied) in topics.with_denials(&paragraph.text) {
            let is_denied = is_denied && paragraph.kind != Kind::Recommendation;
            paragraph.topics_denied.extend(is_denied.then(|| id.clone()));
            paragraph.topics.push(id);
        }
    }
}

/// The acronyms that a report explains, each meaning once, with its first paragraph.
pub(crate) fn explained(paragraphs: &[ParagraphRecord]) -> Vec<Acronym> {
    let mut explained: Vec<Acronym> = Vec::new();
    for paragraph in paragraphs {
        for (short, long) in acronyms::find(&paragraph.text) {
            let known =
                |a: &Acronym| a.short == short && a.long.to_lowercase() == long.to_lowercase();
            if !explained.iter().any(known) {
                explained.push(Acronym { short, long, paragraph: paragraph.id.clone() });
            }
        }
    }
    explained
}
