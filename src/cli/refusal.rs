//! Refuses what was typed: what is wrong, where, and what to do next.

use super::wording::NOT;
use crate::ask::question::NOT as NOT_COLUMN;
use crate::ask::{AskError, Hint, Place};
use crate::render::clean;
use std::fmt;
use std::ops::Range;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Something typed that cannot be done as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    message: String,
    pub(super) quoted: Option<Box<Quoted>>,
    /// The kind of fault, for programs.
    pub(super) code: Option<&'static str>,
    /// The value to write in place of that of an option.
    meant: Option<String>,
    hints: Vec<String>,
}

/// What was typed, and which part of it is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) typed: String,
    pub(super) span: Range<usize>,
    /// What was typed with the fault corrected.
    pub(super) suggestion: Option<String>,
}

/// How places are called where something was typed.
struct Names {
    /// The place of a condition, by its name.
    condition: fn(&str) -> String,
    /// The place of what is excluded of an attribute, by its name.
    exclusion: fn(&str) -> String,
    /// A value that is excluded of an attribute, as it is typed in that place.
    excluded: fn(&str, &str) -> String,
}

/// The most columns of what was typed that are quoted below a message: more would be wrapped, and
/// the carets would point at nothing.
const QUOTED: usize = 76;

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), quoted: None, code: None, meant: None, hints: Vec::new() }
    }

    /// Quotes what was typed, with carets under a range of its characters.
    pub(crate) fn quote(mut self, typed: &str, span: Range<usize>) -> Self {
        let typed = typed.to_owned();
        self.quoted = Some(Box::new(Quoted { typed, span, suggestion: None }));
        self
    }

    /// Names the kind of fault for programs.
    pub(super) fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds the value to write in place of that of an option.
    fn meaning(mut self, meant: Option<String>) -> Self {
        self.meant = meant;
        self
    }

    /// Adds what to write instead of what was quoted.
    pub(crate) fn suggest(mut self, meant: String) -> Self {
        if let Some(quoted) = &mut self.quoted {
            // What follows the fault also follows its correction.
            let behind = quoted.typed.chars().count().saturating_sub(quoted.span.end);
            let end = meant.chars().count().saturating_sub(behind);
            let shown = around(&meant, quoted.span.start..end.max(quoted.span.start)).0;
            self.hints.push(format!("write `{shown}`"));
            quoted.suggestion = Some(meant);
        }
        self
    }

    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Puts the place before the message.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// Returns the refusal that an error holds, if it is about what was typed.
    pub(crate) fn of(error: &anyhow::Error) -> Option<Self> {
        if let Some(refusal) = error.downcast_ref::<Self>() {
            return Some(refusal.clone());
        }
        match error.downcast_ref::<AskError>() {
            Some(AskError::Refused(refused)) => Some(Self::worded(refused)),
            _ => None,
        }
    }

    /// Puts a refusal of what was asked into the words of the command line.
    pub(crate) fn worded(refused: &crate::ask::Refusal) -> Self {
        Self::at_places(
            refused,
            &Names {
                condition: |name| format!("--{}", name.replace('_', "-")),
                exclusion: |name| format!("--{NOT} {name}"),
                excluded: |name, value| format!("{name}:{value}"),
            },
        )
    }

    /// Puts a refusal of what a row of a table asked into words: its conditions are columns.
    pub(crate) fn of_row(refused: &crate::ask::Refusal) -> Self {
        Self::at_places(
            refused,
            &Names {
                condition: str::to_owned,
                exclusion: |name| format!("{NOT_COLUMN}{name}"),
                excluded: |_, value| value.to_owned(),
            },
        )
    }

    fn at_places(refused: &crate::ask::Refusal, names: &Names) -> Self {
        let named = names.condition;
        let refusal = Self::new(&refused.message).coded(refused.code);
        let refusal = match refused.place.as_deref() {
            None => refusal,
            Some(Place::Condition(attribute)) => {
                refusal.within(&named(attribute.name())).meaning(refused.suggestion.clone())
            }
            Some(Place::Exclusion(attribute)) => {
                let name = attribute.name();
                let meant = refused.suggestion.as_ref();
                let meant = meant.map(|meant| (names.excluded)(name, meant));
                refusal.within(&(names.exclusion)(name)).meaning(meant)
            }
            Some(Place::Other(other)) => {
                refusal.within(&named(other.name())).meaning(refused.suggestion.clone())
            }
            Some(Place::Text { typed, span: [start, end] }) => {
                let refusal = refusal.quote(typed, *start..*end);
                match &refused.suggestion {
                    Some(meant) => refusal.suggest(meant.clone()),
                    None => refusal,
                }
            }
        };
        // Where the whole query is shown corrected, the part need not be named.
        let is_shown = refused.suggestion.is_some() && refusal.quoted.is_some();
        let hints =
            refused.hints.iter().filter(|hint| !(is_shown && matches!(hint, Hint::Near(_))));
        hints.fold(refusal, |refusal, hint| refusal.hint(said(hint)))
    }

    /// Returns the lines below the message: the quotation with its carets.
    pub(crate) fn quotation(&self) -> Option<String> {
        let quoted = self.quoted.as_ref()?;
        let (typed, span) = around(&quoted.typed, quoted.span.clone());
        let before: String = typed.chars().take(span.start).collect();
        let under: String = typed.chars().skip(span.start).take(span.len()).collect();
        let carets = "^".repeat(under.width().max(1));
        Some(format!("{typed}\n{:free$}{carets}", "", free = before.width()))
    }

    /// Returns what to write instead: the whole of what was quoted, or the value of an option.
    pub(super) fn suggestion(&self) -> Option<&str> {
        let quoted = self.quoted.as_ref().and_then(|quoted| quoted.suggestion.as_deref());
        quoted.or(self.meant.as_deref())
    }

    /// Returns what to do next.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }
}

