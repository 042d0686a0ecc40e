//! Walks the structure tree of a tagged PDF and lists its leaves in reading order.
//!
//! Knows tags, not text: a leaf holds its role and the ids of its marked content. The tree comes
//! from the file and is not trusted: depth, repetition and size are limited.

use crate::extract::{Cell, Role};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, Number, ObjRef, Object, ObjectIdentifier,
};
use hayro_interpret::hayro_syntax::xref::XRef;
use std::collections::{HashMap, HashSet};

/// Marked content: its page, counted from 0, and its id on that page.
pub(super) type Content = (u32, u32);

/// A part of the tree that becomes one block.
#[derive(Debug)]
pub(super) struct Leaf {
    /// `None` for an artifact.
    pub(super) role: Option<Role>,
    /// The cell that contains it.
    pub(super) cell: Option<Cell>,
    /// Marked content of the label of a list item or note.
    pub(super) label: Vec<Content>,
    pub(super) body: Vec<Content>,
}

impl Leaf {
    fn is_empty(&self) -> bool {
        self.label.is_empty() && self.body.is_empty()
    }
}

/// The leaves of a file.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub(super) leaves: Vec<Leaf>,
    /// Whether part of the tree was too deep or too large and is missing.
    pub(super) cut: bool,
}

/// The greatest number of elements that are walked; the largest real trees have some 20,000.
const ELEMENTS: u32 = 500_000;

/// The greatest depth, whatever the limits: the walk must fit the stack of a thread.
const DEEPEST: u32 = 256;

/// Lists the leaves of the structure tree; `None` if the file has none.
pub(super) fn leaves(pdf: &Pdf, depth: u32) -> Option<Leaves> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let root = catalog.get::<Dict<'_>>(b"StructTreeRoot")?;
    let pages = pdf.pages().iter().enumerate();
    let mut walker = Walker {
        xref: pdf.xref(),
        roles: root.get::<Dict<'_>>(b"RoleMap").unwrap_or_default(),
        known_roles: HashMap::new(),
        pages: pages
            .filter_map(|(number, page)| Some((page.raw().obj_id()?, number as u32)))
            .collect(),
        visited: HashSet::new(),
        elements: ELEMENTS,
        depth: depth.min(DEEPEST),
        tables: Vec::new(),
        tables_met: 0,
        leaves: Vec::new(),
        cut: false,
    };
    walker.kids(&root, &mut Place::default());
    Some(Leaves { leaves: walker.leaves, cut: walker.cut })
}

/// The meaning of an element for the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Heading(u8),
    Paragraph,
    List,
    Item,
    Label,
    Table,
    Row,
    Cell,
    Note,
    Caption,
    /// A table of contents.
    Contents,
    /// An entry of a table of contents.
    Entry,
    Artifact,
    /// Contains blocks but no text directly.
    Group,
    /// Part of a line.
    Inline,
    /// A name that is neither standard nor mapped to a standard one.
    Unknown,
}

impl Tag {
    /// The tag of a standard structure type (ISO 32000-1, 14.8.4; ISO 32000-2, 14.8.4).
    fn standard(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"H" | b"H1" | b"Title" => Self::Heading(1),
            b"H2" => Self::Heading(2),
            b"H3" => Self::Heading(3),
            b"H4" => Self::Heading(4),
            b"H5" => Self::Heading(5),
            b"H6" | b"H7" | b"H8" | b"H9" => Self::Heading(6),
            b"P" => Self::Paragraph,
            b"Caption" => Self::Caption,
            b"L" => Self::List,
            b"LI" => Self::Item,
            b"Lbl" => Self::Label,
            b"Table" => Self::Table,
            b"TR" => Self::Row,
            b"TD" | b"TH" => Self::Cell,
            b"Note" | b"FENote" => Self::Note,
            b"TOC" => Self::Contents,
            b"TOCI" => Self::Entry,
            b"Artifact" => Self::Artifact,
            b"Document" | b"DocumentFragment" | b"Part" | b"Art" | b"Sect" | b"Div" | b"Aside"
            | b"BlockQuote" | b"Index" | b"THead" | b"TBody" | b"TFoot" | b"Figure"
            | b"Formula" | b"Form" => Self::Group,
            b"LBody" | b"Span" | b"Quote" | b"Reference" | b"BibEntry" | b"Code" | b"Link"
            | b"Annot" | b"Em" | b"Strong" | b"Sub" | b"NonStruct" | b"Private" | b"Ruby"
            | b"RB" | b"RT" | b"RP" | b"Warichu" | b"WT" | b"WP" => Self::Inline,
            _ => return None,
        })
    }
}

/// The surroundings that decide the role of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Within {
    #[default]
    Text,
    Item,
    Note,
    Caption,
    Contents,
    Artifact,
}

/// The leaf to which content at a place is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Open {
    /// None yet: the content opens one.
    #[default]
    Nothing,
    /// A leaf that loose content opened; the next block closes it.
    Loose(usize),
    Body(usize),
    Label(usize),
}

