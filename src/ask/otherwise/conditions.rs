//! Names, years, grades and frameworks among the words of a query.

use super::{Draft, Typed, opening, under, without};
use crate::ask::Session;
use crate::ask::councils::Council;
use crate::ask::error::AskError;
use crate::ask::notes::Note;
use findings_index::language::dates::{DateFault, Period, Reading, period};
use findings_index::language::grammar::is_function_word;
use findings_index::language::query::{Query, Span};
use findings_index::records::Attribute;
use findings_index::request::Filters;
use std::ops::Range;

/// Words that lead to a name or a year and mean nothing without it.
const LEADING: [&str; 12] =
    ["in", "at", "for", "of", "by", "from", "within", "across", "under", "the", "where", "during"];

/// What is judged as a whole.
const JUDGED: [&str; 12] = [
    "authorities",
    "authority",
    "councils",
    "council",
    "las",
    "la",
    "boroughs",
    "counties",
    "areas",
    "inspections",
    "reports",
    "ones",
];

/// Words before a grade that say that it is one.
const JUDGING: [&str; 5] = ["judged", "rated", "graded", "judgement", "grade"];

/// Grades that are seldom anything else, and those that are everyday words too.
const GRADES: [(&[&str], &str, bool); 7] = [
    (&["requires", "improvement", "to", "be", "good"], "requires improvement", true),
    (&["requires", "improvement"], "requires improvement", true),
    (&["ri"], "requires improvement", true),
    (&["outstanding"], "outstanding", true),
    (&["inadequate"], "inadequate", true),
    (&["good"], "good", false),
    (&["adequate"], "adequate", false),
];

/// The most authorities that an ambiguous name is read as.
const EITHER: usize = 3;

/// The most authorities that are named for an ambiguous name.
const LISTED: usize = 6;

/// The most words of a date.
const DATE: usize = 7;

/// What names among the words of a query mean.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Named {
    pub(super) drafts: Vec<Draft>,
    pub(super) notes: Vec<Note>,
    /// Where names are.
    pub(super) names: Vec<Span>,
}

/// A period of inspections as the value of a date, and in words.
fn when(Period { first, last }: Period) -> (String, String) {
    match (first, last) {
        (Some(first), Some(last))
            if first == first.first_of_year() && last == first.last_of_year() =>
        {
            (first.year().to_string(), format!("inspected in {}", first.year()))
        }
        (Some(first), Some(last)) if first == last => {
            (first.to_string(), format!("inspected on {first}"))
        }
        (Some(first), Some(last)) => {
            (format!("{first}..{last}"), format!("inspected from {first} to {last}"))
        }
        (Some(first), None) => (format!(">={first}"), format!("inspected from {first} on")),
        (None, Some(last)) => (format!("<={last}"), format!("inspected up to {last}")),
        (None, None) => (String::new(), "inspected at any time".to_owned()),
    }
}

/// Words that are a condition.
struct Condition {
    words: Range<usize>,
    attribute: Attribute,
    /// Each of the values that may be meant, with the reading in words.
    values: Vec<(String, String)>,
    /// Whether something else may be meant, even if nothing is held of it.
    is_ambiguous: bool,
}

