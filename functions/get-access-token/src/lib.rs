//! Gives other services a valid access token of a partner.

mod request;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use shared::{
    amazon::Amazon,
    application::{ApplicationStore, NotOne},
    credentials::CredentialStore,
    deadline::Deadline,
    env::{Env, Unset},
    error::Error,
    grant::GrantKey,
    grant_store::GrantStore,
    http_client::HttpClient,
    ids::{ApplicationId, MarketplaceId, SellingPartnerId},
    lwa::Lwa,
    region::Region,
    runtime::Aws,
    sealing::Sealer,
    vending::{Vended, Vending},
};

use crate::request::{TokenRequest, Whose};

/// How long a caller is kept waiting for Amazon, even where the function might run longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the function may touch.
#[derive(Debug)]
pub struct GetAccessToken {
    amazon: Amazon,
    applications: ApplicationStore,
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
    selling_partner_id: SellingPartnerId,
    region: Region,
    endpoint: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marketplace_ids: Vec<MarketplaceId>,
}

impl GetAccessToken {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `ACCESS_TOKENS_TABLE`, `SEALING_KEY_ID`, and what [`Amazon`] reads.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let amazon = Amazon::from_env(env)?;
        let grants = GrantStore::new(dynamodb.clone(), env.required("GRANTS_TABLE")?.to_owned());
        Ok(Self {
            applications: ApplicationStore::new(
                dynamodb.clone(),
                env.required("APPLICATIONS_TABLE")?.to_owned(),
            ),
            vending: Vending {
                dynamodb,
                grants: grants.clone(),
                tokens_table: env.required("ACCESS_TOKENS_TABLE")?.to_owned(),
                sealer: Sealer::new(aws.kms(), env.required("SEALING_KEY_ID")?.to_owned()),
                credentials: CredentialStore::new(aws.secrets_manager()),
                lwa: Lwa::new(&amazon, HttpClient::new(&amazon)),
            },
            amazon,
            grants,
        })
    }

    /// Answers one invocation.
    pub async fn handle(&self, payload: &Value, now: Timestamp, deadline: Deadline) -> Result<Answer, Error> {
        let request = TokenRequest::parse(payload)?;
        let key = self.grant_key(&request, now).await?;
        let vended = self
            .vending
            .partner_token(&key, request.min_valid, now, deadline.within(PATIENCE))
            .await?;
        if let Some(marketplace) = &request.marketplace_id
            && !vended.grant.stores.is_empty()
            && !vended
                .grant
                .stores
                .iter()
                .any(|store| store.marketplace_id == *marketplace)
        {
            return Err(Error::invalid(
                "marketplaceId",
                "a marketplace that the selling partner takes part in",
            ));
        }
        Ok(self.answer(vended, now))
    }

    /// Which grant the request is about. Where it leaves something open, the indexes tell what there is to choose from.
    async fn grant_key(&self, request: &TokenRequest, now: Timestamp) -> Result<GrantKey, Error> {
        let region = self.region(request)?;
        let application_id = match &request.application_id {
            Some(named) => {
                let registered = self.applications.find(named, now).await?;
                registered
                    .ok_or(Error::UnknownApplication)?
                    .application_id
                    .clone()
            }
            None => self
                .applications
                .only(now)
                .await
                .map_err(|not_one| match not_one {
                    NotOne::Registered(0) => Error::UnknownApplication,
                    NotOne::Registered(_) => {
                        Error::invalid("applicationId", "one, since several applications are registered")
                    }
                    NotOne::Aws(error) => error.into(),
                })?,
        };
        if let (Whose::Partner(partner), Some(region)) = (&request.of, region) {
            return Ok(GrantKey {
                application_id,
                region,
                selling_partner_id: partner.clone(),
            });
        }
        let keys = match &request.of {
            Whose::Partner(partner) => self.grants.keys_of_partner(partner).await?,
            Whose::Account(account) => self.grants.keys_of_account(account).await?,
        };
        let mut fitting = keys.into_iter().filter(|key| {
            key.application_id == application_id && region.is_none_or(|region| key.region == region)
        });
        match (fitting.next(), fitting.next()) {
            (None, _) => Err(Error::UnknownSellingPartner),
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) if region.is_none() => Err(Error::AmbiguousSellingPartner("region")),
            (Some(_), Some(_)) => Err(Error::AmbiguousSellingPartner("sellingPartnerId")),
        }
    }

    fn region(&self, request: &TokenRequest) -> Result<Option<Region>, Error> {
        let Some(id) = &request.marketplace_id else {
            return Ok(request.region);
        };
        let marketplace = self.amazon.marketplaces().by_id(id);
        let marketplace =
            marketplace.ok_or_else(|| Error::invalid("marketplaceId", "a marketplace of Amazon's"))?;
        match request.region {
            Some(region) if region != marketplace.region => Err(Error::invalid(
                "region",
                format!("{}, which is the marketplace's region", marketplace.region),
            )),
            _ => Ok(Some(marketplace.region)),
        }
    }

    fn answer(&self, vended: Vended, now: Timestamp) -> Answer {
        let Vended {
            access_token,
            expires_at,
            grant,
        } = vended;
        Answer {
            access_token: access_token.expose().to_owned(),
            token_type: "bearer",
            expires_at,
            expires_in: expires_at.duration_since(now).as_secs().max(0),
            endpoint: self.amazon.sp_api_endpoint(grant.region),
            application_id: grant.application_id,
            selling_partner_id: grant.selling_partner_id,
            region: grant.region,
            marketplace_ids: grant
                .stores
                .into_iter()
                .filter(|store| store.participating)
                .map(|store| store.marketplace_id)
                .collect(),
        }
    }
}
