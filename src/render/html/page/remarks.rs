//! What is to be said of a question before its answer is read.

use crate::ask::notes::{Note, Otherwise};
use crate::render::{clean, words};
use maud::{Markup, html};

/// Writes remarks on a question. Those on another reading of it lead to the answer to that one:
/// `to` is its address.
pub(super) fn remarks(
    remarks: &[Note],
    otherwise: &[Otherwise],
    to: impl Fn(&str) -> String,
) -> Markup {
    let other = |note: &Note| {
        (note.code == "otherwise")
            .then(|| otherwise.iter().find(|other| other.said() == note.text))
            .flatten()
    };
    html! {
        @if !remarks.is_empty() {
            ul.understood { @for note in remarks { li {
                @if let Some(other) = other(note) {
                    (words::told(&other.reading)) " "
                    a href=(to(&other.query)) { (clean::line(&other.query)) }
                    " (" (words::count(other.total, "paragraph")) ")"
                } @else {
                    (words::told(&note.text))
                }
            } } }
        }
    }
}
