//! Searches: paragraphs, lines, paragraphs like one, and the values of an attribute.

use super::answers::{FacetAnswer, Noted, Paged};
use super::call::{answered, beyond};
use super::operations::{ENTRIES, FACETS, KWIC, RESULTS, SEARCH, SIMILAR};
use crate::answer::concordance;
use crate::ask::Question;
use crate::ask::ids::Held as Named;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, MOST};
use crate::serve::publish::{publish, shown};
use crate::serve::questions;
use crate::serve::reply::Reply;
use axum::extract::Path;
use findings_index::records::{Attribute, Use};
use findings_index::request::SimilarRequest;

pub(super) async fn search(asked: Asked) -> Reply {
    answered(asked, &SEARCH, |session, held, call| {
        let is_given = call.parameters.has("per_group");
        let mut question = parameters::question(&mut call.parameters)?;
        let facets = call.parameters.take_all("facets");
        for name in facets.iter().flat_map(|value| value.split(',')).map(str::trim) {
            let facet = parameters::serving("facets", Use::Facet, name)?;
            if !question.facets.contains(&facet) {
                question.facets.push(facet);
            }
        }
        question.offset = call.offset()?;
        call.end()?;
        // Of a sample all is shown, as far as one answer goes; of one by group, `limit` counts groups.
        let drawn = question.sample.map(|sample| sample.size.min(MOST));
        if question.group.is_some() {
            question.per_group = drawn.filter(|_| !is_given).unwrap_or(question.per_group);
        }
        let drawn = drawn.filter(|_| question.group.is_none());
        question.limit = call.limit.or(drawn).unwrap_or(RESULTS);
        let mut answer = session.search(&question)?;
        publish(&mut answer.response, held)?;
        let is_empty = question.limit > 0 && answer.response.every_hit().next().is_none();
        let all = answer.response.total_groups.unwrap_or(answer.response.total);
        answer.notes.extend(beyond(question.offset, is_empty, all));
        let end = question.offset.saturating_add(question.limit);
        let is_more = match answer.response.total_groups {
            Some(groups) => groups > end,
            None => answer.response.left > 0,
        };
        let next = call.next(is_more.then(|| end.to_string()));
        call.written(&Paged { answer: &answer, next })
    })
    .await
}

pub(super) async fn kwic(asked: Asked) -> Reply {
    answered(asked, &KWIC, |session, _, call| {
        let mut typed = questions::kwic(&mut call.parameters)?;
        typed.offset = call.offset()?;
        call.end()?;
        let drawn = typed.sample.map(|sample| sample.size.min(MOST));
        typed.limit = call.limit.or(drawn).unwrap_or(ENTRIES);
        let mut answer = concordance::ask(session, &typed)?;
        let is_empty = typed.limit > 0 && answer.response.lines.is_empty();
        let all = answer.response.available;
        answer.notes.extend(beyond(typed.offset, is_empty, all));
        let end = typed.offset.saturating_add(typed.limit);
        let next = call.next((answer.response.available > end).then(|| end.to_string()));
        call.written(&Paged { answer: &answer, next })
    })
    .await
}

pub(super) async fn similar(Path(id): Path<String>, asked: Asked) -> Reply {
    answered(asked, &SIMILAR, move |session, held, call| {
        let elsewhere = call.parameters.flag("elsewhere")?;
        let explain = call.parameters.flag("explain")?;
        let conditions = parameters::conditions(&mut call.parameters)?;
        let offset = call.offset()?;
        call.end()?;
        let id = match session.by_id(&id)? {
            Named::Paragraph { paragraphs, place, .. } => paragraphs[place].id.clone(),
            Named::Report(report) => return Err(Fault::not_a_paragraph(&report.id)),
        };
        let filters = session.filters(&conditions)?;
        let mut notes = session.remarks(&conditions, &filters)?;
        let limit = call.limit.unwrap_or(RESULTS);
        let request = SimilarRequest { id, elsewhere, filters, limit, offset, explain };
        let similar = session.similar(&request)?;
        let mut answer = similar.ok_or(Fault::Broken)?;
        shown(&mut answer.hits, held)?;
        notes.extend(beyond(offset, limit > 0 && answer.hits.is_empty(), answer.total));
        let end = offset.saturating_add(limit);
        let next = call.next((answer.left > 0).then(|| end.to_string()));
        call.written(&Paged { answer: Noted { answer: &answer, notes }, next })
    })
    .await
}

pub(super) async fn facets(asked: Asked) -> Reply {
    answered(asked, &FACETS, |session, _, call| {
        let from = &mut call.parameters;
        let name = from.take("attribute")?.ok_or_else(|| {
            let message = "`attribute` is missing: which values are to be counted?";
            parameters::Fault::new("attribute", message)
        })?;
        let attribute: Attribute = parameters::serving("attribute", Use::Facet, &name)?;
        let question = Question {
            text: parameters::text(from)?,
            reading: parameters::reading(from)?,
            not_also: from.take_all("not_also"),
            conditions: parameters::conditions(from)?,
            facets: vec![attribute],
            limit: 0,
            ..Question::default()
        };
        let offset = call.offset()?;
        call.end()?;
        let limit = call.limit.unwrap_or(ENTRIES);
        let answer = session.search(&question)?;
        let mut counted = FacetAnswer::of(attribute, answer);
        let end = offset.saturating_add(limit);
        counted.next = call.next((counted.total > end).then(|| end.to_string()));
        counted.items = counted.items.into_iter().skip(offset).take(limit).collect();
        let is_empty = limit > 0 && counted.items.is_empty();
        counted.notes.extend(beyond(offset, is_empty, counted.total));
        call.written(&counted)
    })
    .await
}
