//! Which attributes may be used as asked.

use crate::engine::SearchError;
use crate::records::{Attribute, Use};

/// Rejects attributes that cannot be used for a purpose.
pub(crate) fn serving(purpose: Use, attributes: &[Attribute]) -> Result<(), SearchError> {
    match attributes.iter().copied().find(|attribute| !attribute.serves(purpose)) {
        Some(attribute) => Err(SearchError::Unserved { attribute, purpose }),
        None => Ok(()),
    }
}
