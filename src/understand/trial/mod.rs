//! Explains, to those who write frameworks, why a pattern fits nothing in a report: which line comes
//! nearest to it, and what became of that line.
//!
//! Decides nothing about a report. "Nearest" is by the words that a pattern spells out; a pattern
//! without words has no nearest line.

mod words;

use crate::extract::{Block, ExtractedText, Role};
use crate::knowledge::pattern::Pattern;
use crate::knowledge::{Framework, SectionRule, fold};
use crate::understand::parse::{LONGEST_HEADING, Outline, bare};
use crate::understand::recognise::{Evidence, FRONT, FRONT_PAGES, Field, Header, beside};
use words::Words;

/// A pattern that fits nothing in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The key that holds it, such as `section 3, heading`.
    pub key: String,
    /// The pattern as written.
    pub pattern: String,
    /// The line that comes nearest, if any is near.
    pub nearest: Option<Near>,
}

/// The line nearest to a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its words.
    pub line: String,
    /// Its page, counted from 1.
    pub page: Option<u32>,
    /// Why the pattern does not fit it.
    pub why: Why,
}

/// Why a pattern does not fit the line nearest to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its words differ.
    Differs,
    /// It was dropped as a header or footer.
    Furniture,
    /// It is a line of the table of contents.
    Contents,
    /// It is after the first pages, which alone are searched.
    Later,
    /// `^` or `$` is the beginning or end of the whole text here, not of a line.
    Edge,
    /// It is an item of a list, or too long for a heading.
    NotHeading,
    /// It is not in the section that the rule requires around it.
    NotUnder,
    /// It fits, but what it says there is not a date or name that can be read.
    Unread,
}

/// A line of the report.
struct Line {
    folded: String,
    page: Option<u32>,
    place: Place,
    /// Whether it may be a heading.
    heading: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Front,
    Later,
    Contents,
    Furniture,
}

/// The patterns of a framework that fit nothing in a report, in the order of the file.
#[must_use]
pub(crate) fn misses(
    framework: &Framework,
    text: &ExtractedText,
    header: &Header<'_>,
    outline: &Outline,
) -> Vec<Miss> {
    let lines = lines(text);
    let recognised = header.framework.is_some_and(|found| found.code == framework.code);
    let mut misses = recognition(framework, &lines, recognised);
    if recognised {
        misses.extend(metadata(framework, &lines, header));
        misses.extend(sentences(framework, &lines));
        misses.extend(headings(framework, &lines, outline));
    }
    misses
}

fn recognition(framework: &Framework, lines: &[Line], recognised: bool) -> Vec<Miss> {
    let rule = &framework.recognise;
    let front: String =
        lines.iter().filter(|l| l.place == Place::Front).map(|l| l.folded.clone() + "\n").collect();
    let found = |pattern: &&Pattern| pattern.regex().is_match(&front);
    let missed = |key: &str, patterns: &[Pattern]| -> Vec<Miss> {
        let missed = patterns.iter().filter(|pattern| !found(pattern));
        missed.map(|pattern| miss(key, pattern, lines, Search::Front)).collect()
    };
    let mut misses = missed("recognise, all", &rule.all);
    if !recognised && !rule.any.iter().any(|pattern| found(&pattern)) {
        misses.extend(missed("recognise, any", &rule.any));
    }
    misses
}

fn metadata(framework: &Framework, lines: &[Line], header: &Header<'_>) -> Vec<Miss> {
    let rules = &framework.metadata;
    let fields = [
        (Field::Title, "title", &rules.title),
        (Field::Authority, "authority", &rules.authority),
        (Field::Inspected, "inspected", &rules.inspected),
        (Field::Published, "published", &rules.published),
        (Field::LeadInspector, "inspector", &rules.inspector),
    ];
    let missed = fields.into_iter().filter(|(field, _, patterns)| {
        let own = |evidence: &&Evidence| {
            evidence.field == *field
                && patterns.iter().any(|p| evidence.pattern.as_deref() == Some(p.source()))
        };
        !header.evidence.iter().any(|evidence| own(&evidence))
    });
    missed
        .flat_map(|(field, name, patterns)| {
            let key = format!("metadata, {name}");
            // The inspector is looked for on every page.
            let search = match field {
                Field::LeadInspector => Search::Everywhere,
                _ => Search::Front,
            };
            let found = |pattern| miss(&key, pattern, lines, search);
            patterns.iter().map(found).collect::<Vec<_>>()
        })
        .collect()
}

fn sentences(framework: &Framework, lines: &[Line]) -> Vec<Miss> {
    let rules = framework.sentences.iter().enumerate();
    let missed = rules.filter(|(_, rule)| {
        let read = lines.iter().filter(|l| matches!(l.place, Place::Front | Place::Later));
        !read.into_iter().any(|line| rule.pattern.regex().is_match(&line.folded))
    });
    missed
        .map(|(index, rule)| {
            let key = format!("sentence {}, pattern", index + 1);
            miss(&key, &rule.pattern, lines, Search::Everywhere)
        })
        .collect()
}

