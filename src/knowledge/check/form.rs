//! The form of a framework's file: the keys of each table, and the type of each value.

use crate::knowledge::form::{Form, Key};

const fn must(name: &'static str, form: Form<'static>) -> Key<'static> {
    Key { name, form, needed: true }
}

const fn may(name: &'static str, form: Form<'static>) -> Key<'static> {
    Key { name, form, needed: false }
}

/// The kinds that the paragraphs of a section can be given.
pub(super) const KINDS: &[&str] = &[
    "finding",
    "summary",
    "bullet",
    "recommendation",
    "context",
    "table",
    "caption",
    "boilerplate",
    "footnote",
];

pub(super) const BODIES: &[&str] = &["authority", "lscb", "partnership"];

pub(super) const NAMES: &[&str] = &["known", "open"];

pub(super) const VISITS: &[&str] = &["focused", "monitoring"];

pub(super) const INHERIT: &[&str] = &["inherit", "own", "printed", "none"];

pub(crate) const FRAMEWORK: &[Key] = &[
    must("code", Form::Text),
    must("name", Form::Text),
    must("short", Form::Text),
    must("period", Form::Text),
    may("label", Form::Text),
    may("order", Form::Number),
    may("full", Form::Flag),
    may("licence", Form::Text),
    may("attribution", Form::Text),
    may("like", Form::Text),
    may("scale", Form::Text),
    may("numbered", Form::Flag),
    may("bold_headings", Form::Flag),
    may("untitled", Form::Text),
    may("body", Form::OneOf(BODIES)),
    may("names", Form::OneOf(NAMES)),
    may("timescales", Form::Texts),
    may("refers", Form::Texts),
    may("earlier", Form::Texts),
    may("inspection", Form::Flag),
    may("chapters", Form::Flag),
    may("since", Form::Tables(SINCE)),
    may("recognise", Form::Table(RECOGNISE)),
    may("metadata", Form::Table(METADATA)),
    may("boilerplate", Form::Table(BOILERPLATE)),
    may("context", Form::Table(CONTEXT)),
    may("footnotes", Form::Table(FOOTNOTES)),
    may("theme", Form::Tables(THEME)),
    may("grades", Form::Tables(GRADE)),
    may("sentence", Form::Tables(SENTENCE)),
    may("paragraph", Form::Tables(PARAGRAPH)),
    may("section", Form::Tables(SECTION)),
];

const SINCE: &[Key] = &[must("framework", Form::TextOrTexts), must("says", Form::Text)];

const RECOGNISE: &[Key] = &[
    may("all", Form::Texts),
    may("any", Form::Texts),
    may("none", Form::Texts),
    may("visit", Form::Tables(VISIT)),
];

const VISIT: &[Key] = &[must("visit", Form::OneOf(VISITS)), must("any", Form::Texts)];

/// Each key holds patterns whose group `value` is the text that is wanted.
pub(super) const METADATA: &[Key] = &[
    may("title", Form::Texts),
    may("authority", Form::Texts),
    may("inspected", Form::Texts),
    may("published", Form::Texts),
    may("inspector", Form::Texts),
    may("theme", Form::Texts),
];

pub(super) const BOILERPLATE: &[Key] = &[
    may("paragraphs", Form::Texts),
    may("from", Form::Texts),
    may("front", Form::Texts),
    may("until", Form::Texts),
];

pub(super) const CONTEXT: &[Key] = &[may("paragraphs", Form::Texts), may("front", Form::Texts)];

pub(super) const FOOTNOTES: &[Key] = &[may("paragraphs", Form::Texts)];

const THEME: &[Key] = &[must("id", Form::Text), must("name", Form::Text), may("note", Form::Text)];

const GRADE: &[Key] =
    &[must("label", Form::Text), may("rank", Form::Number), may("words", Form::Text)];

const SENTENCE: &[Key] = &[
    must("area", Form::Text),
    must("pattern", Form::Text),
    may("label", Form::Text),
    may("rank", Form::Number),
];

const PARAGRAPH: &[Key] = &[
    must("pattern", Form::Text),
    must("kind", Form::OneOf(KINDS)),
    may("under", Form::TextOrTexts),
];

const SECTION: &[Key] = &[
    must("area", Form::Text),
    may("heading", Form::Text),
    may("title", Form::Text),
    may("level", Form::Number),
    may("theme", Form::Text),
    may("grade", Form::OneOf(INHERIT)),
    may("kind", Form::OneOf(KINDS)),
    may("under", Form::TextOrTexts),
    may("body", Form::OneOf(BODIES)),
    may("bullets_only", Form::Flag),
    may("demands_only", Form::Flag),
    may("unnumbered", Form::Flag),
    may("renumbered", Form::Flag),
    may("boxed", Form::Flag),
    may("table_only", Form::Flag),
];
