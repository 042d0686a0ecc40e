//! The description of the API is true.

use super::BATCH;
use crate::built::Built;
use crate::served::Server;
use serde_json::{Map, Value};

/// A part of JSON Schema: what our schemas are written with. Stricter in one way: fields that an
/// object does not describe are faults, so that none is forgotten.
struct Schemas(Map<String, Value>);

impl Schemas {
    fn faults(&self, value: &Value, schema: &Value, place: &str) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return self.faults(value, &self.0[name], place);
        }
        for any in ["anyOf", "oneOf"] {
            if let Some(choices) = schema[any].as_array() {
                let all: Vec<Vec<String>> =
                    choices.iter().map(|choice| self.faults(value, choice, place)).collect();
                let shortest = all.into_iter().min_by_key(Vec::len);
                return shortest.unwrap();
            }
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            return vec![format!("{place}: {value} is none of {values:?}")];
        }
        if !self.is_of_type(value, &schema["type"]) {
            return vec![format!("{place}: {value} is not of type {}", schema["type"])];
        }
        match value {
            Value::Array(items) => {
                let own = |(at, item)| {
                    let of = schema["prefixItems"].get(at).unwrap_or(&schema["items"]);
                    self.faults(item, of, &format!("{place}[{at}]"))
                };
                let mut faults: Vec<String> = items.iter().enumerate().flat_map(own).collect();
                let length = items.len() as u64;
                if schema["minItems"].as_u64().is_some_and(|least| length < least)
                    || schema["maxItems"].as_u64().is_some_and(|most| length > most)
                {
                    faults.push(format!("{place}: {length} items"));
                }
                faults
            }
            Value::Object(fields) => self.faults_of_fields(fields, schema, place),
            _ => Vec::new(),
        }
    }

    fn faults_of_fields(
        &self,
        fields: &Map<String, Value>,
        schema: &Value,
        place: &str,
    ) -> Vec<String> {
        let required = schema["required"].as_array().into_iter().flatten();
        let missing = required.filter(|name| !fields.contains_key(name.as_str().unwrap()));
        let mut faults: Vec<String> =
            missing.map(|name| format!("{place}: {name} is missing")).collect();
        for (name, value) in fields {
            let place = format!("{place}.{name}");
            match (schema["properties"].get(name), schema.get("additionalProperties")) {
                (Some(own), _) => faults.extend(self.faults(value, own, &place)),
                (None, Some(Value::Bool(true))) => {}
                (None, Some(more @ Value::Object(_))) => {
                    faults.extend(self.faults(value, more, &place))
                }
                // The description of the API, and what is left of an object within a chosen record.
                (None, _) if schema.get("properties").is_none() => {}
                (None, _) => faults.push(format!("{place}: not described")),
            }
        }
        faults
    }

    fn is_of_type(&self, value: &Value, kind: &Value) -> bool {
        let is_of = |name: &str| match name {
            "null" => value.is_null(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("unknown type {other}"),
        };
        match kind {
            Value::Null => true,
            Value::String(name) => is_of(name),
            Value::Array(names) => names.iter().any(|name| is_of(name.as_str().unwrap())),
            other => panic!("not a type: {other}"),
        }
    }
}

fn description(served: &Server) -> (Value, Schemas) {
    let described = served.json("/openapi.json");
    let schemas = described["components"]["schemas"].as_object().unwrap().clone();
    (described, Schemas(schemas))
}

/// Writes a value as it is written in an address.
fn encoded(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    text.replace(' ', "+")
}

