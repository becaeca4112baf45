//! The connections of a tenant, which are the grants with its account.

use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    Demo,
    functions::{Function, Refusal},
    tenants::User,
};

/// One connection of a tenant.
pub(crate) struct Connection(Value);

impl Demo {
    /// Lists the connections of the user's tenant.
    pub(crate) async fn connections(&self, user: &User) -> Result<Vec<Connection>, Refusal> {
        let list = json!({"operation": "listGrants", "account": user.account});
        let answer = self.ask_of_application(Function::Authorizations, list).await?;
        Ok(answer["grants"].as_array().into_iter().flatten().cloned().map(Connection).collect())
    }

    /// Returns the connection that a form of the user names, if it is one of the user's tenant. A form may name any partner; only the list
    /// by the account of the session says whose it is.
    pub(crate) async fn own_connection(
        &self,
        user: &User,
        partner: &str,
        region: &str,
    ) -> Result<Connection, Refusal> {
        let own = self.connections(user).await?;
        let named = own.into_iter().find(|one| one.partner() == partner && one.region() == region);
        named.ok_or_else(|| Refusal {
            kind: "Demo.NotYours".to_owned(),
            message: "this tenant has no such connection".to_owned(),
        })
    }
}

impl Connection {
    pub(crate) fn of(grant: Value) -> Self {
        Self(grant)
    }

    pub(crate) fn partner(&self) -> &str {
        self.text("sellingPartnerId")
    }

    pub(crate) fn region(&self) -> &str {
        self.text("region")
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_default()
    }

    /// Whether tokens of it may be had.
    pub(crate) fn is_active(&self) -> bool {
        self.text("status") == "active"
    }

    /// What a page says of it.
    pub(crate) fn facts(&self) -> Markup {
        let stores = self.0["stores"].as_array().into_iter().flatten();
        let stores = stores.filter_map(|store| Some((store["name"].as_str()?, store["country"].as_str()?)));
        let stores: Vec<_> = stores.map(|(name, country)| format!("{name} ({country})")).collect();
        let status = match self.text("status") {
            "active" => "connected",
            "reauthorizationRequired" => "ended at Amazon: renew it",
            "disabled" => "disconnected; an operator can enable it",
            other => other,
        };
        html! {
            dl {
                dt { "Amazon account" }
                dd { (self.partner()) " (" (self.region()) ")" }
                dt { "State" }
                dd { strong { (status) } }
                @if !stores.is_empty() {
                    dt { "Stores" }
                    dd { (stores.join(", ")) }
                }
                @if let Some(until) = self.0["renewalDueAt"].as_str() {
                    dt { "To renew before" }
                    dd { (until.split('T').next().unwrap_or(until)) }
                }
            }
        }
    }

    /// The fields of a form that is about it.
    pub(crate) fn fields(&self) -> Markup {
        html! {
            input type="hidden" name="partner" value=(self.partner());
            input type="hidden" name="region" value=(self.region());
        }
    }
}
