//! Where a journey stands, and what whoever comes with one of its secrets may do with it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AuthorizationRequest, Brought, Outcome};
use crate::{
    ids::{ApplicationId, SellingPartnerId},
    secret::{Fingerprint, ResultSecret},
};

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
    /// The partner with whom Amazon sent this browser to the Login URI on this journey.
    #[serde(default)]
    pub(crate) passed_to: Option<SellingPartnerId>,
    /// The journey's second leg has come to its end.
    #[serde(default)]
    pub(crate) closed: bool,
    #[serde(default)]
    pub(crate) result_hash: Option<Fingerprint>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub(crate) result_until: Option<Timestamp>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub(crate) completed_at: Option<Timestamp>,
    #[serde(default)]
    pub(crate) brought: Option<Brought>,
    #[serde(flatten)]
    pub(crate) request: AuthorizationRequest,
}

/// The stages, in their order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    SigningIn,
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
        /// Where the browser goes again, while the integrator can still complete it.
        return_url: Option<String>,
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
            // Its second leg came to its end.
            (Stage::Issued, _) if self.closed => NotRedeemed::Interrupted,
            // Nobody has the state of a request before its partner has signed in.
            (Stage::SigningIn | Stage::Issued, _) => NotRedeemed::Expired,
            (Stage::Exchanging, _) if self.exchanging_until.is_some_and(|until| until > now) => {
                NotRedeemed::Exchanging
            }
            // It died twice, or came back with another code: whichever is right, this journey is spoilt.
            (Stage::Exchanging, _) | (Stage::Finished, None) => NotRedeemed::Interrupted,
            (Stage::Finished, Some(outcome)) => {
                let fresh = self.completed_at.is_none() && self.result_until.is_some_and(|until| until > now);
                NotRedeemed::Finished {
                    outcome,
                    application_id: self.request.application_id.clone(),
                    return_url: self.request.return_url.clone().filter(|_| fresh),
                }
            }
        }
    }

    /// Whether `browser` may still go to Amazon with it.
    pub(crate) fn is_open(&self, browser: &Fingerprint, now: Timestamp) -> bool {
        self.stage == Stage::Issued
            && !self.closed
            && self.browser_hash == *browser
            && self.request.expires_at > now
    }

    /// What is to be completed by whoever presents `result`, or why there is nothing.
    pub fn completed_with(
        &self,
        result: &ResultSecret,
        now: Timestamp,
    ) -> Result<Finished<'_>, NotCompleted> {
        if self.result_hash.as_ref() != Some(&result.fingerprint()) {
            return Err(NotCompleted::Unknown);
        }
        match (&self.brought, self.outcome, &self.partner) {
            _ if self.completed_at.is_some() => Err(NotCompleted::Used),
            _ if self.result_until.is_none_or(|until| until <= now) => Err(NotCompleted::Expired),
            (Some(brought), Some(outcome), Some(partner)) => {
                Ok(Finished { request: &self.request, outcome, partner, brought })
            }
            _ => Err(NotCompleted::Unknown),
        }
    }
}

/// A journey that came to its end and waits for the integrator's word.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'p> {
    /// What it was about.
    pub request: &'p AuthorizationRequest,
    /// How it ended.
    pub outcome: Outcome,
    /// Who Amazon says came back.
    pub partner: &'p SellingPartnerId,
    /// What it brought.
    pub brought: &'p Brought,
}

/// Why a result completes nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotCompleted {
    /// No journey gave this result.
    Unknown,
    /// It completed its authorization before.
    Used,
    /// Its five minutes are over.
    Expired,
}
