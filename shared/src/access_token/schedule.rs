//! When the refresher checks a partner's token next. Pure.
//!
//! A token that callers ask for is replaced before it expires. Any other is refreshed once a day, to check that
//! Amazon still accepts the grant: Amazon sends no notice of a revocation. Every partner has its own fixed place in
//! the [period](super::slots::PERIOD) and in the day, so that the work is spread evenly.

use aws_lc_rs::digest;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::slots::{PERIOD, latest_in, slot_of};
use crate::{access_token::Failure, grant::GrantKey, ids::Malformed};

/// The number of shards of the index of due tokens. Rows name their shard, so the number never changes.
pub const SHARDS: u8 = 8;

/// How often the schedule runs. `infra/template.yaml` has the same interval.
pub const TICK: SignedDuration = SignedDuration::from_mins(5);

/// How many times as many calls as configured a run of the refresher may have in flight while two runs did not get to what is due.
pub const TIMES_WHEN_BEHIND: f64 = 4.0;

/// How long after a first refusal a second one confirms that Amazon refuses the grant.
pub const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// How often at most a request for a token is recorded, so that a token costs only a few such writes a day.
pub const NOTED_EVERY: SignedDuration = SignedDuration::from_hours(6);

/// How long after the last recorded request a token counts as asked for: one day, and the time by which the record
/// may be too old.
const DEMAND_LASTS: SignedDuration = SignedDuration::from_hours(24 + 6);

/// A token that callers ask for is due at least this long before it expires.
const REPLACED_BEFORE_END: SignedDuration = SignedDuration::from_mins(10);

/// A token is due by its slot at least this long after its issue: the index may lag, and shows it before a run of that moment looks for it.
const DUE_BY_SLOT_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// How long after its issue a token that no caller asks for is refreshed. It may be up to [`VALIDATION_SPREADS`] later:
/// within a day.
const VALIDATED_AFTER: SignedDuration = SignedDuration::from_hours(18);

/// The part of the day over which the daily checks are spread.
const VALIDATION_SPREADS: SignedDuration = SignedDuration::from_hours(5);

/// The longest pause after an internal error that concerns one token.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

/// The longest pause between two tries of a grant that Amazon refuses.
const LONGEST_PAUSE_OF_REFUSED: SignedDuration = SignedDuration::from_hours(24);

/// Which tokens the refresher keeps warm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeepWarm {
    /// Those that callers asked for within the last day.
    Demand,
    /// All of them.
    Always,
    /// None of them.
    Never,
}

/// When a token is due, and where the index has it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Due {
    /// The shard of the index.
    #[serde(rename = "due_shard")]
    pub shard: String,
    /// The key within the shard: a [slot](super::slots), or the time at which the token is due, in seconds since 1970.
    #[serde(rename = "due_slot")]
    pub slot: i64,
    /// When it is due.
    #[serde(rename = "due_at", with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
}

/// What a partner's row stores beside the token, so that the refresher checks it.
#[derive(Clone, Debug, Serialize)]
pub struct DueEntry {
    /// When it is due.
    #[serde(flatten)]
    pub due: Due,
    /// When a caller last asked for the token, if one ever did.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional", skip_serializing_if = "Option::is_none")]
    pub last_requested_at: Option<Timestamp>,
}

impl Due {
    /// Returns an entry that makes the grant's token due at `at`.
    pub fn at(key: &GrantKey, at: Timestamp) -> Self {
        Self { shard: shard_name(place_of(key, "shard") % u64::from(SHARDS)), slot: at.as_second(), at }
    }

    /// Returns when a token that was issued at `minted_at` and expires at `expires_at` is due: to be replaced, or for
    /// the daily check.
    pub fn after_fetch(
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
        let proof = minted_at + VALIDATED_AFTER + part(VALIDATION_SPREADS, fraction(place_of(key, "proof")));
        if !warm {
            return Self::at(key, proof);
        }
        let slot = part(PERIOD, fraction(place_of(key, "warm"))).as_secs();
        let at = latest_in(slot, expires_at - REPLACED_BEFORE_END);
        if at >= minted_at + DUE_BY_SLOT_AFTER {
            return Self { slot: slot_of(at), ..Self::at(key, at) };
        }
        // The slot comes too soon. After a refresh at this time the next one does not, also if that refresh is a run early or three runs late.
        let for_next_slot = (at + PERIOD - DUE_BY_SLOT_AFTER - TICK * 3).max(minted_at + DUE_BY_SLOT_AFTER);
        Self::at(key, for_next_slot.min(Self::before_end(key, minted_at, expires_at).at))
    }

