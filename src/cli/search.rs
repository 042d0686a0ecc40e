//! `findings search`: ranked, cited paragraphs.

use super::asked::Reading;
use super::filters::FilterArgs;
use super::{Context, Exit, Refusal, bom_needs_csv, full_needs_text, print};
use crate::render::terminal::{self, Relaxed, View};
use crate::render::{csv, json, markdown};
use clap::ValueEnum;
use findings_index::Engine;
use findings_index::request::Deadline;
use findings_index::request::{Facet, Filters, GroupBy, SearchRequest, Sort};

/// Find paragraphs
///
/// Words all have to occur, in any form or in other words for the same. "An exact phrase" stands in
/// quotation marks, which the shell wants within other quotation marks: '"return interview"'. AND,
/// OR, NOT and brackets combine; field:value asks one field; a query that begins with a minus stands
/// behind `--`. `findings help query` shows all of the language.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings search '\"return interview\"'
  findings search '\"return interview\" OR RHI' --grade inadequate
  findings search supervision --theme leadership --from 2018 --sort date
  findings search 'neglect NOT \"pre-birth\"' --grade good --facets authority,year
  findings search life story work --neighbours-of Norfolk --group authority
  findings search advocacy --format csv --bom --limit 500 > advocacy.csv

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// What to look for; without it, every paragraph that the conditions leave
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    filters: FilterArgs,

    /// Order of the paragraphs: relevance, date (newest first) or authority
    #[arg(long, value_enum, default_value_t = SortName::Relevance, hide_possible_values = true, help_heading = "Answer")]
    sort: SortName,

    /// Count the values of these among all that was found
    ///
    /// Where a condition narrows one of them, its other values keep the counts they would have if
    /// they were chosen instead. `section` counts outermost headings; with --section, the children
    /// of the headings meant stand below them.
    #[arg(
        long,
        value_enum,
        value_name = "FACET,…",
        value_delimiter = ',',
        help_heading = "Answer"
    )]
    facets: Vec<FacetName>,

    /// Put together what is of one report, authority, year...; --limit then counts groups
    ///
    /// The group with the best paragraph comes first. Totals of groups are exact.
    #[arg(long, value_enum, value_name = "BY", help_heading = "Answer")]
    group: Option<GroupName>,

    /// How many paragraphs of a group to show
    #[arg(
        long,
        value_name = "N",
        default_value_t = 3,
        requires = "group",
        help_heading = "Answer"
    )]
    per_group: usize,

    /// How many paragraphs to show; 0 shows the counts alone
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10, help_heading = "Answer")]
    limit: usize,

    /// How many to pass over first
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Answer")]
    offset: usize,

    /// Show every paragraph by itself, even where several say nearly the same
    #[arg(long, help_heading = "Answer")]
    repeats: bool,

    /// Say how the query was understood, what each part of it finds and why hits stand where they do
    #[arg(long, help_heading = "Answer")]
    explain: bool,

    /// Show long paragraphs whole, not just the sentences around the matches
    #[arg(long, help_heading = "Answer")]
    full: bool,

    /// How to write the answer
    #[arg(long, short = 'f', value_enum, default_value_t = Format::Text, help_heading = "Answer")]
    format: Format,

    /// Begin CSV with the mark by which spreadsheets know UTF-8
    #[arg(long, help_heading = "Answer")]
    bom: bool,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One record a line
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// Quotations with citations, or a table
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SortName {
    Relevance,
    Date,
    Authority,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GroupName {
    Report,
    Authority,
    Region,
    Framework,
    Year,
    Grade,
    Overall,
    Theme,
    Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FacetName {
    Grade,
    Overall,
    Theme,
    Section,
    Authority,
    Region,
    Framework,
    Kind,
    Report,
    Topic,
    Year,
}

impl From<SortName> for Sort {
    fn from(sort: SortName) -> Self {
        match sort {
            SortName::Relevance => Self::Relevance,
            SortName::Date => Self::Date,
            SortName::Authority => Self::Authority,
        }
    }
}

impl From<GroupName> for GroupBy {
    fn from(group: GroupName) -> Self {
        match group {
            GroupName::Report => Self::Report,
            GroupName::Authority => Self::Authority,
            GroupName::Region => Self::Region,
            GroupName::Framework => Self::Framework,
            GroupName::Year => Self::Year,
            GroupName::Grade => Self::Grade,
            GroupName::Overall => Self::Overall,
            GroupName::Theme => Self::Theme,
            GroupName::Kind => Self::Kind,
        }
    }
}

impl From<FacetName> for Facet {
    fn from(facet: FacetName) -> Self {
        match facet {
            FacetName::Grade => Self::Grade,
            FacetName::Overall => Self::Overall,
            FacetName::Theme => Self::Theme,
            FacetName::Section => Self::Section,
            FacetName::Authority => Self::Authority,
            FacetName::Region => Self::Region,
            FacetName::Framework => Self::Framework,
            FacetName::Kind => Self::Kind,
            FacetName::Report => Self::Report,
            FacetName::Topic => Self::Topic,
            FacetName::Year => Self::Year,
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let engine = context.open()?;
    let asked = args.reading.read(&args.query.join(" "), engine.as_ref(), context)?;
    let filters = args.filters.resolve(engine.as_ref(), context)?;
    let is_ranked = args.sort == SortName::Relevance && args.group.is_none();
    // Tables and records are for counting: there every match stands by itself, and nothing else.
    let is_read = !matches!(args.format, Format::Csv | Format::Jsonl);
    let request = SearchRequest {
        query: asked.query.clone(),
        filters,
        sort: args.sort.into(),
        group: args.group.map(GroupBy::from),
        per_group: args.per_group,
        facets: args.facets.iter().copied().map(Facet::from).collect(),
        limit: args.limit,
        offset: args.offset,
        collapse: is_ranked && is_read && !args.repeats,
        closest: is_ranked && is_read,
        explain: args.explain,
    };
    let response = asked.search(engine.as_ref(), &request, context)?;
    let relaxed = if response.total == 0 && args.format == Format::Text {
        relaxed(engine.as_ref(), &context.deadline(), &request, &args.filters)?
    } else {
        Vec::new()
    };
    let view = View {
        full: args.full,
        sort: request.sort,
        group: request.group,
        offset: args.offset,
        relaxed,
        passed_over: asked.passed_over,
    };
    print(|out| match args.format {
        Format::Text => terminal::search(&response, &view, &context.look(), out),
        Format::Json => {
            let answer =
                json::of_query(&response, &view.passed_over, &asked.repairs, &asked.unheld);
            json::value(&answer, context.layout(), out)
        }
        Format::Jsonl => {
            json::lines(&response.hits, out)?;
            json::lines(response.groups.iter().flatten().flat_map(|group| &group.hits), out)
        }
        Format::Csv => csv::hits(&response, args.bom, out),
        Format::Markdown => markdown::search(&response, &view, out),
    })?;
    Ok(Exit::if_any(response.total))
}

impl Args {
    /// Refuses options that the chosen format could only ignore.
    fn check(&self) -> Result<(), Refusal> {
        bom_needs_csv(self.bom, self.format == Format::Csv)?;
        full_needs_text(self.full, matches!(self.format, Format::Text | Format::Markdown))?;
        if !self.facets.is_empty() && matches!(self.format, Format::Jsonl | Format::Csv) {
            return Err(Refusal::new("--facets has no place in this format, which has hits alone")
                .hint("use --format text, json or markdown"));
        }
        Ok(())
    }
}

/// What leaving out each of the conditions would find; where none alone helps, all of them.
fn relaxed(
    engine: &dyn Engine,
    deadline: &Deadline,
    request: &SearchRequest,
    typed: &FilterArgs,
) -> anyhow::Result<Vec<Relaxed>> {
    let total = |filters: Filters| {
        let request = SearchRequest {
            query: request.query.clone(),
            filters,
            limit: 0,
            ..SearchRequest::default()
        };
        engine.search(&request, deadline).map(|response| response.total)
    };
    let conditions = typed.relaxations(&request.filters);
    let several = conditions.len() > 1;
    let mut relaxed = Vec::new();
    for (without, filters) in conditions {
        relaxed.push(Relaxed { without, total: total(filters)? });
    }
    relaxed.retain(|relaxed| relaxed.total > 0);
    if relaxed.is_empty() && several {
        let total = total(Filters::default())?;
        if total > 0 {
            relaxed.push(Relaxed { without: "any condition".to_owned(), total });
        }
    }
    Ok(relaxed)
}
