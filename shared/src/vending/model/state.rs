//! What the model knows: two tables, their backup, the history, two environments, and what is remembered to check them.

use std::{
    hash::{Hash, Hasher},
    sync::{Arc, LazyLock},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::rows::Row;
use crate::{
    aws::sealing::Sealed,
    grant::{Grant, GrantKey, version::VersionId},
    secret::Fingerprint,
};

/// A grant's row, and which of all versions that there ever were it is in. No version has the number of another one.
#[derive(Clone, Debug)]
pub(super) struct GrantRow {
    pub(super) grant: Arc<Grant>,
    pub(super) serial: u8,
}

/// What an environment does.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Role {
    /// It serves a caller.
    Caller,
    /// It refreshes a token that is due.
    Refresher,
}

/// How far an environment has come.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum Phase {
    Idle,
    /// The two rows are read one after the other, in any order.
    Reading(Option<GrantRow>, Option<Row>),
    /// The rows are of two versions, and the grant is read once more.
    Unsure(GrantRow, Row),
    /// It may take the lease.
    Ready(GrantRow, Row),
    /// It has the lease, and Amazon has the request.
    Asking(Holder),
    /// Amazon has answered with another refresh token, which is to be stored; the grant was read again.
    Replacing(Holder, u8, Option<GrantRow>),
    /// The access token is to be stored and handed out.
    Keeping(Holder, u8, u64, Option<String>),
}

/// The holder of a lease.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Holder {
    pub(super) lease: String,
    pub(super) tried: GrantRow,
    pub(super) row: Row,
    pub(super) asked_at: i64,
}

/// An environment.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Environment {
    pub(super) role: Role,
    pub(super) phase: Phase,
    /// The versions that the grant had since the environment read it.
    pub(super) versions: Vec<u8>,
    /// Whether the grant might be used when the environment read it.
    pub(super) allowed: bool,
}

/// What operators and partner want of a grant.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Wanted {
    InUse,
    Disabled,
    Removed,
}

/// What must never be.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Fault {
    /// A token was handed out of a version that the grant did not have during the request.
    OtherVersion,
    /// A token was handed out of a grant that had been removed or disabled.
    NotAllowed,
    /// The refresh token of one version was replaced twice.
    ReplacedTwice,
    /// A refresh token was replaced by one that Amazon had issued earlier.
    Overwritten,
}

/// How often what is not bounded by itself may happen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Budget {
    pub(super) requests: u8,
    pub(super) operations: u8,
    pub(super) replacements: u8,
    pub(super) outages: u8,
    pub(super) pauses: u8,
    pub(super) crashes: u8,
    pub(super) restores: u8,
}

/// One state.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct State {
    pub(super) seconds: i64,
    pub(super) grant: GrantRow,
    pub(super) row: Row,
    pub(super) backup: Option<(GrantRow, Row)>,
    /// The records of the grant: revision, event and refresh token.
    pub(super) history: Vec<(u64, String, u8)>,
    pub(super) environments: [Environment; 2],
    /// How many refresh tokens Amazon has issued.
    pub(super) issued: u8,
    /// For each access token, the version of the grant for which it was issued.
    pub(super) access: Vec<u8>,
    pub(super) versions: u8,
    pub(super) leases: u8,
    /// What operators and partner want of the grant, whatever a restore has made of its row.
    pub(super) wanted: Wanted,
    /// Whether nothing that was done is undone by a restore.
    pub(super) is_reconciled: bool,
    pub(super) was_restored: bool,
    pub(super) handed_out_after_restore: bool,
    pub(super) replaced: Vec<u8>,
    pub(super) fault: Option<Fault>,
    pub(super) left: Budget,
}

const NAMES: usize = 24;

/// The fingerprints of the refresh tokens.
static REFRESH: LazyLock<Vec<Fingerprint>> =
    LazyLock::new(|| (0..NAMES).map(|number| Fingerprint::of(&format!("refresh {number}"))).collect());

/// The fingerprints of the access tokens.
static ACCESS: LazyLock<Vec<Fingerprint>> =
    LazyLock::new(|| (0..NAMES).map(|number| Fingerprint::of(&format!("access {number}"))).collect());

/// Any sealed token. The model opens none.
pub(super) static SEALED: LazyLock<Sealed> =
    LazyLock::new(|| serde_json::from_value(json!([1])).expect("a sealed token is bytes"));

pub(super) static KEY: LazyLock<GrantKey> = LazyLock::new(|| first_grant().key());

pub(super) fn refresh_token(number: u8) -> Fingerprint {
    REFRESH[usize::from(number)].clone()
}

pub(super) fn refresh_number(fingerprint: &Fingerprint) -> u8 {
    number_in(&REFRESH, fingerprint)
}

pub(super) fn access_token(number: usize) -> Fingerprint {
    ACCESS[number].clone()
}

pub(super) fn access_number(fingerprint: &Fingerprint) -> usize {
    number_in(&ACCESS, fingerprint).into()
}

fn number_in(all: &[Fingerprint], fingerprint: &Fingerprint) -> u8 {
    let at = all.iter().position(|known| known == fingerprint).expect("a token of the model");
    u8::try_from(at).unwrap()
}

pub(super) fn first_grant() -> Grant {
    serde_json::from_value(json!({
        "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": 1,
        "revision": 1, "status": "active", "kind": "oauth", "draft": false, "authorized_at": 0, "account": "own",
        "renewal_due_at": 0, "fingerprint": refresh_token(0).as_str(), "refresh_token": [1], "resealed": true,
    }))
    .expect("a grant")
}

impl State {
    pub(super) fn now(&self) -> Timestamp {
        after(self.seconds)
    }
}

pub(super) fn after(seconds: i64) -> Timestamp {
    Timestamp::constant(1_800_000_000, 0) + SignedDuration::from_secs(seconds)
}

impl GrantRow {
    pub(super) fn version(&self) -> VersionId {
        self.grant.version_id()
    }

    fn compared(&self) -> impl Eq + Hash + '_ {
        let Grant { version, epoch, revision, fingerprint, status, .. } = &*self.grant;
        (self.serial, *version, epoch, *revision, fingerprint.as_str(), status.as_str())
    }
}

impl PartialEq for GrantRow {
    fn eq(&self, other: &Self) -> bool {
        self.compared() == other.compared()
    }
}

impl Eq for GrantRow {}

impl Hash for GrantRow {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.compared().hash(hasher);
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self { role: Role::Caller, phase: Phase::Idle, versions: Vec::new(), allowed: false }
    }
}
