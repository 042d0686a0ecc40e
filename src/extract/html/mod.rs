//! Reads HTML into blocks, with `html5ever`.
//!
//! Leaves out the parts that belong to the site rather than to the report: navigation, banners,
//! footers, scripts. Never fails.

mod tree;

use super::{Block, Cell, ExtractedText, Format, Role};
use ego_tree::{NodeRef, Tree};
use tree::{Element, Node, element};

/// Elements whose text is not part of a report.
const SKIPPED: [&str; 14] = [
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form",
    "button", "svg", "iframe", "head", "select",
];

/// Elements that begin a new block.
const BLOCKS: [&str; 29] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "body",
    "html",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "dl",
    "pre",
    "figure",
    "figcaption",
    "caption",
];

/// Reads HTML into blocks.
#[must_use]
pub fn read(source: &str) -> ExtractedText {
    let document = tree::parse(source);
    let mut reader = Reader::default();
    reader.walk(main_part(&document));
    reader.finish();
    ExtractedText {
        format: Format::Html,
        pages: None,
        blocks: reader.blocks,
        furniture: Vec::new(),
        warnings: Vec::new(),
        tagged: None,
        printed: Vec::new(),
        created: None,
    }
}

/// The element that holds the report: `main`, else the only `article`, else everything.
fn main_part(document: &Tree<Node>) -> NodeRef<'_, Node> {
    let all = |name: &'static str| {
        let is_of = move |e: &Element| e.name() == name || e.attribute("role") == Some(name);
        document.root().descendants().filter(move |node| element(*node).is_some_and(is_of))
    };
    let mut articles = all("article");
    all("main")
        .next()
        .or_else(|| articles.next().filter(|_| articles.next().is_none()))
        .unwrap_or_else(|| document.root())
}

