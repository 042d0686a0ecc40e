//! The tree of an HTML page, as `html5ever` builds it.
//!
//! It keeps elements, their attributes and text. Comments, doctypes, processing instructions and
//! the contents of templates have a place in it, and nothing else.

use ego_tree::{NodeId, NodeRef, Tree};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};

/// A node.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
    /// The document, or what has no text of the page.
    Other,
}

/// An element: its name and attributes.
#[derive(Debug)]
pub(super) struct Element {
    name: QualName,
    attributes: Vec<Attribute>,
}

impl Element {
    /// The name without its namespace.
    pub(super) fn name(&self) -> &str {
        &self.name.local
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|attribute| &*attribute.name.local == name);
        found.map(|attribute| &*attribute.value)
    }

    /// The classes.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class").unwrap_or_default().split_ascii_whitespace()
    }
}

/// The element that a node is.
pub(super) fn element(node: NodeRef<'_, Node>) -> Option<&Element> {
    match node.value() {
        Node::Element(element) => Some(element),
        Node::Text(_) | Node::Other => None,
    }
}

/// Parses a page. Every text is a page; what is not well formed is repaired as browsers do.
pub(super) fn parse(source: &str) -> Tree<Node> {
    let sink = Sink { tree: RefCell::new(Tree::new(Node::Other)) };
    parse_document(sink, ParseOpts::default()).one(source)
}

/// The tree while it is being built.
struct Sink {
    tree: RefCell<Tree<Node>>,
}

impl Sink {
    fn orphan(&self, node: Node) -> NodeId {
        self.tree.borrow_mut().orphan(node).id()
    }
}

/// The parser hands back only ids that it was given by this sink, which never deletes a node.
const KNOWN: &str = "the parser names a node of the tree";

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree<Node>;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree<Node> {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn get_document(&self) -> NodeId {
        self.tree.borrow().root().id()
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| match tree.get(*target).expect(KNOWN).value() {
            Node::Element(element) => &element.name,
            other => unreachable!("the parser asks for the name of {other:?}"),
        })
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        let id = self.orphan(Node::Element(Element { name, attributes }));
        if flags.template {
            self.tree.borrow_mut().get_mut(id).expect(KNOWN).append(Node::Other);
        }
        id
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.orphan(Node::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.orphan(Node::Other)
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let mut tree = self.tree.borrow_mut();
        let mut parent = tree.get_mut(*parent).expect(KNOWN);
        match child {
            NodeOrText::AppendNode(id) => {
                parent.append_id(id);
            }
            NodeOrText::AppendText(text) => {
                if let Some(mut last) = parent.last_child()
                    && let Node::Text(before) = last.value()
                {
                    before.push_str(&text);
                    return;
                }
                parent.append(Node::Text(text.to_string()));
            }
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, new: NodeOrText<NodeId>) {
        let mut tree = self.tree.borrow_mut();
        if let NodeOrText::AppendNode(id) = new {
            tree.get_mut(id).expect(KNOWN).detach();
        }
        let mut sibling = tree.get_mut(*sibling).expect(KNOWN);
        if sibling.parent().is_none() {
            return;
        }
        match new {
            NodeOrText::AppendNode(id) => {
                sibling.insert_id_before(id);
            }
            NodeOrText::AppendText(text) => {
                if let Some(mut before) = sibling.prev_sibling()
                    && let Node::Text(before) = before.value()
                {
                    before.push_str(&text);
                    return;
                }
                sibling.insert_before(Node::Text(text.to_string()));
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent =
            self.tree.borrow().get(*element).is_some_and(|element| element.parent().is_some());
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let tree = self.tree.borrow();
        let contents = tree.get(*target).and_then(|template| template.first_child());
        contents.map_or(*target, |contents| contents.id())
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        if let Node::Element(element) = tree.get_mut(*target).expect(KNOWN).value() {
            for attribute in attributes {
                if element.attribute(&attribute.name.local).is_none() {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.borrow_mut().get_mut(*target).expect(KNOWN).detach();
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut tree = self.tree.borrow_mut();
        tree.get_mut(*new_parent).expect(KNOWN).reparent_from_id_append(*node);
    }
}
