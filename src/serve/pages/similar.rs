//! The page of paragraphs like one.

use super::last_page;
use crate::ask::AskError;
use crate::ask::ids::Held;
use crate::render::html::page::{self, Likeness, SimilarPage};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::parameters;
use crate::serve::reply::Reply;
use axum::extract::Path;
use axum::http::StatusCode;
use findings_index::records::ReportHead;
use findings_index::request::{Similar, SimilarRequest};

/// How many paragraphs are on a page.
const ON_A_PAGE: usize = 20;

/// The page of the paragraphs like one. Those from elsewhere come first to mind: how others do it.
pub(super) async fn similar(Path(id): Path<String>, asked: Asked) -> Reply {
    asked
        .page(move |session, _, site, mut parameters| {
            let everywhere = parameters.flag("everywhere")?;
            let page = parameters::leaf(&mut parameters)?;
            let conditions = parameters::conditions(&mut parameters)?;
            parameters.end(&["everywhere", "page"])?;
            let (report, id) = match session.by_id(&id)? {
                Held::Report(_) => return Err(Fault::NoPage),
                Held::Paragraph { report, paragraphs, place } => {
                    let own = paragraphs.into_iter().nth(place).ok_or(Fault::NoPage)?;
                    (report, own.id)
                }
            };
            let filters = session.filters(&conditions)?;
            let notes = session.remarks(&conditions, &filters)?;
            let offset = (page - 1).saturating_mul(ON_A_PAGE);
            let request = SimilarRequest {
                id: id.clone(),
                elsewhere: !everywhere,
                filters,
                // One more tells whether there is another page.
                limit: ON_A_PAGE + 1,
                offset,
                explain: false,
            };
            let ask = |request: &SimilarRequest| -> Result<Similar, Fault> {
                let found = session.similar(request).map_err(AskError::from)?;
                found.ok_or(Fault::NoPage)
            };
            let mut similar = ask(&request)?;
            let last = match similar.hits.is_empty() && page > 1 {
                true => last_page(page, similar.total.div_ceil(ON_A_PAGE), |page| {
                    let offset = (page - 1).saturating_mul(ON_A_PAGE);
                    let other = SimilarRequest { limit: 1, offset, ..request.clone() };
                    Ok(!ask(&other)?.hits.is_empty())
                })?,
                false => None,
            };
            let is_more = similar.hits.len() > ON_A_PAGE;
            similar.hits.truncate(ON_A_PAGE);
            let view = SimilarPage {
                likeness: &Likeness { id, everywhere, conditions, page },
                own: &ReportHead::from(&*report),
                similar: &similar,
                offset,
                is_more,
                last,
                notes: &notes,
            };
            Ok((StatusCode::OK, page::similar(site, &view)))
        })
        .await
}
