//! The two tables of marketplaces were written apart from one another, so that one mistake is not in both.

use std::collections::BTreeSet;

use shared::amazon::marketplace::Marketplaces;

use crate::support::repository::source;

#[test]
fn the_tables_of_shared_and_of_the_simulated_amazon_agree_on_every_id_region_and_host() {
    let simulated = source("infra/simulated-amazon/src/marketplaces.txt");
    let columns = |line: &str| line.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
    let simulated: BTreeSet<String> =
        simulated.lines().filter(|line| !line.trim().is_empty()).map(columns).collect();
    let shared: BTreeSet<String> = Marketplaces::default()
        .iter()
        .map(|row| {
            let region = row.region.as_str();
            format!("{} {} {region} {} {}", row.country, row.id, row.seller_central, row.vendor_central)
        })
        .collect();
    assert_eq!(shared, simulated);
}
