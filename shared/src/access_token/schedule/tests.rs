use std::collections::BTreeMap;

use super::*;
use crate::access_token::slots::{Window, times};

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn keys(count: u32) -> impl Iterator<Item = GrantKey> {
    (0..count)
        .map(|n| format!("amzn1.sp.solution.11111111-2222-4333-8444-555555555555#na#A{n}").parse().unwrap())
}

fn after_fetch(key: &GrantKey, keep_warm: KeepWarm, asked_ago: Option<SignedDuration>) -> SignedDuration {
    Due::after_fetch(key, keep_warm, NOW, NOW + HOUR, asked_ago.map(|ago| NOW - ago)).at.duration_since(NOW)
}

#[test]
fn a_token_that_is_asked_for_is_due_in_its_slot_and_before_its_last_ten_minutes() {
    let at = |minutes| SignedDuration::from_mins(minutes);
    let mut moments = BTreeMap::new();
    for key in keys(900) {
        let due = Due::after_fetch(&key, KeepWarm::Demand, NOW, NOW + HOUR, Some(NOW - HOUR));

        let life = due.at.duration_since(NOW);
        assert!(at(15) <= life && life <= at(50), "{life:?}");
        if due.slot != slot_of(due.at) {
            // Its slot comes too soon, and comes at the right time after the refresh that is due now.
            assert_eq!(due.slot, due.at.as_second());
            for runs_late in -1..=3 {
                let refreshed_at = due.at + TICK * runs_late;
                let next =
                    Due::after_fetch(&key, KeepWarm::Demand, refreshed_at, refreshed_at + HOUR, Some(NOW));
                assert_eq!(next.slot, slot_of(next.at), "{runs_late} runs late");
            }
        }
        *moments.entry(due.at).or_insert(0) += 1;
        assert_eq!(Due::after_fetch(&key, KeepWarm::Always, NOW, NOW + HOUR, None), due);
    }
    // What was fetched in the same second is not due in the same one.
    assert!(moments.values().all(|count| *count < 9), "{moments:?}");
}

/// What became of a token that was kept warm for a day.
#[derive(Default)]
struct Day {
    refreshed: u32,
    least_life: SignedDuration,
    /// How often a refresh made it due at a time of its own, or gave it its slot.
    moved: u32,
}

/// The runs of one shard, some of which store nothing, and one token.
fn kept_warm(key: &GrantKey, fails: impl Fn(i64) -> bool) -> Day {
    let mut due = Due::after_fetch(key, KeepWarm::Always, NOW, NOW + HOUR, None);
    let (mut expires_at, mut done) = (NOW + HOUR, None);
    let mut day = Day { least_life: HOUR, ..Day::default() };
    for run in 1..=24 * 12 {
        let now = NOW + TICK * i32::try_from(run).unwrap() + SignedDuration::from_secs(run * 7919 % 20);
        day.least_life = day.least_life.min(expires_at.duration_since(now));
        if fails(run) {
            continue;
        }
        let window = Window::new(done, now + TICK);
        let mut ranges = window.slots();
        ranges.push(times(window.until()));
        if ranges.iter().any(|range| range.contains(&due.slot)) && due.at <= window.until() {
            expires_at = now + HOUR;
            let before =
                std::mem::replace(&mut due, Due::after_fetch(key, KeepWarm::Always, now, expires_at, None));
            day.moved += u32::from(due.slot != before.slot);
            day.refreshed += 1;
        }
        done = window.done(None).or(done);
    }
    day
}

#[test]
fn a_token_that_is_kept_warm_is_refreshed_once_in_a_period_and_never_late() {
    for key in keys(300) {
        let Day { refreshed, least_life, moved } = kept_warm(&key, |_| false);
        assert!((31..=34).contains(&refreshed), "{refreshed} times in a day");
        assert!(least_life >= SignedDuration::from_secs(9 * 60 + 40), "{least_life:?}");
        // Whatever the time at which it was first fetched, its first refresh gives it its slot.
        assert!(moved <= 1, "{moved} writes into the index");
        // A run that was broken off leaves its work to the next.
        let Day { refreshed, least_life, moved } = kept_warm(&key, |run| run % 7 == 3);
        assert!(moved <= 1, "{moved} writes into the index");
        assert!((29..=36).contains(&refreshed), "{refreshed} times in a day");
        assert!(least_life >= SignedDuration::from_secs(4 * 60 + 40), "{least_life:?}");
    }
}

