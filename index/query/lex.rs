//! Cuts the text of a query into tokens. What cannot be a token is an error or a repair.

use super::{Field, QueryError, Repair, Span, kind_named};
use crate::record::Kind;
use crate::request::GradeFilter;
use crate::words;

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) span: Span,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Open,
    Close,
    And,
    Or,
    /// `NOT`, or `-` in front of something.
    Not,
    /// `+` in front of something.
    Plus,
    Everything,
    Word(String),
    Phrase(String),
    Field(Field, String),
}

fn is_quote(c: char) -> bool {
    c == '"' || is_curly(c)
}

fn is_curly(c: char) -> bool {
    matches!(c, '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{ff02}')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')')
}

/// Whether a field's value can be printed without quotation marks and read again.
pub(super) fn is_bare_value(value: &str) -> bool {
    !value.is_empty() && !value.contains(ends_word) && !value.ends_with([',', ';'])
}

/// Cuts the text into tokens and pairs its parentheses.
pub(super) fn tokens(text: &str) -> Result<(Vec<Token>, Vec<Repair>), QueryError> {
    let mut lexer =
        Lexer { chars: text.chars().collect(), at: 0, tokens: Vec::new(), repairs: Vec::new() };
    lexer.run()?;
    lexer.pair_parentheses();
    Ok((lexer.tokens, lexer.repairs))
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    tokens: Vec<Token>,
    repairs: Vec<Repair>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn text(&self, start: usize, end: usize) -> String {
        self.chars[start..end].iter().collect()
    }

    fn push(&mut self, what: What, start: usize) {
        let span = Span::from(start..self.at);
        self.tokens.push(Token { what, span });
    }

    fn run(&mut self) -> Result<(), QueryError> {
        while let Some(c) = self.peek(0) {
            let start = self.at;
            if c.is_whitespace() {
                self.at += 1;
            } else if c == '(' || c == ')' {
                self.at += 1;
                self.push(if c == '(' { What::Open } else { What::Close }, start);
            } else if is_quote(c) {
                self.phrase()?;
            } else if self.is_sign() {
                self.at += 1;
                self.push(if c == '-' { What::Not } else { What::Plus }, start);
            } else {
                self.word()?;
            }
        }
        Ok(())
    }

    /// A `+` or `-` that stands free on its left and touches something on its right.
    fn is_sign(&self) -> bool {
        let free =
            self.at == 0 || matches!(self.chars[self.at - 1], c if c.is_whitespace() || c == '(');
        let touches =
            self.peek(1).is_some_and(|c| words::begins_word(c) || is_quote(c) || c == '(');
        free && touches && matches!(self.peek(0), Some('+' | '-'))
    }

    fn end_of_run(&self, from: usize) -> usize {
        (from..self.chars.len()).find(|at| ends_word(self.chars[*at])).unwrap_or(self.chars.len())
    }

    /// What stands between quotation marks, white space evened out; moves behind the closing one.
    fn quoted(&mut self) -> String {
        let opening = self.at;
        let inside = opening + 1;
        let closing = (inside..self.chars.len()).find(|at| is_quote(self.chars[*at]));
        if closing.is_none() {
            self.repairs.push(Repair::ClosedQuote { column: opening + 1 });
        }
        let curly =
            [Some(opening), closing].into_iter().flatten().find(|at| is_curly(self.chars[*at]));
        if let Some(at) = curly
            && !(self.repairs.iter()).any(|repair| matches!(repair, Repair::CurlyQuotes { .. }))
        {
            self.repairs.push(Repair::CurlyQuotes { column: at + 1 });
        }
        let end = closing.unwrap_or(self.chars.len());
        self.at = closing.map_or(end, |at| at + 1);
        let text = self.text(inside, end);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn phrase(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        let text = self.quoted();
        let span = Span::from(start..self.at);
        if self.peek(0) == Some('~') {
            return Err(QueryError::not_understood(
                "~",
                "words of a phrase stand side by side; for looser matches leave the quotation \
                 marks out",
                Span::from(self.at..self.at + 1),
            ));
        }
        if let Some(sign) = text.chars().find(|c| matches!(c, '|' | '*')) {
            let what = if sign == '|' { "alternatives" } else { "gaps" };
            return Err(QueryError::not_understood(
                format!("\"{text}\""),
                format!("a phrase has no {what}; write whole phrases joined by OR"),
                span,
            ));
        }
        if words::scan(&text).next().is_none() {
            self.nothing_to_find(start);
        } else {
            self.push(What::Phrase(text), start);
        }
        Ok(())
    }

    fn nothing_to_find(&mut self, start: usize) {
        self.repairs
            .push(Repair::NothingToFind { written: self.text(start, self.at), column: start + 1 });
    }

    fn word(&mut self) -> Result<(), QueryError> {
        let begin = self.at;
        let end = self.end_of_run(begin);
        let run = self.text(begin, end);
        if run == "*" {
            self.at = end;
            self.push(What::Everything, begin);
            return Ok(());
        }
        refuse_wildcards(&run, Span::from(begin..end))?;
        let Some(skipped) = (begin..end).find(|at| words::begins_word(self.chars[*at])) else {
            self.at = end;
            self.nothing_to_find(begin);
            return Ok(());
        };
        self.at = skipped;
        if self.field()? {
            return Ok(());
        }
        self.at = end;
        self.plain_word(skipped, end)
    }

    fn plain_word(&mut self, start: usize, end: usize) -> Result<(), QueryError> {
        let written = self.text(start, end);
        let behind = words::scan(&written).last().map_or(0, |word| word.end);
        let text = &written[..behind];
        let span = Span::from(start..end);
        refuse_operators(text, span)?;
        let what = match (text, written.as_str()) {
            ("AND", "AND") => What::And,
            ("OR", "OR") => What::Or,
            ("NOT", "NOT") => What::Not,
            // With a comma behind it, it is a word; printed in capitals it would be none.
            ("AND" | "OR" | "NOT", _) => What::Word(text.to_lowercase()),
            _ => What::Word(text.to_owned()),
        };
        self.push(what, start);
        Ok(())
    }

    /// Reads `name:value` if that is what stands here.
    fn field(&mut self) -> Result<bool, QueryError> {
        let start = self.at;
        let colon = (start..self.chars.len())
            .find(|at| !(self.chars[*at].is_ascii_alphabetic() || self.chars[*at] == '_'));
        let Some(colon) = colon.filter(|at| self.chars[*at] == ':') else {
            return Ok(false);
        };
        let value_at = colon + 1;
        let Some(first) = self.chars.get(value_at).copied() else {
            return Ok(false);
        };
        if first.is_whitespace() || first == ')' {
            return Ok(false);
        }
        let name = self.text(start, colon);
        let Some(field) = Field::named(&name) else {
            let is_address = self.chars[value_at..].starts_with(&['/', '/']);
            let is_field = (words::begins_word(first) || is_quote(first) || "<>=(".contains(first))
                && !is_address;
            return if is_field {
                Err(QueryError::unknown_field(name, Span::from(start..colon)))
            } else {
                Ok(false)
            };
        };
        self.at = value_at;
        let value = if is_quote(first) {
            self.quoted()
        } else {
            self.at = self.end_of_run(value_at);
            let run = self.text(value_at, self.at);
            run.trim_end_matches([',', ';']).to_owned()
        };
        check_value(field, &value, Span::from(start..self.at))?;
        self.push(What::Field(field, value), start);
        Ok(true)
    }

    /// Takes away closing parentheses that close nothing and closes what is open at the end.
    fn pair_parentheses(&mut self) {
        let mut open = Vec::new();
        let mut paired = Vec::with_capacity(self.tokens.len());
        for token in std::mem::take(&mut self.tokens) {
            let column = token.span.start + 1;
            match token.what {
                What::Open => open.push(column),
                What::Close if open.pop().is_none() => {
                    self.repairs.push(Repair::DroppedParenthesis { column });
                    continue;
                }
                _ => {}
            }
            paired.push(token);
        }
        for column in open.into_iter().rev() {
            self.repairs.push(Repair::ClosedParenthesis { column });
            paired.push(Token {
                what: What::Close,
                span: Span::from(self.chars.len()..self.chars.len()),
            });
        }
        self.tokens = paired;
    }
}

/// Refuses what looks like a wildcard, a fuzzy word or a topic rather than reading it as prose.
fn refuse_wildcards(run: &str, span: Span) -> Result<(), QueryError> {
    let reason = if run.contains('*') {
        "a word is matched whole, in all its grammatical forms; write other words joined by OR"
    } else if run.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('~') {
        "a word is matched as it is spelt; write other spellings joined by OR"
    } else if run.starts_with('#') && run[1..].starts_with(|c: char| c.is_alphabetic()) {
        "a topic is named by its field; write `topic:` and its id, such as `topic:neglect`"
    } else {
        return Ok(());
    };
    Err(QueryError::not_understood(run, reason, span))
}

/// Refuses operators that are not part of the language rather than reading them as prose.
fn refuse_operators(text: &str, span: Span) -> Result<(), QueryError> {
    if let Some((name, value)) = text.split_once('=')
        && Field::named(name).is_some()
        && !value.is_empty()
    {
        return Err(QueryError::equals_for_colon(text.to_owned(), span));
    }
    let without_digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let inner_mark = text.char_indices().any(|(at, c)| {
        c == '?'
            && text[..at].ends_with(words::begins_word)
            && text[at + 1..].starts_with(words::begins_word)
    });
    let reason = if inner_mark {
        "a word is matched as it is spelt; write other spellings joined by OR"
    } else if without_digits.len() < text.len() && without_digits.ends_with('^') {
        "words cannot be given a weight"
    } else if without_digits.ends_with('~') {
        "a word is matched as it is spelt; write other spellings joined by OR"
    } else if matches!(without_digits, "NEAR/" | "ONEAR/") {
        "distances between words cannot be asked for; write a \"phrase\" or words joined by AND"
    } else {
        return Ok(());
    };
    Err(QueryError::not_understood(text, reason, span))
}

fn check_value(field: Field, value: &str, span: Span) -> Result<(), QueryError> {
    let written = format!("{}:{value}", field.name());
    match field {
        Field::Grade | Field::Overall => match value.parse::<GradeFilter>() {
            Ok(_) => Ok(()),
            Err(error) => Err(QueryError::bad_value(written, error.to_string(), None, span)),
        },
        Field::Kind if kind_named(value).is_none() => {
            let near = Kind::ALL
                .map(Kind::name)
                .into_iter()
                .min_by_key(|name| strsim::damerau_levenshtein(name, &value.to_lowercase()))
                .filter(|name| strsim::damerau_levenshtein(name, &value.to_lowercase()) <= 2);
            let expected = match near {
                Some(near) => format!("did you mean `kind:{near}`?"),
                None => format!("kinds are {}", Kind::ALL.map(Kind::name).join(", ")),
            };
            let meant = near.map(|near| format!("kind:{near}"));
            Err(QueryError::bad_value(written, expected, meant, span))
        }
        Field::Page if value.parse::<u32>().is_err() => {
            Err(QueryError::bad_value(written, "a page is a number, such as `page:12`", None, span))
        }
        _ if words::scan(value).next().is_none() => Err(QueryError::bad_value(
            written,
            "write its value directly behind the colon, in quotation marks if it has spaces",
            None,
            span,
        )),
        _ => Ok(()),
    }
}
