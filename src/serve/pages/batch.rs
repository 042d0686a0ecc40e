//! Many named queries at once: the form, which may hold a file, and what it is answered.

use crate::answer::batch::{self, BatchError, EntryFault};
use crate::ask::batch::{Entry, Notation};
use crate::ask::{Reading, Session};
use crate::knowledge::form;
use crate::render::html::page::Site;
use crate::render::html::page::{
    self, BATCH_EXAMPLE, BatchAnswer, BatchPage, FileFormat, RowProblem,
};
use crate::render::{csv, json};
use crate::serve::app::Held;
use crate::serve::asked::{self, Asked};
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::posted::{self, QUERIES, TIMES};
use crate::serve::reply::{self, Reply};
use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use findings_index::records::{Attribute, Use};
use std::sync::Arc;
use tokio::time::timeout;

/// The media type of forms that may hold files.
const FORM: &str = "multipart/form-data";

pub(super) async fn ask(asked: Asked) -> Reply {
    asked
        .page(|_, _, site, mut parameters| {
            let is_example = parameters.flag("example")?;
            parameters.end_of(["example"].into_iter())?;
            let text = if is_example { BATCH_EXAMPLE } else { "" };
            Ok((StatusCode::OK, page::batch(site, &BatchPage { text, ..BatchPage::default() })))
        })
        .await
}

pub(super) async fn answer(asked: Asked, body: Body) -> Reply {
    match tried(&asked, body).await {
        Ok(reply) => reply,
        Err(fault) => asked.refused(&fault),
    }
}

async fn tried(asked: &Asked, body: Body) -> Result<Reply, Fault> {
    posted::is_own(&asked.headers, &asked.app)?;
    asked.parameters.clone().end_of(std::iter::empty())?;
    let sent = Sent::received(&asked.headers, body).await?;
    let (app, links) = (Arc::clone(&asked.app), asked.links.clone());
    let limit = app.settings.limits.time * TIMES;
    let work = move |session: &Session<'_>, held: &Held| {
        let terms = held.terms(app.settings.reference.names())?;
        let site = asked::site(&app, held, &links, terms)?;
        sent.answered(session, &site)
    };
    let held = Arc::clone(&asked.held);
    let answer = Arc::clone(&asked.app).answer(asked.client.0, held, work);
    // Each query has the time of an answer; who gives up waiting cancels what is left.
    let answer = timeout(limit, answer).await.map_err(|_| Fault::Late(limit.as_secs()))?;
    let mut reply = answer?;
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(reply)
}

/// What the form sent.
#[derive(Debug, Default)]
struct Sent {
    /// What was pasted; where nothing was, what is in the file.
    text: String,
    reading: Reading,
    by: Option<Attribute>,
    /// The format of the answer; `None` for a page.
    format: Option<FileFormat>,
    /// What is wrong with what was sent, before its lines are looked at.
    fault: Option<Fault>,
}

impl Sent {
    async fn received(headers: &HeaderMap, body: Body) -> Result<Self, Fault> {
        let media = headers.get(CONTENT_TYPE).ok_or(Fault::Media(FORM))?;
        let body = posted::received(body).await?;
        let whole = Request::builder().header(CONTENT_TYPE, media).body(Body::from(body));
        let whole = whole.map_err(|_| Fault::Media(FORM))?;
        let parts = Multipart::from_request(whole, &()).await;
        let mut parts = parts.map_err(|_| Fault::Media(FORM))?;
        let broken = |_| Fault::Body("the form did not arrive whole".to_owned());
        let (mut fields, mut pasted, mut file) = (Vec::new(), String::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let sent = part.bytes().await.map_err(broken)?;
            match name.as_str() {
                "file" => file = sent.to_vec(),
                "queries" => pasted = String::from_utf8_lossy(&sent).into_owned(),
                _ => fields.push((name, String::from_utf8_lossy(&sent).into_owned())),
            }
        }
        fields.retain(|(_, value)| !value.trim().is_empty());
        let mut from = Parameters::given(fields);
        let formats = [FileFormat::Csv, FileFormat::Json];
        let format = parameters::one_of(&mut from, "format", &formats, FileFormat::extension)?;
        let reading = parameters::reading(&mut from)?;
        let by = from.take("by")?;
        let by = by.map(|name| parameters::serving("by", Use::Facet, &name)).transpose()?;
        from.end_of(["queries", "file", "by", "any", "exact", "format"].into_iter())?;
        let (text, fault) = chosen(pasted, file);
        Ok(Self {
            text,
            reading,
            by,
            format,
            fault: fault.map(|said| Fault::Body(said.to_owned())),
        })
    }

