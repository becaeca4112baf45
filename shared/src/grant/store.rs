//! The grants table.

mod by_refresher;
mod listing;

pub use self::listing::{GrantsRead, Listed, Span};

use std::{collections::HashMap, fmt, str::FromStr};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes},
};
use serde::Serialize;

use crate::{
    aws::{
        AwsError,
        copies::Row,
        transaction::{Write, number, text},
    },
    deadline::{Deadline, Transient, retry_until},
    grant::{Grant, GrantKey, Status},
    ids::{Account, ApplicationId, Malformed, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

/// At most so many keys are read for a partner or an account. There is one grant for each application and region, and
/// few integrators have more than a handful of applications.
const FOUND_AT_MOST: i32 = 100;

/// The grants table.
#[derive(Clone, Debug)]
pub struct GrantStore {
    client: Client,
    table: String,
}

/// A position in an application's list of grants. Its text is the cursor of a page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The last grant before the position.
    pub key: GrantKey,
    /// When the renewal of that grant was due, in epoch seconds. The list has this order.
    pub renewal_due_at: i64,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}", self.renewal_due_at, self.key)
    }
}

impl FromStr for Place {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("a cursor from an answer");
        let (renewal_due_at, key) = text.split_once('#').ok_or(EXPECTED)?;
        let renewal_due_at = renewal_due_at.parse().map_err(|_| EXPECTED)?;
        Ok(Self { key: key.parse().map_err(|_| EXPECTED)?, renewal_due_at })
    }
}

#[derive(Serialize)]
struct Stored<'a> {
    grant_key: String,
    /// Says to a read without the conflicts that there is something to compare.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    waits_for_stores: bool,
    #[serde(flatten)]
    grant: &'a Grant,
}

impl GrantStore {
    /// Stores grants in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Returns the name of the table, for a read of several tables.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Returns the current grant.
    pub async fn find(&self, key: &GrantKey) -> Result<Option<Grant>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("grant_key", text(key.to_string()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        read.item.map(grant_of).transpose()
    }

    /// Returns the current grants of the same partner and application in other regions, without removed ones. A row that this
    /// release cannot read does not count.
    pub async fn in_other_regions(&self, key: &GrantKey, deadline: Deadline) -> Result<Vec<Grant>, AwsError> {
        let mut found = Vec::new();
        for region in Region::ALL.into_iter().filter(|region| *region != key.region) {
            let other = GrantKey { region, ..key.clone() };
            match retry_until(deadline, || self.find(&other)).await {
                Ok(grant) => found.extend(grant.filter(|grant| grant.status != Status::Removed)),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    tracing::error!(grant.key = %other, cause = %error, "Grant {other} was not read: {error}");
                }
            }
        }
        Ok(found)
    }

    /// Returns the checks that no grant of the same partner and application in another region has the refresh token with this
    /// fingerprint, for a transaction that is refused by their `name`.
    pub fn held_nowhere_else(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        name: &'static str,
    ) -> Vec<Write> {
        let others = Region::ALL.into_iter().filter(|region| *region != key.region);
        let check = |region| {
            let other = GrantKey { region, ..key.clone() }.to_string();
            Write::check(&self.table, ("grant_key", &other))
                .only_if("attribute_not_exists(refresh_token) OR fingerprint <> :fingerprint")
                .with(":fingerprint", text(fingerprint.as_str()))
                .named(name)
        };
        others.map(check).collect()
    }

    /// Returns the keys of this partner's grants, at most 100. An index may lag behind, so the caller decides on the
    /// rows.
    pub async fn keys_of_partner(&self, partner: &SellingPartnerId) -> Result<Vec<GrantKey>, AwsError> {
        self.keys("partner", "selling_partner_id", partner.as_str()).await
    }

    /// Returns the keys of this account's grants, at most 100, likewise.
    pub async fn keys_of_account(&self, account: &Account) -> Result<Vec<GrantKey>, AwsError> {
        self.keys("account", "account", account.as_str()).await
    }

