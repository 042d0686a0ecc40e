//! Addresses that name what they lead to, on which the pages are tested.

use super::{Addresses, Site, To};
use crate::render::samples;
use findings_index::request::Corpus;
use jiff::Timestamp;
use scraper::{ElementRef, Html, Selector};

/// Addresses for a basket.
#[derive(Debug, Default)]
pub(super) struct Fake {
    pub(super) kept: Vec<String>,
}

impl Addresses for Fake {
    fn to(&self, target: To<'_>) -> String {
        let marked = |marks: Option<&crate::ask::Question>| {
            marks.map_or_else(String::new, |marks| format!("?q={}", marks.text))
        };
        match target {
            To::Search(question, page) => format!("/search?q={}&page={page}", question.text),
            To::Report { id, marks } => format!("/reports/{id}{}", marked(marks)),
            To::Paragraph { id, marks } => format!("/paragraphs/{id}{}#here", marked(marks)),
            To::Original { report, page } => format!("/originals/{report}#page={page:?}"),
            To::Keep(id, keeping) => format!("/{keeping:?}/{id}"),
            other => format!("/{other:?}"),
        }
    }

    fn whole(&self, target: To<'_>) -> String {
        format!("https://reports.example{}", self.to(target))
    }

    fn kept(&self) -> &[String] {
        &self.kept
    }

    fn unfolded(&self) -> Option<&str> {
        None
    }
}

/// What every page says, with links of `addresses`.
pub(super) fn site<'a>(addresses: &'a Fake, corpus: &'a Corpus) -> Site<'a> {
    Site {
        addresses,
        names: &samples::NAMES,
        topics: &samples::TOPICS,
        corpus,
        indexed: Timestamp::UNIX_EPOCH,
        built: Timestamp::UNIX_EPOCH,
        terms: &[],
        draws: true,
    }
}

/// How much is held.
pub(super) fn corpus() -> Corpus {
    samples::response().corpus
}

/// A page as a reader has it.
pub(super) struct Read(Html);

impl Read {
    pub(super) fn new(page: &str) -> Self {
        Self(Html::parse_document(page))
    }

    fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).collect()
    }

    /// The texts of elements, with runs of white space as one space.
    pub(super) fn texts(&self, selector: &str) -> Vec<String> {
        let said = |element: ElementRef<'_>| element.text().collect::<String>();
        let plain = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.all(selector).into_iter().map(said).map(plain).collect()
    }

    /// The values of an attribute of elements that have it.
    pub(super) fn values(&self, selector: &str, attribute: &str) -> Vec<String> {
        let elements = self.all(selector).into_iter();
        elements.filter_map(|one| Some(one.value().attr(attribute)?.to_owned())).collect()
    }

    /// The levels of the headings, in their order.
    pub(super) fn levels(&self) -> Vec<u32> {
        let names = self.all("h1, h2, h3, h4, h5, h6").into_iter();
        names.filter_map(|one| one.value().name()[1..].parse().ok()).collect()
    }

    /// Fails where a heading skips a level, an id is given twice, a link within the page leads
    /// nowhere, or there is not one heading of the first level.
    pub(super) fn is_sound(&self) {
        let levels = self.levels();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{levels:?}");
        let steps = levels.windows(2).filter(|pair| pair[1] > pair[0] + 1);
        assert_eq!(steps.count(), 0, "{levels:?}");
        let ids = self.values("[id]", "id");
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id} is there twice");
        }
        for link in self.values("a", "href") {
            if let Some(id) = link.strip_prefix('#') {
                assert!(ids.iter().any(|held| held == id), "{link} leads nowhere");
            }
        }
        for (shown, labelled) in
            self.values("[aria-labelledby]", "aria-labelledby").iter().enumerate()
        {
            assert!(ids.contains(labelled), "{shown}: {labelled} is no id");
        }
    }
}
