//! Reconciles the judgements of table, headings and sentences, and gives each section the grade
//! that applies to it.
//!
//! The tables of some reports print rows under the wrong group, so rows are matched with sections
//! by their order among rows of the same name; every disagreement becomes a warning.

mod correct;

use super::grade::{PrintedGrade, Scale};
use super::sections::{Draft, FRONT, same_title};
use super::tables::JudgementRow;
use super::{Corrected, GradeCorrections, HeadingSet, Outline, Section};
use crate::extract::{ExtractedText, Role};
use crate::knowledge::{Framework, Inherit, SectionRule, fold};
use findings_index::records::{Body, FoundIn, Grade, Judgement, Warning, WarningCode};

/// The area of the overall judgement in every framework.
const OVERALL: &str = "Overall effectiveness";

/// How far into a report a judgement in a sentence may be: in pages, or in blocks if it has none.
const SENTENCE_PAGES: u32 = 6;
const SENTENCE_BLOCKS: usize = 160;

/// A judgement given in a sentence.
pub(super) struct Sentence {
    area: String,
    grade: PrintedGrade,
}

/// Finds judgements in sentences of the first pages.
pub(super) fn in_sentences(
    text: &ExtractedText,
    framework: Option<&Framework>,
    scale: Scale<'_>,
) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    let rules = framework.map_or(&[][..], |f| &f.sentences);
    let early = text.blocks.iter().enumerate().filter(|(index, block)| {
        block.page.map_or(*index < SENTENCE_BLOCKS, |page| page <= SENTENCE_PAGES)
            && block.role != Role::Contents
    });
    for (_, block) in early {
        let folded = fold::punctuation(&block.text);
        for rule in
            rules.iter().filter(|r| !found.iter().any(|f| f.area == r.area)).collect::<Vec<_>>()
        {
            let Some(captures) = rule.pattern.regex().captures(&folded) else {
                continue;
            };
            if framework.is_some_and(|f| is_of_earlier(f, &folded, captures.get(0))) {
                continue;
            }
            let grade = match &rule.label {
                Some(label) => Some(PrintedGrade { label: label.clone(), rank: rule.rank }),
                None => captures.name("value").and_then(|m| scale.read(m.as_str())),
            };
            if let Some(grade) = grade
                && !found.iter().any(|f| f.area == rule.area)
            {
                found.push(Sentence { area: rule.area.clone(), grade });
            }
        }
    }
    found
}

/// Whether the sentence around a match says that it is about an earlier inspection.
fn is_of_earlier(framework: &Framework, text: &str, found: Option<regex::Match<'_>>) -> bool {
    let Some(found) = found.filter(|_| !framework.earlier.is_empty()) else { return false };
    let begin = text[..found.start()].rfind(". ").map_or(0, |stop| stop + 2);
    let end = text[found.end()..].find(". ").map_or(text.len(), |stop| found.end() + stop);
    framework.earlier.iter().any(|p| p.regex().is_match(&text[begin..end]))
}

/// A judgement that is being put together.
struct Found<'k> {
    area: String,
    /// The outermost heading above it, which distinguishes areas with the same name.
    parent: Option<String>,
    rule: Option<&'k SectionRule>,
    grade: PrintedGrade,
    found_in: Vec<FoundIn>,
    /// The heading of a section that is judged only by the user's correction.
    heading: Option<String>,
}

