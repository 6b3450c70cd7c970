//! A small campaign drawn from a seed: few areas and days, rare answers, several releases. What is shown of it, and
//! what is true.

use std::collections::BTreeMap;

use anxin::{
    area::AreaCode,
    campaign::{Campaign, Channel},
    day::Day,
    disclosure::{
        FIRST_STEP,
        areas::Areas,
        bound::{Bound, Side},
        chain::Count,
        chains::Figure,
        decisions::{Decisions, Key, Steps},
        group::{Piece, Rest, Safe, group},
        shown::Shown,
    },
    layout::Counts,
    period::Period,
    questionnaire::Questionnaire,
    tally::Tally,
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use serde_json::{Value, json};

use super::people::{form, people};
use crate::shared::{Sample, releases::Releases, tape::Tape};

pub(super) const K: u32 = 5;

/// The respondents of an area and a day who came between two steps. How many they are is known to all.
#[derive(Debug)]
pub(super) struct Slice {
    area: usize,
    pub(super) day: Day,
    /// The step for which they are enough: those who are too few wait.
    pub(super) step: u32,
    pub(super) tally: Tally,
}

/// Of those who wait no step tells.
pub(super) const WAITS: u32 = u32::MAX;

/// A sum of cells over slices, by index, of which something is shown.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub(super) slices: Vec<usize>,
    pub(super) plus: Vec<usize>,
    pub(super) minus: Vec<usize>,
}

/// Something that is shown, and where: figure, level and view.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) place: Option<(Figure, usize, Key)>,
    pub(super) sum: Sum,
    pub(super) fact: Fact,
}

/// What is shown of a sum.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    Is(u64),
    AtLeast(f64),
    AtMost(f64),
}

/// What was told at a figure's level in a view, at which step it was told last, and of which slices it is.
type Before = BTreeMap<(Figure, usize, Key), (u64, Vec<u64>, u32, Vec<usize>)>;

/// A campaign and all that happened in it.
pub(super) struct Field {
    pub(super) questionnaire: std::sync::Arc<Questionnaire>,
    pub(super) campaign: Campaign,
    pub(super) slices: Vec<Slice>,
    /// The decisions after each step.
    pub(super) after: Vec<Decisions>,
    /// What can be selected: areas by prefix, a day, a month or all.
    pub(super) views: Vec<(Option<AreaCode>, Option<Period>)>,
}

/// Two days of one month, or of two.
fn days(one_month: bool) -> [Day; 2] {
    let first = Day::new(2026, 11, if one_month { 29 } else { 30 }).unwrap();
    [first, first.plus_days(1)]
}

/// Finds which slices are enough by now: from their numbers alone, as anybody could.
fn enough(campaign: &Campaign, slices: &mut [Slice], step: u32) {
    let areas = Areas::of(&campaign.areas);
    let waiting: Vec<usize> = (0..slices.len()).filter(|&index| slices[index].step == WAITS).collect();
    let piece = |&index: &usize| {
        let Slice { area, day, tally, .. } = &slices[index];
        let node = areas.area(&campaign.areas[*area].code).unwrap();
        Piece { node, period: Some(Period::Day(*day)), n: tally.n, cells: Vec::new() }
    };
    let pieces: Vec<Piece> = waiting.iter().map(piece).collect();
    for atom in group(&areas, &pieces, Safe { counts: &[], k: FIRST_STEP * K }, Rest::Waits) {
        atom.members.into_iter().for_each(|member| slices[waiting[member]].step = step);
    }
}

