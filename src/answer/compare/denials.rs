//! How many of the matching paragraphs only deny what is looked for.
//!
//! The same comparison is asked for with and without them, so that every engine that leaves them out
//! rightly counts them rightly as well.

use findings_index::records::Attribute;
use findings_index::request::Deadline;
use findings_index::request::compare::{CompareRequest, CompareResponse, GroupTally};
use findings_index::{Engine, SearchError};
use std::collections::HashMap;

/// The value in each dimension of a group.
type Values = Vec<Option<String>>;

/// The paragraphs that only deny what is looked for, by group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Denials {
    by: HashMap<(Vec<Attribute>, Values), usize>,
}

impl Denials {
    /// Counts them: of the matching ones or, where a request leaves them out, in addition to these.
    pub(super) fn count(
        engine: &dyn Engine,
        deadline: &Deadline,
        request: &CompareRequest,
        response: &CompareResponse,
    ) -> Result<Self, SearchError> {
        if response.whole.matching.paragraphs == 0 && !request.filters.without_denials {
            return Ok(Self::default());
        }
        let mut other = CompareRequest { candidates: 0, ..request.clone() };
        other.filters.without_denials = !request.filters.without_denials;
        let other = engine.compare(&other, deadline)?;
        let mut by = HashMap::new();
        let dimension = |at: usize| request.by.get(at).copied().into_iter().collect::<Vec<_>>();
        let matching = |tally: &GroupTally| tally.tally.matching.paragraphs;
        for (dimensions, own, others) in [
            (dimension(0), &response.groups, &other.groups),
            (dimension(1), &response.columns, &other.columns),
            (request.by.clone(), &response.cells, &other.cells),
        ] {
            let others: HashMap<&Values, usize> =
                others.iter().map(|tally| (&tally.values, matching(tally))).collect();
            for tally in own {
                let found = others.get(&tally.values).copied().unwrap_or_default();
                let denied = matching(tally).abs_diff(found);
                by.insert((dimensions.clone(), tally.values.clone()), denied);
            }
        }
        let whole = [&response.whole, &other.whole].map(|tally| tally.matching.paragraphs);
        by.insert((Vec::new(), Vec::new()), whole[0].abs_diff(whole[1]));
        Ok(Self { by })
    }

    /// The number of one group; of all together by no dimension.
    pub(super) fn of(&self, by: &[Attribute], values: &[Option<String>]) -> usize {
        self.by.get(&(by.to_vec(), values.to_vec())).copied().unwrap_or_default()
    }
}