/// One step of the walk: a node to enter, or an element to leave.
enum Step<'a> {
    Enter(NodeRef<'a, Node>),
    Leave(&'a Element),
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    notes: Vec<String>,
    role: Option<Role>,
    cell: Option<Cell>,
    letters: usize,
    bold_letters: usize,
    bold: usize,
    lists: Vec<List>,
    tables: u32,
    row: u32,
    column: u32,
}

struct List {
    ordered: bool,
    next: u32,
}

impl Reader {
    /// Walks the tree with an explicit stack, because hostile pages nest deeper than the call
    /// stack.
    fn walk(&mut self, root: NodeRef<'_, Node>) {
        let mut steps = vec![Step::Enter(root)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Leave(element) => self.leave(element.name()),
                Step::Enter(node) => {
                    match node.value() {
                        Node::Text(text) => self.push(text),
                        Node::Element(element) if self.enter(node, element) => {
                            steps.push(Step::Leave(element));
                        }
                        Node::Element(_) => continue,
                        Node::Other => {}
                    }
                    steps.extend(node.children().rev().map(Step::Enter));
                }
            }
        }
    }

    /// Opens an element; returns `false` if it and everything in it is to be left out.
    fn enter(&mut self, node: NodeRef<'_, Node>, element: &Element) -> bool {
        let name = element.name();
        if SKIPPED.contains(&name)
            || element.attribute("hidden").is_some()
            || element.attribute("aria-hidden") == Some("true")
            || matches!(element.attribute("role"), Some("navigation" | "banner" | "contentinfo"))
        {
            return false;
        }
        if let Some(mark) = note_reference(node, element) {
            self.notes.push(mark);
            return false;
        }
        match name {
            "br" => self.text.push(' '),
            "b" | "strong" => self.bold += 1,
            _ if BLOCKS.contains(&name) => self.open(element),
            _ => {}
        }
        true
    }

    fn open(&mut self, element: &Element) {
        // A paragraph inside an item, a cell or a quotation is the text of that element.
        let name = element.name();
        if !(name == "p" && self.text.trim().is_empty() && self.role.is_some()) {
            self.finish();
        }
        match name {
            "ul" => self.lists.push(List { ordered: false, next: 1 }),
            "ol" => {
                let start = element.attribute("start").and_then(|s| s.parse().ok()).unwrap_or(1);
                self.lists.push(List { ordered: true, next: start });
            }
            "li" => {
                let depth = self.lists.len().clamp(1, 9) as u8;
                let value = element.attribute("value").and_then(|v| v.parse().ok());
                let label = match self.lists.last_mut() {
                    Some(list) if list.ordered => {
                        let number = value.unwrap_or(list.next);
                        list.next = number.saturating_add(1);
                        format!("{number}.")
                    }
                    _ => "•".to_owned(),
                };
                self.role = Some(Role::ListItem { depth, label: Some(label) });
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.role = Some(Role::Heading(name.as_bytes()[1] - b'0'));
            }
            "figcaption" | "caption" => self.role = Some(Role::Caption),
            _ if is_note(element) => self.role = Some(Role::Note),
            "tr" => self.column = 0,
            "td" | "th" => {
                self.cell = Some(Cell { table: self.tables, row: self.row, column: self.column });
            }
            _ => {}
        }
    }

    fn leave(&mut self, name: &str) {
        match name {
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            _ if BLOCKS.contains(&name) => {
                self.finish();
                match name {
                    "ul" | "ol" => {
                        self.lists.pop();
                    }
                    "td" | "th" => {
                        self.cell = None;
                        self.column += 1;
                    }
                    "tr" => self.row += 1,
                    "table" => {
                        self.tables += 1;
                        self.row = 0;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        self.letters += letters;
        if self.bold > 0 {
            self.bold_letters += letters;
        }
        self.text.push_str(text);
    }

    fn finish(&mut self) {
        let text = std::mem::take(&mut self.text);
        let role = self.role.take().unwrap_or(Role::Paragraph);
        let (letters, bold) =
            (std::mem::take(&mut self.letters), std::mem::take(&mut self.bold_letters));
        let text = text.replace('\u{ad}', "").replace('\u{2011}', "-");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        let mut notes = std::mem::take(&mut self.notes);
        let text = match note_mark(&text).filter(|_| role == Role::Note) {
            Some((mark, rest)) => {
                notes.insert(0, mark.to_owned());
                rest.to_owned()
            }
            None => text,
        };
        let bold = if letters == 0 { 0.0 } else { bold as f32 / letters as f32 };
        self.blocks.push(Block { cell: self.cell, bold, notes, ..Block::plain(role, text) });
    }
}

/// The mark that refers to a footnote: a raised number with a link.
fn note_reference(node: NodeRef<'_, Node>, element: &Element) -> Option<String> {
    if element.name() != "sup" {
        return None;
    }
    let linked = node.descendants().filter_map(tree::element).any(|e| e.name() == "a");
    let texts = node.descendants().filter_map(|node| match node.value() {
        Node::Text(text) => Some(text.as_str()),
        Node::Element(_) | Node::Other => None,
    });
    let mark: String = texts.collect();
    let mark = mark.trim();
    let is_number = (1..=2).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    (linked && is_number).then(|| mark.to_owned())
}

/// Whether an element is marked as a footnote.
fn is_note(element: &Element) -> bool {
    let named = |class: &str| matches!(class, "footnote" | "endnote");
    element.classes().any(named)
        || matches!(element.attribute("role"), Some("doc-footnote" | "doc-endnote"))
}

/// Splits the mark of a footnote, a short number, from the text after it.
fn note_mark(text: &str) -> Option<(&str, &str)> {
    let (mark, rest) = text.split_once(' ')?;
    let mark = mark.trim_end_matches(['.', ')']);
    let is_number = (1..=2).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some((mark, rest))
}

#[cfg(test)]
mod tests {
    use super::{Cell, Role, read};

    #[test]
    fn the_sites_own_parts_are_left_out() {
        let page = "<html><head><title>x</title></head><body><nav>Menu</nav><main><h1>Report</h1>\
                    <p>Some <b>bold</b> text.</p><script>1</script></main><footer>f</footer></body>";
        let texts: Vec<_> = read(page).blocks.into_iter().map(|b| b.text).collect();
        assert_eq!(texts, ["Report", "Some bold text."]);
    }

    #[test]
    fn a_caption_is_apart_from_the_text_around_its_figure() {
        let page = "<div><figure><img><figcaption>Calls by month</figcaption></figure>More.</div>\
                    <table><caption>Calls</caption><tr><td>12</td></tr></table>";
        let blocks = read(page).blocks;
        let captions = blocks.iter().filter(|b| b.role == Role::Caption);
        assert_eq!(
            captions.map(|b| b.text.as_str()).collect::<Vec<_>>(),
            ["Calls by month", "Calls"]
        );
        assert_eq!(blocks[1].text, "More.");
    }

    #[test]
    fn items_keep_numbers_and_depth_and_cells_their_place() {
        let page = "<ol start=12><li><p>Twelve.</p><ul><li>under</li></ul></li><li>Thirteen.</li>\
                    </ol><table><tr><th>a</th><td>b</td></tr></table>";
        let blocks = read(page).blocks;
        assert_eq!(blocks[4].cell, Some(Cell { table: 0, row: 0, column: 1 }));
        let roles: Vec<_> = blocks.into_iter().map(|b| b.role).collect();
        let item = |depth, label: &str| Role::ListItem { depth, label: Some(label.into()) };
        assert_eq!(roles[..3], [item(1, "12."), item(2, "•"), item(1, "13.")]);
    }

    #[test]
    fn a_footnote_is_told_by_its_class_and_loses_its_mark() {
        let page = "<p>Text.<sup><a href=#n>1</a></sup></p><div class=\"footnote\"><p>1. The note.</p></div><p>More.</p>";
        let blocks = read(page).blocks;
        assert_eq!((&blocks[1].role, blocks[1].text.as_str()), (&Role::Note, "The note."));
        assert_eq!(blocks[1].notes, ["1"]);
        assert_eq!(blocks[0].text, "Text.");
        assert_eq!(blocks[2].role, Role::Paragraph);
    }

    #[test]
    fn a_page_nested_thousands_deep_is_read() {
        let page = format!("{}deep{}", "<div>".repeat(3_000), "</div>".repeat(3_000));
        assert_eq!(read(&page).blocks.len(), 1);
    }
}
