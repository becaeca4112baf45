//! Writes down who got which access token: a line at the first hand-out of a token to a consumer in an environment, and then at most one a
//! minute, with the number of hand-outs since the last one.

use std::{
    num::NonZeroUsize,
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use lru::LruCache;

use super::{Wanted, wanted::Kind};
use crate::{
    consumer::Invoked,
    env::{Env, Unset},
    ids::Malformed,
    secret::Fingerprint,
};

/// The target of the lines, which are written at any log level.
pub const TARGET: &str = "audit";

/// How many tokens and consumers are counted. Each takes about 300 bytes. What is pushed out begins with a line again.
const COUNTED: NonZeroUsize = NonZeroUsize::new(2_000).expect("2,000 is not zero");

/// The time between two lines about one token and one consumer.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// An access token that a caller gets.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct HandedOut {
    /// The key of the grant, or the application's id and the scope.
    pub subject: String,
    /// Which kind of token it is.
    pub kind: Kind,
    /// The fingerprint of the token.
    pub fingerprint: Fingerprint,
}

impl HandedOut {
    /// Describes a token with this fingerprint.
    pub fn new(wanted: &Wanted, fingerprint: Fingerprint) -> Self {
        let subject = match wanted {
            Wanted::Partner(grant) | Wanted::Restricted(grant, _) => grant.to_string(),
            Wanted::Scope(application, scope) => format!("{application}#{scope}"),
        };
        Self { subject, kind: wanted.kind(), fingerprint }
    }
}

/// Whether each hand-out is written down.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Lines {
    /// The first, and then at most one line a minute.
    #[default]
    Minute,
    /// Every one.
    Every,
}

impl FromStr for Lines {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "minute" => Ok(Self::Minute),
            "every" => Ok(Self::Every),
            _ => Err(Malformed("minute or every")),
        }
    }
}

/// Writes down hand-outs.
#[derive(Debug)]
pub struct Audit {
    lines: Lines,
    counts: Mutex<LruCache<(String, HandedOut), Count>>,
}

/// The hand-outs of one token to one consumer.
#[derive(Debug)]
struct Count {
    written_at: Timestamp,
    since: u64,
}

impl Audit {
    /// Reads `AUDIT` (`minute`, the default, or `every`).
    pub fn from_env(env: &Env) -> Result<Self, Unset> {
        Ok(Self::new(env.optional_parsed("AUDIT")?.unwrap_or_default()))
    }

    fn new(lines: Lines) -> Self {
        Self { lines, counts: Mutex::new(LruCache::new(COUNTED)) }
    }

    /// Writes down that the invocation gets the token, if a line is due. The line is within the invocation's span, and so has its
    /// request id and its consumer.
    pub fn write_down(&self, invoked: &Invoked, handed_out: HandedOut, fetched: bool, now: Timestamp) {
        let alias = match invoked {
            Invoked::By(name) => name.as_str(),
            Invoked::Unqualified | Invoked::Otherwise => "",
        };
        let HandedOut { subject, kind, fingerprint } = &handed_out;
        let (subject, kind, fingerprint) = (subject.clone(), kind.as_str(), fingerprint.clone());
        if let Some(count) = self.due(alias, handed_out, now) {
            let from = if fetched { "fetched" } else { "kept" };
            // Without a message, which would repeat the fields: with callers of every few minutes each hand-out has its line, and
            // CloudWatch charges for each byte. The span of the invocation names the consumer.
            tracing::info!(
                target: TARGET,
                subject,
                kind,
                fingerprint = fingerprint.abridged(),
                from,
                count,
            );
        }
    }

    /// Counts a hand-out, and returns how many the line that is due now stands for.
    fn due(&self, alias: &str, handed_out: HandedOut, now: Timestamp) -> Option<u64> {
        if self.lines == Lines::Every {
            return Some(1);
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (alias.to_owned(), handed_out);
        let Some(count) = counts.get_mut(&key) else {
            counts.put(key, Count { written_at: now, since: 0 });
            return Some(1);
        };
        count.since += 1;
        if now.duration_since(count.written_at) < PAUSE {
            return None;
        }
        count.written_at = now;
        Some(std::mem::take(&mut count.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn token(subject: &str, text: &str) -> HandedOut {
        HandedOut { subject: subject.to_owned(), kind: Kind::Own, fingerprint: Fingerprint::of(text) }
    }

    #[test]
    fn a_token_has_a_line_at_first_and_one_a_minute_with_the_count() {
        let audit = Audit::new(Lines::Minute);
        let due = |alias: &str, text: &str, seconds| audit.due(alias, token("grant", text), at(seconds));

        assert_eq!(due("orders", "one", 0), Some(1));
        for second in 1..60 {
            assert_eq!(due("orders", "one", second), None);
        }
        assert_eq!(due("orders", "one", 60), Some(60));
        assert_eq!(due("orders", "one", 119), None);
        assert_eq!(due("orders", "one", 500), Some(2));
        assert_eq!(due("billing", "one", 1), Some(1), "another consumer");
        assert_eq!(due("orders", "two", 2), Some(1), "another token");
    }

    #[test]
    fn every_hand_out_is_written_down_on_request() {
        let audit = Audit::new("every".parse().unwrap());
        for _ in 0..3 {
            assert_eq!(audit.due("orders", token("grant", "one"), at(0)), Some(1));
        }
    }

    #[test]
    fn the_memory_is_bounded_and_what_is_forgotten_begins_with_a_line() {
        let audit = Audit::new(Lines::Minute);
        for number in 0..3_000 {
            assert_eq!(audit.due("orders", token(&number.to_string(), "one"), at(0)), Some(1));
        }
        assert_eq!(audit.counts.lock().unwrap().len(), COUNTED.get());
        assert_eq!(audit.due("orders", token("0", "one"), at(1)), Some(1));
    }
}
