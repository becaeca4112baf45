//! `/authorize?link=`: the page that describes a link, and the button that opens it.
//!
//! A `GET` does not use the link up, because mail scanners and link previews open every link.

use std::sync::Arc;

use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{HeaderMap, header},
};
use shared::{
    amazon::marketplace::CentralHost,
    application::Application,
    aws::transaction::Commit,
    browser::{
        cookie::Browser,
        page::{Button, ConsentPlace, Language, Message, Page, see_other},
        query::{BadParameter, Query},
        reference::Reference,
        stopped::Stopped,
    },
    ids::{LinkId, RequestId, SellingPartnerId},
    journey::{
        link::{AuthorizationLink, LinkToken, NotOpened},
        request::{AuthorizationRequest, Progress, Reuse},
    },
    secret::{StateSecret, random_word},
};

use crate::{
    LoginUri,
    authorize::consent_url,
    form::form,
    stop::{Refusal, Stop},
};

/// How often a link is read when other requests use it at the same time.
const LOOKS: u32 = 5;

/// What a browser opens a link with.
#[derive(Debug)]
pub(crate) enum Key {
    /// The link itself.
    Link(LinkToken),
    /// A journey of this browser, which the link opened.
    Again(RequestId),
}

/// A link that may be opened.
struct Opened {
    link: AuthorizationLink,
    before: Before,
}

/// What the link has opened before.
enum Before {
    Nothing,
    /// A journey that this browser is continuing.
    UnderWay(Box<AuthorizationRequest>),
    /// A journey that brought no token.
    Failed(Box<Progress>),
}

impl LoginUri {
    /// Shows the page that describes the link.
    pub(crate) async fn show_link(
        &self,
        key: Key,
        asked: Option<Language>,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let browser = self.cookie.read_or_offered(headers);
        let Opened { link, .. } = self.look(&key, browser.as_ref(), now).await?;
        let application = self.opens_for(&link, now).await?;
        let (name, value) = match key {
            Key::Link(token) => ("link", token.expose()),
            Key::Again(journey) => ("again", journey.into()),
        };
        let switch = format!("/authorize?{name}={value}");
        let button = Button { action: "/authorize", name, value, leads_to: self.amazon.sources() };
        let journey = Stopped { link: Some(link.link_id.clone()), ..Stopped::unknown(now) };
        let reference = journey.reference();
        tracing::info!(
            link.id = %link.link_id,
            reference = reference.as_str(),
            application.id = %link.application_id,
            "Browser shown the page of link {}",
            link.link_id
        );
        let central = CentralHost { region: link.region, partner_type: link.partner_type };
        let place = ConsentPlace::at(&link.central_host, central, self.amazon.marketplaces());
        let mut response = Page::new(Message::ConfirmLink, headers, reference)
            .in_language(asked, link.language.as_ref())
            .switch(switch)
            .application(Some(&application))
            .account(Some(link.label.as_str()))
            .expected(link.expected_partner.as_ref().map(SellingPartnerId::as_str))
            .place(&place)
            .button(button)
            .response();
        // With the cookie, a second press of the button counts as the same browser.
        if browser.is_none() {
            response.headers_mut().insert(header::SET_COOKIE, self.cookie.offer());
        }
        Ok(response)
    }

    /// Uses the link up and redirects the browser to Amazon.
    pub(crate) async fn open_link(&self, request: &Request, now: Timestamp) -> Result<Response<Body>, Stop> {
        let headers = request.headers();
        if !self.is_our_own_form(headers) {
            return Err(Refusal::with(Message::StartElsewhere)
                .because("the form was not posted by a page of this site")
                .into());
        }
        let form = Query::parse(form(request)?);
        let key = match form.optional("again")? {
            Some(journey) => Key::Again(journey),
            None => Key::Link(form.required("link")?),
        };
        let browser = self.cookie.read_or_offered(headers).unwrap_or_else(Browser::unknown);
        for _ in 0..LOOKS {
            let Opened { link, before } = self.look(&key, Some(&browser), now).await?;
            let application = self.opens_for(&link, now).await?;
            if let (Before::UnderWay(request), Key::Link(token)) = (&before, &key) {
                let state = StateSecret::of_link(&token.secret, &request.request_id, &browser.id);
                return Ok(self.on_to_consent((**request).clone(), &state, browser));
            }
            let request = self
                .website_journey(&application, link.partner_type, now)
                .at(&link.central_host, link.region, link.partner_type)
                .opened_by(&link);
            if !self.requests.record_website_journey(&browser.id, &request.request_id, now).await? {
                return Err(Stop::Say(Message::Unavailable));
            }
            let (id, link_id) = (&request.request_id, &link.link_id);
            let state = match &key {
                Key::Link(token) => StateSecret::of_link(&token.secret, id, &browser.id),
                Key::Again(_) => StateSecret::random(),
            };
            let issue = self.requests.issuing(&request, &browser.id, &state);
            let writes = match (&before, &key) {
                (Before::Failed(before), _) => vec![
                    self.links.use_again(link_id, &before.request().request_id, id, now),
                    self.requests.supersede(before),
                    issue,
                ],
                (Before::Nothing | Before::UnderWay(_), Key::Link(token)) => {
                    vec![self.links.use_up(token, id, now), issue]
                }
                (Before::Nothing | Before::UnderWay(_), Key::Again(_)) => {
                    return Err(Stop::Say(Message::UnknownState));
                }
            };
            match self.transactions.commit(&writes, &random_word()).await? {
                Commit::Made => return Ok(self.on_to_consent(request, &state, browser)),
                // Another request changed the link: read it again.
                Commit::Changed | Commit::Refused(_) => {}
            }
        }
        Err(Stop::Say(Message::Unavailable))
    }

