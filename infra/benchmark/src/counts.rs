//! What requests cost at Amazon, counted by the simulated Amazon itself. Environments here are separate instances of
//! the function in this process, each with clients and a memory of its own.

use std::{sync::Arc, time::Duration};

use get_access_token::GetAccessToken;
use local::{
    environment::environment,
    seed::{FIRST_APPLICATION, NewApplication},
};
use serde_json::{Value, json};
use shared::{aws::Aws, deadline::Deadline, env::Env, error::Error, region::Region};
use tokio::task::JoinSet;

use crate::{Fault, mix, partners::Partners};

/// How long a caller waits at most.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A count, and what it should be.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) of: &'static str,
    pub(crate) lwa_calls: u64,
    pub(crate) target: u64,
}

/// Two scopes that Amazon serves (F§4.3).
const SCOPES: [&str; 2] = ["sellingpartnerapi::notifications", "sellingpartnerapi::shipments:track"];

/// How many partners there must be: those of the mix, and one whose authorization ends.
pub(crate) const PARTNERS: usize = mix::PARTNERS + 1;

/// Counts everything that has a target.
pub(crate) async fn count(partners: &Partners) -> Result<Vec<Count>, Fault> {
    Ok(vec![
        Count {
            of: "50 environments ask for one cold token at once",
            lwa_calls: at_once(partners, 0, 50).await?,
            target: 1,
        },
        Count {
            of: "500 environments ask for one cold token at once",
            lwa_calls: at_once(partners, 1, 500).await?,
            target: 1,
        },
        Count { of: "25 cold partners × 4 rounds", lwa_calls: rounds(partners).await?, target: 25 },
        Count { of: "2 cold scopes × 10 rounds", lwa_calls: scopes(partners).await?, target: 2 },
        Count {
            of: "a revoked partner is asked for 20 times",
            lwa_calls: revoked(partners).await?,
            target: 1,
        },
    ])
}

/// One more environment, as Lambda starts many.
pub(crate) fn new_environment(partners: &Partners) -> Result<GetAccessToken, Fault> {
    let env = Env::from_pairs(environment(partners.stack.ports()));
    Ok(GetAccessToken::from_env(&env, &Aws::new(partners.stack.sdk_config()))?)
}

/// Asks an environment, and gives the token.
pub(crate) async fn ask(
    environment: &GetAccessToken,
    partners: &Partners,
    request: &Value,
) -> Result<String, Error> {
    let now = partners.stack.clock().now();
    let answer = Box::pin(environment.handle(request, now, Deadline::after(TIMEOUT))).await?;
    let answer = serde_json::to_value(answer).unwrap_or_default();
    Ok(answer["accessToken"].as_str().unwrap_or_default().to_owned())
}

async fn at_once(partners: &Partners, partner: usize, environments: usize) -> Result<u64, Fault> {
    partners.forget(partner).await?;
    let request = Arc::new(partners.request(partner));
    let (before, now) = (partners.lwa_calls().await?, partners.stack.clock().now());
    let environments: Vec<_> =
        (0..environments).map(|_| new_environment(partners)).collect::<Result<_, _>>()?;
    let mut asking = JoinSet::new();
    for environment in environments {
        let request = Arc::clone(&request);
        asking.spawn(async move {
            let answer = Box::pin(environment.handle(&request, now, Deadline::after(TIMEOUT))).await;
            answer.map(|answer| serde_json::to_value(answer).unwrap_or_default()["accessToken"].take())
        });
    }
    let mut tokens = Vec::new();
    while let Some(answer) = asking.join_next().await {
        tokens.push(answer??);
    }
    tokens.dedup();
    if tokens.len() != 1 || !tokens[0].is_string() {
        return Err("environments that asked at once got different tokens".into());
    }
    Ok(partners.lwa_calls().await? - before)
}

/// Every round is asked by an environment of its own, so that only the table can keep the tokens.
async fn rounds(partners: &Partners) -> Result<u64, Fault> {
    for partner in 2..27 {
        partners.forget(partner).await?;
    }
    let before = partners.lwa_calls().await?;
    for _ in 0..4 {
        let environment = new_environment(partners)?;
        for partner in 2..27 {
            ask(&environment, partners, &partners.request(partner)).await?;
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
        let environment = new_environment(partners)?;
        for scope in SCOPES {
            ask(&environment, partners, &json!({"applicationId": application, "scope": scope})).await?;
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
        let answer = ask(&new_environment(partners)?, partners, &partners.request(PARTNER)).await;
        if !matches!(answer, Err(Error::ReauthorizationRequired)) {
            return Err(format!("a revoked partner was answered {:?}", answer.err()).into());
        }
    }
    Ok(partners.lwa_calls().await? - before)
}
