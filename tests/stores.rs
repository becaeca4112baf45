//! The same id comes back with other stores: reported, compared, and accepted where the old token shows them too.

mod accepted;
mod account;

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::{
    browser::Shown,
    world::{Row, World, attribute},
};

const US: &str = "ATVPDKIKX0DER";
const CA: &str = "A2EUQ1WTGCTBG2";
const MX: &str = "A1AM78C64UM0Y8";

/// A system in which sellers come by links, with or without the refresher.
async fn with_links(attended: bool) -> World {
    let world = if attended { World::attended().await } else { World::new().await };
    world.website_form("4a").await;
    world
}

/// From now on, Amazon lists stores of this name for a seller, in these marketplaces.
async fn lists(world: &World, partner: &str, name: &str, marketplaces: &[&str]) {
    let stores: HashMap<_, _> = marketplaces.iter().map(|id| (*id, name)).collect();
    let partner =
        json!({"sellingPartnerId": partner, "region": "na", "kind": "seller", "storeNames": stores});
    world.control("partners", partner).await;
}

/// The seller authorizes with a link of this account, in a new browser.
async fn authorizes(world: &World, account: &str, partner: &str) -> Shown {
    world.browser().authorize_with(&world.link(account).await, partner).await
}

/// The seller authorizes at Amazon's website, without an account.
async fn authorizes_alone(world: &World, partner: &str) -> Shown {
    world.browser().website("US", "seller", partner).await
}

async fn grant(world: &World) -> Row {
    world.grant("na", "A1US").await.unwrap()
}

async fn shown(world: &World) -> Value {
    world.ask("getGrant", json!({"sellingPartnerId": "A1US"})).await.unwrap()["grant"].clone()
}

/// The marketplaces that the latest record names as lost and gained.
async fn latest_change(world: &World) -> [String; 2] {
    let record = world.history("na", "A1US").await.pop().unwrap();
    assert_eq!(attribute(&record, "event"), "StoresChanged");
    ["lost", "gained"].map(|name| attribute(&record, name).to_owned())
}
