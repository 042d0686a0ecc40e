//! Tests that a question means the same through every door.

mod fake;
mod meant;
mod refused;
mod same;
