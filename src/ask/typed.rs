//! Says what the values of conditions were read as, where whoever typed them may mean something else:
//! a part of the name of an authority, a grade in words, a date of numbers.

use super::error::{AskError, OtherCondition};
use super::held::{part, same};
use super::notes::Note;
use super::since::{LAST, is_last};
use super::{Conditions, Session};
use findings_index::language::dates::{is_doubtful, span};
use findings_index::language::key;
use findings_index::language::query::{GradeFilter, Query};
use findings_index::records::Attribute;
use findings_index::request::Filters;
use jiff::civil::Date;

/// The grades by their places on the scale.
const PLACES: [&str; 4] = ["outstanding", "good", "requires improvement or adequate", "inadequate"];

impl Session<'_> {
    /// Notes for a question without a query: what the conditions were read as, and the years held
    /// where there is no report of an authority for the dates, and what `latest` took.
    ///
    /// # Errors
    /// A table that cannot be used, or an engine that fails.
    pub fn remarks(
        &self,
        conditions: &Conditions,
        filters: &Filters,
    ) -> Result<Vec<Note>, AskError> {
        let mut remarks = self.read_as(&Query::All, conditions)?;
        remarks.extend(self.not_held_then(&Query::All, filters)?);
        remarks.extend(self.latest_note(conditions, filters)?);
        Ok(remarks)
    }

    /// Notes on the values of a query's fields and of conditions.
    pub(super) fn read_as(
        &self,
        query: &Query,
        conditions: &Conditions,
    ) -> Result<Vec<Note>, AskError> {
        let mut values = Vec::new();
        let mut open = vec![query];
        while let Some(query) = open.pop() {
            if let Query::Field { field, value, .. } = query {
                values.push((*field, value.as_str()));
            }
            open.extend(query.clauses().rev());
        }
        for (attribute, typed) in conditions.values.iter().chain(&conditions.not) {
            values.extend(typed.iter().map(|value| (*attribute, value.as_str())));
        }
        let days = [&conditions.from, &conditions.to, &conditions.new_since];
        let days = days.into_iter().flatten();
        values.extend(days.map(|day| (Attribute::Date, day.as_str())));
        values.extend(
            conditions.neighbours_of.iter().map(|name| (Attribute::Authority, name.as_str())),
        );
        let mut notes: Vec<Note> = Vec::new();
        for (attribute, value) in values {
            let whole = |read: String| (value, read);
            let read: Vec<(&str, String)> = match attribute {
                Attribute::Authority => self.read_name(value)?.map(whole).into_iter().collect(),
                Attribute::Region => self.read_region(value)?.map(whole).into_iter().collect(),
                Attribute::Date => read_days(value).collect(),
                attribute if attribute.is_grade() => {
                    read_grade(value).map(whole).into_iter().collect()
                }
                _ => Vec::new(),
            };
            notes.extend(read.into_iter().map(|(typed, read)| Note {
                code: "read_as",
                text: format!("`{typed}` is read as {read}"),
            }));
        }
        if let Some(since) = conditions.new_since.as_deref().filter(|since| is_last(since)) {
            let since = self.since(OtherCondition::NewSince, since)?;
            notes.push(Note {
                code: "read_as",
                text: format!("`{LAST}` is read as {} or later", since.moment),
            });
        }
        notes.dedup();
        Ok(notes)
    }

    fn read_region(&self, typed: &str) -> Result<Option<String>, AskError> {
        let held = self.engine.values(Attribute::Region)?;
        let found = if same(&held, typed).is_some() { None } else { part(&held, typed) };
        Ok(found.map(|name| format!("the region `{name}`")))
    }

    fn read_name(&self, typed: &str) -> Result<Option<String>, AskError> {
        let meant = self.council(typed)?.filter(|meant| !meant.is_whole);
        Ok(meant.and_then(|meant| match meant.may_be.as_slice() {
            [one] => Some(format!("the authority `{}`", one.name)),
            _ => None,
        }))
    }
}

fn read_grade(typed: &str) -> Option<String> {
    let is_in_words =
        typed.chars().next().is_some_and(char::is_alphabetic) && !typed.contains("..");
    let filter = typed.parse::<GradeFilter>().ok().filter(|_| is_in_words)?;
    match &filter {
        GradeFilter::Ranks { best, worst } => {
            let places =
                PLACES.iter().zip(1_u8..).filter(|(_, place)| (*best..=*worst).contains(place));
            let names: Vec<&str> = places.map(|(name, _)| *name).collect();
            Some(format!("the grades `{filter}`: {}", names.join(", ")))
        }
        GradeFilter::Label(label) if key(label) != key(typed) => {
            Some(format!("`{label}`, in both its printings; `={typed}` is that printing alone"))
                .filter(|_| typed.contains(' '))
                .or_else(|| Some(format!("`{label}`")))
        }
        _ => None,
    }
}

/// The ends of a range that may be other days, with what each was read as.
fn read_days(typed: &str) -> impl Iterator<Item = (&str, String)> {
    let ends = typed.split("..").map(|end| end.trim_start_matches(['<', '>', '=']).trim());
    ends.filter(|end| is_doubtful(end)).filter_map(|end| {
        let (first, last) = span(end).ok()?;
        let month = || first.strftime("%B %Y").to_string();
        Some((end, if first == last { day(first) } else { month() }))
    })
}

fn day(date: Date) -> String {
    format!("{} (the day first)", date.strftime("%-d %B %Y"))
}

#[cfg(test)]
mod tests {
    use super::{read_days, read_grade};

    #[test]
    fn grades_in_words_are_said_by_their_places() {
        let said = [
            "worse than good",
            "good or better",
            "RI",
            "Requires improvement to be good",
            "requires improvement",
            "good",
            ">=3",
            "good..outstanding",
            "=Good",
        ];
        let said = said.map(|typed| read_grade(typed).unwrap_or_default()).join("\n");
        insta::assert_snapshot!(said, @"
        the grades `>=3`: requires improvement or adequate, inadequate
        the grades `<=2`: outstanding, good
        `requires improvement`
        `requires improvement`, in both its printings; `=Requires improvement to be good` is that printing alone
        ");
    }

    #[test]
    fn only_dates_that_may_be_others_are_said() {
        let said = |typed: &str| {
            let read = read_days(typed).map(|(end, read)| format!("{end}: {read}"));
            read.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(said("04/05/2019"), "04/05/2019: 4 May 2019 (the day first)");
        assert_eq!(said(">=2011-12"), "2011-12: December 2011");
        assert_eq!(said("1 May 2019..04/06/2019"), "04/06/2019: 4 June 2019 (the day first)");
        assert_eq!(said("2019..31/05/2019"), "");
    }
}
