//! Sums of shares on disk, each sealed with its aggregator's own key: who has the file and one of the two
//! keys has uniformly random numbers.

use aes_gcm::{
    Aes128Gcm, KeyInit,
    aead::{Aead, Payload},
};
use prio::{
    codec::{Encode, ParameterizedDecode},
    vdaf::AggregateShare,
};

use super::{Pair, Sum, vdaf};

/// A sum as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtRest {
    /// Respondents.
    pub n: u64,
    /// The leader's part.
    pub leader: Vec<u8>,
    /// The helper's part.
    pub helper: Vec<u8>,
}

/// A sum on disk does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sum of shares does not open with the aggregators' keys")]
pub struct Damaged;

const NONCE: usize = 12;

impl AtRest {
    /// Seals a sum; `place` says where it belongs, and `random` makes every writing another.
    ///
    /// # Errors
    /// If the library refuses.
    pub fn seal(sum: &Sum, pair: &Pair, place: &str, random: [[u8; NONCE]; 2]) -> Result<Self, Damaged> {
        let part = |role: &str, key: &[u8; 16], share: &AggregateShare<_>, nonce: [u8; NONCE]| {
            let plain = share.get_encoded().map_err(|_| Damaged)?;
            let aad = aad(role, place, sum.n);
            let sealed = cipher(key).encrypt(&nonce.into(), Payload { msg: &plain, aad: &aad }).map_err(|_| Damaged)?;
            Ok([nonce.as_slice(), &sealed].concat())
        };
        let leader = part("leader", pair.leader.at_rest(), &sum.leader, random[0])?;
        let helper = part("helper", pair.helper.at_rest(), &sum.helper, random[1])?;
        Ok(Self { n: sum.n, leader, helper })
    }

    /// Opens a sum again.
    ///
    /// # Errors
    /// If it was changed, moved or sealed with other keys.
    pub fn open(&self, pair: &Pair, place: &str, cells: usize) -> Result<Sum, Damaged> {
        let vdaf = vdaf(cells).map_err(|_| Damaged)?;
        let part = |role: &str, key: &[u8; 16], sealed: &[u8]| {
            let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(Damaged)?;
            let aad = aad(role, place, self.n);
            let plain =
                cipher(key).decrypt(&(*nonce).into(), Payload { msg: sealed, aad: &aad }).map_err(|_| Damaged)?;
            AggregateShare::get_decoded_with_param(&(&vdaf, &()), &plain).map_err(|_| Damaged)
        };
        Ok(Sum {
            n: self.n,
            leader: part("leader", pair.leader.at_rest(), &self.leader)?,
            helper: part("helper", pair.helper.at_rest(), &self.helper)?,
        })
    }
}

fn cipher(key: &[u8; 16]) -> Aes128Gcm {
    Aes128Gcm::new(&(*key).into())
}

fn aad(role: &str, place: &str, n: u64) -> Vec<u8> {
    format!("anxin sum of shares\0{role}\0{place}\0{n}").into_bytes()
}
