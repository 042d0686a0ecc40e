//! Words and signs that people type for operators.

use super::{Draft, Typed};
use findings_index::language::query::{Query, Repair, Span};
use findings_index::records::{Attribute, Use};

/// After these, `not` belongs to the sentence.
const BEFORE_NOT: [&str; 22] = [
    "do", "does", "did", "is", "are", "was", "were", "be", "been", "has", "have", "had", "can",
    "could", "will", "would", "should", "may", "might", "must", "or", "why",
];

/// The distance that `near` alone stands for, in words.
const NEAR: u32 = 10;

/// The fewest letters of the beginning of a word that is cut off with `!`.
const CUT: usize = 4;

/// Queries in which words at the top are operators.
pub(super) fn drafts(typed: &str, words: &[Typed]) -> Vec<Draft> {
    let mut changed: Vec<(Span, String)> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let chars: Vec<char> = typed.chars().collect();
    for (place, word) in words.iter().enumerate() {
        let lower = word.text.to_lowercase();
        let is_between = place > 0 && place + 1 < words.len();
        let before = place.checked_sub(1).map(|before| words[before].text.to_lowercase());
        let first = words.first().map(|first| first.text.to_lowercase());
        // "Why do children not know" is a sentence too.
        let in_sentence =
            [before, first].into_iter().flatten().any(|word| BEFORE_NOT.contains(&word.as_str()));
        let (operator, name) = match lower.as_str() {
            "not" if is_between && !in_sentence => ("NOT".to_owned(), "NOT"),
            "without" if is_between => ("NOT".to_owned(), "NOT"),
            "or" if is_between => ("OR".to_owned(), "OR"),
            "near" if is_between => (format!("NEAR/{NEAR}"), "NEAR"),
            within if is_between && distance(within).is_some() => {
                let (ordered, within) = distance(within).unwrap_or_default();
                let name = if ordered { "ONEAR" } else { "NEAR" };
                (format!("{name}/{within}"), name)
            }
            either if either.contains(['/', '|']) && is_either(either) => {
                (either_of(&word.text), "OR")
            }
            _ => {
                if !(word.is_cut && lower.chars().count() >= CUT) {
                    continue;
                }
                changed.push((word.span, format!("{}*", word.text)));
                names.push("*");
                continue;
            }
        };
        changed.push((word.span, operator));
        names.push(name);
    }
    if changed.is_empty() {
        return Vec::new();
    }
    names.dedup();
    let joined = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let reading = match names.as_slice() {
        ["*"] => "words that begin so".to_owned(),
        [_] => format!("{joined} as an operator"),
        _ => format!("{joined} as operators"),
    };
    vec![Draft::named(reading, replaced(&chars, &changed))]
}

/// The query in which signs that were read as operators are punctuation.
pub(super) fn undone(typed: &str, repairs: &[Repair]) -> Option<Draft> {
    let column = |repair: &Repair| match repair {
        Repair::DashForMinus { column } | Repair::BarForOr { column, .. } => Some(*column),
        _ => None,
    };
    let columns: Vec<usize> = repairs.iter().filter_map(column).collect();
    let is_sign = |at: usize, c: char| columns.contains(&(at + 1)) || c == '|';
    let plain = typed.chars().enumerate().map(|(at, c)| if is_sign(at, c) { ' ' } else { c });
    let plain: String = plain.collect();
    let query = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let reading = "all of the words".to_owned();
    (!columns.is_empty()).then_some(Draft::named(reading, query))
}

/// Reads `w/5`, `near/5`, `pre/5` and the like: whether in order, and how far.
fn distance(word: &str) -> Option<(bool, u32)> {
    let (name, distance) = word.split_once('/')?;
    let ordered = matches!(name, "pre" | "p" | "onear");
    let is_known = ordered || matches!(name, "w" | "n" | "near" | "within" | "adj");
    let distance: u32 = distance.parse().ok().filter(|distance| (1..=100).contains(distance))?;
    is_known.then_some((ordered, distance))
}

/// Whether a word is several words with a slash between them; `and/or` and dates are none.
fn is_either(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['/', '|']).collect();
    parts.len() > 1
        && word != "and/or"
        && parts
            .iter()
            .all(|part| part.chars().count() > 2 && part.chars().all(char::is_alphabetic))
}

