//! Batches and counts of doors go to the collector.

use super::network::send;
use crate::{
    device::{Outcome, Post},
    outgoing::{Acknowledgement, request},
};

/// Posts something, and tells what came of it.
pub(super) async fn post(campaign: &str, post: &Post) -> Outcome {
    let request = match post {
        Post::Batch(batch) => request(batch, campaign),
        Post::Fieldwork(fieldwork) => request(fieldwork, campaign),
    };
    match send(&request).await {
        Ok((200 | 201, body)) => match serde_json::from_slice::<Acknowledgement>(&body) {
            Ok(acknowledgement) => Outcome::Acknowledged(acknowledgement),
            // A captive portal, say.
            Err(_) => Outcome::Unreachable("answered, but not by the collector".into()),
        },
        Ok((status @ (400 | 404 | 409 | 410 | 413 | 422), body)) => match problem(&body) {
            Some(detail) => Outcome::Refused(detail),
            None => Outcome::Unreachable(status.to_string()),
        },
        Ok((status, _)) => Outcome::Unreachable(status.to_string()),
        Err(why) => Outcome::Unreachable(why),
    }
}

/// What a problem document of the collector says.
fn problem(body: &[u8]) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(format!("{}: {}", problem.get("title")?.as_str()?, problem.get("detail")?.as_str()?))
}
