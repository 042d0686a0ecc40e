//! Turns entries into sections: the outline of headings, and the kind of each paragraph.

use super::addressee;
use super::captions;
use super::depth::{
    Around, Open, depth_beside, depth_of_notes, depth_within, ends_group, group, holds_summary,
    is_alike, towers_over,
};
use super::entries::{Entry, Form, Text, append};
use super::grade::PrintedGrade;
use super::headings::Heading;
use super::kinds::{self, Prescribed};
use super::named::Named;
use crate::knowledge::framework::ParagraphRule;
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

/// The area of lists of contents.
const CONTENTS: &str = "Contents";

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
        address: false,
        judged_to_come: true,
        interrupted: None,
        boilerplate: false,
        lead: None,
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
    let salutation = entries.iter().take(body).rposition(|entry| match entry {
        Entry::Text(text) => kinds::ends_address(framework, &fold::punctuation(&text.text)),
        _ => false,
    });
    // So are those above the first sentence of a first page, whatever is known among them.
    let cover = entries.iter().take_while(|entry| is_above_text(entry)).count();
    let cover = if prescribed && cover < entries.len() { cover } else { 0 };
    for (index, entry) in entries.into_iter().enumerate() {
        builder.address = salutation.is_some_and(|last| index <= last);
        builder.judged_to_come = named.is_before_last_area(index);
        match entry {
            Entry::Heading(heading) if index < body => builder.cover_line(heading),
            Entry::Heading(h) if index < cover && h.rule.is_none() => builder.cover_line(h),
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
    if framework.is_none_or(|f| !f.is_embedded()) {
        keep_bare_headings(&mut builder.drafts);
    }
    builder.drafts
}

/// Makes a line of a heading that has nothing below it, which would otherwise be in no paragraph:
/// where the program was not made for the report, that may have been no heading at all.
fn keep_bare_headings(drafts: &mut [Draft<'_>]) {
    for place in 0..drafts.len() {
        let (draft, after) = (&drafts[place], drafts.get(place + 1));
        let is_above = |next: &Draft<'_>| {
            next.open.len() > draft.open.len()
                && draft.open.iter().zip(&next.open).all(|(one, other)| one.title == other.title)
        };
        if !draft.paragraphs.is_empty() || after.is_some_and(is_above) {
            continue;
        }
        let title = draft.open.last().map(|open| open.title.clone());
        let page = draft.page;
        drafts[place].paragraphs.extend(title.map(|title| line_of(title, page)));
    }
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
    /// Whether the salutation of a letter is still to come.
    address: bool,
    /// Whether a judged section is still to come.
    judged_to_come: bool,
    /// The headings of the section that a box interrupts.
    interrupted: Option<Vec<Open<'k>>>,
    boilerplate: bool,
    /// The kind of the list that the last text introduces, if its words tell.
    lead: Option<Kind>,
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

    /// Whether the framework is the user's own, so that it need not list everything.
    fn is_of_user(&self) -> bool {
        self.framework.is_some_and(|f| !f.is_embedded())
    }

    /// Keeps a large line of the cover, of which the header has read what it could, where the
    /// program was not made for the report.
    fn cover_line(&mut self, heading: Heading<'k>) {
        if self.is_of_user() {
            let line = line_of(heading.title, heading.page);
            self.paragraph(FRONT, line);
        }
    }

    fn signature(&mut self, heading: Heading<'k>) {
        let paragraph = line_of(heading.title, heading.page);
        self.current().paragraphs.push(paragraph);
    }

    /// The kind that its words give a paragraph under the open headings.
    fn kind_by_words(&mut self, folded: &str) -> Option<Kind> {
        let rules = self.framework.map_or(&[][..], |f| &f.paragraphs);
        let open = &self.current().open;
        let applies = |rule: &&ParagraphRule| {
            is_under(&rule.under, open) && rule.pattern.regex().is_match(folded)
        };
        rules.iter().find(applies).map(|rule| rule.kind)
    }

    /// Opens the section of a heading; one that does not `judge` may name a judged area, and is no
    /// judgement.
    fn open(&mut self, heading: Heading<'k>, judge: bool) {
        self.front = false;
        self.lead = None;
        self.timescale = None;
        self.addressee = None;
        let mut open = self.current().open.clone();
        // A list of contents holds no sections.
        open.retain(|o| o.rule.is_none_or(|rule| rule.area != CONTENTS));
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
                let is_beside = rule.is_none() && self.is_of_user();
                let beside = is_beside.then(|| depth_beside(&open, &heading)).flatten();
                let has_text = !empty || self.current().resumed;
                let around = Around { open: &open, has_text };
                let depth = beside.unwrap_or_else(|| depth_within(&around, &heading, rule));
                if rule.is_none() && captions::announces_notes(&title) {
                    depth_of_notes(&open, &heading, depth)
                } else {
                    depth
                }
            }
        };
        let bare = empty && !self.current().resumed;
        if placed && bare && group(&mut open, &heading, depth) {
            self.current().open.clone_from(&open);
        }
        // The cover contains no sections, and a summary contains no prescribed ones. Nor does a
        // heading that the framework does not place, unless it is printed larger.
        let closes = |o: &Open<'_>| {
            let holds = bare && rule.is_some_and(|r| holds_summary(o, &heading, r));
            let summary = o.rule.is_some_and(|r| r.level > 0 && r.kind == Some(Kind::Summary));
            let summary = summary && !holds;
            let asked = rule.zip(o.rule).is_some_and(|(r, around)| r.under.contains(&around.area));
            let unplaced = o.rule.is_none_or(|r| r.level == 0);
            let ends = summary || (unplaced && !towers_over(o, &heading));
            o.title == FRONT || (placed && ((!asked && ends) || ends_group(o, &heading, depth)))
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
            groups: None,
        });
        self.drafts.push(Draft::of(open, heading.page));
    }

    /// Finds the rule for a heading at its place in the outline.
    fn rule(&self, heading: &Heading<'k>, open: &[Open<'k>]) -> Option<&'k SectionRule> {
        let named = heading.rule?;
        let words = super::headings::bare(&heading.title);
        let fits = self
            .framework?
            .sections
            .iter()
            .filter(|rule| std::ptr::eq(*rule, named) || rule.heading.regex().is_match(&words))
            .filter(|rule| is_under(&rule.under, open));
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
        let told = self.told(&text, &folded);
        let fixed = self.boilerplate || self.address || told == Some(Kind::Boilerplate);
        let cover = self.front
            && (!reads_as_prose(&folded) || boilerplate.is_some_and(|b| matches(&b.front)));
        if text.number.is_some() {
            self.close_unnumbered();
        }
        let by_words = self.kind_by_words(&folded);
        let kind = match text.form {
            _ if fixed => Kind::Boilerplate,
            Form::Note => Kind::Footnote,
            Form::Contents => Kind::Boilerplate,
            Form::Caption if !self.is_boilerplate() => Kind::Caption,
            _ if cover => Kind::Boilerplate,
            form => match told.or_else(|| by_words.filter(|_| form != Form::Row)) {
                Some(kind) => kind,
                None if self.front && !self.letter && form != Form::Row => Kind::Summary,
                None => self.kind_within(form, text.number.is_some(), &text.text),
            },
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
                number: text.number,
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

    /// The kind that the words of a text tell, or those of the text that introduces its list.
    fn told(&mut self, text: &Text, folded: &str) -> Option<Kind> {
        let own = kinds::by_words(self.framework, folded, self.front);
        match text.form {
            Form::Bullet(_) => own.or(self.lead),
            Form::Note | Form::Caption | Form::Contents => own,
            Form::Running | Form::Row => {
                self.lead = own.filter(|_| folded.trim_end().ends_with(':'));
                own
            }
        }
    }

    /// What the framework prescribes for text under the open headings.
    fn prescribed(&mut self) -> Prescribed {
        let open = &self.current().open;
        let place = open.iter().rposition(|o| o.rule.is_some_and(|rule| rule.kind.is_some()));
        let Some((place, rule)) = place.and_then(|at| Some((at, open[at].rule?))) else {
            return Prescribed::default();
        };
        let within = &open[place + 1..];
        // A section with a place of its own is not about the area, wherever it was found.
        let is_placed = |o: &Open<'_>| o.rule.is_some_and(|rule| rule.level > 0);
        if rule.kind == Some(Kind::Context) && within.iter().any(is_placed) {
            return Prescribed::default();
        }
        Prescribed {
            kind: rule.kind,
            bullets_only: rule.bullets_only,
            demands_only: rule.demands_only,
            renumbered: rule.renumbered,
            is_apart: within.iter().any(|o| o.rule.is_none()),
        }
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
        self.prescribed().kind == Some(Kind::Boilerplate)
    }

    /// The kind of text under the open headings.
    fn kind_within(&mut self, form: Form, numbered: bool, text: &str) -> Kind {
        let prescribed = self.prescribed();
        let is_part = match form {
            Form::Bullet(depth) => depth > 1 || self.below_recommendation(),
            _ => false,
        };
        kinds::within(prescribed, form, numbered, is_part, text)
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
                groups: None,
            };
            let page = paragraph.page;
            self.drafts.push(Draft::of(vec![open], page));
        }
        let draft = self.current();
        draft.page = draft.page.or(paragraph.page);
        draft.paragraphs.push(paragraph);
    }
}

/// Whether one of the areas is open; without areas there is no restriction.
fn is_under(areas: &[String], open: &[Open<'_>]) -> bool {
    areas.is_empty() || open.iter().any(|o| o.rule.is_some_and(|rule| areas.contains(&rule.area)))
}

/// The words of a heading as a line of boilerplate.
fn line_of(text: String, page: Option<u32>) -> super::Paragraph {
    super::Paragraph {
        number: None,
        kind: Kind::Boilerplate,
        depth: 0,
        timescale: None,
        addressee: None,
        page,
        page_end: page,
        text,
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
