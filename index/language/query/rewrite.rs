//! Variants of a tree: as written, without expansions, with any of its words, without its places in
//! the text.

use super::{Query, Span};
use crate::records::Attribute;

impl Query {
    /// The same tree, but every word must occur exactly as written: no stems, no synonyms.
    #[must_use]
    pub fn as_written(&self) -> Self {
        match self {
            Self::Word { text, span } => Self::phrase_of(text, *span),
            other => other.map_clauses(&mut Self::as_written),
        }
    }

    /// The same tree, but of everything that it looks for in a text, and of every topic, something
    /// must be there that is not denied: that the sentence does not say not to have existed or
    /// occurred. Of what must not be there, a denied mention is one as well.
    #[must_use]
    pub fn affirmed(&self) -> Self {
        match self {
            Self::And { .. } | Self::Or { .. } | Self::Boost { .. } | Self::Expanded { .. } => {
                self.map_clauses(&mut Self::affirmed)
            }
            Self::All | Self::Not { .. } | Self::Affirmed { .. } => self.clone(),
            Self::Field { field, .. } if *field != Attribute::Topic => self.clone(),
            Self::Word { span, .. }
            | Self::Phrase { span, .. }
            | Self::Wildcard { span, .. }
            | Self::Fuzzy { span, .. }
            | Self::Near { span, .. }
            | Self::Field { span, .. } => {
                Self::Affirmed { clause: Box::new(self.clone()), span: *span }
            }
        }
    }

    /// The same tree without its expansions.
    #[must_use]
    pub fn unwidened(&self) -> Self {
        match self {
            Self::Expanded { clause, .. } => clause.unwidened(),
            Self::And { clauses, span } => {
                let mut flat = Vec::with_capacity(clauses.len());
                for clause in clauses {
                    match (clause, clause.unwidened()) {
                        // A set phrase of several words, which were written next to each other.
                        (Self::Expanded { .. }, Self::And { clauses, .. }) => flat.extend(clauses),
                        (_, clause) => flat.push(clause),
                    }
                }
                Self::And { clauses: flat, span: *span }
            }
            other => other.map_clauses(&mut Self::unwidened),
        }
    }

    /// The same tree without those of its expansions that are printed as one of these.
    #[must_use]
    pub fn narrowed(&self, not_also: &[String]) -> Self {
        let node = self.map_clauses(&mut |clause| clause.narrowed(not_also));
        let Self::Expanded { clause, mut also, span } = node else { return node };
        also.retain(|other| !not_also.contains(&other.to_string()));
        if also.is_empty() { *clause } else { Self::Expanded { clause, also, span } }
    }

    /// Whether both trees ask for the same, wherever they were written.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.without_spans() == other.without_spans()
    }

    /// The same tree with all its places reset.
    #[must_use]
    pub fn without_spans(&self) -> Self {
        let mut node = self.map_clauses(&mut Self::without_spans);
        match &mut node {
            Self::All => {}
            Self::Word { span, .. }
            | Self::Phrase { span, .. }
            | Self::Wildcard { span, .. }
            | Self::Fuzzy { span, .. }
            | Self::Near { span, .. }
            | Self::Field { span, .. }
            | Self::Boost { span, .. }
            | Self::Affirmed { span, .. }
            | Self::Expanded { span, .. }
            | Self::And { span, .. }
            | Self::Or { span, .. }
            | Self::Not { span, .. } => *span = Span::default(),
        }
        node
    }

    /// The same tree with its outermost words as alternatives, to find paragraphs about any of
    /// them. Conditions on fields and exclusions still hold.
    #[must_use]
    pub fn any_word(&self) -> Self {
        let Self::And { clauses, span } = self else { return self.clone() };
        let is_condition = |clause: &&Self| matches!(clause, Self::Field { .. } | Self::Not { .. });
        let (mut conditions, wanted): (Vec<&Self>, Vec<&Self>) =
            clauses.iter().partition(is_condition);
        if wanted.len() < 2 {
            return self.clone();
        }
        let any = Self::Or { clauses: wanted.into_iter().cloned().collect(), span: *span };
        if conditions.is_empty() {
            return any;
        }
        conditions.insert(0, &any);
        Self::And { clauses: conditions.into_iter().cloned().collect(), span: *span }
    }

    /// The same tree, but asking for any of its outermost words where it asks for all of them;
    /// `None` if it asks for only one.
    #[must_use]
    pub fn loosened(&self) -> Option<Self> {
        let any = self.any_word();
        (any != *self).then_some(any)
    }
}
