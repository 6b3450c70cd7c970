//! Splitting: what two aggregators verify, add and put together, and what they refuse.
#![cfg(not(target_arch = "wasm32"))]

mod at_rest;
mod deposit;
mod ephemeral;
mod forge;
mod keys;
mod law;
mod pair;
mod parcel;
mod prover;
#[path = "../shared/mod.rs"]
mod shared;
mod size;
mod vdaf;
mod vectors;
