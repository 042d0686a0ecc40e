//! What a query leaves out, counted: the forms nearest to a phrase, its equals among the
//! synonyms, and the words of a compound apart.
//!
//! Words that are one thing when they stand together are searched for as such; how many paragraphs
//! have them anywhere is said with the query that asks for it. A phrase asks for its words exactly
//! as written, so its count leaves out the plural and every longer way of saying the same. Which
//! forms there are is learned from the paragraphs that have them, the most relevant first; how many
//! paragraphs each adds is then counted exactly, by the query that is given with it.

use super::error::AskError;
use super::notes::{Otherwise, Uncounted};
use super::question::Conditions;
use super::reading::Understood;
use super::{Reading, Session};
use findings_index::language::lexicon::{Compound, Synonyms};
use findings_index::language::query::{MAX_LENGTH, MAX_NEIGHBOURS, Part, Query, Span};
use findings_index::language::words::{self, Stemmer};
use findings_index::request::{Filters, HitsRequest};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The most phrases of a query whose forms are looked for.
const PHRASES: usize = 3;
/// How many paragraphs are read for the forms of one phrase.
const READ: usize = 120;
/// How many of a phrase's forms are counted: those that are in most of the paragraphs read.
const COUNTED: usize = 6;
/// The most forms that are named in one answer.
const NAMED: usize = 4;
/// Forms with a smaller share of the paragraphs of the most frequent one are not named.
const SHARE: f64 = 0.05;
/// The most inflections of one form that are written out.
const INFLECTIONS: usize = 3;

