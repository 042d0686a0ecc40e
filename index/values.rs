//! The values of a facet over all segments: one sorted list, and each document's place in it.
//!
//! The engine numbers values anew in every segment. Here the numbers are made common once, so that
//! a search counts and compares plain integers; equal numbers mean equal values, and the order of
//! the numbers is that of the values.

use crate::schema;
use std::sync::Arc;
use tantivy::columnar::{self, ColumnValues};
use tantivy::{DocId, Searcher, TantivyError};

/// The values of one facet.
pub(crate) struct Values {
    /// Sorted, without repetition. The empty string stands for no value.
    pub(crate) names: Vec<String>,
    segments: Vec<Column>,
}

/// The values of one facet in one segment.
#[derive(Clone)]
pub(crate) struct Column {
    local: Arc<dyn ColumnValues<u64>>,
    /// The same, for values of which a document may have several.
    all: columnar::Column<u64>,
    common: Arc<[u32]>,
}

impl Column {
    /// The number of the document's value in [`Values::names`].
    pub(crate) fn of(&self, doc: DocId) -> u32 {
        let local = usize::try_from(self.local.get_val(doc)).unwrap_or(usize::MAX);
        self.common.get(local).copied().unwrap_or(0)
    }

    /// The numbers of all values of the document.
    pub(crate) fn all_of(&self, doc: DocId) -> impl Iterator<Item = u32> {
        let place = |local| usize::try_from(local).unwrap_or(usize::MAX);
        self.all.values_for_doc(doc).filter_map(move |local| self.common.get(place(local)).copied())
    }
}

impl Values {
    /// Reads the values of a facet that lies in a column of strings.
    pub(crate) fn read(
        searcher: &Searcher,
        facet: crate::request::Facet,
    ) -> Result<Self, TantivyError> {
        let column = schema::column(facet);
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            let strings = segment.fast_fields().str(column)?.ok_or_else(|| {
                TantivyError::SchemaError(format!("a segment has no column {column}"))
            })?;
            let mut names = Vec::with_capacity(strings.num_terms());
            let mut stream = strings.dictionary().stream()?;
            while stream.advance() {
                names.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
            segments.push((strings.ords().clone(), names));
        }
        let mut names: Vec<String> =
            segments.iter().flat_map(|(_, names)| names.iter().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        let segments = segments
            .into_iter()
            .map(|(all, own)| Column {
                local: all.clone().first_or_default_col(0),
                all,
                common: own
                    .iter()
                    .map(|name| {
                        let place = names.binary_search(name).unwrap_or_default();
                        u32::try_from(place).unwrap_or(u32::MAX)
                    })
                    .collect(),
            })
            .collect();
        Ok(Self { names, segments })
    }

    /// The column of a segment.
    pub(crate) fn column(&self, segment: u32) -> Column {
        self.segments[segment as usize].clone()
    }

    /// The number of a value.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        let place = self.names.binary_search_by(|held| held.as_str().cmp(name));
        place.ok().and_then(|place| u32::try_from(place).ok())
    }
}
