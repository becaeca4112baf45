use serde_json::json;
use shared::grant::Status;

use super::*;

fn grant(status: &str, revision: u64, token: &str) -> Grant {
    serde_json::from_value(json!({
        "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": revision,
        "revision": revision, "status": status, "kind": "oauth", "draft": false, "authorized_at": 0,
        "renewal_due_at": 0, "fingerprint": token, "account": null,
    }))
    .unwrap()
}

/// Records as event and fingerprint, numbered from `first`.
fn records(first: usize, all: &[(&str, &str)]) -> Vec<Record> {
    let record = |(index, (event, fingerprint)): (usize, &(&str, &str))| {
        serde_json::from_value(json!({
            "subject": "x", "revision": first + index, "id": "x", "event": event, "at": "2026-01-01T00:00:00Z",
            "actor": "operator", "by": "", "reason": "", "application_id": "", "region": "na",
            "selling_partner_id": "A1", "account": "", "fingerprint": fingerprint, "manage_your_apps_url": "",
            "authorize_url": "",
        }))
        .unwrap()
    };
    all.iter().enumerate().map(record).collect()
}

/// What becomes of a grant: its status, revision and token, or nothing.
fn put_back(
    copy: &Grant,
    current: Current<'_>,
    records: &[Record],
    replace: bool,
) -> Option<(Status, u64, String)> {
    match fate(copy, current, records, replace) {
        Fate::Stays => None,
        Fate::Left(because) => panic!("{because}"),
        Fate::PutBack(grant) => Some((grant.status, grant.revision, grant.fingerprint.as_str().to_owned())),
    }
}

#[test]
fn a_missing_grant_is_put_back_as_its_history_has_it() {
    let copy = grant("active", 1, "t1");
    for (since, status) in [
        (vec![], Status::Active),
        (vec![("AuthorizationDisabled", "t1")], Status::Disabled),
        (vec![("AuthorizationRemoved", "t1")], Status::Removed),
        (vec![("AuthorizationDisabled", "t1"), ("AuthorizationEnabled", "t1")], Status::Active),
    ] {
        let put = put_back(&copy, Current::Missing, &records(2, &since), false);
        assert_eq!(put, Some((status, 1, "t1".to_owned())), "{since:?}");
    }
}

#[test]
fn a_missing_grant_that_was_enabled_since_is_put_back_enabled() {
    let copy = grant("disabled", 2, "t1");
    for (since, status) in [
        (vec![("AuthorizationEnabled", "t1")], Status::Active),
        (vec![("AuthorizationEnabled", "t1"), ("AuthorizationDisabled", "t1")], Status::Disabled),
        (vec![("AuthorizationEnabled", "t1"), ("AuthorizationRemoved", "t1")], Status::Removed),
        (vec![("AuthorizationEnabled", "t1"), ("ReauthorizationRequired", "t1")], Status::Disabled),
        (vec![("AuthorizationEnabled", "t2")], Status::Disabled),
    ] {
        let put = put_back(&copy, Current::Missing, &records(3, &since), false);
        assert_eq!(put.map(|(status, ..)| status), Some(status), "{since:?}");
    }
}

#[test]
fn a_row_that_its_history_confirms_stays_and_an_older_or_forgetful_one_does_not() {
    let (copy, renewed) = (grant("active", 3, "t1"), [("AuthorizationRenewed", "t2")]);
    let current = grant("active", 4, "t2");
    assert_eq!(put_back(&copy, Current::Grant(&current), &records(4, &renewed), false), None);
    // Not even if everything is to be replaced: the copy's token is older.
    assert_eq!(put_back(&copy, Current::Grant(&current), &records(4, &renewed), true), None);

    let older = grant("active", 2, "t0");
    let put = put_back(&copy, Current::Grant(&older), &records(3, &[("RegionConfirmed", "t1")]), false);
    assert_eq!(put, Some((Status::Active, 3, "t1".to_owned())));

    let forgetful = grant("active", 4, "t1");
    let put =
        put_back(&copy, Current::Grant(&forgetful), &records(4, &[("AuthorizationDisabled", "t1")]), false);
    assert_eq!(put, Some((Status::Disabled, 4, "t1".to_owned())));
}

#[test]
fn a_row_that_nothing_explains_is_replaced_if_that_is_asked_for() {
    let (copy, changed) = (grant("active", 3, "t1"), grant("active", 3, "forged"));
    let unasked = fate(&copy, Current::Grant(&changed), &records(3, &[("RegionConfirmed", "t1")]), false);
    assert!(matches!(unasked, Fate::Left(_)), "{unasked:?}");
    let put = put_back(&copy, Current::Grant(&changed), &records(3, &[("RegionConfirmed", "t1")]), true);
    assert_eq!(put, Some((Status::Active, 3, "t1".to_owned())));

    assert!(matches!(fate(&copy, Current::Unreadable, &[], false), Fate::Left(_)));
    assert!(matches!(fate(&copy, Current::Unreadable, &[], true), Fate::PutBack(_)));
}

#[test]
fn a_field_that_differs_without_a_reason_is_named_and_one_with_a_reason_is_not() {
    let copy = grant("active", 3, "t1");
    let changed = |field: &str, revision: u64| -> Grant {
        let mut row = serde_json::to_value(grant("active", revision, "t1")).unwrap();
        row[field] = json!(if field == "status" { "disabled" } else { "evil" });
        serde_json::from_value(row).unwrap()
    };
    for (field, since, named) in [
        ("account", &[][..], true),
        ("account", &[("TokensInvalidated", "t1")], true),
        ("account", &[("AuthorizationDisabled", "t1"), ("AuthorizationEnabled", "t1")], true),
        ("status", &[("AccountLinked", "t1")], true),
        ("status", &[("ReauthorizationRequired", "t1")], false),
        ("fingerprint", &[("StoresChanged", "t1")], true),
        ("fingerprint", &[("RefreshTokenReplaced", "evil")], false),
        ("central_host", &[("StoresChanged", "t1")], false),
        ("central_host", &[], true),
    ] {
        let row = changed(field, 3 + since.len() as u64);
        let history = records(3, &[&[("GrantRepaired", "t1")], since].concat());
        match fate(&copy, Current::Grant(&row), &history, false) {
            Fate::Left(because) => {
                assert!(named && because.contains(&format!("history: {field};")), "{field}: {because}");
                assert!(because.contains("--replace") && !because.contains("evil"), "{because}");
            }
            Fate::Stays => assert!(!named, "{field} {since:?}"),
            Fate::PutBack(grant) => panic!("{field} {since:?}: {grant:?}"),
        }
        let replaced = matches!(fate(&copy, Current::Grant(&row), &history, true), Fate::PutBack(_));
        assert_eq!(replaced, named, "{field} {since:?}: what is named is what is replaced");
    }
}

#[test]
fn every_row_of_the_applications_table_has_its_kind() {
    for (key, kind) in [
        ("directory", Kind::Names),
        ("consumers", Kind::Names),
        ("amzn1.sp.solution.1", Kind::Application("amzn1.sp.solution.1")),
        ("brake#amzn1.sp.solution.1", Kind::Application("amzn1.sp.solution.1")),
        ("rotation#amzn1.sp.solution.1", Kind::Rotation("amzn1.sp.solution.1")),
        ("consumer#orders", Kind::Consumer("consumer#orders")),
    ] {
        assert_eq!(Kind::of(key), kind);
    }
}
