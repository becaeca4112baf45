//! Reads the history table: the records of one subject, one page at a time.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};

use crate::{
    aws::{
        AwsError,
        transaction::{Commit, Transactions, number, text},
    },
    deadline::{Deadline, retry_until},
    history::Record,
    secret::random_word,
};

/// The history. `Record::append` appends a record, in the transaction of the change that it describes.
#[derive(Clone, Debug)]
pub struct HistoryStore {
    client: Client,
    table: String,
}

impl HistoryStore {
    /// Reads the history in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Returns a page of at most `limit` (1 to 1,000) current records of `subject`, sorted by revision, and the
    /// revision at which the next page starts. A page that ends with the last record has no next one. `newest_first`
    /// sets the order. The page starts at the revision `from`, or at the next one that exists.
    pub async fn page(
        &self,
        subject: &str,
        newest_first: bool,
        from: Option<u64>,
        limit: i32,
    ) -> Result<(Vec<Record>, Option<u64>), AwsError> {
        let bound = match (from, newest_first) {
            (None, _) => "",
            (Some(_), true) => " AND revision <= :from",
            (Some(_), false) => " AND revision >= :from",
        };
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(format!("subject = :subject{bound}"))
            .set_expression_attribute_values(Some(values(subject, from)))
            .scan_index_forward(!newest_first)
            .consistent_read(true)
            // One more record than the caller wants shows where the next page starts, or that there is none.
            .limit(limit.saturating_add(1))
            .send()
            .await
            .map_err(|error| AwsError::of("Query", &error))?;
        // Records are short, but DynamoDB may still end a page early, at 1 MB.
        let cut_short = found.last_evaluated_key.is_some();
        let mut records = found
            .items
            .unwrap_or_default()
            .into_iter()
            .map(|item| {
                serde_dynamo::from_item(item)
                    .map_err(|_| AwsError::corrupt("Query", "a record of the history"))
            })
            .collect::<Result<Vec<Record>, _>>()?;
        let wanted = usize::try_from(limit).unwrap_or_default();
        let next =
            if records.len() > wanted || (cut_short && records.len() > 1) { records.pop() } else { None };
        Ok((records, next.map(|record| record.revision)))
    }

    /// Appends a record that was lost, unless its revision has one. Returns whether it had none.
    pub async fn append(&self, record: &Record, deadline: Deadline) -> Result<bool, AwsError> {
        let transactions = Transactions::new(self.client.clone());
        let (writes, token) = ([record.append(&self.table)], random_word());
        Ok(retry_until(deadline, || transactions.commit(&writes, &token)).await? == Commit::Made)
    }
}

fn values(subject: &str, from: Option<u64>) -> HashMap<String, AttributeValue> {
    let subject = (":subject".to_owned(), text(subject));
    let from = from.map(|revision| (":from".to_owned(), number(revision)));
    [subject].into_iter().chain(from).collect()
}
