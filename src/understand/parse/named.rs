//! Tells headings of judged areas from lines that merely name an area: entries of a list of
//! judgements, of earlier inspections or of recommendations.
//!
//! An area has one section in a part of a report. Of several lines with its name, those that are
//! printed like text, are parts of a section without a grade, or follow each other in a list begin
//! none.

use super::depth::larger;
use super::entries::Entry;
use super::headings::{Heading, bare};
use super::tables::JudgementRow;
use crate::knowledge::{Framework, Inherit, SectionRule};

/// The entries that name a judged area without beginning its section.
#[derive(Debug, Default)]
pub(super) struct Named {
    names: Vec<bool>,
    lines: Vec<bool>,
    last_area: Option<usize>,
}

impl Named {
    /// Whether the entry is a heading that names an area and begins no judged section.
    pub(super) fn is_name(&self, entry: usize) -> bool {
        self.names.get(entry).copied().unwrap_or(false)
    }

    /// Whether the entry is no heading at all but a line of the text.
    pub(super) fn is_line(&self, entry: usize) -> bool {
        self.lines.get(entry).copied().unwrap_or(false)
    }

    /// Whether a judged section begins at or after the entry.
    pub(super) fn is_before_last_area(&self, entry: usize) -> bool {
        self.last_area.is_some_and(|last| entry <= last)
    }
}

/// A line with the name of a judged area.
struct Candidate<'e, 'k> {
    entry: usize,
    heading: &'e Heading<'k>,
    rule: &'k SectionRule,
    /// The part of the report: how many unjudged outermost sections have begun.
    part: usize,
    graded: bool,
    /// Whether the next entry, but for its grade, is text.
    has_text: bool,
}

/// Finds the lines that merely name an area. The second value holds the judgements of a list that
/// is set as lines rather than as a table.
pub(super) fn find<'k>(
    entries: &[Entry<'k>],
    framework: Option<&'k Framework>,
) -> (Named, Vec<JudgementRow>) {
    let mut named = Named {
        names: vec![false; entries.len()],
        lines: vec![false; entries.len()],
        last_area: None,
    };
    let mut listed = Vec::new();
    let candidates = candidates(entries, framework);
    let mut around: Option<&Heading<'k>> = None;
    let mut next = candidates.iter().peekable();
    for (index, entry) in entries.iter().enumerate() {
        let Entry::Heading(heading) = entry else { continue };
        let Some(candidate) = next.next_if(|c| c.entry == index) else {
            // Which of several rules holds depends on the sections around it, not known yet.
            let rules: Vec<_> = fitting(heading, framework).filter(|r| r.level > 0).collect();
            if heading.apart && !rules.is_empty() {
                around = rules.iter().all(|rule| is_ungraded_part(rule)).then_some(heading);
            }
            continue;
        };
        let is_listed = is_listed(candidate, &candidates, entries, &named);
        if !is_listed && !merely_names(candidate, &candidates, around) {
            around = None;
            named.last_area = Some(index);
            continue;
        }
        named.names[index] = true;
        named.lines[index] = !heading.apart || (is_listed && !candidate.has_text);
        let grade = match entries.get(index + 1) {
            Some(Entry::Grade(grade, _)) => Some(grade),
            _ => heading.grade.as_ref(),
        };
        if let Some(grade) = grade.filter(|_| is_listed && around.is_none()) {
            let area = heading.title.clone();
            listed.push(JudgementRow { area, grade: Some(grade.clone()), page: heading.page });
        }
    }
    (named, listed)
}

fn candidates<'e, 'k>(
    entries: &'e [Entry<'k>],
    framework: Option<&'k Framework>,
) -> Vec<Candidate<'e, 'k>> {
    let mut part = 0;
    let mut found = Vec::new();
    for (entry, made) in entries.iter().enumerate() {
        let Entry::Heading(heading) = made else { continue };
        let mut judged = fitting(heading, framework)
            .filter(|rule| rule.grade == Inherit::Own && !rule.table_only);
        if let Some(rule) = judged.next() {
            let grade = matches!(entries.get(entry + 1), Some(Entry::Grade(..)));
            let after = entries.get(entry + 1 + usize::from(grade));
            found.push(Candidate {
                entry,
                heading,
                rule,
                part,
                graded: grade || heading.grade.is_some(),
                has_text: matches!(after, Some(Entry::Text(_))),
            });
        } else if heading.apart
            && fitting(heading, framework).any(|r| r.level == 1 && r.kind.is_none())
        {
            part += 1;
        }
    }
    found
}

/// The rules with the words of a heading, whatever is around it.
fn fitting<'k>(
    heading: &Heading<'_>,
    framework: Option<&'k Framework>,
) -> impl Iterator<Item = &'k SectionRule> + use<'k> {
    framework.map(|framework| framework.rules_of(bare(&heading.title))).into_iter().flatten()
}

/// Whether a section has no grade of its own and no judged sections in it.
fn is_ungraded_part(rule: &SectionRule) -> bool {
    matches!(rule.grade, Inherit::None | Inherit::Printed)
        && rule.level > 0
        && (rule.level > 1 || rule.kind.is_some())
}

/// The other lines with the same name in the same part of the report.
fn others<'c, 'e, 'k>(
    one: &'c Candidate<'e, 'k>,
    all: &'c [Candidate<'e, 'k>],
) -> impl Iterator<Item = &'c Candidate<'e, 'k>> {
    all.iter().filter(|other| {
        other.entry != one.entry
            && other.rule.area == one.rule.area
            && (other.part == one.part || one.rule.level == 1)
    })
}

fn merely_names(
    one: &Candidate<'_, '_>,
    all: &[Candidate<'_, '_>],
    around: Option<&Heading<'_>>,
) -> bool {
    let mut others = others(one, all);
    if !one.heading.apart {
        // One directly above its own area again is the heading of a chapter, however it is set.
        return around.is_some()
            || others.any(|other| other.heading.apart && other.entry != one.entry + 1);
    }
    let Some(around) = around else { return false };
    let mut later = others.filter(|other| other.entry > one.entry);
    let typeset = one.heading.size > 0.0 || one.heading.level > 0;
    match typeset {
        true => larger(around, one.heading) && later.next().is_some(),
        false => !one.graded && later.any(|other| other.graded),
    }
}

/// Whether a line is in a list of such lines, and its area has a section later.
fn is_listed(
    one: &Candidate<'_, '_>,
    all: &[Candidate<'_, '_>],
    entries: &[Entry<'_>],
    named: &Named,
) -> bool {
    let later = others(one, all).any(|other| other.entry > one.entry && other.has_text);
    let step = |entry: usize| usize::from(matches!(entries.get(entry), Some(Entry::Grade(..))));
    let next = one.entry + 1 + step(one.entry + 1);
    // A section may begin with a part that is judged itself.
    let followed = all.iter().any(|other| {
        // The same area again is its heading in a box below that of the chapter.
        let another = other.rule.area != one.rule.area;
        other.entry == next && another && other.rule.level <= one.rule.level
    });
    let before = one.entry.checked_sub(1).map(|entry| entry.saturating_sub(step(entry)));
    let follows = before.is_some_and(|entry| named.is_line(entry)) && !one.heading.apart;
    later && (followed || follows)
}
