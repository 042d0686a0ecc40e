//! When each report and each paragraph first came, and when it last changed.
//!
//! [`follow`] compares a report as it is read now with what is known of it from earlier, and says when it
//! and its paragraphs came. A report is known by the bytes of its file; a file that takes the place of
//! another, under the same id, follows that one. What counts is the text of a paragraph and nothing else:
//! new topics, synonyms, themes or grades make nothing new and change nothing. [`known`] says which
//! file a report follows.
//!
//! Nothing here knows where histories are kept, nor what the time is.

pub mod known;

use super::{ParagraphRecord, ReportRecord};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond::required as milliseconds;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// The first half of the SHA-256 of a text.
pub type TextHash = [u8; 16];

/// When something first came, and when it last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When it first came.
    #[serde(with = "milliseconds")]
    pub first_indexed: Timestamp,
    /// When it last changed.
    #[serde(with = "milliseconds")]
    pub changed: Timestamp,
}

impl Stamp {
    /// That of something new.
    fn new(now: Timestamp) -> Self {
        Self { first_indexed: now, changed: now }
    }

    fn changed_at(self, now: Timestamp) -> Self {
        Self { changed: now, ..self }
    }
}

/// What is known of a report from earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportHistory {
    /// SHA-256 of its file.
    pub sha256: String,
    /// What it said of itself; see [`ReportHistory::of`].
    heading: TextHash,
    /// When it came and changed.
    pub stamp: Stamp,
    /// Its paragraphs in their order, then those that are no longer in it.
    paragraphs: Vec<ParagraphHistory>,
}

/// What is known of a paragraph from earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ParagraphHistory {
    /// Its id without that of the report; empty if it is no longer there.
    place: String,
    text: TextHash,
    stamp: Stamp,
}

impl ParagraphHistory {
    fn is_there(&self) -> bool {
        !self.place.is_empty()
    }
}

/// What [`follow`] finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// When the report came and changed.
    pub report: Stamp,
    /// When its paragraphs did, in their order.
    pub paragraphs: Vec<Stamp>,
    /// What is known from now on.
    pub history: ReportHistory,
}

impl ReportHistory {
    /// The history that the stamps of a report's own records tell; `None` if they have none. What
    /// `earlier` knows of paragraphs that are no longer there is kept.
    #[must_use]
    pub fn of(
        report: &ReportRecord,
        paragraphs: &[ParagraphRecord],
        earlier: Option<&Self>,
    ) -> Option<Self> {
        let stamp = |first_indexed: Option<Timestamp>, changed: Option<Timestamp>| {
            Some(Stamp { first_indexed: first_indexed?, changed: changed? })
        };
        let stamps: Option<Vec<Stamp>> =
            paragraphs.iter().map(|one| stamp(one.first_indexed, one.changed)).collect();
        let known = earlier.map_or(&[][..], |earlier| &earlier.paragraphs);
        Some(Self {
            sha256: report.sha256.clone(),
            heading: heading(report),
            stamp: stamp(report.first_indexed, report.changed)?,
            paragraphs: remembered(paragraphs, &hashes(paragraphs), &stamps?, known.iter()),
        })
    }
}

/// Says when a report and its paragraphs came and changed by the times that their own records carry; `None`
/// if they carry none. What `earlier` knows of paragraphs that are no longer there is kept.
#[must_use]
pub fn told(
    report: &ReportRecord,
    paragraphs: &[ParagraphRecord],
    earlier: Option<&ReportHistory>,
) -> Option<Followed> {
    let history = ReportHistory::of(report, paragraphs, earlier)?;
    let stamps = paragraphs
        .iter()
        .map(|one| Some(Stamp { first_indexed: one.first_indexed?, changed: one.changed? }));
    Some(Followed { report: history.stamp, paragraphs: stamps.collect::<Option<_>>()?, history })
}

