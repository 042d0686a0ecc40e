//! Tests that a question means the same through every door.

mod fake;
mod refused;
mod same;
