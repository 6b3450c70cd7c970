//! What else the answers to a question tell: how many had no opinion, and where on a scale the others stand.

use serde::Serialize;

use crate::{
    disclosure::{
        categories::{options, silent},
        shown::Shown,
    },
    statistic::{
        mean_index::{self, MeanIndex},
        proportion::{Estimate, wilson},
        scale::{Best, Boxes, best},
    },
};

/// So many points make a box, unless the scale has fewer than two boxes of them.
const BOX: usize = 2;

/// Where respondents stand on a scale of which an indicator says which end is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ScaleResult {
    /// Where they stand on average; none where it is not told how many gave each answer.
    pub index: Option<MeanIndex>,
    /// The best and the worst points; none where it is not told how many gave these.
    pub boxes: Option<Boxes>,
}

/// Item non-response: those of an item (by index) who gave no opinion, of those who were asked; none where it is not told,
/// and where everybody had to give one.
pub(super) fn unanswered(shown: Shown, index: usize) -> Option<Estimate> {
    let (counts, asked) = shown.counts(index, &[silent(shown.questionnaire, index)])?;
    wilson(counts[0], asked)
}

/// Where respondents stand on an item (by index) that is a scale; none where it is none, and where nothing is told.
pub(super) fn scale(shown: Shown, index: usize) -> Option<ScaleResult> {
    let questionnaire = shown.questionnaire;
    let best = best(questionnaire, index)?;
    let points = questionnaire.items[index].options.len();
    // The best point first.
    let point = |place: usize| if best == Best::First { place } else { points - 1 - place };
    let cells = |places: std::ops::Range<usize>| {
        options(questionnaire, index, places.map(point).fold(0, |set, option| set | 1 << option))
    };
    let each: Vec<Vec<usize>> = (0..points).map(|place| cells(place..place + 1)).collect();
    let index_told = shown.counts(index, &each).and_then(|(counts, _)| mean_index::of(&counts));
    let k = BOX.min(points / 2);
    let silent = silent(questionnaire, index);
    let sets = [cells(0..k), cells(points - k..points)].into_iter().chain((!silent.is_empty()).then_some(silent));
    let boxes = shown.counts(index, &sets.collect::<Vec<_>>()).and_then(|(counts, asked)| {
        // Rounded counts may be a little more than their base.
        let asked = asked.max(counts.iter().sum());
        Boxes::of(k, [counts[0], counts[1]], [asked, asked - counts.get(2).unwrap_or(&0)])
    });
    (index_told.is_some() || boxes.is_some()).then_some(ScaleResult { index: index_told, boxes })
}
