//! Turns items into entries: decides which block is a heading, which begins a paragraph and which
//! continues one.
//!
//! Printed numbers are accepted only in sequence, so a line that begins with "16 and 17" is not
//! numbered. Paragraphs broken by a page, a footnote or a layout table are joined.

use super::captions;
use super::grade::{PrintedGrade, Scale};
use super::headings::{Heading, Headings};
use super::numbers::{Forms, Leading, Sequence, leading, printed};
use super::tables::{Item, JudgementRow};
use crate::extract::{Block, Role};
use crate::knowledge::{Framework, fold};
use findings_index::records::{FoundIn, Warning, WarningCode};

/// A part of the report, in reading order.
#[derive(Debug)]
pub(super) enum Entry<'k> {
    Heading(Heading<'k>),
    /// A grade that belongs to the heading before it.
    Grade(PrintedGrade, FoundIn),
    /// The words that state when the recommendations after it are due.
    Timescale(String),
    /// The names of those who must meet the recommendations after it.
    Addressee(String),
    Text(Text),
    /// The end of a box that interrupted a section.
    BoxEnd,
}

/// The form of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Running,
    Bullet(u8),
    Row,
    Caption,
    Note,
    /// An entry of a table of contents.
    Contents,
}

/// A paragraph that is being built.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) form: Form,
    /// The number as printed, without its stop.
    pub(super) number: Option<String>,
    pub(super) page: Option<u32>,
    pub(super) page_end: Option<u32>,
    pub(super) text: String,
    /// Left edge of its first line (of its bullet or number, if any) in points; 0 where unknown.
    left: f32,
    /// Left edge of its text after a bullet or number in points; 0 where unknown.
    hang: f32,
    /// Distance of its first line from the top of the page, and the size of its letters, in points.
    pub(super) top: f32,
    pub(super) size: f32,
}

impl Text {
    /// A line that is no heading after all.
    pub(super) fn of_line(heading: &Heading<'_>) -> Self {
        Self {
            form: Form::Running,
            number: None,
            page: heading.page,
            page_end: heading.page,
            text: heading.printed.clone(),
            left: 0.0,
            hang: 0.0,
            top: heading.top,
            size: heading.size,
        }
    }
}

/// Reads items in order. The second value holds the rows of the table of judgements.
pub(super) fn read<'k>(
    items: Vec<Item>,
    headings: &Headings<'k>,
    framework: Option<&Framework>,
    scale: Scale<'_>,
    warnings: &mut Vec<Warning>,
) -> (Vec<Entry<'k>>, Vec<JudgementRow>) {
    let items = if headings.is_foreign() { beside_numbers(items) } else { items };
    let mut reader = Reader {
        entries: Vec::with_capacity(items.len()),
        numbered: framework.is_some_and(|f| f.numbered),
        known: framework.is_some(),
        forms: forms(&items, framework),
        sequence: Sequence::default(),
        last_number: 0,
        notes: false,
        foreign: headings.is_foreign(),
        last_note: 0,
        begun: false,
        stray: Vec::new(),
        warnings,
    };
    let mut judgements = Vec::new();
    let mut items = items.into_iter().peekable();
    while let Some(item) = items.next() {
        match item {
            Item::Judgements(rows) => judgements.extend(rows),
            Item::GradedHeading { heading: cell, grade } => {
                match headings.read(&cell, None, true) {
                    // A grade in the cell next to it sets it apart, whatever its print.
                    Some((heading, _)) => {
                        reader.begun = true;
                        reader.entries.push(Entry::Heading(Heading { apart: true, ..heading }));
                        reader.entries.push(Entry::Grade(grade, FoundIn::Table));
                    }
                    None => reader.push(Form::Row, None, &cell.text, &cell),
                }
            }
            Item::BoxEnd => reader.entries.push(Entry::BoxEnd),
            Item::Addressee(names) => reader.entries.push(Entry::Addressee(names)),
            Item::Row(block) => reader.push(Form::Row, None, &block.text, &block),
            Item::Block(block) => {
                let block = mended(block);
                let next = items.peek().and_then(|item| match item {
                    Item::Block(next) => Some(next),
                    _ => None,
                });
                if reader.take(&block, next, headings, framework, scale) {
                    items.next();
                }
            }
        }
    }
    reader.tell_strays();
    (reader.entries, judgements)
}

