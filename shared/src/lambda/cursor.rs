//! The cursor of the next page of an answer: opaque text for callers.
//!
//! It is bound to its query and refused with another one. It contains no secret and grants nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{error::Error, secret::Fingerprint};

/// The maximum length. Every valid cursor is much shorter.
const LONGEST: usize = 1024;

/// How many hex digits of a query's fingerprint a cursor has. They detect a cursor of another query that is sent by
/// mistake.
const BINDING: usize = 16;

/// Returns the cursor for a page of `query` that ends at `place`.
pub fn written(query: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}{place}", binding(query)))
}

/// Returns the position at which the next page of `query` begins.
pub fn read(query: &str, cursor: &str) -> Result<String, Error> {
    let expected = || Error::invalid("cursor", "the cursor of an answer to the same request");
    let bytes = Some(cursor)
        .filter(|cursor| cursor.len() <= LONGEST)
        .and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(expected)?;
    text.strip_prefix(&binding(query)).map(ToOwned::to_owned).ok_or_else(expected)
}

fn binding(query: &str) -> String {
    Fingerprint::of(query).as_str()[..BINDING].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_query_alone() {
        let cursor = written("one", "place#1");

        assert_eq!(read("one", &cursor).unwrap(), "place#1");
        for wrong in ["", "x", "é", &cursor[1..], &"A".repeat(2000)] {
            assert_eq!(read("one", wrong).unwrap_err().error_type(), "InvalidRequest");
        }
        assert!(read("two", &cursor).unwrap_err().to_string().starts_with("cursor:"));
    }
}
