//! `GET /authorize`, each of its parameters.

use super::{Midway, Target};

#[tokio::test]
async fn a_bad_start_gets_a_page_and_loses_nothing() {
    let midway = Midway::new().await;
    let application = midway.world.application();
    let start = Target::parse("/authorize", &format!("marketplace=US&type=seller&application={application}"));

    for name in ["marketplace", "type"] {
        for path in start.malformed_or_missing(name) {
            midway.refused(&path, "BAD_LINK").await;
        }
    }
    for path in start.malformed_variants("application") {
        midway.refused(&path, "BAD_LINK").await;
    }
    for (name, value) in [
        ("marketplace", "XX"),
        ("marketplace", "US,DE"),
        ("marketplace", "%20US"),
        ("marketplace", "sellercentral.amazon.com"),
        ("marketplace", "..%2f..%2fUS"),
        ("marketplace", "%3Cscript%3E"),
        ("type", "buyer"),
        ("type", "seller,vendor"),
        ("type", "seller%20"),
        ("application", "amzn1.application-oa2-client.1111"),
        ("application", "amzn1.sp.solution."),
        ("application", "amzn1.sp.solution.a%2f..%2fb"),
        ("application", "*"),
    ] {
        midway.refused(&start.with(name, value), "BAD_LINK").await;
    }
    for unregistered in [
        "amzn1.sp.solution.00000000-2222-4333-8444-555555555555",
        "amzn1.sellerapps.app.11111111-2222-4333-8444-555555555555",
        "amzn1.sp.solution.11111111",
    ] {
        midway.refused(&start.with("application", unregistered), "UNKNOWN_APPLICATION").await;
    }

    midway.loses_nothing().await;
}
