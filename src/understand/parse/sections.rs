//! Turns entries into sections: the outline of headings, and the kind of each paragraph.

use super::addressee;
use super::entries::{Entry, Form, Text, append};
use super::grade::PrintedGrade;
use super::headings::Heading;
use crate::knowledge::pattern::Pattern;
use crate::knowledge::{Framework, SectionRule, fold};
use findings_index::records::{FoundIn, Kind};

/// A heading whose section is open.
#[derive(Debug, Clone)]
pub(super) struct Open<'k> {
    pub(super) title: String,
    pub(super) rule: Option<&'k SectionRule>,
    pub(super) grade: Option<(PrintedGrade, FoundIn)>,
    /// Depth in the outline: tens for prescribed sections, ones for headings inside them.
    depth: u16,
    pub(super) level: u8,
    pub(super) size: f32,
}

/// A section that is being built: its open headings, outermost first, and its paragraphs.
#[derive(Debug)]
pub(super) struct Draft<'k> {
    pub(super) open: Vec<Open<'k>>,
    pub(super) page: Option<u32>,
    pub(super) paragraphs: Vec<super::Paragraph>,
}

/// The area of lists of contents.
const CONTENTS: &str = "Contents";

/// The title of the section for the text on the cover.
pub(super) const FRONT: &str = "(front page)";

/// Builds the sections. Drops nothing but headings on the cover. A `letter` about a visit has no
/// summary: text before its first heading consists of findings like the rest.
pub(super) fn build<'k>(
    entries: Vec<Entry<'k>>,
    framework: Option<&'k Framework>,
    letter: bool,
) -> Vec<Draft<'k>> {
    let prescribed = framework.is_some_and(|f| !f.sections.is_empty());
    let mut builder = Builder {
        framework,
        letter,
        drafts: vec![Draft { open: Vec::new(), page: None, paragraphs: Vec::new() }],
        front: true,
        boilerplate: false,
        timescale: None,
        addressee: None,
        line: (None, 0.0, 0.0),
    };
    // Text before the first prescribed section is the cover: its large lines are the title and
    // names, which the header already has, and not headings of sections.
    let body = entries
        .iter()
        .position(|e| matches!(e, Entry::Heading(h) if h.rule.is_some() || !prescribed))
        .unwrap_or(0);
    for (index, entry) in entries.into_iter().enumerate() {
        match entry {
            Entry::Heading(_) if index < body => {}
            // Names and offices below a signature are not headings.
            Entry::Heading(h) if builder.boilerplate && h.rule.is_none() => builder.signature(h),
            Entry::Heading(heading) => builder.open(heading),
            Entry::Grade(grade, found) => builder.grade(grade, found),
            Entry::Timescale(words) => builder.timescale = Some(words),
            Entry::Addressee(names) => builder.addressee = Some(names),
            Entry::Text(text) => builder.text(text),
        }
    }
    builder.drafts.retain(|d| !d.paragraphs.is_empty() || !d.open.is_empty());
    builder.drafts
}

struct Builder<'k> {
    framework: Option<&'k Framework>,
    letter: bool,
    drafts: Vec<Draft<'k>>,
    front: bool,
    boilerplate: bool,
    timescale: Option<String>,
    addressee: Option<String>,
    /// The page, the distance from its top and the size of the last text.
    line: (Option<u32>, f32, f32),
}