impl Session<'_> {
    /// Reads the words of a query as conditions, where they can be.
    pub(super) fn named(
        &self,
        typed: &str,
        words: &[Typed],
        query: &Query,
        given: &Filters,
        total: usize,
    ) -> Result<Named, AskError> {
        let mut named = Named::default();
        let mut found: Vec<Condition> = Vec::new();
        let is_given = |attribute: Attribute| {
            let in_query = query
                .clauses()
                .chain([query])
                .any(|clause| matches!(clause, Query::Field { field, .. } if *field == attribute));
            let in_date = attribute == Attribute::Date
                && (given.from.is_some() || given.to.is_some() || given.undated);
            in_query || in_date || given.choice(attribute).is_some()
        };
        if !is_given(Attribute::Authority) {
            self.authorities_in(words, total, &mut found, &mut named)?;
        }
        let is_free = |found: &[Condition], range: &Range<usize>| {
            !found
                .iter()
                .any(|other| other.words.start < range.end && range.start < other.words.end)
        };
        if !is_given(Attribute::Date) && !is_given(Attribute::Year) {
            found.extend(dates_in(words, |range| is_free(&found, range)));
        }
        for (attribute, condition) in [
            (Attribute::Framework, self.framework_in(words, &found)?),
            (Attribute::Region, self.region_in(words)?),
            (Attribute::Grade, self.grade_in(words)?),
        ] {
            if let Some(condition) = condition
                && is_free(&found, &condition.words)
                && !is_given(attribute)
                && !is_given(condition.attribute)
            {
                found.push(condition);
            }
        }
        named.drafts = drafts(typed, words, &found);
        Ok(named)
    }

    /// Finds authorities, and notes those of which nothing is held.
    fn authorities_in(
        &self,
        words: &[Typed],
        total: usize,
        found: &mut Vec<Condition>,
        named: &mut Named,
    ) -> Result<(), AskError> {
        for run in runs(words) {
            let texts: Vec<&str> = words[run.clone()].iter().map(|word| &*word.text).collect();
            for mention in self.councils_in(&texts)? {
                let place = run.start + mention.words.start..run.start + mention.words.end;
                let is_capital = texts[mention.words.start].starts_with(char::is_uppercase);
                let is_led =
                    mention.words.start.checked_sub(1).is_some_and(|before| {
                        LEADING.contains(&texts[before].to_lowercase().as_str())
                    });
                let is_name = is_capital || is_led || total == 0;
                let all = &mention.meant.may_be;
                let held: Vec<&Council> = all.iter().filter(|council| council.is_held).collect();
                if held.is_empty() {
                    if is_name && (mention.meant.is_whole || is_capital || is_led) {
                        let names = all.iter().map(|council| council.name.as_str());
                        let names = names.collect::<Vec<_>>().join(" or ");
                        let text = format!("no report of {names} is held");
                        named.notes.push(Note { code: "not_held", text });
                        named.names.extend(words[place].iter().map(|word| word.span));
                    }
                    continue;
                }
                // A part of a name is one only if it is written like a name.
                if !mention.meant.is_whole && !is_name {
                    continue;
                }
                named.names.extend(words[place.clone()].iter().map(|word| word.span));
                let shown = held.iter().take(EITHER);
                let values = shown
                    .map(|council| {
                        (council.name.clone(), format!("in reports of {}", council.name))
                    })
                    .collect();
                let is_ambiguous = all.len() > 1;
                if is_ambiguous {
                    let names = all.iter().map(|council| match council.is_held {
                        true => council.name.clone(),
                        false => format!("{} (no report held)", council.name),
                    });
                    let names = names.take(LISTED).collect::<Vec<_>>().join(" or ");
                    let text =
                        format!("`{}` may mean {names}", texts[mention.words.clone()].join(" "));
                    named.notes.push(Note { code: "ambiguous", text });
                }
                found.push(Condition {
                    words: place,
                    attribute: Attribute::Authority,
                    values,
                    is_ambiguous,
                });
                // Two authorities are for comparing.
                return Ok(());
            }
        }
        Ok(())
    }

    /// Finds the code of a framework.
    fn framework_in(
        &self,
        words: &[Typed],
        found: &[Condition],
    ) -> Result<Option<Condition>, AskError> {
        let named: usize = found.iter().map(|condition| condition.words.len()).sum();
        let held = self.engine.values(Attribute::Framework)?;
        for (place, word) in words.iter().enumerate() {
            let lower = word.text.to_lowercase();
            let next = words.get(place + 1).map(|next| next.text.to_lowercase());
            let goes_on = next.as_deref().is_some_and(|next| {
                matches!(next, "inspection" | "inspections" | "framework" | "report" | "reports")
            });
            let codes: Vec<&String> =
                held.iter().filter(|code| **code == lower || format!("{code}s") == lower).collect();
            let Some(code) = codes.first() else { continue };
            // An everyday word, and an acronym of what the reports are about.
            if lower == "send" && !goes_on && named + 1 < words.len() {
                continue;
            }
            let end = place + 1 + usize::from(goes_on);
            let reading = format!("under {}", code.to_uppercase());
            let values = vec![((*code).clone(), reading)];
            return Ok(Some(Condition {
                words: place..end,
                attribute: Attribute::Framework,
                values,
                is_ambiguous: false,
            }));
        }
        Ok(None)
    }

    /// Finds a region.
    fn region_in(&self, words: &[Typed]) -> Result<Option<Condition>, AskError> {
        let held = self.engine.values(Attribute::Region)?;
        for region in held {
            let parts: Vec<String> = region.split_whitespace().map(str::to_lowercase).collect();
            for start in 0..words.len() {
                let range = start..start + parts.len();
                let Some(here) = words.get(range.clone()) else { break };
                if here.iter().zip(&parts).all(|(word, part)| word.text.to_lowercase() == *part) {
                    let reading = format!("in the region {region}");
                    return Ok(Some(Condition {
                        words: range,
                        attribute: Attribute::Region,
                        values: vec![(region, reading)],
                        is_ambiguous: false,
                    }));
                }
            }
        }
        Ok(None)
    }

    /// Finds a grade.
    fn grade_in(&self, words: &[Typed]) -> Result<Option<Condition>, AskError> {
        let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
        for start in 0..words.len() {
            for (parts, grade, is_clear) in GRADES {
                let end = start + parts.len();
                let is_here = lower.get(start..end).is_some_and(|here| here == parts);
                if !is_here {
                    continue;
                }
                let is_judging = start > 0 && JUDGING.contains(&lower[start - 1].as_str());
                let of = lower.get(end).is_some_and(|word| JUDGED.contains(&word.as_str()));
                let of_local = lower.get(end).is_some_and(|word| word == "local")
                    && lower.get(end + 1).is_some_and(|word| JUDGED.contains(&word.as_str()));
                if !(is_clear || is_judging || of || of_local) {
                    continue;
                }
                let attribute = if of || of_local { Attribute::Overall } else { Attribute::Grade };
                if !self
                    .engine
                    .values(attribute)?
                    .iter()
                    .any(|held| held.to_lowercase().starts_with(grade))
                {
                    continue;
                }
                let end = end + usize::from(of) + 2 * usize::from(of_local);
                let reading = match attribute {
                    Attribute::Overall => format!("in reports judged {grade} overall"),
                    _ => format!("in sections judged {grade}"),
                };
                let start = start - usize::from(is_judging);
                let values = vec![(grade.to_owned(), reading)];
                return Ok(Some(Condition {
                    words: start..end,
                    attribute,
                    values,
                    is_ambiguous: false,
                }));
            }
        }
        Ok(None)
    }
}

