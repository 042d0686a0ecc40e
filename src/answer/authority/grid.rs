//! Sets the judgements of full inspections side by side, by what is judged.

use crate::answer::timeline::{Inspection, Judged};
use findings_index::records::Body;
use serde::Serialize;

/// The judgements on an authority, by area and inspection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grid {
    /// Ids of the reports, in the order of the inspections.
    pub reports: Vec<String>,
    /// The areas: the overall judgement first, then in the order of the newest report that has each.
    pub areas: Vec<Area>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Area {
    /// Its name: that of its theme, or the area as printed where it has none.
    pub name: String,
    /// The judgements of each inspection; several where a framework judges parts of it.
    pub judgements: Vec<Vec<Judged>>,
}

impl Grid {
    /// Arranges the judgements of inspections that are in the order of their dates.
    pub(super) fn of(inspections: &[&Inspection]) -> Self {
        let judged: Vec<&&Inspection> =
            inspections.iter().filter(|own| own.judgements.iter().any(is_of_authority)).collect();
        let mut areas: Vec<Area> = Vec::new();
        for (at, inspection) in judged.iter().enumerate().rev() {
            for own in inspection.judgements.iter().filter(|own| is_of_authority(own)) {
                let name = name(own);
                let held = areas.iter_mut().find(|area| area.name == name);
                let area = match held {
                    Some(area) => area,
                    None => {
                        let judgements = vec![Vec::new(); judged.len()];
                        areas.push(Area { name, judgements });
                        let last = areas.len() - 1;
                        &mut areas[last]
                    }
                };
                area.judgements[at].push(own.clone());
            }
        }
        areas.sort_by_key(|area| area.name != OVERALL);
        Self { reports: judged.iter().map(|own| own.report.clone()).collect(), areas }
    }
}

/// The name of the overall judgement.
const OVERALL: &str = "Overall";

fn is_of_authority(judged: &Judged) -> bool {
    judged.body == Body::Authority
}

fn name(judged: &Judged) -> String {
    match &judged.theme_name {
        _ if judged.is_overall => OVERALL.to_owned(),
        Some(theme) => theme.clone(),
        None => judged.area.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;
    use crate::answer::timeline::{Inspection, Judged};
    use findings_index::records::Body;

    fn judged(theme: Option<&str>, area: &str, label: &str) -> Judged {
        Judged {
            area: area.to_owned(),
            theme: theme.map(str::to_lowercase),
            theme_name: theme.map(str::to_owned),
            is_overall: area == "Overall effectiveness",
            body: if area.contains("board") { Body::Lscb } else { Body::Authority },
            label: label.to_owned(),
            rank: None,
            out_of: None,
            page: None,
            change: None,
        }
    }

    fn inspection(report: &str, judgements: Vec<Judged>) -> Inspection {
        Inspection {
            report: report.to_owned(),
            framework: "sif".to_owned(),
            framework_short: "SIF".to_owned(),
            visit: None,
            inspection_theme: None,
            date: None,
            inspection_start: None,
            inspection_end: None,
            published: None,
            is_judged: true,
            judgements,
            scale_break: None,
            mentioned: None,
        }
    }

    #[test]
    fn areas_of_one_theme_are_side_by_side_and_boards_are_left_out() {
        let before = inspection(
            "before",
            vec![
                judged(None, "Overall effectiveness", "Inadequate"),
                judged(Some("In care"), "Adoption", "Good"),
                judged(Some("In care"), "Children looked after", "Inadequate"),
                judged(None, "The board", "Good"),
            ],
        );
        let newest = inspection(
            "newest",
            vec![
                judged(Some("In care"), "Children in care", "Good"),
                judged(None, "Overall effectiveness", "Good"),
            ],
        );
        let without = inspection("without", Vec::new());
        let grid = Grid::of(&[&before, &without, &newest]);
        assert_eq!(grid.reports, ["before", "newest"]);
        let rows: Vec<(&str, Vec<Vec<String>>)> = grid
            .areas
            .iter()
            .map(|area| {
                let labels = |own: &Vec<Judged>| -> Vec<String> {
                    own.iter().map(|own| own.label.clone()).collect()
                };
                (area.name.as_str(), area.judgements.iter().map(labels).collect())
            })
            .collect();
        let cells = |[before, newest]: [&[&str]; 2]| -> Vec<Vec<String>> {
            let own = |labels: &[&str]| labels.iter().map(|own| (*own).to_owned()).collect();
            vec![own(before), own(newest)]
        };
        let expected = [
            ("Overall", cells([&["Inadequate"], &["Good"]])),
            ("In care", cells([&["Good", "Inadequate"], &["Good"]])),
        ];
        assert_eq!(rows, expected);
    }
}
