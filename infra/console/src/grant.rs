//! The page of one grant: its state, its access token, its conflicts, its history, and its buttons.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use serde_json::{Value, json};

use crate::{
    Console,
    ask::{no_such_button, with},
    fields::{Fields, Visit, grant_path},
    notices::Notice,
    question::{Question, is_sure},
    stack::{Button, Function, Refusal},
    views::Grant,
};

mod show;

pub(crate) use self::show::show;

/// The key of a grant, as an address has it. The functions validate its parts.
struct Key {
    application: String,
    region: String,
    partner: String,
}

/// Carries out the command of a button.
pub(crate) async fn act(
    State(console): State<Console>,
    Path((application, region, partner)): Path<(String, String, String)>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let (key, form) = (Key { application, region, partner }, Fields::of(&body));
    if let Some(question) = question(&key, &form).filter(|_| !is_sure(&form)) {
        return console.ask(&Visit::of(&uri), &form, &question).await;
    }
    let outcome = console.act_on_grant(&key, &form).await;
    console.back(&form, &key.path(), outcome)
}

impl Console {
    /// Returns the grant, also after its removal.
    async fn grant(&self, key: &Key) -> Result<Grant, Refusal> {
        let asked = with(json!({ "operation": "getGrant" }), key.fields());
        match self.read(asked, "grant").await {
            Err(error) if error.kind == "UnknownSellingPartner" => {
                let removed = json!({ "operation": "listGrants", "status": "removed" });
                let removed: Vec<Grant> = self.read(with(removed, key.fields()), "grants").await?;
                removed.into_iter().next().ok_or(error)
            }
            answer => answer,
        }
    }

    async fn act_on_grant(&self, key: &Key, form: &Fields) -> Result<Notice, Refusal> {
        let reason = json!({ "reason": form.text("reason") });
        let resolve = |resolution: &str| json!({ "operation": "resolveConflict", "resolution": resolution, "fingerprint": form.text("fingerprint") });
        let (request, done) = match form.text("do") {
            Some("disable") => (
                with(json!({ "operation": "disableGrant" }), reason),
                "Disabled: within 60 seconds none of its access tokens is vended.",
            ),
            Some("enable") => (
                with(json!({ "operation": "enableGrant" }), reason),
                "Enabled: Amazon has accepted its refresh token, and its access tokens are vended again.",
            ),
            Some("remove") => (
                with(json!({ "operation": "removeGrant" }), reason),
                "Removed: its refresh token is deleted, and within 60 seconds none of its access tokens is vended. To use the grant again, the partner must authorize again.",
            ),
            Some("invalidate") => (
                json!({ "operation": "invalidateTokens" }),
                "Its access tokens were invalidated. Within 60 seconds every request gets a new one.",
            ),
            Some("accept") => (
                resolve("accept"),
                "Accepted: the grant has the new token. Within 60 seconds no access token of the old one is vended.",
            ),
            Some("reject") => (resolve("reject"), "Rejected: the new token is deleted."),
            Some("link") => return self.link_account(key, form.text("account")).await,
            Some("fetch") => return self.fetch(key).await,
            other => {
                let button = Button::Grant(other.unwrap_or_default(), &key.partner);
                return self.stack.press(button).await.unwrap_or_else(|| Err(no_such_button()));
            }
        };
        let request = with(request, key.fields());
        self.change(Function::Administration, request).await.map(|_| Notice::done(done))
    }

    async fn link_account(&self, key: &Key, account: Option<&str>) -> Result<Notice, Refusal> {
        let mut request = with(json!({ "operation": "linkAccount" }), key.fields());
        // `null` removes the account, so the member must be present.
        request["account"] = json!(account);
        self.change(Function::Administration, request).await?;
        Ok(Notice::done(match account {
            Some(account) => format!("Linked to the account {account}."),
            None => "Linked to no account.".to_owned(),
        }))
    }

    /// Requests a token as a service does, and shows only how long it is valid.
    async fn fetch(&self, key: &Key) -> Result<Notice, Refusal> {
        let answer = self.stack.invoke(Function::GetAccessToken, key.fields()).await?;
        let (seconds, until) = (&answer["expiresIn"], answer["expiresAt"].as_str().unwrap_or_default());
        Ok(Notice::done(format!(
            "A token was vended. It is not shown here. It is valid for {seconds} seconds, until {until}."
        )))
    }
}

/// The question before a command that cannot be undone.
fn question(key: &Key, form: &Fields) -> Option<Question> {
    let partner = &key.partner;
    let (title, text, button) = match form.text("do")? {
        "remove" => (
            format!("Remove the grant of {partner}?"),
            "This deletes the refresh token. Only the partner can restore the grant, by authorizing again. Its history stays.",
            "Remove permanently",
        ),
        "accept" => (
            format!("Is it {partner} that authorized?"),
            "The grant gets the new token, and its old one is deleted. If another partner authorized, that partner's data would \
             be given out as this one's.",
            "Accept: same partner",
        ),
        "reject" => (
            format!("Is it another partner than {partner}?"),
            "The new token is deleted. If it was the same partner after all, it must authorize again.",
            "Reject: another partner",
        ),
        _ => return None,
    };
    Some(Question { title, text: text.to_owned(), button })
}

impl Key {
    fn path(&self) -> String {
        grant_path(&self.application, &self.region, &self.partner)
    }

    fn fields(&self) -> Value {
        json!({ "applicationId": self.application, "region": self.region, "sellingPartnerId": self.partner })
    }
}
