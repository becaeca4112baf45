//! What Amazon adds to the redirect URI (F§1.5), parsed.

use shared::{
    browser::{page::Message, query::Query},
    ids::SellingPartnerId,
    journey::request::{Presented, State},
    secret::{AuthorizationCode, BrowserId},
};

/// A code longer than this is none of Amazon's.
const LONGEST_CODE: usize = 2048;

/// A browser that comes back from Amazon.
#[derive(Debug)]
pub(crate) struct Callback {
    /// Which journey it is.
    pub(crate) state: State,
    /// Who authorized, as Amazon wrote into the URL; it is not signed (F§7.3).
    pub(crate) partner: SellingPartnerId,
    /// What the tokens are exchanged for.
    pub(crate) code: AuthorizationCode,
}

impl Callback {
    /// Reads a raw query string. `mws_auth_token` and whatever else Amazon adds is ignored (F§1.5).
    pub(crate) fn parse(query: &str) -> Result<Self, Message> {
        let query = Query::parse(query)?;
        // Nowhere documented for SP-API, but OAuth has it: handled if it comes, never relied on (F§1.5).
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

    /// What redeems the journey, from this browser.
    pub(crate) fn presented(&self, browser: &BrowserId) -> Presented {
        Presented {
            state: self.state.secret.fingerprint(),
            browser: browser.fingerprint(),
            partner: self.partner.clone(),
            code: self.code.fingerprint(),
        }
    }
}
