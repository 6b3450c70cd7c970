//! Logic over independent choices: and, not, and inputs, each node once.

use std::{collections::HashMap, ops};

/// A node of a [`Circuit`], or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Lit(u32);

impl Lit {
    /// What never holds.
    pub(super) const FALSE: Self = Self(0);
    /// What always holds.
    pub(super) const TRUE: Self = Self(1);

    /// A node holds.
    pub(super) fn of(node: usize) -> Self {
        Self((node as u32) << 1)
    }

    /// Index of its node.
    pub(super) fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Its place among all literals: a node's, then its opposite's.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }

    /// Holds where its node does not.
    pub(super) fn negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl ops::Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    /// Never holds; node 0 alone.
    False,
    /// A choice, by index among the inputs.
    Input(usize),
    /// Both hold. They stand before it.
    And(Lit, Lit),
}

/// A choice that depends on no other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input {
    /// How often it is true among respondents who answer at random.
    pub(super) chance: f64,
    /// The item that it is about.
    pub(super) item: usize,
    /// What it is where nothing else is said: an option rather than a special answer, no option more than needed.
    pub(super) usual: bool,
}

/// Conditions over choices. A node stands after those that it is made of.
pub(super) struct Circuit {
    /// All nodes.
    pub(super) nodes: Vec<Node>,
    /// The choices, in their order.
    pub(super) inputs: Vec<Input>,
    known: HashMap<(Lit, Lit), Lit>,
}

impl Circuit {
    /// Without any choice.
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node::False], inputs: Vec::new(), known: HashMap::new() }
    }

    /// A new choice.
    pub(super) fn input(&mut self, item: usize, chance: f64, usual: bool) -> Lit {
        let lit = Lit::of(self.nodes.len());
        self.nodes.push(Node::Input(self.inputs.len()));
        self.inputs.push(Input { chance, item, usual });
        lit
    }

    /// Both hold.
    pub(super) fn and(&mut self, a: Lit, b: Lit) -> Lit {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        match (a, b) {
            (Lit::FALSE, _) => Lit::FALSE,
            (Lit::TRUE, _) => b,
            _ if a == b => a,
            _ if a == !b => Lit::FALSE,
            _ => *self.known.entry((a, b)).or_insert_with(|| {
                self.nodes.push(Node::And(a, b));
                Lit::of(self.nodes.len() - 1)
            }),
        }
    }

    /// One of them holds at least.
    pub(super) fn or(&mut self, a: Lit, b: Lit) -> Lit {
        !self.and(!a, !b)
    }

    /// All hold.
    pub(super) fn all(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        lits.into_iter().fold(Lit::TRUE, |all, lit| self.and(all, lit))
    }

    /// One of them holds at least.
    pub(super) fn any(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        lits.into_iter().fold(Lit::FALSE, |any, lit| self.or(any, lit))
    }

    /// At least k of them hold, for each k from 0 to `most`.
    pub(super) fn at_least(&mut self, lits: &[Lit], most: usize) -> Vec<Lit> {
        let mut at_least = vec![Lit::FALSE; most + 1];
        at_least[0] = Lit::TRUE;
        for &lit in lits {
            for k in (1..=most).rev() {
                let one_more = self.and(at_least[k - 1], lit);
                at_least[k] = self.or(at_least[k], one_more);
            }
        }
        at_least
    }

    /// Whether a literal holds, of 64 respondents at once.
    pub(super) fn told(words: &[u64], lit: Lit) -> u64 {
        words[lit.node()] ^ (lit.negated() as u64).wrapping_neg()
    }

    /// What holds of 64 respondents at once, by node, given their choices.
    pub(super) fn evaluate(&self, choices: &[u64], words: &mut Vec<u64>) {
        words.clear();
        for node in &self.nodes {
            words.push(match *node {
                Node::False => 0,
                Node::Input(input) => choices[input],
                Node::And(a, b) => Self::told(words, a) & Self::told(words, b),
            });
        }
    }
}
