//! Why a field cannot have a value.

/// Why a field cannot have a value, whatever the index holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ValueFault {
    pub(super) reason: String,
    /// The value to write instead, if there is a good guess.
    pub meant: Option<String>,
}
