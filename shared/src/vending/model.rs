//! A model of the lease, of versions and of a restore: a machine goes through every order of their steps, and looks for one that
//! breaks a promise. Decisions and conditions are the product's own functions; the model has the tables, and what is between the
//! steps.
//!
//! Left out: tokens in the memory of an environment (at most 60 seconds old), restricted tokens, refusals of Amazon's, conflicts.
//! Amazon goes on to accept a refresh token that it has replaced.

mod operations;
mod rows;
mod rules;
mod state;
mod steps;
mod tests;

use std::{
    collections::HashSet,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::{Arc, Mutex},
};

use stateright::{Model, Property};

use self::{
    operations::{OPERATIONS, Operation, RESTORED, Restored},
    rules::Rules,
    state::{
        Budget, Environment, Fault, GrantRow, KEY, Phase, Role, State, access_number, after, first_grant,
    },
    steps::{Answer, ask, parsed, taking},
};
use crate::{
    access_token::{
        Vend, decide,
        schedule::Due,
        store::{GrantAndToken, repair_with_grant},
    },
    grant::Status,
    grant_change::repair::fault,
};

const OLDER: &str = "no token of an older version is handed out after a newer one was seen";
const STOPPED: &str = "a removed or disabled grant hands nothing out, also after a restore";
const ONCE: &str = "the refresh token of one version is replaced once";
const NEWER: &str = "a replaced refresh token is never overwritten by an older one";
const USABLE: &str = "a request that is alone gets a token of the grant as it is, once leases have ended";
const WATCHED: &str = "the refresher refreshes the grant after the next sweep";
const RESTORED_WORKS: &str = "a token is handed out after a restore";
const REPLACED: &str = "a refresh token is replaced";

struct Vending {
    rules: Rules,
    budget: Budget,
    /// What was found to be usable and watched. Many states have the same rows.
    good: Mutex<HashSet<u64>>,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Step {
    BeginWithGrant(usize, Role),
    BeginWithToken(usize, Role),
    ReadGrant(usize),
    ReadToken(usize),
    ReadGrantAgain(usize),
    TakeLease(usize),
    AmazonAnswers(usize, Answer),
    StoreRefreshToken(usize),
    StoreAccessToken(usize),
    Crash(usize),
    Operate(Operation),
    NineSecondsPass,
    BackUp,
    Restore(Restored),
    Reconcile,
}

impl Model for Vending {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let state = State {
            seconds: 0,
            grant: GrantRow { grant: Arc::new(first_grant()), serial: 0 },
            row: rows::Row::default(),
            backup: None,
            history: vec![(1, "AuthorizationGranted".to_owned(), 0)],
            environments: [Environment::default(), Environment::default()],
            issued: 1,
            access: Vec::new(),
            versions: 0,
            leases: 0,
            wanted: state::Wanted::InUse,
            is_reconciled: true,
            was_restored: false,
            handed_out_after_restore: false,
            replaced: Vec::new(),
            fault: None,
            left: self.budget,
        };
        vec![State::begin(self.rules, state)]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        if state.fault.is_some() {
            return;
        }
        let left = &state.left;
        for (at, environment) in state.environments.iter().enumerate() {
            match &environment.phase {
                // Of two environments that rest, which of them begins makes no difference.
                Phase::Idle
                    if left.requests > 0 && (at == 0 || state.environments[0].phase != Phase::Idle) =>
                {
                    for role in [Role::Caller, Role::Refresher] {
                        steps.extend([Step::BeginWithGrant(at, role), Step::BeginWithToken(at, role)]);
                    }
                }
                Phase::Idle => {}
                Phase::Reading(grant, row) => {
                    steps.extend(grant.is_none().then_some(Step::ReadGrant(at)));
                    steps.extend(row.is_none().then_some(Step::ReadToken(at)));
                }
                Phase::Unsure(..) => steps.push(Step::ReadGrantAgain(at)),
                Phase::Ready(..) => steps.push(Step::TakeLease(at)),
                Phase::Asking(_) => {
                    steps.push(Step::AmazonAnswers(at, Answer::AccessToken));
                    if left.replacements > 0 {
                        steps.push(Step::AmazonAnswers(at, Answer::AccessTokenAndAnotherRefreshToken));
                    }
                    if left.outages > 0 {
                        steps.push(Step::AmazonAnswers(at, Answer::Nothing));
                    }
                    if left.crashes > 0 {
                        steps.push(Step::Crash(at));
                    }
                }
                Phase::Replacing(..) => steps.push(Step::StoreRefreshToken(at)),
                Phase::Keeping(..) => steps.push(Step::StoreAccessToken(at)),
            }
        }
        if left.operations > 0 {
            steps.extend(OPERATIONS.map(Step::Operate));
        }
        if left.pauses > 0 && state.row.contains_key("lease_until") {
            steps.push(Step::NineSecondsPass);
        }
        if left.restores > 0 {
            steps.extend(state.backup.is_none().then_some(Step::BackUp));
            steps.extend(RESTORED.into_iter().filter(|_| state.backup.is_some()).map(Step::Restore));
        }
        if !state.is_reconciled {
            steps.push(Step::Reconcile);
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let (mut state, rules) = (last.clone(), self.rules);
        match step {
            Step::BeginWithGrant(at, role) => {
                state.begin_request(at, role);
                state.read_grant(rules, at);
            }
            Step::BeginWithToken(at, role) => {
                state.begin_request(at, role);
                state.read_row(rules, at);
            }
            Step::ReadGrant(at) => state.read_grant(rules, at),
            Step::ReadToken(at) => state.read_row(rules, at),
            Step::ReadGrantAgain(at) => state.read_again(at),
            Step::TakeLease(at) => state.take(rules, at),
            Step::AmazonAnswers(at, answer) => state.answer(at, answer),
            Step::StoreRefreshToken(at) => state.replace(rules, at),
            Step::StoreAccessToken(at) => state.keep(at),
            Step::Crash(at) => {
                state.left.crashes -= 1;
                state.rest(at);
            }
            Step::Operate(operation) => {
                state.left.operations -= 1;
                if !state.operate(rules, operation) {
                    return None;
                }
            }
            Step::NineSecondsPass => {
                state.left.pauses -= 1;
                state.seconds += 9;
            }
            Step::BackUp => state.backup = Some((state.grant.clone(), state.row.clone())),
            Step::Restore(restored) => state.restore(restored),
            Step::Reconcile => state.reconcile(rules),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(OLDER, |_, state: &State| state.fault != Some(Fault::OtherVersion)),
            Property::always(STOPPED, |_, state: &State| state.fault != Some(Fault::NotAllowed)),
            Property::always(ONCE, |_, state: &State| state.fault != Some(Fault::ReplacedTwice)),
            Property::always(NEWER, |_, state: &State| state.fault != Some(Fault::Overwritten)),
            Property::always(USABLE, |model, state| model.once(0, state, Vending::is_usable)),
            Property::always(WATCHED, |model, state| model.once(1, state, Vending::is_watched)),
            Property::sometimes(RESTORED_WORKS, |_, state: &State| state.handed_out_after_restore),
            Property::sometimes(REPLACED, |_, state: &State| !state.replaced.is_empty()),
        ]
    }
}

impl Vending {
    fn new(rules: Rules, budget: Budget) -> Self {
        Self { rules, budget, good: Mutex::default() }
    }

