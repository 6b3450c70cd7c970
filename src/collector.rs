//! The collector and the command line: the only files that know HTTP, SQL and disk.
//!
//! ```text
//!  listen ──▶ log ──▶ guard ──▶ routes ──▶ Shared ──▶ Store (the seam) ──▶ SQLite
//!  sockets    route    headers   one file     │            sums, never reports
//!             only     deadline  a subject    └─ Clock, questionnaires read so far
//! ```
//!
//! What is deliberately absent: no log line holds an address, a user agent, a query or a body
//! (`log`); no time finer than a day is stored or logged (`world`); nothing is acknowledged
//! before it is on disk (`store`).

mod access;
mod aggregators;
mod command;
mod content;
mod count;
mod demonstration;
mod export;
mod figures;
mod guard;
mod janus;
mod listen;
mod log;
mod openapi;
mod poster;
mod problem;
mod report;
mod routes;
mod schema;
mod serve;
mod shared;
mod signer;
mod store;
mod token;
mod world;

use std::process::ExitCode;

/// Runs the command line.
pub fn main() -> ExitCode {
    command::run()
}
