//! The feed of a search.

use crate::ask::Question;
use crate::render::feeds::{self, Feed, Leads, Places, Source};
use crate::render::html::page::{Addresses, FeedFormat, To};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters;
use crate::serve::reply::{self, Reply};
use axum::http::StatusCode;
use findings_index::request::Hit;

pub(super) async fn feed(asked: Asked, format: FeedFormat) -> Reply {
    asked
        .reply(move |session, held, request| {
            let Request { mut parameters, app, links } = request;
            let (question, page) = parameters::feed(&mut parameters)?;
            parameters.end(&["limit", "page"])?;
            let answer = session.search(&question)?;
            // A feed goes to programs: nobody's basket is in it.
            let whole = |target: To<'_>| links.whole(target);
            let at = |page| whole(To::FeedPage(&question, format, page));
            // The page shows each in the same order as well, unless told otherwise.
            let page_of = Question { repeats: false, ..question.clone() };
            let pages = answer.response.total.div_ceil(question.limit).max(1);
            let places = Places {
                own: Some(at(page)),
                home: Some(whole(To::Search(&page_of, 1))),
                first: (pages > 1 || page > 1).then(|| at(1)),
                previous: (page > 1).then(|| at((page - 1).min(pages))),
                next: (page < pages).then(|| at(page + 1)),
                last: (pages > 1 || page > 1).then(|| at(pages)),
            };
            let paragraph = |hit: &Hit| {
                let marks = Some(&question);
                Some(whole(To::Paragraph { id: &hit.paragraph.id, marks }))
            };
            let original = |hit: &Hit| {
                let page = hit.paragraph.page;
                Some(whole(To::Original { report: &hit.head.id, page }))
            };
            let source = Source {
                question: &question,
                response: &answer.response,
                notes: &answer.notes,
                names: app.settings.reference.names(),
                topics: held.engine.topics()?,
                built: held.engine.built(),
                leads: Leads { paragraph: &paragraph, original: &original },
            };
            let feed = Feed::of(&source, places);
            let mut body = Vec::new();
            let (media, written) = match format {
                FeedFormat::Atom => (reply::ATOM, feeds::atom(&feed, &mut body)),
                FeedFormat::Json => (reply::JSON_FEED, feeds::json(&feed, &mut body)),
            };
            written.map_err(|_| Fault::Broken)?;
            Ok(reply::text(StatusCode::OK, media, body))
        })
        .await
}