#[test]
fn whatever_is_kept_warm_a_grant_is_validated_within_a_day() {
    let day = SignedDuration::from_hours(24);
    for key in keys(100) {
        for keep_warm in [KeepWarm::Demand, KeepWarm::Always, KeepWarm::Never] {
            for asked in [None, Some(HOUR), Some(HOUR * 31)] {
                assert!(after_fetch(&key, keep_warm, asked) + TICK < day);
            }
        }
        assert!(Due::tomorrow(&key, NOW).at.duration_since(NOW) < day);
    }
}

#[test]
fn demand_is_forgotten_after_a_day_and_what_it_may_have_been_noted_too_early() {
    let key = keys(1).next().unwrap();

    assert!(after_fetch(&key, KeepWarm::Demand, Some(HOUR * 29)) < HOUR);
    assert!(after_fetch(&key, KeepWarm::Demand, Some(HOUR * 30)) > HOUR);
    assert!(after_fetch(&key, KeepWarm::Never, Some(HOUR)) > HOUR);
}

#[test]
fn what_is_due_is_spread_over_shards_and_over_the_day() {
    let mut shards = [0; SHARDS as usize];
    let mut hours = [0; 24];
    for key in keys(8000) {
        let due = Due::after_fetch(&key, KeepWarm::Never, NOW, NOW + HOUR, None);
        shards[due.shard.parse::<usize>().unwrap()] += 1;
        hours[usize::try_from(due.at.duration_since(NOW).as_hours()).unwrap()] += 1;
    }

    assert!(shards.iter().all(|count| (800..1200).contains(count)), "{shards:?}");
    assert!(hours[18..23].iter().all(|count| (1300..1900).contains(count)), "{hours:?}");
}

#[test]
fn a_short_lived_token_is_not_replaced_at_every_tick() {
    let key = keys(1).next().unwrap();
    let due = Due::after_fetch(&key, KeepWarm::Always, NOW, NOW + SignedDuration::from_mins(4), None);

    assert_eq!(due.at, NOW + SignedDuration::from_mins(2));
}

#[test]
fn pauses_grow_to_a_limit_and_differ_between_partners() {
    let refused = |key: &GrantKey, tries| Due::after_failure(key, Failure::GrantRefused, tries, NOW);
    let ours = |key: &GrantKey, tries| Due::after_error(key, tries, NOW);
    let pause = |due: Due| due.at.duration_since(NOW).as_secs();
    for key in keys(50) {
        for pauses in [
            (0..40).map(|tries| pause(refused(&key, tries))).collect::<Vec<_>>(),
            (0..40).map(|tries| pause(ours(&key, tries))).collect(),
        ] {
            assert!(pauses.iter().zip(&pauses[1..]).take(6).all(|(one, next)| one < next), "{pauses:?}");
            assert!(pauses.iter().all(|pause| *pause <= 24 * 3600), "{pauses:?}");
        }
        assert!((900..=1125).contains(&pause(refused(&key, 0))));
    }
    let first: std::collections::HashSet<_> = keys(50).map(|key| pause(ours(&key, 3))).collect();
    assert!(first.len() > 40, "{first:?}");
}

#[test]
fn a_failure_that_is_not_the_grants_own_costs_one_run_however_often_it_came() {
    for key in keys(50) {
        for failure in [Failure::CredentialsRefused, Failure::Throttled, Failure::Unavailable] {
            for tries in [0, 1, 7, 400] {
                let due = Due::after_failure(&key, failure, tries, NOW).at;
                // A run looks ahead until the next one.
                assert!(NOW < due && due < NOW + TICK * 2, "{failure:?} {tries}: {due}");
            }
        }
    }
}
