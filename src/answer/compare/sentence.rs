//! Puts the answer into words.

use super::conditions::NOT;
use super::mentions::{Judged, Mentions, Silence, Verdict};
use super::{Group, Share};
use crate::ask::Neighbourhood;
use findings_index::records::Kind;
use findings_index::records::numerals::thousands;
use findings_index::request::{Expansion, Filters};

/// From this share of the inspections on, in per cent, it says more how often something is mentioned
/// than whether it is.
const SATURATED: f64 = 95.0;

/// Fewer inspections are not saturated: all of few may well mention it.
const ENOUGH: usize = 10;

/// Writes the sentence for the committee. It contains the conditions, so that it stays true when
/// quoted alone, and joins mentions and grades of the same reports only.
pub(super) fn sentence(
    name: &str,
    conditions: &str,
    whole: &Group,
    mentions: &Mentions,
    silence: &Silence,
) -> String {
    let name = match conditions {
        "" => name.to_owned(),
        excluding if excluding.starts_with(NOT) => format!("{name}, {excluding}"),
        conditions => format!("{name}, only {conditions}"),
    };
    if whole.eligible.paragraphs == 0 {
        return format!("{name}: nothing to look through, as there is no such paragraph.");
    }
    let left_out = match silence.reports_without_authority {
        0 => String::new(),
        1 => "; 1 report is left out, as its authority is not known".to_owned(),
        many => format!("; {many} reports are left out, as their authority is not known"),
    };
    let Share { count, out_of, percent, .. } = mentions.inspections;
    if out_of == 0 {
        let Share { count, out_of, .. } = whole.reports;
        let reports = if out_of == 1 { "report" } else { "reports" };
        return format!(
            "{name}: mentioned in {count} of {out_of} {reports} of no known authority."
        );
    }
    let is_saturated = out_of >= ENOUGH && percent.is_some_and(|percent| percent >= SATURATED);
    let authorities = mentions.authorities.len();
    let (inspections, bodies) = (
        if out_of == 1 { "inspection" } else { "inspections" },
        if authorities == 1 { "authority" } else { "authorities" },
    );
    let years = mentions.span.years().map_or_else(String::new, |years| format!(", {years}"));
    let census = if mentions.is_census {
        " (all that are expected are held: no sample)".to_owned()
    } else {
        doubt(&mentions.inspections)
    };
    let judged: Vec<String> = mentions.judged.iter().map(|own| judged(own, is_saturated)).collect();
    let before = if is_saturated { "" } else { "in " };
    let judged = match judged.as_slice() {
        [] => String::new(),
        [only] => format!("; {before}{only}"),
        [most @ .., last] => format!("; {before}{} and {last}", most.join(", ")),
    };
    let rate = if is_saturated {
        let share = whole.paragraphs;
        format!(
            "; as nearly all do, the rate says more: {} of 100 paragraphs{}",
            one_decimal(share.percent),
            interval(&share, one_decimal)
        )
    } else {
        String::new()
    };
    format!(
        "{name}: mentioned in {count} of {out_of} {inspections} of {authorities} \
         {bodies}{years}{census}{rate}{judged}{left_out}."
    )
}

/// Words how many inspections with one result mention it, or at what rate.
fn judged(judged: &Judged, is_saturated: bool) -> String {
    let Share { count, out_of, .. } = judged.mentioned;
    let label = judged.label.as_deref().map(lower);
    let which = match (judged.verdict, label) {
        (Verdict::Judged, Some(label)) => format!("judged {label}"),
        (Verdict::Visit, _) if out_of == 1 => "visit".to_owned(),
        (Verdict::Visit, _) => "visits".to_owned(),
        _ => "not judged overall".to_owned(),
    };
    if is_saturated {
        format!("{} in the {out_of} {which}", one_decimal(judged.paragraphs.percent))
    } else {
        format!("{count} of {out_of} {which}")
    }
}

