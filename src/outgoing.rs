//! What may leave the device.
//!
//! A request body is made by [`body`] alone, and it takes only what is [`Outgoing`]: a batch.
//! Nobody outside this file can add to that, and a response is not among it:
//!
//! ```
//! fn leave(batch: &anxin::tally::Batch) -> Vec<u8> {
//!     anxin::outgoing::body(batch)
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(response: &anxin::response::Response) -> Vec<u8> {
//!     anxin::outgoing::body(response)
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(cells: &anxin::layout::Cells) -> Vec<u8> {
//!     anxin::outgoing::body(cells)
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(tally: &anxin::tally::Tally) -> Vec<u8> {
//!     anxin::outgoing::body(tally)
//! }
//! ```
//!
//! ```compile_fail
//! struct Mine;
//! impl anxin::outgoing::Outgoing for Mine {}
//! ```

use serde::{Deserialize, Serialize};

use crate::tally::{Batch, BatchId};

mod sealed {
    pub trait Sealed: serde::Serialize {}
    impl Sealed for crate::tally::Batch {}
}

/// May be posted.
pub trait Outgoing: sealed::Sealed {
    /// The name by which the collector acknowledges it.
    fn id(&self) -> &BatchId;
    /// Where it is posted, from the collector's root.
    fn path(&self, campaign: &str) -> String;
}

impl Outgoing for Batch {
    fn id(&self) -> &BatchId {
        &self.id
    }

    fn path(&self, campaign: &str) -> String {
        format!("/api/campaigns/{campaign}/batches")
    }
}

/// The bytes that are posted.
pub fn body(outgoing: &impl Outgoing) -> Vec<u8> {
    serde_json::to_vec(outgoing).unwrap_or_default()
}

/// The collector's acknowledgement. What was posted is kept on the device until one with its own id
/// comes back: a captive portal that answers 200 with a page of its own acknowledges nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// What was stored.
    pub id: BatchId,
    /// It is counted (now, or since an earlier post).
    pub counted: bool,
}
