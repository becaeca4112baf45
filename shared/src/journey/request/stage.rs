//! The stages of a journey. Each has exactly what the journey's row holds in that stage.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Brought, Outcome};
use crate::{ids::SellingPartnerId, secret::Fingerprint};

/// The stages, in their order. A row that does not have all attributes of its stage is corrupt.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub(crate) enum Stage {
    /// The partner signs in at the integrator's site. The journey's state is not issued yet.
    SigningIn,
    /// The state is issued, and the browser is at Amazon.
    Issued {
        /// The partner that Amazon named when it sent this browser to the Login URI on this journey.
        #[serde(default)]
        passed_to: Option<SellingPartnerId>,
        /// Until when that second leg may still come back.
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        passed_until: Option<Timestamp>,
        /// Whether that second leg has ended without a token.
        #[serde(default)]
        released: bool,
        /// Whether the journey's second leg has ended, or the link has opened another journey.
        #[serde(default)]
        closed: bool,
        /// Whether the link has opened another journey.
        #[serde(default)]
        superseded: bool,
    },
    /// One callback has redeemed the state and exchanges its code.
    Exchanging {
        /// The callback's random word.
        attempt: String,
        /// The partner that the callback names.
        partner: SellingPartnerId,
        /// The callback counts as dead from then on.
        #[serde(rename = "exchanging_until", with = "jiff::fmt::serde::timestamp::second::required")]
        until: Timestamp,
    },
    /// The journey has ended.
    Finished {
        /// The random word of the callback that ended it.
        attempt: String,
        /// The partner that the callback names.
        partner: SellingPartnerId,
        /// How it ended.
        #[serde(flatten)]
        end: End,
    },
}

/// How a journey ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "EndAttributes")]
pub(crate) enum End {
    /// Without an outcome: the first leg of this journey came back with another partner.
    BrokenOff,
    /// With an outcome.
    Outcome {
        outcome: Outcome,
        /// The browser is sent to the return URL, and the result completes the authorization, until then.
        until: Timestamp,
        /// Only a journey with a return URL and a token has one.
        result: Option<JourneyResult>,
    },
}

/// The result that the integrator completes the authorization with.
#[derive(Clone, Debug)]
pub(crate) struct JourneyResult {
    pub(crate) hash: Fingerprint,
    pub(crate) brought: Brought,
    /// When the integrator completed the authorization, if it has.
    pub(crate) completed_at: Option<Timestamp>,
}

impl Stage {
    /// The random word of the callback that redeemed the state, if one has.
    pub(crate) fn attempt(&self) -> Option<&str> {
        match self {
            Self::SigningIn | Self::Issued { .. } => None,
            Self::Exchanging { attempt, .. } | Self::Finished { attempt, .. } => Some(attempt),
        }
    }

    /// The partner with whom the browser came back, if it has.
    pub(crate) fn partner(&self) -> Option<&SellingPartnerId> {
        match self {
            Self::SigningIn | Self::Issued { .. } => None,
            Self::Exchanging { partner, .. } | Self::Finished { partner, .. } => Some(partner),
        }
    }
}

/// The attributes of a finished row that say how the journey ended.
#[derive(Deserialize)]
struct EndAttributes {
    #[serde(default)]
    outcome: Option<Outcome>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    result_until: Option<Timestamp>,
    #[serde(default)]
    result_hash: Option<Fingerprint>,
    #[serde(default)]
    brought: Option<Brought>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    completed_at: Option<Timestamp>,
}

impl TryFrom<EndAttributes> for End {
    type Error = &'static str;

    fn try_from(row: EndAttributes) -> Result<Self, Self::Error> {
        let result = match (row.result_hash, row.brought, row.completed_at) {
            (Some(hash), Some(brought), completed_at) => Some(JourneyResult { hash, brought, completed_at }),
            (None, None, None) => None,
            _ => return Err("a result needs result_hash and brought"),
        };
        match (row.outcome, row.result_until, result) {
            (Some(outcome), Some(until), result) => Ok(Self::Outcome { outcome, until, result }),
            (None, None, None) => Ok(Self::BrokenOff),
            _ => Err("an outcome needs result_until, and a result needs an outcome"),
        }
    }
}
