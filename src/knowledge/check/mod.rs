//! Checks a framework's file against its form, and for rules that cannot be meant.
//!
//! Reports every fault at once with line, key and reason, for people who write such files by hand.
//! Warnings are for rules that work but are probably not meant.

mod form;

pub(crate) use form::FRAMEWORK as FORM;

use super::framework::Framework;
use super::pattern::{self, Pattern};
use super::themes::Theme;
use crate::knowledge::form::{Checker, Fault, list, nearest, tables, text, texts};
use std::collections::HashMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The result of a check.
#[derive(Debug)]
pub struct Checked {
    /// The framework; `None` if it has an error and cannot be used.
    pub framework: Option<Framework>,
    /// All faults, in order of line.
    pub faults: Vec<Fault>,
}

/// Checks the text of a framework's file against the other frameworks and the known themes.
#[must_use]
pub fn check(toml: &str, others: &[Framework], themes: &[Theme]) -> Checked {
    let (mut checker, root) = Checker::new(toml, FORM);
    if !checker.is_toml() {
        return Checked { framework: None, faults: checker.finish() };
    }
    let root = root.get_ref();
    code(&mut checker, root);
    let model = like(&mut checker, root, others);
    recognise(&mut checker, root);
    patterns(&mut checker, root);
    grades(&mut checker, root, model);
    sentences(&mut checker, root, model);
    sections(&mut checker, root, model, themes);
    let framework = if checker.is_sound() {
        Framework::parse(toml)
            .map_err(|error| {
                let reason = error.message().replace('\n', ", ");
                checker.error(error.span().unwrap_or(0..0), "", reason);
            })
            .ok()
    } else {
        None
    };
    Checked { framework, faults: checker.finish() }
}

fn code(checker: &mut Checker<'_>, root: &DeTable<'_>) {
    let Some((code, at)) = text(root, "code") else { return };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || !code.chars().all(plain) {
        let reason = format!("`{code}` may hold small letters a-z, digits and hyphens only");
        checker.error(at, "code", reason);
    } else if code == "unknown" {
        checker.error(at, "code", "`unknown` is the code of reports that fit no framework");
    }
}

fn like<'o>(
    checker: &mut Checker<'_>,
    root: &DeTable<'_>,
    others: &'o [Framework],
) -> Option<&'o Framework> {
    let (like, at) = text(root, "like")?;
    let own = text(root, "code").is_some_and(|(code, _)| code == like);
    let models = || others.iter().filter(|f| f.like.is_none() || own);
    let model = models().find(|f| f.code == like);
    if model.is_none() {
        let reason = if others.iter().any(|f| f.code == like) {
            format!("`{like}` is itself like another; name that one")
        } else {
            let known = || models().map(|f| f.code.as_str());
            match nearest(known(), like) {
                Some(code) => format!("no framework `{like}`; did you mean `{code}`?"),
                None => format!("no framework `{like}`; choose from {}", list(known())),
            }
        };
        checker.error(at, "like", reason);
    }
    model
}

fn recognise(checker: &mut Checker<'_>, root: &DeTable<'_>) {
    let of = |key| text(root, key).map(|(code, _)| code);
    let replaces = of("like").is_some() && of("like") == of("code");
    let reason = "no report can be recognised; give `any` or `all` a pattern that stands on the \
                  first page of every report";
    match root.get("recognise") {
        None if replaces => {}
        None => checker.error(0..0, "", format!("`recognise` is missing: {reason}")),
        Some(value) => {
            let Some(table) = value.get_ref().as_table() else { return };
            if texts(table, "all").is_empty() && texts(table, "any").is_empty() && !replaces {
                checker.error(value.span(), "recognise", reason);
            }
        }
    }
}

/// Compiles every pattern outside grades, sentences and sections.
fn patterns(checker: &mut Checker<'_>, root: &DeTable<'_>) {
    let inner = |key| root.get(key).and_then(|value| value.get_ref().as_table());
    if let Some(table) = inner("recognise") {
        for key in ["all", "any", "none"] {
            several(checker, table, key, &format!("recognise, {key}"), false);
        }
        for (index, (visit, _)) in tables(table, "visit").into_iter().enumerate() {
            several(checker, visit, "any", &format!("recognise, visit {}, any", index + 1), false);
        }
    }
    if let Some(table) = inner("metadata") {
        for key in form::METADATA {
            several(checker, table, key.name, &format!("metadata, {}", key.name), true);
        }
    }
    for (name, keys) in [
        ("boilerplate", form::BOILERPLATE),
        ("context", form::CONTEXT),
        ("footnotes", form::FOOTNOTES),
    ] {
        let Some(table) = inner(name) else { continue };
        for key in keys {
            several(checker, table, key.name, &format!("{name}, {}", key.name), false);
        }
    }
    several(checker, root, "timescales", "timescales", false);
    several(checker, root, "refers", "refers", true);
    several(checker, root, "earlier", "earlier", false);
    for (index, (paragraph, _)) in tables(root, "paragraph").into_iter().enumerate() {
        let place = format!("paragraph {}, pattern", index + 1);
        several(checker, paragraph, "pattern", &place, false);
    }
}

