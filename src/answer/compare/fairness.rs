//! Writes the notes that a reader needs before drawing a conclusion.
//!
//! Makes a note only where it applies to the counts at hand.

use super::funnel::{Funnel, Method};
use super::groups::{FEW_PARAGRAPHS, FEW_REPORTS, Group};
use super::share::too_few;
use crate::ask::denials;
use crate::ask::notes::{self, Uncounted};
use crate::ask::topics;
use findings_index::language::topic::Taxonomy;
use findings_index::records::numerals::thousands as number;
use findings_index::records::{Attribute, Kind, TopicUsed};
use findings_index::request::UnheldWord;
use findings_index::request::compare::CompareResponse;
use serde::Serialize;
use std::collections::BTreeMap;

/// By this part of the standardised rate at least a crude one must be off to mislead.
const MISLEADING: f64 = 0.2;

/// This many matching paragraphs must be expected of a group before that is said of it.
const WORTH_SAYING: f64 = 5.0;

/// The most groups that are named.
const NAMED: usize = 4;

/// How many times as long the reports of one framework may be as those of another, on average,
/// before a note warns against comparing shares of reports.
const LENGTHS_APART: f64 = 1.5;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum About {
    /// Where a paragraph may have the words that are looked for.
    Words,
    /// A mention may be praise or criticism.
    Mention,
    /// A section's grade is not the paragraph's.
    SectionGrade,
    /// What limits take for independent.
    Independence,
    /// Groups whose crude rates mislead.
    Standardised,
    /// Groups with too few matches for an interval.
    TooFew,
    /// Small groups.
    Small,
    /// Reports of several frameworks.
    Frameworks,
    /// Reports of one framework differ by more than chance.
    Dispersion,
    /// Some authorities were inspected more often.
    Chances,
    /// Paragraphs that only deny what is looked for.
    Denied,
    /// How well a topic tags.
    Measured,
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
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = ComparisonNote))]
pub struct Note {
    /// What it is about.
    pub about: About,
    /// What it says.
    pub text: String,
}

pub(super) fn notes(
    response: &CompareResponse,
    groups: &[Group],
    cells: &[Group],
    funnel: Option<&Funnel>,
    is_standardised: bool,
) -> Vec<Note> {
    let matching = &response.whole.matching;
    let mut notes = Vec::new();
    let mut note = |about, text: String| notes.push(Note { about, text });
    note(
        About::Mention,
        "What is counted is whether a paragraph mentions it, not what the paragraph says about it: \
         a mention may be praise or criticism."
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
    let small = groups.iter().chain(cells).filter(|group| group.is_small).count();
    if small > 0 {
        let paragraphs = format!("fewer than {FEW_PARAGRAPHS} eligible paragraphs");
        let few = if response.by.contains(&Attribute::Report) {
            paragraphs
        } else if response.by.contains(&Attribute::Authority) {
            format!("{paragraphs} or only one or two reports")
        } else {
            format!("{paragraphs} or fewer than {FEW_REPORTS} reports")
        };
        note(About::Small, format!("Groups marked as small have {few}: their rates say little."));
    }
    let few = groups.iter().chain(cells).filter(|group| group.paragraphs.too_few).count();
    if few > 0 {
        let all = groups.len() + cells.len();
        note(
            About::TooFew,
            format!(
                "{few} of {all} groups have too few matches or reports for an interval: how much their \
                 rates owe to chance cannot be said. Too few are {}.",
                too_few("paragraphs", "reports")
            ),
        );
    }
    if let Some(text) = frameworks(response) {
        note(About::Frameworks, text);
    }
    if let Some(text) = misleading(groups, is_standardised) {
        note(About::Standardised, text);
    }
    match funnel {
        Some(funnel) if funnel.method == Method::Raw => note(
            About::Independence,
            "The raw limits take paragraphs for independent and frameworks for alike. Neither is so: \
             far more groups lie outside than should."
                .to_owned(),
        ),
        Some(funnel) if funnel.dispersion > 1.05 => note(
            About::Dispersion,
            format!(
                "Reports of one framework differ {:.1} times as much as chance among paragraphs would \
                 make them. The limits of the funnel allow for that.",
                funnel.dispersion
            ),
        ),
        _ => {}
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

/// Notes how well the topics tag that are looked for.
pub(super) fn measured(taxonomy: &Taxonomy, used: &[TopicUsed]) -> Vec<Note> {
    let notes = topics::measured(taxonomy, used.iter().map(|used| used.id.as_str()));
    let note = |note: notes::Note| Note { about: About::Measured, text: sentence(&note.text) };
    notes.into_iter().map(note).collect()
}

/// Notes the paragraphs that only deny what is looked for.
pub(super) fn denied(count: usize, are_left_out: bool) -> Option<Note> {
    let note = denials::denied(count, are_left_out)?;
    Some(Note { about: About::Denied, text: sentence(&note.text) })
}

/// Notes where a paragraph may have the words that are looked for.
pub(super) fn several(remarks: &[notes::Note]) -> Option<Note> {
    let told = remarks.iter().find(|remark| remark.code == "several")?;
    Some(Note { about: About::Words, text: sentence(&told.text) })
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

/// Notes which groups look different once the mix of frameworks is allowed for.
fn misleading(groups: &[Group], is_standardised: bool) -> Option<String> {
    let mut off: Vec<(f64, &Group, f64, f64)> = groups
        .iter()
        .filter_map(|group| {
            let own = group.standardised.filter(|own| own.expected >= WORTH_SAYING)?;
            let (crude, standardised) = (group.paragraphs.percent?, own.percent?);
            let part = (crude - standardised).abs() / standardised.max(f64::EPSILON);
            (part >= MISLEADING).then_some((part, group, crude, standardised))
        })
        .collect();
    off.sort_by(|a, b| b.0.total_cmp(&a.0));
    let count = off.len();
    if count == 0 {
        return None;
    }
    let name = |group: &Group| {
        group.values.first().cloned().flatten().unwrap_or_else(|| "no value".to_owned())
    };
    let named: Vec<String> = off
        .iter()
        .take(NAMED)
        .map(|(_, group, crude, standardised)| {
            format!("{} ({crude:.1} crude, {standardised:.1} standardised)", name(group))
        })
        .collect();
    let and = if count > NAMED { " and others" } else { "" };
    let verb = if count == 1 { "misleads" } else { "mislead" };
    let who = if is_standardised { "The rates shown allow for it." } else { "" };
    Some(
        format!(
            "The crude {} of {count} of {} groups {verb}, as their reports are of other frameworks \
             than those of all: {}{and}. {who}",
            if count == 1 { "rate" } else { "rates" },
            groups.len(),
            named.join(", ")
        )
        .trim_end()
        .to_owned(),
    )
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
