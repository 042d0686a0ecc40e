//! What is shown on stderr while an index is built or copied.

use super::said;
use crate::ingest::{Event, Progress};
use crate::render::{clean, words};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many reports that will be removed are named before the rest are counted.
const NAMED: usize = 10;

/// The progress bar on stderr, which shows nothing where stderr is not a terminal.
pub(super) struct Bar {
    pub(super) line: ProgressBar,
    files: AtomicU64,
    of: AtomicU64,
    pages: AtomicU64,
    paragraphs: AtomicU64,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self {
            line: ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
            files: AtomicU64::new(0),
            of: AtomicU64::new(0),
            pages: AtomicU64::new(0),
            paragraphs: AtomicU64::new(0),
        }
    }

    /// Begins anew, for something else.
    pub(super) fn phase(&self, length: u64, template: &str) {
        // The templates are constants; a wrong one would show as the default bar. The style comes
        // first, because a change of length is drawn at once.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.line.set_style(style.progress_chars("=> "));
        }
        self.line.reset();
        self.line.set_length(length);
    }
}

impl Progress for Bar {
    fn on(&self, event: Event<'_>) {
        match event {
            Event::Found { files } => {
                self.phase(files as u64, "looking at files [{bar:24}] {pos} of {len}");
            }
            Event::HistorySetAside { now_at } => self.line.suspend(|| {
                let said = set_aside(now_at);
                let _ = writeln!(
                    anstream::stderr(),
                    "warning: {}",
                    said::wrapped(&said, 9, said::window())
                );
            }),
            Event::ShelfStays { why } => self.line.suspend(|| {
                let said =
                    format!("the index is complete, but what the parts read is still kept: {why}");
                let _ = writeln!(
                    anstream::stderr(),
                    "warning: {}",
                    said::wrapped(&clean::line(&said), 9, said::window())
                );
            }),
            Event::Looked => self.line.inc(1),
            Event::Removing { paths } => self.line.suspend(|| {
                // Nobody reads a closed stderr, and the build goes on regardless.
                let _ = removing(paths, "gone from disk", &mut anstream::stderr());
            }),
            Event::Reading { files, bytes } => {
                self.of.store(files as u64, Ordering::Relaxed);
                self.phase(bytes, "reading [{bar:24}] {msg}, {eta} left");
                self.line.set_message(words::count(files, "file"));
            }
            Event::Read { bytes, pages, paragraphs, .. } => {
                let add = |sum: &AtomicU64, more: u64| {
                    usize::try_from(sum.fetch_add(more, Ordering::Relaxed) + more)
                        .unwrap_or(usize::MAX)
                };
                self.line.set_message(format!(
                    "{} of {}, {}, {}",
                    words::number(add(&self.files, 1)),
                    words::count(
                        usize::try_from(self.of.load(Ordering::Relaxed)).unwrap_or(usize::MAX),
                        "file"
                    ),
                    words::count(add(&self.pages, u64::from(pages)), "page"),
                    words::count(add(&self.paragraphs, u64::from(paragraphs)), "paragraph"),
                ));
                self.line.inc(bytes);
            }
            Event::Committing => {
                self.phase(0, "{spinner} writing the index");
                self.line.enable_steady_tick(Duration::from_millis(100));
            }
            Event::Learning { .. } => {
                self.phase(0, "{spinner} learning from the paragraphs");
                self.line.enable_steady_tick(Duration::from_millis(100));
            }
        }
    }
}

/// Says that the history could not be read.
fn set_aside(now_at: &Path) -> String {
    format!(
        "the history of the index was damaged; it is made again from the index, and the damaged file is \
         now {}",
        clean::line(&now_at.display().to_string())
    )
}

/// Says which reports will be removed, and why.
pub(super) fn removing(paths: &[&str], why: &str, out: &mut dyn Write) -> io::Result<()> {
    let are = if paths.len() == 1 { "is" } else { "are" };
    let reports = words::count(paths.len(), "report");
    writeln!(out, "{reports} {are} {why} and will be removed:")?;
    for path in paths.iter().take(NAMED) {
        writeln!(out, "  {}", clean::line(path))?;
    }
    if paths.len() > NAMED {
        writeln!(out, "  and {} more", words::number(paths.len() - NAMED))?;
    }
    Ok(())
}
