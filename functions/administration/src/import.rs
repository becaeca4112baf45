//! Stores a refresh token that came from elsewhere: from a self-authorization in Amazon's developer console, or from an
//! earlier system.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    amazon::{
        marketplace::{Marketplace, PartnerType, Store},
        verification::{Verification, verify},
    },
    application::Application,
    deadline::{Clock, Deadline},
    error::{Cause, Error},
    grant::{Grant, GrantKey, GrantKind, Status},
    grant_change::{Decision, Made, by_operator::ValidatedToken},
    history::{Event, actor::Who},
    region::Region,
    secret::RefreshToken,
    vending::Accepted,
};

use crate::{
    Administration,
    operation::{ConsentTime, ImportGrant},
};

/// How far the clock of the machine that exported the token may be ahead.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// The time that is reserved for storing the token.
const STORING_TAKES: Duration = Duration::from_secs(10);

impl Administration {
    pub(crate) async fn import_grant(
        &self,
        application: &Application,
        request: ImportGrant,
        clock: Clock,
    ) -> Result<Value, Error> {
        let token = &request.refresh_token;
        let consent = consent(&request, clock.began())?;
        let home = self.home(&request)?;

        let validating = self.vending.validate_token(&application.application_id, token, clock);
        let mut accepted = validating.await.map_err(of_the_token)?;
        if let Accepted { access_token: None, refresh_token: Some(replacement) } = &accepted {
            // The next answer may have the access token by which Amazon shows the region.
            let again = clock.less(STORING_TAKES);
            let next = self.vending.validate_token(&application.application_id, replacement, again).await;
            if let Ok(Accepted { access_token, refresh_token }) = next {
                let refresh_token = refresh_token.or(accepted.refresh_token);
                accepted = Accepted { access_token, refresh_token };
            }
        }
        let is_replaced =
            accepted.refresh_token.as_ref().is_some_and(|issued| issued.fingerprint() != token.fingerprint());
        let stored = self.store(application, &request, (home, consent), &accepted, clock).await;
        stored.map_err(|error| {
            let key = GrantKey {
                application_id: application.application_id.clone(),
                region: request.region.or(home.map(|home| home.region)).unwrap_or(application.default_region),
                selling_partner_id: request.selling_partner_id.clone(),
            };
            if is_replaced { self.vending.report_loss(&key, error) } else { error }
        })
    }

    /// Stores the token of `request` as Amazon answered it.
    async fn store(
        &self,
        application: &Application,
        request: &ImportGrant,
        (home, consent): (Option<&Marketplace>, Consent),
        accepted: &Accepted,
        clock: Clock,
    ) -> Result<Value, Error> {
        let token = &request.refresh_token;
        let named = request.region.or(home.map(|home| home.region));
        let (region, stores) = self.place(accepted, request, named, clock.deadline()).await?;
        let key = GrantKey {
            application_id: application.application_id.clone(),
            region,
            selling_partner_id: request.selling_partner_id.clone(),
        };
        let kept = accepted.refresh_token.as_ref().unwrap_or(token);
        let validated = self.vending.seal_refresh_token(&key, kept, clock).await?;

        for fingerprint in [&validated.fingerprint, &token.fingerprint()] {
            let elsewhere = self.changes.held_elsewhere(&key, fingerprint, clock.deadline()).await?;
            if let Some(Grant { region, .. }) = elsewhere {
                return Err(Error::invalid(
                    "region",
                    format!(
                        "{region}, where the partner's grant has this refresh token; setRegion moves that grant"
                    ),
                ));
            }
        }

        let mut grant = imported(&key, request, application, stores, validated, consent);
        grant.central_host =
            home.map(|home| home.central_host(grant.partner_type.unwrap_or(PartnerType::Seller)).to_owned());
        let decide = |current: Option<&Grant>| takes_the_place_of(current, &grant, token);
        let who = Who::operator(request.by.clone());
        let (grant, outcome) = match self.changes.made(&key, decide, &who, clock).await? {
            Made::Changed(change) if change.event == Event::RefreshTokenReplaced => (change.grant, "present"),
            Made::Changed(change) => (change.grant, "imported"),
            Made::Stays(Some(current)) => (*current, "present"),
            Made::Stays(None) | Made::Refused(_) => return Err(Error::UnknownSellingPartner),
        };
        let mut answer = self.answer(&grant);
        answer["outcome"] = json!(outcome);
        Ok(answer)
    }

    /// Returns the partner's home marketplace, if the request names it. It must be in the region that the request names.
    fn home(&self, request: &ImportGrant) -> Result<Option<&Marketplace>, Error> {
        let Some(id) = &request.marketplace_id else { return Ok(None) };
        let Some(home) = self.amazon.marketplaces().by_id(id) else {
            return Err(Error::invalid(
                "marketplaceId",
                "the id of a marketplace of Amazon, such as ATVPDKIKX0DER",
            ));
        };
        match request.region {
            Some(named) if named != home.region => {
                Err(Error::invalid("region", format!("{}, where the marketplace is", home.region)))
            }
            _ => Ok(Some(home)),
        }
    }

