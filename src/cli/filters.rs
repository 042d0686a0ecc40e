//! The conditions shared by `search`, `reports` and `export`.

use super::{Context, Refusal, authorities, dates, known};
use clap::ValueEnum;
use findings_index::Engine;
use findings_index::language::query::GradeFilter;
use findings_index::records::Kind;
use findings_index::request::{Facet, Filters};
use jiff::civil::Date;

/// Conditions as typed.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Conditions (each may be repeated: any of its values will do)")]
pub(crate) struct FilterArgs {
    /// Grade of the section in which a paragraph stands
    ///
    /// A name (`good`, `"requires improvement"`), a range (`good..outstanding`, `1..2`), a place on
    /// the scale, 1 the best (`3`; `'>=3'` is the third place and worse), or `none`. A shorter name
    /// stands for longer ones as well, unless it is written as printed behind `=`
    /// (`'=Requires improvement'`).
    /// Commas separate alternatives.
    #[arg(long, value_name = "GRADE", value_delimiter = ',')]
    pub(crate) grade: Vec<String>,

    /// Overall judgement of the report, written as for --grade
    #[arg(long, value_name = "GRADE", value_delimiter = ',')]
    pub(crate) overall: Vec<String>,

    /// Theme, an area that frameworks share, such as `leadership`
    ///
    /// Commas separate alternatives, `none` stands for sections without a theme. `--facets theme`
    /// of `search` lists those there are.
    #[arg(long, value_delimiter = ',')]
    pub(crate) theme: Vec<String>,

    /// Topic, by its id, such as `neglect`; commas separate alternatives
    ///
    /// `findings topics` lists them. Reports are those with such a paragraph.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) topic: Vec<String>,

    /// Words that stand in one heading above the paragraph
    #[arg(long, value_name = "WORDS")]
    pub(crate) section: Vec<String>,

    /// Authority, by any of its names
    ///
    /// Names hold commas: repeat the option for several authorities. `none` stands for reports of
    /// which the authority is not known.
    #[arg(long, value_name = "NAME")]
    pub(crate) authority: Vec<String>,

    /// English region; commas separate alternatives, `none` stands for no region
    #[arg(long, value_delimiter = ',')]
    pub(crate) region: Vec<String>,

    /// Framework, by its code, such as `sif` or `ilacs`; commas separate alternatives
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) framework: Vec<String>,

    /// Kind of paragraph; commas separate alternatives
    #[arg(long, value_delimiter = ',')]
    pub(crate) kind: Vec<KindName>,

    /// Inspected on or after: a year, month or day (2016, 2016-05, 2016-05-12)
    ///
    /// The first day of the inspection counts; where it is not known, the day of publication.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,

    /// Inspected on or before; a year or month means its last day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,

    /// Reports of which no date is known
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub(crate) undated: bool,

    /// Report, by its id; commas separate alternatives
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) report: Vec<String>,

    /// The statistical neighbours of an authority, itself left out
    ///
    /// With --authority, the reports of both are taken.
    #[arg(long, value_name = "NAME")]
    pub(crate) neighbours_of: Vec<String>,
}

/// Kinds of paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindName {
    /// What inspectors found
    Finding,
    /// A summary, repeated in the body
    Summary,
    /// An item of a list
    Bullet,
    /// What the authority is told to do
    Recommendation,
    /// A row of a table
    Table,
    /// Text that stands in every report of its kind
    Boilerplate,
    /// A footnote
    Footnote,
}

impl From<KindName> for Kind {
    fn from(kind: KindName) -> Self {
        match kind {
            KindName::Finding => Self::Finding,
            KindName::Summary => Self::Summary,
            KindName::Bullet => Self::Bullet,
            KindName::Recommendation => Self::Recommendation,
            KindName::Table => Self::Table,
            KindName::Boilerplate => Self::Boilerplate,
            KindName::Footnote => Self::Footnote,
        }
    }
}

