//! The local key: where it comes from, and whether a request carries it.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest, rand};
use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::failure::Failure;

/// The key that requests must carry.
pub(crate) enum Key {
    /// One of the texts with these SHA-256 digests.
    OneOf(Vec<Digest>),
    /// None, by `--no-key`.
    Unneeded,
    /// None can be known, for this reason: every request is refused.
    Missing(String),
}

type Digest = [u8; digest::SHA256_OUTPUT_LEN];

impl Key {
    /// Any of these texts is accepted.
    pub(crate) fn one_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self::OneOf(texts.into_iter().map(|text| sha256(text.as_bytes())).collect())
    }

    /// In Lambda: the session token of the role, or its hex SHA-256, which no client has to escape.
    pub(crate) fn of_session(token: &str) -> Self {
        Self::one_of([token, &hex(&sha256(token.as_bytes()))])
    }

    /// Whether one of `presented` is the key. Takes the same time whichever it is.
    pub(crate) fn admits<'p>(&self, presented: impl IntoIterator<Item = &'p str>) -> Result<(), Failure> {
        let refused = |why: &str| Err(Failure::of_function("InvalidKey", why));
        let digests = match self {
            Self::Unneeded => return Ok(()),
            Self::Missing(reason) => return refused(reason),
            Self::OneOf(digests) => digests,
        };
        let mut admitted = false;
        for text in presented {
            let digest = sha256(text.as_bytes());
            for known in digests {
                admitted |= verify_slices_are_equal(known, &digest).is_ok();
            }
        }
        if admitted { Ok(()) } else { refused("the agent's key is missing or wrong") }
    }
}

/// The credentials of the header `Authorization`.
#[derive(Default)]
pub(crate) struct Authorization {
    /// The client id of HTTP Basic.
    pub(crate) client_id: Option<String>,
    /// Every reading of the secret: clients form-encode the password of Basic (RFC 6749, section 2.3.1) or do not.
    pub(crate) secrets: Vec<String>,
}

impl Authorization {
    /// Reads `Basic` and `Bearer`.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some((scheme, credentials)) = text.split_once(' ') else { return Self::default() };
        let credentials = credentials.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Self { client_id: None, secrets: vec![credentials.to_owned()] };
        }
        let basic = scheme.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(credentials).ok());
        let Some(decoded) = basic.flatten().and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return Self::default();
        };
        let (client_id, secret) = decoded.split_once(':').unwrap_or((&decoded, ""));
        Self {
            client_id: Some(form_decoded(client_id)),
            secrets: vec![secret.to_owned(), form_decoded(secret)],
        }
    }
}

/// A text of `application/x-www-form-urlencoded`, decoded. Separators of fields in it stay as they are.
fn form_decoded(text: &str) -> String {
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(decoded, _)| decoded.into_owned())
        .unwrap_or_default()
}

/// Reads the key of a file, without blanks around it. If there is no file, makes it with a random key, for its owner alone.
pub(crate) fn in_file(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
        other => return checked(&other?),
    }
    checked(&fs::read_to_string(path)?)
}

fn checked(text: &str) -> io::Result<String> {
    let key = text.trim();
    let usable = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    let malformed =
        || io::Error::new(io::ErrorKind::InvalidData, "expected one line of visible ASCII characters");
    usable.then(|| key.to_owned()).ok_or_else(malformed)
}

/// Makes the file whole or not at all: another agent may start now, and both must have one key.
fn create(path: &Path) -> io::Result<()> {
    let name = hex(&random()?[..8]);
    let draft = path.with_file_name(format!(".spapi-auth-agent-{name}"));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let linked = file.write_all(hex(&random()?).as_bytes()).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        // The other agent was first: its key is the key.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn random() -> io::Result<Digest> {
    let mut bytes = Digest::default();
    rand::fill(&mut bytes).map_err(|_| io::Error::other("no random numbers"))?;
    Ok(bytes)
}

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    let mut digest = Digest::default();
    digest.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    digest
}

/// The bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use axum::http::HeaderValue;

    use super::*;

    fn authorization(value: &str) -> Authorization {
        Authorization::of(&HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]))
    }

    fn basic(user: &str, password: &str) -> Authorization {
        authorization(&format!("basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
    }

    #[test]
    fn the_key_comes_as_bearer_or_as_basic_raw_or_form_encoded() {
        let key = Key::one_of(["a+b/c=&d e%41"]);
        let admits = |given: &Authorization| key.admits(given.secrets.iter().map(String::as_str)).is_ok();

        assert!(admits(&authorization("Bearer a+b/c=&d e%41")));
        assert!(admits(&basic("x", "a+b/c=&d e%41")));
        let encoded = basic("amzn1.sp.solution.1%2D2", "a%2Bb%2Fc%3D%26d+e%2541");
        assert!(admits(&encoded));
        assert_eq!(encoded.client_id.as_deref(), Some("amzn1.sp.solution.1-2"));
        for wrong in ["Bearer a+b/c=&d e%4", "Bearer", "Digest a+b/c=&d e%41", "Basic !", "Basic eA=="] {
            assert!(!admits(&authorization(wrong)), "{wrong}");
        }
        assert!(key.admits([]).is_err());
    }

    #[test]
    fn in_lambda_the_session_token_and_its_digest_are_keys() {
        let key = Key::of_session("IQoJ/+=");
        assert!(key.admits(["IQoJ/+="]).is_ok());
        assert!(key.admits([hex(&sha256(b"IQoJ/+=")).as_str()]).is_ok());
        assert!(key.admits(["", "IQoJ"]).is_err());
        let reason = Key::Missing("no session".to_owned()).admits(["x"]).unwrap_err();
        assert_eq!((reason.error_type.as_str(), reason.message.as_str()), ("InvalidKey", "no session"));
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone_and_kept() {
        let folder = std::env::temp_dir().join(format!("agent-key-{}", hex(&random().unwrap()[..8])));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("key");

        let threads: Vec<_> = (0..16)
            .map(|_| {
                std::thread::spawn({
                    let path = path.clone();
                    move || in_file(&path).unwrap()
                })
            })
            .collect();
        let keys: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();

        assert!(keys.iter().all(|key| *key == keys[0] && key.len() == 64), "all have one key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left");
        fs::write(&path, " shared-by-two\n").unwrap();
        assert_eq!(in_file(&path).unwrap(), "shared-by-two");
        fs::write(&path, "\n").unwrap();
        assert!(in_file(&path).is_err(), "an empty file is no key");
        fs::remove_dir_all(&folder).unwrap();
    }
}
