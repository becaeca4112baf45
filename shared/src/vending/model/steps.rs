//! The steps of environments, as `vending` takes them: each decision and each condition is the product's own.

use std::{collections::BTreeMap, sync::Arc};

use jiff::SignedDuration;

use super::{
    rows::{self, Row, as_item},
    rules::Rules,
    state::{
        self, Fault, GrantRow, Holder, KEY, Phase, Role, SEALED, State, access_number, access_token, after,
        refresh_number, refresh_token,
    },
};
use crate::{
    access_token::{
        Ask, Failed, Failure, StoredToken, TokenKey, TokenRow, Vend, decide,
        schedule::{Due, DueEntry, KeepWarm, TICK},
        store::{RowUpdate, token_row},
    },
    grant::{Status, store::put, version::VersionId},
    grant_change::{Decision, by_amazon, watch},
    vending::{Wanted, under_lease::failure_note_of_caller},
};

/// What Amazon answers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Answer {
    AccessToken,
    AccessTokenAndAnotherRefreshToken,
    Nothing,
}

pub(super) fn ask() -> Ask {
    Ask {
        min_valid: SignedDuration::from_secs(60),
        rejected: None,
        not_before: None,
        minted_after: None,
        marketplace_id: None,
        account: None,
        by_account: None,
    }
}

pub(super) fn parsed(row: &Row) -> TokenRow {
    token_row(as_item(row)).expect("the product reads the rows that it writes")
}

/// The update that takes the lease, as the rules have it.
pub(super) fn taking(
    rules: Rules,
    role: Role,
    lease: &str,
    (grant, row): (&GrantRow, &TokenRow),
    seconds: i64,
) -> RowUpdate {
    let (version, now) = (grant.version(), after(seconds));
    let update = match role {
        Role::Caller => {
            let due = Due::at(&KEY, now + TICK);
            RowUpdate::taken_by_caller(lease, &ask(), (&version, row), Some(&due), now)
        }
        // A run also handles what is due soon, and its message may be late: any time may be the refresher's.
        Role::Refresher => {
            RowUpdate::taken_by_refresher(lease, (&version, row), row.due_at.unwrap_or(now).max(now), now)
        }
    };
    rules.taking(update)
}

impl State {
    /// Puts a decision into effect, which was made on `seen`. Returns whether it was, and `false` if another write came first.
    pub(super) fn commit(&mut self, rules: Rules, seen: &GrantRow, decision: Decision) -> bool {
        let Decision::Changes(mut change) = decision else { return true };
        if rules.has_epochs {
            change.grant.enter_epoch(Some(&seen.grant), || format!("epoch {}", self.versions + 1));
        }
        let mut revision = seen.grant.revision + 1;
        while self.history.iter().any(|(known, ..)| *known == revision) {
            revision += 1;
        }
        change.grant.revision = revision;
        let revision_alone = Row::new(BTreeMap::from([(
            "revision".to_owned(),
            rows::Value::Number(i64::try_from(self.grant.grant.revision).unwrap()),
        )]));
        let write = put("grants", &change.grant, Some(seen.grant.revision));
        if rules.checks_revision && !rows::may_write(&revision_alone, &write) {
            return false;
        }
        let is_new = change.grant.version != seen.grant.version;
        self.versions += u8::from(is_new);
        let serial = if is_new { self.versions } else { seen.serial };
        let token = refresh_number(&change.fingerprint);
        self.history.push((revision, format!("{:?}", change.event), token));
        if let Some(write) = watch("tokens", Some(&seen.grant), Some(&change), self.now()) {
            rows::write(&mut self.row, &write);
        }
        self.show(GrantRow { grant: Arc::new(change.grant), serial });
        true
    }

    /// The grant's row is this one from now on.
    pub(super) fn show(&mut self, grant: GrantRow) {
        for environment in &mut self.environments {
            if !matches!(environment.phase, Phase::Idle) && !environment.versions.contains(&grant.serial) {
                environment.versions.push(grant.serial);
            }
        }
        self.grant = grant;
    }

