//! How often chance alone puts a group outside of the limits of a funnel, and whether a group that
//! really differs is outside of them.
//!
//! The names of groups are dealt anew to real reports, within each framework, so that no group
//! differs. `FINDINGS_SHUFFLES` is how often, for each of 20 topics; the deals are the same in each
//! run. Prints the rates with the adjusted and with the raw limits.

use crate::read::corpus;
use findings::answer::compare::funnel::{Funnel, Method, Place};
use findings_index::Location;
use findings_index::language::query::parse;
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use findings_index::request::compare::{CompareRequest, CompareResponse, GroupTally, ReportPart};
use std::collections::BTreeMap;
use std::env;

/// How many topics are tried.
const TOPICS: usize = 20;

/// The share of paragraphs from which on a planted difference has to be found.
const FREQUENT: f64 = 0.02;

/// How many reports a planted group has, and how many times the rate.
const PLANTED: (usize, usize) = (10, 3);

/// What is counted of each of the first topics that are neither rare nor alike.
fn counted(by: Attribute) -> Vec<CompareResponse> {
    let corpus = corpus().unwrap();
    let engine = Location::Folder(corpus.program.0.path().join("held")).open().unwrap();
    let never = Deadline::never();
    let topics = engine.topics().unwrap();
    let mut responses: Vec<CompareResponse> = topics
        .topics()
        .iter()
        .map(|topic| {
            let request = CompareRequest {
                query: parse(&format!("topic:{}", topic.id)).unwrap().query,
                by: vec![by],
                ..CompareRequest::default()
            };
            engine.compare(&request, &never).unwrap()
        })
        .collect();
    responses.sort_by_key(|response| std::cmp::Reverse(response.whole.matching.paragraphs));
    let rate = |own: &CompareResponse| {
        own.whole.matching.paragraphs as f64 / own.whole.eligible.paragraphs as f64
    };
    responses.retain(|own| rate(own) >= FREQUENT);
    assert!(responses.len() >= TOPICS, "{}", responses.len());
    let step = responses.len() / TOPICS;
    responses.into_iter().step_by(step).take(TOPICS).collect()
}

/// Deals the names of groups anew to reports of the same framework.
fn dealt(response: &CompareResponse, random: &mut fastrand::Rng) -> CompareResponse {
    let mut by_framework: BTreeMap<&str, Vec<ReportPart>> = BTreeMap::new();
    for part in response.groups.iter().flat_map(|group| &group.reports) {
        let framework = response.reports[part.report].framework.as_str();
        by_framework.entry(framework).or_default().push(*part);
    }
    by_framework.values_mut().for_each(|parts| random.shuffle(parts));
    let mut dealt = response.clone();
    for group in &mut dealt.groups {
        for part in &mut group.reports {
            let framework = response.reports[part.report].framework.as_str();
            *part = by_framework.get_mut(framework).and_then(Vec::pop).unwrap();
        }
    }
    dealt
}

fn shuffles() -> usize {
    env::var("FINDINGS_SHUFFLES").ok().map_or(2, |shuffles| shuffles.parse().unwrap())
}

/// The shares of groups outside of the 95% and the 99.8% limits, in per cent.
fn outside(by: Attribute, method: Method, shuffles: usize) -> [f64; 2] {
    let mut random = fastrand::Rng::with_seed(20);
    let (mut points, mut outside) = (0, [0, 0]);
    for response in counted(by) {
        for _ in 0..shuffles {
            let dealt = dealt(&response, &mut random);
            let funnel = Funnel::of(&dealt, method, &Deadline::never()).unwrap().unwrap();
            points += funnel.points.len();
            outside[0] += funnel.outside_95;
            outside[1] += funnel.outside_998;
        }
    }
    outside.map(|own| 100.0 * own as f64 / points as f64)
}

#[test]
#[allow(clippy::print_stdout, reason = "the rates are to be read")]
fn groups_that_do_not_differ_are_outside_of_the_limits_as_often_as_these_say() {
    if corpus().is_none() {
        return;
    }
    // Regions are few: they are dealt more often.
    for (by, shuffles, least) in
        [(Attribute::Region, 8 * shuffles(), 3.0), (Attribute::Authority, shuffles(), 0.0)]
    {
        let [inner, outer] = outside(by, Method::Adjusted, shuffles);
        let raw = outside(by, Method::Raw, shuffles);
        println!(
            "{}: outside 95% {inner:.2}%, outside 99.8% {outer:.2}%; of the raw limits {:.2}% and \
             {:.2}%",
            by.name(),
            raw[0],
            raw[1]
        );
        assert!((least..=6.5).contains(&inner), "{by:?}: {inner}");
        assert!(outer <= 0.5, "{by:?}: {outer}");
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the rates are to be read")]
fn a_group_with_three_times_the_rate_is_outside_of_the_limits() {
    if corpus().is_none() {
        return;
    }
    let mut random = fastrand::Rng::with_seed(3);
    let mut found = 0;
    for response in counted(Attribute::Region) {
        let mut planted = dealt(&response, &mut random);
        let mut chosen: Vec<usize> = (0..planted.reports.len()).collect();
        random.shuffle(&mut chosen);
        chosen.truncate(PLANTED.0);
        let mut own = Vec::new();
        for group in &mut planted.groups {
            group.reports.retain(|part| {
                let is_chosen = chosen.contains(&part.report);
                if is_chosen {
                    let matching = (part.matching * PLANTED.1).min(part.eligible);
                    own.push(ReportPart { matching, ..*part });
                }
                !is_chosen
            });
        }
        let group = GroupTally {
            values: vec![Some("planted".to_owned())],
            reports: own,
            ..planted.groups[0].clone()
        };
        planted.groups.push(group);
        let funnel = Funnel::of(&planted, Method::Adjusted, &Deadline::never()).unwrap().unwrap();
        let point = funnel.points.iter().find(|own| own.value.as_deref() == Some("planted"));
        found += usize::from(matches!(point.unwrap().place, Place::Above95 | Place::Above998));
    }
    println!("planted groups outside of the 95% limits: {found} of {TOPICS}");
    assert!(found >= 16, "{found}");
}
