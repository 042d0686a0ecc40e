//! Other readings of a query: names, years, grades and frameworks that were typed as words, and
//! words that were typed as operators.
//!
//! Nothing is applied here: each reading is a query of its own with the number of paragraphs that
//! it finds. Words in quotation marks, in parentheses or in conditions are never read otherwise.

mod conditions;
mod operators;
mod several;

use super::Session;
use super::error::AskError;
use super::notes::{Note, Otherwise};
use super::question::{Conditions, Reading};
use super::reading::Understood;
use findings_index::language::grammar::is_function_word;
use findings_index::language::nearest::nearest;
use findings_index::language::query::{Query, Span, parse};
use findings_index::records::Attribute;
use findings_index::request::{Filters, UnheldWord};

/// The most readings that are named.
const NAMED: usize = 4;

/// Other readings of a query, and what is to be said of the names in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Readings {
    /// Those that find something.
    pub(super) found: Vec<Otherwise>,
    /// The one to be answered where the words as such find nothing.
    pub(super) instead: Option<(String, Understood)>,
    /// Remarks on authorities of which nothing is held.
    pub(super) notes: Vec<Note>,
    /// Words that are names, of which it need not be said that no paragraph has them.
    pub(super) names: Vec<Span>,
}

/// A reading that has not been tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// What it asks for, in words.
    pub(super) reading: String,
    /// The query.
    pub(super) query: String,
    /// Whether it may be answered in place of the words.
    pub(super) may_replace: bool,
    /// The reading for any of the words, named where none has all of them.
    pub(super) any: Option<Box<Draft>>,
}

impl Draft {
    /// A reading that is only named.
    pub(super) fn named(reading: String, query: String) -> Self {
        Self { reading, query, may_replace: false, any: None }
    }
}

/// A query under a condition on an attribute.
fn under(query: &str, field: Attribute, value: &str) -> String {
    let condition = Query::Field { field, value: value.to_owned(), span: Span::default() };
    format!("{query} {condition}").trim_start().to_owned()
}

/// A word at the top of a query, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// The word, with what it is written together with, such as a hyphen.
    pub(super) text: String,
    /// Whether `!` follows it, which in other languages is any ending.
    pub(super) is_cut: bool,
    /// Where it is, punctuation included.
    pub(super) span: Span,
    /// Its place among the clauses of the query.
    pub(super) clause: usize,
}

/// The words that are clauses of the whole query.
fn words(typed: &str, query: &Query) -> Vec<Typed> {
    let one = std::slice::from_ref(query);
    let clauses = match query {
        Query::And { clauses, .. } => clauses.as_slice(),
        _ => one,
    };
    let chars: Vec<char> = typed.chars().collect();
    let mut words = Vec::new();
    for (clause, node) in clauses.iter().enumerate() {
        if let Query::Word { span, .. } = node {
            let written: String = chars[span.start..span.end.min(chars.len())].iter().collect();
            let text = written.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            words.push(Typed { text, is_cut: written.ends_with('!'), span: *span, clause });
        }
    }
    words
}

/// Words with which a question is asked rather than what it is about.
const ASKING: [&str; 34] = [
    "what",
    "how",
    "where",
    "who",
    "which",
    "why",
    "when",
    "do",
    "does",
    "did",
    "have",
    "has",
    "is",
    "are",
    "was",
    "were",
    "there",
    "the",
    "an",
    "any",
    "anything",
    "inspectors",
    "inspector",
    "ofsted",
    "reports",
    "say",
    "says",
    "said",
    "find",
    "found",
    "write",
    "tell",
    "me",
    "about",
];

/// The opening of a question, up to what it is about: `what do inspectors say about`.
fn opening(words: &[Typed]) -> Option<Span> {
    let is_asking = |word: &&Typed| ASKING.contains(&word.text.to_lowercase().as_str());
    let asking = words.iter().take_while(is_asking).count();
    let asks = words[..asking].iter().any(|word| {
        matches!(
            word.text.to_lowercase().as_str(),
            "inspectors" | "inspector" | "ofsted" | "reports" | "about"
        )
    });
    let (first, last) = (words.first()?, words[..asking].last()?);
    (asks && asking < words.len()).then_some(Span { start: first.span.start, end: last.span.end })
}

/// The text without some of its characters, white space evened out.
fn without(typed: &str, spans: &[Span]) -> String {
    let is_left = |at: &usize| !spans.iter().any(|span| (span.start..span.end).contains(at));
    let left = typed.chars().enumerate().filter(|(at, _)| is_left(at)).map(|(_, c)| c);
    let left: String = left.collect();
    let left = left.split_whitespace();
    let has_words =
        |part: &&str| part.contains(|c: char| c.is_alphanumeric() || "\"“”*()".contains(c));
    left.filter(has_words)
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches(['?', ',', ';'])
        .to_owned()
}