fn several(checker: &mut Checker<'_>, table: &DeTable<'_>, key: &str, place: &str, value: bool) {
    let patterns = texts(table, key);
    let count = patterns.len();
    for (index, (source, at)) in patterns.into_iter().enumerate() {
        let place = match count {
            1 => place.to_owned(),
            _ => format!("{place}, pattern {}", index + 1),
        };
        let names_value = compiled(checker, source, at.clone(), &place);
        if value && names_value == Some(false) {
            let reason =
                "the pattern has no group `value`; put (?P<value>...) around what is wanted";
            checker.error(at, &place, reason);
        }
    }
}

/// Whether a pattern has a group named `value`; `None` if it does not compile.
fn compiled(
    checker: &mut Checker<'_>,
    source: &str,
    at: Range<usize>,
    place: &str,
) -> Option<bool> {
    match pattern::compile(source) {
        Ok(regex) => {
            if regex.is_match("") {
                checker.warn(at, place, "the pattern fits even where there is no text");
            }
            Some(regex.capture_names().any(|name| name == Some("value")))
        }
        Err(error) => {
            checker.error(at, place, fault_of(source, &error));
            None
        }
    }
}

/// The fault of a pattern in one line, with its place.
fn fault_of(source: &str, error: &regex::Error) -> String {
    let regex::Error::Syntax(report) = error else {
        return "the pattern is too large; repeat less within it".to_owned();
    };
    let reason = report.lines().rev().find_map(|line| line.strip_prefix("error: "));
    // The report quotes the pattern, indented by four, with carets beneath the place.
    let carets = |line: &&str| line.contains('^') && line.chars().all(|c| matches!(c, ' ' | '^'));
    let place = report.lines().rfind(carets).and_then(|line| line.find('^')?.checked_sub(4));
    let reason = reason.unwrap_or("it is not a regular expression");
    match place {
        Some(place) if !source.contains('\n') => {
            let quoted: String = source.chars().skip(place).take(12).collect();
            format!("bad pattern: {reason}, at character {} (`{quoted}`)", place + 1)
        }
        _ => format!("bad pattern: {reason}"),
    }
}

fn grades(checker: &mut Checker<'_>, root: &DeTable<'_>, model: Option<&Framework>) {
    let grades = tables(root, "grades");
    let mut ranks: HashMap<u32, &str> = HashMap::new();
    for (index, (grade, _)) in grades.iter().enumerate() {
        let place = format!("grades {}", index + 1);
        let label = text(grade, "label").map_or("", |(label, _)| label);
        if let Some((words, at)) = text(grade, "words") {
            let place = format!("{place}, words");
            if words.starts_with('^') || words.ends_with('$') {
                let reason = "a grade's words are also within lines; leave out `^` and `$`";
                checker.error(at.clone(), &place, reason);
            }
            compiled(checker, words, at, &place);
        }
        let Some((rank, at)) = number(grade, "rank") else { continue };
        let place = format!("{place}, rank");
        if !(1..=255).contains(&rank) {
            checker.error(at, &place, "ranks are counted from 1, the best");
        } else if let Some(other) = ranks.insert(rank, label) {
            let reason = format!(
                "`{label}` and `{other}` both have rank {rank}; if they mean the same, write one \
                 grade whose `words` fit both"
            );
            checker.error(at, &place, reason);
        }
    }
    let graded = tables(root, "section")
        .into_iter()
        .filter_map(|(section, _)| text(section, "grade"))
        .find(|(grade, _)| *grade == "own");
    let inherited = model.is_some_and(|model| !model.grades.is_empty());
    match graded {
        Some((_, at)) if grades.is_empty() && !inherited => {
            checker.warn(
                at,
                "grades",
                "sections have grades of their own, but there is no [[grades]]",
            );
        }
        None if !grades.is_empty() && model.is_none() && tables(root, "sentence").is_empty() => {
            let at = grades[0].1.clone();
            let reason = "no section has `grade = \"own\"` and there is no [[sentence]], so no \
                          grade is ever found but in tables";
            checker.warn(at, "grades", reason);
        }
        _ => {}
    }
}

