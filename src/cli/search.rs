//! `findings search`: ranked, cited paragraphs.

use super::conditions::ConditionArgs;
use super::output::{Formats, Output};
use super::reading::ReadingArgs;
use super::{Context, Exit, Refusal, full_needs_text, note, notes, values};
use crate::ask::{Question, Sample};
use crate::render::terminal::{self, View};
use crate::render::{csv, json, markdown};
use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};
use findings_index::records::Attribute;
use findings_index::request::Sort;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// Find paragraphs
///
/// All words must occur, in any form or as a synonym. Words joined by a hyphen are side by side:
/// return-interview. AND, OR, NOT and brackets combine; field:value is a condition. Put a query
/// that is more than words between double quotation marks; one that begins with a minus follows
/// `--`. `findings help query` explains the whole language, and how to type an exact phrase.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  findings search return-interview
  findings search \"return-interview OR RHI\" --grade inadequate
  findings search supervision --theme leadership --from 2018 --sort date
  findings search \"neglect NOT pre-birth\" --facets \"authority,year\"
  findings search life story work --neighbours-of Norfolk --group authority
  findings search neglect --sample 50 --seed 7 --format csv > to-judge.csv
  findings search advocacy --format csv --bom --limit 500 > advocacy.csv

Ends with 0 if anything was found, 1 if nothing was, 2 after an error.")]
pub(crate) struct Args {
    /// What to look for; without it, every paragraph that the conditions leave
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    conditions: ConditionArgs,

    /// Order of the paragraphs: relevance, date (newest first), authority or changed
    /// (what last came or changed first)
    ///
    /// Without words there is no relevance: such a search lists by authority, the newest report
    /// first, each in its own order.
    #[arg(long, value_parser = sort(), ignore_case = true, default_value = Sort::default().name(),
        hide_possible_values = true, help_heading = "Answer")]
    sort: Sort,

    /// Count all matches by the values of these
    ///
    /// If a condition chooses among the values of one of them, these come first and are marked; the
    /// others are apart, with what would be found if they were chosen instead, and so are values that
    /// --not leaves out, with what would come back. `section` counts the outermost headings; with
    /// --section, also the headings below those that match.
    #[arg(
        long,
        value_parser = values::facet(),
        ignore_case = true,
        value_name = "FACET,…",
        value_delimiter = ',',
        help_heading = "Answer"
    )]
    facets: Vec<Attribute>,

    /// Group results by report, authority, year ...; --limit then counts groups
    ///
    /// The group with the best paragraph comes first. The totals of groups are exact.
    #[arg(long, value_parser = values::group(), ignore_case = true, value_name = "BY",
        help_heading = "Answer")]
    group: Option<Attribute>,

    /// How many paragraphs of a group to show [default: 3, or the whole sample]
    #[arg(long, value_name = "N", requires = "group", help_heading = "Answer")]
    per_group: Option<usize>,

    /// Draw this many of the paragraphs at random; with --group, of each group
    ///
    /// Totals still count all paragraphs. The same seed draws the same sample on every machine. A
    /// larger sample contains the smaller one, and when reports are added, the sample stays except
    /// for new paragraphs that displace some.
    #[arg(long, value_name = "N", help_heading = "Answer")]
    sample: Option<NonZeroUsize>,

    /// Another number draws another sample
    #[arg(
        long,
        value_name = "S",
        default_value_t = 0,
        requires = "sample",
        help_heading = "Answer"
    )]
    seed: u64,

    /// How many results to show; 0 shows only the counts [default: 10, or the whole sample]
    #[arg(long, short = 'n', value_name = "N", help_heading = "Answer")]
    limit: Option<usize>,

    /// Number of results to skip
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Answer")]
    offset: usize,

    /// Show every paragraph, even if several say nearly the same
    #[arg(long, help_heading = "Answer")]
    repeats: bool,

    /// Rank by words alone, not by closeness in meaning as well
    ///
    /// What matches, and how many paragraphs do, is decided by words in any case. Of the matches, the
    /// best 60 are ranked by meaning as well; so is what comes close where few have all the words.
    #[arg(long, help_heading = "Answer")]
    words_only: bool,

    /// Explain how the query was read, what each part matches, and how the results were ranked
    #[arg(long, help_heading = "Answer")]
    explain: bool,

    /// Show long paragraphs in full, not just the sentences around the matches
    #[arg(long, help_heading = "Answer")]
    full: bool,

    #[command(flatten)]
    output: Output<Format>,
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

impl Formats for Format {
    const CSV: Self = Self::Csv;
}

fn sort() -> impl TypedValueParser<Value = Sort> {
    values::one_of(Sort::ALL, |sort| PossibleValue::new(sort.name()))
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    args.check()?;
    let engine = context.open()?;
    let question = args.question();
    // A sample is drawn from all matches, which takes longer than to find the best.
    let session = match question.sample {
        Some(_) => context.patient_session(engine.as_ref()),
        None => context.session(engine.as_ref()),
    };
    let answer = session.search(&question)?;
    // These formats have no place for it.
    if let Some(reading) = &answer.read_as
        && matches!(args.output.format, Format::Csv | Format::Jsonl)
    {
        note(&format!("read as {reading}"));
    }
    notes("", &answer.notes);
    // Only a table has every column of the report; a hit carries its header.
    let reports = match args.output.format {
        Format::Csv => session.reports_of(answer.response.every_hit())?,
        _ => BTreeMap::new(),
    };
    let view = View { full: args.full, group: question.group, offset: question.offset };
    context.print(|out| match args.output.format {
        Format::Text => terminal::search(&answer, &view, &context.look(), out),
        Format::Json => json::value(&answer, context.layout(), out),
        Format::Jsonl => json::lines(answer.response.every_hit(), out),
        Format::Csv => csv::hits(answer.response.every_hit(), &reports, args.output.bom, out),
        Format::Markdown => markdown::search(&answer, &view, out),
    })?;
    Ok(Exit::if_any(answer.response.total))
}

impl Args {
    /// Refuses options that the chosen format could only ignore.
    fn check(&self) -> Result<(), Refusal> {
        self.output.check()?;
        full_needs_text(self.full, matches!(self.output.format, Format::Text | Format::Markdown))?;
        if !self.facets.is_empty() && matches!(self.output.format, Format::Jsonl | Format::Csv) {
            return Err(Refusal::new("--facets has no place in this format, which has hits alone")
                .hint("use --format text, json or markdown"));
        }
        Ok(())
    }

    fn question(&self) -> Question {
        // Tables and records are for counting: they list every match separately, and nothing else.
        let is_read = !matches!(self.output.format, Format::Csv | Format::Jsonl);
        let sample = self.sample.map(NonZeroUsize::get);
        // Of a sample by group, `limit` counts the groups.
        let drawn = sample.filter(|_| self.group.is_none());
        let usual = Question::default();
        Question {
            text: self.query.join(" "),
            reading: self.reading.into(),
            conditions: self.conditions.typed(),
            sort: self.sort,
            not_also: usual.not_also,
            group: self.group,
            per_group: self.per_group.or(sample).unwrap_or(usual.per_group),
            facets: self.facets.clone(),
            sample: sample.map(|size| Sample { size, seed: self.seed }),
            limit: self.limit.or(drawn).unwrap_or(usual.limit),
            offset: self.offset,
            repeats: self.repeats || !is_read,
            closest: is_read,
            words_only: self.words_only,
            explain: self.explain,
        }
    }
}
