//! A point of an ordered scale: top and bottom box, and the net of the two.

use serde::Serialize;

use super::{
    distribution::distribution,
    figure::Figure,
    proportion::{Z_95, wilson},
    rate::Rate,
};
use crate::{
    questionnaire::{Questionnaire, definition::ItemType},
    tally::Tally,
};

/// At which end of a scale the best point is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Best {
    /// The first option.
    First,
    /// The last option.
    Last,
}

/// The k best and the k worst points of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Boxes {
    /// How many points make a box.
    pub k: usize,
    /// Share of the k best points.
    pub top: Rate,
    /// Share of the k worst points.
    pub bottom: Rate,
    /// Top less bottom, of everybody who was asked.
    pub net_all: Option<Net>,
    /// Top less bottom, of those who gave an opinion.
    pub net_valid: Option<Net>,
}

/// A share of the same respondents less another, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Net {
    /// Respondents in the base.
    pub n: u64,
    /// From −1 to 1.
    pub net: f64,
    /// Lower end of the interval, from −1 on.
    pub low: f64,
    /// Upper end of the interval, to 1.
    pub high: f64,
}

/// Which end of a scale counts as good, as its indicators tell: where the positive options lie. `None` for an item
/// that is no scale, or if no indicator says it.
pub fn best(questionnaire: &Questionnaire, item: usize) -> Option<Best> {
    if questionnaire.items[item].definition.kind != ItemType::Rating {
        return None;
    }
    let points = questionnaire.items[item].options.len();
    let ends = questionnaire.indicators.iter().filter(|it| it.item == item).filter_map(|indicator| {
        let positive = |point: usize| indicator.positive & (1 << point) != 0;
        match (positive(0), positive(points - 1)) {
            (true, false) => Some(Best::First),
            (false, true) => Some(Best::Last),
            _ => None,
        }
    });
    let mut ends: Vec<Best> = ends.collect();
    ends.dedup();
    // Indicators that count opposite ends (safe, unsafe) leave it open.
    if let [end] = ends[..] { Some(end) } else { None }
}

/// The options' counts of a scale, the best point first, with the respondents asked and those with an opinion.
pub(super) struct Points {
    pub(super) counts: Vec<u64>,
    pub(super) asked: u64,
    pub(super) valid: u64,
}

