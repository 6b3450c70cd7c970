//! What is computed of a merged tally is what the answers themselves give, however the respondents were spread.

use std::collections::BTreeSet;

use anxin::{
    layout::Cells,
    questionnaire::Part,
    statistic::{
        crosstab::crosstab,
        discrimination::discrimination,
        distractors::distractors,
        drivers::drivers,
        facility::{facility, topic},
        figure::Figure,
        mean_index::mean_index,
        mode_effect::{mode_effect, order_effect},
        nonresponse::nonresponse,
        rate::rate,
        reliability::reliability,
        scale::{Best, best, boxes},
    },
    tally::Tally,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    questionnaires,
    shared::{
        Sample,
        form::{Entry, Form, list},
        reckon::{self, Respondent},
        tape::Tape,
        walk::{Walked, walk},
    },
};

/// So many people answer in each case.
const PEOPLE: u64 = 16;

/// The questionnaire with crosstabs that the statistics need, where it may declare them.
fn crossed(sample: &Sample) -> Sample {
    let mut json = sample.json.clone();
    let form = sample.form();
    let banded = !list(&json["quiz"]["score_bands"]).is_empty();
    let single = |entry: &&Entry| !matches!(entry.kind, "statement" | "multiple") && entry.options().len() < 10;
    let mut joints: Vec<[&str; 2]> = Vec::new();
    for indicator in list(&sample.json["indicators"]) {
        joints.push([indicator["id"].as_str().unwrap(), "mode"]);
    }
    for entry in form.items.iter().filter(|entry| entry.scored() && banded) {
        joints.push([entry.id, "score"]);
    }
    if form.items.iter().any(|entry| entry.json["order"] == "reversible") {
        joints.extend(form.items.iter().filter(single).map(|entry| [entry.id, "order"]));
    }
    let scales: Vec<&Entry> = form.items.iter().filter(single).filter(|entry| entry.kind == "rating").collect();
    if let [overall, domains @ ..] = &scales[..] {
        joints.extend(domains.iter().map(|domain| [domain.id, overall.id]));
    }
    json["joints"] = joints.iter().enumerate().map(|(i, of)| json!({ "id": format!("x{i}"), "of": of })).collect();
    Sample::parse(json.to_string().as_bytes())
}

fn people(sample: &Sample, seed: u64) -> Vec<Walked> {
    (0..PEOPLE).map(|i| walk(sample, seed ^ (i << 32), &mut Tape::seeded(seed.wrapping_add(i)), 12)).collect()
}

/// Each respondent is added to one of three tallies, which are then merged, the last one first.
fn merged(sample: &Sample, people: &[Walked]) -> Tally {
    let mut parts = vec![Tally::empty(sample.questionnaire.layout.len()); 3];
    for (i, walked) in people.iter().enumerate() {
        parts[i * i % 3].add(&Cells::encode(&sample.questionnaire, &walked.session.finish().unwrap()));
    }
    let mut sum = Tally::empty(sample.questionnaire.layout.len());
    parts.iter().rev().for_each(|part| sum.merge(part));
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every cell of every table that is crossed with how it was asked, too.
    #[test]
    fn every_figure_of_a_merged_tally_is_that_of_the_answers(sample in questionnaires(), seed: u64) {
        let sample = crossed(&sample);
        let people = people(&sample, seed);
        let tally = merged(&sample, &people);
        let respondents: Vec<Respondent> = people.into_iter().map(|it| it.respondent).collect();
        prop_assert_eq!(&tally.cells, &reckon::cells(&sample.form(), &respondents));
        let case = Case { sample: &sample, form: sample.form(), respondents: &respondents, tally: &tally };
        (0..case.form.items.len()).for_each(|item| case.item(item));
        case.effects();
        case.reliability();
        case.topics();
        case.drivers();
    }
}

