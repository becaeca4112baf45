//! Counts the AWS and LWA calls of a fixed mix of requests.
//!
//! The mix: ten requests per second for two hours of the stack's clock, for 100 partners whose tokens are not stored at the
//! start. Of every ten requests, nine are for the first 20 partners in turn, and one is for the other 80 in turn. The
//! environments are used in turn.

use crate::{Fault, instance::Instance, partners::Partners};

/// The number of partners in the mix.
pub(crate) const PARTNERS: usize = 100;

const BUSY: usize = 20;
const SECONDS: usize = 2 * 3600;
const A_SECOND: usize = 10;

/// The calls that the mix caused.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) environments: usize,
    pub(crate) requests: usize,
    pub(crate) lwa: u64,
    pub(crate) dynamodb: u64,
    pub(crate) kms: u64,
    pub(crate) secrets_manager: u64,
}

/// Runs the mix through this number of environments.
pub(crate) async fn run(partners: &Partners, environments: usize) -> Result<Cost, Fault> {
    for partner in 0..PARTNERS {
        partners.forget(partner).await?;
    }
    let instances: Vec<_> = (0..environments).map(|_| Instance::new(partners)).collect::<Result<_, _>>()?;
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
            // By the number alone, each partner would use the same environment every time.
            let instance = &instances[(number + second) % environments];
            instance.token(&partners.request(partner), partners.now()).await?;
        }
        partners.stack.clock().advance(1);
    }
    Ok(Cost {
        environments,
        requests: SECONDS * A_SECOND,
        lwa: partners.lwa_calls().await? - lwa_before,
        dynamodb: partners.aws_calls("DynamoDB"),
        kms: partners.aws_calls("TrentService"),
        secrets_manager: partners.aws_calls("secretsmanager"),
    })
}
