use serde_json::json;

use super::*;

fn grant(status: &str, revision: u64, account: Option<&str>, token: &str) -> Grant {
    serde_json::from_value(json!({
        "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": 1,
        "revision": revision, "status": status, "kind": "oauth", "draft": false, "authorized_at": 0,
        "renewal_due_at": 0, "fingerprint": token, "account": account,
    }))
    .unwrap()
}

/// Records as event, account and fingerprint, numbered from 1.
fn records(all: &[(&str, &str, &str)]) -> Vec<Record> {
    let record = |(index, (event, account, fingerprint)): (usize, &(&str, &str, &str))| {
        serde_json::from_value(json!({
            "subject": "amzn1.sp.solution.1#na#A1", "revision": index + 1, "id": "x", "event": event,
            "at": "2026-01-01T00:00:00Z", "actor": "operator", "by": "", "reason": "", "application_id": "",
            "region": "na", "selling_partner_id": "A1", "account": account, "fingerprint": fingerprint,
            "manage_your_apps_url": "", "authorize_url": "",
        }))
        .unwrap()
    };
    all.iter().enumerate().map(record).collect()
}

const GRANTED: (&str, &str, &str) = ("AuthorizationGranted", "", "t1");

fn link(account: &str) -> Step {
    Step::Link(account.parse().ok())
}

/// Status and account of the row, its history, what is done again, and whether the partner must authorize again.
type Case<'c> = (&'c str, Option<&'c str>, Vec<(&'c str, &'c str, &'c str)>, Vec<Step>, bool);

#[test]
fn what_took_rights_away_is_done_again_and_nothing_else() {
    let removed = ("AuthorizationRemoved", "a", "t1");
    let disabled = ("AuthorizationDisabled", "", "t1");
    let enabled = ("AuthorizationEnabled", "", "t1");
    let (linked, relinked, cleared) =
        (("AccountLinked", "a", "t1"), ("AccountLinked", "b", "t1"), ("AccountLinked", "", "t1"));
    let renewed = ("AuthorizationRenewed", "", "t2");
    let repaired = ("GrantRepaired", "stale", "t1");
    let cases: [Case<'_>; 14] = [
        ("active", None, vec![GRANTED], vec![], false),
        ("active", None, vec![GRANTED, disabled], vec![Step::Disable], false),
        ("active", None, vec![GRANTED, disabled, enabled], vec![], false),
        ("active", None, vec![GRANTED, disabled, repaired], vec![Step::Disable], false),
        ("reauthorizationRequired", None, vec![GRANTED, disabled], vec![Step::Disable], false),
        ("disabled", None, vec![GRANTED, disabled], vec![], false),
        ("active", Some("a"), vec![GRANTED, linked, removed], vec![Step::Remove], false),
        ("active", None, vec![GRANTED, linked, relinked], vec![link("b")], false),
        ("active", Some("a"), vec![GRANTED, linked, cleared], vec![Step::Link(None)], false),
        ("active", Some("stale"), vec![GRANTED, linked, repaired], vec![link("a")], false),
        ("active", None, vec![GRANTED, renewed], vec![], true),
        (
            "active",
            None,
            vec![GRANTED, removed, ("AuthorizationGranted", "", "t2")],
            vec![Step::Remove],
            true,
        ),
        ("removed", None, vec![GRANTED, removed, ("AuthorizationGranted", "", "t2")], vec![], true),
        ("removed", None, vec![GRANTED, removed], vec![], false),
    ];
    for (status, account, history, steps, authorize_again) in cases {
        let compared = compared(&grant(status, 1, account, "t1"), &records(&history));
        assert_eq!(
            compared,
            Comparison { steps, authorize_again, history_behind: false },
            "{status} {history:?}"
        );
    }
}

#[test]
fn a_history_that_is_older_than_the_row_says_nothing_of_it() {
    let disabled = ("AuthorizationDisabled", "", "t1");
    let compared = compared(&grant("active", 3, None, "t1"), &records(&[GRANTED, disabled]));

    assert_eq!(compared, Comparison { steps: vec![], authorize_again: false, history_behind: true });
}

#[test]
fn a_conflict_that_was_rejected_is_rejected_again() {
    let mut grant = grant("active", 1, None, "t1");
    grant.conflicts = serde_json::from_value(json!([
        {"at": 0, "fingerprint": "c1", "refresh_token": [1]}, {"at": 0, "fingerprint": "c2", "refresh_token": [1]},
    ]))
    .unwrap();
    let compared = compared(&grant, &records(&[GRANTED, ("ConflictRejected", "", "c1")]));

    let [Step::Reject(rejected)] = compared.steps.as_slice() else { panic!("{compared:?}") };
    assert_eq!(rejected.as_str(), "c1");
}