    /// Returns when a token is due that was issued at `minted_at` and shall be replaced late, but before it expires.
    pub fn before_end(key: &GrantKey, minted_at: Timestamp, expires_at: Timestamp) -> Self {
        // A token with an unusually short life is replaced after half of it, so that it is not replaced at every
        // tick.
        let halfway = minted_at + part(expires_at.duration_since(minted_at), 0.5);
        Self::at(key, halfway.max(expires_at - REPLACED_BEFORE_END))
    }

    /// Returns when to try again after the `tries`th failure in a row, counted from 0. The pauses of a refused grant
    /// grow. After a first refusal the pause is short, so that a second one can confirm it. A failure that is not the
    /// grant's own costs one run, however often it came: the token is warm again soon after Amazon answers again.
    /// A run that meets an outage ends early, so short pauses cost few calls.
    pub fn after_failure(key: &GrantKey, failure: Failure, tries: u32, now: Timestamp) -> Self {
        let pause = match failure {
            // A run also handles what is due within the next tick, and a second refusal that comes too early confirms
            // nothing.
            Failure::GrantRefused if tries == 0 => CONFIRMED_AFTER + TICK,
            Failure::GrantRefused | Failure::RequestRefused => {
                doubled(SignedDuration::from_mins(30), tries, LONGEST_PAUSE_OF_REFUSED)
            }
            Failure::CredentialsRefused | Failure::Throttled | Failure::Unavailable => TICK,
        };
        Self::after_pause(key, pause, tries, now)
    }

    /// Returns when to try again after the `tries`th internal error in a row that concerns this token alone, such as a
    /// refresh token that does not open. Pauses grow.
    pub fn after_error(key: &GrantKey, tries: u32, now: Timestamp) -> Self {
        Self::after_pause(key, doubled(TICK, tries, LONGEST_PAUSE), tries, now)
    }

    fn after_pause(key: &GrantKey, pause: SignedDuration, tries: u32, now: Timestamp) -> Self {
        // The pause is longer by up to a quarter, by another part at each try, so that tokens that failed together
        // are not retried together. A pause of a day stays a day.
        let spread = part(pause, 0.25 * fraction(place_of(key, &tries.to_string())));
        let longest = if pause > LONGEST_PAUSE { LONGEST_PAUSE_OF_REFUSED } else { SignedDuration::MAX };
        Self::at(key, now + (pause + spread).min(longest))
    }

    /// Returns when a disabled grant, for which no token is issued, is checked again.
    pub fn tomorrow(key: &GrantKey, now: Timestamp) -> Self {
        Self::at(key, now + VALIDATED_AFTER + part(VALIDATION_SPREADS, fraction(place_of(key, "proof"))))
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

/// Returns the name of a shard of the index.
pub fn shard_name(shard: impl std::fmt::Display) -> String {
    format!("{shard}")
}

/// Returns the pause after the `tries`th failure in a row, counted from 0: `first`, twice that, and so on.
fn doubled(first: SignedDuration, tries: u32, longest: SignedDuration) -> SignedDuration {
    first.checked_mul(1 << tries.min(16)).map_or(longest, |pause| pause.min(longest))
}

/// Returns a number that is constant for this partner and purpose, and evenly spread over partners.
fn place_of(key: &GrantKey, purpose: &str) -> u64 {
    let digest = digest::digest(&digest::SHA256, format!("{purpose}#{key}").as_bytes());
    digest.as_ref().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Returns a fraction from 0 to 1.
fn fraction(place: u64) -> f64 {
    f64::from(u32::try_from(place >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

/// Returns a fraction of a duration, in whole seconds.
fn part(whole: SignedDuration, fraction: f64) -> SignedDuration {
    SignedDuration::from_secs(whole.mul_f64(fraction).as_secs())
}

#[cfg(test)]
mod tests;
