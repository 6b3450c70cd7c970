//! The shortest list of answers that leads to an item.
//!
//! Answers lead to an item if it is asked of everybody who gives them, whatever they answer elsewhere. That is
//! told as a three-valued logic tells it: each node may be made to hold, made not to hold, or be left open.
//! Of all ways to make an item asked, a SAT solver looks for one with the fewest answers.

use std::{
    cmp,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    iter, mem,
    num::NonZero,
    panic::resume_unwind,
    thread,
};

use batsat::{Callbacks, ClauseKind, Solver as Sat, SolverInterface, SolverOpts, lbool};

use super::{
    Effort,
    circuit::{Circuit, Lit, Node},
    model::Model,
};
use crate::response::Given;

/// So many dead ends the solver runs into before it is content with a list that may not be the shortest.
const CONFLICTS: u64 = 250;

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

/// What makes something hold.
struct Needs {
    parts: Vec<Lit>,
    /// All of them do; else one is enough.
    all: bool,
    /// A list on which it holds has no fewer items, …
    least: u32,
    /// … and about so many.
    about: u32,
}

/// What may be made to hold in a model, and by what.
pub(super) struct Rails<'m, 'q> {
    model: &'m Model<'q>,
    /// By literal.
    needs: Vec<Needs>,
}

impl<'m, 'q> Rails<'m, 'q> {
    /// Of all that is in a model.
    pub(super) fn of(model: &'m Model<'q>) -> Self {
        let mut rails = Self { model, needs: Vec::with_capacity(2 * model.circuit.nodes.len()) };
        for node in 0..model.circuit.nodes.len() {
            for lit in [Lit::of(node), !Lit::of(node)] {
                let needs = rails.needs(lit);
                rails.needs.push(needs);
            }
        }
        rails
    }

    /// Parts stand before what is made of them.
    fn needs(&self, lit: Lit) -> Needs {
        let circuit = &self.model.circuit;
        let bounds = |lit: Lit| (self.needs[lit.index()].least, self.needs[lit.index()].about);
        match circuit.nodes[lit.node()] {
            Node::False if lit.negated() => Needs { parts: Vec::new(), all: true, least: 0, about: 0 },
            Node::False => Needs { parts: Vec::new(), all: false, least: u32::MAX, about: u32::MAX },
            // An answer counts only where the list leads to its item too.
            Node::Input(input) => {
                let item = circuit.inputs[input].item;
                let asked = if self.model.draws(input) { Lit::TRUE } else { self.model.asked[item] };
                let (least, about) = bounds(asked);
                let (least, about) = (least.saturating_add(1), about.saturating_add(1));
                Needs { parts: vec![asked], all: true, least, about }
            }
            Node::And(a, b) => {
                let [(a_least, a_about), (b_least, b_about)] =
                    if lit.negated() { [bounds(!a), bounds(!b)] } else { [bounds(a), bounds(b)] };
                let (least, about) = if lit.negated() {
                    (a_least.min(b_least), a_about.min(b_about))
                } else {
                    (a_least.max(b_least), a_about.saturating_add(b_about))
                };
                Needs { parts: self.parts(lit), all: !lit.negated(), least, about }
            }
        }
    }

    /// What is an *and* of *ands*, or an *or* of *ors*, is one.
    fn parts(&self, lit: Lit) -> Vec<Lit> {
        let (mut parts, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![lit]);
        while let Some(part) = open.pop() {
            match self.model.circuit.nodes[part.node()] {
                _ if !seen.insert(part) => {}
                Node::And(a, b) if part.negated() == lit.negated() => {
                    open.extend(if lit.negated() { [!a, !b] } else { [a, b] });
                }
                _ => parts.push(part),
            }
        }
        parts
    }

    fn shortest(&self, target: Lit) -> (Option<Way>, Effort) {
        let mut search = Search::new(self, target);
        let way = search.shortest(target);
        (
            way,
            Effort { solver_calls: search.calls, conflicts: search.sat.num_conflicts() as usize, ..Effort::default() },
        )
    }

