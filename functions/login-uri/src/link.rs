//! `/authorize?link=`: the page that says what a link is about, and the button that opens it.
//!
//! Looking at a link consumes nothing: mail scanners and link previews look at every link there is.

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

/// How often a link that others are using at the same moment is looked at.
const LOOKS: u32 = 5;

/// A link, and what it comes to for this browser.
struct Opened {
    link: AuthorizationLink,
    /// The request that this browser has already opened with it.
    request: Option<AuthorizationRequest>,
}

impl LoginUri {
    /// Says what the link is about.
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
        // So that the button, pressed twice, is pressed by one browser.
        if browser.is_none() {
            response.headers_mut().insert(header::SET_COOKIE, self.cookie.offer());
        }
        Ok(response)
    }

    /// Uses the link up and sends the browser on to Amazon.
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
            // The table may have been corrected since the link was made; nobody is sent to a host that is not in it.
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
                // Somebody else was at it: look what the link has become.
                Commit::Changed | Commit::Refused(_) => {}
            }
        }
        Err(Stop::Say(Message::Unavailable))
    }

    /// The link, if it may be opened, or was opened by this browser, which has not gone further than to Amazon.
    async fn look(
        &self,
        token: &LinkToken,
        browser: Option<&Browser>,
        now: Timestamp,
    ) -> Result<Opened, Stop> {
        let standing = self.links.find(&token.link_id).await?;
        let standing = standing.ok_or(Stop::Say(Message::BadLink))?;
        match standing.opened_with(&token.secret, now) {
            Ok(link) => Ok(Opened { link: link.clone(), request: None }),
            Err(NotOpened::Used(id)) => {
                let request = match browser {
                    Some(browser) => self.requests.still_open(&id, &browser.id, now).await?,
                    None => None,
                };
                match request {
                    Some(request) => Ok(Opened { link: standing.into_link(), request: Some(request) }),
                    None => Err(Stop::Say(Message::LinkUsed)),
                }
            }
            Err(reason) => Err(Stop::Say(reason.into())),
        }
    }

    /// The same place and the same state, however often the button is pressed.
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

    /// Whether a form was posted by a page of ours. Otherwise another site could have a visitor open a link of its own
    /// choosing without ever seeing for which account. Browsers say where a form comes from; what says nothing is none.
    fn is_our_own_form(&self, headers: &HeaderMap) -> bool {
        let said = |name| headers.get_all(name).iter().collect::<Vec<_>>();
        match (said("sec-fetch-site").as_slice(), said("origin").as_slice()) {
            // "null" is what a page under "no-referrer" says of itself, and a frame in a sandbox too.
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

/// The body of a form, still encoded.
fn form(request: &Request) -> Result<&str, Stop> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Stop::Say(Message::BadLink));
    }
    str::from_utf8(request.body().as_ref()).map_err(|_| Stop::Say(Message::BadLink))
}