/// Joins a number that is a block of its own, as in a margin or a column, to the text next to it.
fn beside_numbers(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for mut item in items {
        if let (Some(Item::Block(number)), Item::Block(text)) = (joined.last(), &mut item)
            && is_beside(number, text)
        {
            text.text = format!("{} {}", number.text.trim(), text.text);
            text.left = number.left;
            joined.pop();
        }
        joined.push(item);
    }
    joined
}

/// Whether a block is a number and on the line on which the text begins.
fn is_beside(number: &Block, text: &Block) -> bool {
    const LINE: f32 = 3.0;
    let plain = |block: &Block| block.role == Role::Paragraph;
    let lone = || leading(number).is_some_and(|number| number.rest.is_empty());
    number.page == text.page
        && number.top > 0.0
        && (number.top - text.top).abs() < LINE
        && plain(number)
        && plain(text)
        && lone()
}

/// The forms of number to look for: those that the report uses, or, where the framework says that
/// paragraphs are numbered, those in several parts if it uses them.
fn forms(items: &[Item], framework: Option<&Framework>) -> Forms {
    if framework.is_some_and(|f| !f.numbered) {
        return Forms::default();
    }
    let blocks = items.iter().filter_map(|item| match item {
        Item::Block(block) => Some(block),
        _ => None,
    });
    let used = Forms::of(blocks);
    if framework.is_none() { used } else { Forms { dotted: used.dotted, ..Forms::default() } }
}

struct Reader<'k, 'w> {
    entries: Vec<Entry<'k>>,
    numbered: bool,
    /// Whether a framework says how paragraphs are numbered.
    known: bool,
    /// The forms of number that are looked for because the report was found to use them.
    forms: Forms,
    sequence: Sequence,
    last_number: u16,
    /// Whether the heading above announces end notes.
    notes: bool,
    /// Whether the program was not made for the report, and may mistake what it leaves out.
    foreign: bool,
    /// The last mark of a footnote that was printed with its text.
    last_note: u16,
    /// Whether a prescribed heading was met.
    begun: bool,
    /// Numbers out of sequence, with their pages.
    stray: Vec<(String, Option<u32>)>,
    warnings: &'w mut Vec<Warning>,
}

