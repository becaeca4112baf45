//! Stores a refresh token that came from elsewhere: from a self-authorization in Amazon's developer console, or from an
//! earlier system.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shared::{
    amazon::{
        marketplace::{PartnerType, Store},
        verification::{Verification, verify},
    },
    application::Application,
    deadline::{Clock, Deadline},
    error::{Cause, Error},
    grant::{Grant, GrantKey, GrantKind, Status},
    grant_change::{Decision, by_operator::ValidatedToken},
    history::{Event, actor::Who},
    region::Region,
    secret::{AccessToken, RefreshToken},
};

use crate::{Administration, operation::ImportGrant};

/// How far the clock of the machine that exported the token may be ahead.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

impl Administration {
    pub(crate) async fn import_grant(
        &self,
        application: &Application,
        request: ImportGrant,
        clock: Clock,
    ) -> Result<Value, Error> {
        let token = &request.refresh_token;
        let authorized_at = authorized_at(&request, clock.began())?;

        let proving = self.vending.validate_token(&application.application_id, token, clock);
        let tokens = match proving.await {
            Err(Error::ReauthorizationRequired) => Err(Error::invalid(
                "refreshToken",
                "a refresh token that Amazon accepts with the client id of this application",
            )),
            answer => answer,
        }?;
        let (region, stores) = self.place(&tokens.access_token, &request, clock.deadline()).await?;
        let key = GrantKey {
            application_id: application.application_id.clone(),
            region,
            selling_partner_id: request.selling_partner_id.clone(),
        };
        let kept = tokens.refresh_token.as_ref().unwrap_or(token);
        let validated = self.vending.seal_refresh_token(&key, kept, clock).await?;

        let grant = imported(&key, &request, application, stores, validated, authorized_at);
        let decide = |current: Option<&Grant>| takes_the_place_of(current, &grant, token);
        let who = Who::operator(request.by.clone());
        let grant = self.changes.make(&key, decide, &who, clock).await?;
        grant.map(|grant| self.answer(&grant)).ok_or(Error::UnknownSellingPartner)
    }

    /// Returns the region of the token, and the seller's stores if SP-API returns them.
    async fn place(
        &self,
        token: &AccessToken,
        request: &ImportGrant,
        deadline: Deadline,
    ) -> Result<(Region, Vec<Store>), Error> {
        // No call is open to every vendor (F§7.3).
        let verification = if request.partner_type == Some(PartnerType::Vendor) {
            Verification::Nothing
        } else {
            let saving = std::time::Duration::from_secs(10);
            let (marketplaces, deadline) = (self.amazon.marketplaces(), deadline.less(saving));
            verify(&self.sp_api, marketplaces, token, request.region, deadline).await
        };
        match (verification, request.region) {
            (Verification::Stores(found, _), Some(named)) if found != named => {
                Err(Error::invalid("region", format!("{found}, where Amazon shows this token's stores")))
            }
            (Verification::Stores(found, stores), _) => Ok((found, stores)),
            (Verification::Nothing, Some(named)) => Ok((named, Vec::new())),
            (Verification::Nothing, None) => Err(Error::invalid(
                "region",
                "na, eu or fe, because Amazon does not return the region of this token",
            )),
            (Verification::Throttled, _) => Err(Error::AmazonThrottled),
            (Verification::Unanswered(failed), _) => Err(Error::Unavailable(Cause::Amazon(failed.into()))),
        }
    }
}

/// Returns the time of the consent. The request must name it, because Amazon has no call that returns it (F§3.1).
fn authorized_at(request: &ImportGrant, now: Timestamp) -> Result<Timestamp, Error> {
    match (request.authorized_at, request.kind) {
        (Some(at), _) if at > now + CLOCKS_DIFFER => {
            Err(Error::invalid("authorizedAt", "a time that is not in the future"))
        }
        (Some(at), _) => Ok(at.min(now)),
        (None, GrantKind::SelfAuthorized) => Ok(now),
        (None, GrantKind::Oauth) => Err(Error::invalid(
            "authorizedAt",
            "the time of the partner's consent: its year began then, and Amazon does not return it",
        )),
    }
}

fn imported(
    key: &GrantKey,
    request: &ImportGrant,
    application: &Application,
    stores: Vec<Store>,
    validated: ValidatedToken,
    authorized_at: Timestamp,
) -> Grant {
    let shown = (!stores.is_empty()).then_some(PartnerType::Seller);
    let ValidatedToken { fingerprint, refresh_token } = validated;
    Grant {
        partner_type: shown.or(request.partner_type),
        draft: application.draft,
        account: request.account.clone(),
        stores,
        ..Grant::authorized(key.clone(), request.kind, fingerprint, refresh_token, authorized_at)
    }
}

/// Decides whether the import may create the grant. An existing grant with another token is not replaced: an operator must
/// remove it first.
fn takes_the_place_of(
    current: Option<&Grant>,
    imported: &Grant,
    sent: &RefreshToken,
) -> Result<Decision, Error> {
    let event = Event::AuthorizationGranted;
    match current {
        None => Ok(Decision::to(imported.clone(), event, "an operator imported a token that Amazon accepts")),
        Some(current) if current.status == Status::Removed => {
            let grant = Grant { version: current.version + 1, ..imported.clone() };
            let reason = "an operator imported a token that Amazon accepts, after the grant was removed";
            Ok(Decision::to(grant, event, reason))
        }
        Some(current) if [&imported.fingerprint, &sent.fingerprint()].contains(&&current.fingerprint) => {
            Ok(Decision::Stays)
        }
        Some(_) => Err(Error::invalid(
            "sellingPartnerId",
            "one without a grant of this application in this region; remove that grant first",
        )),
    }
}
