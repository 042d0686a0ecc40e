//! An authority as a table has it. The index keeps the tables that its reports were read with.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One row of a table of authorities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// The short name.
    pub name: String,
    /// The three-digit code of the Department for Education; empty if there is none.
    pub la_code: String,
    /// The region; empty if there is none.
    pub region: String,
    /// Other names in use.
    pub other_names: Vec<String>,
    /// Short forms that people type (`RBKC`, `Notts`); reports are not searched for them.
    pub short_forms: Vec<String>,
    /// Codes (or names) of its statistical neighbours, the nearest first.
    pub neighbours: Vec<String>,
    /// Its first day; `None` if it is older than the reports.
    pub from: Option<Date>,
    /// Its last day; `None` if it has not ended.
    pub until: Option<Date>,
    /// Codes (or names) of those that have its area now.
    pub successors: Vec<String>,
    /// The number of its table: codes are unique within a table.
    pub table: u32,
}

impl Authority {
    /// Whether it existed on any day of a span; an open end has no limit.
    #[must_use]
    pub fn existed(&self, from: Option<Date>, to: Option<Date>) -> bool {
        let ended_before = self.until.zip(from).is_some_and(|(until, from)| until < from);
        let began_after = self.from.zip(to).is_some_and(|(began, to)| began > to);
        !ended_before && !began_after
    }
}

#[cfg(test)]
mod tests {
    use super::Authority;
    use jiff::civil::{Date, date};

    #[test]
    fn an_authority_existed_in_a_span_that_holds_any_of_its_days() {
        let elmet = Authority {
            name: "Elmet".to_owned(),
            la_code: String::new(),
            region: String::new(),
            other_names: Vec::new(),
            short_forms: Vec::new(),
            neighbours: Vec::new(),
            from: Some(date(2009, 4, 1)),
            until: Some(date(2021, 3, 31)),
            successors: Vec::new(),
            table: 0,
        };
        let existed = |from: Option<Date>, to: Option<Date>| elmet.existed(from, to);
        assert!(existed(None, None));
        assert!(existed(Some(date(2021, 3, 31)), None));
        assert!(!existed(Some(date(2021, 4, 1)), None));
        assert!(existed(None, Some(date(2009, 4, 1))));
        assert!(!existed(None, Some(date(2009, 3, 31))));
        assert!(existed(Some(date(2000, 1, 1)), Some(date(2030, 1, 1))));
    }
}