    /// Returns the link if it may be opened: if it has opened nothing, or this browser is continuing the journey that it
    /// opened, or that journey brought no token.
    async fn look(&self, key: &Key, browser: Option<&Browser>, now: Timestamp) -> Result<Opened, Stop> {
        let browser_id = browser.map(|browser| &browser.id);
        let browser = browser_id.map(shared::secret::BrowserId::fingerprint);
        let (current, used_by) = match key {
            Key::Link(token) => {
                let unknown = Stop::Bad(BadParameter::not("link", "a link that was created here"));
                let Some(current) = self.links.find(&token.link_id).await? else {
                    return Err(unknown);
                };
                match current.opened_with(&token.secret, now) {
                    Ok(link) => return Ok(Opened { link: link.clone(), before: Before::Nothing }),
                    Err(NotOpened::Used(id)) => (current, id),
                    Err(NotOpened::Unknown) => return Err(unknown),
                    Err(NotOpened::Expired) => {
                        return Err(self.not_opened(Message::LinkExpired, &current.into_link(), now).await);
                    }
                }
            }
            Key::Again(journey) => {
                let before = self.requests.find(journey).await?.ok_or(Stop::Say(Message::UnknownState))?;
                if browser.as_ref().is_none_or(|browser| !before.is_of(browser)) {
                    return Err(Refusal::with(Message::OtherBrowser).journey(before.request()).into());
                }
                let link = match &before.request().link_id {
                    Some(link) => self.links.find(link).await?,
                    None => None,
                };
                let link = link.ok_or(Stop::Say(Message::LinkExpired))?;
                let used_by = link.used_by().cloned().ok_or(Stop::Say(Message::UnknownState))?;
                (link, used_by)
            }
        };
        let before = self.requests.find(&used_by).await?;
        let reuse = before.as_ref().map_or(Reuse::InUse, |before| before.reuse(browser.as_ref(), now));
        let link = current.into_link();
        let before = match (before, reuse, key) {
            (Some(before), Reuse::Continue, Key::Link(token))
                if browser_id
                    .is_some_and(|id| before.is_in(&StateSecret::of_link(&token.secret, &used_by, id))) =>
            {
                Before::UnderWay(Box::new(before.request().clone()))
            }
            (Some(_), Reuse::Again | Reuse::Continue, _) if link.expires_at <= now => {
                return Err(self.not_opened(Message::LinkExpired, &link, now).await);
            }
            // The state of a journey derives from the link, unless the journey began again without showing it. Where this browser cannot
            // derive that state, it begins another.
            (Some(before), Reuse::Again | Reuse::Continue, _) => Before::Failed(Box::new(before)),
            (Some(_), Reuse::InUse, _) | (None, _, _) => {
                return Err(self.not_opened(Message::LinkUsed, &link, now).await);
            }
        };
        Ok(Opened { link, before })
    }

    /// Returns the application of the link, if a browser may go to Amazon with it.
    async fn opens_for(&self, link: &AuthorizationLink, now: Timestamp) -> Result<Arc<Application>, Stop> {
        let application = self.registered(&link.application_id, now).await?;
        if !self.leads_back(link.return_url.as_deref(), &application).await? {
            return Err(Refusal::with(Message::LinkExpired)
                .application(&application)
                .link(link)
                .because("the return URL of the link is no longer registered")
                .into());
        }
        // The table may have changed since the link was made. No browser is sent to a host that is not in it.
        if self.amazon.marketplaces().central_host(&link.central_host).is_none() {
            tracing::error!(
                link.id = %link.link_id,
                "Link {} leads to {}, which is no longer in the table of marketplaces",
                link.link_id,
                link.central_host
            );
            return Err(Stop::Say(Message::Internal));
        }
        Ok(application)
    }

    async fn not_opened(&self, message: Message, link: &AuthorizationLink, now: Timestamp) -> Stop {
        let refusal = Refusal::with(message).link(link);
        match self.registered(&link.application_id, now).await {
            Ok(application) => refusal.application(&application).into(),
            Err(_) => refusal.into(),
        }
    }

    fn on_to_consent(
        &self,
        request: AuthorizationRequest,
        state: &StateSecret,
        browser: Browser,
    ) -> Response<Body> {
        let state = format!("{}.{}", request.request_id, state.expose());
        tracing::info!(
            request.id = %request.request_id,
            reference = Reference::of(request.request_id.as_str(), request.created_at).as_str(),
            link.id = request.link_id.as_ref().map(LinkId::as_str),
            application.id = %request.application_id,
            "Browser of request {} sent to Amazon with a link",
            request.request_id
        );
        let mut response = see_other(&consent_url(&request, &state, &self.amazon));
        let browser = if browser.open_requests.contains(&request.request_id) {
            browser
        } else {
            browser.opening(request.request_id)
        };
        response.headers_mut().insert(header::SET_COOKIE, self.cookie.write(&browser));
        response
    }
}
