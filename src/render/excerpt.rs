//! Chooses which part of a long paragraph is shown: whole sentences around the matches.

use super::clean;
use std::ops::Range;

/// Paragraphs up to this many characters are shown whole: about eight lines on a terminal.
pub const SENSIBLE: usize = 800;

/// A stretch of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Text of the report.
    Text(String),
    /// Text of the report that matched.
    Match(String),
    /// Something was left out here.
    Gap,
}

/// Splits a text into fragments with its matches marked. Of a text longer than `limit` characters,
/// keeps the sentences with most matches and then as many of their neighbours as fit. Sentences are
/// never cut, and the first choice is kept even if it is too long.
///
/// `spans` are `[start, end)` in characters of `text`. Matches with nothing but white space between
/// them become one. The fragments contain no control characters.
#[must_use]
pub fn excerpt(text: &str, spans: &[[usize; 2]], limit: Option<usize>) -> Vec<Fragment> {
    let chars: Vec<char> = clean::line(text).chars().collect();
    let marks = merged(&chars, spans);
    let sentences = sentences(&chars);
    let keep = match limit {
        Some(limit) if chars.len() > limit => chosen(&sentences, &marks, limit),
        _ => vec![true; sentences.len()],
    };
    let mut fragments = Vec::new();
    let mut first = 0;
    for run in keep.chunk_by(PartialEq::eq) {
        let last = first + run.len() - 1;
        if keep[first] {
            mark(&chars, sentences[first].start..sentences[last].end, &marks, &mut fragments);
        } else {
            fragments.push(Fragment::Gap);
        }
        first = last + 1;
    }
    fragments
}

/// Adds the stretch `range` as fragments, without white space at its ends.
fn mark(chars: &[char], range: Range<usize>, marks: &[Range<usize>], out: &mut Vec<Fragment>) {
    let mut start = range.start;
    let mut end = range.end;
    while start < end && chars[start] == ' ' {
        start += 1;
    }
    while start < end && chars[end - 1] == ' ' {
        end -= 1;
    }
    let said = |range: Range<usize>| chars[range].iter().collect::<String>();
    let mut cursor = start;
    for mark in marks {
        let (from, to) = (mark.start.max(start), mark.end.min(end));
        if from >= to {
            continue;
        }
        if from > cursor {
            out.push(Fragment::Text(said(cursor..from)));
        }
        out.push(Fragment::Match(said(from..to)));
        cursor = to;
    }
    if cursor < end {
        out.push(Fragment::Text(said(cursor..end)));
    }
}

