//! The pages of the server: what every page has, and one module for each kind.
//!
//! Pages are complete without a script and have no style or script of their own, so that they can be
//! served under a strict policy. Text of reports is in a serif face, ours is not. A page computes
//! nothing: what it shows has been counted before, and where its links lead is asked of
//! [`Addresses`].

mod accessibility;
mod address;
mod advanced;
mod authority;
mod basket;
mod batch;
mod chosen;
mod compare;
mod coverage;
mod distinctive;
mod facets;
#[cfg(test)]
mod fake;
mod fields;
mod form;
mod grades;
mod help;
mod kwic;
mod line;
mod problem;
mod recommendations;
mod remarks;
mod report;
mod reports;
mod result;
mod same;
mod search;
mod sheet;
mod timeline;
mod topics;

pub use accessibility::{Statement, accessibility};
pub use advanced::advanced;
pub use authority::{authorities, authority};
pub use batch::{BATCH_EXAMPLE, BatchAnswer, BatchPage, RowProblem, batch};
pub use compare::{COMPARED, ComparePage, compare};
pub use coverage::coverage;
pub use distinctive::{DistinctivePage, TOLD_APART_BY, distinctive};
pub use fields::{
    AGAINST, compare_fields, condition_fields, counted_fields, distinctive_fields, fields,
    filter_fields, grades_fields, kwic_fields, recommendation_fields, timeline_fields,
};
pub use form::Offered;
pub use grades::{GRADED, GradesPage, grades};
pub use help::{HelpPage, help};
pub use kwic::{KWIC_NARROWED, KwicPage, kwic};
mod similar;

pub use address::{Addresses, BasketFormat, FeedFormat, FileFormat, Keeping, Likeness, Piece, To};
pub use basket::basket;
pub use problem::{Lead, Problem, fault};
pub use recommendations::{RECOMMENDATIONS_NARROWED, RecommendationsPage, recommendations};
pub use report::{ReportPage, report};
pub use reports::{NARROWED, ReportsPage, reports};
pub use search::{SHOWN, SearchPage, search};
pub use sheet::{SheetPage, sheet};
pub use similar::{SimilarPage, similar};
pub use timeline::{TimelinePage, timeline};
pub use topics::{topic, topics};

use super::{Counted, Numbers};
use crate::ask::Question;
use crate::knowledge::names::{Names, Terms};
use crate::render::words;
use findings_index::language::topic::Taxonomy;
use findings_index::request::Corpus;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, html};

/// What every page says and links to.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Where links lead.
    pub addresses: &'a dyn Addresses,
    /// The names of frameworks and themes.
    pub names: &'a Names,
    /// The topics with which paragraphs were tagged.
    pub topics: &'a Taxonomy,
    /// How much is held.
    pub corpus: &'a Corpus,
    /// When the index was built.
    pub indexed: Timestamp,
    /// The time of its commit, which nothing that came before has.
    pub built: Timestamp,
    /// The terms on which the reports held may be used, each once; unknown ones are `None` in both.
    pub terms: &'a [Terms],
    /// Whether paragraphs can be shown as printed.
    pub draws: bool,
}

/// The parts of the site that the navigation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Searching.
    Search,
    /// Comparing.
    Compare,
    /// One authority over time.
    Timeline,
    /// Grades.
    Grades,
    /// Words that set two sets apart.
    Distinctive,
    /// Recommendations.
    Recommendations,
    /// The reports.
    Reports,
    /// The topics.
    Topics,
    /// What is held.
    Coverage,
    /// Help.
    Help,
    /// The basket.
    Basket,
    /// None of these.
    Other,
}

/// What is above the contents of a page.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The title, without the name of the site.
    pub title: String,
    /// Where the same is as JSON.
    pub json: Option<String>,
    /// Where the same is as a table.
    pub csv: Option<String>,
    /// Where what is new of it is, as a feed in each format.
    pub feeds: Vec<(FeedFormat, String)>,
}

/// Where the feeds of a question are.
fn feeds(site: &Site<'_>, question: &Question) -> Vec<(FeedFormat, String)> {
    let to = |format| (format, site.addresses.to(To::Feed(question, format)));
    FeedFormat::ALL.map(to).to_vec()
}

