//! Computes the scores of one topic.

use super::matching::Judgements;
use super::{DEPTH, RELEVANT, RunHit};
use serde::Serialize;

/// How many hits nDCG and precision consider.
const FIRST: usize = 10;

/// The scores of one topic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Discounted gain of the first ten hits as a share of the best possible; 0 where nothing
    /// relevant has been judged.
    pub ndcg_10: f64,
    /// Relevant paragraphs among the first ten, as a share of ten.
    pub precision_10: f64,
    /// Relevant paragraphs among the first hundred, as a share of all; `None` where there are none.
    pub recall_100: Option<f64>,
    /// Hits among the first ten that nobody has judged, or that repeat a paragraph.
    pub unjudged_10: usize,
    /// Hits among the first ten: ten, unless fewer were found.
    pub shown_10: usize,
    /// Hits considered, at most [`DEPTH`].
    pub hits: usize,
    /// Paragraphs judged for the topic.
    pub judged: usize,
    /// Relevant paragraphs among those judged.
    pub relevant: usize,
}

/// Sums the discounted gain of grades in their order.
fn discounted(grades: impl Iterator<Item = u8>) -> f64 {
    let gains = grades
        .enumerate()
        .map(|(place, grade)| (f64::from(grade).exp2() - 1.0) / (place as f64 + 2.0).log2());
    // `sum` would return -0.0 for no grades.
    gains.fold(0.0, |sum, gain| sum + gain)
}

impl Scores {
    /// Scores the hits of a topic, the best first.
    pub(super) fn of(topic: &str, hits: &[RunHit], judgements: &Judgements) -> Self {
        let hits = &hits[..hits.len().min(DEPTH)];
        let mut matcher = judgements.matcher(topic);
        let grades: Vec<Option<u8>> =
            hits.iter().map(|hit| matcher.grade(&hit.sha256, &hit.text)).collect();
        let first = &grades[..grades.len().min(FIRST)];
        let gained = discounted(first.iter().map(|grade| grade.unwrap_or(0)));
        let best = judgements.grades(topic);
        let ideal = discounted(best.iter().take(FIRST).copied());
        let is_relevant = |grade: &&Option<u8>| grade.is_some_and(|grade| grade >= RELEVANT);
        let relevant = best.iter().filter(|grade| **grade >= RELEVANT).count();
        let found = grades.iter().filter(is_relevant).count();
        Self {
            ndcg_10: if ideal > 0.0 { gained / ideal } else { 0.0 },
            precision_10: first.iter().filter(is_relevant).count() as f64 / FIRST as f64,
            recall_100: (relevant > 0).then(|| found as f64 / relevant as f64),
            unjudged_10: first.iter().filter(|grade| grade.is_none()).count(),
            shown_10: first.len(),
            hits: hits.len(),
            judged: best.len(),
            relevant,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scores;
    use crate::answer::evaluate::{RunHit, judgements};

    fn hit(rank: usize, text: &str) -> RunHit {
        let (topic, sha256) = ("t".to_owned(), "a".to_owned());
        RunHit { topic, rank: rank as u64, sha256, text: text.to_owned() }
    }

    const JUDGED: &str = r#"
        {"topic": "t", "grade": 3, "sha256": "a", "text": "ferries leave on time"}
        {"topic": "t", "grade": 0, "sha256": "a", "text": "the pier is blue"}
        {"topic": "t", "grade": 1, "sha256": "a", "text": "some ferries are late"}
        {"topic": "t", "grade": 2, "sha256": "b", "text": "nobody was told of it"}"#;

    #[test]
    fn scores_are_those_reckoned_by_hand() {
        let judged = judgements(JUDGED).unwrap();
        let hits = [
            hit(1, "a paragraph that nobody knows"),
            hit(2, "some ferries are late"),
            hit(3, "the pier is blue"),
            hit(4, "ferries leave on time"),
        ];
        let scores = Scores::of("t", &hits, &judged);
        // Gains 0, 1, 0, 7 over log2 of 2, 3, 4, 5; ideally 7, 3, 1, 0.
        let gained = 1.0 / 1.584_962_500_7 + 7.0 / 2.321_928_094_9;
        let ideal = 7.0 + 3.0 / 1.584_962_500_7 + 1.0 / 2.0;
        assert!((scores.ndcg_10 - gained / ideal).abs() < 1e-9, "{scores:?}");
        assert_eq!(scores.precision_10, 0.2);
        assert_eq!(scores.recall_100, Some(2.0 / 3.0));
        assert_eq!((scores.unjudged_10, scores.shown_10), (1, 4));
        assert_eq!((scores.judged, scores.relevant), (4, 3));
    }

    #[test]
    fn what_stands_behind_the_tenth_place_counts_for_recall_alone_and_behind_the_hundredth_not() {
        let judged = judgements(JUDGED).unwrap();
        let mut hits: Vec<RunHit> =
            (1..=110).map(|n| hit(n, &format!("filling paragraph number {n} here"))).collect();
        hits[10] = hit(11, "ferries leave on time");
        hits[100] = hit(101, "some ferries are late");
        let scores = Scores::of("t", &hits, &judged);
        assert_eq!((scores.ndcg_10, scores.precision_10), (0.0, 0.0));
        assert_eq!(scores.recall_100, Some(1.0 / 3.0));
        assert_eq!(scores.unjudged_10, 10);
    }

    #[test]
    fn the_ideal_order_scores_one() {
        let judged = judgements(JUDGED).unwrap();
        let mut second = hit(2, "nobody was told of it");
        second.sha256 = "b".to_owned();
        let hits = [hit(1, "ferries leave on time"), second, hit(3, "some ferries are late")];
        assert_eq!(Scores::of("t", &hits, &judged).ndcg_10, 1.0);
    }
}
