//! What operators do, one operation a request: `{"operation": "setClientSecret", ...}`.
//!
//! Tokens and secrets go in and never come out.

mod client_secret;
mod replay;
mod tokens;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use shared::{
    access_token_store::AccessTokenStore,
    application::{Application, ApplicationStore},
    aws::Aws,
    client_secret::ClientSecrets,
    deadline::{Deadline, patiently},
    env::{Env, Unset},
    error::Error,
    event_bus::EventBus,
    grant_store::GrantStore,
    history_store::HistoryStore,
    ids::{ApplicationId, SellingPartnerId},
    region::Region,
    secret::ClientSecret,
    transaction::Transactions,
};

use crate::replay::{Wanted, one_grant};

/// What the function may touch.
#[derive(Debug)]
pub struct Administration {
    applications: ApplicationStore,
    events: EventBus,
    grants: GrantStore,
    history: HistoryStore,
    history_table: String,
    secrets: ClientSecrets,
    tokens: AccessTokenStore,
    transactions: Transactions,
}

/// A request, tagged by its `operation`.
#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Operation {
    /// Stores a client secret that was copied from Amazon's portal, once Amazon has accepted it.
    SetClientSecret { application_id: ApplicationId, secret: ClientSecret, expires_at: Option<Timestamp> },
    /// Asks Amazon for a new client secret now.
    RotateClientSecret { application_id: ApplicationId },
    /// Has the access tokens of one grant, or of all grants of an application a page at a time, minted anew.
    InvalidateTokens {
        application_id: ApplicationId,
        selling_partner_id: Option<SellingPartnerId>,
        region: Option<Region>,
        cursor: Option<String>,
    },
    /// Sends the events of a span of history again: of one grant, or of the application and all its grants.
    ReplayEvents {
        application_id: ApplicationId,
        selling_partner_id: Option<SellingPartnerId>,
        region: Option<Region>,
        from: Timestamp,
        until: Timestamp,
        cursor: Option<String>,
    },
}

impl Administration {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `ACCESS_TOKENS_TABLE`, `HISTORY_TABLE`, and what [`ClientSecrets`] and
    /// [`EventBus`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        Ok(Self {
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            tokens: AccessTokenStore::new(dynamodb.clone(), table("ACCESS_TOKENS_TABLE")?, grants.clone()),
            events: EventBus::from_env(env, aws)?,
            grants,
            history: HistoryStore::new(dynamodb.clone(), table("HISTORY_TABLE")?),
            history_table: table("HISTORY_TABLE")?,
            secrets: ClientSecrets::from_env(env, aws)?,
            transactions: Transactions::new(dynamodb),
        })
    }

    /// Answers one invocation.
    pub async fn handle(&self, payload: &Value, now: Timestamp, deadline: Deadline) -> Result<Value, Error> {
        match Operation::deserialize(payload).map_err(|error| not_understood(payload, &error))? {
            Operation::SetClientSecret { application_id, secret, expires_at } => {
                let application = self.application(&application_id, now, deadline).await?;
                self.set_client_secret(&application, secret, expires_at, now, deadline).await
            }
            Operation::RotateClientSecret { application_id } => {
                let application = self.application(&application_id, now, deadline).await?;
                self.rotate_client_secret(&application, now, deadline).await
            }
            Operation::InvalidateTokens { application_id, selling_partner_id, region, cursor } => {
                let application = self.application(&application_id, now, deadline).await?;
                match (selling_partner_id, region, cursor) {
                    (Some(partner), Some(region), None) => {
                        self.invalidate_tokens_of(&application, partner, region, now, deadline).await
                    }
                    (None, None, cursor) => {
                        self.invalidate_all_tokens(&application, cursor, now, deadline).await
                    }
                    (Some(_), None, _) => {
                        Err(Error::invalid("region", "the grant's, together with sellingPartnerId"))
                    }
                    (None, Some(_), _) => {
                        Err(Error::invalid("sellingPartnerId", "the grant's, together with region"))
                    }
                    (Some(_), Some(_), Some(_)) => {
                        Err(Error::invalid("cursor", "none together with one grant"))
                    }
                }
            }
            Operation::ReplayEvents { application_id, selling_partner_id, region, from, until, cursor } => {
                self.application(&application_id, now, deadline).await?;
                let wanted = Wanted { grant: one_grant(selling_partner_id, region)?, from, until };
                self.replay_events(&application_id, &wanted, cursor.as_deref(), deadline).await
            }
        }
    }

    async fn application(
        &self,
        id: &ApplicationId,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<std::sync::Arc<Application>, Error> {
        let found = patiently(deadline, || self.applications.find(id, now)).await?;
        found.ok_or(Error::UnknownApplication)
    }
}

/// Names what is wrong. The parser's own words may quote a value, which may be a secret, so only those are passed on that
/// it says of names.
fn not_understood(payload: &Value, error: &serde_json::Error) -> Error {
    const OPERATIONS: &str = "setClientSecret, rotateClientSecret, invalidateTokens or replayEvents";
    let text = error.to_string();
    let operation = payload.get("operation").and_then(Value::as_str);
    if !operation.is_some_and(|operation| OPERATIONS.contains(operation)) {
        return Error::invalid("operation", OPERATIONS);
    }
    if text.starts_with("missing field `") || text.starts_with("unknown field `") {
        let name: String =
            text.chars().skip_while(|c| *c != '`').skip(1).take_while(|c| *c != '`').take(40).collect();
        // A name that is none may be a secret in the wrong place.
        if !name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') {
            return Error::invalid("payload", "the operation's fields and no others");
        }
        let kind =
            if text.starts_with("missing") { "it is missing" } else { "it is not a field of this operation" };
        return Error::invalid("payload", format!("the operation's fields; of {name}: {kind}"));
    }
    let fields = "applicationId, region and sellingPartnerId as ids, secret as a text, \
                  expiresAt, from and until as times of RFC 3339";
    Error::invalid("payload", fields)
}
