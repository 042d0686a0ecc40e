//! What the API can be asked, in one table: its addresses, their parameters and answers.
//!
//! The same table says which parameters an address takes and describes it, so that neither can be
//! without the other.

mod analyses;

pub(super) use analyses::{COMPARE, DISTINCTIVE, GRADES, RECOMMENDATIONS, TIMELINE};

use crate::answer::concordance::Order;
use crate::answer::held::ReportOrder;
use crate::ask::question::excluding;
use crate::serve::parameters::{LONGEST, MOST};
use findings_index::records::{Attribute, Use};
use findings_index::request::Sort;

/// An address with a method.
#[derive(Debug)]
pub(super) struct Operation {
    /// The name by which programs that are made from the description call it.
    pub(super) id: &'static str,
    pub(super) method: &'static str,
    /// The path after the version.
    pub(super) path: &'static str,
    /// What it is for.
    pub(super) summary: &'static str,
    /// What else to know.
    pub(super) more: &'static str,
    pub(super) parameters: &'static [&'static [Parameter]],
    /// The conditions that it takes.
    pub(super) conditions: Takes,
    /// The schema of its answer.
    pub(super) answer: &'static str,
    /// The schema of its results, if these are a list of which fields can be chosen.
    pub(super) item: Option<&'static str>,
}

/// A parameter of an address.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) said: &'static str,
    /// A value that works on the samples.
    pub(super) example: &'static str,
}

/// The conditions that an address takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    None,
    All,
    /// Those on inspections that give grades, and the theme of what they judge.
    OfInspections,
    /// All of them twice: those of the second set begin with [`AGAINST`].
    Twice,
}

