//! Which of the reports known from earlier a report follows.

use super::{ReportHistory, plain_id};
use crate::records::{ReportRecord, moment};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::error::Error;

/// Why a history could not be used.
pub type Fault = Box<dyn Error + Send + Sync>;

/// The histories that are kept, as they were after the last build.
pub trait Known {
    /// The history of a file, by its SHA-256.
    ///
    /// # Errors
    /// If the histories cannot be read.
    fn of(&self, sha256: &str) -> Result<Option<ReportHistory>, Fault>;

    /// The SHA-256 of each file that ever gave a report of an id, which is without a part of their
    /// hash, see [`plain_id`]. In any order.
    ///
    /// # Errors
    /// If the histories cannot be read.
    fn of_id(&self, plain_id: &str) -> Result<Vec<String>, Fault>;

    /// Whether the report of a file was held after the last build.
    fn was_held(&self, sha256: &str) -> bool;
}

/// Finds what is known of a report's file, and of the file whose place it takes; first the one that
/// was there last. No report takes the place of a file in `present`: one whose report stays or comes
/// in this build.
///
/// # Errors
/// If the histories cannot be read.
pub fn earlier(
    known: &impl Known,
    report: &ReportRecord,
    present: &HashSet<String>,
) -> Result<Vec<ReportHistory>, Fault> {
    let own = known.of(&report.sha256)?;
    if own.is_some() && known.was_held(&report.sha256) {
        return Ok(own.into_iter().collect());
    }
    let mut replaced: Option<(bool, ReportHistory)> = None;
    let mut files = known.of_id(plain_id(report))?;
    files.sort_unstable();
    for sha256 in &files {
        let was_held = known.was_held(sha256);
        // A file that comes back takes the place of one that was there last, if of any.
        let is_other = *sha256 != report.sha256 && (was_held || own.is_none());
        if !is_other || present.contains(sha256) {
            continue;
        }
        let Some(other) = known.of(sha256)? else { continue };
        let last = |(held, kept): &(bool, ReportHistory)| (*held, kept.stamp.changed);
        if replaced.as_ref().map(last) < Some((was_held, other.stamp.changed)) {
            replaced = Some((was_held, other));
        }
    }
    Ok(replaced.map(|(_, other)| other).into_iter().chain(own).collect())
}

/// The time of a build that begins `now`: whole milliseconds, and later than the last one's, whatever
/// the clock says.
#[must_use]
pub fn after(last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let next = last.and_then(|last| last.checked_add(SignedDuration::from_millis(1)).ok());
    next.map_or(moment::whole(now), |next| next.max(moment::whole(now)))
}

#[cfg(test)]
mod tests {
    use super::super::follow;
    use super::{Fault, Known, after, earlier};
    use crate::records::ReportRecord;
    use crate::records::history::ReportHistory;
    use jiff::Timestamp;
    use std::collections::HashSet;

    /// The histories of files, and whether their reports were held.
    struct Kept(Vec<(ReportHistory, bool)>);

    impl Known for Kept {
        fn of(&self, sha256: &str) -> Result<Option<ReportHistory>, Fault> {
            let own = self.0.iter().find(|(history, _)| history.sha256 == sha256);
            Ok(own.map(|(history, _)| history.clone()))
        }

        fn of_id(&self, plain_id: &str) -> Result<Vec<String>, Fault> {
            assert_eq!(plain_id, "elmet");
            Ok(self.0.iter().rev().map(|(history, _)| history.sha256.clone()).collect())
        }

        fn was_held(&self, sha256: &str) -> bool {
            self.0.iter().any(|(history, held)| history.sha256 == sha256 && *held)
        }
    }

    fn report(sha256: &str) -> ReportRecord {
        serde_json::from_value(serde_json::json!({
            "id": "elmet", "path": "a.txt", "sha256": sha256, "title": null, "framework": "sif",
            "visit": null, "authority": "Elmet", "la_code": null, "region": null,
            "inspection_start": "2019-01-01", "inspection_end": null, "published": null,
            "published_from": null, "lead_inspector": null, "overall": null, "judgements": [],
            "sections": [], "pages": null, "paragraphs": 0, "words": 0, "warnings": []
        }))
        .unwrap()
    }

    /// The files that a report follows.
    fn followed(kept: &[(&str, i64, bool)], sha256: &str, present: &[&str]) -> Vec<String> {
        let history = |(sha256, build, held): &(&str, i64, bool)| {
            let now = Timestamp::from_second(*build).unwrap();
            (follow(&[], &report(sha256), &[], now).history, *held)
        };
        let kept = Kept(kept.iter().map(history).collect());
        let present: HashSet<String> = present.iter().map(|file| (*file).to_owned()).collect();
        let earlier = earlier(&kept, &report(sha256), &present).unwrap();
        earlier.into_iter().map(|history| history.sha256).collect()
    }

    #[test]
    fn a_new_file_takes_the_place_of_the_one_that_was_there_last() {
        let kept = [("a", 3, false), ("b", 1, true), ("c", 2, true)];
        assert_eq!(followed(&kept, "d", &[]), ["c"]);
        assert_eq!(followed(&kept, "d", &["c"]), ["b"], "`c` stays");
        assert_eq!(followed(&kept, "d", &["b", "c"]), ["a"], "one that had gone");
        assert_eq!(followed(&[], "d", &[]), [""; 0]);
    }

    #[test]
    fn a_file_that_is_known_follows_itself_and_what_was_there_instead() {
        let kept = [("a", 1, false), ("b", 2, true), ("c", 3, false)];
        assert_eq!(followed(&kept, "b", &[]), ["b"], "it was there");
        assert_eq!(followed(&kept, "a", &[]), ["b", "a"]);
        assert_eq!(followed(&kept, "a", &["b"]), ["a"], "`c` was not there either");
    }

    #[test]
    fn every_build_is_later_than_the_one_before() {
        let at = |microseconds| Timestamp::from_microsecond(microseconds).unwrap();
        assert_eq!(after(None, at(5_900)), at(5_000));
        assert_eq!(after(Some(at(5_000)), at(5_900)), at(6_000));
        assert_eq!(after(Some(at(9_000)), at(5_900)), at(10_000), "the clock went back");
        assert_eq!(after(Some(at(5_000)), at(9_100)), at(9_000));
    }
}
