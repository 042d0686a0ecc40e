//! How queries are read, printed, mended and refused.

use crate::naive::tree;
use findings_index::query::{MAX_DEPTH, MAX_LENGTH, Query, parse};
use proptest::prelude::any;
use proptest::{prop_assert_eq, proptest};

fn printed(text: &str) -> String {
    let parsed = parse(text).unwrap();
    let repairs = parsed.repairs.iter().map(|repair| format!(" [{repair}]"));
    format!("{}{}", parsed.query, repairs.collect::<String>())
}

fn refused(text: &str) -> String {
    let error = parse(text).unwrap_err();
    let suggestion = error.suggestion().map(|s| format!(" -> {s}"));
    let suggestion = suggestion.unwrap_or_default();
    format!("{}:{}: {error}{suggestion}", error.column(), error.code())
}

#[test]
fn operators_bind_as_documented() {
    assert_eq!(printed("a b OR c"), "(a b) OR c");
    assert_eq!(printed("a AND (b OR c) AND d"), "a (b OR c) d");
    assert_eq!(printed("NOT a b"), "NOT a b");
    assert_eq!(printed("-(a b) +c"), "NOT (a b) c");
    assert_eq!(printed("((a))"), "a");
    assert_eq!(printed("(a b) (c d)"), "a b c d");
    assert_eq!(printed("help and protection"), "help and protection");
    assert_eq!(printed("*"), "*");
}

#[test]
fn prose_stays_prose() {
    assert_eq!(printed("leaders: good"), "leaders good");
    assert_eq!(printed("grade: good"), "grade good");
    assert_eq!(printed("multi-agency children’s A&E 24/7"), "multi-agency children’s A&E 24/7");
    assert_eq!(
        printed("at 10:30, see https://example.org/x"),
        "at 10:30 see https://example.org/x"
    );
    assert_eq!(printed("what happened?"), "what happened");
    assert_eq!(printed("cats AND, dogs"), "cats and dogs");
}

#[test]
fn fields_take_a_word_or_a_quotation() {
    assert_eq!(printed("number:114 Grade:good"), "number:114 grade:good");
    assert_eq!(
        printed("authority:“North Yarrow”"),
        "authority:\"North Yarrow\" [read the curly quotation marks as straight ones]"
    );
    assert_eq!(printed("report:elmet-ilacs-2019 page:12"), "report:elmet-ilacs-2019 page:12");
}

