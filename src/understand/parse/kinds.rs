//! Decides what kind of paragraph a text is: by its own words, by the list that it is in, and by
//! the section that holds it.
//!
//! Knows no report: what is standard wording is data, in the frameworks.

use super::demand::{begins_with_demand, demands, says_none};
use super::entries::Form;
use crate::knowledge::Framework;
use crate::knowledge::pattern::Pattern;
use findings_index::records::Kind;

/// What the section around a text says about its kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Prescribed {
    /// The kind of its paragraphs, if the framework prescribes one.
    pub(super) kind: Option<Kind>,
    /// Whether only bullets are of that kind.
    pub(super) bullets_only: bool,
    /// Whether only what demands something is of that kind.
    pub(super) demands_only: bool,
    /// Whether its paragraphs have numbers of their own, so that a number does not mean the body.
    pub(super) renumbered: bool,
    /// Whether a heading that the framework does not know is between that section and the text.
    pub(super) is_apart: bool,
}

/// Reads the kind of a text from its own words, folded; `None` where they do not tell.
pub(super) fn by_words(framework: Option<&Framework>, folded: &str, front: bool) -> Option<Kind> {
    let framework = framework?;
    let matches = |patterns: &[Pattern]| patterns.iter().any(|p| p.regex().is_match(folded));
    if matches(&framework.boilerplate.paragraphs) {
        Some(Kind::Boilerplate)
    } else if matches(&framework.footnotes.paragraphs) {
        Some(Kind::Footnote)
    } else if matches(&framework.context.paragraphs) || (front && matches(&framework.context.front))
    {
        Some(Kind::Context)
    } else {
        None
    }
}

/// Whether a text, folded, is the salutation that ends the names and addresses of a letter.
pub(super) fn ends_address(framework: Option<&Framework>, folded: &str) -> bool {
    let until = framework.map_or(&[][..], |f| &f.boilerplate.until);
    until.iter().any(|pattern| pattern.regex().is_match(folded))
}

/// The kind of a text in a section. A text `is_part` if it belongs to the recommendation above.
pub(super) fn within(
    prescribed: Prescribed,
    form: Form,
    numbered: bool,
    is_part: bool,
    text: &str,
) -> Kind {
    let plain = match form {
        Form::Bullet(_) => Kind::Bullet,
        Form::Row => Kind::Table,
        Form::Running | Form::Note | Form::Caption | Form::Contents => Kind::Finding,
    };
    match prescribed.kind {
        Some(kind @ (Kind::Boilerplate | Kind::Context)) => kind,
        _ if form == Form::Row => Kind::Table,
        Some(Kind::Recommendation) => {
            let is_running = form == Form::Running;
            // Prose under a heading of its own is no item of the list above that heading.
            let is_prose = is_running && prescribed.is_apart && !numbered;
            let is_other = is_part
                || (is_running && prescribed.bullets_only)
                || (prescribed.demands_only && !demands(text))
                || (is_prose && !begins_with_demand(text))
                || says_none(text);
            if is_other { plain } else { Kind::Recommendation }
        }
        Some(kind) if form == Form::Running && (!numbered || prescribed.renumbered) => kind,
        _ => plain,
    }
}
