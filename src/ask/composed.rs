//! Composes a query from the fields of a form: all of these words, an exact phrase, and so on.
//!
//! Whatever is written in a field is looked for as words: operators, colons and brackets in it have
//! no meaning. Only what a field allows keeps its sense, such as a phrase in quotation marks or
//! `care*`. What comes out is a query that parses without any correction.

use findings_index::language::query::{MAX_DISTANCE, Parsed, Query, parse};

/// The distance that is meant where none is given, in words.
const USUAL_DISTANCE: u32 = 5;

/// The words that are operators where they are written in capitals.
const OPERATORS: [&str; 5] = ["AND", "OR", "NOT", "NEAR", "ONEAR"];

/// The fields of the form, as filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Composed {
    /// Words, all of which are looked for.
    pub all: String,
    /// Words that stand one after the other, exactly so.
    pub phrase: String,
    /// Words of which one is enough.
    pub any_of: String,
    /// Words that must be absent.
    pub none_of: String,
    /// A word or phrase that is near `near_b`.
    pub near_a: String,
    /// A word or phrase that is near `near_a`.
    pub near_b: String,
    /// How far apart these two may be, in words; `None` for the usual distance.
    pub within: Option<u32>,
}

impl Composed {
    /// Writes the query; empty if no field has a word in it.
    #[must_use]
    pub fn query(&self) -> String {
        let mut parts = terms(&self.all);
        parts.extend(phrase(&self.phrase));
        let any_of = terms(&self.any_of);
        let (near_a, near_b) = (side(&self.near_a), side(&self.near_b));
        match (near_a, near_b) {
            (Some(one), Some(other)) => {
                let within = self.within.unwrap_or(USUAL_DISTANCE).clamp(1, MAX_DISTANCE);
                parts.push(format!("{one} NEAR/{within} {other}"));
            }
            (one, other) => parts.extend(one.or(other)),
        }
        let none_of = terms(&self.none_of);
        match any_of.as_slice() {
            [] => {}
            [only] => parts.push(only.clone()),
            several if parts.is_empty() && none_of.is_empty() => parts.push(several.join(" OR ")),
            several => parts.push(format!("({})", several.join(" OR "))),
        }
        if parts.is_empty() && !none_of.is_empty() {
            parts.push("*".to_owned());
        }
        parts.extend(none_of.into_iter().map(|term| format!("NOT {term}")));
        parts.join(" ")
    }
}

/// Whether a query is read as it stands.
fn read(text: &str) -> Option<Query> {
    let Parsed { query, repairs, .. } = parse(text).ok()?;
    repairs.is_empty().then_some(query)
}

/// Splits what was typed into terms: words, and what stands between quotation marks.
fn terms(typed: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for (place, piece) in typed.split(is_quote).enumerate() {
        // Every second piece is between quotation marks.
        if place % 2 == 1 {
            terms.extend(phrase(piece));
            continue;
        }
        for word in piece.split_whitespace() {
            terms.extend(word_of(word));
        }
    }
    terms
}

/// A side of `NEAR`: one word in all its forms, or several as a phrase.
fn side(typed: &str) -> Option<String> {
    let mut terms = terms(typed);
    if terms.len() == 1 { terms.pop() } else { phrase(typed) }
}

/// Writes a run of characters without spaces as one term, or as a phrase if it would be read as
/// something else.
fn word_of(typed: &str) -> Option<String> {
    let plain = typed.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '?' | '~'));
    let plain = plain.trim_end_matches('?');
    if OPERATORS.contains(&plain) {
        return Some(plain.to_lowercase());
    }
    let is_one =
        |query| matches!(query, Query::Word { .. } | Query::Wildcard { .. } | Query::Fuzzy { .. });
    if read(plain).is_some_and(is_one) { Some(plain.to_owned()) } else { phrase(typed) }
}

