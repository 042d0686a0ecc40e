//! Chooses the newest full inspection of each authority.
//!
//! Which inspections are full is said in the files of the frameworks; visits never are. The choice
//! comes before every other condition, and nothing here knows of paragraphs.

use super::Session;
use super::error::{AskError, Place, Refusal};
use super::notes::Note;
use super::question::Conditions;
use super::trace::Newest;
use findings_index::engine::all_reports;
use findings_index::records::{Attribute, ReportRecord, numerals};
use findings_index::request::Filters;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The reports that were chosen, and how many were not, by reason.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Latest {
    /// Ids of the newest full inspections, by authority.
    pub(super) reports: Vec<String>,
    /// How many of these have no overall judgement.
    ungraded: usize,
    older: usize,
    later: usize,
    visits: usize,
    other: usize,
    undated: usize,
    unknown: usize,
}

impl Latest {
    /// Chooses among reports. `counts` says whether a framework is one of those asked for; an
    /// inspection that ended after the day `as_at` is too late.
    fn of(reports: &[ReportRecord], counts: impl Fn(&str) -> bool, as_at: Option<Date>) -> Self {
        let mut latest = Self::default();
        let mut newest: BTreeMap<&str, (Date, &ReportRecord)> = BTreeMap::new();
        for report in reports {
            let day = report.inspection_end.or(report.inspection_start).or(report.published);
            let left_out = match (report.authority.as_deref(), day) {
                _ if report.visit.is_some() => &mut latest.visits,
                _ if !counts(&report.framework) => &mut latest.other,
                (None, _) => &mut latest.unknown,
                (_, None) => &mut latest.undated,
                (_, Some(day)) if as_at.is_some_and(|as_at| day > as_at) => &mut latest.later,
                (Some(authority), Some(day)) => {
                    let this = (day, report);
                    let key = |(day, report): &(Date, &ReportRecord)| (*day, report.id.clone());
                    match newest.get_mut(authority) {
                        None => {
                            newest.insert(authority, this);
                            continue;
                        }
                        Some(held) if key(held) < key(&this) => *held = this,
                        Some(_) => {}
                    }
                    &mut latest.older
                }
            };
            *left_out += 1;
        }
        latest.ungraded = newest.values().filter(|(_, report)| report.overall.is_none()).count();
        latest.reports = newest.into_values().map(|(_, report)| report.id.clone()).collect();
        latest
    }

    /// States in words what was chosen and what was not.
    fn said(&self, asked: &[String], as_at: Option<Date>) -> String {
        let count = |number: usize, noun: &str| numerals::count(number as u64, noun);
        let which = if asked.is_empty() {
            "the newest full inspection of each authority".to_owned()
        } else {
            format!("the newest inspection of each authority under {}", asked.join(" or "))
        };
        let day = as_at.map(|day| format!(" as at {day}")).unwrap_or_default();
        let mut said = format!("only {which}{day}: {}", count(self.reports.len(), "report"));
        if self.ungraded > 0 {
            said.push_str(&format!(", {} of them without an overall grade", self.ungraded));
        }
        let left_out = [
            (self.older, "older inspection"),
            (self.later, "later inspection"),
            (self.visits, "visit"),
            (self.undated, "undated inspection"),
        ];
        let mut left_out: Vec<String> = (left_out.into_iter().filter(|(number, _)| *number > 0))
            .map(|(number, noun)| count(number, noun))
            .collect();
        if self.unknown > 0 {
            left_out.push(format!("{} of no known authority", count(self.unknown, "inspection")));
        }
        if self.other > 0 {
            left_out.push(format!("{} under other frameworks", count(self.other, "report")));
        }
        if !left_out.is_empty() {
            said.push_str("; left out: ");
            said.push_str(&left_out.join(", "));
        }
        said
    }
}

impl Conditions {
    /// The filters of these conditions as they are asked for again: whoever does so wants the newest
    /// inspections of then, not the reports that were chosen now.
    #[must_use]
    pub fn repeated(&self, filters: &Filters) -> Filters {
        let mut left = filters.clone();
        if self.takes_latest() && self.of(Attribute::Report).is_empty() {
            left.clear(Attribute::Report);
        }
        left
    }

    /// The condition that takes the newest inspections, as it was typed.
    #[must_use]
    pub fn newest(&self) -> Newest<'_> {
        match (&self.as_at, self.latest) {
            (Some(day), _) => Newest::AsAt(day),
            (None, true) => Newest::Held,
            (None, false) => Newest::Any,
        }
    }
}

