//! What is known of a history, and what must hold of it.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::random::Random;
use crate::{
    restore::backup::{Backup, GRANTS, HISTORY, TOKENS, rows},
    support::{
        environments::{Environment, Outcome, error_type, token},
        operator::operate,
        world::{World, attribute},
    },
};

pub const PARTNERS: [&str; 3] = ["A1ONE", "A2TWO", "A3THREE"];

/// What a caller may hear. `Internal` is not among them: it would be our own fault.
const HEARD: [&str; 8] = [
    "UnknownSellingPartner",
    "AuthorizationDisabled",
    "ReauthorizationRequired",
    "AmazonUnavailable",
    "AmazonThrottled",
    "ApplicationCredentialsRejected",
    "AmbiguousSellingPartner",
    "RequestRefused",
];

/// A history in the middle.
pub struct History {
    pub world: World,
    pub random: Random,
    pub environments: Vec<Environment>,
    pub backup: Option<(Backup, Timestamp)>,
    /// When each partner's grant was last seen to be active.
    active_at: HashMap<&'static str, Timestamp>,
    /// The version of each partner's grant, which falls by a restore alone.
    versions: HashMap<&'static str, u64>,
    /// Whose each access token is.
    owners: HashMap<String, &'static str>,
    /// Partners whose refresh token Amazon may have replaced or revoked.
    pub may_be_refused: BTreeSet<&'static str>,
    seed: u64,
    past: Vec<String>,
}

/// What a history uses.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    pub memory_kib: u64,
    pub files: usize,
    pub grants: usize,
    pub tokens: usize,
    pub records: usize,
}

