//! The waist: what a sum of cells says is what the answers say.

use anxin::{
    layout::Cells,
    questionnaire::Questionnaire,
    simulate::Respondents,
    statistic::{distribution::distribution, rate::rate, score::score},
    tally::Tally,
};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    questionnaires,
    shared::{
        Sample,
        form::Said,
        reckon::{self, Respondent},
        tape::Tape,
        walk::{Walked, walk},
    },
};

/// So many people answer in each case.
const PEOPLE: u64 = 12;

fn people(sample: &Sample, seed: u64) -> Vec<Walked> {
    (0..PEOPLE).map(|i| walk(sample, seed ^ (i << 32), &mut Tape::seeded(seed.wrapping_add(i)), 12)).collect()
}

fn cells(sample: &Sample, walked: &Walked) -> Cells {
    Cells::encode(&sample.questionnaire, &walked.session.finish().unwrap())
}

fn tally<'c>(sample: &Sample, all: impl IntoIterator<Item = &'c Cells>) -> Tally {
    let mut tally = Tally::empty(sample.questionnaire.layout.len());
    all.into_iter().for_each(|cells| tally.add(cells));
    tally
}

/// Simulated respondents, encoded.
fn simulated(sample: &Sample, seed: u64, count: usize) -> Vec<Cells> {
    let line = Respondents::new(sample.questionnaire.clone(), seed).take(count);
    line.map(|response| Cells::encode(&sample.questionnaire, &response)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every respondent falls into exactly one cell of every one-hot block, and the cells ascend.
    #[test]
    fn every_one_hot_block_of_every_respondent_sums_to_one(sample in questionnaires(), seed: u64) {
        for cells in simulated(&sample, seed, 40) {
            prop_assert!(cells.ones().is_sorted_by(|a, b| a < b));
            for block in &sample.questionnaire.layout.blocks {
                let within = cells.ones().iter().filter(|&&one| (block.start..block.start + block.len).contains(&(one as usize)));
                prop_assert!(!block.one_hot() || within.count() == 1, "{block:?}");
            }
        }
    }

    /// What respondents add up to is what the collector takes.
    #[test]
    fn every_sum_of_respondents_passes_the_check(sample in questionnaires(), seed: u64, count in 0usize..60) {
        let tally = tally(&sample, &simulated(&sample, seed, count));
        prop_assert_eq!(tally.n, count as u64);
        prop_assert_eq!(tally.check(&sample.questionnaire.layout), Ok(()));
    }

    /// decode(Σ encode) = statistic, cell by cell: every table that the questionnaire counts, joint
    /// blocks among them, holds what a count of the raw answers gives.
    #[test]
    fn every_cell_counts_the_answers_that_it_stands_for(sample in questionnaires(), seed: u64) {
        let people = people(&sample, seed);
        let respondents: Vec<Respondent> = people.iter().map(|it| it.respondent.clone()).collect();
        let tally = tally(&sample, &people.iter().map(|it| cells(&sample, it)).collect::<Vec<_>>());
        prop_assert_eq!(tally.cells, reckon::cells(&sample.form(), &respondents));
    }

    /// The same of every item crossed with how it was asked, which a questionnaire may declare too.
    #[test]
    fn answers_are_crossed_with_how_they_were_asked(sample in questionnaires(), seed: u64) {
        let reversible = sample.form().items.iter().any(|entry| entry.json["order"] == "reversible");
        let crossed = |field: &str| {
            let mut json = sample.json.clone();
            let items = sample.form();
            let items = items.items.iter().filter(|entry| !matches!(entry.kind, "statement" | "multiple"));
            json["joints"] = items.map(|entry| json!({ "id": entry.id, "of": [entry.id, field] })).collect();
            json
        };
        for field in ["mode", "order"].into_iter().filter(|field| *field == "mode" || reversible) {
            let sample = Sample::parse(crossed(field).to_string().as_bytes());
            let people = people(&sample, seed);
            let respondents: Vec<Respondent> = people.iter().map(|it| it.respondent.clone()).collect();
            let tally = tally(&sample, &people.iter().map(|it| cells(&sample, it)).collect::<Vec<_>>());
            prop_assert_eq!(tally.cells, reckon::cells(&sample.form(), &respondents));
        }
        // An order that nobody is shown cannot be crossed.
        if !reversible {
            let faults = Questionnaire::parse(crossed("order").to_string().as_bytes()).err().map_or(vec![], |it| it.0);
            prop_assert!(faults.iter().all(|it| it.code == "unknown_item" && it.at.ends_with("/of/1")), "{:?}", faults);
            prop_assert_eq!(faults.len(), crossed("order")["joints"].as_array().unwrap().len());
        }
    }

    /// decode(Σ encode) = statistic, figure by figure: what is reported of the sum is what a count of
    /// the raw answers gives.
    #[test]
    fn every_figure_of_a_sum_is_that_of_the_answers(sample in questionnaires(), seed: u64) {
        let people = people(&sample, seed);
        let respondents: Vec<&Respondent> = people.iter().map(|it| &it.respondent).collect();
        let tally = tally(&sample, &people.iter().map(|it| cells(&sample, it)).collect::<Vec<_>>());
        distributions_agree(&sample, &tally, &respondents);
        rates_agree(&sample, &tally, &respondents);
        scores_agree(&sample, &tally, &people);
    }

    /// What a respondent is told is sent is what is sent.
    #[test]
    fn what_is_told_to_be_sent_is_what_is_counted(sample in questionnaires(), seed: u64) {
        for walked in people(&sample, seed).iter().take(3) {
            for language in ["zh-CN", "en", "xx"] {
                let lines = walked.session.sent(language);
                prop_assert_eq!(lines.len(), cells(&sample, walked).ones().len());
                let told: Vec<_> = lines.iter().map(|line| (json!(line.kind).as_str().unwrap().to_owned(), line.value.clone())).collect();
                prop_assert_eq!(told, reckon::told(&sample.form(), &walked.respondent, language));
            }
        }
    }

    /// Merging is addition: commutative, associative, with the empty tally as identity.
    #[test]
    fn merging_is_addition(sample in questionnaires(), seed: u64) {
        let part = |i: u64| tally(&sample, &simulated(&sample, seed ^ i, 5 + i as usize));
        let merged = |mut a: Tally, b: &Tally| { a.merge(b); a };
        let (a, b, c, nobody) = (part(0), part(1), part(2), tally(&sample, []));
        prop_assert_eq!(merged(a.clone(), &b), merged(b.clone(), &a));
        prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a.clone(), &merged(b.clone(), &c)));
        prop_assert_eq!(merged(a.clone(), &nobody), a.clone());
        prop_assert_eq!(merged(nobody, &a), a);
    }

    /// However respondents are spread over devices, and in whichever order they come: the same sum.
    #[test]
    fn neither_devices_nor_order_matter(
        sample in questionnaires(),
        seed: u64,
        (devices, order) in (1usize..9).prop_flat_map(|count| {
            (prop::collection::vec(0..count, 30), Just((0..30).collect::<Vec<usize>>()).prop_shuffle())
        }),
    ) {
        let all = simulated(&sample, seed, 30);
        let mut parts = vec![tally(&sample, []); 9];
        order.iter().for_each(|&i| parts[devices[i]].add(&all[i]));
        let mut sum = tally(&sample, []);
        parts.iter().rev().for_each(|part| sum.merge(part));
        prop_assert_eq!(sum, tally(&sample, &all));
    }
}

