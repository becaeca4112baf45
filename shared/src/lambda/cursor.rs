//! Where the next page of an answer begins, as a text that means nothing to whoever carries it.
//!
//! It is bound to the query that it came from: with another one it is refused. It holds no secret and grants nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{error::Error, secret::Fingerprint};

/// No cursor of ours comes near this.
const LONGEST: usize = 1024;

/// How many hex digits of a query's fingerprint tell it from another by mistake.
const BINDING: usize = 16;

/// The cursor of a page of `query` that ends at `place`.
#[must_use]
pub fn written(query: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}{place}", binding(query)))
}

/// The place where the next page of `query` begins.
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
