//! The quick proof is the library's, to the bit.

use anxin::split::{Prover, chunk_length, splitter};
use prio::{
    field::{Field128, FieldElement, random_vector},
    flp::{
        Type,
        gadgets::{Mul, ParallelSum},
        types::SumVec,
    },
    vdaf::Client,
};

use crate::shared::tape::Tape;

type Circuit = SumVec<Field128, ParallelSum<Field128, Mul<Field128>>>;

/// Every length up to a hundred, and some up to the longest layout: chunks full and not, polynomials of all sizes.
fn lengths() -> impl Iterator<Item = usize> {
    (1..=100).chain([118, 127, 128, 255, 378, 500, 534, 968, 3_000, 10_000, 20_000])
}

#[test]
fn the_proof_is_the_librarys_to_the_bit() {
    let mut tape = Tape::seeded(1);
    for cells in lengths() {
        let (ours, library) = (Prover::new(cells).unwrap(), Circuit::new(1, cells, chunk_length(cells)).unwrap());
        let drawn = (0..cells).map(|_| tape.below(2) as u8).collect();
        for measurement in [drawn, vec![0; cells], vec![1; cells]] {
            let input = ours.encode_measurement(&measurement).unwrap();
            let whole = measurement.iter().map(|&cell| cell.into()).collect();
            assert_eq!(input, library.encode_measurement(&whole).unwrap());
            let (seeds, joint) = (random_vector(2 * chunk_length(cells)).unwrap(), random_vector(1).unwrap());
            let proof = ours.prove(&input, &seeds, &joint).unwrap();
            assert_eq!(proof, library.prove(&input, &seeds, &joint).unwrap(), "{cells} cells");
        }
    }
}

/// At the ends of the field, where a carry forgotten would show. It is the library's verifier that says so: by
/// numbers of which a wire's polynomial is of a lower degree, which no chance brings about, its prover adds up what
/// another wire left.
#[test]
fn a_proof_from_numbers_that_are_no_chance_holds() {
    let (zero, one) = (Field128::zero(), Field128::one());
    let ends = [zero, one, -one, -(one + one), Field128::from(1 << 66), -Field128::from(1 << 66), Field128::half()];
    for cells in [1, 2, 18, 128, 500] {
        let (ours, library) = (Prover::new(cells).unwrap(), Circuit::new(1, cells, chunk_length(cells)).unwrap());
        let input = ours.encode_measurement(&(0..cells).map(|cell| (cell % 3 == 0).into()).collect()).unwrap();
        for joint in ends.map(|end| [end]) {
            for first in 0..ends.len() {
                let seeds: Vec<_> = (0..ours.prove_rand_len()).map(|seed| ends[(first + seed) % ends.len()]).collect();
                let proof = ours.prove(&input, &seeds, &joint).unwrap();
                let said = library.query(&input, &proof, &random_vector(1).unwrap(), &joint, 1).unwrap();
                assert!(library.decide(&said).unwrap(), "{cells} cells");
            }
        }
    }
}

#[test]
fn what_is_not_of_the_layout_is_refused() {
    assert!(Prover::new(0).is_err() && splitter(0).is_err());
    let prover = Prover::new(5).unwrap();
    for measurement in [vec![], vec![0; 4], vec![0; 6], vec![0, 1, 2, 0, 0], vec![255; 5]] {
        assert!(
            prover.encode_measurement(&measurement).is_err()
                && splitter(5).unwrap().shard(&measurement, &[0; 16]).is_err()
        );
    }
    let (cells, seeds, joint) = (vec![Field128::one(); 6], vec![Field128::one(); 32], [Field128::one(); 2]);
    let right = prover.prove_rand_len();
    assert!(prover.prove(&cells[..5], &seeds[..right], &joint[..1]).is_ok());
    assert!(prover.prove(&cells[..6], &seeds[..right], &joint[..1]).is_err());
    assert!(prover.prove(&cells[..5], &seeds[..right + 1], &joint[..1]).is_err());
    assert!(prover.prove(&cells[..5], &seeds[..right], &joint).is_err());
    assert!(prover.prove(&cells[..5], &seeds[..right], &[]).is_err());
}
