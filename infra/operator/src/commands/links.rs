//! `link` and `renew`: links that a user opens to authorize.

use serde_json::Value;

use crate::{
    arguments::{
        Region,
        grants::PartnerType,
        links::{Link, Renew},
    },
    failure::Failure,
    session::Session,
    views,
};

pub(super) async fn link(link: Link, session: &mut Session) -> Result<(), Failure> {
    let request = session
        .request("createAuthorizationLink")
        .with("account", link.account)
        .with("label", link.label)
        .maybe("marketplace", link.marketplace)
        .maybe("region", link.region.map(Region::as_str))
        .maybe("type", link.partner_type.map(PartnerType::as_str))
        .maybe("returnUrl", link.return_url)
        .maybe("language", link.language)
        .maybe("validSeconds", link.valid.map(|length| length.0.as_secs()))
        .maybe("by", session.by.clone());
    let answer = session.ask(request).await?;
    show(&answer, session)
}

pub(super) async fn renew(renew: Renew, session: &mut Session) -> Result<(), Failure> {
    let request = renew
        .grant
        .added_to(session.request("requestRenewal"))
        .maybe("label", renew.label)
        .maybe("returnUrl", renew.return_url)
        .maybe("language", renew.language)
        .maybe("by", session.by.clone());
    let answer = session.ask(request).await?;
    show(&answer, session)
}

fn show(answer: &Value, session: &mut Session) -> Result<(), Failure> {
    if session.output.is_json() {
        return session.output.document(answer);
    }
    let url: String = views::field(answer, "url")?;
    let expires_at: String = views::field(answer, "expiresAt")?;
    let manage_your_apps: Option<String> = views::field(answer, "manageYourAppsUrl")?;
    let mut facts = vec![("link", url), ("valid until", views::second(&expires_at))];
    facts.extend(manage_your_apps.map(|url| ("or at Amazon", url)));
    session.output.facts(&facts)
}
