//! Both engines side by side, on a real cluster: `tests/cluster/cluster run -- cargo test --test cluster`.

use findings_index::agreement::{Questions, difference};
use findings_index::opensearch::Address;
use findings_index::request::Deadline;
use findings_index::transfer::transfer;
use findings_index::{BuildOptions, Location};
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[test]
fn engines_agree() {
    let (Some(cluster), Some(held)) = (env("FINDINGS_CLUSTER"), env("FINDINGS_HELD")) else {
        return;
    };
    let one = Location::Folder(PathBuf::from(held)).open().unwrap();
    let other = Location::Cluster(Address::parse(&[cluster]).unwrap());
    if env("FINDINGS_COPY").is_some() {
        let started = Instant::now();
        let build = other.build(&BuildOptions::default()).unwrap();
        let corpus = transfer(one.as_ref(), build, |done, of| {
            if done % 100 == 0 {
                eprintln!("{done} of {of}, {:?}", started.elapsed());
            }
        })
        .unwrap();
        eprintln!("{corpus:?} in {:?}", started.elapsed());
    }
    let other = other.open().unwrap();
    let seed = env("FINDINGS_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let number = env("FINDINGS_QUESTIONS").and_then(|n| n.parse().ok()).unwrap_or(200);
    let questions = Questions::about(one.as_ref(), seed).unwrap();
    let mut differ = 0;
    for (at, question) in questions.take(number).enumerate() {
        let started = Instant::now();
        let limit = || Deadline::after(Duration::from_secs(120));
        let _ = question.answer(one.as_ref(), &limit());
        let local = started.elapsed();
        let found = difference(&question, one.as_ref(), other.as_ref(), limit);
        let took = started.elapsed().saturating_sub(local * 2);
        if took > Duration::from_secs(2) {
            eprintln!("{at} SLOW {took:?} (local {local:?}) {}", question.text());
        }
        if let Some(found) = found {
            differ += 1;
            let short =
                |value: &serde_json::Value| value.to_string().chars().take(300).collect::<String>();
            eprintln!(
                "{at} DIFFERS at {}\n  {}\n  one   {}\n  other {}",
                found.place,
                question.text(),
                short(&found.one),
                short(&found.other)
            );
        }
    }
    assert_eq!(differ, 0, "questions are answered differently");
}
