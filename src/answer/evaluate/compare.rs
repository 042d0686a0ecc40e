//! Compares two evaluations of the same topics: what became better and what worse.

use super::{Evaluation, Means, TopicScores};
use serde::Serialize;

/// Smaller differences of nDCG@10 count as none: they vanish when rounded to three places.
pub const TIE: f64 = 0.0005;

/// The most steps on one side of the scale on which sums of differences are counted.
const STEPS: usize = 1_000_000;

/// The finest step.
const FINEST: f64 = 0.0001;

/// The comparison of this run with another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// The other run's means.
    pub all: Means,
    /// How much higher this run's mean of nDCG@10 is.
    pub difference: f64,
    /// Topics that are better here, by nDCG@10.
    pub better: usize,
    /// Topics that differ by less than [`TIE`].
    pub same: usize,
    /// Topics that are worse here.
    pub worse: usize,
    /// The probability of a mean difference at least as large, either way, if the sign of each
    /// topic's difference were random (Fisher's randomisation test, all signs counted; Smucker,
    /// Allan and Carterette 2007 recommend it for this).
    pub chance: f64,
    /// Topics for which the other run has no hit at all; they score as if it had found nothing.
    pub absent: Vec<String>,
    /// Every topic, the greatest loss first.
    pub topics: Vec<Difference>,
}

/// One topic in both runs, by nDCG@10.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The topic's id.
    pub topic: String,
    /// Its query.
    pub query: String,
    /// The value in the other run.
    pub before: f64,
    /// The value in this run.
    pub now: f64,
    /// `now` minus `before`.
    pub difference: f64,
}

impl Evaluation {
    /// Adds the comparison with the evaluation of another run on the same topics.
    #[must_use]
    pub fn against(mut self, other: &Self) -> Self {
        let pair = |(own, other): (&TopicScores, &TopicScores)| Difference {
            topic: own.topic.clone(),
            query: own.query.clone(),
            before: other.scores.ndcg_10,
            now: own.scores.ndcg_10,
            difference: own.scores.ndcg_10 - other.scores.ndcg_10,
        };
        let mut topics: Vec<Difference> = self.topics.iter().zip(&other.topics).map(pair).collect();
        let differences: Vec<f64> = topics.iter().map(|topic| topic.difference).collect();
        // The sort is stable, so equal topics stay in the order of the file.
        topics.sort_by(|a, b| a.difference.total_cmp(&b.difference));
        let count = |test: fn(f64) -> bool| differences.iter().filter(|d| test(**d)).count();
        self.against = Some(Against {
            all: other.all.clone(),
            difference: self.all.ndcg_10 - other.all.ndcg_10,
            better: count(|difference| difference >= TIE),
            same: count(|difference| difference.abs() < TIE),
            worse: count(|difference| difference <= -TIE),
            chance: chance(&differences),
            absent: (other.topics.iter())
                .filter(|topic| topic.scores.hits == 0)
                .map(|topic| topic.topic.clone())
                .collect(),
            topics,
        });
        self
    }
}

/// Computes the share of all choices of signs whose sum is at least as far from 0 as the actual
/// sum.
///
/// Counts the choices by their sums on a scale of small steps instead of drawing some at random, so
/// the result is exact but for rounding the differences to steps.
fn chance(differences: &[f64]) -> f64 {
    let step = FINEST.max(differences.len() as f64 / STEPS as f64);
    let sizes: Vec<usize> =
        differences.iter().map(|difference| (difference.abs() / step).round() as usize).collect();
    let reach: usize = sizes.iter().sum();
    let sum: f64 = (differences.iter().zip(&sizes))
        .map(|(difference, size)| difference.signum() * *size as f64)
        .sum();
    let bar = sum.abs() as usize;
    // The share of the choices with each sum; index `reach` is the sum 0.
    let mut shares = vec![0.0; 2 * reach + 1];
    shares[reach] = 1.0;
    for size in sizes.into_iter().filter(|size| *size > 0) {
        let mut next = vec![0.0; shares.len()];
        for (place, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            next[place - size] += share / 2.0;
            next[place + size] += share / 2.0;
        }
        shares = next;
    }
    let far = |place: &usize| place.abs_diff(reach) >= bar;
    let share: f64 = (0..shares.len()).filter(far).map(|place| shares[place]).sum();
    share.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::chance;
    use crate::answer::evaluate::{Topic, evaluate, judgements, run};

    #[test]
    fn chance_is_that_of_all_signs() {
        // Of eight choices of signs for three equal differences, +++ and --- are as far out.
        assert_eq!(chance(&[0.1, 0.1, 0.1]), 0.25);
        // Every choice of ± 0.3 ± 0.1 is at least 0.2 from 0.
        assert_eq!(chance(&[0.3, -0.1]), 1.0);
        // Of ± 0.3 ± 0.2 ± 0.1, only 0.6 and 0.4 and their opposites are 0.4 or more from 0.
        assert_eq!(chance(&[0.3, 0.2, -0.1]), 0.5);
        assert_eq!(chance(&[0.0, 0.0]), 1.0);
        assert_eq!(chance(&[]), 1.0);
    }

    #[test]
    fn ten_topics_that_all_gain_are_hardly_chance() {
        assert_eq!(chance(&[0.05; 10]), 2.0 / 1024.0);
    }

    #[test]
    fn differences_stand_with_the_worst_first() {
        let topic = |id: &str, line| Topic { id: id.to_owned(), query: "x".to_owned(), line };
        let topics = [topic("t1", 1), topic("t2", 2), topic("t3", 3)];
        let judged = judgements(
            r#"{"topic": "t1", "grade": 1, "sha256": "a", "text": "one"}
               {"topic": "t2", "grade": 1, "sha256": "a", "text": "one"}
               {"topic": "t3", "grade": 1, "sha256": "a", "text": "one"}"#,
        )
        .unwrap();
        let line = |topic: &str| {
            format!(r#"{{"topic": "{topic}", "rank": 1, "sha256": "a", "text": "one"}}"#)
        };
        let of = |topics_found: &[&str]| {
            let lines: Vec<String> = topics_found.iter().map(|topic| line(topic)).collect();
            evaluate(&topics, &judged, &run(&lines.join("\n")).unwrap())
        };
        let compared = of(&["t1", "t3"]).against(&of(&["t1", "t2"])).against.unwrap();
        assert_eq!((compared.better, compared.same, compared.worse), (1, 1, 1));
        let order: Vec<_> = compared.topics.iter().map(|t| (&*t.topic, t.difference)).collect();
        assert_eq!(order, [("t2", -1.0), ("t1", 0.0), ("t3", 1.0)]);
        assert_eq!(compared.absent, ["t3"]);
        assert_eq!((compared.difference, compared.chance), (0.0, 1.0));
    }
}
