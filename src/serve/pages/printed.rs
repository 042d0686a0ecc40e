//! Pictures of paragraphs as their pages print them, and whole pages to leaf through.
//!
//! A picture is drawn in a reader process, in the turn and the time of the request that wants it.
//! Those that were asked for last are kept in memory.

use crate::answer::printed::{self, Printed, PrintedError};
use crate::ask::error::Refusal;
use crate::ask::ids::Held as Found;
use crate::ask::{AskError, Session};
use crate::extract::picture::{Undrawn, View};
use crate::extract::worker::Workers;
use crate::render::html::page::{self, SheetPage};
use crate::serve::app::Held;
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::originals;
use crate::serve::parameters::{self, Parameters};
use crate::serve::reply::{self, Reply};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use findings_index::records::{ParagraphRecord, ReportRecord};
use std::time::Duration;

/// Pixels per point: twice as many as a page on a screen of the usual kind.
const SCALE: f32 = 2.0;

/// The address of a picture: the id of a paragraph, and `.png`.
pub(in crate::serve) async fn picture(Path(name): Path<String>, asked: Asked) -> Reply {
    asked
        .reply(move |session, held, request| {
            let Request { app, mut parameters, .. } = request;
            let id = name.strip_suffix(".png").ok_or(Fault::NoPage)?;
            let marks = parameters::marks(&mut parameters)?;
            let is_cited = parameters.flag("cited")?;
            let page = sheet_number(&mut parameters)?;
            parameters.end(&["cited", "page"])?;
            let (report, paragraph) = paragraph(session, id)?;
            let spans = if marks.text.trim().is_empty() {
                Vec::new()
            } else {
                let matched = printed::matched(session, &marks, &report, &paragraph)?;
                matched.spans.unwrap_or_default()
            };
            let view = page.map_or(View::Piece, View::Page);
            let file = format!("{}.png", paragraph.id.replace('/', "-"));
            let kept = format!("{} {id} {view:?} {is_cited} {spans:?}", report.sha256);
            let png = match app.pictures.get(&kept) {
                Some(png) => png,
                None => {
                    // The file may be shown only where the original may be.
                    let path = originals::located(&report, held.library()?)?;
                    let wanted = Printed {
                        report: &report,
                        path: &path,
                        paragraph: &paragraph,
                        spans: &spans,
                        view,
                        scale: SCALE,
                        is_cited,
                    };
                    let png = drawn(session, &app.workers, &wanted)?;
                    app.pictures.put(kept, &png);
                    png
                }
            };
            let picture = reply::text(StatusCode::OK, "image/png", png);
            Ok(if is_cited { reply::named(picture, &file) } else { picture })
        })
        .await
}

/// The page that shows a whole page of the report that holds a paragraph.
pub(in crate::serve) async fn sheet(Path(id): Path<String>, asked: Asked) -> Reply {
    asked
        .page(move |session, _: &Held, site, mut parameters| {
            let marks = parameters::marks(&mut parameters)?;
            let page = sheet_number(&mut parameters)?;
            parameters.end(&["page"])?;
            let (report, paragraph) = paragraph(session, &id)?;
            let page = page.or(paragraph.page).unwrap_or(1);
            let pages = report.pages.unwrap_or(0);
            if page == 0 || page > pages {
                let message = format!("the report has no page {page}: it has {pages}");
                return Err(AskError::from(Refusal::new("unknown_page", message)).into());
            }
            let view = SheetPage { report: &report, paragraph: &paragraph, page, marks: &marks };
            Ok((StatusCode::OK, page::sheet(site, &view)))
        })
        .await
}

/// Takes the number of a page of a report.
fn sheet_number(from: &mut Parameters) -> Result<Option<u32>, Fault> {
    Ok(from.number("page")?.map(|page| u32::try_from(page).unwrap_or(u32::MAX)))
}

/// Finds a paragraph and its report.
fn paragraph(session: &Session<'_>, id: &str) -> Result<(ReportRecord, ParagraphRecord), Fault> {
    match session.by_id(id)? {
        Found::Paragraph { report, mut paragraphs, place } => {
            Ok((*report, paragraphs.swap_remove(place)))
        }
        Found::Report(report) => Err(Fault::not_a_paragraph(&report.id)),
    }
}

fn drawn(session: &Session<'_>, workers: &Workers, wanted: &Printed<'_>) -> Result<Bytes, Fault> {
    let within = session.deadline.limit().unwrap_or(Duration::from_secs(10));
    let names = session.reference.names();
    match printed::draw(workers, names, wanted, within) {
        Ok(drawn) => Ok(Bytes::from(drawn.png)),
        Err(PrintedError::Search(error)) => Err(error.into()),
        // Where the file is on this machine is nobody's business.
        Err(PrintedError::Undrawn {
            error: error @ (Undrawn::Moved | Undrawn::Changed), ..
        }) => Err(Fault::File(format!("the file {error}"))),
        Err(PrintedError::Undrawn { error, .. }) => {
            Err(Fault::Undrawn(format!("the file {error}")))
        }
        Err(error @ (PrintedError::WithoutPages { .. } | PrintedError::FileUnknown { .. })) => {
            Err(Fault::File(error.to_string()))
        }
        Err(error) => {
            tracing::warn!(%error, "a page could not be drawn");
            Err(Fault::Broken)
        }
    }
}
