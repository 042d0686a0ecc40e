//! The right to build: one builder at a time, and none that was given up for dead.
//!
//! The right is part of the state of a corpus, which is replaced by compare-and-set alone. So a build whose
//! right was taken over, since it was not heard of for too long, cannot commit any more.

use super::address::Address;
use super::client::{Body, Client, Fault, escaped};
use super::layout::Names;
use super::state::{self, Lease, State, Version};
use crate::answering::held::own_name;
use crate::engine::WriteError;
use crate::request::Deadline;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a build that says nothing more keeps the right to build.
const LEASE: Duration = Duration::from_secs(30);
/// How often a build says that it is still there.
const RENEWAL: Duration = Duration::from_secs(5);
/// The pause between attempts to take the right to build.
const PAUSE: Duration = Duration::from_millis(500);

/// What a lock guards, whatever became of others who held it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time, in milliseconds since 1970.
pub(super) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

pub(super) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The state, with its version, while it is being built on.
struct Holding {
    state: State,
    version: Version,
    is_lost: bool,
}

/// What the renewal and the build share.
struct Shared {
    client: Arc<Client>,
    names: Names,
    holding: Mutex<Holding>,
    is_over: Mutex<bool>,
    over: Condvar,
}

/// The right to build, which is renewed until it is dropped.
pub(super) struct Right {
    shared: Arc<Shared>,
    renewal: Option<thread::JoinHandle<()>>,
    /// The number of the build, which no other build has.
    number: u64,
}

impl Right {
    /// Takes the right to build, and waits for it at most this long.
    pub(super) fn take(
        client: Client,
        names: Names,
        address: &Address,
        wait: Duration,
    ) -> Result<Self, WriteError> {
        let (state, version, number) = take(&client, &names, address, wait)?;
        let shared = Arc::new(Shared {
            client: Arc::new(client),
            names,
            holding: Mutex::new(Holding { state, version, is_lost: false }),
            is_over: Mutex::new(false),
            over: Condvar::new(),
        });
        let renewing = Arc::clone(&shared);
        let renewal = thread::spawn(move || renewing.renew());
        Ok(Self { shared, renewal: Some(renewal), number })
    }

    pub(super) fn client(&self) -> &Arc<Client> {
        &self.shared.client
    }

    pub(super) fn names(&self) -> &Names {
        &self.shared.names
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The state of the corpus.
    pub(super) fn state(&self) -> State {
        lock(&self.shared.holding).state.clone()
    }

    /// Changes the state of the corpus; fails if the right to build is lost.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) -> Result<(), Fault> {
        self.shared.change(change)
    }

    /// Makes what was written or deleted visible in every copy.
    pub(super) fn refresh(&self) -> Result<(), Fault> {
        let Shared { client, names, .. } = &*self.shared;
        for index in [&names.paragraphs, &names.history] {
            let path = format!("/{}/_refresh", escaped(index));
            let answer = client.ask("POST", &path, Body::None, &Deadline::never())?;
            let failed = answer["_shards"]["failed"].as_u64().unwrap_or(0);
            if failed > 0 {
                return Err(Fault::Partial(format!("{failed} parts of the corpus failed")));
            }
        }
        Ok(())
    }
}

impl Drop for Right {
    fn drop(&mut self) {
        *lock(&self.shared.is_over) = true;
        self.shared.over.notify_all();
        if let Some(renewal) = self.renewal.take() {
            let _ = renewal.join();
        }
        if self.state().lease.is_some_and(|lease| lease.number == self.number) {
            // The next build need not wait until the lease ends.
            let _ = self.change(|state| state.lease = None);
        }
    }
}

fn take(
    client: &Client,
    names: &Names,
    address: &Address,
    wait: Duration,
) -> Result<(State, Version, u64), WriteError> {
    let never = Deadline::never();
    let failed = |fault: Fault| fault.of_writing(address);
    let started = Instant::now();
    loop {
        let read = state::read(client, names, &never).map_err(failed)?;
        let (mut state, version) = match read {
            Some((state, version)) => (state, Some(version)),
            None => (State { corpus: new_name(), ..State::default() }, None),
        };
        match state.lease.as_ref().filter(|lease| lease.until > now()) {
            Some(lease) if started.elapsed() >= wait => {
                return Err(WriteError::Locked { holder: lease.holder.clone() });
            }
            Some(_) => {}
            None => {
                let number = state.number + 1;
                let until = now() + milliseconds(LEASE);
                state.number = number;
                state.lease = Some(Lease { number, holder: own_name(), until });
                let taken =
                    state::replace(client, names, &state, version, &never).map_err(failed)?;
                if let Some(version) = taken {
                    return Ok((state, version, number));
                }
                continue;
            }
        }
        thread::sleep(PAUSE.min(wait));
    }
}

/// A name that no other corpus has.
fn new_name() -> String {
    let own = format!("{} {} {:?}", own_name(), Timestamp::now(), thread::current().id());
    hex::encode(&Sha256::digest(own)[..6])
}

impl Shared {
    /// Changes the state of the corpus; fails if the right to build is lost.
    fn change(&self, change: impl FnOnce(&mut State)) -> Result<(), Fault> {
        let mut holding = lock(&self.holding);
        if holding.is_lost {
            return Err(lost());
        }
        let mut state = holding.state.clone();
        change(&mut state);
        let never = Deadline::never();
        match state::replace(&self.client, &self.names, &state, Some(holding.version), &never)? {
            Some(version) => {
                holding.state = state;
                holding.version = version;
                Ok(())
            }
            None => {
                holding.is_lost = true;
                Err(lost())
            }
        }
    }

    fn renew(&self) {
        let mut is_over = lock(&self.is_over);
        while !*is_over {
            let (guard, _) =
                self.over.wait_timeout(is_over, RENEWAL).unwrap_or_else(PoisonError::into_inner);
            is_over = guard;
            if *is_over {
                return;
            }
            drop(is_over);
            let until = now() + milliseconds(LEASE);
            // Whatever fails, fails again when something is written or committed.
            let _ = self.change(|state| {
                if let Some(lease) = &mut state.lease {
                    lease.until = until;
                }
            });
            is_over = lock(&self.is_over);
        }
    }
}

fn lost() -> Fault {
    Fault::Partial(
        "another build took over, since this one was not heard of for too long".to_owned(),
    )
}
