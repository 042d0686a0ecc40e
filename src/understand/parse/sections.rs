//! Turns entries into sections: the outline of headings, and the kind of each paragraph.

use super::addressee;
use super::depth::{Around, Open, depth_within, is_alike, towers_over};
use super::entries::{Entry, Form, Text, append};
use super::grade::PrintedGrade;
use super::headings::Heading;
use super::named::Named;
use crate::knowledge::pattern::Pattern;
use crate::knowledge::{Framework, Inherit, SectionRule, fold};
use findings_index::records::{FoundIn, Kind};

/// A section that is being built: its open headings, outermost first, and its paragraphs.
#[derive(Debug)]
pub(super) struct Draft<'k> {
    pub(super) open: Vec<Open<'k>>,
    pub(super) page: Option<u32>,
    pub(super) paragraphs: Vec<super::Paragraph>,
    /// Whether it goes on with a section that a box or a part interrupted.
    resumed: bool,
}

impl<'k> Draft<'k> {
    fn of(open: Vec<Open<'k>>, page: Option<u32>) -> Self {
        Self { open, page, paragraphs: Vec::new(), resumed: false }
    }
}

/// The title of the section for the text on the cover.
pub(super) const FRONT: &str = "(front page)";

/// Builds the sections. Drops nothing but headings on the cover. A `letter` about a visit has no
/// summary: text before its first heading consists of findings like the rest. Headings that `named`
/// lists begin no judged section.
pub(super) fn build<'k>(
    entries: Vec<Entry<'k>>,
    named: &Named,
    framework: Option<&'k Framework>,
    letter: bool,
) -> Vec<Draft<'k>> {
    let prescribed = framework.is_some_and(|f| !f.sections.is_empty());
    let mut builder = Builder {
        framework,
        letter,
        drafts: vec![Draft::of(Vec::new(), None)],
        front: true,
        judged_to_come: true,
        interrupted: None,
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
    // So are those above the first sentence of a first page, whatever is known among them.
    let cover = entries.iter().take_while(|entry| is_above_text(entry)).count();
    let cover = if prescribed && cover < entries.len() { cover } else { 0 };
    for (index, entry) in entries.into_iter().enumerate() {
        builder.judged_to_come = named.is_before_last_area(index);
        match entry {
            Entry::Heading(_) if index < body => {}
            Entry::Heading(h) if index < cover && h.rule.is_none() => {}
            Entry::Heading(h) if named.is_line(index) => builder.text(Text::of_line(&h)),
            Entry::Heading(h) if named.is_name(index) => builder.open(h, false),
            Entry::Grade(..) if index > 0 && named.is_name(index - 1) => {}
            // Names and offices below a signature are not headings.
            Entry::Heading(h) if builder.boilerplate && h.learnt => {
                builder.text(Text::of_line(&h));
            }
            Entry::Heading(h) if builder.boilerplate && h.rule.is_none() => builder.signature(h),
            Entry::Heading(heading) => builder.open(heading, true),
            Entry::Grade(grade, found) => builder.grade(grade, found),
            Entry::Timescale(words) => builder.timescale = Some(words),
            Entry::Addressee(names) => builder.addressee = Some(names),
            Entry::Text(text) => builder.text(text),
            Entry::BoxEnd => builder.close_box(),
        }
    }
    builder.drafts.retain(|d| !d.paragraphs.is_empty() || !(d.open.is_empty() || d.resumed));
    builder.drafts
}

/// Whether an entry is on a first page and no prose.
fn is_above_text(entry: &Entry<'_>) -> bool {
    match entry {
        Entry::Heading(heading) => heading.page == Some(1),
        Entry::Text(text) => text.page == Some(1) && !reads_as_prose(&text.text),
        _ => true,
    }
}

