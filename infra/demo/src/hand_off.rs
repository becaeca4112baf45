//! The sign-in URL: a partner comes from Amazon first, and nobody knows yet which user it is.

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use maud::html;
use serde_json::json;

use crate::{
    Demo,
    functions::Function,
    guard::UserForm,
    page::{form, function_refused, lead, page, refused},
    returned::parameter,
};

/// The path of the sign-in URL.
pub(crate) const PATH: &str = "/amazon/sign-in";

/// Lets the user sign in, and asks whether the partner belongs to its tenant: a stranger may have sent the user here.
pub(crate) async fn ask(
    State(demo): State<Demo>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let Some(request) = parameter(&uri, "request") else {
        return refused(StatusCode::BAD_REQUEST, None, "Amazon opens this page with the parameter request.");
    };
    let session = demo.sessions.find(&headers);
    let Some((session, user)) = session.and_then(|session| Some((session.clone(), session.user?))) else {
        let path = uri.path_and_query().map_or(PATH, |path| path.as_str());
        return demo.who_is_it(&headers, path);
    };
    let describe = json!({"operation": "describeSignIn", "request": request});
    let described = match demo.ask(Function::Authorizations, describe).await {
        Ok(described) => described,
        Err(refusal) => return function_refused(Some(&session), &refusal),
    };
    let said = |field: &str| described[field].as_str().unwrap_or_default().to_owned();
    let button = html! {
        input type="hidden" name="request" value=(request);
        button { "Connect to " (user.tenant) }
    };
    let content = html! {
        p { "You come from Amazon, where you want to authorize " (said("applicationName")) "." }
        dl {
            dt { "Amazon account" }
            dd { (said("sellingPartnerId")) }
            dt { "Tenant" }
            dd { (user.tenant) }
        }
        p { "If this is not your Amazon account, do not go on: " a href="/" { "back to the connections" } "." }
        (form(&session, PATH, &button))
    };
    page(Some(&session), &format!("Connect {} to {}?", said("sellingPartnerId"), user.tenant), &content)
}

/// Names the account of the session, and leads the same browser back to Amazon.
pub(crate) async fn agree(State(demo): State<Demo>, UserForm { user, form }: UserForm) -> Response {
    let complete =
        json!({"operation": "completeSignIn", "request": form.text("request"), "account": user.account});
    let signed_in = demo.ask(Function::Authorizations, complete).await;
    lead(&form.session, signed_in.and_then(|answer| demo.own_address(&answer, "continueUrl")))
}
