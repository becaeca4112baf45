//! What is found of an application, how bad it is, and what to do about it. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use shared::{
    application::Application,
    client_secret::{Health, SecretHealth},
    deadline::Transient,
};

/// An application that is not listed in the Appstore may have so many sellers authorize it (F§1.1); vendors do not count.
const MOST_SELLERS: usize = 25;

/// And so many self-authorizations (F§1.1).
const MOST_SELF_AUTHORIZATIONS: usize = 10;

/// Signatures and lifetimes bear no more between two clocks.
const CLOCKS_MAY_DIFFER: SignedDuration = SignedDuration::from_mins(1);

/// A secret is replaced 30 days before its end, unless configured otherwise; by now it should have been.
const ENDS_SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// No time is left for a mistake.
const ENDS_NOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    check: &'static str,
    verdict: Verdict,
    says: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    what_to_do: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Ok,
    Warning,
    Failure,
}

/// How many grants the application has, as far as its limits need it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    /// Sellers who consented, and unverified partners.
    pub(crate) sellers: usize,
    /// The developer's own.
    pub(crate) self_authorizations: usize,
}

/// The addresses to register at Amazon.
pub(crate) fn uris(login_uri: &str, redirect_uri: &str) -> Finding {
    let says = format!("OAuth Login URI {login_uri}, OAuth Redirect URI {redirect_uri}");
    let what_to_do =
        "register both at Amazon, exactly as written; without either, its consent page does nothing";
    Finding { check: "uris", verdict: Verdict::Ok, says, what_to_do: Some(what_to_do) }
}

/// Whether the addresses outlive the API: its own host names end so, in every partition of AWS.
pub(crate) fn domain(origin: &str) -> Finding {
    let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let is_api_gateways = host.contains(".execute-api.")
        && [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|end| host.ends_with(end));
    if is_api_gateways {
        let what_to_do = "set up a custom domain before the URIs are registered at Amazon: when this API is ever \
                          replaced, its host name changes, and Amazon reviews new URIs for days";
        let says = format!("{origin} is API Gateway's own name, not a domain of yours");
        return Finding { check: "domain", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) };
    }
    ok("domain", format!("{origin} is not API Gateway's own name, and outlives the API"))
}

/// Draft or published.
pub(crate) fn published(application: &Application) -> Finding {
    if application.draft {
        let says = "the application is a draft: partners consent with version=beta, which is added for them"
            .to_owned();
        let what_to_do =
            "when it is published, say so with updateApplication, or consent pages answer with an error";
        return Finding { check: "draft", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) };
    }
    ok("draft", "the application is published; a draft at Amazon would need version=beta".to_owned())
}

/// How long the client secret lives.
pub(crate) fn expiry(secret: Option<&SecretHealth>, now: Timestamp) -> Finding {
    let check = "clientSecret";
    let Some(secret) = secret else {
        let what_to_do = "copy it from Amazon's portal and set it with setClientSecret";
        let says = "there is no client secret".to_owned();
        return Finding { check, verdict: Verdict::Failure, says, what_to_do: Some(what_to_do) };
    };
    if !secret.is_of_client {
        let says = "the stored secret belongs to another client id than the application's".to_owned();
        let what_to_do = "set the application's own secret with setClientSecret";
        return Finding { check, verdict: Verdict::Failure, says, what_to_do: Some(what_to_do) };
    }
    let Some(ends_at) = secret.ends_at else {
        let says = "nobody has told when the client secret ends, so it is not replaced in time".to_owned();
        let what_to_do =
            "set it again with setClientSecret and the date that Amazon's portal shows as expiresAt";
        return Finding { check, verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) };
    };
    let left = ends_at.duration_since(now);
    let days = left.as_hours() / 24;
    if left > ENDS_SOON {
        return ok(check, format!("the client secret ends at {ends_at}, in {days} days"));
    }
    let what_to_do = Some("ask for a new one with rotateClientSecret, and see that the queue is subscribed");
    if left > ENDS_NOW {
        let says = format!("the client secret ends at {ends_at}, in {days} days");
        return Finding { check, verdict: Verdict::Warning, says, what_to_do };
    }
    let verb = if left.is_positive() { "ends" } else { "ended" };
    let says = format!("the client secret {verb} at {ends_at}");
    Finding { check, verdict: Verdict::Failure, says, what_to_do }
}

/// What is stored is no secret of ours.
pub(crate) fn unreadable() -> Finding {
    Finding {
        check: "clientSecret",
        verdict: Verdict::Failure,
        says: "what is stored as the client secret cannot be read".to_owned(),
        what_to_do: Some("copy the secret from Amazon's portal and set it with setClientSecret"),
    }
}

/// Whether Amazon accepts the client secret.
pub(crate) fn test_call(secret: Option<&SecretHealth>) -> Finding {
    let check = "testCall";
    let (verdict, says, what_to_do) = match secret.map(|secret| &secret.tried) {
        Some(Ok(())) => return ok(check, "Login with Amazon accepts the client id and secret".to_owned()),
        None => (
            Verdict::Failure,
            "Login with Amazon was not called: there is no secret to try".to_owned(),
            "set the secret",
        ),
        Some(Err(error)) if error.is_transient() => {
            (Verdict::Warning, error.to_string(), "try again; if it stays so, see Amazon's status page")
        }
        Some(Err(error)) => (
            Verdict::Failure,
            error.to_string(),
            "compare client id and secret with Amazon's portal, and set the secret with setClientSecret",
        ),
    };
    Finding { check, verdict, says, what_to_do: Some(what_to_do) }
}