impl Field {
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = Pcg32::seed_from_u64(seed);
        let mut tape = Tape::new((0..60_000).map(|_| rng.next_u32()).collect());
        let questionnaire = Sample::parse(form().to_string().as_bytes()).questionnaire;
        let trees: [&[&str]; 4] = [
            &["3301", "3302"],
            &["330102", "330103", "330201", "330202"],
            &["330102", "330103", "330104", "3302", "3401"],
            &["33010201", "33010202", "330103", "330201", "330202", "330203"],
        ];
        let codes = trees[tape.below(trees.len())];
        let areas: Vec<Value> = codes.iter().map(|code| json!({ "code": code, "name": { "en": "?" } })).collect();
        let campaign: Campaign = serde_json::from_value(json!({
            "id": "attacked", "title": { "en": "?" }, "kind": "survey", "questionnaire": questionnaire.hash, "areas": areas,
            "opens": "2026-11-01", "closes": "2026-11-30", "grace_days": 14, "k": K, "channels": ["tablet"],
        }))
        .unwrap();
        let (many, one_month) = (1 + tape.below(2), tape.one_in(2));
        let days = &days(one_month)[..many];
        let rare = [2, 4, 8, 15, 40][tape.below(5)];
        let (mut releases, mut slices, mut after) = (Releases::new(K), Vec::new(), Vec::new());
        for step in 1..=2 + u32::from(tape.one_in(3)) {
            for (area, code) in codes.iter().enumerate() {
                for &day in days {
                    if tape.one_in(4) {
                        continue;
                    }
                    let n = K as usize + [0, tape.below(12), tape.below(60)][tape.below(3)];
                    let tally = people(&questionnaire, &mut tape, n, rare);
                    // Only added, whatever step would be due.
                    releases.hold((code.parse().unwrap(), day, Channel::Tablet), &tally, None);
                    slices.push(Slice { area, day, step: WAITS, tally });
                }
            }
            enough(&campaign, &mut slices, step);
            releases.step();
            let mut steps = Steps::new(&campaign);
            for leaf in releases.leaves() {
                leaf.steps.iter().for_each(|(number, tally)| steps.add(&leaf.area, leaf.day, *number, tally));
            }
            after.push(Decisions::of(&steps, &questionnaire, K));
        }
        let mut prefixes: Vec<Option<AreaCode>> = vec![None];
        for code in codes {
            prefixes.extend((1..=code.len()).map(|length| Some(code[..length].parse().unwrap())));
        }
        let mut views = Vec::new();
        for prefix in prefixes {
            let periods = days.iter().flat_map(|day| Period::around(Some(Period::Day(*day))));
            views.extend(periods.map(|period| (prefix.clone(), period)));
        }
        views.sort();
        views.dedup();
        Self { questionnaire, campaign, slices, after, views }
    }

    /// The slices of a view that are of some steps.
    pub(super) fn slices(
        &self,
        (area, period): &(Option<AreaCode>, Option<Period>),
        steps: std::ops::RangeInclusive<u32>,
    ) -> Vec<usize> {
        let within = |slice: &Slice| {
            let code = &self.campaign.areas[slice.area].code;
            area.as_ref().is_none_or(|area| code.within(area))
                && period.is_none_or(|period| period.has(slice.day))
                && steps.contains(&slice.step)
        };
        self.slices.iter().enumerate().filter(|(_, slice)| within(slice)).map(|(index, _)| index).collect()
    }

    /// What is true of a sum.
    pub(super) fn truth(&self, sum: &Sum) -> u64 {
        let of = |cells: &[usize]| -> u64 {
            sum.slices
                .iter()
                .flat_map(|&slice| cells.iter().map(move |&cell| self.slices[slice].tally.cells[cell]))
                .sum()
        };
        of(&sum.plus) - of(&sum.minus)
    }

    /// Every fact that is told, at whatever level, to whoever looks after every step at every view; and of which
    /// slices each is, so far as it was not told before.
    pub(super) fn told(&self) -> Vec<Told> {
        let mut facts = Vec::new();
        let mut before = Before::new();
        for (decisions, step) in self.after.iter().zip(1..) {
            for view in &self.views {
                let Some(key) = decisions.key(view.0.as_ref(), view.1) else { continue };
                let sums = decisions.sums(key);
                for (index, figure) in decisions.figures().enumerate() {
                    let chain = decisions.chain(figure).unwrap();
                    let cells = |indices: &[usize]| indices.iter().map(|&it| chain.cells[it]).collect::<Vec<_>>();
                    for (level, counts) in chain.levels.iter().enumerate() {
                        let Some(told) = sums.get(&(index, level)) else { continue };
                        let nothing = || (0, vec![0; told.cells.len()], 0, Vec::new());
                        let known = before.entry((figure, level, key)).or_insert_with(nothing);
                        let n = told.n - known.0;
                        let grown: Vec<u64> = told.cells.iter().zip(&known.1).map(|(now, then)| now - then).collect();
                        if n == 0 {
                            continue;
                        }
                        let sum = |slices: Vec<usize>, count: &Count| Sum {
                            slices,
                            plus: cells(&count.plus),
                            minus: cells(&count.minus),
                        };
                        // The steps that it is of: what waited, down from this one.
                        let of = |from: u32| self.slices(view, from..=step);
                        let fits = |from: &u32| {
                            let slices = of(*from);
                            let people: u64 = slices.iter().map(|&slice| self.slices[slice].tally.n).sum();
                            people == n
                                && counts
                                    .iter()
                                    .all(|count| self.truth(&sum(slices.clone(), count)) == count.of(&grown))
                        };
                        let from = (known.2 + 1..=step).rev().find(fits).expect("a figure that is no sum of slices");
                        let place = Some((figure, level, key));
                        facts.extend(counts.iter().map(|count| Told {
                            place,
                            sum: sum(of(from), count),
                            fact: Fact::Is(count.of(&grown)),
                        }));
                        *known = (told.n, told.cells.clone(), step, [&*known.3, &of(from)].concat());
                    }
                }
                facts.extend(self.bound(decisions, key, &before));
            }
        }
        facts
    }

    /// The bound of the rate in a view, which is an item's that all are asked.
    fn bound(&self, decisions: &Decisions, key: Key, before: &Before) -> Option<Told> {
        let (chains, sums) = (decisions.chains(), &decisions.sums(key));
        let shown = Shown { chains, sums, questionnaire: &self.questionnaire, k: K, rounding: 1 };
        let Bound { side, share, n } = shown.rate(0).1?;
        let (told, .., slices) = before[&(Figure::Item(0), 0, key)].clone();
        assert_eq!(told, n);
        let sum = Sum { slices, plus: self.cells(Counts::Item(0))[..2].to_vec(), minus: Vec::new() };
        let fact = match side {
            Side::AtLeast => Fact::AtLeast(share * n as f64),
            Side::AtMost => Fact::AtMost(share * n as f64),
        };
        Some(Told { place: None, sum, fact })
    }

    /// The cells that somebody might want to know.
    pub(super) fn wanted(&self) -> Vec<usize> {
        let (safe, why) = (self.cells(Counts::Item(0)), self.cells(Counts::Item(1)));
        [&safe[..], &why[..3], &self.cells(Counts::Options(2)), &self.cells(Counts::Indicator(1))[1..2]].concat()
    }

    /// The cells of a block.
    pub(super) fn cells(&self, counts: Counts) -> Vec<usize> {
        let block = self.questionnaire.layout.block(counts).unwrap();
        (block.start..block.start + block.len).collect()
    }
}