#[test]
fn every_address_answers_its_examples_as_described() {
    let built = Built::samples();
    let served = Server::over(&built);
    let (described, schemas) = description(&served);
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 19);
    for (path, operations) in paths {
        let Some(operation) = operations.get("get") else { continue };
        let mut address = path.clone();
        let (mut query, mut always) = (Vec::new(), Vec::new());
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let Some(example) = parameter.get("example") else { continue };
            assert!(parameter["description"].is_string(), "{path}: {name}");
            if parameter["in"] == "path" {
                address = address.replace(&format!("{{{name}}}"), example.as_str().unwrap());
                continue;
            }
            let pair = format!("{name}={}", encoded(example));
            // Of these, something has to be asked for.
            let asks = ["/compare", "/distinctive", "/kwic"].contains(&path.as_str());
            if parameter["required"] == true || (asks && name == "q") {
                always.push(pair.clone());
            }
            // Each by itself, so that one that is not taken is found.
            query.push(pair);
        }
        for one in query.iter().map(Some).chain([None]) {
            let is_subject = path == "/compare" && one.is_some_and(|one| one.starts_with("topic="));
            let needed = always.iter().filter(|own| !(is_subject && own.starts_with("q=")));
            let mut pairs: Vec<&String> = needed.collect();
            pairs.extend(one.filter(|one| !always.contains(one)));
            let pairs: Vec<&str> = pairs.into_iter().map(String::as_str).collect();
            let asked = format!("{address}?{}", pairs.join("&"));
            let answer = served.json(&asked);
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            let faults = schemas.faults(&answer, schema, "");
            assert!(faults.is_empty(), "{asked}\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn answers_of_all_kinds_are_as_described() {
    let built = Built::samples();
    let served = Server::over(&built);
    let (described, schemas) = description(&served);
    for (path, asked) in [
        ("/search", "q=zeppelin&grade=good&from=2014&latest=1"),
        ("/search", "q=supervision&kind=footnote&theme=leadership"),
        ("/search", "q=%22return+interview"),
        ("/search", "q=return+interviw&explain=1&limit=200"),
        ("/search", "q=children&group=authority&sample=3&seed=2"),
        ("/search", "q=children&sample=3"),
        (
            "/search",
            "q=RHI+OR+advocacy&facets=authority,grade,year,section,topic,kind&authority=Stonewick",
        ),
        ("/search", "q=missing+Stonewick+2014"),
        ("/search", "q=children&fields=id,report.authority,grade.label,spans"),
        ("/search", "limit=200"),
        ("/search", "limit=200&offset=200"),
        ("/kwic", "topic=missing_rhi&sample=5"),
        ("/kwic", "q=children&fields=left,match,right"),
        ("/facets", "attribute=year&q=children&from=2014"),
        ("/facets", "attribute=authority&authority=Stonewick"),
        ("/reports", "limit=200"),
        ("/reports", "fields=id,overall.label&limit=200"),
        ("/paragraphs", "limit=200&kind=recommendation"),
        ("/paragraphs", "limit=200"),
        ("/topics", "limit=200&q=agency"),
        ("/compare", "topic=missing_rhi&by=authority&and=grade&newest=1&not_kind=table&quotes=2"),
        ("/compare", "q=return+interviw&by=overall&from=2014&latest=1"),
        ("/compare", "q=zeppelin&by=authority"),
        ("/compare", "q=missing+Stonewick+2014&by=authority&grade=%3E%3D3&without_denials=1"),
        ("/timeline", "authority=Stonewick&q=return-interview"),
        ("/timeline", "authority=Fairmere&topic=missing_rhi"),
        ("/grades", "by=region&and=theme"),
        ("/grades", "changes=previous&by=framework"),
        ("/grades", "latest=1&theme=leadership"),
        ("/grades", "as_at=2020"),
        ("/distinctive", "framework=sif&least_reports=2&against_q=children"),
        ("/recommendations", "limit=200"),
        ("/recommendations", "q=return-interview&limit=200"),
        ("/recommendations", "repeated=1&limit=200"),
        ("/recommendations", "repeated=1&fields=id,report.authority,repeats"),
        ("/recommendations", "by=year&fields=id,text"),
        ("/coverage", "missing=1"),
        ("/coverage", ""),
    ] {
        let asked = format!("{path}?{asked}");
        let answer = served.json(&asked);
        let responses = &described["paths"][path]["get"]["responses"];
        let schema = &responses["200"]["content"]["application/json"]["schema"];
        let faults = schemas.faults(&answer, schema, "");
        assert!(faults.is_empty(), "{asked}\n{}", faults.join("\n"));
    }
    let refused = &described["components"]["responses"]["Refused"]["content"];
    let example = &refused["application/problem+json"]["example"];
    assert_eq!(*example, served.get("/api/v1/search?q=interview+grad:good").json());
    let problem = &described["components"]["schemas"]["Problem"];
    for path in ["/search?q=interview+grad:good", "/search?limit=x", "/reports/none", "/nothing"] {
        let answer = served.get(&format!("/api/v1{path}")).json();
        let faults = schemas.faults(&answer, problem, "");
        assert!(faults.is_empty(), "{path}\n{}", faults.join("\n"));
    }
    let batch = &described["paths"]["/batch"]["post"];
    let example = &batch["requestBody"]["content"]["application/json"]["example"];
    let reply = served.post(BATCH, &example.to_string(), &["Content-Type: application/json"]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let schema = &batch["responses"]["200"]["content"]["application/json"]["schema"];
    let faults = schemas.faults(&reply.json(), schema, "");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every parameter that is described is taken, whatever is said of its value.
#[test]
fn every_parameter_is_known_where_it_is_described() {
    let built = Built::samples();
    let served = Server::over(&built);
    let (described, _) = description(&served);
    for (path, operations) in described["paths"].as_object().unwrap() {
        let Some(operation) = operations.get("get") else { continue };
        let address = path.replace("{id}", "harrowdale-sif-2016-10-10");
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] == "path" {
                continue;
            }
            let asked = format!("/api/v1{address}?{name}=x");
            let answer = served.get(&asked).text();
            assert!(!answer.contains("unknown parameter"), "{asked}: {answer}");
        }
    }
}
