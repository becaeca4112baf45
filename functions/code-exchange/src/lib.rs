//! Handles the browser that returns from Amazon: redeems the `state`, exchanges the code, verifies and saves the grant.
//!
//! A code is valid once, and for five minutes. So after Amazon has accepted it, transient errors are retried for as long as
//! the function may run.

mod budget;
mod callback;
mod ending;
mod exchange;
mod refused;
mod save;
mod sends;
mod stop;
mod verify;

use std::time::Duration;

use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{HeaderMap, Method},
};
use shared::{
    access_token::schedule::KeepWarm,
    amazon::{Amazon, http::HttpClient, lwa::Lwa, sp_api::SpApi},
    application::{Application, ApplicationStore},
    aws::{Aws, metrics::Metrics, sealing::Sealer, transaction::Transactions},
    browser::{
        cookie::BrowserCookie, integrator_url::registered, origin_secret::OriginSecrets, page::Message,
        stopped::Stopped, without_slash,
    },
    client_secret::credential_store::CredentialStore,
    deadline::{Clock, retry_until},
    env::{Env, Unset},
    grant::{renewal_links::direct_authorize, store::GrantStore},
    grant_change::GrantChanges,
    journey::{
        request::{NotRedeemed, Outcome, Progress},
        request_store::{AuthorizationRequestStore, Redeemed, Refused},
    },
    secret::{BrowserId, random_word},
    site_origin::SiteOrigin,
};

use crate::{
    budget::Budget,
    callback::Callback,
    ending::{Ended, Ending, again},
    refused::failed,
    stop::Stop,
};

/// How long a failing call to DynamoDB is retried before the exchange. After that the browser is asked to reload, and
/// nothing is lost.
const REDEEM_WITHIN: Duration = Duration::from_secs(8);

/// How long after the request came a failing exchange, or a step before it, is retried. The browser should get an answer before
/// the gateway's time-out of 30 s, and can reload with the same code.
const EXCHANGE_WITHIN: Duration = Duration::from_secs(16);

/// How long after the request came the verification ends, so that saving and the page still fit into those 30 s. An unverified
/// grant works too, and is verified later.
const VERIFIED_WITHIN: Duration = Duration::from_secs(26);

/// The time that is reserved for saving, once Amazon has issued a refresh token.
const SAVING_TAKES: Duration = Duration::from_secs(30);

/// The dependencies of the function.
#[derive(Debug)]
pub struct CodeExchange {
    amazon: Amazon,
    applications: ApplicationStore,
    budget: Budget,
    changes: GrantChanges,
    cookie: BrowserCookie,
    credentials: CredentialStore,
    direct_authorize: bool,
    grants: GrantStore,
    keep_warm: KeepWarm,
    lwa: Lwa,
    metrics: Metrics,
    origin_secrets: OriginSecrets,
    requests: AuthorizationRequestStore,
    sealer: Sealer,
    sp_api: SpApi,
    tokens_table: String,
    transactions: Transactions,
}

/// The time that is reserved for ending a journey whose refresh token could not be saved.
const ENDING_TAKES: Duration = Duration::from_secs(3);

