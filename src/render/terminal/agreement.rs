//! Writes how far two indexes hold and answer the same.

use super::outline::part;
use super::prose::Prose;
use super::{Ink, Look};
use crate::answer::agreement::{Agreement, Differing, Held, Side, Unanswered};
use crate::render::{clean, words};
use serde_json::Value;
use std::io;

/// How many reports and questions are listed, unless all are asked for.
const LISTED: usize = 20;

/// The most characters of a value.
const SHOWN: usize = 200;

/// How many characters are shown that both values begin with.
const COMMON: usize = 40;

/// Writes how far two indexes agree.
///
/// # Errors
/// Those of `out`.
pub fn agreement(
    agreement: &Agreement,
    all: bool,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let most = if all { usize::MAX } else { LISTED };
    side("here ", &agreement.here, look, out)?;
    side("there", &agreement.there, look, out)?;
    held(&agreement.held, most, look, out)?;
    if !agreement.differing.is_empty() {
        part("Answered differently", look, out)?;
        for one in agreement.differing.iter().take(most) {
            differing(one, look, out)?;
        }
        more(agreement.differing.len(), most, out)?;
    }
    if !agreement.unanswered.is_empty() {
        part("Not answered", look, out)?;
        for one in agreement.unanswered.iter().take(most) {
            unanswered(one, look, out)?;
        }
        more(agreement.unanswered.len(), most, out)?;
    }
    writeln!(out)?;
    let mut line = Prose::new();
    line.add(Ink::Strong, &words::count(agreement.questions, "question"));
    let different = words::number(agreement.differing.len());
    let ink = if agreement.differing.is_empty() { Ink::Plain } else { Ink::Fault };
    line.add(Ink::Plain, ", ").add(ink, &format!("{different} answered differently"));
    if !agreement.unanswered.is_empty() {
        let unanswered = words::number(agreement.unanswered.len());
        line.add(Ink::Plain, ", ").add(Ink::Fault, &format!("{unanswered} not answered"));
    }
    line.write(out, look, "", "")?;
    let mut line = Prose::new();
    for (kind, count) in &agreement.kinds {
        line.item(Ink::Faint, &format!("{kind} {}", words::number(*count)));
    }
    line.write(out, look, "  ", "  ")
}

fn side(name: &str, side: &Side, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &words::count(side.corpus.reports, "report"))
        .item(Ink::Plain, &words::count(side.corpus.paragraphs, "paragraph"))
        .item(Ink::Faint, &format!("fingerprint {}", side.corpus.fingerprint))
        .item(Ink::Plain, &side.place);
    line.write(out, look, &format!("{name}  "), "       ")
}

fn held(held: &Held, most: usize, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    if held.same {
        return writeln!(out, "both hold the same");
    }
    writeln!(out, "they hold different reports, so that answers differ as well")?;
    for (name, ids) in [
        ("Held here alone", &held.only_here),
        ("Held there alone", &held.only_there),
        ("Held in both, but not alike", &held.unlike),
    ] {
        if ids.is_empty() {
            continue;
        }
        part(&format!("{name}: {}", words::count(ids.len(), "report")), look, out)?;
        for id in ids.iter().take(most) {
            writeln!(out, "  {}", clean::line(id))?;
        }
        more(ids.len(), most, out)?;
    }
    Ok(())
}

fn more(all: usize, most: usize, out: &mut dyn io::Write) -> io::Result<()> {
    match all.checked_sub(most) {
        Some(left) if left > 0 => writeln!(out, "  and {} more", words::number(left)),
        _ => Ok(()),
    }
}

fn asked(number: usize, asked: &str, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Plain, asked);
    line.write(out, look, &format!("{number:>5}. "), "       ")
}

fn differing(one: &Differing, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    asked(one.number, &one.asked, look, out)?;
    if !one.at.is_empty() {
        let mut line = Prose::new();
        line.add(Ink::Faint, &place(&one.at));
        line.write(out, look, "       at     ", "              ")?;
    }
    let [here, there] = shortened([&one.here, &one.there]);
    for (name, value) in [("here ", here), ("there", there)] {
        let mut line = Prose::new();
        line.add(Ink::Plain, &value);
        line.write(out, look, &format!("       {name}  "), "              ")?;
    }
    Ok(())
}

fn unanswered(one: &Unanswered, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    asked(one.number, &one.asked, look, out)?;
    for (name, why) in [("here ", &one.here), ("there", &one.there)] {
        if let Some(why) = why {
            let mut line = Prose::new();
            line.add(Ink::Plain, why);
            line.write(out, look, &format!("       {name}  "), "              ")?;
        }
    }
    Ok(())
}

/// Writes a place in an answer as a path: `hits[3].score`.
fn place(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let (at, of) = step.split_once(" of ").map_or((step, None), |(at, of)| (at, Some(of)));
        if at.bytes().all(|digit| digit.is_ascii_digit()) && !at.is_empty() {
            path.push_str(&format!("[{at}]"));
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(at);
        }
        if let Some(of) = of {
            path.push_str(&format!(", where one has {of} and the other has no more"));
        }
    }
    path
}

/// The values, of which long ones are cut around the place where they part.
fn shortened(values: [&Value; 2]) -> [String; 2] {
    let texts = values.map(|value| value.to_string().chars().collect::<Vec<char>>());
    let [one, other] = &texts;
    let is_long = texts.iter().any(|text| text.len() > SHOWN);
    let common = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let from = if is_long { common.saturating_sub(COMMON) } else { 0 };
    texts.map(|text| {
        let from = from.min(text.len());
        let before = if from > 0 { "…" } else { "" };
        let shown: String = text[from..].iter().take(SHOWN).collect();
        let after = if text.len() - from > SHOWN { "…" } else { "" };
        format!("{before}{shown}{after}")
    })
}

