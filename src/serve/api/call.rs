//! A request to the API, and how it is answered.

use super::cursor::{self, Cursor};
use super::fields::Fields;
use super::operations::Operation;
use crate::ask::Session;
use crate::ask::notes::Note;
use crate::render::json::{self, Layout};
use crate::serve::app::Held;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::reply::{self, JSON, Reply};
use axum::http::header::LINK;
use axum::http::{HeaderName, StatusCode};
use findings_index::Engine;
use form_urlencoded::Serializer;
use serde::Serialize;

/// The header that names the commit that answered.
const GENERATION: HeaderName = HeaderName::from_static("findings-generation");

/// The header with the fingerprint of what was searched.
const CORPUS: HeaderName = HeaderName::from_static("findings-corpus");

/// A request whose turn has come.
pub(super) struct Call {
    operation: &'static Operation,
    /// The parameters that are not taken yet.
    pub(super) parameters: Parameters,
    /// How many results to give.
    pub(super) limit: Option<usize>,
    /// Where the answer goes on, if a cursor was given.
    pub(super) place: Option<String>,
    /// The parts of the path before all others.
    pub(super) prefix: String,
    path: String,
    /// All parameters, for the address of the next page.
    given: Parameters,
    question: String,
    state: String,
    fields: Fields,
    next: Option<String>,
}

impl Call {
    /// Takes how many results to skip: what the cursor says, or else `offset`.
    pub(super) fn offset(&mut self) -> Result<usize, Fault> {
        let offset = self.parameters.number("offset")?;
        let Some(place) = &self.place else { return Ok(offset.unwrap_or(0)) };
        if offset.is_some() {
            let message = "a cursor says where to go on: leave `offset` out";
            return Err(parameters::Fault::new("offset", message).into());
        }
        place.parse().map_err(|_| Fault::Expired)
    }

    /// Fails if a parameter is given that the operation does not take. For operations that take some
    /// of the conditions, before all are read.
    pub(super) fn known(&self) -> Result<(), Fault> {
        let names = self.operation.names();
        let mut left = self.parameters.clone();
        for name in &names {
            left.take_all(name);
        }
        Ok(left.end_of(names.iter().map(String::as_str))?)
    }

    /// Fails if a parameter is left.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        let left = std::mem::take(&mut self.parameters);
        Ok(left.end_of(self.operation.names().iter().map(String::as_str))?)
    }

    /// Gives out the cursor of what comes next, if anything does. Who asks for no results gets none.
    pub(super) fn next(&mut self, place: Option<String>) -> Option<String> {
        let place = place.filter(|_| self.limit != Some(0))?;
        let cursor = Cursor::new(self.state.clone(), &self.question, place).written();
        self.next = Some(cursor.clone());
        Some(cursor)
    }

    /// Writes the body of an answer, with the fields that were chosen.
    pub(super) fn written(&self, value: &impl Serialize) -> Result<Reply, Fault> {
        let mut body = Vec::new();
        json::value(value, Layout::Compact, &mut body).map_err(|_| Fault::Broken)?;
        let body = self.fields.chosen(body).ok_or(Fault::Broken)?;
        Ok(reply::text(StatusCode::OK, JSON, body))
    }

    /// The address of the next part of the answer.
    fn following(&self, cursor: &str) -> String {
        let mut same = self.given.clone();
        for name in ["cursor", "offset"] {
            same.take_all(name);
        }
        let mut query = same.written();
        if !query.is_empty() {
            query.push('&');
        }
        let cursor = Serializer::new(String::new()).append_pair("cursor", cursor).finish();
        format!("{}{}?{query}{cursor}", self.prefix, self.path)
    }
}

/// Says that an answer has nothing because it begins after the last of `total`.
pub(super) fn beyond(offset: usize, is_empty: bool, total: usize) -> Option<Note> {
    let text = || format!("`offset` is {offset}, which is after the last of {total}");
    let is_beyond = is_empty && offset > 0 && total > 0;
    is_beyond.then(|| Note { code: "beyond", text: text() })
}

/// Answers a request to an operation with what a piece of work makes.
pub(super) async fn answered(
    asked: Asked,
    operation: &'static Operation,
    work: impl FnOnce(&Session<'_>, &Held, &mut Call) -> Result<Reply, Fault> + Send + 'static,
) -> Reply {
    match tried(asked, operation, work).await {
        Ok(reply) => reply,
        Err(fault) => reply::problem(&fault),
    }
}

/// Refuses parameters without a value, which pages take from a form and programs have no reason to send.
pub(super) fn strict(asked: &Asked, operation: &'static Operation) -> Result<(), Fault> {
    let query = asked.address.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    match pairs.find(|(_, value)| value.trim().is_empty()) {
        None => Ok(()),
        Some((name, _)) => {
            if !operation.names().iter().any(|known| **known == *name) {
                let unknown = Parameters::given([(name.into_owned(), String::new())]);
                return Ok(unknown.end_of(operation.names().iter().map(String::as_str))?);
            }
            Err(parameters::Fault::new(&name, format!("`{name}` has no value")).into())
        }
    }
}

async fn tried(
    mut asked: Asked,
    operation: &'static Operation,
    work: impl FnOnce(&Session<'_>, &Held, &mut Call) -> Result<Reply, Fault> + Send + 'static,
) -> Result<Reply, Fault> {
    strict(&asked, operation)?;
    let (path, given) = (asked.links.here.0.clone(), asked.parameters.clone());
    let question = cursor::question(&path, &given);
    let mut place = None;
    if operation.is_paged()
        && let Some(written) = asked.parameters.take("cursor")?
    {
        let (cursor, held) = Cursor::of(&written, &question, &asked.app)?;
        asked.held = held;
        place = Some(cursor.place);
    }
    asked
        .answer(move |session, held, request| {
            let mut parameters = request.parameters;
            let mut limit = None;
            if operation.is_paged()
                && let Some(number) = parameters.number("limit")?
            {
                limit = Some(parameters::at_most("limit", number)?);
            }
            let fields = match operation.item {
                Some(item) => Fields::take(&mut parameters, item)?,
                None => Fields::default(),
            };
            let mut call = Call {
                operation,
                parameters,
                limit,
                place,
                prefix: request.links.prefix,
                path,
                given,
                question,
                state: request.app.state(held),
                fields,
                next: None,
            };
            let mut reply = work(session, held, &mut call)?;
            if let Some(cursor) = &call.next {
                reply::set(
                    &mut reply,
                    LINK,
                    &format!("<{}>; rel=\"next\"", call.following(cursor)),
                );
            }
            of_state(&mut reply, session.engine);
            Ok(reply)
        })
        .await
}

/// Says in the headers which commit answered, and from what.
pub(super) fn of_state(reply: &mut Reply, engine: &dyn Engine) {
    reply::set(reply, GENERATION, engine.generation());
    reply::set(reply, CORPUS, &engine.corpus().fingerprint);
}
