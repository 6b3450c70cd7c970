//! How long a respondent's way is: the longest, and the median of respondents who answer at random.
//!
//! Both are exact where the decision diagram of the sum stays small, as it does in questionnaires made by people.
//! Where the routing is too entangled for that (the longest way is as hard to find as any puzzle), the longest lies
//! between one that was found and what all items that can be asked come to, and the median is that of respondents
//! who were drawn, with a 99 % interval by their order.

use std::collections::{BTreeMap, HashMap};

use rand::SeedableRng;
use rand_pcg::Pcg32;
use serde::Serialize;

use super::{
    Effort,
    circuit::{Circuit, Lit, Node},
    diagram::{Diagrams, Root, TooEntangled},
    model::Model,
    people,
};

/// So many times 64 respondents are drawn where a diagram would be too large.
const ROUNDS: usize = 160;

/// 99 % of a normal distribution lie within so many standard deviations.
const Z_99: f64 = 2.576;

/// A figure, or the bounds between which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Between {
    /// At least.
    pub least: u32,
    /// At most; the same where the figure is exact.
    pub most: u32,
}

/// How long ways are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Length {
    /// The longest.
    pub longest: Between,
    /// The median of respondents to whom each answer that they may give is as likely as any other.
    pub median: Between,
}

/// Items that are asked together weigh together.
type Terms = Vec<(Lit, u32)>;

/// The lengths of the ways through a model, for each weight that an item asked may have.
pub(super) fn lengths<const N: usize>(model: &Model, weights: [&[u32]; N], effort: &mut Effort) -> [Length; N] {
    let terms = weights.map(|weights| {
        let mut terms: Terms = Vec::new();
        for (&asked, &weight) in model.asked.iter().zip(weights) {
            match terms.iter_mut().find(|(lit, _)| *lit == asked) {
                Some((_, sum)) => *sum += weight,
                None => terms.push((asked, weight)),
            }
        }
        terms.retain(|(_, weight)| *weight > 0);
        terms
    });
    let mut diagrams = Diagrams::new(&model.circuit);
    // What is too entangled for one weight is so for others.
    let exact: Result<Vec<Length>, TooEntangled> =
        terms.iter().map(|terms| exactly(model, terms, &mut diagrams)).collect();
    effort.diagram_nodes += diagrams.len();
    match exact.map(TryInto::try_into) {
        Ok(Ok(lengths)) => lengths,
        _ => nearly(model, &terms),
    }
}

fn exactly(model: &Model, terms: &Terms, diagrams: &mut Diagrams) -> Result<Length, TooEntangled> {
    let (mut sum, mut drawn) = (Root::value(0), HashMap::new());
    for &(asked, weight) in terms {
        match model.circuit.nodes[asked.node()] {
            // Asked of whoever drew it: the draw tells more shortly how much that is.
            Node::Input(input) if !asked.negated() && model.draws(input) => {
                drawn.insert(input, vec![weight]);
            }
            _ => sum = diagrams.add(sum, asked, &mut |sum| sum + weight)?,
        }
    }
    let mut spread: BTreeMap<u32, f64> = BTreeMap::new();
    for ((value, more), chance) in diagrams.spread(sum, model.draw.as_ref(), &drawn) {
        *spread.entry(value + more).or_default() += chance;
    }
    let longest = spread.keys().next_back().copied().unwrap_or_default();
    let mut below = 0.0;
    let median = spread.iter().find(|(_, chance)| {
        below += **chance;
        // A half that was added up of many parts.
        below >= 0.5 - 1e-9
    });
    let median = median.map_or(longest, |(value, _)| *value);
    let exact = |value| Between { least: value, most: value };
    Ok(Length { longest: exact(longest), median: exact(median) })
}

fn nearly<const N: usize>(model: &Model, terms: &[Terms; N]) -> [Length; N] {
    let mut rng = Pcg32::seed_from_u64(0);
    let mut words = Vec::new();
    let mut lengths: [Vec<u32>; N] = [const { Vec::new() }; N];
    let mut best: [(u32, Vec<u64>); N] = [const { (0, Vec::new()) }; N];
    for _ in 0..ROUNDS {
        let choices = people::choices(model, &mut rng);
        model.circuit.evaluate(&choices, &mut words);
        for ((terms, best), lengths) in terms.iter().zip(&mut best).zip(&mut lengths) {
            let sums = sums(terms, &words);
            keep_best(best, &sums, &choices);
            lengths.extend(sums);
        }
    }
    std::array::from_fn(|which| {
        let (terms, best, lengths) = (&terms[which], &mut best[which], &mut lengths[which]);
        climb(model, terms, best, &mut rng);
        lengths.sort_unstable();
        let n = lengths.len() as f64;
        let rank = |deviations: f64| lengths[((n / 2.0 + deviations * n.sqrt() / 2.0) as usize).min(lengths.len() - 1)];
        let median = Between { least: rank(-Z_99), most: rank(Z_99) };
        let all = terms.iter().filter(|(lit, _)| *lit != Lit::FALSE).map(|(_, weight)| weight).sum();
        Length { longest: Between { least: best.0, most: all }, median }
    })
}

/// What 64 respondents come to, of whom it is known what holds.
fn sums(terms: &Terms, words: &[u64]) -> [u32; 64] {
    let mut sums = [0; 64];
    for &(asked, weight) in terms {
        let told = Circuit::told(words, asked);
        sums.iter_mut().enumerate().for_each(|(i, sum)| *sum += weight * (told >> i & 1) as u32);
    }
    sums
}

/// Keeps the choices of the longest way so far, in every place of 64.
fn keep_best(best: &mut (u32, Vec<u64>), sums: &[u32; 64], choices: &[u64]) {
    for (i, &sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0) {
        if sum > best.0 {
            *best = (sum, choices.iter().map(|word| (word >> i & 1).wrapping_neg()).collect());
        }
    }
}

/// Answers one item after the other anew, as long as that makes the way longer. The draw stays.
fn climb(model: &Model, terms: &Terms, best: &mut (u32, Vec<u64>), rng: &mut Pcg32) {
    let mut words = Vec::new();
    let inputs = &model.circuit.inputs;
    loop {
        let before = best.0;
        for item in 0..model.asked.len() {
            let mut choices = best.1.clone();
            let mut changed = false;
            for (input, choice) in choices.iter_mut().enumerate() {
                if inputs[input].item == item && !model.draws(input) {
                    (*choice, changed) = (people::coins(0.5, rng), true);
                }
            }
            if changed {
                model.circuit.evaluate(&choices, &mut words);
                let sums = sums(terms, &words);
                keep_best(best, &sums, &choices);
            }
        }
        if best.0 == before {
            return;
        }
    }
}
