//! Parses a query: text into tokens, tokens into a tree. Never panics, whatever it is given.

use super::lex;
use super::token::{Token, What};
use super::{MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH, Query, QueryError, Repair, Span};

/// Parentheses and negations that may be open at once, including those around nothing.
const MAX_OPEN: usize = 2 * MAX_DEPTH;

/// A query as understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// The repairs made to understand it.
    pub repairs: Vec<Repair>,
}

/// Parses a query.
///
/// # Errors
/// If it cannot be understood: what is wrong, where, and what to write instead.
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
    matches!(
        what,
        What::Word(_) | What::Phrase(..) | What::Wildcard(_) | What::Fuzzy(..) | What::Field(..)
    )
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

    /// Whether the next token can begin an operand.
    fn at_operand(&self) -> bool {
        !matches!(self.peek(), None | Some(What::Close | What::And | What::Or | What::Near { .. }))
    }

    /// `and { OR and }`; `None` if nothing here has words.
    fn either(&mut self) -> Result<Option<Query>, QueryError> {
        let mut alternatives = Vec::new();
        let start = self.here();
        if self.at_operand() {
            alternatives.extend(self.all_of()?);
        }
        while let Some(operator) = self.peek().and_then(What::operator) {
            let span = self.here();
            // `all_of` leaves only an OR; any other operator here has nothing before it.
            if self.at_start_of_group() || operator != "OR" {
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

    /// Joins clauses: a single clause is returned as it is, and clauses of the same kind are
    /// flattened.
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

    /// Where the previous token ends.
    fn end(&self) -> usize {
        self.tokens[..self.at].last().map_or(0, |token| token.span.end)
    }

    fn unary(&mut self) -> Result<Option<Query>, QueryError> {
        let span = self.here();
        match self.peek() {
            Some(What::Not) => {
                self.at += 1;
                if !self.at_operand() {
                    return Err(QueryError::missing_operand("NOT", "behind", span));
                }
                self.enter(span)?;
                let clause = self.unary()?;
                self.open -= 1;
                let span = Span::from(span.start..self.end());
                Ok(clause.map(|clause| Query::Not { clause: Box::new(clause), span }))
            }
            Some(What::Plus) => {
                self.at += 1;
                self.enter(span)?;
                let clause = self.unary()?;
                self.open -= 1;
                Ok(clause)
            }
            _ => self.near(),
        }
    }

    /// `weighed { NEAR/n weighed }`.
    fn near(&mut self) -> Result<Option<Query>, QueryError> {
        let start = self.here();
        let Some(mut first) = self.weighed()? else {
            return match self.peek() {
                Some(What::Near { ordered, .. }) => {
                    let operator = if *ordered { "ONEAR" } else { "NEAR" };
                    Err(QueryError::missing_operand(operator, "before", self.here()))
                }
                _ => Ok(None),
            };
        };
        let Some(&What::Near { within, ordered }) = self.peek() else {
            return Ok(Some(first));
        };
        let operator = if ordered { "ONEAR" } else { "NEAR" };
        let mut clauses = Vec::new();
        loop {
            if let Query::Boost { weight, span, .. } = first {
                let reason =
                    format!("it belongs after the whole: (a {operator}/{within} b)^{weight}");
                return Err(QueryError::bad_weight(format!("^{weight}"), reason, None, span));
            }
            if !is_neighbour(&first) {
                return Err(QueryError::bad_operand(&first));
            }
            clauses.push(first);
            let span = self.here();
            match self.peek() {
                Some(here) if *here == (What::Near { within, ordered }) => self.at += 1,
                Some(What::Near { within: other, .. }) => {
                    let reason = "one chain has one distance and one operator; put what belongs \
                                  together in parentheses";
                    let meant = Some(format!("{operator}/{within}"));
                    let name = self.peek().and_then(What::operator).unwrap_or_default();
                    let written = format!("{name}/{other}");
                    return Err(QueryError::bad_distance(written, reason, meant, span));
                }
                _ => break,
            }
            let missing = || QueryError::missing_operand(operator, "behind", span);
            if !self.at_operand() {
                return Err(missing());
            }
            if let Some(What::Not | What::Plus) = self.peek() {
                let not = self.unary()?.ok_or_else(missing)?;
                return Err(QueryError::bad_operand(&not));
            }
            first = self.weighed()?.ok_or_else(missing)?;
        }
        let span = Span::from(start.start..self.end());
        Ok(Some(Query::Near { clauses, within, ordered, span }))
    }

    /// `primary [ ^n ]`.
    fn weighed(&mut self) -> Result<Option<Query>, QueryError> {
        let start = self.here();
        let clause = self.primary()?;
        let Some(&What::Weight(weight)) = self.peek() else {
            return Ok(clause);
        };
        self.at += 1;
        let span = Span::from(start.start..self.end());
        Ok(clause.map(|clause| Query::Boost { clause: Box::new(clause), weight, span }))
    }

    fn primary(&mut self) -> Result<Option<Query>, QueryError> {
        let span = self.here();
        // There may be nothing after a `+`, if what followed it had no letters or digits.
        let Some(token) = self.tokens.get(self.at).filter(|_| self.at_operand()).cloned() else {
            return Ok(None);
        };
        self.at += 1;
        Ok(match token.what {
            What::Open => {
                self.enter(span)?;
                let inside = self.either()?;
                self.open -= 1;
                // Parentheses were paired before, so this token closes this group.
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
            What::Phrase(parts, within) => Some(Query::Phrase { parts, within, span }),
            What::Wildcard(pattern) => Some(Query::Wildcard { pattern, span }),
            What::Fuzzy(text, edits) => Some(Query::Fuzzy { text, edits, span }),
            What::Field(field, value) => Some(Query::Field { field, value, span }),
            What::Weight(weight) => {
                let reason = "there is nothing before it to weigh";
                return Err(QueryError::bad_weight(format!("^{weight}"), reason, None, span));
            }
            // Never reached: these are not operands, or are signs that were read before.
            What::Close | What::And | What::Or | What::Not | What::Plus | What::Near { .. } => None,
        })
    }
}

/// Whether it can be an operand of NEAR: a weight belongs to the whole, not to a part of it.
fn is_neighbour(query: &Query) -> bool {
    match query {
        Query::Boost { .. } | Query::Affirmed { .. } => false,
        Query::Or { .. } | Query::Near { .. } => query.clauses().all(is_neighbour),
        other => other.has_place(),
    }
}
