//! Saves what the partner granted: grant, history, access token and the end of the journey, together or not at all.

use jiff::Timestamp;
use shared::{
    access_token::StoredToken,
    authorization_request::Outcome,
    authorization_request_store::Redeemed,
    deadline::{Deadline, Pauses, patiently},
    grant::{Authorization, Change, GrantKey, Status},
    history::{Actor, Event, Record},
    lwa::Tokens,
    sealing::{Owner, Purpose, Sealed},
    secret::random_word,
    transaction::{Ending, Write},
    vending::keep_with_grant,
};

use crate::{CodeExchange, Stop, callback::Callback, verify::Verified};

impl CodeExchange {
    /// Tries until the function must end: a refresh token that Amazon has issued is not lost for a hiccup.
    pub(crate) async fn save(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        tokens: Tokens,
        verified: Verified,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Outcome, Stop> {
        let request = &redeemed.request;
        let key = GrantKey {
            application_id: request.application_id.clone(),
            region: verified.region,
            selling_partner_id: callback.partner.clone(),
        };
        let refresh_token = tokens.refresh_token.ok_or(Stop::Finish(Outcome::CodeRefused))?;
        let refresh_owner = Owner::grant(Purpose::RefreshToken, &key);
        let access_owner = Owner::grant(Purpose::AccessToken, &key);
        let sealed = patiently(deadline, || {
            self.sealer.seal(refresh_token.expose(), &refresh_owner, now)
        })
        .await?;
        let access_token = patiently(deadline, || {
            self.sealer.seal(tokens.access_token.expose(), &access_owner, now)
        })
        .await?;
        let authorization = Authorization {
            key: key.clone(),
            partner_type: verified.partner_type,
            draft: request.draft,
            account: request.account.clone(),
            stores: verified.stores,
            fingerprint: refresh_token.fingerprint(),
            refresh_token: sealed,
        };

        let mut pauses = Pauses::until(deadline);
        loop {
            let existing = patiently(deadline, || self.grants.find(&key)).await?;
            let change = authorization
                .clone()
                .applied_to(existing.as_ref(), self.amazon.marketplaces(), now);
            let outcome = outcome_of(&change);
            let writes = self.writes(
                &change,
                redeemed,
                outcome,
                &authorization,
                &access_token,
                tokens.expires_at,
                now,
            );
            // The same writes under the same token: asked again after a lost answer, they are made once.
            let token = random_word();
            match patiently(deadline, || self.transactions.commit(&writes, &token)).await? {
                Ending::Committed => {
                    tracing::info!(grant.key = %key, event = ?change.event, reason = change.reason, "Saved an authorization");
                    return Ok(outcome);
                }
                // An earlier commit of ours went through after all, or somebody has taken over.
                Ending::Refused(at) if at.contains(&FINISH) => {
                    let ours = patiently(deadline, || self.requests.outcome(redeemed)).await?;
                    return ours.ok_or(Stop::Overtaken);
                }
                // The grant changed under our hands: look again and decide anew.
                Ending::Refused(_) | Ending::Conflicted => {
                    if !pauses.pause(None).await {
                        return Err(Stop::Later("the grant kept changing until time ran out".into()));
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "everything that one transaction holds")]
    fn writes(
        &self,
        change: &Change,
        redeemed: &Redeemed,
        outcome: Outcome,
        authorization: &Authorization,
        access_token: &Sealed,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Vec<Write> {
        let Change { grant, event, reason } = change;
        let record = Record::of(
            grant,
            *event,
            Actor::Browser,
            reason,
            authorization.fingerprint.clone(),
            now,
        );
        let mut writes = vec![
            self.requests.finish(redeemed, outcome),
            self.grants.put(grant),
            record.append(&self.history_table),
        ];
        if outcome == Outcome::Authorized {
            let token = StoredToken::new(access_token.clone(), grant.version, expires_at);
            writes.push(keep_with_grant(&self.tokens_table, &grant.key(), &token));
        }
        writes
    }
}

/// The position of the write that ends the journey.
const FINISH: usize = 0;

fn outcome_of(change: &Change) -> Outcome {
    match (change.event, change.grant.status) {
        (Event::AuthorizationConflict, _) => Outcome::Conflict,
        (_, Status::Disabled) => Outcome::AuthorizedButDisabled,
        _ => Outcome::Authorized,
    }
}
