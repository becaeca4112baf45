//! The steps of a history.

use serde_json::{Value, json};

use super::state::{History, PARTNERS};
use crate::{
    restore::backup::{Backup, GRANTS, TOKENS, clear},
    support::{
        environments::{at_once, token},
        operator::conflicting,
        world::attribute,
    },
};

impl History {
    /// One random step, and what must hold after it.
    pub async fn step(&mut self) {
        let partner = self.random.one_of(&PARTNERS);
        match self.random.below(30) {
            0..=8 => self.ask(partner).await,
            9 => self.crowd(partner).await,
            10..=12 => self.authorize(partner).await,
            13..=17 => self.operation(partner).await,
            18..=20 => self.advance().await,
            21..=23 => self.ask_with_a_fault(partner).await,
            24 => self.replaced_refresh_token(partner).await,
            25 => self.conflict(partner).await,
            26 => self.import(partner).await,
            27 => self.back_up_or_restore().await,
            28 => self.revoke(partner).await,
            _ => self.hostile().await,
        }
        self.observe().await;
    }

    async fn ask(&mut self, partner: &'static str) {
        let at = self.random.below(self.environments.len());
        let min_valid = self.random.one_of(&[0, 60, 600]);
        self.note(format!("environment {at} asks for {partner}, valid for {min_valid} s"));
        let request = json!({"sellingPartnerId": partner, "region": "na", "minValidSeconds": min_valid});
        let outcome = self.environments[at].token(&request).await;
        self.heard(partner, &outcome).await;
    }

    /// Many environments at once cost one call and get one token.
    async fn crowd(&mut self, partner: &'static str) {
        self.note(format!("8 environments ask for {partner} at once"));
        self.world.control("reset", json!({})).await;
        let environments = self.world.environments(8);
        let request = json!({"sellingPartnerId": partner, "region": "na"});
        let outcomes = at_once(&environments, &request).await;
        for outcome in &outcomes {
            self.heard(partner, outcome).await;
        }
        let calls = self.world.refreshes().await;
        self.must(calls <= 1, &format!("{partner}: {calls} calls"));
        if outcomes.iter().all(Result::is_ok) {
            let first = token(&outcomes[0]);
            self.must(outcomes.iter().all(|outcome| token(outcome) == first), "one token for all");
        }
    }

    async fn authorize(&mut self, partner: &'static str) {
        self.note(format!("{partner} authorizes"));
        let page = self.world.browser().website("US", "seller", partner).await;
        let code = page.support_code();
        self.must(page.is_connected() || code.is_some(), &format!("{} {}", page.status, page.body));
        if page.is_connected() {
            self.may_be_refused.remove(partner);
        }
    }

    async fn operation(&mut self, partner: &'static str) {
        let (operation, more) = match self.random.below(7) {
            0 | 1 => ("disableGrant", json!({})),
            2 | 3 => ("enableGrant", json!({})),
            4 => ("removeGrant", json!({})),
            5 => ("invalidateTokens", json!({})),
            _ => {
                let account = self.random.one_of(&[Some("one"), Some("two"), None]);
                ("linkAccount", json!({"account": account}))
            }
        };
        self.note(format!("{operation} of {partner} {more}"));
        let done = self.operate(operation, partner, more).await;
        let Some(grant) = self.world.grant("na", partner).await else { return };
        let status = attribute(&grant, "status");
        let expected = match operation {
            "disableGrant" => "disabled",
            "removeGrant" => "removed",
            _ => return,
        };
        self.must(!done || status == expected, &format!("{operation} of {partner} left it {status}"));
    }

    async fn advance(&mut self) {
        let seconds = self.random.one_of(&[1, 9, 59, 61, 600, 3500, 7200]);
        self.note(format!("{seconds} s pass"));
        self.world.advance(seconds).await;
    }

    async fn ask_with_a_fault(&mut self, partner: &'static str) {
        let endpoint = self.random.one_of(&["token", "token", "sp-api", "dynamodb", "kms", "secretsmanager"]);
        let of_amazon =
            ["http_error", "html", "reset", "empty", "truncated", "throttle", "invalid_client", "unanswered"];
        let of_aws = ["http_error", "reset", "throttle", "unanswered"];
        let is_amazon = endpoint == "token" || endpoint == "sp-api";
        let fault = self.random.one_of(if is_amazon { &of_amazon[..] } else { &of_aws });
        let times = 1 + self.random.below(2);
        self.note(format!("{endpoint} fails with {fault}, {times} times, and:"));
        self.world.fault(endpoint, fault, json!({"times": times})).await;
        match self.random.below(3) {
            0 => self.authorize(partner).await,
            1 => self.operation(partner).await,
            _ => self.ask(partner).await,
        }
        self.world.control("reset", json!({})).await;
    }

