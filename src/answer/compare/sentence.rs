//! Puts the answer into words.

use super::mentions::{Judged, Mentions};
use super::{Group, Share};
use findings_index::records::Kind;
use findings_index::records::numerals::thousands;
use findings_index::request::{Expansion, Filters};

/// Writes the sentence for the committee. It contains the conditions, so that it stays true when
/// quoted alone.
pub(super) fn sentence(name: &str, conditions: &str, whole: &Group, mentions: &Mentions) -> String {
    let name = match conditions {
        "" => name.to_owned(),
        conditions => format!("{name}, only {conditions}"),
    };
    if whole.eligible.paragraphs == 0 {
        return format!("{name}: nothing to look through, as there is no such paragraph.");
    }
    let Share { count, out_of, .. } = mentions.mentioned;
    if out_of == 0 {
        let Share { count, out_of, .. } = whole.reports;
        let reports = if out_of == 1 { "report" } else { "reports" };
        return format!(
            "{name}: mentioned in {count} of {out_of} {reports}{}.",
            doubt(&whole.reports)
        );
    }
    let bodies = if out_of == 1 { "authority" } else { "authorities" };
    let judged: Vec<String> = mentions.judged.iter().map(judged).collect();
    let judged = match judged.as_slice() {
        [] => String::new(),
        [only] => format!("; in {only}"),
        [most @ .., last] => format!("; in {} and {last}", most.join(", ")),
    };
    format!(
        "{name}: mentioned in {count} of {out_of} {bodies} inspected{}{judged}.",
        doubt(&mentions.mentioned)
    )
}

fn judged(judged: &Judged) -> String {
    let Share { count, out_of, .. } = judged.mentioned;
    match &judged.label {
        Some(label) => format!("{count} of {out_of} judged {}", lower(label)),
        None => format!("{count} of {out_of} not judged overall"),
    }
}

/// Lowers the first letter of a label, for use within a sentence.
fn lower(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Words an interval: ` (48%, 95% interval 38–59)`; empty where there is none.
fn doubt(share: &Share) -> String {
    match (share.percent, share.low, share.high) {
        (Some(percent), Some(low), Some(high)) => {
            format!(" ({percent:.0}%, 95% interval {low:.0}–{high:.0})")
        }
        _ => String::new(),
    }
}

/// Names the kinds that are not counted, though the conditions leave them.
pub(in crate::answer) fn left_out(eligible: &Filters) -> &'static str {
    // Where context alone is missing, nobody has chosen among the kinds.
    let missing = Kind::ALL.into_iter().filter(|kind| !eligible.kinds().contains(kind));
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
    mentions: &Mentions,
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
    if mentions.mentioned.out_of > 0 {
        counted.push(
            "An authority counts as inspected if a report of it was looked through, and as \
             mentioning it if one paragraph of one of these reports matches."
                .to_owned(),
        );
    }
    if mentions.judged.iter().any(|judged| judged.label.is_some()) {
        counted.push(
            "It is judged by the overall judgement, as printed, of its latest report here that \
             gives one; area SEND outcomes, which have a scale of their own, count only where there \
             is no other, and judgements on a safeguarding board do not."
                .to_owned(),
        );
    }
    counted.push("Intervals are 95% intervals by Wilson’s score method.".to_owned());
    counted
}
