//! Decides how deep in the outline a heading is whose place the framework does not prescribe: by
//! how it is marked and printed, compared with the headings above it.

use super::grade::PrintedGrade;
use super::headings::Heading;
use crate::knowledge::{Inherit, SectionRule};
use findings_index::records::{FoundIn, Kind};

/// The difference in points below which two headings are of one size.
const SAME: f32 = 0.6;

/// By how many points slanted letters may measure more than upright ones of the same size.
const SLANTED: f32 = 0.8;

/// A heading whose section is open.
#[derive(Debug, Clone)]
pub(super) struct Open<'k> {
    pub(super) title: String,
    pub(super) rule: Option<&'k SectionRule>,
    pub(super) grade: Option<(PrintedGrade, FoundIn)>,
    /// Depth in the outline: tens for prescribed sections, ones for headings inside them.
    pub(super) depth: u16,
    pub(super) level: u8,
    pub(super) size: f32,
    pub(super) bold: bool,
    /// The depth of the sections below it that its rule places next to it.
    pub(super) groups: Option<u16>,
}

/// What is above a heading.
pub(super) struct Around<'a, 'k> {
    /// The open headings, outermost first.
    pub(super) open: &'a [Open<'k>],
    /// Whether there is text directly under the innermost of them.
    pub(super) has_text: bool,
}

/// The depth of a heading whose place no rule prescribes: below the section that contains it, and
/// equal to or below the last such heading, by the source's marking and the size of its letters.
pub(super) fn depth_within(
    around: &Around<'_, '_>,
    heading: &Heading<'_>,
    rule: Option<&SectionRule>,
) -> u16 {
    let open = around.open;
    // The section that the rule requires around the heading stays open, however the heading is set.
    let asked = |o: &Open<'_>| {
        rule.zip(o.rule).is_some_and(|(rule, around)| rule.under.contains(&around.area))
    };
    let required = open.iter().rposition(asked);
    let within = &open[required.map_or(0, |place| place + 1)..];
    if let Some(beside) = within.iter().find(|o| is_beside(heading, rule, o)) {
        return beside.depth;
    }
    // A heading printed like that of a section that has text of its own comes after this section.
    if let Some(last) = within.last().filter(|o| o.rule.is_some_and(|r| r.level > 0))
        && rule.is_none()
        && around.has_text
        && is_alike(heading, last)
    {
        return last.depth;
    }
    let above = within.iter().rev().find(|o| !outranks(heading, rule, o));
    match above.or(required.map(|place| &open[place])) {
        Some(above) => above.depth + 1,
        None => 10,
    }
}

/// The depth of the section of the framework next to which a heading without a rule is, because it is
/// marked as high and set as large. The program's own frameworks list all headings of that depth;
/// those of users need not.
pub(super) fn depth_beside(open: &[Open<'_>], heading: &Heading<'_>) -> Option<u16> {
    let sized = |o: &Open<'_>| heading.size > 0.0 && o.size > 0.0;
    let beside = |o: &&Open<'_>| {
        (1..=o.level).contains(&heading.level)
            && (!sized(o) || heading.size > o.size - SAME)
            && o.rule.is_some_and(|rule| rule.level > 0)
    };
    open.iter().find(beside).map(|o| o.depth)
}

/// The depth of end notes, which belong to a chapter only if they are set like its other parts:
/// larger than those, they are a part of the report on their own.
pub(super) fn depth_of_notes(open: &[Open<'_>], heading: &Heading<'_>, depth: u16) -> u16 {
    let larger = |o: &Open<'_>| o.depth >= depth && o.size > 0.0 && heading.size > o.size + SAME;
    let above = open.iter().rev().find(|o| o.depth < depth);
    above.filter(|_| open.iter().any(larger)).map_or(depth, |above| above.depth)
}

/// Keeps the innermost heading open, of which nothing but the heading is printed, around one of its
/// own depth that is set smaller: the first names what the others are parts of. Set like the part
/// of the report around it, it is a part of its own. Says whether it did.
pub(super) fn group(open: &mut Vec<Open<'_>>, heading: &Heading<'_>, depth: u16) -> bool {
    let names_parts = |rule: &SectionRule| {
        rule.level > 1 && rule.kind.is_none() && rule.grade != Inherit::Own && !rule.boxed
    };
    let groups = |o: &Open<'_>| {
        o.depth == depth && o.rule.is_some_and(names_parts) && towers_over(o, heading)
    };
    let Some((last, around)) = open.split_last_mut().filter(|(last, _)| groups(last)) else {
        return false;
    };
    let is_like = |o: &Open<'_>| {
        let sized = (o.size - last.size).abs() < SAME / 2.0;
        o.rule.is_some_and(|r| r.level > 0) && sized && o.level == last.level && o.bold == last.bold
    };
    let like = around.iter().position(is_like);
    last.depth = like.map_or(depth - 1, |like| around[like].depth);
    last.groups = Some(depth);
    if let Some(like) = like {
        open.drain(like..open.len() - 1);
    }
    true
}