/// Sorts the spans, limits them to the text and joins those that overlap or have only white space
/// between them.
fn merged(chars: &[char], spans: &[[usize; 2]]) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = spans
        .iter()
        .map(|&[start, end]| start..end.min(chars.len()))
        .filter(|span| span.start < span.end)
        .collect();
    sorted.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match merged.last_mut() {
            Some(last)
                if span.start <= last.end
                    || chars[last.end..span.start].iter().all(|c| c.is_whitespace()) =>
            {
                last.end = last.end.max(span.end);
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// Chooses the sentences to keep: those with matches, the richest first, then their neighbours.
fn chosen(sentences: &[Range<usize>], marks: &[Range<usize>], limit: usize) -> Vec<bool> {
    let mut keep = vec![false; sentences.len()];
    let mut used = 0;
    let within = |sentence: &Range<usize>| {
        marks.iter().filter(|mark| mark.start < sentence.end && mark.end > sentence.start).count()
    };
    let mut matching: Vec<(usize, usize)> = sentences
        .iter()
        .enumerate()
        .map(|(place, sentence)| (place, within(sentence)))
        .filter(|(_, matches)| *matches > 0)
        .collect();
    matching.sort_by_key(|&(place, matches)| (usize::MAX - matches, place));
    if matching.is_empty() {
        matching.push((0, 0));
    }
    for (rank, &(place, _)) in matching.iter().enumerate() {
        let Some(sentence) = sentences.get(place) else {
            continue;
        };
        if rank == 0 || used + sentence.len() <= limit {
            keep[place] = true;
            used += sentence.len();
        }
    }
    loop {
        // What leads up to a match explains it better than what follows.
        let before = (0..keep.len()).find(|&i| !keep[i] && keep.get(i + 1) == Some(&true));
        let after = (1..keep.len()).find(|&i| !keep[i] && keep[i - 1]);
        let fits = |place: &usize| used + sentences[*place].len() <= limit;
        let Some(place) = before.filter(fits).or(after.filter(fits)) else {
            return keep;
        };
        keep[place] = true;
        used += sentences[place].len();
    }
}

/// Splits a text into sentences: ranges of characters that together are the whole text.
fn sentences(chars: &[char]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in 1..chars.len() {
        if begins_sentence(chars, start, end) {
            sentences.push(start..end);
            start = end;
        }
    }
    if start < chars.len() {
        sentences.push(start..chars.len());
    }
    sentences
}

/// Words whose full stop does not end a sentence.
const SHORTENED: [&str; 11] =
    ["Dr", "Mr", "Mrs", "Ms", "St", "No", "no", "e.g", "i.e", "etc", "vs"];

/// Whether a sentence begins at `at`, where the sentence before it began at `start`.
fn begins_sentence(chars: &[char], start: usize, at: usize) -> bool {
    let opens = |c: char| {
        c.is_uppercase()
            || c.is_ascii_digit()
            || matches!(c, '‘' | '“' | '\'' | '"' | '(' | '■' | '•' | '–')
    };
    if chars[at - 1] != ' ' || !opens(chars[at]) {
        return false;
    }
    let said = chars[start..at].iter().rposition(|c| *c != ' ').map(|place| start + place);
    let Some(mut last) = said else { return false };
    while last > start && matches!(chars[last], '’' | '”' | '\'' | '"' | ')') {
        last -= 1;
    }
    match chars[last] {
        '!' | '?' => true,
        '.' => {
            let begin = chars[start..last]
                .iter()
                .rposition(|c| c.is_whitespace())
                .map_or(start, |space| start + space + 1);
            let word: String = chars[begin..last].iter().collect();
            word.chars().count() > 1 && !SHORTENED.contains(&word.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fragment, excerpt};

    /// Writes matches in square brackets and gaps as `…`.
    fn said(text: &str, words: &[&str], limit: Option<usize>) -> String {
        let mut spans = Vec::new();
        for word in words {
            for (at, _) in text.match_indices(word) {
                let start = text[..at].chars().count();
                spans.push([start, start + word.chars().count()]);
            }
        }
        excerpt(text, &spans, limit)
            .iter()
            .map(|fragment| match fragment {
                Fragment::Text(text) => text.clone(),
                Fragment::Match(text) => format!("[{text}]"),
                Fragment::Gap => " … ".to_owned(),
            })
            .collect()
    }

    #[test]
    fn words_beside_each_other_are_one_mark() {
        assert_eq!(
            said("A return interview is offered.", &["interview", "return"], None),
            "A [return interview] is offered."
        );
    }

    #[test]
    fn a_long_paragraph_gives_whole_sentences_around_the_match() {
        let text = "Leaders know the area. Mrs. Grey chairs the panel. The \u{2018}child\u{2019}s \
                    voice\u{2019} is heard. Plans are late. Nothing else matters here.";
        // What leads up to the match comes before what follows.
        assert_eq!(
            said(text, &["voice"], Some(60)),
            " … Mrs. Grey chairs the panel. The \u{2018}child\u{2019}s [voice]\u{2019} is heard. … "
        );
        assert_eq!(said(text, &["area", "late"], Some(30)), "Leaders know the [area]. … ");
    }

    #[test]
    fn without_a_match_the_beginning_is_shown() {
        assert_eq!(said("First one. Second one. Third one.", &[], Some(12)), "First one. … ");
    }

    #[test]
    fn a_sentence_longer_than_the_limit_is_not_cut() {
        let text = "One very long sentence that says what it says. Two.";
        assert_eq!(
            said(text, &["says what"], Some(10)),
            "One very long sentence that [says what] it says. … "
        );
    }

    #[test]
    fn spans_beyond_the_text_are_no_fault() {
        assert_eq!(
            excerpt("short", &[[3, 99], [98, 99], [2, 2]], None),
            [Fragment::Text("sho".to_owned()), Fragment::Match("rt".to_owned())]
        );
        assert_eq!(excerpt("", &[[0, 1]], Some(0)), []);
    }
}
