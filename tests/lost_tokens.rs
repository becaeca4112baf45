//! A refresh token that Amazon issues in place of a grant's, while a service of AWS does not answer: it is stored as long as the
//! function may run, and a loss is reported with its true reason before the function's time ends.

use std::time::Duration;

use futures::future::join;
use serde_json::{Value, json};
use shared::deadline::{Clock, Deadline};
use tokio::time::Instant;

use crate::support::{
    environments::{Environment, Outcome, error_type, token},
    log::Log,
    operator::events,
    world::{World, attribute},
};

/// The time limit of `get-access-token` in these tests.
const TIME_LIMIT: Duration = Duration::from_secs(8);

/// The services that store a refresh token, with the call that stores it or reads what is needed for that.
const HANGING: [(&str, &str); 2] = [("kms", "KMS GenerateDataKey"), ("dynamodb", "DynamoDB GetItem")];

/// A stack in which Amazon answers the next refresh after a moment, with another refresh token.
async fn before_the_answer(partner: &str) -> World {
    let world = World::new().await;
    world.cold_seller(partner).await;
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    world.fault("token", "latency", json!({"milliseconds": 1500, "times": 1})).await;
    world
}

async fn hangs_once_amazon_is_asked(world: &World, endpoint: &str) {
    world.until_refreshes(1).await;
    world.fault(endpoint, "hang", json!({})).await;
}

/// Asks for a token, while `endpoint` hangs as soon as Amazon is asked, for this long.
async fn asked(
    world: &World,
    environment: &Environment,
    (partner, endpoint, hanging): (&str, &str, Duration),
) -> Outcome {
    let request = json!({"sellingPartnerId": partner, "region": "na"});
    let hangs = async {
        hangs_once_amazon_is_asked(world, endpoint).await;
        tokio::time::sleep(hanging).await;
        world.control("reset", json!({})).await;
    };
    join(environment.token_within(&request, TIME_LIMIT), hangs).await.0
}

/// The one line that reports the loss of a refresh token of this partner.
fn reported(log: &Log, partner: &str) -> Value {
    let of_partner = |line: &Value| line.to_string().contains(partner);
    let lines: Vec<_> = log.lines_with("was not stored and is lost").into_iter().filter(of_partner).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].clone()
}

fn assert_reported(log: &Log, partner: &str, call: &str) {
    let line = reported(log, partner);
    let fields = &line["fields"];
    assert_eq!(line["level"], "ERROR", "{line}");
    assert!(fields["grant.key"].as_str().unwrap().ends_with(&format!("#na#{partner}")), "{line}");
    for field in ["cause", "message"] {
        assert!(fields[field].as_str().unwrap().contains(&format!("{call} failed: TimeOut")), "{line}");
    }
}

#[tokio::test]
async fn a_replaced_refresh_token_that_is_lost_to_a_hanging_service_is_reported_before_the_time_ends() {
    let log = Log::captured();
    for (endpoint, call) in HANGING {
        let partner = format!("A1LOST{}", endpoint.to_uppercase());
        let world = before_the_answer(&partner).await;
        let environment = world.fresh();
        let began = Instant::now();

        let outcome = asked(&world, &environment, (&partner, endpoint, TIME_LIMIT)).await;

        assert!(began.elapsed() < TIME_LIMIT + Duration::from_secs(2), "{:?}", began.elapsed());
        assert_eq!(error_type(&outcome), "AmazonUnavailable", "{endpoint}");
        let message = outcome.unwrap_err().error_message;
        for part in ["replaced the refresh token", "is lost", call, "hint: if Amazon refuses the old one"] {
            assert!(message.contains(part), "{endpoint}: {part}: {message}");
        }
        assert_reported(&log, &partner, call);

        // The old token is dead. A later request gets the reason, in the same environment or after the next run.
        world.advance(60).await;
        for outcome in [environment.token_of(&partner).await, world.fresh().token_of(&partner).await] {
            assert_eq!(error_type(&outcome), "ReauthorizationRequired");
            let message = outcome.unwrap_err().error_message;
            assert!(message.contains("the new one was lost at") && message.contains(call), "{message}");
        }
    }
}

#[tokio::test]
async fn a_replaced_refresh_token_is_stored_if_the_service_that_hangs_answers_in_time_again() {
    for (endpoint, _) in HANGING {
        let world = before_the_answer("A1US").await;

        let hanging = ("A1US", endpoint, Duration::from_secs(2));
        token(&asked(&world, &world.fresh(), hanging).await);

        assert_eq!(
            events(&world, "A1US").await,
            ["AuthorizationGranted", "RefreshTokenReplaced"],
            "{endpoint}"
        );
    }
}

#[tokio::test]
async fn a_refresh_token_that_comes_when_the_caller_waits_no_longer_is_stored() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    world.fault("dynamodb", "hang", json!({})).await;
    world.fault("token", "latency", json!({"milliseconds": 4500, "times": 1})).await;
    let environment = world.fresh();
    // The caller waits for 20 s. The first call to DynamoDB that is answered begins after about 16 s.
    let answering = async {
        tokio::time::sleep(Duration::from_secs(14)).await;
        world.fault("dynamodb", "none", json!({})).await;
    };
    let request = json!({"sellingPartnerId": "A1US", "region": "na"});
    let asking = environment.token_within(&request, Duration::from_mins(1));

    let (_, ()) = join(asking, answering).await;

    assert_eq!(world.refreshes().await, 1);
    assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted", "RefreshTokenReplaced"]);
}

#[tokio::test]
async fn the_refresher_reports_a_replaced_refresh_token_that_is_lost_to_a_hanging_service() {
    let log = Log::captured();
    for (endpoint, call) in HANGING {
        let partner = format!("A2LOST{}", endpoint.to_uppercase());
        let world = before_the_answer(&partner).await;
        let (refresher, run) = (world.refresher(), world.run_planned_now());
        let (began, deadline) = (Instant::now(), Deadline::after(Duration::from_secs(18)));
        let running = refresher.handle(&run, Clock::starting_at(world.stack.clock().now(), deadline));

        let running = deadline.limiting(Box::pin(running));
        let (_, ()) = join(running, hangs_once_amazon_is_asked(&world, endpoint)).await;

        assert!(began.elapsed() < Duration::from_secs(21), "{endpoint}: {:?}", began.elapsed());
        assert_reported(&log, &partner, call);
        world.control("reset", json!({})).await;
        if endpoint == "kms" {
            assert!(attribute(&world.token_row(&partner).await, "lost_cause").contains(call));
        }
    }
}
