//! Weighting against an independent implementation, and the faults of margins.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    layout::Cells,
    questionnaire::Part,
    simulate::Respondents,
    statistic::{close, crosstab::every_category, margins::Population, numbers, rate::rate, vectors},
};

#[test]
fn agrees_with_an_independent_implementation() {
    for vector in vectors("post_stratified") {
        let pairs: Vec<(u64, u64)> = serde_json::from_value(vector["strata"].clone()).unwrap();
        let strata: Vec<Stratum> = pairs.into_iter().map(|(n, x)| Stratum { n, x }).collect();
        let it = post_stratified(&strata, &numbers(&vector["shares"]), f64::INFINITY).unwrap();
        close(it.rate, &vector["rate"], 1e-9);
        close(it.design_effect.n_eff, &vector["n_eff"], 1e-9);
        close(it.low, &vector["low"], 1e-9);
        close(it.high, &vector["high"], 1e-9);
        assert_eq!(it.capped, 0);
    }
}

#[test]
fn a_cap_holds_and_the_average_stays() {
    // Weights of 8 and 2/9: cut to 3 times the average, what is over goes to the other.
    let (weights, many) = capped(&[10, 90], &[8.0, 2.0 / 9.0], 3.0);
    assert!((weights[0] - 3.0).abs() < 1e-12 && (weights[1] - 70.0 / 90.0).abs() < 1e-12 && many == 10);
    assert_eq!(capped(&[10, 90], &[8.0, 2.0 / 9.0], 1.0).0, [1.0, 1.0]);
    assert_eq!(capped(&[10, 90], &[8.0, 2.0 / 9.0], 9.0), (vec![8.0, 2.0 / 9.0], 0));
}

fn questionnaire() -> Arc<Questionnaire> {
    Arc::new(Questionnaire::parse(include_bytes!("../../www/instruments/safety.json")).unwrap())
}

/// Simulated respondents of two areas.
fn areas(questionnaire: &Arc<Questionnaire>) -> [(AreaCode, Tally); 2] {
    [("330602", 1, 700), ("330603", 2, 300)].map(|(code, seed, count)| {
        let mut tally = Tally::empty(questionnaire.layout.len());
        let line = Respondents::new(questionnaire.clone(), seed).take(count);
        line.for_each(|response| tally.add(&Cells::encode(questionnaire, &response)));
        (code.parse().unwrap(), tally)
    })
}

fn margin(of: &[&str], population: Value) -> Value {
    let population = population.as_array().unwrap().iter().map(|it| json!({ "is": it[0], "count": it[1] }));
    json!({ "of": of, "population": population.collect::<Vec<_>>() })
}

fn sex() -> Value {
    let options = option_ids("sex");
    margin(&["sex"], options.iter().map(|id| json!([[id], 500])).collect())
}

fn option_ids(item: &str) -> Vec<String> {
    let questionnaire = questionnaire();
    let item = questionnaire.item(item).unwrap();
    questionnaire.items[item].options.iter().map(|option| option.id.clone()).collect()
}

fn age() -> Value {
    let options = option_ids("age");
    let people = |id: &String| if id == "under_16" { 0 } else { 1000 / (options.len() as u64 - 1) };
    margin(&["age"], options.iter().map(|id| json!([[id], people(id)])).collect())
}

fn margins(margins: &[Value]) -> Margins {
    let file = json!({ "source": "made up", "joint": "age_sex_satisfaction", "margins": margins });
    serde_json::from_value(file).unwrap()
}

fn weighted(margins: &Margins, base: Base) -> Result<WeightedRate, MarginsFault> {
    let questionnaire = questionnaire();
    let areas = areas(&questionnaire);
    let areas: Vec<(&AreaCode, &Tally)> = areas.iter().map(|(code, tally)| (code, tally)).collect();
    weighted_rate(&questionnaire, &areas, margins, 0, base)
}

#[test]
fn rakes_a_survey_to_its_margins() {
    let it = weighted(&margins(&[sex(), age()]), Base::Valid).unwrap();
    assert!(
        it.low < it.rate && it.rate < it.high && it.design_effect.deff > 1.0 && it.design_effect.deff < 1.2,
        "{it:?}"
    );
    // Everybody who gave an opinion on the indicator either counts or is left out.
    let questionnaire = questionnaire();
    let [(_, mut sum), (_, other)] = areas(&questionnaire);
    sum.merge(&other);
    let plain = rate(&questionnaire, &sum, 0).valid.unwrap();
    assert_eq!(it.n + it.left_out, plain.n);
    assert!(it.left_out > 0 && (it.rate - plain.rate).abs() < 0.05);
}

