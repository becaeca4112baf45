//! SP-API, as far as authorizations need it: which marketplaces a seller takes part in (F§7.3), and restricted data
//! tokens (F§6).

use jiff::SignedDuration;
use reqwest::{StatusCode, header};
use serde::Deserialize;

use crate::{
    amazon::{
        Amazon,
        failure::{Failed, NoAnswer},
        http::{Answer, HttpClient, send},
        lwa::{is_usable_token, lifetime},
        marketplace::Store,
        restricted_data::RestrictedRequest,
    },
    region::Region,
    secret::AccessToken,
};

/// More stores than this are not kept: a row holds 400 KB, and there are 23 marketplaces.
const MOST_STORES: usize = 100;

/// Longer names are cut.
const LONGEST_STORE_NAME: usize = 200;

/// SP-API's endpoints.
#[derive(Clone, Debug)]
pub struct SpApi {
    http: HttpClient,
    amazon: Amazon,
}

/// A restricted data token, as SP-API answers with it.
#[derive(Debug)]
pub struct RestrictedToken {
    /// The token.
    pub token: AccessToken,
    /// How long it lives.
    pub lifetime: SignedDuration,
    /// How many of them SP-API issues in a second for this application and partner, if it says so.
    pub rate: Option<f64>,
}

/// A call that failed.
pub type Error = Failed<Reason>;

/// Why a call failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Reason {
    /// This token may not ask: a vendor's, one of another region, or one without the role.
    #[error("SP-API refused the call")]
    Refused,
    /// Too many calls for this partner (F§6, F§7.3).
    #[error("SP-API asks to slow down")]
    Throttled {
        /// The pause that SP-API asked for.
        retry_after: Option<SignedDuration>,
    },
    /// No usable answer: try again.
    #[error("SP-API did not answer: {0}")]
    Unavailable(NoAnswer),
}

/// The failure of a call whose status is not a success.
fn failed(answer: &Answer) -> Error {
    let reason = match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Reason::Throttled { retry_after: answer.retry_after },
        status if status.is_client_error() => Reason::Refused,
        status => Reason::Unavailable(NoAnswer::Status(status.as_u16())),
    };
    Error { reason, request_id: answer.request_id.clone() }
}

fn not_understood(answer: &Answer) -> Error {
    let reason = Reason::Unavailable(NoAnswer::NotUnderstood(answer.status.as_u16()));
    Error { reason, request_id: answer.request_id.clone() }
}

impl SpApi {
    /// The endpoints of `amazon`, reached through `http`.
    pub fn new(amazon: &Amazon, http: HttpClient) -> Self {
        Self { http, amazon: amazon.clone() }
    }

    /// The base address of `region`.
    pub fn endpoint(&self, region: Region) -> String {
        self.amazon.sp_api_endpoint(region)
    }

    /// The stores that the token's seller has in `region`. An empty list is no proof that there are none: a token
    /// of another region may be answered so (F§1.8).
    pub async fn marketplace_participations(
        &self,
        token: &AccessToken,
        region: Region,
    ) -> Result<Vec<Store>, Error> {
        let url = format!("{}/sellers/v1/marketplaceParticipations", self.endpoint(region));
        let request = self.http.get(url).header("x-amz-access-token", token.expose());
        let answer = send(request).await.map_err(Reason::Unavailable)?;
        match answer.status {
            StatusCode::OK => serde_json::from_slice::<Reply>(&answer.body)
                .map(|reply| {
                    reply.payload.into_iter().filter_map(Row::into_store).take(MOST_STORES).collect()
                })
                .map_err(|_| not_understood(&answer)),
            _ => Err(failed(&answer)),
        }
    }
}

impl SpApi {
    /// A token that opens the resources of `request` (F§6).
    pub async fn restricted_data_token(
        &self,
        request: &RestrictedRequest,
        token: &AccessToken,
        region: Region,
    ) -> Result<RestrictedToken, Error> {
        let url = format!("{}/tokens/2021-03-01/restrictedDataToken", self.endpoint(region));
        let request = self
            .http
            .post(&url)
            .header("x-amz-access-token", token.expose())
            .header(header::CONTENT_TYPE, "application/json")
            .body(request.canonical());
        let answer = send(request).await.map_err(Reason::Unavailable)?;
        match answer.status {
            StatusCode::OK => serde_json::from_slice::<RestrictedReply>(&answer.body)
                .ok()
                .filter(|reply| is_usable_token(reply.restricted_data_token.expose()))
                .map(|reply| RestrictedToken {
                    lifetime: lifetime(reply.expires_in.as_ref()),
                    token: reply.restricted_data_token,
                    rate: answer.rate,
                })
                .ok_or_else(|| not_understood(&answer)),
            _ => Err(failed(&answer)),
        }
    }
}

impl SpApi {
    /// Asks for a new client secret, with a grantless token of the rotation's scope (F§5.1). The secret is not in the
    /// answer: it comes through the queue. After [`Reason::Unavailable`] it may be on its way all the same.
    pub async fn rotate_client_secret(&self, token: &AccessToken, region: Region) -> Result<(), Error> {
        let url = format!("{}/applications/2023-11-30/clientSecret", self.endpoint(region));
        let request = self.http.post(&url).header("x-amz-access-token", token.expose());
        let answer = send(request).await.map_err(Reason::Unavailable)?;
        match answer.status {
            status if status.is_success() => Ok(()),
            _ => Err(failed(&answer)),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RestrictedReply {
    restricted_data_token: AccessToken,
    expires_in: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Reply {
    payload: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    marketplace: Marketplace,
    store_name: Option<String>,
    participation: Participation,
}

#[derive(Deserialize)]
struct Marketplace {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Participation {
    is_participating: bool,
}

impl Row {
    fn into_store(self) -> Option<Store> {
        Some(Store {
            marketplace_id: self.marketplace.id.parse().ok()?,
            name: self.store_name.unwrap_or_default().chars().take(LONGEST_STORE_NAME).collect(),
            participating: self.participation.is_participating,
        })
    }
}
