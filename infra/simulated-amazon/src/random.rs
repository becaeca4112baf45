//! Random values in the formats that Amazon uses.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng, distr::Alphanumeric};

/// Returns a token: its prefix and `bytes` random bytes as text (F§4.4).
pub(crate) fn token(prefix: &str, bytes: usize) -> String {
    format!("{prefix}{}", base64url(bytes))
}

/// Returns the id of a notification or a subscription.
pub(crate) fn uuid() -> String {
    let bits: u128 = rand::rng().random();
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Returns an id of API Gateway, and one of its traces, which begins with the time in seconds (F§4.7).
pub(crate) fn gateway_ids(seconds: i64) -> [(&'static str, String); 2] {
    let bits: u128 = rand::rng().random();
    let trace = format!("Root=1-{seconds:08x}-{:024x}", bits >> 32);
    [("x-amz-apigw-id", format!("{}=", letters_and_digits(15))), ("x-amzn-trace-id", trace)]
}

/// Returns random letters and digits, for authorization codes and client secrets.
pub(crate) fn letters_and_digits(count: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(count).map(char::from).collect()
}

/// Returns an `amazon_state`: over 200 characters, some of which must be percent-encoded in a URL (F§2).
pub(crate) fn amazon_state() -> String {
    format!("{}+{}/{}==", base64url(60), base64url(60), base64url(64))
}

fn base64url(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rng().fill(random.as_mut_slice());
    URL_SAFE_NO_PAD.encode(random)
}
