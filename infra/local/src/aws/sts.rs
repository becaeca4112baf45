//! Security Token Service: who calls. Many tools ask this first. It speaks the protocol of forms and XML.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header::CONTENT_TYPE};
use shared::secret::random_word;
use url::form_urlencoded;

use crate::arn::ACCOUNT;

/// Answers a request in a form that names an action; returns nothing for any other body.
pub(super) fn answer(body: &[u8]) -> Option<Response> {
    let fields: Vec<_> = form_urlencoded::parse(body).collect();
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_ref());
    let (action, version) = (value("Action")?, value("Version").unwrap_or_default());
    Some(if (action, version) == ("GetCallerIdentity", VERSION) { identity() } else { unknown() })
}

fn identity() -> Response {
    xml(
        StatusCode::OK,
        &format!(
            "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\"><GetCallerIdentityResult>\
             <Arn>arn:aws:iam::{ACCOUNT}:user/local</Arn><UserId>AIDALOCALSTACK</UserId><Account>{ACCOUNT}</Account>\
             </GetCallerIdentityResult>{}</GetCallerIdentityResponse>",
            metadata()
        ),
    )
}

fn unknown() -> Response {
    xml(
        StatusCode::BAD_REQUEST,
        &format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>InvalidAction</Code>\
             <Message>This action is not in the local stack, which has GetCallerIdentity of STS only</Message></Error>\
             <RequestId>{}</RequestId></ErrorResponse>",
            random_word()
        ),
    )
}

fn metadata() -> String {
    format!("<ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>", random_word())
}

fn xml(status: StatusCode, document: &str) -> Response {
    (status, [(CONTENT_TYPE, "text/xml")], document.to_owned()).into_response()
}

const VERSION: &str = "2011-06-15";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
