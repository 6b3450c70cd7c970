//! What is told of how well a quiz measures is true, and gives nobody away.

use std::sync::Arc;

use anxin::{
    disclosure::exchange::{Ranged, exchanges},
    item::Answer,
    layout::Cells,
    questionnaire::{Item, Questionnaire},
    response::Mode,
    results::{Selection, quality::QualityResult},
    session::Session,
    statistic::{
        correlation::fisher_interval,
        discrimination::{Ends, discrimination, grade, upper_and_lower},
        distractors::{Flag, distractors},
        figure::Figure,
        reliability::{alpha_interval, error_interval},
    },
    tally::Tally,
};
use proptest::prelude::*;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::crossed::{K, results, shipped};

/// Of each respondent, which questions of a quiz they answered right, one point each.
type Matrix = Vec<Vec<bool>>;

/// An answer to a question that is right or not, as is wanted; it knows which options there are.
fn choose(item: &Item, right: bool, rng: &mut Pcg32) -> Answer {
    let key = &item.definition.key;
    let others: Vec<&String> = item.options.iter().map(|it| &it.id).filter(|id| !key.contains(id)).collect();
    match right {
        true => Answer::Options(key.clone()),
        false => Answer::Options(vec![others[rng.random_range(0..others.len())].clone()]),
    }
}

/// Respondents who know more or less: the sum of their cells, and what they answered right where all see every question.
fn knowing(quiz: &Arc<Questionnaire>, seed: u64, n: usize) -> (Tally, Matrix) {
    let mut rng = Pcg32::seed_from_u64(seed);
    let (mut tally, mut matrix) = (Tally::empty(quiz.layout.len()), Matrix::new());
    for _ in 0..n {
        let ability: f64 = (0..6).map(|_| rng.random_range(-0.6..0.6)).sum::<f64>() * 2.0;
        let mut session = Session::start(quiz.clone(), rng.next_u64(), Mode::SelfCompleted);
        let mut row = Vec::new();
        while let Some(index) = session.item() {
            let ease = 0.4 + 0.25 * (index % 7) as f64;
            let right = rng.random_range(0.0..1.0) < 1.0 / (1.0 + (-ability - ease).exp());
            row.push(right);
            session.answer(Some(&choose(&quiz.items[index], right, &mut rng))).unwrap();
            session.forward();
            // Past the reason, where there is one.
            if session.item() == Some(index) {
                session.forward();
            }
        }
        tally.add(&Cells::encode(quiz, &session.finish().unwrap()));
        matrix.push(row);
    }
    (tally, matrix)
}

fn quality(quiz: &Arc<Questionnaire>, whole: &Tally) -> QualityResult {
    results(quiz, whole, Selection::default()).quality.unwrap()
}

fn points(row: &[bool]) -> f64 {
    row.iter().filter(|right| **right).count() as f64
}

fn variance(of: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = of.clone().count() as f64;
    let mean = of.clone().sum::<f64>() / n;
    of.map(|it| (it - mean).powi(2)).sum::<f64>() / n
}

/// α and the error of measurement, from single respondents.
fn reliability(matrix: &Matrix) -> (f64, f64) {
    let k = matrix[0].len();
    let of_item = |item: usize| variance(matrix.iter().map(move |row| f64::from(row[item])));
    let (items, all) = ((0..k).map(of_item).sum::<f64>(), variance(matrix.iter().map(|row| points(row))));
    let alpha = k as f64 / (k as f64 - 1.0) * (1.0 - items / all);
    (alpha, (all * (1.0 - alpha)).sqrt())
}

/// Correlation of a question with the points for all others, from single respondents.
fn item_rest(matrix: &Matrix, item: usize) -> f64 {
    let rest = |row: &Vec<bool>| points(row) - f64::from(row[item]);
    let (x, y) = (matrix.iter().map(|row| f64::from(row[item])), matrix.iter().map(rest));
    let n = matrix.len() as f64;
    let (mean_x, mean_y) = (x.clone().sum::<f64>() / n, y.clone().sum::<f64>() / n);
    let cov = x.clone().zip(y.clone()).map(|(a, b)| (a - mean_x) * (b - mean_y)).sum::<f64>() / n;
    cov / (variance(x) * variance(y)).sqrt()
}

fn holds(told: &Ranged, figure: f64) -> bool {
    told.range.low - 1e-9 <= figure && figure <= told.range.high + 1e-9
}

/// The range holds the figure, the interval the range and the figure's own.
fn true_of(told: &Ranged, figure: f64, (low, high): (f64, f64)) -> bool {
    let it = told.interval;
    let around = it.low <= told.range.low && told.range.high <= it.high;
    holds(told, figure) && around && it.low <= low + 1e-9 && high <= it.high + 1e-9
}