impl Session<'_> {
    /// Counts what a query that finds `total` paragraphs leaves out under some conditions.
    ///
    /// # Errors
    /// An engine that fails, or a deadline that has passed.
    pub(super) fn count_others(
        &self,
        understood: &mut Understood,
        filters: &Filters,
        total: usize,
    ) -> Result<(), AskError> {
        understood.otherwise.extend(self.apart(understood, filters, total)?);
        understood.uncounted = self.uncounted(understood, filters)?;
        Ok(())
    }

    /// Counts the paragraphs that have the words of the query's compounds anywhere; `None` if there
    /// are no more of them than the `together` that have them side by side.
    fn apart(
        &self,
        understood: &Understood,
        filters: &Filters,
        together: usize,
    ) -> Result<Option<Otherwise>, AskError> {
        if understood.compounds.is_empty() {
            return Ok(None);
        }
        let Apart { query, terms } = Apart::of(&understood.typed, &understood.compounds);
        let total = self.finds(&query, understood.reading, filters)?;
        let reading = match terms.as_slice() {
            [term] => format!("“{term}” is read as one term; its words may also be apart"),
            terms => {
                let terms: Vec<String> = terms.iter().map(|term| format!("“{term}”")).collect();
                format!("{} are read as terms; their words may also be apart", terms.join(" and "))
            }
        };
        Ok((total > together).then_some(Otherwise { reading, query, total }))
    }

    /// Finds the forms nearest to the phrases of a query that it does not find, the most frequent
    /// first.
    ///
    /// # Errors
    /// An engine that fails, or a deadline that has passed.
    pub fn uncounted(
        &self,
        understood: &Understood,
        filters: &Filters,
    ) -> Result<Vec<Uncounted>, AskError> {
        let reading = understood.reading;
        let written = if reading.exact {
            understood.written.as_written()
        } else {
            understood.written.clone()
        };
        let written = if reading.any { written.any_word() } else { written };
        let mut phrases = Vec::new();
        collect(&written, &mut phrases);
        // Under `exact` every word is a phrase of one word; such a word is looked at only alone.
        if phrases.len() > 1 {
            phrases.retain(|phrase| phrase.words.len() > 1);
        }
        let mut all = Vec::new();
        let mut stemmer = Stemmer::default();
        for phrase in phrases.iter().take(PHRASES) {
            let mut of_phrase = Vec::new();
            for forms in self.forms(phrase, understood, filters, &mut stemmer)? {
                let query = asking(&written, &understood.query, phrase, &forms);
                if query.chars().count() > MAX_LENGTH {
                    continue;
                }
                let paragraphs = self.finds(&query, reading, filters)?;
                let phrase = phrase.tree.to_string();
                of_phrase.push(Uncounted { phrase, forms, paragraphs, query });
            }
            all.extend(worth_naming(of_phrase));
        }
        all.sort_by_key(|one: &Uncounted| std::cmp::Reverse(one.paragraphs));
        // A form near to two phrases of the query finds the same paragraphs for both.
        let mut named = BTreeSet::new();
        all.retain(|one| named.insert(one.forms.clone()));
        all.truncate(NAMED);
        Ok(all)
    }

    /// The number of paragraphs that a query finds when it is asked as typed.
    fn finds(&self, query: &str, reading: Reading, filters: &Filters) -> Result<usize, AskError> {
        let understood = self.read(query, reading, &Conditions::default())?;
        self.total(&understood.query, filters).map_err(|error| understood.failed(error))
    }

    /// Reads paragraphs for the forms of a phrase; those in most paragraphs come first.
    fn forms(
        &self,
        phrase: &Phrase<'_>,
        understood: &Understood,
        filters: &Filters,
        stemmer: &mut Stemmer,
    ) -> Result<Vec<Vec<String>>, AskError> {
        let Some(loose) = phrase.loose() else { return Ok(Vec::new()) };
        let has_form = holding(&understood.query, phrase.span, &loose);
        let span = Span::default();
        let not = Query::Not { clause: Box::new(understood.query.clone()), span };
        let request = HitsRequest {
            query: Query::And { clauses: vec![has_form, not], span },
            filters: filters.clone(),
            limit: READ,
            ..HitsRequest::default()
        };
        let page = self.engine.hits(&request, &self.deadline);
        let page = page.map_err(|error| understood.failed(error))?;
        let sought = Sought::new(phrase, stemmer);
        let mut met: BTreeMap<Kind, (usize, BTreeMap<String, usize>)> = BTreeMap::new();
        for hit in &page.items {
            let mut kinds = BTreeSet::new();
            for found in sought.forms_in(&hit.paragraph.text, stemmer) {
                let kind = found.kind();
                let (_, forms) = met.entry(kind.clone()).or_default();
                *forms.entry(found.text).or_default() += 1;
                kinds.insert(kind);
            }
            for kind in kinds {
                met.entry(kind).or_default().0 += 1;
            }
        }
        let mut met: Vec<_> = met.into_values().collect();
        met.sort_by(|(a, _), (b, _)| b.cmp(a));
        let forms = met.into_iter().take(COUNTED).map(|(_, forms)| {
            let mut forms: Vec<(String, usize)> = forms.into_iter().collect();
            forms.sort_by(|(_, a), (_, b)| b.cmp(a));
            forms.into_iter().take(INFLECTIONS).map(|(form, _)| form).collect::<Vec<_>>()
        });
        let synonyms = &self.reference.vocabulary()?.synonyms;
        Ok(forms.chain(sought.synonyms(synonyms, stemmer)).collect())
    }
}

/// A query with the words of its compounds apart.
struct Apart {
    query: String,
    /// The compounds as typed, each once.
    terms: Vec<String>,
}

impl Apart {
    fn of(typed: &str, compounds: &[Compound]) -> Self {
        let chars: Vec<char> = typed.chars().collect();
        let text = |span: Range<usize>| chars.get(span).unwrap_or_default().iter().collect();
        let mut compounds: Vec<&Compound> = compounds.iter().collect();
        compounds.sort_by_key(|compound| compound.words.first().map(|word| word.start));
        let mut query = String::new();
        let mut terms: Vec<String> = Vec::new();
        let mut at = 0;
        for compound in compounds {
            let (Some(first), Some(last)) = (compound.words.first(), compound.words.last()) else {
                continue;
            };
            let words: Vec<String> =
                compound.words.iter().map(|word| text((*word).into())).collect();
            query.push_str(&text(at..first.start));
            query.push_str(&words.join(" AND "));
            at = last.end;
            let term: String = text(first.start..last.end);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        query.push_str(&text(at..chars.len()));
        Self { query, terms }
    }
}

/// Removes forms that are rare next to the most frequent one.
fn worth_naming(mut all: Vec<Uncounted>) -> Vec<Uncounted> {
    let most = all.iter().map(|one| one.paragraphs).max().unwrap_or(0);
    all.retain(|one| one.paragraphs > 0 && one.paragraphs as f64 >= SHARE * most as f64);
    all
}

/// A phrase of plain words that must occur.
struct Phrase<'q> {
    tree: &'q Query,
    words: Vec<&'q str>,
    span: Span,
}

