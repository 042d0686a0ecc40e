//! Runs a program and measures its cost, including all processes that it starts.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// The interval at which memory is measured.
const LOOK: Duration = Duration::from_millis(5);

/// The cost of a run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Taken {
    /// Seconds of CPU time, user and system, of the process and its descendants.
    pub(crate) cpu: f64,
    /// Seconds from start to end.
    pub(crate) wall: f64,
    /// The largest memory measured, in bytes, added up over all processes.
    pub(crate) memory: Memory,
}

/// Memory of a process and its descendants, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// All resident memory. Memory that processes share, such as the program itself, counts for
    /// each.
    pub(crate) resident: u64,
    /// Memory of this process alone: neither the program nor files it reads.
    pub(crate) own: u64,
}

/// Runs to the end without measuring memory, which would cost a short program time.
pub(crate) fn run(command: &mut Command) -> io::Result<(ExitStatus, Taken)> {
    let (cpu, begun) = (children()?, Instant::now());
    let status = command.status()?;
    let taken = Taken {
        wall: begun.elapsed().as_secs_f64(),
        cpu: children()? - cpu,
        memory: Memory::default(),
    };
    Ok((status, taken))
}

/// Runs to the end and measures memory all the while.
pub(crate) fn watch(command: &mut Command) -> io::Result<(ExitStatus, Taken)> {
    let (cpu, begun) = (children()?, Instant::now());
    let mut child = command.spawn()?;
    let mut most = Memory::default();
    let status = loop {
        let now = memory(child.id());
        most.resident = most.resident.max(now.resident);
        most.own = most.own.max(now.own);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    let taken = Taken { wall: begun.elapsed().as_secs_f64(), cpu: children()? - cpu, memory: most };
    Ok((status, taken))
}

/// CPU time of child processes that have ended, in seconds.
fn children() -> std::io::Result<f64> {
    used_by(UsageWho::RUSAGE_CHILDREN)
}

/// CPU time of this process, in seconds.
pub(crate) fn own_cpu() -> std::io::Result<f64> {
    used_by(UsageWho::RUSAGE_SELF)
}

fn used_by(who: UsageWho) -> std::io::Result<f64> {
    let usage = getrusage(who)?;
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// The memory of a process and its descendants now. Processes that end meanwhile count as nothing.
fn memory(process: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kilobytes = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.unwrap_or(0)
    };
    let mut sum =
        Memory { resident: kilobytes("VmRSS:") * 1024, own: kilobytes("RssAnon:") * 1024 };
    // A child belongs to the thread that started it.
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    for thread in threads.into_iter().flatten().flatten() {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|id| id.parse().ok()) {
            let of_child = memory(child);
            sum.resident += of_child.resident;
            sum.own += of_child.own;
        }
    }
    sum
}
