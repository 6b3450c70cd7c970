//! Discrimination against an independent implementation, and on a quiz of three items.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::{
    layout::Cells,
    simulate::Respondents,
    statistic::{close, vectors},
};

#[test]
fn agrees_with_an_independent_implementation() {
    for vector in vectors("discrimination") {
        let of = |name: &str| vector[name].as_u64().unwrap();
        let sums = Sums {
            n: of("n"),
            right: of("right"),
            points: of("points") as u32,
            scores: of("scores"),
            squares: of("squares"),
            scores_of_right: of("scores_of_right"),
        };
        close(sums.item_total().unwrap(), &vector["item_total"], 1e-9);
        close(sums.item_rest().unwrap(), &vector["item_rest"], 1e-9);
    }
}

/// Five items, 200 respondents; to the digits given.
#[test]
fn the_textbook_example() {
    let items = [
        (154, 426, 0.495528, 0.212104),
        (122, 373, 0.604335, 0.297763),
        (83, 286, 0.645652, 0.350949),
        (71, 258, 0.670465, 0.397472),
        (49, 180, 0.531299, 0.248712),
    ];
    for (right, scores_of_right, total, rest) in items {
        let sums = Sums { n: 200, right, points: 1, scores: 479, squares: 1523, scores_of_right };
        assert!((sums.item_total().unwrap() - total).abs() < 1e-6, "{sums:?}");
        assert!((sums.item_rest().unwrap() - rest).abs() < 1e-6, "{sums:?}");
    }
}

#[test]
fn what_does_not_vary_has_no_correlation() {
    let sums = Sums { n: 9, right: 9, points: 1, scores: 20, squares: 50, scores_of_right: 20 };
    assert_eq!((sums.item_total(), sums.item_rest()), (None, None));
    let one = Sums { n: 1, right: 0, points: 1, scores: 0, squares: 0, scores_of_right: 0 };
    assert_eq!(one.item_rest(), None);
    assert_eq!([0.19, 0.2, 0.4, 0.41].map(grade), [Grade::Weak, Grade::Fair, Grade::Fair, Grade::Good]);
}

#[test]
fn at_either_end_stand_27_percent() {
    let of = |groups: &[u64]| Ends::of(groups).map(|it| (it.lowest, it.highest));
    assert_eq!(of(&[10, 10, 10, 40, 10, 10, 10]), Some((2, 4)));
    assert_eq!(of(&[27, 46, 27]), Some((0, 2)));
    assert_eq!(of(&[1, 1, 98]), None, "nearly all are alike");
    assert_eq!(of(&[30, 0, 70]), Some((0, 2)));
    assert_eq!((of(&[0, 0]), of(&[]), Ends::outermost(1)), (None, None, None));
    let ends = Ends { lowest: 1, highest: 3 };
    assert_eq!(ends.sums(&[1, 2, 4, 8, 16]), [3, 24]);
}

/// The good quiz of the vectors, as one form of three single-choice items with these score groups.
fn quiz(bands: &[u32], draw: Option<u32>) -> Arc<Questionnaire> {
    let mut it: Value = serde_json::from_slice(include_bytes!("../vectors/good/quiz.json")).unwrap();
    let say = |text: &str| json!({ "zh-CN": text });
    let option = |id: &str| json!({ "id": id, "text": say(id) });
    let item = |id: &str| {
        json!({
            "id": id, "type": "single", "text": say(id), "dont_know": true, "key": ["a"], "explanation": say(id),
            "options": [option("a"), option("b")], "topic": "facts",
        })
    };
    let items = ["q", "r", "s"].map(item);
    it["sections"] = json!([{ "id": "all", "title": say("all"), "items": items }]);
    it["joints"] = json!([{ "id": "q_score", "of": ["q", "score"] }]);
    it["quiz"] = json!({
        "feedback": "end", "score_bands": bands, "topics": [{ "id": "facts", "title": say("facts") }],
    });
    if let Some(draw) = draw {
        it["quiz"]["draw"] = json!(draw);
    }
    it["indicators"] = json!([]);
    it["words"]["dont_know"] = say("?");
    Arc::new(Questionnaire::parse(it.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults}")))
}

fn simulated(questionnaire: &Arc<Questionnaire>) -> Tally {
    let mut tally = Tally::empty(questionnaire.layout.len());
    let line = Respondents::new(questionnaire.clone(), 7).take(400);
    line.for_each(|response| tally.add(&Cells::encode(questionnaire, &response)));
    tally
}

#[test]
fn item_rest_needs_the_score_itself_and_one_form() {
    let single = quiz(&[0, 1, 2, 3], None);
    let it = discrimination(&single, &simulated(&single), 0);
    // Who is made up answers each item by chance: it has nothing to do with the others.
    let rest = it.item_rest.known().unwrap();
    assert!(
        rest.r.abs() < 0.15 && rest.low.unwrap() < rest.r && rest.r < rest.high.unwrap() && rest.n == 400,
        "{rest:?}"
    );
    assert_eq!(rest.grade, Grade::Weak);
    // All of those with three points answered right, none of those with none did.
    assert_eq!(it.upper_lower.known().unwrap().difference, 1.0);
    // An item without a joint block.
    let other = discrimination(&single, &simulated(&single), 1);
    assert_eq!((other.item_rest, other.upper_lower), (Figure::NotDeclared, Figure::NotDeclared));

    let grouped = quiz(&[0, 2], None);
    let it = discrimination(&grouped, &simulated(&grouped), 0);
    assert_eq!(it.item_rest, Figure::NotDeclared);
    assert!(it.upper_lower.known().is_some_and(|it| it.difference > 0.3));

    let drawn = quiz(&[0, 1, 2], Some(2));
    let it = discrimination(&drawn, &simulated(&drawn), 0);
    assert_eq!(it.item_rest, Figure::NotComparable);
    assert!(it.upper_lower.known().is_some());
    let nobody = discrimination(&single, &Tally::empty(single.layout.len()), 0);
    assert_eq!((nobody.item_rest, nobody.upper_lower), (Figure::TooFew, Figure::TooFew));
}
