//! The phone's half of the VDAF: the library's, but for the proof, which takes most of the time there and can be had
//! for a third of it from who knows that every cell is 0 or 1. It is the same proof to the bit, and the aggregators
//! check it with the library's own.

mod number;
mod proof;
mod transform;

use prio::{
    field::{FftFriendlyFieldElement, Field128, FieldElement},
    flp::{
        FlpError, Gadget, Type,
        gadgets::{Mul, ParallelSum},
        types::SumVec,
    },
    vdaf::{VdafError, prio3::Prio3, xof::XofTurboShake128},
};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use self::proof::Statement;
use super::chunk_length;

/// Prio3SumVec of VDAF-08, one bit a cell, for who splits.
pub type Splitter = Prio3<Prover, XofTurboShake128, 16>;

/// One bit a cell.
///
/// # Errors
/// For a layout without cells, or with more than any report has room for.
pub fn splitter(cells: usize) -> Result<Splitter, VdafError> {
    Splitter::new(2, 1, 2, Prover::new(cells)?)
}

/// The circuit of the library, with a quicker way to the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prover {
    circuit: SumVec<Field128, ParallelSum<Field128, Mul<Field128>>>,
    /// The binary logarithm of how many points a wire's polynomial goes through.
    log: u32,
}

impl Prover {
    /// For so many cells.
    ///
    /// # Errors
    /// For none, or more than any report has room for.
    pub fn new(cells: usize) -> Result<Self, FlpError> {
        let chunk = chunk_length(cells);
        let log = (1 + cells.div_ceil(chunk)).next_power_of_two().ilog2();
        let circuit = SumVec::new(1, cells, chunk)?;
        if log > 8 { Err(FlpError::InvalidParameter(String::new())) } else { Ok(Self { circuit, log }) }
    }
}

impl Type for Prover {
    /// A 0 or 1 for each cell.
    type Measurement = Vec<u8>;
    type AggregateResult = Vec<u128>;
    type Field = Field128;

    fn encode_measurement(&self, cells: &Vec<u8>) -> Result<Vec<Field128>, FlpError> {
        if cells.len() != self.input_len() || cells.iter().fold(0, |all, cell| all | cell) > 1 {
            return Err(FlpError::Encode(String::new()));
        }
        let (zero, one) = (Field128::zero(), Field128::one());
        Ok(cells.iter().map(|&cell| Field128::conditional_select(&zero, &one, Choice::from(cell))).collect())
    }

    /// The cells are as they were encoded, each 0 or 1.
    fn prove(&self, cells: &[Field128], seeds: &[Field128], joint: &[Field128]) -> Result<Vec<Field128>, FlpError> {
        let root = Field128::root(self.log as usize + 1);
        let (Some(root), &[joint]) = (root, joint) else { return Err(FlpError::Prove(String::new())) };
        if (cells.len(), seeds.len()) != (self.input_len(), self.prove_rand_len()) {
            return Err(FlpError::Prove(String::new()));
        }
        let one = Field128::one();
        let masks: Vec<_> = cells.iter().map(|cell| -i64::from(cell.ct_eq(&one).unwrap_u8())).collect();
        let plain: Vec<_> = seeds.iter().map(|&seed| seed.into()).collect();
        let (joint, root) = (joint.into(), root.into());
        let statement = Statement { masks: &masks, seeds: &plain, joint, log: self.log, root };
        Ok(seeds.iter().copied().chain(statement.coefficients().into_iter().map(Field128::from)).collect())
    }

    fn decode_result(&self, sum: &[Field128], n: usize) -> Result<Vec<u128>, FlpError> {
        self.circuit.decode_result(sum, n)
    }

    fn gadget(&self) -> Vec<Box<dyn Gadget<Field128>>> {
        self.circuit.gadget()
    }

    fn valid(
        &self,
        gadgets: &mut Vec<Box<dyn Gadget<Field128>>>,
        input: &[Field128],
        joint: &[Field128],
        shares: usize,
    ) -> Result<Field128, FlpError> {
        self.circuit.valid(gadgets, input, joint, shares)
    }

    fn truncate(&self, input: Vec<Field128>) -> Result<Vec<Field128>, FlpError> {
        self.circuit.truncate(input)
    }

    fn input_len(&self) -> usize {
        self.circuit.input_len()
    }

    fn proof_len(&self) -> usize {
        self.circuit.proof_len()
    }

    fn verifier_len(&self) -> usize {
        self.circuit.verifier_len()
    }

    fn output_len(&self) -> usize {
        self.circuit.output_len()
    }

    fn joint_rand_len(&self) -> usize {
        self.circuit.joint_rand_len()
    }

    fn prove_rand_len(&self) -> usize {
        self.circuit.prove_rand_len()
    }

    fn query_rand_len(&self) -> usize {
        self.circuit.query_rand_len()
    }
}
