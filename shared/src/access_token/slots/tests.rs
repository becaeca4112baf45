use std::collections::BTreeSet;

use super::*;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn looked_at(window: &Window) -> Vec<i64> {
    window.slots().into_iter().flatten().collect()
}

#[test]
fn a_moment_is_the_latest_one_of_its_slot_and_the_next_comes_a_period_later() {
    for since in [0, 1, 899, 2_699, 2_700, 5_000] {
        let moment = NOW + seconds(since);
        for later in [0, 1, 2_699] {
            assert_eq!(latest_in(slot_of(moment), moment + seconds(later)), moment);
        }
        assert_eq!(latest_in(slot_of(moment), moment + PERIOD), moment + PERIOD);
        assert_eq!(latest_in(slot_of(moment), moment - seconds(1)), moment - PERIOD);
    }
}

#[test]
fn a_window_has_the_slots_of_its_moments_once_each_and_the_earliest_first() {
    for (end, length) in
        (0..2_700).step_by(97).flat_map(|end| [1, 300, 301, 2_699, 2_700].map(|length| (end, length)))
    {
        let until = NOW + seconds(end);
        let window = Window::new(Some(until - seconds(length)), until);

        let moments: Vec<_> = (1..=length).map(|after| until - seconds(length - after)).collect();
        assert_eq!(looked_at(&window), moments.iter().map(|moment| slot_of(*moment)).collect::<Vec<_>>());
        assert!(moments.iter().all(|moment| window.moment(slot_of(*moment)) == *moment));
    }
}

#[test]
fn a_shard_is_looked_at_as_a_whole_if_what_it_stores_is_missing_old_or_cannot_be() {
    let future = NOW + TICK * 2;
    for done in [None, Some(NOW - PERIOD), Some(NOW - PERIOD * 9), Some(future)] {
        let window = Window::new(done, NOW);
        let slots = looked_at(&window);

        assert_eq!(slots.iter().copied().collect::<BTreeSet<_>>(), (0..2_700).collect());
        assert_eq!(slots.len(), 2_700);
        let moments: Vec<_> = slots.into_iter().map(|slot| window.moment(slot)).collect();
        assert!(moments.is_sorted() && moments[0] > NOW - PERIOD && moments[2_699] == NOW);
        assert_eq!(window.done(None), Some(NOW));
    }
}

#[test]
fn a_message_that_comes_after_a_later_one_looks_at_no_slot_and_undoes_nothing() {
    for later in [seconds(0), seconds(1), TICK] {
        let window = Window::new(Some(NOW + later), NOW);
        assert!(window.slots().is_empty());
        assert_eq!(window.done(None), None);
    }
}

#[test]
fn nothing_that_is_left_due_is_passed_over() {
    let window = Window::new(Some(NOW - TICK), NOW);
    for (left, done) in [
        (None, Some(NOW)),
        (Some(NOW), Some(NOW - seconds(1))),
        (Some(NOW - seconds(299)), None),
        (Some(NOW - PERIOD * 3), None),
        (Some(NOW + PERIOD), Some(NOW)),
    ] {
        assert_eq!(window.done(left), done, "{left:?}");
        let next = Window::new(done.or(Some(NOW - TICK)), NOW + TICK);
        let is_found = |left: Timestamp| looked_at(&next).contains(&slot_of(left));
        assert!(left.is_none_or(|left| left > NOW || left < NOW - TICK || is_found(left)), "{left:?}");
    }
}
