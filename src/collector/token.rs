//! Tokens: who may read figures that are not for everybody.
//!
//! A token reads `anxin_ID_SECRET`. It is shown once, when it is made; kept is the SHA-256 of it, which needs no salt
//! and no slow hash: the secret has 256 random bits. A token that is shown later is looked up by its id, and compared
//! in constant time, with a digest of nothing where there is no such id: how long a refusal takes does not tell how
//! much of a token was right.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    store::{Store, StoreError},
    world,
};
use crate::{area::AreaCode, day::Day, questionnaire::hex};

/// How tokens begin, so that whoever finds one knows what it is.
const START: &str = "anxin";

/// So many characters a token's name may have.
const NAME: usize = 64;

/// What a token is good for; without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// By which it is looked up and revoked: 12 hexadecimal digits.
    pub(super) id: String,
    /// Whose it is.
    pub(super) name: String,
    /// What it lets do.
    pub(super) role: Role,
    /// Only figures of areas within this one; none: of all.
    pub(super) area: Option<AreaCode>,
    /// The last day on which it is taken; none: until it is revoked.
    pub(super) expires: Option<Day>,
}

/// What a token lets do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Role {
    /// Reads figures
    Reader,
    /// Reads figures, and exports them as files
    Organiser,
}

impl Role {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Reader, Self::Organiser];

    /// Its name, as it is stored.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Organiser => "organiser",
        }
    }
}

/// The SHA-256 of a whole token.
pub(super) type Digest = [u8; 32];

impl Token {
    /// A new token: what it is good for, what is kept of its secret, and the token itself, to be shown once.
    ///
    /// # Errors
    /// If the name is empty, longer than 64 characters or holds control characters; if there is no randomness.
    pub(super) fn new(
        name: &str,
        role: Role,
        area: Option<AreaCode>,
        expires: Option<Day>,
    ) -> Result<(Self, Digest, Zeroizing<String>), StoreError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME || name.contains(char::is_control) {
            return Err(format!("a token's name has 1 to {NAME} characters, in one line").into());
        }
        let id = hex(&world::random::<6>()?);
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(world::random()?);
        let token = Zeroizing::new(format!("{START}_{id}_{}", *Zeroizing::new(hex(&*secret))));
        Ok((Self { id, name: name.to_owned(), role, area, expires }, digest(&token), token))
    }

    /// Whether it is no longer taken on this day.
    pub(super) fn expired_on(&self, day: Day) -> bool {
        self.expires.is_some_and(|last| day > last)
    }
}

/// What the token that somebody shows is good for today; `None` if there is no such token, or no more.
///
/// # Errors
/// If the store fails.
pub(super) fn check(store: &dyn Store, shown: &str, today: Day) -> Result<Option<Token>, StoreError> {
    let id = shown.split('_').nth(1).unwrap_or_default();
    let (token, kept) = store.token(id)?.map_or((None, Digest::default()), |(token, kept)| (Some(token), kept));
    let same = bool::from(digest(shown).ct_eq(&kept));
    Ok(token.filter(|token| same && !token.expired_on(today)))
}

fn digest(token: &str) -> Digest {
    Sha256::digest(token).into()
}
