//! What is told of crossed answers is true, has room for exchanges of answers, and is told of the whole campaign alone.

use std::sync::Arc;

use anxin::{
    campaign::Channel,
    layout::{Cells, Counts},
    questionnaire::{Part, Questionnaire},
    results::{Results, Selection, crossed::EffectResult, view::Leaf},
    simulate::Respondents,
    statistic::{
        correlation::correlation,
        drivers::{overall, tables},
        figure::Figure,
        weighting::weighted_rate,
    },
    tally::Tally,
};
use proptest::prelude::*;
use serde_json::json;

use crate::batch::{day, fielded};

pub(crate) const K: u32 = 5;

/// A shipped instrument.
pub(crate) fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/www/instruments/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The same, read.
pub(crate) fn shipped(name: &str) -> Arc<Questionnaire> {
    Arc::new(Questionnaire::parse(&file(name)).unwrap())
}

pub(crate) fn tally(questionnaire: &Arc<Questionnaire>, seed: u64, n: usize) -> Tally {
    let mut tally = Tally::empty(questionnaire.layout.len());
    let line = Respondents::new(questionnaire.clone(), seed).take(n);
    line.for_each(|response| tally.add(&Cells::encode(questionnaire, &response)));
    tally
}

/// The results of one step of one area.
pub(crate) fn results(questionnaire: &Arc<Questionnaire>, whole: &Tally, selection: Selection) -> Results {
    let campaign = fielded(questionnaire, K);
    let leaf = Leaf {
        area: campaign.areas[0].code.clone(),
        day: day("2026-11-23"),
        channel: Channel::Tablet,
        tally: whole.clone(),
        fault: None,
        steps: vec![(1, whole.clone())],
    };
    Results::of(&campaign, questionnaire, &[leaf], selection)
}

/// Exchanges the rows of two respondents, those who change the correlation most.
fn exchange(table: &mut [Vec<u64>], up: bool) {
    let cells: Vec<(usize, usize)> =
        (0..table.len()).flat_map(|row| (0..table[row].len()).map(move |column| (row, column))).collect();
    let held: Vec<(usize, usize)> = cells.into_iter().filter(|(row, column)| table[*row][*column] > 0).collect();
    // Σ xy changes by (x₂ − x₁)(y₁ − y₂).
    let change = |a: (usize, usize), b: (usize, usize)| {
        (b.0 as i64 - a.0 as i64) * (a.1 as i64 - b.1 as i64) * if up { 1 } else { -1 }
    };
    let pairs = held.iter().flat_map(|a| held.iter().map(move |b| (*a, *b)));
    let Some((a, b)) = pairs.max_by_key(|(a, b)| change(*a, *b)) else { return };
    for (row, column) in [a, b] {
        table[row][column] -= 1;
    }
    table[b.0][a.1] += 1;
    table[a.0][b.1] += 1;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The range of a driver holds its correlation, whichever k respondents exchange an answer, and its interval holds the
    /// range.
    #[test]
    fn drivers_are_true_and_give_nobody_away(seed in any::<u64>(), n in 100usize..4000) {
        let safety = shipped("safety");
        let whole = tally(&safety, seed, n);
        let crossed = results(&safety, &whole, Selection::default()).crossed.unwrap();
        let drivers = crossed.drivers.unwrap();
        let tables = tables(&safety, &whole, overall(&safety).unwrap());
        prop_assert_eq!(drivers.domains.len(), tables.len());
        prop_assert_eq!(drivers.overall, "overall");
        for (domain, (item, table)) in drivers.domains.iter().zip(tables) {
            prop_assert_eq!(&domain.id, &safety.items[item].definition.id);
            let (Some(told), Figure::Known(table)) = (domain.importance, table) else { continue };
            let held = |it: f64| told.range.low <= it + 1e-12 && it <= told.range.high + 1e-12;
            let exact = correlation(&table).unwrap();
            prop_assert!(held(exact.r));
            prop_assert!(told.interval.low <= told.range.low && told.range.high <= told.interval.high);
            prop_assert!(told.interval.low <= exact.low.unwrap() && exact.high.unwrap() <= told.interval.high);
            for up in [false, true] {
                let mut other = table.clone();
                for _ in 0..K {
                    exchange(&mut other, up);
                    prop_assert!(held(correlation(&other).unwrap().r));
                }
            }
        }
        prop_assert!(n < 2000 || drivers.domains.iter().any(|domain| domain.importance.is_some()), "enough are told");
        let on_map = drivers.domains.iter().filter(|it| it.importance.is_some() && it.performance.is_some());
        prop_assert_eq!(on_map.count() > 1, drivers.importance.is_some());
        for domain in drivers.domains.iter().filter(|it| it.quadrant.is_some()) {
            let (range, cut) = (domain.importance.unwrap().range, drivers.importance.unwrap());
            prop_assert!(range.high < cut || cut <= range.low, "who is on both sides is on none");
        }
    }
}

#[test]
fn of_an_area_or_a_day_nothing_crossed_is_told() {
    let safety = shipped("safety");
    let whole = tally(&safety, 7, 3000);
    let area = Some("330602".parse().unwrap());
    for selection in [
        Selection { area, period: None },
        Selection { area: None, period: Some("2026-11".parse().unwrap()) },
        Selection { area: None, period: Some("2026-11-23".parse().unwrap()) },
    ] {
        assert_eq!(results(&safety, &whole, selection).crossed, None);
    }
    let told = results(&safety, &whole, Selection::default());
    assert!(told.crossed.is_some() && told.quality.is_none(), "no quiz");
    let participation = shipped("participation");
    assert_eq!(results(&participation, &tally(&participation, 7, 500), Selection::default()).crossed, None);
}