/// What may be written as the value of a parameter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// Part of the path.
    Path,
    Text,
    /// A query, which has a greatest length.
    Query,
    /// May be given several times.
    Texts,
    /// Names separated by commas; may be given several times.
    Names(fn() -> Vec<&'static str>),
    OneOf(fn() -> Vec<&'static str>),
    Needed(fn() -> Vec<&'static str>),
    NeededText,
    Flag,
    Number {
        least: usize,
        most: Option<usize>,
        usual: Option<usize>,
    },
}

impl Operation {
    /// Whether its answer is given in parts.
    pub(super) fn is_paged(&self) -> bool {
        self.parameters.iter().copied().flatten().any(|parameter| parameter.name == "cursor")
    }

    /// The names of the parameters that it takes.
    pub(super) fn names(&self) -> Vec<String> {
        let of_query = |parameter: &&Parameter| !matches!(parameter.form, Form::Path);
        let own = self.parameters.iter().copied().flatten().filter(of_query);
        let fields = self.item.is_some().then_some("fields");
        let own = own.map(|parameter| parameter.name).chain(fields).map(str::to_owned);
        let conditions = self.conditions.names();
        let mut second = Vec::new();
        if self.conditions == Takes::Twice {
            second.extend(conditions.iter().map(|name| format!("{AGAINST}{name}")));
        }
        own.chain(conditions).chain(second).collect()
    }
}

impl Takes {
    /// The attributes that may be narrowed.
    pub(super) fn narrowed(self) -> impl Iterator<Item = Attribute> {
        Attribute::of(Use::Condition).filter(move |attribute| match self {
            Self::None => false,
            Self::All | Self::Twice => true,
            Self::OfInspections => is_of_inspections(*attribute) || *attribute == Attribute::Theme,
        })
    }

    /// The attributes of which values may be excluded.
    pub(super) fn excluded(self) -> impl Iterator<Item = Attribute> {
        self.narrowed()
            .filter(move |attribute| self != Self::OfInspections || is_of_inspections(*attribute))
    }

    /// The conditions that narrow no attribute.
    pub(super) fn others(self) -> impl Iterator<Item = &'static Parameter> {
        OTHER_CONDITIONS.iter().filter(move |parameter| match self {
            Self::None => false,
            Self::All | Self::Twice => true,
            // A report denies nothing as a whole.
            Self::OfInspections => parameter.name != "without_denials",
        })
    }

    fn names(self) -> Vec<String> {
        let narrowed = self.narrowed().map(|attribute| attribute.name().to_owned());
        let others = self.others().map(|parameter| parameter.name.to_owned());
        narrowed.chain(self.excluded().map(excluding)).chain(others).collect()
    }
}

/// Whether an attribute is one of inspections that give grades, which visits do not.
fn is_of_inspections(attribute: Attribute) -> bool {
    attribute.is_of_reports() && attribute != Attribute::Visit
}

pub(super) use crate::render::html::page::AGAINST;

/// The names of the parameters that are conditions.
pub(super) fn condition_names() -> Vec<String> {
    Takes::All.names()
}

const fn parameter(
    name: &'static str,
    form: Form,
    said: &'static str,
    example: &'static str,
) -> Parameter {
    Parameter { name, form, said, example }
}

/// The conditions that narrow no attribute.
pub(super) const OTHER_CONDITIONS: &[Parameter] = &[
    parameter("from", Form::Text, "Inspected on or after: a year, a month or a day", "2014"),
    parameter(
        "to",
        Form::Text,
        "Inspected on or before; a year or month means its last day",
        "2024-12",
    ),
    parameter("undated", Form::Flag, "Only reports without a date", "no"),
    parameter(
        "without_denials",
        Form::Flag,
        "Without paragraphs that only say that it did not exist or occur",
        "no",
    ),
    parameter(
        "new_since",
        Form::Text,
        "First indexed on or after: a year, month or day, whose first moment in UTC counts, or a moment",
        "2024-05-01",
    ),
    parameter("latest", Form::Flag, "Only the newest full inspection of each authority", "no"),
    parameter("as_at", Form::Text, "The newest full inspections as at this day", "2024"),
    parameter(
        "neighbours_of",
        Form::Texts,
        "Only the statistical neighbours of these authorities",
        "",
    ),
];

const QUERY: &[Parameter] = &[
    parameter(
        "q",
        Form::Query,
        "What to look for, in the query language; without it, every paragraph that the conditions leave",
        "return-interview",
    ),
    parameter("any", Form::Flag, "Match paragraphs with any of the words", "no"),
    parameter("exact", Form::Flag, "Match words only as written", "no"),
];

const NOT_ALSO: &[Parameter] = &[parameter(
    "not_also",
    Form::Texts,
    "A synonym not to search for, as `expansions[].also` names it",
    "",
)];

const SAMPLE: &[Parameter] = &[
    parameter(
        "sample",
        Form::Number { least: 1, most: None, usual: None },
        "Draw this many at random",
        "",
    ),
    parameter(
        "seed",
        Form::Number { least: 0, most: None, usual: Some(0) },
        "Another number draws another sample; needs `sample`",
        "",
    ),
];

const OF_SEARCH: &[Parameter] = &[
    parameter("sort", Form::OneOf(sorts), "The order of the results", "relevance"),
    parameter(
        "group",
        Form::OneOf(|| named(Use::Group)),
        "Group results by this attribute; `limit` and `offset` then count groups",
        "",
    ),
    parameter(
        "per_group",
        Form::Number { least: 0, most: Some(MOST), usual: Some(3) },
        "How many results of a group to give",
        "",
    ),
    parameter(
        "facets",
        Form::Names(|| named(Use::Facet)),
        "Count all matches by the values of these",
        "authority,grade",
    ),
    parameter("repeats", Form::Flag, "Give near-identical paragraphs one by one", "no"),
    parameter("words_only", Form::Flag, "Rank by words alone, not by meaning as well", "no"),
    parameter(
        "explain",
        Form::Flag,
        "Explain how the query was read and results were ranked",
        "no",
    ),
];

const fn limit(usual: usize) -> Parameter {
    parameter(
        "limit",
        Form::Number { least: 0, most: Some(MOST), usual: Some(usual) },
        "How many results to give; 0 for the counts alone",
        "2",
    )
}

const OFFSET: Parameter = parameter(
    "offset",
    Form::Number { least: 0, most: None, usual: Some(0) },
    "How many results to skip",
    "0",
);

const CURSOR: Parameter = parameter(
    "cursor",
    Form::Text,
    "Where to go on, as `next` of the answer before says; the other parameters stay the same",
    "",
);

/// The usual number of results of a search.
pub(super) const RESULTS: usize = 10;

/// The usual number of entries of a list.
pub(super) const ENTRIES: usize = 50;

const PAGES_OF_RESULTS: &[Parameter] = &[limit(RESULTS), OFFSET, CURSOR];
const PAGES_OF_ENTRIES: &[Parameter] = &[limit(ENTRIES), OFFSET, CURSOR];
const PAGES_IN_ORDER: &[Parameter] = &[limit(ENTRIES), CURSOR];

fn named(purpose: Use) -> Vec<&'static str> {
    Attribute::of(purpose).map(Attribute::name).collect()
}

