//! The areas of a campaign as a tree: every set of areas that a prefix can select, once.

use crate::{
    area::{AreaCode, common},
    campaign::Area,
};

/// A set of areas with a common prefix.
#[derive(Clone, Debug)]
struct Node {
    /// The longest prefix that its areas have in common; an area's code.
    prefix: String,
    /// The least set around it; none for all areas together.
    parent: Option<usize>,
    /// The areas in it: one, where it is an area.
    areas: usize,
}

/// All areas together are node 0; every node comes after the one that it lies in.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    nodes: Vec<Node>,
}

impl Areas {
    /// The tree of areas of which none lies within another.
    pub fn of(areas: &[Area]) -> Self {
        let mut codes: Vec<&str> = areas.iter().map(|area| area.code.as_str()).collect();
        codes.sort_unstable();
        let mut tree = Self::default();
        if !codes.is_empty() {
            tree.add(&codes, None);
        }
        tree
    }

    /// Adds a node and all below it. A code has 24 digits at most, and each node's prefix is longer than the
    /// one around it: so deep this goes.
    fn add(&mut self, codes: &[&str], parent: Option<usize>) {
        // Sorted: what the first and the last have in common, all have.
        let prefix = common(codes[0], codes[codes.len() - 1]);
        let node = self.nodes.len();
        self.nodes.push(Node { prefix: prefix.to_owned(), parent, areas: codes.len() });
        if codes.len() > 1 {
            for part in codes.chunk_by(|a, b| a.as_bytes().get(prefix.len()) == b.as_bytes().get(prefix.len())) {
                self.add(part, Some(node));
            }
        }
    }

    /// The set of areas within this one, or all; `None` if there are none.
    pub fn within(&self, area: Option<&AreaCode>) -> Option<usize> {
        let wanted = area.map_or("", AreaCode::as_str);
        // Nodes stand in the order of their prefixes. The first that goes on from the wanted one is the largest:
        // all others lie in it.
        let first = self.nodes.partition_point(|node| node.prefix.as_str() < wanted);
        self.nodes.get(first).filter(|node| node.prefix.starts_with(wanted)).map(|_| first)
    }

    /// The area of this code, as a set of one.
    pub fn area(&self, code: &AreaCode) -> Option<usize> {
        let found = self.nodes.binary_search_by(|node| node.prefix.as_str().cmp(code.as_str())).ok();
        found.filter(|&node| self.is_area(node))
    }

    /// The longest prefix that its areas have in common; an area's code.
    pub fn prefix(&self, node: usize) -> &str {
        &self.nodes[node].prefix
    }

    /// Whether it is one area.
    pub fn is_area(&self, node: usize) -> bool {
        self.nodes[node].areas == 1
    }

    /// The least set around it.
    pub fn parent(&self, node: usize) -> Option<usize> {
        self.nodes[node].parent
    }

    /// The node itself and every set that it lies in, from the least to all areas.
    pub fn around(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |&node| self.nodes[node].parent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(codes: &[&str]) -> Areas {
        let area = |code: &&str| Area { code: code.parse().unwrap(), name: crate::questionnaire::Text::default() };
        Areas::of(&codes.iter().map(area).collect::<Vec<_>>())
    }

    fn code(digits: &str) -> AreaCode {
        digits.parse().unwrap()
    }

    #[test]
    fn a_set_of_areas_is_one_node_by_whatever_prefix() {
        let tree = tree(&["330602", "330603", "330681", "3401"]);
        let node = |digits| tree.within(Some(&code(digits)));
        assert_eq!((tree.within(None), node("3")), (Some(0), Some(0)));
        assert_eq!((node("33"), node("3306")), (Some(1), Some(1)));
        assert_eq!((node("33060"), node("330602"), node("330603")), (Some(2), Some(3), Some(4)));
        assert_eq!((node("34"), node("3401"), node("34010"), node("31")), (Some(6), Some(6), None, None));
        assert_eq!(tree.around(4).collect::<Vec<_>>(), [4, 2, 1, 0]);
        assert_eq!((tree.area(&code("330681")), tree.area(&code("33"))), (Some(5), None));
        assert!(tree.is_area(3) && !tree.is_area(2));
    }
}