/// Links to the feed of a question, for those whose reader of feeds takes an address.
fn feed(site: &Site<'_>, question: &Question) -> Markup {
    html! {
        a href=(site.addresses.to(To::Feed(question, FeedFormat::Atom))) type=(FeedFormat::Atom.media()) {
            "Feed"
        }
    }
}

/// Writes a whole page.
#[must_use]
pub fn page(site: &Site<'_>, part: Part, head: &Head, skips: &[Skip], main: &Markup) -> String {
    let to = |target| site.addresses.to(target);
    let title = if head.title.is_empty() {
        "Findings".to_owned()
    } else {
        format!("{} – Findings", head.title)
    };
    let whole = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(to(To::Asset("site.css")));
                link rel="icon" href=(to(To::Asset("icon.svg"))) type="image/svg+xml";
                link rel="search" type="application/opensearchdescription+xml" title="Findings"
                    href=(to(To::SearchEngine));
                @if let Some(json) = &head.json {
                    link rel="alternate" type="application/json" href=(json);
                }
                @if let Some(csv) = &head.csv {
                    link rel="alternate" type="text/csv" href=(csv);
                }
                @for (format, feed) in &head.feeds {
                    link rel="alternate" type=(format.media()) title="What is new" href=(feed);
                }
                script src=(to(To::Asset("site.js"))) defer {}
            }
            body {
                @for skip in skips {
                    a.skip href={ "#" (skip.to) } { (skip.label) }
                }
                header.top {
                    (navigation(site, part))
                }
                main id="main" { (main) }
                // The one place where a script says what it did.
                div id="status" role="status" class="unseen" data-built=(site.built) {}
                footer.bottom { (bottom(site)) }
            }
        }
    };
    whole.into_string()
}

/// A link past what comes before, for those who do not see or point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skip {
    /// The id of the element that it leads to.
    pub to: &'static str,
    /// What it says.
    pub label: &'static str,
}

impl Skip {
    /// Leads to the contents of a page.
    pub const MAIN: Self = Self { to: "main", label: "Skip to the contents" };
}

fn navigation(site: &Site<'_>, part: Part) -> Markup {
    let every = crate::ask::Conditions::default();
    let nothing = Question::default();
    let comparison = crate::answer::compare::Typed::default();
    let line = crate::answer::timeline::Typed::default();
    let judgements = crate::answer::grades::Typed::default();
    let asked_for = crate::answer::recommendations::Typed::default();
    let entries = [
        (Part::Search, "Search", To::Search(&nothing, 1)),
        (Part::Compare, "Compare", To::Compare(&comparison)),
        (Part::Timeline, "Timeline", To::Timeline(&line)),
        (Part::Grades, "Grades", To::Grades(&judgements)),
        (Part::Recommendations, "Recommendations", To::Recommendations(&asked_for, 1)),
        (Part::Reports, "Reports", To::Reports(&every)),
        (Part::Topics, "Topics", To::Topics),
        (Part::Coverage, "Coverage", To::Coverage),
        (Part::Help, "Help", To::Help),
    ];
    let kept = site.addresses.kept().len();
    html! {
        nav aria-label="Findings" {
            a.name href=(site.addresses.to(To::Search(&nothing, 1))) { "Findings" }
            ul {
                @for (this, label, target) in entries {
                    li {
                        a href=(site.addresses.to(target)) aria-current=[(this == part).then_some("page")] {
                            (label)
                        }
                    }
                }
            }
            a.basket href=(site.addresses.to(To::Basket)) data-basket=(kept)
                aria-current=[(part == Part::Basket).then_some("page")] {
                "Basket (" span data-count="" { (kept) } ")"
            }
        }
    }
}

