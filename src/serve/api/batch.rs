//! Several named queries at once.
//!
//! A POST, because fifty queries are too long for an address.

use super::call::{of_state, strict};
use super::operations::{BATCH, condition_names};
use crate::answer::batch::{self, BatchError, Counts};
use crate::ask::batch::Entry;
use crate::ask::{Reading, Session};
use crate::render::json::{self, Layout};
use crate::serve::asked::Asked;
use crate::serve::client::Client;
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::posted::{self, QUERIES, TIMES};
use crate::serve::reply::{self, JSON, Reply};
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use findings_index::records::{Attribute, Use};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::time::timeout;

pub(super) async fn batch(asked: Asked, body: Body) -> Reply {
    match tried(asked, body).await {
        Ok(reply) => reply,
        Err(fault) => reply::problem(&fault),
    }
}

async fn tried(asked: Asked, body: Body) -> Result<Reply, Fault> {
    posted::is_own(&asked.headers, &asked.app)?;
    if !is_json(&asked.headers) {
        return Err(Fault::Media(JSON));
    }
    strict(&asked, &BATCH)?;
    let Asked { app, held, client: Client(client), parameters, .. } = asked;
    parameters.end_of(BATCH.names().iter().map(String::as_str))?;
    let body = posted::received(body).await?;
    let asked = Asks::read(&body)?;
    let limit = app.settings.limits.time * TIMES;
    let answer = Arc::clone(&app).answer(client, held, move |session, _| {
        let counts = asked.count(session)?;
        let mut body = Vec::new();
        json::value(&counts, Layout::Compact, &mut body).map_err(|_| Fault::Broken)?;
        let mut reply = reply::text(StatusCode::OK, JSON, body);
        reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        of_state(&mut reply, session.engine);
        Ok(reply)
    });
    // Each query has the time of an answer; who gives up waiting cancels what is left.
    timeout(limit, answer).await.map_err(|_| Fault::Late(limit.as_secs()))?
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let media = media.and_then(|media| media.split(';').next()).unwrap_or_default();
    media.trim().eq_ignore_ascii_case(JSON)
}

/// What is asked: queries, how their words are read, and by what their matches are counted.
#[derive(Debug)]
struct Asks {
    entries: Vec<Entry>,
    reading: Reading,
    by: Option<Attribute>,
}

impl Asks {
    fn read(body: &[u8]) -> Result<Self, Fault> {
        let wrong = |message: &str| Fault::Body(message.to_owned());
        let read: Value = serde_json::from_slice(body)
            .map_err(|error| Fault::Body(format!("the body is not JSON: {error}")))?;
        let Value::Object(mut fields) = read else {
            return Err(wrong("the body is to be an object with `queries`"));
        };
        let queries = match fields.remove("queries") {
            Some(Value::Array(queries)) => queries,
            Some(_) => return Err(wrong("`queries` is to be a list")),
            None => return Err(wrong("the body has no `queries`")),
        };
        if queries.is_empty() {
            return Err(wrong("there is no query"));
        }
        if queries.len() > QUERIES {
            let message = format!("there are {} queries; the most are {QUERIES}", queries.len());
            return Err(Fault::Body(message));
        }
        let mut from = given(fields).map_err(Fault::Body)?;
        let reading = parameters::reading(&mut from)?;
        let by = from.take("by")?;
        let by = by.map(|name| parameters::serving("by", Use::Facet, &name)).transpose()?;
        from.end_of(["queries", "by", "any", "exact"].into_iter())?;
        let (mut entries, mut faults) = (Vec::new(), Vec::new());
        let mut met: HashMap<String, usize> = HashMap::new();
        for (at, query) in queries.into_iter().enumerate() {
            let read =
                entry(query, at + 1).and_then(|entry| match met.insert(entry.name.clone(), at) {
                    None => Ok(entry),
                    Some(first) => {
                        let message = format!("the name is already that of queries[{first}]");
                        Err(parameters::Fault::new("name", message).into())
                    }
                });
            match read {
                Ok(entry) => entries.push(entry),
                Err(fault) => faults.push((place(at + 1), fault)),
            }
        }
        if faults.is_empty() {
            Ok(Self { entries, reading, by })
        } else {
            Err(Fault::Batch(faults))
        }
    }

    fn count(self, session: &Session<'_>) -> Result<Counts, Fault> {
        let failed = |error| match error {
            BatchError::Faults(faults) => {
                let fault = |fault: batch::EntryFault| {
                    (place(fault.line), Fault::Ask(fault.refusal.into()))
                };
                Fault::Batch(faults.into_iter().map(fault).collect())
            }
            BatchError::Failed { source, .. } => Fault::Ask(*source),
        };
        let queries = batch::understood(session, self.entries, self.reading).map_err(failed)?;
        batch::count(session, &queries, self.by).map_err(failed)
    }
}

/// Names a query by its number, counted from 1.
fn place(number: usize) -> String {
    format!("queries[{}]", number - 1)
}

