//! Tags: what each text on the pages is, for readers who hear them or have them set anew, in the order in which they are
//! read. What is no text, what stands on every page and what is repeated on the next is an artifact: it is not read.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, TagGroup, TagKind, TagTree};

/// Something that is made of texts, or of such groups.
pub(super) struct Group {
    /// What it is.
    pub(super) tag: TagKind,
    /// The group that it is in, by index: one before it.
    pub(super) within: Option<usize>,
}

/// The level of a heading, by how many stand before it: the first is the title, and what follows is of one level.
pub(super) fn level(before: usize) -> NonZeroU16 {
    NonZeroU16::MIN.saturating_add(u16::from(before > 0))
}

/// The tree of all groups, from the texts that were drawn of each.
pub(super) fn tree(groups: &[Group], mut texts: Vec<Vec<Identifier>>, language: &str) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
    let mut inner: Vec<Vec<Node>> = groups.iter().map(|_| Vec::new()).collect();
    let mut outer = Vec::new();
    // From the last on, so that what lies in a group is there before it; hence all of it is turned round.
    for (index, group) in groups.iter().enumerate().rev() {
        let mut nodes: Vec<Node> = std::mem::take(&mut texts[index]).into_iter().map(Node::from).collect();
        nodes.extend(inner[index].drain(..).rev());
        let node = TagGroup::with_children(group.tag.clone(), nodes).into();
        group.within.map_or(&mut outer, |within| &mut inner[within]).push(node);
    }
    outer.into_iter().rev().for_each(|node: Node| tree.push(node));
    tree
}
