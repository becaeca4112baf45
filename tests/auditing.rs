//! Who took what: each hand-out of an access token can be found in the log, and no token can.

use serde_json::{Value, json};
use shared::secret::Fingerprint;
use tracing::Instrument;

use crate::support::{
    environments::{Environment, Outcome, token},
    log::Log,
    world::World,
};

/// The lines about hand-outs to a consumer, oldest first.
fn lines_of(log: &Log, consumer: &str) -> Vec<Value> {
    let lines = log.lines_with(&format!("\"consumer\":\"{consumer}\""));
    lines.into_iter().filter(|line| line["target"] == "audit").collect()
}

/// Asks within the span of an invocation, as on Lambda.
async fn ask(environment: &Environment, request: &Value) -> Outcome {
    let span = shared::lambda::log::invocation_span("id-of-the-audited", None);
    environment.token(request).instrument(span).await
}

async fn consumer(world: &World, name: &str) -> Environment {
    let put = json!({
        "operation": "putConsumer", "consumer": name, "applicationIds": [world.application()], "regions": ["na"],
        "partners": "all", "scopes": ["sellingpartnerapi::notifications"],
    });
    world.caller().invoke("administration", &put).await.unwrap();
    world.fresh().by(name)
}

#[tokio::test]
async fn a_hand_out_is_in_the_log_with_its_consumer_and_grant_and_without_the_token() {
    let log = Log::captured();
    let world = World::new().await;
    world.cold_seller("A1AUDITED").await;
    let environment = consumer(&world, "audited-one").await;
    let of_partner = json!({"sellingPartnerId": "A1AUDITED", "region": "na"});
    let mut secrets = Vec::new();

    for _ in 0..3 {
        secrets.push(token(&ask(&environment, &of_partner).await));
    }
    let [line] = lines_of(&log, "audited-one").try_into().expect("one line for three hand-outs");
    assert_eq!(line["requestId"], "id-of-the-audited");
    let fields = &line["fields"];
    assert_eq!(fields["subject"], format!("{}#na#A1AUDITED", world.application()));
    assert_eq!(
        (&fields["kind"], &fields["from"], &fields["count"]),
        (&json!("own"), &json!("fetched"), &json!(1))
    );
    assert_eq!(fields["fingerprint"], Fingerprint::of(&secrets[0]).as_str()[..16]);
    assert_eq!(fields.as_object().unwrap().len(), 5, "nothing twice: {fields}");

    // A minute later, the number of all since.
    world.advance(61).await;
    secrets.push(token(&ask(&environment, &of_partner).await));
    let lines = lines_of(&log, "audited-one");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&lines[1]["fields"]["count"], &lines[1]["fields"]["from"]), (&json!(3), &json!("kept")));

    // Another environment of the same consumer, another kind, and another consumer begin with lines of their own.
    secrets.push(token(&ask(&consumer(&world, "audited-one").await, &of_partner).await));
    let scope = json!({"scope": "sellingpartnerapi::notifications"});
    secrets.push(token(&ask(&environment, &scope).await));
    ask(&environment.by("audited-other"), &of_partner).await.unwrap_err();
    secrets.push(token(&ask(&environment, &of_partner).await));
    ask(&consumer(&world, "audited-two").await, &of_partner).await.unwrap();
    let lines = lines_of(&log, "audited-one");
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert_eq!(lines[3]["fields"]["kind"], "scope");
    assert_eq!(
        lines[3]["fields"]["subject"],
        format!("{}#sellingpartnerapi::notifications", world.application())
    );
    assert_eq!(lines_of(&log, "audited-two").len(), 1);
    assert!(lines_of(&log, "audited-other").is_empty(), "what is refused is no hand-out");

    let written = String::from_utf8(log.bytes()).unwrap();
    assert!(secrets.iter().all(|secret| secret.len() > 20 && !written.contains(secret.as_str())));
}

#[tokio::test]
async fn with_every_each_hand_out_has_its_line() {
    let log = Log::captured();
    let world = World::with_variables(&[("AUDIT", "every")]).await;
    world.browser().website("US", "seller", "A1EVERY").await;
    for _ in 0..3 {
        world.caller().token_of("A1EVERY", "na").await.unwrap();
    }
    let lines = log.lines_with("#na#A1EVERY");
    let audited: Vec<_> = lines.iter().filter(|line| line["target"] == "audit").collect();
    assert_eq!(audited.len(), 3, "{audited:?}");
    assert!(audited.iter().all(|line| line.get("consumer").is_none() && line["fields"]["count"] == 1));
}

#[tokio::test]
async fn each_code_that_amazon_refuses_is_counted_by_application() {
    let world = World::new().await;
    let counted = || world.counted("CodesRefused", ("Application", world.application()));
    world.browser().website("US", "seller", "A1US").await;
    assert_eq!(counted(), 0);
    let refusal =
        json!({"error": "invalid_grant", "error_description": "The request has an invalid grant parameter"});
    world.fault("token", "body", json!({"status": 400, "body": refusal.to_string()})).await;
    for refused in 1..=3 {
        let page = world.browser().website("US", "seller", "A1REFUSED").await;
        assert_eq!(page.support_code(), Some("CODE_REFUSED"));
        assert_eq!(counted(), refused);
    }
}
