use super::*;

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
fn a_token_that_is_asked_for_is_replaced_before_its_last_ten_minutes() {
    let at = |minutes| SignedDuration::from_mins(minutes);
    for key in keys(100) {
        let due = after_fetch(&key, KeepWarm::Demand, Some(HOUR));

        assert!(at(45) <= due && due <= at(50), "{due:?}");
        assert_eq!(after_fetch(&key, KeepWarm::Always, None), due);
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
