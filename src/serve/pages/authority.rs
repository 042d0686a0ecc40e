//! The authorities, and one of them.

use super::door::Pages;
use crate::answer::authority;
use crate::render::html::page::{self, To};
use crate::serve::asked::Asked;
use crate::serve::reply::Reply;
use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;

pub(super) async fn list(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, parameters| {
            parameters.end_of(std::iter::empty())?;
            let regions = authority::all(session)?;
            Ok((StatusCode::OK, page::authorities(site, &regions)))
        })
        .await
}

pub(super) async fn page(Path(name): Path<String>, asked: Asked) -> Reply {
    asked
        .page(move |session, _, site, parameters| {
            parameters.end_of(std::iter::empty())?;
            let links = site.addresses;
            let door = Pages { links, own: links.to(To::Authority(&name)) };
            let profile = authority::ask(session, &name, &door, Timestamp::now())?;
            Ok((StatusCode::OK, page::authority(site, &profile)))
        })
        .await
}
