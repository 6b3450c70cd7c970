//! The score of a quiz: mean, spread, distribution, share of those who pass.

use serde::Serialize;

use super::proportion::{Estimate, wilson};
use crate::{layout::Counts, questionnaire::Questionnaire, quiz, tally::Tally};

/// How a quiz went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Respondents.
    pub n: u64,
    /// Mean score, in points.
    pub mean: Option<f64>,
    /// Sample standard deviation (n − 1), in points; none under two respondents.
    pub sd: Option<f64>,
    /// The highest score.
    pub max: u32,
    /// Share of those who reach the pass mark, where one is set.
    pub pass_share: Option<Estimate>,
    /// Respondents by score, from 0 to the highest.
    pub distribution: Vec<u64>,
}

/// The score of a quiz; `None` for a survey.
pub fn score(questionnaire: &Questionnaire, tally: &Tally) -> Option<Score> {
    let max = questionnaire.max_score()?;
    let counts = questionnaire.layout.block(Counts::Score)?.of(&tally.cells);
    let n: u64 = counts.iter().sum();
    let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
        counts.iter().enumerate().map(|(score, &count)| f(score as f64) * count as f64).sum()
    };
    let mean = (n > 0).then(|| sum(&|score| score) / n as f64);
    let sd = mean.filter(|_| n > 1).map(|mean| (sum(&|score| (score - mean).powi(2)) / (n - 1) as f64).sqrt());
    let passing = |score: usize| quiz::passes(questionnaire, score as u32, max);
    let pass_share = passing(0).and_then(|_| {
        let passed =
            counts.iter().enumerate().filter(|(score, _)| passing(*score) == Some(true)).map(|(_, count)| count).sum();
        wilson(passed, n)
    });
    Some(Score { n, mean, sd, max, pass_share, distribution: counts.to_vec() })
}
