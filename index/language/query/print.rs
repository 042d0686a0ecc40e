//! Prints a tree as the query that parses to it. Expansions are printed as alternatives.

use super::{Part, Query, lex};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_char('*'),
            Self::Word { text, .. } => f.write_str(text),
            Self::Phrase { parts, within, .. } => {
                f.write_char('"')?;
                sequence(parts, f)?;
                f.write_char('"')?;
                match within {
                    Some(within) => write!(f, "~{within}"),
                    None => Ok(()),
                }
            }
            Self::Wildcard { pattern, .. } => f.write_str(pattern),
            Self::Fuzzy { text, edits, .. } => write!(f, "{text}~{edits}"),
            Self::Near { clauses, within, ordered, .. } => {
                let operator = if *ordered { "ONEAR" } else { "NEAR" };
                joined(clauses, &format!(" {operator}/{within} "), f)
            }
            Self::Field { field, value, .. } if lex::is_bare_value(value) => {
                write!(f, "{}:{value}", field.name())
            }
            Self::Field { field, value, .. } => write!(f, "{}:\"{value}\"", field.name()),
            Self::Affirmed { clause, .. } => clause.fmt(f),
            Self::Boost { clause, weight, .. } => {
                match **clause {
                    Self::Word { .. }
                    | Self::Phrase { .. }
                    | Self::Wildcard { .. }
                    | Self::Fuzzy { .. }
                    | Self::Expanded { .. } => write!(f, "{clause}")?,
                    _ => write!(f, "({clause})")?,
                }
                write!(f, "^{weight}")
            }
            Self::Expanded { clause, also, .. } => {
                f.write_char('(')?;
                operand(clause, f)?;
                for other in also {
                    f.write_str(" OR ")?;
                    operand(other, f)?;
                }
                f.write_char(')')
            }
            Self::And { clauses, .. } => joined(clauses, " ", f),
            Self::Or { clauses, .. } => joined(clauses, " OR ", f),
            Self::Not { clause, .. } => {
                f.write_str("NOT ")?;
                operand(clause, f)
            }
        }
    }
}

fn joined(clauses: &[Query], between: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (place, clause) in clauses.iter().enumerate() {
        if place > 0 {
            f.write_str(between)?;
        }
        operand(clause, f)?;
    }
    Ok(())
}

fn operand(query: &Query, f: &mut Formatter<'_>) -> fmt::Result {
    match query {
        Query::And { .. } | Query::Or { .. } | Query::Near { .. } => write!(f, "({query})"),
        _ => write!(f, "{query}"),
    }
}

fn sequence(parts: &[Part], f: &mut Formatter<'_>) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| &parts[before]);
        match (before, part) {
            (None, _) => {}
            // A possessive is printed as people write it; both forms parse to the same words.
            (Some(Part::Word(_)), Part::Word(word)) if word == "s" => {
                f.write_str("'s")?;
                continue;
            }
            (Some(_), _) => f.write_char(' ')?,
        }
        match part {
            Part::Word(word) | Part::Wildcard(word) => f.write_str(word)?,
            Part::Gap => f.write_char('*')?,
            Part::AnyOf(alternatives) => {
                f.write_char('(')?;
                for (place, alternative) in alternatives.iter().enumerate() {
                    if place > 0 {
                        f.write_char('|')?;
                    }
                    sequence(alternative, f)?;
                }
                f.write_char(')')?;
            }
        }
    }
    Ok(())
}
