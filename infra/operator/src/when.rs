//! Moments and lengths of time as people type them: `2027-05-20T00:00:00Z`, `2027-05-20`, `30d`, `12h`.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use thiserror::Error;

/// A moment: given outright, or as a distance from now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum When {
    /// This moment.
    At(Timestamp),
    /// So far from now; the option says in which direction.
    Away(SignedDuration),
}

/// A length of time: a number and `s`, `m`, `h` or `d`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Length(pub(crate) SignedDuration);

/// What was typed is neither.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct NoTime(&'static str);

impl When {
    /// The moment, a distance being ahead of `now`.
    pub(crate) fn ahead_of(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Away(distance) => whole(now.saturating_add(distance).unwrap_or(Timestamp::MAX)),
        }
    }

    /// The moment, a distance being before `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Away(distance) => whole(now.saturating_sub(distance).unwrap_or(Timestamp::MIN)),
        }
    }
}

impl FromStr for When {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        if let Ok(Length(distance)) = text.parse() {
            return Ok(Self::Away(distance));
        }
        if let Ok(moment) = text.parse() {
            return Ok(Self::At(moment));
        }
        // Only a bare date: `Date` would also take a date and time, and drop the time.
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2027-05-20".len());
        date.and_then(|date| date.to_zoned(TimeZone::UTC).ok())
            .map(|midnight| Self::At(midnight.timestamp()))
            .ok_or(NoTime(MOMENT))
    }
}

impl FromStr for Length {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let (number, seconds) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
            .into_iter()
            .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
            .ok_or(NoTime(LENGTH))?;
        let plain = !number.is_empty() && number.len() <= 9 && number.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = number.parse().ok().filter(|_| plain).ok_or(NoTime(LENGTH))?;
        Ok(Self(SignedDuration::from_secs(number * seconds)))
    }
}

/// Nobody who types days means nanoseconds.
fn whole(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

const MOMENT: &str = "expected a time with its zone such as 2027-05-20T00:00:00Z, a date (UTC), or a distance such as 30d or 12h";
const LENGTH: &str = "expected a number and a unit: s, m, h or d";

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T12:00:00.123456789Z";

    fn ahead(text: &str) -> String {
        text.parse::<When>().unwrap().ahead_of(NOW.parse().unwrap()).to_string()
    }

    #[test]
    fn a_moment_is_a_time_a_date_or_a_distance() {
        assert_eq!(ahead("2027-05-20T02:00:00+02:00"), "2027-05-20T00:00:00Z");
        assert_eq!(ahead("2027-05-20"), "2027-05-20T00:00:00Z");
        assert_eq!(ahead("30d"), "2026-12-21T12:00:00Z");
        assert_eq!(
            "7d".parse::<When>().unwrap().before(NOW.parse().unwrap()).to_string(),
            "2026-11-14T12:00:00Z"
        );
        assert_eq!(ahead("999999999d"), "9999-12-30T22:00:00Z");
    }

    #[test]
    fn anything_else_is_not() {
        let bad = [
            "",
            "soon",
            "30",
            "d",
            "-3d",
            "+3d",
            "3.5d",
            "3w",
            "2027-13-01",
            "2027-05-20T00:00:00",
            "9999999999d",
            "٣d",
        ];
        for text in bad {
            assert!(text.parse::<When>().is_err(), "{text}");
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }
}
