//! What all requests share: the snapshot that answers, the limits, and what is known beforehand.

use super::fault::Fault;
use super::gate::Gate;
#[cfg(feature = "as-printed")]
use super::kept::Kept;
use super::library::Library;
use super::metrics::Metrics;
use super::originals::Originals;
use super::settings::Settings;
use crate::ask::{Remembered, Session};
#[cfg(feature = "as-printed")]
use crate::extract::worker::Workers;
use crate::knowledge::names::{Names, Terms};
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use findings_index::{Engine, OpenError, SearchError};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How long a snapshot that was replaced answers the cursors that it gave out.
const KEPT: Duration = Duration::from_secs(15 * 60);

/// How many bytes of pictures of pages are kept.
#[cfg(feature = "as-printed")]
const PICTURES: usize = 32 << 20;

/// The most snapshots that are kept for cursors: each keeps its files from being freed.
const MOST_KEPT: usize = 4;

/// Everything that requests share.
#[derive(Debug)]
pub(super) struct App {
    pub(super) settings: Settings,
    pub(super) gate: Gate,
    pub(super) metrics: Metrics,
    pub(super) originals: Originals,
    /// The processes that draw pages.
    #[cfg(feature = "as-printed")]
    pub(super) workers: Workers,
    #[cfg(feature = "as-printed")]
    pub(super) pictures: Kept,
    /// Names the program and the data that questions are read with.
    data: String,
    /// The address that was bound, once it listens.
    pub(super) bound: OnceLock<SocketAddr>,
    now: RwLock<Arc<Held>>,
    earlier: Mutex<VecDeque<(Instant, Arc<Held>)>>,
}

/// A snapshot that answers, and what was worked out from it.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) engine: Arc<dyn Engine>,
    remembered: Remembered,
    library: OnceLock<Library>,
    terms: OnceLock<Vec<Terms>>,
    /// How many paragraphs the examples of the help find, by query.
    pub(super) examples: OnceLock<BTreeMap<String, usize>>,
}

impl Held {
    fn new(engine: Arc<dyn Engine>) -> Self {
        Self {
            engine,
            remembered: Remembered::default(),
            library: OnceLock::new(),
            terms: OnceLock::new(),
            examples: OnceLock::new(),
        }
    }

    /// The files of the snapshot.
    pub(super) fn library(&self) -> Result<&Library, SearchError> {
        if let Some(library) = self.library.get() {
            return Ok(library);
        }
        let library = Library::of(self.engine.ledger()?);
        Ok(self.library.get_or_init(|| library))
    }

    /// The terms on which the reports may be used, each once.
    pub(super) fn terms(&self, names: &Names) -> Result<&[Terms], SearchError> {
        if let Some(terms) = self.terms.get() {
            return Ok(terms);
        }
        let mut terms: Vec<Terms> = Vec::new();
        for framework in self.engine.values(Attribute::Framework)? {
            let own = names.terms(&framework);
            if !terms.contains(&own) {
                terms.push(own);
            }
        }
        Ok(self.terms.get_or_init(|| terms))
    }
}

/// Cancels the work for a client that went away: dropped with the answer that it waited for.
struct Waiting(Deadline);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl App {
    /// Opens the index and reads the data that questions are read with.
    pub(super) fn new(settings: Settings) -> Result<Self, super::ServeError> {
        let engine = settings.location.open()?;
        let data = data(&settings)?;
        Ok(Self {
            gate: Gate::new(settings.limits),
            metrics: Metrics::new(),
            originals: Originals::new(),
            #[cfg(feature = "as-printed")]
            workers: Workers::new(settings.worker.clone(), crate::extract::Limits::default()),
            #[cfg(feature = "as-printed")]
            pictures: Kept::new(PICTURES),
            data,
            bound: OnceLock::new(),
            now: RwLock::new(Arc::new(Held::new(engine))),
            earlier: Mutex::default(),
            settings,
        })
    }