impl Phrase<'_> {
    /// A tree that finds every form of the phrase, and more; `None` if it has too many words.
    fn loose(&self) -> Option<Query> {
        let span = self.span;
        let stems = self.words.iter().filter(|word| **word != POSSESSIVE);
        let mut clauses: Vec<Query> = stems.map(|word| in_any_number(word, span)).collect();
        match clauses.len() {
            1 => clauses.pop(),
            2..=MAX_NEIGHBOURS => {
                // The `s` of a possessive takes a place, in the phrase or after the word between.
                Some(Query::Near { clauses, within: 3, ordered: true, span })
            }
            _ => None,
        }
    }
}

/// The part of a phrase that is the end of a possessive.
const POSSESSIVE: &str = "s";

/// Words whose plural has another stem.
const PLURALS: [(&str, &str); 4] =
    [("child", "children"), ("person", "people"), ("woman", "women"), ("man", "men")];

/// A tree that finds a word in any form, the plural included.
fn in_any_number(word: &str, span: Span) -> Query {
    let of = |word: &str| Query::Word { text: word.to_owned(), span };
    match PLURALS.iter().find(|(one, many)| *one == word || *many == word) {
        Some((one, many)) => Query::Or { clauses: vec![of(one), of(many)], span },
        None => of(word),
    }
}

/// Collects the phrases of plain words without which a clause does not match.
fn collect<'q>(query: &'q Query, phrases: &mut Vec<Phrase<'q>>) {
    match query {
        Query::Phrase { parts, within: None, span } => {
            let word = |part: &'q Part| match part {
                Part::Word(word) => Some(word.as_str()),
                Part::AnyOf(_) | Part::Gap | Part::Wildcard(_) => None,
            };
            let words: Option<Vec<&str>> = parts.iter().map(word).collect();
            if let Some(words) = words.filter(|words| !words.is_empty()) {
                phrases.push(Phrase { tree: query, words, span: *span });
            }
        }
        Query::And { .. } | Query::Or { .. } | Query::Boost { .. } => {
            query.clauses().for_each(|clause| collect(clause, phrases));
        }
        _ => {}
    }
}

/// Whether a tree has the phrase written at a place.
fn has(query: &Query, phrase: Span) -> bool {
    match query {
        Query::Phrase { span, .. } => *span == phrase,
        Query::And { .. } | Query::Or { .. } | Query::Boost { .. } => {
            query.clauses().any(|clause| has(clause, phrase))
        }
        _ => false,
    }
}

/// The conditions under which the phrase at a place decides whether a tree matches, with another
/// tree in the phrase's place.
fn holding(query: &Query, phrase: Span, form: &Query) -> Query {
    match query {
        Query::And { clauses, span } => {
            let clauses = clauses.iter().map(|clause| match has(clause, phrase) {
                true => holding(clause, phrase, form),
                false => clause.clone(),
            });
            Query::And { clauses: clauses.collect(), span: *span }
        }
        Query::Or { .. } | Query::Boost { .. } => {
            let own = query.clauses().find(|clause| has(clause, phrase));
            own.map_or_else(|| form.clone(), |clause| holding(clause, phrase, form))
        }
        _ => form.clone(),
    }
}

/// Whether a tree matches only where the phrase at a place does.
fn needs(query: &Query, phrase: Span) -> bool {
    match query {
        Query::And { clauses, .. } => clauses.iter().any(|clause| needs(clause, phrase)),
        Query::Boost { clause, .. } => needs(clause, phrase),
        Query::Phrase { span, .. } => *span == phrase,
        _ => false,
    }
}