/// One form whose items give one, two and three points.
#[test]
fn a_quiz_of_one_form_has_a_reliability() {
    let mut json: Value = serde_json::from_str(include_str!("../vectors/good/quiz.json")).unwrap();
    json["quiz"].as_object_mut().unwrap().remove("draw");
    json["quiz"].as_object_mut().unwrap().remove("pass_percent");
    for (item, points) in json["sections"][0]["items"].as_array_mut().unwrap().iter_mut().zip(1..) {
        item["points"] = json!(points);
    }
    let sample = Sample::parse(json.to_string().as_bytes());
    let people = people(&sample, 1);
    let tally = merged(&sample, &people);
    let respondents: Vec<Respondent> = people.into_iter().map(|it| it.respondent).collect();
    assert!(reliability(&sample.questionnaire, &tally).known().is_some_and(|it| it.items == 3));
    Case { sample: &sample, form: sample.form(), respondents: &respondents, tally: &tally }.reliability();
    let nobody = Tally::empty(sample.questionnaire.layout.len());
    assert_eq!(reliability(&sample.questionnaire, &nobody), Figure::TooFew);
}

struct Case<'a> {
    sample: &'a Sample,
    form: Form<'a>,
    respondents: &'a [Respondent],
    tally: &'a Tally,
}

