//! Writes evaluations.

use super::{or_empty, table};
use crate::answer::evaluate::{Evaluation, Means};
use std::io;

/// Writes an evaluation: one row per topic, per group, and for all topics; the first column says
/// which. The last two columns hold the score of another run and the difference from it.
///
/// # Errors
/// Those of `out`.
pub fn evaluation(evaluation: &Evaluation, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 14] = [
        "what",
        "group",
        "topic",
        "query",
        "ndcg_10",
        "precision_10",
        "recall_100",
        "unjudged_10",
        "shown_10",
        "hits",
        "judged",
        "relevant",
        "ndcg_10_before",
        "ndcg_10_difference",
    ];
    let against = evaluation.against.as_ref();
    let topics = evaluation.topics.iter().map(|topic| {
        let scores = &topic.scores;
        let other = against.and_then(|a| a.topics.iter().find(|other| other.topic == topic.topic));
        [
            "topic".to_owned(),
            topic.group.clone(),
            topic.topic.clone(),
            topic.query.clone(),
            scores.ndcg_10.to_string(),
            scores.precision_10.to_string(),
            or_empty(scores.recall_100.as_ref()),
            scores.unjudged_10.to_string(),
            scores.shown_10.to_string(),
            scores.hits.to_string(),
            scores.judged.to_string(),
            scores.relevant.to_string(),
            or_empty(other.map(|other| &other.before)),
            or_empty(other.map(|other| &other.difference)),
        ]
    });
    let means = |what: &str, means: &Means| -> [String; 14] {
        let mut row: [String; 14] = Default::default();
        row[0] = what.to_owned();
        row[1] = or_empty(means.group.as_ref());
        row[4] = means.ndcg_10.to_string();
        row[5] = means.precision_10.to_string();
        row[6] = or_empty(means.recall_100.as_ref());
        row[7] = means.unjudged_10.to_string();
        row[8] = means.shown_10.to_string();
        row
    };
    let mut all = means("all", &evaluation.all);
    all[12] = or_empty(against.map(|against| &against.all.ndcg_10));
    all[13] = or_empty(against.map(|against| &against.difference));
    let groups = evaluation.groups.iter().map(|group| means("group", group));
    table(&HEADS, topics.chain(groups).chain([all]), bom, out)
}