#[cfg(test)]
mod tests {
    use super::{agreement, place, shortened};
    use crate::answer::agreement::{Agreement, Differing, Held, Side, Unanswered};
    use crate::render::terminal::Look;
    use findings_index::request::Corpus;
    use serde_json::json;

    fn side(place: &str, reports: usize) -> Side {
        let corpus = Corpus { reports, paragraphs: 36_436, fingerprint: "f00d".to_owned() };
        Side { place: place.to_owned(), corpus }
    }

    fn same() -> Agreement {
        Agreement {
            here: side(".findings", 301),
            there: side("http://search1:9200/findings", 301),
            held: Held { same: true, ..Held::default() },
            seed: 1,
            questions: 200,
            kinds: [("compare", 31), ("search", 169)].into(),
            differing: Vec::new(),
            unanswered: Vec::new(),
        }
    }

    fn written(one: &Agreement, all: bool) -> String {
        let mut out = Vec::new();
        agreement(one, all, &Look::plain(Some(80), false), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_agrees_takes_a_few_lines() {
        insta::assert_snapshot!(written(&same(), false), @r#"
        here   301 reports · 36,436 paragraphs · fingerprint f00d · .findings
        there  301 reports · 36,436 paragraphs · fingerprint f00d ·
               http://search1:9200/findings
        both hold the same

        200 questions, 0 answered differently
          compare 31 · search 169
        "#);
    }

    #[test]
    fn what_differs_says_what_was_asked_where_it_differs_and_both_values() {
        let differing = Differing {
            number: 17,
            asked: "search return NEAR/3 home; authority: Wealdshire; facets: year, region"
                .to_owned(),
            at: "/facets/0/counts/2/count".to_owned(),
            here: json!(12),
            there: json!(13),
        };
        let shorter = Differing {
            number: 20,
            at: "/hits/3 of 4".to_owned(),
            here: json!({"id": "wealdshire-sif-2015-10-19/45", "score": 3.5}),
            there: json!(null),
            ..differing.clone()
        };
        let refused = Differing {
            number: 21,
            at: String::new(),
            here: json!("an answer"),
            there: json!("a comparison takes one dimension, or two different ones"),
            ..differing.clone()
        };
        let unanswered = Unanswered {
            number: 22,
            asked: "values of section".to_owned(),
            here: None,
            there: Some("the answer took longer than 60 s and was given up".to_owned()),
        };
        let held = Held {
            same: false,
            only_here: vec!["wealdshire-sif-2015-10-19".to_owned()],
            only_there: Vec::new(),
            unlike: vec!["borchester-slac-2012-06-01".to_owned()],
        };
        let one = Agreement {
            there: side("http://search1:9200,http://search2:9200/findings", 300),
            held,
            differing: vec![differing, shorter, refused],
            unanswered: vec![unanswered],
            ..same()
        };
        let text = written(&one, false);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        insta::assert_snapshot!(text, @r#"
        here   301 reports · 36,436 paragraphs · fingerprint f00d · .findings
        there  300 reports · 36,436 paragraphs · fingerprint f00d ·
               http://search1:9200,http://search2:9200/findings
        they hold different reports, so that answers differ as well

        Held here alone: 1 report
          wealdshire-sif-2015-10-19

        Held in both, but not alike: 1 report
          borchester-slac-2012-06-01

        Answered differently
           17. search return NEAR/3 home; authority: Wealdshire; facets: year, region
               at     facets[0].counts[2].count
               here   12
               there  13
           20. search return NEAR/3 home; authority: Wealdshire; facets: year, region
               at     hits[3], where one has 4 and the other has no more
               here   {"id":"wealdshire-sif-2015-10-19/45","score":3.5}
               there  null
           21. search return NEAR/3 home; authority: Wealdshire; facets: year, region
               here   "an answer"
               there  "a comparison takes one dimension, or two different ones"

        Not answered
           22. values of section
               there  the answer took longer than 60 s and was given up

        200 questions, 3 answered differently, 1 not answered
          compare 31 · search 169
        "#);
    }

    #[test]
    fn long_lists_are_cut_unless_all_is_asked_for() {
        let ids = |of: usize| (0..of).map(|at| format!("r{at}")).collect();
        let held = Held { same: false, only_there: ids(23), ..Held::default() };
        let one = Agreement { held, ..same() };
        assert!(written(&one, false).contains("  r19\n  and 3 more\n"));
        assert!(written(&one, true).contains("  r22\n\n"));
    }

    #[test]
    fn long_values_are_shown_where_they_part() {
        let text = |end: &str| json!(format!("{}{end}", "a child ".repeat(100)));
        let [one, other] = shortened([&text("went missing"), &text("came home")]);
        insta::assert_snapshot!(format!("{one}\n{other}"), @r#"
        …a child a child a child a child a child went missing"
        …a child a child a child a child a child came home"
        "#);
        let [one, other] = shortened([&json!(null), &text("")]);
        assert_eq!((one.as_str(), other.chars().count()), ("null", 201));
        assert_eq!(place("/items/3/report/id"), "items[3].report.id");
        assert_eq!(place("/2/0"), "[2][0]");
    }
}