    /// Returns the region of the token, and the seller's stores if SP-API returns them. A token by which Amazon has replaced the
    /// one of the request is lost unless it is stored now, so the named region is believed where SP-API does not answer.
    async fn place(
        &self,
        accepted: &Accepted,
        request: &ImportGrant,
        named: Option<Region>,
        deadline: Deadline,
    ) -> Result<(Region, Vec<Store>), Error> {
        // No call is open to every vendor (F§7.3).
        let is_vendor = request.partner_type == Some(PartnerType::Vendor);
        let verification = match &accepted.access_token {
            Some(token) if !is_vendor => {
                let (marketplaces, deadline) = (self.amazon.marketplaces(), deadline.less(STORING_TAKES));
                verify(&self.sp_api, marketplaces, token, named, deadline).await
            }
            Some(_) | None => Verification::Nothing,
        };
        let sent = request.refresh_token.fingerprint();
        let is_replaced = accepted.refresh_token.as_ref().is_some_and(|token| token.fingerprint() != sent);
        match (verification, named) {
            (Verification::Stores(found, _), Some(named)) if found != named => {
                Err(Error::invalid("region", format!("{found}, where Amazon shows this token's stores")))
            }
            (Verification::Stores(found, stores), _) => Ok((found, stores)),
            (Verification::Nothing, Some(named)) => Ok((named, Vec::new())),
            (Verification::Throttled(_) | Verification::Unanswered(_), Some(named)) if is_replaced => {
                Ok((named, Vec::new()))
            }
            (Verification::Nothing, None) => Err(Error::invalid(
                "region",
                "na, eu or fe, because Amazon does not return the region of this token",
            )),
            (Verification::Throttled(failed), _) => Err(Error::AmazonThrottled(Cause::Amazon(failed.into()))),
            (Verification::Unanswered(failed), _) => Err(Error::Unavailable(Cause::Amazon(failed.into()))),
        }
    }
}

/// Returns the error for the operator where Amazon did not accept the token that was to be imported. Amazon's word for the refusal
/// is in the message: it says what to do now.
fn of_the_token(error: Error) -> Error {
    let expected = "a refresh token that Amazon accepts with the client id of this application";
    match error {
        Error::ReauthorizationRequired => Error::invalid(
            "refreshToken",
            format!(
                "{expected}; Amazon calls it invalid (invalid_grant); hint: it was revoked, has ended or is of another client \
                 id, so compare the client ids, else ask the partner to authorize again"
            ),
        ),
        error => error,
    }
}

/// Returns the time of the consent. The request must name it, because Amazon has no call that returns it (F§3.1).
/// A consent at an unknown time counts from now, and the grant says so.
fn consent(request: &ImportGrant, now: Timestamp) -> Result<Consent, Error> {
    let (at, unknown) = match (request.authorized_at, request.kind) {
        (Some(ConsentTime::At(at)), _) if at > now + CLOCKS_DIFFER => {
            return Err(Error::invalid("authorizedAt", "a time that is not in the future"));
        }
        (Some(ConsentTime::At(at)), _) => (at.min(now), false),
        (Some(ConsentTime::Unknown), _) => (now, true),
        (None, GrantKind::SelfAuthorized) => (now, false),
        (None, GrantKind::Oauth) => {
            return Err(Error::invalid(
                "authorizedAt",
                "the time of the partner's consent, with which its year began and which Amazon does not return, or unknown",
            ));
        }
    };
    Ok(Consent { at, unknown })
}

/// The time of a consent, and whether it is only the time of the import.
#[derive(Clone, Copy)]
struct Consent {
    at: Timestamp,
    unknown: bool,
}

fn imported(
    key: &GrantKey,
    request: &ImportGrant,
    application: &Application,
    stores: Vec<Store>,
    validated: ValidatedToken,
    consent: Consent,
) -> Grant {
    let shown = (!stores.is_empty()).then_some(PartnerType::Seller);
    let ValidatedToken { fingerprint, refresh_token } = validated;
    Grant {
        partner_type: shown.or(request.partner_type),
        draft: application.draft,
        account: request.account.clone(),
        stores,
        authorized_at_unknown: consent.unknown,
        ..Grant::authorized(key.clone(), request.kind, fingerprint, refresh_token, consent.at)
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
        Some(current) if current.fingerprint == imported.fingerprint => Ok(Decision::Stays),
        Some(current) if current.fingerprint == sent.fingerprint() => {
            let grant = Grant {
                refresh_token: imported.refresh_token.clone(),
                fingerprint: imported.fingerprint.clone(),
                version: current.version + 1,
                ..current.clone()
            };
            let reason = "Amazon answered a refresh with another refresh token";
            Ok(Decision::to(grant, Event::RefreshTokenReplaced, reason))
        }
        Some(_) => Err(Error::invalid(
            "sellingPartnerId",
            "one without a grant of this application in this region; remove that grant first",
        )),
    }
}