/// Whether a heading with a place is no part of an open one that groups sections of this depth.
pub(super) fn ends_group(open: &Open<'_>, heading: &Heading<'_>, depth: u16) -> bool {
    open.groups == Some(depth) && !towers_over(open, heading)
}

/// Whether a summary of which nothing but the heading is printed contains another, set smaller.
pub(super) fn holds_summary(open: &Open<'_>, heading: &Heading<'_>, rule: &SectionRule) -> bool {
    rule.kind == Some(Kind::Summary) && towers_over(open, heading)
}

/// Whether a heading is printed and marked like an open one.
pub(super) fn is_alike(heading: &Heading<'_>, open: &Open<'_>) -> bool {
    let marked = heading.level == open.level;
    let sized = heading.size > 0.0 && open.size > 0.0;
    let printed = match sized {
        true => (heading.size - open.size).abs() < SAME / 2.0,
        false => heading.level > 0,
    };
    marked && printed && heading.bold == open.bold
}

/// Whether an open heading is printed larger than another, or in the same size and marked higher.
pub(super) fn towers_over(open: &Open<'_>, heading: &Heading<'_>) -> bool {
    is_larger((open.size, open.level), (heading.size, heading.level))
}

/// Whether a heading is printed larger than another, or in the same size and marked higher.
pub(super) fn larger(one: &Heading<'_>, other: &Heading<'_>) -> bool {
    is_larger((one.size, one.level), (other.size, other.level))
}

fn is_larger(one: (f32, u8), other: (f32, u8)) -> bool {
    if one.0 > 0.0 && other.0 > 0.0 && (one.0 - other.0).abs() > SAME {
        return one.0 > other.0;
    }
    one.1 > 0 && other.1 > one.1
}

/// Whether a heading whose rule leaves its place open is marked and set like an open one.
fn is_beside(heading: &Heading<'_>, rule: Option<&SectionRule>, open: &Open<'_>) -> bool {
    let unplaced = rule.is_some_and(|r| r.level == 0);
    let marked_alike = heading.level > 0 && heading.level == open.level;
    let sized = heading.size > 0.0 && open.size > 0.0;
    unplaced && marked_alike && sized && (heading.size - open.size).abs() < SAME
}

/// Whether a heading closes an open one: it is at least as large, or marked at least as high.
fn outranks(heading: &Heading<'_>, rule: Option<&SectionRule>, open: &Open<'_>) -> bool {
    let sized = heading.size > 0.0 && open.size > 0.0;
    if is_beside(heading, rule, open) {
        return true;
    }
    if open.rule.is_some_and(|r| r.level > 0) {
        return sized && heading.size > open.size + 1.5;
    }
    // Slanted letters measure a little more than upright ones of their size.
    let weighs_less = open.bold && !heading.bold && heading.level == open.level;
    if sized && weighs_less && heading.size < open.size + SLANTED {
        return false;
    }
    if sized && (heading.size - open.size).abs() > SAME {
        return heading.size > open.size;
    }
    heading.level == 0 || open.level == 0 || heading.level <= open.level
}

#[cfg(test)]
mod tests {
    use super::{Around, Open, depth_within, ends_group, group, holds_summary};
    use crate::knowledge::Knowledge;
    use crate::understand::parse::headings::Heading;

