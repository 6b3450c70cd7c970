//! Masks: they add up like cells do, hide each respondent, and come off only with every seed.

use anxin::{
    layout::Cells,
    mask::Seed,
    questionnaire::{hex, unhex},
    simulate::Respondents,
    tally::{BadBatch, Batch, Tally},
};
use proptest::prelude::*;

use crate::{
    batch::{campaign, close, parse},
    questionnaires,
    shared::Sample,
};

/// The seed of a respondent; in these tests it is "sealed" as itself.
fn seed(respondent: u8) -> [u8; 32] {
    [respondent; 32]
}

fn opened(sealed: &[u8]) -> Option<Seed> {
    Seed::read(sealed)
}

/// Respondents as a tablet adds them up, and in the clear.
fn added(sample: &Sample, chance: u64, n: u8) -> (Vec<u32>, Tally) {
    let length = sample.questionnaire.layout.len();
    let (mut masked, mut tally) = (vec![0u32; length], Tally::empty(length));
    for (respondent, response) in (0..n).zip(Respondents::new(sample.questionnaire.clone(), chance)) {
        let cells = Cells::encode(&sample.questionnaire, &response);
        tally.add(&cells);
        for &one in cells.ones() {
            masked[one as usize] = masked[one as usize].wrapping_add(1);
        }
        Seed::new(seed(respondent)).mask(&mut masked);
    }
    (masked, tally)
}

fn batch(sample: &Sample, chance: u64, n: u8) -> (Batch, Tally) {
    let (masked, tally) = added(sample, chance, n);
    let mut batch = close(&campaign(sample, 5), &tally).unwrap();
    batch.cells = masked.into_iter().map(u64::from).collect();
    batch.masks = (0..n).map(|respondent| hex(&seed(respondent))).collect();
    (batch, tally)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is under the masks is the sum.
    #[test]
    fn a_masked_batch_opens_to_the_sum(sample in questionnaires(), chance: u64, n in 5u8..20) {
        let (batch, tally) = batch(&sample, chance, n);
        let posted = parse(&sample, &campaign(&sample, 5), &serde_json::to_vec(&batch).unwrap());
        prop_assert_eq!(&posted, &Ok(batch));
        prop_assert_eq!(posted.unwrap().open(&sample.questionnaire.layout, opened), Ok(tally));
    }

    /// Without one of the seeds, or with another one, there is nothing.
    #[test]
    fn every_mask_is_needed(sample in questionnaires(), chance: u64, which in 0usize..5) {
        let (mut batch, _) = batch(&sample, chance, 5);
        let lost = unhex(&batch.masks[which]).unwrap();
        let without = |sealed: &[u8]| if sealed == lost { None } else { opened(sealed) };
        prop_assert_eq!(batch.open(&sample.questionnaire.layout, without), Err(BadBatch::Mask { index: which }));
        batch.masks[which] = hex(&[99; 32]);
        prop_assert!(matches!(batch.open(&sample.questionnaire.layout, opened), Err(BadBatch::Tally(_))));
    }

    /// A batch has as many masks as respondents.
    #[test]
    fn a_mask_too_few_is_refused(sample in questionnaires(), chance: u64) {
        let (mut batch, _) = batch(&sample, chance, 6);
        batch.masks.pop();
        let got = parse(&sample, &campaign(&sample, 5), &serde_json::to_vec(&batch).unwrap());
        prop_assert_eq!(got, Err(BadBatch::Masks { got: 5, n: 6 }));
    }

    /// Two masks have nothing in common, and a mask is no pattern: its bits are as often one as zero.
    #[test]
    fn a_mask_is_random(one: [u8; 32], other: [u8; 32]) {
        prop_assume!(one != other);
        let bits = |seed| {
            let mut cells = vec![0u32; 2_000];
            Seed::new(seed).mask(&mut cells);
            cells
        };
        let (one, other) = (bits(one), bits(other));
        let ones: u32 = one.iter().map(|cell| cell.count_ones()).sum();
        let apart: u32 = one.iter().zip(&other).map(|(a, b)| (a ^ b).count_ones()).sum();
        // 64,000 fair coins: ten standard deviations either way.
        prop_assert!(ones.abs_diff(32_000) < 1_265 && apart.abs_diff(32_000) < 1_265, "{ones} {apart}");
    }
}

/// The first numbers of RFC 8439's key stream (all-zero key and nonce): a mask is ChaCha20, as documented.
#[test]
fn a_mask_is_the_key_stream_of_chacha20() {
    let mut cells = [0u32; 4];
    Seed::new([0; 32]).mask(&mut cells);
    assert_eq!(cells.map(u32::to_le_bytes).concat(), unhex("76b8e0ada0f13d90405d6ae55386bd28").unwrap());
}
