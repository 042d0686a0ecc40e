//! Puts the inspections of each authority into series, so that each has a next one.
//!
//! Full inspections are one series, whatever their frameworks; inspections of every other kind, and
//! visits of every kind under a framework, are each a series of their own: what an area inspection asks
//! of a partnership is not what the next full inspection asks of the council.

use crate::knowledge::names::Names;
use findings_index::records::{ReportRecord, Visit};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The kind of the inspections of a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Full,
    Other { framework: String, visit: Option<&'static str> },
}

/// Lists the ids of the reports of each authority by series, in the order of their inspections: by last
/// day, else first day, else publication. Reports of no known authority or without a day are in none.
pub(super) fn series(reports: &[ReportRecord], names: &Names) -> Vec<Vec<String>> {
    let mut all: BTreeMap<(&str, Kind), Vec<(Date, &str)>> = BTreeMap::new();
    for report in reports {
        let day = report.inspection_end.or(report.inspection_start).or(report.published);
        let Some((authority, day)) = report.authority.as_deref().zip(day) else { continue };
        let kind = if names.is_full_inspection(&report.framework, report.visit) {
            Kind::Full
        } else {
            let visit = report.visit.map(Visit::name);
            Kind::Other { framework: report.framework.clone(), visit }
        };
        all.entry((authority, kind)).or_default().push((day, &report.id));
    }
    let in_order = all.into_values().map(|mut inspections| {
        inspections.sort_unstable();
        inspections.into_iter().map(|(_, id)| id.to_owned()).collect()
    });
    in_order.collect()
}

#[cfg(test)]
mod tests {
    use super::series;
    use crate::knowledge::names::Names;
    use findings_index::records::ReportRecord;
    use serde_json::json;

    fn report(id: &str, framework: &str, end: Option<&str>, visit: Option<&str>) -> ReportRecord {
        serde_json::from_value(json!({
            "id": id, "path": id, "sha256": id, "title": null, "framework": framework,
            "visit": visit, "authority": "Elmet", "la_code": null, "region": null,
            "inspection_start": null, "inspection_end": end, "published": null,
            "published_from": null, "lead_inspector": null, "overall": null,
            "judgements": [], "sections": [], "pages": null, "paragraphs": 2, "words": 10,
            "warnings": [], "corrections": [], "acronyms": []
        }))
        .unwrap()
    }

    #[test]
    fn full_inspections_are_one_series_and_every_other_kind_is_its_own() {
        let reports = [
            report("ilacs", "ilacs", Some("2022-05-01"), None),
            report("sif", "sif", Some("2015-05-01"), None),
            report("focused", "ilacs", Some("2020-05-01"), Some("focused")),
            report("monitoring", "ilacs", Some("2021-05-01"), Some("monitoring")),
            report("area", "send", Some("2018-05-01"), None),
            report("area again", "send", Some("2023-05-01"), None),
            report("undated", "sif", None, None),
        ];
        let all = series(&reports, &Names::load(&[]));
        let all: Vec<Vec<&str>> =
            all.iter().map(|ids| ids.iter().map(String::as_str).collect()).collect();
        let expected: [&[&str]; 4] =
            [&["sif", "ilacs"], &["focused"], &["monitoring"], &["area", "area again"]];
        assert_eq!(all, expected);
    }
}
