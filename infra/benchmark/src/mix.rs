//! What a thousand requests of a stated mix cost.
//!
//! The mix: ten requests a second for two hours of the stack's clock, for 100 partners whose tokens are kept nowhere
//! at first; of every ten, nine are for the first 20 partners in turn, and one for the other 80 in turn. The requests
//! go to the environments in turn.

use crate::{
    Fault,
    counts::{ask, new_environment},
    partners::Partners,
};

/// How many partners the mix is about.
pub(crate) const PARTNERS: usize = 100;

const BUSY: usize = 20;
const SECONDS: usize = 2 * 3600;
const A_SECOND: usize = 10;

/// The calls that the mix came to.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) environments: usize,
    pub(crate) requests: usize,
    pub(crate) lwa: u64,
    pub(crate) dynamodb: u64,
    pub(crate) kms: u64,
    pub(crate) secrets_manager: u64,
}

/// Runs the mix through this many environments.
pub(crate) async fn run(partners: &Partners, environments: usize) -> Result<Cost, Fault> {
    for partner in 0..PARTNERS {
        partners.forget(partner).await?;
    }
    let environments: Vec<_> =
        (0..environments).map(|_| new_environment(partners)).collect::<Result<_, _>>()?;
    let lwa_before = partners.lwa_calls().await?;
    partners.stack.aws().reset_calls();
    for second in 0..SECONDS {
        for place in 0..A_SECOND {
            let number = second * A_SECOND + place;
            let partner = if place + 1 < A_SECOND {
                (second * (A_SECOND - 1) + place) % BUSY
            } else {
                BUSY + second % (PARTNERS - BUSY)
            };
            // Not simply in turn by the number, or each partner would meet the same environment every time.
            let environment = &environments[(number + second) % environments.len()];
            ask(environment, partners, &partners.request(partner)).await?;
        }
        partners.stack.clock().advance(1);
    }
    Ok(Cost {
        environments: environments.len(),
        requests: SECONDS * A_SECOND,
        lwa: partners.lwa_calls().await? - lwa_before,
        dynamodb: partners.aws_calls("DynamoDB"),
        kms: partners.aws_calls("TrentService"),
        secrets_manager: partners.aws_calls("secretsmanager"),
    })
}
