//! Checks one application for common faults, and says what to do about them.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    amazon::marketplace::PartnerType,
    application::Application,
    deadline::{Clock, Deadline, retry_until},
    error::Error,
    grant::{
        GrantKey, Status,
        store::{GrantsRead, Listed, Span},
    },
};

use crate::{
    Administration,
    findings::{
        self, Counts, domain, enabled, expiry, limits, published, queue, regions, rows, scopes, test_call,
        tokens, unreadable, uris,
    },
};

/// The number of grants that are read. Amazon's limits need no higher count.
const LOOKED_AT: i32 = 100;

impl Administration {
    pub(crate) async fn examine(&self, application: &Application, clock: Clock) -> Result<Value, Error> {
        let id = &application.application_id;
        let health = self.secrets.health(id, &application.client_id, clock).await?;
        let (counts, broken) = self.counts(application, clock.deadline()).await?;
        let has_tokens = || self.copies.has_table(&self.tables.access_tokens, "token_key");
        let has_tokens = retry_until(clock.deadline(), has_tokens).await?;
        let secret = health.secret.as_ref();
        let mut findings = vec![
            uris(&self.site.login_uri(), &self.site.redirect_uri()),
            domain(self.site.origin()),
            enabled(application),
            published(application),
            scopes(application),
            if health.unreadable { unreadable() } else { expiry(secret, self.secrets.lead(), clock.began()) },
            test_call(secret),
            queue(&health),
            limits(application, counts),
            regions(counts),
            rows(&broken),
            tokens(has_tokens),
        ];
        findings.extend(secret.and_then(|secret| secret.clock_ahead).map(findings::clock));
        Ok(json!({
            "findings": findings,
            "loginUri": self.site.login_uri(),
            "redirectUri": self.site.redirect_uri(),
            "facts": {
                "applicationId": id,
                "clientId": application.client_id,
                "draft": application.draft,
                "vendorsNeedBeta": application.vendors_need_beta,
                "clientSecretFingerprint": secret.map(|secret| &secret.fingerprint),
                "clientSecretEndsAt": secret.and_then(|secret| secret.ends_at),
                "clientSecretAskedForAt": health.rotation.asked_at,
                "clientSecretReceivedAt": health.rotation.received_at,
                "queueHeardAt": health.rotation.notified_at,
                "sellers": counts.sellers,
                "selfAuthorizations": counts.self_authorizations,
                "regionsAssumed": counts.regions_assumed,
                "clockAheadSeconds": secret.and_then(|secret| secret.clock_ahead).map(|ahead| ahead.as_secs()),
            },
        }))
    }

    /// Counts grants with two queries and one read, however many there are.
    async fn counts(
        &self,
        application: &Application,
        deadline: Deadline,
    ) -> Result<(Counts, Vec<GrantKey>), Error> {
        let page = async |span| {
            let listed = Listed::OfApplication(&application.application_id, span);
            retry_until(deadline, || self.grants.page(listed, None, LOOKED_AT)).await
        };
        let (clockless, _) = page(Span::WithoutRenewal).await?;
        let (yearly, _) = page(Span::DueBefore(Timestamp::MAX)).await?;
        let GrantsRead { grants, unreadable } = self.grants.read(&yearly, deadline).await?;
        let assumed = grants.iter().filter(|grant| grant.is_region_assumed()).count();
        let sellers = grants.iter().filter(|grant| {
            grant.status != Status::Removed && grant.partner_type != Some(PartnerType::Vendor)
        });
        let counts = Counts {
            sellers: sellers.count(),
            self_authorizations: clockless.len(),
            regions_assumed: assumed,
        };
        Ok((counts, unreadable))
    }
}
