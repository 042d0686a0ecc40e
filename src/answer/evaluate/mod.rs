//! Scores a ranking by paragraphs that people have graded: nDCG@10, precision@10, recall@100.
//!
//! ```text
//! files      topics, judgements and runs: text -> values, each fault with its line
//! matching   which judged paragraph a hit is
//! measures   hits in order -> the scores of one topic
//! compare    two evaluations -> what became better and what worse
//! ```
//!
//! - **nDCG@10** (Järvelin and Kekäläinen 2002): gain 2^grade − 1, discount log2(rank + 1); the ideal
//!   is taken over all judgements of the topic, found or not.
//! - **Precision@10**: the share of ten places taken by relevant paragraphs, those of grade 1 or
//!   more. It is out of ten even where fewer were found, as in TREC.
//! - **Recall@100**: the share of the relevant judged paragraphs that are among the first hundred.
//!   A topic without any has no recall and is left out of its mean.
//!
//! A hit that nobody has judged counts as not relevant, so scores may be too low. The number of
//! such hits among the first ten is therefore reported with the scores. Searches nothing itself: it
//! is given the hits.

mod compare;
mod files;
mod matching;
mod measures;

pub use compare::{Against, Difference, TIE};
pub use files::{LineError, judgements, run, topics};
pub use matching::{Judged, Judgements};
pub use measures::Scores;

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The most hits of a topic in a run.
pub const DEPTH: usize = 100;

/// The lowest grade of a relevant paragraph, as in TREC's own measures.
pub const RELEVANT: u8 = 1;

/// A query to evaluate: something that somebody wanted to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// Its id; the letters that it begins with name its group.
    pub id: String,
    /// The query as typed.
    pub query: String,
    /// Its line in its file, counted from 1.
    #[serde(skip)]
    pub line: usize,
}

impl Topic {
    /// The letters that the id begins with.
    fn group(&self) -> &str {
        let end = self.id.find(|c: char| !c.is_alphabetic()).unwrap_or(self.id.len());
        &self.id[..end]
    }
}

/// One hit of a run, written and read as a line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunHit {
    /// The topic's id.
    pub topic: String,
    /// Its place, counted from 1.
    pub rank: u64,
    /// SHA-256 of the report's file.
    pub sha256: String,
    /// The paragraph.
    pub text: String,
}

/// The hits of each topic, the best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run(HashMap<String, Vec<RunHit>>);

impl FromIterator<RunHit> for Run {
    fn from_iter<I: IntoIterator<Item = RunHit>>(hits: I) -> Self {
        let mut topics: HashMap<String, Vec<RunHit>> = HashMap::new();
        for hit in hits {
            topics.entry(hit.topic.clone()).or_default().push(hit);
        }
        // The sort is stable, so hits of equal rank stay in their order.
        topics.values_mut().for_each(|hits| hits.sort_by_key(|hit| hit.rank));
        Self(topics)
    }
}

impl Run {
    /// The hits of a topic in order.
    #[must_use]
    pub fn of(&self, topic: &str) -> &[RunHit] {
        self.0.get(topic).map_or(&[], Vec::as_slice)
    }

    /// Whether it has no hit of any topic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How good a run is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Means over all topics.
    pub all: Means,
    /// Means over the topics whose ids begin with the same letters, in order of appearance; empty
    /// where all begin with the same.
    pub groups: Vec<Means>,
    /// Every topic, in the order of their file.
    pub topics: Vec<TopicScores>,
    /// Topics without any judgement, which therefore score 0.
    pub unjudged_topics: Vec<String>,
    /// The comparison with another run, where asked for.
    pub against: Option<Against>,
}

/// The scores of a topic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicScores {
    /// Its id.
    pub topic: String,
    /// Its group.
    pub group: String,
    /// Its query.
    pub query: String,
    /// Its scores.
    #[serde(flatten)]
    pub scores: Scores,
}

/// Means over some topics.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Means {
    /// The letters that their ids begin with; `None` for all topics.
    pub group: Option<String>,
    /// How many topics.
    pub topics: usize,
    /// Mean of nDCG@10.
    pub ndcg_10: f64,
    /// Mean of precision@10.
    pub precision_10: f64,
    /// Mean of recall@100 over the topics that have one.
    pub recall_100: Option<f64>,
    /// Hits among the first ten of every topic that nobody has judged.
    pub unjudged_10: usize,
    /// Hits among the first ten of every topic.
    pub shown_10: usize,
}

