//! What a comparison or a timeline looks for: a query or topics.

use super::Session;
use super::error::{AskError, Hint, Refusal};
use super::question::{Conditions, Reading};
use super::reading::Understood;
use findings_index::language::query::{Query, Span};
use findings_index::records::Attribute;

/// A query or topics, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The query as understood.
    pub understood: Understood,
    /// The query as typed, or the names of the topics.
    pub name: String,
    /// The ids of the topics; none for a query.
    pub topics: Vec<String>,
}

impl Subject {
    /// Checks that there is either a query or at least one topic.
    ///
    /// # Errors
    /// Neither a query nor a topic is given, or both are.
    pub fn check(text: &str, topics: &[String]) -> Result<(), Refusal> {
        match (text.trim().is_empty(), topics) {
            (true, []) => {
                Err(Refusal::new("nothing_asked", "nothing to look for").hint(Hint::QueryOrTopic))
            }
            (false, [topic, ..]) => {
                let query = format!("({text}) topic:{topic}");
                let message = "either a query or a topic, not both";
                Err(Refusal::new("query_and_topic", message).hint(Hint::Both { query }))
            }
            _ => Ok(()),
        }
    }
}

impl Session<'_> {
    /// Reads the query, or looks up the topics.
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
            let understood = self.read(text, reading, conditions)?;
            let typed = understood.typed.clone();
            let is_quoted = typed.contains(['"', '“']);
            let name = if is_quoted { typed } else { format!("‘{typed}’") };
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
        let query = match clauses.len() {
            1 => clauses.remove(0),
            _ => Query::Or { clauses, span },
        };
        let mut understood = Understood::of_tree(query);
        let of_conditions = self.read("", reading, conditions)?;
        understood.unheld = of_conditions.unheld;
        understood.read_as = of_conditions.read_as;
        Ok(Subject { understood, name: names.join(" or "), topics: ids })
    }
}
