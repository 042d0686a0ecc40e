//! How often intervals of generated corpora cover the rate that these were generated with.
//!
//! Prints a table. `FINDINGS_RUNS` is the number of corpora for each line, 400 unless it is set; the
//! corpora are the same in each run.

use findings::answer::compare::{Cluster, Share};
use std::env;

/// The middle of the sizes of reports, in paragraphs, and how far their logarithms spread: about
/// those of real reports.
const SIZE: (f64, f64) = (80.0, 0.55);

/// A report of so many paragraphs: each is the likelier to match the more before it do (Pólya's urn,
/// which gives the beta-binomial distribution).
fn report(rate: f64, correlation: f64, random: &mut fastrand::Rng) -> Cluster {
    // Nearly normal: the sum of twelve.
    let normal: f64 = (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
    let size = (SIZE.0 * (SIZE.1 * normal).exp()).round().clamp(15.0, 300.0) as usize;
    let weight = (1.0 - correlation) / correlation;
    let mut count = 0;
    for before in 0..size {
        let chance = (rate * weight + count as f64) / (weight + before as f64);
        count += usize::from(random.f64() < chance);
    }
    Cluster { count, out_of: size }
}

#[test]
#[allow(clippy::print_stdout, reason = "the rates are to be read")]
fn intervals_cover_what_they_say_where_enough_is_expected() {
    let runs: usize = env::var("FINDINGS_RUNS").ok().map_or(400, |runs| runs.parse().unwrap());
    let mut off = Vec::new();
    println!(
        "reports  correlation  rate   expected  covered  with an interval  said to be too few"
    );
    for reports in [10, 40, 150] {
        for correlation in [0.005, 0.05] {
            for rate in [0.005, 0.01, 0.03, 0.1, 0.3] {
                let seed = (reports as f64 * 7.0 + correlation * 1e4 + rate * 1e5) as u64;
                let mut random = fastrand::Rng::with_seed(seed);
                let (mut covered, mut given, mut few, mut expected) = (0, 0, 0, 0.0);
                for _ in 0..runs {
                    let made: Vec<Cluster> =
                        (0..reports).map(|_| report(rate, correlation, &mut random)).collect();
                    let share = Share::clustered(made);
                    expected += rate * share.out_of as f64 / runs as f64;
                    few += usize::from(share.too_few);
                    if let (Some(low), Some(high)) = (share.low, share.high) {
                        given += 1;
                        covered += usize::from((low..=high).contains(&(100.0 * rate)));
                    }
                }
                let covered = 100.0 * covered as f64 / given.max(1) as f64;
                println!(
                    "{reports:>7}  {correlation:>11}  {rate:<5}  {expected:>8.0}  {covered:>6.1}%  \
                     {given:>16}  {few:>18}"
                );
                let needed = if reports < 100 { 20.0 } else { 10.0 };
                // The draws are the same each time; with more of them the bounds are those of the
                // issue to a hair.
                let slack = 2.0 * (0.05 * 0.95 / given.max(1) as f64).sqrt() * 100.0;
                let slack = if runs < 2_000 { slack } else { 0.0 };
                if expected >= needed && !(92.0 - slack..=98.0 + slack).contains(&covered) {
                    off.push((reports, correlation, rate, covered));
                }
            }
        }
    }
    assert!(off.is_empty(), "{off:?}");
}
