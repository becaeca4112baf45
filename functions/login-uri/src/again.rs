//! `GET /authorize?again=`: begins a journey of this browser again.

use jiff::Timestamp;
use lambda_http::{Body, Request, Response, http::Method};
use shared::{
    amazon::marketplace::CentralHost,
    browser::page::{Language, Message},
    ids::RequestId,
    journey::request::Workflow,
};

use crate::{
    LoginUri,
    link::Key,
    stop::{Refusal, Stop},
};

impl LoginUri {
    /// Begins a journey of this browser again: on the page of its link, or at the marketplace where it began. Without a link, or if
    /// the partner leaves it out, that is what any browser may do at `/authorize`.
    pub(crate) async fn again(
        &self,
        journey: RequestId,
        without_link: bool,
        asked: Option<Language>,
        request: &Request,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let before = self.requests.find(&journey).await?.ok_or(Stop::Say(Message::UnknownState))?;
        let before = before.request();
        if before.link_id.is_some() && !without_link {
            return self.show_link(Key::Again(journey), asked, request.headers(), now).await;
        }
        let application = self.registered(&before.application_id, now).await?;
        let marketplaces = self.amazon.marketplaces();
        // The sign-in of an integrator is on the way from Amazon only, and says whose account it is.
        let here = before.workflow == Workflow::Website || application.sign_in_url.is_none();
        let host = before.central_host.as_deref().filter(|_| here);
        let place = host.and_then(|host| Some((host, marketplaces.central_host(host)?)));
        match place.filter(|_| self.direct_authorize && request.method() == Method::GET) {
            Some((host, CentralHost { region, partner_type })) => {
                let begun = self.website_journey(&application, partner_type, now);
                self.to_consent(begun.at(host, region, partner_type), request.headers(), now).await
            }
            None => Err(Refusal::with(Message::StartElsewhere).application(&application).into()),
        }
    }
}
