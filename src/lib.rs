//! Anxin (安心): surveys and quizzes that run whole in the browser, and from which nothing but
//! aggregates can leave.
//!
//! ```text
//! form.xlsx ◀──▶ questionnaire.json ──parse = check──▶ Questionnaire ──▶ Layout   (which cell counts what)
//!                                                          │
//!  page ◀──view── Session ──answer──▶ Response ──encode──▶ Cells    │  one respondent, in memory only
//!                                                          │
//!                 tablet   sum += Cells + mask ──(n ≥ k)──▶ Batch ──POST─────────▶ ┐
//!                 phone    split(Cells) ──two sealed shares──▶ Report ──PUT──▶ ┤ collector: check, add, forget
//!                                                                              │
//!                          results page ◀── Results ◀── disclosure ◀── released Tally per area × day × channel × step
//! ```
//!
//! The waist is the cell vector: everything left of it only makes cells, everything right of it only
//! reads sums. Merging is addition, so devices, shifts, days and areas combine in any order.
//!
//! # Invariants, and where they hold
//! 1. Answers never leave [`session::Session`]: [`response::Response`] and [`layout::Cells`] have no
//!    serialisation and do not print, and the one way to a request takes only what is
//!    [`outgoing::Outgoing`].
//! 2. No batch of fewer than k respondents is made ([`tally::Batch::close`]) or taken ([`tally::Batch::parse`]).
//! 3. A batch carries a random id; posting twice counts once; the same id with other content is refused
//!    (`collector::store`).
//! 4. No name, number, position, address, exact time or free text is collected, stored or logged:
//!    there is no question type for it. Time is a [`day::Day`].
//! 5. A [`questionnaire::Questionnaire`] in memory is valid: parsing is checking.
//! 6. The core does no I/O and knows no clock; time and randomness come in at `browser::world` and
//!    `collector::world`. Same definition, seed and answers: same screens, same score, same cells.
//! 7. One parser, one scorer, one wire type, compiled into both the module and the collector.
//! 8. Of a report nothing is kept but its id; the two sums of shares are put together from k respondents
//!    on, and lie apart on disk until then, each sealed with its aggregator's key ([`split`], `collector::store`).
//! 9. Everything is bounded: [`questionnaire::limit`], [`tally::BATCH_BYTES`], [`split::REPORT_BYTES`],
//!    [`parcel::PARCEL_BYTES`], the device's outbox.
//! 10. Nothing is published of fewer than k respondents, nor of all but fewer than k, nor can it be had by subtraction
//!     from what is and was published ([`disclosure`]).
//!
//! # Departures from the first drawing
//! - An item's block has a cell for *no answer* (an item that may be passed over), and no cell for a
//!   special answer that cannot occur: the block still sums to n, and nothing is paid for in vain.
//! - An indicator over a multiple-choice item has a block of its own: how many respondents chose at
//!   least one of several options is no function of the options' counts.
//! - There are five modules of one crate: respondents load `survey`, volunteers `shift` instead, and both
//!   load `split`, which seals, while the first question is read; volunteers load `place` when they scan a
//!   poster's code, readers of results `figures` when they compare. The cells go from module to module, never
//!   through the page's script. A phone pays for every byte; for the same reason JSON is read by
//!   [`questionnaire::json`] and the page's scripts are joined when they are shipped.
//! - The page fetches the aggregators' public keys and waits for what the module has sent; only the module
//!   sends. Waiting in Rust would cost a phone five kilobytes.
//! - A tablet keeps a journal of steps, not a document of sums ([`device`]), and nobody's cells in the clear: each
//!   respondent is masked ([`mask`]), so that an entry of the journal can be kept, summed up and undone unread.
//! - Who breaks off may let count what was answered: the rest is *refused*, so that the layout needs no cells for it.
//! - A tablet's rest under k that goes out as reports counts in the channel `phone`: a task is a campaign in
//!   an area, so that the crowd in which a report stands is as large as it can be.
//! - A sum whose blocks do not add up is kept out of every figure and named under `faults`.
//! - What is told is not computed when somebody looks but decided when a step is taken ([`disclosure::decisions`]), and
//!   kept by place and period (`collector::store::views`): a decision looks at all areas, a view at a few.
//! - A phone makes its proof with a prover of our own ([`split::Prover`]), bit for bit the library's, which the collector
//!   keeps: the library's takes a phone three times as long. For the same reason it seals with an X25519 of our own
//!   (`split::x25519`), in limbs made for 64-bit products and held to the library's by tests, and with one ephemeral key
//!   for both parts; what opens is the library.

pub mod questionnaire;

pub mod item;
pub mod response;
pub mod session;

pub mod quiz;

pub mod layout;
pub mod mask;
pub mod tally;

#[cfg(feature = "split")]
pub mod split;

pub mod statistic;

mod leb128;

pub mod disclosure;
pub mod results;

pub mod area;
pub mod campaign;
pub mod day;
pub mod disposition;
pub mod fieldwork;
pub mod period;
#[cfg(feature = "place")]
pub mod place;

pub mod form_test;

pub mod device;
pub mod outbox;
pub mod outgoing;
pub mod parcel;
pub mod simulate;

#[cfg(target_arch = "wasm32")]
pub mod browser;

#[cfg(not(target_arch = "wasm32"))]
pub mod prove;
#[cfg(not(target_arch = "wasm32"))]
pub mod xlsform;

#[cfg(not(target_arch = "wasm32"))]
pub mod collector;
