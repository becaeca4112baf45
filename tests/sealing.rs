//! A sealed token opens for its own row and purpose alone, although one data key seals for many rows.

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde_json::json;
use shared::aws::sealing::OPENED_KEYS_LIVE;

use crate::support::{
    environments::{error_type, token},
    world::{Row, World},
};

const GRANTS: &str = "spapi-auth-grants";
const TOKENS: &str = "spapi-auth-access-tokens";

async fn put(world: &World, table: &str, row: Row) {
    let client = Client::new(&world.stack.sdk_config());
    client.put_item().table_name(table).set_item(Some(row)).send().await.unwrap();
}

/// The row of the partner's own access token.
async fn token_row(world: &World, partner: &str) -> Row {
    let key = format!("partner#{}#na#{partner}", world.application());
    world.row(TOKENS, ("token_key", &key)).await.unwrap()
}

/// The wrapped data key of a sealed token: after one byte of version, two bytes of its length.
fn data_key(sealed: &AttributeValue) -> Vec<u8> {
    let bytes = sealed.as_b().unwrap().as_ref();
    let length = usize::from(u16::from_be_bytes([bytes[1], bytes[2]]));
    bytes[3..3 + length].to_vec()
}

/// Two partners whose tokens are sealed under the same data keys.
async fn two_partners() -> World {
    let world = World::new().await;
    for partner in ["A1MINE", "A1THEIRS"] {
        world.browser().website("US", "seller", partner).await;
        world.caller().token_of(partner, "na").await.unwrap();
    }
    // A token that does not open is fetched again once it is a minute old.
    world.advance(120).await;
    world
}

#[tokio::test]
async fn a_sealed_access_token_does_not_open_in_another_row() {
    let world = two_partners().await;
    let (mine, theirs) = (token_row(&world, "A1MINE").await, token_row(&world, "A1THEIRS").await);
    assert_eq!(data_key(&mine["access_token"]), data_key(&theirs["access_token"]), "or this shows nothing");
    let (own, before) = (world.fresh().token_of("A1MINE").await, world.refreshes().await);

    let mut moved = mine;
    moved.insert("access_token".to_owned(), theirs["access_token"].clone());
    put(&world, TOKENS, moved).await;
    let now = world.fresh().token_of("A1MINE").await;

    // A token that does not open is treated as missing.
    assert_eq!(world.refreshes().await, before + 1);
    let another = world.fresh().token_of("A1THEIRS").await;
    assert_ne!(token(&now), token(&another), "another partner's token was handed out");
    assert_ne!(token(&now), token(&own));
}

#[tokio::test]
async fn a_sealed_refresh_token_does_not_open_in_another_row_nor_as_an_access_token() {
    let world = two_partners().await;
    let mine = world.grant("na", "A1MINE").await.unwrap();
    let theirs = world.grant("na", "A1THEIRS").await.unwrap();
    assert_eq!(data_key(&mine["refresh_token"]), data_key(&theirs["refresh_token"]), "or this shows nothing");
    let row = token_row(&world, "A1MINE").await;

    // Another purpose: the partner's own refresh token in the place of its access token.
    let before = world.refreshes().await;
    let mut disguised = row.clone();
    disguised.insert("access_token".to_owned(), mine["refresh_token"].clone());
    put(&world, TOKENS, disguised).await;
    // KMS refuses it already: the purpose is its encryption context too.
    let answer = world.fresh().token_of("A1MINE").await;
    assert_eq!(error_type(&answer), "Internal");
    assert_eq!(world.refreshes().await, before);

    // Once the access token has ended, the refresh token is opened.
    put(&world, TOKENS, row).await;
    world.advance(2 * 3600).await;
    let mut moved = mine.clone();
    moved.insert("refresh_token".to_owned(), theirs["refresh_token"].clone());
    put(&world, GRANTS, moved).await;
    let refused = world.fresh().token_of("A1MINE").await;
    assert_eq!(error_type(&refused), "Internal");
    assert_eq!(world.refreshes().await, before, "Amazon saw no token of another partner");

    put(&world, GRANTS, mine).await;
    world.fresh().token_of("A1MINE").await.unwrap();
    assert_eq!(world.refreshes().await, before + 1);
}

/// Takes the key that seals tokens away from everybody, or gives it back.
async fn use_of_the_key(world: &World, permitted: bool) {
    let kms = aws_sdk_kms::Client::new(&world.stack.sdk_config());
    let id = kms.describe_key().key_id("alias/spapi-auth").send().await.unwrap();
    let id = id.key_metadata().unwrap().key_id();
    if permitted {
        kms.enable_key().key_id(id).send().await.unwrap();
    } else {
        kms.disable_key().key_id(id).send().await.unwrap();
    }
}

/// The life of an opened data key in seconds.
fn life() -> u32 {
    OPENED_KEYS_LIVE.as_secs().try_into().unwrap()
}

#[tokio::test]
async fn a_key_that_is_taken_away_opens_nothing_once_the_life_of_opened_data_keys_has_ended() {
    let world = World::new().await;
    for partner in ["A1FIRST", "A1SOON", "A1LATE"] {
        world.browser().website("US", "seller", partner).await;
        world.caller().token_of(partner, "na").await.unwrap();
    }
    for partner in ["A1FIRST", "A1SOON", "A1LATE"] {
        assert_eq!(
            data_key(&token_row(&world, partner).await["access_token"]),
            data_key(&token_row(&world, "A1FIRST").await["access_token"]),
            "or this shows nothing"
        );
    }
    let environment = world.fresh();
    environment.token_of("A1FIRST").await.unwrap();

    use_of_the_key(&world, false).await;
    world.advance(life() - 60).await;
    environment.token_of("A1SOON").await.unwrap();
    world.advance(61).await;
    assert_eq!(error_type(&environment.token_of("A1LATE").await), "Internal");
    // A new environment has nothing that is opened.
    assert_eq!(error_type(&world.fresh().token_of("A1LATE").await), "Internal");
    // What it holds opened already, it hands out until that token ends.
    environment.token_of("A1FIRST").await.unwrap();

    use_of_the_key(&world, true).await;
    environment.token_of("A1LATE").await.unwrap();
    assert_eq!(world.refreshes().await, 0, "Amazon was not asked for any of it");
}

#[tokio::test]
async fn an_outage_of_kms_is_felt_once_the_life_of_opened_data_keys_has_ended_and_no_longer_than_it_lasts() {
    let world = two_partners().await;
    let environment = world.fresh();
    environment.token_of("A1MINE").await.unwrap();
    world.fault("kms", "http_error", json!({})).await;

    world.advance(life() - 60).await;
    environment.token_of("A1THEIRS").await.unwrap();
    world.advance(61).await;
    let both = [environment.token_of("A1MINE").await, environment.token_of("A1THEIRS").await];
    for answer in &both {
        answer.as_ref().expect("tokens in memory need no KMS");
    }
    assert_eq!(error_type(&world.fresh().token_of("A1MINE").await), "AmazonUnavailable");

    world.fault("kms", "none", json!({})).await;
    world.fresh().token_of("A1MINE").await.unwrap();
}
