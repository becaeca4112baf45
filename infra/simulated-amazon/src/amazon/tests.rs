use std::{env, fs, path::PathBuf};

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    amazon::SimulatedAmazon,
    clock::Clock,
    faults::Faults,
    random::letters_and_digits,
    state_file::OpenError,
    testing::{PUBLISHED, US, World, consent},
};

/// A directory that is deleted after the test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        Self(env::temp_dir().join(format!("simulated-amazon-{}", letters_and_digits(16))))
    }

    fn state_file(&self) -> PathBuf {
        self.0.join("deep").join("amazon.json")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[tokio::test]
async fn everything_lasts_across_restarts() {
    let directory = Directory::new();
    let before = World::with_state_file(Some(directory.state_file()));
    let login =
        before.get(&consent(US, &[("application_id", PUBLISHED), ("state", "s"), ("_as", "A2")])).await;
    let (access_token, refresh_token) = before.authorize("A1").await;
    let code = before.code_of("A1").await;
    let secret_ends_at = before.amazon.client_secret_ends_at(&crate::testing::client_id(PUBLISHED));
    drop(before);

    let after = World::with_state_file(Some(directory.state_file()));

    assert_eq!(after.refresh(&refresh_token).await.status, StatusCode::OK);
    assert_eq!(after.participations(&access_token, "na").await.status, StatusCode::OK);
    assert_eq!(after.exchange(&code).await.status, StatusCode::OK);
    let amazon_state = login.parameter("amazon_state");
    assert!(after.amazon.backend().ledger().journeys.contains_key(&amazon_state));
    assert_eq!(after.amazon.client_secret_ends_at(&crate::testing::client_id(PUBLISHED)), secret_ends_at);
    let reply =
        after.get(&consent(US, &[("application_id", PUBLISHED), ("state", "s"), ("_as", "A3")])).await;
    assert!(reply.location().contains("spapi_oauth_code"), "form 4a was set before");
}

#[test]
fn a_file_that_is_not_a_state_file_is_not_overwritten() {
    let directory = Directory::new();
    fs::create_dir_all(directory.state_file().parent().unwrap()).unwrap();
    fs::write(directory.state_file(), "hello").unwrap();

    let opened =
        SimulatedAmazon::open(9001, Some(directory.state_file()), Clock::default(), Faults::default());

    assert!(matches!(opened.err(), Some(OpenError::Malformed { .. })));
    assert_eq!(fs::read_to_string(directory.state_file()).unwrap(), "hello");
}

#[tokio::test]
async fn ended_journeys_codes_and_access_tokens_are_deleted() {
    let world = World::new();
    world.get(&consent(US, &[("application_id", PUBLISHED), ("state", "s"), ("_as", "A2")])).await;
    world.authorize("A1").await;
    world.clock.advance(2 * 3600);

    world.control("old-tokens", json!({ "onReauthorization": "keep" })).await;

    let backend = world.amazon.backend();
    let ledger = backend.ledger();
    assert_eq!((ledger.journeys.len(), ledger.codes.len(), ledger.access_tokens.len()), (0, 0, 0));
    assert_eq!((ledger.refresh_tokens.len(), ledger.grants.len()), (1, 1));
}
