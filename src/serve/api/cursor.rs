//! Cursors: where an answer goes on, in the state of the index in which it began.
//!
//! A cursor names the commit, the program and its data, the question, and a place. So it stays true
//! while new commits come, for as long as the commit's snapshot is kept, and cannot go on with
//! another question.

use crate::serve::app::{App, Held};
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What separates the parts of a cursor.
const BETWEEN: char = ' ';

/// The bytes by which a cursor is checked.
const CHECK: usize = 4;

/// A place in the answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// What the answer hangs on besides the question.
    state: String,
    /// A hash of the question.
    question: String,
    /// The place: a number of results, or the engine's own cursor.
    pub(super) place: String,
}

/// The parameters that may differ between the pages of an answer.
const OF_PAGES: [&str; 4] = ["cursor", "fields", "limit", "offset"];

/// Names a question: the address without what may differ between its pages.
pub(super) fn question(path: &str, parameters: &Parameters) -> String {
    let mut left = parameters.clone();
    for name in OF_PAGES {
        left.take_all(name);
    }
    let written = left.written();
    let mut pairs: Vec<&str> = written.split('&').collect();
    pairs.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(path);
    for pair in pairs {
        hash.update([0]);
        hash.update(pair);
    }
    hex::encode(&hash.finalize()[..8])
}

impl Cursor {
    pub(super) fn new(state: String, question: &str, place: String) -> Self {
        Self { state, question: question.to_owned(), place }
    }

    /// Writes it as letters and digits that say nothing to whoever passes it on.
    pub(super) fn written(&self) -> String {
        let said = [&*self.state, &*self.question, &*self.place].join(&BETWEEN.to_string());
        let check = &Sha256::digest(&said)[..CHECK];
        hex::encode([check, said.as_bytes()].concat())
    }

    fn read(written: &str) -> Option<Self> {
        let bytes = hex::decode(written).ok()?;
        let (check, said) = bytes.split_at_checked(CHECK)?;
        if *check != Sha256::digest(said)[..CHECK] {
            return None;
        }
        let mut parts = std::str::from_utf8(said).ok()?.splitn(3, BETWEEN).map(str::to_owned);
        Some(Self { state: parts.next()?, question: parts.next()?, place: parts.next()? })
    }

    /// Reads the cursor of a question and finds the snapshot that answers it.
    ///
    /// # Errors
    /// If it is damaged, belongs to another question, or has expired.
    pub(super) fn of(written: &str, question: &str, app: &App) -> Result<(Self, Arc<Held>), Fault> {
        let wrong = |message: &str| parameters::Fault::new("cursor", message);
        let read = Self::read(written).ok_or_else(|| wrong("the cursor is damaged"))?;
        if read.question != question {
            let message = "the cursor belongs to another question: give the parameters that it \
                           was given out for";
            return Err(wrong(message).into());
        }
        // The name of a generation may have hyphens; the hash of the data after it has none.
        let (generation, _) = read.state.rsplit_once('-').unwrap_or_default();
        let held = app.held_at(generation).ok_or(Fault::Expired)?;
        // Another program, or other data, may order results otherwise.
        if app.state(&held) != read.state {
            return Err(Fault::Expired);
        }
        Ok((read, held))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, question};
    use crate::serve::parameters::Parameters;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_not_if_it_is_damaged() {
        let cursor = Cursor::new("12ab-34cd".to_owned(), "00ff", "ab:20 x".to_owned());
        let written = cursor.written();
        assert!(written.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{written}");
        assert_eq!(Cursor::read(&written), Some(cursor));
        for at in 0..written.len() {
            let mut damaged = written.clone();
            let other = if &written[at..=at] == "0" { "1" } else { "0" };
            damaged.replace_range(at..=at, other);
            assert_eq!(Cursor::read(&damaged), None, "{damaged}");
        }
        for wrong in ["", "0", "zz", "00000000", &written[1..]] {
            assert_eq!(Cursor::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_question_is_the_same_on_each_of_its_pages_and_in_any_order() {
        let named = |query: &str| question("/search", &Parameters::of(Some(query)));
        assert_eq!(named("q=a&grade=Good&limit=3"), named("grade=Good&q=a&cursor=x&fields=id"));
        assert_ne!(named("q=a"), named("q=b"));
        assert_ne!(named("q=a"), question("/kwic", &Parameters::of(Some("q=a"))));
    }
}
