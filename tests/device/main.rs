//! What a tablet keeps: whatever happens on the way, every respondent is in exactly one place.
#![cfg(not(target_arch = "wasm32"))]

mod books;
mod doors;
mod journal;
mod outbox;
mod pin;
mod tablet;
