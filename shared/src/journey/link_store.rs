//! The authorization links table. One conditional write uses a link.

use aws_sdk_dynamodb::Client;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{
    aws::{
        AwsError,
        transaction::{Write, number, text},
    },
    ids::{LinkId, RequestId},
    journey::link::{AuthorizationLink, LinkToken, StoredLink},
    secret::{Fingerprint, LinkSecret},
};

/// How long a link is stored after it has expired, so that the page can say why it does not open.
const STORED_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The authorization links.
#[derive(Clone, Debug)]
pub struct AuthorizationLinkStore {
    client: Client,
    table: String,
}

#[derive(Serialize)]
struct Row<'a> {
    secret_hash: Fingerprint,
    delete_at: i64,
    #[serde(flatten)]
    link: &'a AuthorizationLink,
}

impl AuthorizationLinkStore {
    /// Returns the store of the links in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Stores `link` with a new random secret.
    pub async fn create(&self, link: &AuthorizationLink) -> Result<LinkToken, AwsError> {
        let secret = LinkSecret::random();
        let row = Row {
            secret_hash: secret.fingerprint(),
            delete_at: (link.expires_at + STORED_FOR).as_second(),
            link,
        };
        let item = serde_dynamo::to_item(row)
            .map_err(|_| AwsError::corrupt("PutItem", "an authorization link that is no item"))?;
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await
            .map_err(|error| AwsError::of("PutItem", &error))?;
        Ok(LinkToken { link_id: link.link_id.clone(), secret })
    }

    /// Reads the link, with a consistent read.
    pub async fn find(&self, id: &LinkId) -> Result<Option<StoredLink>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("link_id", text(id.as_str()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let corrupt = |_| AwsError::corrupt("GetItem", "a row of the authorization links table");
        read.item.map(|item| serde_dynamo::from_item(item).map_err(corrupt)).transpose()
    }

    /// Returns the write that uses the link for this request. It fails if the link was used, has expired, or has another
    /// secret.
    pub fn use_up(&self, token: &LinkToken, request: &RequestId, now: Timestamp) -> Write {
        Write::update(
            &self.table,
            ("link_id", token.link_id.as_str()),
            "SET used_by = :request, used_at = :now",
        )
        .only_if("secret_hash = :secret AND attribute_not_exists(used_by) AND expires_at > :now")
        .with(":request", text(request.as_str()))
        .with(":now", number(now.as_second()))
        .with(":secret", text(token.secret.fingerprint().as_str()))
    }
    /// Returns the write that uses the link for another request, because the one that it opened `before` brought no token. It
    /// fails if the link has opened another request since, or has expired.
    pub fn use_again(&self, id: &LinkId, before: &RequestId, request: &RequestId, now: Timestamp) -> Write {
        Write::update(&self.table, ("link_id", id.as_str()), "SET used_by = :request, used_at = :now")
            .only_if("used_by = :before AND expires_at > :now")
            .with(":request", text(request.as_str()))
            .with(":before", text(before.as_str()))
            .with(":now", number(now.as_second()))
    }
}