impl<'k> Reader<'k, '_> {
    /// Takes one block; returns `true` if the next block was used as well.
    fn take(
        &mut self,
        block: &Block,
        next: Option<&Block>,
        headings: &Headings<'k>,
        framework: Option<&Framework>,
        scale: Scale<'_>,
    ) -> bool {
        if block.role == Role::Contents || is_leader(&block.text) {
            if self.foreign {
                self.push(Form::Contents, None, &block.text, block);
            }
            return false;
        }
        if block.role == Role::Note {
            let text = self.without_mark(block);
            self.push(Form::Note, None, text, block);
            return false;
        }
        let source = || self.after_figure() && captions::is_source(&block.text);
        if captions::is_tagged(block) || captions::is_caption(&block.text) || source() {
            self.push(Form::Caption, None, &block.text, block);
            return false;
        }
        if self.notes
            && headings.read(block, next, true).is_none()
            && self.end_note(block, headings)
        {
            return false;
        }
        if let Some(timescale) = timescale(&block.text, framework) {
            self.entries.push(Entry::Timescale(timescale));
            return false;
        }
        if headings.is_earlier(&block.text) && !matches!(block.role, Role::ListItem { .. }) {
            if !self.continues(block) {
                self.push(Form::Running, None, &block.text, block);
            }
            return false;
        }
        if let Some(grade) = scale.alone(&block.text)
            && matches!(self.entries.last(), Some(Entry::Heading(h)) if h.grade.is_none())
        {
            self.entries.push(Entry::Grade(grade, FoundIn::OwnLine));
            return false;
        }
        if self.numbered_by_sequence(block, headings) {
            return false;
        }
        if let Some((number, rest)) = self.number(block).filter(|_| self.known) {
            self.count(number, block.page);
            if !rest.is_empty() {
                self.push(Form::Running, Some(number.to_string()), rest, block);
            }
            return false;
        }
        let cover = !self.begun && headings.is_sentence(&block.text);
        if let Some((heading, used)) = headings.read(block, next, self.begun).filter(|_| !cover) {
            self.begun |= heading.rule.is_some();
            if heading.rule.is_some_and(|rule| rule.renumbered) {
                self.last_number = 0;
                self.sequence = Sequence::default();
            }
            self.notes = heading.rule.is_none_or(|rule| rule.kind.is_none())
                && captions::announces_notes(&heading.title);
            self.entries.push(Entry::Heading(heading));
            return used;
        }
        match &block.role {
            Role::ListItem { depth, label: Some(label) } => {
                // A number out of sequence is part of the text.
                if label.chars().any(char::is_alphanumeric) {
                    self.note_stray(label, block.page);
                    let text = format!("{label} {}", block.text);
                    self.push(Form::Bullet(*depth), None, &text, block);
                } else {
                    self.push(Form::Bullet(*depth), None, &block.text, block);
                }
            }
            Role::ListItem { depth, label: None } => {
                if !self.continues(block) {
                    let depth = self.depth_by_indent(block, *depth);
                    self.push(Form::Bullet(depth), None, &block.text, block);
                }
            }
            _ => {
                if says_what_it_is(block, framework) || !self.continues(block) {
                    self.push(Form::Running, None, &block.text, block);
                }
            }
        }
        false
    }

    /// Takes a block whose number is of a form that the report was found to use, and in sequence.
    fn numbered_by_sequence(&mut self, block: &Block, headings: &Headings<'_>) -> bool {
        let Some(number) = self.sequence.read(block, self.forms) else { return false };
        // Where the framework is known, whole numbers are read as it says.
        let whole = self.known && number.parts.len() == 1;
        if whole || (!number.labelled && headings.is_marked(block, false)) {
            return false;
        }
        if let Some(expected) = self.sequence.count(&number.parts) {
            self.warnings.push(Warning {
                page: block.page,
                code: WarningCode::NumberGap,
                message: format!("paragraph {} was not found", printed(&expected)),
            });
        }
        if !number.rest.is_empty() {
            self.push(Form::Running, Some(printed(&number.parts)), number.rest, block);
        }
        true
    }

    /// Takes a block below the heading of end notes as one of them, or as the rest of one, if it is
    /// numbered, smaller than the text, or follows another. Its number is left out, like the marks
    /// of footnotes.
    fn end_note(&mut self, block: &Block, headings: &Headings<'k>) -> bool {
        let number = leading(block).filter(|number| number.parts.len() == 1);
        let after_note = match self.entries.last_mut() {
            Some(Entry::Text(above)) if above.form == Form::Note => {
                let text = block.text.trim_start();
                let rest = text.starts_with(char::is_lowercase) || block.page > above.page_end;
                if number.is_none() && rest && is_open(&above.text) {
                    append(&mut above.text, text);
                    above.page_end = block.page_end.or(above.page_end);
                    return true;
                }
                true
            }
            _ => false,
        };
        if number.is_none() && !after_note && !headings.is_small(block) {
            return false;
        }
        let text = number.as_ref().map_or(block.text.as_str(), |number| number.rest);
        self.push(Form::Note, None, text, block);
        true
    }

    /// The text of a footnote without the mark printed before it, where the source has not set the
    /// mark apart and it is in sequence.
    fn without_mark<'b>(&mut self, block: &'b Block) -> &'b str {
        let number = leading(block).filter(|n| n.parts.len() == 1 && block.notes.is_empty());
        let follows = |n: &Leading<'_>| {
            n.parts == [1] || (n.parts[0] > self.last_note && n.parts[0] <= self.last_note + 3)
        };
        match number.filter(|n| self.foreign && follows(n)) {
            Some(number) => {
                self.last_note = number.parts[0];
                number.rest
            }
            None => &block.text,
        }
    }

    /// Whether the last entry belongs to a figure or table.
    fn after_figure(&self) -> bool {
        matches!(
            self.entries.last(),
            Some(Entry::Text(Text { form: Form::Caption | Form::Row, .. }))
        )
    }

    fn push(&mut self, form: Form, number: Option<String>, text: &str, block: &Block) {
        self.entries.push(Entry::Text(Text {
            form,
            number,
            page: block.page,
            page_end: block.page_end,
            text: text.trim().to_owned(),
            left: block.left,
            hang: if block.hang > 0.0 { block.hang } else { block.left },
            top: block.top,
            size: block.size,
        }));
    }

    /// Reads the printed number of a block, if it is in sequence, and returns it with the rest of
    /// the text.
    fn number<'b>(&self, block: &'b Block) -> Option<(u16, &'b str)> {
        let (digits, rest) = match &block.role {
            Role::ListItem { label: Some(label), .. }
                if label.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                let label = label.trim().trim_end_matches(['.', ')']);
                (label, block.text.as_str())
            }
            Role::Heading(_) if !self.numbered => return None,
            _ if self.numbered => {
                let end = block.text.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, rest) = block.text.split_at(end);
                let stopped = rest.strip_prefix('.');
                let rest = stopped.unwrap_or(rest);
                // "34 Most children" has no full stop; "16 and 17" is not a number.
                let text = rest.trim_start();
                // "6. conclusion", in small capitals, is the paragraph after 5.
                let next = digits.parse().is_ok_and(|number: u16| number == self.last_number + 1);
                let small = stopped.is_some() && next;
                let opens = text
                    .chars()
                    .next()
                    .is_none_or(|c| (small || !c.is_lowercase()) && !c.is_ascii_digit());
                let spaced = rest.is_empty() || rest.starts_with(' ') || stopped.is_some();
                if !opens || !spaced {
                    return None;
                }
                (digits, text)
            }
            _ => return None,
        };
        if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u16 = digits.parse().ok()?;
        // A number in a heading ("2. Children looked after") does not restart the count.
        let heading = matches!(block.role, Role::Heading(_)) && rest.split(' ').count() < 25;
        let labelled = matches!(
            &block.role,
            Role::ListItem { label: Some(label), .. } if label.starts_with(digits)
        );
        let next = self.last_number + 1;
        let in_sequence = number == next
            || (number == 1 && (labelled || rest.ends_with(['.', ')'])))
            || (labelled && number > next && number <= next + 3)
            || (number == next + 1 && rest.split(' ').count() > 12);
        let short = rest.split(' ').count() <= 12 && !rest.ends_with(['.', ':', ';']);
        // Before the first heading, "1 Market Street" is a line of an address.
        let address = !self.begun && !labelled && short;
        (in_sequence && !(heading && short) && !address).then_some((number, rest))
    }

    /// Counts a number, and warns if numbers are missing or begin again.
    fn count(&mut self, number: u16, page: Option<u32>) {
        let expected = self.last_number + 1;
        let missing = number.saturating_sub(expected);
        let told = match (missing, self.last_number) {
            (0, last) if number == 1 && last > 1 && self.numbered => Some((
                WarningCode::NumbersRestart,
                format!("paragraph numbers begin again at 1 after {last}"),
            )),
            (0, _) => None,
            (1, _) => Some((WarningCode::NumberGap, format!("paragraph {expected} was not found"))),
            _ => Some((
                WarningCode::NumberGap,
                format!("paragraphs {expected} to {} were not found", number - 1),
            )),
        };
        if let Some((code, message)) = told.filter(|_| self.numbered || self.last_number > 0) {
            self.warnings.push(Warning { page, code, message });
        }
        self.last_number = number;
    }

    /// Remembers a label that looks like a paragraph's number.
    fn note_stray(&mut self, label: &str, page: Option<u32>) {
        let digits = label.trim().trim_end_matches('.');
        let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if self.numbered && self.begun && number && label.trim().ends_with('.') {
            self.stray.push((digits.to_owned(), page));
        }
    }

    fn tell_strays(&mut self) {
        const NAMED: usize = 6;
        let Some((_, page)) = self.stray.first() else {
            return;
        };
        let numbers: Vec<&str> = self.stray.iter().map(|(n, _)| n.as_str()).take(NAMED).collect();
        let more = match self.stray.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.warnings.push(Warning {
            page: *page,
            code: WarningCode::NumberOutOfSequence,
            message: format!(
                "numbers that do not follow the one before were taken for text: {}{more}",
                numbers.join(", ")
            ),
        });
    }

    /// Finds the depth of a bullet without a glyph: one indented below another is a level deeper.
    fn depth_by_indent(&self, block: &Block, depth: u8) -> u8 {
        match self.entries.last() {
            Some(Entry::Text(Text { form: Form::Bullet(above), left, hang, .. }))
                if block.left > 0.0 && *hang > 0.0 =>
            {
                if block.left > hang + 9.0 {
                    above + 1
                } else if (block.left - left).abs() < 9.0 {
                    *above
                } else {
                    depth
                }
            }
            _ => depth,
        }
    }

    /// Appends the block to the paragraph before it if it continues that.
    fn continues(&mut self, block: &Block) -> bool {
        let numbered = self.numbered;
        let before = self.entries.iter_mut().rev().find_map(|entry| match entry {
            Entry::Text(text) if matches!(text.form, Form::Note | Form::Caption) => None,
            Entry::Text(text) if text.form == Form::Row => Some(None),
            Entry::Text(text) => Some(Some(text)),
            _ => Some(None),
        });
        let Some(Some(before)) = before else {
            return false;
        };
        if !goes_on(before, block, numbered) {
            return false;
        }
        append(&mut before.text, block.text.trim());
        before.page_end = block.page_end.or(before.page_end);
        true
    }
}