impl FilterArgs {
    /// The conditions, every value of which is known to the index.
    pub(crate) fn resolve(
        &self,
        engine: &dyn Engine,
        context: &Context,
    ) -> anyhow::Result<Filters> {
        let mut filters = Filters {
            grade: grade_filters(engine, "--grade", &self.grade, Facet::Grade)?,
            overall: grade_filters(engine, "--overall", &self.overall, Facet::Overall)?,
            theme: values(engine, &self.theme, Facet::Theme, "no paragraph has the theme")?,
            topic: topics(engine, &self.topic)?,
            section: self.section.clone(),
            authority: Vec::new(),
            region: values(engine, &self.region, Facet::Region, "no report is of the region")?,
            framework: values(
                engine,
                &self.framework,
                Facet::Framework,
                "no report is of the framework",
            )?,
            kind: self.kind.iter().copied().map(Kind::from).collect(),
            report: Vec::new(),
            from: None,
            to: None,
            undated: self.undated,
        };
        if let Some(empty) = self.section.iter().find(|words| words.trim().is_empty()) {
            return Err(Refusal::new(format!("--section: no words in `{empty}`")).into());
        }
        if !self.authority.is_empty() || !self.neighbours_of.is_empty() {
            let held = held(engine, Facet::Authority)?;
            for name in &self.authority {
                if name == ABSENT {
                    filters.authority.push(name.clone());
                    continue;
                }
                filters.authority.push(authorities::held(&held, name, context)?);
            }
            for name in &self.neighbours_of {
                filters.authority.extend(authorities::neighbours(&held, name, context)?);
            }
        }
        for id in &self.report {
            filters.report.push(super::show::report_id(engine, id)?);
        }
        (filters.from, filters.to) = self.span()?;
        Ok(filters)
    }

    /// The first and the last day.
    fn span(&self) -> Result<(Option<Date>, Option<Date>), Refusal> {
        let from = self.from.as_deref().map(|day| dates::first_day("--from", day)).transpose()?;
        let to = self.to.as_deref().map(|day| dates::last_day("--to", day)).transpose()?;
        if let (Some(first), Some(last)) = (from, to)
            && first > last
        {
            return Err(Refusal::new(format!("--from {first} is after --to {last}")));
        }
        Ok((from, to))
    }

    /// Every condition by itself, as it was typed, with the filters that remain without it.
    pub(crate) fn relaxations(&self, filters: &Filters) -> Vec<(String, Filters)> {
        let kinds: Vec<String> = self
            .kind
            .iter()
            .filter_map(|kind| kind.to_possible_value())
            .map(|value| value.get_name().to_owned())
            .collect();
        let one = |day: &Option<String>| day.iter().cloned().collect::<Vec<_>>();
        let mut places = typed("--authority", &self.authority);
        places.extend(typed("--neighbours-of", &self.neighbours_of));
        let undated = if self.undated { vec!["--undated".to_owned()] } else { Vec::new() };
        let conditions: [(Vec<String>, Clear); 13] = [
            (typed("--grade", &self.grade), |f| f.grade.clear()),
            (typed("--overall", &self.overall), |f| f.overall.clear()),
            (typed("--theme", &self.theme), |f| f.theme.clear()),
            (typed("--topic", &self.topic), |f| f.topic.clear()),
            (typed("--section", &self.section), |f| f.section.clear()),
            (places, |f| f.authority.clear()),
            (typed("--region", &self.region), |f| f.region.clear()),
            (typed("--framework", &self.framework), |f| f.framework.clear()),
            (typed("--kind", &kinds), |f| f.kind.clear()),
            (typed("--report", &self.report), |f| f.report.clear()),
            (typed("--from", &one(&self.from)), |f| f.from = None),
            (typed("--to", &one(&self.to)), |f| f.to = None),
            (undated, |f| f.undated = false),
        ];
        conditions
            .into_iter()
            .filter(|(options, _)| !options.is_empty())
            .map(|(options, clear)| {
                let mut left = filters.clone();
                clear(&mut left);
                (options.join(" "), left)
            })
            .collect()
    }
}

