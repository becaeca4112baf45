//! Begins any authorization workflow and sends the browser on to Amazon.
//!
//! `GET /login` is the Login URI: Amazon opens it for the Appstore, for re-authorization, and as the second leg of the
//! website workflow, and it serves all three alike (F§1.2). `/authorize` begins the website workflow, directly or with an
//! integrator's link. `GET /login/continue` continues the journey of a partner who has signed in at the integrator.

mod again;
mod arrival;
mod authorize;
mod callback_target;
mod first_leg;
mod form;
mod link;
mod login;
mod sign_in;
mod stop;

#[cfg(any(test, fuzzing))]
pub use self::callback_target::check_any_bytes;

use std::sync::Arc;

use jiff::Timestamp;
use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{Method, header},
};
use shared::{
    amazon::Amazon,
    application::{Application, ApplicationStore},
    aws::{Aws, AwsError, transaction::Transactions},
    browser::{
        cookie::{Browser, BrowserCookie},
        origin_secret::OriginSecrets,
        page::{Language, Message, help, no_icon, redirect, robots},
        query::Query,
        reference::Reference,
        stopped::Stopped,
        without_slash,
    },
    env::{Env, Unset},
    grant::renewal_links::direct_authorize,
    ids::ApplicationId,
    journey::{
        link_store::AuthorizationLinkStore, request::AuthorizationRequest,
        request_store::AuthorizationRequestStore,
    },
    site_origin::SiteOrigin,
};

use crate::{link::Key, stop::Stop};

/// The dependencies of the function.
#[derive(Debug)]
pub struct LoginUri {
    applications: ApplicationStore,
    links: AuthorizationLinkStore,
    requests: AuthorizationRequestStore,
    amazon: Amazon,
    site: SiteOrigin,
    cookie: BrowserCookie,
    origin_secrets: OriginSecrets,
    direct_authorize: bool,
    transactions: Transactions,
}

impl LoginUri {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_LINKS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `DIRECT_AUTHORIZE` (`on`,
    /// the default, or `off`), and what [`SiteOrigin`], [`OriginSecrets`] and [`Amazon`] read.
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
            origin_secrets: OriginSecrets::from_env(env)?,
            direct_authorize: direct_authorize(env)?,
        })
    }

    /// Answers one request of a browser.
    pub async fn handle(&self, request: &Request, now: Timestamp) -> Response<Body> {
        if let Some(refusal) = self.origin_secrets.refusal(request, now) {
            return refusal;
        }
        let (query, headers) = (request.uri().query().unwrap_or_default(), request.headers());
        let path = request.raw_http_path();
        let arrival = if without_slash(path) == "/login" { arrival::unpacked(query) } else { None };
        let query = arrival.as_deref().unwrap_or(query);
        let answer = match (request.method(), without_slash(path)) {
            (&Method::GET, "/login") => self.login(query, headers, now).await,
            (&Method::GET, "/login/continue") => self.signed_in(query, headers, now).await,
            (&Method::GET | &Method::HEAD, "/authorize") => self.begin(query, request, now).await,
            (&Method::POST, "/authorize") => self.open_link(request, now).await,
            (&Method::GET | &Method::HEAD, "/help") => {
                Ok(help(headers, Language::asked_for(&Query::parse(query))))
            }
            (&Method::GET | &Method::HEAD, "/favicon.ico") => Ok(no_icon()),
            (&Method::GET | &Method::HEAD, "/robots.txt") => Ok(robots()),
            _ => Err(Stop::Say(Message::NotFound)),
        };
        let mut response = match answer {
            Ok(response) => response,
            Err(stop) => {
                // The parameters of a form are in its body.
                let form = str::from_utf8(request.body().as_ref()).unwrap_or_default();
                let journey = Stopped::with_query(if form.is_empty() { query } else { form }, now);
                let application = if stop.is_nameless() { self.named(&journey, now).await } else { None };
                stop.response(headers, journey, application.as_deref())
            }
        };
        // The pages after Amazon's know the choice from the cookie. An answer that may be stored is for all browsers. A link to `/help`
        // names the language of the page that it is on, which need not be the partner's choice.
        let is_stored = response.headers().get(header::CACHE_CONTROL).is_none_or(|value| value != "no-store");
        let is_choice = !is_stored && without_slash(path) != "/help";
        if let Some(language) = Language::asked_for(&Query::parse(query)).filter(|_| is_choice) {
            response.headers_mut().append(header::SET_COOKIE, self.cookie.language(language.tag()));
        }
        if request.method() == Method::HEAD {
            *response.body_mut() = Body::Empty;
        }
        response
    }

    /// Shows the page of the link, if the query has one or names a journey that is to begin again. Otherwise redirects to Amazon
    /// immediately.
    async fn begin(&self, query: &str, request: &Request, now: Timestamp) -> Result<Response<Body>, Stop> {
        let query = Query::parse(query);
        if query.has("link") {
            let token = query.required("link")?;
            self.show_link(Key::Link(token), Language::asked_for(&query), request.headers(), now).await
        } else if query.has("again") {
            let journey = query.required("again")?;
            self.again(journey, query.has("without"), Language::asked_for(&query), request, now).await
        } else if request.method() == Method::GET {
            self.authorize(&query, request.headers(), now).await
        } else {
            Err(Stop::Say(Message::NotFound))
        }
    }

    /// Returns the application that a page is about: the one that the browser's request names, else the only one that is registered.
    async fn named(&self, journey: &Stopped, now: Timestamp) -> Option<Arc<Application>> {
        let id = match &journey.application {
            Some(id) => id.clone(),
            None => self.applications.only(now).await.ok()?,
        };
        self.applications.find(&id, now).await.ok()?
    }

    async fn registered(&self, id: &ApplicationId, now: Timestamp) -> Result<Arc<Application>, Stop> {
        self.applications.find(id, now).await?.ok_or(Stop::Say(Message::UnknownApplication))
    }

    /// Returns whether a browser may be sent to this return URL in the end. It is asked of the registry and not of memory, so that a
    /// link works as soon as its URL is registered, and a partner consents to nothing that would lead nowhere.
    async fn leads_back(&self, url: Option<&str>, application: &Application) -> Result<bool, AwsError> {
        let Some(url) = url else {
            return Ok(true);
        };
        let current = self.applications.current(&application.application_id).await?;
        Ok(current.is_some_and(|application| application.leads_back_to(url)))
    }

    /// Redirects the browser to `location`, and adds the request to its cookie.
    fn send_on(&self, location: &str, request: AuthorizationRequest, browser: Browser) -> Response<Body> {
        tracing::info!(
            request.id = %request.request_id,
            reference = Reference::of(request.request_id.as_str(), request.created_at).as_str(),
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
