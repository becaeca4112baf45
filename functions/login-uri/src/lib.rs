//! Begins any authorization workflow and sends the browser on to Amazon.
//!
//! `GET /login` is the Login URI: Amazon opens it for the Appstore, for re-authorization, and as the second leg of the
//! website workflow, and it serves all three alike (F§1.2). `GET /authorize` begins the website workflow.

mod authorize;
mod callback_target;
mod login;

use jiff::Timestamp;
use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{HeaderMap, Method, header},
};
use shared::{
    amazon::Amazon,
    application::ApplicationStore,
    authorization_request::AuthorizationRequest,
    authorization_request_store::AuthorizationRequestStore,
    aws::{Aws, AwsError},
    cookie::{Browser, BrowserCookie},
    deadline::Transient,
    env::{Env, Unset},
    page::{Message, Page, redirect},
    query::{Query, Unreadable},
    site::Site,
};

/// What the function may touch.
#[derive(Debug)]
pub struct LoginUri {
    applications: ApplicationStore,
    requests: AuthorizationRequestStore,
    amazon: Amazon,
    site: Site,
    cookie: BrowserCookie,
    direct_authorize: bool,
}

/// Why the browser is not sent on.
#[derive(Debug)]
enum Stop {
    /// It gets a page that says so.
    Say(Message),
    /// AWS failed.
    Aws(AwsError),
}

impl LoginUri {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `DIRECT_AUTHORIZE` (`on`, the default, or `off`),
    /// and what [`Site`] and [`Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let site = Site::from_env(env)?;
        Ok(Self {
            applications: ApplicationStore::new(
                dynamodb.clone(),
                env.required("APPLICATIONS_TABLE")?.to_owned(),
            ),
            requests: AuthorizationRequestStore::new(
                dynamodb,
                env.required("AUTHORIZATION_REQUESTS_TABLE")?.to_owned(),
            ),
            amazon: Amazon::from_env(env)?,
            cookie: BrowserCookie::of_site(site.origin()),
            site,
            direct_authorize: match env.optional("DIRECT_AUTHORIZE") {
                None | Some("on") => true,
                Some("off") => false,
                Some(_) => return Err(Unset::malformed("DIRECT_AUTHORIZE", "on or off")),
            },
        })
    }

    /// Answers one request of a browser.
    pub async fn handle(&self, request: &Request, now: Timestamp) -> Response<Body> {
        let query = request.uri().query().unwrap_or_default();
        let answer = match (request.method(), request.raw_http_path()) {
            (&Method::GET, "/login") => self.login(query, request.headers(), now).await,
            (&Method::GET, "/authorize") => self.authorize(query, request.headers(), now).await,
            _ => Err(Stop::Say(Message::NotFound)),
        };
        answer.unwrap_or_else(|stop| stop.response(request.headers()))
    }

    /// Stores the journey, and gives the browser its cookie on the way to `location`, which takes the new state.
    async fn send_on(
        &self,
        request: AuthorizationRequest,
        browser: Option<Browser>,
        location: impl FnOnce(&str) -> String,
    ) -> Result<Response<Body>, Stop> {
        let browser = browser.unwrap_or_else(Browser::unknown);
        let state = self.requests.issue(&request, &browser.id).await?;
        tracing::info!(
            request.id = %request.request_id,
            application.id = %request.application_id,
            workflow = ?request.workflow,
            "Sent a browser on to Amazon"
        );
        let mut response = redirect(&location(&state.expose()));
        let cookie = self.cookie.write(&browser.opening(request.request_id));
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }
}

impl Stop {
    fn response(self, headers: &HeaderMap) -> Response<Body> {
        match self {
            Self::Say(message) => {
                tracing::info!(code = message.support_code(), "Stopped a browser");
                Page::new(message, headers).response()
            }
            Self::Aws(error) => {
                tracing::error!(cause = %error, "Could not begin an authorization");
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

impl From<Unreadable> for Stop {
    fn from(unreadable: Unreadable) -> Self {
        Self::Say(unreadable.into())
    }
}

/// The parameter, decoded and parsed; a page if it is missing or not what it should be.
fn required<T: std::str::FromStr>(query: &Query<'_>, name: &str) -> Result<T, Stop> {
    optional(query, name)?.ok_or(Stop::Say(Message::BadLink))
}

/// The parameter likewise, if it is there.
fn optional<T: std::str::FromStr>(query: &Query<'_>, name: &str) -> Result<Option<T>, Stop> {
    let Some(value) = query.find(name) else {
        return Ok(None);
    };
    value.decoded()?.parse().map(Some).map_err(|_| Stop::Say(Message::BadLink))
}
