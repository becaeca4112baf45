use shared::secret::Fingerprint;

use super::*;

fn lead() -> SignedDuration {
    SignedDuration::from_hours(30 * 24)
}

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
fn a_secret_is_a_warning_when_its_successor_is_late_and_a_failure_in_its_last_7_days() {
    for (days, verdict) in [
        (Some(29), Verdict::Ok),
        (Some(28), Verdict::Warning),
        (Some(8), Verdict::Warning),
        (Some(7), Verdict::Failure),
        (Some(-1), Verdict::Failure),
        (None, Verdict::Warning),
    ] {
        assert_eq!(expiry(Some(&secret(days)), lead(), noon()).verdict, verdict, "{days:?}");
    }
    assert_eq!(expiry(None, lead(), noon()).verdict, Verdict::Failure);
    let foreign = SecretHealth { is_of_client: false, ..secret(Some(90)) };
    assert_eq!(expiry(Some(&foreign), lead(), noon()).verdict, Verdict::Failure);
}

#[test]
fn a_host_name_of_api_gateway_is_a_warning() {
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
        disabled: false,
        not_before: None,
        roles_changed_at: None,
        branding: shared::application::Branding::default(),
    };
    for (sellers, self_authorizations, draft, verdict) in [
        (19, 7, true, Verdict::Ok),
        (20, 0, true, Verdict::Warning),
        (0, 8, true, Verdict::Warning),
        (25, 0, true, Verdict::Failure),
        (0, 10, true, Verdict::Failure),
        (25, 10, false, Verdict::Warning),
    ] {
        let counts = Counts { sellers, self_authorizations, regions_assumed: 0 };
        assert_eq!(limits(&application(draft), counts).verdict, verdict);
    }
}

#[test]
fn an_assumed_region_is_a_warning_that_counts_the_grants() {
    let counts = |regions_assumed| Counts { sellers: 3, self_authorizations: 0, regions_assumed };
    assert_eq!(regions(counts(0)).verdict, Verdict::Ok);
    let finding = regions(counts(2));
    assert_eq!(finding.verdict, Verdict::Warning);
    assert!(finding.says.ends_with(": 2"), "{}", finding.says);
}

#[test]
fn clocks_may_differ_by_a_minute_either_way() {
    for (seconds, verdict) in
        [(60, Verdict::Ok), (-60, Verdict::Ok), (61, Verdict::Warning), (-61, Verdict::Warning)]
    {
        assert_eq!(clock(SignedDuration::from_secs(seconds)).verdict, verdict);
    }
}
