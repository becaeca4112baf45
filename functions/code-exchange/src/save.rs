//! Saves grant, history record, access token and the end of the journey in one transaction.

use jiff::Timestamp;
use shared::{
    access_token::{
        StoredToken, TokenKey,
        schedule::{Due, DueEntry},
        store::{hasten_with_grant, keep_with_grant, watch_with_grant},
    },
    amazon::lwa::Exchanged,
    aws::transaction::Write,
    browser::{page::Connection, reference::Reference},
    deadline::{Clock, retry_until},
    grant::{Grant, GrantKey, Status, authorization::Authorization, change::Change, version::VersionId},
    grant_change::{Decision, Made},
    history::{Event, actor::Who},
    journey::{
        request::{Brought, Outcome},
        request_store::Redeemed,
    },
    secret::{BrowserId, ResultSecret},
};

use crate::{CodeExchange, callback::Callback, ending::Ended, stop::Stop, verify::Verified};

/// The sealed tokens and the authorization that are to be saved.
struct Unsaved<'a> {
    redeemed: &'a Redeemed,
    authorization: Authorization,
    /// The access token of the same answer, if it can be used. It gets the version of the grant when it is saved.
    access_token: Option<StoredToken>,
}

impl CodeExchange {
    /// Retries until the function's time ends, so that no transient error loses a refresh token that Amazon has issued.
    pub(crate) async fn save(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        browser: &BrowserId,
        (exchanged, mut verified): (Exchanged, Verified),
        clock: Clock,
    ) -> Result<Ended, Stop> {
        loop {
            let saved =
                Box::pin(self.save_in(callback, redeemed, browser, (&exchanged, &verified), clock)).await;
            match saved {
                Err(Stop::Moved(region)) => {
                    // What shows another region shows nothing of this one.
                    verified = Verified { region, region_assumed: true, stores: Vec::new(), ..verified };
                }
                saved => return saved,
            }
        }
    }

    async fn save_in(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        browser: &BrowserId,
        (exchanged, verified): (&Exchanged, &Verified),
        clock: Clock,
    ) -> Result<Ended, Stop> {
        let state = &callback.state;
        let result = ResultSecret::of_request(&state.request_id, &state.secret, browser);
        let key = GrantKey {
            application_id: redeemed.request.application_id.clone(),
            region: verified.region,
            selling_partner_id: callback.partner.clone(),
        };
        let unsaved = self.seal(redeemed, key.clone(), exchanged, verified, clock).await?;

        let holder =
            self.changes.held_elsewhere(&key, &unsaved.authorization.fingerprint, clock.deadline()).await?;
        let decide = |current: Option<&Grant>| {
            // Amazon issued the token of the partner's grant in another region. One token is never in use under two keys.
            let has_it = |grant: &Grant| {
                grant.status != Status::Removed && grant.fingerprint == unsaved.authorization.fingerprint
            };
            if let Some(there) = holder.as_ref().filter(|_| !current.is_some_and(has_it)) {
                return Err(Stop::Moved(there.region));
            }
            // The partner was found in another region before. An assumption does not bring it back.
            if let (true, Some(there)) = (verified.region_assumed, current.and_then(Grant::points_to)) {
                return Err(Stop::Moved(there.region));
            }
            let authorization = unsaved.authorization.clone();
            Ok::<_, Stop>(Decision::from(authorization.applied_to(
                current,
                self.amazon.marketplaces(),
                clock.began(),
            )))
        };
        let also = |_: Option<&Grant>, change: Option<&Change>| {
            change.map(|change| self.writes(&unsaved, change, &result, clock.began())).unwrap_or_default()
        };
        match self.changes.make_with(&key, decide, also, &Who::browser(), clock).await? {
            Made::Changed(change) => {
                let Change { event, reason, grant, .. } = &*change;
                let id = &redeemed.request.request_id;
                tracing::info!(
                    grant.key = %key,
                    request.id = %id,
                    reference = Reference::of(id.as_str(), clock.began()).as_str(),
                    ?event,
                    reason,
                    "Authorization of grant {key} saved, {event:?}: {reason}"
                );
                let outcome = outcome_of(&change);
                let authorized = outcome == Outcome::Authorized;
                Ok(Ended { outcome, connection: authorized.then(|| Connection::of(grant, &self.amazon)) })
            }
            // An earlier commit of this attempt was successful, or another attempt has taken over.
            Made::Stays(_) | Made::Refused(_) => {
                let outcome = retry_until(clock.deadline(), || self.requests.outcome(redeemed)).await?;
                let outcome = outcome.ok_or(Stop::Overtaken)?;
                Ok(Ended { outcome, connection: None })
            }
        }
    }

