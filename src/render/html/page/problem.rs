//! What is said where a request is not answered.

use super::{Head, Part, Site, Skip, To, page};
use crate::render::{clean, words};
use maud::{Markup, html};
use serde::Serialize;

/// What is wrong with a request, and what may help: the problem details of RFC 9457.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: what kind of problem it is says `code`.
    #[serde(rename = "type")]
    pub uri: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// The kind of problem, in words.
    pub title: &'static str,
    /// A name for the kind of problem, which programs can rely on.
    pub code: &'static str,
    /// What is wrong with this request.
    pub detail: String,
    /// The parameter at fault, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The text of the query, if the fault is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typed: Option<String>,
    /// The faulty part of the text, from and to, in characters counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
    /// What to write instead: the whole text, or the value of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// What else may help.
    pub hints: Vec<String>,
    /// The problems of each of several queries, where more than one may be wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "serve", schema(no_recursion))]
    pub errors: Vec<Problem>,
    /// The page that says more, where one does.
    #[serde(skip)]
    pub lead: Option<Lead>,
}

/// A page that says more about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// The one that says what is held, and of which authorities nothing is.
    Coverage,
}

impl Problem {
    /// Writes it for whoever asked for a file and would not read a page: a line each for what is wrong and
    /// what may help.
    #[must_use]
    pub fn plain(&self) -> String {
        let named = self.parameter.as_deref().map(|name| format!("`{name}`"));
        let detail = match named.filter(|name| self.typed.is_none() && !self.detail.contains(name))
        {
            Some(name) => format!("{name}: {}", self.detail),
            None => self.detail.clone(),
        };
        let mut lines = vec![self.title.to_owned(), clean::line(&detail)];
        if let (Some(typed), Some([start, end])) = (&self.typed, self.span) {
            let faulty: String =
                typed.chars().skip(start).take(end.saturating_sub(start)).collect();
            if !faulty.is_empty() {
                lines.push(clean::line(&format!("in `{typed}`, at `{faulty}`")));
            }
        }
        lines.extend(self.suggestion.iter().map(|meant| clean::line(&format!("perhaps: {meant}"))));
        lines.extend(self.hints.iter().map(|hint| clean::line(hint)));
        lines.join("\n") + "\n"
    }

    /// The whole query with what is wrong in it mended, where that is known.
    pub(super) fn mended(&self) -> Option<String> {
        self.suggestion.clone().filter(|_| self.span.is_some())
    }
}

/// Writes what is wrong, with the faulty part of the query marked; `instead` is the address of the
/// question with the suggestion in it. `is_all` says that the page has nothing else to say, and no
/// other heading.
pub(super) fn told(
    site: &Site<'_>,
    problem: &Problem,
    instead: Option<&str>,
    is_all: bool,
) -> Markup {
    html! {
        div.problem {
            @if is_all {
                h1 id="results" tabindex="-1" { (problem.title) }
            } @else {
                h2 id="results" tabindex="-1" { (problem.title) }
            }
            (details(site, problem, instead))
        }
    }
}

/// Writes what is wrong in words, where, and what may help.
pub(super) fn details(site: &Site<'_>, problem: &Problem, instead: Option<&str>) -> Markup {
    html! {
        p { (words::told(&problem.detail)) }
        @if let (Some(typed), Some([start, end])) = (&problem.typed, problem.span) {
            (pointed(typed, start, end))
        }
        @match (&problem.suggestion, instead) {
            (Some(suggestion), Some(address)) => {
                p { "Ask instead: " a href=(address) { (clean::line(suggestion)) } }
            }
            (Some(suggestion), None) => { p { "Perhaps: " code { (clean::line(suggestion)) } } }
            (None, _) => {}
        }
        @if !problem.hints.is_empty() {
            ul {
                @for hint in &problem.hints {
                    li { (words::told(hint)) }
                }
            }
        }
        @match problem.lead {
            Some(Lead::Coverage) => {
                p { a href={ (site.addresses.to(To::Coverage)) "#missing" } { "Authorities of which no report is held" } }
            }
            None => {}
        }
    }
}

/// Writes what was typed with its faulty part marked.
fn pointed(typed: &str, start: usize, end: usize) -> Markup {
    let chars: Vec<char> = typed.chars().collect();
    let (start, end) = (start.min(chars.len()), end.clamp(start.min(chars.len()), chars.len()));
    let said = |part: &[char]| clean::line(&part.iter().collect::<String>());
    html! {
        p { code.typed {
            (said(&chars[..start]))
            em { (if start == end { "▯".to_owned() } else { said(&chars[start..end]) }) }
            (said(&chars[end..]))
        } }
    }
}

/// Writes a page that says what is wrong.
#[must_use]
pub fn fault(site: &Site<'_>, problem: &Problem) -> String {
    let head = Head { title: problem.title.to_owned(), ..Head::default() };
    let main = html! {
        h1 { (problem.title) }
        (details(site, problem, None))
    };
    page(site, Part::Other, &head, &[Skip::MAIN], &main)
}
