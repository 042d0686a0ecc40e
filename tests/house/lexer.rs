//! Splits Rust source into tokens with their lines.
//!
//! Comments, including doc comments, are dropped. The lexer knows just enough of Rust for the
//! rules: it does not distinguish keywords from names, and does not check that the source compiles.

use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword. A raw identifier keeps its `r#`.
    Word,
    /// A string of any sort, without its quotation marks and with its escapes resolved.
    Text,
    /// A single punctuation mark, or `::`.
    Mark,
    /// A number, a character or a lifetime, which no rule uses.
    Other,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its text.
    pub(super) text: String,
    /// The line on which it begins, counted from 1.
    pub(super) line: usize,
    /// Whether it is compiled for tests only, as far as its own file shows.
    pub(super) test: bool,
    /// For a string: the places in `text` at which further lines of the source begin.
    pub(super) breaks: Vec<usize>,
}

impl Token {
    /// Whether this is the punctuation mark `text`.
    pub(super) fn is_mark(&self, text: &str) -> bool {
        self.kind == Kind::Mark && self.text == text
    }

    /// Whether this is the name or keyword `text`.
    pub(super) fn is_word(&self, text: &str) -> bool {
        self.kind == Kind::Word && self.text == text
    }

    /// The line of the source that holds the byte `offset` of a string's text.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        self.line + self.breaks.iter().filter(|start| **start <= offset).count()
    }

    /// Whether a group begins here.
    pub(super) fn opens(&self) -> bool {
        self.kind == Kind::Mark && matches!(self.text.as_str(), "(" | "[" | "{")
    }

    /// Whether a group ends here.
    pub(super) fn closes(&self) -> bool {
        self.kind == Kind::Mark && matches!(self.text.as_str(), ")" | "]" | "}")
    }
}

/// Splits `source` into tokens. The module `covered` marks those that are compiled for tests only.
pub(super) fn lex(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.tokens
}

/// The index just past the group that opens at `open`, or the end if it is never closed.
pub(super) fn past_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth -= 1;
            if depth == 0 {
                return index + 1;
            }
        }
    }
    tokens.len()
}

/// The attributes in `tokens`: the range between the brackets of each, and whether it is an inner
/// one (`#![…]`).
pub(super) fn attributes(tokens: &[Token]) -> Vec<(Range<usize>, bool)> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if !token.is_mark("#") {
            continue;
        }
        let inner = tokens.get(index + 1).is_some_and(|next| next.is_mark("!"));
        let open = index + 1 + usize::from(inner);
        if tokens.get(open).is_some_and(|next| next.is_mark("[")) {
            found.push((open + 1..past_group(tokens, open) - 1, inner));
        }
    }
    found
}

