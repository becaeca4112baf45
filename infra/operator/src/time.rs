//! Times and durations on the command line: `2027-05-20T00:00:00Z`, `2027-05-20`, `30d`, `12h`.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use thiserror::Error;

/// A time, or a duration before or after now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TimeArgument {
    /// This time.
    At(Timestamp),
    /// This long before or after now; the option determines which.
    Relative(SignedDuration),
}

/// A duration: a number and `s`, `m`, `h` or `d`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct DurationArgument(pub(crate) SignedDuration);

/// A text that is not of the expected form, which this names.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct InvalidTime(&'static str);

impl TimeArgument {
    /// The time; a duration counts from `now` on.
    pub(crate) fn after(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Relative(duration) => whole(now.saturating_add(duration).unwrap_or(Timestamp::MAX)),
        }
    }

    /// The time; a duration counts back from `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Relative(duration) => whole(now.saturating_sub(duration).unwrap_or(Timestamp::MIN)),
        }
    }
}

impl FromStr for TimeArgument {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        if let Ok(DurationArgument(duration)) = text.parse() {
            return Ok(Self::Relative(duration));
        }
        if let Ok(time) = text.parse() {
            return Ok(Self::At(time));
        }
        // Only a date: `Date` also parses a date with a time, and drops the time.
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2027-05-20".len());
        date.and_then(|date| date.to_zoned(TimeZone::UTC).ok())
            .map(|midnight| Self::At(midnight.timestamp()))
            .ok_or(InvalidTime(TIME))
    }
}

impl FromStr for DurationArgument {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let (number, seconds) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
            .into_iter()
            .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
            .ok_or(InvalidTime(DURATION))?;
        let plain = !number.is_empty() && number.len() <= 9 && number.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = number.parse().ok().filter(|_| plain).ok_or(InvalidTime(DURATION))?;
        Ok(Self(SignedDuration::from_secs(number * seconds)))
    }
}

/// The time without fractions of a second: a duration is typed in whole seconds.
fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

const TIME: &str = "expected a time with a zone such as `2027-05-20T00:00:00Z`, a date in UTC such as `2027-05-20`, or a duration such as `30d` or `12h`";
const DURATION: &str = "expected a whole number and a unit (`s`, `m`, `h` or `d`), such as `7d`";

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T12:00:00.123456789Z";

    fn after(text: &str) -> String {
        text.parse::<TimeArgument>().unwrap().after(NOW.parse().unwrap()).to_string()
    }

    #[test]
    fn a_time_is_rfc_3339_a_date_or_a_duration() {
        assert_eq!(after("2027-05-20T02:00:00+02:00"), "2027-05-20T00:00:00Z");
        assert_eq!(after("2027-05-20"), "2027-05-20T00:00:00Z");
        assert_eq!(after("30d"), "2026-12-21T12:00:00Z");
        assert_eq!(
            "7d".parse::<TimeArgument>().unwrap().before(NOW.parse().unwrap()).to_string(),
            "2026-11-14T12:00:00Z"
        );
        assert_eq!(after("999999999d"), "9999-12-30T22:00:00Z");
    }

    #[test]
    fn other_texts_are_not_times() {
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
            assert!(text.parse::<TimeArgument>().is_err(), "{text}");
            assert!(text.parse::<DurationArgument>().is_err(), "{text}");
        }
    }
}