impl Case<'_> {
    fn count(&self, keep: impl Fn(&Respondent) -> bool) -> u64 {
        self.respondents.iter().filter(|it| keep(it)).count() as u64
    }

    fn item(&self, item: usize) {
        let (q, entry) = (&self.sample.questionnaire, &self.form.items[item]);
        let asked = |it: &Respondent| it.answers.contains_key(entry.id);
        let chosen = |it: &Respondent| entry.chosen(it.answers.get(entry.id));
        let everybody = self.count(asked);
        let silent = nonresponse(q, self.tally, item);
        assert_eq!(silent.is_some(), entry.kind != "statement" && everybody > 0);
        if let Some(it) = silent {
            assert_eq!((it.all.x, it.all.n), (self.count(|it| asked(it) && chosen(it).is_none()), everybody));
            let named = [("dont_know", it.dont_know), ("refused", it.refused), ("no_answer", it.no_answer)];
            for (name, share) in named {
                let want = self
                    .count(|it| asked(it) && chosen(it).is_none() && entry.category(it.answers.get(entry.id)) == name);
                assert_eq!(share.map(|it| it.x), entry.specials().contains(&name).then_some(want), "{name}");
            }
        }
        let right = |it: &Respondent| entry.right(it.answers.get(entry.id));
        match facility(q, self.tally, item) {
            Figure::Known(it) => assert_eq!((it.right.x, it.right.n), (self.count(right), everybody)),
            other => assert_eq!(other, if entry.scored() { Figure::TooFew } else { Figure::NotDeclared }),
        }
        self.scale(item);
        self.groups(item);
    }

    fn scale(&self, item: usize) {
        let (q, entry) = (&self.sample.questionnaire, &self.form.items[item]);
        let mut options: Vec<&str> = entry.options();
        let Some(end) = best(q, item) else {
            assert_eq!(mean_index(q, self.tally, item), Figure::NotDeclared);
            return;
        };
        if end == Best::First {
            options.reverse();
        }
        let place = |it: &Respondent| {
            let chosen = entry.chosen(it.answers.get(entry.id))?;
            options.iter().position(|option| chosen.contains(*option))
        };
        let steps = options.len() - 1;
        let places: Vec<f64> =
            self.respondents.iter().filter_map(place).map(|it| 100.0 * it as f64 / steps as f64).collect();
        let mean = (!places.is_empty()).then(|| places.iter().sum::<f64>() / places.len() as f64);
        let got = mean_index(q, self.tally, item).known();
        assert_eq!(got.map(|it| it.n), mean.map(|_| places.len() as u64));
        assert!(got.is_none_or(|it| (it.mean - mean.unwrap()).abs() < 1e-9));
        if let Figure::Known(it) = boxes(q, self.tally, item, 1) {
            let (top, bottom) = (self.count(|it| place(it) == Some(steps)), self.count(|it| place(it) == Some(0)));
            assert_eq!((it.top.all.unwrap().x, it.bottom.all.unwrap().x), (top, bottom));
            let base = it.net_valid.map(|net| (net.net * net.n as f64).round() as i64);
            assert_eq!(base, mean.map(|_| top as i64 - bottom as i64));
        } else {
            assert_eq!(self.count(|it| it.answers.contains_key(entry.id)), 0);
        }
    }

    /// By score group.
    fn groups(&self, item: usize) {
        let (q, entry) = (&self.sample.questionnaire, &self.form.items[item]);
        let bands: Vec<u64> = list(&self.form.json["quiz"]["score_bands"]).iter().filter_map(Value::as_u64).collect();
        let of = |it: &Respondent| bands.iter().rposition(|band| *band <= it.score(&self.form)).unwrap();
        let asked = |it: &Respondent| it.answers.contains_key(entry.id);
        let right = |it: &Respondent| entry.right(it.answers.get(entry.id));
        let (told, apart) = (distractors(q, self.tally, item), discrimination(q, self.tally, item));
        if !entry.scored() || bands.is_empty() {
            assert_eq!((told, apart.upper_lower), (Figure::NotDeclared, Figure::NotDeclared));
            return;
        }
        let by_group = |keep: &dyn Fn(&Respondent) -> bool| -> Vec<u64> {
            (0..bands.len()).map(|group| self.count(|it| of(it) == group && keep(it))).collect()
        };
        let everybody = by_group(&asked);
        if let Some(told) = told.known() {
            assert_eq!(told.asked, everybody);
            let key: Vec<u64> = (0..bands.len())
                .map(|group| told.answers.iter().filter(|it| it.key).map(|it| it.counts[group]).sum())
                .collect();
            assert_eq!(key, by_group(&right));
            for answer in told.answers.iter().filter(|_| entry.kind != "multiple") {
                let gave = by_group(&|it| asked(it) && entry.category(it.answers.get(entry.id)) == answer.id);
                assert_eq!(answer.counts, gave, "{}", answer.id);
            }
        } else {
            assert_eq!(everybody.iter().sum::<u64>(), 0);
        }
        let share =
            |group: usize| (everybody[group] > 0).then(|| by_group(&right)[group] as f64 / everybody[group] as f64);
        let want = share(bands.len() - 1).zip(share(0)).filter(|_| bands.len() > 1).map(|(upper, lower)| upper - lower);
        assert_eq!(apart.upper_lower.known().map(|it| it.difference), want);
    }

    /// Of the order and of the mode.
    fn effects(&self) {
        let q = &self.sample.questionnaire;
        for (index, indicator) in list(&self.form.json["indicators"]).iter().enumerate() {
            let share = |group: &dyn Fn(&Respondent) -> bool| {
                let all: Vec<bool> = self
                    .respondents
                    .iter()
                    .filter(|it| group(it))
                    .filter_map(|it| reckon::positive(&self.form, indicator, it))
                    .collect();
                (!all.is_empty()).then(|| all.iter().filter(|it| **it).count() as f64 / all.len() as f64)
            };
            let effect = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a - b);
            let want = effect(share(&|it| it.mode == "read_aloud"), share(&|it| it.mode == "self_completed"));
            let got = mode_effect(q, self.tally, index);
            assert!(got != Figure::NotDeclared);
            assert_eq!(got.known().map(|it| it.difference), want);
            let crossed =
                list(&self.form.json["joints"]).iter().any(|it| it["of"] == json!([indicator["item"], "order"]));
            let want = effect(share(&|it| it.reversed), share(&|it| !it.reversed)).filter(|_| crossed);
            let got = order_effect(q, self.tally, index);
            assert_eq!(got == Figure::NotDeclared, !crossed);
            assert_eq!(got.known().map(|it| it.difference), want);
        }
    }

    fn reliability(&self) {
        let got = reliability(&self.sample.questionnaire, self.tally);
        let Figure::Known(got) = got else { return };
        let variance = |of: &dyn Fn(&Respondent) -> f64| {
            let mean = self.respondents.iter().map(of).sum::<f64>() / PEOPLE as f64;
            self.respondents.iter().map(|it| (of(it) - mean).powi(2)).sum::<f64>() / PEOPLE as f64
        };
        let scored: Vec<&Entry> = self.form.items.iter().filter(|entry| entry.scored()).collect();
        let forms: BTreeSet<Vec<bool>> = self
            .respondents
            .iter()
            .map(|it| scored.iter().map(|entry| it.answers.contains_key(entry.id)).collect())
            .collect();
        assert_eq!((forms.len(), got.items, got.n), (1, scored.len(), PEOPLE), "all saw the same items");
        let points = |entry: &Entry, it: &Respondent| {
            if entry.right(it.answers.get(entry.id)) { entry.points() as f64 } else { 0.0 }
        };
        let items: f64 = scored.iter().map(|entry| variance(&|it| points(entry, it))).sum();
        let (k, all) = (scored.len() as f64, variance(&|it| it.score(&self.form) as f64));
        assert!((got.alpha - k / (k - 1.0) * (1.0 - items / all)).abs() < 1e-9);
        assert!(got.measurement_error.is_none_or(|it| (it - (all * (1.0 - got.alpha)).sqrt()).abs() < 1e-9));
    }

    fn topics(&self) {
        for (index, of) in list(&self.form.json["quiz"]["topics"]).iter().enumerate() {
            let items: Vec<&Entry> =
                self.form.items.iter().filter(|it| it.scored() && it.json["topic"] == of["id"]).collect();
            let sum = |keep: &dyn Fn(&Entry, &Respondent) -> bool| -> u64 {
                items.iter().map(|entry| self.count(|it| keep(entry, it))).sum()
            };
            let (right, asked) = (
                sum(&|entry, it| entry.right(it.answers.get(entry.id))),
                sum(&|entry, it| it.answers.contains_key(entry.id)),
            );
            let got = topic(&self.sample.questionnaire, self.tally, index);
            assert_eq!(got.map(|it| (it.x, it.n)), (asked > 0).then_some((right, asked)));
        }
    }

    fn drivers(&self) {
        let q = &self.sample.questionnaire;
        let Some(joint) = q.joints.iter().find(|it| matches!(it.parts[..], [Part::Item(a), Part::Item(b)] if a != b))
        else {
            return;
        };
        let [Part::Item(_), Part::Item(overall)] = joint.parts[..] else { return };
        for driver in drivers(q, self.tally, overall) {
            let (a, b) = (&self.form.items[driver.item], &self.form.items[overall]);
            let place = |entry: &Entry, item: usize, it: &Respondent| {
                let chosen = entry.chosen(it.answers.get(entry.id))?;
                let place = entry.options().iter().position(|option| chosen.contains(*option))?;
                Some(if best(q, item) == Some(Best::Last) { place as f64 } else { -(place as f64) })
            };
            let pairs: Vec<(f64, f64)> =
                self.respondents.iter().filter_map(|it| place(a, driver.item, it).zip(place(b, overall, it))).collect();
            let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(*x, *y)).sum::<f64>();
            let (n, x, y) = (pairs.len() as f64, sum(&|x, _| x), sum(&|_, y| y));
            let (xx, yy, xy) =
                (sum(&|x, _| x * x) - x * x / n, sum(&|_, y| y * y) - y * y / n, sum(&|x, y| x * y) - x * y / n);
            let indicator = q.indicators.iter().position(|it| it.item == driver.item);
            let performance = indicator.and_then(|it| rate(q, self.tally, it).valid);
            assert_eq!(
                (driver.performance.known(), driver.performance == Figure::NotDeclared),
                (performance, indicator.is_none())
            );
            let table = crosstab(q, self.tally, Part::Item(driver.item), Part::Item(overall));
            assert_eq!(table.known().map_or(0, |it| it.iter().flatten().sum()), pairs.len() as u64);
            match driver.importance {
                Figure::Known(it) => assert!(it.n == pairs.len() as u64 && (it.r - xy / (xx * yy).sqrt()).abs() < 1e-9),
                other => assert!(other == Figure::TooFew && (pairs.is_empty() || xx.abs() < 1e-9 || yy.abs() < 1e-9)),
            }
        }
    }
}