/// Whether new secrets would arrive.
pub(crate) fn queue(health: &Health) -> Finding {
    match health.rotation.notified_at {
        Some(at) => ok("queue", format!("a notification for this client came through the queue at {at}")),
        None => Finding {
            check: "queue",
            verdict: Verdict::Warning,
            says: "no notification for this client has ever come through the queue, so a new secret might be lost"
                .to_owned(),
            what_to_do: Some(
                "subscribe the queue to both client secret notifications in the portal's Notification Preferences",
            ),
        },
    }
}

/// Whether Amazon lets more partners in.
pub(crate) fn limits(application: &Application, counts: Counts) -> Finding {
    let Counts { sellers, self_authorizations } = counts;
    let says = format!(
        "{sellers} sellers of {MOST_SELLERS} and {self_authorizations} self-authorizations of \
         {MOST_SELF_AUTHORIZATIONS} that an application may have which is not listed in the Appstore"
    );
    let is_full = sellers >= MOST_SELLERS || self_authorizations >= MOST_SELF_AUTHORIZATIONS;
    let is_nearly_full =
        sellers * 5 >= MOST_SELLERS * 4 || self_authorizations * 5 >= MOST_SELF_AUTHORIZATIONS * 4;
    let verdict = match (is_full, is_nearly_full) {
        (true, _) if application.draft => Verdict::Failure,
        (_, true) => Verdict::Warning,
        _ => return ok("limits", says),
    };
    let what_to_do = "have the application listed at Amazon; removing a grant here frees no place there";
    Finding { check: "limits", verdict, says, what_to_do: Some(what_to_do) }
}

/// Whether our clock is Amazon's.
pub(crate) fn clock(ahead: SignedDuration) -> Finding {
    let seconds = ahead.as_secs();
    if ahead.abs() <= CLOCKS_MAY_DIFFER {
        return ok("clock", format!("our clock is {seconds} s ahead of Amazon's"));
    }
    let what_to_do = "find out whose clock is wrong: codes live for five minutes, tokens for an hour";
    let says = format!("our clock is {seconds} s ahead of Amazon's");
    Finding { check: "clock", verdict: Verdict::Warning, says, what_to_do: Some(what_to_do) }
}

fn ok(check: &'static str, says: String) -> Finding {
    Finding { check, verdict: Verdict::Ok, says, what_to_do: None }
}

#[cfg(test)]
mod tests {
    use shared::secret::Fingerprint;

    use super::*;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn secret(ends_in_days: Option<i64>) -> SecretHealth {
        SecretHealth {
            fingerprint: Fingerprint::of("secret"),
            ends_at: ends_in_days.map(|days| noon() + SignedDuration::from_hours(24 * days)),
            is_of_client: true,
            tried: Ok(()),
            clock_ahead: None,
        }
    }

    #[test]
    fn a_secret_is_a_warning_in_its_last_30_days_and_a_failure_in_its_last_7() {
        for (days, verdict) in [
            (Some(31), Verdict::Ok),
            (Some(30), Verdict::Warning),
            (Some(8), Verdict::Warning),
            (Some(7), Verdict::Failure),
            (Some(-1), Verdict::Failure),
            (None, Verdict::Warning),
        ] {
            assert_eq!(expiry(Some(&secret(days)), noon()).verdict, verdict, "{days:?}");
        }
        assert_eq!(expiry(None, noon()).verdict, Verdict::Failure);
        let foreign = SecretHealth { is_of_client: false, ..secret(Some(90)) };
        assert_eq!(expiry(Some(&foreign), noon()).verdict, Verdict::Failure);
    }

    #[test]
    fn api_gateways_own_name_is_no_name_to_register() {
        for host in
            ["abc123.execute-api.eu-west-1.amazonaws.com", "abc123.execute-api.cn-north-1.amazonaws.com.cn"]
        {
            assert_eq!(domain(&format!("https://{host}")).verdict, Verdict::Warning);
        }
        assert_eq!(domain("https://auth.example.com").verdict, Verdict::Ok);
    }

    #[test]
    fn a_full_draft_is_a_failure_and_a_full_published_application_a_warning() {
        let application = |draft| Application {
            application_id: "amzn1.sp.solution.1".parse().unwrap(),
            client_id: "amzn1.application-oa2-client.1".parse().unwrap(),
            name: "Example".to_owned(),
            draft,
            vendors_need_beta: false,
            default_region: shared::region::Region::Na,
            scopes: std::collections::BTreeSet::new(),
            sign_in_url: None,
            return_urls: std::collections::BTreeSet::new(),
        };
        for (sellers, self_authorizations, draft, verdict) in [
            (19, 7, true, Verdict::Ok),
            (20, 0, true, Verdict::Warning),
            (0, 8, true, Verdict::Warning),
            (25, 0, true, Verdict::Failure),
            (0, 10, true, Verdict::Failure),
            (25, 10, false, Verdict::Warning),
        ] {
            let counts = Counts { sellers, self_authorizations };
            assert_eq!(limits(&application(draft), counts).verdict, verdict);
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute_either_way() {
        for (seconds, verdict) in
            [(60, Verdict::Ok), (-60, Verdict::Ok), (61, Verdict::Warning), (-61, Verdict::Warning)]
        {
            assert_eq!(clock(SignedDuration::from_secs(seconds)).verdict, verdict);
        }
    }
}
