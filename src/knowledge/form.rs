//! Checks TOML against its required form and reports every fault at once, each with its line.
//!
//! Whoever writes such a file by hand needs all faults in one go, in words that name the key and
//! what to do; a deserialiser stops at the first fault. This module does not know what the file
//! means: the caller that gives the form checks that.

use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How similar a suggestion must be to the text as written; 1 is the same.
const LIKE: f64 = 0.6;

/// The severity of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but probably does not mean what was intended.
    Warning,
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The severity.
    pub severity: Severity,
    /// The line, counted from 1.
    pub line: usize,
    /// The key, such as `section 3, heading`; empty if the fault is in the file as a whole.
    pub key: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.reason)
    }
}

/// A key that a table may have.
#[derive(Debug)]
pub(crate) struct Key<'k> {
    pub(crate) name: &'k str,
    pub(crate) form: Form<'k>,
    pub(crate) needed: bool,
}

/// The type of the value of a key.
#[derive(Debug)]
pub(crate) enum Form<'k> {
    Text,
    Texts,
    TextOrTexts,
    Number,
    Flag,
    OneOf(&'static [&'static str]),
    Table(&'k [Key<'k>]),
    Tables(&'k [Key<'k>]),
}

impl Form<'_> {
    fn words(&self) -> &'static str {
        match self {
            Self::Text | Self::OneOf(_) => "a text in quotation marks",
            Self::Texts => "a list of texts, such as ['one', 'two']",
            Self::TextOrTexts => "a text in quotation marks, or a list of such texts",
            Self::Number => "a whole number",
            Self::Flag => "true or false, without quotation marks",
            Self::Table(_) => "a table",
            Self::Tables(_) => "a list of tables",
        }
    }
}

/// A file that is being checked, and its faults so far.
pub(crate) struct Checker<'t> {
    text: &'t str,
    is_toml: bool,
    faults: Vec<Fault>,
}

impl<'t> Checker<'t> {
    /// Parses the file and checks it against its form.
    pub(crate) fn new(text: &'t str, form: &[Key<'_>]) -> (Self, Spanned<DeTable<'t>>) {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut checker = Self { text, is_toml: errors.is_empty(), faults: Vec::new() };
        for error in &errors {
            let mut reason = error.message().replace('\n', ", ");
            if reason.contains("escape") {
                reason.push_str("; patterns are best written in 'single' quotation marks");
            }
            checker.error(error.span().unwrap_or(0..0), "", format!("this is not TOML: {reason}"));
        }
        // After a syntax error, the rest may be parsed wrongly and have faults that are not real.
        if errors.is_empty() {
            checker.table(root.get_ref(), root.span(), form, "");
        }
        (checker, root)
    }

    /// Returns the faults in order of line.
    pub(crate) fn finish(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|fault| fault.line);
        self.faults
    }

    /// Whether the file could be parsed; if not, its tables may be incomplete.
    pub(crate) fn is_toml(&self) -> bool {
        self.is_toml
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.faults.iter().all(|fault| fault.severity != Severity::Error)
    }

    pub(crate) fn error(&mut self, at: Range<usize>, key: &str, reason: impl Into<String>) {
        self.fault(Severity::Error, at, key, reason.into());
    }

    pub(crate) fn warn(&mut self, at: Range<usize>, key: &str, reason: impl Into<String>) {
        self.fault(Severity::Warning, at, key, reason.into());
    }

    fn fault(&mut self, severity: Severity, at: Range<usize>, key: &str, reason: String) {
        let line = self.line(at.start);
        self.faults.push(Fault { severity, line, key: key.to_owned(), reason });
    }

    /// The line, counted from 1, of a byte offset in the file.
    pub(crate) fn line(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn table(&mut self, table: &DeTable<'_>, at: Range<usize>, keys: &[Key<'_>], place: &str) {
        for (name, value) in table {
            let written = name.get_ref().as_ref();
            match keys.iter().find(|key| key.name == written) {
                Some(key) => self.value(value, &key.form, &within(place, written)),
                None => self.unknown(name.span(), written, keys, place),
            }
        }
        for key in keys.iter().filter(|key| key.needed) {
            if !table.keys().any(|name| name.get_ref().as_ref() == key.name) {
                self.error(at.clone(), place, format!("`{}` is missing", key.name));
            }
        }
    }

    fn unknown(&mut self, at: Range<usize>, written: &str, keys: &[Key<'_>], place: &str) {
        let names = keys.iter().map(|key| key.name);
        let next = match nearest(names.clone(), written) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("choose from {}", list(names)),
        };
        self.error(at, place, format!("unknown key `{written}`; {next}"));
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, form: &Form, place: &str) {
        let at = value.span();
        match (form, value.get_ref()) {
            (Form::Text | Form::TextOrTexts, DeValue::String(_))
            | (Form::Flag, DeValue::Boolean(_)) => {}
            (Form::Number, DeValue::Integer(number))
                if u32::from_str_radix(number.as_str(), number.radix()).is_ok() => {}
            (Form::OneOf(choices), DeValue::String(text)) => {
                if !choices.contains(&text.as_ref()) {
                    let choices = list(choices.iter().copied());
                    self.error(at, place, format!("`{text}` is none of {choices}"));
                }
            }
            (Form::Texts | Form::TextOrTexts, DeValue::Array(items)) => {
                for item in items {
                    if !item.get_ref().is_str() {
                        self.error(item.span(), place, "every item has to be in quotation marks");
                    }
                }
            }
            (Form::Table(keys), DeValue::Table(table)) => self.table(table, at, keys, place),
            (Form::Tables(keys), DeValue::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let place = format!("{place} {}", index + 1);
                    match item.get_ref() {
                        DeValue::Table(table) => self.table(table, item.span(), keys, &place),
                        _ => self.error(item.span(), &place, "this should be a table"),
                    }
                }
            }
            (Form::Tables(_), DeValue::Table(_)) => {
                self.error(at, place, format!("write it with two brackets: [[{place}]]"));
            }
            (Form::Table(_), DeValue::Array(_)) => {
                self.error(at, place, format!("write it with single brackets, once: [{place}]"));
            }
            (form, _) => self.error(at, place, format!("this should be {}", form.words())),
        }
    }
}

fn within(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}, {key}") }
}

/// The text of a key in a table, with its place.
pub(crate) fn text<'v>(table: &'v DeTable<'_>, key: &str) -> Option<(&'v str, Range<usize>)> {
    let value = table.get(key)?;
    Some((value.get_ref().as_str()?, value.span()))
}

/// The texts of a key, which may have one or a list, with their places.
pub(crate) fn texts<'v>(table: &'v DeTable<'_>, key: &str) -> Vec<(&'v str, Range<usize>)> {
    match table.get(key).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => {
            items.iter().filter_map(|i| Some((i.get_ref().as_str()?, i.span()))).collect()
        }
        _ => text(table, key).into_iter().collect(),
    }
}

/// The tables of a key, with their places.
pub(crate) fn tables<'v, 'i>(
    table: &'v DeTable<'i>,
    key: &str,
) -> Vec<(&'v DeTable<'i>, Range<usize>)> {
    match table.get(key).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => {
            items.iter().filter_map(|i| Some((i.get_ref().as_table()?, i.span()))).collect()
        }
        _ => Vec::new(),
    }
}

/// The name most like the text as written, if any is similar enough.
pub(crate) fn nearest<'n>(names: impl Iterator<Item = &'n str>, written: &str) -> Option<&'n str> {
    let written = written.to_lowercase();
    names
        .map(|name| (strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &written), name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}

/// Lists names for a message.
pub(crate) fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
