//! Gives every report an id of its own.
//!
//! A report's id is made of its authority, framework and date; two reports may share them. The one
//! that the index holds already keeps its id. Among reports that are new in the same build the
//! order is by date of publication, then by content: never by path, nor by which thread was first.

use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// Hexadecimal digits of the content's hash that tell two reports of the same id apart.
const DIGITS: usize = 4;

/// The ids of the index and of the build under way.
#[derive(Debug, Default)]
pub(super) struct Claims {
    ids: Mutex<Ids>,
}

#[derive(Debug, Default)]
struct Ids {
    /// Ids that are spoken for.
    taken: HashMap<String, Holder>,
    /// Those who would all like the same id. Sorted, so that settling is the same every time.
    wanted: BTreeMap<String, Vec<Claim>>,
}

/// For whom an id is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// A report that is not read in this build.
    Held,
    /// The job with this number.
    Job(usize),
}

#[derive(Debug, Clone)]
struct Claim {
    undated: bool,
    published: Option<Date>,
    sha256: String,
    job: usize,
    id: String,
}

/// A report that has to be written again under another id.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Renaming {
    /// The number of its job.
    pub(super) job: usize,
    /// Its final id.
    pub(super) id: String,
}

impl Claims {
    /// Notes an id whose report stays in the index as it is.
    pub(super) fn hold(&self, id: &str) {
        self.with(|ids| ids.taken.insert(id.to_owned(), Holder::Held));
    }

    /// Keeps the id that the index has for a report which is to be read again, until it is known
    /// whether it still fits.
    pub(super) fn reserve(&self, id: &str, job: usize) {
        self.with(|ids| {
            ids.taken.entry(id.to_owned()).or_insert(Holder::Job(job));
        });
    }

    /// The id for a report that would like to be called `base`. Final where it is `earlier`, else
    /// until [`Self::settle`].
    pub(super) fn claim(
        &self,
        base: &str,
        published: Option<Date>,
        sha256: &str,
        earlier: Option<&str>,
        job: usize,
    ) -> String {
        self.with(|ids| {
            if let Some(earlier) = earlier
                && fits(earlier, base)
                && ids.taken.get(earlier) == Some(&Holder::Job(job))
            {
                return earlier.to_owned();
            }
            let id = ids.free(base, sha256);
            ids.taken.insert(id.clone(), Holder::Job(job));
            ids.wanted.entry(base.to_owned()).or_default().push(Claim {
                undated: published.is_none(),
                published,
                sha256: sha256.to_owned(),
                job,
                id: id.clone(),
            });
            id
        })
    }

    /// Settles who is called what, now that all claims are known. Gives those whose id changes.
    pub(super) fn settle(&self) -> Vec<Renaming> {
        self.with(|ids| {
            let mut renamings = Vec::new();
            for (base, mut claims) in std::mem::take(&mut ids.wanted) {
                for claim in &claims {
                    ids.taken.remove(&claim.id);
                }
                claims.sort_by(|a, b| {
                    (a.undated, a.published, &a.sha256).cmp(&(b.undated, b.published, &b.sha256))
                });
                for claim in claims {
                    let id = ids.free(&base, &claim.sha256);
                    ids.taken.insert(id.clone(), Holder::Job(claim.job));
                    if id != claim.id {
                        renamings.push(Renaming { job: claim.job, id });
                    }
                }
            }
            renamings
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut Ids) -> T) -> T {
        change(&mut self.ids.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ids {
    fn free(&self, base: &str, sha256: &str) -> String {
        if !self.taken.contains_key(base) {
            return base.to_owned();
        }
        (DIGITS..=sha256.len())
            .filter_map(|digits| sha256.get(..digits))
            .map(|digits| format!("{base}-{digits}"))
            .find(|id| !self.taken.contains_key(id))
            // The same bytes are read once only, so their whole hash is free.
            .unwrap_or_else(|| format!("{base}-{sha256}"))
    }
}

/// Whether an id is `base`, alone or with the digits that tell it from others.
fn fits(id: &str, base: &str) -> bool {
    match id.strip_prefix(base) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('-').is_some_and(|digits| {
            digits.len() >= DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        }),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const A: &str = "aaaa1111";
    const B: &str = "bbbb2222";

    #[test]
    fn of_two_new_reports_the_earlier_published_has_the_plain_id_whoever_comes_first() {
        for late_first in [false, true] {
            let claims = Claims::default();
            let late = || claims.claim("x", Some(date(2020, 5, 1)), A, None, 0);
            let early = || claims.claim("x", Some(date(2014, 5, 1)), B, None, 1);
            if late_first {
                assert_eq!((late(), early()), ("x".to_owned(), "x-bbbb".to_owned()));
                let settled = claims.settle();
                assert_eq!(settled.len(), 2);
                assert!(settled.contains(&Renaming { job: 0, id: "x-aaaa".to_owned() }));
                assert!(settled.contains(&Renaming { job: 1, id: "x".to_owned() }));
            } else {
                assert_eq!((early(), late()), ("x".to_owned(), "x-aaaa".to_owned()));
                assert!(claims.settle().is_empty());
            }
        }
    }

    #[test]
    fn a_report_of_the_index_keeps_its_id_against_an_earlier_one() {
        let claims = Claims::default();
        claims.hold("x");
        assert_eq!(claims.claim("x", Some(date(2001, 1, 1)), A, None, 0), "x-aaaa");
        assert!(claims.settle().is_empty());
    }

    #[test]
    fn a_report_read_again_keeps_its_id_while_it_fits() {
        let claims = Claims::default();
        claims.reserve("x-bbbb", 0);
        claims.reserve("y", 1);
        assert_eq!(claims.claim("x", None, A, Some("x-bbbb"), 0), "x-bbbb");
        assert_eq!(claims.claim("z", None, B, Some("y"), 1), "z");
        assert!(claims.settle().is_empty());
    }

    #[test]
    fn hashes_that_begin_alike_need_more_digits() {
        let claims = Claims::default();
        claims.hold("x");
        assert_eq!(claims.claim("x", None, "aaaa1111", None, 0), "x-aaaa");
        assert_eq!(claims.claim("x", None, "aaaa2222", None, 1), "x-aaaa2");
    }

    #[test]
    fn undated_reports_come_last() {
        let claims = Claims::default();
        assert_eq!(claims.claim("x", None, A, None, 0), "x");
        assert_eq!(claims.claim("x", Some(date(2020, 1, 1)), B, None, 1), "x-bbbb");
        assert_eq!(claims.settle().len(), 2);
    }
}
