//! Counts how often the topics of an index occur in it.

use findings_index::language::query::Query;
use findings_index::language::topic::{Measured, Topic};
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use findings_index::request::{FacetCount, Filters, SearchRequest, SearchResponse};
use findings_index::{Engine, SearchError};
use serde::Serialize;

/// How often a topic occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TopicCount {
    /// The topic's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version of the topic by which the paragraphs were tagged.
    pub version: String,
    /// Number of paragraphs.
    pub paragraphs: usize,
    /// Number of reports with such a paragraph.
    pub reports: usize,
    /// Number of these paragraphs that only say that it did not exist or occur.
    pub denied: usize,
}

/// One topic in detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TopicDetail {
    /// How often it occurs.
    #[serde(flatten)]
    pub count: TopicCount,
    /// What it is about.
    pub definition: String,
    /// Phrases that tag a paragraph.
    pub phrases: Vec<String>,
    /// Phrases that tag a paragraph only if upper and lower case agree.
    pub cased: Vec<String>,
    /// Queries that tag a paragraph.
    pub queries: Vec<String>,
    /// Phrases within which none of these counts.
    pub near_misses: Vec<String>,
    /// A note on the topic.
    pub note: Option<String>,
    /// How well it tags, if that was measured with the rules that it has.
    pub measured: Option<Measured>,
    /// Paragraphs by framework, the most frequent first.
    pub frameworks: Vec<FacetCount>,
    /// Paragraphs by year, the latest first.
    pub years: Vec<FacetCount>,
}

fn search(
    engine: &dyn Engine,
    deadline: &Deadline,
    topic: &Topic,
    facets: Vec<Attribute>,
) -> Result<(SearchResponse, TopicCount), SearchError> {
    let mut request = SearchRequest {
        query: Query::All,
        filters: Filters::of(Attribute::Topic, vec![topic.id.clone()]),
        facets,
        limit: 0,
        ..SearchRequest::default()
    };
    let response = engine.search(&request, deadline)?;
    request.facets.clear();
    request.filters.without_denials = true;
    let affirmed = engine.search(&request, deadline)?.total;
    let count = count(topic, &response, response.total.saturating_sub(affirmed));
    Ok((response, count))
}

fn count(topic: &Topic, response: &SearchResponse, denied: usize) -> TopicCount {
    TopicCount {
        denied,
        id: topic.id.clone(),
        name: topic.name.clone(),
        version: topic.version(),
        paragraphs: response.total,
        reports: response.reports,
    }
}

/// Counts all topics of an index, in the order of its taxonomy.
///
/// # Errors
/// Where the index cannot be read.
pub fn all(engine: &dyn Engine, deadline: &Deadline) -> Result<Vec<TopicCount>, SearchError> {
    of(engine, deadline, &engine.topics()?.topics().iter().collect::<Vec<_>>())
}

/// Counts some topics, in the order given.
///
/// # Errors
/// Where the index cannot be read.
pub fn of(
    engine: &dyn Engine,
    deadline: &Deadline,
    topics: &[&Topic],
) -> Result<Vec<TopicCount>, SearchError> {
    let counted = |topic: &&Topic| Ok(search(engine, deadline, topic, Vec::new())?.1);
    topics.iter().map(counted).collect()
}

/// Looks up one topic of the index in detail.
///
/// # Errors
/// Where the index cannot be read.
pub fn detail(
    engine: &dyn Engine,
    deadline: &Deadline,
    topic: &Topic,
) -> Result<TopicDetail, SearchError> {
    let (response, count) =
        search(engine, deadline, topic, vec![Attribute::Framework, Attribute::Year])?;
    let of = |wanted: Attribute| -> Vec<FacetCount> {
        let facets = response.facets.iter().filter(|facet| facet.facet == wanted);
        facets.flat_map(|facet| facet.counts.iter().cloned()).collect()
    };
    let mut years = of(Attribute::Year);
    years.sort_by(|one, other| other.value.cmp(&one.value));
    Ok(TopicDetail {
        count,
        definition: topic.definition.clone(),
        phrases: topic.phrases.clone(),
        cased: topic.cased.clone(),
        queries: topic.queries.clone(),
        near_misses: topic.near_misses.clone(),
        note: topic.note.clone(),
        measured: topic.measured.clone(),
        frameworks: of(Attribute::Framework),
        years,
    })
}