impl<'k> Builder<'k> {
    fn current(&mut self) -> &mut Draft<'k> {
        let last = self.drafts.len() - 1;
        &mut self.drafts[last]
    }

    fn signature(&mut self, heading: Heading<'k>) {
        let paragraph = super::Paragraph {
            number: None,
            kind: Kind::Boilerplate,
            depth: 0,
            timescale: None,
            addressee: None,
            page: heading.page,
            page_end: heading.page,
            text: heading.title,
        };
        self.current().paragraphs.push(paragraph);
    }

    fn open(&mut self, heading: Heading<'k>) {
        self.front = false;
        self.timescale = None;
        self.addressee = None;
        let mut open = self.current().open.clone();
        // A list of contents holds no sections.
        open.retain(|o| o.rule.is_none_or(|rule| rule.area != CONTENTS));
        let rule = self.rule(&heading, &open);
        let title = rule.and_then(|r| r.title.clone()).unwrap_or(heading.title.clone());
        // A heading that a table repeats directly below is the same heading.
        let empty = self.current().paragraphs.is_empty();
        if empty && open.last().is_some_and(|o| same_title(&o.title, &title)) {
            if let (Some(last), Some(grade)) = (self.current().open.last_mut(), heading.grade) {
                last.grade.get_or_insert((grade, FoundIn::Heading));
            }
            return;
        }
        // Two reports may be bound in one file: after the closing pages of the first, the second
        // begins.
        self.boilerplate &= rule.is_none_or(|r| r.kind == Some(Kind::Boilerplate));
        let depth = match rule {
            Some(rule) if rule.level > 0 => u16::from(rule.level) * 10,
            _ => depth_within(&open, &heading),
        };
        // The cover contains no sections, and a summary contains no prescribed ones.
        let closes = |o: &Open<'_>| {
            let summary = o.rule.is_some_and(|r| r.level > 0 && r.kind == Some(Kind::Summary));
            o.title == FRONT || (summary && rule.is_some_and(|r| r.level > 0))
        };
        open.retain(|o| o.depth < depth && !closes(o));
        open.push(Open {
            title,
            rule,
            grade: heading.grade.map(|g| (g, FoundIn::Heading)),
            depth,
            level: heading.level,
            size: heading.size,
        });
        self.drafts.push(Draft { open, page: heading.page, paragraphs: Vec::new() });
    }

    /// Finds the rule for a heading at its place in the outline.
    fn rule(&self, heading: &Heading<'k>, open: &[Open<'k>]) -> Option<&'k SectionRule> {
        let named = heading.rule?;
        let within = |area: &str| open.iter().any(|o| o.rule.is_some_and(|r| r.area == area));
        let words = super::headings::bare(&heading.title);
        self.framework?
            .sections
            .iter()
            .filter(|rule| std::ptr::eq(*rule, named) || rule.heading.regex().is_match(&words))
            .find(|rule| rule.under.is_empty() || rule.under.iter().any(|area| within(area)))
    }

    fn grade(&mut self, grade: PrintedGrade, found: FoundIn) {
        if let Some(open) = self.current().open.last_mut() {
            open.grade.get_or_insert((grade, found));
        }
    }

    fn text(&mut self, text: Text) {
        let folded = fold::punctuation(&text.text).into_owned();
        let matches = |patterns: &[Pattern]| patterns.iter().any(|p| p.regex().is_match(&folded));
        let boilerplate = self.framework.map(|f| &f.boilerplate);
        self.boilerplate |= boilerplate.is_some_and(|b| matches(&b.from));
        let fixed = self.boilerplate || boilerplate.is_some_and(|b| matches(&b.paragraphs));
        let cover = self.front
            && (!reads_as_prose(&folded) || boilerplate.is_some_and(|b| matches(&b.front)));
        if text.number.is_some() {
            self.close_unnumbered();
        }
        let kind = match text.form {
            _ if fixed => Kind::Boilerplate,
            Form::Note => Kind::Footnote,
            _ if cover => Kind::Boilerplate,
            Form::Row if self.is_boilerplate() => Kind::Boilerplate,
            Form::Row => Kind::Table,
            _ if self.front && !self.letter => Kind::Summary,
            form => self.kind_within(form, text.number.is_some()),
        };
        let title = match self.framework.and_then(|f| f.untitled.as_deref()) {
            Some(untitled) if !cover && !self.letter => untitled,
            _ => FRONT,
        };
        let depth = match text.form {
            Form::Bullet(depth) => depth,
            _ => 0,
        };
        let beside = std::mem::replace(&mut self.line, (text.page, text.top, text.size));
        if kind == Kind::Boilerplate
            && text.form == Form::Running
            && is_next_line(beside, self.line)
            && !reads_as_prose(&folded)
            && let Some(above) = self.current().paragraphs.last_mut()
            && above.kind == Kind::Boilerplate
            && above.depth == 0
            && !reads_as_prose(&above.text)
        {
            append(&mut above.text, &text.text);
            return;
        }
        let timescale = self.timescale.clone().filter(|_| kind == Kind::Recommendation);
        let addressee = match kind {
            Kind::Recommendation => {
                let beside = self.addressee.clone();
                let open = &self.current().open;
                let titles = open.iter().rev().map(|open| open.title.as_str());
                beside.or_else(|| addressee::of(&text.text, titles))
            }
            _ => None,
        };
        self.paragraph(
            title,
            super::Paragraph {
                number: text.number.map(|n| n.to_string()),
                kind,
                depth,
                timescale,
                addressee,
                page: text.page,
                page_end: text.page_end,
                text: text.text,
            },
        );
    }

    /// Closes an unnumbered section before a numbered paragraph, which belongs to the section
    /// around it.
    fn close_unnumbered(&mut self) {
        let open = &self.current().open;
        if open.last().is_some_and(|o| o.rule.is_some_and(|r| r.unnumbered)) {
            let open = open[..open.len() - 1].to_vec();
            self.drafts.push(Draft { open, page: None, paragraphs: Vec::new() });
        }
    }

    /// The kind that the framework prescribes under the open headings, and whether for bullets
    /// only.
    fn prescribed_kind(&mut self) -> Option<(Kind, bool)> {
        let rules = self.current().open.iter().rev().filter_map(|o| o.rule);
        rules.filter_map(|r| r.kind.map(|kind| (kind, r.bullets_only))).next()
    }

    /// Whether a bullet here belongs to the numbered recommendation that introduces it: some lists
    /// are flat, with numbers and bullets at the same depth.
    fn below_recommendation(&mut self) -> bool {
        let above = self.current().paragraphs.iter().rev();
        let mut above =
            above.filter(|p| p.kind != Kind::Footnote).skip_while(|p| p.kind == Kind::Bullet);
        above.next().is_some_and(|p| {
            p.kind == Kind::Recommendation && p.number.is_some() && p.text.ends_with(':')
        })
    }

    fn is_boilerplate(&mut self) -> bool {
        self.prescribed_kind().is_some_and(|(kind, _)| kind == Kind::Boilerplate)
    }

    /// The kind of text under the open headings.
    fn kind_within(&mut self, form: Form, numbered: bool) -> Kind {
        match (self.prescribed_kind(), form) {
            (Some((Kind::Recommendation, true)), Form::Running) => Kind::Finding,
            // A part of a recommendation is not another recommendation.
            (Some((Kind::Recommendation, _)), Form::Bullet(depth))
                if depth > 1 || self.below_recommendation() =>
            {
                Kind::Bullet
            }
            (Some((Kind::Recommendation, _)), _) => Kind::Recommendation,
            (Some((Kind::Boilerplate, _)), _) => Kind::Boilerplate,
            (_, Form::Bullet(_)) => Kind::Bullet,
            (Some((kind, _)), _) if !numbered => kind,
            _ => Kind::Finding,
        }
    }

    fn paragraph(&mut self, front_title: &str, paragraph: super::Paragraph) {
        if self.front && self.current().open.last().is_none_or(|o| o.title != front_title) {
            let open = Open {
                title: front_title.to_owned(),
                rule: None,
                grade: None,
                depth: 10,
                level: 0,
                size: 0.0,
            };
            let page = paragraph.page;
            self.drafts.push(Draft { open: vec![open], page, paragraphs: Vec::new() });
        }
        let draft = self.current();
        draft.page = draft.page.or(paragraph.page);
        draft.paragraphs.push(paragraph);
    }
}

