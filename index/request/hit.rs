//! The JSON of a hit: the paragraph's own fields, with the report as an object in place of its id.

use crate::records::{Boxes, Grade, Kind, ParagraphRecord, ReportHead};
use crate::request::{Explanation, Hit};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
struct HitJson<'a> {
    rank: usize,
    score: f32,
    id: Cow<'a, str>,
    report: Cow<'a, ReportHead>,
    sha256: Cow<'a, str>,
    section: Cow<'a, [String]>,
    theme: Cow<'a, Option<String>>,
    topics: Cow<'a, [String]>,
    #[serde(default)]
    topics_denied: Cow<'a, [String]>,
    grade: Cow<'a, Option<Grade>>,
    number: Cow<'a, Option<String>>,
    page: Option<u32>,
    page_end: Option<u32>,
    kind: Kind,
    timescale: Cow<'a, Option<String>>,
    #[serde(default)]
    addressee: Cow<'a, Option<String>>,
    parent: Cow<'a, Option<String>>,
    #[serde(default)]
    refers: Cow<'a, [String]>,
    #[serde(default)]
    boxes: Cow<'a, Option<Boxes>>,
    text: Cow<'a, str>,
    citation: Cow<'a, str>,
    #[serde(default)]
    verbatim: Option<bool>,
    #[serde(default)]
    first_indexed: Option<Timestamp>,
    #[serde(default)]
    changed: Option<Timestamp>,
    spans: Cow<'a, [[usize; 2]]>,
    #[serde(default)]
    alike: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    near: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    explanation: Option<Cow<'a, Explanation>>,
}

impl Serialize for Hit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Destructured in full, so that a field added to the record cannot be forgotten here.
        let ParagraphRecord {
            id,
            report: _,
            sha256,
            section,
            theme,
            topics,
            topics_denied,
            grade,
            number,
            page,
            page_end,
            kind,
            timescale,
            addressee,
            parent,
            refers,
            boxes,
            text,
            citation,
            verbatim,
            first_indexed,
            changed,
        } = &self.paragraph;
        HitJson {
            rank: self.rank,
            score: self.score,
            id: Cow::Borrowed(id),
            report: Cow::Borrowed(&self.head),
            sha256: Cow::Borrowed(sha256),
            section: Cow::Borrowed(section),
            theme: Cow::Borrowed(theme),
            topics: Cow::Borrowed(topics),
            topics_denied: Cow::Borrowed(topics_denied),
            grade: Cow::Borrowed(grade),
            number: Cow::Borrowed(number),
            page: *page,
            page_end: *page_end,
            kind: *kind,
            timescale: Cow::Borrowed(timescale),
            addressee: Cow::Borrowed(addressee),
            parent: Cow::Borrowed(parent),
            refers: Cow::Borrowed(refers),
            boxes: Cow::Borrowed(boxes),
            text: Cow::Borrowed(text),
            citation: Cow::Borrowed(citation),
            verbatim: *verbatim,
            first_indexed: *first_indexed,
            changed: *changed,
            spans: Cow::Borrowed(&self.spans),
            alike: Cow::Borrowed(&self.alike),
            near: Cow::Borrowed(&self.near),
            explanation: self.explanation.as_ref().map(Cow::Borrowed),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Hit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = HitJson::deserialize(deserializer)?;
        let head = json.report.into_owned();
        Ok(Self {
            rank: json.rank,
            score: json.score,
            paragraph: ParagraphRecord {
                id: json.id.into_owned(),
                report: head.id.clone(),
                sha256: json.sha256.into_owned(),
                section: json.section.into_owned(),
                theme: json.theme.into_owned(),
                topics: json.topics.into_owned(),
                topics_denied: json.topics_denied.into_owned(),
                grade: json.grade.into_owned(),
                number: json.number.into_owned(),
                page: json.page,
                page_end: json.page_end,
                kind: json.kind,
                timescale: json.timescale.into_owned(),
                addressee: json.addressee.into_owned(),
                parent: json.parent.into_owned(),
                refers: json.refers.into_owned(),
                boxes: json.boxes.into_owned(),
                text: json.text.into_owned(),
                citation: json.citation.into_owned(),
                verbatim: json.verbatim,
                first_indexed: json.first_indexed,
                changed: json.changed,
            },
            head,
            spans: json.spans.into_owned(),
            alike: json.alike.into_owned(),
            near: json.near.into_owned(),
            explanation: json.explanation.map(Cow::into_owned),
        })
    }
}

/// The schema: that of the paragraph, with what a hit adds and replaces.
#[cfg(feature = "schema")]
mod schema {
    use super::Hit;
    use crate::records::{ParagraphRecord, ReportHead};
    use crate::request::Explanation;
    use utoipa::openapi::schema::{Object, Schema};
    use utoipa::openapi::{Ref, RefOr};
    use utoipa::{PartialSchema, ToSchema};

    /// What a hit has besides a paragraph.
    #[derive(ToSchema)]
    #[allow(dead_code, reason = "only its schema is used")]
    struct Found {
        /// The place in the order of results, counted from 1.
        rank: usize,
        /// How relevant it is; 0 where results are not ranked.
        score: f32,
        /// The matches in `text`, from and to, in characters counted from 0.
        spans: Vec<[usize; 2]>,
        /// Ids of paragraphs that say nearly the same.
        alike: Vec<String>,
        /// The words of `text` closest in meaning to the question, where closeness brought it here.
        #[schema(required = false)]
        near: Vec<String>,
        /// How it was ranked, if that was asked for.
        explanation: Option<Explanation>,
    }

    fn object(schema: RefOr<Schema>) -> Object {
        match schema {
            RefOr::T(Schema::Object(object)) => object,
            _ => Object::new(),
        }
    }

    impl PartialSchema for Hit {
        fn schema() -> RefOr<Schema> {
            let mut hit = object(ParagraphRecord::schema());
            hit.properties.extend(object(Found::schema()).properties);
            let head = Ref::from_schema_name(<ReportHead as ToSchema>::name());
            hit.properties.insert("report".to_owned(), RefOr::Ref(head));
            hit.description = Some("A paragraph that matches, with its report.".to_owned());
            RefOr::T(Schema::Object(hit))
        }
    }

    impl ToSchema for Hit {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            ParagraphRecord::schemas(schemas);
            Found::schemas(schemas);
            schemas.push((<ReportHead as ToSchema>::name().into_owned(), ReportHead::schema()));
            ReportHead::schemas(schemas);
        }
    }
}
