//! Reads the text of a query into the tree that is searched.

use super::error::{AskError, Refusal};
use super::notes::{Note, Otherwise, Uncounted, notes};
use super::question::Reading;
use super::{Conditions, Session};
use crate::knowledge::synonyms::Vocabulary;
use findings_index::SearchError;
use findings_index::engine::widen_together;
use findings_index::language::lexicon::{Compound, Widened};
use findings_index::language::negation::Asked;
use findings_index::language::query::{self, Parsed, Query, Repair, Span};
use findings_index::language::words::Stemmer;
use findings_index::records::Attribute;
use findings_index::request::UnheldWord;

/// A query as understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// The text as typed.
    pub typed: String,
    /// How its words are read.
    pub reading: Reading,
    /// The tree as written, before it was widened or narrowed.
    pub written: Query,
    /// The tree to be searched.
    pub query: Query,
    /// Words that were left out of the search because nearly every paragraph has them.
    pub passed_over: Vec<String>,
    /// What had to be mended before the text could be parsed.
    pub repairs: Vec<Repair>,
    /// Words that no paragraph has.
    pub unheld: Vec<UnheldWord>,
    /// What values of fields and conditions were read as.
    pub read_as: Vec<Note>,
    /// Words that were read as one thing and so must stand together.
    pub compounds: Vec<Compound>,
    /// Where a paragraph may have its words, if they are several; see [`Session::read_several`].
    pub several: Option<Note>,
    /// Other readings and what they would find, once they were counted; see
    /// [`Session::uncounted`].
    pub otherwise: Vec<Otherwise>,
    /// Forms of its phrases that it does not find, once they were looked for; see
    /// [`Session::uncounted`].
    pub uncounted: Vec<Uncounted>,
}

impl Understood {
    /// Wraps a tree that was not typed.
    pub(super) fn of_tree(query: Query) -> Self {
        Self {
            typed: String::new(),
            reading: Reading::default(),
            written: query.clone(),
            query,
            passed_over: Vec::new(),
            repairs: Vec::new(),
            unheld: Vec::new(),
            read_as: Vec::new(),
            compounds: Vec::new(),
            several: None,
            otherwise: Vec::new(),
            uncounted: Vec::new(),
        }
    }

    /// The notes on this query for whoever asked.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let mut all: Vec<Note> = self.several.iter().cloned().collect();
        all.extend(notes(&self.repairs, &self.unheld, &self.otherwise, &self.uncounted));
        all.extend_from_slice(&self.read_as);
        all
    }

    /// What the question says of its words: those that are combined, excluded or conditions say
    /// nothing that a paragraph could deny.
    pub(super) fn asked(&self) -> Asked {
        let clauses = match &self.written {
            Query::And { clauses, .. } => clauses.as_slice(),
            one => std::slice::from_ref(one),
        };
        let said = clauses.iter().filter_map(prose).collect::<Vec<_>>().join(" ");
        let end = if self.typed.ends_with('?') { "?" } else { "" };
        Asked::read(&format!("{said}{end}"), &mut Stemmer::default())
    }

    /// Whether it negates what it looks for, by words that a search skips.
    #[must_use]
    pub fn negates(&self) -> bool {
        self.asked().negates()
    }

    /// Searches no longer for these synonyms and long forms.
    pub fn leave_out(&mut self, not_also: &[String]) {
        if !not_also.is_empty() {
            self.query = self.query.narrowed(not_also);
        }
    }

    /// Leaves out of the words that no paragraph has those that are names: what is said of a name is
    /// not that it is misspelt.
    pub(super) fn leave_named(&mut self, names: &[Span]) {
        let is_name = |word: &UnheldWord| {
            names.iter().any(|name| name.start <= word.span[0] && word.span[1] <= name.end)
        };
        self.unheld.retain(|word| !is_name(word));
    }

    /// Turns an error of the engine into a refusal if the query is at fault.
    #[must_use]
    pub fn failed(&self, error: SearchError) -> AskError {
        match error {
            SearchError::Query(error) => Refusal::of_query(&self.typed, &error).into(),
            other => other.into(),
        }
    }
}

/// The words of a part that is a word or a phrase, as written.
fn prose(query: &Query) -> Option<String> {
    match query {
        Query::Word { text, .. } => Some(text.clone()),
        Query::Phrase { within: None, .. } => Some(query.to_string().replace('"', "")),
        Query::Boost { clause, .. } => prose(clause),
        _ => None,
    }
}

impl Session<'_> {
    /// Reads the text of a query; an empty text means every paragraph. The words of conditions on
    /// headings are looked up as well as those of the query.
    ///
    /// # Errors
    /// A text that is not a query, a field value that no record has, or an engine that fails.
    pub fn read(
        &self,
        text: &str,
        reading: Reading,
        conditions: &Conditions,
    ) -> Result<Understood, AskError> {
        let typed = text.trim().to_owned();
        if typed.is_empty() {
            let mut every = Understood::of_tree(Query::All);
            every.unheld = self.unheld(&Query::All, conditions)?;
            every.read_as = self.read_as(&Query::All, conditions)?;
            return Ok(every);
        }
        let (typed, joined) = self.joined(&typed)?;
        let Parsed { query, mut repairs } =
            query::parse(&typed).map_err(|error| Refusal::of_query(&typed, &error))?;
        repairs.extend(joined);
        let read_as = self.read_as(&query, conditions)?;
        let tree = self.with_values(&typed, query)?;
        let Widened { query, passed_over, compounds } = self.widened(&tree, reading)?;
        let unheld = self.unheld(&query, conditions)?;
        Ok(Understood {
            typed,
            reading,
            written: tree,
            query,
            passed_over,
            repairs,
            unheld,
            read_as,
            compounds,
            several: None,
            otherwise: Vec::new(),
            uncounted: Vec::new(),
        })
    }

    /// Widens or narrows a tree as the reading asks.
    fn widened(&self, query: &Query, reading: Reading) -> Result<Widened, AskError> {
        let plain = |query| Widened { query, passed_over: Vec::new(), compounds: Vec::new() };
        let mut widened = if reading.exact {
            plain(query.as_written())
        } else if !query.has_words() {
            // There is nothing to widen, so the synonyms need not be read.
            plain(query.clone())
        } else {
            let Vocabulary { synonyms, compounds } = self.reference.vocabulary()?;
            // Whoever asks for any of the words wants them apart.
            let compounds = if reading.any { &[][..] } else { compounds };
            widen_together(self.engine, query, synonyms, compounds)?
        };
        if reading.any {
            widened.query = widened.query.any_word();
        }
        Ok(widened)
    }

    /// The words of a query, and of conditions on headings, that no paragraph or heading has.
    fn unheld(&self, query: &Query, conditions: &Conditions) -> Result<Vec<UnheldWord>, AskError> {
        let chosen = conditions.of(Attribute::Section).iter();
        let headings: Vec<&String> =
            chosen.chain(conditions.excluded(Attribute::Section)).collect();
        if headings.is_empty() {
            return Ok(match query {
                Query::All => Vec::new(),
                query => self.engine.unheld(query, &self.deadline)?,
            });
        }
        let span = Span::default();
        let condition = |value: &&String| Query::Field {
            field: Attribute::Section,
            value: (*value).clone(),
            span,
        };
        let clauses = std::iter::once(query.clone()).chain(headings.iter().map(condition));
        let both = Query::And { clauses: clauses.collect(), span };
        Ok(self.engine.unheld(&both, &self.deadline)?)
    }
}
