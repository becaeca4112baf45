//! Stores a refresh token that came from elsewhere: from a self-authorization in Amazon's developer console, or from an
//! earlier system.

mod place;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    amazon::marketplace::{Marketplace, PartnerType, Store},
    application::Application,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, GrantKey, GrantKind, Status},
    grant_change::{
        Decision, Made,
        by_operator::{ValidatedToken, imported_beside},
    },
    history::{Event, actor::Who},
    region::Region,
    secret::RefreshToken,
    vending::Accepted,
};

use self::place::{Place, STORING_TAKES};
use crate::{
    Administration,
    operation::{ConsentTime, ImportGrant},
};

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
        let stored = self.store(application, &request, (home, consent), &accepted, clock).await;
        let (grant, outcome) = stored.map_err(|error| match (accepted.replacement_of(token), error) {
            (None, error) | (Some(_), error @ Error::RefreshTokenLost(_)) => error,
            (Some(_), error) => {
                let named = request.region.or(home.map(|home| home.region));
                let region = named.unwrap_or(application.default_region);
                self.vending.report_loss(&key_of(application, &request, region), error)
            }
        })??;
        let mut answer = self.answer(&grant);
        answer["outcome"] = json!(outcome);
        Ok(answer)
    }

    /// Stores the token of `request` as Amazon answered it. The inner error is that of a request which imports no grant and loses no
    /// refresh token.
    async fn store(
        &self,
        application: &Application,
        request: &ImportGrant,
        (home, consent): (Option<&Marketplace>, Consent),
        accepted: &Accepted,
        clock: Clock,
    ) -> Result<Result<(Grant, &'static str), Error>, Error> {
        let sent = &request.refresh_token;
        let regions = (request.region.or(home.map(|home| home.region)), application.default_region);
        let Place { region, is_assumed, stores } =
            self.place(accepted, request, regions, clock.deadline()).await?;
        let mut key = key_of(application, request, region);
        if is_assumed {
            // The partner was found in another region before. An assumption does not bring it back.
            key = self.grants.current_key(&key, clock.deadline()).await?;
        }
        let issued = accepted.replacement_of(sent);
        if let Some(issued) = issued {
            self.replace_where_it_is_in_use(sent, issued, &key, clock).await?;
        }
        let validated = self.vending.seal_refresh_token(&key, issued.unwrap_or(sent), clock).await?;

        let mut grant = imported(&key, request, application, stores, validated, consent);
        grant.region_assumed = Some(is_assumed);
        grant.central_host =
            home.map(|home| home.central_host(grant.partner_type.unwrap_or(PartnerType::Seller)).to_owned());
        let decide = |current: Option<&Grant>| takes_the_place_of(current, &grant, issued.is_some());
        let who = Who::operator(request.by.clone());
        let made =
            self.changes.made_unless_held_elsewhere(&key, &grant.fingerprint, decide, &who, clock).await?;
        Ok(match made {
            Err(Grant { region, .. }) => Err(Error::invalid(
                "region",
                format!(
                    "{region}, where the partner's grant has this refresh token; setRegion moves that grant"
                ),
            )),
            Ok(Made::Changed(change)) if change.event == Event::AuthorizationGranted => {
                Ok((change.grant, "imported"))
            }
            Ok(Made::Stays(Some(current))) if current.fingerprint == grant.fingerprint => {
                Ok((*current, "present"))
            }
            Ok(Made::Changed(_) | Made::Stays(Some(_))) => Err(Error::invalid(
                "sellingPartnerId",
                "one without a grant of this application in this region; Amazon replaced the token, and the new one is a conflict \
                 of that grant: accept or reject it with resolveConflict",
            )),
            Ok(Made::Stays(None) | Made::Refused(_)) => return Err(Error::UnknownSellingPartner),
        })
    }

    /// The partner's grant that has the token which was `sent`, in whatever region, gets the token that Amazon `issued` in its place.
    async fn replace_where_it_is_in_use(
        &self,
        sent: &RefreshToken,
        issued: &RefreshToken,
        key: &GrantKey,
        clock: Clock,
    ) -> Result<(), Error> {
        let sent = sent.fingerprint();
        let here = retry_until(clock.deadline(), || self.grants.find(key)).await?;
        let here = here.filter(|grant| grant.status != Status::Removed && grant.fingerprint == sent);
        let holder = match here {
            Some(here) => Some(here),
            None => self.changes.held_elsewhere(key, &sent, clock.deadline()).await?,
        };
        match holder {
            Some(holder) => self.vending.replace_token_of(&holder, issued, clock).await,
            None => Ok(()),
        }
    }
}

fn key_of(application: &Application, request: &ImportGrant, region: Region) -> GrantKey {
    GrantKey {
        application_id: application.application_id.clone(),
        region,
        selling_partner_id: request.selling_partner_id.clone(),
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
/// remove it first. A token by which Amazon replaced the one that was sent waits beside it.
fn takes_the_place_of(
    current: Option<&Grant>,
    imported: &Grant,
    is_replacement: bool,
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
        Some(current) if is_replacement => Ok(imported_beside(current, imported)),
        Some(_) => Err(Error::invalid(
            "sellingPartnerId",
            "one without a grant of this application in this region; remove that grant first",
        )),
    }
}
