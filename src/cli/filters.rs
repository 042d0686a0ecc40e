//! The conditions shared by `search`, `reports` and `export`.

use super::values;
use crate::ask::Conditions;
use findings_index::records::{Attribute, Kind};
use std::collections::BTreeMap;

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
    #[arg(long, value_parser = values::kind(), ignore_case = true, value_delimiter = ',')]
    pub(crate) kind: Vec<Kind>,

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

impl FilterArgs {
    /// The conditions, as they were typed.
    pub(crate) fn typed(&self) -> Conditions {
        let mut values = BTreeMap::new();
        let mut add = |attribute: Attribute, typed: &[String]| {
            if !typed.is_empty() {
                values.insert(attribute, typed.to_vec());
            }
        };
        let kinds: Vec<String> = self.kind.iter().map(|kind| kind.name().to_owned()).collect();
        add(Attribute::Grade, &self.grade);
        add(Attribute::Overall, &self.overall);
        add(Attribute::Theme, &self.theme);
        add(Attribute::Topic, &self.topic);
        add(Attribute::Section, &self.section);
        add(Attribute::Authority, &self.authority);
        add(Attribute::Region, &self.region);
        add(Attribute::Framework, &self.framework);
        add(Attribute::Kind, &kinds);
        add(Attribute::Report, &self.report);
        Conditions {
            values,
            from: self.from.clone(),
            to: self.to.clone(),
            undated: self.undated,
            neighbours_of: self.neighbours_of.clone(),
        }
    }
}
