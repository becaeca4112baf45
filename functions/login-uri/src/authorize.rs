//! `GET /authorize`: the website workflow, from our own link to Amazon's consent page (F§1.2, F§1.3).

use jiff::Timestamp;
use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    application::NotOne,
    authorization_request::{AuthorizationRequest, VALID_FOR, Workflow, new_request_id},
    ids::ApplicationId,
    marketplace::PartnerType,
    page::Message,
    query::Query,
};
use url::form_urlencoded;

use crate::{LoginUri, Stop, optional, required};

impl LoginUri {
    pub(crate) async fn authorize(
        &self,
        query: &str,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        if !self.direct_authorize {
            return Err(Stop::Say(Message::StartElsewhere));
        }
        let query = Query::parse(query)?;
        let marketplace: String = required(&query, "marketplace")?;
        let partner_type: PartnerType = required(&query, "type")?;
        let marketplace = self.amazon.marketplaces().find(&marketplace).ok_or(Stop::Say(Message::BadLink))?;
        let application_id = match optional(&query, "application")? {
            Some(named) => named,
            None => self.only_application(now).await?,
        };
        let application = self
            .applications
            .find(&application_id, now)
            .await?
            .ok_or(Stop::Say(Message::UnknownApplication))?;

        let host = marketplace.central_host(partner_type);
        let request = AuthorizationRequest {
            request_id: new_request_id(),
            workflow: Workflow::Website,
            application_id,
            draft: application.needs_beta(partner_type),
            central_host: Some(host.to_owned()),
            region: Some(marketplace.region),
            partner_type: Some(partner_type),
            expected_partner: None,
            account: None,
            redirect_uri: self.site.redirect_uri(),
            created_at: now,
            expires_at: now + VALID_FOR,
        };
        let consent_page = format!("{}/apps/authorize/consent", self.amazon.origin(host));
        let (redirect_uri, beta) = (request.redirect_uri.clone(), request.draft);
        let application_id = request.application_id.clone();
        self.send_on(request, self.cookie.read(headers), move |state| {
            let mut parameters = form_urlencoded::Serializer::new(String::new());
            parameters
                .append_pair("application_id", application_id.as_str())
                .append_pair("state", state)
                .append_pair("redirect_uri", &redirect_uri);
            if beta {
                parameters.append_pair("version", "beta");
            }
            format!("{consent_page}?{}", parameters.finish())
        })
        .await
    }

    async fn only_application(&self, now: Timestamp) -> Result<ApplicationId, Stop> {
        self.applications.only(now).await.map_err(|not_one| match not_one {
            NotOne::Registered(_) => Stop::Say(Message::UnknownApplication),
            NotOne::Aws(error) => error.into(),
        })
    }
}
