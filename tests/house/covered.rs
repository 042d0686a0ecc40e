//! Marks the tokens that are compiled for tests only.

use super::lexer::{Kind, Token, attributes, past_group, split_at_commas};
use std::ops::Range;

/// Marks the tokens that a test attribute covers: the item, field or statement after it, or for an
/// inner attribute everything that encloses it.
pub(super) fn mark_tests(tokens: &mut [Token]) {
    let mut covered = Vec::new();
    for (inside, inner) in attributes(tokens) {
        if is_for_tests(&tokens[inside.clone()]) {
            covered.push(if inner {
                enclosing(tokens, inside.start)
            } else {
                inside.start - 2..item_end(tokens, inside.end + 1)
            });
        }
    }
    for range in covered {
        for token in &mut tokens[range] {
            token.test = true;
        }
    }
}

/// Whether an attribute compiles what it covers for tests only: `test`, `tokio::test`, `cfg(test)`,
/// `cfg(all(test, unix))`, but not `cfg(not(test))` or `cfg(any(test, unix))`.
fn is_for_tests(attribute: &[Token]) -> bool {
    match attribute {
        [.., last] if last.is_word("test") => {
            attribute.iter().all(|token| token.kind == Kind::Word || token.is_mark("::"))
        }
        [name, open, inside @ .., _] if name.is_word("cfg") && open.is_mark("(") => {
            implies_test(inside)
        }
        _ => false,
    }
}

fn implies_test(condition: &[Token]) -> bool {
    match condition {
        [only] => only.is_word("test"),
        [name, open, inside @ .., _] if open.is_mark("(") => {
            let mut parts = split_at_commas(inside);
            match name.text.as_str() {
                "all" => parts.any(implies_test),
                "any" => parts.all(implies_test),
                _ => false,
            }
        }
        _ => false,
    }
}

/// The innermost group around `index`, without its brackets; everything if there is none.
fn enclosing(tokens: &[Token], index: usize) -> Range<usize> {
    // The bracket of the attribute itself is skipped.
    let mut depth = 1;
    for before in (0..index).rev() {
        if tokens[before].closes() {
            depth += 1;
        } else if tokens[before].opens() {
            if depth == 0 {
                return before + 1..past_group(tokens, before) - 1;
            }
            depth -= 1;
        }
    }
    0..tokens.len()
}

/// The index just past the item, field or statement that begins at `start`.
fn item_end(tokens: &[Token], start: usize) -> usize {
    let mut at = start;
    while tokens.get(at).is_some_and(|token| token.is_mark("#")) {
        at = past_group(tokens, at + 1);
    }
    let head = head_of(&tokens[at.min(tokens.len())..]);
    let ends_at_semicolon = matches!(head, "use" | "type" | "static" | "const" | "let");
    let is_listed = head.is_empty();
    if tokens.get(at).is_some_and(|token| token.is_mark("{")) {
        return past_group(tokens, at);
    }
    while at < tokens.len() {
        let token = &tokens[at];
        if token.closes() {
            return at;
        }
        if token.is_mark(";") || (is_listed && token.is_mark(",")) {
            return at + 1;
        }
        if token.opens() {
            let past = past_group(tokens, at);
            let goes_on = is_listed && tokens.get(past).is_some_and(continues);
            if token.is_mark("{") && !ends_at_semicolon && !goes_on {
                return past;
            }
            at = past;
        } else {
            at += 1;
        }
    }
    tokens.len()
}

/// Whether an arm or expression that ends in a block continues after it with this token.
fn continues(token: &Token) -> bool {
    [",", ";", ".", "?", "="].iter().any(|mark| token.is_mark(mark))
}

