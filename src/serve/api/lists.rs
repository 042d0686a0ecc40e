//! What is held: reports, paragraphs, topics, and the survey of all.

use super::answers::{List, Noted};
use super::call::{answered, beyond};
use super::operations::{COVERAGE, ENTRIES, PARAGRAPH, PARAGRAPHS, REPORT, REPORTS, TOPIC, TOPICS};
use crate::answer::counts;
use crate::answer::held::{self, ReportOrder};
use crate::ask::ids::Held as Named;
use crate::render::html::page::{Addresses, To};
use crate::render::passage::Passage;
use crate::serve::addresses::Links;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, MOST};
use crate::serve::publish::{below, surveyed};
use crate::serve::reply::Reply;
use axum::extract::Path;
use findings_index::request::{Cursor, ParagraphsRequest, SearchRequest};

pub(super) async fn reports(asked: Asked) -> Reply {
    answered(asked, &REPORTS, |session, snapshot, call| {
        let from = &mut call.parameters;
        let order = parameters::one_of(from, "sort", &ReportOrder::ALL, ReportOrder::name)?;
        let conditions = parameters::conditions(from)?;
        let offset = call.offset()?;
        call.end()?;
        let limit = call.limit.unwrap_or(ENTRIES);
        let (found, mut notes) = held::reports(session, &conditions, order.unwrap_or_default())?;
        let (total, end) = (found.len(), offset.saturating_add(limit));
        let mut items: Vec<_> = found.into_iter().skip(offset).take(limit).collect();
        notes.extend(beyond(offset, limit > 0 && items.is_empty(), total));
        for report in &mut items {
            below(&mut report.path, snapshot)?;
        }
        let next = call.next((total > end).then(|| end.to_string()));
        call.written(&List::new(session.engine, total, notes, items, next))
    })
    .await
}

pub(super) async fn report(Path(id): Path<String>, asked: Asked) -> Reply {
    answered(asked, &REPORT, move |session, snapshot, call| {
        call.end()?;
        let mut report = session.report(&id)?;
        below(&mut report.path, snapshot)?;
        call.written(&report)
    })
    .await
}

pub(super) async fn paragraphs(asked: Asked) -> Reply {
    answered(asked, &PARAGRAPHS, |session, _, call| {
        let conditions = parameters::conditions(&mut call.parameters)?;
        call.end()?;
        let filters = session.filters(&conditions)?;
        let notes = session.remarks(&conditions, &filters)?;
        let counted =
            SearchRequest { filters: filters.clone(), limit: 0, ..SearchRequest::default() };
        let total = session.engine.search(&counted, &session.deadline)?.total;
        let limit = call.limit.unwrap_or(ENTRIES);
        if limit == 0 {
            let items: Vec<findings_index::records::ParagraphRecord> = Vec::new();
            return call.written(&List::new(session.engine, total, notes, items, None));
        }
        let after = call.place.clone().map(Cursor);
        let request = ParagraphsRequest { filters, limit, after };
        let page = session.engine.paragraphs(&request, &session.deadline)?;
        let next = call.next(page.next.map(|Cursor(place)| place));
        call.written(&List::new(session.engine, total, notes, page.items, next))
    })
    .await
}

pub(super) async fn paragraph(Path(id): Path<String>, asked: Asked) -> Reply {
    answered(asked, &PARAGRAPH, move |session, snapshot, call| {
        let context = call.parameters.number("context")?.unwrap_or(0);
        let context = parameters::at_most("context", context)?;
        call.end()?;
        let (mut report, paragraphs, place) = match session.by_id(&id)? {
            Named::Paragraph { report, paragraphs, place } => (*report, paragraphs, place),
            Named::Report(report) => return Err(Fault::not_a_paragraph(&report.id)),
        };
        below(&mut report.path, snapshot)?;
        // The place was found among these paragraphs, so there is always a passage.
        let passage = Passage::around(report, paragraphs, place, context);
        call.written(&passage.ok_or(Fault::Broken)?)
    })
    .await
}

pub(super) async fn topics(asked: Asked) -> Reply {
    answered(asked, &TOPICS, |session, _, call| {
        let words = parameters::text(&mut call.parameters)?;
        let offset = call.offset()?;
        call.end()?;
        let limit = call.limit.unwrap_or(ENTRIES);
        let topics = match words.as_str() {
            "" => session.engine.topics()?.topics().iter().collect(),
            words => session.topics_like(words)?,
        };
        let (total, end) = (topics.len(), offset.saturating_add(limit));
        let part: Vec<_> = topics.into_iter().skip(offset).take(limit.min(MOST)).collect();
        let items = counts::of(session.engine, &session.deadline, &part)?;
        let notes = beyond(offset, limit > 0 && items.is_empty(), total).into_iter().collect();
        let next = call.next((total > end).then(|| end.to_string()));
        call.written(&List::new(session.engine, total, notes, items, next))
    })
    .await
}

pub(super) async fn topic(Path(id): Path<String>, asked: Asked) -> Reply {
    answered(asked, &TOPIC, move |session, _, call| {
        call.end()?;
        let id = session.topic_id(&id)?;
        let topic = session.engine.topics()?.get(&id).ok_or(Fault::Broken)?;
        call.written(&counts::detail(session.engine, &session.deadline, topic)?)
    })
    .await
}

pub(super) async fn coverage(asked: Asked) -> Reply {
    answered(asked, &COVERAGE, |session, snapshot, call| {
        let missing = call.parameters.flag("missing")?;
        let conditions = parameters::conditions(&mut call.parameters)?;
        call.end()?;
        let links = Links { prefix: call.prefix.clone(), ..Links::default() };
        let look = |id: &str| links.to(To::Report { id, marks: None });
        let (mut coverage, notes) = held::survey(session, &conditions, missing, look)?;
        surveyed(&mut coverage, snapshot)?;
        call.written(&Noted { answer: &coverage, notes })
    })
    .await
}
