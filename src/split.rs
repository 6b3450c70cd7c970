//! The way out for a single respondent: their cells as two secret shares, each sealed to one of two
//! aggregators, in one report of DAP-09.
//!
//! ```text
//!                    ┌─▶ leader's share ──seal──▶ ┐
//!  Cells ──shard──▶  ┤                            ├─▶ Report ──PUT──▶ leader (hands the helper's part on)
//!                    └─▶ helper's share ──seal──▶ ┘
//!
//!  leader: open, verify ┐  together: every cell is 0 or 1       leader's sum of shares ┐
//!  helper: open, verify ┘  ── each adds its share to its sum ─▶ helper's sum of shares ┴─▶ Tally (n ≥ k)
//! ```
//!
//! A share alone is a vector of uniformly random numbers. The two sums of shares, added, are the sum of
//! the cells; nothing else of a respondent can be computed while the two aggregators do not put their
//! keys together. One body that runs both could: the page says so.
//!
//! Protocol and numbers: draft-ietf-ppm-dap-09 with Prio3SumVec of draft-irtf-cfrg-vdaf-08, one bit a
//! cell. It proves that every cell is 0 or 1, and nothing across cells: that a block adds up to n is
//! checked after aggregation ([`crate::tally::Tally::check`]), and told when it does not.
//!
//! The proof is made here ([`Prover`]), the same as the library's and three times as fast; the two aggregators verify
//! it with the library's own, which takes nobody's word for how a proof was come by.
//!
//! The libraries below draw their own randomness from the system (in a browser, from
//! `crypto.getRandomValues`): a share must be as random on a test's device as on any.

#[cfg(not(target_arch = "wasm32"))]
mod at_rest;
mod deposit;
mod encapsulate;
#[cfg(not(target_arch = "wasm32"))]
mod key;
#[cfg(not(target_arch = "wasm32"))]
mod pair;
mod prover;
mod report;
mod seal;
mod task;
mod x25519;

#[cfg(not(target_arch = "wasm32"))]
pub use self::{
    at_rest::{AtRest, Damaged},
    key::{Key, Keys},
    pair::{Pair, Refusal, Shares, Sum, Verified},
    report::report_bytes,
};
pub use self::{
    deposit::{deposit, deposit_key},
    prover::{Prover, Splitter, splitter},
    report::{CannotSplit, NotAReport, REPORT_BYTES, Report},
    seal::{Recipients, UnknownSuite, choose},
    task::{Task, Vdaf, chunk_length, vdaf},
    x25519::{BASE, x25519},
};
