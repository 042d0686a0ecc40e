//! What a reader must know of the terms of two sets: the rules, and what may mislead.

use super::chance::{MOST_FALSE, Shuffles};
use super::keyness::SURE;
use super::{Order, Question, Set};
use crate::answer::compare::fairness;
use crate::ask::notes::Note;
use findings_index::records::Kind;
use findings_index::request::terms::SetSize;

fn reports(count: usize) -> String {
    format!("{count} report{}", if count == 1 { "" } else { "s" })
}

/// Says which reports were shuffled how.
fn shuffled(shuffles: &Shuffles) -> String {
    let were = |count: usize| if count == 1 { "was" } else { "were" };
    let Shuffles { dealt, swapped, sections, unmatched, .. } = *shuffles;
    let mut said = Vec::new();
    if dealt > 0 {
        let were = were(dealt);
        said.push(format!(
            "{} with paragraphs in one set only {were} dealt to either",
            reports(dealt)
        ));
    }
    if swapped > 0 {
        let (were, each) = match swapped {
            1 => ("was compared with itself", "it"),
            _ => ("were each compared with themselves", "each"),
        };
        said.push(format!(
            "{} with paragraphs in both {were}, and the {sections} sections dealt to the sets within \
             {each}",
            reports(swapped)
        ));
    }
    if unmatched > 0 {
        let were = were(unmatched);
        said.push(format!("{} {were} left out, {ONLY}", reports(unmatched)));
    }
    said.join("; ")
}

/// Why reports have nothing to be compared with.
const ONLY: &str = "with paragraphs in one set only where the other set has no such report";

/// The note that too few reports tell nothing from chance, where this is so.
pub(super) fn too_few(shuffles: &Shuffles) -> Option<Note> {
    let Shuffles { dealt, swapped, unmatched, .. } = *shuffles;
    shuffles.too_few.then(|| {
        let others = match unmatched {
            0 => String::new(),
            count => format!(" ({} more {ONLY})", reports(count)),
        };
        Note {
            code: "too_few_reports",
            text: format!(
                "no term can be told from chance: there are too few ways to shuffle {} between the \
                 sets{others}",
                reports(dealt + swapped)
            ),
        }
    })
}

/// The rules by which terms are chosen.
pub(super) fn rules(question: &Question<'_>, sets: &[Set; 2], shuffles: &Shuffles) -> Vec<String> {
    let order = match question.order {
        Order::LogLikelihood => "the surest difference (log-likelihood) first",
        Order::LogRatio => "the greatest difference (log ratio) first",
    };
    let mut rules = vec![
        format!(
            "Terms are words and phrases of up to {} words, in all forms of their words; {order}. \
             None goes over punctuation. Words of grammar, numbers and names are none.",
            question.longest
        ),
        format!(
            "A term is in at least {} of the {} reports of the first set or {} of the {} of the \
             second, and would still differ surely (a log-likelihood of {SURE}) without the report \
             that has it most: no report carries a term alone. DP is 0 where it is spread over the \
             reports of its set as their words are, and near 1 where a few have all of it.",
            sets[0].least_reports, sets[0].reports, sets[1].least_reports, sets[1].reports
        ),
        "Log ratio: 1 is twice as often, 2 four times. A term that a set does not have counts as \
         half a time there."
            .to_owned(),
    ];
    if !shuffles.too_few {
        let told = format!(
            "Told is what differs by more than in {} shuffles of the reports between the sets: at most \
             {:.0}% of the terms are there by chance (q). In each shuffle {}.{} G² is the log-likelihood, \
             divided by how much more the reports differ among themselves than single words would.",
            shuffles.count,
            100.0 * MOST_FALSE,
            shuffled(shuffles),
            if shuffles.swapped > 0 {
                " What a report has more often than others in all its sections does not count where \
                 it is compared with itself."
            } else {
                ""
            }
        );
        rules.insert(1, told);
    }
    rules
}

/// What a reader must know of the sets.
pub(super) fn notes(
    question: &Question<'_>,
    sets: &[Set; 2],
    shared: usize,
    sizes: &[SetSize; 2],
) -> Vec<String> {
    let mut notes = vec![
        "A term tells where something is spoken of more often, not what is said about it: read \
         its paragraphs. The grade of a section is never the paragraph’s own."
            .to_owned(),
    ];
    for asked in question.sets.iter().filter(|asked| !asked.passed_over.is_empty()) {
        notes.push(format!(
            "Not looked for in {}, because they stand almost everywhere: {}. In quotation marks \
             they are.",
            asked.said,
            asked.passed_over.join(", ")
        ));
    }
    for asked in &question.sets {
        notes.extend(fairness::repaired(&asked.remarks).map(|note| note.text));
        notes.extend(fairness::unheld(&asked.unheld).map(|note| note.text));
    }
    if shared > 0 {
        notes.push(format!(
            "{shared} paragraphs are in both sets ({} in the first, {} in the second) and are \
             counted in both: differences look smaller than they are.",
            sizes[0].paragraphs, sizes[1].paragraphs
        ));
    }
    let codes = |set: &Set| {
        let mut codes: Vec<String> = set.frameworks.iter().map(|(code, _)| code.clone()).collect();
        codes.sort_unstable();
        codes
    };
    let [first, second] = [codes(&sets[0]), codes(&sets[1])];
    if first != second {
        notes.push(format!(
            "The sets are of different frameworks ({} against {}). Each asks and writes in its own \
             way: some terms tell the frameworks apart and nothing about what was found. A \
             condition on the framework in both sets keeps them apart.",
            first.join(", "),
            second.join(", ")
        ));
    }
    if [0, 1].iter().any(|set| sets[*set].find.filters.kinds().contains(&Kind::Summary)) {
        notes.push(
            "Summaries say again what the body says, and what they say counts twice; \
             a condition on the kind (finding, bullet) leaves them out."
                .to_owned(),
        );
    }
    notes
}
