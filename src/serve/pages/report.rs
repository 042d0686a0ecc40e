//! The pages of a report and of a paragraph in it.

use crate::answer::as_read::{self, AsRead};
use crate::ask::ids::Held;
use crate::ask::{AskError, Question, Session};
use crate::render::html::page::{self, ReportPage, Site};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::reply::Reply;
use axum::extract::Path;
use axum::http::StatusCode;
use findings_index::engine::paragraphs_of;
use findings_index::records::{ParagraphRecord, ReportRecord};

/// The page of a report.
pub(super) async fn report(Path(id): Path<String>, asked: Asked) -> Reply {
    asked
        .page(move |session, _, site, parameters| {
            let report = session.report(&id)?;
            let paragraphs = paragraphs_of(session.engine, &report.id, &session.deadline)?;
            shown(session, site, parameters, report, paragraphs, None)
        })
        .await
}

/// The page of a report at one of its paragraphs. The id of a report leads to the report as a whole.
pub(super) async fn paragraph(Path(id): Path<String>, asked: Asked) -> Reply {
    asked
        .page(move |session, _, site, parameters| {
            let (report, paragraphs, here) = match session.by_id(&id)? {
                Held::Report(report) => {
                    let all = paragraphs_of(session.engine, &report.id, &session.deadline)?;
                    (report, all, None)
                }
                Held::Paragraph { report, paragraphs, place } => {
                    let here = paragraphs.get(place).map(|paragraph| paragraph.id.clone());
                    (report, paragraphs, here)
                }
            };
            shown(session, site, parameters, *report, paragraphs, here.as_deref())
        })
        .await
}

/// Writes the report with what a question finds in it. One that is refused is told of, and the report
/// is shown nevertheless.
fn shown(
    session: &Session<'_>,
    site: &Site<'_>,
    mut parameters: Parameters,
    report: ReportRecord,
    paragraphs: Vec<ParagraphRecord>,
    here: Option<&str>,
) -> Result<(StatusCode, String), Fault> {
    let question = parameters::marks(&mut parameters)?;
    parameters.end(&[])?;
    let found = found(session, &question, &report)?;
    let hits = match &found {
        Some(Ok(answer)) => &answer.response.hits[..],
        _ => &[],
    };
    let on_authority =
        report.authority.as_deref().map_or(Ok(0), |name| session.reports_on(name))?;
    let read = AsRead { on_authority, ..AsRead::new(report, paragraphs, hits) };
    let problem = match &found {
        Some(Err(fault)) => Some((fault.problem(), fault.status())),
        _ => None,
    };
    let outcome = match (&found, &problem) {
        (Some(Ok(answer)), _) => Some(Ok(answer)),
        (_, Some((problem, _))) => Some(Err(problem)),
        _ => None,
    };
    let view = ReportPage { read: &read, here, question: &question, outcome };
    let status = problem.as_ref().map_or(StatusCode::OK, |(_, status)| *status);
    Ok((status, page::report(site, &view)))
}

type Found = Result<crate::ask::Answer<findings_index::request::SearchResponse>, Fault>;

/// Asks for what is marked; a refusal is a part of the answer.
fn found(
    session: &Session<'_>,
    question: &Question,
    report: &ReportRecord,
) -> Result<Option<Found>, Fault> {
    if question.text.trim().is_empty() {
        return Ok(None);
    }
    match as_read::matches(session, question, report) {
        Ok(answer) => Ok(Some(Ok(answer))),
        Err(error @ AskError::Refused(_)) => Ok(Some(Err(error.into()))),
        Err(error) => Err(error.into()),
    }
}
