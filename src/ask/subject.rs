//! What is looked for, where either a query or topics say it.

use super::Session;
use super::error::{AskError, Hint, Refusal};
use super::question::{Conditions, Reading};
use super::reading::Understood;
use findings_index::language::query::{Query, Span};
use findings_index::records::Attribute;

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The query as understood.
    pub understood: Understood,
    /// As typed, or the names of the topics.
    pub name: String,
    /// Ids of the topics.
    pub topics: Vec<String>,
}

impl Subject {
    /// Refuses nothing, and both.
    ///
    /// # Errors
    /// Neither a query nor a topic, or both.
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
    /// Reads the query, or finds the topics.
    ///
    /// # Errors
    /// Those of [`Subject::check`] and of [`Session::read`], and a topic that is not known.
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
        understood.unheld = self.read("", reading, conditions)?.unheld;
        Ok(Subject { understood, name: names.join(" or "), topics: ids })
    }
}
