//! `/authorize?link=`: the page that describes a link, and the button that opens it.
//!
//! A `GET` does not use the link up, because mail scanners and link previews open every link.

use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{HeaderMap, header},
};
use shared::{
    aws::transaction::Commit,
    browser::{
        cookie::Browser,
        page::{Button, Message, Page, see_other},
        query::Query,
    },
    journey::{
        link::{AuthorizationLink, LinkToken, NotOpened},
        request::AuthorizationRequest,
    },
    secret::{StateSecret, random_word},
};

use crate::{LoginUri, Stop, authorize::consent_url, required};

/// How often a link is read when other requests use it at the same time.
const LOOKS: u32 = 5;

/// A link, and the request that this browser opened with it.
struct Opened {
    link: AuthorizationLink,
    /// The request, if this browser has already opened one with the link.
    request: Option<AuthorizationRequest>,
}

impl LoginUri {
    /// Shows the page that describes the link.
    pub(crate) async fn show_link(
        &self,
        query: &Query<'_>,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let token: LinkToken = required(query, "link")?;
        let browser = self.cookie.read_or_offered(headers);
        let Opened { link, .. } = self.look(&token, browser.as_ref(), now).await?;
        let application = self.registered(&link.application_id, now).await?;
        let button = Button {
            action: "/authorize",
            name: "link",
            value: token.expose(),
            leads_to: self.amazon.sources(),
        };
        let mut response = Page::new(Message::ConfirmLink, headers)
            .application(&application.name)
            .account(link.label.as_str())
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
            return Err(Stop::Say(Message::StartElsewhere));
        }
        let form = form(request)?;
        let token: LinkToken = required(&Query::parse(form)?, "link")?;
        let browser = self.cookie.read_or_offered(headers).unwrap_or_else(Browser::unknown);
        for _ in 0..LOOKS {
            let Opened { link, request } = self.look(&token, Some(&browser), now).await?;
            let application = self.registered(&link.application_id, now).await?;
            if let Some(request) = request {
                return Ok(self.on_to_consent(request, &token, browser));
            }
            // The table may have changed since the link was made. No browser is sent to a host that is not in it.
            if self.amazon.marketplaces().central_host(&link.central_host).is_none() {
                tracing::error!(
                    link.id = %token.link_id,
                    "Link {} leads to {}, which is no longer in the table of marketplaces",
                    token.link_id,
                    link.central_host
                );
                return Err(Stop::Say(Message::Internal));
            }
            let request = self
                .website_journey(&application, link.partner_type, now)
                .at(&link.central_host, link.region, link.partner_type)
                .opened_by(&link);
            if !self.requests.record_website_journey(&browser.id, &request.request_id, now).await? {
                return Err(Stop::Say(Message::Unavailable));
            }
            let state = StateSecret::of_link(&token.secret, &request.request_id, &browser.id);
            let writes = [
                self.links.use_up(&token, &request.request_id, now),
                self.requests.issuing(&request, &browser.id, &state),
            ];
            match self.transactions.commit(&writes, &random_word()).await? {
                Commit::Made => return Ok(self.on_to_consent(request, &token, browser)),
                // Another request changed the link: read it again.
                Commit::Changed | Commit::Refused(_) => {}
            }
        }
        Err(Stop::Say(Message::Unavailable))
    }

    /// Returns the link if it may be opened, or if this browser opened it and has not come back from Amazon yet.
    async fn look(
        &self,
        token: &LinkToken,
        browser: Option<&Browser>,
        now: Timestamp,
    ) -> Result<Opened, Stop> {
        let current = self.links.find(&token.link_id).await?;
        let current = current.ok_or(Stop::Say(Message::BadLink))?;
        match current.opened_with(&token.secret, now) {
            Ok(link) => Ok(Opened { link: link.clone(), request: None }),
            Err(NotOpened::Used(id)) => {
                let request = match browser {
                    Some(browser) => self.requests.still_open(&id, &browser.id, now).await?,
                    None => None,
                };
                match request {
                    Some(request) => Ok(Opened { link: current.into_link(), request: Some(request) }),
                    None => Err(Stop::Say(Message::LinkUsed)),
                }
            }
            Err(reason) => Err(Stop::Say(reason.into())),
        }
    }

    /// Redirects to the same consent page with the same `state`, however often the button is pressed.
    fn on_to_consent(
        &self,
        request: AuthorizationRequest,
        token: &LinkToken,
        browser: Browser,
    ) -> Response<Body> {
        let state = StateSecret::of_link(&token.secret, &request.request_id, &browser.id);
        let state = format!("{}.{}", request.request_id, state.expose());
        tracing::info!(
            request.id = %request.request_id,
            link.id = %token.link_id,
            application.id = %request.application_id,
            "Browser of request {} sent to Amazon with link {}",
            request.request_id,
            token.link_id
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

    /// Returns whether a page of this site posted the form. Otherwise another site could make a visitor open a link without
    /// seeing the account that it names. Browsers send the origin of a form. A request without it is not from a browser.
    fn is_our_own_form(&self, headers: &HeaderMap) -> bool {
        let said = |name| headers.get_all(name).iter().collect::<Vec<_>>();
        match (said("sec-fetch-site").as_slice(), said("origin").as_slice()) {
            // A page under "no-referrer" sends "null" as its origin, and so does a sandboxed frame.
            ([site], [origin]) => {
                *site == "same-origin" && (*origin == "null" || *origin == self.site.origin())
            }
            ([site], []) => *site == "same-origin",
            ([], [origin]) => *origin == self.site.origin(),
            ([], []) => true,
            _ => false,
        }
    }
}

/// Returns the body of a form, still encoded.
fn form(request: &Request) -> Result<&str, Stop> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Stop::Say(Message::BadLink));
    }
    str::from_utf8(request.body().as_ref()).map_err(|_| Stop::Say(Message::BadLink))
}
