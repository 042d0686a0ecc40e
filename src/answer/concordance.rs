//! Shows every match in its context, as concordances do: one line per match, not per paragraph.
//!
//! Counts all matches, but keeps in memory only as many as are to be shown or drawn at random.

use crate::ask::sample::Smallest;
use crate::ask::{Answer, AskError, Conditions, Hint, Reading, Refusal, Sample, Session};
use findings_index::engine::each_hit;
use findings_index::language::query::Query;
use findings_index::language::topic::{Tagger, Taxonomy};
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use findings_index::request::HitsRequest;
use findings_index::request::{Corpus, Expansion, Filters, Hit, SearchRequest, Sort};
use findings_index::{Engine, SearchError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

/// How many words on a side of the match the order by context compares; more make no difference.
const SORTED_BY: usize = 8;

/// The order of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Order {
    /// The lines of the most relevant paragraph first.
    Relevance,
    /// The newest report first.
    Date,
    /// By name of the authority.
    Authority,
    /// What last came or changed first.
    Changed,
    /// By the word before the match, then the one before that, and so on leftwards.
    Left,
    /// By the matched words, then as [`Order::Right`].
    Match,
    /// By the word after the match, then the next.
    Right,
}

impl Order {
    /// All orders, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::Relevance,
        Self::Date,
        Self::Authority,
        Self::Changed,
        Self::Left,
        Self::Match,
        Self::Right,
    ];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
            Self::Authority => "authority",
            Self::Changed => "changed",
            Self::Left => "left",
            Self::Match => "match",
            Self::Right => "right",
        }
    }

    /// Returns the order in which paragraphs are visited; lines that are otherwise equal keep it.
    fn of_paragraphs(self) -> Sort {
        match self {
            Self::Relevance => Sort::Relevance,
            Self::Date => Sort::Date,
            Self::Changed => Sort::Changed,
            Self::Authority | Self::Left | Self::Match | Self::Right => Sort::Authority,
        }
    }
}

/// What a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum MatchOf {
    /// What was looked for, which is one thing.
    #[default]
    Whole,
    /// Any of several words, in a paragraph that has all of them.
    WordOfAll,
    /// Any of several words, in a paragraph that has any of them.
    WordOfAny,
}

/// A concordance, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// What to look for.
    pub text: String,
    /// How its words are read.
    pub reading: Reading,
    /// The conditions on paragraphs.
    pub conditions: Conditions,
    /// The order of the lines.
    pub sort: Order,
    /// The random sample to draw; `None` for all lines.
    pub sample: Option<Sample>,
    /// The most lines to show.
    pub limit: usize,
    /// How many lines to skip first.
    pub offset: usize,
    /// The most characters of context on either side of the match; words are not cut.
    pub context: usize,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            text: String::new(),
            reading: Reading::default(),
            conditions: Conditions::default(),
            sort: Order::Relevance,
            sample: None,
            limit: 40,
            offset: 0,
            context: 60,
        }
    }
}