fn distributions_agree(sample: &Sample, tally: &Tally, respondents: &[&Respondent]) {
    let form = sample.form();
    for (index, entry) in form.items.iter().enumerate() {
        let got = distribution(&sample.questionnaire, tally, index);
        assert_eq!(got.is_none(), entry.kind == "statement");
        let Some(got) = got else { continue };
        let answers: Vec<Option<&Said>> = respondents.iter().map(|it| it.answers.get(entry.id)).collect();
        let asked = answers.iter().flatten().count();
        let valid = answers.iter().filter(|said| entry.chosen(**said).is_some()).count();
        assert_eq!((got.asked, got.valid), (asked as u64, valid as u64), "{}", entry.id);
        let mut categories = got.categories.iter();
        for (name, special) in
            entry.options().into_iter().map(|id| (id, false)).chain(entry.specials().into_iter().map(|id| (id, true)))
        {
            let gives = |said: &&Option<&Said>| match entry.chosen(**said) {
                Some(chosen) => !special && chosen.contains(name),
                None => special && entry.category(**said) == name,
            };
            let (count, category) = (answers.iter().filter(gives).count(), categories.next().unwrap());
            let share = (asked > 0 && name != "not_asked").then(|| count as f64 / asked as f64);
            assert_eq!(
                (category.id.as_str(), category.count, category.share),
                (name, count as u64, share),
                "{}",
                entry.id
            );
            assert_eq!((category.special, category.text.is_none()), (special, special), "{name} of {}", entry.id);
        }
        assert!(categories.next().is_none());
    }
}

