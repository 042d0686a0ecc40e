//! The pages: each turns an address into a question, and the answer into a page.

mod advanced;
mod authority;
mod basket;
mod batch;
mod compare;
mod coverage;
mod distinctive;
mod door;
mod feed;
mod grades;
mod help;
mod kwic;
mod original;
#[cfg(feature = "as-printed")]
mod printed;
mod recommendations;
mod report;
mod reports;
mod similar;
mod statements;
mod timeline;
mod topics;

use crate::ask::{AskError, Question, Session};
use crate::render::html::page::{
    self, Addresses, BasketFormat, FeedFormat, FileFormat, Last, Problem, SearchPage, To,
};
use crate::render::html::{Counted, Numbers, Sheet};
use crate::render::terminal::View;
use crate::render::{Attributed, Made, csv, json, markdown};
use crate::serve::app::App;
use crate::serve::asked::{Asked, Request};
use crate::serve::assets;
use crate::serve::fault::Fault;
use crate::serve::parameters;
use crate::serve::publish::publish;
use crate::serve::reply::{self, Reply};
use axum::Router;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::routing::get;
use findings_index::request::SearchResponse;
use std::sync::Arc;

/// The addresses of the pages.
pub(in crate::serve) fn routes() -> Router<Arc<App>> {
    let routes = Router::new();
    #[cfg(feature = "as-printed")]
    let routes = routes
        .route("/printed/{*name}", get(printed::picture))
        .route("/sheets/{*id}", get(printed::sheet));
    routes
        .route("/", get(search))
        .route("/search", get(search))
        .route("/search.csv", get(|asked| file(asked, FileFormat::Csv)))
        .route("/search.json", get(|asked| file(asked, FileFormat::Json)))
        .route("/search.md", get(|asked| file(asked, FileFormat::Markdown)))
        .route("/search.atom", get(|asked| feed::feed(asked, FeedFormat::Atom)))
        .route("/search.json-feed", get(|asked| feed::feed(asked, FeedFormat::Json)))
        .route("/advanced", get(advanced::form))
        .route("/authorities", get(authority::list))
        .route("/authorities/{name}", get(authority::page))
        .route("/timeline", get(timeline::page))
        .route("/timeline.csv", get(|asked| timeline::file(asked, FileFormat::Csv)))
        .route("/timeline.json", get(|asked| timeline::file(asked, FileFormat::Json)))
        .route("/grades", get(grades::page))
        .route("/grades.csv", get(|asked| grades::file(asked, FileFormat::Csv)))
        .route("/grades.json", get(|asked| grades::file(asked, FileFormat::Json)))
        .route("/grades.md", get(|asked| grades::file(asked, FileFormat::Markdown)))
        .route("/distinctive", get(distinctive::page))
        .route("/distinctive.csv", get(|asked| distinctive::file(asked, FileFormat::Csv)))
        .route("/distinctive.json", get(|asked| distinctive::file(asked, FileFormat::Json)))
        .route("/compare", get(compare::page))
        .route("/compare.html", get(compare::page_for_committee))
        .route("/compare.csv", get(|asked| compare::file(asked, FileFormat::Csv)))
        .route("/compare.json", get(|asked| compare::file(asked, FileFormat::Json)))
        .route("/compare.md", get(|asked| compare::file(asked, FileFormat::Markdown)))
        .route("/kwic", get(kwic::page))
        .route("/kwic.csv", get(|asked| kwic::file(asked, FileFormat::Csv)))
        .route("/kwic.json", get(|asked| kwic::file(asked, FileFormat::Json)))
        .route("/recommendations", get(recommendations::page))
        .route("/recommendations.html", get(recommendations::printed))
        .route("/recommendations.csv", get(|asked| recommendations::file(asked, FileFormat::Csv)))
        .route("/recommendations.json", get(|asked| recommendations::file(asked, FileFormat::Json)))
        .route(
            "/recommendations.md",
            get(|asked| recommendations::file(asked, FileFormat::Markdown)),
        )
        .route("/batch", get(batch::ask).post(batch::answer))
        .route("/coverage", get(coverage::page))
        .route("/coverage.csv", get(|asked| coverage::file(asked, FileFormat::Csv)))
        .route("/coverage.json", get(|asked| coverage::file(asked, FileFormat::Json)))
        .route("/topics", get(topics::list))
        .route("/topics.csv", get(|asked| topics::file(asked, FileFormat::Csv)))
        .route("/topics.json", get(|asked| topics::file(asked, FileFormat::Json)))
        .route("/topics/{id}", get(topics::one))
        .route("/help", get(help::page))
        .route("/accessibility", get(statements::accessibility))
        .route("/opensearch.xml", get(statements::search_engine))
        .route("/robots.txt", get(statements::robots))
        .route("/reports", get(reports::reports))
        .route("/reports.csv", get(reports::table))
        .route("/reports/{id}", get(report::report))
        .route("/paragraphs/{*id}", get(report::paragraph))
        .route("/similar/{*id}", get(similar::similar))
        .route("/basket", get(basket::basket))
        .route("/basket.csv", get(|asked| basket::file(asked, BasketFormat::Csv)))
        .route("/basket.jsonl", get(|asked| basket::file(asked, BasketFormat::Basket)))
        .route("/basket.md", get(|asked| basket::file(asked, BasketFormat::Markdown)))
        .route("/originals/{report}", get(original::original))
        .route("/assets/{version}/{name}", get(asset))
}

