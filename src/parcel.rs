//! Parcels: what a tablet that never gets a network hands over in a file.
//!
//! ```text
//!  tablet      batches, fieldwork, reports ──sign──▶ pack ──seal to the collector──▶ file ──carried by hand──┐
//!  collector   each counted as if it had been posted, once ◀── check ◀── open ◀──────────────────────────────┘
//! ```
//!
//! The file is the line [`MAGIC`] and a deposit ([`crate::split::deposit`]): nobody on the way can read it, nor
//! change a byte of it unseen. What is sealed is a tablet's public key, its signature and JSON; the signature holds
//! over all of the JSON, so that no parcel can be put together from two, and the key's [`Fingerprint`] tells the
//! organiser which tablet it came from.
//!
//! A parcel takes nothing from the tablet: it may be posted by network as well, or be carried twice. Reports that
//! are held beside a sum are in no parcel, for the sum is.

use std::fmt;

use serde::{Deserialize, Serialize};
#[cfg(feature = "shift")]
use sha2::{Digest, Sha256};

use crate::{fieldwork::Fieldwork, tally::Batch};

/// The file's first line.
pub const MAGIC: &[u8] = b"anxin parcel 1\n";

/// What the deposit is good for.
pub const ABOUT: &[u8] = b"parcel";

/// So many bytes a file may have.
pub const PARCEL_BYTES: usize = 1 << 26;

/// The version of this format.
pub const VERSION: u32 = 1;

/// What a tablet hands over, of one campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// [`VERSION`].
    pub version: u32,
    /// The campaign's id.
    pub campaign: String,
    /// Hash of its questionnaire.
    pub questionnaire: String,
    /// Sums of k respondents or more.
    pub batches: Vec<Batch>,
    /// What came of the doors.
    pub fieldwork: Vec<Fieldwork>,
    /// Respondents' sealed reports.
    pub reports: Vec<Sealed>,
}

/// A report, as it waits on the tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The id of its task, as addresses have it (base64url).
    pub task: String,
    /// What would be uploaded, in hexadecimal digits.
    pub report: String,
}

/// A short name of a tablet's public key, to be read out and compared: two groups of four hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadParcel {
    /// Another file.
    #[error("this is no file of a tablet")]
    NotAParcel,
    /// From a newer program.
    #[error("the file is of another version of Anxin than this one")]
    Version,
    /// Over [`PARCEL_BYTES`].
    #[error("the file is larger than {} MB", PARCEL_BYTES >> 20)]
    TooLarge,
    /// Its end is missing.
    #[error("the file is cut short, or damaged")]
    CutShort,
    /// The deposit does not open.
    #[error("the file does not open: it was made for another collector, was altered, or its key has gone")]
    Sealed,
    /// The signature does not hold.
    #[error("the tablet's signature does not hold: the file was altered, or put together from several")]
    Signature,
    /// What was signed is no parcel.
    #[error("the tablet put something unreadable into the file: {0}")]
    Unreadable(String),
}

/// Bytes of a public key.
#[cfg(feature = "shift")]
const KEY: usize = 32;

#[cfg(feature = "shift")]
impl Parcel {
    /// The tablet's part: what is to be sealed to the collector ([`seal`]). The seed is 32 random bytes that the
    /// tablet keeps.
    pub fn pack(&self, signing_seed: &[u8; 32]) -> Vec<u8> {
        use ed25519_dalek::{Signer, SigningKey};

        let key = SigningKey::from_bytes(signing_seed);
        let body = serde_json::to_vec(self).unwrap_or_default();
        let signature = key.sign(&signed(&body)).to_bytes();
        [key.verifying_key().as_bytes().as_slice(), &signature, &body].concat()
    }

    /// Opens a file with the collector's deposit keys, and tells which tablet made it.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    #[cfg(all(feature = "split", not(target_arch = "wasm32")))]
    pub fn open(file: &[u8], keys: &crate::split::Keys) -> Result<(Self, Fingerprint), BadParcel> {
        use ed25519_dalek::{Signature, VerifyingKey};
        use janus_messages::HpkeCiphertext;
        use prio::codec::Decode;

        if file.len() > PARCEL_BYTES {
            return Err(BadParcel::TooLarge);
        }
        let sealed = file.strip_prefix(MAGIC).ok_or_else(|| no_parcel(file))?;
        HpkeCiphertext::get_decoded(sealed).map_err(|_| BadParcel::CutShort)?;
        let plain = keys.withdraw(ABOUT, sealed).ok_or(BadParcel::Sealed)?;
        let (key, rest) = plain.split_first_chunk::<KEY>().ok_or(BadParcel::Signature)?;
        let (signature, body) = rest.split_first_chunk::<64>().ok_or(BadParcel::Signature)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadParcel::Signature)?;
        let holds = key.verify_strict(&signed(body), &Signature::from_bytes(signature));
        holds.map_err(|_| BadParcel::Signature)?;
        let parcel: Self = serde_json::from_slice(body).map_err(|error| BadParcel::Unreadable(error.to_string()))?;
        let fingerprint = Fingerprint::of(key.as_bytes());
        if parcel.version == VERSION { Ok((parcel, fingerprint)) } else { Err(BadParcel::Version) }
    }
}

/// The file of a packed parcel: sealed to the deposit key that the campaign tells. Nothing comes back if the key
/// is none.
#[cfg(feature = "split")]
pub fn seal(key: &janus_messages::HpkeConfig, packed: &[u8]) -> Option<Vec<u8>> {
    Some([MAGIC, &crate::split::deposit(key, ABOUT, packed)?].concat())
}

#[cfg(feature = "shift")]
impl Fingerprint {
    /// The name of the tablet that keeps a seed.
    pub fn of_seed(signing_seed: &[u8; 32]) -> Self {
        Self::of(ed25519_dalek::SigningKey::from_bytes(signing_seed).verifying_key().as_bytes())
    }

    fn of(public_key: &[u8; KEY]) -> Self {
        let digits = crate::questionnaire::hex(&Sha256::digest(public_key)[..4]);
        Self([&digits[..4], &digits[4..]].join("-"))
    }
}

/// What is signed: no other message of a tablet begins like it.
#[cfg(feature = "shift")]
fn signed(body: &[u8]) -> Vec<u8> {
    [MAGIC, body].concat()
}

/// What a file without our first line is.
#[cfg(all(feature = "shift", feature = "split", not(target_arch = "wasm32")))]
fn no_parcel(file: &[u8]) -> BadParcel {
    let name = &MAGIC[..MAGIC.len() - 2];
    match file.strip_prefix(name) {
        Some(rest) if rest.first().is_some_and(u8::is_ascii_digit) => BadParcel::Version,
        _ if !file.is_empty() && MAGIC.starts_with(file) => BadParcel::CutShort,
        _ => BadParcel::NotAParcel,
    }
}
