//! Tests the program as users meet it, command by command.

#![cfg(test)]

#[cfg(all(unix, feature = "serve"))]
mod analyses;
#[cfg(all(unix, feature = "serve"))]
mod answers;
#[path = "../support/apart.rs"]
mod apart;
mod api;
mod basket;
mod batch;
#[cfg(all(unix, feature = "serve"))]
#[path = "../support/browser.rs"]
mod browser;
#[cfg(all(unix, feature = "serve"))]
mod browsing;
mod built;
mod check;
mod compare;
mod compounds;
mod copied;
#[path = "../support/counted.rs"]
mod counted;
mod coverage;
mod distinctive;
#[cfg(all(unix, feature = "as-printed", feature = "serve"))]
#[path = "../support/endless.rs"]
mod endless;
#[cfg(feature = "opensearch")]
mod engine;
mod eval;
mod excluded;
mod facets;
#[cfg(all(unix, feature = "serve"))]
mod feeds;
#[path = "../support/figures.rs"]
mod figures_again;
mod first;
#[path = "../support/first.rs"]
mod first_questions;
mod frameworks;
mod grades;
mod held;
mod index;
#[path = "../support/invented.rs"]
mod invented;
mod kwic;
mod latest;
mod listing;
mod manners;
#[cfg(feature = "meaning")]
mod meaning;
mod meant;
mod new;
mod printed;
#[cfg(unix)]
mod readme;
mod recommendations;
mod sample;
#[cfg(all(unix, feature = "serve"))]
mod serve;
#[cfg(all(unix, feature = "serve"))]
#[path = "../support/served.rs"]
mod served;
mod several;
mod shell;
mod show;
#[path = "../support/suggested.rs"]
mod suggested;
mod timeline;
mod told;
mod topics;
mod uncounted;
