//! What a report weighs, and that its proof is the shortest there is.

use anxin::{
    layout::Cells,
    split::{Keys, Pair, REPORT_BYTES, Report, Task, chunk_length, report_bytes, vdaf},
};
use prio::{
    field::Field128,
    flp::{
        Type,
        gadgets::{Mul, ParallelSum},
        types::SumVec,
    },
    vdaf::prio3::Prio3,
};

use crate::forge::{Draft, recipients};

type Circuit = SumVec<Field128, ParallelSum<Field128, Mul<Field128>>>;

fn pair() -> Pair {
    Pair { leader: Keys::new([1; 16], [3; 32]), helper: Keys::new([2; 16], [3; 32]) }
}

fn task(cells: usize) -> Task {
    Task::named("one", "hash", "330602", cells)
}

/// As the draft has it: two wires for each of c gadgets in a chunk, and a polynomial through all calls.
fn proof_len(cells: usize, chunk: usize) -> usize {
    2 * chunk + 2 * ((1 + cells.div_ceil(chunk)).next_power_of_two() - 1) + 1
}

/// The whole report of a respondent of so many cells.
fn report_len(cells: usize) -> usize {
    let day = "2026-11-23".parse().unwrap();
    Report::split(&task(cells), day, &Cells::default(), [5; 16], &recipients(&pair())).unwrap().bytes().len()
}

#[test]
fn no_chunk_makes_a_shorter_proof() {
    for cells in 1..=3000 {
        let least = (1..=cells).map(|chunk| proof_len(cells, chunk)).min();
        assert_eq!(Some(proof_len(cells, chunk_length(cells))), least, "{cells} cells");
    }
    assert!(vdaf(0).is_err());
}

/// The formula is the library's.
#[test]
fn the_proof_is_as_long_as_reckoned() {
    for cells in [1, 2, 3, 18, 19, 118, 128, 378, 968, 3000, 10_000] {
        let chunk = chunk_length(cells);
        for chunk in [1, chunk, chunk + 1, cells] {
            let circuit = Circuit::new(1, cells, chunk).unwrap();
            assert_eq!(circuit.proof_len(), proof_len(cells, chunk), "{cells} cells by {chunk}");
        }
    }
}

#[test]
fn reports_have_the_sizes_that_are_told() {
    for (cells, chunk, bytes) in [(118, 8, 2_886), (128, 9, 3_078), (378, 26, 7_622), (968, 32, 17_766)] {
        assert_eq!((chunk_length(cells), report_len(cells)), (chunk, bytes), "{cells} cells");
    }
}

/// What authors are told that a report will weigh, before there is one.
#[test]
fn a_report_weighs_what_is_reckoned() {
    for cells in [1, 2, 3, 13, 18, 19, 118, 128, 378, 968, 3_000, 10_000] {
        assert_eq!(report_len(cells), report_bytes(cells), "{cells} cells");
    }
    assert_eq!(report_bytes(0), 0);
}

/// A respondent who chose much weighs what one weighs who chose nothing.
#[test]
fn the_size_tells_nothing_of_the_answers() {
    let (pair, task) = (pair(), task(13));
    let bytes = |cell| Draft::of(&task, &vdaf(13).unwrap(), &vec![cell; 13], &recipients(&pair)).bytes().len();
    assert_eq!([bytes(0), bytes(1)], [report_len(13); 2]);
}

/// What one number of 8 bits would weigh on the same wire.
#[test]
fn a_single_sum_weighs_886_bytes() {
    let sum = Prio3::new_sum(2, 8).unwrap();
    assert_eq!(Draft::of(&task(1), &sum, &200, &recipients(&pair())).bytes().len(), 886);
}

#[test]
fn the_largest_report_is_far_under_the_limit() {
    assert!(report_len(10_000) * 5 < REPORT_BYTES, "{}", report_len(10_000));
    assert!(report_len(anxin::questionnaire::limit::CELLS) < REPORT_BYTES);
}