/// Writes words as an exact phrase, in which `*` and alternatives keep their sense where they make
/// any.
fn phrase(typed: &str) -> Option<String> {
    let is_phrase = |text: &String| matches!(read(text), Some(Query::Phrase { .. }));
    let inside: String = typed.chars().map(|c| if is_quote(c) { ' ' } else { c }).collect();
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let written = format!("\"{}\"", squeezed(&inside));
    if is_phrase(&written) {
        return Some(written);
    }
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    let words: String = inside.chars().map(|c| if is_word(c) { c } else { ' ' }).collect();
    let written = format!("\"{}\"", squeezed(&words));
    is_phrase(&written).then_some(written)
}

/// The marks that begin and end a phrase.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{ff02}')
}

#[cfg(test)]
mod tests {
    use super::{Composed, read};
    use proptest::prelude::*;

    fn composed(fill: impl FnOnce(&mut Composed)) -> String {
        let mut fields = Composed::default();
        fill(&mut fields);
        fields.query()
    }

    #[test]
    fn each_field_is_written_in_the_language() {
        assert_eq!(composed(|form| form.all = "missing children".into()), "missing children");
        assert_eq!(composed(|form| form.phrase = "drift and delay".into()), "\"drift and delay\"");
        assert_eq!(composed(|form| form.any_of = "neglect  abuse".into()), "neglect OR abuse");
        assert_eq!(composed(|form| form.none_of = "police".into()), "* NOT police");
        let near = |form: &mut Composed| {
            form.near_a = "social worker".into();
            form.near_b = "changed".into();
        };
        assert_eq!(composed(near), "\"social worker\" NEAR/5 changed");
        let everything = Composed {
            all: "children".into(),
            phrase: "early help".into(),
            any_of: "neglect \"domestic abuse\"".into(),
            none_of: "clinical adult*".into(),
            near_a: "supervision".into(),
            near_b: "weak".into(),
            within: Some(9),
        };
        assert_eq!(
            everything.query(),
            "children \"early help\" supervision NEAR/9 weak (neglect OR \"domestic abuse\") \
             NOT clinical NOT adult*"
        );
        assert_eq!(Composed::default().query(), "");
    }

    #[test]
    fn what_would_be_an_operator_or_a_field_is_looked_for_as_words() {
        for (typed, query) in [
            ("missing AND police", "missing and police"),
            ("grade:inadequate", "\"grade:inadequate\""),
            ("leaders: good", "leaders good"),
            ("(care", "care"),
            ("-adoption !abuse", "adoption abuse"),
            ("wom?n care* neglct~", "wom?n care* neglct~"),
            ("why?", "why"),
            ("R^2", "\"R^2\""),
            ("#neglect", "neglect"),
            ("say \"drift and delay", "say \"drift and delay\""),
            ("multi-agency A&E children’s", "multi-agency A&E children’s"),
            ("NEAR/5", "\"NEAR/5\""),
            ("… ! ?", ""),
        ] {
            assert_eq!(composed(|form| form.all = typed.into()), query, "{typed}");
        }
        assert_eq!(composed(|form| form.phrase = "say \"no|yes\"".into()), "\"say no yes\"");
        assert_eq!(
            composed(|form| form.phrase = "return * interview".into()),
            "\"return * interview\""
        );
    }

    /// What people type, and what they might.
    fn typed() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-z]{1,8}",
            "[\"“”'’()|*?~^:;,.!#+&/\\\\<>=-]{1,3}",
            Just("AND".to_owned()),
            Just("NOT".to_owned()),
            Just("NEAR/3".to_owned()),
            Just("grade:good".to_owned()),
            Just("date:2018..2020".to_owned()),
            ".{0,6}",
        ];
        let between = prop_oneof![Just(" "), Just("")];
        proptest::collection::vec((piece, between), 0..8)
            .prop_map(|pieces| pieces.into_iter().map(|(piece, end)| piece + end).collect())
    }

    proptest! {
        #[test]
        fn whatever_is_typed_gives_a_query_that_parses_as_it_stands(
            all in typed(), phrase in typed(), any_of in typed(), none_of in typed(),
            near_a in typed(), near_b in typed(), within in proptest::option::of(0u32..300)
        ) {
            let form = Composed { all, phrase, any_of, none_of, near_a, near_b, within };
            let query = form.query();
            prop_assert!(query.is_empty() || read(&query).is_some(), "{form:?}: {query}");
        }
    }
}