    async fn replaced_refresh_token(&mut self, partner: &'static str) {
        self.note(format!("Amazon replaces the refresh token of {partner}"));
        self.world.control("tokens", json!({"onRefresh": "replace"})).await;
        self.operate("invalidateTokens", partner, json!({})).await;
        let outcome = self.world.fresh().token_of(partner).await;
        self.heard(partner, &outcome).await;
        self.world.control("reset", json!({})).await;
        // The one before it is dead. A restore may bring it back.
        if self.backup.is_some() {
            self.may_be_refused.insert(partner);
        }
    }

    /// A stranger writes the partner's id on its own callback. The operator rejects it, or leaves it.
    async fn conflict(&mut self, partner: &'static str) {
        let Some(grant) = self.world.grant("na", partner).await else { return };
        // Where no grant is active, the first partner with this id gets it, and there is no conflict.
        if attribute(&grant, "status") == "removed" {
            return;
        }
        self.note(format!("a stranger comes with the id of {partner}"));
        let fingerprint = conflicting(&self.world, partner, "A9STRANGER").await;
        self.world.website_form("4b").await;
        if self.random.below(2) == 0 {
            let more = json!({"fingerprint": fingerprint, "resolution": "reject"});
            self.operate("resolveConflict", partner, more).await;
        }
    }

    async fn import(&mut self, partner: &'static str) {
        self.note(format!("{partner} is imported"));
        let own = json!({"applicationId": self.world.application(), "sellingPartnerId": partner, "region": "na", "kind": "seller"});
        let shown = self.world.control("self-authorization", own).await;
        let request = json!({"refreshToken": shown["refreshToken"], "kind": "self", "by": "anne"});
        self.operate("importGrant", partner, request).await;
    }

    async fn back_up_or_restore(&mut self) {
        let Some((backup, since)) = self.backup.take() else {
            self.note("a backup is made".to_owned());
            self.backup = Some((Backup::of(&self.world).await, self.now()));
            return;
        };
        let tables = self.random.one_of(&[&[GRANTS][..], &[TOKENS], &[GRANTS, TOKENS], &[]]);
        self.note(format!("{tables:?} are restored, and the operator reconciles"));
        if tables.is_empty() {
            clear(&self.world, TOKENS).await;
        }
        for table in tables {
            backup.restore(&self.world, table).await;
        }
        if tables.contains(&GRANTS) {
            self.forget_versions();
            // Since then Amazon may have issued another refresh token in place of the one that is back.
            self.may_be_refused.extend(PARTNERS);
        }
        let request = json!({
            "operation": "reconcile", "applicationId": self.world.application(), "since": since.to_string(), "by": "olga",
        });
        let done = self.world.caller().invoke("administration", &request).await;
        self.must(done.is_ok(), &format!("reconcile: {done:?}"));
        let again = self.world.caller().invoke("administration", &request).await.unwrap();
        self.must(again["changes"] == json!([]), &format!("the second reconcile finds its result: {again}"));
    }

    async fn revoke(&mut self, partner: &'static str) {
        if self.world.grant("na", partner).await.is_none() {
            return;
        }
        self.note(format!("{partner} revokes at Amazon, for an hour"));
        self.world.control(&format!("partner/{partner}/revoke"), json!({})).await;
        self.may_be_refused.insert(partner);
        self.world.advance(3600).await;
        self.observe().await;
        let outcome = self.world.fresh().token_of(partner).await;
        self.heard(partner, &outcome).await;
        self.world.control(&format!("partner/{partner}/restore"), json!({})).await;
    }

    /// Sends a request that no client of this project would send. The answer has a documented kind, and repeats nothing of the request.
    async fn hostile(&mut self) {
        let (function, field, text) = (
            self.random.one_of(&["get-access-token", "authorizations", "administration"]),
            self.random.one_of(&[
                "sellingPartnerId",
                "applicationId",
                "region",
                "operation",
                "account",
                "cursor",
                "scope",
            ]),
            self.random.text(),
        );
        let value = self.random.one_of(&[0, 1, 2, 3]);
        let value = match value {
            0 => json!([text]),
            1 => json!({"x": text}),
            2 => Value::Null,
            _ => json!(text),
        };
        self.note(format!("{function} gets {field} = {value}"));
        let mut request = json!({"operation": "getGrant", "sellingPartnerId": "A1ONE", "region": "na"});
        request[field] = value;
        let answer = self.world.caller().invoke(function, &request).await;
        if let Err(failure) = answer {
            self.must(failure.error_type != "Internal", &format!("{failure:?}"));
            self.must(text.len() < 8 || !failure.error_message.contains(&text), &format!("{failure:?}"));
        }
        for path in ["/callback", "/login", "/authorize", "/login/continue"] {
            let url = self.world.site(path);
            let query = [
                ("state", self.random.text()),
                ("link", self.random.text()),
                ("marketplace", self.random.text()),
            ];
            let answer = self.world.http().get(url).query(&query).send().await.unwrap();
            let status = answer.status();
            self.must(!status.is_server_error(), &format!("{path} {query:?}: {status}"));
        }
    }
}
