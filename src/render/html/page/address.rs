//! Where the links of a page lead. A renderer knows what a reader can do next; the server knows at
//! which address.

use crate::answer::{compare, concordance, distinctive, grades, recommendations, timeline};
use crate::ask::{Conditions, Question};
use crate::render::html::Counted;
use std::fmt::Debug;

/// What a link leads to.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    /// The page of results for a question; with a page number, counted from 1.
    Search(&'a Question, usize),
    /// The form that writes the query language.
    Advanced(&'a Question),
    /// One page of results as JSON.
    Json(&'a Question),
    /// All results as a file.
    File(&'a Question, FileFormat),
    /// The results as a feed, as a program asks for it that looks in now and then: the first page.
    Feed(&'a Question, FeedFormat),
    /// A page of a feed, counted from 1, of as many entries as the question says.
    FeedPage(&'a Question, FeedFormat, usize),
    /// What a number counts.
    Counted(Counted<'a>),
    /// A comparison.
    Compare(&'a compare::Typed),
    /// The same as a file.
    CompareFile(&'a compare::Typed, FileFormat),
    /// The same as a page to print.
    Committee(&'a compare::Typed),
    /// A timeline.
    Timeline(&'a timeline::Typed),
    /// The same as a file.
    TimelineFile(&'a timeline::Typed, FileFormat),
    /// Grades.
    Grades(&'a grades::Typed),
    /// The same as a file.
    GradesFile(&'a grades::Typed, FileFormat),
    /// The words that set two sets apart.
    Distinctive(&'a distinctive::Typed),
    /// The same as a file.
    DistinctiveFile(&'a distinctive::Typed, FileFormat),
    /// The authorities held.
    Authorities,
    /// An authority, by its name.
    Authority(&'a str),
    /// Every match in its context; with a page number, counted from 1.
    Kwic(&'a concordance::Typed, usize),
    /// All of these as a file.
    KwicFile(&'a concordance::Typed, FileFormat),
    /// Recommendations; with a page number, counted from 1.
    Recommendations(&'a recommendations::Typed, usize),
    /// All of these as a file.
    RecommendationsFile(&'a recommendations::Typed, FileFormat),
    /// The same as a page to print.
    RecommendationsPrinted(&'a recommendations::Typed),
    /// The form that counts many queries at once.
    Batch,
    /// The same with an example filled in.
    BatchExample,
    /// The reports that pass conditions.
    Reports(&'a Conditions),
    /// A further page of these, counted from 1.
    ReportsPage(&'a Conditions, usize),
    /// The same reports as JSON.
    ReportsJson(&'a Conditions),
    /// The same reports as a table.
    ReportsCsv(&'a Conditions),
    /// A report as JSON.
    ReportJson(&'a str),
    /// A paragraph as JSON.
    ParagraphJson(&'a str),
    /// A report, with the matches of a question marked.
    Report {
        /// The id of the report.
        id: &'a str,
        /// The question; `None` for no marks.
        marks: Option<&'a Question>,
    },
    /// A paragraph in its report.
    Paragraph {
        /// The id of the paragraph.
        id: &'a str,
        /// The question whose matches are marked; `None` for no marks.
        marks: Option<&'a Question>,
    },
    /// The file of a report as it was published, at a page.
    Original {
        /// The id of the report.
        report: &'a str,
        /// The page, counted from 1.
        page: Option<u32>,
    },
    /// A whole page of a report as printed, with the pages before and after it.
    Sheet {
        /// The id of the paragraph that is marked on it.
        paragraph: &'a str,
        /// The question whose matches are marked; `None` for no marks.
        marks: Option<&'a Question>,
        /// The page, counted from 1.
        page: u32,
    },
    /// A picture of a paragraph as printed.
    Printed {
        /// The id of the paragraph.
        paragraph: &'a str,
        /// The question whose matches are marked; `None` for no marks.
        marks: Option<&'a Question>,
        /// What of the page is shown.
        piece: Piece,
    },
    /// Paragraphs like one.
    Similar(&'a str),
    /// One page of the paragraphs like one.
    SimilarPage(&'a Likeness),
    /// The same as JSON.
    SimilarJson(&'a Likeness),
    /// The same page with a paragraph kept in the basket, or no longer kept.
    Keep(&'a str, Keeping),
    /// The same page with a paragraph unfolded as it is printed; with none unfolded.
    Unfold(Option<&'a str>),
    /// The paragraphs in the basket.
    Basket,
    /// The paragraphs in the basket as a file.
    BasketFile(BasketFormat),
    /// The topics.
    Topics,
    /// One topic, by its id.
    Topic(&'a str),
    /// The topics that fit a text, or all, as a file.
    TopicsFile(&'a str, FileFormat),
    /// What is held and what could not be read.
    Coverage,
    /// The same as a file.
    CoverageFile(FileFormat),
    /// The query language.
    Help,
    /// The statement on accessibility.
    Accessibility,
    /// The description by which browsers add a search engine.
    SearchEngine,
    /// The description of the API.
    OpenApi,
    /// A file that pages need, by its name.
    Asset(&'a str),
}

/// What paragraphs like one are asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Likeness {
    /// The id of the paragraph.
    pub id: String,
    /// Whether those of its own authority are shown as well.
    pub everywhere: bool,
    /// Conditions on the paragraphs shown.
    pub conditions: Conditions,
    /// The number of the page, counted from 1.
    pub page: usize,
}

/// The format of a file with the paragraphs of the basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasketFormat {
    /// The file that `findings keep` writes.
    Basket,
    /// A table for spreadsheets.
    Csv,
    /// Quotations with citations.
    Markdown,
}

impl BasketFormat {
    /// The extension of the file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Basket => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "md",
        }
    }
}

/// The format of a file with all results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// A table for spreadsheets.
    Csv,
    /// One object.
    Json,
    /// Quotations with citations.
    Markdown,
}

impl FileFormat {
    /// The name, which is also the extension of the file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Markdown => "md",
        }
    }
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedFormat {
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

impl FeedFormat {
    /// Both formats.
    pub const ALL: [Self; 2] = [Self::Atom, Self::Json];

    /// The name, which is also the extension of the file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Json => "json-feed",
        }
    }

    /// The media type, without parameters.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// What of a page is shown as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The part of the page that holds the paragraph.
    Paragraph,
    /// The same part with its citation below, as a file to keep.
    Cited,
    /// A whole page, counted from 1.
    Page(u32),
}

/// Whether a paragraph is put into the basket or taken out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Put into it.
    Keep,
    /// Taken out of it.
    Drop,
}

/// Gives the addresses of links.
pub trait Addresses: Debug {
    /// The address of a page or file, relative to the server.
    fn to(&self, target: To<'_>) -> String;

    /// The whole address, for what leaves the page: with the name of the service, and without anybody's
    /// basket.
    fn whole(&self, target: To<'_>) -> String;

    /// The ids of the paragraphs in the basket, in the order in which they were kept.
    fn kept(&self) -> &[String];

    /// The id of the paragraph that the page shows as it is printed, if it shows one.
    fn unfolded(&self) -> Option<&str>;
}