/// Writes the query that finds what has a form and what the query as a whole does not find.
fn asking(written: &Query, searched: &Query, phrase: &Phrase<'_>, forms: &[String]) -> String {
    let span = phrase.span;
    let mut wanted: Vec<Query> = forms
        .iter()
        .map(|form| Query::Phrase { parts: Part::of_text(form), within: None, span })
        .collect();
    let form = match wanted.len() {
        1 => wanted.remove(0),
        _ => Query::Or { clauses: wanted, span },
    };
    let left_out = if needs(written, span) { phrase.tree.clone() } else { printable(searched) };
    let not = Query::Not { clause: Box::new(left_out), span };
    let query = match holding(written, span, &form) {
        Query::And { mut clauses, span } => {
            clauses.push(not);
            Query::And { clauses, span }
        }
        other => Query::And { clauses: vec![other, not], span },
    };
    query.to_string()
}

/// The same tree with its synonyms written so that they are read as they are searched: as words
/// side by side.
fn printable(query: &Query) -> Query {
    let mut node = query.clone();
    if let Query::Word { text, .. } = &mut node {
        *text = text.split_whitespace().collect::<Vec<_>>().join("-");
    }
    node.clauses_mut().for_each(|clause| *clause = printable(clause));
    node
}

/// What forms of one phrase have in common: each inflection counts by itself, and all inflections
/// with the same word between together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Inflection(String),
    Between(usize, String),
}

/// A form met in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Met {
    text: String,
    /// The word more, and the number of the phrase's words before it.
    between: Option<(usize, String)>,
}

impl Met {
    fn kind(&self) -> Kind {
        match &self.between {
            Some((place, word)) => Kind::Between(*place, word.clone()),
            None => Kind::Inflection(self.text.clone()),
        }
    }
}

/// The words of a phrase, by their stems.
struct Sought {
    written: String,
    stems: Vec<String>,
    possessives: usize,
}

impl Sought {
    fn new(phrase: &Phrase<'_>, stemmer: &mut Stemmer) -> Self {
        let stems = phrase.words.iter().filter(|word| **word != POSSESSIVE);
        let stems = stems.map(|word| stem_of(word, stemmer)).collect();
        let possessives = phrase.words.iter().filter(|word| **word == POSSESSIVE).count();
        Self { written: joined(phrase.words.iter().copied()), stems, possessives }
    }

    /// The set phrases that are equals of the phrase, and no forms of it.
    fn synonyms(&self, synonyms: &Synonyms, stemmer: &mut Stemmer) -> Vec<Vec<String>> {
        let mut stems = |text: &str| -> Vec<String> {
            let words = words::scan(text).filter(|word| !word.possessive);
            words.map(|word| stem_of(&words::fold(word.raw), stemmer)).collect()
        };
        let mut equals = Vec::new();
        for group in &synonyms.same {
            let of_group: Vec<Vec<String>> = group.iter().map(|one| stems(one)).collect();
            if !of_group.contains(&self.stems) {
                continue;
            }
            for (one, stems) in group.iter().zip(of_group) {
                let mut rest = stems.iter();
                let is_form = self.stems.iter().all(|stem| rest.any(|held| held == stem));
                if stems.len() > 1 && !is_form {
                    equals.push(vec![joined(words::exact(one).iter().map(String::as_str))]);
                }
            }
        }
        equals.truncate(COUNTED);
        equals
    }

    /// The forms of the phrase in a text, other than the phrase itself.
    fn forms_in(&self, text: &str, stemmer: &mut Stemmer) -> Vec<Met> {
        let words: Vec<words::Word<'_>> = words::scan(text).collect();
        let stems: Vec<String> = words
            .iter()
            .map(|word| match word.possessive {
                true => String::new(),
                false => stem_of(&words::fold(word.raw), stemmer),
            })
            .collect();
        let starts = (0..words.len()).filter(|at| stems.get(*at) == self.stems.first());
        let met = starts.filter_map(|start| self.form_at(start, text, &words, &stems));
        met.filter(|met| met.text != self.written).collect()
    }

