//! Writes concordances: all matches in one column, with their contexts on either side.

use super::prose::Prose;
use super::{Ink, Look, explain, paint};
use crate::answer::concordance::{Concordance, Line, Order};
use crate::ask::Answer;
use crate::render::wording::Next;
use crate::render::{clean, words};
use std::io;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The number of columns where the window's is not known.
const WIDTH: usize = 120;

/// From this many columns on, the paragraph's id is on the line of its match. In a narrower window
/// the ids follow in a separate list, so that the context keeps its room.
const ROOMY: usize = 120;

/// How many tenths of the columns for text are left of the match: few, since reading goes
/// rightwards.
const LEFT_TENTHS: usize = 4;

/// Writes a concordance, and which words of the query were skipped.
///
/// # Errors
/// Those of `out`.
pub fn concordance(
    answer: &Answer<Concordance>,
    look: &Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let concordance = &answer.response;
    head(concordance, look, out)?;
    let skipped = &answer.passed_over;
    explain::widened(&concordance.expansions, concordance.total, skipped, look, out)?;
    if concordance.lines.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let lines = &concordance.lines;
    let width = look.width.unwrap_or(WIDTH);
    let ids = width >= ROOMY;
    let rank = lines.iter().map(|line| line.rank.to_string().len()).max().unwrap_or(1);
    let id = if ids { lines.iter().map(|line| line.id.width()).max().unwrap_or(0) + 2 } else { 0 };
    let room = width.saturating_sub(rank + 2 + id).max(20);
    let left = room * LEFT_TENTHS / 10;
    for line in lines {
        write_line(line, (rank, left, room - left), ids, look, out)?;
    }
    if !ids {
        writeln!(out)?;
        for line in lines {
            let number = format!("{:>rank$}  ", line.rank);
            paint(out, look, Ink::Faint, &number)?;
            writeln!(out, "{}", clean::line(&line.id))?;
        }
    }
    let next = concordance.offset.saturating_add(lines.len());
    if next < concordance.available {
        let left = words::count(concordance.available - next, "line");
        let how = look.wording.next(&Next::Results { offset: next });
        writeln!(out)?;
        paint(out, look, Ink::Faint, &format!("{left} left: {how}"))?;
        writeln!(out)?;
    }
    Ok(())
}

fn head(concordance: &Concordance, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    if concordance.total == 0 {
        line.add(Ink::Strong, "nothing found").add(
            Ink::Plain,
            &format!(
                " in {} of {}",
                words::count(concordance.corpus.paragraphs, "paragraph"),
                words::count(concordance.corpus.reports, "report")
            ),
        );
        return line.write(out, look, "", "");
    }
    let matches = match concordance.total {
        1 => "1 match".to_owned(),
        total => format!("{} matches", words::number(total)),
    };
    let [of, that] = words::matches_of(concordance.match_of);
    line.add(Ink::Strong, &matches)
        .add(Ink::Plain, &format!("{of} in "))
        .add(Ink::Strong, &words::count(concordance.paragraphs, "paragraph"))
        .add(Ink::Plain, &format!("{that} of "))
        .add(Ink::Strong, &words::count(concordance.reports, "report"));
    if let Some(sample) = concordance.sample {
        let said = format!(
            "{} drawn at random, seed {}",
            words::number(concordance.available),
            sample.seed
        );
        line.item(Ink::Plain, &said);
    }
    let shown = concordance.lines.len();
    if shown < concordance.available {
        let first = concordance.offset.saturating_add(1);
        let said = match shown {
            0 => "none shown".to_owned(),
            1 => format!("{} shown", words::number(first)),
            _ => format!("{first}–{} shown", concordance.offset + shown),
        };
        line.item(Ink::Faint, &said);
    }
    line.item(
        Ink::Faint,
        match concordance.sort {
            Order::Relevance => "most relevant first",
            Order::Date => "newest first",
            Order::Authority => "by authority",
            Order::Changed => "last to come or change first",
            Order::Left => "by the words to the left",
            Order::Match => "by what matched",
            Order::Right => "by the words to the right",
        },
    );
    line.write(out, look, "", "")
}

fn write_line(
    line: &Line,
    (rank, left, right): (usize, usize, usize),
    id: bool,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    paint(out, look, Ink::Faint, &format!("{:>rank$}  ", line.rank))?;
    let before = clean::line(&line.left);
    let before = end_of(&before, left);
    write!(out, "{:free$}{before}", "", free = left - before.width())?;
    let mark = look.mark();
    let matched = clean::line(&line.matched);
    let matched = beginning_of(&matched, right.saturating_sub(2 * mark.width()));
    paint(out, look, Ink::Match, &format!("{mark}{matched}{mark}"))?;
    let rest = right.saturating_sub(matched.width() + 2 * mark.width());
    let behind = clean::line(&line.right);
    let behind = beginning_of(&behind, rest);
    if id {
        write!(out, "{behind}{:free$}  ", "", free = rest - behind.width())?;
        paint(out, look, Ink::Faint, &clean::line(&line.id))?;
        writeln!(out)
    } else {
        writeln!(out, "{}", behind.trim_end())
    }
}

