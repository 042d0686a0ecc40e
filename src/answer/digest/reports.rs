//! Finds the reports that are new, with what their judgements changed, and those that have changed.

use crate::answer::timeline::Judged;
use crate::answer::timeline::scales::Scales;
use crate::ask::Session;
use crate::knowledge::names::Names;
use findings_index::SearchError;
use findings_index::engine::each_paragraph;
use findings_index::records::{Attribute, ReportHead, ReportRecord};
use findings_index::request::Filters;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::HashMap;

/// A report that came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewReport {
    /// The report.
    pub report: ReportHead,
    /// When it came.
    pub first_indexed: Option<Timestamp>,
    /// Number of its paragraphs.
    pub paragraphs: u32,
    /// Whether it is of a full inspection.
    pub is_full: bool,
    /// The judgements of a full inspection: the overall one first, then in the report's order; each
    /// with its change where it can be compared.
    pub judgements: Vec<Judged>,
    /// The authority's full inspection before, if one is held.
    pub before: Option<Before>,
    /// Id of a later full inspection of the authority that is held: this one is not its newest.
    pub later: Option<String>,
}

/// The full inspection with which a new one is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Before {
    /// Id of its report.
    pub report: String,
    /// The framework's code.
    pub framework: String,
    /// Its usual short form.
    pub framework_short: String,
    /// Its date.
    pub date: Option<Date>,
    /// Whether the grades of both have the same scale and judge the same body.
    pub is_comparable: bool,
    /// What changed between the two frameworks.
    pub says: Option<String>,
}

/// A report that was held before, and has changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// The report.
    pub report: ReportHead,
    /// When it came.
    pub first_indexed: Option<Timestamp>,
    /// When it last changed.
    pub changed: Option<Timestamp>,
    /// How many of its paragraphs are new.
    pub new_paragraphs: usize,
    /// How many others have changed.
    pub changed_paragraphs: usize,
}

/// Lists the reports that came at a moment or later, among all that are held.
pub(super) fn new(
    all: &[ReportRecord],
    since: Timestamp,
    scales: &Scales<'_>,
    names: &Names,
) -> Vec<NewReport> {
    let is_full = |report: &ReportRecord| names.is_full_inspection(&report.framework, report.visit);
    // The same order as in a timeline, which is a stable one for reports of one day.
    let mut by_authority: HashMap<&str, Vec<ReportRecord>> = HashMap::new();
    for report in all {
        if let Some(authority) = &report.authority {
            by_authority.entry(authority).or_default().push(report.clone());
        }
    }
    for own in by_authority.values_mut() {
        own.sort_by_key(|report| (report.date().is_none(), report.date()));
    }
    let mut new: Vec<NewReport> = all
        .iter()
        .filter(|report| report.first_indexed >= Some(since))
        .map(|report| {
            let series = report.authority.as_deref().and_then(|name| by_authority.get(name));
            let series = series.map_or(&[][..], Vec::as_slice);
            let at = series.iter().position(|own| own.id == report.id).unwrap_or_default();
            let is_full_one = is_full(report);
            let (earlier, after) = series.split_at(at);
            let later = after.iter().skip(1).rev().find(|own| is_full(own) && own.date().is_some());
            let related = scales.before(report, earlier).filter(|own| is_full(own));
            let last = earlier.iter().rev().find(|own| is_full(own));
            let before = related.or(last).filter(|_| is_full_one && report.date().is_some());
            NewReport {
                report: report.into(),
                first_indexed: report.first_indexed,
                paragraphs: report.paragraphs,
                is_full: is_full_one,
                judgements: match is_full_one {
                    true => scales.judged(report, related),
                    false => Vec::new(),
                },
                before: before.map(|before| told(before, report, related.is_some(), scales)),
                later: later.filter(|_| is_full_one).map(|later| later.id.clone()),
            }
        })
        .collect();
    new.sort_by(|one, other| {
        let key = |own: &NewReport| {
            (!own.is_full, own.report.name().map(str::to_owned), own.report.date())
        };
        key(one).cmp(&key(other))
    });
    new
}

fn told(
    before: &ReportRecord,
    after: &ReportRecord,
    is_related: bool,
    scales: &Scales<'_>,
) -> Before {
    let has_one_scale = scales.scale(&before.framework) == scales.scale(&after.framework);
    Before {
        report: before.id.clone(),
        framework: before.framework.clone(),
        framework_short: scales.short(&before.framework),
        date: before.date(),
        is_comparable: is_related && has_one_scale,
        says: scales.broken(before, after).map(|own| own.says),
    }
}

