//! Splits the text of a query into tokens. Text that cannot be a token is an error or is repaired.

use super::field::check_field;
use super::limits::{BEHIND_PHRASE, check_distance};
use super::token::{Token, What};
use super::word::{is_number, read_weight, word_or_operator};
use super::{QueryError, Repair, Span, phrase};
use crate::language::words;
use crate::records::{Attribute, Use};
use std::ops::Range;

/// Characters that may follow a distance or a weight and are not part of it.
const PUNCTUATION: [char; 6] = [',', ';', '.', ':', '!', '?'];

/// Separators that users may write between several values instead of OR.
const BETWEEN_VALUES: [char; 2] = [',', '|'];

fn is_quote(c: char) -> bool {
    c == '"' || is_curly(c)
}

fn is_curly(c: char) -> bool {
    matches!(c, '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{ff02}')
}

/// Single quotation marks, straight and curly.
fn is_single(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}' | '\u{2032}')
}

/// The dashes that word processors make of a hyphen.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')')
}

/// Whether a field's value can be printed without quotation marks and read again.
pub(super) fn is_bare_value(value: &str) -> bool {
    !value.is_empty()
        && !value.contains(ends_word)
        && !value.contains(BETWEEN_VALUES)
        && !value.ends_with(';')
}

/// Splits the text into tokens and pairs its parentheses.
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
            } else if c == '(' {
                self.at += 1;
                self.push(What::Open, start);
            } else if c == ')' {
                self.at += 1;
                self.push(What::Close, start);
                self.weight()?;
            } else if is_quote(c) {
                let inside = self.quoted();
                self.phrase(start, inside)?;
            } else if let Some(inside) = self.single_quoted() {
                self.phrase(start, inside)?;
            } else if self.is_sign() {
                self.at += 1;
                if is_dash(c) {
                    self.repairs.push(Repair::DashForMinus { column: start + 1 });
                }
                self.push(if c == '+' { What::Plus } else { What::Not }, start);
            } else if let Some(bars) = self.bars() {
                self.at += bars;
                let written = self.text(start, self.at);
                self.repairs.push(Repair::BarForOr { written, column: start + 1 });
                self.push(What::Or, start);
            } else {
                self.word()?;
            }
        }
        Ok(())
    }

    /// Whether there is a `+` or `-` here with a space before it and an operand directly after it.
    fn is_sign(&self) -> bool {
        let free =
            self.at == 0 || matches!(self.chars[self.at - 1], c if c.is_whitespace() || c == '(');
        let touches =
            self.peek(1).is_some_and(|c| words::begins_word(c) || is_quote(c) || c == '(');
        free && touches && self.peek(0).is_some_and(|c| matches!(c, '+' | '-') || is_dash(c))
    }

    /// How many bars there are here, if they are between two operands, with white space around
    /// them: the OR of other languages.
    fn bars(&self) -> Option<usize> {
        let rest = &self.chars[self.at..];
        let bars = rest.iter().take_while(|c| **c == '|').count();
        let before = self.tokens.last().is_some_and(|token| {
            !matches!(token.what, What::Open | What::Not | What::Plus)
                && token.what.operator().is_none()
        });
        let is_apart = rest.get(bars).is_some_and(|c| c.is_whitespace());
        let next = rest[bars..].iter().copied().find(|c| !c.is_whitespace());
        let after = next.is_some_and(|c| words::begins_word(c) || is_quote(c) || c == '(');
        (matches!(bars, 1 | 2) && before && is_apart && after).then_some(bars)
    }

    /// Finds where the text between single quotation marks is, and moves past the closing one. They
    /// are taken for quotation marks only around several words, and where they cannot be
    /// apostrophes.
    fn single_quoted(&mut self) -> Option<Range<usize>> {
        let opening = self.at;
        let is_free =
            opening == 0 || matches!(self.chars[opening - 1], c if c.is_whitespace() || c == '(');
        if !is_free || !is_single(self.peek(0)?) || !words::begins_word(self.peek(1)?) {
            return None;
        }
        let inside = opening + 1;
        let mut seen_space = false;
        for at in inside..self.chars.len() {
            let c = self.chars[at];
            seen_space |= c.is_whitespace();
            let ends = self.chars.get(at + 1).is_none_or(|c| {
                c.is_whitespace() || matches!(c, ')' | '~' | '^' | ',' | '.' | '?')
            });
            if is_quote(c) || matches!(c, '(' | ')') {
                return None;
            }
            if seen_space && is_single(c) && ends && !self.chars[at - 1].is_whitespace() {
                self.repairs.push(Repair::SingleQuotes { column: opening + 1 });
                self.at = at + 1;
                return Some(inside..at);
            }
        }
        None
    }

    fn end_of_run(&self, from: usize) -> usize {
        (from..self.chars.len()).find(|at| ends_word(self.chars[*at])).unwrap_or(self.chars.len())
    }

    /// The range of the text between quotation marks; moves to after the closing one.
    fn quoted(&mut self) -> Range<usize> {
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
        inside..end
    }

    /// Does the same as [`Lexer::quoted`] and returns the text, with white space normalised.
    fn quoted_text(&mut self) -> String {
        let inside = self.quoted();
        let text = self.text(inside.start, inside.end);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Reads a phrase that begins at `start`; its words are `inside`.
    fn phrase(&mut self, start: usize, inside: Range<usize>) -> Result<(), QueryError> {
        let parts = phrase::read(&self.chars, inside.start, inside.end)?;
        let within = self.within()?;
        if parts.is_empty() {
            self.nothing_to_find(start);
        } else {
            self.push(What::Phrase(parts, within), start);
        }
        self.weight()
    }

    /// Reads `~n` after a phrase, if there is one here.
    fn within(&mut self) -> Result<Option<u32>, QueryError> {
        let start = self.at;
        if self.peek(0) != Some('~') {
            return Ok(None);
        }
        let run = self.text(start + 1, self.end_of_run(start));
        let written = run.split(['^', '~']).next().unwrap_or_default();
        let digits = written.trim_end_matches(PUNCTUATION);
        let end = start + 1 + digits.chars().count();
        let span = Span::from(start..end);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            let reason = "write how many other words may come between those of the phrase";
            let meant = Some("~3".to_owned());
            return Err(QueryError::bad_distance(format!("~{digits}"), reason, meant, span));
        }
        self.at = end;
        Ok(Some(check_distance(digits, BEHIND_PHRASE, span)?))
    }

    /// Reads `^n` after a phrase or a parenthesis, if there is one here.
    fn weight(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        match self.peek(0) {
            Some('^') => {}
            Some('~') => {
                let reason = "it belongs to a word or a phrase; between other things write NEAR/5";
                let span = Span::from(start..start + 1);
                return Err(QueryError::bad_distance("~".to_owned(), reason, None, span));
            }
            _ => return Ok(()),
        }
        let end = self.end_of_run(start);
        let run = self.text(start, end);
        let written = run.trim_end_matches(PUNCTUATION);
        let weight = read_weight(written, start)?;
        self.at = end;
        self.push(What::Weight(weight), start);
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
        let first = (begin..end).find(|at| words::begins_word(self.chars[*at]));
        self.refuse_stray(&run, begin, first)?;
        if first == Some(begin + 1) && run.starts_with('!') {
            // Read as punctuation, it would ask for what was meant to be left out.
            return Err(QueryError::mark_for_minus(run, Span::from(begin..end)));
        }
        let before = first.unwrap_or(end);
        if self.chars[begin..before].contains(&'*')
            || first.is_some_and(|first| first > begin && self.chars[first - 1] == '?')
        {
            let reason = "it has no first letter; write how the word begins, or `*` alone for \
                          every paragraph";
            return Err(QueryError::too_broad(run, reason, Span::from(begin..end)));
        }
        let Some(first) = first else {
            self.at = end;
            self.nothing_to_find(begin);
            return Ok(());
        };
        self.at = first;
        if begin + 1 == first && run.starts_with('#') && self.chars[first].is_alphabetic() {
            return self.topic(begin, end);
        }
        if self.field()? {
            return Ok(());
        }
        self.at = end;
        self.plain_word(first, end)
    }

    /// Rejects a weight or a distance that is separated from what it belongs to.
    fn refuse_stray(
        &self,
        run: &str,
        begin: usize,
        first: Option<usize>,
    ) -> Result<(), QueryError> {
        let span = Span::from(begin..begin + run.chars().count());
        if first.is_some_and(|first| self.chars[begin..first].contains(&'^')) {
            let reason = "write it directly after a word, a phrase or a parenthesis";
            return Err(QueryError::bad_weight(run.to_owned(), reason, None, span));
        }
        let is_behind_phrase =
            self.tokens.last().is_some_and(|token| matches!(token.what, What::Phrase(..)));
        if is_behind_phrase && run.strip_prefix('~').is_some_and(is_number) {
            let reason = "write it directly after the phrase";
            return Err(QueryError::bad_distance(run.to_owned(), reason, None, span));
        }
        Ok(())
    }

    /// Reads `#topic-id`.
    fn topic(&mut self, begin: usize, end: usize) -> Result<(), QueryError> {
        let is_kept = |c: char| words::begins_word(c) || matches!(c, '^' | '~' | '*');
        let run = self.text(begin + 1, end);
        let id = run.trim_end_matches(|c| !is_kept(c)).replace('-', "_");
        refuse_several(Attribute::Topic, &id, Span::from(begin..end))?;
        check_field(Attribute::Topic, &id, Span::from(begin..end))?;
        self.at = end;
        self.push(What::Field(Attribute::Topic, id), begin);
        Ok(())
    }

    /// Reads a word with what is written after it: `~1`, `^2`, a `*`.
    fn plain_word(&mut self, start: usize, end: usize) -> Result<(), QueryError> {
        let written = self.text(start, end);
        let span = Span::from(start..end);
        let without_punctuation = |text: &'_ str| {
            let kept = text.trim_end_matches(|c| {
                !words::begins_word(c) && !words::is_ignorable(c) && !matches!(c, '*' | '~' | '^')
            });
            kept.len()
        };
        let mut text = &written[..without_punctuation(&written)];
        let mut weight = None;
        if let Some(caret) = text.find('^') {
            let at = start + text[..caret].chars().count();
            weight = Some((read_weight(&text[caret..], at)?, at));
            text = &text[..without_punctuation(&text[..caret])];
        }
        let what = word_or_operator(text, &written, start, span)?;
        let Some((weight, at)) = weight else {
            self.push(what, start);
            return Ok(());
        };
        self.tokens.push(Token { what, span: Span::from(start..at) });
        self.push(What::Weight(weight), at);
        Ok(())
    }

    /// Reads `name:value`, if there is one here.
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
        let named = Attribute::named(&name).filter(|field| field.serves(Use::Field));
        let Some(field) = named else {
            let is_address = self.chars[value_at..].starts_with(&['/', '/']);
            let is_field = (words::begins_word(first) || is_quote(first) || "<>=(".contains(first))
                && !is_address;
            return if is_field {
                let from = self.before_field(start);
                Err(QueryError::unknown_field(name, Span::from(from..colon)))
            } else {
                Ok(false)
            };
        };
        self.at = value_at;
        if first == '(' {
            self.values(field, start)?;
        } else {
            self.value(field, start)?;
        }
        Ok(true)
    }

    /// Where the name of a field begins that people write as `date of inspection`.
    fn before_field(&self, start: usize) -> usize {
        let before = self.text(0, start).to_lowercase();
        let said = ["year of ", "date of ", "dates of "].into_iter();
        said.filter(|said| before.ends_with(said))
            .map(|said| start - said.len())
            .min()
            .unwrap_or(start)
    }

    /// Reads one value of a field whose condition begins at `start`.
    fn value(&mut self, field: Attribute, start: usize) -> Result<(), QueryError> {
        let value = if self.peek(0).is_some_and(is_quote) {
            self.quoted_text()
        } else {
            let from = self.at;
            self.at = self.end_of_run(from);
            let run = self.text(from, self.at);
            let value = run.trim_end_matches([',', ';']);
            refuse_several(field, value, Span::from(start..self.at))?;
            value.to_owned()
        };
        check_field(field, &value, Span::from(start..self.at))?;
        self.push(What::Field(field, value), start);
        Ok(())
    }

    /// Reads `(value OR value)` after a field's colon.
    fn values(&mut self, field: Attribute, start: usize) -> Result<(), QueryError> {
        self.at += 1;
        self.push(What::Open, start);
        let mut is_joined = true;
        loop {
            while self.peek(0).is_some_and(char::is_whitespace) {
                self.at += 1;
            }
            let from = self.at;
            let end = self.end_of_run(from);
            match self.peek(0) {
                None => break,
                Some(')') if !is_joined || self.tokens.last().is_some_and(is_open) => {
                    self.at += 1;
                    self.push(What::Close, from);
                    break;
                }
                _ if !is_joined && self.text(from, end) == "OR" => {
                    self.at = end;
                    self.push(What::Or, from);
                    is_joined = true;
                }
                Some(c) if is_joined && !matches!(c, '(' | ')') => {
                    if !is_quote(c) && self.text(from, end).contains(BETWEEN_VALUES) {
                        return Err(self.not_joined(field, start));
                    }
                    self.value(field, from)?;
                    is_joined = false;
                }
                _ => return Err(self.not_joined(field, start)),
            }
        }
        Ok(())
    }

    /// The error for values in parentheses that are not joined by OR; their condition begins at
    /// `start`.
    fn not_joined(&self, field: Attribute, start: usize) -> QueryError {
        let close = (start..self.chars.len()).find(|at| self.chars[*at] == ')');
        let end = close.map_or(self.chars.len(), |at| at + 1);
        let written = self.text(start, end);
        let (_, inside) = written.split_once('(').unwrap_or_default();
        let is_plain = !inside.contains(is_quote) && !inside.contains('(');
        let meant = is_plain.then(|| one_of(field, inside.trim_end_matches(')')));
        let expected = "write OR between its values";
        let span = Span::from(start..end);
        QueryError::bad_value(written, expected, meant.flatten(), span)
    }

    /// Removes closing parentheses that close nothing, and closes those still open at the end.
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

fn is_open(token: &Token) -> bool {
    token.what == What::Open
}

/// Rejects several values that are written as one.
fn refuse_several(field: Attribute, value: &str, span: Span) -> Result<(), QueryError> {
    if !value.contains(BETWEEN_VALUES) {
        return Ok(());
    }
    let expected = "write several values in parentheses, with OR between them";
    let written = format!("{}:{value}", field.name());
    Err(QueryError::bad_value(written, expected, one_of(field, value), span))
}

/// A condition that joins the values written here with OR, if there are several.
fn one_of(field: Attribute, written: &str) -> Option<String> {
    let parts = written.split(BETWEEN_VALUES).flat_map(str::split_whitespace);
    let values: Vec<&str> = parts.filter(|part| !matches!(*part, "OR" | "AND")).collect();
    (values.len() > 1).then(|| format!("{}:({})", field.name(), values.join(" OR ")))
}