/// Says when a report that is read `now`, and its paragraphs, came and changed.
///
/// `earlier` is what is known of the same file, and of the file whose place it takes; the one that was
/// there last comes first. The rules, each for what those before it leave:
///
/// 1. A paragraph whose text was there keeps its times, wherever it is now.
/// 2. One whose text was there once, and had gone, keeps when it first came; it has changed now.
/// 3. One in the place of a text that has gone is that paragraph, changed now.
/// 4. Any other in a file that was read before is an older one that is only now read so: it came with
///    its report, and has changed now.
/// 5. Any other is new.
///
/// A report has changed when one of its paragraphs has, or came or went, or when it says otherwise of
/// itself: its title, authority, framework, dates, inspector or judgements.
#[must_use]
pub fn follow(
    earlier: &[ReportHistory],
    report: &ReportRecord,
    paragraphs: &[ParagraphRecord],
    now: Timestamp,
) -> Followed {
    let (last, known) = (earlier.first(), Known::new(earlier));
    let is_same_file = earlier.iter().any(|one| one.sha256 == report.sha256);
    let first = earlier.iter().map(|one| one.stamp.first_indexed).min().unwrap_or(now);
    let texts = hashes(paragraphs);
    let (found, gone) = known.find(paragraphs, &texts);
    let stamps: Vec<Stamp> = paragraphs
        .iter()
        .zip(&found)
        .map(|(paragraph, found)| match found {
            Some(found) if found.is_there() => found.stamp,
            Some(found) => found.stamp.changed_at(now),
            None => match gone.get(place(paragraph)) {
                Some(before) => before.changed_at(now),
                None if is_same_file => Stamp { first_indexed: first, changed: now },
                None => Stamp::new(now),
            },
        })
        .collect();
    let heading = heading(report);
    let is_as_it_was = last.is_some_and(|last| last.heading == heading)
        && gone.is_empty()
        && known.there.len() == paragraphs.len()
        && stamps.iter().all(|stamp| stamp.changed != now);
    let changed = last.filter(|_| is_as_it_was).map_or(now, |last| last.stamp.changed);
    let stamp = Stamp { first_indexed: first, changed };
    let known = earlier.iter().flat_map(|one| &one.paragraphs);
    let history = ReportHistory {
        sha256: report.sha256.clone(),
        heading,
        stamp,
        paragraphs: remembered(paragraphs, &texts, &stamps, known),
    };
    Followed { report: stamp, paragraphs: stamps, history }
}

/// The paragraphs that are known, by their texts.
struct Known<'e> {
    /// Those that were there last, in their order.
    there: Vec<&'e ParagraphHistory>,
    /// Those that had gone, each text once, as it first came.
    gone: HashMap<TextHash, ParagraphHistory>,
}

impl<'e> Known<'e> {
    fn new(earlier: &'e [ReportHistory]) -> Self {
        let last = earlier.first().map_or(&[][..], |last| &last.paragraphs);
        let there: Vec<&ParagraphHistory> = last.iter().filter(|one| one.is_there()).collect();
        let mut gone: HashMap<TextHash, ParagraphHistory> = HashMap::new();
        let other = earlier.iter().skip(1).flat_map(|one| &one.paragraphs);
        for one in last.iter().filter(|one| !one.is_there()).chain(other) {
            keep_earliest(&mut gone, one);
        }
        Self { there, gone }
    }

    /// Finds each paragraph by its text, and where nothing is left of a text that was there, by its
    /// place, the stamp of what was there.
    ///
    /// A text may be in a report several times. Each occurrence is one that was there, in its own place
    /// if it was there too; one more of them is the first again.
    fn find(
        &'e self,
        paragraphs: &[ParagraphRecord],
        texts: &[TextHash],
    ) -> (Vec<Option<&'e ParagraphHistory>>, HashMap<&'e str, Stamp>) {
        let mut left: HashMap<TextHash, Vec<&ParagraphHistory>> = HashMap::new();
        for one in self.there.iter().rev() {
            left.entry(one.text).or_default().push(one);
        }
        let firsts: HashMap<TextHash, &ParagraphHistory> =
            self.there.iter().rev().map(|one| (one.text, *one)).collect();
        let mut found: Vec<Option<&ParagraphHistory>> = Vec::with_capacity(paragraphs.len());
        for (paragraph, text) in paragraphs.iter().zip(texts) {
            let place = place(paragraph);
            let occurrences = left.get_mut(text);
            found.push(occurrences.and_then(|left| {
                let own = left.iter().position(|one| one.place == place)?;
                Some(left.remove(own))
            }));
        }
        for (found, text) in found.iter_mut().zip(texts).filter(|(found, _)| found.is_none()) {
            let occurrences = left.get_mut(text);
            *found = occurrences
                .and_then(Vec::pop)
                .or_else(|| firsts.get(text).copied())
                .or_else(|| self.gone.get(text));
        }
        let gone = left.into_values().flatten().map(|one| (one.place.as_str(), one.stamp));
        (found, gone.collect())
    }
}

