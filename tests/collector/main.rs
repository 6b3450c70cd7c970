//! The collector and the command line as a user has them: the built program, as a process.
#![cfg(not(target_arch = "wasm32"))]

mod bodies;
mod campaign;
mod check;
mod crash;
mod dap;
mod doors;
mod fixture;
mod form_test;
mod import;
mod log;
mod masks;
mod page;
mod poster;
mod preview;
mod refusals;
mod release;
#[path = "../shared/releases.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod releases;
mod schema;
mod simulate;
mod site;
mod wire;
