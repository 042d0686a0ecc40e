//! Writes the notes that a reader needs before drawing a conclusion.
//!
//! Makes a note only where it applies to the counts at hand.

use super::Group;
use super::funnel::Funnel;
use crate::ask::notes::{self, Uncounted};
use findings_index::records::numerals::thousands as number;
use findings_index::records::{Attribute, Kind};
use findings_index::request::UnheldWord;
use findings_index::request::compare::{CompareResponse, Count};
use serde::Serialize;
use std::collections::BTreeMap;

/// Groups with fewer eligible paragraphs are small.
const FEW_PARAGRAPHS: usize = 100;

/// Groups with fewer reports are small, where a group can be expected to have more.
const FEW_REPORTS: usize = 5;

/// The dispersion above which groups clearly differ by more than chance.
const DISPERSED: f64 = 2.0;

/// How many times as long the reports of one framework may be as those of another, on average,
/// before a note warns against comparing shares of reports.
const LENGTHS_APART: f64 = 1.5;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A mention may be praise or criticism.
    Mention,
    /// A section's grade is not the paragraph's.
    SectionGrade,
    /// Why intervals are too narrow.
    Independence,
    /// Small groups.
    Small,
    /// Reports of several frameworks.
    Frameworks,
    /// Groups differ by more than chance.
    Dispersion,
    /// Some authorities were inspected more often.
    Chances,
    /// What was repaired to understand the query.
    Repaired,
    /// Words that were not looked for.
    PassedOver,
    /// Words that no paragraph holds.
    Unheld,
    /// Forms of a phrase that are not counted.
    Uncounted,
    /// Summaries repeat what the body says.
    Summaries,
}

/// A caution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is about.
    pub about: About,
    /// What it says.
    pub text: String,
}

/// Whether a group is too small to say much: fewer than 100 eligible paragraphs, or fewer than 5
/// reports unless the groups are reports or authorities, which have few by nature.
#[must_use]
pub fn is_small(by: &[Attribute], eligible: &Count) -> bool {
    let is_one_body = |by: &Attribute| matches!(by, Attribute::Report | Attribute::Authority);
    let has_few_by_nature = by.iter().any(is_one_body);
    eligible.paragraphs < FEW_PARAGRAPHS || (!has_few_by_nature && eligible.reports < FEW_REPORTS)
}

pub(super) fn notes(
    response: &CompareResponse,
    groups: &[Group],
    cells: &[Group],
    funnel: Option<&Funnel>,
) -> Vec<Note> {
    let matching = &response.whole.matching;
    let mut notes = Vec::new();
    let mut note = |about, text: String| notes.push(Note { about, text });
    note(
        About::Mention,
        "Counted is whether a paragraph mentions it, not what the paragraph says about it: a \
         mention may be praise or criticism."
            .to_owned(),
    );
    if response.whole.eligible.grades.iter().any(|grade| grade.label.is_some()) {
        note(
            About::SectionGrade,
            "A section grade is the judgement on the section in which a paragraph stands, never \
             on the paragraph itself."
                .to_owned(),
        );
    }
    note(
        About::Independence,
        "Intervals treat paragraphs as independent of each other. Those of one report are not, so \
         the true doubt is wider."
            .to_owned(),
    );
    let small = groups.iter().chain(cells).filter(|group| group.is_small).count();
    if small > 0 {
        let few = if by_bodies(&response.by) {
            format!("fewer than {FEW_PARAGRAPHS} eligible paragraphs")
        } else {
            format!(
                "fewer than {FEW_PARAGRAPHS} eligible paragraphs or fewer than {FEW_REPORTS} reports"
            )
        };
        note(About::Small, format!("Groups marked as small have {few}: their rates say little."));
    }
    if let Some(text) = frameworks(response) {
        note(About::Frameworks, text);
    }
    if let Some(funnel) = funnel.filter(|funnel| funnel.dispersion > DISPERSED) {
        note(
            About::Dispersion,
            format!(
                "The variance between the groups is {:.1} times what chance alone would make it. \
                 Limits that allowed for that would be {:.1} times as wide.",
                funnel.dispersion,
                funnel.dispersion.sqrt()
            ),
        );
    }
    if let Some(text) = chances(response) {
        note(About::Chances, text);
    }
    let summaries = matching.of_kind(Kind::Summary);
    if summaries > 0 {
        note(
            About::Summaries,
            format!(
                "{} of the {} matching paragraphs are in summaries, which repeat what the \
                 body says; a condition on the kind of \
                 paragraph leaves them out.",
                number(summaries as u64),
                number(matching.paragraphs as u64)
            ),
        );
    }
    notes
}

