//! How moments are written: as RFC 3339 where people read them, as milliseconds in the index.
//!
//! Every paragraph has two of them. In words they would take more room in the index than its headings.

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The whole millisecond at or before a moment.
pub fn whole(moment: Timestamp) -> Timestamp {
    let millisecond = SignedDuration::from_millis(moment.as_millisecond());
    Timestamp::from_duration(millisecond).unwrap_or(moment)
}

/// The number of the first whole millisecond at or after a moment; 0 for moments before 1970.
pub fn milliseconds(moment: Timestamp) -> u64 {
    let up = TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Ceil);
    u64::try_from(moment.round(up).unwrap_or(moment).as_millisecond()).unwrap_or(0)
}

pub(super) fn serialize<S: Serializer>(
    moment: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match serializer.is_human_readable() {
        true => moment.serialize(serializer),
        false => moment.map(Timestamp::as_millisecond).serialize(serializer),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    if deserializer.is_human_readable() {
        return Option::deserialize(deserializer);
    }
    let moment = Option::<i64>::deserialize(deserializer)?;
    moment.map(Timestamp::from_millisecond).transpose().map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, whole};
    use crate::records::ReportRecord;
    use jiff::Timestamp;

    #[test]
    fn what_came_in_a_millisecond_came_before_any_later_moment_within_it() {
        let moment = |nanosecond| Timestamp::new(1, nanosecond).unwrap();
        assert_eq!(milliseconds(moment(2_000_000)), 1_002);
        assert_eq!(milliseconds(moment(2_000_001)), 1_003);
        assert_eq!(whole(moment(2_999_999)), moment(2_000_000));
        assert_eq!(milliseconds(Timestamp::MIN), 0);
    }

    #[test]
    fn json_has_moments_as_people_write_them_and_may_lack_them() {
        let json = r#"{"id": "a", "path": "", "sha256": "", "title": null, "framework": "sif",
            "visit": null, "authority": null, "la_code": null, "region": null,
            "inspection_start": null, "inspection_end": null, "published": null,
            "published_from": null, "lead_inspector": null, "overall": null, "judgements": [],
            "sections": [], "pages": null, "paragraphs": 0, "words": 0, "warnings": []}"#;
        let mut report: ReportRecord = serde_json::from_str(json).unwrap();
        assert_eq!(report.first_indexed, None);
        report.first_indexed = Some(Timestamp::new(1, 250_000_000).unwrap());
        let json = serde_json::to_string(&report).unwrap();
        assert!(
            json.ends_with(r#""first_indexed":"1970-01-01T00:00:01.25Z","changed":null}"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<ReportRecord>(&json).unwrap(), report);
    }
}
