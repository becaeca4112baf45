//! The findings of `examine`: what is wrong with an application, how serious it is, and what to do now. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use shared::{
    application::Application,
    client_secret::{Health, SecretHealth},
    deadline::Transient,
    grant::GrantKey,
};

use crate::settings;

/// Amazon allows an application that is not listed in the Appstore this many sellers (F§1.1). Vendors do not count.
const MOST_SELLERS: usize = 25;

/// Amazon allows such an application this many self-authorizations (F§1.1).
const MOST_SELF_AUTHORIZATIONS: usize = 10;

/// A larger difference between two clocks makes signatures and lifetimes wrong.
const CLOCKS_MAY_DIFFER: SignedDuration = SignedDuration::from_mins(1);

/// A new secret comes some hours after `secret-rotation` has requested it. This long after the lead time began it is late.
const COMES_WITHIN: SignedDuration = SignedDuration::from_hours(2 * 24);

/// A secret this close to its end leaves no time for a second attempt.
const ENDS_NOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The result of one check.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    check: &'static str,
    verdict: Verdict,
    says: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    what_to_do: Option<&'static str>,
}

/// How serious a finding is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Ok,
    Warning,
    Failure,
}

/// The numbers of grants that count towards Amazon's limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    /// Grants of sellers and of partners whose type is unknown.
    pub(crate) sellers: usize,
    /// Self-authorized grants.
    pub(crate) self_authorizations: usize,
    /// Grants whose region nothing has shown yet.
    pub(crate) regions_assumed: usize,
}

/// The addresses to register at Amazon.
pub(crate) fn uris(login_uri: &str, redirect_uri: &str) -> Finding {
    let says = format!("OAuth Login URI {login_uri}, OAuth Redirect URI {redirect_uri}");
    let what_to_do = "register both URIs at Amazon exactly as printed; if one is missing, the consent page does nothing \
                      or shows MD9100, and if the Redirect URI is another, MD5101";
    Finding { check: "uris", verdict: Verdict::Ok, says, what_to_do: Some(what_to_do) }
}

/// Whether the URIs stay valid if the API is replaced. Hosts of API Gateway end with these suffixes, in every partition of AWS.
pub(crate) fn domain(origin: &str) -> Finding {
    let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let is_api_gateways = host.contains(".execute-api.")
        && [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|end| host.ends_with(end));
    if is_api_gateways {
        let what_to_do = "set up a custom domain before you register the URIs at Amazon: the host name changes if \
                          this API is replaced, and Amazon takes days to review new URIs";
        let says = format!("the URIs use the host name of API Gateway, not a custom domain: {origin}");
        return Finding { check: "domain", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) };
    }
    ok(
        "domain",
        format!(
            "the URIs use no host name of API Gateway, so they stay valid if the API is replaced: {origin}"
        ),
    )
}

/// Whether the application is a draft.
pub(crate) fn published(application: &Application) -> Finding {
    if application.draft {
        let says = "the application is a draft; version=beta is added to the addresses of its consent pages"
            .to_owned();
        let what_to_do = "record with updateApplication when Amazon has published the application; otherwise its \
                          consent pages show an error";
        return Finding { check: "draft", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) };
    }
    let says = "the application is registered as published; if Amazon's consent page shows MD1000, it is still a draft there";
    ok("draft", says.to_owned())
}

/// Whether an operator has stopped the application.
pub(crate) fn enabled(application: &Application) -> Finding {
    if application.disabled {
        let says = "the application is disabled: no access token of it is handed out or refreshed".to_owned();
        let what_to_do = "find the reason in the application's history; enableApplication starts it again";
        return Finding { check: "enabled", verdict: Verdict::Failure, says, what_to_do: Some(what_to_do) };
    }
    ok("enabled", "the application is not disabled".to_owned())
}

/// Whether each scope is one that Amazon documents, or at least near none of these.
pub(crate) fn scopes(application: &Application) -> Finding {
    let questions = settings::questions(application);
    if questions.is_empty() {
        return ok("scopes", format!("no scope needs attention, of {}", application.scopes.len()));
    }
    let what_to_do = "correct the scopes with updateApplication, unless Amazon has introduced them since";
    let says = questions.join(" ");
    Finding { check: "scopes", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) }
}

/// When the client secret ends.
pub(crate) fn expiry(secret: Option<&SecretHealth>, lead: SignedDuration, now: Timestamp) -> Finding {
    let check = "clientSecret";
    let Some(secret) = secret else {
        let what_to_do = "copy it from Amazon's developer console and store it with setClientSecret";
        let says = "no client secret is stored".to_owned();
        return Finding { check, verdict: Verdict::Failure, says, what_to_do: Some(what_to_do) };
    };
    if !secret.is_of_client {
        let says = "the stored client secret belongs to another client id".to_owned();
        let what_to_do = "store this application's client secret with setClientSecret";
        return Finding { check, verdict: Verdict::Failure, says, what_to_do: Some(what_to_do) };
    }
    let Some(ends_at) = secret.ends_at else {
        let says = "it is unknown when the client secret ends, so it is not replaced in time".to_owned();
        let what_to_do = "store it again with setClientSecret, with the date that Amazon's developer console shows as \
                          expiresAt";
        return Finding { check, verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) };
    };
    let left = ends_at.duration_since(now);
    let days = left.as_hours() / 24;
    if left > lead - COMES_WITHIN {
        return ok(check, format!("the client secret ends in {days} days: {ends_at:.0}"));
    }
    let what_to_do = Some(
        "request a new client secret with rotateClientSecret, and check that Amazon's notifications go to the queue",
    );
    if left > ENDS_NOW {
        let says = format!("the client secret ends in {days} days: {ends_at:.0}");
        return Finding { check, verdict: Verdict::Warning, says, what_to_do };
    }
    let says = if left.is_positive() {
        format!("the client secret ends in {days} days: {ends_at:.0}")
    } else {
        format!("the client secret has ended: {ends_at:.0}")
    };
    Finding { check, verdict: Verdict::Failure, says, what_to_do }
}

