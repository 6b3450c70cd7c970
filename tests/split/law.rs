//! What the two sums give, put together, is what the batch path gives; a share alone gives nothing.

use anxin::{
    layout::Cells,
    simulate::Respondents,
    split::{AtRest, Keys, Pair, Report, Sum, Task, vdaf},
    tally::Tally,
};
use janus_messages::Report as Message;
use prio::codec::Decode;
use proptest::prelude::*;

use crate::{
    forge::{Draft, recipients},
    shared::{Sample, author::USUAL, tape::Tape},
};

/// So many people answer in each case.
const PEOPLE: usize = 5;

/// Random questionnaires whose reports are made in a moment.
fn questionnaires() -> impl Strategy<Value = Sample> {
    let drawn =
        prop::collection::vec(any::<u32>(), 0..500).prop_map(|choices| Sample::draw(&mut Tape::new(choices), &USUAL));
    drawn.prop_filter("too large", |sample| sample.questionnaire.layout.len() <= 300)
}

fn pair() -> Pair {
    Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) }
}

/// Every respondent by both ways: their sum as a batch has it, and each as the aggregators take them.
fn both_ways(sample: &Sample, seed: u64, pair: &Pair) -> (Tally, Vec<Sum>) {
    let cells = sample.questionnaire.layout.len();
    let task = Task::named("drawn", &sample.questionnaire.hash, "330602", cells);
    let mut tally = Tally::empty(cells);
    let people = Respondents::new(sample.questionnaire.clone(), seed).take(PEOPLE).zip(0u8..);
    let apart = people.map(|(response, number)| {
        let one = Cells::encode(&sample.questionnaire, &response);
        tally.add(&one);
        let day = "2026-11-23".parse().unwrap();
        let report = Report::split(&task, day, &one, [number; 16], &recipients(pair)).unwrap();
        let mut sum = Sum::empty(cells);
        sum.add(&pair.verify(&task, report.bytes()).unwrap().shares);
        sum
    });
    let apart = apart.collect();
    (tally, apart)
}

fn merged<'s>(cells: usize, parts: impl IntoIterator<Item = &'s Sum>) -> Sum {
    let mut sum = Sum::empty(cells);
    parts.into_iter().for_each(|part| sum.merge(part));
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Cell for cell, for any questionnaire; in any order; on disk and back. Under k nothing is put together.
    #[test]
    fn the_split_way_counts_what_the_batch_way_counts(
        sample in questionnaires(),
        seed: u64,
        order in Just((0..PEOPLE).collect::<Vec<_>>()).prop_shuffle(),
        cut in 0..=PEOPLE,
    ) {
        let (pair, cells) = (pair(), sample.questionnaire.layout.len());
        let (tally, apart) = both_ways(&sample, seed, &pair);
        let whole = merged(cells, &apart);
        prop_assert_eq!(whole.combine(PEOPLE as u32), Some(tally.clone()));
        prop_assert_eq!(tally.check(&sample.questionnaire.layout), Ok(()));

        prop_assert_eq!(whole.combine(PEOPLE as u32 + 1), None);
        prop_assert_eq!(merged(cells, &apart[..cut]).combine(PEOPLE as u32).is_some(), cut == PEOPLE);

        let (some, others) = order.split_at(cut);
        let [mut some, others] = [some, others].map(|part| merged(cells, part.iter().map(|&one| &apart[one])));
        some.merge(&others);
        prop_assert_eq!(&some, &whole);

        let stored = AtRest::seal(&whole, &pair, "here", [[4; 12], [5; 12]]).unwrap();
        prop_assert_eq!(stored.open(&pair, "here", cells), Ok(whole));
    }
}

/// Sums of respondents added one after the other, not merged.
#[test]
fn adding_is_merging() {
    let (pair, task) = (pair(), Task::named("one", "hash", "330602", 7));
    let draft = |bit| Draft::of(&task, &vdaf(7).unwrap(), &vec![bit; 7], &recipients(&pair)).bytes();
    let shares = [0, 1, 1].map(|bit| pair.verify(&task, &draft(bit)).unwrap().shares);
    let (mut added, mut parts) = (Sum::empty(7), Vec::new());
    for shares in &shares {
        added.add(shares);
        let mut part = Sum::empty(7);
        part.add(shares);
        parts.push(part);
    }
    assert_eq!(added, merged(7, &parts));
    assert_eq!(added.combine(3), Some(Tally { n: 3, cells: vec![2; 7] }));
}

/// Bytes that agree in the same place, and ones among all bits: by chance one in 256, and every other
/// one. Nine standard deviations off, and a few more among few, is no chance.
fn as_if_random(a: &[u8], b: &[u8]) -> bool {
    let (len, bits) = (a.len() as f64, a.len() as f64 * 8.0);
    let equal = a.iter().zip(b).filter(|(a, b)| a == b).count() as f64;
    let ones = a.iter().map(|byte| byte.count_ones()).sum::<u32>();
    let near =
        |got: f64, of: f64, chance: f64| (got - of * chance).abs() < 9.0 * (of * chance * (1.0 - chance)).sqrt() + 5.0;
    a.len() == b.len() && near(equal, len, 1.0 / 256.0) && near(ones.into(), bits, 0.5)
}

/// Of two respondents, the same or of opposite answers, neither the leader's share nor a sealed one says
/// which: every one is as random as every other.
#[test]
fn a_share_alone_holds_nothing_of_the_answers() {
    const CELLS: usize = 400;
    let (pair, task) = (pair(), Task::named("one", "hash", "330602", CELLS));
    let draft = |bit| Draft::of(&task, &vdaf(CELLS).unwrap(), &vec![bit; CELLS], &recipients(&pair));
    let drafts = [draft(0), draft(0), draft(1), draft(1)];
    let plain = |bit: u8| (0..CELLS).flat_map(|_| [vec![bit], vec![0; 15]]).flatten().collect::<Vec<_>>();
    assert!(!as_if_random(&plain(0), &plain(1)) && !as_if_random(&plain(1), &plain(1)));
    for (number, one) in drafts.iter().enumerate() {
        let share = &one.leader.share[..16 * CELLS];
        assert!([0, 1].iter().all(|&bit| as_if_random(share, &plain(bit))));
        for other in &drafts[..number] {
            assert!(as_if_random(share, &other.leader.share[..16 * CELLS]));
            let sealed = [one, other].map(|draft| draft.report().leader_encrypted_input_share().payload().to_vec());
            assert!(as_if_random(&sealed[0], &sealed[1]));
        }
    }
}

/// Two reports of the same cells under the same name have nothing in common but what is in the open.
#[test]
fn the_same_cells_make_another_report_each_time() {
    let (pair, task) = (pair(), Task::named("one", "hash", "330602", 400));
    let day = "2026-11-23".parse().unwrap();
    let report = || Report::split(&task, day, &Cells::default(), [7; 16], &recipients(&pair)).unwrap();
    let [a, b] = [report(), report()].map(|report| Message::get_decoded(report.bytes()).unwrap());
    assert_eq!(a.metadata(), b.metadata());
    assert_ne!(a.public_share(), b.public_share());
    let (leader, helper) = (Message::leader_encrypted_input_share, Message::helper_encrypted_input_share);
    for part in [leader, helper] {
        assert!(as_if_random(part(&a).payload(), part(&b).payload()));
        assert_ne!(part(&a).encapsulated_key(), part(&b).encapsulated_key());
    }
}
