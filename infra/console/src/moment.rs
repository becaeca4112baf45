//! Times on a page: in UTC, and relative to the current time.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// A time, and its distance from now.
pub fn moment(at: Timestamp, now: Timestamp) -> Markup {
    html! {
        time datetime=(at.strftime("%FT%TZ")) { (at.strftime("%F %T")) " UTC" }
        " " span.quiet.nowrap { "(" (distance(at, now)) ")" }
    }
}

/// The date of a time, and its distance from now.
pub(crate) fn day(at: Timestamp, now: Timestamp) -> Markup {
    html! {
        time datetime=(at.strftime("%FT%TZ")) { (at.strftime("%F")) }
        " " span.quiet.nowrap { "(" (distance(at, now)) ")" }
    }
}

/// The distance of a time from now, in its largest unit.
pub(crate) fn distance(at: Timestamp, now: Timestamp) -> String {
    let away = at.duration_since(now);
    match length(away) {
        None => "now".to_owned(),
        Some(length) if away.is_positive() => format!("in {length}"),
        Some(length) => format!("{length} ago"),
    }
}

fn length(duration: SignedDuration) -> Option<String> {
    let seconds = duration.as_secs().unsigned_abs();
    let (count, unit) = match seconds {
        0 => return None,
        1..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    Some(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_has_its_largest_unit() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let text_of = |seconds| distance(now + SignedDuration::from_secs(seconds), now);

        for (seconds, text) in [
            (0, "now"),
            (1, "in 1 second"),
            (59, "in 59 seconds"),
            (3599, "in 59 minutes"),
            (7200, "in 2 hours"),
            (172_800, "in 2 days"),
            (-60, "1 minute ago"),
            (-31_536_000, "365 days ago"),
        ] {
            assert_eq!(text_of(seconds), text);
        }
    }
}
