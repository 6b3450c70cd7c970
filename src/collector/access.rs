//! Who may read figures.
//!
//! Everybody may read and export those of a campaign whose results are public; those of one whose results are for
//! those who are signed in, only with a token (`Authorization: Bearer`). Whoever shows a token is held to it, whichever
//! campaign is asked for: it must be good, the figures are of areas within its own, and a reader exports nothing. The
//! store is asked each time, so what is revoked is refused at once.

use axum::http::{HeaderMap, HeaderValue, header};

use super::{
    problem::{self, Problem},
    shared::Shared,
    token::{self, Role, Token},
};
use crate::{
    area::AreaCode,
    campaign::{Access, Campaign},
};

/// What somebody wants to do with figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// To read them.
    Read,
    /// To take them away as a file.
    Export,
}

/// Who asks, as far as it is shown.
pub(super) struct Asker(Option<Token>);

impl Asker {
    /// Reads what is shown and looks it up.
    ///
    /// # Errors
    /// If it is no token, or one that is not taken, or no more.
    pub(super) fn of(shared: &Shared, asked: &HeaderMap) -> Result<Self, Problem> {
        let Some(shown) = bearer(asked)? else { return Ok(Self(None)) };
        let token = token::check(&*shared.store, shown, shared.clock.today())?;
        token.map(|token| Self(Some(token))).ok_or_else(wrong)
    }

    /// The area whose figures may be told to who asks for those of an area, or of all: of all, what the token is for.
    ///
    /// # Errors
    /// If they may not be told, or not in this way.
    pub(super) fn area(
        &self,
        campaign: &Campaign,
        act: Act,
        wanted: Option<AreaCode>,
    ) -> Result<Option<AreaCode>, Problem> {
        let Some(token) = &self.0 else {
            return match campaign.results {
                Access::Public => Ok(wanted),
                Access::SignedIn => Err(Problem::new(problem::SIGN_IN, "")),
            };
        };
        if act == Act::Export && token.role != Role::Organiser {
            return Err(Problem::new(problem::NO_EXPORT, ""));
        }
        match (wanted, &token.area) {
            (Some(wanted), Some(own)) if !wanted.within(own) => {
                let told = format!("the token is for areas within {}", own.as_str());
                Err(Problem::new(problem::OTHER_AREA, told).at("area"))
            }
            (None, own) => Ok(own.clone()),
            (wanted, _) => Ok(wanted),
        }
    }

    /// Whether the figures that are told are for who asks alone: nothing on the way may keep them.
    pub(super) fn alone(&self, campaign: &Campaign) -> bool {
        self.0.is_some() || campaign.results == Access::SignedIn
    }
}

/// The token that is shown, good or not; `None` if none is. Other schemes are somebody else's: a proxy's on the way.
fn bearer(asked: &HeaderMap) -> Result<Option<&str>, Problem> {
    let scheme = |value: &HeaderValue| {
        let scheme = value.as_bytes().split(|&byte| byte == b' ').next();
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
    };
    let shown: Vec<&HeaderValue> =
        asked.get_all(header::AUTHORIZATION).into_iter().filter(|value| scheme(value)).collect();
    match shown[..] {
        [] => Ok(None),
        [one] => one.to_str().ok().and_then(|text| Some(text.split_once(' ')?.1.trim())).map(Some).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

fn wrong() -> Problem {
    Problem::new(problem::BAD_TOKEN, "")
}