    /// The address of the service without a slash at its end, if readers have one that is known:
    /// the public one, or on this machine the one where it listens.
    pub(super) fn base(&self) -> Option<String> {
        let prefix = self.settings.public.as_ref().map_or("", |public| public.prefix.as_str());
        self.origin().map(|origin| format!("{origin}{prefix}"))
    }

    /// The same without what comes before all paths.
    pub(super) fn origin(&self) -> Option<String> {
        if let Some(public) = &self.settings.public {
            return Some(format!("{}://{}", public.scheme, public.host));
        }
        let bound = self.bound.get().filter(|bound| bound.ip().is_loopback())?;
        Some(format!("http://{bound}"))
    }

    /// The snapshot that answers now.
    pub(super) fn held(&self) -> Arc<Held> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The snapshot of a generation, if it still answers.
    pub(super) fn held_at(&self, generation: &str) -> Option<Arc<Held>> {
        let now = self.held();
        if now.engine.generation() == generation {
            return Some(now);
        }
        let earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        let mut alive = earlier.iter().filter(|(since, _)| since.elapsed() < KEPT);
        let found = alive.find(|(_, held)| held.engine.generation() == generation);
        found.map(|(_, held)| Arc::clone(held))
    }

    /// Takes up the newest commit, if it is not the one that answers.
    ///
    /// # Errors
    /// If the index cannot be opened; the snapshot that answers stays.
    pub(super) fn refresh(&self) -> Result<bool, OpenError> {
        let lock = || self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        lock().retain(|(since, _)| since.elapsed() < KEPT);
        // A cluster may take long to answer. The lock is not held meanwhile, so that no page waits.
        let newest = self.settings.location.generation()?;
        if self.held().engine.generation() == newest {
            return Ok(false);
        }
        let opened = Arc::new(Held::new(self.settings.location.open()?));
        let mut earlier = lock();
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *now, opened);
        earlier.push_back((Instant::now(), before));
        if earlier.len() > MOST_KEPT {
            earlier.pop_front();
        }
        Ok(true)
    }

    /// Names what answers hang on besides the question: the commit, the program, and its data.
    pub(super) fn state(&self, held: &Held) -> String {
        format!("{}-{}", held.engine.generation(), self.data)
    }

    /// Answers a request in a thread of its own, in its turn and in time.
    ///
    /// # Errors
    /// If the server is busy, the time is up, or the work fails.
    pub(super) async fn answer<T: Send + 'static>(
        self: Arc<Self>,
        client: IpAddr,
        held: Arc<Held>,
        work: impl FnOnce(&Session<'_>, &Held) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let turn = self.gate.enter(client).await?;
        let deadline = Deadline::after(self.settings.limits.time);
        let waiting = Waiting(deadline.clone());
        let app = Arc::clone(&self);
        let done = tokio::task::spawn_blocking(move || {
            // The turn ends with the work, which goes on for a moment after a client has left.
            let _turn = turn;
            let session = Session::new(held.engine.as_ref(), &app.settings.reference, deadline)
                .remembering(&held.remembered);
            work(&session, &held)
        });
        let done = done.await.map_err(|_| Fault::Broken);
        drop(waiting);
        done?
    }
}

/// Names the program and the data that questions are read with: another program, other synonyms or
/// another table of authorities have another name.
fn data(settings: &Settings) -> Result<String, super::ServeError> {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    // Of a program that cannot be read only the version is known.
    hash.update(fs::read(&settings.worker).unwrap_or_default());
    let reference = &settings.reference;
    reference.authorities()?;
    reference.vocabulary()?;
    let _ = reference.names();
    hash.update(reference.knowledge()?.version());
    let config = reference.config();
    let files = [&config.authorities, &config.synonyms, &config.topics];
    for file in files.into_iter().flatten().chain(&config.corrections) {
        hash.update(file.as_os_str().as_encoded_bytes());
        hash.update(fs::read(file).unwrap_or_default());
    }
    let mut name = hex::encode(hash.finalize());
    name.truncate(12);
    Ok(name)
}
