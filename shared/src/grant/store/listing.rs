//! Lists of grants, one page at a time: a query of an index returns the keys, one batch read returns the rows.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{GrantStore, Place, grant_keys, grant_of};
use crate::{
    aws::{
        AwsError, batch,
        transaction::{number, text},
    },
    deadline::Deadline,
    grant::{Grant, GrantKey, NO_RENEWAL, REMOVED},
    ids::{Account, ApplicationId, SellingPartnerId},
};

/// Which grants a list contains.
#[derive(Clone, Copy, Debug)]
pub enum Listed<'a> {
    /// The grants of an account, of every application.
    OfAccount(&'a Account),
    /// The grants of a partner, of every application.
    OfPartner(&'a SellingPartnerId),
    /// The grants of an application, sorted by due time of their renewal.
    OfApplication(&'a ApplicationId, Span),
}

/// Which of an application's grants, by their due time in the index.
#[derive(Clone, Copy, Debug)]
pub enum Span {
    /// All grants.
    All,
    /// The grants that are not removed.
    NotRemoved,
    /// The grants that expire before this time. A grant without a yearly renewal never expires.
    DueBefore(Timestamp),
    /// The grants that expire from the first time until before the second.
    DueBetween(Timestamp, Timestamp),
    /// The grants without a yearly renewal.
    WithoutRenewal,
    /// The removed grants.
    Removed,
}

impl Span {
    /// Returns the first due time, and the first one after the last, in epoch seconds.
    fn bounds(self) -> (i64, i64) {
        match self {
            Self::All => (i64::MIN, i64::MAX),
            Self::NotRemoved => (i64::MIN, REMOVED.as_second()),
            Self::DueBefore(due) => (i64::MIN, due.min(NO_RENEWAL).as_second()),
            Self::DueBetween(from, until) => (from.as_second(), until.min(NO_RENEWAL).as_second()),
            Self::WithoutRenewal => (NO_RENEWAL.as_second(), REMOVED.as_second()),
            Self::Removed => (REMOVED.as_second(), i64::MAX),
        }
    }
}

/// Grants that were read together.
#[derive(Debug, Default)]
pub struct GrantsRead {
    /// The grants.
    pub grants: Vec<Grant>,
    /// The keys of those whose rows this release cannot read.
    pub unreadable: Vec<GrantKey>,
}

impl GrantsRead {
    /// Returns the grants, or an error if one could not be read: it must not be treated as missing.
    pub fn all(self) -> Result<Vec<Grant>, AwsError> {
        if self.unreadable.is_empty() {
            return Ok(self.grants);
        }
        Err(AwsError::corrupt("BatchGetItem", "a row of the grants table"))
    }

    /// Names the grants that could not be read, for an answer.
    pub fn named(unreadable: &[GrantKey]) -> Vec<Value> {
        let name = |key: &GrantKey| json!({"sellingPartnerId": key.selling_partner_id, "region": key.region});
        unreadable.iter().map(name).collect()
    }
}

impl GrantStore {
    /// Returns a page of keys and the position at which the next page begins. If there is a position, there is
    /// another page, which may be empty.
    pub async fn page(
        &self,
        listed: Listed<'_>,
        from: Option<&Place>,
        at_most: i32,
    ) -> Result<(Vec<GrantKey>, Option<Place>), AwsError> {
        let (index, attribute, value) = match listed {
            Listed::OfAccount(account) => ("account", "account", account.as_str()),
            Listed::OfPartner(partner) => ("partner", "selling_partner_id", partner.as_str()),
            Listed::OfApplication(application, _) => ("application", "application_id", application.as_str()),
        };
        let start = from.map(|place| {
            let mut start = HashMap::from([
                ("grant_key".to_owned(), text(place.key.to_string())),
                (attribute.to_owned(), text(value)),
            ]);
            if let Listed::OfApplication(..) = listed {
                start.insert("renewal_due_at".to_owned(), number(place.renewal_due_at));
            }
            start
        });
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index)
            .expression_attribute_values(":value", text(value))
            .set_exclusive_start_key(start)
            .limit(at_most);
        query = match listed {
            Listed::OfAccount(_) | Listed::OfPartner(_) => {
                query.key_condition_expression(format!("{attribute} = :value"))
            }
            Listed::OfApplication(_, span) => {
                let (first, end) = span.bounds();
                query
                    .key_condition_expression(
                        "application_id = :value AND renewal_due_at BETWEEN :first AND :last",
                    )
                    .expression_attribute_values(":first", number(first))
                    .expression_attribute_values(":last", number(end.saturating_sub(1)))
            }
        };
        let found = query.send().await.map_err(|error| AwsError::of("Query", &error))?;
        let next = found.last_evaluated_key().and_then(place);
        Ok((grant_keys(found.items()), next))
    }

    /// The current grants of these keys, in the keys' order; without those that do not exist. A row that this release
    /// cannot read, because it is broken or of a newer release, does not stop the others.
    pub async fn read(&self, keys: &[GrantKey], deadline: Deadline) -> Result<GrantsRead, AwsError> {
        let values = keys.iter().map(ToString::to_string);
        let rows = batch::read_table(&self.client, &self.table, "grant_key", values, deadline).await?;
        let whose = |row: &HashMap<String, AttributeValue>| row.get("grant_key")?.as_s().ok()?.parse().ok();
        let mut found: HashMap<GrantKey, _> =
            rows.into_iter().filter_map(|row| Some((whose(&row)?, grant_of(row)))).collect();
        let mut read = GrantsRead::default();
        for key in keys {
            match found.remove(key) {
                Some(Ok(grant)) => read.grants.push(grant),
                Some(Err(error)) => {
                    tracing::error!(grant.key = %key, cause = %error, "Grant {key} was not read: {error}");
                    read.unreadable.push(key.clone());
                }
                None => {}
            }
        }
        Ok(read)
    }
}

fn place(last: &HashMap<String, AttributeValue>) -> Option<Place> {
    let key = last.get("grant_key")?.as_s().ok()?.parse().ok()?;
    let due = last.get("renewal_due_at").and_then(|due| due.as_n().ok()?.parse().ok());
    Some(Place { key, renewal_due_at: due.unwrap_or_default() })
}
