//! What all environments share about an application: whether its client secret is refused, and how many of its grants
//! are.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::{SignedDuration, Timestamp};

use super::AccessTokenStore;
use crate::{
    aws::{
        AwsError,
        transaction::{number, text},
    },
    grant::GrantKey,
    ids::ApplicationId,
    secret::Fingerprint,
};

/// How many grants of an application were recently tried, and what Amazon answered.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// How many were tried in this hour and the previous one.
    pub tried: u32,
    /// How many of them Amazon refused.
    pub refused: u32,
    /// How many grants Amazon has refused since it last accepted one. Accurate up to about 250.
    pub refused_since_accepted: u32,
}

/// What one run of the refresher counted for an application.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many grants were tried.
    pub tried: u32,
    /// The grants that Amazon refused.
    pub refused: Vec<GrantKey>,
    /// Whether Amazon accepted a grant.
    pub accepted: bool,
}

/// The period over which attempts are counted together.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(1);

impl AccessTokenStore {
    /// Returns until when this client secret must not be used, if Amazon has refused it.
    pub async fn breaker(
        &self,
        application: &ApplicationId,
        secret: &Fingerprint,
    ) -> Result<Option<Timestamp>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("token_key", text(breaker_key(application, secret)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let not_before = read.item.as_ref().and_then(|row| row.get("not_before")?.as_n().ok()?.parse().ok());
        Ok(not_before.and_then(|seconds| Timestamp::from_second(seconds).ok()))
    }

    /// Records for every environment that a client secret is refused, until `not_before`.
    pub async fn open_breaker(
        &self,
        application: &ApplicationId,
        secret: &Fingerprint,
        not_before: Timestamp,
    ) -> Result<(), AwsError> {
        let not_before = number(not_before.as_second());
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("token_key", text(breaker_key(application, secret)))
            .item("delete_at", not_before.clone())
            .item("not_before", not_before);
        put.send().await.map(|_| ()).map_err(|error| AwsError::of("PutItem", &error))
    }

    /// Adds what one run of the refresher counted, and returns the counts of all runs.
    pub async fn tally(
        &self,
        application: &ApplicationId,
        seen: &Seen,
        now: Timestamp,
    ) -> Result<Tally, AwsError> {
        let hour = now.as_second() / COUNTED_FOR.as_secs();
        let key = |hour: i64| format!("tally#{application}#{hour}");
        let added = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("token_key", text(key(hour)))
            .update_expression("SET delete_at = :delete_at ADD tried :tried, refused :refused")
            .expression_attribute_values(":delete_at", number((now + COUNTED_FOR * 3).as_second()))
            .expression_attribute_values(":tried", number(seen.tried))
            .expression_attribute_values(":refused", number(seen.refused.len()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(|error| AwsError::of("UpdateItem", &error))?;
        let before = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("token_key", text(key(hour - 1)))
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let counted = |name: &str| -> u32 {
            let rows = added.attributes.iter().chain(&before.item);
            rows.filter_map(|row| row.get(name)?.as_n().ok()?.parse::<u32>().ok()).sum()
        };
        Ok(Tally {
            tried: counted("tried"),
            refused: counted("refused"),
            refused_since_accepted: self.since_accepted(application, seen).await?,
        })
    }

    /// Updates the set of grants that were refused since one was accepted. Each grant is one of 256 marks, so that
    /// the row stays small. The set does not expire: a token that no caller asks for is refreshed only once a day.
    async fn since_accepted(&self, application: &ApplicationId, seen: &Seen) -> Result<u32, AwsError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("token_key", text(format!("tally#{application}")));
        let update = if seen.accepted {
            update.update_expression("REMOVE refused_since_accepted")
        } else if seen.refused.is_empty() {
            return Ok(0);
        } else {
            let marks = seen.refused.iter().map(|key| mark(key).to_string()).collect::<BTreeSet<_>>();
            update
                .update_expression("ADD refused_since_accepted :marks")
                .expression_attribute_values(":marks", AttributeValue::Ns(marks.into_iter().collect()))
        };
        let row = update
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(|error| AwsError::of("UpdateItem", &error))?;
        let marks = row
            .attributes
            .as_ref()
            .and_then(|row| Some(row.get("refused_since_accepted")?.as_ns().ok()?.len()));
        Ok(marks.map_or(0, |marks| u32::try_from(marks).unwrap_or(u32::MAX)))
    }
}

impl Tally {
    /// Returns whether a refusal concerns its grant (promise 11). If many grants are refused at the same time, or
    /// several are refused and none is accepted, the cause is more likely on our side, for example a secret that
    /// names another client.
    pub fn is_believable(self) -> bool {
        let many = self.refused >= 10 && u64::from(self.refused) * 20 > u64::from(self.tried);
        !many && self.refused_since_accepted < 3
    }

    /// Returns the same before the counts of the current run are stored.
    pub fn was_believable_before(self, seen: &Seen) -> bool {
        let refused = u32::try_from(seen.refused.len()).unwrap_or(u32::MAX);
        let before = Self {
            tried: self.tried.saturating_sub(seen.tried),
            refused: self.refused.saturating_sub(refused),
            refused_since_accepted: self.refused_since_accepted.saturating_sub(refused),
        };
        before.is_believable()
    }
}

/// Returns one of 256 marks.
fn mark(key: &GrantKey) -> u8 {
    digest::digest(&digest::SHA256, key.to_string().as_bytes()).as_ref()[0]
}

fn breaker_key(application: &ApplicationId, secret: &Fingerprint) -> String {
    format!("breaker#{application}#{}", secret.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_refusals_that_are_over_a_twentieth_are_about_us() {
        let cases = [(9, 9, true), (10, 10, false), (199, 10, false), (200, 10, true), (1000, 51, false)];
        for (tried, refused, believable) in cases {
            let tally = Tally { tried, refused, refused_since_accepted: 0 };
            assert_eq!(tally.is_believable(), believable, "{refused} of {tried}");
        }
    }

    #[test]
    fn three_refusals_with_no_partner_accepted_are_about_us() {
        let tally = |refused_since_accepted| Tally { tried: 3, refused: 3, refused_since_accepted };

        assert!(tally(2).is_believable());
        assert!(!tally(3).is_believable());
    }
}
