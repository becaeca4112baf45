//! The access tokens table: stored tokens, the leases for requesting new ones, and the failure of the last request.

mod breaker;
mod due;
mod lease_writes;
mod leases;
mod row;
mod turns;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::{UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder},
};
use jiff::Timestamp;
use serde::Serialize;

use self::due::{SET_DUE, values_of};
#[cfg(test)]
pub(crate) use self::lease_writes::RowUpdate;
pub(crate) use self::row::token_row;
pub use self::{
    breaker::{Seen, Tally},
    due::{DuePage, DuePlace},
    leases::{FailureNote, Lease, Taken},
};
use crate::{
    access_token::{
        Ask, StoredToken, TokenKey, TokenRow,
        schedule::{Due, DueEntry},
    },
    application::brake::{Applied, Brakes},
    aws::{
        AwsError,
        batch::{self, Item, keys},
        transaction::{Write, number, text},
    },
    deadline::{Clock, Deadline},
    grant::{
        Grant, GrantKey,
        store::{self, GrantStore},
    },
    ids::ApplicationId,
};

/// The access tokens and the grants to which they belong, read together.
#[derive(Clone, Debug)]
pub struct AccessTokenStore {
    client: Client,
    table: String,
    grants: GrantStore,
    brakes: Arc<Brakes>,
}

/// A token's row with all that decides whether it is handed out, from one read.
#[derive(Debug)]
pub struct Looked {
    /// The brake of the application.
    pub applied: Applied,
    /// The grant, if the token belongs to one and there is one.
    pub grant: Option<Grant>,
    /// The token's row.
    pub row: TokenRow,
}

/// A grant and its own token, from one read.
#[derive(Debug)]
pub struct GrantAndToken {
    /// The grant's key.
    pub key: GrantKey,
    /// The grant, if there is one.
    pub grant: Option<Grant>,
    /// Whether the stores under its own token are wanted for a comparison, see [`Grant::waits_for_stores`].
    pub waits_for_stores: bool,
    /// The row of its own token.
    pub row: TokenRow,
}

/// How a token's row is read with its grant's row. The grant's, which says whether its tokens are handed out and of which version, is always
/// read strongly consistent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenRead {
    /// Eventually consistent, at half the price: the row may be some moments old. A token of the grant's version that was stored then is as
    /// good as a newer one. To fetch one takes the lease, whose condition an old row does not fulfil.
    Eventual,
    /// Strongly consistent: the row shows all writes before the read.
    Strong,
}

/// DynamoDB reads 100 rows in one call: two for each grant.
const GRANTS_READ_AT_ONCE: usize = 50;

impl AccessTokenStore {
    /// Stores tokens in `table`. `grants` has the grants to which they belong, and the table `applications` the brakes.
    pub fn new(client: Client, table: String, grants: GrantStore, applications: String) -> Self {
        Self { client, table, grants, brakes: Arc::new(Brakes::new(applications)) }
    }

    /// Returns the current grant of an application, a token of it, and its brake, from one read. If `ask` names a moment after
    /// which the token was issued, a brake from memory is not enough: an operator may have invalidated all tokens since.
    pub async fn look(
        &self,
        application: &ApplicationId,
        grant: Option<&GrantKey>,
        token: &TokenKey,
        read: TokenRead,
        ask: &Ask,
        clock: Clock,
    ) -> Result<Looked, AwsError> {
        let now = clock.now();
        let known = self.brakes.known(application, now).filter(|_| ask.minted_after.is_none());
        let row = keys("token_key", [token.as_str()])?;
        let row = if read == TokenRead::Eventual { batch::eventually(row) } else { row };
        let mut wanted = HashMap::from([(self.table.clone(), row)]);
        if let Some(key) = grant {
            let grant = store::vendable(keys("grant_key", [key.to_string()])?)?;
            wanted.insert(self.grants.table().to_owned(), grant);
        }
        if known.is_none() {
            wanted.insert(self.brakes.table().to_owned(), Brakes::keys([application])?);
        }
        let mut rows = batch::read(&self.client, wanted, clock.deadline()).await?;
        let mut first = |table: &str| rows.get_mut(table).and_then(Vec::pop);
        let grant = first(self.grants.table()).map(store::grant_of).transpose()?;
        let row = first(&self.table).map(token_row).transpose()?.unwrap_or_default();
        let applied = match known {
            Some(known) => known,
            None => self.brakes.cache(application, first(self.brakes.table()), now)?,
        };
        Ok(Looked { applied, grant, row })
    }

    /// Returns those of the applications that are disabled.
    pub async fn disabled_of(
        &self,
        applications: BTreeSet<ApplicationId>,
        clock: Clock,
    ) -> Result<BTreeSet<ApplicationId>, AwsError> {
        self.brakes.disabled(&self.client, applications, clock).await
    }

