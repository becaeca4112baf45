use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::grant::renewal::Reminder;
use crate::{grant::change::Change, region::Region};

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn sealed(text: &str) -> Sealed {
    serde_json::from_value(serde_json::json!(text.as_bytes())).unwrap()
}

fn grant(status: Status) -> Grant {
    Grant {
        application_id: "amzn1.sp.solution.1".parse().unwrap(),
        region: Region::Na,
        selling_partner_id: "A1".parse().unwrap(),
        status,
        version: 7,
        epoch: None,
        revision: 9,
        kind: GrantKind::Oauth,
        partner_type: None,
        draft: false,
        central_host: None,
        account: None,
        authorized_at: noon(),
        authorized_at_unknown: true,
        renewal_due_at: noon() + RENEWAL_AFTER,
        stores: Vec::new(),
        fingerprint: Fingerprint::of("own"),
        refresh_token: Some(sealed("own")),
        resealed: true,
        reminded: Some(Reminder::Month),
        outdated_reported: None,
        conflicts: vec![conflict_of("other"), conflict_of("third")],
        region_assumed: Some(false),
        sighting: None,
        moved_to: None,
        moved_from: None,
        superseded: None,
    }
}

fn conflict_of(token: &str) -> Conflict {
    Conflict {
        at: noon() + SignedDuration::from_hours(1),
        account: Some("tenant-1".parse().unwrap()),
        stores: Vec::new(),
        fingerprint: Fingerprint::of(token),
        refresh_token: sealed(token),
        held_in: None,
    }
}

fn changed(decision: Decision) -> Change {
    match decision {
        Decision::Changes(change) => *change,
        Decision::Stays => panic!("nothing changes"),
    }
}

fn stays(decision: &Decision) -> bool {
    matches!(decision, Decision::Stays)
}

#[test]
fn a_change_of_status_or_account_raises_the_version_and_one_to_the_same_changes_nothing() {
    let own = Fingerprint::of("own");
    let account: Account = "tenant-1".parse().unwrap();
    for decision in [
        disabled(&grant(Status::Active), None),
        disabled(&grant(Status::ReauthorizationRequired), None),
        enabled(&grant(Status::Disabled), &own, None),
        enabled(&grant(Status::ReauthorizationRequired), &own, None),
        refused(&grant(Status::Disabled), &own),
        removed(&grant(Status::Active), None),
        linked(&grant(Status::Active), Some(&account)),
        invalidated(&grant(Status::Active)),
    ] {
        assert_eq!(changed(decision).grant.version, 8);
    }
    assert!(stays(&disabled(&grant(Status::Disabled), None)));
    assert!(stays(&enabled(&grant(Status::Active), &own, None)));
    assert!(stays(&refused(&grant(Status::ReauthorizationRequired), &own)));
    assert!(stays(&removed(&grant(Status::Removed), None)));
    assert!(stays(&linked(&grant(Status::Active), None)));
}

#[test]
fn proof_of_one_token_neither_enables_nor_refuses_a_grant_with_another() {
    let earlier = Fingerprint::of("earlier");

    assert!(stays(&enabled(&grant(Status::Disabled), &earlier, None)));
    assert!(stays(&refused(&grant(Status::Disabled), &earlier)));
}

#[test]
fn a_removed_grant_has_no_token_account_or_store_and_keeps_its_version() {
    let current = Grant { account: Some("tenant-1".parse().unwrap()), ..grant(Status::Active) };

    let row = serde_json::to_string(&changed(removed(&current, None)).grant).unwrap();

    for gone in ["refresh_token", "conflicts", "tenant-1"] {
        assert!(!row.contains(gone), "{row}");
    }
    assert!(row.contains("\"version\":8"));
}

#[test]
fn an_accepted_conflict_replaces_the_token_and_starts_the_clock_when_its_consent_came() {
    let validated = ValidatedToken { refresh_token: sealed("other"), fingerprint: Fingerprint::of("other") };
    for (status, then) in [
        (Status::Active, Status::Active),
        (Status::ReauthorizationRequired, Status::Active),
        (Status::Disabled, Status::Disabled),
    ] {
        let change = changed(accepted(&grant(status), &Fingerprint::of("other"), &validated).unwrap());

        assert_eq!((change.event, change.grant.status), (Event::AuthorizationRenewed, then));
        assert_eq!(change.grant.fingerprint, Fingerprint::of("other"));
        assert_eq!(change.grant.version, 8);
        assert_eq!(change.grant.authorized_at, conflict_of("other").at);
        assert!(!change.grant.authorized_at_unknown);
        assert_eq!(change.grant.account, Some("tenant-1".parse().unwrap()));
        assert_eq!(change.grant.conflicts.len(), 1);
    }
    let linked = Grant { account: Some("tenant-0".parse().unwrap()), ..grant(Status::Active) };
    let change = changed(accepted(&linked, &Fingerprint::of("other"), &validated).unwrap());
    assert_eq!(change.grant.account, conflict_of("other").account, "the token's own account comes with it");
    let nobodys = vec![Conflict { account: None, ..conflict_of("other") }];
    let change =
        accepted(&Grant { conflicts: nobodys, ..linked.clone() }, &Fingerprint::of("other"), &validated);
    assert_eq!(changed(change.unwrap()).grant.account, linked.account);
}

#[test]
fn an_accepted_conflict_with_stores_is_a_sellers_whatever_was_there_before() {
    let validated = ValidatedToken { refresh_token: sealed("other"), fingerprint: Fingerprint::of("other") };
    let store = serde_json::from_value(serde_json::json!({
        "marketplace_id": "ATVPDKIKX0DER", "name": "Clocks", "participating": true,
    }));
    let conflicts = vec![Conflict { stores: vec![store.unwrap()], ..conflict_of("other") }];
    let current = Grant { partner_type: Some(PartnerType::Vendor), conflicts, ..grant(Status::Active) };

    let change = changed(accepted(&current, &Fingerprint::of("other"), &validated).unwrap());

    assert_eq!(change.grant.partner_type, Some(PartnerType::Seller), "or it could never prove itself again");
}

#[test]
fn a_rejected_conflict_leaves_token_and_version_as_they_were() {
    let change = changed(rejected(&grant(Status::Active), &Fingerprint::of("other")).unwrap());

    assert_eq!((change.event, change.grant.version), (Event::ConflictRejected, 7));
    assert_eq!(change.grant.fingerprint, Fingerprint::of("own"));
    assert_eq!(change.fingerprint, Fingerprint::of("other"));
    assert_eq!(change.grant.conflicts.len(), 1);
    let unknown = rejected(&grant(Status::Active), &Fingerprint::of("unknown")).unwrap_err();
    assert!(unknown.to_string().starts_with("fingerprint:"));
}
