//! Makes the indexes of a corpus in the cluster, and knows them from those of other programs and from what
//! others made of them.
//!
//! A cluster lets everybody who may write change an index, or put another one in its place. What was
//! changed so would give wrong answers without a word, so it is looked for: on opening, before a build, and
//! again and again while answering.

use super::client::{Body, Client, Fault, escaped};
use super::layout::{self, Names};
use crate::request::Deadline;
use serde_json::Value;

/// What the cluster says of the index of paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Looked {
    /// The cluster's own id of the index, which no other has.
    pub(crate) id: String,
}

/// Makes an index of ours where it is missing.
pub(crate) fn make(client: &Client, index: &str, with: &Value) -> Result<(), Fault> {
    if is_there(client, index)? {
        return Ok(());
    }
    match client.ask("PUT", &path(index), Body::Json(with), &Deadline::never()) {
        // Another program was faster.
        Err(Fault::Refused(refusal)) if refusal.kind == "resource_already_exists_exception" => {
            is_there(client, index).map(drop)
        }
        made => made.map(drop),
    }
}

/// Whether there is an index of this name; an error if it is not of ours.
pub(crate) fn is_there(client: &Client, index: &str) -> Result<bool, Fault> {
    Ok(found(client, index)?.is_some())
}

/// Looks at the index of paragraphs; an error if it is not as it was made.
pub(crate) fn look(client: &Client, names: &Names) -> Result<Looked, Fault> {
    let index = &names.paragraphs;
    let changed = |what: String| Fault::Changed { index: index.clone(), what };
    let found = found(client, index)?.ok_or_else(|| changed("it is gone".to_owned()))?;
    let expected = layout::paragraphs();
    if let Some(field) = layout::changed(&expected["mappings"], &found["mappings"]) {
        return Err(changed(format!("its field `{field}` is not as it was made")));
    }
    let settings = &found["settings"]["index"];
    if !layout::is_same(&expected["settings"]["analysis"], &settings["analysis"]) {
        return Err(changed("words are not analysed as they were".to_owned()));
    }
    let id = settings["uuid"].as_str().ok_or_else(|| Fault::unread("`uuid` is missing"))?;
    Ok(Looked { id: id.to_owned() })
}

/// The fault where the index of paragraphs is not the one that the corpus was built in.
pub(crate) fn replaced(names: &Names) -> Fault {
    let what = "it is not the one that the reports were written to".to_owned();
    Fault::Changed { index: names.paragraphs.clone(), what }
}

fn found(client: &Client, index: &str) -> Result<Option<Value>, Fault> {
    let mut found = match client.ask("GET", &path(index), Body::None, &Deadline::never()) {
        Err(fault) if fault.status() == Some(404) => return Ok(None),
        found => found?,
    };
    let found = found[index].take();
    if found["mappings"]["_meta"]["program"] == "findings" {
        return Ok(Some(found));
    }
    Err(Fault::Foreign(index.to_owned()))
}

fn path(index: &str) -> String {
    format!("/{}", escaped(index))
}