/// Reconciles the judgements and gives each section the grade that applies.
pub(super) fn reconcile(
    drafts: Vec<Draft<'_>>,
    table: &[JudgementRow],
    sentences: Vec<Sentence>,
    framework: Option<&Framework>,
    corrections: &GradeCorrections<'_>,
    mut warnings: Vec<Warning>,
) -> Outline {
    let mut found = in_headings(&drafts, &mut warnings);
    add_table(&mut found, table, framework, &mut warnings);
    for sentence in sentences {
        add_sentence(&mut found, sentence, framework, &mut warnings);
    }
    let read = overall_as_read(&found);
    let mut corrected = Vec::new();
    correct::sections(&mut found, &drafts, corrections, framework, &mut corrected, &mut warnings);
    let body = framework.map_or(Body::Authority, |f| f.body);
    let judgements: Vec<Judgement> =
        found.iter().map(|f| judgement(f, is_ambiguous(f, &found), body)).collect();
    let overall = match correct::overall(corrections, framework, &mut warnings) {
        Some(grade) => {
            corrected.push(Corrected { heading: None, from: read, to: grade.label.clone() });
            Some(grade)
        }
        None => overall(&found, &judgements, body, &mut warnings),
    };
    let untitled = framework.and_then(|f| f.untitled.as_deref());
    let sections =
        drafts.into_iter().map(|draft| section(draft, &found, &judgements, untitled)).collect();
    Outline { sections, judgements, overall, corrected, warnings }
}

/// The overall judgement before any correction; both if there are two.
fn overall_as_read(found: &[Found<'_>]) -> Option<String> {
    let overall = found.iter().filter(|f| f.area == OVERALL);
    let mut labels: Vec<&str> = overall.map(|f| f.grade.label.as_str()).collect();
    labels.dedup();
    (!labels.is_empty()).then(|| labels.join(" and "))
}

/// The judgements printed with the headings of sections, in order.
fn in_headings<'k>(drafts: &[Draft<'k>], warnings: &mut Vec<Warning>) -> Vec<Found<'k>> {
    let mut found: Vec<Found<'k>> = Vec::new();
    for draft in drafts {
        let Some(open) = draft.open.last() else {
            continue;
        };
        let Some((grade, place)) = &open.grade else {
            continue;
        };
        let Some(rule) = open.rule.filter(|r| r.grade == Inherit::Own) else {
            continue;
        };
        let parent = parent(draft);
        match found.iter().find(|f| f.area == rule.area && f.parent == parent) {
            Some(before) if before.grade.rank != grade.rank => warnings.push(Warning {
                page: draft.page,
                code: WarningCode::GradesConflict,
                message: format!(
                    "`{}` is graded twice: {} and {}",
                    rule.area, before.grade.label, grade.label
                ),
            }),
            Some(_) => {}
            None => found.push(Found {
                area: rule.area.clone(),
                parent,
                rule: Some(rule),
                grade: grade.clone(),
                found_in: vec![*place],
                heading: None,
            }),
        }
    }
    found
}

fn parent(draft: &Draft<'_>) -> Option<String> {
    (draft.open.len() > 1).then(|| draft.open[0].title.clone())
}

fn add_table<'k>(
    found: &mut Vec<Found<'k>>,
    table: &[JudgementRow],
    framework: Option<&'k Framework>,
    warnings: &mut Vec<Warning>,
) {
    let mut order = Vec::with_capacity(table.len());
    let mut group: Option<String> = None;
    let mut displaced: Vec<String> = Vec::new();
    let mut parent: Option<String> = None;
    for (index, row) in table.iter().enumerate() {
        let rule = rule_of(&row.area, framework);
        let Some(grade) = &row.grade else {
            if rule.is_some_and(|r| r.level == 1) {
                group = Some(row.area.clone());
            }
            continue;
        };
        let area = area_of(row, framework);
        let same =
            |other: &JudgementRow| other.grade.is_some() && area_of(other, framework) == area;
        // Rows and sections with the same name correspond by their order, not by the name of the
        // group.
        let nth = table[..index].iter().filter(|r| same(r)).count();
        let matching = found.iter().position(|f| f.area == area && is_nth(found, f, nth));
        let position = matching.unwrap_or_else(|| {
            found.push(Found {
                area: area.clone(),
                parent: parent.clone().or_else(|| group.clone()),
                rule,
                grade: grade.clone(),
                found_in: Vec::new(),
                heading: None,
            });
            found.len() - 1
        });
        let entry = &mut found[position];
        entry.found_in.push(FoundIn::Table);
        parent.clone_from(&entry.parent);
        if entry.grade.rank != grade.rank {
            warnings.push(Warning {
                page: row.page,
                code: WarningCode::GradesConflict,
                message: format!(
                    "the table of judgements gives `{area}` as {}, its section as {}",
                    grade.label, entry.grade.label
                ),
            });
        }
        if let (Some(group), Some(parent)) = (&group, &entry.parent)
            && !group.eq_ignore_ascii_case(parent)
            && rule_of(parent, framework).is_some()
        {
            displaced.push(format!("`{area}` ({parent})"));
        }
        order.push(position);
    }
    if !displaced.is_empty() {
        warnings.push(Warning {
            page: table.first().and_then(|r| r.page),
            code: WarningCode::TableGroups,
            message: format!(
                "the table of judgements prints these under another group than the one their sections are in: {}",
                displaced.join(", ")
            ),
        });
    }
    sort_by_table(found, &order);
}

