use jiff::SignedDuration;

use super::*;
use crate::amazon::marketplace::Marketplaces;

const NOON: &str = "2026-11-21T12:00:00Z";

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

fn sealed(text: &str) -> Sealed {
    serde_json::from_value(serde_json::json!(text.as_bytes())).unwrap()
}

fn stores(names: &[(&str, &str)]) -> Vec<Store> {
    let store = |(marketplace, name): &(&str, &str)| Store {
        marketplace_id: marketplace.parse().unwrap(),
        name: (*name).to_owned(),
        participating: true,
    };
    names.iter().map(store).collect()
}

fn brought(token: &str) -> Authorization {
    Authorization {
        key: "amzn1.sp.solution.1#eu#A1".parse().unwrap(),
        partner_type: Some(PartnerType::Seller),
        draft: false,
        central_host: None,
        account: None,
        stores: stores(&[("A1PA6795UKMFR9", "Uhrmacher"), ("A13V1IB3VIYZZH", "Uhrmacher FR")]),
        region_assumed: false,
        fingerprint: Fingerprint::of(token),
        refresh_token: sealed(token),
    }
}

fn applied(authorization: Authorization, existing: Option<&Grant>) -> Change {
    authorization.applied_to(existing, &Marketplaces::default(), noon())
}

fn first() -> Grant {
    applied(brought("one"), None).grant
}

#[test]
fn a_first_authorization_is_an_active_grant_for_a_year() {
    let change = applied(brought("one"), None);

    assert_eq!(change.event, Event::AuthorizationGranted);
    assert_eq!((change.grant.status, change.grant.version, change.grant.revision), (Status::Active, 1, 1));
    assert_eq!(change.grant.renewal_due_at, noon() + SignedDuration::from_hours(365 * 24));
}

#[test]
fn the_same_stores_replace_the_token_and_restart_the_clock() {
    for status in [Status::Active, Status::ReauthorizationRequired, Status::Removed] {
        let existing = Grant { status, ..first() };

        let change = applied(brought("two"), Some(&existing));

        assert_eq!(change.event, Event::AuthorizationRenewed, "{status:?}");
        assert_eq!((change.grant.status, change.grant.version), (Status::Active, 2));
        assert_eq!(change.grant.fingerprint, Fingerprint::of("two"));
    }
}

#[test]
fn a_disabled_grant_stays_disabled_with_the_new_token() {
    let existing = Grant { status: Status::Disabled, ..first() };

    let change = applied(brought("two"), Some(&existing));

    assert_eq!(change.event, Event::AuthorizationRenewed);
    assert_eq!(change.grant.status, Status::Disabled);
    assert_eq!(change.grant.fingerprint, Fingerprint::of("two"));
}

#[test]
fn a_store_more_is_the_same_seller_and_a_store_less_or_renamed_is_not() {
    let mut more = brought("two");
    more.stores.extend(stores(&[("A28R8C7NBKEWEA", "Uhrmacher IE")]));
    assert_eq!(applied(more, Some(&first())).event, Event::AuthorizationRenewed);

    for other in [
        &[("A1PA6795UKMFR9", "Uhrmacher")][..],
        &[("A1PA6795UKMFR9", "Uhrmacher"), ("A13V1IB3VIYZZH", "Autre")],
    ] {
        let authorization = Authorization { stores: stores(other), ..brought("two") };
        assert_eq!(applied(authorization, Some(&first())).event, Event::AuthorizationConflict, "{other:?}");
    }
}

#[test]
fn entries_outside_the_table_prove_nothing() {
    let outside = stores(&[("A38D8NSA03LJTC", "Non-Amazon")]);
    let existing = Grant { stores: outside.clone(), ..first() };
    let authorization = Authorization { stores: outside, ..brought("two") };

    assert_eq!(applied(authorization, Some(&existing)).event, Event::AuthorizationConflict);
}

