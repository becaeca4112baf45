//! Begins any authorization workflow and sends the browser on to Amazon.
//!
//! `GET /login` is the Login URI: Amazon opens it for the Appstore, for re-authorization, and as the second leg of the
//! website workflow, and it serves all three alike (F§1.2). `/authorize` begins the website workflow, directly or with an
//! integrator's link. `GET /login/continue` continues the journey of a partner who has signed in at the integrator.

mod authorize;
mod callback_target;
mod link;
mod login;
mod sign_in;

use std::sync::Arc;

use jiff::Timestamp;
use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{HeaderMap, Method, header},
};
use shared::{
    amazon::Amazon,
    application::{Application, ApplicationStore},
    aws::{Aws, AwsError, transaction::Transactions},
    browser::{
        cookie::{Browser, BrowserCookie},
        page::{Message, Page, redirect},
        query::{MalformedQuery, Query},
        stopped::Stopped,
    },
    deadline::Transient,
    env::{Env, Unset},
    grant::renewal_links::direct_authorize,
    ids::ApplicationId,
    journey::{
        link_store::AuthorizationLinkStore, request::AuthorizationRequest,
        request_store::AuthorizationRequestStore,
    },
    site_origin::SiteOrigin,
};

/// The dependencies of the function.
#[derive(Debug)]
pub struct LoginUri {
    applications: ApplicationStore,
    links: AuthorizationLinkStore,
    requests: AuthorizationRequestStore,
    amazon: Amazon,
    site: SiteOrigin,
    cookie: BrowserCookie,
    direct_authorize: bool,
    transactions: Transactions,
}

/// Why the browser is not redirected.
#[derive(Debug)]
enum Stop {
    /// The browser gets a page with this message.
    Say(Message),
    /// A call to AWS failed.
    Aws(AwsError),
}

impl LoginUri {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_LINKS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `DIRECT_AUTHORIZE` (`on`,
    /// the default, or `off`), and what [`SiteOrigin`] and [`Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let site = SiteOrigin::from_env(env)?;
        Ok(Self {
            applications: ApplicationStore::new(
                dynamodb.clone(),
                env.required("APPLICATIONS_TABLE")?.to_owned(),
            ),
            links: AuthorizationLinkStore::new(
                dynamodb.clone(),
                env.required("AUTHORIZATION_LINKS_TABLE")?.to_owned(),
            ),
            transactions: Transactions::new(dynamodb.clone()),
            requests: AuthorizationRequestStore::new(
                dynamodb,
                env.required("AUTHORIZATION_REQUESTS_TABLE")?.to_owned(),
            ),
            amazon: Amazon::from_env(env)?,
            cookie: BrowserCookie::of_site(site.origin()),
            site,
            direct_authorize: direct_authorize(env)?,
        })
    }

    /// Answers one request of a browser.
    pub async fn handle(&self, request: &Request, now: Timestamp) -> Response<Body> {
        let (query, headers) = (request.uri().query().unwrap_or_default(), request.headers());
        let answer = match (request.method(), request.raw_http_path()) {
            (&Method::GET, "/login") => self.login(query, headers, now).await,
            (&Method::GET, "/login/continue") => self.signed_in(query, headers, now).await,
            (&Method::GET | &Method::HEAD, "/authorize") => self.begin(query, request, now).await,
            (&Method::POST, "/authorize") => self.open_link(request, now).await,
            _ => Err(Stop::Say(Message::NotFound)),
        };
        let mut response = answer.unwrap_or_else(|stop| stop.response(headers, &Stopped::with_query(query)));
        if request.method() == Method::HEAD {
            *response.body_mut() = Body::Empty;
        }
        response
    }

    /// Shows the page of the link, if the query has one. Otherwise redirects to Amazon immediately.
    async fn begin(&self, query: &str, request: &Request, now: Timestamp) -> Result<Response<Body>, Stop> {
        let query = Query::parse(query)?;
        if query.has("link") {
            self.show_link(&query, request.headers(), now).await
        } else if request.method() == Method::GET {
            self.authorize(&query, request.headers(), now).await
        } else {
            Err(Stop::Say(Message::NotFound))
        }
    }

    async fn registered(&self, id: &ApplicationId, now: Timestamp) -> Result<Arc<Application>, Stop> {
        self.applications.find(id, now).await?.ok_or(Stop::Say(Message::UnknownApplication))
    }

    /// Redirects the browser to `location`, and adds the request to its cookie.
    fn send_on(&self, location: &str, request: AuthorizationRequest, browser: Browser) -> Response<Body> {
        tracing::info!(
            request.id = %request.request_id,
            application.id = %request.application_id,
            workflow = ?request.workflow,
            "Browser of request {} sent to Amazon",
            request.request_id
        );
        let mut response = redirect(location);
        let cookie = self.cookie.write(&browser.opening(request.request_id));
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        response
    }
}

impl Stop {
    fn response(self, headers: &HeaderMap, journey: &Stopped) -> Response<Body> {
        match self {
            Self::Say(message) => {
                journey.log(message);
                Page::new(message, headers).response()
            }
            Self::Aws(error) => {
                journey.log_failure(&error);
                let message = if error.is_transient() { Message::Unavailable } else { Message::Internal };
                Page::new(message, headers).response()
            }
        }
    }
}

impl From<AwsError> for Stop {
    fn from(error: AwsError) -> Self {
        Self::Aws(error)
    }
}

impl From<MalformedQuery> for Stop {
    fn from(unreadable: MalformedQuery) -> Self {
        Self::Say(unreadable.into())
    }
}

/// Returns the parameter, decoded and parsed. If it is missing or malformed, the browser gets a page that says so.
fn required<T: std::str::FromStr>(query: &Query<'_>, name: &str) -> Result<T, Stop> {
    optional(query, name)?.ok_or(Stop::Say(Message::BadLink))
}

/// Like [`required`], but returns `None` if the parameter is missing.
fn optional<T: std::str::FromStr>(query: &Query<'_>, name: &str) -> Result<Option<T>, Stop> {
    let Some(value) = query.find(name) else {
        return Ok(None);
    };
    value.decoded()?.parse().map(Some).map_err(|_| Stop::Say(Message::BadLink))
}