#[derive(Debug, Clone, Default)]
struct Place {
    depth: u32,
    page: Option<u32>,
    within: Within,
    /// The enclosing cell, if any.
    cell: Option<Cell>,
    /// The number of enclosing lists.
    lists: u8,
    leaf: Open,
}

/// The table being walked.
struct Table {
    number: u32,
    /// Rows met so far.
    rows: u32,
    column: u32,
    /// Columns taken by cells of rows above, each with the row at which it is free again.
    taken: HashMap<u32, u32>,
}

struct Walker<'a> {
    xref: &'a XRef,
    roles: Dict<'a>,
    known_roles: HashMap<Vec<u8>, Tag>,
    pages: HashMap<ObjectIdentifier, u32>,
    visited: HashSet<ObjRef>,
    elements: u32,
    depth: u32,
    tables: Vec<Table>,
    tables_met: u32,
    leaves: Vec<Leaf>,
    cut: bool,
}

impl<'a> Walker<'a> {
    /// Walks the entries under `K` of an element.
    fn kids(&mut self, element: &Dict<'a>, place: &mut Place) {
        let array = match element.get_raw::<Object<'a>>(b"K") {
            Some(MaybeRef::NotRef(Object::Array(array))) => array,
            Some(MaybeRef::Ref(reference)) => match self.xref.get::<Array<'a>>(reference.into()) {
                Some(array) if self.visited.insert(reference) => array,
                Some(_) => return,
                None => return self.kid(MaybeRef::Ref(reference), place),
            },
            Some(kid) => return self.kid(kid, place),
            None => return,
        };
        for kid in array.raw_iter() {
            self.kid(kid, place);
        }
    }

    fn kid(&mut self, kid: MaybeRef<Object<'a>>, place: &mut Place) {
        if self.elements == 0 {
            self.cut = true;
            return;
        }
        self.elements -= 1;
        match kid {
            MaybeRef::NotRef(Object::Number(id)) => {
                if let (Some(page), Some(id)) = (place.page, content_id(id)) {
                    self.add((page, id), place);
                }
            }
            MaybeRef::NotRef(Object::Dict(dict)) => self.dict(&dict, place),
            MaybeRef::NotRef(_) => {}
            MaybeRef::Ref(reference) => {
                if self.visited.insert(reference)
                    && let Some(dict) = self.xref.get::<Dict<'a>>(reference.into())
                {
                    self.dict(&dict, place);
                }
            }
        }
    }

    fn dict(&mut self, dict: &Dict<'a>, place: &mut Place) {
        if let Some(name) = dict.get::<Name<'_>>(b"S") {
            if place.depth >= self.depth {
                self.cut = true;
                return;
            }
            let tag = self.tag(&name);
            self.element(dict, tag, place);
        } else if let Some(id) = dict.get::<u32>(b"MCID")
            && let Some(page) = self.page_of(dict).or(place.page)
        {
            self.add((page, id), place);
        }
    }

    fn element(&mut self, element: &Dict<'a>, tag: Tag, place: &mut Place) {
        let mut inner = place.clone();
        inner.depth += 1;
        inner.page = self.page_of(element).or(place.page);
        let loose = matches!(place.leaf, Open::Nothing | Open::Loose(_));
        match tag {
            Tag::Inline => {}
            Tag::Unknown if !loose => {}
            Tag::Label => {
                if let Open::Body(leaf) = place.leaf {
                    inner.leaf = Open::Label(leaf);
                }
            }
            Tag::Group => inner.leaf = Open::Nothing,
            Tag::List => {
                inner.lists = place.lists.saturating_add(1);
                inner.leaf = Open::Nothing;
            }
            Tag::Contents => {
                inner.within = Within::Contents;
                inner.leaf = Open::Nothing;
            }
            Tag::Table => {
                self.tables.push(Table {
                    number: self.tables_met,
                    rows: 0,
                    column: 0,
                    taken: HashMap::new(),
                });
                self.tables_met += 1;
                inner.leaf = Open::Nothing;
            }
            Tag::Row => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows += 1;
                    table.column = 0;
                }
                inner.leaf = Open::Nothing;
            }
            Tag::Cell => {
                inner.cell = self.cell(element);
                inner.within = Within::Text;
                inner.lists = 0;
                inner.leaf = self.open(&inner, None);
            }
            Tag::Item => {
                if inner.within == Within::Text {
                    inner.within = Within::Item;
                }
                inner.leaf = self.open(&inner, None);
            }
            Tag::Note => {
                inner.within = Within::Note;
                inner.leaf = self.open(&inner, None);
            }
            Tag::Caption => {
                if inner.within == Within::Text {
                    inner.within = Within::Caption;
                }
                inner.leaf = self.open(&inner, None);
            }
            Tag::Entry => {
                inner.within = Within::Contents;
                inner.leaf = self.open(&inner, None);
            }
            Tag::Artifact => {
                inner.within = Within::Artifact;
                inner.leaf = self.open(&inner, None);
            }
            Tag::Heading(level) => inner.leaf = self.open_or_reuse(&inner, Some(level)),
            Tag::Paragraph | Tag::Unknown => inner.leaf = self.open_or_reuse(&inner, None),
        }
        let is_part_of_line =
            matches!(tag, Tag::Inline | Tag::Label) || (tag == Tag::Unknown && !loose);
        let met = self.leaves.len();
        self.kids(element, &mut inner);
        if tag == Tag::Table {
            self.tables.pop();
        }
        // What comes after a list at the beginning of a cell is not printed before it.
        if self.leaves.len() > met
            && let Open::Body(leaf) = place.leaf
            && self.leaves[leaf].is_empty()
        {
            place.leaf = Open::Nothing;
        }
        if !is_part_of_line {
            if loose {
                place.leaf = Open::Nothing;
            }
        } else if loose {
            place.leaf = inner.leaf;
        }
    }

    /// The coordinates of the next cell of the innermost table.
    fn cell(&mut self, element: &Dict<'a>) -> Option<Cell> {
        let across = self.span(element, b"ColSpan");
        let down = self.span(element, b"RowSpan");
        let table = self.tables.last_mut()?;
        let row = table.rows.saturating_sub(1);
        while table.taken.get(&table.column).is_some_and(|free| *free > row) {
            table.column += 1;
        }
        let column = table.column;
        table.column += across;
        if down > 1 {
            for taken in column..column + across {
                table.taken.insert(taken, row + down);
            }
        }
        Some(Cell { table: table.number, row, column })
    }

    /// The number of columns or rows that a cell spans.
    fn span(&self, element: &Dict<'a>, key: &[u8]) -> u32 {
        const WIDEST: u32 = 100;
        let own = |dict: &Dict<'a>| dict.get::<u32>(key);
        let span = match element.get::<Object<'a>>(b"A") {
            Some(Object::Dict(dict)) => own(&dict),
            Some(Object::Array(array)) => array.iter::<Dict<'a>>().find_map(|dict| own(&dict)),
            _ => None,
        };
        span.unwrap_or(1).clamp(1, WIDEST)
    }

    /// Opens a leaf. Headings count only in running text and list items.
    fn open(&mut self, place: &Place, heading: Option<u8>) -> Open {
        let role = match (place.within, heading) {
            (Within::Text | Within::Item, Some(level)) => Some(Role::Heading(level)),
            (Within::Text, None) => Some(Role::Paragraph),
            (Within::Item, None) => Some(Role::ListItem { depth: place.lists.max(1), label: None }),
            (Within::Note, _) => Some(Role::Note),
            (Within::Caption, _) => Some(Role::Caption),
            (Within::Contents, _) => Some(Role::Contents),
            (Within::Artifact, _) => None,
        };
        self.leaves.push(Leaf { role, cell: place.cell, label: Vec::new(), body: Vec::new() });
        Open::Body(self.leaves.len() - 1)
    }

    /// Reuses an open leaf for the first paragraph of an item, cell or note; otherwise opens a
    /// leaf.
    fn open_or_reuse(&mut self, place: &Place, heading: Option<u8>) -> Open {
        match place.leaf {
            Open::Body(leaf) if self.leaves[leaf].body.is_empty() => {
                if let (Some(level), Within::Text | Within::Item) = (heading, place.within) {
                    self.leaves[leaf].role = Some(Role::Heading(level));
                }
                place.leaf
            }
            Open::Label(_) => place.leaf,
            _ => self.open(place, heading),
        }
    }

    fn add(&mut self, content: Content, place: &mut Place) {
        if place.leaf == Open::Nothing
            && let Open::Body(leaf) = self.open(place, None)
        {
            place.leaf = Open::Loose(leaf);
        }
        match place.leaf {
            Open::Loose(leaf) | Open::Body(leaf) => self.leaves[leaf].body.push(content),
            Open::Label(leaf) => self.leaves[leaf].label.push(content),
            Open::Nothing => {}
        }
    }

    fn page_of(&self, dict: &Dict<'a>) -> Option<u32> {
        self.pages.get(&dict.get_ref(b"Pg")?.into()).copied()
    }

    /// Resolves a structure type through the file's own role map.
    fn tag(&mut self, name: &Name<'_>) -> Tag {
        const HOPS: usize = 8;
        if let Some(tag) = self.known_roles.get(name.as_ref()) {
            return *tag;
        }
        let mut mapped: Vec<u8> = name.as_ref().to_vec();
        let mut tag = Tag::standard(&mapped);
        for _ in 0..HOPS {
            if tag.is_some() {
                break;
            }
            let Some(next) = self.roles.get::<Name<'_>>(mapped.as_slice()) else {
                break;
            };
            mapped = next.as_ref().to_vec();
            tag = Tag::standard(&mapped);
        }
        let tag = tag.unwrap_or(Tag::Unknown);
        self.known_roles.insert(name.as_ref().to_vec(), tag);
        tag
    }
}

fn content_id(number: Number) -> Option<u32> {
    u32::try_from(number.as_i64()).ok()
}