/// Lowers the first letter of a label, for use within a sentence.
pub(super) fn lower(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn one_decimal(percent: Option<f64>) -> String {
    percent.map_or_else(String::new, |percent| format!("{percent:.1}"))
}

fn whole_number(percent: Option<f64>) -> String {
    percent.map_or_else(String::new, |percent| format!("{percent:.0}"))
}

/// Words a share and its interval: ` (48%, 95% interval 38–59)`, ` (48%)` where there are too few
/// for one, and nothing where there is no share.
fn doubt(share: &Share) -> String {
    match share.percent {
        Some(percent) if share.low.is_some() && !share.too_few => {
            format!(" ({percent:.0}%, 95% interval {})", ends(share, whole_number))
        }
        Some(percent) if share.out_of > 1 => format!(" ({percent:.0}%)"),
        _ => String::new(),
    }
}

/// Words an interval: ` (95% interval 6.6–7.7)`; empty where there are too few for one.
fn interval(share: &Share, said: impl Fn(Option<f64>) -> String) -> String {
    if share.low.is_none() || share.too_few {
        return String::new();
    }
    format!(" (95% interval {})", ends(share, said))
}

fn ends(share: &Share, said: impl Fn(Option<f64>) -> String) -> String {
    format!("{}–{}", said(share.low), said(share.high))
}

/// Names the kinds that are not counted, though the conditions leave them.
pub(in crate::answer) fn left_out(eligible: &Filters) -> &'static str {
    // Where context alone is missing, nobody has chosen among the kinds. What was excluded, the
    // conditions do not leave.
    let is_missing =
        |kind: &Kind| !eligible.kinds().contains(kind) && !eligible.not.kinds().contains(kind);
    let missing = Kind::ALL.into_iter().filter(is_missing);
    match missing.eq([Kind::Context, Kind::Boilerplate]) {
        true => "context and boilerplate",
        false => "boilerplate",
    }
}

/// States what was counted, one sentence each.
pub(super) fn counted(
    conditions: &str,
    filters: &Filters,
    expansions: &[Expansion],
    whole: &Group,
) -> Vec<String> {
    let said = |count: usize, noun: &str| {
        format!("{} {noun}{}", thousands(count as u64), if count == 1 { "" } else { "s" })
    };
    let verb = if whole.matching.paragraphs == 1 { "matches" } else { "match" };
    let all = match conditions {
        "" => "all that is held",
        _ => "all that the conditions leave",
    };
    let left_out = left_out(filters);
    let mut counted = vec![format!(
        "Looked through: {} of {} words in {}, {all} but for {left_out}. {} of them in {} {verb}.",
        said(whole.eligible.paragraphs, "paragraph"),
        thousands(whole.eligible.words),
        said(whole.eligible.reports, "report"),
        thousands(whole.matching.paragraphs as u64),
        said(whole.matching.reports, "report"),
    )];
    // Synonyms that occur only together with what was written change no number.
    let brought: Vec<String> = expansions
        .iter()
        .filter(|expansion| expansion.alone > 0)
        .map(|Expansion { written, also, alone, .. }| {
            format!("‘{also}’ for ‘{written}’ ({} found only so)", thousands(*alone as u64))
        })
        .collect();
    if !brought.is_empty() {
        counted.push(format!(
            "Synonyms count as well: {}; an exact reading leaves them out.",
            brought.join(", ")
        ));
    }
    counted
}

/// States how it was counted, one sentence each.
pub(super) fn method(mentions: &Mentions) -> Vec<String> {
    let mut method = Vec::new();
    if mentions.inspections.out_of > 0 {
        method.push(
            "An inspection is a report that was looked through, and mentions it if one of its \
             paragraphs matches. It counts with the overall judgement that the same report gives on \
             the authority; area SEND outcomes are on a scale of their own, and judgements on a \
             safeguarding board do not count."
                .to_owned(),
        );
    }
    method.push(match mentions.is_census {
        true => {
            "Every authority that existed in these years is held, so the numbers of inspections \
                 are a census and have no sampling interval."
                .to_owned()
        }
        false => "The reports that are held are no random sample: intervals say how sure a figure \
                  would be if they were."
            .to_owned(),
    });
    method.push(
        "Intervals are 95% intervals with the report as the cluster, and one degree of freedom fewer \
         than there are reports (Korn and Graubard 1998); there is none of fewer than five reports, \
         and of fewer than 20 matches (10 in 100 reports or more) there are too few for one to be \
         relied on."
            .to_owned(),
    );
    method
}

/// Names the neighbours of a council, and where they are from.
pub(super) fn neighbours(near: &Neighbourhood) -> String {
    format!(
        "Statistical neighbours of {} ({}), the nearest first: {}.",
        near.councils.join(" and "),
        near.edition(),
        near.neighbours.join("; "),
    )
}
