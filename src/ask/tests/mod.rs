//! That a question means the same through whichever door it comes.

mod fake;
mod refused;
mod same;
