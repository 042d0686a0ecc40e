//! Whether topics tag what readers say is about them, and count what readers say is denied, in real
//! reports. `tests/topics/README.md` says how the paragraphs were drawn and read.

use crate::read::{corpus, read_lines};
use findings_index::language::query::parse;
use findings_index::marking::{Matcher, Subject};
use findings_index::records::{ParagraphRecord, ReportHead};
use findings_index::request::Filters;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Topics of which so many paragraphs were read are held to their figures.
const MANY: usize = 100;
/// The least share of what they tag that is about them, and of what is about them that they tag.
const LEAST: f64 = 0.9;
/// The least share of what is called denied that is, and of what is denied that is called so.
const LEAST_DENIED: [f64; 2] = [0.9, 0.7];

fn lines(name: &str) -> Vec<Value> {
    read_lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topics").join(name))
}

/// The first digits of a hash.
fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))[..16].to_owned()
}

#[test]
fn topics_that_were_measured_tag_as_well_as_readers_say() {
    let Some(corpus) = corpus() else { return };
    let tagged: HashMap<&str, &ParagraphRecord> =
        corpus.all().map(|(_, own)| (own.id.as_str(), own)).collect();
    let mut topics: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in lines("judgements.jsonl") {
        topics.entry(row["topic"].as_str().unwrap().to_owned()).or_default().push(row);
    }
    topics.retain(|_, rows| rows.len() > MANY);
    assert_eq!(topics.len(), 12);
    let mut wrong = Vec::new();
    for (topic, rows) in &topics {
        // What is tagged and about it, tagged, and about it; each row stands for as many paragraphs
        // as were drawn from for it.
        let (mut both, mut is_tagged, mut is_about) = (0.0, 0.0, 0.0);
        for stratum in ["tagged", "near"] {
            let rows: Vec<&Value> = rows.iter().filter(|row| row["stratum"] == stratum).collect();
            let of = rows[0]["of"].as_f64().unwrap() / rows.len() as f64;
            for row in rows {
                let ParagraphRecord { text, topics, .. } = tagged[row["id"].as_str().unwrap()];
                assert_eq!(digest(text), row["text"], "{} was read otherwise", row["id"]);
                let about = row["readers"].as_array().unwrap().iter().all(|said| *said == 1);
                let own = topics.contains(topic);
                both += f64::from(u8::from(own && about)) * of;
                is_tagged += f64::from(u8::from(own)) * of;
                is_about += f64::from(u8::from(about)) * of;
            }
        }
        let (precision, recall) = (both / is_tagged, both / is_about);
        if precision < LEAST || recall < LEAST {
            wrong.push(format!("{topic}: precision {precision:.2}, recall {recall:.2}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mentions_are_called_denied_where_readers_say_so() {
    let Some(corpus) = corpus() else { return };
    let all: HashMap<&str, _> =
        corpus.all().map(|(report, own)| (own.id.as_str(), (report, own))).collect();
    let mut without_denials = Filters::default();
    without_denials.without_denials = true;
    // Of each sort: denied and called so, called so, and denied.
    let mut sorts: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    let mut read = 0;
    for row in lines("denials.jsonl") {
        // The last draw is from letters that are held apart.
        let Some((report, paragraph)) = all.get(row["id"].as_str().unwrap()).copied() else {
            continue;
        };
        let report = &ReportHead::from(report);
        let subject = Subject { paragraph, report };
        let query = parse(row["query"].as_str().unwrap()).unwrap().query;
        if Matcher::new(&query).find(subject).is_none() {
            continue;
        }
        read += 1;
        let called = Matcher::new(&without_denials.looked_for(&query)).find(subject).is_none();
        let denied = row["readers"].as_array().unwrap().iter().all(|said| *said == "D");
        let counts = sorts.entry(row["sort"].as_str().unwrap().to_owned()).or_default();
        for (count, holds) in counts.iter_mut().zip([denied && called, called, denied]) {
            *count += f64::from(u8::from(holds));
        }
    }
    assert!(read > 3_000, "only {read} are found");
    assert_eq!(sorts.len(), 2);
    for (sort, [both, called, denied]) in sorts {
        let (precision, recall) = (both / called, both / denied);
        assert!(
            precision >= LEAST_DENIED[0] && recall >= LEAST_DENIED[1],
            "{sort}: precision {precision:.2}, recall {recall:.2}"
        );
    }
}
