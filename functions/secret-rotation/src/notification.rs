//! Amazon's notifications about client secrets (F§5.3), parsed.
//!
//! A new client secret comes nowhere else, and Amazon itself accepts it before it is used. So a notification is read wherever
//! the secret can be found in it: of any version, in the envelope of another service, or without fields that can be
//! replaced.

mod json;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shared::{
    client_secret::rotation::OVERLAP,
    ids::{ApplicationId, ClientId},
    secret::{ClientSecret, Fingerprint},
};

use self::json::read;

/// The longest message of SQS, in bytes.
const LONGEST: usize = 1024 * 1024;

/// How many envelopes a notification may be in, and how many objects its fields.
const DEEPEST: usize = 12;

/// How long a client secret lives (F§5.1).
const LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// A notification of Amazon.
#[derive(Debug)]
pub(crate) enum Notification {
    /// Amazon has issued a new client secret.
    NewSecret(NewSecret),
    /// The current client secret ends soon.
    Expiry(Expiry),
    /// A notification of another type, with the name of its type.
    Other(String),
}

/// The application that a notification concerns: by its client id, or else by its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Concerned {
    pub(crate) client_id: Option<ClientId>,
    pub(crate) application_id: Option<ApplicationId>,
}

/// A new client secret.
#[derive(Debug)]
pub(crate) struct NewSecret {
    pub(crate) concerned: Concerned,
    pub(crate) client_secret: ClientSecret,
    /// When it ends: as the notification says, or 180 days after it was sent.
    pub(crate) ends_at: Timestamp,
    /// When the old one ends: as the notification says, or 7 days after it was sent.
    pub(crate) old_ends_at: Option<Timestamp>,
    /// The same for every delivery of the notification.
    pub(crate) version_id: Fingerprint,
}

/// The end of a client secret, announced.
#[derive(Debug)]
pub(crate) struct Expiry {
    pub(crate) concerned: Concerned,
    /// When the secret ends, and when Amazon said so, if both can be read.
    pub(crate) announced: Option<(Timestamp, Timestamp)>,
}

/// A message that cannot be parsed. The error names what is wrong and never quotes the message, which may hold a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the notification is {0}")]
pub(crate) struct Unintelligible(&'static str);

impl Notification {
    /// Parses the body of a message that the queue received at `sent_at`.
    pub(crate) fn parse(body: &str, sent_at: Option<Timestamp>) -> Result<Self, Unintelligible> {
        if body.len() > LONGEST {
            return Err(Unintelligible("longer than 1 MiB"));
        }
        let outer = read(body.to_owned(), DEEPEST);
        if outer.is_string() {
            return Err(Unintelligible("not JSON"));
        }
        // Which of two is the right one cannot be seen, and a secret that is not it must not take its place.
        let mut secrets = BTreeSet::new();
        all_secrets(&outer, DEEPEST, &mut secrets);
        if secrets.len() > 1 {
            return Err(Unintelligible(
                "one with several different client secrets, so none was taken; hint: set the right one with setClientSecret",
            ));
        }
        let (notification, enveloped_at) = opened(outer);
        let sent_at = ["eventTime", "publishTime"]
            .into_iter()
            .find_map(|name| time(found(&notification, name)?))
            .or(enveloped_at)
            .or(sent_at);
        let kind = field(&notification, "notificationType").and_then(Value::as_str).unwrap_or_default();
        if let Some(secret) = found(&notification, "newClientSecret") {
            return new_secret(&notification, secret, sent_at).map(Self::NewSecret);
        }
        if kind == "APPLICATION_OAUTH_CLIENT_NEW_SECRET" {
            return Err(Unintelligible("without a new client secret"));
        }
        let end = found(&notification, "clientSecretExpiryTime");
        if end.is_some() || kind == "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY" {
            let announced = end.and_then(time).zip(sent_at);
            return Ok(Self::Expiry(Expiry { concerned: concerned(&notification)?, announced }));
        }
        // Any SP-API application that knows the queue's ARN can make Amazon send notifications of other types to it.
        match printable(kind) {
            name if name.is_empty() => Err(Unintelligible("without a notificationType")),
            name => Ok(Self::Other(name)),
        }
    }
}

fn new_secret(
    notification: &Value,
    secret: &Value,
    sent_at: Option<Timestamp>,
) -> Result<NewSecret, Unintelligible> {
    let secret = secret.as_str().unwrap_or_default().trim();
    if secret.is_empty() || secret.len() > 1024 || !secret.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Unintelligible("without a secret that can be used"));
    }
    let concerned = concerned(notification)?;
    let named = |name| time(found(notification, name)?);
    // The time of a notification may be the last one that there is.
    let later = |duration: SignedDuration| sent_at?.checked_add(duration).ok();
    let ends_at = named("newClientSecretExpiryTime").or(later(LIFE));
    let ends_at = ends_at.ok_or(Unintelligible("without a time that says which secret is the newer one"))?;
    let id = found(notification, "notificationId").and_then(Value::as_str).filter(|id| !id.is_empty());
    let of_content = || {
        let Concerned { client_id, application_id } = &concerned;
        let client = client_id.as_ref().map_or("", ClientId::as_str);
        let application = application_id.as_ref().map_or("", ApplicationId::as_str);
        Fingerprint::of(&[client, application, secret, &ends_at.to_string()].join("\n"))
    };
    let version_id = id.map_or_else(of_content, Fingerprint::of);
    Ok(NewSecret {
        concerned,
        client_secret: ClientSecret::new(secret.to_owned()),
        ends_at,
        old_ends_at: named("oldClientSecretExpiryTime").or(later(OVERLAP)),
        version_id,
    })
}

