//! How far a journey has come, and what the holder of one of its secrets may do with it. Pure: a decision and its reason.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    AuthorizationRequest, Brought, Outcome,
    stage::{End, Stage},
};
use crate::{
    ids::{ApplicationId, SellingPartnerId},
    secret::{Fingerprint, ResultSecret},
};

/// A journey as stored in its row.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    pub(crate) state_hash: Fingerprint,
    pub(crate) browser_hash: Fingerprint,
    /// The proofs of sign-in, hashed, once an account has signed in for a partner that came from Amazon: one for each time.
    #[serde(default)]
    pub(crate) proof_hashes: HashSet<Fingerprint>,
    #[serde(flatten)]
    pub(crate) stage: Stage,
    #[serde(flatten)]
    pub(crate) request: AuthorizationRequest,
}

/// What a callback presents.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The state's secret, hashed.
    pub state: Fingerprint,
    /// The browser's cookie, hashed.
    pub browser: Fingerprint,
    /// The partner that Amazon names.
    pub partner: SellingPartnerId,
    /// The code, hashed.
    pub code: Fingerprint,
}

/// Why a callback could not redeem its request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotRedeemed {
    /// No request has this state.
    Unknown,
    /// Another browser began the request.
    OtherBrowser,
    /// Another partner was expected, or came back first.
    OtherPartner,
    /// The request has expired.
    Expired,
    /// Another callback exchanges a code for the request.
    Exchanging,
    /// The request was redeemed, and no callback can bring it to an outcome any more.
    Interrupted,
    /// The request ended earlier.
    Finished {
        /// How it ended.
        outcome: Outcome,
        /// The application that was to be authorized.
        application_id: ApplicationId,
        /// Where the browser is sent again, while the integrator can still complete the authorization.
        return_url: Option<String>,
    },
}

/// Why a sign-in does not continue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotSignedIn {
    /// No partner signs in for a journey of this id, or the proof of sign-in is another.
    Unknown,
    /// The journey began in another browser.
    OtherBrowser,
    /// Another account has signed in for the journey.
    OtherAccount,
    /// The journey has continued already.
    Used,
    /// The journey has expired.
    Expired,
}

/// A finished journey that the integrator can complete.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'p> {
    /// The request of the journey.
    pub request: &'p AuthorizationRequest,
    /// How the journey ended.
    pub outcome: Outcome,
    /// The partner that Amazon named.
    pub partner: &'p SellingPartnerId,
    /// The token that the journey brought.
    pub brought: &'p Brought,
}

/// Why a result completes no authorization.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotCompleted {
    /// No journey has this result.
    Unknown,
    /// The result has completed its authorization already.
    Used,
    /// The result is older than [`super::RESULT_VALID_FOR`].
    Expired,
}

impl Progress {
    /// Why `presented` did not redeem this request.
    pub fn not_redeemed(&self, presented: &Presented, now: Timestamp) -> NotRedeemed {
        if self.state_hash != presented.state {
            return NotRedeemed::Unknown;
        }
        if self.browser_hash != presented.browser {
            return NotRedeemed::OtherBrowser;
        }
        let expected = self.stage.partner().or(self.request.expected_partner.as_ref());
        if expected.is_some_and(|partner| *partner != presented.partner) {
            return NotRedeemed::OtherPartner;
        }
        match &self.stage {
            Stage::Issued { closed: true, .. } => NotRedeemed::Interrupted,
            // No browser has the state of a request before its partner has signed in.
            Stage::SigningIn | Stage::Issued { .. } => NotRedeemed::Expired,
            Stage::Exchanging { until, .. } if *until > now => NotRedeemed::Exchanging,
            // Its callbacks died twice, or this one has another code. No code may be tried any more.
            Stage::Exchanging { .. } | Stage::Finished { end: End::BrokenOff, .. } => {
                NotRedeemed::Interrupted
            }
            Stage::Finished { end: End::Outcome { outcome, until, result }, .. } => {
                let completed = result.as_ref().is_some_and(|result| result.completed_at.is_some());
                let returns = !completed && *until > now;
                NotRedeemed::Finished {
                    outcome: *outcome,
                    application_id: self.request.application_id.clone(),
                    return_url: self.request.return_url.clone().filter(|_| returns),
                }
            }
        }
    }

    /// How this journey ended, if it has ended with an outcome.
    pub fn outcome(&self) -> Option<Outcome> {
        match &self.stage {
            Stage::Finished { end: End::Outcome { outcome, .. }, .. } => Some(*outcome),
            _ => None,
        }
    }

    /// How this journey ended, if the callback `attempt` ended it.
    pub(crate) fn outcome_of(&self, attempt: &str) -> Option<Outcome> {
        match &self.stage {
            Stage::Finished { attempt: ended_by, end: End::Outcome { outcome, .. }, .. } => {
                (ended_by == attempt).then_some(*outcome)
            }
            _ => None,
        }
    }

    /// Why no partner can sign in for this journey, if none can. Until the browser has come back from Amazon, a sign-in may be
    /// repeated.
    pub(crate) fn not_signing_in(&self, now: Timestamp) -> Option<NotSignedIn> {
        match self.stage {
            _ if self.request.arrival.is_none() => Some(NotSignedIn::Unknown),
            Stage::SigningIn | Stage::Issued { .. } => {
                (self.request.expires_at <= now).then_some(NotSignedIn::Expired)
            }
            Stage::Exchanging { .. } | Stage::Finished { .. } => Some(NotSignedIn::Used),
        }
    }

    /// Why this journey did not continue in `browser` with this proof of sign-in.
    pub(crate) fn not_continued(
        &self,
        browser: &Fingerprint,
        proof: &Fingerprint,
        now: Timestamp,
    ) -> NotSignedIn {
        if !self.proof_hashes.contains(proof) {
            NotSignedIn::Unknown
        } else if self.browser_hash == *browser {
            self.not_signing_in(now).unwrap_or(NotSignedIn::Unknown)
        } else {
            NotSignedIn::OtherBrowser
        }
    }

    /// What the integrator completes with `secret`, or why it completes nothing.
    pub fn completed_with(
        &self,
        secret: &ResultSecret,
        now: Timestamp,
    ) -> Result<Finished<'_>, NotCompleted> {
        let Stage::Finished { partner, end: End::Outcome { outcome, until, result: Some(result) }, .. } =
            &self.stage
        else {
            return Err(NotCompleted::Unknown);
        };
        if result.hash != secret.fingerprint() {
            Err(NotCompleted::Unknown)
        } else if result.completed_at.is_some() {
            Err(NotCompleted::Used)
        } else if *until <= now {
            Err(NotCompleted::Expired)
        } else {
            Ok(Finished { request: &self.request, outcome: *outcome, partner, brought: &result.brought })
        }
    }
}

#[cfg(test)]
mod tests;