#[test]
fn weights_areas_alone_without_a_joint_block() {
    let file = json!({ "source": "made up", "cap": 9.0, "margins": [margin(&["area"], json!([[["330602"], 10], [["330603"], 90]]))] });
    let margins: Margins = serde_json::from_value(file).unwrap();
    for base in [Base::All, Base::Valid] {
        let questionnaire = questionnaire();
        let rates = areas(&questionnaire).map(|(_, tally)| {
            let rate = rate(&questionnaire, &tally, 0);
            if base == Base::All { rate.all.unwrap().rate } else { rate.valid.unwrap().rate }
        });
        let it = weighted(&margins, base).unwrap();
        assert!((it.rate - (0.1 * rates[0] + 0.9 * rates[1])).abs() < 1e-12 && it.left_out == 0);
        // A tally a day, two of an area.
        let [(a, one), (b, other)] = areas(&questionnaire);
        let days = [(&a, &one), (&b, &other), (&a, &one), (&b, &other)];
        let twice = weighted_rate(&questionnaire, &days, &margins, 0, base).unwrap();
        assert!((twice.rate - it.rate).abs() < 1e-12 && twice.n == 2 * it.n);
    }
}

#[test]
fn who_is_not_of_the_population_is_left_out() {
    let all = weighted(&margins(&[sex()]), Base::Valid).unwrap();
    let mut one = margins(&[sex()]);
    one.margins[0].population.iter_mut().skip(1).for_each(|it| it.count = 0);
    let it = weighted(&one, Base::Valid).unwrap();
    assert!(it.n < all.n && it.design_effect.deff == 1.0);
    assert_eq!(it.n + it.left_out, all.n + all.left_out);
}

/// A population that is what answered weights nobody: on either base it is the rate of the crosstab.
#[test]
fn an_item_in_the_joint_block_gives_both_bases() {
    let questionnaire = questionnaire();
    let [(code, mut sum), (_, other)] = areas(&questionnaire);
    sum.merge(&other);
    let [fire, overall] = ["fire", "overall"].map(|id| Part::Item(questionnaire.item(id).unwrap()));
    let table = every_category(&questionnaire, &sum, fire, overall).unwrap();
    // Of `overall`: two positive and two negative points, then don't know, refused, not asked.
    for (base, categories) in [(Base::All, 6), (Base::Valid, 4)] {
        let rows: Vec<u64> = table[..4].iter().map(|row| row[..categories].iter().sum()).collect();
        let options = option_ids("fire");
        let people = options.iter().zip(&rows).map(|(id, count)| json!([[id], count])).collect();
        let file = json!({ "source": "made up", "joint": "fire_overall", "margins": [margin(&["fire"], people)] });
        let margins = serde_json::from_value(file).unwrap();
        let it = weighted_rate(&questionnaire, &[(&code, &sum)], &margins, 0, base).unwrap();
        let positive: u64 = table[..4].iter().map(|row| row[0] + row[1]).sum();
        let n = rows.iter().sum::<u64>();
        assert!(
            (it.rate - positive as f64 / n as f64).abs() < 1e-12 && it.n == n && it.design_effect.deff < 1.0 + 1e-9
        );
        let silent: u64 = table[4..].iter().map(|row| row[..categories].iter().sum::<u64>()).sum();
        assert_eq!(it.left_out, silent);
    }
}

/// The order of areas, and of the groups in the file, does not matter.
#[test]
fn neither_order_matters() {
    let questionnaire = questionnaire();
    let [a, b] = areas(&questionnaire);
    let mut turned = margins(&[age(), sex()]);
    turned.margins.iter_mut().for_each(|it| it.population.reverse());
    let it = weighted_rate(&questionnaire, &[(&a.0, &a.1), (&b.0, &b.1)], &margins(&[sex(), age()]), 0, Base::Valid)
        .unwrap();
    let same = weighted_rate(&questionnaire, &[(&b.0, &b.1), (&a.0, &a.1)], &turned, 0, Base::Valid).unwrap();
    assert!((it.rate - same.rate).abs() < 1e-9 && (it.design_effect.deff - same.design_effect.deff).abs() < 1e-9);
    let mut sum = a.1.clone();
    sum.merge(&b.1);
    let whole = weighted_rate(&questionnaire, &[(&a.0, &sum)], &margins(&[sex(), age()]), 0, Base::Valid).unwrap();
    assert_eq!(it, whole, "without a margin by area only the sum counts");
}

fn fault(edit: impl FnOnce(&mut Margins)) -> String {
    let mut margins = margins(&[sex(), age()]);
    edit(&mut margins);
    weighted(&margins, Base::Valid).unwrap_err().to_string()
}

