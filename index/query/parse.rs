//! Reads a query: text into tokens, tokens into a tree. Never panics, whatever it is given.

use super::lex::{self, Token, What};
use super::{MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH, Query, QueryError, Repair, Span};

/// Parentheses and negations that may be open at once, those around nothing included.
const MAX_OPEN: usize = 2 * MAX_DEPTH;

/// A query as understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// What was mended to understand it, in the order met.
    pub repairs: Vec<Repair>,
}

/// Reads a query.
///
/// # Errors
/// What is wrong with it, where, and what to write instead.
pub fn parse(text: &str) -> Result<Parsed, QueryError> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(QueryError::too_long(length));
    }
    let (tokens, repairs) = lex::tokens(text)?;
    let whole = Span::from(0..length);
    if tokens.len() > MAX_CLAUSES {
        let mut clauses = tokens.iter().filter(|token| is_clause(&token.what));
        if let Some(first_over) = clauses.nth(MAX_CLAUSES) {
            return Err(QueryError::too_many_clauses(first_over.span));
        }
    }
    let mut parser = Parser { tokens, at: 0, open: 0, repairs };
    let query = parser.either()?.ok_or_else(|| QueryError::empty(whole))?;
    query.check_limits()?;
    Ok(Parsed { query, repairs: parser.repairs })
}

fn is_clause(what: &What) -> bool {
    matches!(what, What::Word(_) | What::Phrase(_) | What::Field(..))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    open: usize,
    repairs: Vec<Repair>,
}

impl Parser {
    fn peek(&self) -> Option<&What> {
        self.tokens.get(self.at).map(|token| &token.what)
    }

    fn here(&self) -> Span {
        self.tokens.get(self.at).map_or_else(
            || {
                let end = self.tokens.last().map_or(0, |token| token.span.end);
                Span::from(end..end)
            },
            |token| token.span,
        )
    }

    /// Whether something that can be an operand stands here.
    fn at_operand(&self) -> bool {
        !matches!(self.peek(), None | Some(What::Close | What::And | What::Or))
    }

    /// `and { OR and }`; `None` where only things without words stand.
    fn either(&mut self) -> Result<Option<Query>, QueryError> {
        let mut alternatives = Vec::new();
        let start = self.here();
        if self.at_operand() {
            alternatives.extend(self.all_of()?);
        }
        while matches!(self.peek(), Some(What::Or | What::And)) {
            let operator = if self.peek() == Some(&What::Or) { "OR" } else { "AND" };
            let span = self.here();
            // Only an OR is left over by `all_of`; an AND here has nothing before it.
            if self.at_start_of_group() || operator == "AND" {
                return Err(QueryError::missing_operand(operator, "before", span));
            }
            self.at += 1;
            if !self.at_operand() {
                return Err(QueryError::missing_operand(operator, "behind", span));
            }
            alternatives.extend(self.all_of()?);
        }
        Ok(self.join(alternatives, start, |clauses, span| Query::Or { clauses, span }))
    }

    fn at_start_of_group(&self) -> bool {
        self.at == 0 || self.tokens[self.at - 1].what == What::Open
    }

    /// `unary { [AND] unary }`.
    fn all_of(&mut self) -> Result<Option<Query>, QueryError> {
        let start = self.here();
        let mut clauses = Vec::new();
        loop {
            clauses.extend(self.unary()?);
            if self.peek() == Some(&What::And) {
                let span = self.here();
                self.at += 1;
                if !self.at_operand() {
                    return Err(QueryError::missing_operand("AND", "behind", span));
                }
            }
            if !self.at_operand() {
                break;
            }
        }
        Ok(self.join(clauses, start, |clauses, span| Query::And { clauses, span }))
    }

    /// One clause stands for itself; clauses of the same sort within are taken out.
    fn join(
        &self,
        mut clauses: Vec<Query>,
        start: Span,
        make: impl Fn(Vec<Query>, Span) -> Query,
    ) -> Option<Query> {
        if clauses.len() <= 1 {
            return clauses.pop();
        }
        let end = self.tokens[..self.at].last().map_or(0, |t| t.span.end);
        let joined = make(Vec::new(), Span::from(start.start..end));
        let mut flat = Vec::with_capacity(clauses.len());
        for clause in clauses {
            match (&joined, clause) {
                (Query::And { .. }, Query::And { clauses, .. })
                | (Query::Or { .. }, Query::Or { clauses, .. }) => flat.extend(clauses),
                (_, clause) => flat.push(clause),
            }
        }
        Some(make(flat, Span::from(start.start..end)))
    }

    fn enter(&mut self, span: Span) -> Result<(), QueryError> {
        self.open += 1;
        if self.open > MAX_OPEN {
            return Err(QueryError::too_deep(span));
        }
        Ok(())
    }

    fn unary(&mut self) -> Result<Option<Query>, QueryError> {
        let span = self.here();
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return Ok(None);
        };
        self.at += 1;
        Ok(match token.what {
            What::Not => {
                if !self.at_operand() {
                    return Err(QueryError::missing_operand("NOT", "behind", span));
                }
                self.enter(span)?;
                let clause = self.unary()?;
                self.open -= 1;
                let end = self.tokens[..self.at].last().map_or(0, |t| t.span.end);
                clause.map(|clause| Query::Not {
                    clause: Box::new(clause),
                    span: Span::from(span.start..end),
                })
            }
            What::Plus => {
                self.enter(span)?;
                let clause = self.unary()?;
                self.open -= 1;
                clause
            }
            What::Open => {
                self.enter(span)?;
                let inside = self.either()?;
                self.open -= 1;
                // Parentheses are paired before: what stands here closes this group.
                self.at += 1;
                if inside.is_none() {
                    self.repairs.push(Repair::NothingToFind {
                        written: "()".to_owned(),
                        column: span.start + 1,
                    });
                }
                inside
            }
            What::Everything => Some(Query::All),
            What::Word(text) => Some(Query::Word { text, span }),
            What::Phrase(text) => Some(Query::Phrase { text, span }),
            What::Field(field, value) => Some(Query::Field { field, value, span }),
            // Never reached: `at_operand` is asked before every call.
            What::Close | What::And | What::Or => None,
        })
    }
}
