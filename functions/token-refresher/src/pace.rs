//! Decides how many tokens are fetched at the same time. Amazon documents no limit, so a run searches for one: the limit
//! begins low, doubles until a call is throttled or fails, is then halved, and grows slowly from there. Pure.

use jiff::SignedDuration;
use shared::access_token::schedule::{TICK, TIMES_WHEN_BEHIND};

/// Amazon counts as down after this many failures in a row without an answer between them.
const DOWN_AFTER: u32 = 12;

/// The highest limit of one environment.
const MOST: f64 = 256.0;

/// The limit for calls in flight, and what it has learned from their answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    configured: f64,
    most: f64,
    limit: f64,
    /// Below this value the limit doubles in each round; above it, the limit grows by one.
    careful_from: f64,
    /// The number of answers still to come for calls made before the limit was last halved.
    old_answers: u32,
    failed_in_a_row: u32,
}

impl Pace {
    /// Begins with a quarter of what is configured, which is the highest limit while the refresher keeps up.
    pub(crate) fn new(configured: u16) -> Self {
        let configured = f64::from(configured);
        Self {
            configured,
            most: configured,
            limit: (configured / 4.0).max(1.0),
            careful_from: configured,
            old_answers: 0,
            failed_in_a_row: 0,
        }
    }

    /// Sets how high the limit may grow, by how long the next token has been due: beyond what is configured if two runs did not get to
    /// it. `healthy` is whether every application gets tokens: those of one that gets none are left due, which says nothing of the load.
    pub(crate) fn keep_up(&mut self, lag: SignedDuration, healthy: bool) {
        let is_behind = healthy && lag >= TICK * 2;
        self.most = if is_behind { (self.configured * TIMES_WHEN_BEHIND).min(MOST) } else { self.configured };
        self.limit = self.limit.min(self.most);
    }

    /// Returns how many calls may be in flight now.
    pub(crate) fn limit(&self) -> usize {
        // At least 1 and at most 256.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 256")]
        let limit = self.limit as usize;
        limit
    }

    /// Returns whether Amazon seems to be down, so that the run ends.
    pub(crate) fn is_amazon_down(&self) -> bool {
        self.failed_in_a_row >= DOWN_AFTER
    }

    /// Resets the failure streak at the start of a run. A run begins with one call if Amazon did not answer the last one.
    pub(crate) fn begin(&mut self, with_one_call: bool) {
        self.failed_in_a_row = 0;
        self.old_answers = 0;
        self.keep_up(SignedDuration::ZERO, true);
        if with_one_call {
            self.limit = 1.0;
        }
    }

    /// Records an answer from Amazon.
    pub(crate) fn answered(&mut self) {
        self.failed_in_a_row = 0;
        self.old_answers = self.old_answers.saturating_sub(1);
        let more = if self.limit < self.careful_from { 1.0 } else { 1.0 / self.limit };
        self.limit = (self.limit + more).min(self.most);
    }

    /// Records that Amazon throttled a call or did not answer. Calls that were in flight together halve the limit once.
    pub(crate) fn pushed_back(&mut self) {
        self.failed_in_a_row += 1;
        if self.old_answers > 0 {
            self.old_answers -= 1;
            return;
        }
        self.old_answers = u32::try_from(self.limit()).unwrap_or(u32::MAX).saturating_sub(1);
        self.limit = (self.limit / 2.0).max(1.0);
        self.careful_from = self.limit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_full_speed() -> Pace {
        let mut pace = Pace::new(64);
        (0..64).for_each(|_| pace.answered());
        pace
    }

    #[test]
    fn it_begins_low_and_doubles() {
        let mut pace = Pace::new(64);
        assert_eq!(pace.limit(), 16);
        (0..16).for_each(|_| pace.answered());
        assert_eq!(pace.limit(), 32);
        (0..1000).for_each(|_| pace.answered());
        assert_eq!(pace.limit(), 64);
        assert_eq!(Pace::new(1).limit(), 1);
    }

    #[test]
    fn a_wave_of_failures_halves_it_once() {
        let mut pace = at_full_speed();
        (0..64).for_each(|_| pace.pushed_back());
        assert_eq!(pace.limit(), 32);
        pace.pushed_back();
        assert_eq!(pace.limit(), 16);
    }

    #[test]
    fn a_run_that_is_behind_may_go_beyond_what_is_configured_and_grows_slowly_there() {
        let answers = |pace: &mut Pace, count: u32| (0..count).for_each(|_| pace.answered());
        let mut pace = Pace::new(16);
        pace.keep_up(TICK, true);
        answers(&mut pace, 1_000);
        assert_eq!(pace.limit(), 16, "it keeps up");

        pace.keep_up(TICK * 2, false);
        answers(&mut pace, 1_000);
        assert_eq!(pace.limit(), 16, "an application gets no tokens");

        pace.keep_up(TICK * 2, true);
        answers(&mut pace, 16);
        assert!((16..=17).contains(&pace.limit()), "by one in a round: {}", pace.limit());
        answers(&mut pace, 10_000);
        assert_eq!(pace.limit(), 64);

        pace.keep_up(TICK, true);
        assert_eq!(pace.limit(), 16, "it has caught up");
        let mut fast = Pace::new(200);
        fast.keep_up(TICK * 3, true);
        answers(&mut fast, 100_000);
        assert_eq!(fast.limit(), 256);
    }

    #[test]
    fn it_recovers_slowly() {
        let mut pace = at_full_speed();
        pace.pushed_back();
        (0..32 + 63).for_each(|_| pace.answered());
        assert!((33..=35).contains(&pace.limit()), "{}", pace.limit());
    }

    #[test]
    fn it_gives_up_after_a_dozen_failures_in_a_row_and_tries_again_at_the_next_run() {
        let mut pace = at_full_speed();
        (0..11).for_each(|_| pace.pushed_back());
        pace.answered();
        (0..11).for_each(|_| pace.pushed_back());
        assert!(!pace.is_amazon_down());
        pace.pushed_back();
        assert!(pace.is_amazon_down());
        pace.begin(false);
        assert!(!pace.is_amazon_down() && (2..64).contains(&pace.limit()));
        pace.begin(true);
        assert_eq!(pace.limit(), 1);
    }

    #[test]
    fn it_never_stops_altogether() {
        let mut pace = Pace::new(16);
        (0..1000).for_each(|_| pace.pushed_back());
        assert_eq!(pace.limit(), 1);
    }
}
