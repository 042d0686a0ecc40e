//! What a reader of recommendations must know.

use super::{Recommendations, alike};
use findings_index::records::Attribute;

/// How pairs are found that ask for the same, and how often that is right, in one sentence.
#[must_use]
pub fn how_found(has_vectors: bool) -> &'static str {
    if has_vectors {
        "Found by closeness in meaning and shared words, between an inspection and the next of the same \
         kind: 23 of 25 such pairs, read by eye, ask for the same, so read both before you say so."
    } else {
        "Found by nearly the same words, between an inspection and the next of the same kind; read both \
         before you say so."
    }
}

/// Lists what a reader must know.
pub(super) fn notes(
    answer: &Recommendations,
    has_vectors: bool,
    is_about_something: bool,
) -> Vec<String> {
    let mut notes = Vec::new();
    if answer.total == 0 {
        return notes;
    }
    let counted = |by| answer.groups.iter().any(|groups| groups.by == by);
    if answer.with_theme < answer.total && counted(Attribute::Theme) {
        notes.push(
            "The theme is that of the section. A list of recommendations on everything that was \
             inspected has none: the topics say what each is about."
                .to_owned(),
        );
    }
    if counted(Attribute::Topic) {
        notes.push(
            "A recommendation may have several topics, so those by topic add up to more than all."
                .to_owned(),
        );
    }
    if answer.with_timescale < answer.total && counted(Attribute::Timescale) {
        notes.push(
            "A timescale or an addressee is only counted where the report prints one. What names \
             nobody is for the authority or partnership that was inspected."
                .to_owned(),
        );
    }
    notes.push(if has_vectors {
        format!(
            "Repeated: the next inspection of the same series asks the same body for the same thing, \
             by closeness in meaning and shared words ({} of 100 together). Full inspections are one \
             series, whatever their frameworks; visits and inspections of other kinds are each a \
             series of their own. Read both before you say so: about one in ten is not the same. The \
             count is a lower bound: perhaps as many again ask for the same in other words.",
            alike::ENOUGH
        )
    } else {
        "Repeated: the next inspection of the same series asks the same body for the same thing in \
         nearly the same words. The program was built without what compares meanings."
            .to_owned()
    });
    if is_about_something {
        notes.push(
            "Only pairs of which both match the words and topics asked for count as repeated; with \
             other conditions, one of them meets these."
                .to_owned(),
        );
    }
    notes.push(
        "That a recommendation is not made again does not mean that it was followed: the next \
         inspection may not have looked at it."
            .to_owned(),
    );
    notes
}