#[test]
fn too_few_are_told_of_nothing() {
    let safety = shipped("safety");
    let crossed = results(&safety, &tally(&safety, 7, 40), Selection::default()).crossed.unwrap();
    let drivers = crossed.drivers.unwrap();
    assert!(drivers.domains.iter().all(|it| it.importance.is_none() && it.quadrant.is_none()));
    assert_eq!((drivers.importance, drivers.performance), (None, None));
}

/// A population that is as those who answered changes nothing; another one does, and the exact rate is in the range.
#[test]
fn respondents_are_weighted_to_groups_and_areas() {
    let safety = shipped("safety");
    let whole = tally(&safety, 7, 3000);
    let results = || results(&safety, &whole, Selection::default());
    let margins = |sizes: [u64; 2]| {
        let sex = safety.item("sex").unwrap();
        let options = safety.items[sex].options.iter().map(|option| option.id.clone());
        let population: Vec<_> = options.zip(sizes).map(|(id, count)| json!({ "is": [id], "count": count })).collect();
        let margins = json!({ "source": "made up", "joint": "age_sex_satisfaction",
            "margins": [{ "of": ["sex"], "population": population }] });
        serde_json::from_value(margins).unwrap()
    };
    let code = "330602".parse().unwrap();
    for sizes in [[500, 500], [800, 200]] {
        let margins = margins(sizes);
        let told = results().with_margins(&safety, Some(&whole), Some(&margins)).weighted.unwrap();
        assert_eq!((&*told.source, &told.by[..]), ("made up", &["sex".to_owned()][..]));
        let [rate] = &told.rates[..] else { panic!("{told:?}") };
        let base = rate.base;
        let exact = weighted_rate(&safety, &[(&code, &whole)], &margins, 0, base).unwrap();
        let ranged = rate.rate.unwrap();
        assert!(ranged.range.low <= exact.rate && exact.rate <= ranged.range.high, "{ranged:?} {exact:?}");
        assert!(ranged.range.high - ranged.range.low < 0.07 && ranged.range.low < ranged.range.high);
        assert!(rate.design_effect.unwrap() >= 1.0);
    }
    // Nothing is weighted that is not of the whole, or to nothing.
    assert_eq!(results().with_margins(&safety, None, Some(&margins([5, 5]))).weighted, None);
    assert_eq!(results().with_margins(&safety, Some(&whole), None).weighted, None);

    let area = json!({ "source": "made up", "margins": [{ "of": ["area"], "population": [
        { "is": ["330602"], "count": 70 }, { "is": ["330603"], "count": 30 }] }] });
    let area = serde_json::from_value(area).unwrap();
    let plain = results();
    let told = plain.clone().with_margins(&safety, Some(&whole), Some(&area)).weighted.unwrap();
    let (rate, plain) = (&told.rates[0], plain.areas[0].indicators[0].estimates.on(told.rates[0].base).unwrap());
    let ranged = rate.rate.unwrap();
    assert_eq!(
        (ranged.range.low, ranged.range.high, rate.covered),
        (plain.rate, plain.rate, Some(0.7)),
        "one area is told"
    );
    assert_eq!(told.rates.len(), safety.indicators.len());
}

/// Orders that are crossed with a rate are compared; not declared, they never are.
#[test]
fn order_effects_are_told_where_they_are_declared() {
    let mut file: serde_json::Value = serde_json::from_slice(&file("safety")).unwrap();
    let mut told = |declared: &[&str]| {
        file["joints"].as_array_mut().unwrap().retain(|joint| {
            let way = ["order", "mode"].into_iter().find(|way| joint["of"][0] == *way);
            way.is_none_or(|way| declared.contains(&way))
        });
        let crossed = Arc::new(Questionnaire::parse(file.to_string().as_bytes()).unwrap());
        let whole = tally(&crossed, 3, 3000);
        let effects = results(&crossed, &whole, Selection::default()).crossed.unwrap().effects;
        (crossed, whole, effects)
    };
    let ways = |effects: &[EffectResult]| effects.iter().map(|effect| effect.asked).collect::<Vec<_>>();
    assert_eq!(ways(&told(&["order", "mode"]).2), ["order", "mode"]);
    let (crossed, whole, effects) = told(&["order"]);
    assert_eq!(ways(&told(&[]).2), [""; 0]);
    let [effect] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((&*effect.indicator, effect.asked), ("safety_satisfaction", "order"));
    let joint = crossed.joints.iter().position(|joint| joint.parts.contains(&Part::Order)).unwrap();
    let cells = crossed.layout.block(Counts::Joint(joint)).unwrap().of(&whole.cells);
    let rate = |order: usize| cells[order * 3 + 1] as f64 / (cells[order * 3] + cells[order * 3 + 1]) as f64;
    let (exact, range) = (rate(1) - rate(0), effect.difference.unwrap().range);
    assert!(range.low <= exact && exact <= range.high && range.high - range.low <= 0.2, "{range:?} {exact}");
}
