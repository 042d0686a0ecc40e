//! The form that writes the query language. What is filled in leads to the search for it, with the
//! query in the box.

use crate::ask::{Composed, Question};
use crate::render::html::page::{self, Addresses, To};
use crate::serve::asked::Asked;
use crate::serve::parameters::{self, Fault, Parameters};
use crate::serve::reply::{self, Reply};
use axum::http::StatusCode;
use findings_index::language::query::MAX_DISTANCE;

pub(super) async fn form(asked: Asked) -> Reply {
    let mut parameters = asked.parameters.clone();
    let read = composed(&mut parameters).and_then(|filled| {
        let question = parameters::question(&mut parameters)?;
        parameters.end(&FIELDS)?;
        Ok((filled, question))
    });
    let (filled, question) = match read {
        Ok(read) => read,
        Err(fault) => return asked.refused(&fault.into()),
    };
    let query = filled.query();
    if query.is_empty() {
        return asked
            .page(move |_, _, site, _| {
                let filled = plain(&question);
                Ok((StatusCode::OK, page::advanced(site, &question, &filled)))
            })
            .await;
    }
    let asked_for = Question { text: query, not_also: Vec::new(), ..question };
    reply::see_other(&format!("{}#results", asked.links.to(To::Search(&asked_for, 1))))
}

/// The names of the fields.
const FIELDS: [&str; 7] = ["all", "phrase", "any_of", "none", "near_a", "near_b", "within"];

/// Takes what the fields of the form hold.
fn composed(from: &mut Parameters) -> Result<Composed, Fault> {
    let within = from.number("within")?;
    let most = MAX_DISTANCE as usize;
    if within.is_some_and(|within| !(1..=most).contains(&within)) {
        let message = format!("words can be 1 to {most} apart");
        return Err(Fault::new("within", message));
    }
    let mut field = |name| Ok(from.take(name)?.unwrap_or_default());
    Ok(Composed {
        all: field("all")?,
        phrase: field("phrase")?,
        any_of: field("any_of")?,
        none_of: field("none")?,
        near_a: field("near_a")?,
        near_b: field("near_b")?,
        within: within.and_then(|within| u32::try_from(within).ok()),
    })
}

/// What the query of a question would be in the form, where it is no more than words or a phrase.
fn plain(question: &Question) -> Composed {
    let text = question.text.trim();
    let unquoted = text.trim_matches('"');
    let words = Composed { all: text.to_owned(), ..Composed::default() };
    let phrase = Composed { phrase: unquoted.to_owned(), ..Composed::default() };
    let is_same = |form: &Composed| form.query() == text;
    [phrase, words].into_iter().find(is_same).unwrap_or_default()
}