#[test]
fn slips_are_mended_and_said_to_be() {
    insta::assert_snapshot!(printed("\"return interview"), @r#""return interview" [closed the quotation mark opened at column 1]"#);
    insta::assert_snapshot!(printed("a (b OR c"), @"a (b OR c) [closed the parenthesis opened at column 3]");
    insta::assert_snapshot!(printed("a) b"), @"a b [passed over the closing parenthesis at column 2: none is open]");
    insta::assert_snapshot!(printed("a & b () \"!\""), @r#"a b [passed over `&` at column 3: it holds no letters or digits] [passed over `"!"` at column 10: it holds no letters or digits] [passed over `()` at column 7: it holds no letters or digits]"#);
    insta::assert_snapshot!(printed("“a b”"), @r#""a b" [read the curly quotation marks as straight ones]"#);
}

#[test]
fn faults_name_their_place_and_what_to_write() {
    insta::assert_snapshot!(refused(" "), @r#"1:empty: the query is empty; write words, a "phrase", field:value, or * for every paragraph"#);
    insta::assert_snapshot!(refused("()"), @r#"1:empty: the query is empty; write words, a "phrase", field:value, or * for every paragraph"#);
    insta::assert_snapshot!(refused("a grad:good"), @"3:unknown_field: unknown field `grad`; did you mean `grade`? -> grade");
    insta::assert_snapshot!(refused("leaders:good"), @"1:unknown_field: unknown field `leaders`; fields are grade, overall, theme, topic, section, authority, region, framework, kind, report, number, page; with a space behind the colon it is read as words");
    insta::assert_snapshot!(refused("grade=good"), @"1:equals_for_colon: `grade=good` is no condition; did you mean `grade:good`? -> grade:good");
    insta::assert_snapshot!(refused("grade:>=x"), @"1:bad_value: `grade:>=x` is no condition: `>=x` is no grade; write its word (good), its place on the scale (3, >=3, 1..2), a range of words (good..outstanding) or none");
    insta::assert_snapshot!(refused("kind:findings"), @"1:bad_value: `kind:findings` is no condition: did you mean `kind:finding`? -> kind:finding");
    insta::assert_snapshot!(refused("page:x"), @"1:bad_value: `page:x` is no condition: a page is a number, such as `page:12`");
    insta::assert_snapshot!(refused("theme:(a b)"), @"1:bad_value: `theme:` is no condition: write its value directly behind the colon, in quotation marks if it has spaces");
    insta::assert_snapshot!(refused("a OR"), @"3:missing_operand: `OR` has nothing behind it; write what it joins, or `or` for the word itself");
    insta::assert_snapshot!(refused("AND a"), @"1:missing_operand: `AND` has nothing before it; write what it joins, or `and` for the word itself");
    insta::assert_snapshot!(refused("a (NOT)"), @"4:missing_operand: `NOT` has nothing behind it; write what it joins, or `not` for the word itself");
    insta::assert_snapshot!(refused("care* home"), @"1:not_understood: `care*` is not understood: a word is matched whole, in all its grammatical forms; write other words joined by OR");
    insta::assert_snapshot!(refused("wom?n"), @"1:not_understood: `wom?n` is not understood: a word is matched as it is spelt; write other spellings joined by OR");
    insta::assert_snapshot!(refused("\"a (b|c)\""), @r#"1:not_understood: `"a (b|c)"` is not understood: a phrase has no alternatives; write whole phrases joined by OR"#);
    insta::assert_snapshot!(refused("a NEAR/5 b"), @r#"3:not_understood: `NEAR/5` is not understood: distances between words cannot be asked for; write a "phrase" or words joined by AND"#);
}

#[test]
fn limits_are_errors_not_crashes() {
    assert!(refused(&"a".repeat(MAX_LENGTH + 1)).contains("too_long"));
    assert!(refused(&format!("{}a", "(".repeat(1_000))).contains("too_deep"));
    assert!(refused(&format!("{}a", "NOT ".repeat(900))).contains("too_deep"));
    assert!(refused(&"a ".repeat(1_025)).contains("too_many_clauses"));
    assert_eq!(parse(&"a ".repeat(1_024)).unwrap().repairs, []);
    let mut deep = Query::All;
    for _ in 0..MAX_DEPTH {
        let clause = Box::new(deep);
        deep = Query::Not { clause, span: (0..1).into() };
    }
    assert_eq!(deep.check_limits().unwrap_err().code(), "too_deep");
}

#[test]
fn spans_count_characters() {
    let Query::And { clauses, .. } = parse("é “b c”").unwrap().query else {
        panic!("two clauses");
    };
    let span = clauses[1].span().unwrap();
    assert_eq!((span.start, span.end), (2, 7));
}

#[test]
fn tree_is_json_without_spans_too() {
    let query = parse("a OR NOT grade:good").unwrap().query;
    let json = serde_json::to_string(&query).unwrap();
    assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
    let bare = r#"{"word":{"text":"a"}}"#;
    assert_eq!(serde_json::from_str::<Query>(bare).unwrap(), parse("a").unwrap().query);
}

proptest! {
    #[test]
    fn printed_tree_parses_to_itself(query in tree()) {
        prop_assert_eq!(parse(&query.to_string()).unwrap().query, query);
    }

    #[test]
    fn whatever_is_parsed_prints_and_parses_to_the_same(
        text in r#"([a-zA-Z0-9&:*~^#?=<>|,.;'’“”"()+\- /é]|AND|OR|NOT| grade:| page:|NEAR/){0,40}"#
    ) {
        if let Ok(parsed) = parse(&text) {
            let again = parse(&parsed.query.to_string());
            prop_assert_eq!(again.map(|p| p.query), Ok(parsed.query));
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(&text);
    }
}
