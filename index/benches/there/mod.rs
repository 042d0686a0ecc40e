//! The cluster by itself: what it keeps, and how it is deleted again.

use serde_json::Value;
use std::error::Error;
use std::thread;
use std::time::Duration;

/// The name of the corpus, which is deleted.
const CORPUS: &str = "findings-bench";
/// How long the cluster may report a size that it measured before.
const STALE: Duration = Duration::from_secs(11);

/// A cluster, without the corpus of the bench before and after.
pub(crate) struct There {
    nodes: Vec<String>,
}

impl There {
    pub(crate) fn new(nodes: &str) -> Result<Self, Box<dyn Error>> {
        let there = Self { nodes: nodes.split(',').map(|node| node.trim().to_owned()).collect() };
        there.clear()?;
        Ok(there)
    }

    /// The addresses of the corpus.
    pub(crate) fn corpus(&self) -> Vec<String> {
        self.nodes.iter().map(|node| format!("{node}/{CORPUS}")).collect()
    }

    /// Waits until the cluster no longer tidies what was written; returns the bytes that it takes without
    /// copies.
    pub(crate) fn settled(&self) -> Result<u64, Box<dyn Error>> {
        ureq::post(self.path(&format!("/{CORPUS}.*/_flush"))).send_empty()?;
        let mut before = 0;
        loop {
            let all = &self.stats()?["_all"];
            let merging = all["total"]["merges"]["current"].as_u64().unwrap_or(0);
            let size = all["primaries"]["store"]["size_in_bytes"].as_u64().unwrap_or(0);
            if merging == 0 && size > 0 && size == before {
                return Ok(size);
            }
            before = size;
            thread::sleep(STALE);
        }
    }

    /// Deletes the corpus: by the names of its indexes, since a cluster may refuse patterns.
    fn clear(&self) -> Result<(), Box<dyn Error>> {
        for index in
            self.stats()?["indices"].as_object().into_iter().flatten().map(|(name, _)| name)
        {
            ureq::delete(self.path(&format!("/{index}"))).call()?;
        }
        Ok(())
    }

    fn stats(&self) -> Result<Value, Box<dyn Error>> {
        let path = self.path(&format!("/{CORPUS}.*/_stats/store,merge"));
        Ok(serde_json::from_slice(&ureq::get(path).call()?.body_mut().read_to_vec()?)?)
    }

    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.nodes[0].trim_end_matches('/'))
    }
}

impl Drop for There {
    fn drop(&mut self) {
        if let Err(error) = self.clear() {
            eprintln!("{CORPUS} was not deleted: {error}");
        }
    }
}