/// Takes one condition away.
type Clear = fn(&mut Filters);

/// Options as they could be typed.
fn typed(option: &str, values: &[String]) -> Vec<String> {
    values
        .iter()
        .map(|value| {
            let bare = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
            if value.chars().all(bare) {
                format!("{option} {value}")
            } else {
                format!("{option} '{}'", value.replace('\'', r"'\''"))
            }
        })
        .collect()
}

/// Among names, stands for the lack of one.
const ABSENT: &str = "none";

/// The values of a facet that the index holds.
pub(super) fn held(engine: &dyn Engine, facet: Facet) -> anyhow::Result<Vec<String>> {
    Ok(engine.values(facet)?)
}

fn values(
    engine: &dyn Engine,
    typed: &[String],
    facet: Facet,
    said: &str,
) -> anyhow::Result<Vec<String>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let held = held(engine, facet)?;
    let mut values = Vec::with_capacity(typed.len());
    for value in typed {
        if value == ABSENT && facet != Facet::Framework {
            values.push(value.clone());
            continue;
        }
        values.push(known::choose(&held, value, format!("{said} `{value}`"))?);
    }
    Ok(values)
}

/// Ids of topics; one that no paragraph has is a topic all the same.
fn topics(engine: &dyn Engine, typed: &[String]) -> anyhow::Result<Vec<String>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let known = engine.topics()?;
    Ok(typed.iter().map(|id| super::topics::id_of(known, id)).collect::<Result<_, _>>()?)
}

fn grade_filters(
    engine: &dyn Engine,
    option: &str,
    typed: &[String],
    facet: Facet,
) -> anyhow::Result<Vec<GradeFilter>> {
    let mut filters = Vec::with_capacity(typed.len());
    for value in typed {
        let filter = grade_filter(option, value)?;
        if let GradeFilter::Label(label) = &filter
            && !GRADES.contains(&label.to_lowercase().as_str())
        {
            grade_is_held(option, label, held(engine, facet)?)?;
        }
        if let GradeFilter::Exactly(label) = &filter {
            let held = held(engine, facet)?;
            if !held.contains(label) {
                let said = format!("{option}: no grade is printed as `{label}`");
                return Err(known::suggest(Refusal::new(said), &held, label).into());
            }
        }
        filters.push(filter);
    }
    Ok(filters)
}

/// The grades of the four-point scales: known, whether any report held has them or not.
const GRADES: [&str; 5] = ["outstanding", "good", "requires improvement", "adequate", "inadequate"];

/// The worst place on any scale.
const WORST: u8 = 4;

/// A condition on a grade; one that no grade can meet is refused.
fn grade_filter(option: &str, typed: &str) -> Result<GradeFilter, Refusal> {
    let filter: GradeFilter =
        typed.parse().map_err(|error| Refusal::new(format!("{option}: {error}")))?;
    match filter {
        GradeFilter::Ranks { best, worst } if best > WORST || worst < 1 || best > worst => {
            Err(Refusal::new(format!("{option}: no place on the scale is `{typed}`"))
                .hint("places go from 1, the best, to 4; `>=3` is the third place and worse"))
        }
        filter => Ok(filter),
    }
}