#[test]
fn a_conflict_leaves_the_grant_and_keeps_the_new_token_beside_it() {
    let existing = first();
    let stranger = Authorization { stores: stores(&[("A1PA6795UKMFR9", "Fremder")]), ..brought("two") };

    let change = applied(stranger, Some(&existing));

    assert_eq!(change.event, Event::AuthorizationConflict);
    assert_eq!((change.grant.version, change.grant.revision), (existing.version, existing.revision + 1));
    assert_eq!(change.grant.fingerprint, existing.fingerprint);
    assert_eq!(change.grant.renewal_due_at, existing.renewal_due_at);
    assert_eq!(change.grant.conflicts[0].fingerprint, Fingerprint::of("two"));
}

#[test]
fn conflicts_do_not_pile_up() {
    let mut grant = first();
    for round in 0..30 {
        let stranger = Authorization { stores: Vec::new(), ..brought(&format!("other {round}")) };
        grant = applied(stranger, Some(&grant)).grant;
    }

    assert_eq!(grant.conflicts.len(), MAX_CONFLICTS);
    assert_eq!(grant.conflicts.last().unwrap().fingerprint, Fingerprint::of("other 29"));
}

#[test]
fn a_new_conflict_pushes_out_the_oldest_of_those_that_say_less() {
    let authorization_with = |stores: &[(&str, &str)], account: Option<&str>, token: &str| Authorization {
        partner_type: None,
        stores: super::tests::stores(stores),
        account: account.map(|account| account.parse().unwrap()),
        ..brought(token)
    };
    let renamed = &[("A1PA6795UKMFR9", "Renamed")];
    let mut grant = applied(authorization_with(renamed, None, "a store"), Some(&first())).grant;
    grant.account = Some("tenant-1".parse().unwrap());
    grant = applied(authorization_with(&[], Some("tenant-2"), "an account"), Some(&grant)).grant;
    for round in 0..30 {
        grant = applied(authorization_with(&[], None, &format!("nothing {round}")), Some(&grant)).grant;
        grant = applied(authorization_with(&[], Some("tenant-2"), "an account"), Some(&grant)).grant;
    }
    let stored =
        |grant: &Grant, token| grant.conflicts.iter().any(|c| c.fingerprint == Fingerprint::of(token));
    assert_eq!(grant.conflicts.len(), MAX_CONFLICTS);
    for token in ["a store", "an account", "nothing 29", "nothing 12"] {
        assert!(stored(&grant, token), "{token}");
    }

    for round in 0..30 {
        grant = applied(
            authorization_with(&[], Some(&format!("tenant-2{round}")), &round.to_string()),
            Some(&grant),
        )
        .grant;
    }
    assert_eq!(grant.conflicts.len(), MAX_CONFLICTS);
    assert!(stored(&grant, "a store") && stored(&grant, "29") && !stored(&grant, "an account"));
}

#[test]
fn the_same_stranger_again_takes_its_own_place_among_the_conflicts() {
    let mut grant = first();
    for round in 0..10 {
        let stranger = Authorization {
            stores: stores(&[("A1PA6795UKMFR9", "Fremder")]),
            ..brought(&format!("{round}"))
        };
        grant = applied(stranger, Some(&grant)).grant;
    }

    assert_eq!(grant.conflicts.len(), 1);
    assert_eq!(grant.conflicts[0].fingerprint, Fingerprint::of("9"));
}

#[test]
fn stores_without_a_name_prove_nothing() {
    for name in ["", "  "] {
        let nameless = stores(&[("A1PA6795UKMFR9", name)]);
        let existing = Grant { stores: nameless.clone(), ..first() };
        let authorization = Authorization { stores: nameless, ..brought("two") };

        assert_eq!(applied(authorization, Some(&existing)).event, Event::AuthorizationConflict);
    }
}

#[test]
fn the_grants_account_proves_a_vendor_and_another_account_proves_nothing() {
    let vendor = |account: Option<&str>, token| Authorization {
        partner_type: Some(PartnerType::Vendor),
        stores: Vec::new(),
        account: account.map(|account| account.parse().unwrap()),
        ..brought(token)
    };
    let existing = applied(vendor(Some("tenant-1"), "one"), None).grant;

    assert_eq!(applied(vendor(Some("tenant-1"), "two"), Some(&existing)).event, Event::AuthorizationRenewed);
    assert_eq!(applied(vendor(None, "two"), Some(&existing)).event, Event::AuthorizationConflict);
    assert_eq!(applied(vendor(Some("tenant-2"), "two"), Some(&existing)).event, Event::AuthorizationConflict);

    let seller = Grant { account: Some("tenant-1".parse().unwrap()), ..first() };
    let other_tenant = Authorization { account: Some("tenant-2".parse().unwrap()), ..brought("two") };
    assert_eq!(applied(other_tenant, Some(&seller)).event, Event::AuthorizationConflict);
}

