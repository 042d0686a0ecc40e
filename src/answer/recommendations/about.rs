//! Which recommendations are about what was asked.
//!
//! Words and topics say what a recommendation is about. Every other condition says which one is
//! meant: of which report, by when, for whom.

use crate::ask::{AskError, Session};
use findings_index::SearchError;
use findings_index::engine::each_hit;
use findings_index::language::query::Query;
use findings_index::records::{Attribute, Kind};
use findings_index::request::{Filters, HitsRequest};
use std::collections::HashSet;

/// What recommendations are asked to be about.
pub(super) struct About {
    query: Query,
    filters: Filters,
}

impl About {
    /// Takes it out of a question; `None` if they may be about anything.
    pub(super) fn of(query: &Query, filters: &Filters) -> Option<Self> {
        let mut own = Filters::default();
        if let Some(topics) = filters.choice(Attribute::Topic) {
            own.set(Attribute::Topic, topics.clone());
        }
        if let Some(topics) = filters.not.of(Attribute::Topic) {
            own.not.set(Attribute::Topic, topics.clone());
        }
        let query = subject(query);
        let is_about_something = query != Query::All || !own.is_empty();
        own.without_denials = filters.without_denials;
        is_about_something.then_some(Self { query, filters: own })
    }

    /// The ids of the recommendations to authorities that are about it.
    pub(super) fn among(
        &self,
        session: &Session<'_>,
        authorities: Vec<String>,
    ) -> Result<HashSet<String>, AskError> {
        let filters = self.filters.clone().with(Attribute::Authority, authorities);
        let filters = filters.with(Attribute::Kind, vec![Kind::Recommendation]);
        let every = HitsRequest { query: self.query.clone(), filters, ..HitsRequest::default() };
        let mut found = HashSet::new();
        each_hit(session.engine, &every, &session.deadline, |hit| {
            found.insert(hit.paragraph.id);
            Ok::<_, SearchError>(())
        })?;
        Ok(found)
    }
}

/// The query without those of its conditions that are on nothing but other attributes than topics.
fn subject(query: &Query) -> Query {
    match query {
        query if is_condition(query) => Query::All,
        Query::And { clauses, span } => {
            let clauses = clauses.iter().filter(|clause| !is_condition(clause)).map(subject);
            Query::And { clauses: clauses.collect(), span: *span }
        }
        query => query.clone(),
    }
}

fn is_condition(query: &Query) -> bool {
    match query {
        Query::All => true,
        Query::Field { field, .. } => *field != Attribute::Topic,
        Query::Word { .. }
        | Query::Phrase { .. }
        | Query::Wildcard { .. }
        | Query::Fuzzy { .. }
        | Query::Near { .. } => false,
        Query::Boost { .. }
        | Query::Affirmed { .. }
        | Query::Expanded { .. }
        | Query::And { .. }
        | Query::Or { .. }
        | Query::Not { .. } => query.clauses().all(is_condition),
    }
}

#[cfg(test)]
mod tests {
    use super::About;
    use findings_index::language::query::{Query, parse};
    use findings_index::records::{Attribute, Kind};
    use findings_index::request::Filters;

    fn about(query: &str, filters: &Filters) -> Option<String> {
        let query = parse(query).map_or(Query::All, |parsed| parsed.query);
        About::of(&query, filters).map(|own| own.query.to_string())
    }

    #[test]
    fn words_and_topics_say_what_it_is_about_and_other_conditions_do_not() {
        let none = Filters::of(Attribute::Kind, vec![Kind::Recommendation])
            .with(Attribute::Framework, ["ilacs"])
            .without(Attribute::Timescale, ["immediately"]);
        for (query, expected) in [
            ("", None),
            ("framework:ilacs -authority:Elmet", None),
            ("caseloads framework:ilacs", Some("caseloads")),
            ("topic:caseloads year:2019", Some("topic:caseloads")),
            ("caseloads OR framework:ilacs", Some("caseloads OR framework:ilacs")),
        ] {
            assert_eq!(about(query, &none).as_deref(), expected, "{query}");
        }
        let topic = none.without(Attribute::Topic, ["caseloads"]);
        assert!(about("framework:ilacs", &topic).is_some());
    }
}
