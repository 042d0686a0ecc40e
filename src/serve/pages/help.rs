//! How to ask, with what each example finds.

use crate::ask::{AskError, Question, Session};
use crate::render::guide::{self, Section};
use crate::render::html::page::{self, HelpPage};
use crate::serve::app::Held;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::reply::Reply;
use axum::http::StatusCode;
use findings_index::records::Attribute;
use std::collections::BTreeMap;

/// The fields whose values are listed.
const LISTED: [Attribute; 7] = [
    Attribute::Grade,
    Attribute::Overall,
    Attribute::Theme,
    Attribute::Region,
    Attribute::Framework,
    Attribute::Visit,
    Attribute::Kind,
];

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, held, site, parameters| {
            parameters.end(&[])?;
            let values = LISTED
                .into_iter()
                .map(|attribute| Ok((attribute, session.engine.values(attribute)?)));
            let values = values.collect::<Result<Vec<_>, Fault>>()?;
            let sections = guide::sections();
            let found = found(session, held, &sections)?;
            let citation = cited(session)?;
            let view = HelpPage {
                sections: &sections,
                found,
                values: &values,
                citation: citation.as_deref(),
            };
            Ok((StatusCode::OK, page::help(site, &view)))
        })
        .await
}

/// Counts what each example finds, once for a snapshot.
fn found<'a>(
    session: &Session<'_>,
    held: &'a Held,
    sections: &[Section],
) -> Result<&'a BTreeMap<String, usize>, Fault> {
    if let Some(found) = held.examples.get() {
        return Ok(found);
    }
    let mut found = BTreeMap::new();
    for example in guide::examples(sections) {
        let text = example.query.clone();
        let question = Question { text, limit: 0, closest: false, ..Question::default() };
        match session.search(&question) {
            Ok(answer) => {
                found.insert(example.query.clone(), answer.response.total);
            }
            // A value that no report here has.
            Err(AskError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(held.examples.get_or_init(|| found))
}

/// The citation of the paragraph that answers a plain search best.
fn cited(session: &Session<'_>) -> Result<Option<String>, Fault> {
    let question = Question {
        text: "supervision".to_owned(),
        limit: 1,
        closest: false,
        ..Question::default()
    };
    let answer = session.search(&question)?;
    Ok(answer.response.hits.into_iter().next().map(|hit| hit.paragraph.citation))
}
