//! One grant: its state, the life of its token, its conflicts, its history, and every button there is for it.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    console::{
        Console,
        ask::{by_console, no_such_button, with},
        fields::{Fields, grant_path, segment},
        notices::Notice,
        views::Grant,
    },
    functions::FunctionError,
};

mod show;

pub(super) use self::show::show;

/// A grant by the parts of its key, as an address has them; whether they are well formed, the functions say.
struct Key {
    application: String,
    region: String,
    partner: String,
}

/// Does what one of its buttons says.
pub(super) async fn act(
    State(console): State<Console>,
    Path((application, region, partner)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    let (key, form) = (Key { application, region, partner }, Fields::of(&body));
    let outcome = console.act_on_grant(&key, &form).await;
    console.back(&form, &key.path(), outcome)
}

impl Console {
    /// The grant, or the tombstone that is left of it.
    async fn grant(&self, key: &Key) -> Result<Grant, FunctionError> {
        let asked = with(json!({ "operation": "getGrant" }), key.fields());
        match self.read(asked, "grant").await {
            Err(error) if error.error_type == "UnknownSellingPartner" => {
                let removed = json!({ "operation": "listGrants", "status": "removed" });
                let removed: Vec<Grant> = self.read(with(removed, key.fields()), "grants").await?;
                removed.into_iter().next().ok_or(error)
            }
            answer => answer,
        }
    }

    async fn act_on_grant(&self, key: &Key, form: &Fields) -> Result<Notice, FunctionError> {
        let reason = json!({ "reason": form.text("reason") });
        let resolve = |resolution: &str| json!({ "operation": "resolveConflict", "resolution": resolution, "fingerprint": form.text("fingerprint") });
        let (request, done) = match form.text("do") {
            Some("disable") => (
                with(json!({ "operation": "disableGrant" }), reason),
                "Disabled: its tokens are not handed out any more.",
            ),
            Some("enable") => (
                with(json!({ "operation": "enableGrant" }), reason),
                "Enabled: Amazon has accepted its refresh token, and tokens are handed out.",
            ),
            Some("remove") => (
                with(json!({ "operation": "removeGrant" }), reason),
                "Removed: its refresh token is gone; the partner would have to authorize again.",
            ),
            Some("invalidate") => (
                json!({ "operation": "invalidateTokens" }),
                "Its kept access tokens are worth nothing now; the next request fetches a new one.",
            ),
            Some("accept") => (resolve("accept"), "Accepted: the grant has the new token."),
            Some("reject") => (resolve("reject"), "Rejected: the new token is thrown away."),
            Some("link") => return self.link_account(key, form.text("account")).await,
            Some("fetch") => return self.fetch(key).await,
            Some("revoke") => return self.at_amazon(key, "revoke").await,
            Some("restore") => return self.at_amazon(key, "restore").await,
            _ => return Err(no_such_button()),
        };
        let request = with(with(request, key.fields()), by_console());
        self.order("administration", request).await.map(|_| Notice::done(done))
    }

    async fn link_account(&self, key: &Key, account: Option<&str>) -> Result<Notice, FunctionError> {
        let mut request = with(with(json!({ "operation": "linkAccount" }), key.fields()), by_console());
        // Null clears it, so it has to be there.
        request["account"] = json!(account);
        self.order("administration", request).await?;
        Ok(Notice::done(match account {
            Some(account) => format!("Linked to the account {account}."),
            None => "Linked to no account.".to_owned(),
        }))
    }

    /// Asks for a token as a service would, and tells how long it lives and nothing more.
    async fn fetch(&self, key: &Key) -> Result<Notice, FunctionError> {
        let answer = self.order("get-access-token", key.fields()).await?;
        let (seconds, until) = (&answer["expiresIn"], answer["expiresAt"].as_str().unwrap_or_default());
        Ok(Notice::done(format!(
            "A token was handed out, not shown here: it lives {seconds} seconds, until {until}."
        )))
    }

    async fn at_amazon(&self, key: &Key, call: &str) -> Result<Notice, FunctionError> {
        self.order_control(&format!("partner/{}/{call}", segment(&key.partner)), &json!({})).await?;
        Ok(Notice::done(match call {
            "revoke" => {
                "The partner has disabled the application at Amazon, in every region. We hear of it at the next refresh."
            }
            _ => "The partner has enabled the application at Amazon again.",
        }))
    }
}

impl Key {
    fn path(&self) -> String {
        grant_path(&self.application, &self.region, &self.partner)
    }

    fn fields(&self) -> Value {
        json!({ "applicationId": self.application, "region": self.region, "sellingPartnerId": self.partner })
    }
}
