//! How well a quiz measures: its reliability, and what each question and each option adds to it. Of the whole campaign, as
//! ranges (see [`crate::disclosure::exchange`]).
//!
//! # Reliability
//! α follows from how many answered each item right and how many got each score: no answer is crossed with another. Some
//! of these counts are told and some are not, and who knows all but one of them could reckon that one from an exact α. So it
//! is a range, whatever else is told: wide enough for 2k *respondents* who answered the whole quiz otherwise, which is more
//! than 2k exchanges of an answer ([`crate::statistic::reliability::Parts::if_others`] has what one of either moves). One
//! rule is enough: where every count is told, who wants the figure reckons it from these.
//!
//! # Questions
//! An item's correlation with the others has room for 2k exchanges of its answer, shares of score groups for 2k too, of
//! which each moves one respondent of the group. A word or a flag is told only where every figure in the ranges bears it.
//!
//! Where each score is a group of its own, the ends that are compared are cut by the distribution of scores that is told,
//! so that the cut tells nothing: a score that is not told counts there as nobody's.

use serde::Serialize;

use super::crossed::{apart, around_correlations};
use crate::{
    disclosure::{
        exchange::{DIFFERENCE, PART, POINTS, RELIABILITY, Range, Ranged, as_far, exchanges},
        points::ShownScore,
        shown::Shown,
    },
    questionnaire::{Questionnaire, Text},
    statistic::{
        discrimination::{Ends, Grade, Sums, grade, single_scores, sums, upper_and_lower},
        distractors::{Answer, Flag, HARDLY, distractors},
        figure::Figure,
        proportion::wilson,
        reliability::{Parts, alpha_interval, error_interval, parts},
    },
    tally::Tally,
};

/// How well a quiz measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct QualityResult {
    /// Of the score; not comparable where people saw different questions.
    pub reliability: Figure<ReliabilityResult>,
    /// The scores of those who are compared below: the lowest and the highest; none where too few are told.
    pub groups: Option<[GroupResult; 2]>,
    /// The questions that the questionnaire crosses with the score, in the order asked.
    pub items: Vec<QuestionResult>,
}

/// How reliable the score is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ReliabilityResult {
    /// Questions in the score.
    pub items: usize,
    /// KR-20 where each gives one point, else Cronbach's α; to 1.
    pub alpha: Ranged,
    /// Standard error of measurement, in points; none where α may be under 0.
    pub measurement_error: Option<Ranged>,
}

/// Scores from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct GroupResult {
    /// The lowest of them.
    pub from: u32,
    /// The highest of them.
    pub to: u32,
}

/// What a question tells of those who answer it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct QuestionResult {
    /// Name of its item.
    pub id: String,
    /// The question.
    pub text: Text,
    /// How it goes together with the score on all others: not declared where the questionnaire does not cross it with every
    /// score singly, not comparable where people saw different questions.
    pub item_rest: Figure<ItemRestResult>,
    /// Share of right answers in the highest score group less that in the lowest; none where too few are told.
    pub upper_lower: Option<Ranged>,
    /// Its options, then the special answers; of a question with several answers `wrong` and `right`.
    pub answers: Vec<AnswerResult>,
}

/// Correlation of a question with the score on all others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ItemRestResult {
    /// From −1 to 1.
    pub r: Ranged,
    /// In a word; none where the range has more than one.
    pub grade: Option<Grade>,
}

/// Who gave an answer, by score group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct AnswerResult {
    /// Name of the option, or of the special answer.
    pub id: String,
    /// It is the right one.
    pub key: bool,
    /// Its share of those of the lowest group who were asked; none where too few are told.
    pub lowest: Option<Ranged>,
    /// Its share of those of the highest group.
    pub highest: Option<Ranged>,
    /// What is wrong with it, as far as the ranges decide it.
    pub flag: Option<Flag>,
}

/// From the sum of all steps of the whole campaign, and what is shown of its scores; nothing of what is no quiz.
pub(super) fn quality(shown: Shown, score: Option<&ShownScore>, whole: &Tally) -> Option<QualityResult> {
    let (questionnaire, k) = (shown.questionnaire, shown.k);
    let quiz = questionnaire.definition.quiz.as_ref()?;
    let ends = if single_scores(questionnaire) {
        score.and_then(|it| Ends::of(&it.distribution.iter().map(|count| count.unwrap_or(0)).collect::<Vec<_>>()))
    } else {
        Ends::outermost(quiz.score_bands.len())
    };
    let group = |ends: Ends| {
        let max = questionnaire.max_score()?;
        let to = quiz.score_bands.get(ends.lowest + 1).map(|next| next - 1)?;
        Some([GroupResult { from: 0, to }, GroupResult { from: *quiz.score_bands.get(ends.highest)?, to: max }])
    };
    let question = |index| question(questionnaire, whole, index, ends, k);
    Some(QualityResult {
        reliability: parts(questionnaire, whole).and_then(|parts| reliability(&parts, k)),
        groups: ends.and_then(group),
        items: (0..questionnaire.items.len()).filter_map(question).collect(),
    })
}