/// Answers a concordance as typed.
///
/// # Errors
/// A request that cannot be asked or has no words that could be in the middle of a line, or a
/// failure of the engine.
pub fn ask(session: &Session<'_>, typed: &Typed) -> Result<Answer<Concordance>, AskError> {
    let topics = typed.conditions.of(Attribute::Topic);
    let is_of_topics = typed.text.trim().is_empty();
    if is_of_topics && topics.is_empty() {
        let refusal = Refusal::new("nothing_asked", "nothing to look for");
        return Err(refusal.hint(Hint::QueryOrTopic).into());
    }
    let filters = session.filters(&typed.conditions)?;
    let (mut understood, marked_by) = if is_of_topics {
        let subject = session.subject("", topics, typed.reading, &typed.conditions)?;
        (subject.understood, tagger(session, &subject.topics)?)
    } else {
        (session.read(&typed.text, typed.reading, &typed.conditions)?, None)
    };
    let match_of = match (understood.has_several(), understood.reading.any) {
        (false, _) => MatchOf::Whole,
        (true, false) => MatchOf::WordOfAll,
        (true, true) => MatchOf::WordOfAny,
    };
    let request = ConcordanceRequest {
        query: understood.query.clone(),
        filters,
        match_of,
        marked_by,
        sort: typed.sort,
        sample: typed.sample,
        limit: typed.limit,
        offset: typed.offset,
        context: typed.context,
    };
    let found = concordance(session.engine, &session.deadline, &request)
        .map_err(|error| understood.failed(error))?;
    if found.total == 0 && found.paragraphs > 0 {
        let message =
            format!("`{}` has no words that could be in the middle of a line", understood.typed);
        let advice = Hint::Advice("add a word or a phrase, or search for paragraphs".to_owned());
        return Err(Refusal::new("nothing_to_show", message).hint(advice).into());
    }
    let not_held = if found.paragraphs == 0 {
        session.not_held_then(&request.query, &request.filters)?
    } else {
        None
    };
    session.read_otherwise(&mut understood, &request.filters)?;
    session.read_several(&mut understood, &request.filters)?;
    let mut answer = Answer::new(understood, found);
    answer.notes.extend(not_held);
    answer.notes.extend(session.latest_note(&typed.conditions, &request.filters)?);
    Ok(answer)
}

/// The tagger of some topics alone, whose phrases are the matches where there is no query. The
/// index is tagged with these very topics, so that each of their paragraphs has a match.
fn tagger(session: &Session<'_>, ids: &[String]) -> Result<Option<Arc<Tagger>>, AskError> {
    let mut asked = Taxonomy::default();
    let topics = session.engine.topics()?.topics().iter();
    topics.filter(|topic| ids.contains(&topic.id)).for_each(|topic| asked.put(topic.clone()));
    // They were in use when the index was built, so they can be used again.
    Ok(Tagger::new(&asked).ok().map(Arc::new))
}

/// A concordance, as understood.
#[derive(Debug, Clone)]
pub struct ConcordanceRequest {
    /// What to look for.
    pub query: Query,
    /// The conditions on paragraphs.
    pub filters: Filters,
    /// What a match is.
    pub match_of: MatchOf,
    /// The topics whose phrases are the matches, in place of what the query matches.
    pub marked_by: Option<Arc<Tagger>>,
    /// The order of the lines.
    pub sort: Order,
    /// The random sample to draw; `None` for all lines.
    pub sample: Option<Sample>,
    /// The most lines to show.
    pub limit: usize,
    /// How many lines to skip first.
    pub offset: usize,
    /// The most characters of context on either side of the match; words are not cut.
    pub context: usize,
}

/// Matches in their contexts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Concordance {
    /// The query as understood.
    pub query: String,
    /// How many matches there are, exactly.
    pub total: usize,
    /// What a match is.
    pub match_of: MatchOf,
    /// How many paragraphs they are in.
    pub paragraphs: usize,
    /// How many reports they are in.
    pub reports: usize,
    /// The order of the lines.
    pub sort: Order,
    /// How the lines were drawn, if they are a sample.
    pub sample: Option<Sample>,
    /// How many lines can be paged through: all, or those of the sample.
    pub available: usize,
    /// How many lines were skipped.
    pub offset: usize,
    /// The lines.
    pub lines: Vec<Line>,
    /// What was searched as well as what was written, counted in paragraphs.
    pub expansions: Vec<Expansion>,
    /// The version of the index's format.
    pub index_version: u32,
    /// The name of the commit that answered; another commit has another.
    pub generation: String,
    /// What was searched.
    pub corpus: Corpus,
}