impl Session<'_> {
    /// The other readings of a query, of which its words as such found `total` paragraphs.
    ///
    /// # Errors
    /// An engine that fails, or a table that cannot be used.
    pub(super) fn otherwise(
        &self,
        understood: &Understood,
        filters: &Filters,
        total: usize,
    ) -> Result<Readings, AskError> {
        let mut readings = Readings::default();
        let typed = &understood.typed;
        let Ok(parsed) = parse(typed) else { return Ok(readings) };
        let words = words(typed, &parsed.query);
        let mut drafts = operators::drafts(typed, &words);
        drafts.extend(operators::undone(typed, &parsed.repairs));
        if total == 0 {
            drafts.extend(operators::either(&parsed.query));
        }
        let named = self.named(typed, &words, &parsed.query, filters, total)?;
        drafts.extend(named.drafts);
        if total == 0 {
            drafts.extend(self.held_words(typed, &words, &understood.unheld, &named.names)?);
        }
        readings.notes = named.notes;
        if !words.is_empty() && words.iter().all(|word| is_function_word(&word.text.to_lowercase()))
        {
            let text =
                "these are common words that nearly every paragraph has; add what it is about";
            readings.notes.push(Note { code: "common", text: text.to_owned() });
        }
        readings.names = named.names;
        let reading = understood.reading;
        let (mut instead, mut not_held) = (Vec::new(), Vec::new());
        for draft in drafts {
            let Some((read, found)) = self.tried(&draft, reading, filters)? else { continue };
            if found == 0 {
                not_held.extend(self.not_held_then(&read.query, filters)?);
                if let Some(any) = &draft.any
                    && let Some((_, total)) = self.tried(any, reading, filters)?
                    && total > 0
                {
                    let Draft { reading, query, .. } = (**any).clone();
                    readings.found.push(Otherwise { reading, query, total });
                }
                continue;
            }
            if draft.may_replace && total == 0 {
                instead.push((draft.reading.clone(), read));
            }
            readings.found.push(Otherwise {
                reading: draft.reading,
                query: draft.query,
                total: found,
            });
        }
        if instead.len() == 1 {
            readings.instead = instead.pop();
        }
        readings.found.truncate(NAMED);
        if readings.found.is_empty() {
            readings.notes.extend(not_held.into_iter().next());
        }
        Ok(readings)
    }

    /// Adds to a query what it may mean otherwise and what it leaves out, for whoever counts it
    /// under these filters.
    ///
    /// # Errors
    /// An engine that fails, or a table that cannot be used.
    pub fn read_otherwise(
        &self,
        understood: &mut Understood,
        filters: &Filters,
    ) -> Result<(), AskError> {
        let total = self.total(&understood.query, filters)?;
        let Readings { found, notes, names, .. } = self.otherwise(understood, filters, total)?;
        understood.leave_named(&names);
        understood.read_as.extend(notes);
        understood.otherwise.extend(found);
        self.count_others(understood, filters, total)
    }

    /// The readings without words that no paragraph has: with the authority that is meant by one, or
    /// without any of them.
    fn held_words(
        &self,
        typed: &str,
        words: &[Typed],
        unheld: &[UnheldWord],
        names: &[Span],
    ) -> Result<Vec<Draft>, AskError> {
        let held = self.engine.values(Attribute::Authority)?;
        let is_unheld = |word: &&Typed| {
            let is = |unheld: &UnheldWord| {
                word.span.start <= unheld.span[0] && unheld.span[1] <= word.span.end
            };
            unheld.iter().any(is) && !names.contains(&word.span)
        };
        let missing: Vec<&Typed> = words.iter().filter(is_unheld).collect();
        let mut drafts = Vec::new();
        for word in &missing {
            if let Some(name) = nearest(held.iter().map(String::as_str), &word.text) {
                let left = without(typed, &[word.span]);
                let reading = format!("‘{left}’ in reports of {name}, if that is meant");
                drafts.push(Draft::named(reading, under(&left, Attribute::Authority, name)));
            }
        }
        let spans: Vec<Span> = missing.iter().map(|word| word.span).collect();
        let left = without(typed, &spans);
        if !missing.is_empty() && left.contains(char::is_alphanumeric) {
            let reading = format!("‘{left}’ alone");
            drafts.push(Draft::named(reading, left));
        }
        Ok(drafts)
    }

    /// A reading as understood, and the number of paragraphs that it finds; `None` if it is not a
    /// query.
    fn tried(
        &self,
        draft: &Draft,
        reading: Reading,
        filters: &Filters,
    ) -> Result<Option<(Understood, usize)>, AskError> {
        let understood = match self.read(&draft.query, reading, &Conditions::default()) {
            Ok(understood) => understood,
            Err(AskError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let total = self.total(&understood.query, filters)?;
        Ok(Some((understood, total)))
    }
}
