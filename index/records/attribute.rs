//! The attributes of paragraphs and of their reports: what can be asked of each, in one table.
//!
//! Every part that needs the names of fields, conditions, facets or dimensions takes them from this
//! table; there is no other list. Nothing here knows how a value is written in a query or where an
//! engine keeps it.

use crate::records::normal;
use crate::records::{Grade, Kind, ParagraphRecord, ReportHead, Visit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The separator between a heading and the next inner one, where a section is one value.
pub const BELOW: &str = " › ";

/// A property of a paragraph or of its report, other than the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Attribute {
    /// The grade of the section; grouped and counted as printed.
    Grade,
    /// The overall judgement of the report; grouped and counted like [`Attribute::Grade`].
    Overall,
    /// The canonical theme of the section.
    Theme,
    /// The topics, by id. A paragraph may have several, so facet counts may add up to more than the
    /// total.
    Topic,
    /// The headings above the paragraph, at any level; a condition gives words of one of them.
    ///
    /// As a facet, counts the outermost heading. Under a heading that a condition selects, its
    /// children are listed as well, as `Parent › Child` after their parent, whose count includes
    /// theirs.
    Section,
    /// The authority of the report.
    Authority,
    /// The region of the authority.
    Region,
    /// The framework's code.
    Framework,
    /// The type of visit, if the report is of a visit.
    Visit,
    /// The kind of paragraph.
    Kind,
    /// When a recommendation is due, in the form of [`Attribute::normal`].
    Timescale,
    /// The body that a recommendation is addressed to, in the form of [`Attribute::normal`].
    Addressee,
    /// The report, by id.
    Report,
    /// The printed number of the paragraph.
    Number,
    /// The pages on which the paragraph is printed.
    Page,
    /// The day of [`ReportRecord::date`](super::ReportRecord::date).
    Date,
    /// The calendar year of [`ReportRecord::date`](super::ReportRecord::date).
    Year,
}

/// What an attribute can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A condition within a query, `field:value`.
    Field,
    /// A condition next to the query; its values are alternatives.
    Condition,
    /// Counts of the matches by value.
    Facet,
    /// Groups of hits.
    Group,
    /// A comparison. Every paragraph belongs to exactly one group.
    Dimension,
}

/// The form of an attribute's values, as in [`Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// A grade.
    Grade,
    /// A name, compared by its words.
    Name,
    /// One of a few names that are known in advance, see [`Attribute::choices`].
    OneOf,
    /// Names of which a paragraph may have several.
    Names,
    /// An id.
    Id,
    /// Headings, outermost first.
    Headings,
    /// A number as printed.
    Number,
    /// Pages, counted from 1.
    Pages,
    /// A day.
    Day,
}

