//! The schemas of the answers, made from their types.
//!
//! The derived schemas say less than is true of our JSON: a field without a value is `null` and not
//! left out. So here every field is required but the few that are left out, and what one type takes
//! over from another is put into one object.

use super::answers::{FacetAnswer, Health, List, Noted, Paged, Remarked, WithNewest};
use super::operations::{Form, OTHER_CONDITIONS, QUERY_LENGTH};
use crate::answer::batch::Counts;
use crate::answer::compare::Comparison;
use crate::answer::concordance::Concordance;
use crate::answer::counts::{TopicCount, TopicDetail};
use crate::answer::coverage::Coverage;
use crate::answer::distinctive::Distinction;
use crate::answer::grades::Grades;
use crate::answer::recommendations::{Recommendation, Recommendations};
use crate::answer::timeline::Timeline;
use crate::ask::Answer;
use crate::ask::notes::Note;
use crate::ask::question::excluding;
use crate::render::html::page::Problem;
use crate::render::passage::Passage;
use crate::serve::posted::QUERIES;
use findings_index::records::{Attribute, ParagraphRecord, ReportRecord, Use};
use findings_index::request::{SearchResponse, Similar};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AllOf, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Fields that are left out where there is nothing to say; all others are always there.
const LEFT_OUT: [(&str, &str); 20] = [
    ("Hit", "explanation"),
    ("Hit", "near"),
    ("FacetCount", "chosen"),
    ("FacetCount", "excluded"),
    ("SearchAnswer", "sample"),
    ("Problem", "parameter"),
    ("Problem", "typed"),
    ("Problem", "span"),
    ("Problem", "suggestion"),
    ("Problem", "errors"),
    ("Conditions", ""),
    ("Filters", "not"),
    ("Filters", "new_since"),
    ("Filters", "without_denials"),
    ("TimelineAnswer", "query"),
    ("TimelineAnswer", "expansions"),
    ("TimelineAnswer", "topics_used"),
    ("TimelineAnswer", "unheld"),
    ("TimelineAnswer", "uncounted"),
    ("TimelineAnswer", "otherwise"),
];

/// The records of which `fields` may choose some fields.
const CHOSEN: [&str; 6] =
    ["Hit", "Line", "ReportRecord", "ParagraphRecord", "TopicCount", "Recommendation"];

/// The start of a reference to a schema.
const OF: &str = "#/components/schemas/";

static ALL: LazyLock<Map<String, Value>> = LazyLock::new(made);

/// All schemas, by name.
pub(super) fn all() -> &'static Map<String, Value> {
    &ALL
}

/// The names of the fields of a record, and of the fields of objects within it, after a dot.
pub(super) fn fields(record: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (name, schema) in properties(record) {
        names.push(name.clone());
        let inner = reference(schema).map(properties).into_iter().flatten();
        names.extend(inner.map(|(inner, _)| format!("{name}.{inner}")));
    }
    names
}

fn properties(record: &str) -> impl Iterator<Item = (&'static String, &'static Value)> {
    let schema = all().get(record).and_then(|schema| schema.get("properties"));
    schema.and_then(Value::as_object).into_iter().flatten()
}

/// The name of the schema that a schema refers to, whether or not it may be `null` as well.
fn reference(schema: &Value) -> Option<&str> {
    let own = schema.get("$ref").and_then(Value::as_str);
    let choices = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let choices = choices.filter_map(|choice| choice.get("$ref").and_then(Value::as_str));
    own.into_iter().chain(choices).next()?.strip_prefix(OF)
}

fn to(name: &str) -> Value {
    json!({ "$ref": format!("{OF}{name}") })
}

/// Adds a type under a name, with all that it refers to.
fn put<T: ToSchema>(name: &str, to: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(to);
    to.push((name.to_owned(), T::schema()));
}

/// Adds an answer with what is put around it. The derived schema of a generic type refers to what it
/// takes over by a name that does not say of which type it is, so the parts are given one by one.
fn put_around<T: ToSchema>(
    name: &str,
    around: &[RefOr<Schema>],
    to: &mut Vec<(String, RefOr<Schema>)>,
) {
    T::schemas(to);
    let parts = std::iter::once(T::schema()).chain(around.iter().cloned());
    let all = parts.fold(AllOf::new(), |mut all, part| {
        all.items.push(part);
        all
    });
    to.push((name.to_owned(), RefOr::T(Schema::AllOf(all))));
}

