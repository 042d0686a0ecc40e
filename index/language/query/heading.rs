//! Conditions on headings.

use crate::language::words::Stemmer;
use std::cell::RefCell;

/// The words of a `section` condition: all of them must occur in one heading, compared by their
/// stems, in any order.
pub(crate) struct HeadingWords {
    wanted: Vec<String>,
    stemmer: RefCell<Stemmer>,
}

impl HeadingWords {
    pub(crate) fn new(value: &str) -> Self {
        let mut stemmer = Stemmer::default();
        let wanted = stemmer.stems(value).into_iter().map(|(_, s)| s).collect();
        Self { wanted, stemmer: RefCell::new(stemmer) }
    }

    pub(crate) fn stand_in(&self, heading: &str) -> bool {
        let stems = self.stemmer.borrow_mut().stems(heading);
        !self.wanted.is_empty()
            && self.wanted.iter().all(|wanted| stems.iter().any(|(_, stem)| stem == wanted))
    }
}
