//! Makes the indexes of a corpus in the cluster, and knows them from those of other programs.

use super::address::Address;
use super::client::{Body, Client, Fault, escaped};
use crate::engine::WriteError;
use crate::request::Deadline;
use serde_json::Value;

/// Makes an index of ours where it is missing.
pub(crate) fn make(
    client: &Client,
    index: &str,
    with: &Value,
    address: &Address,
) -> Result<(), WriteError> {
    if is_there(client, index, address)? {
        return Ok(());
    }
    match client.ask("PUT", &path(index), Body::Json(with), &Deadline::never()) {
        // Another program was faster.
        Err(Fault::Refused(refusal)) if refusal.kind == "resource_already_exists_exception" => {
            is_there(client, index, address).map(drop)
        }
        made => made.map(drop).map_err(|fault| fault.of_writing(address)),
    }
}

/// Whether there is an index of this name; an error if it is not of ours.
pub(crate) fn is_there(
    client: &Client,
    index: &str,
    address: &Address,
) -> Result<bool, WriteError> {
    let found = match client.ask("GET", &path(index), Body::None, &Deadline::never()) {
        Err(fault) if fault.status() == Some(404) => return Ok(false),
        found => found.map_err(|fault| fault.of_writing(address))?,
    };
    if found[index]["mappings"]["_meta"]["program"] == "findings" {
        return Ok(true);
    }
    Err(WriteError::ForeignIndex { cluster: address.cluster(), index: index.to_owned() })
}

fn path(index: &str) -> String {
    format!("/{}", escaped(index))
}
