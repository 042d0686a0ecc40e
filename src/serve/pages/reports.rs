//! The page and the table of the reports held.

use crate::render::csv;
use crate::render::html::page::{self, NARROWED, ReportsPage};
use crate::serve::asked::{Asked, Request, wrong};
use crate::serve::fault::Fault;
use crate::serve::parameters;
use crate::serve::reply::{self, Reply};
use axum::http::StatusCode;
use findings_index::engine::all_reports;
use findings_index::records::Attribute;
use std::sync::Arc;

/// How many reports are on a page.
const ON_A_PAGE: usize = 100;

/// The page of the reports that pass conditions.
pub(super) async fn reports(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, mut parameters| {
            let page = parameters.number("page")?.unwrap_or(1).max(1);
            let conditions = parameters::conditions(&mut parameters)?;
            parameters.end(&["page"])?;
            let filters = session.filters(&conditions)?;
            let notes = session.remarks(&conditions, &filters)?;
            let reports = all_reports(session.engine, &filters, &session.deadline)?;
            let pages = reports.len().div_ceil(ON_A_PAGE).max(1);
            let page = page.min(pages);
            let mut values = Vec::new();
            for attribute in NARROWED {
                values.push((attribute, session.engine.values(attribute)?));
            }
            let shown: Vec<_> =
                reports.chunks(ON_A_PAGE).nth(page - 1).unwrap_or_default().to_vec();
            let view = ReportsPage {
                conditions: &conditions,
                page,
                pages,
                total: reports.len(),
                reports: &shown,
                values: &values,
                notes: &notes,
            };
            Ok((StatusCode::OK, page::reports(site, &view)))
        })
        .await
}

/// The same reports as a table for spreadsheets, as `findings reports` writes it.
pub(super) async fn table(asked: Asked) -> Reply {
    let (app, held, links) = (Arc::clone(&asked.app), Arc::clone(&asked.held), asked.links.clone());
    let made = asked.answer(|session, _, request| {
        let Request { mut parameters, .. } = request;
        let conditions = parameters::conditions(&mut parameters)?;
        parameters.end(&[])?;
        let filters = session.filters(&conditions)?;
        let reports = all_reports(session.engine, &filters, &session.deadline)?;
        let mut body = Vec::new();
        csv::reports(&reports, true, &mut body).map_err(|_| Fault::Broken)?;
        let name = match conditions.of(Attribute::Authority) {
            [one] => format!("reports-{}.csv", one.to_lowercase()),
            _ => "reports.csv".to_owned(),
        };
        Ok(reply::named(reply::text(StatusCode::OK, "text/csv; charset=utf-8", body), &name))
    });
    match made.await {
        Ok(reply) => reply,
        Err(fault) => wrong(&app, &held, &links, &fault),
    }
}
