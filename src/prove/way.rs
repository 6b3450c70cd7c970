//! The shortest list of answers that leads to an item.
//!
//! Answers lead to an item if it is asked of everybody who gives them, whatever they answer elsewhere. That is
//! told as a three-valued logic tells it: each node may be made to hold, made not to hold, or be left open.
//! Of all ways to make an item asked, a SAT solver looks for one with the fewest answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use batsat::{Callbacks, ClauseKind, Solver as Sat, SolverInterface, SolverOpts, lbool};

use super::{
    circuit::{Circuit, Lit, Node},
    model::Model,
};
use crate::response::Given;

/// So many dead ends the solver runs into before it is content with a list that may not be the shortest.
const CONFLICTS: u64 = 500;

/// A list of answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// The items on the list.
    items: BTreeSet<usize>,
    /// What is answered, by item.
    pub(super) answered: BTreeMap<usize, Given>,
    /// Whether an item of the bank must be drawn, or must not.
    pub(super) drawn: BTreeMap<usize, bool>,
    /// No list is shorter.
    pub(super) shortest: bool,
}

/// Stops a search that takes too long.
#[derive(Default)]
struct Patience {
    conflicts: u64,
}

impl Callbacks for Patience {
    fn on_new_clause(&mut self, _: &[batsat::Lit], _: ClauseKind) {
        self.conflicts += 1;
    }

    fn stop(&self) -> bool {
        self.conflicts > CONFLICTS
    }
}

/// What may be made to hold on the way to one target.
struct Rails<'m, 'q> {
    model: &'m Model<'q>,
    sat: Sat<Patience>,
    /// What may be made to hold, and the variable that makes it.
    made: HashMap<Lit, batsat::Lit>,
    /// Whether an answer to an item, or its being drawn, is on the list.
    listed: BTreeMap<usize, batsat::Lit>,
}

/// The shortest way to something; `None` if nothing leads there.
pub(super) fn shortest(model: &Model, target: Lit) -> Option<Way> {
    let (sat, made, listed) = (Sat::new(SolverOpts::default(), Patience::default()), HashMap::new(), BTreeMap::new());
    let mut rails = Rails { model, sat, made, listed };
    let target = rails.make(target);
    rails.clause(&[target]);
    rails.draw_can_come();
    if rails.sat.solve_limited(&[]) != lbool::TRUE {
        return None;
    }
    let mut way = rails.way();
    let at_least = rails.at_least(way.items.len());
    while way.items.len() > 1 {
        let fewer = rails.sat.solve_limited(&[!at_least[way.items.len()]]);
        if fewer != lbool::TRUE {
            way.shortest = fewer == lbool::FALSE;
            return Some(way);
        }
        way = rails.way();
    }
    way.shortest = true;
    Some(way)
}

impl Rails<'_, '_> {
    fn new_lit(&mut self) -> batsat::Lit {
        batsat::Lit::new(self.sat.new_var_default(), true)
    }

    fn clause(&mut self, lits: &[batsat::Lit]) {
        self.sat.add_clause_reuse(&mut lits.to_vec());
    }

    /// The variable that makes it hold.
    fn make(&mut self, target: Lit) -> batsat::Lit {
        let mut open = vec![target];
        let first = self.rail(target, &mut open);
        while let Some(lit) = open.pop() {
            let it = self.made[&lit];
            match self.model.circuit.nodes[lit.node()] {
                Node::False => self.clause(&[if lit.negated() { it } else { !it }]),
                Node::Input(input) => {
                    let item = self.model.circuit.inputs[input].item;
                    let listed = match self.listed.get(&item) {
                        Some(&listed) => listed,
                        None => self.new_lit(),
                    };
                    self.listed.insert(item, listed);
                    self.clause(&[!it, listed]);
                    // An answer counts only where the list leads to its item too.
                    if !self.model.draws(input) {
                        let asked = self.rail(self.model.asked[item], &mut open);
                        self.clause(&[!it, asked]);
                    }
                    if let Some(&opposite) = self.made.get(&!lit) {
                        self.clause(&[!it, !opposite]);
                    }
                }
                Node::And(a, b) if lit.negated() => {
                    let (a, b) = (self.rail(!a, &mut open), self.rail(!b, &mut open));
                    self.clause(&[!it, a, b]);
                }
                Node::And(a, b) => {
                    for part in [a, b] {
                        let part = self.rail(part, &mut open);
                        self.clause(&[!it, part]);
                    }
                }
            }
        }
        first
    }

    fn rail(&mut self, lit: Lit, open: &mut Vec<Lit>) -> batsat::Lit {
        if let Some(&made) = self.made.get(&lit) {
            return made;
        }
        let made = self.new_lit();
        self.made.insert(lit, made);
        open.push(lit);
        made
    }

    /// What is said of the draw must be so in a draw that can come.
    fn draw_can_come(&mut self) {
        if self.model.draw.is_none() {
            return;
        }
        let circuit = &self.model.circuit;
        let vars: Vec<batsat::Lit> = (0..=self.model.valid.node()).map(|_| self.new_lit()).collect();
        let lit = |lit: Lit| if lit.negated() { !vars[lit.node()] } else { vars[lit.node()] };
        self.clause(&[lit(Lit::TRUE)]);
        self.clause(&[lit(self.model.valid)]);
        // The draw stands before everything else in the circuit.
        for (node, &it) in circuit.nodes.iter().zip(&vars) {
            if let Node::And(a, b) = *node {
                self.clause(&[!it, lit(a)]);
                self.clause(&[!it, lit(b)]);
                self.clause(&[it, !lit(a), !lit(b)]);
            }
        }
        let made: Vec<(Lit, batsat::Lit)> = self.made.iter().map(|(lit, made)| (*lit, *made)).collect();
        for (of, made) in made {
            if of.node() < vars.len() && matches!(circuit.nodes[of.node()], Node::Input(_)) {
                self.clause(&[!made, lit(of)]);
            }
        }
    }

    /// By k: at least k items are listed, up to `most`.
    fn at_least(&mut self, most: usize) -> Vec<batsat::Lit> {
        let mut at_least: Vec<batsat::Lit> = (0..=most).map(|_| self.new_lit()).collect();
        self.clause(&[at_least[0]]);
        for listed in self.listed.values().copied().collect::<Vec<_>>() {
            let more: Vec<batsat::Lit> = (0..=most).map(|_| self.new_lit()).collect();
            for k in 0..=most {
                self.clause(&[!at_least[k], more[k]]);
                if k > 0 {
                    self.clause(&[!at_least[k - 1], !listed, more[k]]);
                }
            }
            at_least = more;
        }
        at_least
    }

    /// The list that the solver found.
    fn way(&self) -> Way {
        let circuit = &self.model.circuit;
        let mut choices: Vec<u64> = circuit.inputs.iter().map(|input| u64::from(input.usual)).collect();
        let mut way = Way::default();
        for (lit, &made) in &self.made {
            let Node::Input(input) = circuit.nodes[lit.node()] else { continue };
            if self.sat.value_lit(made) == lbool::TRUE {
                choices[input] = u64::from(!lit.negated());
                let item = circuit.inputs[input].item;
                way.items.insert(item);
                if self.model.draws(input) {
                    way.drawn.insert(item, !lit.negated());
                } else {
                    way.answered.insert(item, Given::NotAsked);
                }
            }
        }
        let mut words = Vec::new();
        circuit.evaluate(&choices, &mut words);
        let holds = |lit| Circuit::told(&words, lit) & 1 == 1;
        way.answered.iter_mut().for_each(|(item, given)| *given = self.model.given(*item, &holds));
        way
    }
}
