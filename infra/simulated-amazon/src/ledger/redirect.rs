//! Where a partner's browser goes after consent: to the login URI or to the redirect URI (F§1.2, F§2).

use jiff::Timestamp;

use crate::{
    accounts::{Account, GrantKey},
    applications::Registration,
    facts::{JOURNEY_LIFE, STOREFRONT_HOSTS},
    journeys::{CallbackUri, Journey},
    ledger::Ledger,
    marketplaces::Central,
    random::amazon_state,
    urls::{local_url, with_parameters},
};

impl Ledger {
    /// Begins a journey; returns the URL of the application's login URI for the browser.
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
            CallbackUri::Central => local_url(central.host, port, &path),
            CallbackUri::AmazonCom => local_url(STOREFRONT_HOSTS[0], port, &path),
            CallbackUri::Relative => path,
            CallbackUri::TrailingSlash => local_url(central.host, port, &format!("{path}/")),
        };
        let mut parameters = vec![
            ("amazon_callback_uri", callback_uri.as_str()),
            ("amazon_state", &amazon_state),
            ("selling_partner_id", account.selling_partner_id.as_str()),
        ];
        parameters.extend(application.version().map(|version| ("version", version)));
        let url = with_parameters(&application.login_uri, &parameters);

        let journey = Journey {
            grant: GrantKey::new(&application.application_id, account),
            host: central.host.to_owned(),
            callback_uri: self.callback_uri,
            ends_at: now + JOURNEY_LIFE,
        };
        self.journeys.insert(amazon_state, journey);
        url
    }

    /// Issues a code for a partner who has consented; returns the URL of the redirect URI for the browser.
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