/// Refuses a name that is neither a grade held nor the beginning of one.
fn grade_is_held(option: &str, label: &str, mut held: Vec<String>) -> Result<(), Refusal> {
    let begins = |grade: &String| {
        let grade = grade.to_lowercase();
        grade.strip_prefix(label).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if held.iter().any(begins) {
        return Ok(());
    }
    for name in GRADES {
        if !held.iter().any(|grade| grade.to_lowercase() == name) {
            held.push(name.to_owned());
        }
    }
    Err(known::suggest(Refusal::new(format!("{option}: unknown grade `{label}`")), &held, label)
        .hint("or a range such as `good..outstanding`, a place such as `'>=3'`, or `none`"))
}

#[cfg(test)]
mod tests {
    use super::{FilterArgs, grade_filter, grade_is_held};
    use findings_index::language::query::GradeFilter;
    use findings_index::request::Filters;
    use jiff::civil::date;

    #[test]
    fn dates_the_wrong_way_round_are_refused() {
        let args = FilterArgs {
            from: Some("2018".to_owned()),
            to: Some("2016-05".to_owned()),
            ..FilterArgs::default()
        };
        let refusal = args.span().map_err(|refusal| refusal.to_string());
        assert_eq!(refusal, Err("--from 2018-01-01 is after --to 2016-05-31".to_owned()));
        let args = FilterArgs { to: Some("2016".to_owned()), ..FilterArgs::default() };
        assert_eq!(args.span(), Ok((None, Some(date(2016, 12, 31)))));
    }

    #[test]
    fn a_misspelt_grade_is_answered_by_the_nearest() {
        let held = vec!["Good".to_owned(), "Requires improvement to be good".to_owned()];
        assert_eq!(grade_is_held("--grade", "requires improvement", held.clone()), Ok(()));
        let refusal = grade_is_held("--grade", "inadequat", held).unwrap_err();
        assert_eq!(refusal.to_string(), "--grade: unknown grade `inadequat`");
        insta::assert_snapshot!(refusal.hints().join("\n"), @"
        did you mean `inadequate`?
        choose from `Good`, `Requires improvement to be good`, `outstanding`, `requires improvement`, `adequate`, `inadequate`
        or a range such as `good..outstanding`, a place such as `'>=3'`, or `none`
        ");
    }

    #[test]
    fn a_number_is_a_place_on_the_scale_and_one_the_best() {
        let ranks = |typed: &str| grade_filter("--grade", typed).ok();
        let between = |best, worst| Some(GradeFilter::Ranks { best, worst });
        assert_eq!(ranks("outstanding..good"), between(1, 2));
        assert_eq!(ranks("2..1"), between(1, 2));
        assert_eq!(ranks(">=3"), between(3, u8::MAX));
        assert_eq!(ranks("<2"), between(1, 1));
        assert_eq!(ranks("none"), Some(GradeFilter::None));
        for typed in [">4", "<1", ">=5", "0", "7"] {
            let refusal = grade_filter("--grade", typed).map_err(|refusal| refusal.to_string());
            assert_eq!(refusal, Err(format!("--grade: no place on the scale is `{typed}`")));
        }
        let refusal = grade_filter("--grade", ">=good").map_err(|refusal| refusal.to_string());
        insta::assert_snapshot!(refusal.unwrap_err(), @"--grade: `>=good` is no grade; write its word (good), its place on the scale (3, >=3, 1..2), a range of words (good..outstanding) or none");
    }

    #[test]
    fn each_condition_can_be_left_out_by_itself() {
        let args = FilterArgs {
            grade: vec!["inadequate".to_owned()],
            authority: vec!["King's Lynn".to_owned()],
            from: Some("2016".to_owned()),
            ..FilterArgs::default()
        };
        let filters = Filters {
            grade: vec![GradeFilter::Label("inadequate".to_owned())],
            authority: vec!["King's Lynn".to_owned()],
            from: Some(date(2016, 1, 1)),
            ..Filters::default()
        };
        let left = args.relaxations(&filters);
        let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["--grade inadequate", r"--authority 'King'\''s Lynn'", "--from 2016"]);
        assert!(left[0].1.grade.is_empty() && left[0].1.from.is_some());
        assert!(left[1].1.authority.is_empty() && !left[1].1.grade.is_empty());
        assert!(left[2].1.from.is_none());
    }
}
