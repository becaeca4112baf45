//! When the refresher looks at a partner's token next. Pure.
//!
//! A token that is asked for is replaced before it ends. Any other is fetched once a day all the same, which proves the
//! grant alive: Amazon tells nobody of a revocation. Every partner has its own place in the hour and in the day, so that what
//! is due is spread evenly.

use aws_lc_rs::digest;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{access_token::Failure, grant::GrantKey, ids::Malformed};

/// In how many parts the due tokens are looked through at once. Rows name their part, so it never changes.
pub const SHARDS: u8 = 8;

/// How often the schedule looks; the template's schedule has the same.
pub const TICK: SignedDuration = SignedDuration::from_mins(5);

/// A refusal by Amazon is believed once a second one has come this long after the first.
pub const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// A request for a token is noted no more often than this, so that asking costs no write but a few a day.
pub const NOTED_EVERY: SignedDuration = SignedDuration::from_hours(6);

/// A token counts as asked for during a day after its last request, which may have been noted that much too early.
const DEMAND_LASTS: SignedDuration = SignedDuration::from_hours(24 + 6);

/// A token that is asked for is replaced this long before it ends, and up to [`TICK`] earlier.
const REPLACED_BEFORE_END: SignedDuration = SignedDuration::from_mins(10);

/// A token that nobody asks for is fetched this long after the last, and up to [`PROOF_SPREADS`] later: within a day.
const PROVED_AFTER: SignedDuration = SignedDuration::from_hours(18);

/// Over how much of the day the daily proofs are spread.
const PROOF_SPREADS: SignedDuration = SignedDuration::from_hours(5);

/// The longest pause after Amazon did not answer for one token.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

/// The longest pause between two tries of a grant that Amazon refuses.
const LONGEST_PAUSE_OF_REFUSED: SignedDuration = SignedDuration::from_hours(24);

/// Which tokens the refresher keeps warm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeepWarm {
    /// Those asked for within the last day.
    Demand,
    /// All of them.
    Always,
    /// None of them.
    Never,
}

/// When a token is due, and in which part of the index it is found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Due {
    /// The part of the index.
    #[serde(rename = "due_shard")]
    pub shard: String,
    /// When.
    #[serde(rename = "due_at", with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
}

/// What is noted of a partner's token when it is kept, so that the refresher looks after it.
#[derive(Clone, Debug, Serialize)]
pub struct DueEntry {
    /// When it is due.
    #[serde(flatten)]
    pub due: Due,
    /// When a caller last asked for it, if one ever did.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional", skip_serializing_if = "Option::is_none")]
    pub last_requested_at: Option<Timestamp>,
}

impl Due {
    /// The grant's token is due at this moment.
    #[must_use]
    pub fn at(key: &GrantKey, at: Timestamp) -> Self {
        Self { shard: shard_name(place_of(key, "shard") % u64::from(SHARDS)), at }
    }

    /// When a token that was minted at `minted_at` and ends at `expires_at` is to be replaced, or its grant proved.
    #[must_use]
    pub fn after_mint(
        key: &GrantKey,
        keep_warm: KeepWarm,
        minted_at: Timestamp,
        expires_at: Timestamp,
        last_requested_at: Option<Timestamp>,
    ) -> Self {
        let asked_for = |at: Timestamp| minted_at.duration_since(at) < DEMAND_LASTS;
        let warm = match keep_warm {
            KeepWarm::Always => true,
            KeepWarm::Demand => last_requested_at.is_some_and(asked_for),
            KeepWarm::Never => false,
        };
        let place = fraction(place_of(key, "warm"));
        let proof = minted_at + PROVED_AFTER + part(PROOF_SPREADS, fraction(place_of(key, "proof")));
        if !warm {
            return Self::at(key, proof);
        }
        // A token with an odd short life is replaced halfway, lest it be replaced at every tick.
        let halfway = minted_at + part(expires_at.duration_since(minted_at), 0.5);
        Self::at(key, halfway.max(expires_at - REPLACED_BEFORE_END - part(TICK, place)).min(proof))
    }

    /// When to try again after the `tries`th failure in a row, counted from 0: with growing pauses, and soon where a first
    /// refusal is to be confirmed.
    #[must_use]
    pub fn after_failure(key: &GrantKey, failure: Failure, tries: u32, now: Timestamp) -> Self {
        let doubled = |first: SignedDuration, longest: SignedDuration| {
            first.checked_mul(1 << tries.min(16)).map_or(longest, |pause| pause.min(longest))
        };
        let pause = match failure {
            // A run looks a tick ahead, and a second refusal that comes too early confirms nothing.
            Failure::GrantRefused if tries == 0 => CONFIRMED_AFTER + TICK,
            Failure::GrantRefused | Failure::RequestRefused => {
                doubled(SignedDuration::from_mins(30), LONGEST_PAUSE_OF_REFUSED)
            }
            Failure::CredentialsRefused | Failure::Throttled | Failure::Unavailable => {
                doubled(TICK, LONGEST_PAUSE)
            }
        };
        // Later by up to a quarter, each try by another part, so that what failed together does not come back together;
        // but a day stays a day.
        let spread = part(pause, 0.25 * fraction(place_of(key, &tries.to_string())));
        let longest = if pause > LONGEST_PAUSE { LONGEST_PAUSE_OF_REFUSED } else { SignedDuration::MAX };
        Self::at(key, now + (pause + spread).min(longest))
    }

    /// When a grant that mints nothing now, being disabled, is looked at again.
    #[must_use]
    pub fn tomorrow(key: &GrantKey, now: Timestamp) -> Self {
        Self::at(key, now + PROVED_AFTER + part(PROOF_SPREADS, fraction(place_of(key, "proof"))))
    }
}

impl std::str::FromStr for KeepWarm {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "demand" => Ok(Self::Demand),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(Malformed("demand, always or never")),
        }
    }
}

/// The name of a part of the index.
#[must_use]
pub fn shard_name(shard: impl std::fmt::Display) -> String {
    format!("{shard}")
}

/// A number that is always the same for this partner and purpose, and evenly spread over partners.
fn place_of(key: &GrantKey, purpose: &str) -> u64 {
    let digest = digest::digest(&digest::SHA256, format!("{purpose}#{key}").as_bytes());
    digest.as_ref().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// From 0 to 1.
fn fraction(place: u64) -> f64 {
    f64::from(u32::try_from(place >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

/// A part of a duration, to the second.
fn part(whole: SignedDuration, fraction: f64) -> SignedDuration {
    SignedDuration::from_secs(whole.mul_f64(fraction).as_secs())
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