/// The canonical name of a row's area, or its words without the number.
pub(super) fn area_of(row: &JudgementRow, framework: Option<&Framework>) -> String {
    rule_of(&row.area, framework)
        .map_or_else(|| super::headings::bare(&row.area), |rule| rule.area.clone())
}

/// Whether `one` is the `nth` judgement of its area, counted from 0.
fn is_nth(found: &[Found<'_>], one: &Found<'_>, nth: usize) -> bool {
    found.iter().filter(|f| f.area == one.area).position(|f| std::ptr::eq(f, one)) == Some(nth)
}

fn rule_of<'k>(area: &str, framework: Option<&'k Framework>) -> Option<&'k SectionRule> {
    let words = super::headings::bare(area);
    let rules = framework.map_or(&[][..], |f| &f.sections);
    let matches = |r: &&SectionRule| r.heading.regex().is_match(&words);
    let graded = rules.iter().filter(matches).find(|r| r.grade == Inherit::Own);
    graded.or_else(|| rules.iter().find(matches))
}

/// Puts the judgements of the table first, in its order; the others keep theirs.
fn sort_by_table(found: &mut Vec<Found<'_>>, order: &[usize]) {
    let place =
        |index: usize| order.iter().position(|&o| o == index).unwrap_or(order.len() + index);
    let mut indexed: Vec<_> = std::mem::take(found).into_iter().enumerate().collect();
    indexed.sort_by_key(|(index, _)| place(*index));
    found.extend(indexed.into_iter().map(|(_, f)| f));
}

fn add_sentence<'k>(
    found: &mut Vec<Found<'k>>,
    sentence: Sentence,
    framework: Option<&'k Framework>,
    warnings: &mut Vec<Warning>,
) {
    match found.iter_mut().find(|f| f.area == sentence.area) {
        Some(before) => {
            if before.grade.rank != sentence.grade.rank {
                warnings.push(Warning {
                    page: None,
                    code: WarningCode::GradesConflict,
                    message: format!(
                        "a sentence gives `{}` as {}, table or heading as {}",
                        sentence.area, sentence.grade.label, before.grade.label
                    ),
                });
            }
            before.found_in.push(FoundIn::Sentence);
        }
        None => {
            let rules = framework.map_or(&[][..], |f| &f.sections);
            let rule = rules.iter().find(|r| r.area == sentence.area && r.grade == Inherit::Own);
            found.push(Found {
                area: sentence.area,
                parent: None,
                rule,
                grade: sentence.grade,
                found_in: vec![FoundIn::Sentence],
                heading: None,
            });
        }
    }
}

fn is_ambiguous(one: &Found<'_>, found: &[Found<'_>]) -> bool {
    found.iter().filter(|f| f.area == one.area).count() > 1
}