#[test]
fn what_was_never_verified_on_either_side_is_no_proof() {
    let unverified = Grant { stores: Vec::new(), ..first() };
    assert_eq!(applied(brought("two"), Some(&unverified)).event, Event::AuthorizationConflict);

    let silent = Authorization { stores: Vec::new(), ..brought("two") };
    assert_eq!(applied(silent, Some(&first())).event, Event::AuthorizationConflict);
}

#[test]
fn the_very_same_refresh_token_is_the_same_partner() {
    let again = Authorization { stores: Vec::new(), ..brought("one") };

    assert_eq!(applied(again, Some(&first())).event, Event::AuthorizationRenewed);
}

#[test]
fn after_a_removal_nothing_carries_over_but_the_version() {
    let removed =
        Grant { status: Status::Removed, version: 7, account: Some("tenant-1".parse().unwrap()), ..first() };
    let stranger = Authorization { stores: stores(&[("A1PA6795UKMFR9", "Fremder")]), ..brought("two") };

    let change = applied(stranger, Some(&removed));

    assert_eq!(change.event, Event::AuthorizationGranted);
    assert_eq!((change.grant.status, change.grant.version, change.grant.account), (Status::Active, 8, None));
}

const DE: (&str, &str) = ("A1PA6795UKMFR9", "Uhrmacher");
const FR: (&str, &str) = ("A13V1IB3VIYZZH", "Uhrmacher FR");
const IT: (&str, &str) = ("APJ6JRA9NG5V4", "Uhrmacher IT");

/// A token that the account `tenant-1` brought, which shows these stores.
fn of_the_account(token: &str, shown: &[(&str, &str)]) -> Authorization {
    let account = Some("tenant-1".parse().unwrap());
    Authorization { account, stores: stores(shown), ..brought(token) }
}

#[test]
fn the_grants_account_replaces_the_token_unless_no_store_is_the_same() {
    let existing = applied(of_the_account("one", &[DE, FR]), None).grant;
    for shown in [&[DE][..], &[FR, IT], &[(DE.0, "Renamed")], &[]] {
        let change = applied(of_the_account("two", shown), Some(&existing));
        assert_eq!(change.event, Event::AuthorizationRenewed, "{shown:?}");
    }

    let apart = applied(of_the_account("two", &[IT]), Some(&existing));

    assert_eq!(
        (apart.event, apart.reason.as_str()),
        (Event::AuthorizationConflict, OWN_ACCOUNT_OTHER_STORES)
    );
    assert_eq!(apart.grant.stores, existing.stores);
    assert!(apart.grant.waits_for_stores(), "the old token may have come to show the same stores");
    let same = applied(of_the_account("one", &[IT]), Some(&existing));
    assert_eq!(same.event, Event::AuthorizationRenewed, "it is the very same token");
}

#[test]
fn a_token_whose_stores_are_not_known_yet_keeps_the_one_before_until_they_are() {
    let existing = applied(of_the_account("one", &[DE]), None).grant;

    let unknown = applied(of_the_account("two", &[]), Some(&existing)).grant;
    let unknown_again = applied(of_the_account("three", &[]), Some(&unknown)).grant;
    let known = applied(of_the_account("four", &[DE]), Some(&unknown_again)).grant;

    for grant in [unknown, unknown_again] {
        assert_eq!(grant.superseded.as_ref().unwrap().fingerprint, Fingerprint::of("one"));
        assert_eq!((&grant.stores, grant.waits_for_stores()), (&existing.stores, true));
    }
    assert!(known.superseded.is_none() && !known.waits_for_stores());
    let vendor = Authorization { partner_type: Some(PartnerType::Vendor), ..of_the_account("two", &[]) };
    assert!(applied(vendor, Some(&existing)).grant.superseded.is_none(), "a vendor's are never known");
    assert!(existing.emptied().superseded.is_none());
}
