//! Bodies of bounded length.

use axum::body::Body;
use http_body_util::BodyExt;

use crate::collector::problem::{self, Problem};

/// So many times the bound is read and dropped, so that who sends too much hears why: one that is cut off
/// while it still writes hears nothing.
const HEARD_OUT: usize = 8;

/// The body, if it has so many bytes at most.
pub(super) async fn bounded(mut body: Body, most: usize) -> Result<Option<Vec<u8>>, Problem> {
    let (mut bytes, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let cut_short = |_| Problem::new(problem::CUT_SHORT, "");
        let Ok(data) = frame.map_err(cut_short)?.into_data() else { continue };
        seen += data.len();
        if seen <= most {
            bytes.extend_from_slice(&data);
        } else if seen > HEARD_OUT * most {
            break;
        }
    }
    Ok((seen <= most).then_some(bytes))
}