    pub(super) fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    pub(super) fn rest(&mut self, at: usize) {
        self.environments[at].phase = Phase::Idle;
        self.environments[at].versions.clear();
    }

    fn hand_out(&mut self, at: usize, token: usize) {
        let environment = &self.environments[at];
        if !environment.versions.contains(&self.access[token]) {
            self.blame(Fault::OtherVersion);
        } else if !environment.allowed {
            self.blame(Fault::NotAllowed);
        }
        self.handed_out_after_restore |= self.was_restored;
    }

    pub(super) fn begin_request(&mut self, at: usize, role: Role) {
        self.left.requests -= 1;
        self.environments[at].role = role;
        self.environments[at].phase = Phase::Reading(None, None);
    }

    /// The grant was read.
    pub(super) fn read_grant(&mut self, rules: Rules, at: usize) {
        let grant = self.grant.clone();
        self.environments[at].allowed = self.wanted == state::Wanted::InUse || !self.is_reconciled;
        self.environments[at].versions = vec![grant.serial];
        let Phase::Reading(seen, _) = &mut self.environments[at].phase else { unreachable!() };
        *seen = Some(grant);
        self.decide_when_read(rules, at);
    }

    /// The token's row was read.
    pub(super) fn read_row(&mut self, rules: Rules, at: usize) {
        let row = self.row.clone();
        let Phase::Reading(_, seen) = &mut self.environments[at].phase else { unreachable!() };
        *seen = Some(row);
        self.decide_when_read(rules, at);
    }

    fn decide_when_read(&mut self, rules: Rules, at: usize) {
        let Phase::Reading(Some(grant), Some(row)) = self.environments[at].phase.clone() else { return };
        let parsed = parsed(&row);
        let wants_lease = match self.environments[at].role {
            Role::Caller => match decide(Some(&grant.grant), &parsed, &ask(), self.now()) {
                Vend::Stored(token) => {
                    self.hand_out(at, access_number(&token.fingerprint));
                    false
                }
                vend => matches!(vend, Vend::Fetch),
            },
            Role::Refresher => {
                matches!(grant.grant.status, Status::Active | Status::ReauthorizationRequired)
            }
        };
        if !wants_lease {
            return self.rest(at);
        }
        let fits = parsed.fits(&grant.version()) || rules.takes_by_order;
        self.environments[at].phase = if fits { Phase::Ready(grant, row) } else { Phase::Unsure(grant, row) };
    }

    /// The grant was read once more.
    pub(super) fn read_again(&mut self, at: usize) {
        let Phase::Unsure(grant, row) = self.environments[at].phase.clone() else { unreachable!() };
        if self.grant.version() == grant.version() {
            self.environments[at].phase = Phase::Ready(grant, row);
        } else {
            self.rest(at);
        }
    }

    pub(super) fn take(&mut self, rules: Rules, at: usize) {
        let Phase::Ready(tried, row) = self.environments[at].phase.clone() else { unreachable!() };
        let lease = format!("lease {}", self.leases + 1);
        let role = self.environments[at].role;
        let update = taking(rules, role, &lease, (&tried, &parsed(&row)), self.seconds);
        if rows::update(&mut self.row, &update) {
            self.leases += 1;
            let holder = Holder { lease, tried, row, asked_at: self.seconds };
            self.environments[at].phase = Phase::Asking(holder);
        } else {
            self.rest(at);
        }
    }

    pub(super) fn answer(&mut self, at: usize, answer: Answer) {
        let Phase::Asking(holder) = self.environments[at].phase.clone() else { unreachable!() };
        self.environments[at].phase = match answer {
            Answer::AccessToken => {
                let version = holder.tried.version();
                self.access.push(holder.tried.serial);
                Phase::Keeping(holder, self.last_access(), version.number, version.epoch)
            }
            Answer::AccessTokenAndAnotherRefreshToken => {
                self.left.replacements -= 1;
                self.issued += 1;
                Phase::Replacing(holder, self.issued - 1, None)
            }
            Answer::Nothing => {
                self.left.outages -= 1;
                self.note_outage(&holder);
                return self.rest(at);
            }
        };
    }