impl History {
    pub async fn begin(seed: u64) -> Self {
        eprintln!("seed {seed}");
        let world = World::attended().await;
        let environments = world.environments(3);
        Self {
            world,
            random: Random::of(seed),
            environments,
            backup: None,
            active_at: HashMap::new(),
            versions: HashMap::new(),
            owners: HashMap::new(),
            may_be_refused: BTreeSet::new(),
            seed,
            past: Vec::new(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.world.stack.clock().now()
    }

    pub fn steps(&self) -> usize {
        self.past.len()
    }

    /// Remembers the step, for the message of a failure.
    pub fn note(&mut self, step: String) {
        self.past.push(step);
    }

    pub fn must(&self, holds: bool, what: &str) {
        let last = self.past.len().saturating_sub(80);
        assert!(
            holds,
            "{what}\nHISTORY_SEED={} and these steps:\n  {}",
            self.seed,
            self.past[last..].join("\n  ")
        );
    }

    /// Reads the grants: versions only rise, every change has its record, and when a grant is active.
    pub async fn observe(&mut self) {
        for partner in PARTNERS {
            let Some(grant) = self.world.grant("na", partner).await else { continue };
            let version: u64 = attribute(&grant, "version").parse().unwrap();
            let before = self.versions.insert(partner, version).unwrap_or_default();
            self.must(version >= before, &format!("{partner}: version {version} after {before}"));
            let status = attribute(&grant, "status");
            if status == "active" {
                self.active_at.insert(partner, self.now());
            }
            let is_empty = !grant.contains_key("refresh_token") && !grant.contains_key("account");
            self.must((status == "removed") == is_empty, &format!("{partner}: {status}, {grant:?}"));
            let newest = self.world.history("na", partner).await.pop();
            let recorded = newest.map_or(0, |record| attribute(&record, "revision").parse::<u64>().unwrap());
            let revision = attribute(&grant, "revision").parse::<u64>().unwrap();
            self.must(revision <= recorded, &format!("{partner}: revision {revision} has no record"));
        }
    }

    /// The rows are those of a backup now.
    pub fn forget_versions(&mut self) {
        self.versions.clear();
    }

    /// What a caller heard: no token of a grant that has not been active for a minute, none of another partner, none that has ended.
    pub async fn heard(&mut self, partner: &'static str, outcome: &Outcome) {
        let Ok(answer) = outcome else {
            let error = error_type(outcome);
            return self.must(HEARD.contains(&error), &format!("{partner} heard {outcome:?}"));
        };
        let token = token(outcome);
        let ends: Timestamp = answer["expiresAt"].as_str().unwrap().parse().unwrap();
        self.must(ends > self.now(), &format!("{partner}: a token that has ended: {ends}"));
        let owner = *self.owners.entry(token.clone()).or_insert(partner);
        self.must(owner == partner, &format!("{partner} got a token of {owner}"));
        let grant = self.world.grant("na", partner).await;
        let is_active = grant.is_some_and(|grant| attribute(&grant, "status") == "active");
        let was = self.active_at.get(partner);
        let was_active =
            was.is_some_and(|at| self.now().duration_since(*at) <= SignedDuration::from_secs(60));
        self.must(
            is_active || was_active,
            &format!("{partner} got a token; its grant was last active at {was:?}"),
        );
        self.owns(partner, &token).await;
    }

    /// SP-API lists the partner's own stores for the token, if Amazon has not revoked it.
    async fn owns(&mut self, partner: &str, token: &str) {
        let url = format!(
            "http://127.0.0.1:{}/na/sellers/v1/marketplaceParticipations",
            self.world.stack.ports().amazon
        );
        let answer = self.world.http().get(url).header("x-amz-access-token", token).send().await;
        let Ok(answer) = answer else { return };
        if answer.status().is_success() {
            let shown = answer.text().await.unwrap();
            let foreign = PARTNERS.into_iter().find(|other| *other != partner && shown.contains(other));
            self.must(foreign.is_none(), &format!("{partner} got a token of {foreign:?}"));
        }
    }

    /// After all faults have ended, every active grant that Amazon accepts gives a token, and nothing secret is in the tables.
    pub async fn end(&mut self) {
        self.note("the end".to_owned());
        self.world.control("reset", json!({})).await;
        self.world.advance(3700).await;
        self.observe().await;
        for partner in PARTNERS {
            let Some(grant) = self.world.grant("na", partner).await else { continue };
            let outcome = self.world.fresh().token_of(partner).await;
            self.heard(partner, &outcome).await;
            if attribute(&grant, "status") == "active" && !self.may_be_refused.contains(partner) {
                self.must(outcome.is_ok(), &format!("{partner} is active and hears {outcome:?}"));
            }
        }
        for table in [GRANTS, TOKENS, HISTORY] {
            let shown = format!("{:?}", rows(&self.world, table).await);
            self.must(
                !shown.contains("Atza|") && !shown.contains("Atzr|"),
                &format!("a token is in {table}"),
            );
        }
        let sent = self.world.stack.events().await;
        let sent: BTreeSet<&str> =
            sent.iter().filter_map(|sent| sent.event["detail"]["id"].as_str()).collect();
        for record in rows(&self.world, HISTORY).await {
            let id = attribute(&record, "id");
            self.must(sent.contains(id), &format!("a record was not sent: {record:?}"));
        }
    }

    pub async fn used(&self) -> Used {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Used {
            memory_kib: memory.trim().trim_end_matches(" kB").parse().unwrap(),
            files: fs::read_dir("/proc/self/fd").unwrap().count(),
            grants: rows(&self.world, GRANTS).await.len(),
            tokens: rows(&self.world, TOKENS).await.len(),
            records: rows(&self.world, HISTORY).await.len(),
        }
    }

    /// An operation of an operator, which may be refused but never fails on our side.
    pub async fn operate(&mut self, operation: &str, partner: &str, more: Value) -> bool {
        let outcome = operate(&self.world, operation, partner, more).await;
        if let Err(failure) = &outcome {
            let heard = failure.error_type.as_str();
            let is_known = HEARD.contains(&heard) || heard == "InvalidRequest";
            self.must(is_known, &format!("{operation} of {partner}: {failure:?}"));
        }
        outcome.is_ok()
    }
}