/// The depth of a heading whose place no rule prescribes: below the section that contains it, and
/// equal to or below the last such heading, by the source's marking and the size of its letters.
fn depth_within(open: &[Open<'_>], heading: &Heading<'_>) -> u16 {
    // The section that the rule requires around the heading stays open, however the heading is set.
    let asked = |o: &Open<'_>| {
        heading.rule.zip(o.rule).is_some_and(|(rule, around)| rule.under.contains(&around.area))
    };
    let around = open.iter().rposition(asked);
    let within = &open[around.map_or(0, |place| place + 1)..];
    if let Some(beside) = within.iter().find(|o| is_beside(heading, o)) {
        return beside.depth;
    }
    let above = within.iter().rev().find(|o| !outranks(heading, o));
    match above.or(around.map(|place| &open[place])) {
        Some(above) => above.depth + 1,
        None => 10,
    }
}

/// Whether a heading whose rule leaves its place open is marked and set like an open one.
fn is_beside(heading: &Heading<'_>, open: &Open<'_>) -> bool {
    let unplaced = heading.rule.is_some_and(|r| r.level == 0);
    let marked_alike = heading.level > 0 && heading.level == open.level;
    let sized = heading.size > 0.0 && open.size > 0.0;
    unplaced && marked_alike && sized && (heading.size - open.size).abs() < 0.6
}