/// One match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Line {
    /// Its place in the order, counted from 1.
    pub rank: usize,
    /// The text before it; with `matched` and `right` an exact piece of the paragraph's text.
    pub left: String,
    /// What matched.
    #[serde(rename = "match")]
    pub matched: String,
    /// The text after it.
    pub right: String,
    /// Where the match is, `[start, end)` in characters of the paragraph's text.
    pub span: [usize; 2],
    /// Id of the paragraph.
    pub id: String,
    /// Id of the report.
    pub report: String,
    /// The authority.
    pub authority: Option<String>,
    /// The framework's code.
    pub framework: String,
    /// First day of the inspection; where it is not known, the day of publication.
    pub date: Option<Date>,
    /// The headings above, outermost first.
    pub section: Vec<String>,
    /// The grade of the section, as printed.
    pub grade: Option<String>,
    /// The PDF's page.
    pub page: Option<u32>,
    /// How to cite the paragraph.
    pub citation: String,
}

/// Finds all matches and shows some of them in context. Memory grows with the lines that are shown
/// and skipped, or with the sample, not with the matches.
///
/// # Errors
/// Those of [`Engine::search`].
pub fn concordance(
    engine: &dyn Engine,
    deadline: &Deadline,
    request: &ConcordanceRequest,
) -> Result<Concordance, SearchError> {
    let shown = request.offset.saturating_add(request.limit);
    let keep = request.sample.map_or(shown, |sample| sample.size);
    // What decides whether a line is chosen, the smallest first: its number in the sample, its sort
    // key, and its place among all matches.
    let mut chosen: Smallest<(u64, Vec<String>, usize), Line> = Smallest::new(keep);
    let (mut total, mut paragraphs) = (0, 0);
    let mut reports = HashSet::new();
    let sort = request.sort.of_paragraphs();
    let every = HitsRequest {
        query: request.query.clone(),
        filters: request.filters.clone(),
        sort,
        ..HitsRequest::default()
    };
    each_hit(engine, &every, deadline, |hit| {
        paragraphs += 1;
        if !reports.contains(&hit.head.id) {
            reports.insert(hit.head.id.clone());
        }
        let chars: Vec<char> = hit.paragraph.text.chars().collect();
        let marks = request.marked_by.as_ref().map(|tagger| tagger.marks(&hit.paragraph.text));
        for (place, span) in marks.as_ref().unwrap_or(&hit.spans).iter().enumerate() {
            let order = sorted_by(request.sort, &chars, *span);
            let number = request.sample.map_or(0, |s| s.number(&hit.paragraph.id, place));
            chosen.offer((number, order, total), || line(&hit, &chars, *span, request.context));
            total += 1;
        }
        Ok::<(), SearchError>(())
    })?;
    let mut candidates = chosen.into_sorted();
    let available = if request.sample.is_some() { candidates.len() } else { total };
    candidates.sort_unstable_by(|(a, _), (b, _)| (&a.1, a.2).cmp(&(&b.1, b.2)));
    let lines = candidates.into_iter().map(|(_, line)| line);
    Ok(Concordance {
        query: request.query.to_string(),
        total,
        match_of: request.match_of,
        paragraphs,
        reports: reports.len(),
        sort: request.sort,
        sample: request.sample,
        available,
        offset: request.offset,
        lines: lines
            .zip(1..)
            .skip(request.offset)
            .take(request.limit)
            .map(|(line, rank)| Line { rank, ..line })
            .collect(),
        expansions: expansions(engine, deadline, request)?,
        index_version: engine.version(),
        generation: engine.generation().to_owned(),
        corpus: engine.corpus().clone(),
    })
}

/// Finds what was searched as well as what was written, by a search that returns no hits.
fn expansions(
    engine: &dyn Engine,
    deadline: &Deadline,
    request: &ConcordanceRequest,
) -> Result<Vec<Expansion>, SearchError> {
    if request.query.unwidened() == request.query {
        return Ok(Vec::new());
    }
    let counted = SearchRequest {
        query: request.query.clone(),
        filters: request.filters.clone(),
        limit: 0,
        ..SearchRequest::default()
    };
    Ok(engine.search(&counted, deadline)?.expansions)
}

