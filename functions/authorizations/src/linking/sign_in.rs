//! The sign-in of a partner who comes from Amazon: what the integrator's sign-in page may show, and how it reports the account.

use serde_json::{Value, json};
use shared::{
    consumer::Reach,
    deadline::{Clock, retry_until},
    error::Error,
    ids::{Account, RequestId},
    journey::request::NotSignedIn,
    secret::SignInProof,
};

use super::Linking;

impl Linking {
    pub(crate) async fn describe_sign_in(
        &self,
        id: &RequestId,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let request = retry_until(clock.deadline(), || self.requests.signing_in(id, clock.began()))
            .await?
            .map_err(refused)?;
        reach.allows(|policy| policy.covers_place(&request.application_id, request.region))?;
        let application = self.application(Some(request.application_id), reach, clock).await?;
        Ok(json!({
            "applicationId": application.application_id,
            "applicationName": application.name,
            "sellingPartnerId": request.expected_partner,
            "expiresAt": request.expires_at.strftime("%FT%TZ").to_string(),
        }))
    }

    /// Returns a URL with a proof, for the browser that has just signed in. The proof is valid only together with the cookie
    /// of the journey.
    pub(crate) async fn complete_sign_in(
        &self,
        id: &RequestId,
        account: &Account,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        reach.allows(|policy| policy.accounts.covers(Some(account)))?;
        if reach.policy().is_some() {
            let journey = retry_until(clock.deadline(), || self.requests.find(id)).await?;
            let journey = journey.ok_or_else(|| refused(NotSignedIn::Unknown))?;
            let request = journey.request();
            reach.allows(|policy| policy.covers_place(&request.application_id, request.region))?;
        }
        let proof = SignInProof::random();
        let signed_in = || self.requests.sign_in(id, account, &proof, clock.began());
        retry_until(clock.deadline(), signed_in).await?.map_err(refused)?;
        tracing::info!(request.id = %id, "Partner of request {id} signed in");
        let url = format!("{}/login/continue?request={id}&proof={}", self.site.origin(), proof.expose());
        Ok(json!({ "continueUrl": url }))
    }
}

fn refused(reason: NotSignedIn) -> Error {
    Error::RequestRefused(match reason {
        NotSignedIn::Unknown | NotSignedIn::OtherBrowser => "no sign-in is open for this request",
        NotSignedIn::OtherAccount => "another account has signed in for this request",
        NotSignedIn::Used => "this request has already continued after its sign-in",
        NotSignedIn::Expired => "this request has expired; the partner starts again at Amazon",
    })
}
