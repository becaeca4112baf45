//! What operators, partners and a restore do, by the product's own decisions.

use std::sync::Arc;

use serde_json::json;

use super::{
    rows,
    rules::Rules,
    state::{GrantRow, KEY, SEALED, State, Wanted, refresh_number, refresh_token},
};
use crate::{
    access_token::{
        schedule::{Due, DueEntry, KeepWarm},
        store::keep_with_grant,
    },
    amazon::marketplace::Marketplaces,
    grant::{Grant, Status, authorization::Authorization},
    grant_change::{
        Decision,
        by_operator::{disabled, enabled, invalidated, removed},
        reconciliation::compared,
    },
    history::Record,
};

/// An operation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Operation {
    Disable,
    Enable,
    Remove,
    Invalidate,
    AuthorizeAgain,
}

pub(super) const OPERATIONS: [Operation; 5] = [
    Operation::Disable,
    Operation::Enable,
    Operation::Remove,
    Operation::Invalidate,
    Operation::AuthorizeAgain,
];

/// What is put back as it was at the backup.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Restored {
    Grants,
    AccessTokens,
    Both,
    /// The grants, and the access tokens are lost.
    GrantsWithoutAccessTokens,
}

pub(super) const RESTORED: [Restored; 4] =
    [Restored::Grants, Restored::AccessTokens, Restored::Both, Restored::GrantsWithoutAccessTokens];

impl State {
    /// Returns whether anything came of it.
    pub(super) fn operate(&mut self, rules: Rules, operation: Operation) -> bool {
        let seen = self.grant.clone();
        let current = &*seen.grant;
        if current.status == Status::Removed && operation != Operation::AuthorizeAgain {
            return false;
        }
        let decision = match operation {
            Operation::Disable => disabled(current, None),
            Operation::Enable => enabled(current, &current.fingerprint, None),
            Operation::Remove => removed(current, None),
            Operation::Invalidate => invalidated(current),
            Operation::AuthorizeAgain => self.authorization(current),
        };
        if matches!(decision, Decision::Stays) {
            return false;
        }
        self.commit(rules, &seen, decision);
        match operation {
            Operation::Disable => self.wanted = Wanted::Disabled,
            Operation::Remove => self.wanted = Wanted::Removed,
            Operation::Enable => self.wanted = Wanted::InUse,
            Operation::Invalidate => {}
            Operation::AuthorizeAgain => {
                // A partner that consents again after a removal has a grant again; what is disabled stays so.
                if self.wanted == Wanted::Removed {
                    self.wanted = Wanted::InUse;
                }
                self.keep_first_token();
            }
        }
        true
    }

    fn authorization(&mut self, current: &Grant) -> Decision {
        self.issued += 1;
        let authorization = Authorization {
            key: KEY.clone(),
            partner_type: None,
            draft: false,
            central_host: None,
            account: Some("own".parse().unwrap()),
            stores: Vec::new(),
            region_assumed: false,
            fingerprint: refresh_token(self.issued - 1),
            refresh_token: SEALED.clone(),
        };
        authorization.applied_to(Some(current), &Marketplaces::default(), self.now()).into()
    }

    /// The first access token of an authorization is stored in its transaction, if the grant is active.
    fn keep_first_token(&mut self) {
        if self.grant.grant.status != Status::Active {
            return;
        }
        self.access.push(self.grant.serial);
        let (now, version) = (self.now(), self.grant.version());
        let token = self.stored(self.access.len() - 1, version, self.seconds);
        let due = Due::after_fetch(&KEY, KeepWarm::Demand, now, token.expires_at, Some(now));
        let care = DueEntry { due, last_requested_at: Some(now) };
        rows::write(&mut self.row, &keep_with_grant("tokens", &KEY, &token, &care));
        // The model's rows have no key.
        Arc::make_mut(&mut self.row).remove("token_key");
    }

    pub(super) fn restore(&mut self, restored: Restored) {
        let Some((grant, row)) = self.backup.clone() else { return };
        self.left.restores -= 1;
        self.was_restored = true;
        match restored {
            Restored::AccessTokens | Restored::Both => self.row = row,
            Restored::GrantsWithoutAccessTokens => self.row = rows::Row::default(),
            Restored::Grants => {}
        }
        if restored != Restored::AccessTokens {
            self.is_reconciled &= self.wanted == Wanted::InUse;
            self.show(grant);
        }
    }

    /// Does again what the history knows and the row has forgotten.
    pub(super) fn reconcile(&mut self, rules: Rules) {
        self.history.sort();
        let records: Vec<Record> = self.history.iter().map(record).collect();
        for step in compared(&self.grant.grant, &records).steps {
            let seen = self.grant.clone();
            let decision = step.decide(&seen.grant, seen.grant.revision).unwrap();
            self.commit(rules, &seen, decision);
        }
        self.is_reconciled = true;
    }

    /// An active grant of the first version, with its first token.
    pub(super) fn begin(rules: Rules, mut state: Self) -> Self {
        let mut grant = super::state::first_grant();
        if rules.has_epochs {
            grant.enter_epoch(None, || "epoch 0".to_owned());
        }
        assert_eq!(refresh_number(&grant.fingerprint), 0);
        state.grant = GrantRow { grant: Arc::new(grant), serial: 0 };
        state.keep_first_token();
        state
    }
}

fn record((revision, event, token): &(u64, String, u8)) -> Record {
    serde_json::from_value(json!({
        "subject": KEY.to_string(), "revision": revision, "id": "x", "event": event, "at": "2027-01-15T08:00:00Z",
        "actor": "operator", "by": "", "reason": "", "application_id": "", "region": "na", "selling_partner_id": "A1",
        "account": "own", "fingerprint": refresh_token(*token).as_str(), "manage_your_apps_url": "",
        "authorize_url": "",
    }))
    .expect("a record")
}