    fn form_at(
        &self,
        start: usize,
        text: &str,
        words: &[words::Word<'_>],
        stems: &[String],
    ) -> Option<Met> {
        let mut between = None;
        let mut at = start + 1;
        for (place, wanted) in self.stems.iter().enumerate().skip(1) {
            let skip = |at: usize| at + usize::from(words.get(at).is_some_and(|w| w.possessive));
            at = skip(at);
            if stems.get(at) != Some(wanted) {
                let word = words::fold(words.get(at)?.raw);
                if between.is_some() || word.contains(|c: char| !c.is_alphabetic()) {
                    return None;
                }
                between = Some((place, word));
                at = skip(at + 1);
                if stems.get(at) != Some(wanted) {
                    return None;
                }
            }
            at += 1;
        }
        let run = words.get(start..at)?;
        // Words of two sentences are no form of the phrase.
        let (first, last) = (run.first()?, run.last()?);
        if text[first.start..last.end].contains(['.', ';', ':', '!', '?', '\n']) {
            return None;
        }
        // A home to which children return is no children's home.
        let possessives = run.iter().filter(|word| word.possessive).count();
        if between.is_some() && possessives < self.possessives {
            return None;
        }
        let folded: Vec<String> = run.iter().map(|word| words::fold(word.raw)).collect();
        Some(Met { text: joined(folded.iter().map(String::as_str)), between })
    }
}

fn stem_of(folded: &str, stemmer: &mut Stemmer) -> String {
    let singular = PLURALS.iter().find(|(_, many)| *many == folded).map(|(one, _)| *one);
    let mut stem = singular.unwrap_or(folded).to_owned();
    stemmer.stem_in_place(&mut stem);
    stem
}

/// Joins words as people write them.
fn joined<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut text = String::new();
    for word in words {
        match (text.is_empty(), word) {
            (true, word) => text.push_str(word),
            (false, POSSESSIVE) => text.push_str("'s"),
            (false, word) => {
                text.push(' ');
                text.push_str(word);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Phrase, Sought, asking, collect};
    use findings_index::language::query::{self, Query};
    use findings_index::language::words::Stemmer;

    fn phrase_of(tree: &Query) -> Phrase<'_> {
        let mut phrases = Vec::new();
        collect(tree, &mut phrases);
        phrases.remove(0)
    }

    fn forms(phrase: &str, text: &str) -> String {
        let tree = query::parse(phrase).unwrap().query;
        let mut stemmer = Stemmer::default();
        let sought = Sought::new(&phrase_of(&tree), &mut stemmer);
        let met = sought.forms_in(text, &mut stemmer);
        met.into_iter().map(|met| met.text).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn forms_are_inflections_and_one_word_between() {
        let text = "Return interviews, return home interviews and a return interview; returned \
                    to interview, return health and care interviews.";
        assert_eq!(
            forms("\"return interview\"", text),
            "return interviews, return home interviews, returned to interview"
        );
        assert_eq!(forms("\"visit\"", "Visits by visitors who visit."), "visits");
    }

    #[test]
    fn words_of_two_sentences_are_no_form() {
        assert_eq!(forms("\"late visit\"", "They came late. Visits were short."), "");
        assert_eq!(forms("\"late visit\"", "They came late: visits were short."), "");
    }

    #[test]
    fn a_possessive_is_written_as_people_write_it() {
        let text = "A child’s home, the children’s home and a children home, where children go \
                    home to children’s small homes";
        assert_eq!(
            forms("\"children's homes\"", text),
            "child's home, children's home, children home, children's small homes"
        );
    }

    #[test]
    fn a_form_is_asked_for_in_the_place_of_its_phrase() {
        let ask = |typed: &str, forms: &[&str]| {
            let tree = query::parse(typed).unwrap().query;
            let forms: Vec<String> = forms.iter().map(|form| (*form).to_owned()).collect();
            asking(&tree, &tree, &phrase_of(&tree), &forms)
        };
        insta::assert_snapshot!(ask("\"late visit\"", &["late visits"]), @r#""late visits" NOT "late visit""#);
        insta::assert_snapshot!(ask("boats \"late visit\" year:2019", &["late visits"]), @r#"boats "late visits" year:2019 NOT "late visit""#);
        insta::assert_snapshot!(ask("\"late visit\" OR boats", &["late visits"]), @r#""late visits" NOT ("late visit" OR boats)"#);
        insta::assert_snapshot!(ask("\"late visit\"", &["late home visit", "late home visits"]), @r#"("late home visit" OR "late home visits") NOT "late visit""#);
    }

    #[test]
    fn what_must_not_occur_has_no_forms() {
        let tree = query::parse("boats NOT \"late visit\"").unwrap().query;
        let mut phrases = Vec::new();
        collect(&tree, &mut phrases);
        assert!(phrases.is_empty());
    }
}
