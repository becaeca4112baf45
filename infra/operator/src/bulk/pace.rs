//! How many rows are in flight. Amazon does not publish a limit for its token endpoint, so the number halves when Amazon pushes
//! back, and rises slowly while it does not. Pure.

use std::time::Duration;

/// The pace of a run.
pub(crate) struct Pace {
    most: usize,
    allowed: usize,
    /// Successes since the number last changed.
    successes: u32,
    /// How often Amazon pushed back since the last success.
    in_succession: u32,
    /// Rises with each halving; rows that began in an earlier round say nothing of this one.
    round: u32,
}

/// After so many successes one row more may be in flight.
const RISES_AFTER: u32 = 20;

/// The first pause after a push-back; it doubles with each further one.
const PAUSE: Duration = Duration::from_millis(500);

const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Pace {
    /// Begins with `most` rows in flight.
    pub(crate) fn of(most: usize) -> Self {
        Self { most, allowed: most, successes: 0, in_succession: 0, round: 0 }
    }

    /// How many rows may be in flight now.
    pub(crate) fn allowed(&self) -> usize {
        self.allowed
    }

    /// The round in which a row begins now.
    pub(crate) fn round(&self) -> u32 {
        self.round
    }

    /// Amazon had time for a row.
    pub(crate) fn went_well(&mut self) {
        self.in_succession = 0;
        self.successes += 1;
        if self.successes >= RISES_AFTER && self.allowed < self.most {
            self.allowed += 1;
            self.successes = 0;
        }
    }

    /// Amazon had no time for a row that began in `round`. Returns how long no row may begin, if that is news.
    pub(crate) fn pushed_back(&mut self, round: u32) -> Option<Duration> {
        if round != self.round {
            return None;
        }
        let pause = PAUSE.saturating_mul(1 << self.in_succession.min(10)).min(LONGEST_PAUSE);
        self.round += 1;
        self.in_succession += 1;
        self.successes = 0;
        self.allowed = (self.allowed / 2).max(1);
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_back_halves_once_for_all_rows_in_flight_and_pauses_double() {
        let mut pace = Pace::of(8);
        assert_eq!(pace.pushed_back(0), Some(PAUSE));
        assert_eq!(pace.pushed_back(0), None, "it was in flight at the same time");
        assert_eq!(pace.allowed(), 4);
        assert_eq!(pace.pushed_back(1), Some(2 * PAUSE));
        assert_eq!(pace.pushed_back(2), Some(4 * PAUSE));
        assert_eq!((pace.pushed_back(3), pace.allowed()), (Some(8 * PAUSE), 1), "never none at all");
        for round in 4..50 {
            assert!(pace.pushed_back(round).is_some_and(|pause| pause <= LONGEST_PAUSE));
        }
    }

    #[test]
    fn it_recovers_slowly_and_no_further_than_it_began() {
        let mut pace = Pace::of(3);
        pace.pushed_back(0);
        assert_eq!(pace.allowed(), 1);
        for allowed in [1, 2, 3, 3] {
            assert_eq!(pace.allowed(), allowed);
            (0..RISES_AFTER).for_each(|_| pace.went_well());
        }
        assert_eq!(pace.pushed_back(1), Some(PAUSE), "the pauses begin again");
    }
}