    /// Returns many grants and their own tokens, the latter [eventually consistent](TokenRead::Eventual), from one read for each 50 of them.
    pub async fn look_at_all(
        &self,
        grants: &[GrantKey],
        deadline: Deadline,
    ) -> Result<Vec<GrantAndToken>, AwsError> {
        let mut pairs = Vec::with_capacity(grants.len());
        for grants in grants.chunks(GRANTS_READ_AT_ONCE) {
            let tokens = grants.iter().map(|key| TokenKey::of_partner(key).as_str().to_owned());
            let rows = store::vendable(keys("grant_key", grants.iter().map(ToString::to_string))?)?;
            let wanted = HashMap::from([
                (self.table.clone(), batch::eventually(keys("token_key", tokens)?)),
                (self.grants.table().to_owned(), rows),
            ]);
            let mut rows = batch::read(&self.client, wanted, deadline).await?;
            let found = rows.remove(self.grants.table()).unwrap_or_default().into_iter();
            // A grant that cannot be read must not be treated as missing.
            let mut found: HashMap<GrantKey, (Grant, bool)> = found
                .map(|row| {
                    let waits_for_stores = row.contains_key("waits_for_stores");
                    store::grant_of(row).map(|grant| (grant.key(), (grant, waits_for_stores)))
                })
                .collect::<Result<_, _>>()?;
            let tokens = rows.remove(&self.table).unwrap_or_default().into_iter();
            let mut tokens: HashMap<String, Item> =
                tokens.filter_map(|row| Some((row.get("token_key")?.as_s().ok()?.clone(), row))).collect();
            for key in grants {
                let row = tokens.remove(TokenKey::of_partner(key).as_str()).map(token_row).transpose()?;
                let (grant, waits_for_stores) = found.remove(key).unzip();
                pairs.push(GrantAndToken {
                    key: key.clone(),
                    grant,
                    waits_for_stores: waits_for_stores.unwrap_or_default(),
                    row: row.unwrap_or_default(),
                });
            }
        }
        Ok(pairs)
    }

    fn update(&self, key: &TokenKey) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).key("token_key", text(key.as_str()))
    }
}

/// Returns the write that stores `token` as the first for the grant's version, for a transaction that also writes the
/// grant. It removes any lease, because a token that arrives under that lease belongs to the previous version.
pub fn keep_with_grant(table: &str, key: &GrantKey, token: &StoredToken, care: &DueEntry) -> Write {
    #[derive(Serialize)]
    struct Row<'a> {
        token_key: &'a str,
        #[serde(flatten)]
        token: &'a StoredToken,
        #[serde(flatten)]
        care: &'a DueEntry,
    }
    Write::put(table, &Row { token_key: TokenKey::of_partner(key).as_str(), token, care })
}

/// The attributes in which a row records that refreshes failed. They end when a token is stored, and where the grant gets another
/// refresh token or another key.
const FAILURES: &str = "failure, failed_version, failed_epoch, not_before, refused_fingerprint, refused_since, tries, overdue_since, \
                        lasting_fingerprint, lasting_since, lasting_clear_since, lasting_reported, lost_fingerprint, lost_at, lost_cause";

/// Returns the write that makes the refresher check a grant that is new, or works again, but has no token to store.
/// It deletes what the row says about another refresh token.
pub fn watch_with_grant(table: &str, key: &GrantKey, due: &Due) -> Write {
    watching(table, key, due, None)
}

/// Returns the write that makes the refresher check a grant soon whose token works. What the row says stays.
pub fn hasten_with_grant(table: &str, key: &GrantKey, due: &Due) -> Write {
    due_by(table, key, due, "", "")
}

/// Returns the write that makes the refresher check a grant at `due`, if the row `seen` still says when it does. What else the row
/// says stays.
pub fn repair_with_grant(table: &str, key: &GrantKey, due: &Due, seen: &TokenRow) -> Write {
    let write = due_by(table, key, due, "", " REMOVE delete_at");
    match seen.due_at {
        Some(at) => write.only_if("due_at = :seen").with(":seen", number(at.as_second())),
        None => write.only_if("attribute_not_exists(due_at)"),
    }
}

fn watching(table: &str, key: &GrantKey, due: &Due, last_requested_at: Option<Timestamp>) -> Write {
    let requested = last_requested_at.map_or("", |_| ", last_requested_at = :requested");
    let write = due_by(table, key, due, requested, &format!(" REMOVE delete_at, {FAILURES}"));
    match last_requested_at {
        Some(at) => write.with(":requested", number(at.as_second())),
        None => write,
    }
}

/// Returns the update that makes a grant's own token due, and does what the expressions `set` and `remove` add.
fn due_by(table: &str, key: &GrantKey, due: &Due, set: &str, remove: &str) -> Write {
    let update = format!("SET {SET_DUE}{set}{remove}");
    let write = Write::update(table, ("token_key", TokenKey::of_partner(key).as_str()), &update);
    values_of(due).into_iter().fold(write, |write, (placeholder, value)| write.with(placeholder, value))
}

/// Returns the writes that make the refresher check a grant under its new key and not under its old one, for a transaction
/// that moves the grant. A lease of the old token ends: nothing can be stored under it any more.
pub fn move_with_grant(
    table: &str,
    (from, to): (&GrantKey, &GrantKey),
    due: &Due,
    last_requested_at: Option<Timestamp>,
) -> Vec<Write> {
    let old = Write::delete(table, ("token_key", TokenKey::of_partner(from).as_str()));
    vec![old, watching(table, to, due, last_requested_at)]
}

/// Returns `None` if the update was made, and the current row if its condition did not hold.
fn refused(
    answer: Result<
        UpdateItemOutput,
        aws_sdk_dynamodb::error::SdkError<UpdateItemError, aws_sdk_dynamodb::config::http::HttpResponse>,
    >,
) -> Result<Option<Item>, AwsError> {
    let Err(error) = answer else {
        return Ok(None);
    };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
            Ok(Some(failed.item().cloned().unwrap_or_default()))
        }
        _ => Err(AwsError::of("UpdateItem", &error)),
    }
}