fn judgement(found: &Found<'_>, ambiguous: bool, body: Body) -> Judgement {
    let area = match &found.parent {
        Some(parent) if ambiguous => format!("{parent}: {}", found.area),
        _ => found.area.clone(),
    };
    Judgement {
        area,
        theme: found.rule.and_then(|r| r.theme.clone()),
        label: found.grade.label.clone(),
        rank: found.grade.rank,
        body: found.rule.and_then(|r| r.body).unwrap_or(body),
        found_in: found.found_in.clone(),
    }
}

/// The overall judgement; `None` if there are two that differ.
fn overall(
    found: &[Found<'_>],
    judgements: &[Judgement],
    body: Body,
    warnings: &mut Vec<Warning>,
) -> Option<Grade> {
    let mut overall = found.iter().zip(judgements).filter(|(f, _)| f.area == OVERALL);
    let first = match overall.next() {
        Some((_, judgement)) => judgement,
        // A review of the board has only the judgement of the board.
        None if body == Body::Lscb => judgements.first()?,
        None => return None,
    };
    if let Some((_, other)) = overall.find(|(_, j)| j.rank != first.rank) {
        warnings.push(Warning {
            page: None,
            code: WarningCode::OverallsDiffer,
            message: format!(
                "two overall judgements differ: {} ({}) and {} ({}); the report has no overall grade",
                first.area, first.label, other.area, other.label
            ),
        });
        return None;
    }
    Some(grade(first))
}

fn grade(judgement: &Judgement) -> Grade {
    Grade { label: judgement.label.clone(), rank: judgement.rank, area: judgement.area.clone() }
}

/// Makes a section with the grade that applies: the nearest one from the innermost heading
/// outwards.
fn section(
    draft: Draft<'_>,
    found: &[Found<'_>],
    judgements: &[Judgement],
    untitled: Option<&str>,
) -> Section {
    let outermost = draft.open.first().map(|o| o.title.clone());
    let graded = |rule: &SectionRule, nested: bool| {
        let same_parent = |f: &&Found<'_>| !nested || f.parent.is_none() || f.parent == outermost;
        let named = |f: &&Found<'_>| f.area == rule.area;
        let index = found.iter().position(|f| named(&f) && same_parent(&f))?;
        Some(grade(&judgements[index]))
    };
    let mut in_force = None;
    let mut if_printed = false;
    for (depth, open) in draft.open.iter().enumerate().rev() {
        let corrected = |f: &Found<'_>| {
            f.heading.as_deref().is_some_and(|heading| same_title(heading, &open.title))
        };
        if let Some(index) = found.iter().position(corrected) {
            in_force = Some(grade(&judgements[index]));
            break;
        }
        let Some(rule) = open.rule else { continue };
        match rule.grade {
            Inherit::None => break,
            Inherit::Inherit => {}
            Inherit::Printed => if_printed = true,
            Inherit::Own if if_printed && open.grade.is_none() => break,
            Inherit::Own => {
                in_force = graded(rule, depth > 0);
                if in_force.is_some() {
                    break;
                }
            }
        }
    }
    let theme = draft.open.iter().rev().find_map(|o| o.rule.and_then(|r| r.theme.clone()));
    let last = draft.open.last();
    // Headings that the program supplies are known, though no framework lists them.
    let given = |title: &str| title == FRONT || Some(title) == untitled;
    let area = last.and_then(|open| match open.rule {
        Some(rule) => Some(rule.area.clone()),
        None => Some(open.title.clone()).filter(|title| given(title)),
    });
    let judged = last.and_then(|o| o.rule).is_some_and(|rule| rule.grade == Inherit::Own);
    let set = last
        .map_or_else(HeadingSet::default, |open| HeadingSet { level: open.level, size: open.size });
    Section {
        area,
        judged,
        set,
        path: draft.open.into_iter().map(|o| o.title).collect(),
        theme,
        grade: in_force,
        page: draft.page,
        paragraphs: draft.paragraphs,
    }
}
