//! What a request costs at Amazon and at AWS: no more than the design needs.

use std::collections::BTreeMap;

use crate::support::world::World;

fn aws_calls(world: &World) -> BTreeMap<String, u64> {
    let short = |name: String| name.rsplit('.').next().unwrap().to_owned();
    world.stack.aws().calls().into_iter().map(|(name, count)| (short(name), count)).collect()
}

#[tokio::test]
async fn a_callback_costs_one_exchange_one_verification_three_reads_and_four_writes() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1WARMUP").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    let before = world.calls().await;
    world.stack.aws().reset_calls();

    assert!(browser.open(&callback).await.is_connected());

    let cost = aws_calls(&world);
    // The row of the grant, and those of the partner in the two other regions, which may have the same token.
    // Two of the updates take a unit of the budget of refused codes, and give it back.
    let expected = [("GetItem", 3), ("TransactWriteItems", 1), ("UpdateItem", 3)];
    assert_eq!(cost, expected.map(|(name, count)| (name.to_owned(), count)).into());
    let after = world.calls().await;
    let spent = |path: &str| {
        after.pointer(path).unwrap().as_u64().unwrap() - before.pointer(path).unwrap().as_u64().unwrap()
    };
    assert_eq!(spent("/token/authorization_code"), 1);
    assert_eq!(spent("/participations"), 1);
}

#[tokio::test]
async fn a_cached_token_costs_one_read_a_minute_and_no_call_to_amazon() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    world.caller().token_of("A1US", "na").await.unwrap();
    // The clock goes on while the test runs, so ten seconds of the minute are left to a slow machine.
    for (seconds, reads) in [(0, 0), (50, 0), (11, 1), (0, 0)] {
        world.advance(seconds).await;
        world.stack.aws().reset_calls();

        world.caller().token_of("A1US", "na").await.unwrap();

        let mut cost = aws_calls(&world);
        assert_eq!(cost.remove("Invoke"), Some(1));
        // The row confirms the token that memory holds, so KMS has nothing to open.
        assert_eq!(cost.remove("BatchGetItem").unwrap_or(0), reads, "{seconds} s later");
        assert!(cost.is_empty(), "{cost:?}");
    }
    assert_eq!(world.refreshes().await, 0);
}
