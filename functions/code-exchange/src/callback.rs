//! Parses the parameters that Amazon adds to the redirect URI (F§1.5).

use shared::{
    browser::query::{BadParameter, Query},
    ids::SellingPartnerId,
    journey::request::{Presented, State},
    secret::{AuthorizationCode, BrowserId},
};

/// The longest authorization code that is accepted, in bytes.
const LONGEST_CODE: usize = 2048;

/// The parameters of a browser that returns from Amazon.
#[derive(Debug)]
pub(crate) struct Callback {
    /// The `state`, which names the journey.
    pub(crate) state: State,
    /// The partner that Amazon names in the URL. The value is not signed (F§7.3).
    pub(crate) partner: SellingPartnerId,
    /// The authorization code, which is exchanged for tokens.
    pub(crate) code: AuthorizationCode,
}

/// Why a browser did not come back with a code.
#[derive(Debug)]
pub(crate) enum NoCallback {
    /// A parameter is not as it should be.
    Bad(BadParameter),
    /// The `state` does not have the form of those that `login-uri` issues.
    UnknownState,
    /// Amazon reports an error.
    NotConsented,
    /// The parameters are those of the Login URI.
    OfTheLoginUri,
}

impl From<BadParameter> for NoCallback {
    fn from(parameter: BadParameter) -> Self {
        Self::Bad(parameter)
    }
}

impl Callback {
    /// Parses a raw query string. `mws_auth_token` and other parameters of Amazon are ignored (F§1.5).
    pub(crate) fn parse(query: &str) -> Result<Self, NoCallback> {
        let query = Query::parse(query);
        // SP-API does not document `error`, but OAuth does, in place of a code (RFC 6749 section 4.1.2.1). Nothing relies on it
        // (F§1.5). Beside a code it is a stranger's, like any other parameter.
        let has_error = !matches!(query.find("error"), Ok(None));
        if has_error && matches!(query.find("spapi_oauth_code"), Ok(None)) {
            return Err(NoCallback::NotConsented);
        }
        let of_login = query.has("amazon_callback_uri") || query.has("amazon_state");
        if of_login && query.find("spapi_oauth_code")?.is_none() {
            return Err(NoCallback::OfTheLoginUri);
        }
        let code =
            query.text("spapi_oauth_code")?.ok_or_else(|| BadParameter::missing("spapi_oauth_code"))?;
        if code.len() > LONGEST_CODE || !code.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(
                BadParameter::not("spapi_oauth_code", "at most 2048 printable ASCII characters").into()
            );
        }
        let state = query.text("state")?.ok_or_else(|| BadParameter::missing("state"))?;
        Ok(Self {
            state: state.parse().map_err(|_| NoCallback::UnknownState)?,
            partner: query.required("selling_partner_id")?,
            code: AuthorizationCode::new(code),
        })
    }

    /// Returns the values with which this browser redeems the journey.
    pub(crate) fn presented(&self, browser: &BrowserId) -> Presented {
        Presented {
            state: self.state.secret.fingerprint(),
            browser: browser.fingerprint(),
            partner: self.partner.clone(),
            code: self.code.fingerprint(),
        }
    }
}
