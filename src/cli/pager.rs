//! Hands answers that are longer than the window to a pager, so that they are read from their
//! beginning.
//!
//! Only what goes to a terminal is paged. A pager that cannot be started costs nothing: the answer
//! is then written as it would be without one. Whoever closes the pager early has read enough.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

/// The pager where none is named.
const USUAL: &str = "less";

/// What `less` is told unless the user tells it something else: to end by itself where all fits, to
/// let colours through, to leave the answer on the screen, and to end when interrupted, since this
/// program then ends as well.
const LESS: &str = "FRXK";

/// A pager, and the window for which it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pager {
    /// The program and its arguments.
    words: Vec<String>,
    rows: usize,
    columns: usize,
}

impl Pager {
    /// Finds the pager of this terminal; there is none where standard output is not one.
    pub(crate) fn of_terminal(environment: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        if !io::stdout().is_terminal() || environment("TERM").is_some_and(|term| term == "dumb") {
            return None;
        }
        let (columns, rows) = terminal_size::terminal_size()?;
        let said = |name| environment(name).map(|value| value.to_string_lossy().into_owned());
        let words = chosen(said("FINDINGS_PAGER").or_else(|| said("PAGER")).as_deref())?;
        Some(Self { words, rows: rows.0.into(), columns: columns.0.into() })
    }

    fn start(&self) -> io::Result<Child> {
        let (program, arguments) = self.words.split_first().ok_or(io::ErrorKind::NotFound)?;
        let mut command = Command::new(program);
        if std::env::var_os("LESS").is_none() {
            command.env("LESS", LESS);
        }
        command.args(arguments).stdin(Stdio::piped()).spawn()
    }
}

/// Returns the words of the pager that was named, or of the usual one. An empty name, and `cat`,
/// mean none.
fn chosen(named: Option<&str>) -> Option<Vec<String>> {
    let words = shlex::split(named.unwrap_or(USUAL))?;
    (!words.is_empty() && words != ["cat"]).then_some(words)
}

/// Writes an answer to standard output, through the pager where it is longer than the window.
///
/// Returns `None` if the reader closed the pager before the end.
pub(crate) fn show<T>(
    pager: Option<&Pager>,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    let mut out = Paged::new(pager);
    let written = write(&mut out);
    let ended = out.end();
    if out.is_closed {
        return Ok(None);
    }
    let written = written?;
    ended?;
    Ok(Some(written))
}

/// An answer on its way to the terminal.
struct Paged<'a> {
    pager: Option<&'a Pager>,
    way: Way,
    /// The row and the column after what was written so far, counted from 0.
    row: usize,
    column: usize,
    /// Whether what is being written is a sequence for colour, which takes no column.
    is_sequence: bool,
    /// Whether the reader closed the pager before the end.
    is_closed: bool,
}

enum Way {
    /// Kept until it is known whether it fits the window.
    Kept(Vec<u8>),
    Direct(BufWriter<StdoutLock<'static>>),
    Pager(BufWriter<ChildStdin>, Child),
    Ended,
}

impl<'a> Paged<'a> {
    fn new(pager: Option<&'a Pager>) -> Self {
        let way = if pager.is_some() { Way::Kept(Vec::new()) } else { Way::direct() };
        Self { pager, way, row: 0, column: 0, is_sequence: false, is_closed: false }
    }

    /// Follows where the text ends in a window of a number of columns.
    fn measure(&mut self, text: &[u8], columns: usize) {
        for byte in text {
            match byte {
                _ if self.is_sequence => self.is_sequence = *byte != b'm',
                0x1b => self.is_sequence = true,
                b'\n' => (self.row, self.column) = (self.row + 1, 0),
                // All but the first byte of a character.
                0x80..=0xbf => {}
                _ if self.column >= columns => (self.row, self.column) = (self.row + 1, 1),
                _ => self.column += 1,
            }
        }
    }