fn sorts() -> Vec<&'static str> {
    Sort::ALL.map(Sort::name).to_vec()
}

const PARAGRAPH_ID: &[Parameter] = &[parameter(
    "id",
    Form::Path,
    "The id of a paragraph, which has a slash in it",
    "fairmere-ilacs-2019-04-29/6",
)];

pub(super) const SEARCH: Operation = Operation {
    id: "search",
    method: "get",
    path: "/search",
    summary: "Find paragraphs",
    more: "The same JSON as that of the command, with a cursor.",
    parameters: &[QUERY, NOT_ALSO, OF_SEARCH, SAMPLE, PAGES_OF_RESULTS],
    conditions: Takes::All,
    answer: "SearchAnswer",
    item: Some("Hit"),
};

pub(super) const KWIC: Operation = Operation {
    id: "kwic",
    method: "get",
    path: "/kwic",
    summary: "Show every match in its context",
    more: "The same JSON as that of the command, with a cursor. Needs `q` or `topic`.",
    parameters: &[
        QUERY,
        &[
            parameter(
                "sort",
                Form::OneOf(|| Order::ALL.map(Order::name).to_vec()),
                "The order of the lines",
                "left",
            ),
            parameter(
                "context",
                Form::Number { least: 0, most: Some(1_000), usual: Some(60) },
                "The most characters on either side of a match",
                "40",
            ),
        ],
        SAMPLE,
        PAGES_OF_ENTRIES,
    ],
    conditions: Takes::All,
    answer: "KwicAnswer",
    item: Some("Line"),
};

pub(super) const SIMILAR: Operation = Operation {
    id: "similar",
    method: "get",
    path: "/similar/{id}",
    summary: "Find paragraphs like one",
    more: "The same JSON as that of the command, with a cursor and notes.",
    parameters: &[
        PARAGRAPH_ID,
        &[
            parameter("elsewhere", Form::Flag, "Only paragraphs from other authorities", "no"),
            parameter("explain", Form::Flag, "Explain how each was ranked", "no"),
        ],
        PAGES_OF_RESULTS,
    ],
    conditions: Takes::All,
    answer: "SimilarAnswer",
    item: Some("Hit"),
};

pub(super) const FACETS: Operation = Operation {
    id: "facets",
    method: "get",
    path: "/facets",
    summary: "Count the values of an attribute",
    more: "Among the paragraphs that match the query and pass the conditions.",
    parameters: &[
        &[parameter(
            "attribute",
            Form::Needed(|| named(Use::Facet)),
            "The attribute whose values are counted",
            "authority",
        )],
        QUERY,
        NOT_ALSO,
        PAGES_OF_ENTRIES,
    ],
    conditions: Takes::All,
    answer: "FacetAnswer",
    item: None,
};

pub(super) const REPORTS: Operation = Operation {
    id: "reports",
    method: "get",
    path: "/reports",
    summary: "List the reports held",
    more: "`items` are the records that the command lists. The condition `kind` is refused: reports have none.",
    parameters: &[
        &[parameter(
            "sort",
            Form::OneOf(|| ReportOrder::ALL.map(ReportOrder::name).to_vec()),
            "The order of the reports",
            "date",
        )],
        PAGES_OF_ENTRIES,
    ],
    conditions: Takes::All,
    answer: "ReportsAnswer",
    item: Some("ReportRecord"),
};

