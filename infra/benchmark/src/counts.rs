//! Counts the LWA calls that requests cause, as the simulated Amazon counts them. An environment here is an instance of the
//! function in this process.

use std::sync::Arc;

use local::seed::{FIRST_APPLICATION, NewApplication};
use serde_json::json;
use shared::{error::Error, region::Region};
use tokio::task::JoinSet;

use crate::{Fault, instance::Instance, mix, partners::Partners};

/// A count and its target.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) of: &'static str,
    pub(crate) lwa_calls: u64,
    pub(crate) target: u64,
}

/// Two scopes that Amazon serves (F§4.3).
const SCOPES: [&str; 2] = ["sellingpartnerapi::notifications", "sellingpartnerapi::shipments:track"];

/// The number of partners that must exist: those of the mix, and one whose authorization is revoked.
pub(crate) const PARTNERS: usize = mix::PARTNERS + 1;

/// Makes every count that has a target.
pub(crate) async fn count(partners: &Partners) -> Result<Vec<Count>, Fault> {
    Ok(vec![
        Count {
            of: "50 environments ask for one cold token at the same time",
            lwa_calls: at_once(partners, 0, 50).await?,
            target: 1,
        },
        Count {
            of: "500 environments ask for one cold token at the same time",
            lwa_calls: at_once(partners, 1, 500).await?,
            target: 1,
        },
        Count { of: "25 cold partners × 4 rounds", lwa_calls: rounds(partners).await?, target: 25 },
        Count { of: "2 cold scopes × 10 rounds", lwa_calls: scopes(partners).await?, target: 2 },
        Count { of: "20 requests for a revoked partner", lwa_calls: revoked(partners).await?, target: 1 },
    ])
}

async fn at_once(partners: &Partners, partner: usize, environments: usize) -> Result<u64, Fault> {
    partners.forget(partner).await?;
    let request = Arc::new(partners.request(partner));
    let (before, now) = (partners.lwa_calls().await?, partners.now());
    let instances: Vec<_> = (0..environments).map(|_| Instance::new(partners)).collect::<Result<_, _>>()?;
    let mut asking = JoinSet::new();
    for instance in instances {
        let request = Arc::clone(&request);
        asking.spawn(async move { instance.token(&request, now).await });
    }
    let mut tokens = Vec::new();
    while let Some(answer) = asking.join_next().await {
        tokens.push(answer??);
    }
    tokens.dedup();
    if tokens.len() != 1 || tokens[0].is_empty() {
        return Err("environments that asked at the same time got different tokens".into());
    }
    Ok(partners.lwa_calls().await? - before)
}

/// Each round uses a new environment, so only the table can hold the tokens.
async fn rounds(partners: &Partners) -> Result<u64, Fault> {
    for partner in 2..27 {
        partners.forget(partner).await?;
    }
    let before = partners.lwa_calls().await?;
    for _ in 0..4 {
        let instance = Instance::new(partners)?;
        for partner in 2..27 {
            instance.token(&partners.request(partner), partners.now()).await?;
        }
    }
    Ok(partners.lwa_calls().await? - before)
}

async fn scopes(partners: &Partners) -> Result<u64, Fault> {
    let application = NewApplication {
        application_id: FIRST_APPLICATION.replace("1111", "9999"),
        name: "Two Scopes".to_owned(),
        draft: false,
        default_region: Region::Na,
        scopes: SCOPES.map(ToOwned::to_owned).into(),
    };
    let application = partners.stack.register(application).await?;
    let before = partners.lwa_calls().await?;
    for _ in 0..10 {
        let instance = Instance::new(partners)?;
        for scope in SCOPES {
            let request = json!({"applicationId": application, "scope": scope});
            instance.token(&request, partners.now()).await?;
        }
    }
    Ok(partners.lwa_calls().await? - before)
}

async fn revoked(partners: &Partners) -> Result<u64, Fault> {
    const PARTNER: usize = mix::PARTNERS;
    partners.forget(PARTNER).await?;
    partners.revoke(PARTNER).await?;
    let before = partners.lwa_calls().await?;
    for _ in 0..20 {
        let answer = Instance::new(partners)?.token(&partners.request(PARTNER), partners.now()).await;
        if !matches!(answer, Err(Error::ReauthorizationRequired)) {
            return Err(format!(
                "the answer for a revoked partner is not ReauthorizationRequired: {:?}",
                answer.err()
            )
            .into());
        }
    }
    Ok(partners.lwa_calls().await? - before)
}
