//! Decision diagrams of sums: how long a respondent's way is, or what score it may come to, as a function of all
//! choices.
//!
//! Each node asks one choice, in the order of the inputs; what is the same is one node. The sums here have more
//! than two values and draws whose choices hang together, for which the crates of decision diagrams that were
//! looked at (biodivine-lib-bdd, oxidd) have no operation, or bring threads and thirty crates along.

use std::collections::{BTreeMap, HashMap};

use super::{
    circuit::{Circuit, Lit, Node as Gate},
    model::Draw,
};

/// So many nodes at most; above, a sum is too entangled for a diagram.
pub(super) const NODES: usize = 1 << 16;

/// So many choices at most: operations go as deep.
const INPUTS: usize = 4_000;

/// A diagram, by its root: a node, or with the highest bit set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Root(u32);

const VALUE: u32 = 1 << 31;

impl Root {
    /// The same whatever is chosen.
    pub(super) const fn value(value: u32) -> Self {
        Self(value | VALUE)
    }

    const FALSE: Self = Self::value(0);
    const TRUE: Self = Self::value(1);

    fn told(self) -> Option<u32> {
        (self.0 & VALUE != 0).then_some(self.0 & !VALUE)
    }
}

/// There are more nodes than allowed.
pub(super) struct TooEntangled;

/// Nodes that diagrams share.
pub(super) struct Diagrams<'c> {
    circuit: &'c Circuit,
    /// Input, where it is false, where it is true.
    nodes: Vec<(u32, Root, Root)>,
    unique: HashMap<(u32, Root, Root), Root>,
    both: HashMap<(Root, Root), Root>,
    not: HashMap<Root, Root>,
    /// By node of the circuit.
    built: HashMap<usize, Root>,
}

impl<'c> Diagrams<'c> {
    /// Of the nodes of a circuit.
    pub(super) fn new(circuit: &'c Circuit) -> Self {
        let (nodes, unique, both, not) = (Vec::new(), HashMap::new(), HashMap::new(), HashMap::new());
        Self { circuit, nodes, unique, both, not, built: HashMap::new() }
    }