    fn once(&self, what: u8, state: &State, rule: fn(&Self, &State) -> bool) -> bool {
        if state.grant.grant.status != Status::Active {
            return true;
        }
        let rows = (what, state.seconds, &state.grant, &state.row);
        let known = BuildHasherDefault::<DefaultHasher>::default().hash_one(rows);
        if self.good.lock().unwrap().contains(&known) {
            return true;
        }
        let is_good = rule(self, state);
        if is_good {
            self.good.lock().unwrap().insert(known);
        }
        is_good
    }

    /// Whether a caller that is alone gets a token, nine seconds later. Amazon accepts the refresh token of every restored grant.
    fn is_usable(&self, state: &State) -> bool {
        let seconds = state.seconds + 9;
        let row = parsed(&state.row);
        match decide(Some(&state.grant.grant), &row, &ask(), after(seconds)) {
            Vend::Stored(token) => state.access[access_number(&token.fingerprint)] == state.grant.serial,
            Vend::Fetch => {
                let update = taking(self.rules, Role::Caller, "alone", (&state.grant, &row), seconds);
                rows::update(&mut state.row.clone(), &update)
            }
            _ => false,
        }
    }

    /// Whether the refresher takes the lease once the token is due, within three days, and a sweep has come by.
    fn is_watched(&self, state: &State) -> bool {
        let (mut swept, now) = (state.row.clone(), state.now());
        let grant = Some((*state.grant.grant).clone());
        let found = GrantAndToken { key: KEY.clone(), grant, waits_for_stores: false, row: parsed(&swept) };
        if fault(&found, now).is_some() {
            let due = Due::tomorrow(&KEY, now);
            rows::write(&mut swept, &repair_with_grant("tokens", &KEY, &due, &found.row));
        }
        let row = parsed(&swept);
        let Some(due) = row.due_at else { return false };
        let seconds = (due.duration_since(after(0)).as_secs()).max(state.seconds + 9);
        let update = taking(self.rules, Role::Refresher, "alone", (&state.grant, &row), seconds);
        seconds < 3 * 24 * 3600 && rows::update(&mut swept, &update)
    }
}
