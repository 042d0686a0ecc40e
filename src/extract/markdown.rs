//! Reads Markdown into blocks, with `pulldown-cmark`. Never fails.

use super::{Block, Cell, ExtractedText, Format, Role};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Reads Markdown into blocks.
#[must_use]
pub fn read(source: &str) -> ExtractedText {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut reader = Reader::default();
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.take(event, &source[range]);
    }
    reader.finish();
    ExtractedText {
        format: Format::Markdown,
        pages: None,
        blocks: reader.blocks,
        furniture: Vec::new(),
        warnings: Vec::new(),
        tagged: None,
        printed: Vec::new(),
        created: None,
    }
}

/// The blocks read so far and the state of the block being read.
#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    open: Option<Open>,
    lists: u8,
    tables: u32,
    row: u32,
    column: u32,
    in_cell: bool,
    bold: bool,
    in_note: bool,
}

struct Open {
    role: Role,
    text: String,
    letters: usize,
    bold_letters: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, source: &str) {
        match event {
            Event::Start(tag) => self.start(&tag, source),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, source: &str) {
        match tag {
            Tag::Heading { level, .. } => self.begin(Role::Heading(depth(*level))),
            // A paragraph of a footnote is a note; one inside an item is the text of that item.
            Tag::Paragraph if self.in_note => self.begin(Role::Note),
            Tag::Paragraph if self.open.is_none() => self.begin(Role::Paragraph),
            Tag::List(_) => {
                self.finish();
                self.lists += 1;
            }
            Tag::Item => {
                let label = source.split_whitespace().next().map(str::to_owned);
                self.begin(Role::ListItem { depth: self.lists.max(1), label });
            }
            Tag::TableHead | Tag::TableRow => self.column = 0,
            Tag::TableCell => {
                self.begin(Role::Paragraph);
                self.in_cell = true;
            }
            Tag::FootnoteDefinition(_) => self.in_note = true,
            Tag::Strong => self.bold = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item => self.finish(),
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::TableCell => {
                self.finish();
                self.in_cell = false;
                self.column += 1;
            }
            TagEnd::TableHead | TagEnd::TableRow => self.row += 1,
            TagEnd::Table => {
                self.tables += 1;
                self.row = 0;
            }
            TagEnd::FootnoteDefinition => self.in_note = false,
            TagEnd::Strong => self.bold = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.is_none() {
            self.begin(Role::Paragraph);
        }
        let bold = self.bold;
        if let Some(open) = &mut self.open {
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            open.letters += letters;
            if bold {
                open.bold_letters += letters;
            }
            open.text.push_str(text);
        }
    }

    fn begin(&mut self, role: Role) {
        self.finish();
        self.open = Some(Open { role, text: String::new(), letters: 0, bold_letters: 0 });
    }

    fn finish(&mut self) {
        let Some(open) = self.open.take() else { return };
        let text = open.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        let bold =
            if open.letters == 0 { 0.0 } else { open.bold_letters as f32 / open.letters as f32 };
        let cell = Cell { table: self.tables, row: self.row, column: self.column };
        self.blocks.push(Block {
            cell: self.in_cell.then_some(cell),
            bold,
            ..Block::plain(open.role, text)
        });
    }
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::{Cell, Role, read};

    #[test]
    fn the_printed_number_of_an_item_is_kept_even_where_the_list_skips_one() {
        let blocks = read("14. First.\n16. Second.\n").blocks;
        let label = |b: &super::Block| match &b.role {
            Role::ListItem { label, .. } => label.clone(),
            _ => None,
        };
        assert_eq!(blocks.iter().filter_map(label).collect::<Vec<_>>(), ["14.", "16."]);
    }

    #[test]
    fn headings_nested_items_and_tables_keep_their_places() {
        let blocks = read("# A\n\ntext **bold**\n\n- one\n  - two\n\n|x|y|\n|-|-|\n|1|2|\n").blocks;
        assert_eq!(blocks[0].role, Role::Heading(1));
        assert_eq!(blocks[1].text, "text bold");
        assert_eq!(blocks[3].role, Role::ListItem { depth: 2, label: Some("-".into()) });
        assert_eq!(blocks[7].cell, Some(Cell { table: 0, row: 1, column: 1 }));
    }
}
