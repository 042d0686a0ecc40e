//! The description of the API, a document of OpenAPI 3.1.

use super::operations::{AGAINST, Form, Operation, Parameter, QUERY_LENGTH, Takes};
use super::{BASE, OPERATIONS, schemas};
use crate::ask::question::excluding;
use findings_index::records::{Attribute, ValueForm};
use serde_json::{Map, Value, json};

/// What programs should know before anything else.
const SAID: &str = "The questions and answers of the command line, as JSON. `docs/api.md` explains \
    paging, errors and caching, `docs/records.md` the fields. No parameter is ignored.";

/// The document, for a server with this part before every path.
pub(super) fn document(prefix: &str) -> Value {
    let mut paths = Map::new();
    for (operation, _) in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Findings",
            "version": env!("CARGO_PKG_VERSION"),
            "description": SAID,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "servers": [{ "url": format!("{prefix}{BASE}") }],
        "paths": paths,
        "components": { "schemas": schemas::all(), "responses": problems(), "headers": headers() }
    })
}

fn described(operation: &Operation) -> Value {
    let own = operation.parameters.iter().copied().flatten().map(parameter);
    let mut parameters: Vec<Value> = own.collect();
    parameters.extend(conditions(operation));
    if let Some(item) = operation.item {
        parameters.push(fields(item));
    }
    let mut responses = json!({ "200": answer(operation) });
    for (status, name) in statuses(operation) {
        responses[status] = json!({ "$ref": format!("#/components/responses/{name}") });
    }
    let is_kept = operation.method == "get" && operation.path != "/health";
    if is_kept {
        responses["304"] = json!({ "description": "As the client has it already" });
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses
    });
    if !operation.more.is_empty() {
        described["description"] = json!(operation.more);
    }
    if operation.method == "post" {
        let example = json!({
            "queries": [
                { "name": "return interviews", "query": "return-interview", "framework": ["sif", "ilacs"] },
                { "name": "supervision", "query": "supervision", "from": "2018" }
            ],
            "by": "authority"
        });
        described["requestBody"] = json!({
            "required": true,
            "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/BatchRequest" }, "example": example
            } }
        });
    }
    described
}

/// The conditions that an operation takes.
fn conditions(operation: &Operation) -> Vec<Value> {
    let takes = operation.conditions;
    let mut all: Vec<Value> = takes.narrowed().map(condition).collect();
    all.extend(takes.excluded().map(exclusion));
    all.extend(takes.others().map(parameter));
    if takes == Takes::Twice {
        let second = all.clone().into_iter().map(|mut own| {
            let text = |field: &str| own[field].as_str().unwrap_or_default().to_owned();
            let (name, said) = (text("name"), text("description"));
            own["name"] = json!(format!("{AGAINST}{name}"));
            own["description"] = json!(format!("Of the second set. {said}"));
            own
        });
        all.extend(second.collect::<Vec<_>>());
        // A set of few reports is refused, and that of one value of the samples has too few.
        let alone = all.iter_mut().filter_map(Value::as_object_mut);
        alone.for_each(|own| _ = own.remove("example"));
    }
    all
}

/// The statuses of an operation besides that of its answer, each with the name of what is said.
fn statuses(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let mut statuses = vec![("400", "Refused"), ("421", "Host"), ("500", "Broken")];
    if operation.path != "/health" {
        statuses.extend([("429", "TooMany"), ("503", "Busy")]);
    }
    if operation.path.contains('{') {
        statuses.push(("404", "NotHeld"));
    }
    if operation.is_paged() {
        statuses.push(("410", "Expired"));
    }
    if operation.method == "post" {
        statuses.extend([("403", "Origin"), ("413", "Large"), ("415", "Media")]);
    }
    statuses
}

fn answer(operation: &Operation) -> Value {
    let mut headers = Map::new();
    for name in ["findings-generation", "findings-corpus", "Cache-Control"] {
        headers.insert(name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    }
    if operation.is_paged() {
        headers.insert("Link".to_owned(), json!({ "$ref": "#/components/headers/Link" }));
    }
    if operation.method == "get" && operation.path != "/health" {
        headers.insert("ETag".to_owned(), json!({ "$ref": "#/components/headers/ETag" }));
    }
    json!({
        "description": "The answer",
        "headers": headers,
        "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{}", operation.answer) }
        } }
    })
}

fn headers() -> Value {
    let text = |said: &str| json!({ "description": said, "schema": { "type": "string" } });
    json!({
        "findings-generation": text("The name of the commit that answered"),
        "findings-corpus": text("The fingerprint of what was searched"),
        "Cache-Control": text("Whether the answer may be kept, and whether to ask each time"),
        "ETag": text("Changes with the index, the program and the data that questions are read with"),
        "Link": text("The address of the next part, with rel=\"next\"; not there at the end")
    })
}

