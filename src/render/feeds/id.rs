//! Ids of feeds and of their entries, which never change for the same thing.

use crate::ask::Question;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// What a URN cannot hold as it is. Ids of paragraphs have a slash, which RFC 8141 allows.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The id of the entry of a paragraph or report.
pub(super) fn of_record(id: &str) -> String {
    format!("urn:findings:{}", utf8_percent_encode(id, ENCODED))
}

/// The id of the feed of a search: the same for the same words and conditions, in whatever order they
/// were given and whichever part of the answer is shown.
///
/// Made of what differs from a question in which nothing is asked, so that what later programs add to
/// questions changes no id.
pub(super) fn of_search(question: &Question) -> String {
    let usual = Question::default();
    let mut asked = Question {
        text: question.text.trim().to_owned(),
        reading: question.reading,
        not_also: question.not_also.clone(),
        conditions: question.conditions.clone(),
        ..usual.clone()
    };
    let conditions = &mut asked.conditions;
    let lists = conditions.values.values_mut().chain(conditions.not.values_mut());
    for list in lists.chain([&mut conditions.neighbours_of, &mut asked.not_also]) {
        list.sort_unstable();
        list.dedup();
    }
    let of = |question: &Question| serde_json::to_value(question).unwrap_or_default();
    let own = apart(of(&asked), &of(&usual)).unwrap_or_else(|| Map::new().into());
    let mut hash = hex::encode(Sha256::digest(own.to_string()));
    hash.truncate(32);
    format!("urn:findings:search:{hash}")
}

/// What of a value differs from another; `None` where nothing does. The keys of objects are in the
/// order of their names.
fn apart(own: Value, usual: &Value) -> Option<Value> {
    if own == *usual {
        return None;
    }
    let Value::Object(fields) = own else { return Some(own) };
    let fields = fields.into_iter().filter_map(|(name, value)| {
        let usual = usual.get(&name).unwrap_or(&Value::Null);
        Some((name, apart(value, usual)?))
    });
    let mut fields: Vec<(String, Value)> = fields.collect();
    fields.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Some(Value::Object(Map::from_iter(fields)))
}
