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
            Comparison { steps, authorize_again, history_behind: false, stays_disabled: false },
            "{status} {history:?}"
        );
    }
}

#[test]
fn a_history_that_is_older_than_the_row_says_nothing_of_it() {
    let disabled = ("AuthorizationDisabled", "", "t1");
    let compared = compared(&grant("active", 3, None, "t1"), &records(&[GRANTED, disabled]));

    assert_eq!(
        compared,
        Comparison { steps: vec![], authorize_again: false, history_behind: true, stays_disabled: false }
    );
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

/// The row is disabled, of revision 2, and has the token t1.
#[test]
fn a_grant_is_enabled_again_only_if_nothing_speaks_against_it() {
    let (disabled, enabled) = (("AuthorizationDisabled", "", "t1"), ("AuthorizationEnabled", "", "t1"));
    let (repaired, linked) = (("GrantRepaired", "", "t1"), ("AccountLinked", "a", "t1"));
    let (enable, stays) = (vec![Step::Enable], true);
    for (since, steps, stays_disabled) in [
        (vec![enabled], enable.clone(), false),
        (vec![enabled, repaired], enable.clone(), false),
        (vec![enabled, linked], vec![link("a"), Step::Enable], false),
        (vec![enabled, disabled, enabled], enable, false),
        (vec![enabled, disabled], vec![], false),
        (vec![enabled, ("AuthorizationRemoved", "", "t1")], vec![Step::Remove], false),
        (vec![enabled, ("ReauthorizationRequired", "", "t1")], vec![], stays),
        // Amazon was asked about another token.
        (vec![("RefreshTokenReplaced", "", "t2"), ("AuthorizationEnabled", "", "t2")], vec![], stays),
    ] {
        let history: Vec<_> = [GRANTED, disabled].into_iter().chain(since).collect();
        let found = compared(&grant("disabled", 2, None, "t1"), &records(&history));
        assert_eq!((found.steps, found.stays_disabled), (steps, stays_disabled), "{history:?}");
    }

    let history = [GRANTED, disabled, enabled, repaired, repaired];
    // A row that was written after it was enabled is disabled for another reason.
    let later = compared(&grant("disabled", 3, None, "t1"), &records(&history));
    assert_eq!((later.steps, later.stays_disabled), (vec![], true));
    let mut gap = records(&history);
    gap.remove(3);
    let found = compared(&grant("disabled", 2, None, "t1"), &gap);
    assert_eq!((found.steps, found.stays_disabled), (vec![], true), "the lost record may have disabled it");
}

#[test]
fn only_the_row_that_was_compared_is_enabled() {
    let is_enabled = |status: &str, revision| {
        matches!(Step::Enable.decide(&grant(status, revision, None, "t1"), 2), Ok(Decision::Changes(_)))
    };
    assert!(is_enabled("disabled", 2));
    assert!(!is_enabled("disabled", 3), "another change came meanwhile");
    assert!(!is_enabled("reauthorizationRequired", 2) && !is_enabled("removed", 2));
}