/// Returns the words by which a line is sorted before its place decides.
fn sorted_by(order: Order, chars: &[char], [start, end]: [usize; 2]) -> Vec<String> {
    let right = || words(chars[end..].iter().copied()).take(SORTED_BY);
    match order {
        Order::Relevance | Order::Date | Order::Authority | Order::Changed => Vec::new(),
        Order::Left => {
            let backwards = words(chars[..start].iter().rev().copied()).take(SORTED_BY);
            backwards.map(|word| word.chars().rev().collect()).collect()
        }
        Order::Right => right().collect(),
        Order::Match => {
            let matched: Vec<String> = words(chars[start..end].iter().copied()).collect();
            std::iter::once(matched.join(" ")).chain(right()).collect()
        }
    }
}

/// Splits a text into its words, in lower case.
fn words(chars: impl Iterator<Item = char>) -> impl Iterator<Item = String> {
    let mut chars = chars.peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|c| !c.is_alphanumeric()).is_some() {}
        let mut word = String::new();
        while let Some(c) = chars.next_if(|c| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        (!word.is_empty()).then_some(word)
    })
}

fn line(hit: &Hit, chars: &[char], span: [usize; 2], context: usize) -> Line {
    let (paragraph, head) = (&hit.paragraph, &hit.head);
    let [start, end] = span;
    let text = |chars: &[char]| chars.iter().collect::<String>();
    Line {
        rank: 0,
        left: text(left(&chars[..start], context)),
        matched: text(&chars[start..end]),
        right: text(right(&chars[end..], context)),
        span,
        id: paragraph.id.clone(),
        report: paragraph.report.clone(),
        authority: head.authority.clone(),
        framework: head.framework.clone(),
        date: head.inspection_start.or(head.published),
        section: paragraph.section.clone(),
        grade: paragraph.grade.as_ref().map(|grade| grade.label.clone()),
        page: paragraph.page,
        citation: paragraph.citation.clone(),
    }
}

/// Cuts a text to the last `most` characters, without cutting a word in two.
fn left(before: &[char], most: usize) -> &[char] {
    let mut first = before.len().saturating_sub(most);
    if first > 0 && before[first - 1].is_alphanumeric() {
        while first < before.len() && before[first].is_alphanumeric() {
            first += 1;
        }
    }
    while first < before.len() && before[first].is_whitespace() {
        first += 1;
    }
    &before[first..]
}

/// Cuts a text to the first `most` characters, without cutting a word in two.
fn right(behind: &[char], most: usize) -> &[char] {
    let mut last = behind.len().min(most);
    if last < behind.len() && behind[last].is_alphanumeric() {
        while last > 0 && behind[last - 1].is_alphanumeric() {
            last -= 1;
        }
    }
    while last > 0 && behind[last - 1].is_whitespace() {
        last -= 1;
    }
    &behind[..last]
}

#[cfg(test)]
mod tests {
    use super::{Order, left, right, sorted_by};

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn contexts_end_between_words() {
        let said = |chars: &[char]| chars.iter().collect::<String>();
        let before = chars("Children’s homes have no ");
        assert_eq!(said(left(&before, 8)), "have no ");
        assert_eq!(said(left(&before, 9)), "have no ");
        assert_eq!(said(left(&before, 100)), "Children’s homes have no ");
        let behind = chars(", which matters.");
        assert_eq!(said(right(&behind, 6)), ",");
        assert_eq!(said(right(&behind, 7)), ", which");
        assert_eq!(said(right(&behind, 0)), "");
    }

    #[test]
    fn left_is_sorted_by_the_nearest_word_first_going_leftwards() {
        let text = chars("An “Early” HELP, assessment of need");
        assert_eq!(sorted_by(Order::Left, &text, [17, 27]), ["help", "early", "an"]);
        assert_eq!(sorted_by(Order::Right, &text, [17, 27]), ["of", "need"]);
        assert_eq!(sorted_by(Order::Match, &text, [17, 27]), ["assessment", "of", "need"]);
    }
}
