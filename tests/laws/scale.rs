//! Where respondents stand on a scale, how many had no opinion, and the scores of a quiz: true, or not told.

use anxin::{
    results::Selection,
    statistic::{figure::Figure, mean_index::mean_index, nonresponse::nonresponse, scale::boxes},
};
use proptest::prelude::*;

use crate::crossed::{K, results, shipped, tally};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What is told is what the tally says, of every question of every survey that has scales.
    #[test]
    fn what_is_told_is_true(seed in any::<u64>(), n in 1usize..1500, which in 0usize..4) {
        let questionnaire = shipped(["safety", "event_rating", "rule_of_law", "anti_fraud"][which]);
        let whole = tally(&questionnaire, seed, n);
        let told = results(&questionnaire, &whole, Selection::default()).items;
        for item in &told {
            let index = questionnaire.item(&item.id).unwrap();
            if let Some(unanswered) = item.unanswered {
                prop_assert_eq!(unanswered, nonresponse(&questionnaire, &whole, index).unwrap().all);
            }
            let Some(scale) = item.scale else { continue };
            if let Some(told) = scale.index {
                prop_assert_eq!(Figure::Known(told), mean_index(&questionnaire, &whole, index));
                let counts: Option<Vec<u64>> = item.categories.iter().filter(|it| !it.special).map(|it| it.count).collect();
                prop_assert_eq!(counts.unwrap().iter().sum::<u64>(), told.n, "it follows from what is told anyway");
            }
            if let Some(told) = scale.boxes {
                prop_assert_eq!(Figure::Known(told), boxes(&questionnaire, &whole, index, told.k));
            }
        }
        let scales = told.iter().filter(|item| item.scale.is_some()).count();
        prop_assert!(which == 3 || n < 1000 || scales > 0, "where enough answer, something is told");
        prop_assert!(which != 3 || scales == 0, "a quiz has no scales");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// All scores add up to the points of all right answers. They are never all told, so that they never tell the right
    /// answers to a question of which that is not told: k respondents may have one score or another, a question's points apart.
    #[test]
    fn scores_do_not_tell_who_answered_right(seed in any::<u64>(), n in 1usize..2500, which in 0usize..4) {
        let quiz = shipped(["anti_fraud", "elder_fraud", "pingan_quiz", "pingan_law_quiz"][which]);
        let whole = tally(&quiz, seed, n);
        let score = results(&quiz, &whole, Selection::default()).score.unwrap();
        let points = quiz.items.iter().map(|item| item.points()).max().unwrap() as usize;
        let untold: Vec<usize> = (0..score.distribution.len()).filter(|&it| score.distribution[it].is_none()).collect();
        prop_assert!(untold.last().unwrap() - untold.first().unwrap() >= points, "{untold:?}");
        let told: u64 = score.distribution.iter().flatten().sum();
        if let Some(n) = score.n {
            prop_assert!(n - told >= u64::from(K), "{told} of {n}");
        }
    }
}
