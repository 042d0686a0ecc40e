//! Corrects grades as the user asks.
//!
//! A correction that matches no section, or several, is not applied: the report gets a warning.

use super::{Draft, Found, FoundIn, OVERALL, is_ambiguous, parent, same_title};
use crate::knowledge::corrections::SectionCorrection;
use crate::knowledge::{Framework, Inherit};
use crate::understand::parse::grade::PrintedGrade;
use crate::understand::parse::{Corrected, GradeCorrections};
use findings_index::records::{Grade, Warning, WarningCode};

/// Corrects the grades of sections among the judgements found.
pub(super) fn sections<'k>(
    found: &mut Vec<Found<'k>>,
    drafts: &[Draft<'k>],
    corrections: &GradeCorrections<'_>,
    framework: Option<&Framework>,
    corrected: &mut Vec<Corrected>,
    warnings: &mut Vec<Warning>,
) {
    for correction in corrections.sections {
        match section(found, drafts, correction, framework) {
            Ok(done) => corrected.push(done),
            Err(why) => warnings.push(not_applied(&correction.heading, &why)),
        }
    }
    // A single overall judgement is corrected; of two, neither is.
    if let Some(grade) = corrections.overall.and_then(|label| named(framework, label)) {
        let areas: Vec<usize> = (0..found.len()).filter(|&i| found[i].area == OVERALL).collect();
        match areas[..] {
            [] => found.push(Found {
                area: OVERALL.to_owned(),
                parent: None,
                rule: None,
                grade,
                found_in: vec![FoundIn::Correction],
                heading: None,
            }),
            [index] => {
                found[index].grade = grade;
                found[index].found_in = vec![FoundIn::Correction];
            }
            _ => {}
        }
    }
}

/// The overall judgement as corrected by the user.
pub(super) fn overall(
    corrections: &GradeCorrections<'_>,
    framework: Option<&Framework>,
    warnings: &mut Vec<Warning>,
) -> Option<Grade> {
    let label = corrections.overall?;
    match named(framework, label) {
        Some(grade) => {
            Some(Grade { label: grade.label, rank: grade.rank, area: OVERALL.to_owned() })
        }
        None => {
            warnings.push(not_applied("overall", &no_such_grade(label, framework)));
            None
        }
    }
}

fn section<'k>(
    found: &mut Vec<Found<'k>>,
    drafts: &[Draft<'k>],
    correction: &SectionCorrection,
    framework: Option<&Framework>,
) -> Result<Corrected, String> {
    let wanted = correction.heading.as_str();
    let grade = named(framework, &correction.grade)
        .ok_or_else(|| no_such_grade(&correction.grade, framework))?;
    let to = grade.label.clone();
    let done = |from| Corrected { heading: Some(wanted.to_owned()), from, to };
    match judged_as(found, drafts, wanted)[..] {
        [index] => {
            let from = std::mem::replace(&mut found[index].grade, grade).label;
            found[index].found_in = vec![FoundIn::Correction];
            return Ok(done(Some(from)));
        }
        [] => {}
        _ => return Err(several(found, wanted)),
    }
    let mut places: Vec<(Option<String>, &Draft<'k>)> = Vec::new();
    for draft in drafts.iter().filter(|draft| is_headed(draft, wanted)) {
        let parent = parent(draft);
        if !places.iter().any(|(known, _)| *known == parent) {
            places.push((parent, draft));
        }
    }
    let [(parent, draft)] = &places[..] else {
        return Err(match places.is_empty() {
            true => "no section or judgement is called so".to_owned(),
            false => "several sections are called so".to_owned(),
        });
    };
    let open = draft.open.last();
    let rule = open.and_then(|open| open.rule);
    let own = rule.filter(|rule| rule.grade == Inherit::Own);
    let title = open.map_or(wanted, |open| open.title.as_str());
    found.push(Found {
        area: own.map_or_else(|| title.to_owned(), |rule| rule.area.clone()),
        parent: parent.clone(),
        rule,
        grade,
        found_in: vec![FoundIn::Correction],
        heading: own.is_none().then(|| title.to_owned()),
    });
    Ok(done(None))
}

/// Finds the judgements with a name: that of the area, of parent and area, or of the section.
fn judged_as(found: &[Found<'_>], drafts: &[Draft<'_>], wanted: &str) -> Vec<usize> {
    let whole = |f: &Found<'_>| match &f.parent {
        Some(parent) if is_ambiguous(f, found) => format!("{parent}: {}", f.area),
        _ => f.area.clone(),
    };
    let exact: Vec<usize> =
        (0..found.len()).filter(|&i| same_title(&whole(&found[i]), wanted)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let headed = |f: &Found<'_>| {
        drafts.iter().filter(|draft| is_headed(draft, wanted)).any(|draft| {
            let rule = draft.open.last().and_then(|open| open.rule);
            rule.is_some_and(|rule| rule.grade == Inherit::Own && rule.area == f.area)
                && (f.parent.is_none() || f.parent == parent(draft))
        })
    };
    (0..found.len()).filter(|&i| same_title(&found[i].area, wanted) || headed(&found[i])).collect()
}

fn is_headed(draft: &Draft<'_>, wanted: &str) -> bool {
    draft.open.last().is_some_and(|open| {
        same_title(&open.title, wanted)
            || open.rule.is_some_and(|rule| same_title(&rule.area, wanted))
    })
}

fn named(framework: Option<&Framework>, label: &str) -> Option<PrintedGrade> {
    match framework {
        Some(framework) => {
            framework.grade_named(label).map(|(label, rank)| PrintedGrade { label, rank })
        }
        // Without a framework there is no scale, so the grade has no place on one.
        None => Some(PrintedGrade { label: label.to_owned(), rank: None }),
    }
}

fn no_such_grade(label: &str, framework: Option<&Framework>) -> String {
    let code = framework.map_or("unknown", |framework| framework.code.as_str());
    format!("the framework `{code}` has no grade `{label}`")
}

fn several(found: &[Found<'_>], wanted: &str) -> String {
    let names: Vec<String> = found
        .iter()
        .filter(|f| same_title(&f.area, wanted))
        .filter_map(|f| Some(format!("`{}: {}`", f.parent.as_ref()?, f.area)))
        .collect();
    format!("several judgements are called so; write one of {}", names.join(", "))
}

fn not_applied(what: &str, why: &str) -> Warning {
    Warning {
        page: None,
        code: WarningCode::CorrectionNotApplied,
        message: format!("the correction of `{what}` was not applied: {why}"),
    }
}