struct Builder<'k> {
    framework: Option<&'k Framework>,
    letter: bool,
    drafts: Vec<Draft<'k>>,
    front: bool,
    /// Whether a judged section is still to come.
    judged_to_come: bool,
    /// The headings of the section that a box interrupts.
    interrupted: Option<Vec<Open<'k>>>,
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

    /// Opens the section of a heading; one that does not `judge` may name a judged area, and is no
    /// judgement.
    fn open(&mut self, heading: Heading<'k>, judge: bool) {
        self.front = false;
        self.timescale = None;
        self.addressee = None;
        let mut open = self.current().open.clone();
        let rule = self.rule(&heading, &open).filter(|r| judge || r.grade != Inherit::Own);
        let grade = heading.grade.clone().filter(|_| judge);
        let title = rule.and_then(|r| r.title.clone()).unwrap_or(heading.title.clone());
        let placed = rule.is_some_and(|r| r.level > 0);
        // A heading that a table repeats directly below is the same heading.
        let empty = self.current().paragraphs.is_empty();
        if empty && open.last().is_some_and(|o| same_title(&o.title, &title)) {
            if let (Some(last), Some(grade)) = (self.current().open.last_mut(), grade) {
                last.grade.get_or_insert((grade, FoundIn::Heading));
            }
            return;
        }
        if rule.is_some_and(|r| r.boxed) {
            self.interrupted.get_or_insert_with(|| open.clone());
        } else if placed {
            self.interrupted = None;
        }
        // Two reports may be bound in one file: after the closing pages of the first, the second
        // begins.
        self.boilerplate &= rule.is_none_or(|r| r.kind == Some(Kind::Boilerplate));
        let depth = match rule {
            Some(rule) if rule.level > 0 => u16::from(rule.level) * 10,
            _ => {
                let has_text = !empty || self.current().resumed;
                depth_within(&Around { open: &open, has_text }, &heading, rule)
            }
        };
        // The cover contains no sections, and a summary contains no prescribed ones. Nor does a
        // heading that the framework does not place, unless it is printed larger.
        let closes = |o: &Open<'_>| {
            let summary = o.rule.is_some_and(|r| r.level > 0 && r.kind == Some(Kind::Summary));
            let unplaced = o.rule.is_none_or(|r| r.level == 0);
            o.title == FRONT || (placed && (summary || (unplaced && !towers_over(o, &heading))))
        };
        open.retain(|o| o.depth < depth && !closes(o));
        open.push(Open {
            title,
            rule,
            grade: grade.map(|g| (g, FoundIn::Heading)),
            depth,
            level: heading.level,
            size: heading.size,
            bold: heading.bold,
        });
        self.drafts.push(Draft::of(open, heading.page));
    }

    /// Finds the rule for a heading at its place in the outline.
    fn rule(&self, heading: &Heading<'k>, open: &[Open<'k>]) -> Option<&'k SectionRule> {
        let named = heading.rule?;
        let within = |area: &str| open.iter().any(|o| o.rule.is_some_and(|r| r.area == area));
        let words = super::headings::bare(&heading.title);
        let fits = self
            .framework?
            .sections
            .iter()
            .filter(|rule| std::ptr::eq(*rule, named) || rule.heading.regex().is_match(&words))
            .filter(|rule| rule.under.is_empty() || rule.under.iter().any(|area| within(area)));
        let mut fits = fits.peekable();
        let first = *fits.peek()?;
        // A part at the end of the report may have the name of one inside a section: it is printed
        // like that section.
        let beside = |o: &&Open<'_>| {
            o.rule.is_some_and(|r| first.under.contains(&r.area)) && is_alike(heading, o)
        };
        match open.iter().find(beside).and_then(|o| o.rule).filter(|_| !self.judged_to_come) {
            Some(around) => fits
                .find(|rule| rule.under.is_empty() && rule.level > 0 && rule.level <= around.level)
                .or(Some(first)),
            None => Some(first),
        }
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

    /// Goes on with the section that a box interrupted.
    fn close_box(&mut self) {
        if let Some(open) = self.interrupted.take() {
            self.drafts.push(Draft { resumed: true, ..Draft::of(open, None) });
        }
    }

    /// Closes an unnumbered section before a numbered paragraph, which belongs to the section
    /// around it.
    fn close_unnumbered(&mut self) {
        let open = &self.current().open;
        if open.last().is_some_and(|o| o.rule.is_some_and(|r| r.unnumbered)) {
            let open = open[..open.len() - 1].to_vec();
            self.drafts.push(Draft { resumed: true, ..Draft::of(open, None) });
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
                bold: false,
            };
            let page = paragraph.page;
            self.drafts.push(Draft::of(vec![open], page));
        }
        let draft = self.current();
        draft.page = draft.page.or(paragraph.page);
        draft.paragraphs.push(paragraph);
    }
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
