//! How paragraphs and reports are kept in a cluster: names, fields and documents.
//!
//! The cluster gets words that are analysed already, one for each position, so that what is a word, a
//! stem or a denial is decided by this program alone.

use super::address::Address;
use super::plan::{DENIED, HOLE};
use crate::answering::held::INDEX_VERSION;

use crate::embedded::excerpt::{Marks, pages};
use crate::language::words;
use crate::ranking::length_id;
use crate::records::day::day;
use crate::records::moment::milliseconds;
use crate::records::{
    Attribute, BELOW, Grade, Kind, ParagraphRecord, ReportHead, ReportRecord, Value,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

/// The version of the fields below. Together with that of the records it names the cluster's index.
const LAYOUT: u32 = 2;

/// Shards of a new corpus: as many machines can share the work of one question.
const SHARDS: u32 = 3;

/// The longest word that the cluster keeps whole, in characters.
const LONGEST: u32 = 8_000;

/// The longest value that the cluster can look for, in bytes.
const LONGEST_VALUE: usize = 32_000;

/// The names of a corpus's parts in the cluster.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// The index of paragraphs and reports.
    pub(crate) paragraphs: String,
    /// The index of what is known of all of them.
    pub(crate) state: String,
    /// The index of histories, which outlives changes of format.
    pub(crate) history: String,
    /// The index of what machines read for a build that one of them finishes.
    pub(crate) shelf: String,
}

impl Names {
    pub(crate) fn of(address: &Address) -> Self {
        let name = address.name();
        Self {
            paragraphs: format!("{name}.paragraphs-{INDEX_VERSION}.{LAYOUT}"),
            state: format!("{name}.state-{INDEX_VERSION}.{LAYOUT}"),
            history: format!("{name}.history-1"),
            shelf: format!("{name}.parts-1"),
        }
    }
}

/// The value by which an index of ours is known.
pub(crate) fn mark() -> Json {
    json!({"program": "findings", "format": INDEX_VERSION, "layout": LAYOUT})
}

/// What an index of paragraphs is made with.
pub(crate) fn paragraphs() -> Json {
    let text = || json!({"type": "text", "analyzer": "positions", "norms": false});
    let keyword = || json!({"type": "keyword"});
    let looked_for = || json!({"type": "keyword", "doc_values": false});
    let number = |kind: &str| json!({"type": kind});
    let mut fields = Map::new();
    let mut add = |name: &str, field: Json| fields.insert(name.to_owned(), field);
    add("doc", keyword());
    add("id", looked_for());
    add("from", number("long"));
    add("stem", text());
    add("exact", text());
    add("denial", text());
    add("marks", looked_for());
    add("denied", looked_for());
    add("heading", keyword());
    add("number", keyword());
    add("page", number("integer"));
    add("grade_rank", number("short"));
    add("overall_rank", number("short"));
    add("date", number("integer"));
    add("year", number("integer"));
    add("order", number("integer"));
    add("words", number("integer"));
    add("length", number("short"));
    add("boilerplate", number("byte"));
    add("unnamed", number("byte"));
    add("first_indexed", number("long"));
    add("changed", number("long"));
    for attribute in columns() {
        add(attribute.name(), keyword());
    }
    add("outermost", keyword());
    for stored in ["record", "head"] {
        // Kept as it comes, whatever it is.
        add(stored, json!({"type": "object", "enabled": false}));
    }
    json!({
        "settings": {
            "number_of_shards": SHARDS,
            "auto_expand_replicas": "0-1",
            // What is written is seen at the end of a build, everywhere at once.
            "refresh_interval": "-1",
            "sort.field": ["report", "order"],
            "analysis": {
                "tokenizer": {
                    "positions": {"type": "whitespace", "max_token_length": LONGEST},
                },
                "filter": {"holes": {"type": "stop", "stopwords": [HOLE.to_string()]}},
                "analyzer": {
                    "positions": {"type": "custom", "tokenizer": "positions", "filter": ["holes"]},
                },
            },
        },
        "mappings": {
            "_meta": mark(),
            "dynamic": "strict",
            // Only records are given back; what is looked for is made from them.
            "_source": {"includes": ["record", "head"]},
            "_routing": {"required": true},
            "properties": fields,
        },
    })
}

