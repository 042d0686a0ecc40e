//! The worker's side: reads one file after the other until its standard input ends.

use super::wire::{self, Reply, Request, Task};
use super::{ARGUMENT, panic_words};
use crate::extract;
#[cfg(feature = "as-printed")]
use crate::extract::picture::{self, DrawRequest, Drawn, Undrawn};
use findings_index::records::ledger::FileError;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe};
use std::process::{self, ExitCode};
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// The stack for the readers, which descend into nested files as far as their depth limit allows,
/// in bytes.
const STACK: usize = 64 << 20;

/// The longest request, a path, the text of a paragraph and a few numbers, in bytes.
const REQUEST: u64 = 4 << 20;

/// Serves as a worker if the program was started as one, and returns how that ended. Call it
/// before anything else in `main`: the argument is not one for users.
#[must_use]
pub fn serve_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().is_some_and(|first| first == ARGUMENT);
    (asked && arguments.next().is_none()).then(serve)
}

fn serve() -> ExitCode {
    // A panic is reported in the reply.
    panic::set_hook(Box::new(|_| {}));
    let (sender, requests) = mpsc::channel();
    let reader = thread::Builder::new().stack_size(STACK).spawn(move || answer(&requests));
    let Ok(reader) = reader else {
        return ExitCode::FAILURE;
    };
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some(request)) = wire::read::<Request>(&mut stdin, REQUEST) {
            if sender.send(request).is_err() {
                break;
            }
        }
        // The build is over or dead. Nobody wants the file that is still being read, and reading it
        // may never end.
        process::exit(0);
    });
    match reader.join() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(requests: &Receiver<Request>) {
    let mut limited = None;
    for request in requests {
        let memory = request.limits.memory;
        if limited != Some(memory) {
            limit_memory(memory);
            limited = Some(memory);
        }
        let reply = panic::catch_unwind(AssertUnwindSafe(|| reply(&request)));
        let reply = reply.unwrap_or_else(|payload| {
            let message = panic_words(payload.as_ref());
            Reply::Refused(FileError::ReaderFailed { message })
        });
        if wire::write(io::stdout().lock(), &reply).is_err() {
            return;
        }
    }
}

fn reply(request: &Request) -> Reply {
    match &request.task {
        Task::Extract(format) => {
            let bytes = read(request);
            let text = bytes.and_then(|bytes| extract::read(*format, &bytes, &request.limits));
            text.map_or_else(Reply::Refused, Reply::Text)
        }
        #[cfg(feature = "as-printed")]
        Task::Draw(wanted) => draw(request, wanted).map_or_else(Reply::NoPicture, Reply::Picture),
    }
}

#[cfg(feature = "as-printed")]
fn draw(request: &Request, wanted: &DrawRequest) -> Result<Drawn, Undrawn> {
    let bytes = read(request).map_err(|error| match error {
        FileError::Vanished => Undrawn::Moved,
        other => other.into(),
    })?;
    picture::draw(&bytes, wanted, &request.limits)
}

fn read(request: &Request) -> Result<Vec<u8>, FileError> {
    let limits = &request.limits;
    let mut bytes = Vec::new();
    File::open(request.path())
        .and_then(|file| file.take(limits.bytes.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| match error.kind() {
            io::ErrorKind::OutOfMemory => FileError::TooMuchMemory { limit: limits.memory },
            _ => FileError::from(error),
        })?;
    if bytes.len() as u64 > limits.bytes {
        return Err(FileError::GrewTooLarge { limit: limits.bytes });
    }
    Ok(bytes)
}

/// Limits the memory of this process. On other systems there is no limit, but time is still
/// limited.
#[cfg(unix)]
fn limit_memory(bytes: u64) {
    use rlimit::Resource;
    // Lowering one's own limits fails only where they are lower already.
    let _ = Resource::AS.set(bytes, bytes);
    // A reader that dies by its limits must not leave an image of its memory on the disk.
    let _ = Resource::CORE.set(0, 0);
}

#[cfg(not(unix))]
fn limit_memory(_bytes: u64) {}