fn reliability(parts: &Parts, k: u32) -> Option<ReliabilityResult> {
    let it = parts.reliability()?;
    let (alphas, errors) = parts.if_others(exchanges(k))?;
    let far = |figure: f64, [low, high]: [f64; 2]| (figure - low).max(high - figure);
    let ends = |range: Range, of: &dyn Fn(f64) -> Option<(f64, f64)>| {
        // Both grow with the figure.
        let [low, high] = [range.low, range.high].map(of);
        (low.map_or(f64::NAN, |it| it.0), high.map_or(f64::NAN, |it| it.1))
    };
    let of_alpha = |range| ends(range, &|alpha| alpha_interval(alpha, it.n, it.items));
    let of_error = |range| ends(range, &|error| error_interval(error, it.n, it.items));
    let alpha = RELIABILITY.told(it.alpha, far(it.alpha, alphas), of_alpha)?;
    let error = it.measurement_error.filter(|_| alpha.range.low >= 0.0);
    let measurement_error = error.and_then(|error| POINTS.told(error, far(error, errors), of_error));
    Some(ReliabilityResult { items: it.items, alpha, measurement_error })
}

fn question(
    questionnaire: &Questionnaire,
    whole: &Tally,
    index: usize,
    ends: Option<Ends>,
    k: u32,
) -> Option<QuestionResult> {
    let definition = &questionnaire.items[index].definition;
    let answers = match distractors(questionnaire, whole, index) {
        Figure::NotDeclared => return None,
        Figure::Known(found) => {
            let ends = ends.map(|ends| (ends, ends.sums(&found.asked)));
            found.answers.into_iter().map(|it| answer(it, ends, k)).collect()
        }
        _ => Vec::new(),
    };
    let max = questionnaire.max_score()?;
    Some(QuestionResult {
        id: definition.id.clone(),
        text: definition.text.clone(),
        item_rest: sums(questionnaire, whole, index).and_then(|sums| item_rest(&sums, max, k)),
        upper_lower: upper_and_lower(questionnaire, whole, index, ends).and_then(|shares| apart(shares, k)),
        answers,
    })
}

fn item_rest(sums: &Sums, max: u32, k: u32) -> Option<ItemRestResult> {
    let r = sums.item_rest()?;
    let [low, high] = sums.if_exchanged(max, exchanges(k))?;
    let r = DIFFERENCE.told(r, (r - low).max(high - r), |range| around_correlations(range, sums.n))?;
    let [low, high] = [r.range.low, r.range.high].map(grade);
    Some(ItemRestResult { r, grade: Some(low).filter(|_| low == high) })
}

fn answer(answer: Answer, ends: Option<(Ends, [u64; 2])>, k: u32) -> AnswerResult {
    let Answer { id, key, counts, option, .. } = answer;
    let share = |x: u64, n: u64| {
        let it = wilson(x, n)?;
        PART.told(it.rate, exchanges(k) / n as f64, as_far(it.rate, (it.low, it.high)))
    };
    let [lowest, highest] = ends.map_or([None, None], |(ends, [of_lowest, of_highest])| {
        let [lowest, highest] = ends.sums(&counts);
        [share(lowest, of_lowest), share(highest, of_highest)]
    });
    let flag = lowest.zip(highest).and_then(|(lowest, highest)| flag(key, lowest.range, highest.range));
    AnswerResult { id, key, lowest, highest, flag: flag.filter(|_| option) }
}

/// What is wrong with an option, wherever in these ranges its shares lie.
fn flag(key: bool, lowest: Range, highest: Range) -> Option<Flag> {
    match key {
        false if lowest.high <= HARDLY && highest.high <= HARDLY => Some(Flag::Unused),
        false if lowest.high < highest.low => Some(Flag::DrawsUpper),
        true if highest.high < lowest.low => Some(Flag::RepelsUpper),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_ranges_decide_is_flagged() {
        let range = |low, high| Range { low, high };
        let of = |key, lowest, highest| flag(key, lowest, highest);
        assert_eq!(of(false, range(0.0, 0.04), range(0.0, 0.04)), Some(Flag::Unused));
        assert_eq!(of(false, range(0.0, 0.06), range(0.0, 0.04)), None);
        assert_eq!(of(false, range(0.1, 0.2), range(0.22, 0.3)), Some(Flag::DrawsUpper));
        assert_eq!(of(false, range(0.1, 0.2), range(0.18, 0.3)), None);
        assert_eq!(of(true, range(0.7, 0.8), range(0.5, 0.66)), Some(Flag::RepelsUpper));
        assert_eq!(of(true, range(0.7, 0.8), range(0.6, 0.72)), None);
        assert_eq!(of(true, range(0.0, 0.04), range(0.0, 0.04)), None, "a key that nobody chooses is hard");
    }
}
