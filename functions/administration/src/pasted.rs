//! Reads a secret as people paste it: with line breaks, quotation marks or its name around it, or encoded for a URL. What is
//! another kind of text is refused before Amazon is asked, and the error says which kind it looks like. It never repeats the
//! text. Amazon decides about a text of no known form. Pure.

mod single;

use std::ops::RangeInclusive;

use serde_json::Value;
use shared::{
    amazon::look_alike,
    error::Error,
    secret::{ClientSecret, RefreshToken},
};

use self::single::single;

/// The longest secret that is accepted, in bytes. Amazon documents up to 2048 for a token (F§4.4).
const LONGEST: usize = 4096;

/// A secret that a request carries.
struct Kind {
    field: &'static str,
    expected: &'static str,
    /// What it begins with.
    mark: &'static str,
    /// How the names end under which it is pasted, in lower-case letters.
    name: &'static str,
}

const REFRESH_TOKEN: Kind = Kind {
    field: "refreshToken",
    expected: "a refresh token as Amazon gives it, which begins with Atzr|",
    mark: look_alike::REFRESH_TOKEN,
    name: "refreshtoken",
};

const CLIENT_SECRET: Kind = Kind {
    field: "secret",
    expected: "a client secret as Amazon shows it, which begins with amzn1.oa2-cs.",
    mark: look_alike::CLIENT_SECRET,
    name: "clientsecret",
};

/// How the `|` of a token is written by programs that encode it.
const ENCODED: [(&str, &str); 8] = [
    ("\\u007c", "|"),
    ("\\u007C", "|"),
    ("\\|", "|"),
    ("\\/", "/"),
    ("&#124;", "|"),
    ("&#x7c;", "|"),
    ("&#x7C;", "|"),
    ("&vert;", "|"),
];

/// Returns the refresh token of the field `refreshToken`.
pub(crate) fn refresh_token(text: &str) -> Result<RefreshToken, Error> {
    read(text, &REFRESH_TOKEN).map(RefreshToken::new)
}

/// Returns the client secret of the field `secret`.
pub(crate) fn client_secret(text: &str) -> Result<ClientSecret, Error> {
    read(text, &CLIENT_SECRET).map(ClientSecret::new)
}

fn read(text: &str, kind: &Kind) -> Result<String, Error> {
    let secret = unwrapped(text, kind);
    match fault(&secret, kind) {
        None => Ok(secret),
        Some(fault) => {
            let Kind { field, expected, .. } = kind;
            Err(Error::invalid(field, format!("{expected}; the text {fault}")))
        }
    }
}

/// Takes off what is around the secret, one layer after the other.
fn unwrapped(text: &str, kind: &Kind) -> String {
    const MOST_LAYERS: usize = 8;
    let mut text = text.to_owned();
    for _ in 0..MOST_LAYERS {
        let inner = one_layer(&text, kind);
        if inner == text {
            break;
        }
        text = inner;
    }
    text
}

fn one_layer(text: &str, kind: &Kind) -> String {
    let is_name = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        letters.to_ascii_lowercase().ends_with(kind.name)
    };
    // An answer of Login with Amazon, or a file with credentials, also as a text of JSON.
    match serde_json::from_str(text.trim()) {
        Ok(Value::String(inner)) => return inner,
        Ok(value) => {
            if let Some(secret) = named_in(&value, &is_name) {
                return secret.to_owned();
            }
        }
        Err(_) => {}
    }
    if let Some(secret) = single(text, kind.mark, is_name) {
        return secret;
    }
    let text = text.trim_matches(is_around);
    // A form, a URL, or a file with variables.
    let named = |pair: &str| {
        let (name, secret) = pair.split_once(['=', ':'])?;
        is_name(name).then(|| secret.to_owned())
    };
    if let Some(secret) = text.split(['&', '?', '\n', '\r']).find_map(named) {
        return secret;
    }
    let plain = ENCODED.iter().fold(text.to_owned(), |text, (encoded, plain)| text.replace(encoded, plain));
    if has_encoded_mark(&plain) { percent_decoded(&plain).unwrap_or(plain) } else { plain }
}

