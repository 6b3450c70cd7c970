//! What can hold of a respondent, by a SAT solver: exact, however long and entangled the routing is.

use batsat::{BasicCallbacks, Solver as Sat, SolverInterface, lbool};
use rand::SeedableRng;
use rand_pcg::Pcg32;

use super::{
    Effort,
    circuit::{Lit, Node},
    model::Model,
    people,
};

/// So many times 64 respondents are drawn first: what one of them shows need not be asked of the solver.
const ROUNDS: usize = 8;

/// Tells what can hold of a respondent.
pub(super) struct Possible {
    sat: Sat<BasicCallbacks>,
    vars: Vec<batsat::Var>,
    /// By node: seen true, seen false.
    seen: Vec<[bool; 2]>,
    words: Vec<u64>,
    calls: usize,
}

impl Possible {
    /// Over a model to which nothing is added any more.
    pub(super) fn new(model: &Model) -> Self {
        let circuit = &model.circuit;
        let mut sat = Sat::default();
        let vars = circuit.nodes.iter().map(|_| sat.new_var_default()).collect();
        let mut it = Self { sat, vars, seen: vec![[false; 2]; circuit.nodes.len()], words: Vec::new(), calls: 0 };
        it.clause(&[Lit::TRUE]);
        it.clause(&[model.valid]);
        for (index, node) in circuit.nodes.iter().enumerate() {
            if let Node::And(a, b) = *node {
                let and = Lit::of(index);
                it.clause(&[!and, a]);
                it.clause(&[!and, b]);
                it.clause(&[and, !a, !b]);
            }
        }
        let mut rng = Pcg32::seed_from_u64(0);
        for _ in 0..ROUNDS {
            let choices = people::choices(model, &mut rng);
            circuit.evaluate(&choices, &mut it.words);
            for (seen, &word) in it.seen.iter_mut().zip(&it.words) {
                seen[0] |= word != 0;
                seen[1] |= word != u64::MAX;
            }
        }
        it
    }

    fn clause(&mut self, lits: &[Lit]) {
        let mut clause = lits.iter().map(|&lit| self.lit(lit)).collect();
        self.sat.add_clause_reuse(&mut clause);
    }

    fn lit(&self, lit: Lit) -> batsat::Lit {
        batsat::Lit::new(self.vars[lit.node()], !lit.negated())
    }

    /// What it took so far.
    pub(super) fn effort(&self) -> Effort {
        Effort { solver_calls: self.calls, conflicts: self.sat.num_conflicts() as usize, ..Effort::default() }
    }

    /// Whether it holds of some respondent.
    pub(super) fn ever(&mut self, lit: Lit) -> bool {
        let wanted = usize::from(lit.negated());
        if self.seen[lit.node()][wanted] {
            return true;
        }
        self.calls += 1;
        if self.sat.solve_limited(&[self.lit(lit)]) == lbool::TRUE {
            for (seen, &var) in self.seen.iter_mut().zip(&self.vars) {
                let value = self.sat.value_var(var);
                seen[0] |= value == lbool::TRUE;
                seen[1] |= value == lbool::FALSE;
            }
        }
        self.seen[lit.node()][wanted]
    }
}