/// Whether a heading closes an open one: it is at least as large, or marked at least as high.
fn outranks(heading: &Heading<'_>, open: &Open<'_>) -> bool {
    let sized = heading.size > 0.0 && open.size > 0.0;
    if is_beside(heading, open) {
        return true;
    }
    if open.rule.is_some_and(|r| r.level > 0) {
        return sized && heading.size > open.size + 1.5;
    }
    if sized && (heading.size - open.size).abs() > 0.6 {
        return heading.size > open.size;
    }
    heading.level == 0 || open.level == 0 || heading.level <= open.level
}

pub(super) fn same_title(a: &str, b: &str) -> bool {
    fold::punctuation(a).eq_ignore_ascii_case(&fold::punctuation(b))
}

/// Whether a line is directly below another, like the lines of an address.
fn is_next_line(above: (Option<u32>, f32, f32), below: (Option<u32>, f32, f32)) -> bool {
    let leading = below.1 - above.1;
    above.0 == below.0 && above.2 > 0.0 && leading > 0.0 && leading < 1.6 * above.2
}

/// Whether text on the cover is prose rather than a label, a name or an address.
fn reads_as_prose(text: &str) -> bool {
    text.split_whitespace().count() >= 12 && text.trim_end().ends_with(['.', ':', ';', '"', '\''])
}

#[cfg(test)]
mod tests {
    use super::{Open, depth_within};
    use crate::knowledge::Knowledge;
    use crate::understand::parse::headings::Heading;

    #[test]
    fn a_heading_stays_within_the_section_its_rule_asks_for_though_both_are_set_alike() {
        let knowledge = Knowledge::embedded().unwrap();
        let sif = knowledge.framework("sif").unwrap();
        let rule = |area: &str| sif.sections.iter().find(|r| r.area == area);
        let area = Open {
            title: "Information about this local authority area".to_owned(),
            rule: rule("Information about this local authority area"),
            grade: None,
            depth: 20,
            level: 3,
            size: 12.0,
        };
        let heading = |title: &str| Heading {
            title: title.to_owned(),
            rule: rule("Children in this area"),
            grade: None,
            level: 3,
            size: 12.0,
            page: Some(5),
        };
        assert_eq!(
            depth_within(std::slice::from_ref(&area), &heading("Children living in this area")),
            21
        );
        let leaders =
            Open { title: "Local leadership".to_owned(), rule: None, depth: 21, ..area.clone() };
        assert_eq!(depth_within(&[area, leaders], &heading("Child protection in this area")), 21);
    }
}