/// The paragraphs of a report, and those of which it no longer has the text, each text once.
fn remembered<'e>(
    paragraphs: &[ParagraphRecord],
    texts: &[TextHash],
    stamps: &[Stamp],
    known: impl Iterator<Item = &'e ParagraphHistory>,
) -> Vec<ParagraphHistory> {
    let mut all: Vec<ParagraphHistory> = paragraphs
        .iter()
        .zip(texts)
        .zip(stamps)
        .map(|((paragraph, text), stamp)| {
            let place = place(paragraph).to_owned();
            ParagraphHistory { place, text: *text, stamp: *stamp }
        })
        .collect();
    let there: HashSet<&TextHash> = texts.iter().collect();
    let mut gone = HashMap::new();
    for one in known.filter(|one| !there.contains(&one.text)) {
        keep_earliest(&mut gone, one);
    }
    let mut gone: Vec<ParagraphHistory> = gone.into_values().collect();
    gone.sort_unstable_by_key(|one| (one.stamp.first_indexed, one.text));
    all.extend(gone);
    all
}

/// Keeps of a text that has gone when it first came.
fn keep_earliest(gone: &mut HashMap<TextHash, ParagraphHistory>, one: &ParagraphHistory) {
    let is_earlier = |kept: &ParagraphHistory| kept.stamp.first_indexed <= one.stamp.first_indexed;
    if !gone.get(&one.text).is_some_and(is_earlier) {
        gone.insert(one.text, ParagraphHistory { place: String::new(), ..one.clone() });
    }
}

/// The id of a paragraph without that of its report, which changes when another report comes that
/// would have the same.
fn place(paragraph: &ParagraphRecord) -> &str {
    paragraph.id.strip_prefix(&paragraph.report).unwrap_or(&paragraph.id)
}

fn hashes(paragraphs: &[ParagraphRecord]) -> Vec<TextHash> {
    let hash = |one: &ParagraphRecord| first_half(Sha256::new().chain_update(&one.text));
    paragraphs.iter().map(hash).collect()
}

fn first_half(hash: Sha256) -> TextHash {
    let mut half = TextHash::default();
    half.copy_from_slice(&hash.finalize()[..16]);
    half
}

/// A hash of what a report says of itself, apart from its paragraphs. Themes, regions and codes come
/// from tables, and are left out.
fn heading(report: &ReportRecord) -> TextHash {
    let mut hash = Sha256::new();
    let mut add = |text: Option<&str>| {
        hash.update(text.unwrap_or_default());
        hash.update([0, u8::from(text.is_some())]);
    };
    add(report.title.as_deref());
    add(Some(&report.framework));
    add(report.visit.map(|visit| visit.name()));
    add(report.name());
    add(report.inspection_theme.as_deref());
    for day in [report.inspection_start, report.inspection_end, report.published] {
        add(day.map(|day| day.to_string()).as_deref());
    }
    add(report.lead_inspector.as_deref());
    add(report.overall.as_ref().map(|overall| overall.label.as_str()));
    for judgement in &report.judgements {
        add(Some(&judgement.area));
        add(Some(&judgement.label));
    }
    first_half(hash)
}

/// The id that a report would have if no other had the same: without a part of its hash.
#[must_use]
pub fn plain_id(report: &ReportRecord) -> &str {
    /// Fewer digits separate no reports.
    const DIGITS: usize = 4;
    match report.id.rsplit_once('-') {
        Some((plain, digits)) if digits.len() >= DIGITS && report.sha256.starts_with(digits) => {
            plain
        }
        _ => &report.id,
    }
}

#[cfg(test)]
mod tests {
    use super::{Followed, ReportHistory, Stamp, follow, plain_id};
    use crate::records::{Body, Judgement, ParagraphRecord, ReportRecord};
    use jiff::Timestamp;