#[test]
fn what_does_not_match_is_told() {
    assert_eq!(fault(|it| it.joint = Some("x".into())), "the questionnaire declares no joint block `x`");
    assert!(fault(|it| it.joint = Some("fire_overall".into())).starts_with("`sex` is not crossed"));
    assert_eq!(fault(|it| it.joint = None), "`sex` is not crossed by the joint block");
    assert_eq!(fault(|it| it.margins.clear()), "the margins name no groups");
    assert!(fault(|it| it.cap = 0.5).starts_with("the cap is 0.5"));
    assert_eq!(fault(|it| it.margins[0].of = vec!["sex".into(), "sex".into()]), "`sex` is named twice in one margin");
    assert_eq!(fault(|it| it.margins[0].of = vec!["x".into()]), "`x` is not crossed by the joint block");
    assert_eq!(fault(|it| it.margins[0].population[0].is = vec!["x".into()]), "the margin of sex: there is no group x");
    assert!(fault(|it| it.margins[0].population[0].is.push("x".into())).contains("there is no group"));
    let twice = fault(|it| {
        let first = it.margins[1].population[1].clone();
        it.margins[1].population.push(Population { count: 0, ..first });
    });
    assert_eq!(twice, "the margin of age: the group age_16_25 is named twice");
    let missing = fault(|it| {
        it.margins[1].population.remove(0);
    });
    assert_eq!(missing, "the margin of age does not say how large the group under_16 is");
    assert!(fault(|it| it.margins[0].population[0].count += 100).ends_with("not the same population"));
    let nobody = fault(|it| it.margins.iter_mut().flat_map(|it| &mut it.population).for_each(|it| it.count = 0));
    assert_eq!(nobody, "the margin of sex counts nobody");
    // The screen lets nobody under 16 through.
    let empty = fault(|it| {
        it.margins[1].population.iter_mut().for_each(|it| it.count = if it.is == ["under_16"] { 1000 } else { 0 })
    });
    assert_eq!(empty, "nobody of the group under_16 of the margin of age answered: join it with another");
    assert!(
        weighted(&margins(&[sex()]), Base::All).unwrap_err().to_string().contains("the base of all who were asked")
    );
    let strict = json!({ "source": "", "margins": [], "colour": "red" });
    assert!(serde_json::from_value::<Margins>(strict).is_err());
}

proptest! {
    /// Nobody counts for more than the cap allows, and all together for as much as before.
    #[test]
    fn capping_keeps_the_sum(strata in prop::collection::vec((1u64..50, 0.01f64..50.0), 1..12), cap in 1.0f64..6.0) {
        let (n, weights): (Vec<u64>, Vec<f64>) = strata.into_iter().unzip();
        let sum = |weights: &[f64]| n.iter().zip(weights).map(|(n, weight)| *n as f64 * weight).sum::<f64>();
        let (it, total) = (capped(&n, &weights, cap).0, sum(&weights));
        prop_assert!((sum(&it) / total - 1.0).abs() < 1e-9);
        let most = cap * total / n.iter().sum::<u64>() as f64;
        prop_assert!(it.iter().all(|weight| *weight <= most * (1.0 + 1e-9)));
    }

    /// A rate of the same share everywhere stays that share, however it is weighted; weights never narrow an interval.
    #[test]
    fn weights_move_only_what_differs(groups in prop::collection::vec((1u64..30, 0.1f64..9.0), 1..8), tenths in 0u64..=10) {
        let (strata, weights): (Vec<Stratum>, Vec<f64>) =
            groups.into_iter().map(|(n, weight)| (Stratum { n: n * 10, x: n * tenths }, weight)).unzip();
        let (it, plain) = (of_weights(&strata, &weights, 100.0).unwrap(), of_weights(&strata, &vec![1.0; weights.len()], 1.0).unwrap());
        prop_assert!((it.rate - tenths as f64 / 10.0).abs() < 1e-12);
        prop_assert!(it.high - it.low >= plain.high - plain.low - 1e-12);
    }
}

proptest! {
    /// If two respondents exchange what they said, a weighted rate moves by no more than the heaviest of them counts.
    #[test]
    fn an_exchange_moves_a_rate_no_further(
        strata in prop::collection::vec((1u64..40, 0.05f64..1.0), 2..6), a: prop::sample::Index, b: prop::sample::Index,
    ) {
        let total: f64 = strata.iter().map(|(_, share)| share).sum();
        let shares: Vec<f64> = strata.iter().map(|(_, share)| share / total).collect();
        let mut strata: Vec<Stratum> = strata.iter().map(|(n, _)| Stratum { n: *n, x: n / 2 }).collect();
        let before = post_stratified(&strata, &shares, 3.0).unwrap();
        let (a, b) = (a.index(strata.len()), b.index(strata.len()));
        prop_assume!(strata[a].x > 0 && strata[b].x < strata[b].n);
        strata[a].x -= 1;
        strata[b].x += 1;
        let after = post_stratified(&strata, &shares, 3.0).unwrap();
        prop_assert!((before.rate - after.rate).abs() <= before.heaviest / before.n as f64 + 1e-12);
    }
}
