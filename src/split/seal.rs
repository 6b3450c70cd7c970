//! HPKE (RFC 9180) with the suite that DAP asks of everyone: X25519, HKDF-SHA256, AES-128-GCM.

use hpke::{Deserializable, OpModeS, Serializable, aead, kdf, kem};
use janus_messages::{HpkeAeadId, HpkeConfig, HpkeConfigList, HpkeKdfId, HpkeKemId, InputShareAad, Role};
#[cfg(not(target_arch = "wasm32"))]
use janus_messages::{HpkeCiphertext, PlaintextInputShare};
use prio::codec::{Decode, Encode};
use zeroize::Zeroizing;

use super::CannotSplit;

pub(super) type Kem = kem::X25519HkdfSha256;
pub(super) use super::encapsulate::{Ladder, Recipient};
pub(super) type Kdf = kdf::HkdfSha256;
pub(super) type Aead = aead::AesGcm128;

/// The two aggregators' public keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// The leader's.
    pub leader: HpkeConfig,
    /// The helper's.
    pub helper: HpkeConfig,
}

/// No key of a list is of the suite that is spoken here, or the list cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key for X25519, HKDF-SHA256 and AES-128-GCM")]
pub struct UnknownSuite;

/// The key to seal to, from an aggregator's answer: the first of our suite.
///
/// # Errors
/// If there is none.
pub fn choose(list: &[u8]) -> Result<HpkeConfig, UnknownSuite> {
    let list = HpkeConfigList::get_decoded(list).map_err(|_| UnknownSuite)?;
    list.hpke_configs().iter().find(|config| ours(config)).cloned().ok_or(UnknownSuite)
}

pub(super) fn ours(config: &HpkeConfig) -> bool {
    *config.kem_id() == HpkeKemId::X25519HkdfSha256
        && *config.kdf_id() == HpkeKdfId::HkdfSha256
        && *config.aead_id() == HpkeAeadId::Aes128Gcm
        && public(config).is_some()
}

pub(super) fn public(config: &HpkeConfig) -> Option<<Kem as hpke::Kem>::PublicKey> {
    <Kem as hpke::Kem>::PublicKey::from_bytes(config.public_key().as_ref()).ok()
}

/// What the client says that it sends, and to whom (DAP-09 §4.4.2).
fn info(to: Role) -> Vec<u8> {
    [b"dap-09 input share".as_slice(), &[Role::Client as u8, to as u8]].concat()
}

/// Seals an encoded input share to an aggregator: an encoded `HpkeCiphertext` (DAP-09 §4.1, §4.4.2). It is written here
/// since the library writes byte by byte, and these are the long ones.
pub(super) fn seal(
    (to, config): (Role, &HpkeConfig),
    recipient: Recipient,
    share: &[u8],
    aad: &InputShareAad,
) -> Result<Vec<u8>, CannotSplit> {
    let none: &[u8] = &[0, 0];
    // A `PlaintextInputShare` without extensions.
    let plain = Zeroizing::new([none, &length(share)?, share].concat());
    let aad = aad.get_encoded().map_err(|_| CannotSplit::Library)?;
    let (encapsulated, payload) =
        hpke::single_shot_seal::<Aead, Kdf, Ladder>(&OpModeS::Base, &recipient, &info(to), &plain, &aad)
            .map_err(|_| CannotSplit::Library)?;
    let head: &[u8] = &[(*config.id()).into(), 0, 32];
    Ok([head, &encapsulated.to_bytes(), &length(&payload)?, &payload].concat())
}

/// What is written before so many bytes.
pub(super) fn length(bytes: &[u8]) -> Result<[u8; 4], CannotSplit> {
    u32::try_from(bytes.len()).map(u32::to_be_bytes).map_err(|_| CannotSplit::Library)
}

/// Opens what was sealed to an aggregator: the encoded input share.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn open(
    to: Role,
    key: &<Kem as hpke::Kem>::PrivateKey,
    sealed: &HpkeCiphertext,
    aad: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(sealed.encapsulated_key()).ok()?;
    let mode = hpke::OpModeR::Base;
    let plain = hpke::single_shot_open::<Aead, Kdf, Kem>(&mode, key, &encapsulated, &info(to), sealed.payload(), aad);
    let plain = PlaintextInputShare::get_decoded(&Zeroizing::new(plain.ok()?)).ok()?;
    // No extension is known here, and an unknown one must not be passed over (DAP-09 §4.4.3).
    plain.extensions().is_empty().then(|| Zeroizing::new(plain.payload().to_vec()))
}

/// A new key pair: private and public part.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn key_pair() -> ([u8; 32], [u8; 32]) {
    let (private, public) = <Kem as hpke::Kem>::gen_keypair();
    (private.to_bytes().into(), public.to_bytes().into())
}

/// The public part as aggregators tell it.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn config(id: u8, public: &[u8]) -> HpkeConfig {
    let suite = (HpkeKemId::X25519HkdfSha256, HpkeKdfId::HkdfSha256, HpkeAeadId::Aes128Gcm);
    HpkeConfig::new(id.into(), suite.0, suite.1, suite.2, public.to_vec().into())
}