    fn answered(mut self, session: &Session<'_>, site: &Site<'_>) -> Result<Reply, Fault> {
        let (entries, mut problems) = match self.fault.take() {
            Some(fault) => (Vec::new(), vec![whole(&fault)]),
            None => read(&self.text),
        };
        let queries = match batch::understood(session, entries, self.reading) {
            Ok(queries) => queries,
            Err(BatchError::Faults(faults)) => {
                problems.extend(faults.into_iter().map(of_entry));
                Vec::new()
            }
            Err(BatchError::Failed { source, .. }) => return Err(Fault::Ask(*source)),
        };
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.line);
            return Ok(self.refused(site, &problems));
        }
        let counts = match batch::count(session, &queries, self.by) {
            Ok(counts) => counts,
            Err(BatchError::Failed { source, .. }) => return Err(Fault::Ask(*source)),
            // What is at fault was told above.
            Err(BatchError::Faults(_)) => return Err(Fault::Broken),
        };
        let mut body = Vec::new();
        let (media, written) = match self.format {
            None => {
                let answer = BatchAnswer { queries: &queries, counts: &counts };
                let page =
                    page::batch(site, &BatchPage { outcome: Some(Ok(answer)), ..self.view() });
                return Ok(reply::text(StatusCode::OK, reply::HTML, page));
            }
            Some(FileFormat::Csv) => (reply::CSV, csv::counts(&counts, true, &mut body)),
            Some(FileFormat::Json | FileFormat::Markdown) => {
                (reply::JSON, json::value(&counts, json::Layout::Pretty, &mut body))
            }
        };
        written.map_err(|_| Fault::Broken)?;
        let name = format!("findings-counts.{}", self.format.map_or("", FileFormat::extension));
        Ok(reply::file(media, body, &name))
    }

    fn view(&self) -> BatchPage<'_> {
        BatchPage { text: &self.text, reading: self.reading, by: self.by, outcome: None }
    }

    /// The page that says what is wrong, with the form as it was sent.
    fn refused(&self, site: &Site<'_>, problems: &[RowProblem]) -> Reply {
        let view = BatchPage { outcome: Some(Err(problems)), ..self.view() };
        reply::text(StatusCode::BAD_REQUEST, reply::HTML, page::batch(site, &view))
    }
}

/// Chooses what is counted, and says what is wrong with it as a whole.
fn chosen(pasted: String, file: Vec<u8>) -> (String, Option<&'static str>) {
    let has_pasted = !pasted.trim().is_empty();
    match (has_pasted, file.is_empty()) {
        (true, true) => (pasted, None),
        (true, false) => {
            (pasted, Some("there is a file as well as what was pasted; leave one of them out"))
        }
        (false, true) => (String::new(), Some("there is no query; paste some, or choose a file")),
        (false, false) => match String::from_utf8(file) {
            Ok(text) => (text, None),
            Err(_) => {
                let fault =
                    "the file is not text in UTF-8; save it as `CSV UTF-8` and choose it again";
                (String::new(), Some(fault))
            }
        },
    }
}

/// Reads the queries, and what is wrong with them that no index needs to know.
fn read(text: &str) -> (Vec<Entry>, Vec<RowProblem>) {
    let (mut entries, faults) = crate::ask::batch::read(text, Notation::Csv);
    if entries.len() > QUERIES {
        let said = format!("there are {} queries; the most are {QUERIES}", entries.len());
        return (Vec::new(), vec![whole(&Fault::Body(said))]);
    }
    let of_file = |fault: &form::Fault| RowProblem {
        line: Some(fault.line),
        name: fault.key.trim_matches('`').to_owned(),
        problem: Fault::Body(fault.reason.clone()).problem(),
    };
    let mut problems: Vec<RowProblem> = faults.iter().map(of_file).collect();
    entries.retain(|entry| match parameters::short("query", &entry.written) {
        Ok(()) => true,
        Err(fault) => {
            let (line, name) = (Some(entry.line), entry.name.clone());
            problems.push(RowProblem { line, name, problem: Fault::from(fault).problem() });
            false
        }
    });
    (entries, problems)
}

fn whole(fault: &Fault) -> RowProblem {
    RowProblem { line: None, name: String::new(), problem: fault.problem() }
}

fn of_entry(fault: EntryFault) -> RowProblem {
    let problem = Fault::Ask(fault.refusal.into()).problem();
    RowProblem { line: Some(fault.line), name: fault.name, problem }
}

#[cfg(test)]
mod tests {
    use super::{chosen, read};

    #[test]
    fn what_is_counted_is_what_was_pasted_or_one_file() {
        let of = |pasted: &str, file: &[u8]| chosen(pasted.to_owned(), file.to_vec());
        assert_eq!(of("name,query", b""), ("name,query".to_owned(), None));
        assert_eq!(of(" \n", "name,query,ä".as_bytes()), ("name,query,ä".to_owned(), None));
        let fault = |pasted, file| of(pasted, file).1.unwrap_or_default();
        assert!(fault("", b"").starts_with("there is no query"));
        assert!(fault("a", b"b").starts_with("there is a file as well"));
        assert!(fault("", b"name,query\n\xe4,b").contains("not text in UTF-8"));
        assert_eq!(of("a", b"b").0, "a", "what was pasted stays");
    }

    #[test]
    fn queries_are_as_many_and_as_long_as_those_of_the_api() {
        let long = format!("name,query\na,{}\nb,grad:good\nc,d\n", "x".repeat(4_001));
        let (entries, problems) = read(&long);
        assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [4]);
        let told: Vec<_> = problems.iter().map(|one| (one.line, one.name.as_str())).collect();
        assert_eq!(told, [(Some(2), "a"), (Some(3), "b")]);
        let rows: String = (0..201).map(|number| format!("n{number},x\n")).collect();
        let (entries, problems) = read(&format!("name,query\n{rows}"));
        assert!(entries.is_empty());
        assert_eq!(problems[0].problem.detail, "there are 201 queries; the most are 200");
    }
}