fn headings(framework: &Framework, lines: &[Line], outline: &Outline) -> Vec<Miss> {
    let met = |rule: &SectionRule| {
        outline.sections.iter().any(|s| s.area.as_deref() == Some(&rule.area))
            || outline.judgements.iter().any(|j| j.area.ends_with(&rule.area))
    };
    let rules = framework.sections.iter().enumerate().filter(|(_, rule)| !met(rule));
    rules
        .map(|(index, rule)| {
            let key = format!("section {}, heading", index + 1);
            let search = Search::Headings { within: !rule.under.is_empty() };
            miss(&key, &rule.heading, lines, search)
        })
        .collect()
}

/// The lines among which a pattern is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    Front,
    Everywhere,
    Headings {
        /// Whether only headings within another section count.
        within: bool,
    },
}

fn miss(key: &str, pattern: &Pattern, lines: &[Line], search: Search) -> Miss {
    let nearest = fitting(pattern, lines, search).or_else(|| near(pattern, lines, search));
    Miss { key: key.to_owned(), pattern: pattern.source().to_owned(), nearest }
}

/// A line that the pattern fits, with the reason why that does not count.
fn fitting(pattern: &Pattern, lines: &[Line], search: Search) -> Option<Near> {
    let by_line = Pattern::new(format!("(?m){}", pattern.source()));
    let fits = |line: &&Line| by_line.regex().is_match(&seen(line, search));
    let why = |line: &Line| match (line.place, search) {
        (Place::Furniture, _) => Why::Furniture,
        (Place::Contents, _) => Why::Contents,
        (_, Search::Headings { .. }) if !line.heading => Why::NotHeading,
        (_, Search::Headings { within: true }) => Why::NotUnder,
        (_, Search::Headings { .. }) => Why::Differs,
        (Place::Later, Search::Front) => Why::Later,
        _ if !pattern.regex().is_match(&format!("\n{}\n", line.folded)) => Why::Edge,
        _ => Why::Unread,
    };
    // Whatever is read counts before what was dropped.
    let mut fitting: Vec<&Line> = lines.iter().filter(fits).collect();
    fitting.sort_by_key(|line| matches!(line.place, Place::Furniture | Place::Contents));
    fitting.first().map(|line| near_of(line, why(line)))
}

/// The line whose words come nearest to those of the pattern.
fn near(pattern: &Pattern, lines: &[Line], search: Search) -> Option<Near> {
    let words = Words::of(pattern.source());
    let scored = lines.iter().filter_map(|line| Some((words.likeness(&seen(line, search))?, line)));
    let (_, line) = scored.max_by(|(one, a), (other, b)| {
        // Of equally near lines, the first, and rather one that was read.
        one.total_cmp(other)
            .then((b.place == Place::Front).cmp(&(a.place == Place::Front)).reverse())
    })?;
    let why = match line.place {
        Place::Furniture => Why::Furniture,
        Place::Contents => Why::Contents,
        _ => Why::Differs,
    };
    Some(near_of(line, why))
}

fn near_of(line: &Line, why: Why) -> Near {
    const SHOWN: usize = 110;
    let mut shown: String = line.folded.chars().take(SHOWN).collect();
    if shown.len() < line.folded.len() {
        shown.push('…');
    }
    Near { line: shown, page: line.page, why }
}

/// A line as patterns see it: headings without their number.
fn seen(line: &Line, search: Search) -> String {
    match search {
        Search::Headings { .. } => bare(&line.folded),
        _ => line.folded.clone(),
    }
}

/// The lines of a report; cells side by side are one.
fn lines(text: &ExtractedText) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(text.blocks.len());
    let mut before: Option<&Block> = None;
    let mut bytes = 0;
    for block in &text.blocks {
        let folded = fold::punctuation(&block.text);
        let first = block.page.is_none_or(|page| page <= FRONT_PAGES);
        let front = first && bytes < FRONT;
        bytes += if first { folded.len() + 1 } else { 0 };
        let place = match (&block.role, front) {
            (Role::Contents, _) => Place::Contents,
            (_, true) => Place::Front,
            (_, false) => Place::Later,
        };
        match lines.last_mut() {
            Some(line) if before.is_some_and(|before| beside(before, block)) => {
                line.folded.push(' ');
                line.folded.push_str(&folded);
            }
            _ => lines.push(Line {
                heading: !matches!(block.role, Role::ListItem { .. } | Role::Note)
                    && folded.len() <= LONGEST_HEADING,
                folded: folded.into_owned(),
                page: block.page,
                place,
            }),
        }
        before = Some(block);
    }
    lines.extend(text.furniture.iter().map(|dropped| Line {
        folded: fold::punctuation(&dropped.text).into_owned(),
        page: Some(dropped.page),
        place: Place::Furniture,
        heading: false,
    }));
    lines
}

#[cfg(test)]
mod tests;
