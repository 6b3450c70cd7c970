//! Where respondents stand on a scale, and how many had no opinion, as it is told: true, or not told.

use anxin::{
    results::Selection,
    statistic::{figure::Figure, mean_index::mean_index, nonresponse::nonresponse, scale::boxes},
};
use proptest::prelude::*;

use crate::crossed::{results, shipped, tally};

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
