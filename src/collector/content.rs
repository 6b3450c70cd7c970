//! Bodies of answers: which encoding, how long they keep, and whether the asker has them already.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::questionnaire::hash_of;

/// Ask again each time; the tag saves the body.
pub(super) const ASK_AGAIN: &str = "no-cache";

/// Ask again each time, and let nothing on the way keep it.
pub(super) const FOR_ONE: &str = "private, no-cache";

/// It will never be other than it is: its address names its content.
pub(super) const FOR_EVER: &str = "max-age=31536000, immutable";

/// Below so many bytes brotli saves no packet.
const WORTHWHILE: usize = 1_000;

/// Brotli's quality for what is compressed while somebody waits.
const QUICK: i32 = 5;

/// Something to be sent.
pub(super) struct Content {
    /// Media type.
    pub(super) media: &'static str,
    /// `Cache-Control`.
    pub(super) keep: &'static str,
    /// Names this state of it; none where its address does.
    pub(super) tag: Option<String>,
    /// As it is.
    pub(super) plain: Cow<'static, [u8]>,
    /// In brotli, where it pays.
    pub(super) brotli: Brotli,
}

/// The same in brotli.
pub(super) enum Brotli {
    /// It does not pay.
    Never,
    /// Made when somebody takes it who has it not already.
    Asked,
    /// Here it is.
    Made(Cow<'static, [u8]>),
}

impl Content {
    /// JSON that may be other next time.
    pub(super) fn json(bytes: Vec<u8>) -> Self {
        Self::fresh("application/json", bytes)
    }

    /// Something of a media type that may be other next time.
    pub(super) fn fresh(media: &'static str, bytes: Vec<u8>) -> Self {
        // What is compressed already does not become smaller.
        let text = media.starts_with("text/") || media == "application/json";
        Self {
            media,
            keep: ASK_AGAIN,
            tag: Some(hash_of(&bytes)[..16].to_owned()),
            brotli: if text && bytes.len() >= WORTHWHILE { Brotli::Asked } else { Brotli::Never },
            plain: Cow::Owned(bytes),
        }
    }

    /// The same for one reader alone.
    #[must_use]
    pub(super) fn private(self) -> Self {
        Self { keep: FOR_ONE, ..self }
    }

    /// The answer to a request with these headers.
    pub(super) fn answer(self, asked: &HeaderMap) -> Response {
        let encoding = (!matches!(self.brotli, Brotli::Never) && takes_brotli(asked)).then_some("br");
        let tag = self.tag.map(|tag| format!("\"{tag}{}\"", if encoding.is_some() { "-br" } else { "" }));
        let mut response = if tag.as_ref().is_some_and(|tag| has_already(asked, tag)) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let bytes = match self.brotli {
                Brotli::Made(brotli) if encoding.is_some() => brotli.into_owned(),
                Brotli::Asked if encoding.is_some() => compressed(&self.plain, QUICK),
                _ => self.plain.into_owned(),
            };
            let mut response = Body::from(bytes).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
            if let Some(encoding) = encoding {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.extend(tag.and_then(|tag| HeaderValue::try_from(tag).ok()).map(|tag| (header::ETAG, tag)));
        response
    }
}

/// Brotli at a quality from 0 to 11.
pub(super) fn compressed(bytes: &[u8], quality: i32) -> Vec<u8> {
    // A hint, by which a small body gets small tables.
    let parameters = brotli::enc::BrotliEncoderParams { quality, size_hint: bytes.len(), ..Default::default() };
    let mut out = Vec::new();
    // Neither side can fail: both are memory.
    let _ = brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters);
    out
}

fn takes_brotli(asked: &HeaderMap) -> bool {
    listed(asked, header::ACCEPT_ENCODING).any(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

fn has_already(asked: &HeaderMap, tag: &str) -> bool {
    listed(asked, header::IF_NONE_MATCH).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The entries of a comma-separated header.
fn listed(asked: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let values = asked.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn sends_brotli_only_to_those_who_take_it() {
        for (accepted, brotli) in
            [("gzip, br", true), ("br;q=0.5", true), ("gzip, br;q=0", false), ("gzip", false), ("*", false)]
        {
            let response = Content::json(vec![b' '; 2_000]).answer(&asking(header::ACCEPT_ENCODING, accepted));
            assert_eq!(response.headers().contains_key(header::CONTENT_ENCODING), brotli, "{accepted}");
        }
    }

    #[test]
    fn sends_nothing_twice() {
        let tag = Content::json(b"[]".to_vec()).answer(&HeaderMap::new()).headers()[header::ETAG].clone();
        let asked = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]);
        assert_eq!(Content::json(b"[]".to_vec()).answer(&asked).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(Content::json(b"[1]".to_vec()).answer(&asked).status(), StatusCode::OK);
    }
}