impl Session<'_> {
    /// Chooses the newest full inspection of each authority, or the newest under the frameworks.
    fn latest(&self, frameworks: &[String], as_at: Option<Date>) -> Result<Latest, AskError> {
        let reports = all_reports(self.engine, &Filters::default(), &self.deadline)?;
        let names = self.reference.names();
        let counts = |framework: &str| {
            if frameworks.is_empty() {
                names.is_full(framework)
            } else {
                frameworks.iter().any(|asked| asked == framework)
            }
        };
        Ok(Latest::of(&reports, counts, as_at))
    }

    /// Narrows filters, in which all other conditions are resolved, to the newest inspections.
    pub(super) fn narrow_to_latest(
        &self,
        filters: &mut Filters,
        as_at: Option<Date>,
    ) -> Result<(), AskError> {
        let latest = self.latest(filters.values(Attribute::Framework), as_at)?;
        let asked = filters.values(Attribute::Report);
        let mut reports = latest.reports;
        if reports.is_empty() {
            let day = as_at.map(|day| format!(" that had ended by {day}")).unwrap_or_default();
            let message = format!("no full inspection{day} is held");
            return Err(Refusal::new("nothing_held", message).into());
        }
        reports.retain(|report| asked.is_empty() || asked.contains(report));
        if reports.is_empty() {
            let message = format!("`{}` is not the newest inspection", asked.join("`, `"));
            return Err(Refusal::new("contradiction", message).into());
        }
        let excluded = filters.not.values(Attribute::Report);
        if reports.iter().all(|report| excluded.contains(report)) {
            let message = "all of the newest inspections are excluded";
            return Err(Refusal::new("contradiction", message)
                .at(Place::Exclusion(Attribute::Report))
                .into());
        }
        filters.set(Attribute::Report, reports);
        Ok(())
    }

    /// The note on what the condition that takes the newest inspections chose and left out; `None`
    /// without that condition.
    ///
    /// # Errors
    /// A day that is refused, or an engine that fails.
    pub fn latest_note(
        &self,
        conditions: &Conditions,
        filters: &Filters,
    ) -> Result<Option<Note>, AskError> {
        if !conditions.takes_latest() {
            return Ok(None);
        }
        let (frameworks, as_at) = (filters.values(Attribute::Framework), self.as_at(conditions)?);
        let text = self.latest(frameworks, as_at)?.said(frameworks, as_at);
        Ok(Some(Note { code: "latest", text }))
    }
}

#[cfg(test)]
mod tests {
    use super::Latest;
    use findings_index::records::ReportRecord;
    use jiff::civil::date;
    use serde_json::json;

    fn report(
        id: &str,
        authority: Option<&str>,
        days: (Option<&str>, Option<&str>, Option<&str>),
        overall: Option<&str>,
    ) -> ReportRecord {
        let framework = if id.contains("jtai") { "jtai" } else { "sif" };
        serde_json::from_value(json!({
            "id": id, "path": id, "sha256": id, "title": null, "framework": framework,
            "visit": id.contains("visit").then_some("focused"),
            "authority": authority, "la_code": null, "region": null,
            "inspection_start": days.0, "inspection_end": days.1, "published": days.2,
            "published_from": null, "lead_inspector": null,
            "overall": overall.map(|label| json!({ "label": label, "rank": 2, "area": "" })),
            "judgements": [], "sections": [], "pages": null, "paragraphs": 2, "words": 10,
            "warnings": [], "corrections": [], "acronyms": []
        }))
        .unwrap()
    }

    fn reports() -> Vec<ReportRecord> {
        let days = |end| (Some("2014-01-01"), Some(end), None);
        let elmet = Some("Elmet");
        vec![
            report("elmet-1", elmet, days("2014-02-01"), Some("Good")),
            // It began later and ended earlier.
            report("elmet-2", elmet, (Some("2014-01-20"), Some("2014-01-25"), None), Some("Good")),
            report("elmet-3", elmet, (None, None, Some("2018-05-01")), None),
            report("elmet-visit", elmet, days("2020-02-01"), None),
            report("elmet-jtai", elmet, days("2021-02-01"), None),
            report("rheged", Some("Rheged"), (Some("2016-01-01"), None, None), Some("Good")),
            report("nobody", None, days("2014-02-01"), None),
            report("undated", Some("Lindsey"), (None, None, None), None),
        ]
    }

    fn latest(framework: &str, as_at: Option<jiff::civil::Date>) -> Latest {
        Latest::of(&reports(), |code| code == framework, as_at)
    }

    #[test]
    fn the_newest_is_that_with_the_latest_last_day_whatever_else_is_known() {
        assert_eq!(latest("sif", None).reports, ["elmet-3", "rheged"]);
        assert_eq!(latest("jtai", None).reports, ["elmet-jtai"]);
    }

    #[test]
    fn what_ended_after_the_day_does_not_count() {
        assert_eq!(latest("sif", Some(date(2018, 5, 1))).reports, ["elmet-3", "rheged"]);
        assert_eq!(latest("sif", Some(date(2018, 4, 30))).reports, ["elmet-1", "rheged"]);
        assert_eq!(latest("sif", Some(date(2014, 1, 31))).reports, ["elmet-2"]);
        assert_eq!(latest("sif", Some(date(2010, 1, 1))).reports, [""; 0]);
    }

    #[test]
    fn what_is_left_out_is_said_by_reason() {
        let day = Some(date(2018, 12, 31));
        insta::assert_snapshot!(latest("sif", day).said(&[], day), @"only the newest full inspection of each authority as at 2018-12-31: 2 reports, 1 of them without an overall grade; left out: 2 older inspections, 1 visit, 1 undated inspection, 1 inspection of no known authority, 1 report under other frameworks");
        let day = Some(date(2014, 1, 31));
        insta::assert_snapshot!(latest("sif", day).said(&["sif".to_owned()], day), @"only the newest inspection of each authority under sif as at 2014-01-31: 1 report; left out: 3 later inspections, 1 visit, 1 undated inspection, 1 inspection of no known authority, 1 report under other frameworks");
    }
}
