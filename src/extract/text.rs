//! Reads plain text into blocks.
//!
//! Understands blank lines, bullets, printed numbers, tab-separated tables, form feeds as page
//! breaks, and hard-wrapped lines. Never fails.

use super::{Block, Cell, ExtractedText, Format, Furniture, Role, emphasis};

/// Characters that open a list item when a space follows.
const BULLETS: [char; 9] = ['-', '•', '■', '▪', '◼', '–', '*', '\u{f06e}', '\u{f0a7}'];

/// Reads decoded text into blocks.
#[must_use]
pub fn read(source: &str) -> ExtractedText {
    let has_pages = source.contains('\u{c}');
    let wrapped = is_hard_wrapped(source);
    let mut blocks = Vec::new();
    let mut furniture = Vec::new();
    let mut tables = 0;
    let mut pages = 0u32;
    for (index, page) in source.split('\u{c}').enumerate() {
        let number = index as u32 + 1;
        if has_pages && page.trim().is_empty() {
            continue;
        }
        pages = number;
        let first = blocks.len();
        for group in groups(page) {
            if has_pages && is_page_number(&group) {
                furniture.push(Furniture { text: group[0].trim().to_owned(), page: number });
                continue;
            }
            read_group(&group, wrapped, &mut tables, &mut blocks);
        }
        if has_pages {
            for block in &mut blocks[first..] {
                block.page = Some(number);
                block.page_end = Some(number);
            }
        }
    }
    ExtractedText {
        format: Format::Text,
        pages: has_pages.then_some(pages),
        blocks,
        furniture,
        warnings: Vec::new(),
        tagged: None,
        printed: Vec::new(),
        created: None,
    }
}

/// Groups lines that are not separated by blank lines.
fn groups(page: &str) -> Vec<Vec<&str>> {
    page.lines()
        .collect::<Vec<_>>()
        .split(|line| line.trim().is_empty())
        .filter(|group| !group.is_empty())
        .map(<[&str]>::to_vec)
        .collect()
}

fn is_page_number(group: &[&str]) -> bool {
    matches!(group, [line] if line.trim().len() <= 3 && line.trim().bytes().all(|b| b.is_ascii_digit()))
}

/// Whether paragraphs are broken into lines of one width, as in mail or the output of `pdftotext`.
fn is_hard_wrapped(source: &str) -> bool {
    let mut lengths: Vec<usize> =
        source.lines().map(|l| l.trim_end().chars().count()).filter(|&n| n > 0).collect();
    lengths.sort_unstable();
    match lengths.len() {
        0 => false,
        n => lengths[n - 1 - n / 100] <= 130 && lengths[n - 1 - n / 4] >= 55,
    }
}

fn read_group(group: &[&str], wrapped: bool, tables: &mut u32, blocks: &mut Vec<Block>) {
    let is_row = |line: &str| line.trim_start().contains('\t');
    let mut lines = group.iter().copied().peekable();
    while let Some(line) = lines.next() {
        if is_row(line) {
            let mut rows = vec![line];
            while let Some(next) = lines.next_if(|l| is_row(l)) {
                rows.push(next);
            }
            read_rows(&rows, tables, blocks);
            continue;
        }
        let mut text = line.trim().to_owned();
        while let Some(next) = lines.next_if(|l| wrapped && !is_row(l) && !opens_block(l)) {
            join(&mut text, next.trim());
        }
        blocks.push(block(indent(line), &text));
    }
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).count()
}

fn opens_block(line: &str) -> bool {
    let line = line.trim_start();
    bullet(line).is_some() || number(line).is_some()
}

/// Appends a wrapped line. A hyphen at the end of a line is kept: in reports nearly all are part
/// of a compound ("multi-agency").
fn join(text: &mut String, next: &str) {
    let hyphenated = text.ends_with('-')
        && !text.ends_with(" -")
        && !["and ", "or ", "to "].iter().any(|w| next.starts_with(w));
    if !hyphenated {
        text.push(' ');
    }
    text.push_str(next);
}

fn bullet(line: &str) -> Option<(char, &str)> {
    let mut chars = line.chars();
    let first = chars.next().filter(|c| BULLETS.contains(c))?;
    let rest = chars.as_str();
    rest.starts_with([' ', '\t']).then(|| (first, rest.trim_start()))
}

