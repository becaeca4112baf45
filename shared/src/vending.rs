//! The protocol that hands out access tokens: look, decide, refresh, keep.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, KeysAndAttributes},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    access_token::{StoredToken, TokenKey, Vend, decide},
    aws::AwsError,
    credentials::{CredentialStore, Credentials},
    deadline::{Deadline, Pauses, patiently},
    error::Error,
    grant::{Grant, GrantKey},
    grant_store::{GrantStore, grant_of},
    lwa::{self, Lwa, Tokens},
    sealing::{Owner, Purpose, Sealer},
    secret::{AccessToken, RefreshToken},
    transaction::{Write, number, text},
};

/// What vending needs of a grant: everything but the conflicts, which are large and decide nothing here.
const GRANT_ATTRIBUTES: &str = "application_id, #region, selling_partner_id, #status, version, revision, kind, \
    partner_type, draft, account, authorized_at, renewal_due_at, stores, fingerprint, refresh_token";

/// Hands out access tokens.
#[derive(Debug)]
pub struct Vending {
    /// For the one read that spans two tables, and for keeping tokens.
    pub dynamodb: Client,
    /// The grants.
    pub grants: GrantStore,
    /// The table of access tokens.
    pub tokens_table: String,
    /// Opens refresh tokens and kept access tokens, and seals new ones.
    pub sealer: Sealer,
    /// The applications' secrets.
    pub credentials: CredentialStore,
    /// Where tokens come from.
    pub lwa: Lwa,
}

/// A token for a caller.
#[derive(Debug)]
pub struct Vended {
    /// The token.
    pub access_token: AccessToken,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The grant it belongs to.
    pub grant: Grant,
}

