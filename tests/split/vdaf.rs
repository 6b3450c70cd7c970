//! The public vectors of Prio3SumVec, and the preparation that they pin: all that passes between the
//! aggregators passes as bytes. Shared with `tests/wasm`.
#![allow(dead_code, reason = "each suite uses its part")]

use std::error::Error;

use prio::{
    codec::{Encode, ParameterizedDecode},
    field::Field128,
    vdaf::{
        Aggregator, Collector, OutputShare, PrepareTransition,
        prio3::{Prio3InputShare, Prio3PrepareShare, Prio3PublicShare, Prio3SumVec},
    },
};
use serde::Deserialize;

/// The files, as published.
pub(crate) const FILES: [&str; 2] =
    [include_str!("../vectors/vdaf-08/Prio3SumVec_0.json"), include_str!("../vectors/vdaf-08/Prio3SumVec_1.json")];

/// A file.
#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) shares: u8,
    bits: usize,
    length: usize,
    chunk_length: usize,
    verify_key: Hex,
    pub(crate) prep: Vec<Prep>,
    agg_shares: Vec<Hex>,
    agg_result: Vec<u128>,
}

/// A respondent of a file.
#[derive(Deserialize)]
pub(crate) struct Prep {
    pub(crate) measurement: Vec<u128>,
    pub(crate) rand: Hex,
    nonce: Hex,
    public_share: Hex,
    input_shares: Vec<Hex>,
    prep_shares: [Vec<Hex>; 1],
    prep_messages: [Hex; 1],
    out_shares: Vec<Vec<Hex>>,
}

/// Bytes, written as hexadecimal digits.
#[derive(Clone, Deserialize, PartialEq, Eq, Debug)]
#[serde(try_from = "String")]
pub(crate) struct Hex(pub(crate) Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = std::num::ParseIntError;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16);
        (0..digits.len()).step_by(2).map(byte).collect::<Result<_, _>>().map(Self)
    }
}

/// What a respondent sends, opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sent {
    pub(crate) nonce: [u8; 16],
    pub(crate) public: Vec<u8>,
    /// One for each aggregator.
    pub(crate) inputs: Vec<Vec<u8>>,
}

/// What the aggregators then say, and what they are left with.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) said: Vec<Vec<u8>>,
    pub(crate) message: Vec<u8>,
    pub(crate) outputs: Vec<OutputShare<Field128>>,
}

impl Vector {
    pub(crate) fn all() -> [Self; 2] {
        FILES.map(|file| serde_json::from_str(file).unwrap())
    }

    pub(crate) fn vdaf(&self) -> Prio3SumVec {
        Prio3SumVec::new_sum_vec(self.shares, self.bits, self.length, self.chunk_length).unwrap()
    }

    pub(crate) fn key(&self) -> [u8; 16] {
        self.verify_key.0.as_slice().try_into().unwrap()
    }

    /// The preparation of every respondent, the sums and the result, byte for byte.
    pub(crate) fn comes_out(&self) {
        let vdaf = self.vdaf();
        let mut outputs = vec![Vec::new(); self.shares.into()];
        for prep in &self.prep {
            let prepared = prepare(&vdaf, &self.key(), &prep.sent(), |_, _| ()).unwrap();
            assert_eq!(prepared.said, plain(&prep.prep_shares[0]));
            assert_eq!(prepared.message, prep.prep_messages[0].0);
            for ((output, want), kept) in prepared.outputs.into_iter().zip(&prep.out_shares).zip(&mut outputs) {
                assert_eq!(output.get_encoded().unwrap(), plain(want).concat());
                kept.push(output);
            }
        }
        let sums: Vec<_> = outputs.into_iter().map(|shares| vdaf.aggregate(&(), shares).unwrap()).collect();
        let encoded: Vec<_> = sums.iter().map(|sum| sum.get_encoded().unwrap()).collect();
        assert_eq!(encoded, plain(&self.agg_shares));
        assert_eq!(vdaf.unshard(&(), sums, self.prep.len()).unwrap(), self.agg_result);
    }
}

impl Prep {
    pub(crate) fn sent(&self) -> Sent {
        let nonce = self.nonce.0.as_slice().try_into().unwrap();
        Sent { nonce, public: self.public_share.0.clone(), inputs: plain(&self.input_shares) }
    }
}

fn plain(all: &[Hex]) -> Vec<Vec<u8>> {
    all.iter().map(|hex| hex.0.clone()).collect()
}

/// Prepares one respondent; `on_the_way` is done to what each aggregator says.
pub(crate) fn prepare(
    vdaf: &Prio3SumVec,
    key: &[u8; 16],
    sent: &Sent,
    on_the_way: impl Fn(usize, &mut Vec<u8>),
) -> Result<Prepared, Box<dyn Error>> {
    let public = Prio3PublicShare::get_decoded_with_param(vdaf, &sent.public)?;
    let (mut states, mut said, mut heard) = (Vec::new(), Vec::new(), Vec::new());
    for (index, input) in sent.inputs.iter().enumerate() {
        let input = Prio3InputShare::get_decoded_with_param(&(vdaf, index), input)?;
        let (state, share) = vdaf.prepare_init(key, index, &(), &sent.nonce, &public, &input)?;
        let mut bytes = share.get_encoded()?;
        on_the_way(index, &mut bytes);
        heard.push(Prio3PrepareShare::get_decoded_with_param(&state, &bytes)?);
        states.push(state);
        said.push(bytes);
    }
    let message = vdaf.prepare_shares_to_prepare_message(&(), heard)?;
    let output = |state| match vdaf.prepare_next(state, message.clone())? {
        PrepareTransition::Finish(share) => Ok(share),
        PrepareTransition::Continue(..) => unreachable!("Prio3 has one round"),
    };
    let outputs = states.into_iter().map(output).collect::<Result<_, Box<dyn Error>>>()?;
    Ok(Prepared { said, message: message.get_encoded()?, outputs })
}
