//! Sums on disk: they open where they were written and nowhere else.

use anxin::split::{AtRest, Damaged, Keys, Pair, Sum, Task, vdaf};

use crate::forge::{Draft, recipients};

const CELLS: usize = 5;
const PLACE: &str = "one/330602/2026-11-23";

fn pair() -> Pair {
    Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) }
}

/// A sum over three respondents.
fn sum(pair: &Pair) -> Sum {
    let task = Task::named("one", "hash", "330602", CELLS);
    let mut sum = Sum::empty(CELLS);
    for _ in 0..3 {
        let draft = Draft::of(&task, &vdaf(CELLS).unwrap(), &vec![1, 0, 1, 0, 0], &recipients(pair));
        sum.add(&pair.verify(&task, &draft.bytes()).unwrap().shares);
    }
    sum
}

fn seal(sum: &Sum, pair: &Pair, random: u8) -> AtRest {
    AtRest::seal(sum, pair, PLACE, [[random; 12], [random ^ 255; 12]]).unwrap()
}

#[test]
fn a_sum_opens_where_it_was_written() {
    let pair = pair();
    for sum in [sum(&pair), Sum::empty(CELLS)] {
        let sealed = seal(&sum, &pair, 4);
        assert_eq!(sealed.n, sum.n);
        assert_eq!(sealed.open(&pair, PLACE, CELLS), Ok(sum.clone()));
        assert_eq!(sealed.open(&pair, PLACE, CELLS).unwrap().combine(0), sum.combine(0));
    }
}

#[test]
fn every_writing_is_another() {
    let pair = pair();
    let sum = sum(&pair);
    let (once, again) = (seal(&sum, &pair, 4), seal(&sum, &pair, 5));
    let differ = |a: &[u8], b: &[u8]| a.len() == b.len() && a.iter().zip(b).filter(|(a, b)| a == b).count() < 16;
    assert!(differ(&once.leader, &again.leader) && differ(&once.helper, &again.helper));
    assert_eq!(once.leader.len(), 12 + 16 * CELLS + 16);
}

#[test]
fn a_changed_sum_does_not_open() {
    let pair = pair();
    let sealed = seal(&sum(&pair), &pair, 4);
    let open = |sealed: AtRest| sealed.open(&pair, PLACE, CELLS);
    for at in 0..sealed.leader.len() {
        let (mut leader, mut helper) = (sealed.clone(), sealed.clone());
        leader.leader[at] ^= 1 << (at % 8);
        helper.helper[at] ^= 1 << (at % 8);
        assert_eq!((open(leader), open(helper)), (Err(Damaged), Err(Damaged)), "byte {at}");
        let (mut leader, mut helper) = (sealed.clone(), sealed.clone());
        leader.leader.truncate(at);
        helper.helper.truncate(at);
        assert_eq!((open(leader), open(helper)), (Err(Damaged), Err(Damaged)), "cut at {at}");
    }
    for n in [0, 2, 4] {
        assert_eq!(open(AtRest { n, ..sealed.clone() }), Err(Damaged), "{n} respondents");
    }
}

#[test]
fn a_moved_sum_does_not_open() {
    let pair = pair();
    let sealed = seal(&sum(&pair), &pair, 4);
    for place in ["", "one/330602/2026-11-24", "one/330603/2026-11-23", "one/330602/2026-11-23\0"] {
        assert_eq!(sealed.open(&pair, place, CELLS), Err(Damaged), "{place}");
    }
    for cells in [0, CELLS - 1, CELLS + 1] {
        assert_eq!(sealed.open(&pair, PLACE, cells), Err(Damaged), "{cells} cells");
    }
    let swapped = AtRest { leader: sealed.helper.clone(), helper: sealed.leader.clone(), ..sealed };
    assert_eq!(swapped.open(&pair, PLACE, CELLS), Err(Damaged));
}

#[test]
fn other_keys_do_not_open_a_sum() {
    let pair = pair();
    let sealed = seal(&sum(&pair), &pair, 4);
    for (leader, helper) in [([9; 16], [2; 16]), ([1; 16], [9; 16]), ([2; 16], [1; 16])] {
        let other = Pair { leader: Keys::new(leader, [3; 32]), helper: Keys::new(helper, [3; 32]) };
        assert_eq!(sealed.open(&other, PLACE, CELLS), Err(Damaged));
    }
    // A role is sealed in too: one key for both does not make their parts exchangeable.
    let same = Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([1; 16], [3; 32]) };
    let sealed = seal(&Sum::empty(CELLS), &same, 4);
    let swapped = AtRest { leader: sealed.helper.clone(), helper: sealed.leader.clone(), ..sealed };
    assert_eq!(swapped.open(&same, PLACE, CELLS), Err(Damaged));
}
