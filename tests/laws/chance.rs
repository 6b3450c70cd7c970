//! What the seed decides: the draw from a bank and the order of options. Where a test looks at
//! frequencies its seeds are fixed, so that it does not fail by chance; the probability with which it
//! would have failed for a sound program is told.

use std::collections::BTreeMap;

use anxin::{
    item::Control,
    questionnaire::Questionnaire,
    quiz::draw,
    response::Mode,
    session::{Session, View},
};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg32;
use serde_json::{Value, json};

use crate::{
    questionnaires,
    shared::{
        Sample,
        form::list,
        tape::Tape,
        walk::{replay, walk},
    },
};

proptest! {
    /// A draw takes exactly n scored items and every other item; no topic is ahead of another by more
    /// than one item unless the other is used up.
    #[test]
    fn a_draw_takes_n_items_balanced_over_topics(sample in questionnaires(), seed: u64) {
        let items = &sample.questionnaire.items;
        let drawn = draw(&sample.questionnaire, &mut Pcg32::seed_from_u64(seed));
        let scored = || items.iter().zip(&drawn).filter(|(item, _)| item.scored());
        let n = sample.json["quiz"]["draw"].as_u64().map_or(scored().count(), |n| n as usize);
        prop_assert_eq!(scored().filter(|(_, drawn)| **drawn).count(), n);
        prop_assert!(items.iter().zip(&drawn).all(|(item, drawn)| *drawn || item.scored()));
        let mut topics: BTreeMap<Option<usize>, (usize, usize)> = BTreeMap::new();
        for (item, drawn) in scored() {
            let (taken, there) = topics.entry(item.topic).or_default();
            *taken += usize::from(*drawn);
            *there += 1;
        }
        for (ahead, _) in topics.values() {
            prop_assert!(topics.values().all(|(taken, there)| *ahead <= taken + 1 || taken == there), "{topics:?}");
        }
    }

    /// Pinned options stay where they were written; reversed, the others run exactly backwards; shuffled,
    /// they are a permutation. The direction is one for a whole session, and the one that is counted.
    #[test]
    fn options_are_shown_in_the_order_that_the_item_asks_for(sample in questionnaires(), seed: u64) {
        let walked = walk(&sample, seed, &mut Tape::seeded(seed), 0);
        let (_, screens) = replay(&sample, seed, walked.mode, &walked.respondent.answers);
        for (id, shown) in screens.iter().filter_map(shown) {
            let entry = sample.form();
            let entry = entry.entry(&id);
            let written: Vec<String> = entry.options().iter().map(|id| (*id).to_owned()).collect();
            let pinned = |i: usize| list(&entry.json["options"]).get(i).is_some_and(|option| option["pinned"] == true);
            let free = |order: &[String]| (0..order.len()).filter(|&i| !pinned(i)).map(|i| order[i].clone()).collect::<Vec<_>>();
            prop_assert!((0..written.len()).filter(|&i| pinned(i)).all(|i| shown[i] == written[i]));
            let (mut got, mut want) = (free(&shown), free(&written));
            match entry.json["order"].as_str() {
                Some("shuffled") => {
                    got.sort();
                    want.sort();
                }
                Some("reversible") if walked.respondent.reversed => want.reverse(),
                _ => {}
            }
            prop_assert_eq!(got, want, "{} in {:?}", id, shown);
        }
    }
}

/// The options on a screen, in the order shown.
fn shown(view: &View) -> Option<(String, Vec<String>)> {
    let item = view.item.as_ref()?;
    let (Control::One { options, .. } | Control::Many { options }) = &item.control else { return None };
    Some((item.id.clone(), options.iter().map(|option| option.id.clone()).collect()))
}

