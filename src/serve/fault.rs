//! What went wrong with a request, in the words of the server.

use super::parameters;
use crate::ask::question::excluding;
use crate::ask::{AskError, Hint, Place, Refusal};
use crate::render::html::page::{Lead, Problem};
use axum::http::StatusCode;
use findings_index::SearchError;

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// A parameter cannot be used as it was given.
    #[error(transparent)]
    Parameter(#[from] parameters::Fault),
    /// The question was refused, or the engine failed.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The question was refused because of a parameter that the refusal does not know.
    #[error("{fault}")]
    Of {
        /// The parameter.
        parameter: &'static str,
        /// The refusal.
        fault: Box<Fault>,
    },
    /// What is wrong with parameters whose names have the same beginning.
    #[error("{fault}")]
    Within {
        /// The beginning.
        beginning: &'static str,
        /// What is wrong, with the parameter named without it.
        fault: Box<Fault>,
    },
    /// There is no such page.
    #[error("there is no such page")]
    NoPage,
    /// The method is not one of this page.
    #[error("this address cannot be asked for in that way")]
    Method,
    /// The cursor is of a state of the index that is gone.
    #[error("the cursor has expired: the index has changed since it was given out")]
    Expired,
    /// The report has no file that can be shown.
    #[error("{0}")]
    File(String),
    /// Too many requests wait.
    #[error("the server is busy")]
    Busy,
    /// One client asks for too much at once.
    #[error("too many requests at once")]
    TooMany,
    /// The request names a host that this is not.
    #[error("this server is not known by that name")]
    Host,
    /// A body is larger than is taken.
    #[error("the body is larger than {0} bytes")]
    Large(usize),
    /// A body is of another media type than the one that is taken.
    #[error("the body is to be `{0}`")]
    Media(&'static str),
    /// A page of somebody else's sent a request that is not a mere question.
    #[error("requests with a body are taken from this server's own pages and from programs only")]
    Origin,
    /// A body cannot be read.
    #[error("{0}")]
    Body(String),
    /// Some of several queries cannot be asked: each with its place and name.
    #[error("queries that cannot be asked as they are: {}", .0.len())]
    Batch(Vec<(String, Fault)>),
    /// Several queries took longer than is allowed for all of them.
    #[error("the answer took longer than {0} s and was given up")]
    Late(u64),
    /// A page of a file cannot be drawn, for this reason.
    #[cfg(feature = "as-printed")]
    #[error("the page cannot be drawn: {0}")]
    Undrawn(String),
    /// The work ended in a way that it should not.
    #[error("something went wrong here")]
    Broken,
}

impl From<SearchError> for Fault {
    fn from(error: SearchError) -> Self {
        Self::Ask(error.into())
    }
}

/// The codes of refusals that are about something that is not held. Without a place in the question,
/// it is what the path of the address names.
const NOT_HELD: [&str; 6] = [
    "unknown_report",
    "unknown_paragraph",
    "not_a_paragraph",
    "unknown_topic",
    "unknown_value",
    "unknown_page",
];

impl Fault {
    /// The fault where a report is named and a paragraph is wanted.
    pub(super) fn not_a_paragraph(report: &str) -> Self {
        let advice = "give the id of a paragraph, such as `fairmere-ilacs-2019-04-29/6`";
        let refusal = Refusal::new("not_a_paragraph", format!("`{report}` is a report"));
        AskError::from(refusal.hint(Hint::Advice(advice.to_owned()))).into()
    }

    /// The status of the answer.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Ask(AskError::Refused(refusal))
                if refusal.place.is_none() && NOT_HELD.contains(&refusal.code) =>
            {
                StatusCode::NOT_FOUND
            }
            Self::Ask(AskError::Engine(error)) => match error {
                SearchError::TimedOut { .. }
                | SearchError::Cancelled
                | SearchError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
                SearchError::Cursor => StatusCode::GONE,
                SearchError::Index { .. }
                | SearchError::Refused { .. }
                | SearchError::ChangedIndex { .. } => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            },
            Self::Ask(AskError::Refused(_)) | Self::Parameter(_) => StatusCode::BAD_REQUEST,
            // What a parameter names is never what the path of the address names.
            Self::Of { fault, .. } | Self::Within { fault, .. } => match fault.status() {
                StatusCode::NOT_FOUND => StatusCode::BAD_REQUEST,
                status => status,
            },
            Self::Ask(_) | Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NoPage => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Expired | Self::File(_) => StatusCode::GONE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Large(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Media(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Body(_) | Self::Batch(_) => StatusCode::BAD_REQUEST,
            Self::Late(_) => StatusCode::SERVICE_UNAVAILABLE,
            #[cfg(feature = "as-printed")]
            Self::Undrawn(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// A name for the kind of fault, which programs can rely on.
    fn code(&self) -> &'static str {
        match self {
            Self::Ask(AskError::Refused(refusal)) => refusal.code,
            Self::Ask(AskError::Engine(error)) => match error {
                SearchError::TimedOut { .. } => "timed_out",
                SearchError::Cancelled => "cancelled",
                SearchError::Query(error) => error.code(),
                SearchError::Cursor => "expired_cursor",
                SearchError::Index { .. }
                | SearchError::Refused { .. }
                | SearchError::ChangedIndex { .. } => "internal",
                SearchError::Unavailable { .. } => "unavailable",
                _ => "bad_request",
            },
            Self::Of { fault, .. } | Self::Within { fault, .. } => fault.code(),
            Self::Ask(_) | Self::Broken => "internal",
            Self::Parameter(_) => "parameter",
            Self::NoPage => "no_such_page",
            Self::Method => "method",
            Self::Expired => "expired_cursor",
            Self::File(_) => "file",
            Self::Busy => "busy",
            Self::TooMany => "too_many_requests",
            Self::Host => "host",
            Self::Large(_) => "too_large",
            Self::Media(_) => "media_type",
            Self::Origin => "origin",
            Self::Body(_) => "body",
            Self::Batch(_) => "queries",
            Self::Late(_) => "timed_out",
            #[cfg(feature = "as-printed")]
            Self::Undrawn(_) => "undrawn",
        }
    }

    /// What to tell whoever asked. Of our own faults nothing is told but that there was one.
    pub(super) fn problem(&self) -> Problem {
        let told = match self {
            Self::Of { parameter, fault } => {
                let told = fault.problem();
                let parameter = told.parameter.unwrap_or_else(|| (*parameter).to_owned());
                Problem { parameter: Some(parameter), ..told }
            }
            Self::Within { beginning, fault } => {
                let told = fault.problem();
                let parameter = told.parameter.map(|name| format!("{beginning}{name}"));
                Problem { parameter, ..told }
            }
            _ => return self.told(),
        };
        let status = self.status();
        Problem { status: status.as_u16(), title: title(status), ..told }
    }

    /// What to tell of a fault that stands for itself.
    fn told(&self) -> Problem {
        let mut problem = Problem {
            uri: "about:blank",
            status: self.status().as_u16(),
            title: title(self.status()),
            code: self.code(),
            detail: self.to_string(),
            parameter: None,
            typed: None,
            span: None,
            suggestion: None,
            hints: Vec::new(),
            errors: Vec::new(),
            lead: None,
        };
        match self {
            Self::Ask(AskError::Refused(refusal)) => refused(refusal, &mut problem),
            Self::Ask(AskError::Engine(error)) => match error {
                SearchError::TimedOut { .. } => problem.hints.push(
                    "ask for less at once: fewer wildcards, alternatives and words near one another"
                        .to_owned(),
                ),
                SearchError::Index { .. }
                | SearchError::Refused { .. }
                | SearchError::ChangedIndex { .. } => {
                    problem.detail = Self::Broken.to_string();
                    problem.hints.push("tell whoever runs this server; its log says what is wrong".to_owned());
                }
                SearchError::Unavailable { .. } => {
                    problem.hints.push("try again soon".to_owned());
                }
                _ => {}
            },
            Self::Ask(_) => problem.detail = Self::Broken.to_string(),
            Self::Parameter(fault) => {
                problem.parameter = Some(fault.name.clone());
                problem.suggestion.clone_from(&fault.suggestion);
            }
            Self::Busy | Self::TooMany => {
                problem.hints.push("try again in a few seconds".to_owned());
            }
            Self::Expired => problem.hints.push("begin again without the cursor".to_owned()),
            Self::Late(_) => problem.hints.push("ask for fewer queries at once".to_owned()),
            Self::Batch(faults) => problem.errors = faults.iter().map(of_query).collect(),
            Self::Of { .. }
            | Self::Within { .. }
            | Self::NoPage
            | Self::Method
            | Self::File(_)
            | Self::Host
            | Self::Large(_)
            | Self::Media(_)
            | Self::Origin
            | Self::Body(_)
            | Self::Broken => {}
            #[cfg(feature = "as-printed")]
            Self::Undrawn(_) => {
                problem.hints.push("open the original file, which your browser may show".to_owned());
            }
        }
        problem
    }
}

/// The problem of one of several queries, which its parameter names.
fn of_query((place, fault): &(String, Fault)) -> Problem {
    let mut problem = fault.problem();
    problem.parameter = Some(match problem.parameter.as_deref() {
        None => place.clone(),
        Some("q") => format!("{place}.query"),
        Some(name) => format!("{place}.{name}"),
    });
    problem
}

/// Adds what a refusal says of the place and of what may help.
fn refused(refusal: &Refusal, problem: &mut Problem) {
    match refusal.place.as_deref() {
        Some(Place::Text { typed, span }) => {
            problem.parameter = Some("q".to_owned());
            problem.typed = Some(typed.clone());
            problem.span = Some(*span);
        }
        Some(Place::Condition(attribute)) => problem.parameter = Some(attribute.name().to_owned()),
        Some(Place::Exclusion(attribute)) => {
            problem.parameter = Some(excluding(*attribute));
        }
        Some(Place::Other(other)) => problem.parameter = Some(other.name().to_owned()),
        None => {}
    }
    problem.suggestion.clone_from(&refusal.suggestion);
    // Where the whole query is shown corrected, the part need not be named.
    let is_shown = refusal.suggestion.is_some() && problem.span.is_some();
    let hints = refusal.hints.iter().filter(|hint| !(is_shown && matches!(hint, Hint::Near(_))));
    problem.hints = hints.map(said).collect();
    let is_unheld = refusal.hints.iter().any(|hint| matches!(hint, Hint::Unheld));
    problem.lead = is_unheld.then_some(Lead::Coverage);
}

/// Puts a hint into the words of a page.
fn said(hint: &Hint) -> String {
    match hint {
        Hint::Near(value) => format!("did you mean `{value}`?"),
        Hint::Choose { values, .. } if values.is_empty() => "the index holds none".to_owned(),
        Hint::Choose { values, more } => {
            let listed: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
            format!("choose from {}{more}", listed.join(", "))
        }
        Hint::Mark | Hint::MarkAnew => "give a date".to_owned(),
        Hint::Topics => "the list of topics has all of them".to_owned(),
        Hint::Reports => "the list of reports has all of them".to_owned(),
        Hint::Unheld => "coverage lists the authorities of which no report is held here".to_owned(),
        Hint::Authorities => {
            "the list of authorities has those of which a report is held".to_owned()
        }
        Hint::Relax => "leave a filter out; boilerplate is never counted".to_owned(),
        Hint::NoQuery => "leave the words out to see every paragraph".to_owned(),
        Hint::AddQuery => "add words to look for".to_owned(),
        Hint::QueryOrTopic => "give words to look for, or a topic".to_owned(),
        Hint::SearchBoilerplate => "boilerplate can be searched by its kind".to_owned(),
        Hint::Advice(advice) => advice.clone(),
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "This question can't be answered as it stands",
        StatusCode::FORBIDDEN => "Not taken from elsewhere",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::METHOD_NOT_ALLOWED => "Not done in this way",
        StatusCode::GONE => "No longer here",
        StatusCode::PAYLOAD_TOO_LARGE => "Too large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Not in this form",
        StatusCode::MISDIRECTED_REQUEST => "Wrong address",
        StatusCode::UNPROCESSABLE_ENTITY => "No picture of this page",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests at once",
        StatusCode::SERVICE_UNAVAILABLE => "No answer in time",
        _ => "Something went wrong",
    }
}