/// The runs of words that follow one another without anything else between them.
fn runs(words: &[Typed]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if words[run.end - 1].clause + 1 == word.clause => run.end = place + 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

/// Whether a text names a year of inspections.
fn has_year(text: &str) -> bool {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|part| part.parse::<u16>().ok()).any(|year| (2000..2050).contains(&year))
}

/// Finds a time. The longest text that is one counts.
fn dates_in(words: &[Typed], is_free: impl Fn(&Range<usize>) -> bool) -> Option<Condition> {
    for run in runs(words) {
        for start in run.clone() {
            for end in (start + 1..=run.end.min(start + DATE)).rev() {
                let texts: Vec<&str> = words[start..end].iter().map(|word| &*word.text).collect();
                let text = texts.join(" ");
                if !has_year(&text) || !is_free(&(start..end)) {
                    continue;
                }
                let periods = match period(&text) {
                    Ok(period) => vec![period],
                    Err(DateFault::Ambiguous { readings }) => {
                        let days = |reading: &Reading| Period {
                            first: Some(reading.first),
                            last: Some(reading.last),
                        };
                        readings.iter().map(days).collect()
                    }
                    Err(_) => continue,
                };
                let values: Vec<_> = periods.into_iter().map(when).collect();
                let is_ambiguous = values.len() > 1;
                return Some(Condition {
                    words: start..end,
                    attribute: Attribute::Date,
                    values,
                    is_ambiguous,
                });
            }
        }
    }
    None
}

