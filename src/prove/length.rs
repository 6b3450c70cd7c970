//! How long a respondent's way is: the longest, and the median of respondents who answer at random.
//!
//! Both are exact where the decision diagram of the sum stays small, as it does in questionnaires made by people.
//! Where the routing is too entangled for that (the longest way is as hard to find as any puzzle), the longest lies
//! between one that was found and what all items that can be asked come to, and the median is that of respondents
//! who were drawn, with a 99 % interval by their order.

use std::collections::HashMap;

use rand::SeedableRng;
use rand_pcg::Pcg32;
use serde::Serialize;

use super::{
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

/// The lengths of the ways through a model, if an item asked weighs so much.
pub(super) fn length(model: &Model, weights: &[u32]) -> Length {
    // Items that are asked together weigh together.
    let mut terms: Vec<(Lit, u32)> = Vec::new();
    for (&asked, &weight) in model.asked.iter().zip(weights) {
        match terms.iter_mut().find(|(lit, _)| *lit == asked) {
            Some((_, sum)) => *sum += weight,
            None => terms.push((asked, weight)),
        }
    }
    terms.retain(|(_, weight)| *weight > 0);
    exactly(model, &terms).unwrap_or_else(|TooEntangled| nearly(model, &terms))
}

fn exactly(model: &Model, terms: &[(Lit, u32)]) -> Result<Length, TooEntangled> {
    let mut diagrams = Diagrams::new(&model.circuit)?;
    let (mut sum, mut drawn) = (Root::value(0), HashMap::new());
    for &(asked, weight) in terms {
        match model.circuit.nodes[asked.node()] {
            // Asked of whoever drew it: the draw tells more shortly how much that is.
            Node::Input(input) if !asked.negated() && model.draws(input) => {
                drawn.insert(input, weight);
            }
            _ => sum = diagrams.add(sum, asked, weight)?,
        }
    }
    let spread = diagrams.spread(sum, model.draw.as_ref(), &drawn);
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

fn nearly(model: &Model, terms: &[(Lit, u32)]) -> Length {
    let mut rng = Pcg32::seed_from_u64(0);
    let (mut words, mut lengths) = (Vec::new(), Vec::with_capacity(ROUNDS * 64));
    let mut best: (u32, Vec<u64>) = (0, Vec::new());
    for _ in 0..ROUNDS {
        let choices = people::choices(model, &mut rng);
        let sums = sums(model, terms, &choices, &mut words);
        keep_best(&mut best, &sums, &choices);
        lengths.extend(sums);
    }
    climb(model, terms, &mut best, &mut rng);
    lengths.sort_unstable();
    let n = lengths.len() as f64;
    let rank = |deviations: f64| lengths[((n / 2.0 + deviations * n.sqrt() / 2.0) as usize).min(lengths.len() - 1)];
    let median = Between { least: rank(-Z_99), most: rank(Z_99) };
    let all = terms.iter().filter(|(lit, _)| *lit != Lit::FALSE).map(|(_, weight)| weight).sum();
    Length { longest: Between { least: best.0, most: all }, median }
}

/// What 64 respondents come to.
fn sums(model: &Model, terms: &[(Lit, u32)], choices: &[u64], words: &mut Vec<u64>) -> [u32; 64] {
    model.circuit.evaluate(choices, words);
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
fn climb(model: &Model, terms: &[(Lit, u32)], best: &mut (u32, Vec<u64>), rng: &mut Pcg32) {
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
                let sums = sums(model, terms, &choices, &mut words);
                keep_best(best, &sums, &choices);
            }
        }
        if best.0 == before {
            return;
        }
    }
}