/// The parts of `tokens` between commas that are not in a group.
pub(super) fn split_at_commas(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0;
    tokens
        .split(move |token| {
            depth += i32::from(token.opens()) - i32::from(token.closes());
            depth == 0 && token.is_mark(",")
        })
        .filter(|part| !part.is_empty())
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        if next == '\n' {
            self.line += 1;
        }
        Some(next)
    }

    fn push(&mut self, kind: Kind, text: impl Into<String>, line: usize) {
        let text = text.into();
        self.tokens.push(Token { kind, text, line, test: false, breaks: Vec::new() });
    }

    fn step(&mut self) {
        let Some(first) = self.peek(0) else { return };
        let line = self.line;
        match first {
            '/' if self.peek(1) == Some('/') => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.next();
                }
            }
            '/' if self.peek(1) == Some('*') => self.block_comment(),
            '"' => self.string(),
            '\'' => self.quote(),
            c if is_name_start(c) => self.word(),
            c if c.is_ascii_digit() => self.number(),
            ':' if self.peek(1) == Some(':') => {
                self.at += 2;
                self.push(Kind::Mark, "::", line);
            }
            c => {
                self.next();
                if !c.is_whitespace() {
                    self.push(Kind::Mark, c, line);
                }
            }
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    self.at += 2;
                    depth += 1;
                }
                (Some('*'), Some('/')) => {
                    self.at += 2;
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                (None, _) => return,
                _ => {
                    self.next();
                }
            }
        }
    }

    fn word(&mut self) {
        let line = self.line;
        let mut word = String::new();
        while let Some(c) = self.peek(0).filter(|c| is_name_start(*c) || c.is_ascii_digit()) {
            word.push(c);
            self.at += 1;
        }
        match (word.as_str(), self.peek(0)) {
            ("b" | "c", Some('"')) => self.string(),
            ("b", Some('\'')) => self.quote(),
            ("r" | "br" | "cr", Some('"' | '#')) => {
                let hashes =
                    self.chars[self.at..].iter().take_while(|character| **character == '#').count();
                if self.peek(hashes) == Some('"') {
                    self.raw_string(hashes);
                } else if word == "r" && hashes == 1 && self.peek(1).is_some_and(is_name_start) {
                    self.at += 1;
                    self.word();
                    if let Some(name) = self.tokens.last_mut() {
                        name.text.insert_str(0, "r#");
                    }
                } else {
                    self.push(Kind::Word, word, line);
                }
            }
            _ => self.push(Kind::Word, word, line),
        }
    }

    fn number(&mut self) {
        let line = self.line;
        while let Some(c) = self.peek(0) {
            let fraction = c == '.' && self.peek(1).is_some_and(|next| next.is_ascii_digit());
            if !(fraction || c == '_' || c.is_alphanumeric()) {
                break;
            }
            self.at += 1;
        }
        self.push(Kind::Other, "0", line);
    }

    /// Reads a character, `'a'` or `'\n'`, or a lifetime, `'a`.
    fn quote(&mut self) {
        let line = self.line;
        self.at += 1;
        if self.peek(0) == Some('\\') {
            self.at += 2;
            while self.next().is_some_and(|c| c != '\'') {}
        } else if self.peek(1) == Some('\'') {
            self.next();
            self.at += 1;
        } else {
            while self.peek(0).is_some_and(|c| is_name_start(c) || c.is_ascii_digit()) {
                self.at += 1;
            }
        }
        self.push(Kind::Other, "'", line);
    }

    fn string(&mut self) {
        let line = self.line;
        let (mut text, mut breaks) = (String::new(), Vec::new());
        self.at += 1;
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => self.escape(&mut text, &mut breaks),
                c => {
                    text.push(c);
                    if c == '\n' {
                        breaks.push(text.len());
                    }
                }
            }
        }
        self.tokens.push(Token { kind: Kind::Text, text, line, test: false, breaks });
    }

    fn escape(&mut self, text: &mut String, breaks: &mut Vec<usize>) {
        match self.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('0') => text.push('\0'),
            Some('x') => {
                let digits: String = [self.next(), self.next()].into_iter().flatten().collect();
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some('u') => {
                let mut digits = String::new();
                while let Some(c) = self.next().filter(|c| *c != '}') {
                    digits.extend(Some(c).filter(char::is_ascii_hexdigit));
                }
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            // A continued line: the break and the spaces after it are not part of the text.
            Some('\n') => {
                breaks.push(text.len());
                while let Some(c) = self.peek(0).filter(|c| c.is_whitespace()) {
                    self.next();
                    if c == '\n' {
                        breaks.push(text.len());
                    }
                }
            }
            Some(other) => text.push(other),
            None => {}
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        let line = self.line;
        let (mut text, mut breaks) = (String::new(), Vec::new());
        self.at += hashes + 1;
        while let Some(c) = self.next() {
            let ends = c == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if ends {
                self.at += hashes;
                break;
            }
            text.push(c);
            if c == '\n' {
                breaks.push(text.len());
            }
        }
        self.tokens.push(Token { kind: Kind::Text, text, line, test: false, breaks });
    }
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::{Kind, lex};

    /// The words and strings of a source.
    fn seen(source: &str) -> String {
        let tokens = lex(source);
        let shown = tokens.iter().filter_map(|token| match token.kind {
            Kind::Word => Some(token.text.clone()),
            Kind::Text => Some(format!("{:?}", token.text)),
            Kind::Mark | Kind::Other => None,
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_are_dropped_at_every_depth() {
        assert_eq!(seen("a // b \"c\n/// d\nlet /* e /* f */ \" g */ h; //! i"), "a let h");
        assert_eq!(seen("\"// no comment\" /**/ x /*/ y */ z"), "\"// no comment\" x z");
    }

    #[test]
    fn strings_of_every_sort_are_one_token() {
        assert_eq!(seen(r##"x(r#"a "b" // c"#, y)"##), r#"x "a \"b\" // c" y"#);
        assert_eq!(seen(r##"b"a\"b" br#"c"d"# c"e" r"f\" g"##), r#""a\"b" "c\"d" "e" "f\\" g"#);
        assert_eq!(seen(r#""\x2d\u{2d}a\\" b"#), r#""--a\\" b"#);
        assert_eq!(seen("r#type br r b c"), "r#type br r b c");
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        assert_eq!(seen(r#"fn f<'a>(x: &'a str) { '"'; "s" }"#), r#"fn f x str "s""#);
        assert_eq!(seen(r#"['\'', '"', 'é', b'"', '\u{22}', ' ', '{'] x"#), "x");
        assert_eq!(seen("'outer: loop { break 'outer; }"), "loop break");
        assert_eq!(seen("impl X<'_> for &'static Y {}"), "impl X for Y");
    }

    #[test]
    fn numbers_leave_ranges_and_methods_alone() {
        let marks = |source| lex(source).iter().filter(|token| token.is_mark(".")).count();
        assert_eq!(marks("1..2"), 2);
        assert_eq!(marks("1.5e3_f64.max(2.0)"), 1);
        assert_eq!(seen("0x1f_u32 1.max(y)"), "max y");
    }

    #[test]
    fn a_string_knows_the_line_of_each_of_its_parts() {
        let tokens = lex("\n\n\"one\n two \\\n     three\" x");
        let text = &tokens[0];
        assert_eq!(text.text, "one\n two three");
        let line_of = |part: &str| text.text.find(part).map(|offset| text.line_at(offset));
        assert_eq!([line_of("one"), line_of("two"), line_of("three")], [3, 4, 5].map(Some));
        assert_eq!(tokens[1].line, 5);
    }
}
