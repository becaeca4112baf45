use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::{grant::RENEWAL_AFTER, ids::Account};

const DE: (&str, &str) = ("A1PA6795UKMFR9", "Uhren");
const FR: (&str, &str) = ("A13V1IB3VIYZZH", "Montres");

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn stores(names: &[(&str, &str)]) -> Vec<Store> {
    let store = |(id, name): &(&str, &str)| Store {
        marketplace_id: id.parse().unwrap(),
        name: (*name).to_owned(),
        participating: true,
    };
    names.iter().map(store).collect()
}

fn conflict(token: &str, shown: &[(&str, &str)], account: Option<&str>) -> Conflict {
    Conflict {
        at: noon() + SignedDuration::from_hours(1),
        account: account.map(|account| account.parse().unwrap()),
        stores: stores(shown),
        fingerprint: Fingerprint::of(token),
        refresh_token: serde_json::from_value(json!(token.as_bytes())).unwrap(),
        held_in: None,
    }
}

fn grant(account: Option<&str>, conflicts: Vec<Conflict>) -> Grant {
    let row = json!({
        "application_id": "amzn1.sp.solution.1", "region": "eu", "selling_partner_id": "A1", "status": "active",
        "version": 3, "revision": 7, "kind": "oauth", "draft": false, "partner_type": "seller",
        "authorized_at": noon().as_second(), "renewal_due_at": (noon() + RENEWAL_AFTER).as_second(),
        "fingerprint": Fingerprint::of("own"), "refresh_token": "own".as_bytes(),
    });
    let account = account.map(|account| account.parse::<Account>().unwrap());
    Grant { account, conflicts, stores: stores(&[(DE.0, "Before")]), ..serde_json::from_value(row).unwrap() }
}

/// Returns the decision on `current` if Amazon lists these stores under the token `own`, and accepts the token `new`.
fn accepted(current: &Grant, shown: &[(&str, &str)]) -> Decision {
    let (own, new) = (Fingerprint::of("own"), Fingerprint::of("new"));
    let refresh_token = serde_json::from_value(json!(b"new")).unwrap();
    let validated = ValidatedToken { fingerprint: new.clone(), refresh_token };
    let listed = Listed { fingerprint: &own, stores: &stores(shown) };
    listed.accepted(current, (&new, &validated), &Marketplaces::default())
}

#[test]
fn a_conflict_whose_stores_the_old_token_has_too_is_accepted() {
    for (own, brought) in [(None, None), (Some("tenant-1"), None), (None, Some("tenant-1"))] {
        let current = grant(own, vec![conflict("other", &[FR], None), conflict("new", &[DE], brought)]);

        let Decision::Changes(change) = accepted(&current, &[DE]) else { panic!("{own:?} {brought:?}") };

        assert_eq!(change.event, Event::AuthorizationRenewed);
        assert_eq!((change.grant.version, &change.grant.fingerprint), (4, &Fingerprint::of("new")));
        assert_eq!(change.grant.stores, stores(&[DE]));
        assert_eq!(change.grant.account.as_ref().map(Account::as_str), own.or(brought));
        assert_eq!(change.grant.renewal_due_at, noon() + SignedDuration::from_hours(1) + RENEWAL_AFTER);
        assert_eq!(change.grant.conflicts[0].fingerprint, Fingerprint::of("other"), "the other one stays");
    }
}

#[test]
fn a_conflict_that_the_stores_do_not_show_to_be_the_sellers_waits_for_an_operator() {
    let of = |token, shown, account| grant(Some("tenant-1"), vec![conflict(token, shown, account)]);
    let disputed = of("new", &[DE, FR], None);
    let older = Conflict { at: noon() - SignedDuration::from_secs(1), ..conflict("new", &[DE, FR], None) };
    for (why, current, shown) in [
        ("a store more", disputed.clone(), &[DE][..]),
        ("another name", disputed.clone(), &[DE, (FR.0, "Autre")]),
        ("nothing listed", disputed.clone(), &[]),
        ("nothing shown", of("new", &[], None), &[]),
        ("another account", of("new", &[DE, FR], Some("tenant-2")), &[DE, FR]),
        ("another conflict", of("other", &[DE, FR], None), &[DE, FR]),
        ("decided meanwhile", grant(None, Vec::new()), &[DE, FR]),
        ("older than the grant", grant(None, vec![older]), &[DE, FR]),
        ("a vendor", Grant { partner_type: Some(PartnerType::Vendor), ..disputed.clone() }, &[DE, FR]),
        ("disabled meanwhile", Grant { status: Status::Disabled, ..disputed.clone() }, &[DE, FR]),
        ("removed meanwhile", Grant { status: Status::Removed, ..disputed.clone() }, &[DE, FR]),
        (
            "another token meanwhile",
            Grant { fingerprint: Fingerprint::of("x"), ..disputed.clone() },
            &[DE, FR],
        ),
    ] {
        assert!(matches!(accepted(&current, shown), Decision::Stays), "{why}");
    }
    assert!(matches!(accepted(&disputed, &[FR, DE]), Decision::Changes(_)));
}

fn known_at_last(current: &Grant, shown: &[(&str, &str)]) -> Decision {
    let listed = Listed { fingerprint: &Fingerprint::of("own"), stores: &stores(shown) };
    listed.known_at_last(current, &Marketplaces::default())
}

fn superseding() -> Grant {
    let before = Superseded {
        authorized_at: noon() - SignedDuration::from_hours(24),
        authorized_at_unknown: true,
        renewal_due_at: noon(),
        kind: crate::grant::GrantKind::SelfAuthorized,
        fingerprint: Fingerprint::of("before"),
        refresh_token: serde_json::from_value(json!(b"before")).unwrap(),
    };
    Grant { superseded: Some(before), stores: stores(&[DE]), ..grant(Some("tenant-1"), Vec::new()) }
}

#[test]
fn stores_that_come_later_are_taken_if_the_grant_had_one_of_them() {
    let Decision::Changes(change) = known_at_last(&superseding(), &[DE, FR]) else { panic!("it stays") };

    assert_eq!(change.event, Event::AuthorizationVerified);
    assert_eq!((change.grant.version, change.grant.stores), (3, stores(&[DE, FR])));
    assert!(change.grant.superseded.is_none());
}

#[test]
fn stores_that_come_later_and_are_all_others_make_the_token_a_conflict_of_the_one_before() {
    let Decision::Changes(change) = known_at_last(&superseding(), &[FR]) else { panic!("it stays") };

    assert_eq!((change.event, change.fingerprint), (Event::AuthorizationConflict, Fingerprint::of("own")));
    let grant = change.grant;
    assert_eq!((grant.version, grant.fingerprint.clone()), (4, Fingerprint::of("before")));
    assert_eq!((&grant.stores, grant.renewal_due_at), (&stores(&[DE]), noon()));
    assert!(grant.authorized_at_unknown && grant.superseded.is_none());
    let conflict = &grant.conflicts[0];
    assert_eq!((&conflict.fingerprint, &conflict.stores), (&Fingerprint::of("own"), &stores(&[FR])));
    assert_eq!((conflict.at, conflict.account.as_ref().map(Account::as_str)), (noon(), Some("tenant-1")));
}

#[test]
fn stores_that_come_later_change_nothing_once_the_grant_has_changed() {
    for (why, current) in [
        ("nothing superseded", grant(None, Vec::new())),
        ("removed", superseding().emptied()),
        ("another token", Grant { fingerprint: Fingerprint::of("x"), ..superseding() }),
    ] {
        assert!(matches!(known_at_last(&current, &[FR]), Decision::Stays), "{why}");
    }
}
