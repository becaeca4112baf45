//! What every environment should know of an application: that its client secret is refused, and how many of its grants are.

use aws_sdk_dynamodb::types::ReturnValue;
use jiff::{SignedDuration, Timestamp};

use super::{AccessTokenStore, Item};
use crate::{
    aws::AwsError,
    ids::ApplicationId,
    secret::Fingerprint,
    transaction::{number, text},
};

/// How many grants of an application were tried of late, and how many of them Amazon refused.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Tried.
    pub tried: u32,
    /// Refused.
    pub refused: u32,
}

/// Over how long tries are counted together.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(1);

impl AccessTokenStore {
    /// Until when nobody tries this client secret again, if Amazon has refused it.
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

    /// Remembers a refused client secret for every environment, until `not_before`.
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

    /// Adds what one run of the refresher saw, and tells what all of them saw in this hour and the one before.
    pub async fn tally(
        &self,
        application: &ApplicationId,
        seen: Tally,
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
            .expression_attribute_values(":refused", number(seen.refused))
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
        let [this, before] = [added.attributes, before.item].map(|row| Tally::of(&row.unwrap_or_default()));
        Ok(Tally { tried: this.tried + before.tried, refused: this.refused + before.refused })
    }
}

impl Tally {
    fn of(row: &Item) -> Self {
        let number = |name: &str| row.get(name).and_then(|value| value.as_n().ok()?.parse().ok());
        Self { tried: number("tried").unwrap_or_default(), refused: number("refused").unwrap_or_default() }
    }

    /// Whether a refusal can be believed to be about its grant. Where many are refused at once it is more likely about us,
    /// as when the secret names another client (promise 11).
    #[must_use]
    pub fn is_believable(self) -> bool {
        self.refused < 10 || u64::from(self.refused) * 20 <= u64::from(self.tried)
    }
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
            assert_eq!(Tally { tried, refused }.is_believable(), believable, "{refused} of {tried}");
        }
    }
}
