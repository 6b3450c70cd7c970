//! Batches: none of fewer than k can be made, and none that is no sum of respondents is taken.

use anxin::{
    campaign::{Campaign, Channel},
    day::Day,
    layout::Cells,
    outgoing::request,
    questionnaire::Questionnaire,
    simulate::Respondents,
    tally::{BATCH_BYTES, BadBatch, Batch, Tally},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{questionnaires, shared::Sample};

fn body(batch: &Batch) -> Vec<u8> {
    request(batch, "drawn").body().to_vec()
}

pub(crate) fn campaign(sample: &Sample, k: u32) -> Campaign {
    fielded(&sample.questionnaire, k)
}

pub(crate) fn fielded(questionnaire: &Questionnaire, k: u32) -> Campaign {
    let campaign = json!({
        "id": "drawn", "title": { "en": "Drawn" }, "kind": "survey", "questionnaire": questionnaire.hash,
        "areas": [{ "code": "330602", "name": { "en": "Here" } }, { "code": "330603", "name": { "en": "There" } }],
        "opens": "2026-11-01", "closes": "2026-11-30", "grace_days": 14, "k": k, "channels": ["tablet"],
    });
    serde_json::from_value(campaign).unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn tally(sample: &Sample, seed: u64, n: u32) -> Tally {
    let mut tally = Tally::empty(sample.questionnaire.layout.len());
    for response in Respondents::new(sample.questionnaire.clone(), seed).take(n as usize) {
        tally.add(&Cells::encode(&sample.questionnaire, &response));
    }
    tally
}

pub(crate) fn close(campaign: &Campaign, tally: &Tally) -> Option<Batch> {
    let area = campaign.areas[0].code.clone();
    Batch::close(campaign, area, day("2026-11-23"), Channel::Tablet, tally, [7; 16])
}

pub(crate) fn parse(sample: &Sample, campaign: &Campaign, bytes: &[u8]) -> Result<Batch, BadBatch> {
    Batch::parse(bytes, campaign, &sample.questionnaire, day("2026-11-23"))
}

/// A closed batch as it is posted.
fn posted(sample: &Sample, seed: u64, n: u32) -> (Campaign, Batch, Value) {
    let campaign = campaign(sample, 5);
    let batch = close(&campaign, &tally(sample, seed, n)).unwrap();
    let json = serde_json::from_slice(&body(&batch)).unwrap();
    (campaign, batch, json)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Under k there is no batch; from k on there is one, and it holds the whole tally.
    #[test]
    fn no_batch_of_fewer_than_k_is_made(sample in questionnaires(), seed: u64, k in 5u32..12, n in 0u32..20) {
        let (campaign, tally) = (campaign(&sample, k), tally(&sample, seed, n));
        let batch = close(&campaign, &tally);
        prop_assert_eq!(batch.is_some(), n >= k);
        prop_assert!(batch.is_none_or(|batch| batch.tally() == tally));
    }

    /// What is posted is what arrives.
    #[test]
    fn a_batch_survives_the_post(sample in questionnaires(), seed: u64, n in 5u32..20) {
        let (campaign, batch, _) = posted(&sample, seed, n);
        prop_assert_eq!(parse(&sample, &campaign, &body(&batch)), Ok(batch));
    }

    /// A batch cut short anywhere is refused.
    #[test]
    fn a_batch_cut_short_is_refused(sample in questionnaires(), seed: u64, at: prop::sample::Index) {
        let (campaign, batch, _) = posted(&sample, seed, 5);
        let bytes = body(&batch);
        let cut = &bytes[..at.index(bytes.len())];
        prop_assert!(matches!(parse(&sample, &campaign, cut), Err(BadBatch::Unreadable(_))));
    }

    /// One more or one fewer in any cell of a one-hot block is no sum of respondents, and is refused.
    #[test]
    fn one_cell_off_by_one_is_refused(sample in questionnaires(), seed: u64, which: prop::sample::Index, more: bool) {
        let (campaign, mut batch, _) = posted(&sample, seed, 6);
        let blocks = sample.questionnaire.layout.blocks.iter().filter(|block| block.one_hot());
        let cells: Vec<usize> = blocks.flat_map(|block| block.start..block.start + block.len).collect();
        let cell = cells[which.index(cells.len())];
        let Some(count) = (if more { Some(batch.cells[cell] + 1) } else { batch.cells[cell].checked_sub(1) }) else { return Ok(()) };
        batch.cells[cell] = count;
        prop_assert!(matches!(parse(&sample, &campaign, &body(&batch)), Err(BadBatch::Tally(_))));
    }

    /// No count of an option is taken that exceeds those who answered at all.
    #[test]
    fn an_option_chosen_by_more_than_answered_is_refused(sample in questionnaires(), seed: u64, which: prop::sample::Index) {
        let (campaign, mut batch, _) = posted(&sample, seed, 6);
        let blocks: Vec<_> = sample.questionnaire.layout.blocks.windows(2).filter(|pair| !pair[0].one_hot()).collect();
        if blocks.is_empty() {
            return Ok(());
        }
        let [options, status] = blocks[which.index(blocks.len())] else { unreachable!() };
        batch.cells[options.start + which.index(options.len)] = batch.cells[status.start] + 1;
        prop_assert!(matches!(parse(&sample, &campaign, &body(&batch)), Err(BadBatch::Tally(_))));
    }

    /// Any other length than the layout's is refused.
    #[test]
    fn a_batch_of_another_length_is_refused(sample in questionnaires(), seed: u64, longer: bool) {
        let (campaign, mut batch, _) = posted(&sample, seed, 6);
        if longer { batch.cells.push(0) } else { batch.cells.truncate(batch.cells.len() - 1) }
        let refused = parse(&sample, &campaign, &body(&batch)).unwrap_err();
        prop_assert_eq!(refused.at(), "/cells");
    }
}

/// Every field of a batch is looked at, and the refusal names it.
#[test]
fn a_batch_that_does_not_belong_is_refused_at_its_place() {
    let sample = Sample::parse(include_bytes!("../vectors/good/survey.json"));
    let (campaign, _, json) = posted(&sample, 1, 6);
    let refused = |field: &str, value: Value| {
        let mut json = json.clone();
        json[field] = value;
        parse(&sample, &campaign, json.to_string().as_bytes()).map_err(|refused| refused.at())
    };
    assert!(refused("n", json!(6)).is_ok());
    for (field, value, at) in [
        ("id", json!("ab"), ""),
        ("id", json!("AB".repeat(16)), ""),
        ("name", json!("Mr X"), ""),
        ("n", json!(-1), ""),
        ("n", json!(6.5), ""),
        ("cells", json!([]), "/cells"),
        ("cells", json!({}), ""),
        ("questionnaire", json!("0".repeat(64)), "/questionnaire"),
        ("area", json!("330604"), "/area"),
        ("area", json!("33060"), "/area"),
        ("area", json!("x"), ""),
        ("day", json!("2026-10-31"), "/day"),
        ("day", json!("2026-12-01"), "/day"),
        ("day", json!("2026-11-25"), "/day"),
        ("day", json!("2026-11-31"), ""),
        ("channel", json!("phone"), "/channel"),
        ("channel", json!("pigeon"), ""),
        ("n", json!(4), "/n"),
        ("n", json!(100_001), "/n"),
        ("n", json!(7), "/cells/0"),
    ] {
        assert_eq!(refused(field, value.clone()).err().as_deref(), Some(at), "{field}: {value}");
    }
    // A device east of the collector may be a day ahead.
    assert!(refused("day", json!("2026-11-24")).is_ok());
    assert_eq!(parse(&sample, &campaign, &vec![b' '; BATCH_BYTES + 1]), Err(BadBatch::TooLarge));
}

/// New batches are taken from the first day to the end of the grace, and on no other.
#[test]
fn a_campaign_takes_batches_until_its_grace_is_over() {
    let campaign = campaign(&Sample::parse(include_bytes!("../vectors/good/survey.json")), 5);
    let on = |today: &str| Batch::in_time(&campaign, day(today));
    for today in ["2026-11-01", "2026-11-30", "2026-12-01", "2026-12-14"] {
        assert_eq!(on(today), Ok(()), "{today}");
    }
    for today in ["2026-10-31", "2026-12-15", "2027-11-23"] {
        let (from, until) = (day("2026-11-01"), day("2026-12-14"));
        assert_eq!(on(today), Err(BadBatch::Closed { from, until }), "{today}");
    }
}