/// The schemas of all answers as they are derived, each with all that it refers to.
fn derived() -> Vec<(String, RefOr<Schema>)> {
    let mut derived = Vec::new();
    let paged = Paged::<()>::schema();
    let noted = Noted::<()>::schema();
    let asked = Answer::<()>::schema();
    Answer::<()>::schemas(&mut derived);
    Note::schemas(&mut derived);
    put_around::<SearchResponse>("SearchAnswer", &[asked.clone(), paged.clone()], &mut derived);
    put_around::<Concordance>("KwicAnswer", &[asked, paged.clone()], &mut derived);
    put_around::<Similar>("SimilarAnswer", &[noted.clone(), paged], &mut derived);
    put_around::<Coverage>("CoverageAnswer", &[noted], &mut derived);
    let remarked = Remarked::<()>::schema();
    let newest = WithNewest::<()>::schema();
    put::<Comparison>("Comparison", &mut derived);
    put_around::<Comparison>("CompareAnswer", &[remarked.clone(), newest], &mut derived);
    put_around::<Timeline>("TimelineAnswer", std::slice::from_ref(&remarked), &mut derived);
    put_around::<Grades>("GradesAnswer", std::slice::from_ref(&remarked), &mut derived);
    put_around::<Distinction>("DistinctiveAnswer", std::slice::from_ref(&remarked), &mut derived);
    let of_pages = [remarked, Paged::<()>::schema()];
    put_around::<Recommendations>("RecommendationsAnswer", &of_pages, &mut derived);
    put::<Recommendation>("Recommendation", &mut derived);
    put::<FacetAnswer>("FacetAnswer", &mut derived);
    put::<List<ReportRecord>>("ReportsAnswer", &mut derived);
    put::<List<ParagraphRecord>>("ParagraphsAnswer", &mut derived);
    put::<List<TopicCount>>("TopicsAnswer", &mut derived);
    put::<ReportRecord>("ReportRecord", &mut derived);
    put::<ParagraphRecord>("ParagraphRecord", &mut derived);
    put::<TopicCount>("TopicCount", &mut derived);
    put::<Passage>("Passage", &mut derived);
    put::<TopicDetail>("TopicDetail", &mut derived);
    put::<Counts>("Counts", &mut derived);
    put::<Health>("Health", &mut derived);
    put::<Problem>("Problem", &mut derived);
    derived
}

fn made() -> Map<String, Value> {
    let written = |(name, schema)| Some((name, serde_json::to_value(schema).ok()?));
    let raw: Map<String, Value> = derived().into_iter().filter_map(written).collect();
    let mut all = Map::new();
    for (name, schema) in &raw {
        let mut whole = whole(schema, &raw);
        complete(name, &mut whole);
        all.insert(name.clone(), whole);
    }
    all.insert("BatchRequest".to_owned(), batch());
    all.insert(
        "Description".to_owned(),
        json!({
            "type": "object", "required": ["openapi", "info", "paths", "components"],
            "description": "A document of OpenAPI 3.1."
        }),
    );
    choosing(&mut all);
    let mut used: BTreeSet<String> =
        super::OPERATIONS.map(|(operation, _)| operation.answer.to_owned()).into();
    used.extend(["Problem", "BatchRequest"].map(str::to_owned));
    let mut open: Vec<String> = used.iter().cloned().collect();
    while let Some(name) = open.pop() {
        each(all.get(&name).unwrap_or(&Value::Null), &mut |value| {
            let name = value.get("$ref").and_then(Value::as_str);
            if let Some(name) = name.and_then(|name| name.strip_prefix(OF))
                && used.insert(name.to_owned())
            {
                open.push(name.to_owned());
            }
        });
    }
    all.retain(|name, _| used.contains(name));
    all.values_mut().for_each(plain);
    all
}

/// Visits a value and all within it.
fn each<'v>(value: &'v Value, visit: &mut impl FnMut(&'v Value)) {
    visit(value);
    match value {
        Value::Array(values) => values.iter().for_each(|value| each(value, visit)),
        Value::Object(fields) => fields.values().for_each(|value| each(value, visit)),
        _ => {}
    }
}

/// Puts the parts of an object that come from several types into one.
fn whole(schema: &Value, raw: &Map<String, Value>) -> Value {
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
        return schema.clone();
    };
    let mut properties = Map::new();
    for part in parts {
        let part = match reference(part).and_then(|name| raw.get(name)) {
            Some(named) => whole(named, raw),
            None => whole(part, raw),
        };
        if let Some(Value::Object(own)) = part.get("properties") {
            properties.extend(own.clone());
        }
    }
    let mut one = json!({ "type": "object", "properties": properties });
    if let Some(said) = schema.get("description") {
        one["description"] = said.clone();
    }
    one
}

/// Says which fields are always there.
fn complete(name: &str, schema: &mut Value) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let is_there = |field: &&String| !LEFT_OUT.contains(&(name, field.as_str()));
    let required: Vec<&String> = properties.keys().filter(is_there).collect();
    schema["required"] = if name == "Conditions" { json!([]) } else { json!(required) };
}

