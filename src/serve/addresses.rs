//! The addresses of the server's pages, as links in them.

use super::assets;
use super::parameters::IN_A_FEED;
use crate::ask::Question;
use crate::render::html::Among;
use crate::render::html::page::{
    Addresses, FeedFormat, Keeping, Piece, To, compare_fields, condition_fields, counted_fields,
    distinctive_fields, fields, grades_fields, kwic_fields, recommendation_fields, timeline_fields,
};
use form_urlencoded::Serializer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is encoded in the path of an address.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The addresses as linked from one page.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// The address of the service without any path; empty where it is not known.
    pub(super) origin: String,
    /// The part of every path that the server is reached under, without a slash at its end.
    pub(super) prefix: String,
    /// The paragraphs in the basket.
    pub(super) kept: Vec<String>,
    /// The paragraph that is shown as it is printed.
    pub(super) unfolded: Option<String>,
    /// The address of the page itself, without the basket: its path, and its parameters.
    pub(super) here: (String, String),
}

/// A path within an address; slashes stay, since ids of paragraphs have one.
fn path(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

impl Links {
    /// The addresses for what leaves the page: whole, and without anybody's basket.
    pub(super) fn leaving(&self) -> Self {
        Self { prefix: format!("{}{}", self.origin, self.prefix), ..Self::default() }
    }

    /// Adds the parameters, and the basket where the target is a page.
    fn address(
        &self,
        path: &str,
        is_page: bool,
        fill: impl FnOnce(&mut Serializer<'_, String>),
    ) -> String {
        let mut parameters = Serializer::new(String::new());
        fill(&mut parameters);
        if is_page {
            keep(&mut parameters, &self.kept);
        }
        self.joined(path, &parameters.finish())
    }

    fn joined(&self, path: &str, parameters: &str) -> String {
        let between = if parameters.is_empty() { "" } else { "?" };
        format!("{}{path}{between}{parameters}", self.prefix)
    }

    /// The address of the page itself, with further parameters.
    fn here_with(&self, more: &str) -> String {
        let (path, parameters) = &self.here;
        let parts = [parameters.as_str(), more];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.joined(path, &parts.join("&"))
    }

    fn page(&self, path: &str) -> String {
        self.address(path, true, |_| {})
    }

    /// A page of a feed, which has an order of its own and shows every paragraph.
    fn feed(
        &self,
        question: &Question,
        format: FeedFormat,
        limit: Option<usize>,
        page: usize,
    ) -> String {
        let asked = Question {
            text: question.text.clone(),
            reading: question.reading,
            not_also: question.not_also.clone(),
            conditions: question.conditions.clone(),
            ..Question::default()
        };
        self.address(&format!("/search.{}", format.extension()), false, |to| {
            to.extend_pairs(fields(&asked));
            if let Some(limit) = limit.filter(|limit| *limit != IN_A_FEED) {
                to.append_pair("limit", &limit.to_string());
            }
            turn(page, to);
        })
    }

    fn marked(&self, path: &str, marks: Option<&Question>) -> String {
        self.address(path, true, |to| mark(marks, to))
    }
}

fn keep(to: &mut Serializer<'_, String>, kept: &[String]) {
    for id in kept {
        to.append_pair("kept", id);
    }
}

/// Writes the number of a page; the first needs none.
fn turn(page: usize, to: &mut Serializer<'_, String>) {
    if page > 1 {
        to.append_pair("page", &page.to_string());
    }
}

/// Writes what decides which words are marked: of conditions, nothing does.
fn mark(marks: Option<&Question>, to: &mut Serializer<'_, String>) {
    if let Some(question) = marks {
        let marks = Question {
            text: question.text.clone(),
            reading: question.reading,
            not_also: question.not_also.clone(),
            ..Question::default()
        };
        to.extend_pairs(fields(&marks));
    }
}

impl Addresses for Links {
    fn to(&self, target: To<'_>) -> String {
        match target {
            To::Search(question, page) => self.address("/search", true, |to| {
                to.extend_pairs(fields(question));
                turn(page, to);
            }),
            To::Advanced(question) => self.address("/advanced", true, |to| {
                to.extend_pairs(fields(question));
            }),
            To::Json(question) => self.address("/api/v1/search", false, |to| {
                to.extend_pairs(fields(question));
                if question.limit != Question::default().limit {
                    to.append_pair("limit", &question.limit.to_string());
                }
                if question.offset > 0 {
                    to.append_pair("offset", &question.offset.to_string());
                }
            }),
            To::File(question, format) => {
                let path = format!("/search.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(fields(question));
                })
            }
            To::Feed(question, format) => self.feed(question, format, None, 1),
            To::FeedPage(question, format, page) => {
                self.feed(question, format, Some(question.limit), page)
            }
            To::Counted(counted) => {
                let page = match counted.among {
                    Among::All => "/search",
                    Among::Repeated => "/recommendations",
                };
                let found = self.address(page, true, |to| {
                    to.extend_pairs(counted_fields(counted));
                });
                format!("{found}#results")
            }
            To::Compare(typed) => self.address("/compare", true, |to| {
                to.extend_pairs(compare_fields(typed));
            }),
            To::CompareFile(typed, format) => {
                let path = format!("/compare.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(compare_fields(typed));
                })
            }
            To::Committee(typed) => self.address("/compare.html", false, |to| {
                to.extend_pairs(compare_fields(typed));
            }),
            To::Timeline(typed) => self.address("/timeline", true, |to| {
                to.extend_pairs(timeline_fields(typed));
            }),
            To::TimelineFile(typed, format) => {
                let path = format!("/timeline.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(timeline_fields(typed));
                })
            }
            To::Grades(typed) => self.address("/grades", true, |to| {
                to.extend_pairs(grades_fields(typed));
            }),
            To::GradesFile(typed, format) => {
                let path = format!("/grades.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(grades_fields(typed));
                })
            }
            To::Distinctive(typed) => self.address("/distinctive", true, |to| {
                to.extend_pairs(distinctive_fields(typed));
            }),
            To::DistinctiveFile(typed, format) => {
                let path = format!("/distinctive.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(distinctive_fields(typed));
                })
            }
            To::Authorities => self.page("/authorities"),
            To::Authority(name) => self.page(&format!("/authorities/{}", path(name))),
            To::Kwic(typed, page) => self.address("/kwic", true, |to| {
                to.extend_pairs(kwic_fields(typed));
                turn(page, to);
            }),
            To::KwicFile(typed, format) => {
                let path = format!("/kwic.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(kwic_fields(typed));
                })
            }
            To::Recommendations(typed, page) => self.address("/recommendations", true, |to| {
                to.extend_pairs(recommendation_fields(typed));
                turn(page, to);
            }),
            To::RecommendationsFile(typed, format) => {
                let path = format!("/recommendations.{}", format.extension());
                self.address(&path, false, |to| {
                    to.extend_pairs(recommendation_fields(typed));
                })
            }
            To::RecommendationsPrinted(typed) => {
                self.address("/recommendations.html", false, |to| {
                    to.extend_pairs(recommendation_fields(typed));
                })
            }
            To::Batch => self.page("/batch"),
            To::BatchExample => self.address("/batch", true, |to| {
                to.append_pair("example", "1");
            }),
            To::Reports(conditions) => self.address("/reports", true, |to| {
                to.extend_pairs(condition_fields(conditions));
            }),
            To::ReportsPage(conditions, page) => self.address("/reports", true, |to| {
                to.extend_pairs(condition_fields(conditions));
                turn(page, to);
            }),
            To::ReportsJson(conditions) => self.address("/api/v1/reports", false, |to| {
                to.extend_pairs(condition_fields(conditions));
            }),
            To::ReportsCsv(conditions) => self.address("/reports.csv", false, |to| {
                to.extend_pairs(condition_fields(conditions));
            }),
            To::ReportJson(id) => self.joined(&format!("/api/v1/reports/{}", path(id)), ""),
            To::ParagraphJson(id) => self.joined(&format!("/api/v1/paragraphs/{}", path(id)), ""),
            To::Report { id, marks } => self.marked(&format!("/reports/{}", path(id)), marks),
            To::Paragraph { id, marks } => {
                format!("{}#here", self.marked(&format!("/paragraphs/{}", path(id)), marks))
            }
            To::Original { report, page } => {
                let file = self.joined(&format!("/originals/{}", path(report)), "");
                page.map_or(file.clone(), |page| format!("{file}#page={page}"))
            }
            To::Sheet { paragraph, marks, page } => {
                self.address(&format!("/sheets/{}", path(paragraph)), true, |to| {
                    mark(marks, to);
                    to.append_pair("page", &page.to_string());
                })
            }
            To::Printed { paragraph, marks, piece } => {
                let file = format!("/printed/{}.png", path(paragraph));
                self.address(&file, false, |to| {
                    mark(marks, to);
                    match piece {
                        Piece::Paragraph => {}
                        Piece::Cited => {
                            to.append_pair("cited", "1");
                        }
                        Piece::Page(page) => {
                            to.append_pair("page", &page.to_string());
                        }
                    }
                })
            }
            To::Similar(id) => self.page(&format!("/similar/{}", path(id))),
            To::SimilarPage(likeness) => {
                self.address(&format!("/similar/{}", path(&likeness.id)), true, |to| {
                    if likeness.everywhere {
                        to.append_pair("everywhere", "1");
                    }
                    to.extend_pairs(condition_fields(&likeness.conditions));
                    if likeness.page > 1 {
                        to.append_pair("page", &likeness.page.to_string());
                    }
                })
            }
            To::SimilarJson(likeness) => {
                self.address(&format!("/api/v1/similar/{}", path(&likeness.id)), false, |to| {
                    if !likeness.everywhere {
                        to.append_pair("elsewhere", "1");
                    }
                    to.extend_pairs(condition_fields(&likeness.conditions));
                })
            }
            To::Keep(id, keeping) => {
                let mut kept: Vec<String> =
                    self.kept.iter().filter(|held| *held != id).cloned().collect();
                if keeping == Keeping::Keep {
                    kept.push(id.to_owned());
                }
                let mut to = Serializer::new(String::new());
                keep(&mut to, &kept);
                self.here_with(&to.finish())
            }
            To::Unfold(id) => {
                let mut to = Serializer::new(String::new());
                keep(&mut to, &self.kept);
                to.extend_pairs(id.map(|id| ("printed", id)));
                self.here_with(&to.finish())
            }
            To::Basket => self.page("/basket"),
            To::BasketFile(format) => self.page(&format!("/basket.{}", format.extension())),
            To::Topics => self.page("/topics"),
            To::Topic(id) => self.page(&format!("/topics/{}", path(id))),
            To::TopicsFile(typed, format) => {
                let path = format!("/topics.{}", format.extension());
                self.address(&path, false, |to| {
                    if !typed.trim().is_empty() {
                        to.append_pair("q", typed);
                    }
                })
            }
            To::Coverage => self.page("/coverage"),
            To::CoverageFile(format) => {
                self.joined(&format!("/coverage.{}", format.extension()), "")
            }
            To::Help => self.page("/help"),
            To::Accessibility => self.page("/accessibility"),
            To::SearchEngine => self.joined("/opensearch.xml", ""),
            To::OpenApi => self.joined("/api/v1/openapi.json", ""),
            To::Asset(name) => self.joined(&format!("/assets/{}/{name}", assets::version()), ""),
        }
    }

    fn whole(&self, target: To<'_>) -> String {
        self.leaving().to(target)
    }

    fn kept(&self) -> &[String] {
        &self.kept
    }

    fn unfolded(&self) -> Option<&str> {
        self.unfolded.as_deref()
    }
}