fn bottom(site: &Site<'_>) -> Markup {
    let day = site.indexed.to_zoned(TimeZone::UTC).date();
    // What several publishers ask to be said in the same words is said once.
    let mut said: Vec<&str> = Vec::new();
    for terms in site.terms {
        let text = terms.attribution.as_deref().or(terms.licence.as_deref()).unwrap_or_default();
        let sentences = text.split_inclusive(". ").map(str::trim);
        for sentence in sentences.filter(|sentence| !sentence.is_empty()) {
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
    }
    let is_unknown =
        site.terms.iter().any(|terms| terms.attribution.is_none() && terms.licence.is_none());
    html! {
        p {
            (words::count(site.corpus.reports, "report")) ", "
            (words::count(site.corpus.paragraphs, "paragraph")) ", indexed " (words::day(day))
            " · " a href=(site.addresses.to(To::Coverage)) { "what is held, and what is not" }
            @for sentence in said {
                " · " (sentence)
            }
            @if is_unknown {
                " · the licence of some reports is not known"
            }
        }
        p {
            a href=(site.addresses.to(To::Accessibility)) { "Accessibility" }
            " · " a href=(site.addresses.to(To::OpenApi)) { "API" }
        }
    }
}

/// Writes numbers as links to what they count.
fn linked(site: &Site<'_>, write: impl Fn(Numbers<'_>) -> Markup) -> Markup {
    let address = |counted: Counted<'_>| site.addresses.to(To::Counted(counted));
    write(Numbers::Linked(&address))
}

/// How the grades of the usual scale of four begin, in lower case.
const SCALE: [&str; 6] =
    ["outstanding", "good", "adequate", "satisfactory", "requires improvement", "inadequate"];

/// Writes links to the pages before and after one, where there are any; `here` says which it is.
fn paging(label: &str, before: Option<String>, here: &Markup, after: Option<String>) -> Markup {
    html! {
        @if before.is_some() || after.is_some() {
            nav.paging aria-label=(label) {
                @if let Some(before) = before { a rel="prev" href=(before) { "Previous page" } }
                span aria-current="page" { (here) }
                @if let Some(after) = after { a rel="next" href=(after) { "Next page" } }
            }
        }
    }
}

/// The address of a page of a report as it is read.
fn on_page(site: &Site<'_>, report: &str, page: u32) -> String {
    format!("{}#page-{page}", site.addresses.to(To::Report { id: report, marks: None }))
}

/// The last page of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// It has this number.
    Page(usize),
    /// There are too many to look for it.
    Unknown,
}

/// Says that a page is after the last one, and leads there, or to the first where the last is not
/// known; `there` gives the address of a page.
fn after(page: usize, last: Last, there: impl Fn(usize) -> String) -> Markup {
    match last {
        Last::Page(last) => beyond(page, last, &there(last)),
        Last::Unknown => html! {
            p {
                "Nothing is on page " (words::number(page)) ", which is after the last result. "
                a href=(there(1)) { "The first page" }
            }
        },
    }
}

/// Says that a page is after the last one, and leads there.
fn beyond(page: usize, last: usize, address: &str) -> Markup {
    html! {
        p {
            "There is no page " (words::number(page)) ": the last is "
            a href=(address) { "page " (words::number(last)) } "."
        }
    }
}

/// Writes a grade: dots filled from the left, then its label, in its colour. The scale of another
/// framework has its own words and no dots: its second of three is no `good`.
fn grade(label: &str, rank: Option<u8>) -> Markup {
    let begins = label.to_lowercase();
    let is_usual = SCALE.iter().any(|word| begins.starts_with(word));
    let rank = rank.filter(|rank| is_usual && (1..=4).contains(rank));
    let dots = rank.map(|rank| {
        let filled = usize::from(5 - rank);
        format!("{}{}", "●".repeat(filled), "○".repeat(4 - filled))
    });
    let class = rank.map_or("grade".to_owned(), |rank| format!("grade rank{rank}"));
    html! {
        span class=(class) {
            @if let Some(dots) = dots {
                span.dots aria-hidden="true" { (dots) } " "
            }
            (label)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Last, after};

    #[test]
    fn a_page_after_the_last_leads_to_the_last_or_where_that_is_not_known_to_the_first() {
        let there = |page| format!("/search?page={page}");
        assert_eq!(
            after(1_200, Last::Page(7), there).into_string(),
            "<p>There is no page 1,200: the last is <a href=\"/search?page=7\">page 7</a>.</p>"
        );
        assert_eq!(
            after(1_200, Last::Unknown, there).into_string(),
            "<p>Nothing is on page 1,200, which is after the last result. \
             <a href=\"/search?page=1\">The first page</a></p>"
        );
    }
}