/// One respondent answers the whole quiz otherwise: one from the middle knows all or nothing; or one from an end knows
/// half.
fn otherwise(matrix: &mut Matrix, apart: bool) {
    let k = matrix[0].len();
    let mean = matrix.iter().map(|row| points(row)).sum::<f64>() / matrix.len() as f64;
    let far = |row: &Vec<bool>| (points(row) - mean).abs();
    let order = |a: &&mut Vec<bool>, b: &&mut Vec<bool>| far(a).total_cmp(&far(b));
    let row = match apart {
        true => matrix.iter_mut().min_by(order).unwrap(),
        false => matrix.iter_mut().max_by(order).unwrap(),
    };
    let all = mean < k as f64 / 2.0;
    (0..k).for_each(|item| row[item] = if apart { all } else { (item as f64) < mean.round() });
}

/// Two respondents exchange their answers to a question, those who move its correlation with the others most. They keep
/// their answers to the others, or their points: then one who is to have fewer others gives one away, to the other.
fn exchange(matrix: &mut Matrix, item: usize, up: bool, keep_points: bool) {
    let rest = |row: &Vec<bool>| points(row) - f64::from(row[item]);
    let of = |right: bool, most: bool| {
        let rows = matrix.iter().enumerate().filter(|(_, row)| row[item] == right);
        let order = |a: &(usize, &Vec<bool>), b: &(usize, &Vec<bool>)| rest(a.1).total_cmp(&rest(b.1));
        if most { rows.max_by(order) } else { rows.min_by(order) }.map(|(index, _)| index)
    };
    let (Some(right), Some(wrong)) = (of(true, !up), of(false, up)) else { return };
    (matrix[right][item], matrix[wrong][item]) = (false, true);
    let other = (0..matrix[0].len()).find(|&other| other != item && matrix[wrong][other] && !matrix[right][other]);
    if let Some(other) = other.filter(|_| keep_points) {
        (matrix[right][other], matrix[wrong][other]) = (true, false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// Of a quiz that all see whole: true, whoever answers the whole quiz otherwise and whoever exchange an answer.
    #[test]
    fn one_form_is_measured_true(seed in any::<u64>(), n in 150usize..3000) {
        let quiz = shipped("elder_fraud");
        let (whole, matrix) = knowing(&quiz, seed, n);
        let told = quality(&quiz, &whole);
        let many = exchanges(K) as usize;
        let (alpha, error) = reliability(&matrix);
        prop_assert!(n < 1200 || matches!(told.reliability, Figure::Known(_)), "{n}: {alpha}");
        if let Figure::Known(it) = told.reliability {
            prop_assert_eq!(it.items, 10);
            prop_assert!(true_of(&it.alpha, alpha, alpha_interval(alpha, n as u64, 10).unwrap()));
            prop_assert!(it.measurement_error.is_some() == (it.alpha.range.low >= 0.0));
            let of_error = error_interval(error, n as u64, 10).unwrap();
            prop_assert!(it.measurement_error.is_none_or(|it| true_of(&it, error, of_error)));
            for apart in [false, true] {
                let mut others = matrix.clone();
                for _ in 0..many {
                    otherwise(&mut others, apart);
                    let (alpha, error) = reliability(&others);
                    prop_assert!(holds(&it.alpha, alpha), "{:?} {alpha}", it.alpha);
                    prop_assert!(it.measurement_error.is_none_or(|it| holds(&it, error)));
                }
            }
        }
        prop_assert_eq!(told.items.len(), 10);
        let mut correlations = 0;
        for it in &told.items {
            let item = quiz.item(&it.id).unwrap();
            let column = quiz.items.iter().take(item).filter(|it| it.scored()).count();
            let Figure::Known(rest) = it.item_rest else { continue };
            correlations += 1;
            let exact = item_rest(&matrix, column);
            prop_assert!(true_of(&rest.r, exact, fisher_interval(exact, n as u64).unwrap()));
            prop_assert!(rest.grade.is_none_or(|word| [rest.r.range.low, exact, rest.r.range.high].map(grade) == [word; 3]));
            for (up, keep_points) in [(false, false), (true, false), (false, true), (true, true)] {
                let mut others = matrix.clone();
                for _ in 0..many {
                    exchange(&mut others, column, up, keep_points);
                    let r = item_rest(&others, column);
                    prop_assert!(holds(&rest.r, r), "{}: {:?} {r}", it.id, rest.r);
                }
            }
        }
        prop_assert!(n < 1500 || correlations > 5, "{correlations} of {n}");
        answers_are_true(&quiz, &whole, &told)?;
    }
}

/// What is told of options and their ends, beside the exact shares.
fn answers_are_true(quiz: &Questionnaire, whole: &Tally, told: &QualityResult) -> Result<(), TestCaseError> {
    let bands = &quiz.definition.quiz.as_ref().unwrap().score_bands;
    let Some([lowest, highest]) = told.groups else { return Ok(()) };
    prop_assert!(lowest.from == 0 && lowest.to < highest.from && highest.to == quiz.max_score().unwrap());
    let ends = Ends {
        lowest: bands.iter().rposition(|band| *band <= lowest.to).unwrap(),
        highest: bands.iter().position(|band| *band == highest.from).unwrap(),
    };
    for it in &told.items {
        let item = quiz.item(&it.id).unwrap();
        let Figure::Known(exact) = distractors(quiz, whole, item) else { continue };
        let asked = ends.sums(&exact.asked);
        if let Some(told) = it.upper_lower {
            let [upper, lower] = upper_and_lower(quiz, whole, item, Some(ends)).unwrap();
            prop_assert!(holds(&told, upper.rate - lower.rate));
        }
        for (answer, exact) in it.answers.iter().zip(&exact.answers) {
            prop_assert_eq!((&answer.id, answer.key), (&exact.id, exact.key));
            let counts = ends.sums(&exact.counts);
            for (told, (x, n)) in [answer.lowest, answer.highest].into_iter().zip(counts.into_iter().zip(asked)) {
                let Some(told) = told else { continue };
                let many = exchanges(K) as u64;
                for x in [x.saturating_sub(many), x, (x + many).min(n)] {
                    prop_assert!(holds(&told, x as f64 / n as f64), "{}: {told:?} {x} of {n}", answer.id);
                }
            }
            let share = |end: usize| counts[end] as f64 / asked[end] as f64;
            let deserved = match answer.flag {
                Some(Flag::Unused) => !answer.key && share(0) <= 0.05 && share(1) <= 0.05,
                Some(Flag::DrawsUpper) => !answer.key && share(0) < share(1),
                Some(Flag::RepelsUpper) => answer.key && share(0) > share(1),
                None => true,
            };
            prop_assert!(deserved, "{}: {:?}", answer.id, answer.flag);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// Of a quiz drawn from a bank nothing is told that needs one form; score groups are told true.
    #[test]
    fn a_bank_has_score_groups_and_no_reliability(seed in any::<u64>(), n in 100usize..1500) {
        let quiz = shipped("anti_fraud");
        let (whole, _) = knowing(&quiz, seed, n);
        let told = quality(&quiz, &whole);
        prop_assert_eq!(told.reliability, Figure::NotComparable);
        prop_assert!(told.items.len() == 105 && told.items.iter().all(|it| it.item_rest == Figure::NotDeclared));
        let scores = told.groups.unwrap().map(|it| (it.from, it.to));
        prop_assert_eq!(scores, [(0, 11), (16, 20)]);
        for it in &told.items {
            let Some(told) = it.upper_lower else { continue };
            let exact = discrimination(&quiz, &whole, quiz.item(&it.id).unwrap()).upper_lower.known().unwrap();
            prop_assert!(true_of(&told, exact.difference, (exact.low, exact.high)));
        }
        answers_are_true(&quiz, &whole, &told)?;
    }
}

/// An option that those who know most choose is flagged, and a key that they do not; too few tell nothing.
#[test]
fn a_wrong_key_is_found() {
    let quiz = shipped("elder_fraud");
    let (whole, _) = knowing(&quiz, 5, 3000);
    let mut file: serde_json::Value = serde_json::from_slice(&crate::crossed::file("elder_fraud")).unwrap();
    // What was right counts as wrong.
    let item = &mut file["sections"][0]["items"][0];
    assert_eq!((&item["id"], &item["key"]), (&"house".into(), &serde_json::json!(["b"])));
    item["key"] = serde_json::json!(["a"]);
    let wrong = Arc::new(Questionnaire::parse(file.to_string().as_bytes()).unwrap());
    let told = quality(&wrong, &whole);
    let flag = |id: &str| told.items[0].answers.iter().find(|it| it.id == id).unwrap().flag;
    assert_eq!((flag("a"), flag("b"), flag("dont_know")), (Some(Flag::RepelsUpper), Some(Flag::DrawsUpper), None));
    assert!(told.items[1].answers.iter().all(|it| it.flag.is_none_or(|it| it == Flag::Unused)));

    let (few, _) = knowing(&quiz, 5, 60);
    let told = quality(&quiz, &few);
    assert_eq!(told.reliability, Figure::TooFew);
    for it in &told.items {
        assert!(it.item_rest == Figure::TooFew && it.upper_lower.is_none());
        assert!(it.answers.iter().all(|it| it.lowest.is_none() && it.highest.is_none() && it.flag.is_none()));
    }
}