/// Lists the reports that were held before a moment and have changed since.
pub(super) fn changed(
    session: &Session<'_>,
    all: &[ReportRecord],
    since: Timestamp,
) -> Result<Vec<Changed>, SearchError> {
    let since = Some(since);
    let is_changed =
        |report: &&ReportRecord| report.first_indexed < since && report.changed >= since;
    let mut changed: Vec<Changed> = all
        .iter()
        .filter(is_changed)
        .map(|report| Changed {
            report: report.into(),
            first_indexed: report.first_indexed,
            changed: report.changed,
            new_paragraphs: 0,
            changed_paragraphs: 0,
        })
        .collect();
    if changed.is_empty() {
        return Ok(changed);
    }
    let ids: Vec<String> = changed.iter().map(|own| own.report.id.clone()).collect();
    let places: HashMap<String, usize> = ids.iter().cloned().zip(0..).collect();
    let filters = Filters::of(Attribute::Report, ids);
    each_paragraph(session.engine, &filters, &session.deadline, |paragraph| {
        if let Some(own) = places.get(&paragraph.report).and_then(|at| changed.get_mut(*at)) {
            own.new_paragraphs += usize::from(paragraph.first_indexed >= since);
            let has_changed = paragraph.first_indexed < since && paragraph.changed >= since;
            own.changed_paragraphs += usize::from(has_changed);
        }
        Ok::<_, SearchError>(())
    })?;
    changed.sort_by(|one, other| {
        let key = |own: &Changed| (own.report.name().map(str::to_owned), own.report.date());
        key(one).cmp(&key(other))
    });
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::{NewReport, Scales, new};
    use crate::answer::timeline::Direction;
    use crate::knowledge::Knowledge;
    use crate::knowledge::names::Names;
    use findings_index::records::ReportRecord;
    use jiff::Timestamp;
    use serde_json::{Value, json};

    /// A report on Elmet that came with a build, with one judgement.
    fn report(
        framework: &str,
        visit: Option<&str>,
        began: &str,
        rank: u8,
        came: i64,
    ) -> ReportRecord {
        let id = format!("elmet-{framework}-{began}");
        let came = Timestamp::from_second(came).unwrap().to_string();
        let (area, label) = ("Overall effectiveness", format!("rank {rank}"));
        let judgement = json!({
            "area": area, "theme": null, "label": label, "rank": rank, "body": "authority", "found_in": []
        });
        let judgements = if visit.is_some() { json!([]) } else { json!([judgement]) };
        let overall = match visit {
            Some(_) => Value::Null,
            None => json!({"label": label, "rank": rank, "area": area}),
        };
        serde_json::from_value(json!({
            "id": id, "path": id, "sha256": id, "title": null, "framework": framework,
            "visit": visit, "authority": "Elmet", "la_code": null, "region": null,
            "inspection_start": began, "inspection_end": null, "published": null,
            "published_from": null, "lead_inspector": null, "overall": overall,
            "judgements": judgements, "sections": [], "pages": null, "paragraphs": 0, "words": 0,
            "warnings": [], "first_indexed": came, "changed": came
        }))
        .unwrap()
    }

    /// What is new since the second build.
    fn since_the_second(all: &[ReportRecord]) -> Vec<NewReport> {
        let knowledge = Knowledge::embedded().unwrap();
        let scales = Scales::new(knowledge.frameworks(), knowledge.themes());
        new(all, Timestamp::from_second(2).unwrap(), &scales, &Names::load(&[]))
    }

    fn before(own: &NewReport) -> Option<(&str, bool)> {
        own.before.as_ref().map(|before| (before.report.as_str(), before.is_comparable))
    }

    #[test]
    fn a_full_inspection_is_compared_with_the_full_one_before_it_and_not_with_a_visit() {
        let all = [
            report("ilacs", None, "2019-01-01", 3, 1),
            report("ilacs", Some("monitoring"), "2020-01-01", 4, 1),
            report("ilacs", None, "2022-01-01", 2, 2),
        ];
        let new = since_the_second(&all);
        assert_eq!(new.len(), 1);
        assert_eq!(before(&new[0]), Some(("elmet-ilacs-2019-01-01", true)));
        let change = new[0].judgements[0].change.as_ref().unwrap();
        assert_eq!((change.direction, change.places), (Direction::Better, 1));
    }

    #[test]
    fn a_visit_has_nothing_before_it_and_comes_after_the_full_inspections() {
        let all = [
            report("ilacs", Some("focused"), "2020-01-01", 4, 2),
            report("ilacs", None, "2022-01-01", 2, 2),
        ];
        let new = since_the_second(&all);
        assert_eq!(new.iter().map(|own| own.is_full).collect::<Vec<_>>(), [true, false]);
        assert!(new.iter().all(|own| own.before.is_none() && own.later.is_none()));
        assert!(new[0].judgements[0].change.is_none());
    }

    #[test]
    fn another_scale_is_named_and_not_compared() {
        let all = [
            report("slac", None, "2011-01-01", 3, 1),
            report("ilacs", None, "2022-01-01", 2, 2),
            report("made-up", None, "2023-01-01", 2, 2),
        ];
        let new = since_the_second(&all);
        assert_eq!(before(&new[0]), Some(("elmet-slac-2011-01-01", false)));
        assert!(new[0].judgements[0].change.is_none());
        assert!(!new[1].is_full, "a framework that nobody knows has no full inspections");
    }

    #[test]
    fn an_older_report_that_comes_late_says_that_a_later_one_is_held() {
        let all = [
            report("ilacs", None, "2019-01-01", 3, 2),
            report("ilacs", None, "2022-01-01", 2, 1),
            report("ilacs", Some("monitoring"), "2023-01-01", 2, 1),
        ];
        let new = since_the_second(&all);
        assert_eq!(new[0].later.as_deref(), Some("elmet-ilacs-2022-01-01"));
        assert_eq!(before(&new[0]), None);
    }
}