/// Returns the text of a field with the name, in the JSON or anywhere within it.
fn named_in<'v>(value: &'v Value, is_name: &dyn Fn(&str) -> bool) -> Option<&'v str> {
    match value {
        Value::Object(fields) => {
            let named = |(name, value): (&String, &'v Value)| value.as_str().filter(|_| is_name(name));
            fields
                .iter()
                .find_map(named)
                .or_else(|| fields.values().find_map(|value| named_in(value, is_name)))
        }
        Value::Array(list) => list.iter().find_map(|value| named_in(value, is_name)),
        _ => None,
    }
}

/// Returns whether the text has a `|` that is encoded for a URL, once or several times.
fn has_encoded_mark(text: &str) -> bool {
    let mut text = text.to_ascii_lowercase();
    while text.contains("%25") {
        text = text.replace("%25", "%");
    }
    text.contains("%7c")
}

/// Returns whether a character at an end of the text is not a part of the secret: blanks, also invisible ones, quotation
/// marks of any country, and what separates it from the next value.
fn is_around(c: char) -> bool {
    c.is_whitespace()
        || "\u{feff}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}".contains(c)
        || "\"'`´‘’‚‛“”„‟‹›«»「」『』＂＇,;".contains(c)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let hex = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Returns what is wrong with the text, as the end of a sentence that begins with "the text".
fn fault(text: &str, kind: &Kind) -> Option<String> {
    let own = text.matches(kind.mark).count();
    if own > 1 || is_doubled(text) {
        return Some("has it more than once: it looks as if it was pasted twice".to_owned());
    }
    if own > 0 && look_alike::others_in(text, kind.mark).next().is_some() {
        return Some("has other secrets or ids too".to_owned());
    }
    if text.contains("spapi_oauth_code") || is_code(text) {
        return Some("looks like an authorization code, which only a callback can use".to_owned());
    }
    if ["...", "…", "***", "•••"].iter().any(|gap| text.contains(gap)) {
        return Some("was shortened; copy all of it".to_owned());
    }
    let of_another_service = || of_another_service(text).map(|what| format!("looks like {what}"));
    of_another_service().or_else(|| look_alike::fault(text, kind.mark, LONGEST))
}

/// Returns what else people have at hand and paste instead. Amazon might issue such a text one day, so only what is pasted
/// goes by it.
fn of_another_service(text: &str) -> Option<&'static str> {
    let is_of = |lengths: RangeInclusive<usize>, is_allowed: fn(u8) -> bool| {
        lengths.contains(&text.len()) && text.bytes().all(is_allowed)
    };
    let is_upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    let is_mixed = || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let begins = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    if begins(&["eyJ"]) && text.matches('.').count() >= 2 {
        return Some("a JSON Web Token");
    }
    if begins(&["AKIA", "ASIA"]) && is_of(20..=20, is_upper) {
        return Some("an access key id of AWS");
    }
    if is_of(40..=40, is_base64) && is_mixed() {
        return Some("a secret access key of AWS");
    }
    if begins(&["IQoJ", "FwoG", "FQoG"]) && text.len() > 100 {
        return Some("a session token of AWS");
    }
    if begins(&["-----BEGIN", "https://", "http://"]) {
        return Some("a key, a certificate or a URL");
    }
    (begins(&["A"]) && is_of(10..=17, is_upper)).then_some("the id of a selling partner or a marketplace")
}

/// Returns whether the text is the same long text twice.
fn is_doubled(text: &str) -> bool {
    const SHORTEST: usize = 20;
    let (middle, uneven) = (text.len() / 2, text.len() % 2);
    middle >= SHORTEST && uneven == 0 && text.as_bytes()[..middle] == text.as_bytes()[middle..]
}

/// Returns whether the text has the form of the codes in Login with Amazon's documentation: `AN` and some 18 letters and
/// digits. A refresh token is much longer.
fn is_code(text: &str) -> bool {
    (18..=64).contains(&text.len())
        && text.starts_with("AN")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;