pub(super) const REPORT: Operation = Operation {
    id: "report",
    method: "get",
    path: "/reports/{id}",
    summary: "Show one report",
    more: "The same record as that of the command that shows it.",
    parameters: &[&[parameter("id", Form::Path, "The id of a report", "stonewick-sif-2014-09-09")]],
    conditions: Takes::None,
    answer: "ReportRecord",
    item: None,
};

pub(super) const PARAGRAPHS: Operation = Operation {
    id: "paragraphs",
    method: "get",
    path: "/paragraphs",
    summary: "List paragraphs, report by report",
    more: "`items` are the records of an export, in its order.",
    parameters: &[PAGES_IN_ORDER],
    conditions: Takes::All,
    answer: "ParagraphsAnswer",
    item: Some("ParagraphRecord"),
};

pub(super) const PARAGRAPH: Operation = Operation {
    id: "paragraph",
    method: "get",
    path: "/paragraphs/{id}",
    summary: "Show one paragraph in its report",
    more: "The same JSON as that of the command that shows it.",
    parameters: &[
        PARAGRAPH_ID,
        &[parameter(
            "context",
            Form::Number { least: 0, most: Some(MOST), usual: Some(0) },
            "How many paragraphs to show on either side",
            "1",
        )],
    ],
    conditions: Takes::None,
    answer: "Passage",
    item: None,
};

pub(super) const TOPICS: Operation = Operation {
    id: "topics",
    method: "get",
    path: "/topics",
    summary: "List the topics, or find those of a name",
    more: "`items` are the entries that the command lists.",
    parameters: &[
        &[parameter(
            "q",
            Form::Query,
            "Words of a name, a phrase or an acronym; without them, all topics are listed",
            "agency staff",
        )],
        PAGES_OF_ENTRIES,
    ],
    conditions: Takes::None,
    answer: "TopicsAnswer",
    item: Some("TopicCount"),
};

pub(super) const TOPIC: Operation = Operation {
    id: "topic",
    method: "get",
    path: "/topics/{id}",
    summary: "Show one topic",
    more: "The same JSON as that of the command that shows it.",
    parameters: &[&[parameter("id", Form::Path, "The id of a topic", "workforce")]],
    conditions: Takes::None,
    answer: "TopicDetail",
    item: None,
};

pub(super) const COVERAGE: Operation = Operation {
    id: "coverage",
    method: "get",
    path: "/coverage",
    summary: "Show what is held, what failed and what looks suspicious",
    more: "The same JSON as that of the command, with notes. The condition `kind` is refused: reports have none.",
    parameters: &[&[parameter(
        "missing",
        Form::Flag,
        "Also name the authorities of which no such report is held",
        "yes",
    )]],
    conditions: Takes::All,
    answer: "CoverageAnswer",
    item: None,
};

pub(super) const HEALTH: Operation = Operation {
    id: "health",
    method: "get",
    path: "/health",
    summary: "Whether the server answers, and from what",
    more: "Answered even when all other requests have to wait. Never kept by caches.",
    parameters: &[],
    conditions: Takes::None,
    answer: "Health",
    item: None,
};

pub(super) const DESCRIPTION: Operation = Operation {
    id: "description",
    method: "get",
    path: "/openapi.json",
    summary: "This description",
    more: "",
    parameters: &[],
    conditions: Takes::None,
    answer: "Description",
    item: None,
};

pub(super) const BATCH: Operation = Operation {
    id: "batch",
    method: "post",
    path: "/batch",
    summary: "Count what each of several named queries finds",
    more: "The same JSON as that of the command. Paragraphs of every kind are counted, as in a search. Taken from programs, and from this server's own pages alone.",
    parameters: &[],
    conditions: Takes::None,
    answer: "Counts",
    item: None,
};

/// The most characters of a query.
pub(super) const QUERY_LENGTH: usize = LONGEST;
