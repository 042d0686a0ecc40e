//! A shelf as one index of the cluster, which is made when it is first needed.

use super::address::Address;
use super::client::{Body, Client, Fault, escaped};
use super::layout::{self, Names};
use super::made;
use super::state::PART;
use crate::engine::{OpenError, SearchError, WriteError};
use crate::request::Deadline;
use crate::shelf::Shelf;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// A shelf in a cluster.
pub(crate) struct Cluster {
    client: Client,
    address: Address,
    index: String,
    /// Whether the index is known to be there and to be ours.
    is_made: AtomicBool,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("corpus", &self.address).finish_non_exhaustive()
    }
}

impl Cluster {
    /// The shelf of this corpus.
    pub(crate) fn of(address: &Address) -> Result<Self, OpenError> {
        let client = Client::patient(address).map_err(|fault| fault.of_opening(address))?;
        let index = Names::of(address).shelf;
        Ok(Self { client, address: address.clone(), index, is_made: AtomicBool::new(false) })
    }

    fn make(&self) -> Result<(), WriteError> {
        if !self.is_made.load(Ordering::Relaxed) {
            made::make(&self.client, &self.index, &layout::shelf())
                .map_err(|fault| fault.of_writing(&self.address))?;
            self.is_made.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The address of one piece of what is under a name.
    fn path(&self, name: &str, piece: usize) -> String {
        format!("/{}/_doc/{}", escaped(&self.index), escaped(&format!("{name}.{piece}")))
    }

    fn piece(&self, name: &str, piece: usize) -> Result<Option<Value>, Fault> {
        let path = self.path(name, piece);
        match self.client.ask("GET", &path, Body::None, &Deadline::never()) {
            Ok(answer) => Ok(Some(answer["_source"].clone())),
            Err(fault) if fault.status() == Some(404) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn put_pieces(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let mut pieces: Vec<&[u8]> = bytes.chunks(PART).collect();
        if pieces.is_empty() {
            pieces.push(&[]);
        }
        // The first piece says how many there are, so it comes last.
        for (number, piece) in pieces.iter().enumerate().rev() {
            let body = json!({"part": layout::packed_bytes(piece), "of": pieces.len()});
            let path = self.path(name, number);
            self.client.ask("PUT", &path, Body::Json(&body), &Deadline::never())?;
        }
        Ok(())
    }

    fn put_together(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let Some(first) = self.piece(name, 0)? else { return Ok(None) };
        let of = first["of"].as_u64().ok_or_else(|| Fault::unread("`of` is missing"))?;
        let mut bytes = layout::unpacked_bytes(&first["part"]).map_err(Fault::Unread)?;
        for piece in 1..usize::try_from(of).unwrap_or(usize::MAX) {
            let Some(next) = self.piece(name, piece)? else { return Ok(None) };
            bytes.extend(layout::unpacked_bytes(&next["part"]).map_err(Fault::Unread)?);
        }
        Ok(Some(bytes))
    }
}

impl Shelf for Cluster {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.make()?;
        let put = match self.put_pieces(name, bytes) {
            // Somebody cleared the shelf meanwhile.
            Err(fault) if fault.status() == Some(404) => {
                self.is_made.store(false, Ordering::Relaxed);
                self.make()?;
                self.put_pieces(name, bytes)
            }
            put => put,
        };
        put.map_err(|fault| fault.of_writing(&self.address))
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SearchError> {
        Ok(self.put_together(name)?)
    }

    fn clear(&self) -> Result<(), WriteError> {
        let is_there = made::is_there(&self.client, &self.index);
        if !is_there.map_err(|fault| fault.of_writing(&self.address))? {
            return Ok(());
        }
        let path = format!("/{}", escaped(&self.index));
        match self.client.ask("DELETE", &path, Body::None, &Deadline::never()) {
            Err(fault) if fault.status() != Some(404) => Err(fault.of_writing(&self.address)),
            _ => {
                self.is_made.store(false, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}
