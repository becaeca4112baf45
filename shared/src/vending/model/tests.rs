//! The model under the product's rules, and under rules of which it is known that they are wrong.

use std::{fmt::Write as _, time::Instant};

use stateright::{Checker, HasDiscoveries, Model, Path};

use super::{
    NEWER, OLDER, ONCE, REPLACED, RESTORED_WORKS, STOPPED, Step, USABLE, Vending, WATCHED,
    rules::Rules,
    state::{Budget, State},
};

/// A request, and operations before and after a restore.
const ONE_REQUEST: Budget =
    Budget { requests: 1, operations: 2, replacements: 0, outages: 0, pauses: 1, crashes: 0, restores: 1 };

/// Two requests and a restore.
const TWO_REQUESTS: Budget = Budget { requests: 2, operations: 1, pauses: 0, ..ONE_REQUEST };

/// Two holders of leases whose refresh tokens Amazon replaces, an outage and a crash.
const WITHOUT_RESTORE: Budget =
    Budget { requests: 2, operations: 1, replacements: 2, outages: 1, pauses: 1, crashes: 1, restores: 0 };

/// A million states, in two minutes.
const LONG: Budget = Budget { requests: 2, operations: 2, pauses: 0, ..ONE_REQUEST };

/// Half a million states.
const LONG_WITHOUT_RESTORE: Budget = Budget { requests: 3, ..WITHOUT_RESTORE };

fn checked(name: &str, rules: Rules, budget: Budget, until: HasDiscoveries) -> impl Checker<Vending> {
    let began = Instant::now();
    let checker = Vending::new(rules, budget).checker().threads(2).finish_when(until).spawn_bfs().join();
    eprintln!(
        "{name}: {} states, {} of them different, up to {} steps, {:.1} s",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth(),
        began.elapsed().as_secs_f32()
    );
    checker
}

/// Prints the steps that lead to a broken property.
fn shown(property: &str, path: Path<State, Step>) {
    let steps = path.into_actions().into_iter().fold(String::new(), |mut steps, step| {
        let _ = write!(steps, "\n  {step:?}");
        steps
    });
    eprintln!("broken: {property}{steps}");
}

/// Goes through every order of steps.
fn holds(name: &str, budget: Budget, happens: &[&'static str]) {
    let checker = checked(name, Rules::OURS, budget, HasDiscoveries::AnyFailures);
    for property in [OLDER, STOPPED, ONCE, NEWER, USABLE, WATCHED] {
        if let Some(path) = checker.discovery(property) {
            shown(property, path);
        }
        checker.assert_no_discovery(property);
    }
    for property in happens {
        checker.assert_any_discovery(property);
    }
}

#[test]
fn no_order_of_a_request_operations_and_a_restore_breaks_a_promise() {
    holds("one request and a restore", ONE_REQUEST, &[RESTORED_WORKS]);
}

#[test]
fn no_order_of_two_requests_and_a_restore_breaks_a_promise() {
    holds("two requests and a restore", TWO_REQUESTS, &[RESTORED_WORKS]);
}

#[test]
fn no_order_of_requests_breaks_a_promise_when_amazon_replaces_refresh_tokens() {
    holds("without a restore", WITHOUT_RESTORE, &[REPLACED]);
}

#[test]
#[ignore = "a million states take some minutes"]
fn no_order_of_many_more_steps_breaks_a_promise() {
    holds("two requests, two operations and a restore", LONG, &[RESTORED_WORKS]);
    holds("three requests without a restore", LONG_WITHOUT_RESTORE, &[REPLACED]);
}

/// The model finds what is wrong with rules that are wrong.
fn breaks(name: &str, rules: Rules, budget: Budget, properties: &[&'static str]) {
    let until = HasDiscoveries::AllOf(properties.iter().copied().collect());
    let checker = checked(name, rules, budget, until);
    for property in properties {
        let path = checker.discovery(property).unwrap_or_else(|| panic!("{name} does not break: {property}"));
        shown(property, path);
    }
}

#[test]
fn versions_compared_by_order_leave_a_restored_grant_without_tokens() {
    breaks("by order", Rules::EARLIER, ONE_REQUEST, &[USABLE, WATCHED]);
}

#[test]
fn versions_without_an_epoch_hand_out_a_token_of_a_version_that_a_restore_undid() {
    let rules = Rules { has_epochs: false, ..Rules::OURS };
    breaks("without an epoch", rules, ONE_REQUEST, &[OLDER]);
}

#[test]
fn a_grant_that_is_written_without_a_condition_loses_a_refresh_token() {
    let rules = Rules { checks_revision: false, ..Rules::OURS };
    breaks("without a condition", rules, WITHOUT_RESTORE, &[ONCE]);
    breaks("without a condition", rules, WITHOUT_RESTORE, &[NEWER]);
}
