//! Several writes that happen together or not at all.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use serde::Serialize;

use crate::aws::AwsError;

/// One conditional write of a transaction.
#[derive(Clone, Debug)]
pub struct Write {
    name: Option<&'static str>,
    table: String,
    kind: Action,
    condition: Option<String>,
    values: HashMap<String, AttributeValue>,
}

#[derive(Clone, Debug)]
enum Action {
    Put(HashMap<String, AttributeValue>),
    Update { key: HashMap<String, AttributeValue>, expression: String },
    Delete { key: HashMap<String, AttributeValue> },
    Check { key: HashMap<String, AttributeValue> },
}

/// How a transaction ended.
#[derive(Debug, Eq, PartialEq)]
pub enum Commit {
    /// Every write was made.
    Made,
    /// None was made: another write came first, or another transaction was in flight at the same rows.
    Changed,
    /// None was made: the condition of the write with this name did not hold, and all before it did.
    Refused(&'static str),
}

impl Write {
    /// Replaces a whole row. A row that is no item is a mistake in our types, which its tests find.
    ///
    /// # Panics
    /// If `row` does not serialize to a map.
    pub fn put(table: &str, row: &impl Serialize) -> Self {
        let item = serde_dynamo::to_item(row).expect("rows are structs of plain values");
        Self::of(table, Action::Put(item))
    }

    /// Replaces a whole row by one that was stored before.
    pub fn put_item(table: &str, item: HashMap<String, AttributeValue>) -> Self {
        Self::of(table, Action::Put(item))
    }

    /// Changes some attributes of the row with this key.
    pub fn update(table: &str, key: (&str, &str), expression: &str) -> Self {
        Self::of(table, Action::Update { key: key_of(key), expression: expression.to_owned() })
    }

    /// Deletes the row with this key.
    pub fn delete(table: &str, key: (&str, &str)) -> Self {
        Self::of(table, Action::Delete { key: key_of(key) })
    }

    /// Writes nothing to the row with this key: the transaction depends on what [`Self::only_if`] says of it.
    pub fn check(table: &str, key: (&str, &str)) -> Self {
        Self::of(table, Action::Check { key: key_of(key) })
    }

    fn of(table: &str, kind: Action) -> Self {
        Self { name: None, table: table.to_owned(), kind, condition: None, values: HashMap::new() }
    }

    /// Names the write, so that [`Commit::Refused`] says that its condition did not hold.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Makes the write, and with it the whole transaction, depend on `condition`.
    #[must_use]
    pub fn only_if(mut self, condition: &str) -> Self {
        self.condition = Some(condition.to_owned());
        self
    }

    /// Gives a placeholder of an expression its value.
    #[must_use]
    pub fn with(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.insert(placeholder.to_owned(), value);
        self
    }

    fn into_item(self) -> Result<TransactWriteItem, aws_sdk_dynamodb::error::BuildError> {
        let values = Some(self.values).filter(|values| !values.is_empty());
        let item = TransactWriteItem::builder();
        Ok(match self.kind {
            Action::Put(row) => item.put(
                Put::builder()
                    .table_name(self.table)
                    .set_item(Some(row))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Action::Update { key, expression } => item.update(
                Update::builder()
                    .table_name(self.table)
                    .set_key(Some(key))
                    .update_expression(expression)
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Action::Delete { key } => item.delete(
                Delete::builder()
                    .table_name(self.table)
                    .set_key(Some(key))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
            Action::Check { key } => item.condition_check(
                ConditionCheck::builder()
                    .table_name(self.table)
                    .set_key(Some(key))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_values(values)
                    .build()?,
            ),
        }
        .build())
    }
}

/// A write as a model applies it.
#[cfg(test)]
pub(crate) struct Parts<'a> {
    pub(crate) condition: Option<&'a str>,
    pub(crate) values: &'a HashMap<String, AttributeValue>,
    pub(crate) row: Option<&'a HashMap<String, AttributeValue>>,
    pub(crate) expression: Option<&'a str>,
}

#[cfg(test)]
impl Write {
    pub(crate) fn parts(&self) -> Parts<'_> {
        let (row, expression) = match &self.kind {
            Action::Put(row) => (Some(row), None),
            Action::Update { expression, .. } => (None, Some(expression.as_str())),
            Action::Delete { .. } | Action::Check { .. } => (None, None),
        };
        Parts { condition: self.condition.as_deref(), values: &self.values, row, expression }
    }
}

/// Makes transactions.
#[derive(Clone, Debug)]
pub struct Transactions {
    client: Client,
}

impl Transactions {
    /// Transactions made through `client`.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes all of `writes` or none. Repeating a call with the same `token` within ten minutes repeats no write, so an
    /// answer that was lost may be asked for again.
    pub async fn commit(&self, writes: &[Write], token: &str) -> Result<Commit, AwsError> {
        let items = writes
            .iter()
            .cloned()
            .map(Write::into_item)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| AwsError::corrupt("TransactWriteItems", "an incomplete write"))?;
        let answer = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            .client_request_token(token)
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(Commit::Made);
        };
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                cancelled.cancellation_reasons()
            }
            _ => return Err(AwsError::of("TransactWriteItems", &error)),
        };
        let is = |code: &'static str| move |reason: &CancellationReason| reason.code() == Some(code);
        if let Some(first) = reasons.iter().position(is("ConditionalCheckFailed")) {
            return Ok(writes[first].name.map_or(Commit::Changed, Commit::Refused));
        }
        if reasons.iter().any(is("TransactionConflict")) {
            return Ok(Commit::Changed);
        }
        let throttled = ["ThrottlingError", "ProvisionedThroughputExceeded"];
        if let Some(code) = throttled.into_iter().find(|code| reasons.iter().any(is(code))) {
            return Err(AwsError::transient("TransactWriteItems", code));
        }
        Err(AwsError::of("TransactWriteItems", &error))
    }
}

fn key_of((name, value): (&str, &str)) -> HashMap<String, AttributeValue> {
    HashMap::from([(name.to_owned(), text(value))])
}

/// A text as an attribute.
pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number as an attribute.
pub fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