    /// The shortest way to each of several targets, each on its own.
    pub(super) fn shortest_each(&self, targets: &BTreeSet<Lit>, effort: &mut Effort) -> HashMap<Lit, Way> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let some = |first| {
            let targets = targets.iter().skip(first).step_by(threads);
            targets.map(|&target| (target, self.shortest(target))).collect::<Vec<_>>()
        };
        let found = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || some(first))).collect();
            let done = |worker: thread::ScopedJoinHandle<'_, _>| worker.join().unwrap_or_else(|it| resume_unwind(it));
            workers.into_iter().map(done).collect::<Vec<_>>()
        });
        let mut ways = HashMap::new();
        for (target, (way, took)) in found.into_iter().flatten() {
            ways.extend(way.map(|way| (target, way)));
            effort.add(took);
        }
        ways
    }
}

/// A search for lists that lead to one target.
struct Search<'r, 'm, 'q> {
    rails: &'r Rails<'m, 'q>,
    sat: Sat<Patience>,
    /// By literal: the variable that makes it hold, if it may be needed.
    made: Vec<Option<batsat::Lit>>,
    /// Whether an answer to an item, or its being drawn, is on the list.
    listed: BTreeMap<usize, batsat::Lit>,
    /// So often the solver was asked.
    calls: usize,
}

impl<'r, 'm, 'q> Search<'r, 'm, 'q> {
    fn new(rails: &'r Rails<'m, 'q>, target: Lit) -> Self {
        // What was tried before is forgotten: a shorter list starts from nothing again.
        let options = SolverOpts { phase_saving: 0, ..SolverOpts::default() };
        let (sat, made) = (Sat::new(options, Patience::default()), vec![None; rails.needs.len()]);
        let mut search = Self { rails, sat, made, listed: BTreeMap::new(), calls: 0 };
        search.make(target);
        search.draw_can_come();
        search
    }

    /// The shortest way to the target; `None` if nothing leads there.
    fn shortest(&mut self, target: Lit) -> Option<Way> {
        if self.solve(None) != lbool::TRUE {
            return None;
        }
        let mut way = self.way();
        let least = self.rails.needs[target.index()].least as usize;
        let at_least = self.at_least(way.items.len());
        while way.items.len() > least.max(1) {
            let fewer = self.solve(at_least.get(way.items.len() - 1).map(|&it| !it));
            if fewer != lbool::TRUE {
                way.shortest = fewer == lbool::FALSE;
                return Some(way);
            }
            way = self.way();
        }
        way.shortest = true;
        Some(way)
    }

    fn solve(&mut self, assumed: Option<batsat::Lit>) -> lbool {
        self.calls += 1;
        self.sat.solve_limited(assumed.as_slice())
    }

    /// A variable that the solver decides.
    fn free(&mut self) -> batsat::Lit {
        batsat::Lit::new(self.sat.new_var_default(), true)
    }

    /// A variable that follows from others, or else is of no account.
    fn bound(&mut self) -> batsat::Lit {
        batsat::Lit::new(self.sat.new_var(lbool::UNDEF, false), true)
    }

    fn clause(&mut self, lits: impl IntoIterator<Item = batsat::Lit>) {
        self.sat.add_clause_reuse(&mut lits.into_iter().collect());
    }

    /// Makes the target hold by what is needed for it.
    fn make(&mut self, target: Lit) {
        let (rails, mut order) = (self.rails, vec![target]);
        // By literal: whether it was met, and whether it is one of several that are enough.
        let (mut met, mut one_of) = (vec![false; rails.needs.len()], vec![false; rails.needs.len()]);
        met[target.index()] = true;
        let mut next = 0;
        while let Some(lit) = order.get(next) {
            let Needs { parts, all, .. } = &rails.needs[lit.index()];
            for part in parts {
                one_of[part.index()] |= !all;
                if !mem::replace(&mut met[part.index()], true) {
                    order.push(*part);
                }
            }
            next += 1;
        }
        // The solver decides in this order, and first that something is not made: what is cheap is left.
        order.sort_by_key(|lit| cmp::Reverse(rails.needs[lit.index()].about));
        for lit in &order {
            let it = if one_of[lit.index()] { self.free() } else { self.bound() };
            self.made[lit.index()] = Some(it);
        }
        for lit in order {
            self.follow(lit);
        }
        let made = self.made[target.index()];
        self.clause(made);
    }

