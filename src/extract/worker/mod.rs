//! Reads and draws files in separate processes, so that a broken or hostile file does no harm.
//!
//! A worker is this program started again with the argument [`ARGUMENT`]. It reads one file after
//! the other, or draws a piece of it, and speaks over its standard input and output. It catches a panic itself; too much
//! memory or too deep a recursion ends it; if it takes too long, the parent ends it. In each case
//! the file is refused with the reason, and after a process has ended, the next file gets a new
//! worker. Workers end with the build, however it ends, because their standard input closes.
//!
//! This module decides nothing about the text. Memory is limited on Unix only, by `RLIMIT_AS`;
//! macOS has that limit but does not enforce it.

mod serve;
mod wire;

pub use serve::serve_if_asked;

#[cfg(feature = "as-printed")]
use super::picture::{DrawRequest, Drawn, Undrawn};
use super::{ExtractedText, Format, Limits};
use findings_index::records::ledger::{FileError, ProcessEnd};
use std::any::Any;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use wire::{Reply, Request, Task};

/// The argument that makes the program a worker.
pub const ARGUMENT: &str = "extract-worker";

/// The extra time for a reply: a reader that notices the time limit itself reports more.
const GRACE: Duration = Duration::from_secs(1);

/// How long a process may take to end after it has closed its output.
const LAST_BREATH: Duration = Duration::from_secs(2);

/// The reason why a file gave no text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// No worker can be started, which is not the file's fault.
    #[error("cannot start `{} {ARGUMENT}` to read files", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The reason why there is no picture.
#[cfg(feature = "as-printed")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// No worker can be started, which is not the file's fault.
    #[error("cannot start `{} {ARGUMENT}` to draw pages", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// The file gives no such picture.
    #[error(transparent)]
    Undrawn(#[from] Undrawn),
}

#[cfg(feature = "as-printed")]
impl DrawError {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Start { .. } => "no_reader",
            Self::Undrawn(error) => error.code(),
        }
    }
}

#[cfg(feature = "as-printed")]
impl From<WorkerError> for DrawError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::Start { program, source } => Self::Start { program, source },
            WorkerError::File(error) => Self::Undrawn(error.into()),
        }
    }
}

/// A pool of workers, as many as there are threads that ask at the same time.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    /// Sets up a pool that runs `program`; workers start when they are needed.
    #[must_use]
    pub fn new(program: PathBuf, limits: Limits) -> Self {
        Self { program, limits, idle: Mutex::new(Vec::new()) }
    }

    /// Reads one file in a worker. Blocks until it is read or a limit is exceeded.
    ///
    /// # Errors
    /// The file gives no text, or ([`WorkerError::Start`]) there is no worker to read it.
    pub fn extract(&self, path: &Path, format: Format) -> Result<ExtractedText, WorkerError> {
        let request = Request::new(path, Task::Extract(format), &self.limits);
        match self.ask(&request)? {
            Reply::Text(text) => Ok(text),
            Reply::Refused(error) => Err(error.into()),
            #[cfg(feature = "as-printed")]
            Reply::Picture(_) | Reply::NoPicture(_) => Err(FileError::MalformedReply.into()),
        }
    }

    /// Draws a piece of a PDF in a worker. Blocks until it is drawn or a limit is exceeded, of which
    /// the one on time is `within`, in whole seconds, instead of the pool's own.
    ///
    /// # Errors
    /// The file gives no such picture, or ([`DrawError::Start`]) there is no worker to draw it.
    #[cfg(feature = "as-printed")]
    pub fn draw(&self, request: &DrawRequest, within: Duration) -> Result<Drawn, DrawError> {
        let whole = within.as_secs() + u64::from(within.subsec_nanos() > 0);
        let seconds = u32::try_from(whole.max(1)).unwrap_or(u32::MAX);
        let limits = Limits { seconds, ..self.limits };
        let request = Request::new(&request.path, Task::Draw(request.clone()), &limits);
        match self.ask(&request)? {
            Reply::Picture(drawn) => Ok(drawn),
            Reply::NoPicture(error) => Err(error.into()),
            Reply::Refused(error) => Err(Undrawn::File(error).into()),
            Reply::Text(_) => Err(Undrawn::File(FileError::MalformedReply).into()),
        }
    }

    /// Asks an idle worker, or a new one.
    fn ask(&self, request: &Request) -> Result<Reply, WorkerError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut worker) = idle {
            match worker.ask(request) {
                // The death may be due to an earlier file, so this one is tried again.
                Err(NoReply::Died(_)) => drop(worker),
                answer => return self.conclude(worker, answer),
            }
        }
        let mut worker = Worker::start(&self.program, &self.limits)?;
        let answer = worker.ask(request);
        self.conclude(worker, answer)
    }

    fn conclude(
        &self,
        worker: Worker,
        answer: Result<Reply, NoReply>,
    ) -> Result<Reply, WorkerError> {
        let reply = answer.map_err(|no_reply| match no_reply {
            NoReply::Died(error) | NoReply::Stopped(error) => error,
        })?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        Ok(reply)
    }
}

/// The reason why there is no reply. The worker cannot be used again.
enum NoReply {
    /// The worker ended by itself.
    Died(FileError),
    /// The worker took too long or sent a malformed reply.
    Stopped(FileError),
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
        // The pipes are read by threads that are not joined: a process that the worker started may
        // hold them open as long as it likes.
        let (sender, replies) = mpsc::channel();
        // The text of a PDF may be larger than the file, but not many times larger.
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

    fn ask(&mut self, request: &Request) -> Result<Reply, NoReply> {
        let limits = &request.limits;
        // If the process has ended, so has its output, and reading it reports that.
        let _ = wire::write(&mut self.stdin, request);
        let patience = Duration::from_secs(u64::from(limits.seconds)) + GRACE;
        match self.replies.recv_timeout(patience) {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(fault)) if fault.kind() == io::ErrorKind::UnexpectedEof => {
                Err(NoReply::Died(self.autopsy(limits)))
            }
            Ok(Err(_)) => Err(NoReply::Stopped(FileError::MalformedReply)),
            Err(RecvTimeoutError::Timeout) => {
                Err(NoReply::Stopped(FileError::TimedOut { seconds: limits.seconds }))
            }
            Err(RecvTimeoutError::Disconnected) => Err(NoReply::Died(self.autopsy(limits))),
        }
    }

    fn autopsy(&mut self, limits: &Limits) -> FileError {
        let Some(status) = self.end() else {
            return FileError::MalformedReply;
        };
        let words = self.last_words.recv_timeout(Duration::from_millis(200)).unwrap_or_default();
        // These are messages of Rust's own runtime.
        if words.contains("memory allocation of") {
            FileError::TooMuchMemory { limit: limits.memory }
        } else if words.contains("overflowed its stack") {
            FileError::TooDeep
        } else {
            FileError::ReaderEnded { end: how(status) }
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
        // Both fail only if the process has ended and been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn how(status: ExitStatus) -> ProcessEnd {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ProcessEnd::Signal(signal);
    }
    status.code().map_or(ProcessEnd::Unknown, ProcessEnd::ExitCode)
}

/// The message with which a thread panicked.
#[must_use]
pub fn panic_words(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panicked without a word".to_owned())
}