/// Splits a printed number and its full stop from the rest of the line.
fn number(line: &str) -> Option<(&str, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return None;
    }
    let rest = line[digits..].strip_prefix('.')?;
    rest.starts_with([' ', '\t']).then(|| (&line[..digits + 1], rest.trim_start()))
}

fn block(indent: usize, line: &str) -> Block {
    if let Some((glyph, rest)) = bullet(line) {
        let depth = if indent >= 4 { 2 } else { 1 };
        return emphasised(Role::ListItem { depth, label: Some(glyph.to_string()) }, rest);
    }
    if let Some((label, rest)) = number(line) {
        return emphasised(Role::ListItem { depth: 1, label: Some(label.to_owned()) }, rest);
    }
    emphasised(Role::Paragraph, line)
}

fn emphasised(role: Role, line: &str) -> Block {
    let read = emphasis::read(line);
    let text = read.text.split_whitespace().collect::<Vec<_>>().join(" ");
    Block { bold: read.bold, ..Block::plain(role, text) }
}

/// Reads tab-separated rows: a table, or a table of contents if most lines end in a page number.
fn read_rows(rows: &[&str], tables: &mut u32, blocks: &mut Vec<Block>) {
    let cells: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.split('\t').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| !cells.iter().all(|c| c.chars().all(|c| "-=| ".contains(c))))
        .collect();
    let is_number = |cell: &&str| !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
    let entries = cells.iter().filter(|c| c.len() > 1 && c.last().is_some_and(is_number)).count();
    // Page numbers never fall; figures do.
    let numbers = cells.iter().filter_map(|c| c.last()?.parse::<u32>().ok());
    if entries > 2 && entries * 2 > cells.len() && numbers.is_sorted() {
        blocks.extend(cells.iter().map(|c| emphasised(Role::Contents, &c.join(" "))));
        return;
    }
    for (row, cells) in cells.iter().enumerate() {
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let cell = Cell { table: *tables, row: row as u32, column: column as u32 };
            blocks.push(Block { cell: Some(cell), ..emphasised(Role::Paragraph, text) });
        }
    }
    *tables += 1;
}

#[cfg(test)]
mod tests {
    use super::{Cell, Role, read};

    fn texts(source: &str) -> Vec<String> {
        read(source).blocks.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn numbered_lines_are_blocks_of_their_own() {
        let blocks = read("1. First.\n2. Second: \n - a bullet\n\nA heading\n").blocks;
        assert_eq!(blocks.len(), 4);
        assert_eq!(blocks[1].role, Role::ListItem { depth: 1, label: Some("2.".into()) });
        assert_eq!(blocks[2].role, Role::ListItem { depth: 1, label: Some("-".into()) });
        assert_eq!(blocks[3].role, Role::Paragraph);
    }

    #[test]
    fn hard_wrapped_lines_become_one_paragraph_and_keep_real_hyphens() {
        let line = "The work that social workers do with their partners in the town is of a multi-";
        let source = format!("{line}\nagency kind, with 16-\nand 17-year-olds well served.\n");
        assert_eq!(
            texts(&source),
            [format!("{line}agency kind, with 16- and 17-year-olds well served.")]
        );
    }

    #[test]
    fn tabbed_lines_are_a_table_or_a_table_of_contents() {
        let blocks = read("Leadership\tGood\nHelp\tInadequate\n").blocks;
        assert_eq!(blocks[3].cell, Some(Cell { table: 0, row: 1, column: 1 }));
        let blocks = read("Leadership\t2\nHelp\t3\nCare\t4\n").blocks;
        assert!(blocks.iter().all(|b| b.role == Role::Contents));
        let blocks = read("Advice given\t212\nPassed on\t129\nVisits\t44\n").blocks;
        assert!(blocks.iter().all(|b| b.cell.is_some()), "figures are no page numbers");
    }

    #[test]
    fn form_feeds_are_pages_and_page_numbers_are_dropped() {
        let read = read("One.\n\n1\n\u{c}Two.\n\n2\n\u{c}");
        assert_eq!(read.pages, Some(2));
        assert_eq!(read.blocks.iter().map(|b| b.page).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert_eq!(read.furniture.len(), 2);
    }
}