impl CodeExchange {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `GRANTS_TABLE`, `ACCESS_TOKENS_TABLE`,
    /// `HISTORY_TABLE`, `SEALING_KEY_ID`, `PREFIX`, `KEEP_WARM`, `DIRECT_AUTHORIZE`, `REFUSED_CODES_PER_MINUTE`, and what
    /// [`SiteOrigin`], [`OriginSecrets`] and [`Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let amazon = Amazon::from_env(env)?;
        let http = HttpClient::new(&amazon);
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        Ok(Self {
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            budget: env.optional_parsed("REFUSED_CODES_PER_MINUTE")?.unwrap_or_default(),
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            grants,
            cookie: BrowserCookie::of_site(SiteOrigin::from_env(env)?.origin()),
            credentials: CredentialStore::new(aws.secrets_manager(), env.stack_name()?),
            direct_authorize: direct_authorize(env)?,
            keep_warm: env.optional_parsed("KEEP_WARM")?.unwrap_or(KeepWarm::Demand),
            lwa: Lwa::new(&amazon, http.clone(), aws.metrics().clone()),
            metrics: aws.metrics().clone(),
            origin_secrets: OriginSecrets::from_env(env)?,
            requests: AuthorizationRequestStore::new(
                dynamodb.clone(),
                table("AUTHORIZATION_REQUESTS_TABLE")?,
            ),
            sealer: Sealer::new(aws.kms(), env.required("SEALING_KEY_ID")?.to_owned()).only_sealing(),
            sp_api: SpApi::new(&amazon, http),
            tokens_table: table("ACCESS_TOKENS_TABLE")?,
            transactions: Transactions::new(dynamodb),
            amazon,
        })
    }

    /// Answers one request of a browser.
    pub async fn handle(&self, request: &Request, clock: Clock) -> Response<Body> {
        if let Some(refusal) = self.origin_secrets.refusal(request, clock.began()) {
            return refusal;
        }
        let headers = request.headers();
        let path = without_slash(request.raw_http_path());
        let query = request.uri().query().unwrap_or_default();
        if (request.method(), path) != (&Method::GET, "/callback") {
            let journey = Stopped::with_query(query, clock.began());
            return self.stopped(Message::NotFound, headers, journey, Vec::new(), clock).await;
        }
        let callback = match Callback::parse(query) {
            Ok(callback) => callback,
            Err(reason) => return self.no_callback(reason, query, headers, clock).await,
        };
        let Some(browser) = self.cookie.read(headers) else {
            let journey = Stopped::with_query(query, clock.began());
            let journey = journey.because("the browser has no cookie of this site");
            return self.page_with_way_on(Message::OtherBrowser, headers, journey, clock).await;
        };
        let presented = callback.presented(&browser.id);
        let attempt = random_word();
        let redeem = || self.requests.redeem(&callback.state.request_id, &presented, &attempt, clock.began());
        match retry_until(clock.by(REDEEM_WITHIN), redeem).await {
            Ok(Ok(redeemed)) => self.complete(&callback, redeemed, &browser.id, headers, clock).await,
            Ok(Err(Refused {
                reason: NotRedeemed::Finished { outcome, application_id, return_url },
                request,
            })) => {
                let return_url = return_url.as_deref();
                let application = self.application(&application_id, return_url, clock).await.ok().flatten();
                let connection = match (&request, &application) {
                    (Some(request), Some(application)) if outcome == Outcome::Authorized => {
                        self.connection(request, application, &callback).await
                    }
                    _ => None,
                };
                let ending = Ending {
                    application: application.as_deref(),
                    callback: &callback,
                    return_url,
                    browser: &browser.id,
                    again: request.as_ref().and_then(|request| {
                        again(request, true, application.as_deref(), self.direct_authorize)
                    }),
                    label: request.as_ref().and_then(|request| request.label.as_ref()),
                    language: request.as_ref().and_then(|request| request.language.as_ref()),
                    reference: Stopped::with_query(query, clock.began()).reference(),
                };
                ending.response(&Ended { outcome, connection }, headers)
            }
            Ok(Err(Refused { reason, request })) => {
                let journey = Stopped::with_query(query, clock.began());
                let Some(request) = request else {
                    return self.unknown_state(headers, journey, clock).await;
                };
                self.not_redeemed(&reason, &request, headers, journey, clock).await
            }
            Err(error) => failed(&error, headers, &Stopped::with_query(query, clock.began())),
        }
    }

    async fn complete(
        &self,
        callback: &Callback,
        redeemed: Redeemed,
        browser: &BrowserId,
        headers: &HeaderMap,
        clock: Clock,
    ) -> Response<Body> {
        let request = &redeemed.request;
        let partner = Some(callback.partner.clone());
        let journey = Stopped { partner, ..Stopped::unknown(clock.began()) }.on(request);
        let return_url = request.return_url.as_deref();
        let find = || self.application(&request.application_id, return_url, clock);
        let found = retry_until(clock.by(EXCHANGE_WITHIN), find).await;
        let application = match found {
            Ok(Some(application)) => application,
            Ok(None) => {
                // The application was removed after the journey began. Nothing is exchanged.
                let finish = self.requests.finish(&redeemed, Outcome::ApplicationRefused, clock.began());
                self.end(&redeemed, finish, clock.deadline()).await;
                let journey = journey.because("the application is no longer registered");
                return self.stopped(Message::ApplicationRefused, headers, journey, Vec::new(), clock).await;
            }
            Err(error) => return failed(&error, headers, &journey),
        };
        let ending = Ending {
            application: Some(&application),
            callback,
            return_url,
            browser,
            again: again(request, true, Some(&application), self.direct_authorize),
            label: request.label.as_ref(),
            language: request.language.as_ref(),
            reference: journey.reference(),
        };
        match self.authorize(callback, &redeemed, &application, browser, clock).await {
            Ok(ended) => ending.response(&ended, headers),
            Err(stop) => self.stop(stop, &redeemed, (&ending, journey), headers, clock).await,
        }
    }

    /// Exchanges the code, verifies the partner and saves the grant. A link is valid for one partner: if its first leg came
    /// back with another one, the second leg exchanges nothing.
    async fn authorize(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        application: &Application,
        browser: &BrowserId,
        clock: Clock,
    ) -> Result<Ended, Stop> {
        let request = &redeemed.request;
        if let (Some(first), Some(_)) = (&request.continues, &request.link_id) {
            let first = retry_until(clock.by(EXCHANGE_WITHIN), || self.requests.find(first)).await?;
            if first.as_ref().is_some_and(Progress::is_superseded) {
                let reason = "the link has opened another journey since";
                return Err(Stop::BreakOff(Message::Interrupted, reason));
            }
            let before = first.as_ref().and_then(Progress::came_back_with);
            if before.is_some_and(|partner| *partner != callback.partner) {
                let reason = "the first leg of its link came back with another partner";
                return Err(Stop::BreakOff(Message::Interrupted, reason));
            }
        }
        if request.return_url.is_some() && registered(request.return_url.as_deref(), application).is_none() {
            // Without its return URL, the grant would have no account.
            let reason = "the return URL of the link is no longer registered";
            return Err(Stop::BreakOff(Message::LinkExpired, reason));
        }
        let exchanged = self.exchange_within_budget(callback, redeemed, clock).await?;
        let verifying = clock.less(SAVING_TAKES).by(VERIFIED_WITHIN);
        let saving = clock.less(ENDING_TAKES);
        let verified =
            self.verify(exchanged.access_token.as_ref(), &redeemed.request, application, verifying).await;
        let saved = self.save(callback, redeemed, browser, (exchanged, verified), saving);
        match saving.deadline().limiting(saved).await {
            Err(Stop::Later(error)) => Err(Stop::Lost(error)),
            answer => answer,
        }
    }
}