/// The stored value is not a client secret in the expected form.
pub(crate) fn unreadable() -> Finding {
    Finding {
        check: "clientSecret",
        verdict: Verdict::Failure,
        says: "the stored client secret cannot be read".to_owned(),
        what_to_do: Some("copy it from Amazon's developer console and store it with setClientSecret"),
    }
}

/// Whether Amazon accepts the client secret.
pub(crate) fn test_call(secret: Option<&SecretHealth>) -> Finding {
    let check = "testCall";
    let (verdict, says, what_to_do) = match secret.map(|secret| &secret.tried) {
        Some(Ok(())) => {
            return ok(check, "Login with Amazon accepts the client id and client secret".to_owned());
        }
        None => (
            Verdict::Failure,
            "Login with Amazon was not called, because there is no client secret to try".to_owned(),
            "store the client secret with setClientSecret",
        ),
        Some(Err(error)) if error.is_transient() => (
            Verdict::Warning,
            error.to_string(),
            "try again later; if it fails again, see Amazon's status page",
        ),
        Some(Err(error)) => (
            Verdict::Failure,
            error.to_string(),
            "compare the client id with Amazon's developer console, and store its client secret with setClientSecret",
        ),
    };
    Finding { check, verdict, says, what_to_do: Some(what_to_do) }
}

/// Whether Amazon's notifications arrive in the queue.
pub(crate) fn queue(health: &Health) -> Finding {
    match health.rotation.notified_at {
        Some(at) => {
            ok("queue", format!("a new client secret of this client id came through the queue: {at:.0}"))
        }
        None => Finding {
            check: "queue",
            verdict: Verdict::Warning,
            says: "no new client secret of this client id has come through the queue, so one may be lost"
                .to_owned(),
            what_to_do: Some(
                "subscribe the queue to both client secret notifications, in Notification Preferences of Amazon's \
                 developer console, and press rotate there once: the new secret comes through the queue by itself",
            ),
        },
    }
}

/// Whether Amazon's limits allow more partners.
pub(crate) fn limits(application: &Application, counts: Counts) -> Finding {
    let Counts { sellers, self_authorizations, .. } = counts;
    let says = format!(
        "sellers: {sellers} of {MOST_SELLERS}, self-authorizations: {self_authorizations} of \
         {MOST_SELF_AUTHORIZATIONS} (Amazon's limits for an application that is not listed in the Appstore)"
    );
    let is_full = sellers >= MOST_SELLERS || self_authorizations >= MOST_SELF_AUTHORIZATIONS;
    let is_nearly_full =
        sellers * 5 >= MOST_SELLERS * 4 || self_authorizations * 5 >= MOST_SELF_AUTHORIZATIONS * 4;
    let verdict = match (is_full, is_nearly_full) {
        (true, _) if application.draft => Verdict::Failure,
        (_, true) => Verdict::Warning,
        _ => return ok("limits", says),
    };
    let what_to_do = "list the application in the Appstore; Amazon still counts a grant that is removed here, and its \
                      consent page shows CONSENT_LIMIT_REACHED to the next partner";
    Finding { check: "limits", verdict, says, what_to_do: Some(what_to_do) }
}

/// Whether the functions' clock agrees with Amazon's.
pub(crate) fn clock(ahead: SignedDuration) -> Finding {
    let seconds = ahead.as_secs().abs();
    let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
    let says = format!("the clock of the functions is {seconds} s {direction} Amazon's");
    if ahead.abs() <= CLOCKS_MAY_DIFFER {
        return ok("clock", says);
    }
    let what_to_do =
        "find out which clock is wrong; codes are valid for five minutes, access tokens for an hour";
    Finding { check: "clock", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) }
}

/// Whether the regions of all grants are known.
pub(crate) fn regions(counts: Counts) -> Finding {
    if counts.regions_assumed == 0 {
        return ok("regions", "the regions of all grants are known".to_owned());
    }
    let says =
        format!("grants in the default region, because nothing showed another: {}", counts.regions_assumed);
    let what_to_do = "find them with listGrants (regionAssumed: true); sellers move by themselves once Amazon \
                      lists their stores, vendors stay until setRegion confirms or changes their region";
    Finding { check: "regions", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) }
}

/// Whether the rows that were read can be read by this release.
pub(crate) fn rows(unreadable: &[GrantKey]) -> Finding {
    let Some(first) = unreadable.first() else {
        return ok("rows", "the rows of the grants that were read are readable".to_owned());
    };
    let says =
        format!("rows of grants that this release cannot read: {}, the first is {first}", unreadable.len());
    let what_to_do =
        "install the release that wrote them, or repair the rows by hand; other grants are not affected";
    Finding { check: "rows", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) }
}

/// Whether there is a table of access tokens.
pub(crate) fn tokens(is_there: bool) -> Finding {
    if is_there {
        return ok("tokens", "the table of access tokens is there".to_owned());
    }
    let says =
        "the table of access tokens is gone, so no token is returned and no partner can authorize".to_owned();
    let what_to_do = "make it again, empty, as infra/README.md says under \"A table that is gone\"";
    Finding { check: "tokens", verdict: Verdict::Failure, says, what_to_do: Some(what_to_do) }
}

fn ok(check: &'static str, says: String) -> Finding {
    Finding { check, verdict: Verdict::Ok, says, what_to_do: None }
}

#[cfg(test)]
mod tests;