    /// So many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn node(&mut self, input: u32, no: Root, yes: Root) -> Result<Root, TooEntangled> {
        if no == yes {
            return Ok(no);
        }
        if let Some(&root) = self.unique.get(&(input, no, yes)) {
            return Ok(root);
        }
        if self.nodes.len() >= NODES || self.circuit.inputs.len() > INPUTS {
            return Err(TooEntangled);
        }
        let root = Root(self.nodes.len() as u32);
        self.nodes.push((input, no, yes));
        self.unique.insert((input, no, yes), root);
        Ok(root)
    }

    fn top(&self, root: Root) -> u32 {
        if root.told().is_some() { u32::MAX } else { self.nodes[root.0 as usize].0 }
    }

    /// What is left of a diagram once an input is chosen that stands at its top or before.
    fn split(&self, root: Root, input: u32) -> (Root, Root) {
        if self.top(root) == input {
            let (_, no, yes) = self.nodes[root.0 as usize];
            (no, yes)
        } else {
            (root, root)
        }
    }

    /// Of a node of the circuit.
    pub(super) fn of(&mut self, lit: Lit) -> Result<Root, TooEntangled> {
        let mut open = vec![lit.node()];
        while let Some(&index) = open.last() {
            let root = match self.circuit.nodes[index] {
                _ if self.built.contains_key(&index) => {
                    open.pop();
                    continue;
                }
                Gate::False => Root::FALSE,
                Gate::Input(input) => self.node(input as u32, Root::FALSE, Root::TRUE)?,
                Gate::And(a, b) => {
                    let waits = |lit: &Lit| !self.built.contains_key(&lit.node());
                    let before: Vec<usize> = [a, b].iter().filter(|lit| waits(lit)).map(|lit| lit.node()).collect();
                    if !before.is_empty() {
                        open.extend(before);
                        continue;
                    }
                    let (a, b) = (self.signed(a)?, self.signed(b)?);
                    self.and(a, b)?
                }
            };
            self.built.insert(index, root);
        }
        self.signed(lit)
    }

    fn signed(&mut self, lit: Lit) -> Result<Root, TooEntangled> {
        let root = self.built[&lit.node()];
        if lit.negated() { self.not(root) } else { Ok(root) }
    }

    fn and(&mut self, a: Root, b: Root) -> Result<Root, TooEntangled> {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        match (a.told(), b.told()) {
            (_, Some(0)) => return Ok(Root::FALSE),
            (_, Some(_)) => return Ok(a),
            _ if a == b => return Ok(a),
            _ => {}
        }
        if let Some(&root) = self.both.get(&(a, b)) {
            return Ok(root);
        }
        let input = self.top(a).min(self.top(b));
        let ((a_no, a_yes), (b_no, b_yes)) = (self.split(a, input), self.split(b, input));
        let (no, yes) = (self.and(a_no, b_no)?, self.and(a_yes, b_yes)?);
        let root = self.node(input, no, yes)?;
        self.both.insert((a, b), root);
        Ok(root)
    }

    fn not(&mut self, a: Root) -> Result<Root, TooEntangled> {
        if let Some(value) = a.told() {
            return Ok(Root::value(1 - value));
        }
        if let Some(&root) = self.not.get(&a) {
            return Ok(root);
        }
        let (input, no, yes) = self.nodes[a.0 as usize];
        let (no, yes) = (self.not(no)?, self.not(yes)?);
        let root = self.node(input, no, yes)?;
        self.not.insert(a, root);
        Ok(root)
    }

    /// A diagram with other values where something holds.
    pub(super) fn add(
        &mut self,
        sum: Root,
        holds: Lit,
        more: &mut dyn FnMut(u32) -> u32,
    ) -> Result<Root, TooEntangled> {
        let holds = self.of(holds)?;
        self.change(sum, holds, more, &mut HashMap::new())
    }

    fn change(
        &mut self,
        sum: Root,
        holds: Root,
        more: &mut dyn FnMut(u32) -> u32,
        known: &mut HashMap<(Root, Root), Root>,
    ) -> Result<Root, TooEntangled> {
        match (holds.told(), sum.told()) {
            (Some(0), _) => return Ok(sum),
            (Some(_), Some(sum)) => return Ok(Root::value(more(sum))),
            _ => {}
        }
        if let Some(&root) = known.get(&(sum, holds)) {
            return Ok(root);
        }
        let input = self.top(sum).min(self.top(holds));
        let ((sum_no, sum_yes), (no, yes)) = (self.split(sum, input), self.split(holds, input));
        let (no, yes) = (self.change(sum_no, no, more, known)?, self.change(sum_yes, yes, more, known)?);
        let root = self.node(input, no, yes)?;
        known.insert((sum, holds), root);
        Ok(root)
    }

    /// Every value that a sum takes, with what the draw adds to it, and how often they come among respondents who
    /// answer at random. An input of the draw adds by itself one of its weights, each as likely as the others.
    pub(super) fn spread(
        &self,
        sum: Root,
        draw: Option<&Draw>,
        weights: &HashMap<usize, Vec<u32>>,
    ) -> BTreeMap<(u32, u32), f64> {
        let mut waiting: BTreeMap<u32, HashMap<(Root, u32), f64>> = BTreeMap::new();
        let mut spread = BTreeMap::new();
        for ((root, more), chance) in self.drawn(sum, draw, weights) {
            *waiting.entry(self.top(root)).or_default().entry((root, more)).or_default() += chance;
        }
        while let Some((input, roots)) = waiting.pop_first() {
            for ((root, more), chance) in roots {
                if let Some(value) = root.told() {
                    *spread.entry((value, more)).or_default() += chance;
                    continue;
                }
                let yes_chance = self.circuit.inputs[input as usize].chance;
                let (no, yes) = self.split(root, input);
                for (next, share) in [(no, 1.0 - yes_chance), (yes, yes_chance)] {
                    *waiting.entry(self.top(next)).or_default().entry((next, more)).or_default() += chance * share;
                }
            }
        }
        spread
    }

    /// What is left of a sum after a draw and what the draw adds to it, and how often that comes. Only draws that
    /// can come are gone through.
    fn drawn(&self, sum: Root, draw: Option<&Draw>, weights: &HashMap<usize, Vec<u32>>) -> HashMap<(Root, u32), f64> {
        let Some(draw) = draw else { return HashMap::from([((sum, 0), 1.0)]) };
        // Besides: how many topics still get one more.
        let mut states = HashMap::from([((sum, 0, draw.more), 1.0)]);
        for (place, topic) in draw.topics.iter().enumerate() {
            // Besides: how many of this topic are still to be drawn.
            let mut within: HashMap<(Root, u32, usize, usize), f64> = HashMap::new();
            let topics = draw.topics.len() - place;
            for ((root, add, more), chance) in states {
                for (gets, share) in [(0, topics - more), (1, more)].into_iter().filter(|(_, share)| *share > 0) {
                    let chance = chance * share as f64 / topics as f64;
                    *within.entry((root, add, more - gets, draw.each + gets)).or_default() += chance;
                }
            }
            for (i, &input) in topic.iter().enumerate() {
                let (mut next, left) = (HashMap::new(), topic.len() - i);
                let adds = weights.get(&input).map_or(&[0][..], Vec::as_slice);
                for ((root, add, more, still), chance) in within {
                    let (no, yes) = self.split(root, input as u32);
                    let share = |share: usize| chance * share as f64 / left as f64;
                    if left > still {
                        *next.entry((no, add, more, still)).or_default() += share(left - still);
                    }
                    for &weight in adds.iter().filter(|_| still > 0) {
                        let chance = share(still) / adds.len() as f64;
                        *next.entry((yes, add + weight, more, still - 1)).or_default() += chance;
                    }
                }
                within = next;
            }
            states = HashMap::new();
            for ((root, add, more, _), chance) in within {
                *states.entry((root, add, more)).or_default() += chance;
            }
        }
        let mut drawn = HashMap::new();
        for ((root, add, _), chance) in states {
            *drawn.entry((root, add)).or_default() += chance;
        }
        drawn
    }
}
