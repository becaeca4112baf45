//! Values that must never be printed. Each has its own type, and `expose` is the only way to its text.
//!
//! They have no `Display`, `Serialize`, `Deref` or `PartialEq`; `rg '\.expose\('` is the audit.

use std::{fmt, str::FromStr};

use aws_lc_rs::{digest, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

use crate::ids::{Malformed, RequestId};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes `text` as the secret.
            pub fn new(text: String) -> Self {
                Self(SecretString::from(text))
            }

            /// Returns the secret itself. There is no other way to it.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }

            /// Returns what may be shown instead of the secret.
            pub fn fingerprint(&self) -> Fingerprint {
                Fingerprint::of(self.expose())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(concat!(stringify!($name), "(not shown)"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::new)
            }
        }
    };
}

secret!(
    /// The authorization code that the browser brings from Amazon after consent. It is valid for five minutes and
    /// once (F§1.4).
    AuthorizationCode
);
secret!(
    /// A partner's refresh token. It obtains access tokens for a year.
    RefreshToken
);
secret!(
    /// An access token for SP-API, valid for an hour.
    AccessToken
);
secret!(
    /// The application's secret at Login with Amazon, valid for 180 days.
    ClientSecret
);
secret!(
    /// The random half of an OAuth `state`.
    StateSecret
);
secret!(
    /// The random name of one browser, kept in its cookie.
    BrowserId
);

secret!(
    /// The random half of an authorization link.
    LinkSecret
);
secret!(
    /// The half of a `result` handle with which an integrator completes an authorization.
    ResultSecret
);
secret!(
    /// Shows that a browser comes from the integrator's sign-in.
    SignInProof
);

secret!(
    /// The key under which the keys of erased grants are remembered.
    ErasureKey
);

impl ErasureKey {
    /// 128 random bits as 22 URL-safe characters.
    pub fn random() -> Self {
        Self::new(random_word())
    }

    /// Returns what is stored in place of `subject` (HMAC-SHA-256), as 43 URL-safe characters. Nobody learns the subject from it, or
    /// whether it is that of a partner whom he knows, without the key.
    pub fn mark(&self, subject: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.expose().as_bytes());
        URL_SAFE_NO_PAD.encode(hmac::sign(&key, format!("spapi-auth erased\n{subject}").as_bytes()))
    }
}

impl StateSecret {
    /// 128 random bits as 22 URL-safe characters.
    pub fn random() -> Self {
        Self::new(random_word())
    }

    /// Returns the state of the request that this browser opened with a link. It is the same however often the button
    /// is pressed, and cannot be guessed without the browser's cookie.
    pub fn of_link(link: &LinkSecret, request: &RequestId, browser: &BrowserId) -> Self {
        Self::new(derived_word(browser, "state", &[link.expose(), request.as_str()]))
    }

    /// Returns the state of the request whose partner has signed in with this proof. It is the same however often the browser
    /// continues, and cannot be guessed without the proof and the browser's cookie.
    pub fn of_sign_in(proof: &SignInProof, request: &RequestId, browser: &BrowserId) -> Self {
        Self::new(derived_word(browser, "sign-in", &[proof.expose(), request.as_str()]))
    }
}

impl LinkSecret {
    /// 128 random bits as 22 URL-safe characters.
    pub fn random() -> Self {
        Self::new(random_word())
    }
}

impl SignInProof {
    /// 128 random bits as 22 URL-safe characters.
    pub fn random() -> Self {
        Self::new(random_word())
    }
}

impl ResultSecret {
    /// Returns the result of the request with this state. Only its hash is stored; the page derives it again when
    /// this browser reloads it. The state alone, which is visible in a URL, does not yield it without the browser's
    /// cookie.
    pub fn of_request(request: &RequestId, state: &StateSecret, browser: &BrowserId) -> Self {
        Self::new(derived_word(browser, "result", &[state.expose(), request.as_str()]))
    }
}

impl BrowserId {
    /// 128 random bits as 22 URL-safe characters.
    pub fn random() -> Self {
        Self::new(random_word())
    }
}

/// The SHA-256 of a secret in hex. It is only good for comparing two secrets.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Returns the fingerprint of `text`.
    pub fn of(text: &str) -> Self {
        use fmt::Write;
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        let hex = digest.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self(hex)
    }

    /// The fingerprint as 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 16 digits, which are enough for a log: the tokens of one partner that share them are the same.
    pub fn abridged(&self) -> &str {
        self.0.get(..16).unwrap_or(&self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let well_formed =
            text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        well_formed.then(|| Self(text.to_owned())).ok_or(Malformed("a SHA-256 in 64 lower-case hex digits"))
    }
}

/// 128 random bits as 22 URL-safe characters.
pub fn random_word() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("random numbers do not fail once a process runs");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns 128 bits that only this browser's cookie yields, as 22 URL-safe characters. The parts contain no line
/// break.
fn derived_word(browser: &BrowserId, purpose: &str, parts: &[&str]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, browser.expose().as_bytes());
    let tag = hmac::sign(&key, format!("spapi-auth {purpose}\n{}", parts.join("\n")).as_bytes());
    URL_SAFE_NO_PAD.encode(&tag.as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_nothing() {
        let token = RefreshToken::new("Atzr|hunter2".to_owned());

        assert_eq!(format!("{token:?}"), "RefreshToken(not shown)");
        assert!(!token.fingerprint().as_str().contains("hunter2"));
    }

    #[test]
    fn a_derived_secret_needs_the_browsers_cookie() {
        let request: RequestId = random_word().parse().unwrap();
        let (state, browser) = (StateSecret::random(), BrowserId::random());
        let result = |request: &RequestId, state: &StateSecret, browser: &BrowserId| {
            ResultSecret::of_request(request, state, browser).expose().to_owned()
        };
        let one = result(&request, &state, &browser);

        assert_eq!((one.len(), &one), (22, &result(&request, &state, &browser)));
        for other in [
            result(&request, &state, &BrowserId::random()),
            result(&request, &StateSecret::random(), &browser),
            result(&random_word().parse().unwrap(), &state, &browser),
            StateSecret::of_link(&LinkSecret::new(state.expose().to_owned()), &request, &browser)
                .expose()
                .to_owned(),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn random_words_have_128_bits_and_do_not_repeat() {
        let words: std::collections::HashSet<_> = (0..1000).map(|_| random_word()).collect();

        assert_eq!(words.len(), 1000);
        assert!(words.iter().all(|word| word.len() == 22));
    }
}
