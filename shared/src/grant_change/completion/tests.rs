use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::{
    grant::Conflict,
    ids::SellingPartnerId,
    journey::request::{AuthorizationRequest, Brought},
    secret::Fingerprint,
};

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn account(name: &str) -> Account {
    name.parse().unwrap()
}

fn grant(linked: Option<&str>, token: &str) -> Grant {
    let mut row = json!({
        "application_id": "amzn1.sp.solution.1", "region": "eu", "selling_partner_id": "V1", "status": "active",
        "version": 3, "revision": 7, "kind": "oauth", "draft": false,
        "authorized_at": noon().as_second(), "renewal_due_at": (noon() + RENEWAL_AFTER).as_second(),
        "fingerprint": Fingerprint::of(token), "refresh_token": token.as_bytes(),
    });
    if let Some(linked) = linked {
        row["account"] = json!(linked);
    }
    serde_json::from_value(row).unwrap()
}

/// The same with a token that waits for a decision.
fn disputed(linked: Option<&str>, waiting: &str) -> Grant {
    let conflict = Conflict {
        at: noon() + SignedDuration::from_hours(1),
        account: None,
        stores: Vec::new(),
        fingerprint: Fingerprint::of(waiting),
        refresh_token: serde_json::from_value(json!(waiting.as_bytes())).unwrap(),
        held_in: None,
    };
    Grant { conflicts: vec![conflict], ..grant(linked, "old") }
}

/// A journey that was begun for tenant-1, ended so and brought this token.
struct Journey {
    request: AuthorizationRequest,
    partner: SellingPartnerId,
    outcome: Outcome,
    brought: Brought,
}

fn journey(outcome: Outcome, token: &str) -> Journey {
    let request = json!({
        "request_id": "AAAAAAAAAAAAAAAAAAAAAA", "workflow": "website", "application_id": "amzn1.sp.solution.1",
        "draft": false, "account": "tenant-1", "return_url": "https://app.example.com/", "redirect_uri": "",
        "created_at": noon().as_second(), "expires_at": noon().as_second(),
    });
    Journey {
        request: serde_json::from_value(request).unwrap(),
        partner: "V1".parse().unwrap(),
        outcome,
        brought: Brought { region: "eu".parse().unwrap(), fingerprint: Fingerprint::of(token), at: noon() },
    }
}

impl Journey {
    fn completed_by(&self, by: &str, grant: Option<&Grant>) -> Result<Decision, &'static str> {
        let Self { request, partner, outcome, brought } = self;
        Finished { request, outcome: *outcome, partner, brought }.completed_by(
            &account(by),
            grant,
            &Marketplaces::default(),
        )
    }
}

#[track_caller]
fn change(completion: Result<Decision, &'static str>) -> Change {
    match completion {
        Ok(Decision::Changes(change)) => *change,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unlinked_grant_is_linked_to_the_account_for_which_its_journey_was_begun() {
    let linked = change(journey(Outcome::Authorized, "t").completed_by("tenant-1", Some(&grant(None, "t"))));

    assert_eq!(linked.event, Event::AccountLinked);
    assert_eq!(linked.grant.account, Some(account("tenant-1")));
    assert_eq!((linked.grant.version, linked.grant.revision), (4, 8));
}

#[test]
fn no_other_account_completes_it_and_no_linked_grant_moves() {
    let journey = journey(Outcome::Authorized, "t");

    assert!(journey.completed_by("tenant-2", Some(&grant(None, "t"))).is_err());
    assert!(journey.completed_by("tenant-2", Some(&grant(Some("tenant-2"), "t"))).is_err());
    assert!(journey.completed_by("tenant-1", Some(&grant(Some("tenant-2"), "t"))).is_err());
    assert!(journey.completed_by("tenant-1", None).is_err());
    let removed = Grant { status: Status::Removed, ..grant(None, "t") };
    assert!(journey.completed_by("tenant-1", Some(&removed)).is_err());
    let current = journey.completed_by("tenant-1", Some(&grant(Some("tenant-1"), "t")));
    assert!(matches!(current, Ok(Decision::Stays)));
}

#[test]
fn a_grant_that_a_newer_authorization_has_taken_is_not_linked_by_an_older_one() {
    let journey = journey(Outcome::Authorized, "t");
    let newer = Grant { authorized_at: noon() + SignedDuration::from_secs(1), ..grant(None, "newer") };
    assert!(journey.completed_by("tenant-1", Some(&newer)).is_err());

    // Amazon may have replaced the token of this very authorization.
    let replaced = grant(None, "replaced");
    assert_eq!(change(journey.completed_by("tenant-1", Some(&replaced))).event, Event::AccountLinked);
}

#[test]
fn a_waiting_token_takes_its_place_only_for_the_grants_own_account() {
    let journey = journey(Outcome::Conflict, "new");

    for status in [Status::Active, Status::ReauthorizationRequired, Status::Disabled] {
        let existing = Grant { status, ..disputed(Some("tenant-1"), "new") };
        let renewed = change(journey.completed_by("tenant-1", Some(&existing)));
        assert_eq!(renewed.event, Event::AuthorizationRenewed);
        assert_eq!(renewed.grant.fingerprint, Fingerprint::of("new"));
        assert_eq!(renewed.grant.status == Status::Disabled, status == Status::Disabled);
        assert_eq!(renewed.grant.renewal_due_at, existing.conflicts[0].at + RENEWAL_AFTER);
        assert_eq!((renewed.grant.version, renewed.grant.conflicts.len()), (4, 0));
    }
    for refused in [
        disputed(None, "new"),
        disputed(Some("tenant-2"), "new"),
        disputed(Some("tenant-1"), "another"),
        grant(Some("tenant-1"), "old"),
        // Not even a grant of the very second, once the conflict is gone.
        grant(None, "old"),
        grant(None, "new"),
    ] {
        assert!(journey.completed_by("tenant-1", Some(&refused)).is_err(), "{refused:?}");
    }
}
