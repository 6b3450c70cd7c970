//! Whoever knows every figure that was ever shown, and n of every area, day and step, asks a solver for the least and
//! the greatest that a count which is not told can be. See `src/disclosure.rs`.

mod field;
mod people;
mod solver;
mod sums;

use std::collections::BTreeMap;

use anxin::disclosure::decisions::Key;
use field::{Fact, Field, K, Sum, Told, WAITS};
use solver::Solver;

/// A count that somebody might want to know.
struct Target {
    key: Key,
    sum: Sum,
}

/// Every count of a category in a view, up to each step, of each step alone and of those who wait, that is not told. It is told too if it
/// is a sum of such as are told.
fn untold(field: &Field, told: &[Told]) -> Vec<Target> {
    let steps = field.after.len() as u32;
    let mut targets = Vec::new();
    for view in &field.views {
        let Some(key) = field.after[0].key(view.0.as_ref(), view.1) else { continue };
        for step in (1..=steps).chain([WAITS]) {
            for from in [1, step].into_iter().take(step.min(2) as usize) {
                let slices = field.slices(view, from..=step);
                if slices.is_empty() {
                    continue;
                }
                for cell in field.wanted() {
                    let sum = Sum { slices: slices.clone(), plus: vec![cell], minus: Vec::new() };
                    if !is_told(told, key, &sum) {
                        targets.push(Target { key, sum });
                    }
                }
            }
        }
    }
    targets
}

fn is_told(told: &[Told], key: Key, sum: &Sum) -> bool {
    let mut levels = BTreeMap::new();
    for Told { place, sum: part, .. } in told {
        let Some((figure, level, _)) = place.filter(|(.., at)| *at == key) else { continue };
        if part.plus == sum.plus && part.minus.is_empty() && part.slices.iter().all(|it| sum.slices.contains(it)) {
            *levels.entry((figure, level)).or_insert(0) += part.slices.len();
        }
    }
    levels.values().any(|&slices| slices == sum.slices.len())
}

/// The smallest of the counts, or of what is left of them, first: they are what is to be protected.
fn dearest(field: &Field, mut targets: Vec<Target>, some: usize) -> Vec<Target> {
    let people = |sum: &Sum| sum.slices.iter().map(|&slice| field.slices[slice].tally.n).sum::<u64>();
    targets.sort_by_key(|target| {
        let count = field.truth(&target.sum);
        (count.min(people(&target.sum) - count), target.key, target.sum.plus.clone(), target.sum.slices.clone())
    });
    // Half of them the rarest, half spread over all.
    let every = (targets.len() / (some / 2).max(1)).max(1);
    targets.into_iter().enumerate().filter(|(i, _)| *i < some / 2 || i % every == 0).map(|(_, it)| it).collect()
}

/// The narrowest range that the solver finds for some of the counts, and how many it looked at.
fn narrowest(field: &Field, told: &[Told], some: usize) -> (f64, usize) {
    let solver = Solver::of(field, told);
    let targets = dearest(field, untold(field, told), some);
    let widths = targets.iter().map(|target| {
        let (least, most) = solver.range(&target.sum);
        most - least
    });
    (widths.fold(f64::INFINITY, f64::min), targets.len())
}

/// What is told where a sum is only looked at for itself: every count that is safe in its view, step after step.
fn without_neighbours(field: &Field) -> Vec<Told> {
    let mut told = Vec::new();
    for (decisions, step) in field.after.iter().zip(1..) {
        for view in &field.views {
            let Some(key) = decisions.key(view.0.as_ref(), view.1) else { continue };
            let slices = field.slices(view, 1..=step);
            for figure in decisions.figures() {
                let chain = decisions.chain(figure).unwrap();
                let cells = |indices: &[usize]| indices.iter().map(|&it| chain.cells[it]).collect::<Vec<_>>();
                for (level, counts) in chain.levels.iter().enumerate() {
                    let sums = counts.iter().map(|it| Sum {
                        slices: slices.clone(),
                        plus: cells(&it.plus),
                        minus: cells(&it.minus),
                    });
                    let sums: Vec<Sum> = sums.collect();
                    if sums.iter().all(|sum| field.truth(sum) >= u64::from(K)) {
                        let is = |sum: Sum| Told {
                            place: Some((figure, level, key)),
                            fact: Fact::Is(field.truth(&sum)),
                            sum,
                        };
                        told.extend(sums.into_iter().map(is));
                    }
                }
            }
        }
    }
    told
}

/// Seeds of the campaigns under attack.
fn seeds() -> std::ops::Range<u64> {
    let wanted = std::env::var("ATTACKS").ok().and_then(|it| it.parse().ok());
    0..wanted.unwrap_or(60)
}

#[test]
fn no_count_that_is_not_told_is_pinned() {
    let (mut attacked, mut facts, mut bounds, mut least) = (0, 0, 0, f64::INFINITY);
    for seed in seeds() {
        let field = Field::draw(seed);
        let told = field.told();
        let (width, targets) = narrowest(&field, &told, 12);
        assert!(width > f64::from(K) - 1e-6, "seed {seed}: a count is known to within {width}");
        (attacked, facts, least) = (attacked + targets, facts + told.len(), least.min(width));
        bounds += told.iter().filter(|told| !matches!(told.fact, Fact::Is(_))).count();
    }
    println!("{attacked} counts attacked with {facts} facts, {bounds} of them bounds; the narrowest range is {least}");
    assert!(attacked > 100 && facts > 1000 && bounds > 10, "too little is told to be worth an attack");
}

/// The control: with the threshold alone, the same attack finds what it should not.
#[test]
fn without_complementary_suppression_it_is() {
    let (mut pinned, mut all) = (0, 0);
    for seed in seeds().step_by(3) {
        let field = Field::draw(seed);
        let told = without_neighbours(&field);
        let (width, _) = narrowest(&field, &told, 12);
        (pinned, all) = (pinned + usize::from(width < f64::from(K) - 1e-6), all + 1);
    }
    println!("{pinned} of {all} campaigns give a count away");
    assert!(pinned * 2 > all, "{pinned} of {all}: the attack is too weak to show anything");
}
