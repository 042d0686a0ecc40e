//! What a comparison or a timeline looks for: a query, topics, or a query within topics.

use super::Session;
use super::error::{AskError, Hint, Refusal};
use super::question::{Conditions, Reading};
use super::reading::Understood;
use findings_index::language::query::{self, Query, Span};
use findings_index::records::Attribute;
use findings_index::request::Filters;

/// A query, topics or both, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The query as understood.
    pub understood: Understood,
    /// The query as typed and the names of the topics.
    pub name: String,
    /// The ids of the topics; none for a query.
    pub topics: Vec<String>,
}

impl Subject {
    /// Checks that there is a query or a topic.
    ///
    /// # Errors
    /// Neither is given.
    pub fn check(text: &str, topics: &[String]) -> Result<(), Refusal> {
        if text.trim().is_empty() && topics.is_empty() {
            let refusal = Refusal::new("nothing_asked", "nothing to look for");
            return Err(refusal.hint(Hint::QueryOrTopic));
        }
        Ok(())
    }

    /// The paragraphs among which other readings of the query are counted: those of the topics, where
    /// it is looked for within topics.
    #[must_use]
    pub fn within(&self, mut eligible: Filters) -> Filters {
        if !self.topics.is_empty() && !self.understood.typed.is_empty() {
            eligible.set(Attribute::Topic, self.topics.clone());
        }
        eligible
    }
}

impl Session<'_> {
    /// Reads the query and looks up the topics. With both, what is looked for are the paragraphs of the
    /// topics that match the query.
    ///
    /// # Errors
    /// Those of [`Subject::check`] and [`Session::read`], or an unknown topic.
    pub fn subject(
        &self,
        text: &str,
        topics: &[String],
        reading: Reading,
        conditions: &Conditions,
    ) -> Result<Subject, AskError> {
        Subject::check(text, topics)?;
        if topics.is_empty() {
            // A query that is nothing but topics reads as these do.
            let alone = topics_alone(text);
            if let Some(alone) =
                alone.filter(|topics| topics.iter().all(|id| self.topic_id(id).is_ok()))
            {
                return self.subject("", &alone, reading, conditions);
            }
        }
        let mut understood = self.read(text, reading, conditions)?;
        if topics.is_empty() {
            let name = understood.called();
            return Ok(Subject { understood, name, topics: Vec::new() });
        }
        let known = self.engine.topics()?;
        let mut ids = Vec::new();
        let mut names = Vec::new();
        for typed in topics {
            let id = self.topic_id(typed)?;
            let name = known.get(&id).map_or(&id, |topic| &topic.name);
            names.push(format!("{name} (topic {id})"));
            ids.push(id);
        }
        let span = Span::default();
        let of = |id: &String| Query::Field { field: Attribute::Topic, value: id.clone(), span };
        let mut clauses: Vec<Query> = ids.iter().map(of).collect();
        let of_topics = match clauses.len() {
            1 => clauses.remove(0),
            _ => Query::Or { clauses, span },
        };
        let names = names.join(" or ");
        if understood.typed.is_empty() {
            let Understood { unheld, read_as, .. } = understood;
            understood = Understood { unheld, read_as, ..Understood::of_tree(of_topics) };
            return Ok(Subject { understood, name: names, topics: ids });
        }
        let name = format!("{} in paragraphs on {names}", understood.called());
        understood.query = Query::And { clauses: vec![understood.query, of_topics], span };
        Ok(Subject { understood, name, topics: ids })
    }
}

/// The topics of a query that looks for nothing else.
fn topics_alone(text: &str) -> Option<Vec<String>> {
    let parsed = query::parse(text.trim()).ok()?;
    let topic = |query: &Query| match query {
        Query::Field { field: Attribute::Topic, value, .. } => Some(value.clone()),
        _ => None,
    };
    match &parsed.query {
        Query::Or { clauses, .. } => clauses.iter().map(topic).collect(),
        one => topic(one).map(|id| vec![id]),
    }
}