async fn search(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, mut parameters| {
            let mut question = parameters::question(&mut parameters)?;
            let page = parameters::page(&mut parameters, &mut question)?;
            parameters.end(&["page"])?;
            question.facets = page::SHOWN.to_vec();
            let view = |outcome, named, last| SearchPage {
                question: &question,
                page,
                last,
                outcome,
                named,
            };
            let is_empty = question.text.trim().is_empty() && question.conditions.is_empty();
            if is_empty && page == 1 && question == asked_for_nothing(&question) {
                return Ok((StatusCode::OK, page::search(site, &view(None, &[], None))));
            }
            match session.search(&question) {
                Ok(answer) => {
                    let named = session.called(&question.text)?;
                    let last = after_last(session, &question, page, &answer.response)?;
                    Ok((StatusCode::OK, page::search(site, &view(Some(Ok(&answer)), &named, last))))
                }
                // What was refused is mended in the form above it.
                Err(error @ AskError::Refused(_)) => {
                    let fault = Fault::from(error);
                    let problem = fault.problem();
                    let shown = page::search(site, &view(Some(Err(&problem)), &[], None));
                    Ok((fault.status(), shown))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

/// The last page of results, if the one that was asked for is after it.
fn after_last(
    session: &Session<'_>,
    question: &Question,
    page: usize,
    found: &SearchResponse,
) -> Result<Option<Last>, Fault> {
    if page == 1 || found.total == 0 || found.every_hit().next().is_some() {
        return Ok(None);
    }
    let all = found.total_groups.unwrap_or(found.total);
    last_page(page, all.div_ceil(question.limit.max(1)), |page| {
        let offset = (page - 1).saturating_mul(question.limit);
        let other = Question { offset, facets: Vec::new(), ..question.clone() };
        Ok(session.search(&other)?.response.every_hit().next().is_some())
    })
}

/// With more pages than this, the last one is not looked for: it takes several searches, and one for a
/// page far down takes seconds.
const MOST_LOOKED_THROUGH: usize = 100;

/// Looks for the last page with anything on it, before one that has nothing. Near-identical results are
/// shown once, so that their number alone does not tell which it is; there are at most `most` pages.
/// `None` if there is none.
fn last_page(
    empty: usize,
    most: usize,
    mut has_any: impl FnMut(usize) -> Result<bool, Fault>,
) -> Result<Option<Last>, Fault> {
    if most > MOST_LOOKED_THROUGH {
        return Ok(Some(Last::Unknown));
    }
    let (mut last, mut empty) = (0, empty.min(most.saturating_add(1)));
    while empty - last > 1 {
        let middle = last + (empty - last) / 2;
        match has_any(middle)? {
            true => last = middle,
            false => empty = middle,
        }
    }
    Ok((last > 0).then_some(Last::Page(last)))
}

/// The question of an address without any parameter, which shows the box alone.
fn asked_for_nothing(question: &Question) -> Question {
    Question { limit: question.limit, facets: question.facets.clone(), ..Question::default() }
}

async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, held, request| {
            let Request { mut parameters, app, .. } = request;
            let mut question = parameters::question(&mut parameters)?;
            parameters.end(&[])?;
            question.limit = held.engine.corpus().paragraphs;
            question.repeats = true;
            question.closest = false;
            let mut answer = session.search(&question)?;
            publish(&mut answer.response, held)?;
            let made = Made::new(&question, &answer.response, app.settings.reference.names());
            let mut body = Vec::new();
            let (media, written) = match format {
                FileFormat::Csv => {
                    let reports = session.reports_of(answer.response.every_hit())?;
                    let hits = answer.response.every_hit();
                    (reply::CSV, csv::hits_made(hits, &reports, &made, true, &mut body))
                }
                FileFormat::Json => {
                    let layout = json::Layout::Pretty;
                    let attribution = &made.attribution;
                    let answer = Attributed { answer: &answer, attribution };
                    (reply::JSON, json::value(&answer, layout, &mut body))
                }
                FileFormat::Markdown => {
                    let view = View { full: true, group: question.group, offset: 0 };
                    let written = markdown::search(&answer, &view, &mut body)
                        .and_then(|()| markdown::made(&made, &mut body));
                    (reply::MARKDOWN, written)
                }
            };
            written.map_err(|_| Fault::Broken)?;
            let name = format!("findings.{}", format.extension());
            Ok(reply::file(media, body, &name))
        })
        .await
}

/// Shows an answer. One that is refused is told on the page as well, where the form mends it; other
/// faults have a page of their own.
fn shown<T>(
    answer: Result<T, Fault>,
    show: impl Fn(Result<&T, &Problem>) -> String,
) -> Result<(StatusCode, String), Fault> {
    match answer {
        Ok(answer) => Ok((StatusCode::OK, show(Ok(&answer)))),
        Err(fault) if fault.status().is_client_error() => {
            Ok((fault.status(), show(Err(&fault.problem()))))
        }
        Err(fault) => Err(fault),
    }
}

/// A file to be saved, of what `write` writes in its format; `what` is the end of its name.
fn saved(
    what: &str,
    format: FileFormat,
    write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>,
) -> Result<Reply, Fault> {
    let mut body = Vec::new();
    write(&mut body).map_err(|_| Fault::Broken)?;
    let media = match format {
        FileFormat::Csv => reply::CSV,
        FileFormat::Json => reply::JSON,
        FileFormat::Markdown => reply::MARKDOWN,
    };
    Ok(reply::file(media, body, &format!("findings-{what}.{}", format.extension())))
}

/// A page to print, whose numbers lead to what they count.
fn printed_page(
    links: &dyn Addresses,
    write: impl FnOnce(Sheet<'_>, Numbers<'_>, &mut Vec<u8>) -> std::io::Result<()>,
) -> Result<Reply, Fault> {
    let style = links.to(To::Asset("committee.css"));
    // Whoever prints it to a file takes the addresses away.
    let address = |counted: Counted<'_>| links.whole(To::Counted(counted));
    let mut body = Vec::new();
    write(Sheet::Linked(&style), Numbers::Linked(&address), &mut body)
        .map_err(|_| Fault::Broken)?;
    Ok(reply::text(StatusCode::OK, reply::HTML, body))
}

async fn asset(Path((version, name)): Path<(String, String)>, asked: Asked) -> Reply {
    let Some((text, media)) = assets::named(&name) else {
        return asked.refused(&Fault::NoPage);
    };
    let mut reply = reply::text(StatusCode::OK, media, text);
    // Under the name of its contents a file never changes.
    let kept = match version == assets::version() {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    reply
}

#[cfg(test)]
mod tests {
    use super::{Last, MOST_LOOKED_THROUGH, last_page};

    /// The last of `most` pages, of which the first `full` have something, and how many were looked at.
    fn found(empty: usize, most: usize, full: usize) -> (Option<Last>, usize) {
        let mut looked = 0;
        let last = last_page(empty, most, |page| {
            looked += 1;
            Ok(page <= full)
        });
        (last.unwrap(), looked)
    }

    #[test]
    fn the_last_page_is_found_wherever_it_is_but_not_looked_for_among_too_many() {
        let most = MOST_LOOKED_THROUGH;
        for full in 1..=most {
            let (last, looked) = found(usize::MAX, most, full);
            assert_eq!(last, Some(Last::Page(full)));
            assert!(looked <= 7, "{looked} searches for page {full}");
        }
        assert_eq!(found(5, most, 3).0, Some(Last::Page(3)));
        assert_eq!(found(5, most, 0).0, None);
        assert_eq!(found(usize::MAX, most + 1, 90), (Some(Last::Unknown), 0));
    }
}
