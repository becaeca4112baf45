//! Counts of the calls of each endpoint. A call is counted when it arrives, before any fault applies to it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::accounts::SellingPartnerId;

/// The counts since the start or the last reset.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Calls {
    pub(crate) token: TokenCalls,
    token_by_partner: BTreeMap<String, u64>,
    pub(crate) participations: u64,
    pub(crate) restricted_data_token: u64,
    pub(crate) client_secret: u64,
    /// The `x-amzn-RequestId` of the latest answer of Login with Amazon or SP-API.
    pub(crate) latest_request_id: String,
}

impl Calls {
    /// Counts a call of the token endpoint that concerns this partner.
    pub(crate) fn count_partner(&mut self, id: &SellingPartnerId) {
        *self.token_by_partner.entry(id.to_string()).or_default() += 1;
    }
}

/// Calls of the token endpoint by grant type.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct TokenCalls {
    pub(crate) authorization_code: u64,
    pub(crate) refresh_token: u64,
    pub(crate) client_credentials: u64,
}
