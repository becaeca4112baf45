//! The buttons of a connection. Each acts for the account of the session, and for no other that a form could name.

use axum::{extract::State, response::Response};
use maud::html;
use serde_json::{Value, json};

use crate::{
    Demo,
    functions::{Function, Refusal},
    guard::UserForm,
    page::{function_refused, lead, page},
    tenants::User,
};

/// Makes a link for the tenant, and leads the browser to it. The link is shown to nobody else.
pub(crate) async fn connect(State(demo): State<Demo>, UserForm { user, form }: UserForm) -> Response {
    let link = json!({
        "operation": "createAuthorizationLink", "account": user.account, "label": user.tenant, "by": user.id,
        "marketplace": form.text("marketplace"), "returnUrl": demo.return_url(),
    });
    let link = demo.ask_of_application(Function::Authorizations, link).await;
    lead(&form.session, link.and_then(|link| demo.begun(user, &link)))
}

impl Demo {
    /// Returns the address of a link, and notes that its authorization is under way.
    fn begun(&self, user: &'static User, link: &Value) -> Result<String, Refusal> {
        let address = self.own_address(link, "url")?;
        self.sessions.connecting(user);
        Ok(address)
    }
}

/// Makes a link with which the partner of a connection authorizes again.
pub(crate) async fn renew(State(demo): State<Demo>, UserForm { user, form }: UserForm) -> Response {
    let renewed = async {
        let own = demo.own_connection(user, form.text("partner"), form.text("region")).await?;
        let renewal = json!({
            "operation": "requestRenewal", "sellingPartnerId": own.partner(), "region": own.region(), "by": user.id,
            "label": user.tenant, "returnUrl": demo.return_url(),
        });
        let link = demo.ask_of_application(Function::Authorizations, renewal).await?;
        demo.begun(user, &link)
    };
    lead(&form.session, renewed.await)
}

/// Stops a connection: no token of it is handed out from now on. At Amazon, the partner ends it on the page "Manage Your Apps".
pub(crate) async fn disconnect(State(demo): State<Demo>, UserForm { user, form }: UserForm) -> Response {
    let disconnected = async {
        let own = demo.own_connection(user, form.text("partner"), form.text("region")).await?;
        let disable = json!({
            "operation": "disableGrant", "sellingPartnerId": own.partner(), "region": own.region(), "by": user.id,
            "reason": "disconnected by the user",
        });
        demo.ask_of_application(Function::Authorizations, disable).await
    };
    lead(&form.session, disconnected.await.map(|_| "/".to_owned()))
}

/// Fetches an access token as a service would, by the account alone, and shows what it opens. The token stays in the backend.
pub(crate) async fn check(State(demo): State<Demo>, UserForm { user, form }: UserForm) -> Response {
    let checked = async {
        let own = demo.own_connection(user, form.text("partner"), form.text("region")).await?;
        let token = json!({"account": user.account, "region": own.region()});
        let answer = demo.ask_of_application(Function::GetAccessToken, token).await?;
        Ok::<_, Refusal>((own, answer))
    };
    let (own, answer) = match checked.await {
        Ok(checked) => checked,
        Err(refusal) => return function_refused(Some(&form.session), &refusal),
    };
    let content = html! {
        p { "A service of " (user.tenant) " has a valid access token." }
        (own.facts())
        dl {
            dt { "It opens" }
            dd { (answer["endpoint"].as_str().unwrap_or_default()) }
            dt { "Seconds that it is valid" }
            dd { (answer["expiresIn"]) }
        }
        p { a href="/" { "Back to the connections" } }
    };
    page(Some(&form.session), "The connection works", &content)
}
