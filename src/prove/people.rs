//! Respondents who answer at random: every answer that can be given to an item is as likely as any other.

use rand::{Rng, RngExt, seq::SliceRandom};

use super::model::Model;

/// The choices of 64 respondents, by input.
pub(super) fn choices(model: &Model, rng: &mut impl Rng) -> Vec<u64> {
    let mut choices: Vec<u64> = model.circuit.inputs.iter().map(|input| coins(input.chance, rng)).collect();
    let Some(draw) = &model.draw else { return choices };
    draw.topics.iter().flatten().for_each(|&input| choices[input] = 0);
    let mut topics: Vec<Vec<usize>> = draw.topics.clone();
    for respondent in 0..64 {
        topics.shuffle(rng);
        for (place, topic) in topics.iter_mut().enumerate() {
            topic.shuffle(rng);
            let count = draw.each + usize::from(place < draw.more);
            topic.iter().take(count).for_each(|&input| choices[input] |= 1 << respondent);
        }
    }
    choices
}

/// 64 coins that fall true with this chance.
pub(super) fn coins(chance: f64, rng: &mut impl Rng) -> u64 {
    if chance == 0.5 {
        return rng.random();
    }
    (0..64).fold(0, |word, _| word << 1 | u64::from(rng.random_bool(chance)))
}
