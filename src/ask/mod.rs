//! What was typed to a checked request, and what an answer can be repeated by.

pub mod batch;
pub mod provenance;
pub mod trace;