    /// Returns a page of the keys of an application's grants, sorted by due time of their renewal, and where the next
    /// page begins.
    pub async fn keys_of_application(
        &self,
        application: &ApplicationId,
        from: Option<&Place>,
        at_most: i32,
    ) -> Result<(Vec<GrantKey>, Option<Place>), AwsError> {
        self.page(Listed::OfApplication(application, Span::All), from, at_most).await
    }

    /// Returns the write that puts `grant` in place of the revision `seen`, or where no row existed.
    pub fn put(&self, grant: &Grant, seen: Option<u64>) -> Write {
        put(&self.table, grant, seen)
    }

    /// Returns the write that puts `grant` in place of the row `seen`, which this release may not be able to read, or where none existed.
    pub fn put_back(&self, grant: &Grant, seen: Option<&Row>) -> Write {
        let write = self.put(grant, None);
        match seen.map(Row::revision) {
            None => write,
            Some(None) => write.only_if("attribute_not_exists(revision)"),
            Some(Some(revision)) => write.only_if("revision = :seen").with(":seen", revision),
        }
    }

    async fn keys(&self, index: &str, attribute: &str, value: &str) -> Result<Vec<GrantKey>, AwsError> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index)
            .key_condition_expression(format!("{attribute} = :value"))
            .expression_attribute_values(":value", text(value))
            .limit(FOUND_AT_MOST)
            .send()
            .await
            .map_err(|error| AwsError::of("Query", &error))?;
        Ok(grant_keys(found.items()))
    }
}

/// Returns the write that puts `grant` into `table`, in place of the revision `seen`, or where no row existed.
pub(crate) fn put(table: &str, grant: &Grant, seen: Option<u64>) -> Write {
    let (grant_key, waits_for_stores) = (grant.key().to_string(), grant.waits_for_stores());
    let write = Write::put(table, &Stored { grant_key, waits_for_stores, grant });
    match seen {
        None => write.only_if("attribute_not_exists(grant_key)"),
        Some(revision) => write.only_if("revision = :seen").with(":seen", number(revision)),
    }
}

fn grant_keys(items: &[HashMap<String, AttributeValue>]) -> Vec<GrantKey> {
    items.iter().filter_map(|item| item.get("grant_key")?.as_s().ok()?.parse().ok()).collect()
}

/// Returns a read of grants without their conflicts, which are large and do not matter for vending.
pub(crate) fn vendable(keys: KeysAndAttributes) -> Result<KeysAndAttributes, AwsError> {
    KeysAndAttributes::builder()
        .set_keys(Some(keys.keys))
        .set_consistent_read(keys.consistent_read)
        .projection_expression(
            // AWS returns a key only if it is named here; the local engine returns it anyway.
            "grant_key, application_id, #region, selling_partner_id, #status, version, epoch, revision, kind, \
             partner_type, draft, central_host, account, authorized_at, renewal_due_at, stores, fingerprint, \
             refresh_token, resealed, reminded, outdated_reported, region_assumed, sighting, moved_to, moved_from, \
             waits_for_stores",
        )
        .expression_attribute_names("#region", "region")
        .expression_attribute_names("#status", "status")
        .build()
        .map_err(|_| AwsError::corrupt("BatchGetItem", "incomplete keys"))
}

/// Returns the grant that a row holds.
pub(crate) fn grant_of(item: HashMap<String, AttributeValue>) -> Result<Grant, AwsError> {
    serde_dynamo::from_item(item).map_err(|_| AwsError::corrupt("GetItem", "a row of the grants table"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_of_several_grants_requests_the_key_of_each_row() {
        let row = HashMap::from([("grant_key".to_owned(), text("x"))]);
        let keys = KeysAndAttributes::builder().keys(row).build().unwrap();

        let read = vendable(keys).unwrap();

        let mut attributes = read.projection_expression().unwrap_or_default().split(", ");
        assert!(attributes.any(|attribute| attribute == "grant_key"));
    }
}