impl Vending {
    /// A partner's access token with at least `min_valid` of life, or a new one with whatever life it has.
    pub async fn partner_token(
        &self,
        key: &GrantKey,
        min_valid: SignedDuration,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Vended, Error> {
        let (grant, kept) = self.look(key, deadline).await?;
        let minted_under = match decide(grant.as_ref(), kept.as_ref(), min_valid, now) {
            Vend::Unknown => return Err(Error::UnknownSellingPartner),
            Vend::Disabled => return Err(Error::AuthorizationDisabled),
            Vend::AskPartner => return Err(Error::ReauthorizationRequired),
            Vend::Kept(kept) => {
                let owner = Owner::grant(Purpose::AccessToken, key);
                let access_token = AccessToken::new(self.sealer.open(&kept.access_token, &owner).await?);
                let expires_at = kept.expires_at;
                return grant.ok_or(Error::UnknownSellingPartner).map(|grant| Vended {
                    access_token,
                    expires_at,
                    grant,
                });
            }
            Vend::Mint(grant) => grant,
        };
        let tokens = self.refresh(minted_under, now, deadline).await?;
        if let Err(error) = self.keep(&tokens, minted_under, now).await {
            // The caller has its token all the same; the next one will ask Amazon again.
            tracing::warn!(selling_partner.id = %key.selling_partner_id, cause = %error, "A new access token could not be kept");
        }
        let Tokens {
            access_token,
            expires_at,
            ..
        } = tokens;
        grant.ok_or(Error::UnknownSellingPartner).map(|grant| Vended {
            access_token,
            expires_at,
            grant,
        })
    }

    /// Reads grant and token together, as they stand at this moment.
    async fn look(
        &self,
        key: &GrantKey,
        deadline: Deadline,
    ) -> Result<(Option<Grant>, Option<StoredToken>), Error> {
        let incomplete = |_| AwsError::corrupt("BatchGetItem", "incomplete keys");
        let grant_key = KeysAndAttributes::builder()
            .keys(HashMap::from([("grant_key".to_owned(), text(key.to_string()))]))
            .consistent_read(true)
            .projection_expression(GRANT_ATTRIBUTES)
            .expression_attribute_names("#region", "region")
            .expression_attribute_names("#status", "status")
            .build()
            .map_err(incomplete)?;
        let token_key = KeysAndAttributes::builder()
            .keys(HashMap::from([(
                "token_key".to_owned(),
                text(TokenKey::of_partner(key).as_str()),
            )]))
            .consistent_read(true)
            .build()
            .map_err(incomplete)?;
        let wanted = HashMap::from([
            (self.grants.table().to_owned(), grant_key),
            (self.tokens_table.clone(), token_key),
        ]);
        let mut rows = self.read_all(wanted, deadline).await?;
        let mut row = |table: &str| rows.remove(table).and_then(|mut rows| rows.pop());
        let grant = row(self.grants.table()).map(grant_of).transpose()?;
        let token = row(&self.tokens_table).map(serde_dynamo::from_item).transpose();
        let token =
            token.map_err(|_| AwsError::corrupt("BatchGetItem", "a row of the access tokens table"))?;
        Ok((grant, token))
    }

    /// Reads `wanted` to the last key: a throttled table leaves some unprocessed.
    async fn read_all(
        &self,
        mut wanted: HashMap<String, KeysAndAttributes>,
        deadline: Deadline,
    ) -> Result<HashMap<String, Vec<HashMap<String, AttributeValue>>>, Error> {
        let mut rows: HashMap<String, Vec<_>> = HashMap::new();
        let mut pauses = Pauses::until(deadline);
        loop {
            let read = self
                .dynamodb
                .batch_get_item()
                .set_request_items(Some(wanted))
                .send()
                .await;
            let read = read.map_err(|error| AwsError::of("BatchGetItem", &error))?;
            for (table, found) in read.responses.unwrap_or_default() {
                rows.entry(table).or_default().extend(found);
            }
            wanted = read.unprocessed_keys.unwrap_or_default();
            if wanted.is_empty() {
                return Ok(rows);
            }
            if !pauses.pause(None).await {
                return Err(Error::AmazonUnavailable(None));
            }
        }
    }

    async fn refresh(&self, grant: &Grant, now: Timestamp, deadline: Deadline) -> Result<Tokens, Error> {
        let owner = Owner::grant(Purpose::RefreshToken, &grant.key());
        let refresh_token = RefreshToken::new(self.sealer.open(&grant.refresh_token, &owner).await?);
        let credentials = self.credentials.current(&grant.application_id, now).await?;
        let refresh = async |credentials: Arc<Credentials>| {
            patiently(deadline, || self.lwa.refresh(&refresh_token, &credentials, now)).await
        };
        let answer = refresh(Arc::clone(&credentials)).await;
        if let Err(lwa::Error::InvalidClient) = answer
            && let Some(newer) = self
                .credentials
                .after_refusal(&credentials, &grant.application_id, now)
                .await?
        {
            return Ok(refresh(newer).await?);
        }
        Ok(answer?)
    }

    /// Keeps the token, unless one that lives longer, or of a later version of the grant, is there by now.
    async fn keep(&self, tokens: &Tokens, grant: &Grant, now: Timestamp) -> Result<(), Error> {
        let owner = Owner::grant(Purpose::AccessToken, &grant.key());
        let sealed = self
            .sealer
            .seal(tokens.access_token.expose(), &owner, now)
            .await?;
        let stored = StoredToken::new(sealed, grant.version, tokens.expires_at);
        let item = serde_dynamo::to_item(KeptToken {
            token_key: TokenKey::of_partner(&grant.key()).as_str(),
            stored: &stored,
        })
        .map_err(|_| AwsError::corrupt("PutItem", "an access token that is no item"))?;
        let answer = self
            .dynamodb
            .put_item()
            .table_name(&self.tokens_table)
            .set_item(Some(item))
            .condition_expression(
                "attribute_not_exists(token_key) OR grant_version < :version \
                 OR (grant_version = :version AND expires_at <= :end)",
            )
            .expression_attribute_values(":version", number(stored.grant_version))
            .expression_attribute_values(":end", number(stored.expires_at.as_second()))
            .send()
            .await;
        match answer {
            Err(error)
                if !error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Err(AwsError::of("PutItem", &error).into())
            }
            _ => Ok(()),
        }
    }
}

#[derive(serde::Serialize)]
struct KeptToken<'a> {
    token_key: &'a str,
    #[serde(flatten)]
    stored: &'a StoredToken,
}

/// The write that keeps `token` as the grant's first of its version, for a transaction that writes the grant too.
#[must_use]
pub fn keep_with_grant(tokens_table: &str, key: &GrantKey, token: &StoredToken) -> Write {
    Write::put(
        tokens_table,
        &KeptToken {
            token_key: TokenKey::of_partner(key).as_str(),
            stored: token,
        },
    )
}
