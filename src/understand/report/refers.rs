//! Which paragraphs of its report a paragraph refers to, such as a conclusion in a list at the end.
//!
//! Reads only what the framework's own patterns find. A number that no paragraph of the report has is
//! left out: it may be one of another document.

use crate::knowledge::fold;
use crate::knowledge::pattern::Pattern;
use findings_index::records::ParagraphRecord;
use std::collections::HashMap;

/// Fills in [`ParagraphRecord::refers`] of all paragraphs of a report, which are in its order.
pub(super) fn find(patterns: &[Pattern], paragraphs: &mut [ParagraphRecord]) {
    if patterns.is_empty() {
        return;
    }
    let mut numbered: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, paragraph) in paragraphs.iter().enumerate() {
        if let Some(number) = &paragraph.number {
            numbered.entry(number).or_default().push(place);
        }
    }
    let found = |place: usize| {
        let named = named(patterns, &paragraphs[place].text);
        let ranges = named.iter().filter_map(|(first, last)| {
            let first = meant(paragraphs, place, numbered.get(first.as_str())?)?;
            let last = last.as_ref().and_then(|last| {
                let last = meant(paragraphs, place, numbered.get(last.as_str())?)?;
                (first < last).then_some(last)
            });
            Some((first, last.unwrap_or(first)))
        });
        let mut places: Vec<usize> = Vec::new();
        for (first, last) in ranges {
            // Of a range only what has a number of its own: a bullet belongs to its paragraph.
            let between = (first..=last).filter(|&between| paragraphs[between].number.is_some());
            places.extend(between.filter(|&between| between != place));
        }
        places.sort_unstable();
        places.dedup();
        places.iter().map(|&place| paragraphs[place].id.clone()).collect::<Vec<_>>()
    };
    let all: Vec<_> = (0..paragraphs.len()).map(found).collect();
    for (paragraph, refers) in paragraphs.iter_mut().zip(all) {
        paragraph.refers = refers;
    }
}

/// The numbers that a text names where a pattern says so: each, or the first and the last of several.
fn named(patterns: &[Pattern], text: &str) -> Vec<(String, Option<String>)> {
    let text = fold::punctuation(text);
    let values = patterns.iter().flat_map(|pattern| pattern.regex().captures_iter(&text));
    let values = values.filter_map(|captures| captures.name("value"));
    values.flat_map(|value| ranges(value.as_str())).collect()
}

/// Reads `12`, `3.36`, `3, 4 and 5`, `12-14`, `12 to 14`; words between numbers are passed over.
fn ranges(text: &str) -> Vec<(String, Option<String>)> {
    let apart = text.replace('-', " to ");
    let mut ranges: Vec<(String, Option<String>)> = Vec::new();
    let mut goes_on = false;
    for word in apart.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
        let number = word.trim_end_matches('.');
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            match ranges.last_mut().filter(|_| goes_on) {
                Some((_, last)) => *last = Some(number.to_owned()),
                None => ranges.push((number.to_owned(), None)),
            }
        }
        goes_on = (word.eq_ignore_ascii_case("to") || (goes_on && word.is_empty()))
            && ranges.last().is_some_and(|(_, last)| last.is_none());
    }
    ranges
}

/// Which of the paragraphs with a number the one at `from` means. Where a list numbers its items anew,
/// a number in it means the text and not the list: the first below another outermost heading, or else
/// the nearest above.
fn meant(paragraphs: &[ParagraphRecord], from: usize, places: &[usize]) -> Option<usize> {
    let outermost = |place: usize| paragraphs[place].section.first();
    let elsewhere = places.iter().find(|&&place| outermost(place) != outermost(from));
    elsewhere.or_else(|| places.iter().rev().find(|&&place| place < from)).copied()
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn numbers_are_read_one_by_one_and_as_ranges() {
        let read = |text| {
            let said = ranges(text).into_iter();
            let said = said.map(|(first, last)| match last {
                Some(last) => format!("{first}-{last}"),
                None => first,
            });
            said.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read("12"), "12");
        assert_eq!(read("3, 4 and 3.36."), "3 4 3.36");
        assert_eq!(read("12-14; 16 to 18 and 20"), "12-14 16-18 20");
        assert_eq!(read("to 5"), "5");
        assert_eq!(read("none"), "");
    }
}
