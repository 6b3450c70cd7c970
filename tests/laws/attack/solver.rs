//! All that is known of a campaign as linear constraints.

use anxin::layout::Counts;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::field::{Fact, Field, Sum, Told};

/// A cell of a slice, and its sign in a sum.
type Term = ((usize, usize), f64);

/// Every cell of every slice is a variable: by how much it differs from the truth, at which all constraints hold.
pub(super) struct Solver<'s> {
    field: &'s Field,
    /// Sums, each with the range in which it lies.
    facts: Vec<(Vec<Term>, f64, f64)>,
}

impl<'s> Solver<'s> {
    pub(super) fn of(field: &'s Field, told: &[Told]) -> Self {
        let mut solver = Self { field, facts: Vec::new() };
        (0..field.slices.len()).for_each(|slice| solver.layout(slice));
        for Told { sum, fact, .. } in told {
            let truth = field.truth(sum) as f64;
            let (least, most) = match *fact {
                Fact::Is(count) => {
                    assert_eq!(count as f64, truth, "what is told is true");
                    (0.0, 0.0)
                }
                Fact::AtLeast(least) => (least - truth, f64::INFINITY),
                Fact::AtMost(most) => (f64::NEG_INFINITY, most - truth),
            };
            assert!(least <= 1e-9 && most >= -1e-9, "what is told is true");
            let signs = [(&sum.plus, 1.0), (&sum.minus, -1.0)];
            let terms = sum.slices.iter().flat_map(|&slice| {
                signs.iter().flat_map(move |(cells, sign)| cells.iter().map(move |&cell| ((slice, cell), *sign)))
            });
            solver.facts.push((terms.collect(), least.min(0.0), most.max(0.0)));
        }
        solver
    }

    /// What is known of the cells of any respondents.
    fn layout(&mut self, slice: usize) {
        let (field, tally) = (self.field, &self.field.slices[slice].tally);
        let cells = |counts| field.cells(counts);
        let mut fact = |terms: Vec<(usize, f64)>, least: f64, most: f64| {
            let truth: f64 = terms.iter().map(|&(cell, sign)| sign * tally.cells[cell] as f64).sum();
            let terms = terms.into_iter().map(|(cell, sign)| ((slice, cell), sign)).collect();
            self.facts.push((terms, (least - truth).min(0.0), (most - truth).max(0.0)));
        };
        let n = tally.n as f64;
        for block in field.questionnaire.layout.blocks.iter().filter(|block| block.one_hot()) {
            fact((block.start..block.start + block.len).map(|cell| (cell, 1.0)).collect(), n, n);
        }
        let (safe, why) = (cells(Counts::Item(0)), cells(Counts::Item(1)));
        let (options, status, any) = (cells(Counts::Options(2)), cells(Counts::Status(2)), cells(Counts::Indicator(1)));
        // Who feels unsafe was asked why.
        fact(vec![(safe[2], 1.0), (safe[3], 1.0), (why[0], -1.0), (why[1], -1.0), (why[2], -1.0)], 0.0, 0.0);
        // Who answered chose one option at least, and each no more than once.
        fact(vec![(any[1], 1.0), (status[0], -1.0)], 0.0, 0.0);
        fact(vec![(options[0], 1.0), (options[1], 1.0), (status[0], -1.0)], 0.0, f64::INFINITY);
        options.iter().for_each(|&option| fact(vec![(option, 1.0), (status[0], -1.0)], f64::NEG_INFINITY, 0.0));
    }

    /// How much less and how much more than it is a sum could be.
    pub(super) fn range(&self, sum: &Sum) -> (f64, f64) {
        let end = |direction| {
            let mut problem = Problem::new(direction);
            let width = self.field.questionnaire.layout.len();
            let variables: Vec<Variable> = (0..self.field.slices.len() * width)
                .map(|index| {
                    let (slice, cell) = (index / width, index % width);
                    let tally = &self.field.slices[slice].tally;
                    let (count, n) = (tally.cells[cell] as f64, tally.n as f64);
                    let wanted = sum.slices.contains(&slice) && sum.plus.contains(&cell);
                    problem.add_var(f64::from(u8::from(wanted)), (-count, n - count))
                })
                .collect();
            for (terms, least, most) in &self.facts {
                let row: Vec<(Variable, f64)> =
                    terms.iter().map(|&((slice, cell), sign)| (variables[slice * width + cell], sign)).collect();
                if least == most {
                    problem.add_constraint(row, ComparisonOp::Eq, *least);
                } else if least.is_finite() {
                    problem.add_constraint(row, ComparisonOp::Ge, *least);
                } else {
                    problem.add_constraint(row, ComparisonOp::Le, *most);
                }
            }
            let outcome = problem.solve().expect("the truth is a solution");
            outcome.into_solution().expect("in time").objective()
        };
        (end(OptimizationDirection::Minimize), end(OptimizationDirection::Maximize))
    }
}