/// Reads a query with its conditions, which are those of an address.
fn entry(query: Value, number: usize) -> Result<Entry, Fault> {
    let Value::Object(fields) = query else {
        return Err(Fault::Body("a query is to be an object".to_owned()));
    };
    let mut from = given(fields).map_err(Fault::Body)?;
    let mut needed = |name: &str| {
        let missing = || parameters::Fault::new(name, format!("`{name}` is missing or empty"));
        from.take(name)?.ok_or_else(missing)
    };
    let (name, written) = (needed("name")?, needed("query")?);
    parameters::short("query", &written)?;
    let conditions = parameters::conditions(&mut from)?;
    let known = condition_names();
    from.end_of(["name", "query"].into_iter().chain(known.iter().map(String::as_str)))?;
    Ok(Entry { name, written, note: None, remarks: Vec::new(), conditions, line: number })
}

/// Reads the fields of an object as parameters: a list is a parameter given several times, and `null`
/// is one that is not given. A flag is a flag and no text, and the other way round.
fn given(fields: Map<String, Value>) -> Result<Parameters, String> {
    let mut pairs = Vec::new();
    for (name, value) in fields {
        let takes = if FLAGS.contains(&&*name) { Takes::Flag } else { Takes::Text };
        match (takes, value) {
            (_, Value::Null) => {}
            (Takes::Flag, Value::Bool(flag)) => pairs.push((name, flag.to_string())),
            (Takes::Flag, _) => return Err(format!("`{name}` is to be true or false")),
            (Takes::Text, Value::Array(values)) if !ONE.contains(&&*name) => {
                for value in values {
                    pairs.push((name.clone(), text(&name, value)?));
                }
            }
            (Takes::Text, value) => {
                let text = text(&name, value)?;
                pairs.push((name, text));
            }
        }
    }
    Ok(Parameters::given(pairs))
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
enum Takes {
    Flag,
    Text,
}

/// The fields that are true or false.
const FLAGS: [&str; 5] = ["any", "exact", "latest", "undated", "without_denials"];

/// The fields that take one text and no list.
const ONE: [&str; 7] = ["as_at", "by", "from", "name", "new_since", "query", "to"];

fn text(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err(format!("`{name}` has no value")),
        Value::String(text) => Ok(text),
        _ if ONE.contains(&name) => Err(format!("`{name}` is to be a text")),
        _ => Err(format!("`{name}` is to be a text or a list of texts")),
    }
}

#[cfg(test)]
mod tests {
    use super::Asks;

    fn problem(body: &str) -> String {
        let problem = Asks::read(body.as_bytes()).unwrap_err().problem();
        let of = |problem: &crate::render::html::page::Problem| {
            let suggestion = problem.suggestion.as_deref().unwrap_or_default();
            let parameter = problem.parameter.as_deref().unwrap_or_default();
            format!("{} {parameter}: {} {suggestion}", problem.code, problem.detail)
        };
        let all = std::iter::once(&problem).chain(&problem.errors).map(of);
        all.map(|said| said.trim().to_owned()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn conditions_are_texts_lists_and_flags() {
        let body = r#"{"queries":[{"name":"a","query":"ferries","grade":["Good","Inadequate"],
                      "from":"2018","latest":true,"to":null}],"by":"authority"}"#;
        let asked = Asks::read(body.as_bytes()).unwrap();
        let conditions = &asked.entries[0].conditions;
        assert_eq!(conditions.values.values().flatten().count(), 2);
        assert_eq!((conditions.from.as_deref(), conditions.latest), (Some("2018"), true));
        assert_eq!(asked.by.map(|by| by.name()), Some("authority"));
    }

    #[test]
    fn nothing_in_a_body_is_ignored_and_all_faults_are_told_at_once() {
        insta::assert_snapshot!(problem("{"), @"body : the body is not JSON: EOF while parsing an object at line 1 column 1");
        insta::assert_snapshot!(problem("[]"), @"body : the body is to be an object with `queries`");
        insta::assert_snapshot!(problem(r#"{"queries":[]}"#), @"body : there is no query");
        insta::assert_snapshot!(problem(r#"{"queries":[{"name":"a","query":"b"}],"bye":"year"}"#), @"parameter bye: unknown parameter `bye` by");
        let faults = r#"{"queries":[{"name":"a","query":"b","autority":"x"},{"name":"c"},
                        {"name":"d","query":"e"},{"name":"d","query":"f"},7]}"#;
        insta::assert_snapshot!(problem(faults), @"
        queries : queries that cannot be asked as they are: 4
        parameter queries[0].autority: unknown parameter `autority` authority
        parameter queries[1].query: `query` is missing or empty
        parameter queries[3].name: the name is already that of queries[2]
        body queries[4]: a query is to be an object
        ");
        let forms = r#"{"queries":[{"name":"a","query":"b","latest":"yes"},{"name":"c","query":["d"]},
                       {"name":"e","query":"f","grade":[1]},{"name":"g","query":" "}]}"#;
        insta::assert_snapshot!(problem(forms), @"
        queries : queries that cannot be asked as they are: 4
        body queries[0]: `latest` is to be true or false
        body queries[1]: `query` is to be a text
        body queries[2]: `grade` is to be a text or a list of texts
        body queries[3]: `query` has no value
        ");
        let many = vec![r#"{"name":"a","query":"b"}"#; 201].join(",");
        insta::assert_snapshot!(problem(&format!(r#"{{"queries":[{many}]}}"#)), @"body : there are 201 queries; the most are 200");
    }
}
