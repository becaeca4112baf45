//! `token`: prints an access token into a pipe, or describes it on a terminal.

use std::io::{self, IsTerminal};

use serde_json::{Map, Value};

use crate::{
    arguments::{Region, grants::PartnerType, service::Token},
    failure::Failure,
    functions::Function,
    request::Request,
    session::Session,
    views,
};

pub(super) async fn run(token: Token, session: &mut Session) -> Result<(), Failure> {
    let parameters: Map<String, Value> =
        token.parameters.into_iter().map(|(name, value)| (name, value.into())).collect();
    let request = Request::default()
        .maybe("applicationId", session.application.clone())
        .maybe("sellingPartnerId", token.partner)
        .maybe("account", token.account)
        .maybe("scope", token.scope)
        .maybe("region", token.region.map(Region::as_str))
        .maybe("marketplaceId", token.marketplace)
        .maybe("partnerType", token.partner_type.map(PartnerType::as_str))
        .maybe("mintedAfter", token.minted_after.map(|when| when.before(session.now).to_string()))
        .maybe("minValidSeconds", token.min_valid)
        .maybe("operation", token.operation)
        .maybe("dataElements", Some(token.data_elements).filter(|elements| !elements.is_empty()))
        .maybe("parameters", Some(parameters).filter(|parameters| !parameters.is_empty()));
    let mut answer = session.functions.invoke(Function::GetAccessToken, request).await?;
    let shown = token.show || !io::stdout().is_terminal();
    if !shown && let Value::Object(fields) = &mut answer {
        fields.remove("accessToken");
    }
    match (session.output.is_json(), shown) {
        (true, _) => session.output.document(&answer),
        (false, true) => session.output.line(&views::field::<String>(&answer, "accessToken")?),
        (false, false) => describe(&answer, session),
    }
}

/// Prints everything but the token itself.
fn describe(answer: &Value, session: &mut Session) -> Result<(), Failure> {
    let text = |field: &str| answer[field].as_str().unwrap_or_default().to_owned();
    let marketplaces: Option<Vec<String>> = views::field(answer, "marketplaceIds")?;
    session.output.facts(&[
        ("partner", text("sellingPartnerId")),
        ("region", text("region")),
        ("application", text("applicationId")),
        ("expires", format!("{} (in {} s)", views::second(&text("expiresAt")), answer["expiresIn"])),
        ("endpoint", text("endpoint")),
        ("sandbox endpoint", text("sandboxEndpoint")),
        ("marketplaces", marketplaces.unwrap_or_default().join(" ")),
        ("token", "not shown on a terminal; pipe the output, or add `--show`".to_owned()),
    ])
}