/// What an index of state or of histories is made with.
pub(crate) fn state() -> Json {
    json!({
        "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
        "mappings": {
            "_meta": mark(),
            "dynamic": "strict",
            "properties": {
                "state": {"type": "object", "enabled": false},
                "part": {"type": "binary"},
                "file": {"type": "keyword"},
                "plain_id": {"type": "keyword"},
                "held": {"type": "boolean"},
            },
        },
    })
}

/// What the index of a shelf is made with.
pub(crate) fn shelf() -> Json {
    json!({
        "settings": {"number_of_shards": SHARDS, "auto_expand_replicas": "0-1"},
        "mappings": {
            "_meta": mark(),
            "dynamic": "strict",
            "properties": {
                "part": {"type": "binary"},
                "of": {"type": "integer", "index": false, "doc_values": false},
            },
        },
    })
}

/// The attributes of which the values are kept.
fn columns() -> impl Iterator<Item = Attribute> {
    Attribute::ALL.into_iter().filter(|attribute| attribute.is_column())
}

/// A record as it is kept where it is read rarely.
pub(crate) fn packed(record: &impl Serialize) -> Result<String, postcard::Error> {
    Ok(STANDARD.encode(postcard::to_allocvec(record)?))
}

/// Reads a record as it is kept.
pub(crate) fn unpacked<T: DeserializeOwned>(text: &Json) -> Result<T, String> {
    let text = text.as_str().ok_or("a record is missing")?;
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    postcard::from_bytes(&bytes).map_err(|error| error.to_string())
}

/// A record as a document holds it: each byte as the character of that number. Words stay words, which a
/// cluster keeps in less room than Base64, since it has most of them before it already.
fn as_text(record: &impl Serialize) -> Result<String, postcard::Error> {
    Ok(postcard::to_allocvec(record)?.into_iter().map(char::from).collect())
}

/// Reads a record as a document holds it.
pub(crate) fn of_text<T: DeserializeOwned>(text: &Json) -> Result<T, String> {
    let text = text.as_str().ok_or("a record is missing")?;
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    let bytes = bytes.map_err(|_| "a record holds what is no byte")?;
    postcard::from_bytes(&bytes).map_err(|error| error.to_string())
}