pub(super) fn points(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Option<Points> {
    let best = best(questionnaire, item)?;
    let distribution = distribution(questionnaire, tally, item)?;
    let options = questionnaire.items[item].options.len();
    let mut counts: Vec<u64> = distribution.categories.iter().take(options).map(|it| it.count).collect();
    if best == Best::Last {
        counts.reverse();
    }
    Some(Points { counts, asked: distribution.asked, valid: distribution.valid })
}

/// The k best and the k worst points of an item that is a scale. Not declared if it is none, or if no indicator
/// says which end is the better one, or if the scale has not 2k points.
pub fn boxes(questionnaire: &Questionnaire, tally: &Tally, item: usize, k: usize) -> Figure<Boxes> {
    let Some(Points { counts, asked, valid }) = points(questionnaire, tally, item) else { return Figure::NotDeclared };
    if k == 0 || 2 * k > counts.len() {
        return Figure::NotDeclared;
    }
    let top = counts[..k].iter().sum();
    let bottom = counts[counts.len() - k..].iter().sum();
    Boxes::of(k, [top, bottom], [asked, valid]).into()
}

impl Boxes {
    /// The boxes of k points, from how many gave one of the best and one of the worst, of how many who were asked and who
    /// gave an opinion; `None` where nobody was asked.
    pub fn of(k: usize, [top, bottom]: [u64; 2], [asked, valid]: [u64; 2]) -> Option<Self> {
        let rate = |count| Rate { all: wilson(count, asked), valid: wilson(count, valid) };
        let (net_all, net_valid) = (net(top, bottom, asked), net(top, bottom, valid));
        (asked > 0).then(|| Self { k, top: rate(top), bottom: rate(bottom), net_all, net_valid })
    }
}

/// The net of two shares of the same n respondents who cannot be in both; `None` for an empty base.
///
/// Interval: D. G. Bonett, R. M. Price, Adjusted Wald confidence interval for a difference of binomial proportions
/// based on paired data, J. Educ. Behav. Stat. 37 (2012): one respondent more on either side, so that it stays wide
/// enough near −1 and 1.
///
/// # Panics
/// If there are more than n in both together.
pub fn net(top: u64, bottom: u64, n: u64) -> Option<Net> {
    assert!(top + bottom <= n, "{top} and {bottom} of {n}");
    let net = (n > 0).then(|| (top as f64 - bottom as f64) / n as f64)?;
    let [up, down, base] = [top as f64 + 1.0, bottom as f64 + 1.0, n as f64 + 2.0];
    let (up, down) = (up / base, down / base);
    let half = Z_95 * ((up + down - (up - down).powi(2)) / base).sqrt();
    let (low, high) = ((up - down - half).max(-1.0), (up - down + half).min(1.0));
    Some(Net { n, net, low, high })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The safety survey with these options of `overall` counted as positive, an indicator each.
    fn counting(positive: &[&[&str]]) -> Option<Best> {
        let mut it: Value = serde_json::from_slice(include_bytes!("../../www/instruments/safety.json")).unwrap();
        let indicators = positive.iter().enumerate().map(|(i, positive)| {
            let mut indicator = it["indicators"][0].clone();
            (indicator["id"], indicator["positive"]) = (json!(format!("i{i}")), json!(positive));
            indicator
        });
        it["indicators"] = indicators.collect();
        it["joints"] = json!([]);
        let questionnaire = Questionnaire::parse(it.to_string().as_bytes()).unwrap();
        best(&questionnaire, questionnaire.item("overall").unwrap())
    }

    #[test]
    fn indicators_tell_which_end_is_good() {
        assert_eq!(counting(&[&["safe", "fairly_safe"]]), Some(Best::First));
        assert_eq!(counting(&[&["safe", "fairly_safe"], &["safe"]]), Some(Best::First));
        assert_eq!(counting(&[&["unsafe"]]), Some(Best::Last));
        assert_eq!(counting(&[&["unsafe"], &["safe"]]), None);
        assert_eq!(counting(&[&["fairly_safe"]]), None);
        assert_eq!(counting(&[]), None);
    }

    #[test]
    fn a_box_takes_half_of_the_scale_at_most() {
        let safety = Questionnaire::parse(include_bytes!("../../www/instruments/safety.json")).unwrap();
        let nobody = Tally::empty(safety.layout.len());
        let of = |item, k| boxes(&safety, &nobody, safety.item(item).unwrap(), k);
        assert_eq!(
            (of("overall", 2), of("overall", 3), of("overall", 0)),
            (Figure::TooFew, Figure::NotDeclared, Figure::NotDeclared)
        );
        assert_eq!(of("age", 1), Figure::NotDeclared);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Turning the scale round turns the net round; it is the difference of the two shares.
        #[test]
        fn turns_with_the_scale(top in 0u64..500, bottom in 0u64..500, rest in 0u64..500) {
            let n = top + bottom + rest;
            prop_assert_eq!(net(top, bottom, n).is_some(), n > 0);
            if let (Some(it), Some(turned)) = (net(top, bottom, n), net(bottom, top, n)) {
                prop_assert_eq!((it.net, it.low, it.high), (-turned.net, -turned.high, -turned.low));
                let shares = wilson(top, n).unwrap().rate - wilson(bottom, n).unwrap().rate;
                prop_assert!((it.net - shares).abs() < 1e-12);
                prop_assert!(it.low <= it.net && it.net <= it.high && it.high - it.low > 0.0);
            }
        }
    }
}