/// Returns as much of the end of a text as fits, without cutting a word in two.
fn end_of(text: &str, room: usize) -> &str {
    let mut width = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        width += c.width().unwrap_or(0);
        if width > room {
            let kept = &text[start..];
            let is_cut = c.is_alphanumeric() && kept.starts_with(char::is_alphanumeric);
            let whole = if is_cut { kept.trim_start_matches(char::is_alphanumeric) } else { kept };
            // Punctuation at the start belongs to the sentence or clause that is not shown.
            let whole = whole.trim_start_matches([' ', '.', ',', ';', ':', '?', '!', ')']);
            // A single word longer than the room is shown as far as it goes.
            return if whole.trim().is_empty() { kept } else { whole };
        }
        start = at;
    }
    text
}

/// Returns as much of the beginning of a text as fits, without cutting a word in two.
fn beginning_of(text: &str, room: usize) -> &str {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += c.width().unwrap_or(0);
        if width > room {
            let kept = &text[..at];
            let is_cut = c.is_alphanumeric() && kept.ends_with(char::is_alphanumeric);
            let whole = if is_cut { kept.trim_end_matches(char::is_alphanumeric) } else { kept };
            return if whole.trim().is_empty() { kept } else { whole };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{beginning_of, concordance, end_of};
    use crate::answer::concordance::{Concordance, Line, MatchOf, Order};
    use crate::ask::Answer;
    use crate::render::terminal::Look;
    use findings_index::request::Corpus;
    use unicode_width::UnicodeWidthStr;

    fn line(rank: usize, left: &str, right: &str) -> Line {
        Line {
            rank,
            left: left.to_owned(),
            matched: "visit".to_owned(),
            right: right.to_owned(),
            span: [0, 5],
            id: format!("port-ansel-jtai-2017/{rank}"),
            report: "port-ansel-jtai-2017".to_owned(),
            authority: None,
            framework: "jtai".to_owned(),
            date: None,
            section: Vec::new(),
            grade: None,
            page: None,
            citation: String::new(),
        }
    }

    fn shown(width: usize) -> Vec<String> {
        let concordance_of = Concordance {
            query: "visit".to_owned(),
            total: 2,
            match_of: MatchOf::Whole,
            paragraphs: 2,
            reports: 1,
            sort: Order::Left,
            sample: None,
            available: 2,
            offset: 0,
            lines: vec![
                line(1, "", "\u{1b}[2Js are late for everybody who lives on the islands"),
                line(2, "Nobody who has read the whole of the record knows when a ", " was made."),
            ],
            expansions: Vec::new(),
            index_version: 3,
            generation: "1".to_owned(),
            corpus: Corpus { reports: 1, paragraphs: 2, fingerprint: String::new() },
        };
        let mut out = Vec::new();
        let look = Look::plain(Some(width), false);
        concordance(&Answer::of(concordance_of), &look, &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn matches_are_aligned_in_every_window_and_no_line_is_wider() {
        for width in [40, 60, 80, 120, 200] {
            let lines = shown(width);
            let matches: Vec<&String> = lines.iter().filter(|l| l.contains("visit")).collect();
            let place = |line: &str| line.find("visit").map(|at| line[..at].width());
            assert_eq!(matches.len(), 2, "{lines:#?}");
            assert_eq!(place(matches[0]), place(matches[1]), "{lines:#?}");
            assert!(lines.iter().all(|line| line.width() <= width), "{lines:#?}");
            assert!(lines.iter().all(|line| !line.contains('\u{1b}')), "{lines:#?}");
        }
    }

    #[test]
    fn ids_follow_below_where_the_window_is_narrow() {
        insta::assert_snapshot!(shown(50).join("\n"), @"
        2 matches in 2 paragraphs of 1 report ·
        by the words to the left

        1                    **visit**�[2Js are late for
        2       knows when a **visit** was made.

        1  port-ansel-jtai-2017/1
        2  port-ansel-jtai-2017/2
        ");
    }

    #[test]
    fn contexts_are_cut_between_words_and_sentences() {
        assert_eq!(end_of("It was late. Nobody knew ", 14), "Nobody knew ");
        assert_eq!(end_of("It was late. Nobody knew ", 9), "knew ");
        assert_eq!(beginning_of(" is made weekly", 10), " is made ");
        assert_eq!(beginning_of("incomprehensibly", 6), "incomp");
    }
}
