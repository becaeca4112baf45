//! `GET /authorize`: the website workflow, from a link of this site to Amazon's consent page (F§1.2, F§1.3).

use jiff::Timestamp;
use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    amazon::{Amazon, marketplace::PartnerType},
    application::{Application, NotOne},
    browser::{
        cookie::Browser,
        page::Message,
        query::{BadParameter, Query},
    },
    ids::ApplicationId,
    journey::request::{AuthorizationRequest, Workflow},
};
use url::form_urlencoded;

use crate::{
    LoginUri,
    stop::{Refusal, Stop},
};

impl LoginUri {
    pub(crate) async fn authorize(
        &self,
        query: &Query<'_>,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        if !self.direct_authorize {
            return Err(Stop::Say(Message::StartElsewhere));
        }
        let marketplace =
            query.text("marketplace")?.ok_or(Stop::Bad(BadParameter::missing("marketplace")))?;
        let partner_type: PartnerType = query.required("type")?;
        let marketplace = self.amazon.marketplaces().find(&marketplace);
        let marketplace = marketplace.ok_or(Stop::Bad(BadParameter::not(
            "marketplace",
            "the id or the country code of a marketplace in the table",
        )))?;
        let application_id = match query.optional("application")? {
            Some(named) => named,
            None => self.only_application(now).await?,
        };
        let application = self.registered(&application_id, now).await?;

        let host = marketplace.central_host(partner_type);
        let request =
            self.website_journey(&application, partner_type, now).at(host, marketplace.region, partner_type);
        self.to_consent(request, headers, now).await
    }

    /// Stores the journey and sends its browser to Amazon's consent page.
    pub(crate) async fn to_consent(
        &self,
        request: AuthorizationRequest,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let browser = self.cookie.read(headers).unwrap_or_else(Browser::unknown);
        if !self.requests.record_website_journey(&browser.id, &request.request_id, now).await? {
            return Err(Refusal::with(Message::Unavailable)
                .because("this browser began too many journeys in ten minutes")
                .into());
        }
        let state = self.requests.issue(&request, &browser.id).await?;
        Ok(self.send_on(&consent_url(&request, &state.expose(), &self.amazon), request, browser))
    }

    /// Begins a website workflow for this application and type of partner.
    pub(crate) fn website_journey(
        &self,
        application: &Application,
        partner_type: PartnerType,
        now: Timestamp,
    ) -> AuthorizationRequest {
        AuthorizationRequest::begun(
            Workflow::Website,
            application.application_id.clone(),
            application.needs_beta(partner_type),
            self.site.redirect_uri(),
            now,
        )
    }

    async fn only_application(&self, now: Timestamp) -> Result<ApplicationId, Stop> {
        self.applications.only(now).await.map_err(|not_one| match not_one {
            NotOne::Registered(_) => Stop::Say(Message::UnknownApplication),
            NotOne::Aws(error) => error.into(),
        })
    }
}

/// Returns the URL of Amazon's consent page for the request.
pub(crate) fn consent_url(request: &AuthorizationRequest, state: &str, amazon: &Amazon) -> String {
    let host = request.central_host.as_deref().unwrap_or_default();
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    parameters
        .append_pair("application_id", request.application_id.as_str())
        .append_pair("state", state)
        .append_pair("redirect_uri", &request.redirect_uri);
    if request.draft {
        parameters.append_pair("version", "beta");
    }
    format!("{}/apps/authorize/consent?{}", amazon.origin(host), parameters.finish())
}