/// Lets results have only the fields that were chosen.
fn choosing(all: &mut Map<String, Value>) {
    for name in CHOSEN {
        let Some(mut part) = all.get(name).cloned() else { continue };
        let Some(fields) = part.as_object_mut() else { continue };
        fields.remove("required");
        fields.insert(
            "description".to_owned(),
            json!(format!("The fields of {name} that `fields` chose.")),
        );
        if let Some(Value::Object(properties)) = fields.get_mut("properties") {
            for property in properties.values_mut() {
                let Some(inner) = reference(property).map(str::to_owned) else { continue };
                let is_object =
                    all.get(&inner).is_some_and(|inner| inner.get("properties").is_some());
                if is_object {
                    *property = json!({ "anyOf": [property.clone(), { "type": "object" }] });
                }
            }
        }
        all.insert(format!("{name}Part"), part);
    }
    let lists = [
        ("SearchAnswer", "hits", "Hit"),
        ("Group", "hits", "Hit"),
        ("SimilarAnswer", "hits", "Hit"),
        ("KwicAnswer", "lines", "Line"),
        ("ReportsAnswer", "items", "ReportRecord"),
        ("ParagraphsAnswer", "items", "ParagraphRecord"),
        ("TopicsAnswer", "items", "TopicCount"),
        ("RecommendationsAnswer", "recommendations", "Recommendation"),
        ("Chain", "recommendations", "Recommendation"),
    ];
    for (answer, list, item) in lists {
        if let Some(list) =
            all.get_mut(answer).and_then(|answer| answer["properties"].get_mut(list))
        {
            list["items"] = json!({ "anyOf": [to(item), to(&format!("{item}Part"))] });
        }
    }
}

/// The body of a batch. It is no answer, so nothing in it is there unless it is said to be needed.
fn batch() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let texts = json!({
        "oneOf": [text, { "type": "array", "items": text }, { "type": "null" }]
    });
    let mut query = Map::new();
    query.insert("name".to_owned(), json!({ "type": "string", "minLength": 1 }));
    let text = json!({ "type": "string", "minLength": 1, "maxLength": QUERY_LENGTH });
    query.insert("query".to_owned(), text);
    for attribute in Attribute::of(Use::Condition) {
        query.insert(attribute.name().to_owned(), texts.clone());
        query.insert(excluding(attribute), texts.clone());
    }
    for condition in OTHER_CONDITIONS {
        let mut form = match condition.form {
            Form::Flag => json!({ "type": ["boolean", "null"] }),
            Form::Texts => texts.clone(),
            _ => json!({ "type": ["string", "null"], "minLength": 1 }),
        };
        form["description"] = json!(condition.said);
        query.insert(condition.name.to_owned(), form);
    }
    let query = json!({
        "type": "object", "properties": query, "required": ["name", "query"],
        "additionalProperties": false
    });
    let facets: Vec<&str> = Attribute::of(Use::Facet).map(Attribute::name).collect();
    json!({
        "type": "object",
        "description": "Named queries, each with conditions.",
        "properties": {
            "queries": { "type": "array", "items": query, "minItems": 1, "maxItems": QUERIES },
            "by": {
                "oneOf": [{ "type": "string", "enum": facets }, { "type": "null" }],
                "description": "Count the matches of each by the values of this"
            },
            "any": { "type": ["boolean", "null"], "description": "Match paragraphs with any of the words" },
            "exact": { "type": ["boolean", "null"], "description": "Match words only as written" }
        },
        "required": ["queries"],
        "additionalProperties": false
    })
}

/// Takes the marks of the program's own documentation out of descriptions.
fn plain(schema: &mut Value) {
    match schema {
        Value::Array(values) => values.iter_mut().for_each(plain),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(said) if name == "description" => {
                        *said = said.replace("[`", "`").replace("`]", "`").replace('\n', " ");
                    }
                    value => plain(value),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{all, fields};

    #[test]
    fn every_reference_leads_to_a_schema() {
        for (name, schema) in all() {
            super::each(schema, &mut |value| {
                if let Some(of) = value.get("$ref").and_then(|of| of.as_str()) {
                    let of = of.strip_prefix(super::OF).unwrap();
                    assert!(all().contains_key(of), "{name} refers to {of}");
                }
            });
        }
    }

    #[test]
    fn no_two_types_have_one_name() {
        let mut named = std::collections::BTreeMap::new();
        for (name, schema) in super::derived() {
            let schema = serde_json::to_value(schema).unwrap();
            let other = named.insert(name.clone(), schema.clone()).unwrap_or(schema.clone());
            assert_eq!(other, schema, "{name}");
        }
    }

    #[test]
    fn fields_of_objects_within_a_record_are_named_after_a_dot() {
        let hit = fields("Hit");
        for name in ["id", "rank", "report", "report.authority", "grade.label", "spans"] {
            assert!(hit.iter().any(|field| field == name), "{name}: {hit:?}");
        }
        assert!(!hit.iter().any(|field| field == "sha" || field.starts_with("section.")));
        assert!(fields("Line").contains(&"match".to_owned()));
    }
}
