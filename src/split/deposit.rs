//! What is left for the collector's eyes alone: sealed by HPKE to its deposit key.

use hpke::{OpModeS, Serializable};
use janus_messages::{HpkeCiphertext, HpkeConfig};
use prio::codec::{Decode, Encode};

use super::seal::{Aead, Kdf, Ladder, Recipient, ours};
#[cfg(not(target_arch = "wasm32"))]
use super::{Keys, seal::Kem};
use crate::questionnaire::unhex;

/// What a deposit is good for goes into the seal, so that one cannot be passed off as another.
fn info(about: &[u8]) -> Vec<u8> {
    [b"anxin deposit ", about].concat()
}

/// The deposit key of a campaign: hexadecimal digits of an encoded configuration of our suite.
pub fn deposit_key(digits: &str) -> Option<HpkeConfig> {
    let config = HpkeConfig::get_decoded(&unhex(digits)?).ok()?;
    ours(&config).then_some(config)
}

/// Seals something to the collector. `about` says what it is good for. Nothing comes back if the key is none.
pub fn deposit(key: &HpkeConfig, about: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let recipient = Recipient::draw(&[key])?.pop()?;
    let (encapsulated, payload) =
        hpke::single_shot_seal::<Aead, Kdf, Ladder>(&OpModeS::Base, &recipient, &info(about), plain, &[]).ok()?;
    HpkeCiphertext::new(*key.id(), encapsulated.to_bytes().to_vec(), payload).get_encoded().ok()
}

#[cfg(not(target_arch = "wasm32"))]
impl Keys {
    /// Opens a deposit. Nothing comes back if it is good for something else, was changed, or its key has gone.
    pub fn withdraw(&self, about: &[u8], sealed: &[u8]) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        use hpke::{Deserializable, OpModeR};

        let sealed = HpkeCiphertext::get_decoded(sealed).ok()?;
        let key = self.private((*sealed.config_id()).into())?;
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(sealed.encapsulated_key()).ok()?;
        let mode = OpModeR::Base;
        let plain =
            hpke::single_shot_open::<Aead, Kdf, Kem>(&mode, &key, &encapsulated, &info(about), sealed.payload(), &[]);
        plain.ok().map(zeroize::Zeroizing::new)
    }
}
