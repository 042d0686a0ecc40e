//! Prints a tree as the query that parses to it.

use super::{Query, lex};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_char('*'),
            Self::Word { text, .. } => f.write_str(text),
            Self::Phrase { text, .. } => write!(f, "\"{text}\""),
            Self::Field { field, value, .. } if lex::is_bare_value(value) => {
                write!(f, "{}:{value}", field.name())
            }
            Self::Field { field, value, .. } => write!(f, "{}:\"{value}\"", field.name()),
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
        Query::And { .. } | Query::Or { .. } => write!(f, "({query})"),
        _ => write!(f, "{query}"),
    }
}