    /// Starts the pager with what was kept; without a pager writes it directly.
    fn open(&mut self) -> io::Result<()> {
        let Way::Kept(kept) = &mut self.way else { return Ok(()) };
        let kept = std::mem::take(kept);
        let started = self.pager.and_then(|pager| pager.start().ok());
        let piped = started.and_then(|mut child| {
            let input = child.stdin.take()?;
            Some(Way::Pager(BufWriter::new(input), child))
        });
        self.way = piped.unwrap_or_else(Way::direct);
        self.write_all(&kept)
    }

    /// Writes what is left, and waits until the reader has closed the pager.
    fn end(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.way, Way::Ended) {
            Way::Kept(kept) => {
                let mut out = io::stdout().lock();
                out.write_all(&kept)?;
                out.flush()
            }
            Way::Direct(mut out) => out.flush(),
            Way::Pager(mut input, mut child) => {
                let flushed = if self.is_closed { Ok(()) } else { input.flush() };
                self.is_closed |= is_broken(&flushed);
                // The end of its input is what the pager waits for. What is still in the buffer
                // after a failure is not tried again.
                drop(input.into_parts());
                child.wait()?;
                flushed
            }
            Way::Ended => Ok(()),
        }
    }
}

impl Way {
    fn direct() -> Self {
        Self::Direct(BufWriter::new(io::stdout().lock()))
    }
}

fn is_broken<T>(written: &io::Result<T>) -> bool {
    written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

impl Write for Paged<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if let Some(pager) = self.pager
            && let Way::Kept(kept) = &mut self.way
        {
            kept.extend_from_slice(text);
            self.measure(text, pager.columns.max(1));
            // The last row is for the prompt of the shell.
            if self.row >= pager.rows {
                self.open()?;
            }
            return Ok(text.len());
        }
        match &mut self.way {
            Way::Direct(out) => out.write(text),
            Way::Pager(input, _) => {
                let written = input.write(text);
                self.is_closed |= is_broken(&written);
                written
            }
            Way::Kept(_) | Way::Ended => Ok(text.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Direct(out) => out.flush(),
            Way::Pager(input, _) => {
                let flushed = input.flush();
                self.is_closed |= is_broken(&flushed);
                flushed
            }
            Way::Kept(_) | Way::Ended => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Paged, Pager, chosen, show};

    fn pager(words: &[&str]) -> Pager {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Pager { words, rows: 3, columns: 10 }
    }

    #[test]
    fn a_pager_is_chosen_by_name_and_none_by_an_empty_one() {
        assert_eq!(chosen(None).unwrap(), ["less"]);
        assert_eq!(chosen(Some("most -s 'a b'")).unwrap(), ["most", "-s", "a b"]);
        assert_eq!(chosen(Some("cat")), None);
        assert_eq!(chosen(Some(" ")), None);
    }

    #[test]
    fn rows_are_counted_as_the_window_shows_them() {
        let pager = pager(&["cat"]);
        let mut out = Paged::new(Some(&pager));
        out.measure("\u{1b}[1mélèves\u{1b}[0m dix\n".as_bytes(), 10);
        assert_eq!((out.row, out.column), (1, 0));
        out.measure(b"more than ten columns", 10);
        assert_eq!((out.row, out.column), (3, 1));
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_gets_the_whole_of_a_long_answer_and_nothing_of_a_short_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("read");
        let pager = pager(&["dd", "status=none", &format!("of={}", file.display())]);
        let short = show(Some(&pager), |out| Ok(out.write_all(b"")?));
        assert_eq!(short.unwrap(), Some(()));
        assert!(!file.exists());
        let long = show(Some(&pager), |out| Ok(write!(out, "1\n2\n3\n4\n5\n")?));
        assert_eq!(long.unwrap(), Some(()));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "1\n2\n3\n4\n5\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_that_is_closed_early_is_no_error() {
        let line = b"a line of an answer that does not end soon\n";
        let shown = show(Some(&pager(&["true"])), |out| {
            for _ in 0..100_000 {
                out.write_all(line)?;
            }
            Ok(())
        });
        assert_eq!(shown.unwrap(), None);
    }
}
