//! Asks the cluster. An answer to which a part of the corpus did not contribute is an error, and so is one of
//! a corpus that is no longer what was opened.

use super::{Reader, lock, unread};
use crate::engine::SearchError;
use crate::opensearch::client::{Body, Fault, escaped, whole};
use crate::opensearch::made;
use crate::opensearch::state::{self, READABLE};
use crate::request::Deadline;
use serde_json::{Value, json};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is made sure, while there are questions, that nobody changed the index.
const LOOK: Duration = Duration::from_secs(1);
/// How often several searches are sent of which some fail.
const TRIES: usize = 5;

impl Reader {
    /// Makes sure that the paragraphs are those that were written, as they were written.
    pub(super) fn check_paragraphs(&self) -> Result<(), Fault> {
        let made::Looked { id } = made::look(&self.client, &self.names)?;
        if id != self.state.paragraphs {
            return Err(made::replaced(&self.names));
        }
        Ok(())
    }

    /// Makes sure now and then that what answers is still what was opened.
    fn check(&self) -> Result<(), SearchError> {
        let is_due = {
            let mut looked = lock(&self.looked);
            let is_due = looked.elapsed() >= LOOK;
            if is_due {
                *looked = Instant::now();
            }
            is_due
        };
        if is_due {
            self.check_paragraphs()?;
        }
        self.check_readable()
    }

    /// Makes sure that nothing of the generation was deleted meanwhile.
    fn check_readable(&self) -> Result<(), SearchError> {
        // What is dead is kept for this long; before, there is nothing to check.
        if self.opened.elapsed() < READABLE / 2 {
            return Ok(());
        }
        let now = state::read(&self.client, &self.names, &Deadline::never())?;
        match now {
            Some((now, _))
                if now.corpus == self.state.corpus && now.oldest <= self.state.generation =>
            {
                Ok(())
            }
            _ => Err(SearchError::Cursor),
        }
    }

    /// Searches; every part of the corpus must answer.
    pub(super) fn ask(&self, body: &Value, deadline: &Deadline) -> Result<Value, SearchError> {
        let mut path = format!(
            "/{}/_search?allow_partial_search_results=false",
            escaped(&self.names.paragraphs)
        );
        if let Some(left) = deadline.left() {
            // The cluster need not work on what nobody waits for.
            path.push_str(&format!("&cancel_after_time_interval={}ms", left.as_millis().max(1)));
        }
        let answer = self.client.ask("POST", &path, Body::Json(body), deadline)?;
        whole(&answer)?;
        self.check()?;
        Ok(answer)
    }

    /// Does several searches at once; the answers come in their order.
    pub(super) fn ask_all(
        &self,
        bodies: &[Value],
        deadline: &Deadline,
    ) -> Result<Vec<Value>, SearchError> {
        let mut answers = Vec::with_capacity(bodies.len());
        // One request must not be too much for a node.
        for bodies in bodies.chunks(100) {
            let mut lines = Vec::new();
            let header = json!({
                "index": self.names.paragraphs, "allow_partial_search_results": false,
            });
            for body in bodies {
                lines.extend(format!("{header}\n{body}\n").into_bytes());
            }
            answers.extend(self.several(&lines, bodies.len(), deadline)?);
        }
        self.check()?;
        Ok(answers)
    }

    /// Does so many searches in one request, again if some of them failed in passing.
    fn several(
        &self,
        lines: &[u8],
        number: usize,
        deadline: &Deadline,
    ) -> Result<Vec<Value>, SearchError> {
        let mut pause = Duration::from_millis(100);
        for attempt in 1.. {
            let answer = self.client.ask("POST", "/_msearch", Body::Lines(lines), deadline)?;
            let responses = answer["responses"].as_array().cloned().unwrap_or_default();
            if responses.len() != number {
                return Err(unread("some of several searches have no answer"));
            }
            let failed = |response: &Value| match response["error"].is_object() {
                true => {
                    let reason = response["error"]["reason"].as_str();
                    Err(Fault::Partial(reason.unwrap_or("no reason given").to_owned()))
                }
                false => whole(response),
            };
            let Some(fault) = responses.iter().find_map(|response| failed(response).err()) else {
                return Ok(responses);
            };
            if attempt == TRIES {
                return Err(fault.into());
            }
            // As when a node is gone and another has not taken its place yet.
            thread::sleep(pause.min(deadline.left().unwrap_or(pause)));
            SearchError::in_time(deadline)?;
            pause *= 2;
        }
        Err(unread("some of several searches have no answer"))
    }
}