fn sentences(checker: &mut Checker<'_>, root: &DeTable<'_>, model: Option<&Framework>) {
    for (index, (sentence, at)) in tables(root, "sentence").into_iter().enumerate() {
        let place = format!("sentence {}", index + 1);
        if let Some((source, at)) = text(sentence, "pattern") {
            let place = format!("{place}, pattern");
            let names_value = compiled(checker, source, at.clone(), &place);
            if names_value == Some(false) && sentence.get("label").is_none() {
                let reason = "the pattern has no group `value`; put (?P<value>...) around the \
                              grade, or give the outcome with `label`";
                checker.error(at, &place, reason);
            }
        }
        let graded =
            !tables(root, "grades").is_empty() || model.is_some_and(|m| !m.grades.is_empty());
        if sentence.get("label").is_none() && !graded {
            checker.warn(at, &place, "there is no [[grades]] by which to read the grade");
        }
    }
}

fn sections(
    checker: &mut Checker<'_>,
    root: &DeTable<'_>,
    model: Option<&Framework>,
    themes: &[Theme],
) {
    let sections = tables(root, "section");
    if sections.is_empty() && model.is_none_or(|model| model.sections.is_empty()) {
        let reason = "there is no [[section]]: headings are told by their type alone, and no \
                      paragraph has a theme";
        checker.warn(0..0, "section", reason);
    }
    let own = tables(root, "theme");
    let own = own.iter().filter_map(|(theme, _)| text(theme, "id")).map(|(id, _)| id);
    let themes: Vec<&str> = themes.iter().map(|theme| theme.id.as_str()).chain(own).collect();
    let areas: Vec<&str> = sections
        .iter()
        .filter_map(|(section, _)| text(section, "area"))
        .map(|(area, _)| area)
        .chain(model.into_iter().flat_map(|m| m.sections.iter().map(|s| s.area.as_str())))
        .collect();
    for (index, (paragraph, _)) in tables(root, "paragraph").into_iter().enumerate() {
        unders(checker, paragraph, &areas, &format!("paragraph {}", index + 1));
    }
    // Headings that an earlier section takes wherever they occur, with its number.
    let mut taken: HashMap<String, usize> = HashMap::new();
    for (index, (section, at)) in sections.iter().enumerate() {
        let place = format!("section {}", index + 1);
        if let Some((theme, at)) = text(section, "theme")
            && !themes.contains(&theme)
        {
            let next = match nearest(themes.iter().copied(), theme) {
                Some(id) => format!("did you mean `{id}`?"),
                None => format!(
                    "add it with [[theme]], or choose from {}",
                    list(themes.iter().copied())
                ),
            };
            checker.error(
                at,
                &format!("{place}, theme"),
                format!("unknown theme `{theme}`; {next}"),
            );
        }
        unders(checker, section, &areas, &place);
        if let Some((level, at)) = number(section, "level")
            && level > 9
        {
            let reason = "levels go from 1, the outermost, to 9; 0 leaves it to the heading's type";
            checker.error(at, &format!("{place}, level"), reason);
        }
        let (heading, at) = match text(section, "heading") {
            Some((heading, at)) => {
                let place = format!("{place}, heading");
                if compiled(checker, heading, at.clone(), &place).is_some()
                    && !(heading.starts_with('^') && heading.ends_with('$'))
                {
                    let reason = "the pattern also fits within other lines; begin it with `^` and \
                                  end it with `$`";
                    checker.warn(at.clone(), &place, reason);
                }
                (heading.to_owned(), at)
            }
            None => match text(section, "area") {
                Some((area, _)) => (Pattern::words(area).source().to_owned(), at.clone()),
                None => continue,
            },
        };
        let heading = heading.to_lowercase();
        if let Some(earlier) = taken.get(&heading) {
            let reason = format!(
                "never used: section {earlier} has the same heading and stands under nothing; put \
                 this one before it and say `under`"
            );
            checker.error(at, &place, reason);
        } else if section.get("under").is_none() {
            taken.insert(heading, index + 1);
        }
    }
}

/// Checks that the sections within which a rule applies are there.
fn unders(checker: &mut Checker<'_>, rule: &DeTable<'_>, areas: &[&str], place: &str) {
    for (under, at) in texts(rule, "under").into_iter().filter(|(area, _)| !areas.contains(area)) {
        let next = match nearest(areas.iter().copied(), under) {
            Some(area) => format!("did you mean `{area}`?"),
            None => "it has to be the `area` of another section".to_owned(),
        };
        let reason = format!("no section has the area `{under}`; {next}");
        checker.error(at, &format!("{place}, under"), reason);
    }
}

fn number(table: &DeTable<'_>, key: &str) -> Option<(u32, Range<usize>)> {
    let value = table.get(key)?;
    match value.get_ref() {
        DeValue::Integer(number) => {
            u32::from_str_radix(number.as_str(), number.radix()).ok().map(|n| (n, value.span()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