/// Joins a label to its text, because some files tag the first word of an item as its label.
fn mended(block: Block) -> Block {
    match &block.role {
        Role::ListItem { depth, label: Some(label) }
            if label.chars().filter(|c| c.is_alphabetic()).count() > 1
                && !label.ends_with(['.', ')']) =>
        {
            let joint = if block.text.starts_with('-') { "" } else { " " };
            Block {
                text: format!("{label}{joint}{}", block.text),
                role: Role::ListItem { depth: *depth, label: None },
                ..block
            }
        }
        _ => block,
    }
}

/// Whether a block begins with words by which the framework tells paragraphs of a kind, or the end of
/// a report, so that it is not the rest of another.
fn says_what_it_is(block: &Block, framework: Option<&Framework>) -> bool {
    let Some(framework) = framework else { return false };
    let text = fold::punctuation(&block.text);
    let mut patterns =
        (framework.paragraphs.iter().map(|rule| &rule.pattern)).chain(&framework.boilerplate.from);
    patterns.any(|pattern| pattern.regex().find(&text).is_some_and(|found| found.start() == 0))
}

/// Whether a block without number or bullet continues the paragraph before it.
fn goes_on(before: &Text, block: &Block, numbered: bool) -> bool {
    let text = block.text.trim_start();
    let lower = text.chars().next().is_some_and(|c| c.is_lowercase() || c == '-');
    let open = is_open(&before.text);
    let new_page = block.page > before.page_end;
    let item = matches!(block.role, Role::ListItem { .. });
    if before.text.ends_with(':') && item {
        return false;
    }
    if lower && (open || new_page) {
        return true;
    }
    // Lines of addresses and names also end without a stop; a sentence cut short has some length.
    let cut = open && before.text.split_whitespace().count() >= 8;
    match before.form {
        // In a report with numbered paragraphs, text without a number belongs to the number above.
        Form::Running if before.number.is_some() && numbered && block.cell.is_none() => {
            let unknown = block.left == 0.0 || before.hang == 0.0;
            unknown || block.left >= before.hang - 4.0 || (new_page && cut)
        }
        Form::Running => new_page && cut && !item,
        // The continued text of a bullet is aligned with the bullet's text, not with its glyph.
        Form::Bullet(_) => {
            let hanging = before.hang > before.left + 4.0;
            new_page && item && (cut || (hanging && (block.left - before.hang).abs() < 4.0))
        }
        Form::Row | Form::Caption | Form::Note | Form::Contents => false,
    }
}

