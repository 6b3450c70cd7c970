//! An aggregator's keys.

use hpke::Deserializable;
use janus_messages::{HpkeConfig, HpkeConfigList};
use prio::codec::{CodecError, Encode};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::seal::{self, Kem};
use crate::day::Day;

/// Everything that one aggregator keeps secret. It does not print.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Newest first: what is sealed from now on is sealed to the first.
    #[zeroize(skip)]
    hpke: Vec<Key>,
    /// Seals its sum of shares on disk.
    at_rest: [u8; 16],
    /// What both aggregators, and nobody else, know: each task's verification key comes from it.
    verify: [u8; 32],
}

/// A key pair to which shares are sealed.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Key {
    id: u8,
    private: [u8; 32],
    public: [u8; 32],
    /// The last day on which it was the newest; still open if there is none.
    #[zeroize(skip)]
    until: Option<Day>,
}

impl Keys {
    /// New keys. `verify` is the other aggregator's, or 32 random bytes.
    pub fn new(at_rest: [u8; 16], verify: [u8; 32]) -> Self {
        Self { hpke: vec![Key::new(1)], at_rest, verify }
    }

    /// Makes a new key to seal to. Older ones go when they were replaced before `still_needed`: a report
    /// may have waited on a phone since then.
    pub fn rotate(&mut self, today: Day, still_needed: Day) {
        self.hpke.retain(|key| key.until.is_none_or(|until| until >= still_needed));
        let mut id = 1;
        if let Some(newest) = self.hpke.first_mut() {
            newest.until = Some(today);
            id = newest.id.wrapping_add(1);
        }
        // Ids are one byte; one in use is passed over, and the oldest goes when all are.
        self.hpke.truncate(255);
        while self.hpke.iter().any(|key| key.id == id) {
            id = id.wrapping_add(1);
        }
        self.hpke.insert(0, Key::new(id));
    }

    /// What `hpke_config` answers: the newest key.
    ///
    /// # Errors
    /// Never, for keys of our suite.
    pub fn config_list(&self) -> Result<Vec<u8>, CodecError> {
        HpkeConfigList::new(self.hpke.iter().take(1).map(Key::config).collect()).get_encoded()
    }

    /// The ids of the keys that still open something, newest first.
    pub fn ids(&self) -> Vec<u8> {
        self.hpke.iter().map(|key| key.id).collect()
    }

    /// The public part of the newest key.
    pub fn newest(&self) -> Option<HpkeConfig> {
        self.hpke.first().map(Key::config)
    }

    pub(super) fn private(&self, id: u8) -> Option<<Kem as hpke::Kem>::PrivateKey> {
        let key = self.hpke.iter().find(|key| key.id == id)?;
        <Kem as hpke::Kem>::PrivateKey::from_bytes(&key.private).ok()
    }

    pub(super) fn at_rest(&self) -> &[u8; 16] {
        &self.at_rest
    }

    /// The secret that both aggregators share.
    pub fn verify(&self) -> &[u8; 32] {
        &self.verify
    }
}

impl Key {
    fn new(id: u8) -> Self {
        let (private, public) = seal::key_pair();
        Self { id, private, public, until: None }
    }

    fn config(&self) -> HpkeConfig {
        seal::config(self.id, &self.public)
    }
}
