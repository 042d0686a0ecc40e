//! Gives every report a unique id.
//!
//! The plain id of a report consists of its authority, framework and date; several reports may have
//! the same. Then each of them gets part of its hash as well. So an id depends only on which
//! reports are in the index: not on the order in which they came, nor on which was first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The number of hexadecimal digits of the hash that normally separate two reports with the same
/// plain id.
const DIGITS: usize = 4;

/// A report that needs an id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nameless<'a> {
    /// The id that it would have if no other report had the same.
    pub(super) plain: &'a str,
    /// The hash of its content.
    pub(super) sha256: &'a str,
}

impl Nameless<'_> {
    fn with_digits(&self, digits: usize) -> String {
        match digits {
            0 => self.plain.to_owned(),
            _ => format!("{}-{}", self.plain, &self.sha256[..digits.min(self.sha256.len())]),
        }
    }
}

/// Assigns ids to all reports of the index, in their order. Each id has as few digits as make it
/// unique, and none if it needs none.
pub(super) fn assign(reports: &[Nameless<'_>]) -> Vec<String> {
    let mut digits = vec![0; reports.len()];
    let mut ids: Vec<String> = reports.iter().map(|report| report.with_digits(0)).collect();
    loop {
        let mut bearers: HashMap<&str, usize> = HashMap::new();
        for id in &ids {
            *bearers.entry(id).or_default() += 1;
        }
        let longer: Vec<usize> = (0..reports.len())
            .filter(|&at| bearers[ids[at].as_str()] > 1 && digits[at] < reports[at].sha256.len())
            .collect();
        if longer.is_empty() {
            return ids;
        }
        // All reports that share an id get more digits: one that kept it would be the first.
        for at in longer {
            digits[at] = (digits[at] + 1).max(DIGITS);
            ids[at] = reports[at].with_digits(digits[at]);
        }
    }
}

/// The ids under which reports are written until all reports are known.
#[derive(Debug, Default)]
pub(super) struct Provisional {
    ids: Mutex<Ids>,
}

#[derive(Debug, Default)]
struct Ids {
    taken: HashMap<String, Holder>,
    /// The holders that would have each plain id.
    asked: HashMap<String, Vec<Holder>>,
}

/// The holder of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A report that is not read in this build.
    Held,
    /// The job with this number, or the report that it replaces.
    Job(usize),
}

impl Provisional {
    /// Notes an id that the index has, and its plain id.
    pub(super) fn hold(&self, id: &str, plain: &str, holder: Holder) {
        self.with(|ids| ids.take(id, plain, holder));
    }

    /// Returns a unique id for the report of a job: in most cases the one that it will keep.
    pub(super) fn claim(&self, report: Nameless<'_>, job: usize) -> String {
        let own = Holder::Job(job);
        self.with(|ids| {
            let is_shared = ids
                .asked
                .get(report.plain)
                .is_some_and(|holders| holders.iter().any(|holder| *holder != own));
            let plain = (!is_shared).then_some(0);
            let id = plain
                .into_iter()
                .chain(DIGITS..=report.sha256.len())
                .map(|digits| report.with_digits(digits))
                .find(|id| ids.taken.get(id).is_none_or(|holder| *holder == own))
                // The same bytes are read only once, so their whole hash is free.
                .unwrap_or_else(|| report.with_digits(report.sha256.len()));
            ids.take(&id, report.plain, own);
            id
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut Ids) -> T) -> T {
        change(&mut self.ids.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ids {
    fn take(&mut self, id: &str, plain: &str, holder: Holder) {
        self.taken.insert(id.to_owned(), holder);
        self.asked.entry(plain.to_owned()).or_default().push(holder);
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, Nameless, Provisional, assign};
    use proptest::prelude::*;

    fn ids(reports: &[(&str, &str)]) -> Vec<String> {
        let reports: Vec<Nameless<'_>> =
            reports.iter().map(|&(plain, sha256)| Nameless { plain, sha256 }).collect();
        assign(&reports)
    }

    #[test]
    fn a_report_alone_has_its_plain_id() {
        assert_eq!(ids(&[("x", "aaaa1111"), ("y", "bbbb2222")]), ["x", "y"]);
    }

    #[test]
    fn of_two_reports_of_the_same_plain_id_both_carry_digits() {
        assert_eq!(ids(&[("x", "aaaa1111"), ("x", "bbbb2222")]), ["x-aaaa", "x-bbbb"]);
    }

    #[test]
    fn only_those_whose_hashes_begin_alike_need_more_digits() {
        assert_eq!(
            ids(&[("x", "aaaa1111"), ("x", "aaaa2222"), ("x", "bbbb2222")]),
            ["x-aaaa1", "x-aaaa2", "x-bbbb"]
        );
    }

    #[test]
    fn a_plain_id_that_looks_like_one_with_digits_makes_room_as_well() {
        assert_eq!(
            ids(&[("x", "aaaa1111"), ("x", "bbbb2222"), ("x-aaaa", "cccc3333")]),
            ["x-aaaa1", "x-bbbb", "x-aaaa-cccc"]
        );
    }

    proptest! {
        #[test]
        fn an_id_is_unique_and_does_not_depend_on_the_order(
            reports in prop::collection::btree_map("[ab]{6}", "x(-aaaa)?|y", 0..12)
                .prop_map(|reports| reports.into_iter().collect::<Vec<_>>()),
            turn in 0_usize..12,
        ) {
            let pairs = |reports: &[(String, String)]| -> Vec<(String, String)> {
                let nameless: Vec<Nameless<'_>> = reports
                    .iter()
                    .map(|(sha256, plain)| Nameless { plain, sha256 })
                    .collect();
                let hashes = reports.iter().map(|(sha256, _)| sha256.clone());
                let mut pairs: Vec<_> = hashes.zip(assign(&nameless)).collect();
                pairs.sort();
                pairs
            };
            let mut turned = reports.clone();
            turned.rotate_left(if reports.is_empty() { 0 } else { turn % reports.len() });
            let first = pairs(&reports);
            prop_assert_eq!(&first, &pairs(&turned));
            let mut unique: Vec<&String> = first.iter().map(|(_, id)| id).collect();
            unique.sort();
            unique.dedup();
            prop_assert_eq!(unique.len(), reports.len());
        }
    }

    #[test]
    fn a_report_is_written_under_no_id_that_another_may_keep() {
        let claims = Provisional::default();
        claims.hold("x", "x", Holder::Held);
        claims.hold("y", "y", Holder::Job(1));
        let claim = |plain, sha256, job| claims.claim(Nameless { plain, sha256 }, job);
        assert_eq!(claim("x", "aaaa1111", 0), "x-aaaa");
        assert_eq!(claim("y", "cccc3333", 1), "y", "it replaces its own");
        assert_eq!(claim("y", "bbbb2222", 0), "y-bbbb");
        assert_eq!(claim("z", "dddd4444", 2), "z");
        assert_eq!(claim("z", "eeee5555", 3), "z-eeee");
        assert_eq!(claim("z", "eeee6666", 4), "z-eeee6");
    }
}