    fn heading(title: &str, size: f32) -> Heading<'static> {
        Heading {
            title: title.to_owned(),
            printed: title.to_owned(),
            rule: None,
            grade: None,
            level: 3,
            size,
            bold: true,
            apart: true,
            learnt: false,
            page: Some(5),
            top: 0.0,
        }
    }

    #[test]
    fn a_heading_stays_within_the_section_its_rule_asks_for_though_both_are_set_alike() {
        let knowledge = Knowledge::embedded().unwrap();
        let sif = knowledge.framework("sif").unwrap();
        let rule = |area: &str| sif.sections.iter().find(|r| r.area == area);
        let area = Open {
            title: "Information about this local authority area".to_owned(),
            rule: rule("Information about this local authority area"),
            grade: None,
            depth: 20,
            level: 3,
            size: 12.0,
            bold: true,
            groups: None,
        };
        let depth = |open: &[Open<'_>], title: &str| {
            let around = Around { open, has_text: false };
            depth_within(&around, &heading(title, 12.0), rule("Children in this area"))
        };
        assert_eq!(depth(std::slice::from_ref(&area), "Children living in this area"), 21);
        let leaders =
            Open { title: "Local leadership".to_owned(), rule: None, depth: 21, ..area.clone() };
        assert_eq!(depth(&[area, leaders], "Child protection in this area"), 21);
    }

    #[test]
    fn a_heading_printed_like_that_of_a_section_with_text_is_no_part_of_it() {
        let knowledge = Knowledge::embedded().unwrap();
        let jtai = knowledge.framework("jtai").unwrap();
        let improve = Open {
            title: "What needs to improve?".to_owned(),
            rule: jtai.sections.iter().find(|r| r.area == "Areas for improvement"),
            grade: None,
            depth: 10,
            level: 3,
            size: 12.0,
            bold: true,
            groups: None,
        };
        let open = std::slice::from_ref(&improve);
        let depth = |size: f32, has_text: bool| {
            depth_within(&Around { open, has_text }, &heading("The partnership", size), None)
        };
        assert_eq!(depth(12.0, true), 10);
        // With no text between them, the second heading is the first part of the section.
        assert_eq!(depth(12.0, false), 11);
        assert_eq!(depth(11.0, true), 11);
    }

    fn opened<'k>(sif: &'k crate::knowledge::Framework, area: &str, size: f32) -> Open<'k> {
        let rule = sif.sections.iter().find(|rule| rule.area == area).unwrap();
        Open {
            title: area.to_owned(),
            rule: Some(rule),
            grade: None,
            depth: u16::from(rule.level) * 10,
            level: 0,
            size,
            bold: true,
            groups: None,
        }
    }

    fn titles(open: &[Open<'_>]) -> Vec<String> {
        open.iter().map(|o| o.title.clone()).collect()
    }

    #[test]
    fn an_empty_section_printed_larger_than_the_next_of_its_level_is_around_it() {
        let knowledge = Knowledge::embedded().unwrap();
        let sif = knowledge.framework("sif").unwrap();
        let area = Heading { level: 0, ..heading("Care of children", 12.0) };
        let end = Heading { level: 0, ..heading("Progress", 14.0) };
        let around =
            |name: &str| vec![opened(sif, "The local authority", 16.0), opened(sif, name, 14.0)];

        let mut open = around("Inspection judgements");
        assert!(group(&mut open, &area, 20));
        assert_eq!(titles(&open), ["The local authority", "Inspection judgements"]);
        assert!(open[1].depth < 20);
        // The next area is inside it as well; what is printed like it is not.
        assert!(!ends_group(&open[1], &area, 20));
        assert!(ends_group(&open[1], &end, 20));
        // Nor is a section of some kind or with a grade of its own around others of its level.
        assert!(!group(&mut around("Inspection judgements"), &end, 20));
        assert!(!group(&mut around("What needs to improve"), &area, 20));
        assert!(!group(&mut around("Leadership, management and governance"), &area, 20));
    }

    #[test]
    fn a_summary_is_around_a_smaller_one_and_around_no_other_section() {
        let knowledge = Knowledge::embedded().unwrap();
        let sif = knowledge.framework("sif").unwrap();
        let executive = opened(sif, "Executive summary of the board", 14.0);
        let holds = |area: &str, size: f32| {
            let rule = opened(sif, area, size).rule.unwrap();
            holds_summary(&executive, &Heading { level: 0, ..heading(area, size) }, rule)
        };
        assert!(holds("Summary", 12.0));
        assert!(!holds("Summary", 14.0));
        assert!(!holds("Inspection findings", 12.0));
    }

    #[test]
    fn a_section_around_others_that_is_set_like_its_part_of_the_report_is_a_part_itself() {
        let knowledge = Knowledge::embedded().unwrap();
        let sif = knowledge.framework("sif").unwrap();
        let area = Heading { level: 0, ..heading("Care of children", 12.0) };
        let mut open = vec![
            opened(sif, "The local authority", 16.0),
            opened(sif, "Inspection judgements", 16.0),
        ];
        assert!(group(&mut open, &area, 20));
        assert_eq!(titles(&open), ["Inspection judgements"]);
        assert_eq!(open[0].depth, 10);
    }

    #[test]
    fn a_slanted_heading_is_below_one_in_bold_of_its_size() {
        let bold = Open {
            title: "The board is good because".to_owned(),
            rule: None,
            grade: None,
            depth: 21,
            level: 0,
            size: 12.0,
            bold: true,
            groups: None,
        };
        let depth = |bold_too: bool| {
            let slanted = Heading { level: 0, bold: bold_too, ..heading("Partners", 12.65) };
            let around = Around { open: std::slice::from_ref(&bold), has_text: false };
            depth_within(&around, &slanted, None)
        };
        assert_eq!(depth(false), 22);
        assert_eq!(depth(true), 10);
    }
}
