//! The page of the last 24 hours: what the functions measured, in the hour in which it was.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::html::assert_well_formed;
use crate::support::{browser::Shown, world::World};

const PATH: &str = "/console/last-day";

/// The cells of an hour: handed out, of these stored, of these fetched, calls of the refresher, calls, average, longest.
fn hour(shown: &Shown, at: Timestamp) -> Vec<String> {
    let row = format!("<th scope=\"row\">{}</th>", at.strftime("%F %H:00"));
    let (_, rest) = shown.body.split_once(&row).unwrap_or_else(|| panic!("{row}: {}", shown.body));
    let cells = rest.split_once("</tr>").unwrap().0.split("<td>").skip(1);
    cells.map(|cell| cell.trim_end_matches("</td>").to_owned()).collect()
}

#[tokio::test]
async fn a_token_that_is_handed_out_is_in_the_hour_in_which_it_was() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    // To the beginning of an hour, so that the test ends in the hour in which it began.
    let seconds = world.stack.clock().now().as_second();
    world.advance(u32::try_from(3600 - seconds.rem_euclid(3600)).unwrap()).await;
    let first = world.stack.clock().now();
    world.fault("token", "latency", json!({"milliseconds": 200, "times": 1})).await;
    let caller = world.caller();
    for _ in 0..3 {
        caller.token_of("A1US", "na").await.unwrap();
    }
    // What is counted and not yet written stays in its hour.
    world.advance(3600).await;
    caller.token_of("A1US", "na").await.unwrap();
    let second = world.stack.clock().now();

    let shown = world.look(PATH).await;
    assert_well_formed(&shown.body, PATH);
    let cells = hour(&shown, first);
    assert_eq!(cells[..3], ["3", "2", "1"], "{cells:?}");
    let (average, longest): (u64, u64) = (cells[5].parse().unwrap(), cells[6].parse().unwrap());
    assert!((1..=longest).contains(&average) && longest >= 200, "{cells:?}");
    assert_eq!(hour(&shown, second)[0], "1");
    assert_eq!(hour(&shown, first - SignedDuration::from_hours(22))[0], "0");
    assert_eq!(shown.body.matches("<svg class=\"picture\" role=\"img\" ").count(), 3);
    assert!(shown.body.contains("4 tokens: "), "{}", shown.body);
    let bar = format!("<title>{}: 2 stored, 1 fetched for the request</title>", first.strftime("%F %H:00"));
    assert!(shown.body.contains(&bar), "{}", shown.body);

    // A day later the hour is no longer among the last 24.
    world.advance(23 * 3600).await;
    let shown = world.look(PATH).await;
    assert!(!shown.body.contains(&first.strftime("%F %H:00").to_string()), "{}", shown.body);
}
