//! `show`: one grant with its stores and conflicts.

use serde_json::Value;

use crate::{
    arguments::grants::GrantSelector,
    failure::Failure,
    output::Output,
    session::Session,
    table::Table,
    views::{self, Conflict, Grant, Store, second},
};

pub(super) async fn run(grant: &GrantSelector, session: &mut Session) -> Result<(), Failure> {
    let grant = session.grant(grant).await?;
    one(&grant, &mut session.output)
}

/// Prints the whole grant.
pub(super) fn one(grant: &Value, output: &mut Output) -> Result<(), Failure> {
    let parsed: Grant = views::parse(grant, "grant")?;
    if output.is_json() {
        return output.document(grant);
    }
    let grant = parsed;
    let stores: Vec<_> = grant.stores.iter().map(Store::described).collect();
    let status = grant.status_and_notes();
    let due = match (&grant.renewal_due_at, grant.kind.as_str()) {
        (None, "self") => "never: self-authorized".to_owned(),
        (due, _) => due.as_deref().map(second).unwrap_or_default(),
    };
    let authorized = if grant.authorized_at_unknown {
        format!("unknown, before the import on {}", second(&grant.authorized_at))
    } else {
        second(&grant.authorized_at)
    };
    let mut facts = vec![
        ("partner", grant.selling_partner_id),
        ("region", grant.region),
        ("type", grant.partner_type.unwrap_or_default()),
        ("status", status),
        ("application", format!("{}{}", grant.application_id, if grant.draft { " (draft)" } else { "" })),
        ("account", grant.account.unwrap_or_default()),
        ("authorized", authorized),
        ("renewal due", due),
        ("kind", grant.kind),
        ("version", grant.version.to_string()),
        ("fingerprint", grant.fingerprint.unwrap_or_default()),
        ("actions", grant.actions.join(" ")),
        ("renews at", grant.manage_your_apps_url.unwrap_or_default()),
    ];
    facts.extend(stores.into_iter().map(|store| ("store", store)));
    output.facts(&facts)?;
    for conflict in grant.conflicts {
        output.block("\nConflict:\n")?;
        output.facts(&facts_of(conflict))?;
    }
    Ok(())
}

/// The rows of a grant's conflicts, each with the differences from the grant.
pub(super) fn conflicts(grant: &Value, table: &mut Table) -> Result<String, Failure> {
    let grant: Grant = views::parse(grant, "grant")?;
    let rows = grant.conflicts.into_iter().map(|conflict| {
        let differs = conflict.differs.join("; ");
        let (partner, region) = (grant.selling_partner_id.clone(), grant.region.clone());
        vec![
            partner,
            region,
            conflict.fingerprint,
            second(&conflict.at),
            conflict.account.unwrap_or_default(),
            differs,
        ]
    });
    Ok(table.page(rows))
}

fn facts_of(conflict: Conflict) -> Vec<(&'static str, String)> {
    let named = conflict.stores.iter().map(|store| match store {
        Value::String(name) => name.clone(),
        store => store["name"].as_str().map_or_else(|| store.to_string(), ToOwned::to_owned),
    });
    let stores = named.collect::<Vec<_>>().join(", ");
    let mut facts = vec![
        ("fingerprint", conflict.fingerprint),
        ("authorized", second(&conflict.at)),
        ("account", conflict.account.unwrap_or_default()),
        ("stores", stores),
    ];
    facts.extend(conflict.differs.into_iter().map(|sentence| ("differs", sentence)));
    facts
}
