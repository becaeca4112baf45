use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_day_is_24_whole_hours_of_which_the_last_contains_now() {
    for now in ["2026-11-22T13:00:00Z", "2026-11-22T13:59:59.999Z"] {
        let day = Day::until(at(now));
        assert_eq!(
            (day.from(), day.end()),
            (at("2026-11-21T14:00:00Z"), at("2026-11-22T14:00:00Z")),
            "{now}"
        );
        let hours = day.hours();
        assert_eq!((hours[0], hours[23]), (day.from(), at("2026-11-22T13:00:00Z")), "{now}");
    }
}

#[test]
fn values_are_in_the_hour_in_which_they_were_measured_and_those_of_other_days_in_none() {
    let mut day = Day::until(at("2026-11-22T13:30:00Z"));
    for (moment, value) in [
        ("2026-11-21T13:59:59.999Z", 1000),
        ("2026-11-21T14:00:00Z", 1),
        ("2026-11-22T12:59:59.999Z", 2),
        ("2026-11-22T13:00:00Z", 3),
        ("2026-11-22T13:59:59.999Z", 4),
        ("2026-11-22T14:00:00Z", 1000),
    ] {
        day.add(Series::Stored, at(moment), value);
    }

    let mut expected = [0; HOURS];
    (expected[0], expected[22], expected[23]) = (1, 2, 7);
    assert_eq!(day.of(Series::Stored), expected);
    assert_eq!(day.of(Series::Fetched), [0; HOURS]);
}

#[test]
fn functions_are_added_up_except_for_the_longest_call() {
    let now = at("2026-11-22T13:30:00Z");
    let mut day = Day::until(now);
    for (calls, milliseconds, longest) in [(2, 300, 200), (1, 600, 600), (1, 101, 101)] {
        day.add(Series::Calls, now, calls);
        day.add(Series::Milliseconds, now, milliseconds);
        day.add(Series::Longest, now, longest);
    }

    assert_eq!(day.of(Series::Longest)[23], 600);
    assert_eq!(day.average()[23], Some(1001 / 4));
    assert_eq!(day.average()[22], None, "an hour without a call has no average");
}