fn either_of(word: &str) -> String {
    let parts: Vec<&str> = word.split(['/', '|']).collect();
    format!("({})", parts.join(" OR "))
}

fn replaced(chars: &[char], changed: &[(Span, String)]) -> String {
    let mut text = String::new();
    let mut at = 0;
    for (span, new) in changed {
        text.extend(&chars[at..span.start]);
        text.push_str(new);
        at = span.end.min(chars.len());
    }
    text.extend(&chars[at..]);
    text
}

/// The query in which conditions that exclude one another, two values of what has only one, are
/// alternatives.
pub(super) fn either(query: &Query) -> Option<Draft> {
    let Query::And { clauses, span } = query else { return None };
    let is_single = |attribute: Attribute| {
        attribute.serves(Use::Field)
            && matches!(
                attribute,
                Attribute::Grade
                    | Attribute::Overall
                    | Attribute::Authority
                    | Attribute::Region
                    | Attribute::Framework
                    | Attribute::Visit
                    | Attribute::Kind
                    | Attribute::Theme
                    | Attribute::Report
                    | Attribute::Year
            )
    };
    let field = |clause: &Query| match clause {
        Query::Field { field, value, .. } if is_single(*field) => {
            Some((*field, value.to_lowercase()))
        }
        _ => None,
    };
    let fields: Vec<(Attribute, String)> = clauses.iter().filter_map(field).collect();
    let (attribute, _) = fields.iter().find(|(attribute, value)| {
        fields.iter().any(|(other, other_value)| other == attribute && other_value != value)
    })?;
    let is_of = |clause: &&Query| field(clause).is_some_and(|(other, _)| other == *attribute);
    let (alternatives, mut kept): (Vec<&Query>, Vec<&Query>) = clauses.iter().partition(is_of);
    let any = Query::Or { clauses: alternatives.into_iter().cloned().collect(), span: *span };
    kept.push(&any);
    let query = match kept.as_slice() {
        [one] => (*one).clone(),
        _ => Query::And { clauses: kept.into_iter().cloned().collect(), span: *span },
    };
    let reading =
        format!("either of them, since no paragraph has two values of `{}`: OR", attribute.name());
    Some(Draft::named(reading, query.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::{drafts, either, undone};
    use findings_index::language::query::parse;

    fn read(typed: &str) -> Option<String> {
        let query = parse(typed).unwrap().query;
        drafts(typed, &words(typed, &query)).pop().map(|draft| draft.query)
    }

    #[test]
    fn words_between_words_may_be_operators() {
        assert_eq!(read("neglect not abuse").as_deref(), Some("neglect NOT abuse"));
        assert_eq!(read("neglect or abuse").as_deref(), Some("neglect OR abuse"));
        assert_eq!(read("neglect near abuse").as_deref(), Some("neglect NEAR/10 abuse"));
        assert_eq!(read("neglect w/5 abuse").as_deref(), Some("neglect NEAR/5 abuse"));
        assert_eq!(read("neglect pre/3 abuse").as_deref(), Some("neglect ONEAR/3 abuse"));
        assert_eq!(read("neglect/abuse police").as_deref(), Some("(neglect OR abuse) police"));
        assert_eq!(read("superv! visits").as_deref(), Some("superv* visits"));
    }

    #[test]
    fn a_word_of_the_sentence_is_no_operator() {
        for typed in ["children do not know", "not known", "and/or", "2018/19", "it!", "or"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn signs_that_were_read_as_operators_may_be_punctuation() {
        let plain =
            |typed: &str| undone(typed, &parse(typed).unwrap().repairs).map(|draft| draft.query);
        assert_eq!(plain("housing \u{2013}homeless").as_deref(), Some("housing homeless"));
        assert_eq!(plain("gangs || trafficking").as_deref(), Some("gangs trafficking"));
        assert_eq!(plain("housing -homeless"), None);
    }

    #[test]
    fn two_values_of_what_has_one_are_alternatives() {
        let query = |typed: &str| either(&parse(typed).unwrap().query).map(|draft| draft.query);
        assert_eq!(
            query("grade:good AND grade:inadequate neglect").as_deref(),
            Some("neglect (grade:good OR grade:inadequate)")
        );
        assert_eq!(query("date:>=2019 date:<=2020"), None);
        assert_eq!(query("topic:a topic:b"), None);
        assert_eq!(query("grade:good neglect"), None);
    }
}
