//! The conditions of a comparison in words, so that its sentence is never read as if there were none.

use crate::knowledge::dates::day;
use crate::knowledge::names::Names;
use findings_index::language::query::GradeFilter;
use findings_index::request::Filters;

/// More names than these are counted instead.
const NAMED: usize = 3;

/// `in London, under Children's social care services (ILACS), inspected from 1 May 2016`; nothing
/// where there are no conditions.
pub(super) fn in_words(filters: &Filters, names: &Names) -> String {
    // Taken apart in full, so that a condition added later cannot be forgotten here.
    let Filters {
        grade,
        overall,
        theme,
        topic,
        section,
        authority,
        region,
        framework,
        kind,
        report,
        from,
        to,
        undated,
    } = filters;
    let frameworks: Vec<String> =
        framework.iter().map(|code| names.framework(code).unwrap_or(code).to_owned()).collect();
    let themes: Vec<String> = theme.iter().map(|id| id.replace('_', " ")).collect();
    let sections: Vec<String> = section.iter().map(|words| format!("‘{words}’")).collect();
    let kinds: Vec<String> = kind.iter().map(|kind| kind.name().to_owned()).collect();
    let said = [
        listed(authority, "of", "of no known authority", "authorities"),
        listed(region, "in", "in no known region", "regions"),
        listed(&frameworks, "under", "", "frameworks"),
        listed(report, "in the report", "", "reports"),
        graded(overall, "in reports judged", "overall", "in reports not judged overall"),
        graded(grade, "in sections graded", "", "in sections without a grade"),
        listed(&themes, "on the theme", "on no theme", "themes"),
        listed(&sections, "under a heading with", "", "headings"),
        listed(topic, "on the topic", "", "topics"),
        listed(&kinds, "in paragraphs of the kind", "", "kinds"),
        match (from, to) {
            (None, None) => None,
            (Some(from), None) => Some(format!("inspected from {}", day(*from))),
            (None, Some(to)) => Some(format!("inspected up to {}", day(*to))),
            (Some(from), Some(to)) => {
                Some(format!("inspected from {} to {}", day(*from), day(*to)))
            }
        },
        undated.then(|| "in undated reports".to_owned()),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The values behind their preposition; of many only how many there are.
fn listed(values: &[String], before: &str, absent: &str, many: &str) -> Option<String> {
    if values.is_empty() {
        return None;
    }
    if values.len() > NAMED {
        let preposition = before.split(' ').next().unwrap_or(before);
        return Some(format!("{preposition} {} {many} asked for", values.len()));
    }
    let named: Vec<&str> =
        values.iter().map(String::as_str).filter(|value| *value != Filters::ABSENT).collect();
    let named = (!named.is_empty()).then(|| format!("{before} {}", named.join(" or ")));
    let without = values.iter().any(|value| value == Filters::ABSENT).then(|| absent.to_owned());
    Some(named.into_iter().chain(without).collect::<Vec<_>>().join(" or "))
}

fn graded(grades: &[GradeFilter], before: &str, after: &str, absent: &str) -> Option<String> {
    let place = |rank: u8| match rank {
        ..=1 => "the first",
        2 => "the second",
        3 => "the third",
        _ => "the fourth",
    };
    let named = grades.iter().filter_map(|grade| match grade {
        GradeFilter::Label(label) => Some(label.clone()),
        GradeFilter::Exactly(label) => Some(format!("‘{label}’")),
        GradeFilter::Ranks { best, worst } if best == worst => {
            Some(format!("in {} place of the scale", place(*best)))
        }
        GradeFilter::Ranks { best, worst } => {
            Some(format!("in {} to {} place of the scale", place(*best), place(*worst)))
        }
        GradeFilter::None => None,
    });
    let named: Vec<String> = named.collect();
    let after = if after.is_empty() { String::new() } else { format!(" {after}") };
    let named = (!named.is_empty()).then(|| format!("{before} {}{after}", named.join(" or ")));
    let without = grades.contains(&GradeFilter::None).then(|| absent.to_owned());
    let said: Vec<String> = named.into_iter().chain(without).collect();
    (!said.is_empty()).then(|| said.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use crate::knowledge::names::Names;
    use findings_index::language::query::GradeFilter;
    use findings_index::records::Kind;
    use findings_index::request::Filters;
    use jiff::civil::date;

    fn list<const N: usize>(values: [&str; N]) -> Vec<String> {
        values.map(str::to_owned).to_vec()
    }

    #[test]
    fn every_condition_is_said_and_none_are_nothing() {
        assert_eq!(in_words(&Filters::default(), &Names::NONE), "");
        let filters = Filters {
            grade: vec![GradeFilter::Ranks { best: 3, worst: u8::MAX }, GradeFilter::None],
            overall: vec![GradeFilter::Label("good".to_owned())],
            theme: list(["care_leavers"]),
            topic: list(["neglect"]),
            section: list(["early help"]),
            authority: list(["Elmet", "none"]),
            region: list(["none"]),
            framework: list(["ours"]),
            kind: vec![Kind::Finding, Kind::Bullet],
            report: list(["elmet-1"]),
            from: Some(date(2016, 5, 1)),
            to: Some(date(2019, 3, 31)),
            undated: true,
        };
        insta::assert_snapshot!(in_words(&filters, &Names::NONE), @"of Elmet or of no known authority, in no known region, under ours, in the report elmet-1, in reports judged good overall, in sections graded in the third to the fourth place of the scale or in sections without a grade, on the theme care leavers, under a heading with ‘early help’, on the topic neglect, in paragraphs of the kind finding or bullet, inspected from 1 May 2016 to 31 March 2019, in undated reports");
    }

    #[test]
    fn many_names_are_counted() {
        let filters = Filters { authority: list(["A", "B", "C", "D"]), ..Filters::default() };
        assert_eq!(in_words(&filters, &Names::NONE), "of 4 authorities asked for");
        let filters = Filters { report: list(["a", "b", "c", "d"]), ..Filters::default() };
        assert_eq!(in_words(&filters, &Names::NONE), "in 4 reports asked for");
    }
}