/// Puts a hint into the words of the command line.
fn said(hint: &Hint) -> String {
    match hint {
        Hint::Near(value) => format!("did you mean `{value}`?"),
        Hint::Choose { values, .. } if values.is_empty() => {
            "the index holds none at all".to_owned()
        }
        Hint::Choose { values, more } => {
            let listed: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
            format!("choose from {}{more}", listed.join(", "))
        }
        Hint::Mark => {
            "`findings new --mark` marks all that is held now as read; `findings new --since \
                       2025-03` lists what came since a date"
                .to_owned()
        }
        Hint::MarkAnew => {
            "say since when, and mark anew: `findings new --since 2025-03 --mark`".to_owned()
        }
        Hint::Topics => "`findings topics` lists all topics".to_owned(),
        Hint::Reports => "`findings reports` lists the reports".to_owned(),
        Hint::Authorities => {
            "`findings search --limit 0 --facets authority` lists those held".to_owned()
        }
        Hint::Unheld => {
            "`findings coverage --missing` lists the authorities of which no report is held"
                .to_owned()
        }
        Hint::Relax => "leave a condition out; boilerplate is never counted".to_owned(),
        Hint::NoQuery => "leave the query out for every paragraph".to_owned(),
        Hint::AddQuery => "add a query".to_owned(),
        Hint::QueryOrTopic => {
            "give a query, or a topic with --topic ID; `findings topics` lists them".to_owned()
        }
        Hint::SearchBoilerplate => "`findings search --kind boilerplate` finds it".to_owned(),
        Hint::Advice(advice) => advice.clone(),
    }
}

/// Returns how many of the characters fit into the columns, and how many columns these take.
fn fitting<'c>(characters: impl Iterator<Item = &'c char>, columns: usize) -> (usize, usize) {
    let (mut count, mut used) = (0, 0);
    for character in characters {
        let width = character.width().unwrap_or(0);
        if used + width > columns {
            break;
        }
        count += 1;
        used += width;
    }
    (count, used)
}

/// Cuts what was typed to as much as fits on a line around a range of its characters, and returns
/// where the range is in that.
fn around(typed: &str, span: Range<usize>) -> (String, Range<usize>) {
    let typed: Vec<char> = clean::line(typed).chars().collect();
    if fitting(typed.iter(), QUOTED).0 == typed.len() {
        return (typed.iter().collect(), span);
    }
    // An ellipsis on either side takes one column.
    let room = QUOTED - 2;
    let at = span.start.min(typed.len());
    let (before, used) = fitting(typed[..at].iter().rev(), room / 3);
    let (behind, more) = fitting(typed[at..].iter(), room - used);
    // Near the end of what was typed there is room for more of what comes before.
    let (further, _) = fitting(typed[..at - before].iter().rev(), room - used - more);
    let (start, end) = (at - before - further, at + behind);
    let mut shown: String = typed[start..end].iter().collect();
    let mut first = start;
    if start > 0 {
        shown.insert(0, '…');
        first -= 1;
    }
    if end < typed.len() {
        shown.push('…');
    }
    (shown, span.start.clamp(start, end) - first..span.end.clamp(start, end) - first)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::{QUOTED, Refusal};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn a_long_query_is_quoted_about_its_fault_only() {
        let typed = format!("{} grad:good {}", "neglect ".repeat(60), "abuse ".repeat(60));
        let at = typed.find("grad").unwrap();
        let quotation =
            Refusal::new("unknown field").quote(&typed, at..at + 4).quotation().unwrap();
        let (line, carets) = quotation.split_once('\n').unwrap();
        assert_eq!(line.chars().count(), QUOTED);
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
        assert_eq!(
            carets.find('^').map(|at| line.chars().skip(at).take(4).collect()),
            Some("grad".to_owned())
        );
    }

    #[test]
    fn a_quotation_is_as_wide_as_a_line_whatever_the_width_of_its_letters() {
        for typed in ["日本".repeat(90), "e\u{301}".repeat(90), "a".repeat(180)] {
            for place in [0, 20, 90, 176] {
                let quotation = Refusal::new("x").quote(&typed, place..place + 4).quotation();
                let quotation = quotation.unwrap();
                let (line, carets) = quotation.split_once('\n').unwrap();
                assert!(line.width() <= QUOTED && carets.width() <= QUOTED, "{quotation}");
                assert!(line.width() > QUOTED - 6, "{quotation}");
            }
        }
    }

    #[test]
    fn the_hint_shows_the_part_that_was_put_right() {
        let typed = format!("{}grad:good {}", "neglect ".repeat(60), "abuse ".repeat(60));
        let at = typed.find("grad").unwrap();
        let meant = typed.replace("grad:", "grade:");
        let refusal = Refusal::new("unknown field").quote(&typed, at..at + 4).suggest(meant);
        assert!(refusal.hints()[0].contains("neglect grade:good abuse"), "{refusal:?}");
    }
}