fn rates_agree(sample: &Sample, tally: &Tally, respondents: &[&Respondent]) {
    let form = sample.form();
    for (index, indicator) in sample.questionnaire.indicators.iter().enumerate() {
        let json = &sample.json["indicators"][index];
        let opinions: Vec<Option<bool>> = respondents.iter().map(|it| reckon::positive(&form, json, it)).collect();
        let asked = respondents.iter().filter(|it| it.answers.contains_key(&indicator.definition.item)).count();
        let (valid, positive) =
            (opinions.iter().flatten().count(), opinions.iter().filter(|it| **it == Some(true)).count());
        let got = rate(&sample.questionnaire, tally, index);
        for (estimate, base) in [(got.all, asked), (got.valid, valid)] {
            assert_eq!(estimate.is_some(), base > 0, "nobody in the base: nothing to say");
            if let Some(it) = estimate {
                assert_eq!((it.x, it.n, it.rate), (positive as u64, base as u64, positive as f64 / base as f64));
                assert!(0.0 <= it.low && it.low <= it.rate && it.rate <= it.high && it.high <= 1.0, "{it:?}");
            }
        }
    }
}

fn scores_agree(sample: &Sample, tally: &Tally, people: &[Walked]) {
    let form = sample.form();
    let got = score(&sample.questionnaire, tally);
    assert_eq!(got.is_some(), sample.json["quiz"].is_object());
    let Some(got) = got else { return };
    let scores: Vec<u64> = people.iter().map(|it| it.respondent.score(&form)).collect();
    let (n, close) = (scores.len() as f64, |got: Option<f64>, want: f64| (got.unwrap() - want).abs() < 1e-9);
    let mean = scores.iter().sum::<u64>() as f64 / n;
    let squares: f64 = scores.iter().map(|score| (*score as f64 - mean).powi(2)).sum();
    assert_eq!((got.n, u64::from(got.max)), (PEOPLE, reckon::highest(&form)));
    assert!(close(got.mean, mean) && close(got.sd, (squares / (n - 1.0)).sqrt()), "{got:?} of {scores:?}");
    for (value, count) in got.distribution.iter().enumerate() {
        assert_eq!(*count, scores.iter().filter(|score| **score == value as u64).count() as u64);
    }
    // Each respondent's own result adds up to the figures of all.
    let results: Vec<_> = people.iter().map(|it| it.session.view("en").result.unwrap()).collect();
    for (result, walked) in results.iter().zip(people) {
        let attainable = walked.respondent.attainable(&form);
        assert_eq!((u64::from(result.score), u64::from(result.max)), (walked.respondent.score(&form), attainable));
        let correct: u32 = result.review.iter().map(|it| u32::from(it.correct)).sum();
        let right = form.items.iter().filter(|entry| entry.right(walked.respondent.answers.get(entry.id))).count();
        assert_eq!(correct as usize, right);
    }
    let passed = results.iter().filter(|it| it.passed == Some(true)).count();
    let told = got.pass_share.map(|share| (share.x, share.n));
    let marked = sample.json["quiz"]["pass_percent"].is_number();
    assert_eq!(told, marked.then_some((passed as u64, PEOPLE)), "who is told to have passed is counted as passed");
}
