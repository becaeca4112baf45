//! Vends valid access tokens to other services: a partner's token, a restricted token, or the application's token for a
//! scope.

mod request;
mod resolve;
mod restricted;

use std::{pin::pin, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use shared::{
    access_token::{Ask, cache::Vended},
    amazon::Amazon,
    application::ApplicationStore,
    aws::Aws,
    consumer::{Consumers, Invoked, Policy, Reach},
    deadline::Clock,
    env::{Env, Unset},
    error::{Cause, Error},
    grant::{lookup::Whose, store::GrantStore},
    ids::{ApplicationId, MarketplaceId, SellingPartnerId},
    region::Region,
    vending::{
        Vending, Wanted,
        audit::{Audit, HandedOut},
    },
};

use crate::request::{Owner, TokenRequest};

/// The longest time that a caller waits: for the lease of a holder that has ended (8 s), and then for its own call to Amazon.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What is left of [`LONGEST_WAIT`] for the answer when a call to AWS fails in the end.
const ANSWER_TAKES: Duration = Duration::from_millis(250);

/// How far the clock of a caller may be ahead.
const CLOCKS_DIFFER_BY: SignedDuration = SignedDuration::from_secs(5);

/// The dependencies of the function.
#[derive(Debug)]
pub struct GetAccessToken {
    amazon: Amazon,
    applications: ApplicationStore,
    audit: Audit,
    consumers: Consumers,
    grants: GrantStore,
    vending: Vending,
}

/// The answer to a request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    access_token: String,
    token_type: &'static str,
    expires_at: Timestamp,
    expires_in: i64,
    application_id: ApplicationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    selling_partner_id: Option<SellingPartnerId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marketplace_ids: Vec<MarketplaceId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    roles_outdated: bool,
    #[serde(skip)]
    handed_out: HandedOut,
    #[serde(skip)]
    fetched: bool,
}

impl GetAccessToken {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, and what [`Amazon`], [`Audit`], [`Consumers`] and [`Vending`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        Ok(Self {
            amazon: Amazon::from_env(env)?,
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            audit: Audit::from_env(env)?,
            consumers: Consumers::from_env(env, aws)?,
            grants: GrantStore::new(dynamodb, table("GRANTS_TABLE")?),
            vending: Vending::from_env(env, aws)?,
        })
    }

    /// Answers one invocation. What it may have depends on how the function was `invoked`.
    pub async fn handle(&self, payload: &Value, invoked: &Invoked, clock: Clock) -> Result<Answer, Error> {
        let answer = self.answer_to(payload, invoked, clock).await?;
        self.audit.write_down(invoked, answer.handed_out.clone(), answer.fetched, clock.now());
        Ok(answer)
    }

    async fn answer_to(&self, payload: &Value, invoked: &Invoked, clock: Clock) -> Result<Answer, Error> {
        let request = TokenRequest::parse(payload)?;
        let clock = clock.within(LONGEST_WAIT);
        // A call to AWS that takes longer than the caller may wait fails, and its error says which one it was.
        let answer = clock.less(ANSWER_TAKES).deadline().limiting(async {
            let reach = self.consumers.admit(invoked, clock).await?;
            self.token(&request, &reach, clock).await
        });
        let mut answer = pin!(answer);
        if let Ok(answer) = tokio::time::timeout(clock.deadline().remaining(), &mut answer).await {
            return answer;
        }
        // Amazon may have issued a refresh token that is not stored yet. What stores it ends by itself before the function does.
        if self.vending.may_lose_refresh_token() {
            return answer.await;
        }
        Err(Error::Unavailable(Cause::OutOfTime("the access token was being looked up or fetched")))
    }

    async fn token(&self, request: &TokenRequest, reach: &Reach, clock: Clock) -> Result<Answer, Error> {
        if request.minted_after.is_some_and(|moment| moment > clock.began() + CLOCKS_DIFFER_BY) {
            return Err(Error::invalid("mintedAfter", "a moment that is not in the future"));
        }
        let whose = match &request.owner {
            Owner::Partner(whose) => whose,
            Owner::Application(scope) => {
                let wanted = self.of_scope(request, scope, reach, clock).await?;
                return self.vend(request, wanted, reach, clock).await;
            }
        };
        let meant = self.meant(request, whose, reach, clock).await?;
        let mut looks = meant.looks(clock.deadline());
        loop {
            let answer = match self.of_partner(request, &meant, looks.next(), clock).await {
                Ok(wanted) => self.vend(request, wanted, reach, clock).await,
                Err(error) => Err(error),
            };
            if !looks.again(answer.as_ref().err()).await {
                return match answer {
                    Err(Error::UnknownSellingPartner) => Err(self.no_grant(request, &meant, clock).await),
                    answer => answer,
                };
            }
        }
    }

    async fn vend(
        &self,
        request: &TokenRequest,
        wanted: Wanted,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Answer, Error> {
        let depends_on_account = |policy: &&Arc<Policy>| {
            wanted.grant().is_some_and(|grant| policy.depends_on_account(&grant.selling_partner_id))
        };
        let ask = Ask {
            min_valid: request.min_valid,
            rejected: request.rejected.clone(),
            not_before: None,
            minted_after: request.minted_after,
            marketplace_id: request.marketplace_id.clone(),
            account: match &request.owner {
                Owner::Partner(Whose::Account(account)) => Some(account.clone()),
                Owner::Partner(Whose::Partner(_)) | Owner::Application(_) => None,
            },
            by_account: reach.policy().filter(depends_on_account).cloned(),
        };
        let vended = self.vending.token(&wanted, &ask, clock).await?;
        // The remaining life is counted from the answer, not from the request.
        Ok(self.answer(vended, wanted, request.region, clock.now()))
    }

    fn answer(&self, vended: Vended, wanted: Wanted, asked_region: Option<Region>, now: Timestamp) -> Answer {
        let Vended {
            access_token, fingerprint, expires_at, marketplace_ids, roles_outdated, fetched, ..
        } = vended;
        let handed_out = HandedOut::new(&wanted, fingerprint);
        let (application_id, selling_partner_id, region) = match wanted {
            Wanted::Partner(grant) | Wanted::Restricted(grant, _) => {
                (grant.application_id, Some(grant.selling_partner_id), Some(grant.region))
            }
            Wanted::Scope(application_id, _) => (application_id, None, asked_region),
        };
        Answer {
            access_token: access_token.expose().to_owned(),
            token_type: "bearer",
            expires_at,
            expires_in: expires_at.duration_since(now).as_secs().max(0),
            application_id,
            selling_partner_id,
            endpoint: region.map(|region| self.amazon.sp_api_endpoint(region)),
            sandbox_endpoint: region.map(|region| self.amazon.sp_api_sandbox_endpoint(region)),
            region,
            marketplace_ids,
            roles_outdated,
            handed_out,
            fetched,
        }
    }
}
