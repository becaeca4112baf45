//! `erase`: deletes everything that is stored about one partner or one account, in every application and region.

use std::io::{self, IsTerminal};

use serde_json::{Value, json};

use crate::{
    arguments::grants::Erase,
    commands::changes::confirmed,
    failure::Failure,
    place::Place,
    request::Request,
    session::{GrantKey, Session},
    views::{self, Grant},
};

const REGIONS: [&str; 3] = ["na", "eu", "fe"];

pub(super) async fn run(erase: Erase, session: &mut Session) -> Result<(), Failure> {
    let who = match (&erase.partner, &erase.account) {
        (Some(partner), _) => format!("partner {partner}"),
        (None, account) => format!("account {}", account.as_deref().unwrap_or_default()),
    };
    let can_confirm = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !erase.yes && !can_confirm {
        return Err(Failure::usage(
            format!("the erasure of {who} is not confirmed, and there is no terminal"),
            "add `--yes` to delete tokens, accounts and histories permanently",
        ));
    }
    let question = format!("Permanently delete everything about {who}, histories included? Type yes: ");
    if !erase.yes && !confirmed(&question, &Place::of(&session.functions).await?)? {
        return Err(Failure::usage(
            format!("{who} was not erased: the answer was not `yes`"),
            "run the command again and type `yes`, or add `--yes`",
        ));
    }
    let mut keys = Vec::new();
    for application in session.applications().await? {
        match (&erase.partner, &erase.account) {
            (Some(partner), _) => keys.extend(REGIONS.map(|region| GrantKey {
                application: application.clone(),
                region: region.to_owned(),
                partner: partner.clone(),
            })),
            (None, Some(account)) => keys.extend(of_account(&application, account, session).await?),
            (None, None) => {}
        }
    }
    let (mut grants, mut records) = (0_u64, 0_u64);
    for key in keys {
        let request = session.change("eraseGrant", &key).maybe("reason", erase.reason.clone());
        let answer = session.administer(request).await?;
        grants += u64::from(views::field::<bool>(&answer, "erased")?);
        records += views::field::<u64>(&answer, "records")?;
    }
    let consumers = naming(&erase, session).await?;
    if session.output.is_json() {
        return session
            .output
            .document(&json!({"grants": grants, "records": records, "consumers": consumers}));
    }
    session
        .output
        .line(&format!("Erased {grants} grants of {who}, with {records} records of their histories."))?;
    for consumer in consumers {
        session.output.line(&format!(
            "The policy of the consumer {consumer} names it still: change that with `spapi-auth consumers update {consumer}`."
        ))?;
    }
    session.output.line(
        "Logs have its ids until their retention ends, links and journeys until they end. A later restore does not bring it back.",
    )
}

/// Returns the grants of an account. One that was moved to another account before carries that one now.
async fn of_account(application: &str, account: &str, session: &Session) -> Result<Vec<GrantKey>, Failure> {
    let request = Request::new("listGrants").with("applicationId", application).with("account", account);
    let (mut keys, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let answer = session.ask(request.clone().maybe("cursor", cursor.clone())).await?;
        let grants: Vec<Grant> = views::field(&answer, "grants")?;
        keys.extend(grants.into_iter().map(|grant| GrantKey {
            application: grant.application_id,
            region: grant.region,
            partner: grant.selling_partner_id,
        }));
        let next: Option<String> = views::field(&answer, "cursor")?;
        if next.is_none() {
            return Ok(keys);
        }
        if next == cursor {
            return Err(Failure::NotUnderstood("it repeats its `cursor`".to_owned()));
        }
        cursor = next;
    }
}

/// Returns the names of the consumers whose policies name the partner or the account.
async fn naming(erase: &Erase, session: &Session) -> Result<Vec<String>, Failure> {
    let answer = session.administer(Request::new("listConsumers")).await?;
    let consumers: Vec<Value> = views::field(&answer, "consumers")?;
    let names = |list: &Value, one: &Option<String>| {
        list.as_array().is_some_and(|list| list.iter().any(|listed| listed.as_str() == one.as_deref()))
    };
    let naming = consumers.into_iter().filter(|consumer| {
        names(&consumer["partners"], &erase.partner) || names(&consumer["accounts"], &erase.account)
    });
    Ok(naming.filter_map(|consumer| consumer["consumer"].as_str().map(ToOwned::to_owned)).collect())
}
