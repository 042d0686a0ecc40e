//! Tests how queries are parsed, printed, repaired and rejected.

use crate::naive::tree;
use findings_index::language::query::{MAX_DEPTH, MAX_LENGTH, Query, parse};
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
    assert_eq!(
        printed("what do they say about supervision?"),
        "what do they say about supervision"
    );
    assert_eq!(printed("what?! about ~50 children"), "what about 50 children");
    assert_eq!(printed("C++ near/far near. #1 (e.g. x/y)"), "C near/far near 1 e.g x/y");
    assert!(printed("(a +\"").starts_with("a ["));
    assert_eq!(printed("visit~1{^2"), "visit~1^2");
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
    insta::assert_snapshot!(printed("a) b"), @"a b [skipped the closing parenthesis at column 2: none is open]");
    insta::assert_snapshot!(printed("a & b () \"!\""), @r#"a b [skipped `&` at column 3: it holds no letters or digits] [skipped `"!"` at column 10: it holds no letters or digits] [skipped `()` at column 7: it holds no letters or digits]"#);
    insta::assert_snapshot!(printed("a | b"), @"a OR b [read `|` at column 3 as OR]");
    insta::assert_snapshot!(printed("a (| b)"), @"a b [skipped `|` at column 4: it holds no letters or digits]");
    insta::assert_snapshot!(printed("neglect \u{2013}abuse"), @"neglect NOT abuse [read the dash at column 9 as NOT, which leaves out what follows it]");
    insta::assert_snapshot!(printed("a \u{2013} b"), @"a b [skipped `\u{2013}` at column 3: it holds no letters or digits]");
    insta::assert_snapshot!(printed("'return interview' x"), @r#""return interview" x [read the single quotation marks at column 1 as double ones, around a phrase]"#);
    insta::assert_snapshot!(printed("\u{2018}children\u{2019}s homes\u{2019}"), @r#""children's homes" [read the single quotation marks at column 1 as double ones, around a phrase]"#);
    insta::assert_snapshot!(printed("carers' views of 'homes'"), @"carers views of homes");
    insta::assert_snapshot!(printed("a || b"), @"a OR b [read `||` at column 3 as OR]");
    insta::assert_snapshot!(printed("“a b”"), @r#""a b" [read the curly quotation marks as straight ones]"#);
}

#[test]
fn faults_name_their_place_and_what_to_write() {
    insta::assert_snapshot!(refused(" "), @r#"1:empty: the query is empty; write words, a "phrase", field:value, or * for every paragraph"#);
    insta::assert_snapshot!(refused("()"), @r#"1:empty: the query is empty; write words, a "phrase", field:value, or * for every paragraph"#);
    insta::assert_snapshot!(refused("a grad:good"), @"3:unknown_field: unknown field `grad`; did you mean `grade`? -> grade");
    insta::assert_snapshot!(refused("leaders:good"), @"1:unknown_field: unknown field `leaders`; fields are grade, overall, theme, topic, section, authority, region, framework, visit, kind, timescale, addressee, report, number, page, date, year; with a space behind the colon it is read as words");
    insta::assert_snapshot!(refused("note:this"), @"1:unknown_field: unknown field `note`; fields are grade, overall, theme, topic, section, authority, region, framework, visit, kind, timescale, addressee, report, number, page, date, year; with a space behind the colon it is read as words");
    insta::assert_snapshot!(refused("neglect !abuse"), @"9:mark_for_minus: `!abuse` leaves nothing out; did you mean `-abuse`? -> -abuse");
    insta::assert_snapshot!(refused("grade=good"), @"1:equals_for_colon: `grade=good` is not a condition; did you mean `grade:good`? -> grade:good");
    insta::assert_snapshot!(refused("grade:>=x"), @"1:bad_value: `>=x` is not a grade: use a name (good), a rank from 1 to 4 (3, >=3, 1..2), a range of names (good..outstanding) or none");
    insta::assert_snapshot!(refused("kind:findings"), @"1:bad_value: `findings` is not a kind of paragraph; choose from finding, summary, bullet, recommendation, context, table, caption, boilerplate, footnote -> kind:finding");
    insta::assert_snapshot!(refused("page:x"), @"1:bad_value: `x` is not a page: a page is a number or a range of numbers, such as `page:12` or `page:3..5`");
    insta::assert_snapshot!(refused("theme:(a b)"), @"1:bad_value: `theme:(a b)` is not a condition: write OR between its values -> theme:(a OR b)");
    insta::assert_snapshot!(refused("visit:focussed"), @"1:bad_value: `focussed` is not a visit; choose from focused, monitoring, none -> visit:focused");
    insta::assert_snapshot!(refused("visit:full"), @"1:bad_value: `full` is not a visit; choose from focused, monitoring, none");
    insta::assert_snapshot!(refused("a OR"), @"3:missing_operand: `OR` has nothing behind it; write what it joins, or `or` for the word itself");
    insta::assert_snapshot!(refused("AND a"), @"1:missing_operand: `AND` has nothing before it; write what it joins, or `and` for the word itself");
    insta::assert_snapshot!(refused("a (NOT)"), @"4:missing_operand: `NOT` has nothing behind it; write what it joins, or `not` for the word itself");
}

#[test]
fn faults_of_values_say_what_a_value_is() {
    insta::assert_snapshot!(refused("date:may"), @"1:bad_value: `may` is not a date: write a year (2019), a month (2019-05, May 2019), a day (2019-05-31, 31/05/2019), or a range of them (2018..2020, >=2019-05)");
    insta::assert_snapshot!(refused("date:31/02/2019"), @"1:bad_value: `31/02/2019` is not a date: February 2019 has 28 days");
    insta::assert_snapshot!(refused("date:04/13/2019"), @"1:bad_value: `04/13/2019` is not a date: there is no month 13; the day comes first -> date:2019-04-13");
    insta::assert_snapshot!(refused("year:19"), @"1:bad_value: `19` is not a year: write a year (2019) or a range of years (2018..2020, >=2019)");
    insta::assert_snapshot!(refused("year:2020..2018"), @"1:bad_value: `2020..2018` is not a year: the range runs backwards -> year:2018..2020");
    insta::assert_snapshot!(refused("page:3-5"), @"1:bad_value: `3-5` is not a page: a page is a number or a range of numbers, such as `page:12` or `page:3..5` -> page:3..5");
    insta::assert_snapshot!(refused("number:>=x"), @"1:bad_value: `>=x` is not a number: write a number (114) or a range of numbers (100..120, >=100)");
    insta::assert_snapshot!(refused("theme:neglect^2"), @"1:bad_value: `theme:neglect^2` is not a condition: a condition has no weight, since it adds nothing to the order of results -> theme:neglect");
    insta::assert_snapshot!(refused("grade:good^2"), @"1:bad_value: `grade:good^2` is not a condition: a condition has no weight, since it adds nothing to the order of results -> grade:good");
    insta::assert_snapshot!(refused("date:2019^x"), @"1:bad_value: `date:2019^x` is not a condition: a condition has no weight, since it adds nothing to the order of results -> date:2019");
    insta::assert_snapshot!(refused("number:abc"), @"1:bad_value: `abc` is not a number: write a number (114) or a range of numbers (100..120, >=100)");
    insta::assert_snapshot!(refused("number:-4"), @"1:bad_value: `-4` is not a number: write a number (114) or a range of numbers (100..120, >=100)");
    insta::assert_snapshot!(refused("grade:(good outstanding)"), @"1:bad_value: `grade:(good outstanding)` is not a condition: write OR between its values -> grade:(good OR outstanding)");
    insta::assert_snapshot!(refused("grade:(good OR)"), @"1:bad_value: `grade:(good OR)` is not a condition: write OR between its values");
    insta::assert_snapshot!(refused("a grade:(good|outstanding, none) b"), @"3:bad_value: `grade:(good|outstanding, none)` is not a condition: write OR between its values -> grade:(good OR outstanding OR none)");
    insta::assert_snapshot!(refused("grade:(\"good\" x)"), @r#"1:bad_value: `grade:("good" x)` is not a condition: write OR between its values"#);
    insta::assert_snapshot!(refused("grade:good,outstanding"), @"1:bad_value: `grade:good,outstanding` is not a condition: write several values in parentheses, with OR between them -> grade:(good OR outstanding)");
    insta::assert_snapshot!(refused("kind:(finding OR tables)"), @"18:bad_value: `tables` is not a kind of paragraph; choose from finding, summary, bullet, recommendation, context, table, caption, boilerplate, footnote -> table");
}

#[test]
fn faults_of_wildcards_and_fuzzy_words_say_what_is_too_much() {
    insta::assert_snapshot!(refused("a c*"), @"3:too_broad: wildcard too broad: `c*`: it has fewer than 2 letters before the `*`; write more of the word");
    insta::assert_snapshot!(refused("*care"), @"1:too_broad: wildcard too broad: `*care`: it has no first letter; write how the word begins, or `*` alone for every paragraph");
    insta::assert_snapshot!(refused("?are"), @"1:too_broad: wildcard too broad: `?are`: it has no first letter; write how the word begins, or `*` alone for every paragraph");
    insta::assert_snapshot!(refused("\"the c* plan\""), @"6:too_broad: wildcard too broad: `c*`: it has fewer than 2 letters before the `*`; write more of the word");
    insta::assert_snapshot!(refused("ab~"), @"1:bad_fuzzy: `ab~` is not a fuzzy word: a fuzzy word has at least 3 letters");
    insta::assert_snapshot!(refused("visit~3"), @"1:bad_fuzzy: `visit~3` is not a fuzzy word: one or two letters may differ; write `~1`, `~2` or `~`");
    insta::assert_snapshot!(refused("multi-agency~"), @r#"1:bad_fuzzy: `multi-agency~` is not a fuzzy word: `~` belongs to one word; for loose phrases write "some words"~3"#);
}

#[test]
fn faults_of_phrases_say_how_to_write_one() {
    insta::assert_snapshot!(refused("\"return|missing interview\""), @r#"8:bad_phrase: phrase not understood: alternatives in a phrase go in parentheses: "(return|missing) interview""#);
    insta::assert_snapshot!(refused("\"(return|) interview\""), @"2:bad_phrase: phrase not understood: an alternative is empty; write words on both sides of every `|`");
    insta::assert_snapshot!(refused("\"* interview\""), @"1:bad_phrase: phrase not understood: `*` is a gap between words; write a word on both sides of it");
    insta::assert_snapshot!(refused("\"return * interview\"~2"), @"1:bad_phrase: phrase not understood: with `~` words may be anywhere; leave the `*` out and count it in");
    insta::assert_snapshot!(refused("\"interview\"~2"), @"1:bad_phrase: phrase not understood: `~` behind a phrase is for the distance of several words; for other spellings of one word leave the quotation marks out");
    insta::assert_snapshot!(refused("\"return interview\"~"), @"19:bad_distance: `~` is not a distance: write how many other words may come between those of the phrase -> ~3");
    insta::assert_snapshot!(refused("\"return interview\"~-1"), @"19:bad_distance: `~-1` is not a distance: write how many other words may come between those of the phrase -> ~3");
    insta::assert_snapshot!(refused("\"return interview\"~1.5."), @"19:bad_distance: `~1.5` is not a distance: write how many other words may come between those of the phrase -> ~3");
    insta::assert_snapshot!(refused("\"return interview\"~500"), @"19:bad_distance: `~500` is not a distance: write a number of words from 0 to 100 -> ~100");
    insta::assert_snapshot!(refused("\"return interview\" ~5"), @"20:bad_distance: `~5` is not a distance: write it directly after the phrase");
    insta::assert_snapshot!(refused("\"a b c d e f g h i\"~9"), @"1:too_many_neighbours: at most 8 parts can be near one another; leave some out or use AND");
    let many = "(a|b) ".repeat(9);
    insta::assert_snapshot!(refused(&format!("\"{many}\"")), @"1:bad_phrase: phrase not understood: its alternatives make more than 256 phrases; ask in parts joined by OR");
    let deep = format!("\"{}a{}\"", "(a|".repeat(9), ")".repeat(9));
    insta::assert_snapshot!(refused(&deep), @"27:bad_phrase: phrase not understood: its parentheses are nested more than 8 deep; ask in parts");
}

#[test]
fn faults_of_distance_say_how_to_ask_for_one() {
    insta::assert_snapshot!(refused("a NEAR b"), @"3:bad_distance: `NEAR` is not a distance: write how many words further on the next may be, or `near` for the word itself -> NEAR/5");
    insta::assert_snapshot!(refused("a near/5 b"), @"3:bad_distance: `near/5` is not a distance: operators are written in capitals -> NEAR/5");
    insta::assert_snapshot!(refused("a NEAR/0 b"), @"3:bad_distance: `NEAR/0` is not a distance: write a number of words from 1 to 100 -> NEAR/1");
    insta::assert_snapshot!(refused("a NEAR/x b"), @"3:bad_distance: `NEAR/x` is not a distance: write how many words further on the next may be, or `near` for the word itself -> NEAR/5");
    insta::assert_snapshot!(refused("a NEAR/99999999999 b"), @"3:bad_distance: `NEAR/99999999999` is not a distance: write a number of words from 1 to 100 -> NEAR/100");
    insta::assert_snapshot!(refused("a ONEAR/101 b"), @"3:bad_distance: `ONEAR/101` is not a distance: write a number of words from 1 to 100 -> ONEAR/100");
    insta::assert_snapshot!(refused("a NEAR/5"), @"3:missing_operand: `NEAR` has nothing behind it; write what it joins, or `near` for the word itself");
    insta::assert_snapshot!(refused("NEAR/5 a"), @"1:missing_operand: `NEAR` has nothing before it; write what it joins, or `near` for the word itself");
    insta::assert_snapshot!(refused("a AND NEAR/5 b"), @"3:missing_operand: `AND` has nothing behind it; write what it joins, or `and` for the word itself");
    insta::assert_snapshot!(refused("a NEAR/5 (b c)"), @r#"11:bad_operand: `b c` cannot be near anything; NEAR takes words, phrases, and alternatives in parentheses: (a OR "b c") NEAR/5 d"#);
    insta::assert_snapshot!(refused("a NEAR/5 -b"), @r#"10:bad_operand: `NOT b` cannot be near anything; NEAR takes words, phrases, and alternatives in parentheses: (a OR "b c") NEAR/5 d"#);
    insta::assert_snapshot!(refused("a NEAR/5 b^2"), @"10:bad_weight: `^2` is not a weight: it belongs after the whole: (a NEAR/5 b)^2");
    insta::assert_snapshot!(refused("theme:care NEAR/5 a"), @r#"1:bad_operand: `theme:care` cannot be near anything; NEAR takes words, phrases, and alternatives in parentheses: (a OR "b c") NEAR/5 d"#);
    insta::assert_snapshot!(refused("a NEAR/5 b NEAR/3 c"), @"12:bad_distance: `NEAR/3` is not a distance: one chain has one distance and one operator; put what belongs together in parentheses -> NEAR/5");
    insta::assert_snapshot!(refused("(a OR b)~3"), @"9:bad_distance: `~` is not a distance: it belongs to a word or a phrase; between other things write NEAR/5");
    insta::assert_snapshot!(refused(&format!("a{}", " NEAR/2 a".repeat(8))), @"1:too_many_neighbours: at most 8 parts can be near one another; leave some out or use AND");
}

#[test]
fn faults_of_weights_say_what_a_weight_is() {
    insta::assert_snapshot!(refused("a^0"), @"2:bad_weight: `^0` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^0.5");
    insta::assert_snapshot!(refused("a^"), @"2:bad_weight: `^` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("supervision^x"), @"12:bad_weight: `^x` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("R^-1, b"), @"2:bad_weight: `^-1` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^0.5");
    insta::assert_snapshot!(refused("a^1e9"), @"2:bad_weight: `^1e9` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^100");
    insta::assert_snapshot!(refused("a^1,5 b"), @"2:bad_weight: `^1,5` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^1.5");
    insta::assert_snapshot!(refused("a.^2b"), @"3:bad_weight: `^2b` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("care*^x"), @"6:bad_weight: `^x` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("care~1^^2"), @"7:bad_weight: `^^2` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("\"a b\"^x"), @"6:bad_weight: `^x` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("(a b)^1000."), @"6:bad_weight: `^1000` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^100");
    insta::assert_snapshot!(refused("a^2^3"), @"2:bad_weight: `^2^3` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("a^2{^3"), @"2:bad_weight: `^2{^3` is not a weight: write a number above 0 and up to 100, such as `^2` or `^0.5` -> ^2");
    insta::assert_snapshot!(refused("(^2)"), @"2:bad_weight: `^2` is not a weight: write it directly after a word, a phrase or a parenthesis");
    insta::assert_snapshot!(refused("a ^2"), @"3:bad_weight: `^2` is not a weight: write it directly after a word, a phrase or a parenthesis");
    insta::assert_snapshot!(refused("a -^x"), @"3:bad_weight: `-^x` is not a weight: write it directly after a word, a phrase or a parenthesis");
    assert_eq!(parse("visit^x").unwrap_err().span(), 5..7);
    // In quotation marks it is punctuation, like everything that has no meaning in a phrase.
    assert_eq!(printed("\"R^2\" visit^2."), "\"r 2\" visit^2");
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
fn trees_written_in_other_places_differ_and_ask_for_the_same() {
    let query = |text: &str| parse(text).unwrap().query;
    let (one, other) = (query("late (a OR \"b c\")"), query("late  (a OR “b c”)"));
    assert_ne!(one, other);
    assert!(one.same_as(&other) && !one.same_as(&query("late (a OR \"c b\")")));
    assert_eq!(one, query("late (a OR \"b c\")"));
}

#[test]
fn tree_is_json_without_spans_too() {
    let query = parse("a OR NOT grade:good").unwrap().query;
    let json = serde_json::to_string(&query).unwrap();
    assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
    let bare = r#"{"word":{"text":"a"}}"#;
    let written = parse("a").unwrap().query;
    assert_eq!(serde_json::from_str::<Query>(bare).unwrap(), written.without_spans());
}

proptest! {
    #[test]
    fn printed_tree_parses_to_itself(query in tree()) {
        let again = parse(&query.to_string()).unwrap().query;
        prop_assert_eq!(again.without_spans(), query.without_spans());
    }

    #[test]
    fn whatever_is_parsed_prints_and_parses_to_the_same(
        text in r#"([a-zA-Z0-9&:*~^#?=<>|,.;'’“”"()+\- /é]|AND|OR|NOT| grade:| page:|NEAR/){0,40}"#
    ) {
        if let Ok(parsed) = parse(&text) {
            let again = parse(&parsed.query.to_string());
            let again = again.map(|parsed| parsed.query.without_spans());
            prop_assert_eq!(again, Ok(parsed.query.without_spans()));
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(&text);
    }
}