/// Notes how the query was understood: what was repaired, and what else it could mean.
pub(crate) fn repaired(remarks: &[notes::Note]) -> Option<Note> {
    let mended = remarks.iter().filter(|remark| matches!(remark.code, "repaired" | "otherwise"));
    let text = mended.map(|remark| sentence(&remark.text)).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(Note { about: About::Repaired, text })
}

/// Notes which words were not looked for.
pub(super) fn passed_over(words: &[String]) -> Option<Note> {
    (!words.is_empty()).then(|| Note {
        about: About::PassedOver,
        text: format!(
            "Not looked for, because nearly every paragraph has them: {}. In quotation marks they are.",
            words.join(", ")
        ),
    })
}

/// Notes which words no paragraph holds, so that a misspelling is not taken for silence.
pub(crate) fn unheld(words: &[UnheldWord]) -> Option<Note> {
    let told = words.iter().map(|word| sentence(&notes::said(word)));
    let text = told.collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(Note { about: About::Unheld, text })
}

/// Notes which forms of a phrase are not counted, so that the phrase is not taken for the thing.
pub(super) fn uncounted(forms: &[Uncounted]) -> Option<Note> {
    let told = notes::left_out(forms).iter().map(|text| sentence(text)).collect::<Vec<_>>();
    (!told.is_empty()).then(|| Note { about: About::Uncounted, text: told.join(" ") })
}

/// Turns a clause into a sentence.
fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if clause.ends_with('?') { "" } else { "." };
    format!("{first}{}{end}", characters.as_str())
}

fn by_bodies(by: &[Attribute]) -> bool {
    by.iter().any(|by| matches!(by, Attribute::Report | Attribute::Authority))
}

/// Notes that there are several frameworks, and how much the lengths of their reports differ.
fn frameworks(response: &CompareResponse) -> Option<String> {
    let mut lengths: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for report in &response.reports {
        let (words, reports) = lengths.entry(&report.framework).or_default();
        *words += report.words;
        *reports += 1;
    }
    if lengths.len() < 2 {
        return None;
    }
    let averages = lengths.iter().map(|(code, (words, reports))| (*words / *reports, *code));
    let (shortest, longest) = (averages.clone().min()?, averages.max()?);
    let times = longest.0 as f64 / shortest.0.max(1) as f64;
    let scales = "Reports of several frameworks are compared. They judge different things on \
                  scales that differ, and the same word is not the same grade in all of them.";
    let lengths = format!(
        " Their lengths differ as well: {} eligible words a report for {}, {} for {}. A longer \
         report has more chances to mention something, so compare rates, not shares of reports.",
        number(longest.0),
        longest.1,
        number(shortest.0),
        shortest.1
    );
    Some(if times >= LENGTHS_APART { format!("{scales}{lengths}") } else { scales.to_owned() })
}

/// Notes how unequally often authorities were inspected.
fn chances(response: &CompareResponse) -> Option<String> {
    let mut reports: BTreeMap<&str, usize> = BTreeMap::new();
    for report in &response.reports {
        if let Some(authority) = &report.authority {
            *reports.entry(authority).or_default() += 1;
        }
    }
    let (fewest, most) = (reports.values().min()?, reports.values().max()?);
    (most > fewest).then(|| {
        format!(
            "Authorities have between {fewest} and {most} reports here: one with more of them has \
             had more chances to mention it."
        )
    })
}
