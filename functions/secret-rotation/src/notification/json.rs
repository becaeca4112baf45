//! Reads JSON of which nothing may get lost in silence: JSON in texts of JSON, byte order marks, and fields that occur twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads a text, and the texts within it that hold JSON themselves, at most `deepest` of them in one another. A text that is no
/// JSON object, list or text stays as it is.
pub(super) fn read(text: String, deepest: usize) -> Value {
    let is_around = |c: char| c.is_whitespace() || c == '\u{feff}';
    match serde_json::from_str::<Whole>(text.trim_matches(is_around)) {
        Ok(Whole(read @ (Value::Object(_) | Value::Array(_) | Value::String(_)))) if deepest > 0 => {
            within(read, deepest - 1)
        }
        _ => Value::String(text),
    }
}

fn within(value: Value, deepest: usize) -> Value {
    match value {
        Value::String(text) => read(text, deepest),
        Value::Array(list) => list.into_iter().map(|value| within(value, deepest)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, within(value, deepest))).collect()
        }
        other => other,
    }
}

/// JSON of which a field that occurs again has an underscore behind its name, which names no other field here.
struct Whole(Value);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OfWhole).map(Self)
    }
}

struct OfWhole;

impl<'de> Visitor<'de> for OfWhole {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Whole(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some((mut name, Whole(value))) = object.next_entry::<String, Whole>()? {
            while fields.contains_key(&name) {
                name.push('_');
            }
            fields.insert(name, value);
        }
        Ok(fields.into())
    }
}
