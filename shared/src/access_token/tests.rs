use super::*;

const GRANT_VERSION: u64 = 3;

fn version(number: u64, epoch: &str) -> VersionId {
    VersionId { number, epoch: Some(epoch.to_owned()) }
}

/// The version of a row of an earlier release.
fn bare(number: u64) -> VersionId {
    VersionId { number, epoch: None }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn sealed() -> Sealed {
    serde_json::from_value(serde_json::json!([1, 2, 3])).unwrap()
}

/// A token issued at 0 that expires at 3600.
fn token() -> StoredToken {
    StoredToken::new(sealed(), Fingerprint::of("token"), version(GRANT_VERSION, "now"), at(0), at(3600))
}

fn ask(min_valid: i64) -> Ask {
    Ask {
        min_valid: SignedDuration::from_secs(min_valid),
        rejected: None,
        not_before: None,
        minted_after: None,
        marketplace_id: None,
        account: None,
        by_account: None,
    }
}

fn with_token() -> TokenRow {
    TokenRow { token: Some(token()), ..TokenRow::default() }
}

fn verdict(row: &TokenRow, ask: &Ask, now: i64) -> &'static str {
    match decide_on_row(row, &version(GRANT_VERSION, "now"), ask, at(now)) {
        Vend::Stored(_) => "stored",
        Vend::Fetch => "fetch",
        Vend::Wait(_) => "wait",
        Vend::RecentFailure(_) => "recent failure",
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_is_handed_out_exactly_as_long_as_it_has_the_life_that_was_asked_for() {
    for (min_valid, now, expected) in [
        (60, 0, "stored"),
        (60, 3540, "stored"),
        (60, 3541, "fetch"),
        (3300, 300, "stored"),
        (3300, 301, "fetch"),
        (3600, 59, "stored"),
        (3600, 60, "fetch"),
        (0, 3599, "stored"),
        (0, 3600, "fetch"),
    ] {
        assert_eq!(verdict(&with_token(), &ask(min_valid), now), expected, "{min_valid} at {now}");
    }
}

#[test]
fn a_valid_token_with_less_life_than_was_asked_for_is_replaced_but_at_most_once_a_minute() {
    for (life, now, expected) in [
        (10, 0, "stored"),
        (10, 9, "stored"),
        (10, 10, "fetch"),
        (59, 58, "stored"),
        (61, 59, "stored"),
        (61, 60, "fetch"),
        (200, 59, "stored"),
        (200, 60, "fetch"),
        (400, 60, "stored"),
    ] {
        let token = StoredToken { expires_at: at(life), ..token() };
        let row = TokenRow { token: Some(token), ..TokenRow::default() };

        assert_eq!(verdict(&row, &ask(300), now), expected, "{life} at {now}");
    }
}

#[test]
fn a_token_of_another_version_of_the_grant_is_worth_nothing() {
    for other in [version(2, "now"), version(4, "now"), version(GRANT_VERSION, "undone"), bare(GRANT_VERSION)]
    {
        let token = StoredToken { grant_version: other.clone(), ..token() };
        let row = TokenRow { token: Some(token), ..TokenRow::default() };

        assert_eq!(verdict(&row, &ask(60), 0), "fetch", "{other:?}");
    }
}

#[test]
fn a_row_of_an_earlier_release_is_used_while_its_grant_is_of_that_release_too() {
    let token = StoredToken { grant_version: bare(GRANT_VERSION), ..token() };
    let row = TokenRow { token: Some(token), ..TokenRow::default() };
    let stored =
        |version: &VersionId| matches!(decide_on_row(&row, version, &ask(60), at(0)), Vend::Stored(_));

    assert!(stored(&bare(GRANT_VERSION)));
    assert!(!stored(&bare(GRANT_VERSION + 1)));
    assert!(!stored(&version(GRANT_VERSION, "now")));
}

#[test]
fn a_rejected_token_is_replaced_but_at_most_once_a_minute() {
    let rejected = Ask { rejected: Some(Fingerprint::of("token")), ..ask(60) };
    assert_eq!(verdict(&with_token(), &rejected, 59), "stored");
    assert_eq!(verdict(&with_token(), &rejected, 60), "fetch");

    let another = Ask { rejected: Some(Fingerprint::of("another")), ..ask(60) };
    assert_eq!(verdict(&with_token(), &another, 60), "stored");
}

#[test]
fn a_token_from_before_the_moment_that_was_asked_for_is_replaced_but_at_most_once_a_minute() {
    let after = |seconds: i64| Ask { minted_after: Some(at(seconds)), ..ask(60) };

    assert_eq!(verdict(&with_token(), &after(0), 3000), "stored", "it was issued at that moment");
    assert_eq!(verdict(&with_token(), &after(1), 59), "stored");
    assert_eq!(verdict(&with_token(), &after(1), 60), "fetch");
}

#[test]
fn a_moment_that_is_not_after_the_authorization_excludes_no_token_of_it() {
    let grant: Grant = serde_json::from_value(serde_json::json!({
        "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": GRANT_VERSION,
        "revision": 1, "status": "active", "kind": "oauth", "draft": false, "authorized_at": at(2).as_second(),
        "renewal_due_at": 0, "fingerprint": "x",
    }))
    .unwrap();
    let after = |moment: Timestamp| Ask { minted_after: Some(moment), ..ask(60) };

    // The clock of the environment that fetched the token was two seconds behind.
    for (moment, expected) in [
        (at(1), "stored"),
        (at(2), "stored"),
        (at(2) + SignedDuration::from_millis(999), "stored"),
        (at(3), "fetch"),
    ] {
        assert_eq!(verdict(&with_token(), &after(moment).of(Some(&grant)), 100), expected, "{moment}");
    }
    assert_eq!(verdict(&with_token(), &after(at(2)).of(None), 100), "fetch", "a scope has no authorization");
}

#[test]
fn a_caller_that_finds_the_lease_taken_waits_until_it_ends() {
    let row = TokenRow { lease_until: Some(at(8)), ..TokenRow::default() };

    assert_eq!(verdict(&row, &ask(60), 7), "wait");
    assert_eq!(verdict(&row, &ask(60), 8), "fetch");
    let both = TokenRow { lease_until: Some(at(8)), ..with_token() };
    assert_eq!(
        verdict(&both, &ask(60), 7),
        "stored",
        "a good token is handed out while another environment fetches a better one"
    );
}

#[test]
fn the_last_note_is_the_answer_until_its_time_and_for_its_version_alone() {
    let failed = Failed {
        failure: Failure::GrantRefused,
        grant_version: version(GRANT_VERSION, "now"),
        not_before: at(3600),
    };
    let row = TokenRow { failed: Some(failed.clone()), ..TokenRow::default() };

    assert_eq!(verdict(&row, &ask(60), 3599), "recent failure");
    assert_eq!(verdict(&row, &ask(60), 3600), "fetch", "an hour later it is tried again");
    for other in [version(2, "now"), version(GRANT_VERSION, "undone"), bare(GRANT_VERSION)] {
        let failed = Failed { grant_version: other, ..failed.clone() };
        let before = TokenRow { failed: Some(failed), ..TokenRow::default() };
        assert_eq!(verdict(&before, &ask(60), 0), "fetch", "and immediately after another authorization");
    }
    let stored = TokenRow { failed: Some(failed), ..with_token() };
    assert_eq!(
        verdict(&stored, &ask(60), 0),
        "stored",
        "a token that is still valid is handed out nevertheless"
    );
}