    async fn seal<'a>(
        &self,
        redeemed: &'a Redeemed,
        key: GrantKey,
        Exchanged { refresh_token, access_token }: &Exchanged,
        verified: &Verified,
        clock: Clock,
    ) -> Result<Unsaved<'a>, Stop> {
        let owner = key.refresh_token_owner();
        let sealed_refresh_token =
            retry_until(clock.deadline(), || self.sealer.seal(refresh_token.expose(), &owner, clock.began()))
                .await?;
        let access_token = match access_token {
            Some((token, expires_at)) => {
                let owner = TokenKey::of_partner(&key).owner();
                let seal = || self.sealer.seal(token.expose(), &owner, clock.began());
                let sealed = retry_until(clock.deadline(), seal).await?;
                let (version, fetched_at) = (VersionId::default(), clock.began());
                Some(StoredToken::new(sealed, token.fingerprint(), version, fetched_at, *expires_at))
            }
            None => None,
        };
        Ok(Unsaved {
            redeemed,
            access_token,
            authorization: Authorization {
                key,
                partner_type: verified.partner_type,
                draft: redeemed.request.draft,
                central_host: redeemed.request.central_host.clone(),
                account: redeemed.request.proved_account().cloned(),
                stores: verified.stores.clone(),
                region_assumed: verified.region_assumed,
                fingerprint: refresh_token.fingerprint(),
                refresh_token: sealed_refresh_token,
            },
        })
    }

    /// Returns the writes for the journey and the access token, which join the transaction of `change`.
    fn writes(
        &self,
        unsaved: &Unsaved<'_>,
        change: &Change,
        result: &ResultSecret,
        now: Timestamp,
    ) -> Vec<Write> {
        let (outcome, grant) = (outcome_of(change), &change.grant);
        let request = &unsaved.redeemed.request;
        let finish = if request.return_url.is_some() {
            let fingerprint = unsaved.authorization.fingerprint.clone();
            let brought = Brought { region: grant.region, fingerprint, at: now };
            self.requests.finish_for(unsaved.redeemed, outcome, &brought, result, now)
        } else {
            self.requests.finish(unsaved.redeemed, outcome, now)
        };
        let mut writes = vec![finish.named("finish")];
        // An expired access token is not stored, and neither is one of a grant that is not active. The refresher still
        // checks the grant.
        let key = grant.key();
        let access_token = unsaved.access_token.as_ref().filter(|token| token.expires_at > now);
        if let (Outcome::Authorized, Some(token)) = (outcome, access_token) {
            let token = StoredToken { grant_version: grant.version_id(), ..token.clone() };
            let due = Due::after_fetch(&key, self.keep_warm, now, token.expires_at, Some(now));
            let care = DueEntry { due, last_requested_at: Some(now) };
            writes.push(keep_with_grant(&self.tokens_table, &key, &token, &care));
        } else if outcome != Outcome::Conflict {
            writes.push(watch_with_grant(&self.tokens_table, &key, &Due::at(&key, now)));
        } else if grant.status == Status::Active && grant.waits_for_stores() {
            // The stores under the grant's own token may show that it is the same seller.
            writes.push(hasten_with_grant(&self.tokens_table, &key, &Due::at(&key, now)));
        }
        // The first leg ends too, so that no other partner can continue it.
        writes.extend(request.continues.as_ref().map(|first| self.requests.close(first, now)));
        writes
    }
}

fn outcome_of(change: &Change) -> Outcome {
    match (change.event, change.grant.status) {
        (Event::AuthorizationConflict, _) => Outcome::Conflict,
        (_, Status::Disabled) => Outcome::AuthorizedButDisabled,
        _ => Outcome::Authorized,
    }
}
