//! What may leave the device.
//!
//! A request is made by [`request`] alone, and it takes only what is [`Outgoing`]: a batch, fieldwork or a report.
//! Nobody outside this file can add to that, and a response is not among it:
//!
//! ```
//! fn leave(batch: &anxin::tally::Batch) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(batch, "campaign")
//! }
//! fn leave_doors(fieldwork: &anxin::fieldwork::Fieldwork) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(fieldwork, "campaign")
//! }
//! fn leave_alone(report: &anxin::split::Report) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(report, "https://leader.example")
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(response: &anxin::response::Response) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(response, "campaign")
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(cells: &anxin::layout::Cells) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(cells, "campaign")
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(tally: &anxin::tally::Tally) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(tally, "campaign")
//! }
//! ```
//!
//! ```compile_fail
//! fn leak(visit: &anxin::disposition::Visit) -> anxin::outgoing::Request {
//!     anxin::outgoing::request(visit, "campaign")
//! }
//! ```
//!
//! ```compile_fail
//! struct Mine;
//! impl anxin::outgoing::Outgoing for Mine {}
//! ```
//!
//! ```compile_fail
//! fn make(body: Vec<u8>) -> anxin::outgoing::Request {
//!     anxin::outgoing::Request { method: "POST", url: "/".into(), media: "text/plain", body }
//! }
//! ```

use serde::{Deserialize, Serialize};

use crate::{
    fieldwork::Fieldwork,
    tally::{Batch, BatchId},
};

mod sealed {
    pub trait Sealed {
        fn request(&self, to: &str) -> super::Request;
    }
}

/// May be posted.
pub trait Outgoing: sealed::Sealed {}

impl Outgoing for Batch {}
impl sealed::Sealed for Batch {
    fn request(&self, campaign: &str) -> Request {
        Request {
            method: "POST",
            url: format!("/api/campaigns/{campaign}/batches"),
            media: "application/json",
            body: serde_json::to_vec(self).unwrap_or_default(),
        }
    }
}

impl Outgoing for Fieldwork {}
impl sealed::Sealed for Fieldwork {
    fn request(&self, campaign: &str) -> Request {
        Request {
            method: "POST",
            url: format!("/api/campaigns/{campaign}/fieldwork"),
            media: "application/json",
            body: serde_json::to_vec(self).unwrap_or_default(),
        }
    }
}

#[cfg(feature = "split")]
impl Outgoing for crate::split::Report {}
#[cfg(feature = "split")]
impl sealed::Sealed for crate::split::Report {
    fn request(&self, leader: &str) -> Request {
        Request {
            method: "PUT",
            url: format!("{}/tasks/{}/reports", leader.trim_end_matches('/'), self.task()),
            media: janus_messages::Report::MEDIA_TYPE,
            body: self.bytes().to_vec(),
        }
    }
}

/// What is posted, and where. Nobody but this file makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    method: &'static str,
    url: String,
    media: &'static str,
    body: Vec<u8>,
}

impl Request {
    /// The HTTP method.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Where it goes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The media type of the body.
    pub fn media(&self) -> &'static str {
        self.media
    }

    /// The bytes that are posted.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// The request that posts a batch or fieldwork to a campaign (by its id), or a report to a leader (by its address).
pub fn request(outgoing: &impl Outgoing, to: &str) -> Request {
    outgoing.request(to)
}

/// The collector's acknowledgement of a batch or of fieldwork. What was posted is kept on the device until one with its
/// own id comes back: a captive portal that answers 200 with a page of its own acknowledges nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// What was stored.
    pub id: BatchId,
    /// It is counted (now, or since an earlier post).
    pub counted: bool,
}
