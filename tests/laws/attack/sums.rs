//! A table and its sum agree: what the rows leave of it is nothing, or so much that it could be told itself.

use std::collections::BTreeMap;

use anxin::{
    disclosure::{
        decisions::Key,
        row::{Sums, Told},
        shown::Shown,
    },
    layout::Counts,
};

use super::{
    field::{Field, K},
    seeds,
};

/// The sum of what is told of some rows, at a level of a figure.
fn rows(sums: &BTreeMap<Key, Sums>, field: &Field, level: (usize, usize), keys: &mut dyn Iterator<Item = Key>) -> Told {
    let mut sum = Told::default();
    for told in keys.filter_map(|key| sums[&key].get(&level)) {
        sum.cells.resize(told.cells.len(), 0);
        sum.n += told.n;
        sum.cells.iter_mut().zip(&told.cells).for_each(|(sum, cell)| *sum += cell);
    }
    assert!(sum.n <= field.slices.iter().map(|slice| slice.tally.n).sum::<u64>());
    sum
}

#[test]
fn a_table_and_its_sum_agree() {
    let (mut whole, mut part) = (0, 0);
    for seed in seeds() {
        let field = Field::draw(seed);
        let decisions = field.after.last().unwrap();
        let areas = || field.campaign.areas.iter().filter_map(|area| decisions.key(Some(&area.code), None));
        let periods = |months: bool| {
            let whole = field.views.iter().filter(|(area, _)| area.is_none()).filter_map(|(_, period)| *period);
            whole.filter(move |it| (*it == it.month()) == months).filter_map(|it| decisions.key(None, Some(it)))
        };
        let all = decisions.key(None, None).unwrap();
        let every = areas().chain(periods(true)).chain(periods(false)).chain([all]);
        let sums: BTreeMap<Key, Sums> = every.map(|key| (key, decisions.sums(key))).collect();
        for (index, figure) in decisions.figures().enumerate() {
            let chain = decisions.chain(figure).unwrap();
            for (level, counts) in chain.levels.iter().enumerate() {
                let rows = |keys: &mut dyn Iterator<Item = Key>| rows(&sums, &field, (index, level), keys);
                for table in [rows(&mut areas()), rows(&mut periods(true)), rows(&mut periods(false))] {
                    let Some(total) = sums[&all].get(&(index, level)) else {
                        assert_eq!(table.n, 0, "seed {seed}: a row is told and its sum is not");
                        continue;
                    };
                    let left = total.n - table.n;
                    let table = Told {
                        cells: table.cells.into_iter().chain([0; 99]).take(total.cells.len()).collect(),
                        ..table
                    };
                    let cells: Vec<u64> = total.cells.iter().zip(&table.cells).map(|(all, rows)| all - rows).collect();
                    let safe = left >= u64::from(K) && counts.iter().all(|count| count.of(&cells) >= u64::from(K));
                    assert!(left == 0 && cells.iter().all(|cell| *cell == 0) || safe, "seed {seed}: {left} are left");
                    if left == 0 { whole += 1 } else { part += 1 }
                }
            }
        }
    }
    assert!(whole > 100 && part > 100, "{whole} tables whole, {part} in part");
}

/// Rounded counts are the exact ones, to the nearest multiple; and nothing else is told or withheld.
#[test]
fn rounding_changes_counts_and_nothing_else() {
    for seed in seeds().step_by(4) {
        let field = Field::draw(seed);
        let decisions = field.after.last().unwrap();
        for view in &field.views {
            let sums = &decisions.key(view.0.as_ref(), view.1).map(|key| decisions.sums(key)).unwrap_or_default();
            let shown = |rounding| Shown {
                chains: decisions.chains(),
                sums,
                questionnaire: &field.questionnaire,
                k: K,
                rounding,
            };
            let counts = |rounding| -> Vec<Option<u64>> {
                let ways = shown(rounding).ways(anxin::disclosure::chains::Figure::Mode, Counts::Mode);
                let items = (0..3).filter_map(|item| shown(rounding).item(item));
                let items = items.flat_map(|(asked, categories)| {
                    [asked].into_iter().chain(categories.into_iter().map(|it| it.count))
                });
                items.chain(ways.into_iter().flatten()).collect()
            };
            for (exact, rounded) in counts(1).into_iter().zip(counts(5)) {
                assert_eq!(rounded, exact.map(|count| (count + 2) / 5 * 5));
            }
        }
    }
}
