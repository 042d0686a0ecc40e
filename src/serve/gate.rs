//! Lets only so many requests in at a time, so that too many of them cost those that wait, not the
//! machine.

use super::fault::Fault;
use super::settings::Limits;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Counts the requests that are answered, that wait, and that each client has made.
#[derive(Debug)]
pub(super) struct Gate {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    of_each: usize,
}

/// The right to be answered, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _turn: OwnedSemaphorePermit,
    _place: Place,
}

/// A place among those that are answered or wait.
#[derive(Debug)]
struct Place {
    client: IpAddr,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = clients.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(limits.at_once)),
            places: Arc::new(Semaphore::new(limits.at_once + limits.waiting)),
            clients: Arc::default(),
            of_each: limits.of_each,
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// If too many wait, or this client alone asks for too much at once.
    pub(super) async fn enter(&self, client: IpAddr) -> Result<Turn, Fault> {
        let place = self.place(client)?;
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        match turn {
            Ok(Ok(turn)) => Ok(Turn { _turn: turn, _place: place }),
            _ => Err(Fault::Busy),
        }
    }

    fn place(&self, client: IpAddr) -> Result<Place, Fault> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Fault::Busy)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let count = clients.entry(client).or_default();
        if *count >= self.of_each {
            return Err(Fault::TooMany);
        }
        *count += 1;
        Ok(Place { client, clients: Arc::clone(&self.clients), _place: place })
    }
}
