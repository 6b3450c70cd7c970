//! Spreadsheets to questionnaires and back: forms of every kind of file, each fault by its cell, round trips.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../shared/mod.rs"]
mod shared;

mod bad;
mod command;
mod conditions;
mod files;
mod good;
mod groups;
mod meaning;
mod options;
mod rank;
mod round_trip;
mod workbench;
