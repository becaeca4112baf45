//! Parses the parameters that Amazon adds to the redirect URI (F§1.5).

use shared::{
    browser::{page::Message, query::Query},
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

impl Callback {
    /// Parses a raw query string. `mws_auth_token` and other parameters of Amazon are ignored (F§1.5).
    pub(crate) fn parse(query: &str) -> Result<Self, Message> {
        let query = Query::parse(query)?;
        // SP-API does not document `error`, but OAuth does (RFC 6749 section 4.1.2.1). Nothing relies on it (F§1.5).
        if query.find("error").is_some() {
            return Err(Message::NotConsented);
        }
        let parameter = |name| query.find(name).ok_or(Message::BadLink)?.decoded().map_err(Message::from);
        let code = parameter("spapi_oauth_code")?;
        if code.len() > LONGEST_CODE || !code.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Message::BadLink);
        }
        Ok(Self {
            state: parameter("state")?.parse().map_err(|_| Message::UnknownState)?,
            partner: parameter("selling_partner_id")?.parse().map_err(|_| Message::BadLink)?,
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