/// A quiz with so many items in each topic.
fn bank(topics: &[usize], draw: usize) -> Questionnaire {
    let mut json: Value = serde_json::from_str(include_str!("../vectors/good/quiz.json")).unwrap();
    let item = json["sections"][0]["items"][0].clone();
    let of_topic =
        |(t, count): (usize, &usize)| (0..*count).map(|i| (format!("q{t}_{i}"), format!("t{t}"))).collect::<Vec<_>>();
    let items = topics.iter().enumerate().flat_map(of_topic).map(|(id, topic)| {
        let mut item = item.clone();
        (item["id"], item["topic"]) = (json!(id), json!(topic));
        item
    });
    json["sections"][0]["items"] = items.collect();
    json["joints"] = json!([]);
    let topic = |t| json!({ "id": format!("t{t}"), "title": { "zh-CN": "题" } });
    (json["quiz"]["topics"], json["quiz"]["draw"]) = ((0..topics.len()).map(topic).collect(), json!(draw));
    Questionnaire::parse(json.to_string().as_bytes()).unwrap()
}

/// How often each item was drawn.
fn frequencies(questionnaire: &Questionnaire, draws: u64) -> Vec<f64> {
    let mut counts = vec![0u64; questionnaire.items.len()];
    for seed in 0..draws {
        let drawn = draw(questionnaire, &mut Pcg32::seed_from_u64(seed));
        counts.iter_mut().zip(drawn).for_each(|(count, drawn)| *count += u64::from(drawn));
    }
    counts.into_iter().map(|count| count as f64 / draws as f64).collect()
}

/// Each of 12 items in 3 equal topics is in half of all draws of 6. The share of 20,000 draws has a
/// standard deviation of 0.0035; six of them are passed with probability 2 × 10⁻⁹ an item.
#[test]
fn every_item_of_equal_topics_is_drawn_equally_often() {
    for share in frequencies(&bank(&[4, 4, 4], 6), 20_000) {
        assert!((share - 0.5).abs() < 6.0 * 0.0035, "{share}");
    }
}

/// Of topics with 1, 2 and 5 items a draw of 4 takes one item each, and a second one from either of the
/// larger two: shares of 1, 3/4 and 3/10. Six standard deviations as above.
#[test]
fn a_small_topic_is_used_up_and_the_others_share_alike() {
    let want = [1.0, 0.75, 0.75, 0.3, 0.3, 0.3, 0.3, 0.3];
    for (share, want) in frequencies(&bank(&[1, 2, 5], 4), 20_000).into_iter().zip(want) {
        assert!((share - want).abs() < 6.0 * 0.0035, "{share} for {want}");
    }
}

/// One item of the small survey, with four options, and nothing else.
fn four_options(order: &str) -> Sample {
    let mut json: Value = serde_json::from_str(include_str!("../vectors/good/survey.json")).unwrap();
    let options = ["a", "b", "c", "d"].map(|id| json!({ "id": id, "text": { "zh-CN": id } }));
    json["sections"] = json!([{ "id": "s", "title": { "zh-CN": "节" }, "items": [{
        "id": "q", "type": "single", "text": { "zh-CN": "问" }, "order": order, "options": options,
    }] }]);
    (json["indicators"], json["joints"]) = (json!([]), json!([]));
    Sample::parse(json.to_string().as_bytes())
}

fn orders(sample: &Sample, sessions: u64) -> BTreeMap<Vec<String>, u64> {
    let mut counts = BTreeMap::new();
    for seed in 0..sessions {
        let view = Session::start(sample.questionnaire.clone(), seed, Mode::SelfCompleted).view("en");
        *counts.entry(shown(&view).unwrap().1).or_default() += 1;
    }
    counts
}

/// Each of the 24 orders of four options, equally often: χ² of 24,000 sessions with 23 degrees of
/// freedom is over 72 with probability 7 × 10⁻⁷.
#[test]
fn every_order_of_shuffled_options_is_equally_likely() {
    let counts = orders(&four_options("shuffled"), 24_000);
    let square: f64 = counts.values().map(|&count| (count as f64 - 1_000.0).powi(2) / 1_000.0).sum();
    assert!(counts.len() == 24 && square < 72.0, "χ² = {square}: {counts:?}");
}

/// Half of the sessions run backwards: of 10,000 the share is six standard deviations off with
/// probability 2 × 10⁻⁹.
#[test]
fn half_of_the_sessions_are_reversed() {
    let counts = orders(&four_options("reversible"), 10_000);
    let forward = counts[&["a", "b", "c", "d"].map(str::to_owned).to_vec()] as f64 / 10_000.0;
    assert!(counts.len() == 2 && (forward - 0.5).abs() < 6.0 * 0.005, "{counts:?}");
}