/// Bytes as they are kept.
pub(crate) fn packed_bytes(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads bytes as they are kept.
pub(crate) fn unpacked_bytes(text: &Json) -> Result<Vec<u8>, String> {
    let text = text.as_str().ok_or("a part is missing")?;
    STANDARD.decode(text).map_err(|error| error.to_string())
}

/// The words at their positions, one after the other, with a sign where there is none.
fn laid_out(words: impl Iterator<Item = (usize, String)>) -> String {
    let mut text = String::new();
    let mut next = 0;
    for (position, word) in words {
        while next < position {
            text.push(HOLE);
            text.push(' ');
            next += 1;
        }
        // Of several at one position the first is enough.
        if next == position {
            text.push_str(&word);
            text.push(' ');
            next += 1;
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn short(value: &str) -> &str {
    let end = (0..=value.len().min(LONGEST_VALUE)).rev().find(|end| value.is_char_boundary(*end));
    &value[..end.unwrap_or(0)]
}

/// The values of an attribute as they are kept: at least one, which is empty if there is none.
pub(crate) fn names(attribute: Attribute, value: Value<'_>) -> Vec<String> {
    let one = |name: &str| vec![short(name).to_owned()];
    match value {
        Value::Names(names) if !names.is_empty() => {
            names.iter().map(|name| short(name).to_owned()).collect()
        }
        Value::Headings(headings) => one(&headings.join(BELOW)),
        Value::Grade(Some(grade)) => one(&grade.label),
        Value::Name(Some(name)) => one(&attribute.normal(name)),
        Value::Id(id) => one(id),
        _ => one(""),
    }
}

/// The document of a paragraph that comes with a build.
pub(crate) fn paragraph(
    report: &ReportHead,
    paragraph: &ParagraphRecord,
    order: usize,
    from: u64,
    marks: &mut Marks,
) -> Result<Json, postcard::Error> {
    let mut fields = Map::new();
    let mut add = |name: &str, field: Json| fields.insert(name.to_owned(), field);
    let text = &paragraph.text;
    let marked = marks.of(text, paragraph.kind);
    let stems = marks.stems(text);
    add("doc", json!("paragraph"));
    add("id", json!(paragraph.id));
    add("from", json!(from));
    add("length", json!(length_id(u32::try_from(stems.len()).unwrap_or(u32::MAX))));
    add("stem", json!(laid_out(stems.into_iter())));
    add("exact", json!(laid_out(words::exact(text).into_iter().enumerate())));
    let denials = marked.denials.into_iter().map(|position| (position, DENIED.to_string()));
    add("denial", json!(laid_out(denials)));
    add("marks", json!(marked.terms));
    add("denied", json!(paragraph.topics_denied));
    add("heading", paragraph.section.iter().map(|heading| json!(short(heading))).collect());
    if let Some(number) = &paragraph.number {
        add("number", json!(short(&words::key(number))));
    }
    add("page", json!(pages(paragraph)));
    let value = |attribute: Attribute| attribute.value(Some(paragraph), report);
    for (name, attribute) in
        [("grade_rank", Attribute::Grade), ("overall_rank", Attribute::Overall)]
    {
        if let Value::Grade(Some(Grade { rank: Some(rank), .. })) = value(attribute) {
            add(name, json!(rank));
        }
    }
    let date = day(report.date());
    add("date", json!(date));
    add("year", json!(date / 10_000));
    add("order", json!(order));
    add("words", json!(text.split_whitespace().count()));
    add("boilerplate", json!(u8::from(paragraph.kind == Kind::Boilerplate)));
    add("unnamed", json!(u8::from(report.authority.is_none())));
    add("first_indexed", json!(paragraph.first_indexed.map_or(0, milliseconds)));
    add("changed", json!(paragraph.changed.map_or(0, milliseconds)));
    for attribute in columns() {
        add(attribute.name(), json!(names(attribute, value(attribute))));
    }
    add("outermost", json!(paragraph.section.first().map_or("", |heading| short(heading))));
    add("record", json!(as_text(paragraph)?));
    Ok(Json::Object(fields))
}

/// The document of a report that comes with a build.
pub(crate) fn report(report: &ReportRecord, from: u64) -> Result<Json, postcard::Error> {
    let head = ReportHead::from(report);
    Ok(json!({
        "doc": "report",
        "id": report.id,
        "from": from,
        "report": report.id,
        "order": 0,
        "record": as_text(report)?,
        "head": as_text(&head)?,
    }))
}

/// Whether settings are as they were given: the cluster gives numbers and truth values back as text.
pub(crate) fn is_same(given: &Json, found: &Json) -> bool {
    match (given, found) {
        (Json::Object(given), Json::Object(found)) => {
            given.len() == found.len()
                && given
                    .iter()
                    .all(|(name, value)| found.get(name).is_some_and(|found| is_same(value, found)))
        }
        (Json::Array(given), Json::Array(found)) => {
            given.len() == found.len()
                && given.iter().zip(found).all(|(given, found)| is_same(given, found))
        }
        (Json::Number(given), Json::String(found)) => given.to_string() == *found,
        (given, found) => given == found,
    }
}

/// The first field that is not as it was made, if any is.
pub(crate) fn changed(expected: &Json, found: &Json) -> Option<String> {
    let fields = |of: &Json| of["properties"].as_object().cloned().unwrap_or_default();
    let (expected, found) = (fields(expected), fields(found));
    let differs = |(name, made): &(&String, &Json)| {
        let settings = made.as_object().into_iter().flatten();
        // What is not written is as the cluster has it by default, and is not given back.
        let default = |name: &str| match name {
            "norms" | "doc_values" | "index" => json!(true),
            _ => Json::Null,
        };
        let held = &found.get(*name).cloned().unwrap_or(Json::Null);
        settings.into_iter().any(|(setting, value)| {
            let own = held.get(setting).cloned().unwrap_or_else(|| default(setting));
            own != *value
        }) || held.as_object().is_none_or(|held| {
            held.iter().any(|(setting, value)| {
                made.get(setting).cloned().unwrap_or_else(|| default(setting)) != *value
            })
        })
    };
    expected.iter().find(differs).map(|(name, _)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_VALUE, changed, is_same, laid_out, of_text, paragraph, paragraphs, short};
    use crate::embedded::store::schema::Marks;
    use crate::records::{ParagraphRecord, ReportHead};
    use serde_json::{Value, json};

    #[test]
    fn settings_are_the_same_as_the_cluster_gives_them_back_and_no_others() {
        let given =
            json!({"tokenizer": {"t": {"type": "whitespace", "max_token_length": 8}}, "of": ["a"]});
        let back = |length: &str| json!({"of": ["a"], "tokenizer": {"t": {"type": "whitespace", "max_token_length": length}}});
        assert!(is_same(&given, &given) && is_same(&given, &back("8")));
        assert!(!is_same(&given, &back("9")));
        assert!(!is_same(&given, &json!({"of": ["a"]})));
        let mut more = back("8");
        more["filter"] = json!({"f": {"type": "lowercase"}});
        assert!(!is_same(&given, &more));
        assert!(!is_same(&given, &Value::Null));
    }

    fn head() -> ReportHead {
        let head = json!({
            "id": "elmet", "path": "elmet.pdf", "framework": "ilacs", "authority": "Elmet",
            "inspection_start": "2019-03-04",
        });
        serde_json::from_value(head).unwrap()
    }

    fn record(text: &str) -> ParagraphRecord {
        let record = json!({
            "id": "elmet/1", "report": "elmet", "sha256": "0", "kind": "finding", "text": text,
            "section": ["Help", "Homes"], "topics": [], "topics_denied": ["late"], "page": 3,
            "page_end": 4, "number": "12", "citation": "Elmet, paragraph 12",
            "grade": {"label": "Good", "rank": 2, "area": "Help"},
        });
        serde_json::from_value(record).unwrap()
    }

    fn document(text: &str) -> Value {
        paragraph(&head(), &record(text), 0, 7, &mut Marks::default()).unwrap()
    }

    #[test]
    fn each_word_has_its_position_and_a_possessive_leaves_a_hole_among_stems() {
        let document = document("The children’s homes are good.");
        assert_eq!(document["exact"], "the children s homes are good");
        assert_eq!(document["stem"], "the children * home are good");
        assert_eq!(document["denial"], "");
        let kept: ParagraphRecord = of_text(&document["record"]).unwrap();
        assert_eq!(kept.text, "The children’s homes are good.");
    }

    #[test]
    fn denied_words_are_marked_where_they_are() {
        let document = document("There are no children in unregistered homes.");
        insta::assert_snapshot!(document["stem"], @r#""there are no children in unregist home""#);
        insta::assert_snapshot!(document["denial"], @r#""* * * ! ! ! !""#);
        insta::assert_snapshot!(document["marks"], @r#"["!","!children","-children","-home","-in","-unregist","0","0children","0home","0in","0unregist"]"#);
    }

    #[test]
    fn values_are_kept_by_name_and_none_is_empty() {
        let mut document = document("A visit.");
        let record: ParagraphRecord = of_text(&document["record"]).unwrap();
        assert_eq!(record, self::record("A visit."));
        assert_eq!(document["theme"], json!([""]));
        let fields = document.as_object_mut().unwrap();
        fields.retain(|name, value| name != "record" && *value != json!([""]));
        insta::assert_snapshot!(document, @r#"{"authority":["Elmet"],"boilerplate":0,"changed":0,"date":20190304,"denial":"","denied":["late"],"doc":"paragraph","exact":"a visit","first_indexed":0,"framework":["ilacs"],"from":7,"grade":["Good"],"grade_rank":2,"heading":["Help","Homes"],"id":"elmet/1","kind":["finding"],"length":2,"marks":[],"number":"12","order":0,"outermost":"Help","page":[3,4],"report":["elmet"],"section":["Help › Homes"],"stem":"a visit","unnamed":0,"words":2,"year":2019}"#);
    }

    #[test]
    fn of_several_words_at_one_position_the_first_is_kept() {
        let words = [(1, "a"), (1, "b"), (4, "c")].map(|(at, word)| (at, word.to_owned()));
        assert_eq!(laid_out(words.into_iter()), "* a * * c");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let long = "é".repeat(LONGEST_VALUE);
        assert_eq!(short(&long).len(), LONGEST_VALUE);
        assert_eq!(short(&format!("x{long}")).len(), LONGEST_VALUE - 1);
    }

    #[test]
    fn a_field_that_was_changed_by_hand_is_named() {
        let made = paragraphs()["mappings"].clone();
        assert_eq!(changed(&made, &made), None);
        let mut other = made.clone();
        other["properties"]["stem"]["analyzer"] = json!("standard");
        assert_eq!(changed(&made, &other).as_deref(), Some("stem"));
        let mut other = made.clone();
        other["properties"].as_object_mut().unwrap().remove("page");
        assert_eq!(changed(&made, &other).as_deref(), Some("page"));
    }
}
