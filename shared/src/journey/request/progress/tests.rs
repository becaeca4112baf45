use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue::{self, Bool, N, S};
use jiff::SignedDuration;

use super::*;
use crate::journey::request::{FIRST_LEG_STORED_FOR, FirstLeg, Reuse};

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn word(text: &str) -> AttributeValue {
    S(text.to_owned())
}

fn at(time: Timestamp) -> AttributeValue {
    N(time.as_second().to_string())
}

fn hash(secret: &str) -> AttributeValue {
    word(Fingerprint::of(secret).as_str())
}

type Attributes<'a> = &'a [(&'a str, AttributeValue)];

/// The journey of a row with these attributes, as DynamoDB returns them.
fn read(attributes: &[Attributes<'_>]) -> Result<Progress, serde_dynamo::Error> {
    let request: Attributes<'_> = &[
        ("request_id", word("AAAAAAAAAAAAAAAAAAAAAA")),
        ("state_hash", hash("state")),
        ("browser_hash", hash("browser")),
        ("workflow", word("website")),
        ("application_id", word("amzn1.sp.solution.1")),
        ("draft", Bool(false)),
        ("return_url", word("https://app.example.com/")),
        ("redirect_uri", word("https://auth.example.com/callback")),
        ("created_at", at(noon())),
        ("expires_at", at(noon() + SignedDuration::from_mins(10))),
        ("delete_at", at(noon() + SignedDuration::from_hours(25))),
    ];
    let all = [request].into_iter().chain(attributes.iter().copied()).flatten();
    let row: HashMap<_, _> = all.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    serde_dynamo::from_item(row)
}

fn redeemed(stage: &str) -> Vec<(&'static str, AttributeValue)> {
    vec![
        ("stage", word(stage)),
        ("attempt", word("first")),
        ("attempts", N("1".to_owned())),
        ("partner", word("V1")),
        ("code_hash", hash("code")),
        ("exchanging_until", at(noon() + SignedDuration::from_secs(100))),
    ]
}

fn ended() -> Vec<(&'static str, AttributeValue)> {
    vec![("outcome", word("authorized")), ("result_until", at(noon() + SignedDuration::from_mins(5)))]
}

fn result(secret: &ResultSecret) -> Vec<(&'static str, AttributeValue)> {
    let brought = HashMap::from([
        ("region".to_owned(), word("eu")),
        ("fingerprint".to_owned(), hash("token")),
        ("at".to_owned(), at(noon())),
    ]);
    vec![("result_hash", word(secret.fingerprint().as_str())), ("brought", AttributeValue::M(brought))]
}

fn presented(partner: &str) -> Presented {
    Presented {
        state: Fingerprint::of("state"),
        browser: Fingerprint::of("browser"),
        partner: partner.parse().unwrap(),
        code: Fingerprint::of("code"),
    }
}

#[test]
fn an_issued_journey_is_open_until_it_is_closed_and_to_the_partner_that_it_is_assigned_to() {
    let stage: Attributes<'_> = &[("stage", word("issued"))];
    let assigned: Attributes<'_> = &[("passed_to", word("V1"))];
    let closed: Attributes<'_> = &[("closed", Bool(true))];
    let leg = |journey: &Progress, partner: &str| journey.first_leg(&partner.parse().unwrap(), noon());

    let journey = read(&[stage]).unwrap();
    assert_eq!([leg(&journey, "V1"), leg(&journey, "V2")], [Some(FirstLeg::Open); 2]);
    assert_eq!(journey.not_redeemed(&presented("V1"), noon()), NotRedeemed::Expired);

    let journey = read(&[stage, assigned]).unwrap();
    assert_eq!([leg(&journey, "V1"), leg(&journey, "V2")], [Some(FirstLeg::Open), None]);

    let journey = read(&[stage, assigned, closed]).unwrap();
    assert_eq!(leg(&journey, "V1"), None);
    assert_eq!(journey.not_redeemed(&presented("V1"), noon()), NotRedeemed::Interrupted);
}

#[test]
fn a_journey_that_carries_a_link_is_never_taken_for_none_until_it_has_brought_a_token() {
    let stage: Attributes<'_> = &[("stage", word("issued")), ("link_id", word("LLLLLLLLLLLLLLLLLLLLLL"))];
    let renewal: Attributes<'_> = &[("expected_partner", word("V1"))];
    let passed: Attributes<'_> = &[("passed_to", word("V1"))];
    let superseded: Attributes<'_> = &[("closed", Bool(true)), ("superseded", Bool(true))];
    let end = noon() + SignedDuration::from_mins(10);
    let forgotten = end + FIRST_LEG_STORED_FOR;
    let second = SignedDuration::from_secs(1);
    for (more, partner, at, expected) in [
        (&[][..], "V2", end - second, Some(FirstLeg::Open)),
        (&[], "V2", end, Some(FirstLeg::Expired)),
        (&[], "V2", forgotten - second, Some(FirstLeg::Expired)),
        (&[], "V2", forgotten, None),
        (renewal, "V1", noon(), Some(FirstLeg::Open)),
        (renewal, "V1", end, Some(FirstLeg::Expired)),
        (renewal, "V2", noon(), Some(FirstLeg::OtherPartner)),
        (renewal, "V2", end, Some(FirstLeg::OtherPartner)),
        (passed, "V2", noon(), Some(FirstLeg::OtherPartner)),
        (superseded, "V2", end, Some(FirstLeg::Superseded)),
        (&[("closed", Bool(true))], "V2", end, None),
    ] {
        let journey = read(&[stage, more]).unwrap();
        assert_eq!(journey.first_leg(&partner.parse().unwrap(), at), expected, "{more:?} {partner} {at}");
    }
    let without: Attributes<'_> = &[("stage", word("issued"))];
    assert_eq!(read(&[without]).unwrap().first_leg(&"V1".parse().unwrap(), end), None, "it carries nothing");
    let arrived: Attributes<'_> = &[("workflow", word("login_uri"))];
    assert_eq!(read(&[stage, arrived]).unwrap().first_leg(&"V1".parse().unwrap(), noon()), None);
}

#[test]
fn a_link_opens_again_once_its_journey_has_failed_and_never_beside_one_that_may_still_bring_a_token() {
    let issued: Attributes<'_> = &[("stage", word("issued"))];
    let passed: Attributes<'_> = &[("passed_to", word("V1")), ("passed_until", at(late()))];
    let released: Attributes<'_> = &[("released", Bool(true))];
    let closed: Attributes<'_> = &[("closed", Bool(true))];
    let (exchanging, finished) = (redeemed("exchanging"), redeemed("finished"));
    let refused = [("outcome", word("code_refused")), ("result_until", at(noon()))];
    let ended = ended();
    let end = noon() + SignedDuration::from_mins(10);
    for (row, now, own, other) in [
        (vec![issued], noon(), Reuse::Continue, Reuse::InUse),
        (vec![issued], end, Reuse::Again, Reuse::Again),
        (vec![issued, passed], noon(), Reuse::Again, Reuse::InUse),
        (vec![issued, passed], end, Reuse::Again, Reuse::InUse),
        (vec![issued, passed], late(), Reuse::Again, Reuse::Again),
        (vec![issued, passed, released], noon(), Reuse::Again, Reuse::Again),
        (vec![issued, passed, closed], late(), Reuse::InUse, Reuse::InUse),
        (vec![&exchanging[..]], late(), Reuse::InUse, Reuse::InUse),
        (vec![&finished[..], &refused], noon(), Reuse::Again, Reuse::Again),
        (vec![&finished[..]], noon(), Reuse::Again, Reuse::Again),
        (vec![&finished[..], &ended], late(), Reuse::InUse, Reuse::InUse),
    ] {
        let journey = read(&row).unwrap();
        let [browser, stranger] = ["browser", "other"].map(Fingerprint::of);
        assert_eq!(journey.reuse(Some(&browser), now), own, "{row:?} {now}");
        assert_eq!(journey.reuse(Some(&stranger), now), other, "{row:?} {now}, another browser");
        assert_eq!(journey.reuse(None, now), other, "{row:?} {now}, no browser");
    }
}

fn late() -> Timestamp {
    noon() + SignedDuration::from_hours(1)
}

#[test]
fn a_journey_in_exchange_has_its_partner_and_ends_after_its_time() {
    let journey = read(&[&redeemed("exchanging"), &[("closed", Bool(true))]]).unwrap();

    assert_eq!((journey.stage.attempt(), journey.outcome_of("first")), (Some("first"), None));
    assert_eq!(journey.not_redeemed(&presented("V1"), noon()), NotRedeemed::Exchanging);
    assert_eq!(journey.not_redeemed(&presented("V2"), noon()), NotRedeemed::OtherPartner);
    let late = noon() + SignedDuration::from_secs(100);
    assert_eq!(journey.not_redeemed(&presented("V1"), late), NotRedeemed::Interrupted);
}

#[test]
fn a_finished_journey_is_completed_with_its_result_for_five_minutes_and_once() {
    let (secret, other) = (ResultSecret::new("own".to_owned()), ResultSecret::new("other".to_owned()));
    let stage = redeemed("finished");
    let journey = read(&[&stage, &ended(), &result(&secret)]).unwrap();
    let end = noon() + SignedDuration::from_mins(5);

    let finished = journey.completed_with(&secret, noon()).unwrap();
    assert_eq!((finished.outcome, finished.partner.as_str()), (Outcome::Authorized, "V1"));
    assert_eq!(finished.brought.fingerprint, Fingerprint::of("token"));
    assert_eq!(journey.completed_with(&other, noon()).unwrap_err(), NotCompleted::Unknown);
    assert_eq!(journey.completed_with(&secret, end).unwrap_err(), NotCompleted::Expired);

    let used = read(&[&stage, &ended(), &result(&secret), &[("completed_at", at(noon()))]]).unwrap();
    assert_eq!(used.completed_with(&secret, end).unwrap_err(), NotCompleted::Used);

    let without = read(&[&stage, &ended()]).unwrap();
    assert_eq!(without.completed_with(&secret, noon()).unwrap_err(), NotCompleted::Unknown);

    let returns = |journey: &Progress, now| match journey.not_redeemed(&presented("V1"), now) {
        NotRedeemed::Finished { outcome: Outcome::Authorized, return_url, .. } => return_url.is_some(),
        other => panic!("{other:?}"),
    };
    assert!(returns(&journey, noon()) && returns(&without, noon()));
    assert!(!returns(&journey, end) && !returns(&used, noon()));
    assert_eq!(journey.outcome_of("first"), Some(Outcome::Authorized));
    assert_eq!(journey.outcome_of("second"), None);
}

#[test]
fn a_journey_that_was_broken_off_has_no_outcome() {
    let journey = read(&[&redeemed("finished")]).unwrap();

    assert_eq!(journey.outcome_of("first"), None);
    assert_eq!(journey.stage.partner().map(SellingPartnerId::as_str), Some("V1"));
    assert_eq!(journey.not_redeemed(&presented("V1"), noon()), NotRedeemed::Interrupted);
}

#[test]
fn a_sign_in_continues_only_in_its_browser_with_its_proof_and_once() {
    let arrival = HashMap::from([
        ("target".to_owned(), word("https://sellercentral.amazon.com/")),
        ("amazon_state".to_owned(), word("x")),
    ]);
    let from_amazon: Attributes<'_> = &[
        ("arrival", AttributeValue::M(arrival)),
        ("proof_hashes", AttributeValue::Ss(vec![Fingerprint::of("proof").as_str().to_owned()])),
    ];
    let [browser, proof, other] = ["browser", "proof", "other"].map(Fingerprint::of);
    let journey = read(&[from_amazon, &[("stage", word("signing_in"))]]).unwrap();
    let continued = read(&[from_amazon, &[("stage", word("issued"))]]).unwrap();
    let late = journey.request.expires_at;

    assert_eq!(journey.not_signing_in(noon()), None);
    assert_eq!(journey.not_signing_in(late), Some(NotSignedIn::Expired));
    assert_eq!(journey.not_continued(&browser, &proof, late), NotSignedIn::Expired);
    assert_eq!(journey.not_continued(&browser, &other, noon()), NotSignedIn::Unknown);
    assert_eq!(journey.not_continued(&other, &proof, noon()), NotSignedIn::OtherBrowser);
    assert_eq!(continued.not_signing_in(noon()), None, "until the browser has come back");
    let back = read(&[from_amazon, &redeemed("exchanging")]).unwrap();
    assert_eq!(back.not_continued(&browser, &proof, noon()), NotSignedIn::Used);
    let website = read(&[&[("stage", word("issued"))]]).unwrap();
    assert_eq!(website.not_signing_in(noon()), Some(NotSignedIn::Unknown));
}

#[test]
fn a_row_that_contradicts_its_stage_is_corrupt() {
    let secret = ResultSecret::new("own".to_owned());
    let finished = redeemed("finished");
    let without = |name: &str, attributes: Vec<(&'static str, AttributeValue)>| {
        attributes.into_iter().filter(|(other, _)| *other != name).collect::<Vec<_>>()
    };
    let corrupt: [&[Attributes<'_>]; 9] = [
        &[],
        &[&[("stage", word("abandoned"))]],
        &[&without("partner", redeemed("exchanging"))],
        &[&without("exchanging_until", redeemed("exchanging"))],
        &[&without("attempt", redeemed("finished")), &ended()],
        &[&finished, &without("outcome", ended())],
        &[&finished, &without("result_until", ended())],
        &[&finished, &ended(), &without("brought", result(&secret))],
        &[&finished, &[("outcome", word("unheard_of")), ("result_until", at(noon()))]],
    ];
    for row in corrupt {
        assert!(read(row).is_err(), "{row:?}");
    }
}
