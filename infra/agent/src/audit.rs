//! Writes to the log what the agent hands out: a line at the first hand-out of a token, and then at most one a minute with the number of
//! hand-outs since the last one. `get-access-token` writes the same of its own, and cannot see these.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// The time between two lines about one token.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// How many tokens are counted. What is forgotten begins with a line again.
const MOST: usize = 2000;

/// The hand-outs of tokens, by subject and fingerprint.
#[derive(Default)]
pub(crate) struct Audit {
    counts: HashMap<(String, String), Count>,
}

struct Count {
    written_at: Timestamp,
    since: u64,
}

impl Audit {
    /// Counts a hand-out, and returns the line that is due. `from` is `kept` or `fetched`.
    pub(crate) fn line(
        &mut self,
        subject: &str,
        fingerprint: &str,
        from: &str,
        now: Timestamp,
    ) -> Option<String> {
        if self.counts.len() >= MOST {
            self.counts.retain(|_, count| now.duration_since(count.written_at) < PAUSE);
            if self.counts.len() >= MOST {
                self.counts.clear();
            }
        }
        let is_new = Count { written_at: Timestamp::MIN, since: 0 };
        let count = self.counts.entry((subject.to_owned(), fingerprint.to_owned())).or_insert(is_new);
        count.since += 1;
        let elapsed = now.as_second().saturating_sub(count.written_at.as_second());
        // A clock that was set back ends no pause that it did not begin.
        if (0..PAUSE.as_secs()).contains(&elapsed) {
            return None;
        }
        count.written_at = now;
        let times = std::mem::take(&mut count.since);
        Some(format!("handed out: {subject} fingerprint={fingerprint} from={from} count={times}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_token_has_a_line_at_first_and_one_a_minute_with_the_count() {
        let mut audit = Audit::default();
        let mut line = |fingerprint: &str, seconds| audit.line("{\"a\":1}", fingerprint, "kept", at(seconds));

        let first = "handed out: {\"a\":1} fingerprint=f1 from=kept count=1";
        assert_eq!(line("f1", 0).as_deref(), Some(first));
        assert_eq!(line("f1", 59), None);
        assert!(line("f1", 60).unwrap().ends_with("count=2"));
        assert!(line("f2", 60).unwrap().ends_with("count=1"), "another token");
        assert_eq!(line("f1", 61), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut audit = Audit::default();
        for number in 0..5_000 {
            audit.line(&number.to_string(), "f", "fetched", at(0));
        }
        assert!(audit.counts.len() <= MOST);
    }
}