/// The keyword for the kind of item that begins here; empty for a field, a variant, an argument or
/// an expression.
fn head_of(tokens: &[Token]) -> &str {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "pub" if tokens.get(at + 1).is_some_and(|next| next.is_mark("(")) => {
                at = past_group(tokens, at + 1);
            }
            "const" if tokens.get(at + 1).is_some_and(|next| !is_modifier(&next.text)) => {
                return "const";
            }
            word if is_modifier(word) && word != "fn" => at += 1,
            word @ ("use" | "type" | "static" | "let" | "fn" | "mod" | "impl" | "trait"
            | "struct" | "enum" | "union" | "macro_rules") => return word,
            // A macro that is called as an item, `proptest! { … }`.
            _ if token.kind == Kind::Word
                && tokens.get(at + 1).is_some_and(|next| next.is_mark("!"))
                && tokens.get(at + 2).is_some_and(|next| next.is_mark("{")) =>
            {
                return "macro";
            }
            _ if token.kind == Kind::Text && at > 0 => at += 1,
            _ => return "",
        }
    }
    ""
}

fn is_modifier(word: &str) -> bool {
    matches!(word, "pub" | "const" | "async" | "unsafe" | "extern" | "default" | "fn")
}

#[cfg(test)]
mod tests {
    use super::super::lexer::{Kind, lex};
    use super::mark_tests;

    /// The words of a source, with those of tests in brackets.
    fn seen(source: &str) -> String {
        let mut tokens = lex(source);
        mark_tests(&mut tokens);
        let words = tokens.iter().filter(|token| token.kind == Kind::Word);
        let shown = words.map(|token| match token.test {
            true => format!("[{}]", token.text),
            false => token.text.clone(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_compiled_for_tests_only_is_marked_to_its_end() {
        let tests = "a\n#[cfg(test)]\nmod tests { fn b() { c } }\nd";
        assert_eq!(seen(tests), "a [cfg] [test] [mod] [tests] [fn] [b] [c] d");
        assert_eq!(seen("#[cfg(test)] mod tests; d"), "[cfg] [test] [mod] [tests] d");
        assert_eq!(seen("#[cfg(test)] use a::{b, c}; d"), "[cfg] [test] [use] [a] [b] [c] d");
        let function = "#[test] #[ignore] pub(crate) fn a(b: [u8; 3]) -> X { c } d";
        assert_eq!(seen(function), "[test] [ignore] [pub] [crate] [fn] [a] [b] [u8] [X] [c] d");
        assert_eq!(
            seen("#[cfg(test)] const A: B = B { c: 1 }; d"),
            "[cfg] [test] [const] [A] [B] [B] [c] d"
        );
        assert_eq!(seen("#[cfg(test)] const fn a() {} d"), "[cfg] [test] [const] [fn] [a] d");
        assert_eq!(
            seen("struct S { #[cfg(test)] a: X<u8>, b: Y }"),
            "struct S [cfg] [test] [a] [X] [u8] b Y"
        );
        assert_eq!(
            seen("match x { #[cfg(test)] A { b } => { c } D => e }"),
            "match x [cfg] [test] [A] [b] [c] D e"
        );
        assert_eq!(seen("{ #![cfg(test)] a } b"), "[cfg] [test] [a] b");
        assert_eq!(seen("#![cfg(test)] a"), "[cfg] [test] [a]");
        assert_eq!(seen("#[cfg(test)] proptest! { a } b"), "[cfg] [test] [proptest] [a] b");
    }

    #[test]
    fn only_a_condition_that_needs_tests_marks() {
        assert!(seen("#[cfg(all(unix, test))] fn a() {}").contains("[a]"));
        assert!(seen("#[cfg(any(test, all(test, unix)))] fn a() {}").contains("[a]"));
        assert!(seen("#[tokio::test] async fn a() {}").contains("[a]"));
        for source in [
            "#[cfg(not(test))] fn a() {}",
            "#[cfg(any(test, unix))] fn a() {}",
            "#[cfg(feature = \"test\")] fn a() {}",
            "#[cfg_attr(test, derive(Debug))] fn a() {}",
            "#[derive(test)] fn a() {}",
        ] {
            assert!(!seen(source).contains("[a]"), "{source}");
        }
    }
}
