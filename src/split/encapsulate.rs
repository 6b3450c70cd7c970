//! DHKEM(X25519, HKDF-SHA256) of RFC 9180 for who only seals: two multiplications on the Montgomery ladder, where
//! the library's own takes three, two of them on the Edwards curve. That is a third of a report's time, and the
//! code of the Edwards curve stays off the phone. What is sealed is the same to whoever opens.

use hpke::{
    Deserializable, HpkeError, Kem, Serializable,
    kdf::{HkdfSha256, Kdf},
    kem::{SharedSecret, X25519HkdfSha256 as Whole},
    rand_core::CryptoRng,
};
use subtle::ConstantTimeEq;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

/// The library's KEM, but for encapsulation.
pub(super) struct Ladder;

impl Kem for Ladder {
    type PublicKey = <Whole as Kem>::PublicKey;
    type PrivateKey = <Whole as Kem>::PrivateKey;
    type EncappedKey = <Whole as Kem>::EncappedKey;
    type NSecret = <Whole as Kem>::NSecret;
    const KEM_ID: u16 = Whole::KEM_ID;

    fn sk_to_pk(sk: &Self::PrivateKey) -> Self::PublicKey {
        Whole::sk_to_pk(sk)
    }

    fn derive_keypair(ikm: &[u8]) -> (Self::PrivateKey, Self::PublicKey) {
        Whole::derive_keypair(ikm)
    }

    fn decap(
        sk: &Self::PrivateKey,
        sender: Option<&Self::PublicKey>,
        key: &Self::EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        Ok(SharedSecret(Whole::decap(sk, sender, key)?.0))
    }

    /// RFC 9180 §4.1, Encap. A sender who tells who they are is none of ours.
    fn encap_with_rng(
        to: &Self::PublicKey,
        sender: Option<(&Self::PrivateKey, &Self::PublicKey)>,
        random: &mut impl CryptoRng,
    ) -> Result<(SharedSecret<Self>, Self::EncappedKey), HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::EncapError);
        }
        let to: [u8; 32] = to.to_bytes().into();
        let mut secret = Zeroizing::new([0; 32]);
        random.fill_bytes(&mut *secret);
        let public = x25519(*secret, X25519_BASEPOINT_BYTES);
        let dh = Zeroizing::new(x25519(*secret, to));
        if dh.ct_eq(&[0; 32]).into() {
            return Err(HpkeError::EncapError);
        }
        let mut shared = SharedSecret::default();
        HkdfSha256::extract_and_expand(&*dh, b"KEM\x00\x20", &[public, to].concat(), &mut shared.0)?;
        Ok((shared, Self::EncappedKey::from_bytes(&public)?))
    }
}
