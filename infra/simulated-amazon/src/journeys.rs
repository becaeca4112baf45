//! A partner's way from consent to the redirect URI: straight (form 4a), or by the login URI and back
//! (form 4b, the Appstore and re-authorization) (F§1.2, F§2).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Account, GrantKey},
    applications::Registration,
    facts::{JOURNEY_LIFE, STOREFRONT_HOSTS},
    ledger::Ledger,
    marketplaces::Central,
    parameters::with_parameters,
    random::amazon_state,
};

/// How the website workflow goes on after consent; nobody knows which application gets which (F§1.2).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum WebsiteForm {
    /// Straight to the redirect URI.
    #[serde(rename = "4a")]
    Straight,
    /// By the login URI.
    #[default]
    #[serde(rename = "4b")]
    ByLogin,
}

/// The shapes in which `amazon_callback_uri` has been seen (F§2.1).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CallbackUri {
    #[default]
    Central,
    #[serde(rename = "amazon.com")]
    AmazonCom,
    Relative,
    TrailingSlash,
}

/// A partner who was sent to an application's login URI and has not come back yet.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Journey {
    pub(crate) grant: GrantKey,
    /// The central site on which it began.
    pub(crate) host: String,
    pub(crate) callback_uri: CallbackUri,
    pub(crate) ends_at: Timestamp,
}

impl Journey {
    /// Whether it may end on this host: where it began, or where its callback URI pointed.
    pub(crate) fn ends_on(&self, host: &str) -> bool {
        let elsewhere = self.callback_uri == CallbackUri::AmazonCom && STOREFRONT_HOSTS.contains(&host);
        elsewhere || self.host == host
    }
}

impl Ledger {
    /// Sends a partner to the application's login URI: the URL for the browser.
    pub(crate) fn login_url(
        &mut self,
        application: &Registration,
        account: &Account,
        central: Central,
        port: u16,
        now: Timestamp,
    ) -> String {
        let amazon_state = amazon_state();
        let path = format!("/apps/authorize/confirm/{}", application.application_id);
        let callback_uri = match self.callback_uri {
            CallbackUri::Central => url_of(central.host, port, &path),
            CallbackUri::AmazonCom => url_of(STOREFRONT_HOSTS[0], port, &path),
            CallbackUri::Relative => path,
            CallbackUri::TrailingSlash => url_of(central.host, port, &format!("{path}/")),
        };
        let mut parameters = vec![
            ("amazon_callback_uri", callback_uri.as_str()),
            ("amazon_state", &amazon_state),
            ("selling_partner_id", account.selling_partner_id.as_str()),
        ];
        parameters.extend(application.version().map(|version| ("version", version)));
        let url = with_parameters(&application.login_uri, &parameters);

        let journey = Journey {
            grant: grant_key(application, account),
            host: central.host.to_owned(),
            callback_uri: self.callback_uri,
            ends_at: now + JOURNEY_LIFE,
        };
        self.journeys.insert(amazon_state, journey);
        url
    }

    /// Sends a partner who has consented to the redirect URI, with a code: the URL for the browser.
    pub(crate) fn redirect_url(
        &mut self,
        grant: GrantKey,
        redirect_uri: &str,
        state: &str,
        now: Timestamp,
    ) -> String {
        let selling_partner_id = grant.account.selling_partner_id.clone();
        let code = self.issue_code(grant, redirect_uri, now);
        let parameters = [
            ("state", state),
            ("selling_partner_id", selling_partner_id.as_str()),
            ("spapi_oauth_code", &code),
        ];
        with_parameters(redirect_uri, &parameters)
    }
}

pub(crate) fn grant_key(application: &Registration, account: &Account) -> GrantKey {
    GrantKey { application_id: application.application_id.clone(), account: account.clone() }
}

/// Where one of Amazon's hosts is on this machine.
pub(crate) fn url_of(official_host: &str, port: u16, path: &str) -> String {
    format!("http://{official_host}.localhost:{port}{path}")
}