fn concerned(notification: &Value) -> Result<Concerned, Unintelligible> {
    fn id<T: std::str::FromStr>(notification: &Value, name: &str) -> Option<T> {
        found(notification, name)?.as_str()?.trim().parse().ok()
    }
    let concerned = Concerned {
        client_id: id(notification, "clientId"),
        application_id: id(notification, "applicationId"),
    };
    if concerned.client_id.is_none() && concerned.application_id.is_none() {
        return Err(Unintelligible("without a client id and an application id that can be read"));
    }
    Ok(concerned)
}

/// Finds the new client secrets, wherever they are.
fn all_secrets<'v>(value: &'v Value, deepest: usize, secrets: &mut BTreeSet<&'v str>) {
    let inner: Vec<&Value> = match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(fields) => {
            let is_secret = |name: &str| name.replace('_', "").eq_ignore_ascii_case("newClientSecret");
            let here =
                fields.iter().filter(|(name, _)| is_secret(name)).filter_map(|(_, value)| value.as_str());
            secrets.extend(here.map(str::trim).filter(|secret| !secret.is_empty()));
            fields.values().collect()
        }
        _ => Vec::new(),
    };
    if deepest > 0 {
        for value in inner {
            all_secrets(value, deepest - 1, secrets);
        }
    }
}

/// Takes a notification out of its envelopes: a list of one, a message of SNS or of SQS or a batch of one, an event of
/// EventBridge. Returns the time of the innermost envelope that has one.
fn opened(mut outer: Value) -> (Value, Option<Timestamp>) {
    let mut enveloped_at = None;
    for _ in 0..DEEPEST {
        if field(&outer, "notificationType").is_some() {
            break;
        }
        let inner = match &outer {
            Value::Array(list) => match list.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            _ => ["Message", "detail", "body", "Records", "Sns"].into_iter().find_map(|name| {
                field(&outer, name).filter(|inner| inner.is_object() || inner.is_array()).cloned()
            }),
        };
        let Some(inner) = inner else { break };
        let sent_at = ["Timestamp", "time"].into_iter().find_map(|name| time(field(&outer, name)?));
        enveloped_at = sent_at.or(enveloped_at);
        outer = inner;
    }
    (outer, enveloped_at)
}

/// Returns a field of an object, also if its name is written in other letters, as in Amazon's older notifications
/// (`NotificationType`).
fn field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let fields = object.as_object()?;
    let is_it = |written: &str| written.replace('_', "").eq_ignore_ascii_case(name);
    fields.get(name).or_else(|| fields.iter().find(|(written, _)| is_it(written)).map(|(_, value)| value))
}

/// Returns a field of the object or of one within it, the outermost first. A field that is null is missing.
fn found<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let mut level = vec![object];
    for _ in 0..DEEPEST {
        let here = level.iter().find_map(|object| field(object, name).filter(|value| !value.is_null()));
        if here.is_some() {
            return here;
        }
        level =
            level.iter().filter_map(|value| value.as_object()).flat_map(serde_json::Map::values).collect();
    }
    None
}

/// Reads a time: RFC 3339, or seconds or milliseconds since 1970.
fn time(value: &Value) -> Option<Timestamp> {
    const FIRST_IN_MILLISECONDS: u64 = 100_000_000_000;
    let text = value.as_str().map(str::trim);
    match value.as_i64().or_else(|| text?.parse().ok()) {
        Some(number) if number.unsigned_abs() >= FIRST_IN_MILLISECONDS => {
            Timestamp::from_millisecond(number).ok()
        }
        Some(number) => Timestamp::from_second(number).ok(),
        None => text?.parse().ok(),
    }
}

/// Returns the name of a type in a form that is safe to log.
fn printable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_').take(64).collect()
}

#[cfg(any(test, fuzzing))]
pub use self::any_bytes::check_any_bytes;

#[cfg(any(test, fuzzing))]
mod any_bytes;
#[cfg(test)]
mod tests;
