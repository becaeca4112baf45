//! How often the refresher fetches a partner's token: its own rule, simulated.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::schedule::{Due, KeepWarm, TICK},
    grant::GrantKey,
};

use super::SECONDS;
use crate::crowd;

/// Returns how often the refresher fetches a partner's token in a month on average. It is simulated once for each case.
pub(super) fn refreshed_in_a_month(keep_warm: KeepWarm, in_use: bool) -> f64 {
    static KNOWN: [OnceLock<f64>; 6] = [const { OnceLock::new() }; 6];
    let mode = match keep_warm {
        KeepWarm::Demand => 0,
        KeepWarm::Always => 1,
        KeepWarm::Never => 2,
    };
    *KNOWN[mode * 2 + usize::from(in_use)].get_or_init(|| simulated(keep_warm, in_use))
}

/// Simulates a month of some partners by the refresher's own rule.
fn simulated(keep_warm: KeepWarm, in_use: bool) -> f64 {
    const SAMPLE: u16 = 500;
    const SPAN: SignedDuration = SignedDuration::from_hours(24 * 28);
    let end = Timestamp::UNIX_EPOCH + SPAN;
    let refreshed = |key: &GrantKey| {
        let (mut now, mut count) = (Timestamp::UNIX_EPOCH, 0_u32);
        loop {
            let requested_at = in_use.then_some(now);
            let due =
                Due::after_fetch(key, keep_warm, now, now + SignedDuration::from_hours(1), requested_at);
            // A run takes what becomes due before the next run.
            let ticks = (due.at.as_second() - 1) / TICK.as_secs();
            now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(ticks * TICK.as_secs());
            if now >= end {
                return f64::from(count);
            }
            count += 1;
        }
    };
    let keys = (0..SAMPLE).map(|number| crowd::key(number.into()).expect("a number makes a well-formed id"));
    let month = SECONDS / SPAN.as_secs_f64();
    keys.map(|key| refreshed(&key)).sum::<f64>() / f64::from(SAMPLE) * month
}
