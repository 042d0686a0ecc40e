//! The values of an attribute over all segments: one sorted list, and each document's place in it.
//!
//! The engine numbers values separately in every segment. Here they get common numbers once, so
//! that a search counts and compares plain integers: equal numbers mean equal values, and the
//! numbers are in the order of the values. Matches come in blocks, and columns are read by the
//! block: reading one document at a time costs several times as much.

use crate::records::Attribute;
use std::sync::Arc;
use tantivy::columnar::{self, Cardinality, ColumnValues};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, Searcher, TantivyError};

/// The maximum number of documents processed together.
pub(crate) const BLOCK: usize = COLLECT_BLOCK_BUFFER_LEN;

/// One number for each document of a block.
pub(crate) type Block<T> = [T; BLOCK];

/// The values of one attribute.
pub(crate) struct Values {
    /// Sorted, without duplicates. The empty string means no value.
    pub(crate) names: Vec<String>,
    segments: Vec<Column>,
}

/// A numeric column in which every document has a value.
pub(crate) struct Numbers(Vec<Arc<dyn ColumnValues<u64>>>);

/// The values of one attribute in one segment.
#[derive(Clone)]
pub(crate) struct Column {
    local: Arc<dyn ColumnValues<u64>>,
    /// The same column, for attributes of which a document may have several values.
    all: columnar::Column<u64>,
    common: Arc<[u32]>,
}

impl Column {
    /// The number of the document's value in [`Values::names`].
    pub(crate) fn of(&self, doc: DocId) -> u32 {
        let local = usize::try_from(self.local.get_val(doc)).unwrap_or(usize::MAX);
        self.common.get(local).copied().unwrap_or(0)
    }

    /// The numbers of the values of a block of documents.
    pub(crate) fn of_all<'b>(&self, docs: &[DocId], block: &'b mut Block<u32>) -> &'b [u32] {
        let mut local = [0; BLOCK];
        let (local, block) = (&mut local[..docs.len()], &mut block[..docs.len()]);
        self.local.get_vals(docs, local);
        for (number, local) in block.iter_mut().zip(local) {
            let place = usize::try_from(*local).unwrap_or(usize::MAX);
            *number = self.common.get(place).copied().unwrap_or(0);
        }
        block
    }

    /// The numbers of all values of the document.
    pub(crate) fn all_of(&self, doc: DocId) -> impl Iterator<Item = u32> {
        let place = |local| usize::try_from(local).unwrap_or(usize::MAX);
        self.all.values_for_doc(doc).filter_map(move |local| self.common.get(place(local)).copied())
    }
}

/// Opens a column in which every document has a value. Such columns are stored without gaps, and
/// are then read without checking for each document whether it has a value.
fn dense(column: columnar::Column<u64>) -> Arc<dyn ColumnValues<u64>> {
    match column.get_cardinality() {
        Cardinality::Full => column.values,
        Cardinality::Optional | Cardinality::Multivalued => column.first_or_default_col(0),
    }
}

impl Numbers {
    /// Opens a column in all segments.
    pub(crate) fn read(searcher: &Searcher, column: &str) -> Result<Self, TantivyError> {
        let segments = searcher.segment_readers().iter();
        let columns = segments.map(|segment| Ok(dense(segment.fast_fields().u64(column)?)));
        Ok(Self(columns.collect::<Result<_, TantivyError>>()?))
    }

    /// The column of a segment.
    pub(crate) fn column(&self, segment: u32) -> Arc<dyn ColumnValues<u64>> {
        self.0[segment as usize].clone()
    }

    /// The number of a document in this column.
    pub(crate) fn of(&self, address: DocAddress) -> u64 {
        self.0[address.segment_ord as usize].get_val(address.doc_id)
    }
}

impl Values {
    /// Reads the values of an attribute that is a string column.
    pub(crate) fn read(searcher: &Searcher, attribute: Attribute) -> Result<Self, TantivyError> {
        let column = attribute.name();
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
                local: dense(all.clone()),
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

    /// The same columns with values replaced by others; values that become equal become one.
    pub(crate) fn replaced(&self, by: impl Fn(&str) -> &str) -> Self {
        let mut names: Vec<String> = self.names.iter().map(|name| by(name).to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        let place = |number: &u32| {
            let name = self.names.get(*number as usize).map_or("", |name| by(name));
            let place = names.binary_search_by(|held| held.as_str().cmp(name)).unwrap_or_default();
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        let segments = self.segments.iter().map(|column| Column {
            common: column.common.iter().map(place).collect(),
            ..column.clone()
        });
        Self { segments: segments.collect(), names }
    }

    /// The number of a value.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        let place = self.names.binary_search_by(|held| held.as_str().cmp(name));
        place.ok().and_then(|place| u32::try_from(place).ok())
    }
}
