//! Writes how good a ranking is.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look};
use crate::answer::evaluate::{Against, Evaluation, Means, RELEVANT};
use crate::render::{clean, words};
use std::io;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The narrowest column in which a query can still be recognised.
const NARROWEST: usize = 16;

/// Writes an evaluation; `other` names the run that it is compared with.
///
/// # Errors
/// Those of `out`.
pub fn evaluation(
    evaluation: &Evaluation,
    other: Option<&str>,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    means(evaluation, look, out)?;
    writeln!(out)?;
    topics(evaluation, look, out)?;
    if let Some(against) = &evaluation.against {
        writeln!(out)?;
        compared(against, other.unwrap_or("the other run"), look, out)?;
    }
    writeln!(out)?;
    notes(evaluation, look, out)
}

fn score(score: f64) -> String {
    format!("{score:.3}")
}

fn difference(difference: f64) -> String {
    let said = format!("{difference:+.3}");
    if matches!(said.as_str(), "+0.000" | "-0.000") { "0.000".to_owned() } else { said }
}

fn recall(recall: Option<f64>) -> String {
    recall.map_or_else(|| "–".to_owned(), score)
}

const HEADS: [(&str, Side); 4] = [
    ("nDCG@10", Side::Right),
    ("precision@10", Side::Right),
    ("recall@100", Side::Right),
    ("unjudged", Side::Right),
];

fn means(evaluation: &Evaluation, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut heads = vec![("mean over", Side::Left), ("topics", Side::Right)];
    heads.extend(HEADS);
    let mut table = Table::new(&heads);
    let own = evaluation.groups.iter().chain([&evaluation.all]).map(|means| {
        let name = match means.group.as_deref() {
            None => "all topics".to_owned(),
            Some("") => "ids without letters".to_owned(),
            Some(letters) => format!("{letters}…"),
        };
        (name, means)
    });
    let other = evaluation.against.iter().map(|other| ("all topics before".to_owned(), &other.all));
    for (name, means) in own.chain(other) {
        table.row(vec![
            (Ink::Plain, name),
            (Ink::Plain, words::number(means.topics)),
            (Ink::Strong, score(means.ndcg_10)),
            (Ink::Plain, score(means.precision_10)),
            (Ink::Plain, recall(means.recall_100)),
            (Ink::Plain, unjudged(means)),
        ]);
    }
    table.write(out, look, "", 2)
}

fn unjudged(means: &Means) -> String {
    format!("{} of {}", means.unjudged_10, means.shown_10)
}

fn topics(evaluation: &Evaluation, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut heads = vec![("topic", Side::Left)];
    heads.extend(HEADS);
    heads.push(("query", Side::Left));
    let table = |queries: &[String]| {
        let mut table = Table::new(&heads);
        for (topic, query) in evaluation.topics.iter().zip(queries) {
            table.row(vec![
                (Ink::Plain, topic.topic.clone()),
                (Ink::Strong, score(topic.scores.ndcg_10)),
                (Ink::Plain, score(topic.scores.precision_10)),
                (Ink::Plain, recall(topic.scores.recall_100)),
                (Ink::Plain, topic.scores.unjudged_10.to_string()),
                (Ink::Plain, query.clone()),
            ]);
        }
        table
    };
    let queries: Vec<String> = evaluation.topics.iter().map(|t| clean::line(&t.query)).collect();
    fitting(&queries, look, table).write(out, look, "", 2)
}

/// Builds the table, with the queries in its last column cut so that it fits the window.
fn fitting(queries: &[String], look: &Look, table: impl Fn(&[String]) -> Table) -> Table {
    let whole = table(queries);
    let widest = queries.iter().map(|query| query.width()).max().unwrap_or(0);
    let over = whole.width(2).saturating_sub(look.width.unwrap_or(usize::MAX));
    if over == 0 {
        return whole;
    }
    let room = widest.saturating_sub(over).max(NARROWEST);
    table(&queries.iter().map(|query| cut(query, room)).collect::<Vec<_>>())
}

/// Returns the text, or as much of it as fits with a mark that there is more.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

fn compared(
    against: &Against,
    other: &str,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut line = Prose::new();
    line.item(Ink::Strong, &format!("against {other}"))
        .item(Ink::Plain, &format!("nDCG@10 {}", difference(against.difference)))
        .item(Ink::Plain, &format!("{} better", against.better))
        .item(Ink::Plain, &format!("{} the same", against.same))
        .item(Ink::Plain, &format!("{} worse", against.worse))
        .item(Ink::Plain, &format!("p = {:.3}", against.chance));
    line.write(out, look, "", "  ")?;
    writeln!(out)?;
    let table = |queries: &[String]| {
        let mut table = Table::new(&[
            ("topic", Side::Left),
            ("before", Side::Right),
            ("now", Side::Right),
            ("difference", Side::Right),
            ("query", Side::Left),
        ]);
        for (topic, query) in against.topics.iter().zip(queries) {
            table.row(vec![
                (Ink::Plain, topic.topic.clone()),
                (Ink::Plain, score(topic.before)),
                (Ink::Plain, score(topic.now)),
                (Ink::Strong, difference(topic.difference)),
                (Ink::Plain, query.clone()),
            ]);
        }
        table
    };
    let queries: Vec<String> = against.topics.iter().map(|t| clean::line(&t.query)).collect();
    fitting(&queries, look, table).write(out, look, "", 2)
}

/// Writes what the numbers mean, and what must be known before they are believed.
fn notes(evaluation: &Evaluation, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut notes = vec![format!(
        "relevant: grade {RELEVANT} or more; unjudged: hits among the first ten that nobody has \
         judged, which count as not relevant"
    )];
    if !evaluation.unjudged_topics.is_empty() {
        notes.push(format!("no judgements, hence 0: {}", evaluation.unjudged_topics.join(", ")));
    }
    if let Some(against) = &evaluation.against {
        notes.push(
            "p: how often a mean difference as large would come about if every topic's sign were \
             chance"
                .to_owned(),
        );
        if !against.absent.is_empty() {
            notes.push(format!("without a hit in the other run: {}", against.absent.join(", ")));
        }
    }
    for note in notes {
        let mut line = Prose::new();
        line.add(Ink::Faint, &note);
        line.write(out, look, "", "  ")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{difference, evaluation};
    use crate::answer::evaluate::{Topic, evaluate, judgements, run};
    use crate::render::terminal::Look;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn long_queries_are_cut_to_the_window() {
        let query = "ferries that leave the harbour before anybody has been able to board them";
        let topics = [Topic { id: "t1".to_owned(), query: query.to_owned(), line: 1 }];
        let empty = evaluate(&topics, &judgements("").unwrap(), &run("").unwrap());
        let shown = |width| {
            let mut out = Vec::new();
            let look = Look::plain(width, false);
            evaluation(&empty, None, &look, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let narrow = shown(Some(80));
        assert!(narrow.lines().all(|line| line.width() <= 80), "{narrow}");
        assert!(narrow.contains("ferries that leave the harb…"), "{narrow}");
        assert!(shown(None).contains(query));
    }

    #[test]
    fn no_difference_has_no_sign() {
        assert_eq!(difference(-0.000_4), "0.000");
        assert_eq!(difference(-0.02), "-0.020");
        assert_eq!(difference(0.5), "+0.500");
    }
}
