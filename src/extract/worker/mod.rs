//! Reads files in processes of their own, so that a broken or hostile one harms nobody.
//!
//! A worker is this program started again with the argument [`ARGUMENT`]. It serves one file after
//! the other over its standard input and output. A panic is caught within it; too much memory or
//! too deep a recursion ends the process; too much time makes the parent end it. In each case the
//! file is refused with its reason and the next file has a fresh worker. Workers end with the
//! build, however that ends: their standard input closes.
//!
//! It decides nothing about the text. Memory is limited on Unix only, by `RLIMIT_AS`; macOS knows
//! that limit and does not enforce it.

mod serve;
mod wire;

pub use serve::serve_if_asked;

use super::{ExtractedText, Format, Limits};
use std::any::Any;
use std::error::Error;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use wire::{Reply, Request};

/// The argument that makes the program a worker.
pub const ARGUMENT: &str = "extract-worker";

/// Readers keep to the time themselves where they can, and then say more.
const GRACE: Duration = Duration::from_secs(1);

/// How long a process that closed its output may take to end.
const LAST_BREATH: Duration = Duration::from_secs(2);

/// Why a file gave no text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// No worker can be started: not the file's fault.
    #[error("cannot start `{} {ARGUMENT}` to read files", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// The reader refused the file.
    #[error("{0}")]
    Refused(String),
    /// The reader panicked.
    #[error("its reader failed: {0}")]
    Panicked(String),
    /// The limit of time.
    #[error("took longer than {seconds} s; raise --max-seconds")]
    TooLong {
        /// The limit.
        seconds: u32,
    },
    /// The limit of memory.
    #[error("needed more than {megabytes} MB; raise --max-memory")]
    TooMuchMemory {
        /// The limit.
        megabytes: u64,
    },
    /// The stack ran out.
    #[error("is nested too deeply for its reader; lower --max-depth")]
    TooDeep,
    /// The process ended of itself.
    #[error("its reader process ended {0}")]
    Ended(String),
    /// The process answered with something that is no reply.
    #[error("its reader process gave an answer that makes no sense")]
    Garbled,
}

/// Workers, as many as there are threads that ask at the same time.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    /// Workers that run `program`; none is started before it is needed.
    #[must_use]
    pub fn new(program: PathBuf, limits: Limits) -> Self {
        Self { program, limits, idle: Mutex::new(Vec::new()) }
    }

    /// Reads one file in a worker. Blocks until it is read or a limit is met.
    ///
    /// # Errors
    /// The file gives no text, or ([`WorkerError::Start`]) there is no worker to read it.
    pub fn extract(&self, path: &Path, format: Format) -> Result<ExtractedText, WorkerError> {
        let request = Request::new(path, format, &self.limits);
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut worker) = idle {
            match worker.ask(&request, &self.limits) {
                // What an earlier file left behind in the process must not be this one's fault.
                Err(Failure::Died(_)) => drop(worker),
                answer => return self.conclude(worker, answer),
            }
        }
        let mut worker = Worker::start(&self.program, &self.limits)?;
        let answer = worker.ask(&request, &self.limits);
        self.conclude(worker, answer)
    }

    fn conclude(
        &self,
        worker: Worker,
        answer: Result<Reply, Failure>,
    ) -> Result<ExtractedText, WorkerError> {
        let reply = answer.map_err(|failure| match failure {
            Failure::Died(error) | Failure::Stopped(error) => error,
        })?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        match reply {
            Reply::Text(text) => Ok(text),
            Reply::Refused(reason) => Err(WorkerError::Refused(reason)),
            Reply::Panicked(words) => Err(WorkerError::Panicked(words)),
            Reply::OutOfMemory => Err(too_much(&self.limits)),
        }
    }
}

/// Why there is no reply. The worker is of no further use.
enum Failure {
    /// It ended of itself.
    Died(WorkerError),
    /// It was not waited for any longer, or not listened to.
    Stopped(WorkerError),
}

#[derive(Debug)]
struct Worker {
    child: Child,
    stdin: ChildStdin,
    replies: Receiver<io::Result<Reply>>,
    last_words: Receiver<String>,
}

impl Worker {
    fn start(program: &Path, limits: &Limits) -> Result<Self, WorkerError> {
        let start = |source| WorkerError::Start { program: program.to_owned(), source };
        let mut child = Command::new(program)
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(start)?;
        let (Some(stdin), Some(mut stdout), Some(mut stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(start(io::ErrorKind::BrokenPipe.into()));
        };
        // The pipes are read by threads that nobody joins: a process that the worker started may
        // hold them open for as long as it likes.
        let (sender, replies) = mpsc::channel();
        // Text comes out of PDFs larger than they are, but not many times.
        let most = limits.bytes.saturating_mul(4).saturating_add(16 << 20);
        thread::spawn(move || {
            while let Some(reply) = wire::read(&mut stdout, most).transpose() {
                let ends = reply.is_err();
                if sender.send(reply).is_err() || ends {
                    break;
                }
            }
        });
        let (sender, last_words) = mpsc::channel();
        thread::spawn(move || {
            let mut words = Vec::new();
            let _ = stderr.by_ref().take(4096).read_to_end(&mut words);
            let _ = sender.send(String::from_utf8_lossy(&words).into_owned());
            let _ = io::copy(&mut stderr, &mut io::sink());
        });
        Ok(Self { child, stdin, replies, last_words })
    }

    fn ask(&mut self, request: &Request, limits: &Limits) -> Result<Reply, Failure> {
        // Where the process is dead already, its output has ended as well and tells the story.
        let _ = wire::write(&mut self.stdin, request);
        let patience = Duration::from_secs(u64::from(limits.seconds)) + GRACE;
        match self.replies.recv_timeout(patience) {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(fault)) if fault.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Failure::Died(self.autopsy(limits)))
            }
            Ok(Err(_)) => Err(Failure::Stopped(WorkerError::Garbled)),
            Err(RecvTimeoutError::Timeout) => {
                Err(Failure::Stopped(WorkerError::TooLong { seconds: limits.seconds }))
            }
            Err(RecvTimeoutError::Disconnected) => Err(Failure::Died(self.autopsy(limits))),
        }
    }

    fn autopsy(&mut self, limits: &Limits) -> WorkerError {
        let Some(status) = self.end() else {
            return WorkerError::Garbled;
        };
        let words = self.last_words.recv_timeout(Duration::from_millis(200)).unwrap_or_default();
        // These are the words of Rust's own runtime when it gives up.
        if words.contains("memory allocation of") {
            too_much(limits)
        } else if words.contains("overflowed its stack") {
            WorkerError::TooDeep
        } else {
            WorkerError::Ended(how(status))
        }
    }

    /// Waits a little for the process to end by itself.
    fn end(&mut self) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < LAST_BREATH {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail only where the process has ended and been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn too_much(limits: &Limits) -> WorkerError {
    WorkerError::TooMuchMemory { megabytes: limits.memory >> 20 }
}

fn how(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return match signal {
            9 => "by signal 9; the system may have been short of memory".to_owned(),
            _ => format!("by signal {signal}"),
        };
    }
    match status.code() {
        Some(code) => format!("with exit code {code}"),
        None => "for an unknown reason".to_owned(),
    }
}

/// The words with which a thread panicked.
#[must_use]
pub fn panic_words(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panicked without a word".to_owned())
}

/// An error with the causes behind it, in one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}
