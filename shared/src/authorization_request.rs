//! One journey of a browser: what is remembered of it, and what a callback that names it comes to. Pure.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{Account, ApplicationId, Malformed, RequestId, SellingPartnerId},
    marketplace::PartnerType,
    region::Region,
    secret::{Fingerprint, StateSecret, random_word},
};

/// The whole journey should be finished within ten minutes (F§1.4).
pub const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);

/// How long a callback may be at work before it counts as dead. It outlives the function (90 s), so that no two ever
/// work on one request.
pub const EXCHANGING_FOR: SignedDuration = SignedDuration::from_secs(100);

/// After a callback died, the same code may be tried once more: Amazon decides whether it is still good.
pub const ATTEMPTS: u32 = 2;

/// How long a finished journey can be looked at again.
pub const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// How the journey began, as far as the first request tells.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Workflow {
    /// At our `/authorize`.
    Website,
    /// At Amazon, which opened our Login URI: Appstore, re-authorization, or the website workflow's second leg.
    LoginUri,
}

/// What a journey is about; all of it is known when it begins.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AuthorizationRequest {
    /// Names the journey.
    pub request_id: RequestId,
    /// How it began.
    pub workflow: Workflow,
    /// What is to be authorized.
    pub application_id: ApplicationId,
    /// Whether consent is to the draft.
    pub draft: bool,
    /// Amazon's host at which the partner consents, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central_host: Option<String>,
    /// The region of that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Who signs in at that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// The partner Amazon named at the Login URI; only that one may come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_partner: Option<SellingPartnerId>,
    /// The integrator's user for whom it was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// Where Amazon sends the browser back; the exchange must name the same (F§4.2).
    pub redirect_uri: String,
    /// When it began.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub created_at: Timestamp,
    /// When it can no longer be redeemed.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// The `state` parameter: the request's id and a secret that only its browser's journey knows.
#[derive(Clone, Debug)]
pub struct State {
    /// Names the request.
    pub request_id: RequestId,
    /// Proves that the callback belongs to it.
    pub secret: StateSecret,
}

impl State {
    /// The parameter's value, for the URL in which Amazon requires it.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}.{}", self.request_id, self.secret.expose())
    }
}

impl FromStr for State {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("a state that we issued");
        let (request_id, secret) = text.split_once('.').ok_or(EXPECTED)?;
        // The secret half has the form of a request id.
        let well_formed = secret.parse::<RequestId>().is_ok();
        let request_id = request_id.parse().map_err(|_| EXPECTED)?;
        well_formed.then(|| Self { request_id, secret: StateSecret::new(secret.to_owned()) }).ok_or(EXPECTED)
    }
}

/// How a journey ended; shown again when the page is reloaded.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The grant is there, new or renewed.
    Authorized,
    /// The grant's token was replaced, and it stays disabled.
    AuthorizedButDisabled,
    /// The authorization came and waits for an operator: it may be somebody else's.
    Conflict,
    /// Amazon did not accept the code.
    CodeRefused,
    /// Amazon did not accept the application's credentials, or the request.
    ApplicationRefused,
}

/// Where a journey stands, as its row tells.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    pub(crate) state_hash: Fingerprint,
    pub(crate) browser_hash: Fingerprint,
    pub(crate) stage: Stage,
    #[serde(default)]
    pub(crate) partner: Option<SellingPartnerId>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub(crate) exchanging_until: Option<Timestamp>,
    #[serde(default)]
    pub(crate) outcome: Option<Outcome>,
    #[serde(flatten)]
    pub(crate) request: AuthorizationRequest,
}

/// The stages, in their order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Issued,
    Exchanging,
    Finished,
}

/// What a callback presents.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The state's secret, hashed.
    pub state: Fingerprint,
    /// The browser's cookie, hashed.
    pub browser: Fingerprint,
    /// Who Amazon says came back.
    pub partner: SellingPartnerId,
    /// The code, hashed.
    pub code: Fingerprint,
}

/// Why a callback that could not redeem its request could not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotRedeemed {
    /// Nothing is known under this state.
    Unknown,
    /// Another browser began.
    OtherBrowser,
    /// Another partner was expected, or came back first.
    OtherPartner,
    /// It came too late.
    Expired,
    /// Another callback is at work on it.
    Exchanging,
    /// It was redeemed and nothing came of it, twice.
    Interrupted,
    /// It ended before.
    Finished {
        /// How.
        outcome: Outcome,
        /// What was to be authorized.
        application_id: ApplicationId,
    },
}

impl Progress {
    /// Why `presented` did not redeem the request whose row this is.
    #[must_use]
    pub fn refuses(&self, presented: &Presented, now: Timestamp) -> NotRedeemed {
        if self.state_hash != presented.state {
            return NotRedeemed::Unknown;
        }
        if self.browser_hash != presented.browser {
            return NotRedeemed::OtherBrowser;
        }
        let came_back = self.partner.as_ref().or(self.request.expected_partner.as_ref());
        if came_back.is_some_and(|partner| *partner != presented.partner) {
            return NotRedeemed::OtherPartner;
        }
        match (self.stage, self.outcome) {
            (Stage::Issued, _) => NotRedeemed::Expired,
            (Stage::Exchanging, _) if self.exchanging_until.is_some_and(|until| until > now) => {
                NotRedeemed::Exchanging
            }
            // It died twice, or came back with another code: whichever is right, this journey is spoilt.
            (Stage::Exchanging, _) | (Stage::Finished, None) => NotRedeemed::Interrupted,
            (Stage::Finished, Some(outcome)) => {
                NotRedeemed::Finished { outcome, application_id: self.request.application_id.clone() }
            }
        }
    }
}

/// A new name for a journey.
#[must_use]
pub fn new_request_id() -> RequestId {
    random_word().parse().expect("a random word has the form of a request id")
}
