//! DHKEM(X25519, HKDF-SHA256) of RFC 9180 for who only seals, with the ladder of [`super::x25519`]; the code of the
//! Edwards curve, which the library's own would bring, stays off the phone. What is sealed is the same to whoever
//! opens.
//!
//! Both parts of a report are sealed with one ephemeral key: three multiplications on the curve instead of four, which
//! are most of what a report takes. Each part's key is derived from its own recipient's public key and from its role
//! besides what was agreed. That as much randomness may be shared among recipients of Diffie–Hellman encryption is
//! shown by K. Kurosawa, Multi-recipient public-key encryption with shortened ciphertext (PKC 2002), and by M. Bellare,
//! A. Boldyreva and J. Staddon, Randomness re-use in multi-recipient encryption schemeas (PKC 2003): who knows the
//! secret keys of some recipients learns nothing of what others get.

use hpke::{
    Deserializable, HpkeError, Kem, Serializable,
    kdf::{HkdfSha256, Kdf},
    kem::{SharedSecret, X25519HkdfSha256 as Whole},
    rand_core::CryptoRng,
};
use janus_messages::HpkeConfig;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    seal::public,
    x25519::{BASE, x25519},
};

/// The library's KEM, but for encapsulation.
pub(super) struct Ladder;

/// Whom something is sealed to, and what was agreed with them, if anything was. It is good for one seal.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Recipient {
    to: [u8; 32],
    agreed: Option<Agreed>,
}

/// An ephemeral public key, and what it makes with the recipient's.
#[derive(Clone, PartialEq, Eq)]
struct Agreed {
    public: [u8; 32],
    shared: Zeroizing<[u8; 32]>,
}

impl Recipient {
    /// The owners of keys, with a new ephemeral key for all of them.
    pub(super) fn draw(keys: &[&HpkeConfig]) -> Option<Vec<Self>> {
        let owners = keys.iter().map(|key| Some(Self::new(&public(key)?)));
        let mut owners: Vec<_> = owners.collect::<Option<_>>()?;
        let points: Vec<_> = owners.iter().map(|owner| owner.to).chain([BASE]).collect();
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *secret).ok()?;
        let mut made = x25519(*secret, &points);
        let public = made.pop()?;
        for (owner, shared) in owners.iter_mut().zip(made.drain(..)) {
            owner.agreed = Some(Agreed { public, shared: Zeroizing::new(shared) });
        }
        Some(owners)
    }

    fn new(public: &<Whole as Kem>::PublicKey) -> Self {
        Self { to: public.to_bytes().into(), agreed: None }
    }
}

/// What was agreed does not print.
impl std::fmt::Debug for Recipient {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Recipient")
    }
}

impl Serializable for Recipient {
    type OutputSize = <<Whole as Kem>::PublicKey as Serializable>::OutputSize;

    fn write_exact(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.to);
    }
}

impl Deserializable for Recipient {
    fn from_bytes(bytes: &[u8]) -> Result<Self, HpkeError> {
        Ok(Self::new(&<Whole as Kem>::PublicKey::from_bytes(bytes)?))
    }
}

impl Kem for Ladder {
    type PublicKey = Recipient;
    type PrivateKey = <Whole as Kem>::PrivateKey;
    type EncappedKey = <Whole as Kem>::EncappedKey;
    type NSecret = <Whole as Kem>::NSecret;
    const KEM_ID: u16 = Whole::KEM_ID;

    fn sk_to_pk(sk: &Self::PrivateKey) -> Recipient {
        Recipient::new(&Whole::sk_to_pk(sk))
    }

    fn derive_keypair(ikm: &[u8]) -> (Self::PrivateKey, Recipient) {
        let (sk, pk) = Whole::derive_keypair(ikm);
        (sk, Recipient::new(&pk))
    }

    /// A sender who tells who they are is none of ours.
    fn decap(
        sk: &Self::PrivateKey,
        sender: Option<&Recipient>,
        key: &Self::EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::DecapError);
        }
        Ok(SharedSecret(Whole::decap(sk, None, key)?.0))
    }

    /// RFC 9180 §4.1, Encap, of what was agreed before.
    fn encap_with_rng(
        recipient: &Recipient,
        sender: Option<(&Self::PrivateKey, &Recipient)>,
        _: &mut impl CryptoRng,
    ) -> Result<(SharedSecret<Self>, Self::EncappedKey), HpkeError> {
        let (Recipient { to, agreed: Some(Agreed { public, shared: dh }) }, None) = (recipient, sender) else {
            return Err(HpkeError::EncapError);
        };
        if dh.ct_eq(&[0; 32]).into() {
            return Err(HpkeError::EncapError);
        }
        let mut shared = SharedSecret::default();
        HkdfSha256::extract_and_expand(&**dh, b"KEM\x00\x20", &[*public, *to].concat(), &mut shared.0)?;
        Ok((shared, Self::EncappedKey::from_bytes(public)?))
    }
}
