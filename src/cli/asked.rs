//! What is asked: the words of a query as typed, read and widened. Shared by all commands that
//! search.

use super::{Context, Refusal, said, topics};
use crate::knowledge::synonyms;
use crate::render::{clean, words};
use findings_index::engine::widen;
use findings_index::language::lexicon::Widened;
use findings_index::language::query::{self, Query, QueryError, Repair, Span};
use findings_index::records::Attribute;
use findings_index::request::{SearchRequest, SearchResponse, UnheldWord};
use findings_index::{Engine, SearchError};
use std::io::Write;
use std::ops::Range;

/// How many words that no paragraph holds are named.
const NOTED: usize = 8;

/// The options that say how a query is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::Args)]
pub(crate) struct Reading {
    /// Find paragraphs about any of the words, not only those about all of them
    #[arg(long, help_heading = "Query")]
    pub(crate) any: bool,

    /// Find words just as written: no other forms of a word, no other ways of saying it
    #[arg(long, help_heading = "Query")]
    pub(crate) exact: bool,
}

/// A query as understood.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// As typed.
    pub(crate) typed: String,
    /// The tree to be searched.
    pub(crate) query: Query,
    /// Words that stand almost everywhere, which were not asked for.
    pub(crate) passed_over: Vec<String>,
    /// What had to be mended to understand it.
    pub(crate) repairs: Vec<Repair>,
    /// Words that no paragraph holds.
    pub(crate) unheld: Vec<UnheldWord>,
}

impl Reading {
    /// Reads a query; what had to be mended in it, and which of its words no paragraph holds, is
    /// said on stderr. Without words it is every paragraph.
    pub(crate) fn read(
        self,
        typed: &str,
        engine: &dyn Engine,
        context: &Context,
    ) -> anyhow::Result<Asked> {
        let typed = typed.trim().to_owned();
        if typed.is_empty() {
            return Ok(Asked {
                typed,
                query: Query::All,
                passed_over: Vec::new(),
                repairs: Vec::new(),
                unheld: Vec::new(),
            });
        }
        let parsed = query::parse(&typed).map_err(|error| not_understood(&typed, &error))?;
        for repair in &parsed.repairs {
            note(&repair.to_string());
        }
        let Widened { query, passed_over } = self.widen(&parsed.query, engine, context)?;
        let unheld = engine.unheld(&query, &context.deadline())?;
        note_unheld("", &unheld);
        Ok(Asked { typed, query, passed_over, repairs: parsed.repairs, unheld })
    }

    /// Widens or narrows a query as these options say.
    pub(crate) fn widen(
        self,
        query: &Query,
        engine: &dyn Engine,
        context: &Context,
    ) -> anyhow::Result<Widened> {
        let mut widened = if self.exact {
            Widened { query: query.as_written(), passed_over: Vec::new() }
        } else if !query.has_words() {
            // Nothing could be widened: the synonyms need not even be read.
            Widened { query: query.clone(), passed_over: Vec::new() }
        } else {
            widen(engine, query, &synonyms::of(&context.config)?)?
        };
        if self.any {
            widened.query = widened.query.any_word();
        }
        Ok(widened)
    }
}

impl Asked {
    /// Answers a request that was made of this query.
    pub(crate) fn search(
        &self,
        engine: &dyn Engine,
        request: &SearchRequest,
        context: &Context,
    ) -> anyhow::Result<SearchResponse> {
        engine.search(request, &context.deadline()).map_err(|error| self.failed(error))
    }

    /// Tells a fault of the query from one of the index.
    pub(crate) fn failed(&self, error: SearchError) -> anyhow::Error {
        match error {
            SearchError::Query(error) => not_understood(&self.typed, &error).into(),
            other => other.into(),
        }
    }
}

/// What is looked for where either a query or topics say it.
pub(crate) struct Subject {
    pub(crate) asked: Asked,
    /// As typed, or the names of the topics.
    pub(crate) name: String,
    /// Ids of the topics.
    pub(crate) topics: Vec<String>,
}

impl Subject {
    /// Refuses nothing, and both.
    pub(crate) fn check(typed: &str, topics: &[String]) -> Result<(), Refusal> {
        match (typed.trim().is_empty(), topics) {
            (true, []) => Err(Refusal::new("nothing to look for")
                .hint("give a query, or a topic with --topic ID; `findings topics` lists them")),
            (false, [topic, ..]) => {
                Err(Refusal::new("either a query or --topic, not both").hint(format!(
                    "to count paragraphs that are of the topic and match the query, write \
                     `({typed}) topic:{topic}`"
                )))
            }
            _ => Ok(()),
        }
    }

    /// Reads the query, or finds the topics.
    pub(crate) fn read(
        typed: &str,
        topics: &[String],
        reading: Reading,
        engine: &dyn Engine,
        context: &Context,
    ) -> anyhow::Result<Self> {
        if topics.is_empty() {
            let asked = reading.read(typed, engine, context)?;
            let typed = asked.typed.clone();
            let is_quoted = typed.contains(['"', '“']);
            let name = if is_quoted { typed } else { format!("‘{typed}’") };
            return Ok(Self { asked, name, topics: Vec::new() });
        }
        let known = engine.topics()?;
        let mut ids = Vec::new();
        let mut names = Vec::new();
        for typed in topics {
            let id = topics::id_of(known, typed)?;
            let name = known.get(&id).map_or(&id, |topic| &topic.name);
            names.push(format!("{name} (topic {id})"));
            ids.push(id);
        }
        let mut clauses: Vec<Query> = ids
            .iter()
            .map(|id| Query::Field {
                field: Attribute::Topic,
                value: id.clone(),
                span: Span::default(),
            })
            .collect();
        let query = match clauses.len() {
            1 => clauses.remove(0),
            _ => Query::Or { clauses, span: Span::default() },
        };
        let asked = Asked {
            typed: String::new(),
            query,
            passed_over: Vec::new(),
            repairs: Vec::new(),
            unheld: Vec::new(),
        };
        Ok(Self { asked, name: names.join(" or "), topics: ids })
    }
}

/// Says something beside the answer.
pub(crate) fn note(said: &str) {
    // A closed stderr is no reason to answer less.
    let said = said::wrapped(&clean::lines(said), "note: ".len(), said::window());
    let _ = writeln!(anstream::stderr(), "note: {said}");
}

/// Says which words no paragraph holds; `place` is where they were written, if not on the command
/// line.
pub(crate) fn note_unheld(place: &str, unheld: &[UnheldWord]) {
    for word in unheld.iter().take(NOTED) {
        note(&format!("{place}{}", words::unheld(word)));
    }
    if let Some(more) = unheld.len().checked_sub(NOTED).filter(|more| *more > 0) {
        note(&format!("{place}no paragraph holds {}", words::count(more, "more word")));
    }
}

pub(crate) fn not_understood(typed: &str, error: &QueryError) -> Refusal {
    let span = error.span();
    let refusal = Refusal::new(error.to_string()).quote(typed, span.clone()).coded(error.code());
    match error.suggestion() {
        Some(meant) => refusal.suggest(mended(typed, span, meant)),
        None => refusal,
    }
}

/// The query with the faulty part, in characters, replaced.
fn mended(typed: &str, span: Range<usize>, meant: &str) -> String {
    let before: String = typed.chars().take(span.start).collect();
    let after: String = typed.chars().skip(span.end).collect();
    format!("{before}{meant}{after}")
}