fn problems() -> Value {
    let problem = |said: &str| {
        json!({
            "description": said,
            "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" }
            } }
        })
    };
    let mut all = json!({
        "Refused": problem("The question cannot be answered as it is: `code`, `parameter`, `span`, `suggestion` and `hints` say why and what may help"),
        "Origin": problem("The request comes from the page of another site"),
        "NotHeld": problem("Nothing of that id is held"),
        "Expired": problem("The cursor has expired: begin again without it"),
        "Large": problem("The body is too large"),
        "Media": problem("The body is not `application/json`"),
        "Host": problem("The server is not known by the name in `Host`"),
        "TooMany": problem("The client has too many requests under way"),
        "Broken": problem("Something went wrong in the server, which does not say what"),
        "Busy": problem("The server is busy, or the answer took too long")
    });
    all["Refused"]["content"]["application/problem+json"]["example"] = json!({
        "type": "about:blank",
        "status": 400,
        "title": "This question can't be answered as it stands",
        "code": "unknown_field",
        "detail": "unknown field `grad`; did you mean `grade`?",
        "parameter": "q",
        "typed": "interview grad:good",
        "span": [10, 14],
        "suggestion": "interview grade:good",
        "hints": []
    });
    all
}

fn parameter(parameter: &Parameter) -> Value {
    let (place, is_needed) = match parameter.form {
        Form::Path => ("path", true),
        Form::Needed(_) | Form::NeededText => ("query", true),
        _ => ("query", false),
    };
    let mut described = json!({
        "name": parameter.name, "in": place, "required": is_needed,
        "description": parameter.said, "schema": schema(parameter.form)
    });
    if matches!(parameter.form, Form::Names(_)) {
        described["style"] = json!("form");
        described["explode"] = json!(false);
    }
    match parameter.form {
        _ if parameter.example.is_empty() => {}
        Form::Number { .. } => {
            described["example"] = json!(parameter.example.parse::<u64>().unwrap_or_default());
        }
        Form::Names(_) => {
            described["example"] = json!(parameter.example.split(',').collect::<Vec<_>>());
        }
        _ => described["example"] = json!(parameter.example),
    }
    described
}

fn schema(form: Form) -> Value {
    match form {
        Form::Path | Form::Text | Form::NeededText => json!({ "type": "string", "minLength": 1 }),
        Form::Query => json!({ "type": "string", "minLength": 1, "maxLength": QUERY_LENGTH }),
        Form::Texts => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
        Form::Names(names) => {
            json!({ "type": "array", "items": { "type": "string", "enum": names() } })
        }
        Form::OneOf(names) | Form::Needed(names) => json!({ "type": "string", "enum": names() }),
        Form::Flag => {
            json!({ "type": "string", "enum": ["yes", "no", "true", "false", "1", "0", "on", "off"] })
        }
        Form::Number { least, most, usual } => {
            let mut number = json!({ "type": "integer", "minimum": least });
            if let Some(most) = most {
                number["maximum"] = json!(most);
            }
            if let Some(usual) = usual {
                number["default"] = json!(usual);
            }
            number
        }
    }
}

fn condition(attribute: Attribute) -> Value {
    let said = match attribute.form() {
        ValueForm::Grade => "A grade, as printed or by its rank; several are alternatives",
        ValueForm::Headings => "Words of a heading above it; several are alternatives",
        ValueForm::Day => {
            "A calendar year, `2016`, or a range of them, `2016..2018`; several are alternatives"
        }
        _ => {
            "A value; several are alternatives. `none` is the absence of one, where there may be none"
        }
    };
    let values = match attribute.choices() {
        Some(choices) => format!("{said}. One of {}", choices.join(", ")),
        None => said.to_owned(),
    };
    let mut described = json!({
        "name": attribute.name(), "in": "query", "required": false, "description": values,
        "schema": { "type": "array", "items": { "type": "string", "minLength": 1 } }
    });
    if let Some(example) = example(attribute) {
        described["example"] = json!([example]);
    }
    described
}

fn exclusion(attribute: Attribute) -> Value {
    let name = attribute.name();
    json!({
        "name": excluding(attribute), "in": "query", "required": false,
        "description": format!("A value of `{name}` that is excluded; any number of them"),
        "schema": { "type": "array", "items": { "type": "string", "minLength": 1 } }
    })
}

/// A value that reports and paragraphs of the samples have.
fn example(attribute: Attribute) -> Option<&'static str> {
    match attribute {
        Attribute::Grade | Attribute::Overall => Some("inadequate"),
        Attribute::Theme => Some("leadership"),
        Attribute::Topic => Some("workforce"),
        Attribute::Section => Some("leadership"),
        Attribute::Authority => Some("Stonewick"),
        Attribute::Framework => Some("sif"),
        Attribute::Report => Some("stonewick-sif-2014-09-09"),
        Attribute::Year => Some("2014"),
        _ => None,
    }
}

fn fields(item: &str) -> Value {
    json!({
        "name": "fields", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "The fields of each result to give; all, unless it is given",
        "schema": { "type": "array", "items": { "type": "string", "enum": schemas::fields(item) } }
    })
}
