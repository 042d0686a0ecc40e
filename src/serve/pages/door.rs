//! The pages as a door: answers carry the addresses that ask for them again.

use crate::ask::trace::{Again, Door, Repeat, Set};
use crate::render::html::Counted;
use crate::render::html::page::{Addresses, To};
use crate::serve::conditions;

/// Words questions as addresses of pages.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    pub(super) links: &'a dyn Addresses,
    /// The address of the page that is asked for.
    pub(super) own: String,
}

impl Door for Pages<'_> {
    fn again(&self, repeat: &Repeat<'_>) -> Again {
        let command = match repeat {
            Repeat::Search { query, filters } => {
                self.links.to(To::Counted(Counted::found(query, filters)))
            }
            // A page is asked for again as it was: its address says all of it.
            Repeat::Compare { .. }
            | Repeat::Timeline { .. }
            | Repeat::Grades { .. }
            | Repeat::Recommendations { .. }
            | Repeat::Distinctive { .. } => self.own.clone(),
        };
        Again { arguments: Vec::new(), command }
    }

    fn conditions(&self, set: &Set<'_>) -> String {
        conditions::written(set)
    }
}