    fn last_access(&self) -> u8 {
        u8::try_from(self.access.len() - 1).unwrap()
    }

    fn note_outage(&mut self, holder: &Holder) {
        let (now, row) = (self.now(), parsed(&holder.row));
        let failed = Failed {
            failure: Failure::Unavailable,
            grant_version: holder.tried.version(),
            not_before: now + SignedDuration::from_secs(2),
        };
        let (wanted, grant) = (Wanted::Partner(KEY.clone()), &holder.tried.grant);
        let note = failure_note_of_caller(&wanted, Some(grant), &row, failed, KeepWarm::Demand, now);
        let update = RowUpdate::failed(&TokenKey::of_partner(&KEY), &holder.lease, &note).unwrap();
        rows::update(&mut self.row, &update);
    }

    /// Stores the refresh token that Amazon issued in place of the grant's: a read, and a write on its condition.
    pub(super) fn replace(&mut self, rules: Rules, at: usize) {
        let Phase::Replacing(holder, number, seen) = self.environments[at].phase.clone() else {
            unreachable!()
        };
        let Some(seen) = seen else {
            self.environments[at].phase = Phase::Replacing(holder, number, Some(self.grant.clone()));
            return;
        };
        let (new, tried) = (refresh_token(number), &holder.tried);
        let decision = by_amazon::replaced(Some(&seen.grant), &tried.grant.fingerprint, (&new, &SEALED));
        let (stays, before) = (matches!(decision, Decision::Stays), self.grant.clone());
        if !self.commit(rules, &seen, decision) {
            self.environments[at].phase = Phase::Replacing(holder, number, None);
            return;
        }
        let (version, serial) =
            if stays { (tried.version(), tried.serial) } else { (self.grant.version(), self.grant.serial) };
        if !stays {
            if self.replaced.contains(&seen.serial) {
                self.blame(Fault::ReplacedTwice);
            }
            if refresh_number(&before.grant.fingerprint) > number {
                self.blame(Fault::Overwritten);
            }
            self.replaced.push(seen.serial);
        }
        self.access.push(serial);
        self.environments[at].phase =
            Phase::Keeping(holder, self.last_access(), version.number, version.epoch);
    }

    /// Stores the access token, if the lease is still the environment's, and hands it out in any case.
    pub(super) fn keep(&mut self, at: usize) {
        let Phase::Keeping(holder, number, version, epoch) = self.environments[at].phase.clone() else {
            unreachable!()
        };
        let (asked_at, row) = (after(holder.asked_at), parsed(&holder.row));
        let token = self.stored(number.into(), VersionId { number: version, epoch }, holder.asked_at);
        let role = self.environments[at].role;
        let asked_for = if role == Role::Caller { Some(asked_at) } else { row.last_requested_at };
        let due = Due::after_fetch(&KEY, KeepWarm::Demand, asked_at, token.expires_at, asked_for);
        let care = DueEntry { due, last_requested_at: asked_for.filter(|_| role == Role::Caller) };
        rows::update(&mut self.row, &RowUpdate::kept(&holder.lease, &token, Some(&care)).unwrap());
        if role == Role::Caller {
            self.hand_out(at, number.into());
        }
        self.rest(at);
    }

    /// The access token with this number as stored for a version.
    #[expect(clippy::unused_self, reason = "it belongs to the steps")]
    pub(super) fn stored(&self, number: usize, version: VersionId, minted: i64) -> StoredToken {
        StoredToken::new(SEALED.clone(), access_token(number), version, after(minted), after(minted + 3600))
    }
}