/// The value of an attribute for a paragraph or its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A grade.
    Grade(Option<&'a Grade>),
    /// A name, compared by its words.
    Name(Option<&'a str>),
    /// Names, any number of them.
    Names(&'a [String]),
    /// An id, compared without regard to case.
    Id(&'a str),
    /// Headings, outermost first.
    Headings(&'a [String]),
    /// A number as printed, which may contain more than digits.
    Number(Option<&'a str>),
    /// The first and the last page.
    Pages(Option<[u32; 2]>),
    /// A day.
    Day(Option<Date>),
}

/// The properties of one attribute.
struct Entry {
    attribute: Attribute,
    name: &'static str,
    form: ValueForm,
    uses: &'static [Use],
    /// Whether it belongs to the report rather than the paragraph.
    is_of_reports: bool,
    /// Whether a condition can ask for its absence.
    may_lack: bool,
}

const EVERYWHERE: &[Use] = &[Use::Field, Use::Condition, Use::Facet, Use::Group, Use::Dimension];
/// For attributes of which a paragraph may have several values: groups would overlap.
const NO_GROUPS: &[Use] = &[Use::Field, Use::Condition, Use::Facet];
const IN_QUERIES: &[Use] = &[Use::Field];

/// All attributes, in the order in which they are declared and explained.
#[rustfmt::skip]
const TABLE: [Entry; 17] = {
    use Attribute as A;
    use ValueForm as F;
    const fn of_paragraphs(
        attribute: A, name: &'static str, form: F, uses: &'static [Use], may_lack: bool,
    ) -> Entry {
        Entry { attribute, name, form, uses, is_of_reports: false, may_lack }
    }
    const fn of_reports(
        attribute: A, name: &'static str, form: F, uses: &'static [Use], may_lack: bool,
    ) -> Entry {
        Entry { attribute, name, form, uses, is_of_reports: true, may_lack }
    }
    [
        of_paragraphs(A::Grade, "grade", F::Grade, EVERYWHERE, true),
        of_reports(A::Overall, "overall", F::Grade, EVERYWHERE, true),
        of_paragraphs(A::Theme, "theme", F::Name, EVERYWHERE, true),
        of_paragraphs(A::Topic, "topic", F::Names, NO_GROUPS, false),
        of_paragraphs(A::Section, "section", F::Headings, NO_GROUPS, false),
        of_reports(A::Authority, "authority", F::Name, EVERYWHERE, true),
        of_reports(A::Region, "region", F::Name, EVERYWHERE, true),
        of_reports(A::Framework, "framework", F::Name, EVERYWHERE, false),
        of_reports(A::Visit, "visit", F::OneOf, EVERYWHERE, true),
        of_paragraphs(A::Kind, "kind", F::OneOf, EVERYWHERE, false),
        of_paragraphs(A::Timescale, "timescale", F::Name, EVERYWHERE, true),
        of_paragraphs(A::Addressee, "addressee", F::Name, EVERYWHERE, true),
        of_reports(A::Report, "report", F::Id, EVERYWHERE, false),
        of_paragraphs(A::Number, "number", F::Number, IN_QUERIES, false),
        of_paragraphs(A::Page, "page", F::Pages, IN_QUERIES, false),
        of_reports(A::Date, "date", F::Day, IN_QUERIES, false),
        of_reports(A::Year, "year", F::Day, EVERYWHERE, false),
    ]
};

impl Attribute {
    /// All attributes, in the order in which they are explained.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::Grade; TABLE.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = TABLE[at].attribute;
            at += 1;
        }
        all
    };

    fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// The name, as in JSON and before the colon in a query.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The attribute with that name, ignoring case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name().eq_ignore_ascii_case(name))
    }

    /// Whether it can be used for that purpose.
    #[must_use]
    pub fn serves(self, purpose: Use) -> bool {
        self.entry().uses.contains(&purpose)
    }

    /// The attributes that can be used for that purpose, in the order in which they are explained.
    pub fn of(purpose: Use) -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(move |attribute| attribute.serves(purpose))
    }

    /// The form of its values.
    #[must_use]
    pub fn form(self) -> ValueForm {
        self.entry().form
    }

    /// Its value for a paragraph and its report; without a paragraph, for the report alone.
    #[must_use]
    pub fn value<'a>(
        self,
        paragraph: Option<&'a ParagraphRecord>,
        report: &'a ReportHead,
    ) -> Value<'a> {
        match self {
            Self::Grade => Value::Grade(paragraph.and_then(|p| p.grade.as_ref())),
            Self::Overall => Value::Grade(report.overall.as_ref()),
            Self::Theme => Value::Name(paragraph.and_then(|p| p.theme.as_deref())),
            Self::Topic => Value::Names(paragraph.map_or(&[], |p| &p.topics)),
            Self::Section => Value::Headings(paragraph.map_or(&[], |p| &p.section)),
            Self::Authority => Value::Name(report.authority.as_deref()),
            Self::Region => Value::Name(report.region.as_deref()),
            Self::Framework => Value::Name(Some(&report.framework)),
            Self::Visit => Value::Name(report.visit.map(Visit::name)),
            Self::Kind => Value::Name(paragraph.map(|p| p.kind.name())),
            Self::Timescale => Value::Name(paragraph.and_then(|p| p.timescale.as_deref())),
            Self::Addressee => Value::Name(paragraph.and_then(|p| p.addressee.as_deref())),
            Self::Report => Value::Id(&report.id),
            Self::Number => Value::Number(paragraph.and_then(|p| p.number.as_deref())),
            Self::Page => Value::Pages(paragraph.and_then(|p| {
                let first = p.page?;
                Some([first, p.page_end.unwrap_or(first)])
            })),
            Self::Date | Self::Year => Value::Day(report.date()),
        }
    }

    /// The form of a value in which it is compared and counted, where reports print the same in
    /// several: `Within 3 months:` is `within three months`.
    #[must_use]
    pub fn normal(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Timescale => Cow::Owned(normal::timescale(value)),
            Self::Addressee => Cow::Owned(normal::addressee(value)),
            _ => Cow::Borrowed(value),
        }
    }

    /// The names that it can have as a value, where these are few and known in advance.
    #[must_use]
    pub fn choices(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Visit => Some(Visit::ALL.map(Visit::name).to_vec()),
            Self::Kind => Some(Kind::ALL.map(Kind::name).to_vec()),
            _ => None,
        }
    }

    /// Whether its values are grades.
    #[must_use]
    pub fn is_grade(self) -> bool {
        self.form() == ValueForm::Grade
    }

    /// Whether all paragraphs of a report have the same value.
    #[must_use]
    pub fn is_of_reports(self) -> bool {
        self.entry().is_of_reports
    }

    /// Whether a paragraph may have several values.
    #[must_use]
    pub fn is_multivalued(self) -> bool {
        self.form() == ValueForm::Names
    }

    /// Whether `none` can be asked for: that a paragraph or report has no value.
    #[must_use]
    pub fn may_lack(self) -> bool {
        self.entry().may_lack
    }

    /// Whether its values are strings for which an engine keeps a column.
    #[must_use]
    pub fn is_column(self) -> bool {
        !matches!(self.form(), ValueForm::Number | ValueForm::Pages | ValueForm::Day)
    }
}

impl Use {
    /// The name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Condition => "condition",
            Self::Facet => "facet",
            Self::Group => "group",
            Self::Dimension => "dimension",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attribute, TABLE, Use};

    #[test]
    fn table_stands_in_the_order_of_the_enum() {
        for (place, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.attribute as usize, place, "{}", entry.name);
        }
    }

    #[test]
    fn name_is_that_of_json_and_found_in_any_case() {
        for attribute in Attribute::ALL {
            assert_eq!(
                serde_json::to_string(&attribute).unwrap(),
                format!("{:?}", attribute.name())
            );
            assert_eq!(Attribute::named(&attribute.name().to_uppercase()), Some(attribute));
        }
        assert_eq!(Attribute::named("grad"), None);
    }

    #[test]
    fn groups_and_dimensions_give_a_paragraph_one_value() {
        for purpose in [Use::Group, Use::Dimension] {
            assert!(!Attribute::of(purpose).any(Attribute::is_multivalued));
        }
    }
}