    /// What follows if something is made to hold.
    fn follow(&mut self, lit: Lit) {
        let (rails, circuit) = (self.rails, &self.rails.model.circuit);
        let Some(it) = self.made[lit.index()] else { return };
        let Needs { parts, all, .. } = &rails.needs[lit.index()];
        let parts: Vec<batsat::Lit> = parts.iter().filter_map(|part| self.made[part.index()]).collect();
        if *all {
            parts.into_iter().for_each(|part| self.clause([!it, part]));
        } else {
            self.clause(iter::once(!it).chain(parts));
        }
        if let Node::Input(input) = circuit.nodes[lit.node()] {
            let item = circuit.inputs[input].item;
            let known = self.listed.get(&item).copied();
            let listed = known.unwrap_or_else(|| self.bound());
            self.listed.insert(item, listed);
            self.clause([!it, listed]);
            if let (false, Some(opposite)) = (lit.negated(), self.made[(!lit).index()]) {
                self.clause([!it, !opposite]);
            }
        }
    }

    /// What is said of the draw must be so in a draw that can come.
    fn draw_can_come(&mut self) {
        let (model, circuit) = (self.rails.model, &self.rails.model.circuit);
        if model.draw.is_none() {
            return;
        }
        let vars: Vec<batsat::Lit> = (0..=model.valid.node()).map(|_| self.free()).collect();
        let lit = |lit: Lit| if lit.negated() { !vars[lit.node()] } else { vars[lit.node()] };
        self.clause([lit(Lit::TRUE)]);
        self.clause([lit(model.valid)]);
        // The draw stands before everything else in the circuit.
        for (node, &it) in circuit.nodes.iter().zip(&vars) {
            if let Node::And(a, b) = *node {
                self.clause([!it, lit(a)]);
                self.clause([!it, lit(b)]);
                self.clause([it, !lit(a), !lit(b)]);
            }
        }
        for node in (0..vars.len()).filter(|&node| matches!(circuit.nodes[node], Node::Input(_))) {
            for of in [Lit::of(node), !Lit::of(node)] {
                if let Some(made) = self.made[of.index()] {
                    self.clause([!made, lit(of)]);
                }
            }
        }
    }

    /// At least 1, 2, … items are listed, up to `most`: a tree of sums in which each is told by how many are true.
    fn at_least(&mut self, most: usize) -> Vec<batsat::Lit> {
        let mut sums: VecDeque<Vec<batsat::Lit>> = self.listed.values().map(|&listed| vec![listed]).collect();
        while let Some(a) = sums.pop_front() {
            let Some(b) = sums.pop_front() else { return a };
            let sum: Vec<batsat::Lit> = (0..(a.len() + b.len()).min(most)).map(|_| self.bound()).collect();
            for i in 0..=a.len() {
                for j in 0..=b.len() {
                    let Some(&at_least) = (i + j).checked_sub(1).and_then(|k| sum.get(k)) else { continue };
                    let parts = [i.checked_sub(1).map(|i| !a[i]), j.checked_sub(1).map(|j| !b[j]), Some(at_least)];
                    self.clause(parts.into_iter().flatten());
                }
            }
            sums.push_back(sum);
        }
        Vec::new()
    }

    /// The list that the solver found.
    fn way(&self) -> Way {
        let (model, circuit) = (self.rails.model, &self.rails.model.circuit);
        let mut choices: Vec<u64> = circuit.inputs.iter().map(|input| u64::from(input.usual)).collect();
        let mut way = Way::default();
        for (node, gate) in circuit.nodes.iter().enumerate() {
            let Node::Input(input) = *gate else { continue };
            for lit in [Lit::of(node), !Lit::of(node)] {
                if self.made[lit.index()].is_some_and(|made| self.sat.value_lit(made) == lbool::TRUE) {
                    choices[input] = u64::from(!lit.negated());
                    let item = circuit.inputs[input].item;
                    way.items.insert(item);
                    if model.draws(input) {
                        way.drawn.insert(item, !lit.negated());
                    } else {
                        way.answered.insert(item, Given::NotAsked);
                    }
                }
            }
        }
        let mut words = Vec::new();
        circuit.evaluate(&choices, &mut words);
        let holds = |lit| Circuit::told(&words, lit) & 1 == 1;
        way.answered.iter_mut().for_each(|(item, given)| *given = model.given(*item, &holds));
        way
    }
}