/// Whether a text ends within a sentence.
fn is_open(text: &str) -> bool {
    let text = fold::punctuation(text.trim_end());
    let text = text.trim_end_matches(['\'', '"', ')']);
    !text.ends_with(['.', '!', '?', ':', ';'])
}

/// Joins two halves of a text. A hyphen at the end of a line is nearly always part of a compound.
pub(super) fn append(text: &mut String, rest: &str) {
    let compound = text.ends_with('-')
        && !text.ends_with(" -")
        && !["and ", "or ", "to "].iter().any(|word| rest.starts_with(word));
    if !compound && !text.is_empty() {
        text.push(' ');
    }
    text.push_str(rest);
}

/// Whether a text is a line of a table of contents, in which dots lead to a page number.
fn is_leader(text: &str) -> bool {
    let rest = text.trim_end().trim_end_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.trim_end().len() && rest.trim_end().ends_with("...")
}

fn timescale(text: &str, framework: Option<&Framework>) -> Option<String> {
    if text.len() > 90 {
        return None;
    }
    let words = text.trim().trim_end_matches([':', '.']).trim();
    framework?
        .timescales
        .iter()
        .any(|p| p.regex().is_match(&fold::punctuation(words)))
        .then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{append, is_leader, is_open};

    #[test]
    fn halves_are_joined_as_the_printed_page_means_them() {
        for (first, second, whole) in [
            ("multi-", "agency work", "multi-agency work"),
            ("16-", "and 17-year-olds", "16- and 17-year-olds"),
            ("the council", "and partners", "the council and partners"),
        ] {
            let mut text = first.to_owned();
            append(&mut text, second);
            assert_eq!(text, whole);
        }
    }

    #[test]
    fn a_closing_quotation_mark_does_not_hide_the_stop() {
        assert!(!is_open("It is ‘good.’"));
        assert!(is_open("It is ‘good’"));
        assert!(is_leader("Summary ........ 12"));
        assert!(!is_leader("in 2012"));
    }
}