impl Means {
    fn of(group: Option<&str>, topics: &[&TopicScores]) -> Self {
        let mean = |values: Vec<f64>| {
            let count = values.len() as f64;
            (count > 0.0).then(|| values.iter().sum::<f64>() / count)
        };
        let scores = || topics.iter().map(|topic| &topic.scores);
        Self {
            group: group.map(str::to_owned),
            topics: topics.len(),
            ndcg_10: mean(scores().map(|s| s.ndcg_10).collect()).unwrap_or(0.0),
            precision_10: mean(scores().map(|s| s.precision_10).collect()).unwrap_or(0.0),
            recall_100: mean(scores().filter_map(|s| s.recall_100).collect()),
            unjudged_10: scores().map(|s| s.unjudged_10).sum(),
            shown_10: scores().map(|s| s.shown_10).sum(),
        }
    }
}

/// Scores a run on all topics.
#[must_use]
pub fn evaluate(topics: &[Topic], judgements: &Judgements, run: &Run) -> Evaluation {
    let scored: Vec<TopicScores> = topics
        .iter()
        .map(|topic| TopicScores {
            topic: topic.id.clone(),
            group: topic.group().to_owned(),
            query: topic.query.clone(),
            scores: Scores::of(&topic.id, run.of(&topic.id), judgements),
        })
        .collect();
    let mut names: Vec<&str> = Vec::new();
    for topic in &scored {
        if !names.contains(&topic.group.as_str()) {
            names.push(&topic.group);
        }
    }
    let group = |name: &&str| {
        let own: Vec<_> = scored.iter().filter(|topic| topic.group == **name).collect();
        Means::of(Some(name), &own)
    };
    let groups = if names.len() > 1 { names.iter().map(group).collect() } else { Vec::new() };
    Evaluation {
        all: Means::of(None, &scored.iter().collect::<Vec<_>>()),
        groups,
        unjudged_topics: scored
            .iter()
            .filter(|topic| topic.scores.judged == 0)
            .map(|topic| topic.topic.clone())
            .collect(),
        topics: scored,
        against: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Topic, evaluate, judgements, run, topics};

    const TOPICS: &str = "t1\tferry timetable\nt2\tlate ferries\n\nh1\tboats\tWhat boats?\n";

    #[test]
    fn a_topics_group_is_the_letters_its_id_begins_with() {
        let group = |id: &str| {
            let topic = Topic { id: id.to_owned(), query: String::new(), line: 1 };
            topic.group().to_owned()
        };
        assert_eq!([group("t01"), group("hard-3"), group("7")], ["t", "hard", ""]);
    }

    #[test]
    fn means_are_taken_over_all_topics_and_over_each_group() {
        let topics = topics(TOPICS).unwrap();
        let judged = judgements(
            r#"{"topic": "t1", "grade": 3, "sha256": "a", "text": "the ferry leaves at nine"}
               {"topic": "h1", "grade": 1, "sha256": "a", "text": "boats are kept in the shed"}"#,
        )
        .unwrap();
        let run =
            run(r#"{"topic": "t1", "rank": 1, "sha256": "a", "text": "The ferry leaves at nine."}
               {"topic": "h1", "rank": 1, "sha256": "a", "text": "nobody has looked at this one"}"#)
            .unwrap();
        let evaluation = evaluate(&topics, &judged, &run);
        let names: Vec<_> = evaluation.groups.iter().map(|g| g.group.as_deref()).collect();
        assert_eq!(names, [Some("t"), Some("h")]);
        // t1 is perfect; t2 has neither hits nor judgements and counts as nothing.
        assert_eq!(evaluation.groups[0].ndcg_10, 0.5);
        assert_eq!(evaluation.groups[1].ndcg_10, 0.0);
        assert_eq!(evaluation.all.ndcg_10, 1.0 / 3.0);
        assert_eq!(evaluation.all.precision_10, 0.1 / 3.0);
        // t2 has nothing to recall and is not part of this mean.
        assert_eq!(evaluation.all.recall_100, Some(0.5));
        assert_eq!((evaluation.all.unjudged_10, evaluation.all.shown_10), (1, 2));
        assert_eq!(evaluation.unjudged_topics, ["t2"]);
    }

    #[test]
    fn a_single_group_is_not_told_twice() {
        let topics = topics("t1\tferry\nt2\tboat\n").unwrap();
        let evaluation = evaluate(&topics, &judgements("").unwrap(), &run("").unwrap());
        assert!(evaluation.groups.is_empty());
    }
}
