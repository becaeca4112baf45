//! Verifies at SP-API which seller the access token belongs to, where SP-API can answer that.

use std::time::Duration;

use jiff::Timestamp;
use shared::{
    amazon::{
        failure::AmazonRequestId,
        marketplace::{PartnerType, Store},
        verification::{Verification, verify},
    },
    application::Application,
    deadline::Deadline,
    journey::request::AuthorizationRequest,
    region::Region,
    secret::AccessToken,
};

use crate::CodeExchange;

/// How long to wait for SP-API if the region is already known. The browser must get an answer within the gateway's 30 s, and
/// an unverified grant works too.
const VERIFY_WITHIN: Duration = Duration::from_secs(12);

/// The result of the verification.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) region: Region,
    /// Whether the region is the application's default, because neither a host nor an answer of SP-API shows another.
    pub(crate) region_assumed: bool,
    pub(crate) partner_type: Option<PartnerType>,
    /// The seller's stores. Empty if the grant is unverified.
    pub(crate) stores: Vec<Store>,
}

impl CodeExchange {
    /// Never fails: a grant that cannot be verified is stored unverified.
    pub(crate) async fn verify(
        &self,
        token: Option<&(AccessToken, Timestamp)>,
        request: &AuthorizationRequest,
        application: &Application,
        deadline: Deadline,
    ) -> Verified {
        let unverified = Verified {
            region: request.region.unwrap_or(application.default_region),
            region_assumed: request.region.is_none(),
            partner_type: request.partner_type,
            stores: Vec::new(),
        };
        // No call is open to every vendor (F§7.3).
        if request.partner_type == Some(PartnerType::Vendor) {
            return unverified;
        }
        let Some((token, _)) = token else {
            return unverified_because(request, unverified, None, "Amazon's access token cannot be used");
        };
        // Without a region, the answer decides the key of the grant, so the call may use all the time that is given.
        let deadline = if request.region.is_some() { deadline.within(VERIFY_WITHIN) } else { deadline };
        let marketplaces = self.amazon.marketplaces();
        let verifying = verify(&self.sp_api, marketplaces, token, request.region, deadline);
        let Ok(verification) = tokio::time::timeout(deadline.remaining(), verifying).await else {
            return unverified_because(request, unverified, None, "SP-API did not answer in time");
        };
        match verification {
            Verification::Stores(region, stores) => {
                Verified { region, region_assumed: false, partner_type: Some(PartnerType::Seller), stores }
            }
            Verification::Nothing => unverified_because(request, unverified, None, "SP-API names no stores"),
            Verification::Throttled(failed) | Verification::Unanswered(failed) => {
                let id = failed.request_id.as_ref().map(AmazonRequestId::as_str);
                unverified_because(request, unverified, id, &failed.to_string())
            }
        }
    }
}

/// Logs why the grant of the request stays `unverified`, and returns it.
fn unverified_because(
    request: &AuthorizationRequest,
    unverified: Verified,
    amazon_request_id: Option<&str>,
    cause: &str,
) -> Verified {
    let id = &request.request_id;
    tracing::warn!(
        request.id = %id,
        cause,
        amazon.requestId = amazon_request_id,
        "Verification of request {id} failed: {cause}"
    );
    unverified
}