    /// The time of the build with this number.
    fn time(build: i64) -> Timestamp {
        Timestamp::from_second(build).unwrap()
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

    fn paragraph(place: &str, text: &str) -> ParagraphRecord {
        serde_json::from_value(serde_json::json!({
            "id": format!("elmet/{place}"), "report": "elmet", "sha256": "", "section": [],
            "theme": null, "topics": [], "grade": null, "number": null, "page": null,
            "page_end": null, "kind": "finding", "timescale": null, "parent": null, "text": text,
            "citation": ""
        }))
        .unwrap()
    }

    /// Follows a file with these texts, at the places 1, 2 and so on.
    fn read(earlier: &[ReportHistory], sha256: &str, texts: &[&str], build: i64) -> Followed {
        let paragraphs: Vec<ParagraphRecord> =
            (1..).zip(texts).map(|(place, text)| paragraph(&place.to_string(), text)).collect();
        follow(earlier, &report(sha256), &paragraphs, time(build))
    }

    /// The builds at which each paragraph first came and last changed.
    fn builds(followed: &Followed) -> Vec<(i64, i64)> {
        followed.paragraphs.iter().map(of).collect()
    }

    fn of(stamp: &Stamp) -> (i64, i64) {
        (stamp.first_indexed.as_second(), stamp.changed.as_second())
    }

    #[test]
    fn everything_in_a_file_that_nobody_knows_is_new() {
        let first = read(&[], "a", &["one", "two"], 1);
        assert_eq!((of(&first.report), builds(&first)), ((1, 1), vec![(1, 1), (1, 1)]));
    }

    #[test]
    fn a_file_read_again_as_before_is_as_it_was() {
        let first = read(&[], "a", &["one", "two"], 1);
        let again = read(std::slice::from_ref(&first.history), "a", &["one", "two"], 2);
        assert_eq!(again, first);
    }

    #[test]
    fn a_text_keeps_its_times_wherever_it_is() {
        let first = read(&[], "a", &["one", "two"], 1);
        let moved = read(&[first.history], "b", &["none", "one", "two"], 2);
        assert_eq!(builds(&moved), [(2, 2), (1, 1), (1, 1)]);
        assert_eq!(of(&moved.report), (1, 2), "one more has come");
    }

    #[test]
    fn another_text_in_the_place_of_one_that_has_gone_is_changed_and_not_new() {
        let first = read(&[], "a", &["one", "two", "three"], 1);
        let edited = read(&[first.history], "b", &["one", "2", "three"], 2);
        assert_eq!(builds(&edited), [(1, 1), (1, 2), (1, 1)]);
        assert_eq!(of(&edited.report), (1, 2));
    }

    #[test]
    fn a_newer_reading_of_the_same_file_changes_and_makes_nothing_new() {
        let first = read(&[], "a", &["one", "two and three", "four"], 1);
        let split = read(&[first.history], "a", &["one", "two", "and three", "four"], 2);
        assert_eq!(builds(&split), [(1, 1), (1, 2), (1, 2), (1, 1)]);
        let joined = read(&[split.history], "a", &["one two", "and three", "four"], 3);
        assert_eq!(builds(&joined), [(1, 3), (1, 2), (1, 1)]);
    }

    #[test]
    fn a_newer_reading_of_what_came_later_is_no_older_than_its_report() {
        let first = read(&[], "a", &["one"], 1);
        let replaced = read(&[first.history], "b", &["one", "two"], 2);
        let again = read(&[replaced.history], "b", &["one", "two!", "three"], 3);
        assert_eq!(builds(&again), [(1, 1), (2, 3), (1, 3)]);
    }

    #[test]
    fn a_text_that_comes_back_is_not_new() {
        let first = read(&[], "a", &["one", "two"], 1);
        let without = read(&[first.history], "b", &["one"], 2);
        assert_eq!(of(&without.report), (1, 2), "one has gone");
        let back = read(&[without.history], "c", &["one", "two"], 3);
        assert_eq!(builds(&back), [(1, 1), (1, 3)]);
    }

    #[test]
    fn a_file_that_comes_back_follows_itself_and_the_one_that_took_its_place() {
        let own = read(&[], "a", &["one", "two"], 1).history;
        let other = read(std::slice::from_ref(&own), "b", &["one", "three"], 2).history;
        let back = read(&[other, own], "a", &["one", "two"], 3);
        assert_eq!(builds(&back), [(1, 1), (1, 3)]);
        let again = read(&[back.history], "c", &["one", "two", "three"], 4);
        assert_eq!(builds(&again), [(1, 1), (1, 3), (1, 4)], "`three` was there, after `two` went");
    }

    #[test]
    fn each_occurrence_of_a_text_is_one_that_was_there() {
        let first = read(&[], "a", &["same"], 1);
        let twice = read(&[first.history], "b", &["same", "x", "same"], 2);
        assert_eq!(builds(&twice), [(1, 1), (2, 2), (1, 1)], "the text is nothing new");
        assert_eq!(of(&twice.report), (1, 2));
        let known = twice.history.clone();
        let again = read(std::slice::from_ref(&known), "b", &["same", "x", "same"], 3);
        assert_eq!(again, twice);
        let once = read(&[known], "b", &["x", "same"], 4);
        assert_eq!(builds(&once), [(2, 2), (1, 1)]);
        assert_eq!(of(&once.report), (1, 4));
    }

    #[test]
    fn a_report_changes_with_what_it_says_of_itself_and_not_with_what_tables_say_of_it() {
        let known = follow(&[], &report("a"), &[], time(1)).history;
        let changed = |change: &dyn Fn(&mut ReportRecord)| {
            let mut report = report("a");
            change(&mut report);
            of(&follow(std::slice::from_ref(&known), &report, &[], time(2)).report)
        };
        assert_eq!(changed(&|_| {}), (1, 1));
        assert_eq!(changed(&|report| report.title = Some("Letter".to_owned())), (1, 2));
        assert_eq!(changed(&|report| report.inspection_end = report.inspection_start), (1, 2));
        let judgement = |theme: Option<&str>| Judgement {
            area: "Leadership".to_owned(),
            theme: theme.map(str::to_owned),
            label: "Good".to_owned(),
            rank: Some(2),
            body: Body::Authority,
            found_in: Vec::new(),
        };
        assert_eq!(changed(&|report| report.judgements = vec![judgement(None)]), (1, 2));
        assert_eq!(changed(&|report| report.region = Some("North".to_owned())), (1, 1));
        assert_eq!(changed(&|report| report.la_code = Some("881".to_owned())), (1, 1));
        assert_eq!(changed(&|report| report.path = "b.txt".to_owned()), (1, 1));
        assert_eq!(changed(&|report| report.id = "elmet-aaaa".to_owned()), (1, 1));
    }

    #[test]
    fn topics_grades_and_the_id_of_the_report_are_no_part_of_a_text() {
        let paragraphs = [paragraph("1", "one")];
        let known = follow(&[], &report("a"), &paragraphs, time(1));
        let mut renamed = paragraph("1", "one");
        renamed.id = "elmet-aaaa/1".to_owned();
        renamed.report = "elmet-aaaa".to_owned();
        renamed.topics = vec!["neglect".to_owned()];
        renamed.theme = Some("help".to_owned());
        renamed.section = vec!["Help".to_owned()];
        let again = follow(&[known.history], &report("a"), &[renamed], time(2));
        assert_eq!((of(&again.report), builds(&again)), ((1, 1), vec![(1, 1)]));
    }

    #[test]
    fn records_tell_the_history_that_made_them() {
        let first = read(&[], "a", &["one", "two"], 1);
        let followed = read(&[first.history], "b", &["one", "three"], 2);
        let mut report = report("b");
        report.first_indexed = Some(followed.report.first_indexed);
        report.changed = Some(followed.report.changed);
        let mut paragraphs = [paragraph("1", "one"), paragraph("2", "three")];
        assert_eq!(ReportHistory::of(&report, &paragraphs, None), None, "these have no times");
        for (paragraph, stamp) in paragraphs.iter_mut().zip(&followed.paragraphs) {
            paragraph.first_indexed = Some(stamp.first_indexed);
            paragraph.changed = Some(stamp.changed);
        }
        let told = ReportHistory::of(&report, &paragraphs, Some(&followed.history)).unwrap();
        assert_eq!(told, followed.history);
        let told = ReportHistory::of(&report, &paragraphs, None).unwrap();
        let back = read(&[told], "c", &["one", "two", "three"], 3);
        assert_eq!(builds(&back), [(1, 1), (3, 3), (1, 2)], "what had gone is not in the records");
    }

    #[test]
    fn a_plain_id_has_no_part_of_the_hash() {
        let plain = |id: &str, sha256: &str| {
            let mut report = report(sha256);
            report.id = id.to_owned();
            plain_id(&report).to_owned()
        };
        assert_eq!(plain("elmet-2019-01-01", "beef1234"), "elmet-2019-01-01");
        assert_eq!(plain("elmet-2019-01-01-beef", "beef1234"), "elmet-2019-01-01");
        assert_eq!(plain("elmet-2019-01-01-beef12", "beef1234"), "elmet-2019-01-01");
        assert_eq!(plain("elmet-2019-01-01-beef", "beee1234"), "elmet-2019-01-01-beef");
    }
}
