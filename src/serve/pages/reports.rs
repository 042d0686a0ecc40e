//! The page and the table of the reports held.

use crate::answer::held::{self, ReportOrder};
use crate::ask::AskError;
use crate::render::csv;
use crate::render::html::page::{self, NARROWED, ReportsPage};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters;
use crate::serve::reply::{self, Reply};
use axum::http::StatusCode;
use findings_index::records::Attribute;

/// How many reports are on a page.
const ON_A_PAGE: usize = 100;

/// The page of the reports that pass conditions.
pub(super) async fn reports(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, mut parameters| {
            let page = parameters::leaf(&mut parameters)?;
            let conditions = parameters::conditions(&mut parameters)?;
            parameters.end(&["page"])?;
            let (reports, notes, fault) =
                match held::reports(session, &conditions, ReportOrder::default()) {
                    Ok((reports, notes)) => (reports, notes, None),
                    // What was refused is mended in the form above it.
                    Err(error @ AskError::Refused(_)) => {
                        (Vec::new(), Vec::new(), Some(Fault::from(error)))
                    }
                    Err(error) => return Err(error.into()),
                };
            let pages = reports.len().div_ceil(ON_A_PAGE).max(1);
            let mut values = Vec::new();
            for attribute in NARROWED {
                values.push((attribute, session.engine.values(attribute)?));
            }
            let shown: Vec<_> =
                reports.chunks(ON_A_PAGE).nth(page - 1).unwrap_or_default().to_vec();
            let problem = fault.as_ref().map(Fault::problem);
            let view = ReportsPage {
                conditions: &conditions,
                page,
                pages,
                total: reports.len(),
                reports: &shown,
                values: &values,
                notes: &notes,
                problem: problem.as_ref(),
            };
            let status = fault.as_ref().map_or(StatusCode::OK, Fault::status);
            Ok((status, page::reports(site, &view)))
        })
        .await
}

/// The same reports as a table for spreadsheets, as `findings reports` writes it.
pub(super) async fn table(asked: Asked) -> Reply {
    asked
        .reply(|session, _, request| {
            let Request { mut parameters, .. } = request;
            let conditions = parameters::conditions(&mut parameters)?;
            parameters.end(&[])?;
            let (reports, _) = held::reports(session, &conditions, ReportOrder::default())?;
            let mut body = Vec::new();
            csv::reports(&reports, true, &mut body).map_err(|_| Fault::Broken)?;
            let name = match conditions.of(Attribute::Authority) {
                [one] => format!("reports-{}.csv", one.to_lowercase()),
                _ => "reports.csv".to_owned(),
            };
            Ok(reply::file(reply::CSV, body, &name))
        })
        .await
}
