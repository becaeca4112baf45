//! Rows of a table, and DynamoDB's reading of the conditions and updates that the product sends.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{access_token::store::RowUpdate, aws::transaction::Write};

/// A row, which many states share.
pub(super) type Row = Arc<BTreeMap<String, Value>>;

/// An attribute, in a form that can be compared.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
    Bool(bool),
}

impl From<&AttributeValue> for Value {
    fn from(attribute: &AttributeValue) -> Self {
        match attribute {
            AttributeValue::N(number) => Self::Number(number.parse().unwrap()),
            AttributeValue::S(text) => Self::Text(text.clone()),
            AttributeValue::B(bytes) => Self::Bytes(bytes.as_ref().to_vec()),
            AttributeValue::Bool(bool) => Self::Bool(*bool),
            other => panic!("no row of the model has an attribute like {other:?}"),
        }
    }
}

impl From<&Value> for AttributeValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Number(number) => Self::N(number.to_string()),
            Value::Text(text) => Self::S(text.clone()),
            Value::Bytes(bytes) => Self::B(bytes.clone().into()),
            Value::Bool(bool) => Self::Bool(*bool),
        }
    }
}

/// Returns the row as the product reads it.
pub(super) fn as_item(row: &Row) -> HashMap<String, AttributeValue> {
    row.iter().map(|(name, value)| (name.clone(), value.into())).collect()
}

/// Makes the update, if its condition holds. Returns whether it did.
pub(super) fn update(row: &mut Row, update: &RowUpdate) -> bool {
    let holds = holds(&update.condition, row, &update.values);
    if holds {
        change(row, &update.expression, &update.values);
    }
    holds
}

/// Returns whether the condition of a write of a transaction holds.
pub(super) fn may_write(row: &Row, write: &Write) -> bool {
    let parts = write.parts();
    parts.condition.is_none_or(|condition| holds(condition, row, parts.values))
}

/// Makes a write of a transaction, if its condition holds. Returns whether it did.
pub(super) fn write(row: &mut Row, write: &Write) -> bool {
    let (parts, holds) = (write.parts(), may_write(row, write));
    if holds && let Some(put) = parts.row {
        *row = Arc::new(put.iter().map(|(name, attribute)| (name.clone(), attribute.into())).collect());
    }
    if holds && let Some(expression) = parts.expression {
        change(row, expression, parts.values);
    }
    holds
}

/// Returns whether a condition holds of a row.
pub(super) fn holds(condition: &str, row: &Row, values: &HashMap<String, AttributeValue>) -> bool {
    let tokens = tokens(condition);
    let mut reader = Reader { tokens: &tokens, at: 0, row, values };
    let holds = reader.any();
    assert_eq!(reader.at, tokens.len(), "the condition was read to its end: {condition}");
    holds
}

fn change(row: &mut Row, expression: &str, values: &HashMap<String, AttributeValue>) {
    let (set, gone) = match expression.split_once("REMOVE ") {
        Some((set, gone)) => (set, gone),
        None => (expression, ""),
    };
    let before = Arc::clone(row);
    let row = Arc::make_mut(row);
    // A comma within brackets is that of `if_not_exists`.
    let set = set.trim().trim_start_matches("SET ").replace(", :", "; :");
    for assignment in set.split(',').filter(|assignment| !assignment.trim().is_empty()) {
        let (name, value) = assignment.split_once('=').expect("an assignment has a name and a value");
        let (name, value) = (name.trim(), value.trim());
        let value = match value.strip_prefix("if_not_exists(") {
            Some(inner) => {
                let (of, otherwise) = inner.trim_end_matches(')').split_once("; ").unwrap();
                before.get(of).cloned().unwrap_or_else(|| (&values[otherwise]).into())
            }
            None => (&values[value]).into(),
        };
        row.insert(name.to_owned(), value);
    }
    for name in gone.split(',').map(str::trim) {
        row.remove(name);
    }
}

fn tokens(condition: &str) -> Vec<String> {
    let spaced = condition.replace('(', " ( ").replace(')', " ) ");
    spaced.split_whitespace().map(ToOwned::to_owned).collect()
}

struct Reader<'a> {
    tokens: &'a [String],
    at: usize,
    row: &'a Row,
    values: &'a HashMap<String, AttributeValue>,
}

impl Reader<'_> {
    fn takes(&mut self, token: &str) -> bool {
        let is_next = self.tokens.get(self.at).is_some_and(|next| next == token);
        self.at += usize::from(is_next);
        is_next
    }

    fn word(&mut self) -> &str {
        self.at += 1;
        &self.tokens[self.at - 1]
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.takes("OR") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.takes("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.takes("NOT") {
            return !self.one();
        }
        if self.takes("(") {
            let holds = self.any();
            assert!(self.takes(")"), "a bracket is closed");
            return holds;
        }
        let first = self.word().to_owned();
        if let "attribute_exists" | "attribute_not_exists" = first.as_str() {
            assert!(self.takes("("));
            let exists = { self.row.contains_key(&self.tokens[self.at]) };
            self.at += 1;
            assert!(self.takes(")"));
            return exists == (first == "attribute_exists");
        }
        let compared = self.word().to_owned();
        let second = self.word().to_owned();
        let (Some(left), Some(right)) = (self.value(&first), self.value(&second)) else { return false };
        match compared.as_str() {
            "=" => left == right,
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            other => panic!("no condition of the product has {other}"),
        }
    }

    fn value(&self, word: &str) -> Option<Value> {
        if word.starts_with(':') {
            return Some((&self.values[word]).into());
        }
        self.row.get(word).cloned()
    }
}

#[test]
fn conditions_and_updates_are_read_as_dynamodb_reads_them() {
    let values = HashMap::from([
        (":two".to_owned(), AttributeValue::N("2".to_owned())),
        (":text".to_owned(), AttributeValue::S("text".to_owned())),
    ]);
    let mut row = Row::new(BTreeMap::from([("n".to_owned(), Value::Number(10))]));
    for (condition, expected) in [
        ("n <= :two", false),
        (":two < n", true),
        ("none <= :two", false),
        ("NOT none <= :two", true),
        ("attribute_exists(n) AND attribute_not_exists(none)", true),
        ("n = :two OR attribute_exists(n) AND n = :two", false),
        ("NOT (n = :two OR none = :two) AND (n > :two)", true),
    ] {
        assert_eq!(holds(condition, &row, &values), expected, "{condition}");
    }
    change(
        &mut row,
        "SET a = :text, n = if_not_exists(n, :two), m = if_not_exists(m, :two) REMOVE b",
        &values,
    );
    change(&mut row, "REMOVE a, b", &values);
    let number = |name: &str, number| (name.to_owned(), Value::Number(number));
    assert_eq!(*row, BTreeMap::from([number("m", 2), number("n", 10)]));
}