/// The readings with all of the conditions, one for each of the values that a condition may have.
fn drafts(typed: &str, words: &[Typed], found: &[Condition]) -> Vec<Draft> {
    let mut spans = Vec::new();
    for condition in found {
        let mut start = condition.words.start;
        while start > 0
            && words[start - 1].clause + 1 == words[start].clause
            && LEADING.contains(&words[start - 1].text.to_lowercase().as_str())
        {
            start -= 1;
        }
        let places = &words[start..condition.words.end];
        if let (Some(first), Some(last)) = (places.first(), places.last()) {
            spans.push(Span { start: first.span.start, end: last.span.end });
        }
    }
    spans.extend(opening(words));
    let left = without(typed, &spans);
    let of_what =
        if left.is_empty() { "every paragraph".to_owned() } else { format!("‘{left}’") };
    if spans.is_empty() {
        return Vec::new();
    }
    let any = any_of(&left).map(|any| (format!("any of the words of {of_what}"), any));
    let is_ambiguous = found.iter().any(|condition| condition.is_ambiguous);
    let all = under_all((of_what, left), found);
    let mut any = any.map(|any| under_all(any, found)).unwrap_or_default().into_iter();
    let mut drafts = Vec::new();
    for (reading, query) in all {
        let any = any.next().filter(|_| !found.is_empty());
        let any = any.map(|(reading, query)| Box::new(Draft::named(reading, query)));
        drafts.push(Draft { reading, query, may_replace: !is_ambiguous, any });
    }
    drafts
}

/// A reading and its query under all of the conditions: one for each of the values that a condition
/// may have.
fn under_all(base: (String, String), found: &[Condition]) -> Vec<(String, String)> {
    let mut drafts = vec![base];
    for condition in found {
        let mut next = Vec::new();
        for (reading, query) in &drafts {
            for (value, said) in &condition.values {
                let query = under(query, condition.attribute, value);
                next.push((format!("{reading} {said}"), query));
            }
        }
        drafts = next;
    }
    drafts
}

/// The query for any of the words of a text that are not common ones.
fn any_of(text: &str) -> Option<String> {
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || c == '-');
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| !is_function_word(&word.to_lowercase())).collect();
    (is_plain && words.len() > 1).then(|| format!("({})", words.join(" OR ")))
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::{dates_in, drafts};
    use findings_index::language::query::parse;

    fn dated(typed: &str) -> Vec<(String, String)> {
        let query = parse(typed).unwrap().query;
        let words = words(typed, &query);
        let found = dates_in(&words, |_| true);
        let found: Vec<_> = found.into_iter().collect();
        let drafts = drafts(typed, &words, &found).into_iter();
        drafts.map(|draft| (draft.reading, draft.query)).collect()
    }

    #[test]
    fn a_time_among_words_is_a_condition() {
        let one = |reading: &str, query: &str| vec![(reading.to_owned(), query.to_owned())];
        assert_eq!(dated("neglect 2019"), one("‘neglect’ inspected in 2019", "neglect date:2019"));
        assert_eq!(
            dated("neglect in 2019?"),
            one("‘neglect’ inspected in 2019", "neglect date:2019")
        );
        assert_eq!(
            dated("neglect since April 2019"),
            one("‘neglect’ inspected from 2019-04-01 on", "neglect date:>=2019-04-01")
        );
        assert_eq!(
            dated("early help between 2015 and 2017 in homes"),
            one(
                "‘early help in homes’ inspected from 2015-01-01 to 2017-12-31",
                "early help in homes date:2015-01-01..2017-12-31"
            )
        );
        assert_eq!(
            dated("What did Ofsted say about neglect in 2019?"),
            one("‘neglect’ inspected in 2019", "neglect date:2019")
        );
        assert_eq!(dated("how well are they led"), []);
        assert_eq!(dated("neglect 47 children"), []);
        assert_eq!(dated("\"neglect 2019\""), []);
        assert_eq!(dated("supervision 2018/19").len(), 2);
    }
}
