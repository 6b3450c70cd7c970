//! One-time masks, which hide on a tablet what single respondents answered.
//!
//! ```text
//!  tablet      cells + mask(seed)  ──add──▶ masked sum ──(n ≥ k)──▶ Batch ──▶ collector: − mask(seed) … = Tally
//!              seed ──sealed to the collector──▶ kept beside it ──────────────┘
//! ```
//!
//! Each respondent's cells get a mask of their own before they are stored: uniformly random numbers, added
//! modulo 2³². What lies on the tablet is then uniformly random too, and so is the difference between two looks
//! at it; the seed from which the mask can be made again is sealed to the collector ([`crate::split::deposit`])
//! and forgotten. Masked cells add up like cells do, so the collector learns the sum, and needs no single one.

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What a sealed seed is good for, said when it is sealed and when it is opened.
pub const ABOUT: &[u8] = b"mask";

/// A mask's seed: 32 random bytes, used for one respondent. It does not print.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Seed([u8; 32]);

impl Seed {
    /// From 32 random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// From an opened deposit; nothing if it has another length.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// What is sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Puts the mask on.
    pub fn mask(&self, cells: &mut [u32]) {
        self.each(cells, u32::wrapping_add);
    }

    /// Takes it off.
    pub fn unmask(&self, cells: &mut [u32]) {
        self.each(cells, u32::wrapping_sub);
    }

    /// The mask of a cell is the next four bytes of ChaCha20's key stream, read little-endian.
    fn each(&self, cells: &mut [u32], step: fn(u32, u32) -> u32) {
        let mut stream = ChaCha20Rng::from_seed(self.0);
        for cell in cells {
            *cell = step(*cell, stream.next_u32());
        }
    }
}

/// Opens a sealed seed with the collector's deposit keys.
#[cfg(not(target_arch = "wasm32"))]
pub fn open(keys: &crate::split::Keys, sealed: &[u8]) -> Option<Seed> {
    Seed::read(&keys.withdraw(ABOUT, sealed)?)
}
