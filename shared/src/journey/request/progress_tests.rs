use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue::{self, Bool, N, S};
use jiff::SignedDuration;

use super::*;

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
    let browser = Fingerprint::of("browser");
    let stage: Attributes<'_> = &[("stage", word("issued"))];
    let assigned: Attributes<'_> = &[("passed_to", word("V1"))];
    let closed: Attributes<'_> = &[("closed", Bool(true))];
    let open_to =
        |journey: &Progress, partner: &str| journey.is_open_to(&partner.parse().unwrap(), &browser, noon());

    let journey = read(&[stage]).unwrap();
    assert!(journey.is_untouched(&browser, noon()) && open_to(&journey, "V1") && open_to(&journey, "V2"));
    assert!(!journey.is_untouched(&Fingerprint::of("other"), noon()));
    assert!(!journey.is_untouched(&browser, journey.request.expires_at));
    assert_eq!(journey.not_redeemed(&presented("V1"), noon()), NotRedeemed::Expired);

    let journey = read(&[stage, assigned]).unwrap();
    assert!(!journey.is_untouched(&browser, noon()) && open_to(&journey, "V1") && !open_to(&journey, "V2"));

    let journey = read(&[stage, assigned, closed]).unwrap();
    assert!(!journey.is_untouched(&browser, noon()) && !open_to(&journey, "V1"));
    assert_eq!(journey.not_redeemed(&presented("V1"), noon()), NotRedeemed::Interrupted);
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
    let from_amazon: Attributes<'_> =
        &[("arrival", AttributeValue::M(arrival)), ("proof_hash", hash("proof"))];
    let [browser, proof, other] = ["browser", "proof", "other"].map(Fingerprint::of);
    let journey = read(&[from_amazon, &[("stage", word("signing_in"))]]).unwrap();
    let continued = read(&[from_amazon, &[("stage", word("issued")), ("continued", word("first"))]]).unwrap();
    let late = journey.request.expires_at;

    assert_eq!(journey.not_signing_in(noon()), None);
    assert_eq!(journey.not_signing_in(late), Some(NotSignedIn::Expired));
    assert_eq!(journey.not_continued(&browser, &proof, late), NotSignedIn::Expired);
    assert_eq!(journey.not_continued(&browser, &other, noon()), NotSignedIn::Unknown);
    assert_eq!(journey.not_continued(&other, &proof, noon()), NotSignedIn::OtherBrowser);
    assert_eq!(continued.not_continued(&browser, &proof, noon()), NotSignedIn::Used);
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
