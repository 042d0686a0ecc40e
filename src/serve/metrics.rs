//! Counts what the server does, for Prometheus.

use axum::http::StatusCode;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

/// The bounds of the counts of times, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// The label of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Status(u16);

impl EncodeLabelValue for Status {
    fn encode(
        &self,
        encoder: &mut prometheus_client::encoding::LabelValueEncoder<'_>,
    ) -> Result<(), std::fmt::Error> {
        EncodeLabelValue::encode(&u64::from(self.0), encoder)
    }
}

/// The counts.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    answers: Family<Answered, Counter>,
    times: Histogram,
    reports: Gauge,
    paragraphs: Gauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("findings");
        let answers = Family::default();
        let times = Histogram::new(BOUNDS);
        let (reports, paragraphs) = (Gauge::default(), Gauge::default());
        registry.register("answers", "Answers, by route and status", answers.clone());
        let told = "The time from a request to its answer";
        registry.register_with_unit("answer", told, Unit::Seconds, times.clone());
        registry.register("reports", "Reports held", reports.clone());
        registry.register("paragraphs", "Paragraphs held", paragraphs.clone());
        Self { registry, answers, times, reports, paragraphs }
    }

    /// Counts an answer; `route` is the pattern of the address, never the address.
    pub(super) fn answered(&self, route: &str, status: StatusCode, time: Duration) {
        let label = Answered { route: route.to_owned(), status: Status(status.as_u16()) };
        self.answers.get_or_create(&label).inc();
        self.times.observe(time.as_secs_f64());
    }

    /// Writes the counts as text.
    pub(super) fn text(&self, corpus: &findings_index::request::Corpus) -> String {
        self.reports.set(i64::try_from(corpus.reports).unwrap_or(i64::MAX));
        self.paragraphs.set(i64::try_from(corpus.paragraphs).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
